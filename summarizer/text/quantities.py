"""Numbers in English text: their value, unit and how exactly they are meant."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator

from summarizer.text.amounts import VAGUE, Quantity, same_quantity
from summarizer.text.cues import cues, without_lookalikes
from summarizer.text.dates import dates
from summarizer.text.remembered import remembered
from summarizer.text.spans import TakenSpans
from summarizer.text.words import STOPWORDS, stem

__all__ = ["VAGUE", "Quantity", "quantities", "same_quantity"]

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
    "dozen": 12.0, "k": 1e3, "m": 1e6, "mn": 1e6, "mln": 1e6, "b": 1e9, "bn": 1e9, "tn": 1e12,
    "t": 1e12, "lakh": 1e5, "crore": 1e7,
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
    "#": "GBP",
}  # fmt: skip

_SMALL = "|".join([*_ONES, *_TENS])
_SCALE = "hundred|thousand|million|billion|trillion|dozen|lakh|crore"
# Tokenised text: £2, 000; a bare fraction: .20
_DIGITS = r"\d{1,3}(?:,\d{3}|,\s000)+(?:\.\d+)?|\d+(?:\.\d+)?|(?<![^\s$£€])\.\d+"
_NUMBER = rf"(?:{_DIGITS})(?:\s?(?:k|K|m|M|mn|mln|b|B|bn|tn|T)(?![\w]))?"
_SCALED = rf"{_NUMBER}(?:[\s-]*(?:{_SCALE})\b)*"
_CUR = r"(?:US\$|A\$|C\$|[$£€¥₩₹]|#(?=\s\d))\s?"  # the CNN/DM corpus writes # for £
_DIGIT_PATTERN = re.compile(
    rf"(?<![\w.,$£€¥₩₹])(?<!\w-)(?P<cur>{_CUR})?(?P<low>{_SCALED})"
    rf"(?:\s*(?P<dash>-to-|-|–|—|to|and|or)\s*(?P<cur2>{_CUR})?(?P<high>{_SCALED})(?![\w.]*\d))?"
    r"(?P<th>st|nd|rd|th)?(?![A-Za-z]*\d)",
    re.I,
)
_WORD_PATTERN = re.compile(
    rf"\b(?P<words>(?:(?:{_SMALL})|(?:an?|half\s+an?|several|a\s+few)(?=[\s-]+(?:{_SCALE})\b))"
    rf"(?:(?:[\s-]+|\s+and\s+(?:a\s+)?)(?:{_SMALL}|{_SCALE}|half(?=[\s-]+(?:{_SCALE}))))*)"
    rf"(?:[\s-]+(?P<dash>to|or)[\s-]+(?P<high>(?:{_SMALL})(?:[\s-]+(?:{_SMALL}|{_SCALE}))*))?\b",
    re.I,
)
_BETWEEN_WORDS = re.compile(rf"(?P<low>{_SMALL})\s+and\s+(?P<end>{_SMALL})")
_ORDINAL_PATTERN = re.compile(
    rf"\b(?:(?P<tens>{'|'.join(_TENS)})[\s-])?(?P<nth>{'|'.join(_ORDINAL_VALUE)})\b", re.I
)
_FRACTION_PATTERN = re.compile(
    r"\b(?:(?P<count>an?|one|two|three|four|nine)[\s-]+)?(?P<part>half|halves|thirds?|quarters?"
    r"|fifths?|tenths?)\b(?=(?P<after>\s+(?:of\b|the\b|all\b|its\b|their\b)|[\s-]+\w+|\W|$))",
    re.I,
)
_RATIO = re.compile(
    rf"(?<![\w.,-])(?P<some>{_SMALL}|\d{{1,3}})[\s-]+(?:in[\s-]+(?:every\s+)?|out\s+of\s+(?:every\s+)?)"
    rf"(?P<all>{_SMALL}|\d{{1,4}})\b(?![-.,:/]?\d|\s*(?:%|percent|years?\b|months?\b|weeks?\b|days?\b"
    r"|hours?\b|minutes?\b|seconds?\b|games?\b|matches\b|starts\b|seasons?\b))",
    re.I,
)
_MANY = "tens dozens scores hundreds thousands millions billions trillions"
_VAGUE_PATTERN = re.compile(
    rf"\b(?:(?:{'|'.join(_MANY.split())})"
    r"(?:\s+of\s+(?P<more>thousands|millions|billions|trillions))?)\b",
    re.I,
)
_CLOCK = re.compile(
    r"(?<![\w.:])(?P<hour>[01]?\d|2[0-3])(?:[:.](?P<minute>[0-5]\d))?\s*(?P<half>[ap]\.?m\b\.?)"
    r"|(?<![\w.:])(?P<hour24>[01]?\d|2[0-3]):(?P<minute24>[0-5]\d)(?![\d:])",
    re.I,
)
# What stands before a number says how it is meant; the earliest and longest cue counts.
_HEDGES = (
    (
        "less_than",
        r"no more than|not more than|less than|fewer than|under|below|nearly|almost|up to|at most"
        r"|close to|as many as|just under|just below|maximum of|just short of|short of|as much as"
        r"|within|approaching",
    ),
    (
        "more_than",
        r"no fewer than|no less than|not less than|more than|over|above|at least|upwards of"
        r"|exceed\w{0,4}|in excess of|greater than|topp\w{2,3}|surpass\w{0,3}|beyond|minimum of",
    ),
    (
        "about",
        r"about|around|approximately|roughly|some|an estimated|estimated|circa|approx\.?|~"
        r"|in the range of|or so|more or less|an average of|average",
    ),
    ("exactly", r"exactly|precisely"),
)
_HEDGE = re.compile(
    r"(?:^|[\s(~])(?:" + "|".join(rf"(?P<{kind}>{words})" for kind, words in _HEDGES) + ")"
    r"(?:\s+(?:of|a|the|about|around|approximately|total of))?\s*$",
    re.I,
)
_HEDGE_AFTER = re.compile(
    r"\s?\+|[\s-]plus\b|\s+or\s+(?:(?P<more_than>more)|(?P<less_than>fewer|less)|(?P<about>so))\b",
    re.I,
)
_MEASURE = re.compile(
    r"\s?(?:km|kg|cm|mm|mph|kph|lbs?|ft|mi|miles?|kilomet\w+|met(?:er|re)s?"
    r"|days|weeks|months|years|hours|minutes|seconds)\b",
    re.I,
)
_PERCENT = re.compile(r"\s?(?:%|percent\b|per\s?cent\b|pct\b)", re.I)
_POINTS = re.compile(r"\s?(?:percentage[\s-]+)points?\b", re.I)
_AGE = re.compile(r"[\s-]+years?[\s-]+olds?\b", re.I)
_YEAR_UNIT = stem("year")
_NEXT_WORDS = re.compile(r"[\s-]*([^\W_]+(?:['’][^\W\d_]+)?)")
_CAPITAL_BEFORE = re.compile(r"([^\W_][\w'’&.]*)[\s-]$")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;]\s|[\"“‘(\n]\s*)$")
_ONLY_SAID = re.compile(r"\s+(?:thing\b|of\s+all\b|glance\b|(?:is|was)\s+(?:that|to)\b)", re.I)
_COMMA = re.compile(r"\s?,")
# Capitalised at the start of a sentence or in a headline, and followed by a number that counts.
_OPENERS = frozenset(
    "about over around nearly almost some at in on by for with after before since from another "
    "only just more less up the these those all of an and but or so as than between under within "
    "roughly approximately there were was are is least most to when where while if both every each "
    "fewer last first next "
    "kill kills killed wound wounds injure injures hurt hurts dead leave leaves claim claims hit "
    "hits cut cuts add adds sell sells buy buys lose loses win wins pay pays spend spends raise "
    "raises charge charges arrest arrests hold holds fire fires create creates".split()
)


@remembered
def quantities(text: str) -> list[Quantity]:
    """Find the numbers in `text`, in order and without overlap.

    Dates, years and numbers that belong to a name (Llama 2, GPT-4, Boeing 737) are not counted.
    """
    plain = without_lookalikes(text)
    has = cues(plain)
    found: list[Quantity] = []
    taken = TakenSpans((d.start, d.end) for d in dates(plain))
    for search, in_digits, words in _SEARCHES:
        if not (in_digits and has.digits) and words.isdisjoint(has.words):
            continue
        found += [each for each in search(plain) if taken.take(each.start, each.end)]
    if plain != text:
        found = [each._replace(text=text[each.start : each.end]) for each in found]
    return sorted(found, key=lambda q: q.start)


def _clock(text: str) -> Iterator[Quantity]:
    for match in _CLOCK.finditer(text):
        hour = int(match["hour"] or match["hour24"])
        minute = int(match["minute"] or match["minute24"] or 0)
        if match["half"]:
            hour = hour % 12 + (12 if match["half"][0].lower() == "p" else 0)
        value = hour + minute / 60
        yield Quantity(value, None, "clock", None, False, *match.span(), match.group())


def _ratios(text: str) -> Iterator[Quantity]:
    """Read "one in five" and "3 out of 10" as shares."""
    for match in _RATIO.finditer(text):
        some, all_ = (
            float(word) if word.isdigit() else _WORD_VALUE[word.lower()]
            for word in (match["some"], match["all"])
        )
        if not 0 < some < all_:
            continue
        hedge, cue = _hedge(text, match.start())
        share = 100 * some / all_
        yield Quantity(share, None, "%", hedge, False, *match.span(), match.group(), cue)


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
        hedge, cue, end = _hedge_around(text, match.start(), end)
        unit, end = _unit(text, end, match["cur"] or match["cur2"])
        ordinal = match["th"] is not None and high is None
        yield Quantity(
            low, high, unit, hedge, ordinal, match.start(), end, text[match.start() : end], cue
        )


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
        scale = high_value / float(re.sub(r"[,\s]", "", digits.group())) if digits else 1.0
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
    if _PERCENT.match(text, match.end("low")) or _MEASURE.match(text, match.end("low")):
        return False
    before = _CAPITAL_BEFORE.search(text[max(0, match.start() - 40) : match.start()])
    if before is None or not before[1][0].isupper() or before[1].endswith((".", ",")):
        return False
    return before[1].lower() not in _OPENERS


def _parse_digits(text: str) -> float:
    match = re.match(_DIGITS, text)
    if match is None:
        return math.nan
    value = float(match.group().replace(",", "").replace(" ", ""))
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
        ends = _BETWEEN_WORDS.fullmatch(words)
        if ends and _is_range(text, match):  # between one and three, which is not four
            value, high = _WORD_VALUE[ends["low"]], _WORD_VALUE[ends["end"]]
        hedge, cue, end = _hedge_around(text, match.start(), match.end())
        if words.startswith(("several", "a few")):
            hedge, cue = VAGUE, ""
        unit, end = _unit(text, end, None)
        yield Quantity(
            value, high, unit, hedge, False, match.start(), end, text[match.start() : end], cue
        )


def _counts(text: str, match: re.Match[str]) -> bool:
    """Tell "one person" from the pronoun "one" ("one of them", "this one", "one another")."""
    if re.search(
        r"\b(?:the|this|that|no|any|every|each|another|which|number)\s$",
        text[max(0, match.start() - 9) : match.start()],
        re.I,
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
        if _orders_speech(text, match):
            continue
        unit, _ = _unit(text, match.end(), None)
        yield Quantity(value, None, unit, None, True, *match.span(), match.group())


def _orders_speech(text: str, match: re.Match[str]) -> bool:
    """Tell "Second, the dam leaks" and "at first", which count nothing."""
    before = text[max(0, match.start() - 8) : match.start()]
    if _SENTENCE_START.search(before) and _COMMA.match(text, match.end()):
        return True
    at_first = match.group().lower() == "first" and before.lower().endswith("at ")
    return at_first or bool(_ONLY_SAID.match(text, match.end()))


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
        hedge, cue = _hedge(text, match.start())
        share = 100 * number * base
        yield Quantity(share, None, "%", hedge, False, *match.span(), match.group(), cue)


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
    if match := _AGE.match(text, end):
        return _YEAR_UNIT, match.end()
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


def _hedge(text: str, start: int) -> tuple[str | None, str]:
    """Return how the number at `start` is meant, and the words before it that say so."""
    match = _HEDGE.search(text[max(0, start - 32) : start])
    if match is None or match.lastgroup is None:
        return None, ""
    kind = match.lastgroup
    return (None if kind == "exactly" else kind), match[kind].lower()


def _hedge_around(text: str, start: int, end: int) -> tuple[str | None, str, int]:
    """Return the hedge before a number or, failing that, after it ("300 or more"), and its end."""
    kind, cue = _hedge(text, start)
    match = None if cue else _HEDGE_AFTER.match(text, end)
    if match is None:
        return kind, cue, end
    kind = match.lastgroup or "more_than"
    cue = {"more_than": "or more", "less_than": "or fewer"}.get(kind, "or so")
    return kind, cue, match.end()


# The searches in order, whether what they find may be in digits, and the words, one of which is
# in it otherwise.
_SMALL_WORDS = frozenset([*_ONES, *_TENS])
_SEARCHES: tuple[tuple[Callable[[str], Iterator[Quantity]], bool, frozenset[str]], ...] = (
    (_clock, True, frozenset()),
    (_ratios, True, _SMALL_WORDS),
    (_digits, True, frozenset()),
    (_fractions, False, frozenset([*_FRACTION, *(f"{part}s" for part in _FRACTION)])),
    (_vague, False, frozenset(_MANY.split())),
    (_ordinals, False, frozenset(_ORDINAL_VALUE)),
    (_spelled, False, _SMALL_WORDS | frozenset(_SCALE.split("|"))),
)
