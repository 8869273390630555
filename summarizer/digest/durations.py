"""Durations and times of day as people write them: "45m", "7d", "1h30m", "06:30"."""

from __future__ import annotations

import datetime as dt
import re

_SECONDS = {"w": 604_800, "d": 86_400, "h": 3600, "m": 60, "s": 1}
# Largest unit first and each once, so that a duration has one reading; spaces between are allowed.
_DURATION = re.compile(" ?".join(f"(?:([0-9]{{1,9}}){unit})?" for unit in _SECONDS))
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")
_LONGEST = dt.timedelta(days=36_500)  # longer ones lead out of the calendar that datetime knows
EXAMPLES = 'write it as "45m", "7d" or "1h30m"'


def parse_duration(text: str) -> dt.timedelta:
    """Return the duration that `text` writes, in weeks, days, hours, minutes and seconds.

    The units are w, d, h, m, s, the larger before the smaller: "2w", "1h30m", "1h 30m", "90s".

    Raises:
        ValueError: it is none, is nothing, or exceeds 100 years; the message has examples.
    """
    words = text.strip().lower()
    found = _DURATION.fullmatch(words)
    if not words or not found:
        raise ValueError(f"{_quoted(text)} is no duration; {EXAMPLES}")
    counts = zip(found.groups(), _SECONDS.values(), strict=True)
    seconds = sum(int(count) * unit for count, unit in counts if count)
    if seconds > _LONGEST.total_seconds():
        raise ValueError(f"{_quoted(text)} is longer than 100 years; {EXAMPLES}")
    return check_duration(dt.timedelta(seconds=seconds))


def check_duration(duration: dt.timedelta) -> dt.timedelta:
    """Return `duration` if it is more than nothing and at most 100 years.

    Raises:
        ValueError: it is not; the message has examples.
    """
    if duration <= dt.timedelta(0):
        raise ValueError(f"a duration must be longer than nothing; {EXAMPLES}")
    if duration > _LONGEST:
        raise ValueError(f"a duration is at most 100 years; {EXAMPLES}")
    return duration


def format_duration(duration: dt.timedelta) -> str:
    """Write a duration for people, to the second: "7d", "1h30m", "0s", "-5m".

    What parse_duration accepts of it, it reads back. Weeks are told as days: who wrote "90d"
    does not know "12w6d" again.
    """
    seconds = round(abs(duration).total_seconds())
    parts = []
    for unit in "dhms":
        count, seconds = divmod(seconds, _SECONDS[unit])
        if count:
            parts.append(f"{count}{unit}")
    sign = "-" if parts and duration < dt.timedelta(0) else ""
    return sign + ("".join(parts) or "0s")


def parse_time(text: str) -> dt.time:
    """Return the time of day that `text` writes as "06:30" or "06:30:15", without a zone.

    Raises:
        ValueError: it is none; the message has an example.
    """
    found = _TIME.fullmatch(text.strip())
    try:
        if found:
            hour, minute, second = (int(number or 0) for number in found.groups())
            return dt.time(hour, minute, second)
    except ValueError:
        pass  # 25:00
    raise ValueError(f'{_quoted(text)} is no time of day; write it as "06:30"')


def format_time(time: dt.time) -> str:
    """Write a time of day as "06:30", with seconds where there are any."""
    return f"{time:%H:%M:%S}" if time.second else f"{time:%H:%M}"


def _quoted(text: str) -> str:
    """Return `text` in quotes, cut and without what a terminal would obey."""
    shown = "".join(char if char.isprintable() else "?" for char in text[:40])
    return f'"{shown}…"' if len(text) > 40 else f'"{shown}"'
