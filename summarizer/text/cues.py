"""What a text holds at all, so that patterns which cannot match it need not be tried."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_RUN = re.compile(r"[a-z]+")
_DIGIT = re.compile(r"\d")
# Letters that a pattern which ignores case takes for s, i and k, but no table of words does.
_LOOKALIKES = str.maketrans("\u017f\u0131\u0130\u212a", "siIK")


class Cues(NamedTuple):
    r"""The digits and words of a text.

    `low` is the text in lower case; `words` are its longest runs of the letters a to z, in lower
    case: what `\bword\b` matches is always among them.
    """

    digits: bool
    words: frozenset[str]
    low: str


@lru_cache(maxsize=8)  # the searches for dates and for numbers ask for the same text in turn
def cues(text: str) -> Cues:
    """Return what `text`, as `without_lookalikes` returns it, holds."""
    low = text.lower()
    return Cues(_DIGIT.search(text) is not None, frozenset(_RUN.findall(low)), low)


def without_lookalikes(text: str) -> str:
    """Return `text`, of the same length, with the long s, dotless i and their like made plain."""
    if text.isascii() or not any(letter in text for letter in "\u017f\u0131\u0130\u212a"):
        return text  # "translate" alone takes longer than all the searches for dates
    return text.translate(_LOOKALIKES)
