"""As of when a claim's numbers are meant, and which of two moments is the earlier."""

from __future__ import annotations

import datetime as dt
import re

from summarizer.merge.conflicts.counts import Count
from summarizer.merge.facts.claims import Telling
from summarizer.text.dates import DateMention, compatible, span_of
from summarizer.text.words import canonical, stem

# Quantities that news counts again from day to day.
_MOVING_STATES = frozenset({"dead", "hurt", "missing", "held", "sick", "away", "saved", "ruined"})
_MOVING_THINGS = frozenset(
    canonical(stem(w))
    for w in "case toll vote ballot acre hectare claim signature poll lead price rate subscriber "
    "user customer member follower outage precinct delegate donation refugee".split()
)
_MOVED = re.compile(
    r"\b(?:so far|to date|as of|now stands?|ris(?:es?|en|ing) to|rose to|climb(?:s|ed|ing)? to"
    r"|up from"
    r"|grown to|grew to|grows to|jump(?:s|ed)? to|revised|latest|earlier (?:count|figure|report)s?"
    r"|by (?:early |late )?(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|by (?:midday|noon|evening|nightfall))\b",
    re.I,
)
_STANDS = re.compile(
    r"\b(?:is|are|has|have|owns?|holds?|employs?|operates?|serves?|runs?|uses?|now|currently|today)\b",
    re.I,
)
_REVISED = re.compile(r"\b(?:revis(?:ed|es|ing|ion)|correct(?:ed|ion)|updated|now say)\b", re.I)
_COUNTED_FROM = re.compile(r"\bsince\b", re.I)
_BEFORE = 40
_THEN = re.compile(
    r"\bhad (?:earlier |previously |already )?(?:forecast|expected|predicted|estimated|projected"
    r"|said|put|reported)\b|\b(?:earlier|previous|initial|prior|old) (?:forecast|estimate"
    r"|projection|guidance|count|toll|figure)s?\b|\binitially\b",
    re.I,
)


def moves(count: Count) -> bool:
    """Tell whether what is counted is counted again from day to day: a toll, cases, votes."""
    return count.state in _MOVING_STATES or bool(count.things & _MOVING_THINGS)


def days_apart(when: tuple[dt.date | None, dt.date | None]) -> int:
    """Return how many days lie between two articles; 0 where a date is not known."""
    return abs((when[0] - when[1]).days) if when[0] and when[1] else 0


def says_moved(text: str) -> bool:
    """Tell whether a claim says itself that its count is one of several: "has risen to"."""
    return bool(_MOVED.search(text))


def moved_words(text: str) -> str:
    """Return how a claim says that its count is one of several, "so far"; empty if not."""
    found = _MOVED.search(text)
    return found.group().lower() if found else ""


def counts_since(text: str) -> bool:
    """Tell whether a claim counts from some day on: such a count goes on."""
    return bool(_COUNTED_FROM.search(text))


def stands_now(text: str, position: int) -> bool:
    """Tell whether the number at `position` is of something that stands, and may change."""
    return bool(_STANDS.search(text[max(0, position - _BEFORE) : position]))


def revises(text: str) -> bool:
    """Tell whether a claim says that an earlier count was put right."""
    return bool(_REVISED.search(text))


def past_view(text: str) -> bool:
    """Tell whether a claim tells what was thought earlier: "had forecast"."""
    return bool(_THEN.search(text))


def other_days(a: Telling, b: Telling) -> bool:
    """Tell whether both name days, and no day in common."""
    return bool(a.dates and b.dates) and not any(compatible(x, y) for x in a.dates for y in b.dates)


def one_date(a: Telling, b: Telling) -> bool:
    """Tell whether both name one day by its date; a weekday comes round again."""
    return any(x.day and y.day and compatible(x, y) for x in a.dates for y in b.dates)


def earlier_first(
    a: Telling, b: Telling, when: tuple[dt.date | None, dt.date | None]
) -> bool | None:
    """Tell whether `a` is of the earlier moment; None where nothing says.

    The dates of the articles decide, then the only days that the claims name.
    """
    if past_view(a.text) != past_view(b.text):
        return past_view(a.text)
    if when[0] and when[1] and when[0] != when[1]:
        return when[0] < when[1]
    if len(a.dates) == len(b.dates) == 1:
        return _before(a.dates[0], b.dates[0])
    return None


def _before(one: DateMention, two: DateMention) -> bool | None:
    first, second = span_of(one), span_of(two)
    if first and second and (first[1] < second[0] or second[1] < first[0]):
        return first[1] < second[0]
    return None
