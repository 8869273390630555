"""Places of a text that are taken, so that no two findings share a character."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable


class TakenSpans:
    """Spans without overlap; asking and adding take logarithmic time, however many there are."""

    def __init__(self, spans: Iterable[tuple[int, int]] = ()) -> None:
        self._spans = sorted(spans)

    def take(self, start: int, end: int) -> bool:
        """Take `start` to `end`, end exclusive; False where a part of it is taken already."""
        # A span at `end` or later is no neighbour: (end,) sorts before (end, anything).
        after = bisect_left(self._spans, (end,))
        if after and self._spans[after - 1][1] > start:
            return False
        insort(self._spans, (start, end))
        return True
