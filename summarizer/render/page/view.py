"""What the templates of the page ask about one brief."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from markupsafe import Markup

from summarizer.data import Brief, ConflictKind, Evidence, Fact, Side, Source, Story
from summarizer.render import phrases
from summarizer.render.escape import clean
from summarizer.render.markdown_story import MAX_TITLE
from summarizer.render.page.days import day, period
from summarizer.render.view import View

_MAX_NAME = 48  # characters of a publisher or title where a source is only named
_MAX_VALUE = 80  # characters of a value that is named outside its quote
_DIFFERENCES = {
    ConflictKind.NUMBER: "a number",
    ConflictKind.DATE: "a date",
    ConflictKind.NAME: "a name",
    ConflictKind.PLACE: "a place",
    ConflictKind.POLARITY: "whether it is so",
}


def cited_on_page(brief: Brief) -> Iterator[Evidence]:
    """Yield every piece of evidence that the page cites, some of it more than once."""
    for story in brief.stories:
        for fact in (*story.facts, *story.left_out):
            yield from fact.citations
            if fact.change and fact.change.after:
                yield fact.change.after.evidence
        for conflict in story.conflicts:
            yield conflict.first.evidence
            yield conflict.second.evidence
        for update in story.updates:
            yield update.earlier.evidence
            yield update.later.evidence
    yield from (one.nearest for one in brief.rejected if one.nearest)


class PageView(View):
    """Citations that open the article beside, names of sources, dates as people write them."""

    # In a tab of its own: a notebook shows the page in a frame, in which most sites cannot be.
    _LINK = '<a href="{}" target="_blank" rel="noopener noreferrer nofollow">{}</a>'

    def __init__(self, brief: Brief) -> None:
        super().__init__(brief, cited_on_page(brief))
        self._names = {source.article_id: self._name(source) for source in brief.sources}

    def _name(self, source: Source) -> str:
        named = (source.publisher, source.title, source.source)
        names = (clean(name or "", limit=_MAX_NAME) for name in named)
        return next((name for name in names if name), f"source {source.number}")

    def name(self, article_id: str) -> str:
        """Return the publisher of an article, else its title, else where it was read."""
        return self._names.get(article_id, "an unknown source")

    def cite(self, evidence: Evidence) -> Markup:
        """Return "2:s4", a link to that quote that the script can open in its article."""
        return self._link(evidence, self.name(evidence.article_id))

    def cite_below(self, evidence: Evidence) -> Markup:
        """Return the same below the title of the source, whose name is not said again."""
        return self._link(evidence, "")

    def _link(self, evidence: Evidence, name: str) -> Markup:
        label = phrases.citation_label(evidence, self.sources)
        source = self.sources.get(evidence.article_id)
        if source is None:
            return Markup('<span class="cite">{}</span>').format(label)
        spoken = f"{label}, {_sentences(evidence.sentence_ids)} of source {source.number}"
        link = Markup(
            '<a class="cite" href="#{}" data-source="{}" data-start="{}" data-end="{}"'
            ' aria-label="{}">{}</a>'
        )
        return link.format(
            self.target(evidence, source),
            source.number,
            evidence.start,
            evidence.end,
            f"{spoken}, {name}" if name else spoken,
            label,
        )

    def full(self, fact: Fact) -> Markup:
        """Return the citations that support the whole wording of a fact."""
        return self._cites(phrases.full_support(fact))

    def lesser(self, fact: Fact) -> Markup:
        """Return the citations of claims that say less, "" for none."""
        return self._cites(phrases.lesser_support(fact))

    def _cites(self, citations: tuple[Evidence, ...]) -> Markup:
        return Markup(" ").join(dict.fromkeys(self.cite(e) for e in citations))

    def standing(self, fact: Fact) -> str:
        """Return "3 sources · 1 origin"."""
        return phrases.standing(fact, self.sources).replace(", ", " · ")

    def story_standing(self, story: Story) -> str:
        """Return "3 sources · 2 origins · 5 to 9 May 2031"."""
        support = phrases.story_support(story).replace(", ", " · ")
        dates = self.dates(story)
        return f"{support} · {dates}" if dates else support

    def dates(self, story: Story) -> str:
        """Return "5 to 9 May 2031", "" where no article has a date."""
        dates = [
            source.published
            for article_id in story.article_ids
            if (source := self.sources.get(article_id)) and source.published
        ]
        return period(min(dates), max(dates)) if dates else ""

    def chip(self, story: Story, fact: Fact) -> str:
        """Return the class of the mark of a fact: what became of it since the earlier brief."""
        if fact.change is not None:
            return fact.change.kind.value
        return "told"

    def disputed(self, number: int, story: Story, fact: Fact) -> str:
        """Return the anchor of the first conflict that a fact of story `number` is in, or ""."""
        for place, conflict in enumerate(story.conflicts, start=1):
            if fact.id in (conflict.first.fact_id, conflict.second.fact_id):
                return f"conflict-{number}-{place}"
        return ""

    def attribution(self, evidence: Evidence) -> str:
        """Return "Velmora Gazette, 6 May 2031"."""
        source = self.sources.get(evidence.article_id)
        name = self.name(evidence.article_id)
        return f"{name}, {day(source.published)}" if source and source.published else name

    def differs_in(self, kind: ConflictKind) -> str:
        """Return what two sources differ about: "a number"."""
        return _DIFFERENCES[kind]

    def value(self, side: Side) -> str:
        """Return what a side says, short enough to be named outside its quote."""
        return clean(side.value, limit=_MAX_VALUE)

    def headline(self, story: Story) -> str:
        """Return the headline of a story; where it has none, so much."""
        return clean(story.headline, limit=MAX_TITLE) or "Untitled"

    def title(self, source: Source) -> str:
        """Return the title of a source; where it has none, so much."""
        return clean(source.title, limit=MAX_TITLE) or "Untitled"

    def day(self, date: dt.date) -> str:
        """Return "6 May 2031"."""
        return day(date)


def _sentences(ids: tuple[int, ...]) -> str:
    numbers = phrases.sentence_label(ids)[1:].replace(",", ", ")
    return f"sentence {numbers}" if len(ids) == 1 else f"sentences {numbers}"
