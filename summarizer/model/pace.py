"""Choose how many threads decode, from how fast they have been.

llama.cpp's threads wait for one another by spinning. When another program takes one of their
cores all of them spin through its time slices, and two threads become several times slower than
one. No fixed number wins, so both are tried now and then, and the faster is used.
"""

from __future__ import annotations

from collections.abc import Callable

_FIRST_TRIAL = 3  # decodes before one thread is tried
_TRY_ONE = 40  # decodes between trials of one thread, while all cores are slower than once
_COLLAPSE = 1.2  # so many times slower
_SMALL = 64  # tokens
_TRY_ALL = 16  # … of all cores, while the others look free
_TRY_ANYWAY = 400  # … while they look busy: a trial among busy cores costs many times a decode
_NEWEST = 0.5  # weight of the newest measurement: a collapse must show at once


class Pace:
    """Picks 1 or `cores` threads for each decode.

    For each size of batch and number of threads it knows the least seconds a token ever took;
    how much slower than that a number of threads is now, is learnt from all sizes together.
    `others_free` says whether the cores that one thread leaves are idle.
    """

    def __init__(self, cores: int, others_free: Callable[[], bool] = lambda: True) -> None:
        self._cores = cores
        self._others_free = others_free
        self._least: dict[tuple[int, int], float] = {}
        self._slowdown = {1: 1.0, cores: 1.0}
        self._since_trial = 0
        self._tried_one = False

    def threads(self, tokens: int) -> int:
        """Return how many threads shall decode a batch of `tokens`."""
        if not self._tried_one:
            # With few tokens: a large batch with one thread would cost a second for nothing.
            small = tokens <= _SMALL
            return 1 if small and self._since_trial >= _FIRST_TRIAL else self._cores
        best = self._best(tokens.bit_length())
        if best == 1:
            worth_it = self._since_trial >= _TRY_ALL and self._others_free()
            return self._cores if worth_it or self._since_trial >= _TRY_ANYWAY else 1
        slowed = self._slowdown[self._cores] > _COLLAPSE
        return 1 if slowed and self._since_trial >= _TRY_ONE else best

    def note(self, tokens: int, threads: int, seconds: float) -> None:
        """Remember that a batch of `tokens` took `seconds` with so many threads."""
        size, each = tokens.bit_length(), seconds / tokens
        was_trial = threads != self._best(size)
        self._since_trial = 0 if was_trial else self._since_trial + 1
        self._tried_one = self._tried_one or threads == 1
        self._least[size, threads] = min(each, self._least.get((size, threads), each))
        now = each / self._least[size, threads]
        before = self._slowdown[threads]
        # After a trial there is only this one measurement to go by.
        self._slowdown[threads] = now if was_trial else before + _NEWEST * (now - before)

    def _best(self, size: int) -> int:
        one, all_cores = self._expected(size, 1), self._expected(size, self._cores)
        if one is None or all_cores is None:
            # This size is new: what holds for the others holds for it.
            others = {s for s, n in self._least if n == 1} & {s for s, n in self._least if n != 1}
            return self._best(min(others)) if others and size not in others else self._cores
        return 1 if one < all_cores else self._cores

    def _expected(self, size: int, threads: int) -> float | None:
        least = self._least.get((size, threads))
        return None if least is None else least * self._slowdown[threads]
