"""Brief -> one plain HTML page without script: what a mail can carry."""

from __future__ import annotations

from markupsafe import Markup

from summarizer.data import Brief, Evidence, Fact
from summarizer.render import phrases
from summarizer.render.escape import clean
from summarizer.render.fill import fill
from summarizer.render.markdown_story import cited_in
from summarizer.render.view import MAX_PLACE, View

_MAX_LISTED = 30  # rejected claims, articles not read; more are in the JSON


def to_letter(brief: Brief, *, title: str | None = None, home: str = "") -> str:
    """Return `brief` as one self-contained page (HTML 5), newline at the end.

    It tells what to_markdown tells, in the same order. A citation `[2:s4]` leads to the quote
    below its source; the place of a source is a link where it is an http(s) address. Nothing of
    an article becomes markup; control, bidirectional and zero-width characters are left out.

    Args:
        brief: what to show.
        title: of the page; phrases.title_of(brief) when None.
        home: a relative address to link at the top, for a page of a site.
    """
    view = _LetterView(brief, (e for story in brief.stories for e in cited_in(story)))
    return fill(
        "letter/brief.html",
        brief=brief,
        title=clean(title if title is not None else phrases.title_of(brief)) or "Brief",
        home=home,
        view=view,
        max_place=MAX_PLACE,
        max_listed=_MAX_LISTED,
    )


def to_html_entry(brief: Brief) -> str:
    """Return what a feed tells of `brief`: headlines and shown facts, as a piece of HTML."""
    return fill("letter/entry.html", brief=brief)


class _LetterView(View):
    """Citations as Markdown has them, "[2:s4]"."""

    def cite(self, evidence: Evidence) -> Markup:
        """Return "[2:s4]", a link to that quote, or to its source where it is not quoted."""
        label = phrases.citation_label(evidence, self.sources)
        source = self.sources.get(evidence.article_id)
        if source is None:
            return Markup('<span class="cite">[{}]</span>').format(label)
        link = Markup('<a class="cite" href="#{}">[{}]</a>')
        return link.format(self.target(evidence, source), label)

    def support(self, fact: Fact) -> Markup:
        """Return "(2 sources, 1 origin) [1:s1] [2:s1]; less specific: [3:s4]"."""
        full = dict.fromkeys(self.cite(e) for e in phrases.full_support(fact))
        lesser = dict.fromkeys(self.cite(e) for e in phrases.lesser_support(fact))
        apart = [link for link in lesser if link not in full]
        standing = phrases.standing(fact, self.sources)
        line = Markup('<span class="meta">({})</span> {}').format(standing, Markup(" ").join(full))
        if not apart:
            return line
        return Markup("{}; less specific: {}").format(line, Markup(" ").join(apart))
