"""Dates as people write them, whatever the language of the machine."""

from __future__ import annotations

import datetime as dt

_MONTHS = (
    "January February March April May June July August September October November December"
).split()


def day(date: dt.date) -> str:
    """Return "6 May 2031"."""
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def short_day(date: dt.date) -> str:
    """Return "6 May"."""
    return f"{date.day} {_MONTHS[date.month - 1][:3]}"


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
