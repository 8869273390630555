"""What a new version of a sentence says otherwise: the number, date or name put in its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from summarizer.data import ConflictKind
from summarizer.merge.conflicts.differences import Difference
from summarizer.merge.facts.claims import Telling
from summarizer.merge.facts.joining import Comparer
from summarizer.text.dates import DateMention, compatible
from summarizer.text.names import Name, name_matches, names
from summarizer.text.quantities import Quantity, same_quantity
from summarizer.text.words import terms

_Item = TypeVar("_Item")
_SAME_SENTENCE = 0.75  # likeness, values aside, of a sentence and its new version


def revised_value(comparer: Comparer, a: Telling, b: Telling) -> Difference | None:
    """Return the one number, date or name that a new version of a sentence has in place of another.

    Between two articles a nearby number may be the same one rounded, and a name another
    description; in a new version of one sentence it was put there instead.
    """
    found = _other_number(a, b) or _other_date(a, b) or _other_name(a, b)
    if found is None:
        return None
    rest = (a.keys - _keys(found.first), b.keys - _keys(found.second))
    return found if comparer.likeness_of(*rest) >= _SAME_SENTENCE else None


def _keys(value: str) -> frozenset[str]:
    return frozenset(term.key for term in terms(value))


def _other_number(a: Telling, b: Telling) -> Difference | None:
    one, other = _only(_numbers_beyond(a, b)), _only(_numbers_beyond(b, a))
    if one is None or other is None or one.unit != other.unit:
        return None
    return Difference(ConflictKind.NUMBER, one.text, other.text)


def _other_date(a: Telling, b: Telling) -> Difference | None:
    one, other = _only(_dates_beyond(a, b)), _only(_dates_beyond(b, a))
    if one is None or other is None or compatible(one, other):
        return None
    return Difference(ConflictKind.DATE, one.text, other.text)


def _other_name(a: Telling, b: Telling) -> Difference | None:
    first, second = names(a.text), names(b.text)
    one, other = _only(_names_beyond(first, second)), _only(_names_beyond(second, first))
    if one is None or other is None:
        return None
    return Difference(
        ConflictKind.NAME, a.text[one.start : one.end], b.text[other.start : other.end]
    )


def _numbers_beyond(a: Telling, b: Telling) -> list[Quantity]:
    return [x for x in a.numbers if not any(same_quantity(x, y) for y in b.numbers)]


def _dates_beyond(a: Telling, b: Telling) -> list[DateMention]:
    # By their words: a weekday is compatible with most dates.
    return [date for date in a.dates if date.text not in {other.text for other in b.dates}]


def _names_beyond(some: Sequence[Name], others: Sequence[Name]) -> list[Name]:
    return [name for name in some if not name_matches(name, others)]


def _only(items: Sequence[_Item]) -> _Item | None:
    return items[0] if len(items) == 1 else None
