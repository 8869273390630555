"""Cutting and joining of sentences: case, articles, spaces, ends."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.text.dates import MONTHS, WEEKDAYS
from summarizer.text.names import names
from summarizer.text.words import Token, tokens

_END = re.compile(r"[\s.!?…]*['\"”’)]?\s*$")
_SPACES = re.compile(r"[ \t\u00a0]+")
_BEFORE_MARK = re.compile(r" (?=[,;:](?:\s|$))")
_ALWAYS_CAPITAL = frozenset([*MONTHS, *WEEKDAYS, "i"])
_AN = re.compile(r"^(?:[aeio]|u(?!ni|s[aei]|k\b|n\b|\.)|hour|honest|heir|[8]|11\b|18\b)", re.I)
_AN_LETTERS = frozenset("AEFHILMNORSX")


def swap(text: str, start: int, end: int, new: str) -> str:
    """Return `text` with the characters `start` to `end` (exclusive) replaced by `new`.

    A word "a" or "an" right before is made to fit.
    """
    before = text[:start]
    if new and (match := re.search(r"\b(an?)(\s)$", before, re.I)):
        article = "an" if takes_an(new) else "a"
        if match[1][0].isupper():
            article = article.capitalize()
        before = before[: match.start()] + article + match[2]
    return before + new + text[end:]


def takes_an(word: str) -> bool:
    """Tell whether "an" and not "a" goes before `word`."""
    first = word.split()[0] if word.split() else word
    if first.isupper() and len(first) > 1 and first.isalpha() and len(first) < 5:
        return first[0] in _AN_LETTERS
    return bool(_AN.match(word))


def like_case(new: str, old: str) -> str:
    """Return `new` with a capital first letter where `old` has one."""
    if old[:1].isupper() and new[:1].islower():
        return new[0].upper() + new[1:]
    return new


def tidy(text: str) -> str:
    """Close doubled spaces, and spaces before commas where the text had none of its own."""
    return _SPACES.sub(" ", text).strip()


def close_gaps(text: str) -> str:
    """Remove spaces before commas and semicolons."""
    return _BEFORE_MARK.sub("", text)


def body_end(text: str) -> int:
    """Return where the words of `text` end: before the final stop and closing quotes."""
    match = _END.search(text)
    return match.start() if match else len(text)


def capital_first(text: str) -> str:
    """Return `text` with a capital first letter."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Return `text` with a small first letter, unless it opens with a name, a month or "I"."""
    words = tokens(text[:60])
    if not words or not text[:1].isupper():
        return text
    first = words[0].text
    if first.lower() in _ALWAYS_CAPITAL or first.split("'")[0] == "I" or first[1:2].isupper():
        return text
    if any(name.start == 0 for name in names(text)):
        return text
    return text[0].lower() + text[1:]


def is_lower(text: str) -> bool:
    """Tell whether `text` was lower-cased by someone: it has no capital at all."""
    return text == text.lower()


def word_at(words: Sequence[Token], i: int) -> str:
    """Return the lower-case word at `i`, or "" outside the sentence."""
    return words[i].text.lower().replace("’", "'") if 0 <= i < len(words) else ""
