"""Guess the next tokens of an answer from where its last ones stood before.

A claim mostly copies its article, so what followed the same two or three tokens there is likely
to follow again. Several guesses are checked by one decode; a wrong one costs its own place in
the batch and nothing else. Source: prompt lookup decoding, github.com/apoorvumang.
"""

from __future__ import annotations

from collections.abc import Sequence

_LONGEST = 3  # tokens that are looked for; fewer where they are not found
_SHORTEST = 2


class Lookup:
    """An index of a prompt's tokens and of the answer's as they are written."""

    def __init__(self) -> None:
        self._after: dict[tuple[int, ...], int] = {}
        self._indexed = 0

    def guess(self, tokens: Sequence[int], count: int) -> list[int]:
        """Return up to `count` tokens that may follow `tokens`, none where nothing is found."""
        self._index(tokens)
        for length in range(_LONGEST, _SHORTEST - 1, -1):
            at = self._after.get(tuple(tokens[-length:]))
            if at is not None:
                return list(tokens[at : at + count])
        return []

    def _index(self, tokens: Sequence[int]) -> None:
        """Index what is new, but for the end, which would find itself."""
        self._indexed = min(self._indexed, len(tokens) - 1)  # after an answer was cut
        for end in range(max(self._indexed, _SHORTEST), len(tokens)):
            for length in range(_SHORTEST, _LONGEST + 1):
                if length <= end:
                    # The first place wins: the article stands before the answer.
                    self._after.setdefault(tuple(tokens[end - length : end]), end)
        self._indexed = len(tokens)
