"""What the evidence denies the claim denies, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.data import RejectReason
from summarizer.text.negation import Scope
from summarizer.validate.reading import Finding, Reading


def check_negation(claim: Reading, evidence: Sequence[Reading]) -> Finding | None:
    """What the evidence denies the claim denies, and nothing else."""
    there = [scope for sentence in evidence for scope in sentence.scopes]
    polarity: dict[str, set[bool]] = {}
    for scope in there:
        polarity.setdefault(scope.key, set()).add(scope.negated)
    own: dict[str, set[bool]] = {}
    for scope in claim.scopes:
        own.setdefault(scope.key, set()).add(scope.negated)
    for scope in claim.scopes:
        if scope.plain and scope.depth == 1:
            said = polarity.get(scope.key)
            invented = not any(s.negated for s in there) if said is None else True not in said
            if invented:
                word = claim.text[scope.start : scope.end]
                return RejectReason.NEGATION, f"the evidence does not deny {word!r}"
    if lost := _lost(evidence[0].scopes, own, polarity):
        return RejectReason.NEGATION, f"the evidence denies {lost!r}, the claim does not"
    if denied := _denied(claim, evidence[0]):
        return RejectReason.NEGATION, f"the evidence denies it: {denied!r}"
    return None


def _lost(
    there: Sequence[Scope], own: dict[str, set[bool]], polarity: dict[str, set[bool]]
) -> str | None:
    for scope in there:
        if scope.negated and scope.depth == 1 and polarity[scope.key] == {True}:
            if own.get(scope.key) == {False}:
                return scope.key
    return None


_DENIAL = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|refut\w+|debunk\w+|disproved?|dismiss\w*\s(?:[^.;]{0,40}\s)?as|hoax"
    r"|untrue|false(?:ly)?|reject\w*\s(?:\w+\s){0,2}(?:claims?|reports?|allegations?|suggestions?))\b",
    re.I,
)
_MOSTLY = 0.6  # share of the claim's words that stand after the denial


def _denied(claim: Reading, sentence: Reading) -> str | None:
    """Return the words that deny what the claim says as a fact: "denied that ...", "a hoax"."""
    match = _DENIAL.search(sentence.text)
    if match is None or _DENIAL.search(claim.text) or any(s.negated for s in claim.scopes):
        return None
    after = {t.key for t in sentence.terms if t.start >= match.end()}
    inside = sum(t.key in after for t in claim.terms)
    return match.group() if inside >= _MOSTLY * len(claim.terms) else None
