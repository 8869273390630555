"""What a page shows as quotes and facts, found in its HTML, whichever version wrote it.

Every version marks a quote by `<q><bdi>`, with `<mark>` inside, and a fact by a `<bdi>` of the
class "wording": that is part of the format summarizer.page.v1.
"""

from __future__ import annotations

import html
from collections.abc import Iterator

from summarizer.data import Brief, Evidence
from summarizer.render import clean
from summarizer.render.markdown_story import MAX_QUOTE
from summarizer.render.page.view import cited_on_page
from summarizer.verify.problem import Problem, short

_QUOTE = ("<q><bdi>", "</bdi></q>")
_FACTS = (('<bdi class="wording">', "</bdi>"), ('<bdi class="wording unseen">', "</bdi>"))
_MOST = 20  # problems of each kind that are told


def shown_faults(document: str, brief: Brief) -> Iterator[Problem]:
    """Yield the quotes and facts that `document` shows and `brief` has not, and those it lacks.

    Args:
        document: the HTML of a page.
        brief: that of its data.
    """
    facts = [f for story in brief.stories for f in (*story.facts, *story.left_out)]
    wordings = {_as_shown(fact.text) for fact in facts}
    quotes = {_as_shown(evidence.quote) for evidence in _quotes(brief)}
    # What was said before is not shown where a box of the story says it.
    earlier = {
        _as_shown(f.change.before.evidence.quote) for f in facts if f.change and f.change.before
    }
    for noun, found, due, other in (
        ("quote", set(_between(document, *_QUOTE)), quotes, earlier),
        ("fact", {t for ends in _FACTS for t in _between(document, *ends)}, wordings, set[str]()),
    ):
        for text in sorted(found - due - other)[:_MOST]:
            message = f"the {noun} {short(text)} stands there, and its data has none such"
            yield Problem(where="page", message=message)
        for text in sorted(due - found)[:_MOST]:
            yield Problem(where="page", message=f"the {noun} {short(text)} is not shown")


def _quotes(brief: Brief) -> Iterator[Evidence]:
    yield from cited_on_page(brief)
    for gone in brief.since.gone if brief.since else ():
        yield gone.evidence


def _as_shown(text: str) -> str:
    return clean(text, limit=MAX_QUOTE)


def _between(document: str, opening: str, closing: str) -> Iterator[str]:
    """Yield the texts between two tags, in linear time whatever stands there."""
    start = document.find(opening)
    while start >= 0:
        start += len(opening)
        end = document.find(closing, start)
        if end < 0:
            return
        inner = document[start:end].replace("<mark>", "").replace("</mark>", "")
        yield html.unescape(inner)
        start = document.find(opening, end)
