"""Find facts of different articles that cannot both be right, and quantities that moved.

Most claims whose numbers differ do not contradict each other (85 of 100 on labelled pairs): they
count other things, at another time, or round. `verdicts` tells these apart; here the conflicts of
numbers, dates and denials between facts are put together. What is missed is still shown: as two
facts.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from itertools import product
from typing import NamedTuple

from summarizer.data import Conflict, ConflictKind, Fact, Side, Update
from summarizer.merge.conflicts.moments import days_apart, earlier_first
from summarizer.merge.conflicts.polarity import denies, opposed, opposite_words_of
from summarizer.merge.conflicts.sides import make_side
from summarizer.merge.conflicts.values import Fit, dimension, fit
from summarizer.merge.conflicts.verdicts import Relation, Value, Verdict, moved_between, relation
from summarizer.merge.facts.claims import Telling, polarity_clash
from summarizer.merge.facts.joining import Comparer, versions_clash
from summarizer.text.dates import DateMention, compatible
from summarizer.text.names import Name, name_matches
from summarizer.text.quantities import Quantity, same_quantity
from summarizer.text.words import terms

__all__ = [
    "Difference", "Relation", "Value", "Verdict", "differ", "find_differences",
    "relation",
]  # fmt: skip

SAME_EVENT = 0.6  # likeness of the words around two dates of one event
LEAST_ALIKE = 0.2  # likeness of two claims below which nothing is compared
_SURE = 0.6  # likeness of words that outweighs a name of its own on either side
_COUNTED = 100  # smaller counts are often of a part: "two of them", "three more"
_SUBJECT_WITHIN = 12  # characters from the beginning: "The Dali"
_SAME_REPORT_DAYS = 1
_MOST = 40  # numbers of a claim that are compared: a claim is a sentence, not a table
_PAST = re.compile(r"\b(?:did|was|were|had|\w{2,20}ed)\b|\b(?:did|was|were|had)n['’]t\b", re.I)
_Dates = tuple[dt.date | None, dt.date | None]
_CAPTION = re.compile(r"\bfile photo\b", re.I)  # of some day, to go with any news
_DIGIT = re.compile(r"\d")


class Difference(NamedTuple):
    """What differs between two claims: its kind, the value on either side, and whether it moved."""

    kind: ConflictKind
    first: str
    second: str
    moved: bool = False  # both were right in their time


def find_differences(
    comparer: Comparer,
    pairs: Iterable[tuple[int, int]],
    *,
    fact_of: Sequence[Fact],
    published: Sequence[dt.date | None],
) -> tuple[list[Conflict], list[Update]]:
    """Return the conflicts and the updates among `pairs` of claims, each in a stable order.

    `fact_of` gives each claim's fact, `published` each article's date. There is one of either for
    two facts and a kind; facts that one article tells together contradict each other in nothing.
    The sides of a conflict are in the order of their articles' ids, those of an update earlier
    and later; an update whose order nothing tells is left out.
    """
    conflicts: dict[tuple[str, str], Conflict] = {}
    updates: dict[tuple[str, str], Update] = {}
    told_by = {fact.id: frozenset(fact.article_ids) for fact in fact_of}
    for i, j in pairs:
        a, b = comparer.tellings[i], comparer.tellings[j]
        first, second = fact_of[i], fact_of[j]
        if a.article == b.article or told_by[first.id] & told_by[second.id]:
            continue
        when = published[a.article], published[b.article]
        if (found := difference(comparer, a, b, when=when)) is None:
            continue
        key = min(first.id, second.id), max(first.id, second.id)
        sides = make_side(first, a, found.first), make_side(second, b, found.second)
        if not found.moved:
            conflict = _conflict(found.kind, *sides)
            if key not in conflicts or _order(conflict) < _order(conflicts[key]):
                conflicts[key] = conflict
        elif (update := _update(found.kind, sides, earlier_first(a, b, when))) is not None:
            if key not in updates or _update_order(update) < _update_order(updates[key]):
                updates[key] = update
    moved = [update for key, update in updates.items() if key not in conflicts]
    return sorted(conflicts.values(), key=_order), sorted(moved, key=_update_order)


def _place(side: Side) -> tuple[str, int, int, str, str]:
    evidence = side.evidence
    return (
        evidence.article_id, evidence.start, side.mark.start if side.mark else -1, side.value,
        side.fact_id,
    )  # fmt: skip


def _conflict(kind: ConflictKind, one: Side, two: Side) -> Conflict:
    first, second = sorted((one, two), key=_place)
    return Conflict(kind=kind, first=first, second=second)


def _update(kind: ConflictKind, sides: tuple[Side, Side], in_order: bool | None) -> Update | None:
    if in_order is None:
        return None
    earlier, later = sides if in_order else (sides[1], sides[0])
    return Update(kind=kind, earlier=earlier, later=later)


def _order(conflict: Conflict) -> tuple[str, ...]:
    return _sortable(conflict.first, conflict.second, conflict.kind)


def _update_order(update: Update) -> tuple[str, ...]:
    return _sortable(update.earlier, update.later, update.kind)


def _sortable(one: Side, two: Side, kind: ConflictKind) -> tuple[str, ...]:
    parts: list[str] = []
    for side in (one, two):
        article, start, mark, value, fact = _place(side)
        parts += [article, f"{start:012d}", f"{mark + 1:012d}", value, fact]
    return (*parts, kind.value)


def differ(comparer: Comparer, a: Telling, b: Telling, *, when: _Dates) -> Difference | None:
    """Return what keeps two claims about one thing from both being right; None for nothing."""
    found = difference(comparer, a, b, when=when)
    return None if found is None or found.moved else found


def difference(comparer: Comparer, a: Telling, b: Telling, *, when: _Dates) -> Difference | None:
    """Return what two claims about one thing say otherwise, be it wrong or of another time.

    `when` holds the dates of their articles. None where they say the same, or speak of other
    things.
    """
    if not _comparable(a, b) or versions_clash(a, b):
        return None
    said = _said_of_one(a, b, when)
    if said is None and comparer.overlap(a.index, b.index).likeness < LEAST_ALIKE:
        return None
    return (
        said
        or _numbers_differ(comparer, a, b, when)
        or _dates_differ(comparer, a, b)
        or _polarity_differs(comparer, a, b, when)
    )


def _comparable(a: Telling, b: Telling) -> bool:
    """Tell whether there is anything that the two may say otherwise; most pairs have nothing."""
    return bool(a.numbers and b.numbers or a.dates and b.dates) or polarity_clash(a, b)


def _said_of_one(a: Telling, b: Telling, when: _Dates) -> Difference | None:
    """Return the value that the same verb gives the same subject otherwise, whatever else is said.

    "The Lark … was carrying about 4,700 crates" against "The Lark was carrying about 3,700 crates
    when it hit the pier"; "X was launched on 14 July 2031 from …" against 13 July.
    """
    if a.negated != b.negated or a.planned != b.planned or not _one_subject(a, b):
        return None
    for x, y in product(a.numbers[:_MOST], b.numbers[:_MOST]):
        if _rival_counts(x, y) and _one_verb(a, x.start, b, y.start):
            moved = moved_between(a, b, x, y, when)
            if moved is not Verdict.DIFFERENT:
                return Difference(
                    ConflictKind.NUMBER, x.text, y.text, moved=moved is Verdict.UPDATE
                )
    for d, e in product(a.dates[:_MOST], b.dates[:_MOST]):
        if _whole(d) and _whole(e) and not compatible(d, e) and _one_verb(a, d.start, b, e.start):
            return Difference(ConflictKind.DATE, d.text, e.text)
    return None


def _rival_counts(x: Quantity, y: Quantity) -> bool:
    if x.unit != y.unit or x.unit is None or min(x.value, y.value) < _COUNTED:
        return False
    if x.ordinal or y.ordinal or (dimension(x.unit) or ("", 0))[0] in ("clock", "score", "points"):
        return False
    return fit(x, y) is Fit.APART


def _one_subject(a: Telling, b: Telling) -> bool:
    """Tell whether both begin with the same name."""
    one, other = _subject(a), _subject(b)
    if one is None or other is None:
        return False
    return name_matches(one, [other]) and name_matches(other, [one])


def _subject(telling: Telling) -> Name | None:
    found = telling.mentions
    return found[0] if found and found[0].start <= _SUBJECT_WITHIN else None


def _one_verb(a: Telling, at_a: int, b: Telling, at_b: int) -> bool:
    """Tell whether the same word, no part of a name, stands right before both places."""
    one, other = _word_before(a, at_a), _word_before(b, at_b)
    return one is not None and one == other


def _word_before(telling: Telling, at: int) -> str | None:
    named = [(name.start, name.end) for name in telling.mentions]
    before = [
        term.key
        for term in terms(telling.text[:at])
        if not any(start <= term.start < end for start, end in named)
        and not _DIGIT.match(telling.text, term.start)
    ]
    return before[-1] if before else None


def _numbers_differ(comparer: Comparer, a: Telling, b: Telling, when: _Dates) -> Difference | None:
    if a.negated != b.negated or not a.numbers or not b.numbers:
        return None
    found = relation(comparer, a, b, when=when)
    if found.first is None or found.second is None:
        return None
    if found.verdict is Verdict.CONFLICT or found.verdict is Verdict.UPDATE:
        return Difference(
            ConflictKind.NUMBER,
            found.first.text,
            found.second.text,
            moved=found.verdict is Verdict.UPDATE,
        )
    return None


def _dates_differ(comparer: Comparer, a: Telling, b: Telling) -> Difference | None:
    if a.planned != b.planned or polarity_clash(a, b) or not len(a.dates) == len(b.dates) == 1:
        return None
    if _CAPTION.search(a.text) or _CAPTION.search(b.text):
        return None
    x, y = a.dates[0], b.dates[0]
    if not (_definite(x) and _definite(y)) or compatible(x, y):
        return None
    if a.names - b.names and b.names - a.names and comparer.likeness_of(a.keys, b.keys) < _SURE:
        return None  # each is about someone or somewhere of its own
    if not a.numbers and not b.numbers or _numbers_agree(a, b):
        if comparer.likeness_of(a.keys, b.keys) >= SAME_EVENT:
            return Difference(ConflictKind.DATE, x.text, y.text)
    return None


def _whole(date: DateMention) -> bool:
    return bool(date.day and date.month and date.year)


def _definite(date: DateMention) -> bool:
    """Tell whether a date stands by itself: a day, or a year alone; months are of figures."""
    day = date.month is not None and date.day is not None
    return date.relative is None and (day or (date.year is not None and date.month is None))


def _numbers_agree(a: Telling, b: Telling) -> bool:
    return all(any(same_quantity(x, y) for y in b.numbers) for x in a.numbers)


def _polarity_differs(
    comparer: Comparer, a: Telling, b: Telling, when: _Dates
) -> Difference | None:
    if days_apart(when) > _SAME_REPORT_DAYS and not (_PAST.search(a.text) and _PAST.search(b.text)):
        return None  # what is so today may not have been so last week
    if not (denies(comparer, a, b) or opposed(comparer, a, b)):
        return None
    first, second = opposite_words_of(a, b) or ("stated", "stated")
    if a.negated != b.negated:
        first, second = ("denied" if t.negated else "stated" for t in (a, b))
    return Difference(ConflictKind.POLARITY, first, second)
