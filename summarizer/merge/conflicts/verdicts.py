"""What two claims with other numbers are to each other: conflict, update, or no contradiction."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from summarizer.merge.conflicts.counts import Count, counts
from summarizer.merge.conflicts.events import (
    Setting,
    forecast,
    opens_with_pronoun,
    other_holders,
    other_kind,
    other_periods,
    other_terms,
    planned_at,
    results,
    setting,
    shared_out,
    wanted,
    yet_to,
)
from summarizer.merge.conflicts.markets import is_reading, level_of, same_reading
from summarizer.merge.conflicts.moments import (
    counts_since,
    days_apart,
    moved_words,
    moves,
    one_date,
    other_days,
    past_view,
    revises,
    says_moved,
    stands_now,
)
from summarizer.merge.conflicts.values import Fit, adds_up, digits_of, fit, times_apart
from summarizer.merge.facts.claims import Telling, dates_clash
from summarizer.merge.facts.joining import Comparer, versions_clash
from summarizer.text.amounts import Quantity
from summarizer.text.words import opposites


class Verdict(StrEnum):
    """What two claims about numbers are to each other."""

    CONFLICT = "conflict"  # one quantity at one moment, values that cannot both be right
    UPDATE = "update"  # one moving quantity at two moments
    COMPATIBLE = "compatible"  # both can be right: rounding, hedges, a part and its whole
    DIFFERENT = "different"  # other quantities, or other events


class Value(NamedTuple):
    """A value as a claim words it: `text` is the characters `start` to `end` of the claim."""

    text: str
    start: int
    end: int


class Relation(NamedTuple):
    """A verdict and the two values it rests on; None where no values answer each other."""

    verdict: Verdict
    first: Value | None = None
    second: Value | None = None


class Pairing(NamedTuple):
    """Two counts that answer each other, how they fit, and how alike what they count is."""

    first: Count
    second: Count
    fit: Fit
    likeness: float


_DIFFERENT = Relation(Verdict.DIFFERENT)
# Chosen on the labelled pairs, one cluster left out at a time: docs/decisions.md.
SAME_HEADLINE = 0.6  # likeness of two headlines of one event
SURE_HEADLINE = 0.8  # … of which one names somebody or somewhere besides
SAME_EVENT = 0.4  # … of two sentences of one event that share a name
SAME_STORY = 0.3  # … that share two
SAME_UNNAMED = 0.6  # … that share none
SAME_PRONOUN = 0.5  # … that share two, though one opens with a pronoun
SAME_AROUND = 0.8  # likeness of the words around two numbers that outweighs other names
SAME_ANCHORED = 0.5  # … that count one thing alike
SAME_WORDING = 0.7  # … although each names someone of its own
COMMON_NAMES = 0.4  # share of the names of both that they have in common
COMPATIBLE_EVENT = 0.35
LIKE_FIGURE = 0.25  # … of which a figure of several digits is the same
SAME_LOCALLY = 0.15  # likeness of the words around two numbers
_FARTHEST = 8.0  # values farther apart are hardly ever of one thing
_FAR_DAYS = 1  # days between articles from which the later one may know a later count
_OTHER_EVENT_DAYS = 7  # … or speak of another event of the kind
_TELLING_DIGITS = 2  # significant digits of such a figure
_MANY = 10.0  # equal counts from here on are hardly equal by chance
_TELLING = 100.0  # counts from here on are hardly near one another by chance

_TOLD_APART = frozenset({"clock", "score", "points"})  # of other hours, games and moves

_RELATIVE = re.compile(r"\s*(?:percent|per cent|%)?\s*(?:more|less|higher|lower|fewer)\b", re.I)
_CHANGED = re.compile(
    r"\b(?:by|up|down|rose|fell|rise|fall|increased?|decreased?|grew|grow|gained|dropped|declined"
    r"|jumped|surged|climbed|slipped|shrank)\s(?:by\s)?(?:(?:about|nearly|almost|around|some|roughly"
    r"|more than|at least)\s)?$",
    re.I,
)
_MORE = re.compile(r"\b\w+ more\b", re.I)
_COMPOUND = re.compile(r"-[a-z]", re.I)  # a 12-storey house has not 12 of anything else
_MOST_OF_THEM = re.compile(r"\b(?:most|many|some|half|much) of (?:them|whom|which|it)\b", re.I)
_INCREASE = re.compile(r"\s*(?:additional|extra|further|new)\b", re.I)


@lru_cache(maxsize=8192)
def _counts(text: str) -> tuple[Count, ...]:
    return tuple(counts(text))


def relation(
    comparer: Comparer,
    a: Telling,
    b: Telling,
    *,
    when: tuple[dt.date | None, dt.date | None] = (None, None),
) -> Relation:
    """Tell what the numbers of two claims are to each other.

    `when` holds the dates of their articles; values carry their place in the claims' texts.
    """
    of_a, of_b = _counts(a.text), _counts(b.text)
    if not of_a or not of_b or versions_clash(a, b):
        return Relation(Verdict.DIFFERENT)
    if is_reading(a, of_a) and is_reading(b, of_b):
        return _readings(comparer, a, b, when)
    found = setting(comparer, a, b)
    pairs = pairings(comparer, a, b)
    if found.disjoint and _anchored(found, pairs):
        found = replace(found, shared=1, own_a=0, own_b=0)
    if found.rival_people or found.disjoint:
        return _same_figure(found, pairs)
    if _forecast_moved(a, b, pairs) or _count_revised(a, b, pairs):
        return Relation(Verdict.UPDATE)
    rival = next((p for p in pairs if p.fit is Fit.APART and _rivals(a, b, found, p)), None)
    unnamed = pairs if not found.shared else [p for p in pairs if p.first.measure == "%"]
    if rival is not None and (_other_groups(unnamed) or _other_groups(pairs, least=3)):
        return _DIFFERENT
    if rival is not None and not _reconciled(of_a, of_b):
        return _related(_verdict(a, b, (rival.first, rival.second), when), rival)
    return _agreement(a, b, found, pairs)


def _anchored(found: Setting, pairs: Sequence[Pairing]) -> bool:
    """Tell whether a count that both give says that two names are of one: Norby, Mr. N. Orby."""
    return found.likeness >= SAME_ANCHORED and any(
        p.fit is Fit.SAME and p.first.quantity.value >= _MANY and not p.first.measure
        and bool(p.first.things & p.second.things)
        for p in pairs
    )  # fmt: skip


def _forecast_moved(a: Telling, b: Telling, pairs: Sequence[Pairing]) -> bool:
    """Tell "had forecast 60 cents" from "forecasts 25 cents now"."""
    return (
        forecast(a.text)
        and forecast(b.text)
        and past_view(a.text) != past_view(b.text)
        and any(p.fit is Fit.APART and p.likeness >= SAME_LOCALLY for p in pairs)
    )


def _count_revised(a: Telling, b: Telling, pairs: Sequence[Pairing]) -> bool:
    """Tell "initially said 300" from "later revised the number to 250"."""
    return (
        past_view(a.text) != past_view(b.text)
        and revises(a.text) != revises(b.text)
        and any(p.fit is not Fit.SAME for p in pairs)
    )


def _other_groups(pairs: Sequence[Pairing], least: int = 2) -> bool:
    """Tell whether no count of one claim is that of the other: 24 % of 1,147, 18 % of 803."""
    told = [p for p in pairs if not p.first.state]
    return len(told) >= least and all(p.fit is Fit.APART for p in told)


def _same_figure(found: Setting, pairs: Sequence[Pairing]) -> Relation:
    """Judge claims that name nobody in common: a figure that is hardly alike by chance tells."""
    for pair in pairs:
        if pair.fit is Fit.SAME and found.likeness >= LIKE_FIGURE and not found.rival_people:
            if digits_of(pair.first.quantity) >= _TELLING_DIGITS:
                return _related(Verdict.COMPATIBLE, pair)
    return _DIFFERENT


def _related(verdict: Verdict, pair: Pairing) -> Relation:
    return Relation(verdict, value_of(pair.first), value_of(pair.second))


def value_of(count: Count) -> Value:
    """Return where the claim words a count."""
    quantity = count.quantity
    return Value(quantity.text, quantity.start, quantity.end)


def pairings(comparer: Comparer, a: Telling, b: Telling) -> list[Pairing]:
    """Set the counts of two claims against each other, each at most once, likest first."""
    found = []
    for x in _counts(a.text):
        for y in _counts(b.text):
            if not _comparable(a.text, x, b.text, y):
                continue
            how = fit(x.quantity, y.quantity)
            bonus = {Fit.SAME: 1.0, Fit.LOOSE: 0.5, Fit.APART: 0.0}[how]
            found.append((_alike(comparer, x, y) + bonus, Pairing(x, y, how, 0.0)))
    found.sort(
        key=lambda f: (-round(f[0], 9), f[1].first.quantity.start, f[1].second.quantity.start)
    )
    chosen: list[Pairing] = []
    for _, pair in found:
        if all(pair.first is not c.first and pair.second is not c.second for c in chosen):
            near = comparer.likeness_of(*_known(comparer, pair.first.near, pair.second.near))
            chosen.append(pair._replace(likeness=near))
    return chosen


def _known(
    comparer: Comparer, one: frozenset[str], two: frozenset[str]
) -> tuple[set[str], set[str]]:
    return {k for k in one if k in comparer.weights}, {k for k in two if k in comparer.weights}


def _alike(comparer: Comparer, x: Count, y: Count) -> float:
    near = comparer.likeness_of(*_known(comparer, x.near, y.near))
    union = x.things | y.things
    things = len(x.things & y.things) / len(union) if union else 0.0
    return near + 0.5 * things + 0.3 * (x.state == y.state != "") + 0.2 * (x.verb == y.verb != "")


def _comparable(text_a: str, x: Count, text_b: str, y: Count) -> bool:
    """Tell whether two counts may be of one kind of thing."""
    if x.measure != y.measure:
        return False
    if x.state and y.state and x.state != y.state:
        return False
    if _flag(_RELATIVE, text_a, x) != _flag(_RELATIVE, text_b, y):
        return False
    if x.measure:
        return True
    if _flag(_COMPOUND, text_a, x) != _flag(_COMPOUND, text_b, y) and not x.things & y.things:
        return False
    if x.part != y.part or _flag(_INCREASE, text_a, x) != _flag(_INCREASE, text_b, y):
        return x.quantity.value == y.quantity.value
    how = fit(x.quantity, y.quantity)
    if how is Fit.SAME and (x.things & y.things or x.quantity.value >= _MANY):
        return True
    if how is Fit.LOOSE and x.quantity.value >= _TELLING:
        return True
    if x.things & y.things:
        return not (x.things - y.things and y.things - x.things)
    return not x.things or not y.things


def _is_change(text: str, count: Count) -> bool:
    """Tell "rose by 9 percent" from "stood at 36 percent"."""
    at = count.quantity.start
    return bool(_CHANGED.search(text[max(0, at - 40) : at]))


def _flag(pattern: re.Pattern[str], text: str, count: Count) -> bool:
    return bool(pattern.match(text, count.quantity.end))


def _rivals(a: Telling, b: Telling, found: Setting, pair: Pairing) -> bool:
    """Tell whether two values that cannot both be right are of one thing."""
    x, y = pair.first, pair.second
    if x.measure in _TOLD_APART or times_apart(x.quantity, y.quantity) > _FARTHEST:
        return False
    if _other_subjects(a, b, found, pair) or _other_times(a, b) or _other_things(a, x, b, y):
        return False
    same_things = (
        bool(x.things & y.things)
        or x.state == y.state != ""
        or (_one_verb(x, y) and not (x.things and y.things))
    )
    if not found.shared and not found.headlines:
        # Nobody and nowhere in common: all the words have to say that it is one event.
        alike = min(pair.likeness, found.likeness)
        return alike >= (SAME_UNNAMED if same_things else SAME_AROUND)
    around = pair.likeness >= SAME_AROUND and not found.headlines
    if same_things and around and found.shared and found.likeness >= SAME_EVENT:
        return True
    return _one_event(found, a, b) and (same_things or pair.likeness >= SAME_LOCALLY)


def _one_verb(x: Count, y: Count) -> bool:
    return x.verb == y.verb != "" and x.direct and y.direct


def _other_subjects(a: Telling, b: Telling, found: Setting, pair: Pairing) -> bool:
    """Tell whether two values may be of two subjects: who has them, or gets them, differs."""
    sure = found.shared > 1 and found.likeness >= SAME_PRONOUN
    if not sure and (opens_with_pronoun(a.text) or opens_with_pronoun(b.text)):
        return True
    x, y = _place(pair.first), _place(pair.second)
    if wanted(a.text) != wanted(b.text) or shared_out(a.text, *x) != shared_out(b.text, *y):
        return True
    if not found.shared and results(a.text) and results(b.text):
        return True  # whose results they are, the claims do not say
    return other_holders(a.text, x, b.text, y)


def _other_times(a: Telling, b: Telling) -> bool:
    of_results = results(a.text) and results(b.text)
    return other_periods(a.text, b.text) or other_terms(a.text, b.text, of_results=of_results)


def _other_things(a: Telling, x: Count, b: Telling, y: Count) -> bool:
    """Tell whether two values are of two things: carried, and lost; for roads, and for rails."""
    if not x.measure and not x.state and x.direct and y.direct and x.verb != y.verb:
        return True
    if _flag(_INCREASE, a.text, x) or x.part and y.part and _MORE.search(a.text):
        return True  # "five more": of two days, each its own
    if _opposed(x, y) or _part_of(a, x, b, y):
        return True
    if x.purpose and y.purpose and not x.purpose & y.purpose:
        return True
    if x.measure != "%":
        return False
    if _is_change(a.text, x) != _is_change(b.text, y):
        return True
    return bool(x.things and y.things) and not x.things & y.things


def _part_of(a: Telling, x: Count, b: Telling, y: Count) -> bool:
    """Tell "37 in the harbour" and "100 along the coast, most of them in the harbour"."""
    text, whole = (a.text, x) if x.quantity.value > y.quantity.value else (b.text, y)
    return bool(_MOST_OF_THEM.search(text, whole.quantity.end))


def _place(count: Count) -> tuple[int, int]:
    return count.quantity.start, count.quantity.end


def _opposed(x: Count, y: Count) -> bool:
    """Tell whether one rose and the other fell: that is of two spans of time, or two things."""
    return any(opposites(key) & y.near for key in x.near - y.near)


def _one_event(found: Setting, a: Telling, b: Telling) -> bool:
    if found.headlines and other_kind(a, b):
        return False
    if found.headlines:
        least = SURE_HEADLINE if found.own_a or found.own_b else SAME_HEADLINE
        return found.likeness >= least and not (found.own_a and found.own_b)
    if found.common < COMMON_NAMES or (found.own_a and found.own_b and found.shared <= 1):
        return found.likeness >= SAME_WORDING
    return found.likeness >= (SAME_STORY if found.shared > 1 else SAME_EVENT)


def moved_between(
    a: Telling, b: Telling, x: Quantity, y: Quantity, when: tuple[dt.date | None, dt.date | None]
) -> Verdict:
    """Tell what two values that one verb gives one subject are: conflict, update or different."""
    of_a, of_b = _counts(a.text), _counts(b.text)
    one = next((c for c in of_a if c.quantity.start == x.start), None)
    two = next((c for c in of_b if c.quantity.start == y.start), None)
    if one is None or two is None:
        return Verdict.DIFFERENT  # no count: "after five months"
    if is_reading(a, of_a) or is_reading(b, of_b):
        return Verdict.UPDATE
    return _verdict(a, b, (one, two), when)


def _verdict(
    a: Telling,
    b: Telling,
    values: tuple[Count, Count],
    when: tuple[dt.date | None, dt.date | None],
) -> Verdict:
    """Tell a conflict from an update, and from claims of two times of something that stands."""
    x, y = values
    if _one_is_planned(a.text, x, b.text, y):
        return Verdict.DIFFERENT
    moving = moves(x) or moves(y)
    # "To date", said by both on one day, is of one moment.
    moved = moved_words(a.text) != moved_words(b.text)
    tally = moving and counts_since(a.text) and counts_since(b.text)
    apart = days_apart(when) >= _FAR_DAYS or other_days(a, b)
    if tally or (moving or moved or says_moved(a.text)) and apart or moved and not _one_day(a, b):
        return Verdict.UPDATE
    if days_apart(when) > _OTHER_EVENT_DAYS and not one_date(a, b):
        return Verdict.DIFFERENT  # another vote, another week's figures
    stands = stands_now(a.text, x.quantity.start) or stands_now(b.text, y.quantity.start)
    if dates_clash(a, b) or (stands and days_apart(when) > _FAR_DAYS):
        return Verdict.DIFFERENT
    return Verdict.CONFLICT


def _one_is_planned(text_a: str, x: Count, text_b: str, y: Count) -> bool:
    at_a, at_b = x.quantity.start, y.quantity.start
    yet = yet_to(text_a, at_a), yet_to(text_b, at_b)
    planned = planned_at(text_a, at_a), planned_at(text_b, at_b)
    if planned[0] != planned[1]:
        return not yet[planned.index(False)]
    return x.verb == y.verb and yet[0] != yet[1]


def _one_day(a: Telling, b: Telling) -> bool:
    """Tell whether both name a day, the same one."""
    return any(x.weekday is not None and x.weekday == y.weekday for x in a.dates for y in b.dates)


def _agreement(a: Telling, b: Telling, found: Setting, pairs: Sequence[Pairing]) -> Relation:
    if found.likeness < COMPATIBLE_EVENT:
        return _same_figure(found, pairs)
    for pair in pairs:
        apart = times_apart(pair.first.quantity, pair.second.quantity)
        if pair.fit is Fit.SAME or (pair.fit is Fit.LOOSE and apart <= _FARTHEST):
            return _related(Verdict.COMPATIBLE, pair)
    reconciled = _reconciled(_counts(a.text), _counts(b.text))
    return Relation(Verdict.COMPATIBLE if reconciled else Verdict.DIFFERENT)


def _reconciled(of_a: Sequence[Count], of_b: Sequence[Count]) -> bool:
    """Tell whether values of one side are the parts of one of the other."""
    return (
        adds_up([c.quantity for c in of_a], [c.quantity for c in of_b])
        or any(_one_and_others(x, y) or _one_and_others(y, x) for x in of_a for y in of_b)
        or any(_with_others(of_a, whole) for whole in of_b)
        or any(_with_others(of_b, whole) for whole in of_a)
    )


def _with_others(parts: Sequence[Count], whole: Count) -> bool:
    """Tell "two guards and five others" and "seven people", who may be the same."""
    return not whole.measure and any(
        two.part and not one.part and not one.measure
        and (not whole.state or not two.state or whole.state == two.state)
        and one.quantity.value + two.quantity.value == whole.quantity.value
        for one, two in pairwise(parts)
    )  # fmt: skip


def _one_and_others(whole: Count, others: Count) -> bool:
    """Tell "six countries" and "Norby and five other countries"."""
    return (
        others.part
        and not whole.part
        and bool(whole.things & others.things)
        and whole.quantity.value == others.quantity.value + 1
    )


def _readings(
    comparer: Comparer, a: Telling, b: Telling, when: tuple[dt.date | None, dt.date | None]
) -> Relation:
    of_a, of_b = _counts(a.text), _counts(b.text)
    levels = level_of(a.text, of_a), level_of(b.text, of_b)
    level = fit(levels[0].quantity, levels[1].quantity) if levels[0] and levels[1] else None
    if level is Fit.SAME and setting(comparer, a, b).shared:
        return Relation(Verdict.COMPATIBLE)
    pairs = pairings(comparer, a, b)
    other = other_periods(a.text, b.text)
    # Of two days, two moves are two moves; only levels follow one another.
    if other or (days_apart(when) >= _FAR_DAYS and level is not Fit.APART):
        return _DIFFERENT
    if not same_reading(a, b, of_a, of_b):
        same = next((p for p in pairs if p.fit is Fit.SAME and p.first.measure), None)
        likely = setting(comparer, a, b).likeness >= COMPATIBLE_EVENT and same is not None
        return _related(Verdict.COMPATIBLE, same) if likely and same else _DIFFERENT
    if level is Fit.APART and levels[0] and levels[1]:
        return Relation(Verdict.UPDATE, value_of(levels[0]), value_of(levels[1]))
    apart = next((p for p in pairs if p.fit is Fit.APART), None)
    if apart is not None:
        return _related(Verdict.UPDATE, apart)
    return Relation(Verdict.COMPATIBLE if pairs else Verdict.DIFFERENT)
