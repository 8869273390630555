"""False dates: another month, weekday, year or day."""

from __future__ import annotations

import re
from random import Random

from summarizer.edits.numbers import nth
from summarizer.edits.shaping import like_case, swap
from summarizer.text.dates import DateMention, dates

_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_SHORT_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Sept Oct Nov Dec".split()
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_SHORT_DAYS = "Mon Tue Wed Thu Fri Sat Sun Tues Thurs".split()
_SEASONS = "spring summer autumn winter".split()
_NEAR = {
    "today": ("last week", "last month"),
    "tonight": ("tomorrow night", "on Sunday night"),
    "yesterday": ("last week", "last month", "two weeks ago"),
    "tomorrow": ("next week", "next month"),
}
_UNITS = ("week", "month", "year")
_COUNTS = "two three four five six seven eight nine ten eleven twelve".split()
_WORD = re.compile(r"[A-Za-z]+")
_YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")
_DAY = re.compile(r"\b(3[01]|[12]\d|0?[1-9])(st|nd|rd|th)?\b")
_PARTS = {"early": "late", "late": "early", "start": "end", "beginning": "end", "end": "start"}
_NTHS = ("first", "second", "third", "fourth")


def change_date(sentence: str, rng: Random) -> str | None:
    """Return `sentence` with one date made false, or None."""
    found = dates(sentence)
    rng.shuffle(found)
    for mention in found:
        if (new := _other(mention, rng)) and new.lower() != mention.text.lower():
            return swap(sentence, mention.start, mention.end, new)
    return None


def _other(mention: DateMention, rng: Random) -> str | None:
    text = mention.text
    if text.lower() in _NEAR:
        return like_case(rng.choice(_NEAR[text.lower()]), text)
    ways = [
        _other_weekday, _other_month, _other_year, _other_day, _other_season, _other_unit,
        _other_part, _other_count, _other_quarter, _other_decade,
    ]  # fmt: skip
    rng.shuffle(ways)
    for way in ways:
        if new := way(mention, rng):
            return new
    return None


def _word_of(mention: DateMention, tables: tuple[list[str], ...], rng: Random) -> str | None:
    for match in _WORD.finditer(mention.text):
        for table in tables:
            capital = match.group().capitalize()
            if capital in table:
                options = [w for w in table if w[:3] != capital[:3]]
                new = rng.choice(options)
                new = new.lower() if match.group().islower() else new
                return mention.text[: match.start()] + new + mention.text[match.end() :]
    return None


def _other_weekday(mention: DateMention, rng: Random) -> str | None:
    if mention.weekday is None:
        return None
    return _word_of(mention, (_WEEKDAYS, _SHORT_DAYS[:7]), rng)


def _other_month(mention: DateMention, rng: Random) -> str | None:
    if mention.month is None:
        return None
    if mention.day and mention.day > 28:
        return _word_of(mention, ([m for m in _MONTHS if m not in ("February",)],), rng)
    return _word_of(mention, (_MONTHS, _SHORT_MONTHS), rng)


def _other_year(mention: DateMention, rng: Random) -> str | None:
    match = _YEAR.search(mention.text)
    if match is None or mention.relative:
        return None
    year = int(match.group()) + rng.choice((-10, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5))
    return mention.text[: match.start()] + str(year) + mention.text[match.end() :]


def _other_day(mention: DateMention, rng: Random) -> str | None:
    if mention.day is None:
        return None
    without_year = _YEAR.sub(lambda m: "#" * len(m.group()), mention.text)
    found = [m for m in _DAY.finditer(without_year) if int(m[1]) == mention.day]
    if not found:
        return None
    match = found[-1]
    day = rng.choice([d for d in range(1, 29) if 1 < abs(d - mention.day) < 20])
    new = nth(day) if match[2] else str(day).zfill(len(match[1]) if match[1][0] == "0" else 1)
    return mention.text[: match.start()] + new + mention.text[match.end() :]


def _other_season(mention: DateMention, rng: Random) -> str | None:
    for season in _SEASONS:
        if match := re.search(rf"\b{season}\b", mention.text, re.I):
            new = rng.choice([s for s in _SEASONS if s != season])
            return (
                mention.text[: match.start()]
                + like_case(new, match.group())
                + mention.text[match.end() :]
            )
    return None


def _other_unit(mention: DateMention, rng: Random) -> str | None:
    """Last week: next week would break the tense, so last month or last year."""
    match = re.search(r"\b(week|month|year)(s?)\b", mention.text, re.I)
    if match is None or mention.relative is None:
        return None
    new = rng.choice([u for u in _UNITS if u != match[1].lower()])
    return mention.text[: match.start()] + new + match[2] + mention.text[match.end() :]


def _other_part(mention: DateMention, rng: Random) -> str | None:
    del rng
    match = re.match(r"(the )?(early|late|start|beginning|end)\b", mention.text, re.I)
    if match is None:
        return None
    new = like_case(_PARTS[match[2].lower()], match[2])
    return mention.text[: match.start(2)] + new + mention.text[match.end(2) :]


def _other_count(mention: DateMention, rng: Random) -> str | None:
    match = re.match(r"(\d+|[a-z]+)(?= \w+s? ago)", mention.text, re.I)
    if match is None or not mention.relative:
        return None
    now = match.group().lower()
    if now.isdigit() and 1 < int(now) < 1000:
        return str(int(now) + rng.choice((1, 2, 3, 4))) + mention.text[match.end() :]
    if now in _COUNTS:
        new = rng.choice([c for c in _COUNTS if c != now])
        return like_case(new, match.group()) + mention.text[match.end() :]
    return None


def _other_quarter(mention: DateMention, rng: Random) -> str | None:
    match = re.match(r"(first|second|third|fourth)(?=[ -](quarter|half))", mention.text, re.I)
    if match is None:
        return None
    options = _NTHS[:2] if match[2].lower() == "half" else _NTHS
    new = rng.choice([w for w in options if w != match[1].lower()])
    return like_case(new, match[1]) + mention.text[match.end() :]


def _other_decade(mention: DateMention, rng: Random) -> str | None:
    match = re.search(r"\b(1[5-9]|20)(\d)0(?=['’]?s\b)", mention.text)
    if match is None:
        return None
    new = rng.choice([d for d in "23456789" if d != match[2] and match[1] != "20"] or ["1"])
    if new == match[2]:
        return None
    return mention.text[: match.start(2)] + new + mention.text[match.end(2) :]
