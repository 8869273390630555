"""False numbers: another value in the same format."""

from __future__ import annotations

import re
from random import Random

from summarizer.edits.pool import Pool
from summarizer.edits.shaping import like_case, swap
from summarizer.text.quantities import VAGUE, Quantity, quantities

_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SMALL = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SMALL_VALUE = {w: i for i, w in enumerate(_SMALL, 2)}
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_SCALE = re.compile(r"(?<=\d)(\s?)(thousand|million|billion|trillion|bn|mn|m|k)\b", re.I)
_NEXT_SCALE = {
    "thousand": "million", "million": "billion", "billion": "million", "trillion": "billion",
    "bn": "mn", "mn": "bn", "m": "bn", "k": "m",
}  # fmt: skip
# "Dozens" is no lie where hundreds came, so vague numbers only grow.
_VAGUE_MORE = {"dozens": "thousands", "hundreds": "thousands", "thousands": "millions"}
_FRACTIONS = ("half", "a third", "a quarter", "two thirds", "three quarters", "a fifth")
_FRACTION = re.compile(
    r"^(?:a |one[ -])?(half|third|quarter)$|^(two|three)[ -](thirds|quarters)$", re.I
)
_SPOKEN = re.compile(
    r"^(?:(twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-)?([a-z]+)\b", re.I
)


def change_number(sentence: str, pool: Pool, rng: Random) -> str | None:
    """Return `sentence` with one number made false, or None."""
    found = [q for q in quantities(sentence) if not _in_idiom(sentence, q)]
    rng.shuffle(found)
    for quantity in found:
        new = _changed(sentence, quantity, pool, rng)
        if new is not None and new != quantity.text:
            return swap(sentence, quantity.start, quantity.end, new)
    return None


_DENIED = re.compile(r"\b(?:not|never|no|nor|without|cannot)\b|n['’]t\b", re.I)


def _in_idiom(sentence: str, quantity: Quantity) -> bool:
    """Tell "at first", "second-hand" and the one of a pronoun from numbers that say something."""
    if quantity.value == 1 and not quantity.ordinal:
        return True
    if quantity.unit is None and not quantity.ordinal and not _SCALE.search(quantity.text):
        return sentence[quantity.end :].strip(" .") != "" or "," in sentence[-20:]
    if _DENIED.search(sentence[: quantity.start]):
        return True  # not three but four: who knows what "not five but four" says
    if sentence[quantity.end : quantity.end + 1] == "-" and quantity.unit is None:
        return True  # 4-F
    if quantity.ordinal:
        before = sentence[: quantity.start].rstrip().lower()
        follows = sentence[quantity.end : quantity.end + 1]
        if quantity.text[0].isdigit():
            return False
        return not before.endswith((" the", "its", "his", "her", "their")) or follows == "-"
    return False


def _changed(sentence: str, quantity: Quantity, pool: Pool, rng: Random) -> str | None:
    text = quantity.text
    low = text.lower()
    if quantity.hedge == VAGUE:
        first = low.split()[0]
        return (
            like_case(_VAGUE_MORE[first], text) + text[len(first) :]
            if first in _VAGUE_MORE
            else None
        )
    if quantity.ordinal:
        return _other_ordinal(text, rng)
    if quantity.unit == "clock":
        return _other_clock(text, rng)
    if quantity.unit == "score" and quantity.high is not None:
        return _other_score(text, rng)
    if match := _FRACTION.match(low):
        return _other_fraction(match.group(), rng, text)
    digits = _DIGITS.search(text)
    if digits:
        return _other_digits(sentence, quantity, digits, pool, rng)
    return _other_words(quantity, rng)


def _other_ordinal(text: str, rng: Random) -> str | None:
    low = text.lower()
    if low in _ORDINALS:
        i = _ORDINALS.index(low)
        near = [j for j in (i - 1, i + 1, i + 2) if 0 <= j < len(_ORDINALS) and j != i]
        return like_case(_ORDINALS[rng.choice(near)], text)
    if digits := re.match(r"(\d{1,4})(?:st|nd|rd|th)", text):
        value = int(digits[1]) + rng.choice((1, 2, 3, -1, 10))
        return nth(max(value, 1)) + text[digits.end() :] if value != int(digits[1]) else None
    return None


def nth(value: int) -> str:
    """Return 1st, 2nd, 3rd, 4th ..."""
    if value % 100 in (11, 12, 13):
        return f"{value}th"
    return f"{value}{({1: 'st', 2: 'nd', 3: 'rd'}).get(value % 10, 'th')}"


def _other_clock(text: str, rng: Random) -> str | None:
    match = re.match(r"\d{1,2}", text)
    if match is None:
        return None
    hour = int(match.group())
    half = re.search(r"[ap]\.?m", text, re.I)
    top = 12 if half else 23
    choices = [h for h in range(1, top + 1) if 1 <= abs(h - hour) <= 4]
    return str(rng.choice(choices)).zfill(len(match.group())) + text[match.end() :]


def _other_score(text: str, rng: Random) -> str | None:
    match = re.match(r"(\d+)(\s?[-–—]\s?)(\d+)", text)
    if match is None:
        return None
    low, high = int(match[1]), int(match[3])
    if abs(low) > 200:
        return None
    options = {(low + 1, high), (low + 2, high), (low + 1, high + 1)}
    if low > high + 1:
        options.add((low, high + 1))
    one, two = rng.choice(sorted(options))
    return f"{one}{match[2]}{two}{text[match.end() :]}"


def _other_fraction(now: str, rng: Random, text: str) -> str:
    plain = now.replace("-", " ").replace("one ", "a ")
    rest = [each for each in _FRACTIONS if each != plain and each != plain.removeprefix("a ")]
    return like_case(rng.choice(rest), text)


def _other_digits(
    sentence: str, quantity: Quantity, digits: re.Match[str], pool: Pool, rng: Random
) -> str | None:
    text = quantity.text
    way = rng.random()
    if way < 0.25 and (new := _from_pool(sentence, quantity, pool, rng)):
        return new
    if way < 0.4 and (scale := _SCALE.search(text)) and _plain(quantity):
        word = scale[2]
        other = like_case(_NEXT_SCALE[word.lower()], word)
        return text[: scale.start(2)] + other + text[scale.end(2) :]
    last = [*_DIGITS.finditer(text)][-1] if quantity.high is not None else digits
    new_digits = other_digits(last.group(), quantity, rng)
    return text[: last.start()] + new_digits + text[last.end() :] if new_digits else None


def _plain(quantity: Quantity) -> bool:
    return quantity.high is None and quantity.hedge in (None, "about")


def _from_pool(sentence: str, quantity: Quantity, pool: Pool, rng: Random) -> str | None:
    """Another number of the same article with the same unit, far enough from this one."""
    if not _plain(quantity):
        return None
    options = []
    for number in pool.numbers:
        read = quantities(number.text)
        if number.unit != quantity.unit or len(read) != 1 or number.text in sentence:
            continue
        value = read[0].value
        far = abs(value - quantity.value) > (0.3 if quantity.hedge else 0.05) * quantity.value
        if far and value > 1 and _same_tail(number.text, quantity.text) and read[0].high is None:
            options.append(number.text)
    return rng.choice(options) if options else None


def _same_tail(one: str, two: str) -> bool:
    """Tell whether two numbers count in the same words: "12 boats" and "40 boats"."""
    a, b = (re.sub(r"[\d,.]+", "0", text).lower() for text in (one, two))
    return a == b


def other_digits(digits: str, quantity: Quantity, rng: Random) -> str | None:
    """Return another number as precise and in the same format as `digits`, or None.

    "More than 300" stays true of more, so it only grows; "fewer than" only shrinks.
    """
    value = float(digits.replace(",", ""))
    decimals = len(digits.split(".")[1]) if "." in digits else 0
    if value == 0 or len(digits) > 15:
        return None
    if decimals == 0 and _plain(quantity) and quantity.hedge is None and rng.random() < 0.25:
        turned = _turned(digits.replace(",", ""))
        if turned and turned != digits and not (quantity.unit == "%" and int(turned) > 100):
            return _formatted(float(turned), digits, 0)
    step = _step(digits)
    low = 0.3 if quantity.hedge else 0.1
    for _ in range(20):
        factor = 1 + rng.uniform(low, 0.6) * _direction(quantity, rng)
        new = round(value * factor / step) * step
        if new == value:
            new = value + step * _direction(quantity, rng)
        allowed = new > 1 or (decimals and new > 0)
        if quantity.unit == "%" and value <= 100 < new:
            allowed = False
        if allowed and abs(new - value) > 1e-9:
            return _formatted(new, digits, decimals)
    return None


def _direction(quantity: Quantity, rng: Random) -> int:
    if quantity.hedge == "more_than":
        return 1
    if quantity.hedge == "less_than":
        return -1
    return rng.choice((-1, 1))


def _turned(digits: str) -> str | None:
    """Swap the first two digits that differ, as a slip of the pen would: 41, 14."""
    for i in range(len(digits) - 1):
        a, b = digits[i], digits[i + 1]
        if a != b and not (i == 0 and b == "0"):
            return digits[:i] + b + a + digits[i + 2 :]
    return None


def _step(digits: str) -> float:
    """Return the unit of the last digit that is not a closing zero; at most two are kept."""
    plain = digits.replace(",", "")
    if "." in plain:
        return float(10 ** -len(plain.split(".")[1]))
    zeros = len(plain) - len(plain.rstrip("0"))
    if len(plain) - zeros == 1 and zeros:
        zeros -= 1 if zeros > 1 else 0
        return float(5 * 10**zeros) if zeros > 1 else float(10**zeros)
    return float(10**zeros)


def _formatted(value: float, like: str, decimals: int) -> str:
    comma = "," in like or (value >= 10_000 and len(like.split(".")[0]) < 5)
    return f"{value:,.{decimals}f}" if comma else f"{value:.{decimals}f}"


def _other_words(quantity: Quantity, rng: Random) -> str | None:
    """Another number in words: three, twenty-one, fifty."""
    match = _SPOKEN.match(quantity.text)
    if match is None:
        return None
    word = match[2].lower()
    sign = _direction(quantity, rng) if quantity.hedge in ("more_than", "less_than") else 0
    if match[1] and word in ("one", *_SMALL[:8]):
        tens = [t for t in _TENS if t != match[1].lower()]
        return like_case(rng.choice(tens), quantity.text) + quantity.text[len(match[1]) :]
    if word in _TENS[1:]:
        i = _TENS.index(word)
        options = [
            t for j, t in enumerate(_TENS) if j != i and abs(j - i) < 4 and (j - i) * sign >= 0
        ]
    elif word in _SMALL_VALUE:
        value = _SMALL_VALUE[word]
        reach = max(2, value // 2)
        options = [
            w
            for w, v in _SMALL_VALUE.items()
            if v != value and abs(v - value) <= reach and (v - value) * sign >= 0
        ]
    else:
        return None
    if not options:
        return None
    return like_case(rng.choice(options), quantity.text) + quantity.text[match.end(2) :]
