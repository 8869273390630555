"""Numbers in English text: their value, unit and how exactly they are meant."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import NamedTuple

from summarizer.text.dates import dates
from summarizer.text.words import STOPWORDS, stem

VAGUE = "vague"  # hedge of "dozens", "hundreds of", "several million"


class Quantity(NamedTuple):
    """A number: `value`, and `high` where it is a range.

    `unit` is "%", a currency code, "clock", "score", or the stem of the noun that is counted.
    `hedge` is "about", "more_than", "less_than", "vague" or None.
    """

    value: float
    high: float | None
    unit: str | None
    hedge: str | None
    ordinal: bool
    start: int
    end: int
    text: str


_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
    "dozen": 12.0, "k": 1e3, "m": 1e6, "mn": 1e6, "mln": 1e6, "b": 1e9, "bn": 1e9, "tn": 1e12,
    "t": 1e12,
}  # fmt: skip
_WORD_VALUE = {w: float(i) for i, w in enumerate(_ONES)}
_WORD_VALUE |= {w: 10.0 * i for i, w in enumerate(_TENS, 2)}
_ORDINAL_VALUE = {
    w: float(i)
    for i, w in enumerate(
        (
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
            "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
        ).split(),
        1,
    )
} | {"thirtieth": 30.0, "fortieth": 40.0, "fiftieth": 50.0, "hundredth": 100.0}
_FRACTION = {"half": 1 / 2, "halves": 1 / 2, "third": 1 / 3, "quarter": 1 / 4, "fifth": 1 / 5}
_FRACTION |= {"tenth": 1 / 10}
_CURRENCY = {
    "$": "USD", "us$": "USD", "dollar": "USD", "dollars": "USD", "usd": "USD", "£": "GBP",
    "gbp": "GBP", "pounds": "GBP", "pound": "GBP", "€": "EUR", "euro": "EUR", "euros": "EUR",
    "eur": "EUR", "¥": "JPY", "yen": "JPY", "won": "KRW", "₩": "KRW", "rupees": "INR", "₹": "INR",
    "yuan": "CNY", "renminbi": "CNY", "rubles": "RUB", "roubles": "RUB", "francs": "CHF",
}  # fmt: skip

_SMALL = "|".join([*_ONES, *_TENS])
_SCALE = "hundred|thousand|million|billion|trillion|dozen"
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_NUMBER = rf"(?:{_DIGITS})(?:\s?(?:k|K|m|M|mn|mln|b|B|bn|tn|T)(?![\w]))?"
_SCALED = rf"{_NUMBER}(?:[\s-]*(?:{_SCALE})\b)*"
_CUR = r"(?:US\$|A\$|C\$|[$£€¥₩₹])\s?"
_DIGIT_PATTERN = re.compile(
    rf"(?<![\w.,$£€¥₩₹])(?<!\w-)(?P<cur>{_CUR})?(?P<low>{_SCALED})"
    rf"(?:\s*(?P<dash>-|–|—|to|and|or)\s*(?P<cur2>{_CUR})?(?P<high>{_SCALED})(?![\w.]*\d))?"
    r"(?P<th>st|nd|rd|th)?(?![A-Za-z]*\d)",
    re.I,
)
_WORD_PATTERN = re.compile(
    rf"\b(?P<words>(?:(?:{_SMALL})|(?:an?|half\s+an?|several|a\s+few)(?=[\s-]+(?:{_SCALE})\b))"
    rf"(?:(?:[\s-]+|\s+and\s+(?:a\s+)?)(?:{_SMALL}|{_SCALE}|half(?=[\s-]+(?:{_SCALE}))))*)"
    rf"(?:[\s-]+(?P<dash>to|or)[\s-]+(?P<high>(?:{_SMALL})(?:[\s-]+(?:{_SMALL}|{_SCALE}))*))?\b",
    re.I,
)
_ORDINAL_PATTERN = re.compile(
    rf"\b(?:(?P<tens>{'|'.join(_TENS)})-)?(?P<nth>{'|'.join(_ORDINAL_VALUE)})\b", re.I
)
_FRACTION_PATTERN = re.compile(
    r"\b(?:(?P<count>an?|one|two|three|four|nine)[\s-]+)?(?P<part>half|halves|thirds?|quarters?"
    r"|fifths?|tenths?)\b(?=(?P<after>\s+(?:of\b|the\b|all\b|its\b|their\b)|[\s-]+\w+|\W|$))",
    re.I,
)
_VAGUE_PATTERN = re.compile(
    r"\b(?:(?:tens|dozens|scores|hundreds|thousands|millions|billions|trillions)"
    r"(?:\s+of\s+(?P<more>thousands|millions|billions|trillions))?)\b",
    re.I,
)
_CLOCK = re.compile(
    r"(?<![\w.:])(?P<hour>[01]?\d|2[0-3])(?:[:.](?P<minute>[0-5]\d))?\s*(?P<half>[ap]\.?m\b\.?)"
    r"|(?<![\w.:])(?P<hour24>[01]?\d|2[0-3]):(?P<minute24>[0-5]\d)(?![\d:])",
    re.I,
)
_HEDGES = (
    ("more_than", r"more than|over|above|at least|upwards of|exceed\w*|in excess of|greater than"),
    ("more_than", r"topp\w+|surpass\w*|beyond|no fewer than|no less than|minimum of"),
    (
        "less_than",
        r"less than|fewer than|under|below|nearly|almost|up to|at most|close to|as many as",
    ),
    ("less_than", r"no more than|just under|maximum of|short of|as much as|within"),
    ("about", r"about|around|approximately|roughly|some|an estimated|estimated|circa|approx\.?|~"),
    ("about", r"in the range of|or so|more or less|an average of|average"),
)
_HEDGE_PATTERNS = [
    (hedge, re.compile(rf"(?:^|[\s(~])(?:{words})(?:\s+(?:of|a|the|about|total of))?\s*$", re.I))
    for hedge, words in _HEDGES
]
_PERCENT = re.compile(r"\s?(?:%|percent\b|per\s?cent\b|pct\b)", re.I)
_POINTS = re.compile(r"\s?(?:percentage[\s-]+)points?\b", re.I)
_NEXT_WORDS = re.compile(r"[\s-]*([^\W_]+(?:['’][^\W\d_]+)?)")
_CAPITAL_BEFORE = re.compile(r"([^\W_][\w'’&.]*)[\s-]$")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;]\s|[\"“‘(\n]\s*)$")
# Capitalised at the start of a sentence, and followed by a number that counts something.
_OPENERS = frozenset(
    "about over around nearly almost some at in on by for with after before since from another "
    "only just more less up the these those all of an and but or so as than between under within "
    "roughly approximately there were was are is least most to when where while if both every each "
    "fewer last first next".split()
)


def quantities(text: str) -> list[Quantity]:
    """Find the numbers in `text`, in order and without overlap.

    Dates, years and numbers that belong to a name (Llama 2, GPT-4, Boeing 737) are not counted.
    """
    found: list[Quantity] = []
    taken = [(d.start, d.end) for d in dates(text)]
    for search in (_clock, _digits, _fractions, _vague, _ordinals, _spelled):
        for quantity in search(text):
            if not any(start < quantity.end and quantity.start < end for start, end in taken):
                found.append(quantity)
                taken.append((quantity.start, quantity.end))
    return sorted(found, key=lambda q: q.start)


def _clock(text: str) -> Iterator[Quantity]:
    for match in _CLOCK.finditer(text):
        hour = int(match["hour"] or match["hour24"])
        minute = int(match["minute"] or match["minute24"] or 0)
        if match["half"]:
            hour = hour % 12 + (12 if match["half"][0].lower() == "p" else 0)
        value = hour + minute / 60
        yield Quantity(value, None, "clock", None, False, *match.span(), match.group())


def _digits(text: str) -> Iterator[Quantity]:
    position = 0
    while match := _DIGIT_PATTERN.search(text, position):
        position = match.end()
        if _part_of_name(text, match):
            position = match.end("low")
            continue
        end = match.end()
        low, high = _parse_digits(match["low"]), None
        if match["high"]:
            high = _parse_digits(match["high"])
            if match["dash"].lower() in ("and", "or") and not _is_range(text, match):
                high, end = None, match.end("low")  # "5 and 10" are two numbers
                position = end
            elif high <= low and match["dash"] in "-–—":
                yield Quantity(low, high, "score", None, False, *match.span(), match.group())
                continue
            else:
                low = _shared_scale(match["low"], match["high"], low, high)
        unit, end = _unit(text, end, match["cur"] or match["cur2"])
        ordinal = match["th"] is not None and high is None
        yield Quantity(
            low, high, unit, _hedge(text, match.start()), ordinal, match.start(), end,
            text[match.start() : end],
        )  # fmt: skip


def _is_range(text: str, match: re.Match[str]) -> bool:
    return bool(re.search(r"\bbetween\s+$", text[: match.start()], re.I))


def _shared_scale(low: str, high: str, value: float, high_value: float) -> float:
    """Give the low end the scale of the high one: 10-15 million, 2 to 3 billion."""
    if (
        value < high_value
        and re.search(r"[a-z]", high, re.I)
        and not re.search(r"[a-z]", low, re.I)
    ):
        digits = re.match(_DIGITS, high)
        scale = high_value / float(digits.group().replace(",", "")) if digits else 1.0
        return value * scale if value * scale <= high_value else value
    return value


def _part_of_name(text: str, match: re.Match[str]) -> bool:
    """Tell the number of a name (Llama 3.1, Boeing 737) from one that counts."""
    if match["high"] and match["dash"] in "-–—" and len(match["high"]) < 3:
        return False  # United 2-1 City, but not Boeing 737-800
    if (
        match["cur"]
        or "," in match["low"]
        or match["th"]
        or re.search(r"[a-z]", match["low"], re.I)
    ):
        return False
    if _PERCENT.match(text, match.end("low")):
        return False
    before = _CAPITAL_BEFORE.search(text[max(0, match.start() - 40) : match.start()])
    if before is None or not before[1][0].isupper() or before[1].endswith((".", ",")):
        return False
    return before[1].lower() not in _OPENERS


def _parse_digits(text: str) -> float:
    match = re.match(_DIGITS, text)
    if match is None:
        return math.nan
    value = float(match.group().replace(",", ""))
    for word in re.findall(r"[a-z]+", text[match.end() :].lower()):
        value *= _SCALES.get(word, 1.0)
    return value


def _spelled(text: str) -> Iterator[Quantity]:
    for match in _WORD_PATTERN.finditer(text):
        words = match["words"].lower()
        value = _parse_words(words)
        if words == "one" and not _counts(text, match):
            continue
        high = _parse_words(match["high"].lower()) if match["high"] else None
        hedge = VAGUE if words.startswith(("several", "a few")) else _hedge(text, match.start())
        unit, end = _unit(text, match.end(), None)
        yield Quantity(
            value, high, unit, hedge, False, match.start(), end, text[match.start() : end]
        )


def _counts(text: str, match: re.Match[str]) -> bool:
    """Tell "one person" from the pronoun "one" ("one of them", "this one", "one another")."""
    if re.search(
        r"\b(?:the|this|that|no|any|every|each|another|which|number)\s$", text[: match.start()]
    ):
        return False
    after = _NEXT_WORDS.match(text, match.end())
    return after is not None and after[1].lower() not in STOPWORDS and after[1].lower() != "day"


def _parse_words(text: str) -> float:
    """Read "two hundred and five thousand"."""
    total, current = 0.0, 0.0
    for word in re.findall(r"[a-z]+", text):
        if word in _WORD_VALUE:
            current += _WORD_VALUE[word]
        elif word in ("a", "an", "several", "few"):
            current = current or 1.0
        elif word == "half":
            current = current + 0.5 if current else 0.5
        elif word in ("hundred", "dozen"):
            current = (current or 1.0) * _SCALES[word]
        elif word in _SCALES:
            total += (current or 1.0) * _SCALES[word]
            current = 0.0
        if text.startswith("half a"):
            current = 0.5 if word in ("half", "a", "an") else current
    return total + current


def _ordinals(text: str) -> Iterator[Quantity]:
    for match in _ORDINAL_PATTERN.finditer(text):
        value = _ORDINAL_VALUE[match["nth"].lower()]
        if match["tens"]:
            value += _WORD_VALUE[match["tens"].lower()]
        elif match["nth"].lower() == "second" and re.search(r"\d[\s-]$", text[: match.start()]):
            continue  # a 30-second film
        unit, _ = _unit(text, match.end(), None)
        yield Quantity(value, None, unit, None, True, *match.span(), match.group())


def _fractions(text: str) -> Iterator[Quantity]:
    for match in _FRACTION_PATTERN.finditer(text):
        part = match["part"].lower()
        base = _FRACTION.get(part) or _FRACTION[part.rstrip("s")]
        count = (match["count"] or "").lower()
        after = match["after"].strip().lower()
        is_of = after in ("of", "the", "all", "its", "their")
        if part in ("third", "fifth", "tenth", "quarter") and not (
            count and (is_of or count != "a")
        ):
            continue  # the third, a quarter (year)
        if part == "half" and (not is_of or _is_nth_half(text, match)):
            continue  # half-hour, second half
        number = _WORD_VALUE.get(count, 1.0)
        hedge = _hedge(text, match.start())
        yield Quantity(100 * number * base, None, "%", hedge, False, *match.span(), match.group())


def _is_nth_half(text: str, match: re.Match[str]) -> bool:
    return bool(
        re.search(r"\b(?:first|second|other|1st|2nd|better)[\s-]$", text[: match.start()], re.I)
    )


def _vague(text: str) -> Iterator[Quantity]:
    plain = {"tens": 10.0, "dozens": 12.0, "scores": 20.0}
    for match in _VAGUE_PATTERN.finditer(text):
        words = re.findall(r"[a-z]+", match.group().lower())
        value = plain.get(words[0]) or _SCALES[words[0].rstrip("s")]
        if match["more"]:
            value *= _SCALES[match["more"].lower().rstrip("s")]
        if (
            words[0] in ("tens", "scores")
            and not match["more"]
            and not _followed_by_of(text, match)
        ):
            continue
        end = match.end()
        if of := re.compile(r"\s+of\b").match(text, end):
            unit, end = _unit(text, of.end(), None)
        else:
            unit, end = _unit(text, end, None)
        yield Quantity(
            value, None, unit, VAGUE, False, match.start(), end, text[match.start() : end]
        )


def _followed_by_of(text: str, match: re.Match[str]) -> bool:
    return text.startswith(" of ", match.end())


def _unit(text: str, end: int, currency: str | None) -> tuple[str | None, int]:
    """Return the unit after a number that ends at `end`, and where a unit sign or word ends."""
    if currency:
        return _CURRENCY.get(currency.strip().lower(), "USD"), end
    if match := _POINTS.match(text, end):
        return "points", match.end()
    if match := _PERCENT.match(text, end):
        return "%", match.end()
    words: list[str] = []
    position = end
    while len(words) < 4 and (match := _NEXT_WORDS.match(text, position)):
        word = match[1]
        if word.lower() in STOPWORDS:
            break
        if not words and word.lower() in _CURRENCY:
            return _CURRENCY[word.lower()], match.end()
        words.append(word)
        position = match.end()
        if _is_plural(word):
            break
    if not words:
        return None, end
    head = words[-1] if _is_plural(words[-1]) else words[0]
    return stem(_ABBREVIATED.get(head.lower(), head)), end


_ABBREVIATED = {
    "kg": "kilograms", "km": "kilometers", "kilometre": "kilometers", "kilometres": "kilometers",
    "m": "meters", "metre": "meters", "metres": "meters", "cm": "centimeters", "mm": "millimeters",
    "ft": "feet", "foot": "feet", "lb": "pounds", "lbs": "pounds", "mi": "miles", "hr": "hours",
    "hrs": "hours", "min": "minutes", "mins": "minutes", "sec": "seconds", "secs": "seconds",
    "tonnes": "tons", "tonne": "tons", "kph": "km/h", "yr": "years", "yrs": "years",
}  # fmt: skip


def _is_plural(word: str) -> bool:
    if word[:-1].isupper() and word.endswith("s"):
        return len(word) > 2  # GPUs
    low = word.lower()
    return low in ("people", "men", "women", "children") or (
        low.endswith("s") and not low.endswith(("ss", "us", "is", "'s", "’s")) and len(low) > 3
    )


def _hedge(text: str, start: int) -> str | None:
    before = text[max(0, start - 32) : start]
    for hedge, pattern in _HEDGE_PATTERNS:
        if pattern.search(before):
            return hedge
    return None


# Units that are never the same thing: a number of years is not a number of dollars.
_STRICT = frozenset(
    {"%", "points", "clock", "score", "USD", "GBP", "EUR", "JPY", "KRW", "INR", "CNY", "RUB", "CHF"}
    | {
        stem(w)
        for w in "year month week day hour minute second mile kilometre metre meter km".split()
    }
    | {stem(w) for w in "kilometer feet foot inch kilogram kg ton tonne degree".split()}
)
_ABOUT = 0.05  # "about 350,000" may stand for 333,000 to 367,000
_BOUND = 0.25  # "more than 300" may stand for up to 375, "nearly 300" for 225 and more


def same_quantity(a: Quantity, b: Quantity) -> bool:
    """Tell whether two quantities say the same, allowing for rounding and hedges.

    Strict units (%, currency, time, length) must agree; counted nouns need not, as the same
    things have many names.
    """
    if a.ordinal != b.ordinal or _units_clash(a.unit, b.unit):
        return False
    if a.unit == b.unit == "score":
        return {a.value, a.high} == {b.value, b.high}
    if a.high is not None or b.high is not None:
        return _same_range(a, b)
    if VAGUE in (a.hedge, b.hedge):
        return _same_vague(a, b)
    if {a.hedge, b.hedge} == {"more_than", "less_than"}:
        return False
    if math.isclose(a.value, b.value, rel_tol=1e-9):
        return True
    if a.ordinal or not _same_bound(a, b):
        return False
    if "about" in (a.hedge, b.hedge):
        return abs(a.value - b.value) <= _ABOUT * max(abs(a.value), abs(b.value))
    return _rounds_to(a.value, b.value) or _rounds_to(b.value, a.value) or _bounded(a, b)


def _units_clash(a: str | None, b: str | None) -> bool:
    if a == b or {a, b} == {"pound", "GBP"}:
        return False
    if a is None or b is None:
        # A bare number may leave its unit out, but not its percent sign or currency.
        return (a or b) in ("%", "clock", "score")
    return a in _STRICT or b in _STRICT


def _same_range(a: Quantity, b: Quantity) -> bool:
    if a.high is not None and b.high is not None:
        return math.isclose(a.value, b.value) and math.isclose(a.high, b.high)
    single, span = (a, b) if a.high is None else (b, a)
    if span.high is None:
        return False
    if single.hedge == "more_than":
        return math.isclose(single.value, span.value)
    if single.hedge == "less_than":
        return math.isclose(single.value, span.high)
    return single.hedge == "about" and span.value <= single.value <= span.high


def _same_vague(a: Quantity, b: Quantity) -> bool:
    """Compare "hundreds" with "hundreds", or with a number from 100 to below 10,000."""
    if a.hedge == b.hedge:
        return a.value == b.value
    vague, exact = (a, b) if a.hedge == VAGUE else (b, a)
    factor = 10 if vague.value < 1000 else 1000
    return vague.value <= exact.value < vague.value * factor * 10


def _same_bound(a: Quantity, b: Quantity) -> bool:
    """Two bounds of the same kind must be the same number."""
    return not (a.hedge == b.hedge and a.hedge in ("more_than", "less_than"))


def _bounded(a: Quantity, b: Quantity) -> bool:
    for bound, value in ((a, b), (b, a)):
        if value.hedge is not None:
            continue
        if bound.hedge == "more_than" and bound is a:
            return bound.value < value.value <= bound.value * (1 + _BOUND)
        if bound.hedge == "less_than" and bound is a:
            return bound.value * (1 - _BOUND) <= value.value < bound.value
    return False


def _rounds_to(rounded: float, value: float) -> bool:
    """Tell whether `rounded` is `value` to fewer, but at least two, significant digits."""
    digits = _significant(rounded)
    if value == 0 or max(digits, 2) >= _significant(value):
        return False
    places = max(digits, 2) - 1 - math.floor(math.log10(abs(value)))
    return math.isclose(round(value, places), rounded, rel_tol=1e-9)


def _significant(value: float) -> int:
    return len(f"{abs(value):.12g}".replace(".", "").split("e")[0].strip("0")) or 1
