"""Numbers and dates written another way, with the same value."""

from __future__ import annotations

import re
from random import Random

from summarizer.edits.shaping import capital_first, like_case, swap
from summarizer.text.quantities import quantities

_MONTH = r"(January|February|March|April|May|June|July|August|September|October|November|December)"
_DAY_FIRST = re.compile(
    rf"\b(?:the )?(3[01]|[12]\d|[1-9])(?:st|nd|rd|th)?(?: of)? {_MONTH}(?: (\d{{4}}))?\b"
)
_MONTH_FIRST = re.compile(
    rf"\b{_MONTH} (3[01]|[12]\d|[1-9])(?:st|nd|rd|th)?(?:, (\d{{4}}))?\b(?!,? \d)"
)
_COMMA = re.compile(r"(?<![\d,.$£€¥])(\d{1,3}),(\d{3})(?![\d,])")
_NO_COMMA = re.compile(r"(?<![\d,.$£€-])(?!1[5-9]\d\d\b|20\d\d\b)(\d{1,3})(\d{3})(?= [a-z]{3,})")
_LONG_SCALE = re.compile(r"([$£€])(\d+(?:\.\d+)?) ?(billion|million)\b(?! [a-z]+ar\b)")
_SHORT_SCALE = re.compile(r"([$£€])(\d+(?:\.\d+)?) ?(bn|mn|m|b)\b", re.I)
_PERCENT_SIGN = re.compile(r"(?<=\d)%")
_PERCENT_WORD = re.compile(r"(?<=\d) (?:percent|per cent)\b")
_WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()
_SPELLED = re.compile(
    r"(?<![\w-])(?<!the )(?<!The )(two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve)(?= [a-z]{3,})"
)
_FIGURE = re.compile(
    r"(?<![\w.,$£€:/-])([2-9]|1[0-2])(?= [a-z]{3,})(?! (?:million|billion|percent|per|trillion))"
)
_PLAIN = re.compile(r"(?<![\w.,$£€:/-])(\d{1,3}(?:,\d{3})+|\d{2,6})(?= (?P<unit>[a-z]{3,}))")
_HEDGED = re.compile(
    r"(?:\b(?:more|less|fewer|over|under|about|around|nearly|almost|least|most|roughly|some|approximately|to|than"
    r"|exactly|only|by|just|between|and|or|record|of|from|age|aged|the|no|every|each|these|those|all|other"
    r"|first|last|next|another)|[-–\d])\s*$",
    re.I,
)


def other_number_format(sentence: str, rng: Random) -> str | None:
    """Write one number in another way: 2,000 and 2000, $4 billion and $4bn, three and 3."""
    ways = [_commas, _scales, _percents, _figures, _halves]
    rng.shuffle(ways)
    for way in ways:
        if new := way(sentence):
            return new
    return None


def _commas(sentence: str) -> str | None:
    if match := _COMMA.search(sentence):
        return swap(sentence, *match.span(), match[1] + match[2])
    if match := _NO_COMMA.search(sentence):
        return swap(sentence, *match.span(), f"{match[1]},{match[2]}")
    return None


def _scales(sentence: str) -> str | None:
    if match := _LONG_SCALE.search(sentence):
        short = "bn" if match[3] == "billion" else "m"
        return swap(sentence, *match.span(), match[1] + match[2] + short)
    if match := _SHORT_SCALE.search(sentence):
        long = "billion" if match[3][0].lower() == "b" else "million"
        return swap(sentence, *match.span(), f"{match[1]}{match[2]} {long}")
    return None


def _percents(sentence: str) -> str | None:
    if _PERCENT_SIGN.search(sentence):
        return _PERCENT_SIGN.sub(" percent", sentence)
    if _PERCENT_WORD.search(sentence):
        return _PERCENT_WORD.sub("%", sentence)
    return None


def _figures(sentence: str) -> str | None:
    if match := _SPELLED.search(sentence):
        return swap(sentence, *match.span(), str(_WORDS.index(match[1])))
    if match := _FIGURE.search(sentence):
        if re.search(r"(?:[A-Z]\w*|[-–]|\d) $", sentence[: match.start()]):
            return None  # Llama 2 models
        return swap(sentence, *match.span(), _WORDS[int(match[1])])
    return None


def _halves(sentence: str) -> str | None:
    match = re.search(r"\b50(?:%| percent| per cent) of (?=the |its |their |all )", sentence)
    if match:
        return swap(sentence, *match.span(), like_case("half of ", sentence[match.start()]))
    match = re.search(
        r"(?<!than )(?<!nearly )(?<!about )\bhalf of (?=the |its |their |all )", sentence
    )
    return swap(sentence, *match.span(), "50% of ") if match else None


def other_date_format(sentence: str, rng: Random) -> str | None:
    """Write one date in another way: 14 July 2020, July 14, 2020."""
    del rng
    if match := _DAY_FIRST.search(sentence):
        year = f", {match[3]}" if match[3] else ""
        return swap(sentence, *match.span(), f"{match[2]} {match[1]}{year}")
    if match := _MONTH_FIRST.search(sentence):
        year = f" {match[3]}" if match[3] else ""
        return swap(sentence, *match.span(), f"{match[2]} {match[1]}{year}")
    return None


def hedged_number(sentence: str, rng: Random) -> str | None:
    """Say a plain number roughly: 312 as "more than 300", 2,980 as "nearly 3,000"."""
    spans = [(q.start, q.unit) for q in quantities(sentence) if not q.ordinal and q.hedge is None]
    for match in _PLAIN.finditer(sentence):
        value = int(match[1].replace(",", ""))
        fits = any(start == match.start() and unit for start, unit in spans)
        if 1500 <= value < 2100 and len(match[1]) == 4:
            continue  # a year
        if value < 21 or not fits or _HEDGED.search(sentence[: match.start()]):
            continue
        if match["unit"] in ("year", "years", "percent", "per", "million", "billion", "thousand"):
            continue
        unit = 10 ** (len(str(value)) - 1)
        down = value // unit * unit
        up = down + unit
        if value == down:
            continue
        if (value - down) / value <= 0.12:
            words = f"{rng.choice(('more than', 'over'))} {_like(down, match[1])}"
        elif (up - value) / value <= 0.1:
            words = f"{rng.choice(('nearly', 'almost', 'fewer than'))} {_like(up, match[1])}"
        else:
            continue
        words = words if match.start() else capital_first(words)
        return swap(sentence, match.start(), match.end(1), words)
    return None


def _like(value: int, like: str) -> str:
    return f"{value:,}" if "," in like or value >= 10_000 else str(value)
