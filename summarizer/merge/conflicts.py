"""Find facts of different articles that cannot both be right.

Most claims whose numbers differ do not contradict each other (85 of 100 on labelled pairs): they
count other things, at another time, or round. So a conflict needs the same words around the
number, the same names, one number of the unit on either side, and values too far apart for
rounding or for the hedges they carry. What is missed here is still shown: as two facts.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import product
from typing import NamedTuple

from summarizer.data import Conflict, ConflictKind, Fact, Side
from summarizer.merge.claims import Telling, dates_clash, polarity_clash
from summarizer.merge.facts import Comparer, versions_clash
from summarizer.text.dates import DateMention, compatible
from summarizer.text.names import name_matches, names
from summarizer.text.quantities import VAGUE, Quantity, same_quantity
from summarizer.text.words import content_stems, stem, terms

SAME_THING = 0.55  # likeness of the words around two numbers that count one thing
SAME_EVENT = 0.6  # … around two dates of one event
SAME_WORDS = 0.75  # jaccard of two claims of which one denies the other
_ROUNDING = 0.03  # values nearer than this may be one value rounded
_TWO_DIGITS = 0.042  # … of "about 250"
_ONE_DIGIT = 0.2  # … of 1 trillion, or "about 300"
_SURE = 0.6  # likeness of words that outweighs a name of its own on either side
_COUNTED = 100  # smaller counts are often of a part: "two of them", "three more"
_SUBJECT_WITHIN = 12  # characters from the beginning: "The Dali"
_SAME_REPORT_DAYS = 1  # counts move: of articles farther apart, the later one is an update

# Readings of a market or a clock differ from hour to hour, and every reading is right.
_MOVING = frozenset(
    stem(w)
    for w in (
        "share stock index nasdaq dow jones average point yield bond barrel crude close trading "
        "euro yen currency poll shares futures points session intraday"
    ).split()
)
_PRONOUN = re.compile(r"(?:they|it|he|she|this|these|those|that)\b", re.IGNORECASE)
_MOVING_UNITS = frozenset({"clock", "score", "points"})


class Difference(NamedTuple):
    """What differs between two claims: its kind, and the value on either side."""

    kind: ConflictKind
    first: str
    second: str


def find_conflicts(
    comparer: Comparer,
    pairs: Iterable[tuple[int, int]],
    *,
    fact_of: Sequence[Fact],
    published: Sequence[dt.date | None],
) -> list[Conflict]:
    """Return the conflicts among `pairs` of claims, one for two facts, in a stable order.

    `fact_of` gives each claim's fact, `published` each article's date.
    """
    found: dict[tuple[str, str], Conflict] = {}
    told_by = {fact.id: frozenset(fact.article_ids) for fact in fact_of}
    for i, j in pairs:
        a, b = comparer.tellings[i], comparer.tellings[j]
        first, second = fact_of[i], fact_of[j]
        # An article that tells both facts sees no contradiction in them.
        if a.article == b.article or told_by[first.id] & told_by[second.id]:
            continue
        when = published[a.article], published[b.article]
        if (difference := differ(comparer, a, b, when=when)) is not None:
            sides = sorted(
                (
                    _side(first, a, difference.first),
                    _side(second, b, difference.second),
                ),
                key=lambda side: (side.evidence.article_id, side.evidence.start, side.fact_id),
            )
            conflict = Conflict(kind=difference.kind, first=sides[0], second=sides[1])
            key = (min(first.id, second.id), max(first.id, second.id))
            if key not in found or _order(conflict) < _order(found[key]):
                found[key] = conflict
    return sorted(found.values(), key=_order)


def _side(fact: Fact, telling: Telling, value: str) -> Side:
    return Side(fact_id=fact.id, evidence=telling.claim.evidence[0], value=value)


def _order(conflict: Conflict) -> tuple[str, int, str, int, str]:
    first, second = conflict.first.evidence, conflict.second.evidence
    return (
        first.article_id, first.start, second.article_id, second.start, conflict.kind.value,
    )  # fmt: skip


def differ(
    comparer: Comparer, a: Telling, b: Telling, *, when: tuple[dt.date | None, dt.date | None]
) -> Difference | None:
    """Return what keeps two claims about one thing from both being right; None for nothing."""
    if versions_clash(a, b) or a.planned != b.planned:
        return None
    if (told := _said_of_one(a, b, when)) is not None:
        return told
    if a.names - b.names and b.names - a.names and comparer.likeness_of(a.keys, b.keys) < _SURE:
        return None  # each is about someone or somewhere of its own
    return (
        _numbers_differ(comparer, a, b, when)
        or _dates_differ(comparer, a, b)
        or _polarity_differs(comparer, a, b)
    )


def _said_of_one(
    a: Telling, b: Telling, when: tuple[dt.date | None, dt.date | None]
) -> Difference | None:
    """Return the value that the same verb gives the same subject otherwise, whatever else is said.

    "The Dali … was carrying about 4,700 containers" against "The Dali was carrying about 3,700
    containers when it hit the bridge"; "X was launched on 14 July 2023 from …" against 13 July.
    """
    if a.negated != b.negated or not _one_subject(a, b):
        return None
    if not _far_in_time(when) and not (a.keys | b.keys) & _MOVING:
        for x, y in product(a.numbers, b.numbers):
            alike = x.unit == y.unit and x.value >= _COUNTED and y.value >= _COUNTED
            if alike and incompatible(x, y) and _one_verb(a, x.start, b, y.start):
                return Difference(ConflictKind.NUMBER, x.text, y.text)
    for d, e in product(a.dates, b.dates):
        full = d.day and d.month and d.year and e.day and e.month and e.year
        if full and not compatible(d, e) and _one_verb(a, d.start, b, e.start):
            return Difference(ConflictKind.DATE, d.text, e.text)
    return None


def _one_subject(a: Telling, b: Telling) -> bool:
    """Tell whether both begin with the same name."""
    first, second = names(a.text), names(b.text)
    if not first or not second or min(first[0].start, second[0].start) > _SUBJECT_WITHIN:
        return False
    one, other = first[0], second[0]
    return name_matches(one, [other]) and name_matches(other, [one])


def _one_verb(a: Telling, at_a: int, b: Telling, at_b: int) -> bool:
    """Tell whether the same word, no part of a name, stands right before both places."""
    one, other = _word_before(a.text, at_a), _word_before(b.text, at_b)
    return one is not None and one == other


def _word_before(text: str, at: int) -> str | None:
    named = [(name.start, name.end) for name in names(text)]
    before = [
        term.key
        for term in terms(text[:at])
        if not any(start <= term.start < end for start, end in named)
    ]
    return before[-1] if before else None


def _far_in_time(when: tuple[dt.date | None, dt.date | None]) -> bool:
    """Tell whether the later article may just know a later count."""
    return bool(when[0] and when[1] and abs((when[0] - when[1]).days) > _SAME_REPORT_DAYS)


def _numbers_differ(
    comparer: Comparer, a: Telling, b: Telling, when: tuple[dt.date | None, dt.date | None]
) -> Difference | None:
    if polarity_clash(a, b) or (a.keys | b.keys) & _MOVING or dates_clash(a, b):
        return None
    if _PRONOUN.match(a.text) or _PRONOUN.match(b.text):
        return None  # whose number it is, the claim does not say
    if _far_in_time(when):
        return None
    pair = _rival_numbers(a.numbers, b.numbers)
    if pair is None or without_values(comparer, a, b) < SAME_THING:
        return None
    x, y = pair
    return Difference(ConflictKind.NUMBER, x.text, y.text)


def _rival_numbers(
    a: Sequence[Quantity], b: Sequence[Quantity]
) -> tuple[Quantity, Quantity] | None:
    """Return the one number of either side that the other contradicts."""
    left, right = Counter(x.unit for x in a), Counter(y.unit for y in b)
    # Several numbers of a unit on a side: which of them answer each other is a guess.
    rivals = [
        (x, y) for x in a for y in b if left[x.unit] == right[y.unit] == 1 and incompatible(x, y)
    ]
    return rivals[0] if rivals else None


def incompatible(a: Quantity, b: Quantity) -> bool:
    """Tell whether two quantities of one unit cannot both be right, rounding and hedges allowed."""
    if a.ordinal or b.ordinal or a.unit != b.unit or a.unit is None or a.unit in _MOVING_UNITS:
        return False
    if a.high is not None or b.high is not None or VAGUE in (a.hedge, b.hedge):
        return False
    least, most = sorted((abs(a.value), abs(b.value)))
    if same_quantity(a, b) or least == 0:
        return least == 0 < most
    if a.hedge != b.hedge and (_bounds(a, b) or _bounds(b, a)):
        return False
    if any(math.isclose(most / least, scale, rel_tol=1e-6) for scale in (1e3, 1e6, 1e9)):
        return False  # "$5.55 bil": a scale that was not read, rather than another value
    return (most - least) / most > max(_tolerance(a), _tolerance(b))


def _bounds(bound: Quantity, value: Quantity) -> bool:
    """Tell whether "more than 300" or "nearly 300" leaves room for `value`."""
    return (bound.hedge == "more_than" and value.value >= bound.value) or (
        bound.hedge == "less_than" and value.value <= bound.value
    )


def _tolerance(quantity: Quantity) -> float:
    """Return how far off, as a share, the true value may be: more for round numbers."""
    digits = len(f"{abs(quantity.value):.11e}".split("e")[0].replace(".", "").rstrip("0"))
    if quantity.value < 100 and quantity.hedge is None:
        return _ROUNDING  # 20 dead are 20, but $20 billion may be 19.6
    if digits == 1:
        return _ONE_DIGIT
    return _TWO_DIGITS if quantity.hedge is not None and digits == 2 else _ROUNDING


def without_values(comparer: Comparer, a: Telling, b: Telling) -> float:
    """Return the likeness of two claims with all numbers left out."""
    first = a.keys - _value_keys(a)
    second = b.keys - _value_keys(b)
    return comparer.likeness_of(first, second)


def _value_keys(telling: Telling) -> set[str]:
    return {key for number in telling.numbers for key in content_stems(number.text)}


def _dates_differ(comparer: Comparer, a: Telling, b: Telling) -> Difference | None:
    if polarity_clash(a, b) or len(a.dates) != 1 or len(b.dates) != 1:
        return None
    x, y = a.dates[0], b.dates[0]
    if not (_definite(x) and _definite(y)) or compatible(x, y):
        return None
    if not set(a.numbers) and not set(b.numbers) or _numbers_agree(a, b):
        if comparer.likeness_of(a.keys, b.keys) >= SAME_EVENT:
            return Difference(ConflictKind.DATE, x.text, y.text)
    return None


def _definite(date: DateMention) -> bool:
    """Tell whether a date stands by itself: a day or month, or a year alone."""
    return date.relative is None and (date.month is not None or date.year is not None)


def _numbers_agree(a: Telling, b: Telling) -> bool:
    return all(any(same_quantity(x, y) for y in b.numbers) for x in a.numbers)


def _polarity_differs(comparer: Comparer, a: Telling, b: Telling) -> Difference | None:
    if a.negated == b.negated or a.names != b.names or dates_clash(a, b):
        return None
    if not (_numbers_agree(a, b) and _numbers_agree(b, a)):
        return None
    if comparer.overlap(a.index, b.index).jaccard < SAME_WORDS:
        return None
    return Difference(ConflictKind.POLARITY, *("denied" if t.negated else "stated" for t in (a, b)))
