"""A verifier for tests that are not about it: it goes by the words alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORD = re.compile(r"\w+")


class WordVerifier:
    """Says yes to a claim whose words are nearly all in its evidence, else no."""

    name = "words"

    def scores(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Return 4 or -4 for each pair of evidence and claim."""
        return [4.0 if _contained(claim, evidence) else -4.0 for evidence, claim in pairs]

    def close(self) -> None:
        """Nothing to free."""


def _contained(claim: str, evidence: str) -> bool:
    own, there = (set(_WORD.findall(text.lower())) for text in (claim, evidence))
    return len(own & there) >= 0.75 * len(own)
