"""Dates as people write them, whatever the language of the machine."""

from __future__ import annotations

import datetime as dt
import re

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_ISO = re.compile(r"(?<![\w-])\d{4}-\d{2}-\d{2}(?![\w-])", re.ASCII)


def day(date: dt.date) -> str:
    """Return "6 May 2031"."""
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def short_day(date: dt.date) -> str:
    """Return "6 May"."""
    return f"{date.day} {_MONTHS[date.month - 1][:3]}"


def with_days(text: str) -> str:
    """Return words of ours with their dates, 2031-05-06, written as "6 May 2031"."""
    return _ISO.sub(_as_day, text)


def _as_day(match: re.Match[str]) -> str:
    try:
        return day(dt.date.fromisoformat(match.group()))
    except ValueError:  # no date, for all that it looks like one
        return match.group()


def period(first: dt.date, last: dt.date) -> str:
    """Return "6 May 2031", "6 to 9 May 2031" or "30 April to 9 May 2031"."""
    if first == last:
        return day(first)
    begin = day(first)
    if first.year == last.year:
        begin = f"{first.day} {_MONTHS[first.month - 1]}"
        if first.month == last.month:
            begin = f"{first.day}"
    return f"{begin} to {day(last)}"
