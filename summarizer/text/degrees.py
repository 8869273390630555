"""Superlatives and comparisons in English text: the second largest, larger than, as large as."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from summarizer.text.words import Token, canonical, is_content, stem, tokens

# Adjectives that take -er and -est, and those that are their opposite. Words of one line, on one
# side of the bar, are not equal: "highest" is looked for as "highest".
_OPPOSITE_LINES = """
large big|small little tiny
high tall|low short
long|short brief
old|young new
fast quick|slow
rich wealthy|poor
strong|weak
heavy|light
hot warm|cold cool
deep|shallow
wide broad|narrow
near close|far
safe|risky
easy simple|hard tough
bright|dark dim
dry|wet
thick|thin
loud|quiet
happy|sad
dear|cheap
good|bad
many|few
great|slight
early|late
clean|dirty
busy|idle
smart clever|dumb
deadly|bloody
steep sharp|gentle
rare|common
kind|cruel
""".strip().splitlines()
_IRREGULAR = {
    "good": ("better", "best"), "bad": ("worse", "worst"), "many": ("more", "most"),
    "few": ("fewer", "fewest"), "far": ("farther", "farthest"), "late": ("later", "latest"),
}  # fmt: skip
_NO_OPPOSITE = ("deadly", "bloody")


def _form(base: str, ending: str) -> str:
    if base.endswith("e"):
        return base + ending[1:]
    if base.endswith("y") and base[-2] not in "aeiou":
        return base[:-1] + "i" + ending
    if re.fullmatch(r"[^aeiou]*[aeiou][^aeiouwxy]", base):
        return base + base[-1] + ending  # bigger, hottest
    return base + ending


def _tables() -> tuple[dict[str, str], dict[str, str], dict[str, frozenset[str]]]:
    """Comparative -> base, superlative -> base, base -> bases that say the opposite."""
    more: dict[str, str] = {}
    most: dict[str, str] = {}
    opposite: dict[str, frozenset[str]] = {}
    for line in _OPPOSITE_LINES:
        one, two = (part.split() for part in line.split("|"))
        for base in (*one, *two):
            comparative, superlative = _IRREGULAR.get(base, (_form(base, "er"), _form(base, "est")))
            more.setdefault(comparative, base)
            most.setdefault(superlative, base)
        if one[0] in _NO_OPPOSITE:
            continue
        for base, others in [(b, two) for b in one] + [(b, one) for b in two]:
            opposite[base] = opposite.get(base, frozenset()) | frozenset(others)
    # "Earlier" and "later" tell time, "latest" is the newest; "most" needs a word after it.
    for word in ("earlier", "later", "latest", "most", "more", "fewer"):
        more.pop(word, None)
        most.pop(word, None)
    return more, most, opposite


_MORE, _MOST, _OPPOSITES = _tables()
_GROUPS = [side.split() for line in _OPPOSITE_LINES for side in line.split("|")]
_GROUP = {word: group[0] for group in reversed(_GROUPS) for word in group}
_RANKS = {
    "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "6th": 6, "7th": 7,
    "8th": 8, "9th": 9, "10th": 10,
}  # fmt: skip
_ONE_OF = re.compile(
    r"\b(?:(?:one|two|three|four|five|six|some|many|several|any|most|\d{1,3})\s+of|among|amongst)\s+"
    r"(?:(?!and\b|or\b)[^\s,;.]+\s+){0,4}$",
    re.I,
)
_FIXED = re.compile(
    r"[\s-]+(?:known|sell\w*|man\b|friends?\b|wishes|of\s+luck|interests?\b|practi[cs]es?\b|likely\b)",
    re.I,
)
_DETERMINERS = frozenset("the its their his her our your my".split()) | frozenset(_RANKS)


class Superlative(NamedTuple):
    """What is said to be the most: `rank` 2 for "the second largest", `one_of` for "one of the".

    `key` is the adjective under one name for equal ones (biggest: large), or the stem after
    "most" or "least"; `noun` the canonical stem of the next content word, "" at the end.
    """

    key: str
    least: bool
    rank: int
    one_of: bool
    noun: str
    start: int
    end: int


@lru_cache(maxsize=1024)
def superlatives(text: str) -> tuple[Superlative, ...]:
    """Find the superlatives in `text`, in order."""
    return tuple(_superlatives(text, tokens(text)))


def _superlatives(text: str, words: Sequence[Token]) -> Iterator[Superlative]:
    for i, word in enumerate(words):
        low = word.text.lower()
        before = words[i - 1].text.lower() if i else ""
        after = words[i + 1] if i + 1 < len(words) else None
        if low in _MOST and before != "at" and not _FIXED.match(text, word.end):
            key, last, least = _GROUP[_MOST[low]], i, False
        elif low in ("most", "least") and after is not None and _is_degree(before, after):
            key, last, least = stem(after.text), i + 1, low == "least"
        else:
            continue
        rank = _RANKS.get(before, 1)
        one_of = _ONE_OF.search(text[max(0, word.start - 60) : word.start]) is not None
        yield Superlative(
            key, least, rank, one_of, _noun(text, words, last), word.start, words[last].end
        )


def _is_degree(before: str, after: Token) -> bool:
    """Tell "the most popular" from "most people" and "at least"."""
    owned = before in _DETERMINERS or before.endswith(("'s", "’s", "s'", "s’"))
    return owned and is_content(after.text) and after.text.islower()


def _noun(text: str, words: Sequence[Token], last: int) -> str:
    for i in range(last + 1, min(last + 3, len(words))):
        if re.search(r"[,.;:]", text[words[i - 1].end : words[i].start]):
            return ""
        if is_content(words[i].text):
            return canonical(stem(words[i].text))
    return ""


def opposite_degree(one: Superlative, two: Superlative) -> bool:
    """Tell whether two superlatives say the opposite: largest and smallest, most and least."""
    if one.key == two.key:
        return one.least != two.least
    bases = [base for base, name in _GROUP.items() if name == two.key]
    return any(_GROUP[o] == one.key for base in bases for o in _OPPOSITES.get(base, ()))


def plain_degree(superlative: Superlative, words: Sequence[str]) -> str | None:
    """Return the word among `words` that has the adjective without its superlative, or None."""
    for word in words:
        if _GROUP.get(word.lower()) == superlative.key or stem(word) == superlative.key:
            return word
    return None


class Comparison(NamedTuple):
    """One side set against another: `sign` 1 for more, -1 for less, 0 for as much.

    `key` is the adjective, `large` for small with the sign turned, or "many" for more and fewer;
    `left` and `right` hold the canonical stems of the content words on either side.
    """

    key: str
    sign: int
    left: frozenset[str]
    right: frozenset[str]
    start: int
    end: int


_THAN_WITHIN = 4  # words between "larger" or "more" and "than"
_LEFT = 6  # content words that stand for the left side, as far as the clause goes
_RIGHT = 4
_CLAUSE = re.compile(r"[;:.!?()\"“”]|,\s|\b(?:but|while|whereas|although)\b", re.I)
_DENIED = re.compile(r"\b(?:not|no|never|cannot)\s+(?:\w+\s+)?$|n['’]t\s+(?:\w+\s+)?$", re.I)
_TIMES = re.compile(r"\b(?:twice|thrice|times|double)\s*$", re.I)
_SHORT_OF = re.compile(r"\b(?:not|nearly|almost|half|never|third|quarter)\s*$|n['’]t\s*$", re.I)
_AS_SET = frozenset("well soon long far much many little possible early".split())
# The first of each pair of opposites carries the sign: smaller is less large.
_POSITIVE = {
    word: (line.split("|")[0].split()[0], sign)
    for line in reversed(_OPPOSITE_LINES)
    for side, sign in zip(line.split("|"), (1, -1), strict=True)
    for word in side.split()
}


@lru_cache(maxsize=1024)
def comparisons(text: str) -> tuple[Comparison, ...]:
    """Find what `text` compares by "than" or "as ... as", in order; denied ones are left out."""
    words = tokens(text)
    found = []
    for i, word in enumerate(words):
        low = word.text.lower()
        if low in _MORE or low in ("more", "less", "fewer"):
            found.append(_than(text, words, i))
        elif low == "as":
            found.append(_as_as(text, words, i))
    return tuple(comparison for comparison in found if comparison is not None)


def _than(text: str, words: Sequence[Token], i: int) -> Comparison | None:
    limit = min(i + 2 + _THAN_WITHIN, len(words))
    than = next((j for j in range(i + 1, limit) if words[j].text.lower() == "than"), None)
    if than is None or _CLAUSE.search(text[words[i].end : words[than].start]):
        return None
    if _DENIED.search(text[max(0, words[i].start - 25) : words[i].start]):
        return None
    if than + 1 < len(words) and words[than + 1].text[0].isdigit():
        return None  # more than 300 is a hedge
    low, between = words[i].text.lower(), words[i + 1 : than]
    sign = -1 if low in ("less", "fewer") else 1
    if low in _MORE:
        key, turned = _POSITIVE[_MORE[low]]
        sign *= turned
    elif len(between) == 1 and not between[0].text.endswith("s"):
        base = between[0].text.lower()
        key, turned = _POSITIVE.get(base, (stem(base), 1))
        sign *= turned
    else:
        key = "many"
    counted = _keys(between) if key == "many" else frozenset[str]()
    return _sides(text, words, (i, than), key, sign, counted)


def _as_as(text: str, words: Sequence[Token], i: int) -> Comparison | None:
    if i + 3 >= len(words) or words[i + 2].text.lower() != "as":
        return None
    base = words[i + 1].text.lower()
    if base in _AS_SET or not is_content(base):
        return None
    before = text[max(0, words[i].start - 25) : words[i].start]
    sign = 1 if _TIMES.search(before) else -1 if _SHORT_OF.search(before) else 0
    key, turned = _POSITIVE.get(base, (stem(base), 1))
    return _sides(text, words, (i, i + 2), key, sign * turned, frozenset())


def _sides(
    text: str,
    words: Sequence[Token],
    at: tuple[int, int],
    key: str,
    sign: int,
    counted: frozenset[str],
) -> Comparison | None:
    first, than = at
    left = _clause(text, words[max(0, first - 3 * _LEFT) : first][::-1], words[first].start)
    right = _clause(text, words[than + 1 : than + 1 + 3 * _RIGHT], words[than].end)
    left_keys = _keys(left, _LEFT) | counted
    right_keys = _keys(right, _RIGHT)
    both = left_keys & right_keys
    if not left_keys - both or not right_keys - both:
        return None
    start, end = words[first].start, words[than].end
    return Comparison(key, sign, left_keys - both, right_keys - both, start, end)


def _clause(text: str, words: Sequence[Token], edge: int) -> list[Token]:
    """The words from `edge` outwards, up to the border of the clause."""
    kept: list[Token] = []
    for word in words:
        gap = text[min(edge, word.end) : max(edge, word.start)]
        if _CLAUSE.search(gap) or _CLAUSE.fullmatch(word.text):
            break
        kept.append(word)
        edge = word.start if word.end <= edge else word.end
    return kept


def _keys(words: Sequence[Token], limit: int = _LEFT) -> frozenset[str]:
    return frozenset([canonical(stem(w.text)) for w in words if is_content(w.text)][:limit])
