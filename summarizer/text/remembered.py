"""Keep what was read of short texts: the stages read the same sentences again and again."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

Found = TypeVar("Found")

_TEXTS = 4096  # the sentences of some hundred articles; a sentence's tokens take about 3 KB
_CHARS = 1000  # whole articles are read once or twice, and their tokens take half a megabyte


def remembered(read: Callable[[str], list[Found]]) -> Callable[[str], list[Found]]:
    """Return `read` with a memory of the last short texts; each call has a list of its own."""
    kept = lru_cache(maxsize=_TEXTS)(lambda text: tuple(read(text)))

    @wraps(read)
    def reading(text: str) -> list[Found]:
        return list(kept(text)) if len(text) <= _CHARS else read(text)

    return reading
