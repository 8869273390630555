"""What the evidence plans or thinks possible is not done in the claim, nor the reverse."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.data import RejectReason
from summarizer.text.negation import Modality, Scope
from summarizer.text.words import PAST_FORMS
from summarizer.validate.reading import Finding, Reading


def check_modality(claim: Reading, evidence: Sequence[Reading]) -> Finding | None:
    """What the evidence only plans or thinks possible is not done in the claim, nor the reverse."""
    real: dict[str, set[Modality]] = {}
    first: set[str] = set()
    for sentence in evidence:
        for scope in sentence.scopes:
            real.setdefault(scope.key, set()).add(scope.modality)
            if scope.depth == 1:
                first.add(scope.key)
    for scope in claim.scopes:
        said = real.get(scope.key, set())
        planned = scope.modality is Modality.PLANNED and _TO.search(claim.text[: scope.start])
        if planned and said == {Modality.DONE}:
            word = claim.text[scope.start : scope.end]
            return RejectReason.NOT_ENTAILED, f"{word!r} is no plan in the evidence"
        if scope.modality is not Modality.DONE or not _real(claim.text, scope):
            continue
        if scope.key in first and said and said <= {Modality.PLANNED, Modality.POSSIBLE}:
            word = claim.text[scope.start : scope.end]
            return (
                RejectReason.NOT_ENTAILED,
                f"{word!r} is only planned or possible in the evidence",
            )
    return None


_TO = re.compile(r"\bto\s+$", re.I)
_BE = re.compile(r"\b(?:is|are)\s+(?:\w+ly\s+|already\s+|also\s+|now\s+)?$", re.I)
_HAVE = re.compile(r"\b(?:has|have|had|was|were)\s+(?:\w+ly\s+|already\s+|also\s+)?$", re.I)


def _real(text: str, scope: Scope) -> bool:
    """Tell whether the word is a verb of what is so: "bought", "has begun", "is building"."""
    word = text[scope.start : scope.end].lower()
    if word.endswith("ing") and _BE.search(text[max(0, scope.start - 30) : scope.start]):
        return True
    if _HAVE.search(text[max(0, scope.start - 30) : scope.start]):
        return True
    before = re.search(r"(\w+)\W*$", text[: scope.start])
    if before and before.group(1).lower() in ("the", "a", "an", "be", "of", "its", "their", "to"):
        return False
    return word.endswith("ed") or word in PAST_FORMS
