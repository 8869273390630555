"""Which of several claims that say the same words a fact best."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from summarizer.data import SupportedClaim, Writer

_EXPECTED_LENGTH = 160  # characters; the wording of a fact should be near it
_FIGURE, _MOST_FIGURES = 0.06, 3  # support that a number in the wording is worth
_CAPITAL, _MOST_CAPITALS = 0.02, 6  # … and a capitalised word inside it
_LENGTH = 0.15  # … and a length off by a factor of e costs
# Words that point back to a sentence which the brief does not show.
_POINTS_BACK = re.compile(
    r"[\"'“‘(]*(?:it|its|he|his|she|her|hers|they|their|theirs|this|these|those|that|such|there"
    r"|here|but|and|also|however|meanwhile|both)\b(?!\s*['’]s\s+[A-Z])",
    re.I,
)
# Three small letters before the stop, so that "Dr. Brask" and "U.S. troops" are one sentence.
_NEXT_SENTENCE = re.compile(
    r"(?:(?<=[a-z]{3}[.!?])|(?<=[0-9)\"”’][.!?]))(?<!Corp\.)(?<!Prof\.)(?<!Capt\.)(?<!Sept\.)"
    r"[\"”’]?\s+[A-Z“\"‘]"
)


def wording_rank(claim: SupportedClaim) -> tuple[bool, bool, bool, float, str, str]:
    """Order claims from the best wording to the worst, by content alone.

    A single sentence that can be read by itself comes first, then the model's wording before a
    sentence of the article, then the best supported, most specific and of a handy length.
    """
    text = claim.claim.text
    words = text.split()
    figures = min(_MOST_FIGURES, sum(word.lstrip("$€£(")[:1].isdigit() for word in words))
    capitals = min(_MOST_CAPITALS, sum(word[0].isupper() for word in words[1:]))
    length = abs(math.log(max(len(text), 1) / _EXPECTED_LENGTH))
    value = claim.score + _FIGURE * figures + _CAPITAL * capitals - _LENGTH * length
    return (
        bool(_POINTS_BACK.match(text)),
        bool(_NEXT_SENTENCE.search(text)),
        claim.claim.writer is not Writer.MODEL,
        -round(value, 6),
        text,
        claim.claim.article_id,
    )


def best_first(claims: Sequence[SupportedClaim]) -> list[SupportedClaim]:
    """Return `claims` in the order of their rank."""
    return sorted(claims, key=wording_rank) if len(claims) > 1 else list(claims)
