"""Dates in English text, as far as the text says them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from summarizer.text.cues import cues, without_lookalikes
from summarizer.text.date_forms import FORMS, MONTHS, SEASONS, UNIT_NUMBERS, WEEKDAYS
from summarizer.text.remembered import remembered
from summarizer.text.spans import TakenSpans

__all__ = [
    "MONTHS",
    "WEEKDAYS",
    "DateMention",
    "compatible",
    "covered",
    "dates",
    "overlapping",
    "span_of",
]


class DateMention(NamedTuple):
    """What the text says of a date: None where it is silent.

    `weekday` counts from Monday = 0. `part` is the part of the year or month that is meant
    (early, mid, late, end, q1-q4, h1, h2, spring, summer, autumn, winter). `relative` is kept
    where the date of the article is not known: year-1, year+1, day-1, month+1, ... and for
    weeks and decades (decade=1990, decade=90). `span` holds the first and last day that may be
    meant, where year, month and day cannot say it: "last week", "on Tuesday", "the 1990s".
    """

    year: int | None
    month: int | None
    day: int | None
    weekday: int | None
    relative: str | None
    start: int
    end: int
    text: str
    part: str | None = None
    span: tuple[dt.date, dt.date] | None = None


_PARTS = {
    "earlier": None, "later": None, "early": "early", "mid": "mid", "late": "late",
    "start of": "early", "beginning of": "early", "end of": "end",
}  # fmt: skip
_SHIFT = {"last": -1, "previous": -1, "past": -1, "next": 1, "coming": 1, "following": 1, "this": 0}
_NEAR = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1}
_NTHS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}


def dates(text: str, published: dt.date | None = None) -> list[DateMention]:
    """Find the dates in `text`, in order and without overlap.

    Relative ones ("yesterday", "next year") are resolved by `published`, the date of the
    article; without it they stay relative.
    """
    plain = without_lookalikes(text)
    found = [d for match in _matches(plain) if (d := _read(match, published))]
    if plain != text:
        found = [d._replace(text=text[d.start : d.end]) for d in found]
    return sorted(found, key=lambda d: d.start)


@remembered  # numbers are told from dates: who reads the one has often read the other
def _matches(text: str) -> list[re.Match[str]]:
    """Return what dates there are, whenever the article is of; earlier forms go before later."""
    has = cues(text)
    taken = TakenSpans()
    return [
        match
        for form in FORMS
        if form.possible(has)
        for match in form.pattern.finditer(text)
        if match.group() and _read(match, None) and taken.take(*match.span())
    ]


def _read(match: re.Match[str], published: dt.date | None) -> DateMention | None:
    groups = {name: value for name, value in match.groupdict().items() if value is not None}
    year = int(groups["year"]) if "year" in groups else None
    month = _month(groups)
    day = int(groups["day"]) if "day" in groups else None
    if "month" in groups and groups["month"] in ("May", "March") and _is_plain_word(match, groups):
        return None
    weekday, relative, part = None, None, _part(groups)
    if "weekday" in groups:
        weekday = next(i for i, w in enumerate(WEEKDAYS) if w[:3] == groups["weekday"][:3].lower())
    if "yearend" in groups:
        part, relative = "end", "year+0"
    elif "unit" in groups and groups["which"].lower() in _SHIFT:
        relative = f"{groups['unit'].lower()}{_SHIFT[groups['which'].lower()]:+d}"
    elif "near" in groups:
        relative = f"day{_NEAR[groups['near'].lower()]:+d}"
    elif "ago" in groups:
        relative = _ago(groups)
    elif "decade" in groups or "decade2" in groups:
        relative = "decade=" + (groups.get("decade") or groups.get("decade2") or "")
    elif month and not year and not day and groups.get("which", "").lower() in _SHIFT:
        year = _year_of_month(groups["which"].lower(), month, published)
    mention = DateMention(
        year, month, day, weekday, relative, match.start(), match.end(), match.group(), part,
        _decade(relative),
    )  # fmt: skip
    if published is None:
        return mention
    if weekday is not None and day is None:
        span = _around_weekday(groups.get("which", "").lower(), published)
        return mention._replace(span=span)
    return _resolved(mention, published)


def _month(groups: dict[str, str]) -> int | None:
    if "month_number" in groups:
        return int(groups["month_number"])
    if "month" not in groups:
        return None
    return next(i for i, m in enumerate(MONTHS, 1) if m[:3] == groups["month"][:3].lower())


def _is_plain_word(match: re.Match[str], groups: dict[str, str]) -> bool:
    """Tell May the month from "May I": alone, it opens the text or follows no preposition."""
    if "day" in groups or "year" in groups or "which" in groups or "part" in groups:
        return False
    before = match.string[: match.start()].rstrip().lower()
    return not re.search(
        r"\b(?:in|since|until|till|by|from|to|of|during|for|on|before|after|and|through|between)$",
        before,
    )


def _part(groups: dict[str, str]) -> str | None:
    if "q" in groups:
        return f"q{groups['q']}"
    if "h" in groups:
        return f"h{groups['h']}"
    if "span" in groups:
        nth = _NTHS.get(groups["nth"].lower())
        if nth is None:  # last quarter, this half
            return f"{groups['nth'].lower()} {groups['span'].lower()}"
        return f"{groups['span'][0].lower()}{nth}"
    if "season" in groups:
        return SEASONS[groups["season"].lower()]
    return _PARTS.get(groups.get("part", "").lower().removeprefix("the "))


def _ago(groups: dict[str, str]) -> str:
    count = groups["count"].lower()
    if count.isdigit():
        number = int(count)
    else:
        number = 1 if count in ("a", "an") else UNIT_NUMBERS.index(count) + 1
    return f"{groups['ago_unit'].lower()}-{number}"


def _year_of_month(which: str, month: int, published: dt.date | None) -> int | None:
    if published is None:
        return None
    if _SHIFT[which] < 0:
        return published.year if month < published.month else published.year - 1
    if _SHIFT[which] > 0:
        return published.year if month > published.month else published.year + 1
    return published.year


_A_WEEK = 7
_TWO_WEEKS = 13
_RELATIVE = re.compile(r"^(day|week|month|year)([+-]\d+)$")


def _resolved(mention: DateMention, published: dt.date) -> DateMention:
    """Fill in what the article's own date tells."""
    if mention.relative is None:
        if mention.day and not mention.month and mention.day <= published.day:
            return mention._replace(year=published.year, month=published.month)
        return mention
    match = _RELATIVE.match(mention.relative)
    if match is None:
        return mention
    unit, shift = match[1], int(match[2])
    if abs(shift) > 400 * 12:
        return mention
    if unit == "year" and published.year + shift > 0:
        return mention._replace(year=published.year + shift, relative=None)
    if unit == "month":
        months = published.year * 12 + published.month - 1 + shift
        return mention._replace(year=months // 12, month=months % 12 + 1, relative=None)
    if unit == "day":
        day = published + dt.timedelta(days=shift)
        return mention._replace(year=day.year, month=day.month, day=day.day, relative=None)
    if unit == "week":
        return mention._replace(span=_week(published, shift))
    return mention


def _days(start: dt.date, first: int, last: int) -> tuple[dt.date, dt.date] | None:
    try:
        return start + dt.timedelta(days=first), start + dt.timedelta(days=last)
    except OverflowError:  # an article of the year 1
        return None


def _around_weekday(which: str, published: dt.date) -> tuple[dt.date, dt.date] | None:
    """The days that "Monday" may be; bare, in either direction, as papers print both."""
    if _SHIFT.get(which, 0) < 0:
        return _days(published, -_TWO_WEEKS, -1)
    if _SHIFT.get(which, 0) > 0:
        return _days(published, 1, _TWO_WEEKS)
    return _days(published, -_A_WEEK, _A_WEEK)


def _week(published: dt.date, shift: int) -> tuple[dt.date, dt.date] | None:
    """The week from Monday to Sunday; "three weeks ago" is meant less exactly."""
    monday = 7 * shift - published.weekday()
    loose = 4 if abs(shift) > 1 else 0
    return _days(published, monday - loose, monday + 6 + loose)


def _decade(relative: str | None) -> tuple[dt.date, dt.date] | None:
    """The span of "decade=1990"; of "the 90s" the century is not said."""
    if (
        relative is None
        or not relative.startswith("decade=")
        or len(relative) != len("decade=1990")
    ):
        return None
    year = int(relative[-4:])
    return dt.date(year, 1, 1), dt.date(year + 9, 12, 31)


def span_of(mention: DateMention) -> tuple[dt.date, dt.date] | None:
    """Return the first and last day that may be meant, None where the year is not known."""
    if mention.span is not None or mention.year is None:
        return mention.span
    month = mention.month or 1
    last_month = mention.month or 12
    try:
        if mention.day is not None:
            day = dt.date(mention.year, month, mention.day)
            return day, day
        after = dt.date(mention.year + last_month // 12, last_month % 12 + 1, 1)
        return dt.date(mention.year, month, 1), after - dt.timedelta(days=1)
    except ValueError:  # 30 February
        return None


def compatible(a: DateMention, b: DateMention) -> bool:
    """Tell whether both can be the same date: nothing that both say differs."""
    a_weekday, b_weekday = _weekday(a), _weekday(b)
    pairs = ((a.year, b.year), (a.month, b.month), (a.day, b.day), (a_weekday, b_weekday))
    if any(x is not None and y is not None and x != y for x, y in pairs):
        return False
    span_a, span_b = span_of(a), span_of(b)
    if span_a and span_b and (span_a[1] < span_b[0] or span_b[1] < span_a[0]):
        return False
    if a.relative and b.relative:
        return _same_relative(a.relative, b.relative)
    return _same_part(a, b)


def _weekday(mention: DateMention) -> int | None:
    if mention.weekday is not None or None in (mention.year, mention.month, mention.day):
        return mention.weekday
    try:
        return dt.date(mention.year or 1, mention.month or 1, mention.day or 1).weekday()
    except ValueError:  # 30 February
        return None


def _same_relative(a: str, b: str) -> bool:
    """Two unresolved relative dates differ only when they count the same unit differently."""
    unit_a, unit_b = re.match(r"[a-z]+", a), re.match(r"[a-z]+", b)
    same_unit = unit_a is not None and unit_b is not None and unit_a.group() == unit_b.group()
    if a.startswith("decade=") and b.startswith("decade="):
        return a[-2:] == b[-2:] and (len(a) != len(b) or a == b)  # the 90s, the 1990s
    return a == b or not same_unit


_SEASON_NAMES = frozenset(SEASONS.values())


_PART_MONTHS = {
    "early": (1, 4), "mid": (5, 8), "late": (9, 12), "end": (10, 12), "h1": (1, 6), "h2": (7, 12),
    "q1": (1, 3), "q2": (4, 6), "q3": (7, 9), "q4": (10, 12), "spring": (3, 6), "summer": (6, 9),
    "autumn": (9, 12),
}  # fmt: skip


def _same_part(a: DateMention, b: DateMention) -> bool:
    """Compare parts of a year by the months they span; a month stands for itself."""
    if a.month and b.month:
        return a.part is None or b.part is None or a.part == b.part
    if a.part in _SEASON_NAMES and b.part in _SEASON_NAMES:
        return a.part == b.part
    span_a, span_b = _months(a), _months(b)
    if span_a is None or span_b is None:
        return True
    if a.part in ("q1", "q2", "q3", "q4") and b.part in ("q1", "q2", "q3", "q4"):
        return a.part == b.part
    return span_a[0] <= span_b[1] and span_b[0] <= span_a[1]


def _months(mention: DateMention) -> tuple[int, int] | None:
    if mention.month:
        return mention.month, mention.month
    return _PART_MONTHS.get(mention.part or "")


def covered(mention: DateMention, by: Iterable[DateMention]) -> bool:
    """Tell whether one of `by` says the same date: compatible, and silent on nothing of it."""
    return any(compatible(mention, other) and _says(mention, other) for other in by)


def _says(mention: DateMention, other: DateMention) -> bool:
    """Tell whether `other` speaks of everything that `mention` does, in whatever form."""
    if _within(mention, other):
        return True
    if (mention.relative or "").startswith("decade=") and other.relative:
        return _same_relative(mention.relative or "", other.relative)
    if other.relative or mention.relative:
        return mention.relative == other.relative  # "next year" may be 2024, but who knows
    if mention.weekday is not None and mention.day is None:
        return _weekday(other) is not None
    if mention.day is not None and other.day is None:
        return False
    if mention.month is not None and other.month is None:
        return False
    if mention.year is not None and other.year is None:
        return mention.month is not None and other.month is not None  # 3 July for 3 July 2024
    if mention.month is None and mention.year is None and mention.part:
        return other.part is not None
    return True


def _within(mention: DateMention, other: DateMention) -> bool:
    """Tell whether what `other` may be are days of `mention`: Tuesday, of this September."""
    inner = span_of(other)
    if inner is None or mention.part is not None:
        return False
    if mention.day is None and mention.weekday is not None and _weekday(other) is None:
        return False
    if mention.year is None and mention.month is not None and other.span is not None:
        mention = mention._replace(year=inner[1].year)  # 12 September, by an article of 2023
    outer = span_of(mention)
    if outer is None:
        return False
    if other.weekday is not None and other.day is None:
        return any(outer[0] <= day <= outer[1] for day in _weekdays(other.weekday, inner))
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _weekdays(weekday: int, span: tuple[dt.date, dt.date]) -> Iterator[dt.date]:
    """The days of a span (of two weeks at most) that are this weekday."""
    first = span[0].toordinal()
    for number in range(first, span[1].toordinal() + 1):
        if (day := dt.date.fromordinal(number)).weekday() == weekday:
            yield day


def overlapping(start: int, end: int, mentions: Iterable[DateMention]) -> Iterator[DateMention]:
    """Yield the mentions that share a character with `start` to `end`."""
    return (d for d in mentions if d.start < end and start < d.end)
