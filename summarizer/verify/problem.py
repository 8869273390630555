"""What does not hold in a brief, and how it is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeVar

from summarizer.data import Evidence, Record, Side, Span

_Item = TypeVar("_Item")
SHOWN = 80  # characters of a quote in a message


class Problem(Record):
    """Something that does not hold; `where` is its place in the brief, "story 1, fact 2"."""

    where: str
    message: str


def numbered(noun: str, items: Iterable[_Item]) -> Iterator[tuple[str, _Item]]:
    """Yield each item with its place: "fact 1", "fact 2"."""
    for number, item in enumerate(items, start=1):
        yield f"{noun} {number}", item


def repeated(ids: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Yield the ids that stand there more than once, and how often."""
    yield from ((one, count) for one, count in Counter(ids).items() if count > 1)


def short(text: str) -> str:
    """Return `text` as one line in quotation marks, cut where it is long."""
    line = " ".join(text.split())
    return f"“{line if len(line) <= SHOWN else line[: SHOWN - 1] + '…'}”"


def holds(quote: str, text: str) -> bool:
    """Tell whether `text` stands in `quote`, whatever the case and the white space."""
    words = " ".join(text.split()).casefold()
    return bool(words) and words in " ".join(quote.split()).casefold()


def within(inner: Evidence, outer: Evidence) -> bool:
    """Tell whether one quote is a part of another, or the same."""
    return (
        inner.article_id == outer.article_id
        and outer.start <= inner.start
        and inner.end <= outer.end
    )


def quote_faults(evidence: Evidence) -> Iterator[str]:
    """Say what is wrong with the form of a quote whose article is not at hand."""
    if evidence.end - evidence.start != len(evidence.quote):
        yield f"{short(evidence.quote)} is not as long as characters {_place(evidence)}"


def mark_faults(side: Side, *, says: str | None) -> Iterator[str]:
    """Say what is wrong with the mark of a side; `says` is what must stand there, if anything."""
    mark, evidence = side.mark, side.evidence
    if mark is None:
        return
    if not evidence.start <= mark.start < mark.end <= evidence.end:
        yield f"its mark, characters {_place(mark)}, is not inside its quote"
        return
    found = evidence.quote[mark.start - evidence.start : mark.end - evidence.start]
    if says is not None and not (holds(found, says) and holds(says, found)):
        yield f"its mark is {short(found)}, not {short(says)}"


def _place(span: Span | Evidence) -> str:
    return f"{span.start} to {span.end}"
