"""What the evidence plans or thinks possible is not done in the claim, nor the reverse."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.data import RejectReason
from summarizer.text.negation import Modality, Scope
from summarizer.text.words import PAST_FORMS, canonical, stem
from summarizer.validate.context import same_statement, says
from summarizer.validate.reading import Finding, Reading

_WEAK = frozenset({Modality.PLANNED, Modality.POSSIBLE, Modality.ALLEGED})
_WORDS = {
    Modality.PLANNED: "only planned",
    Modality.POSSIBLE: "only possible",
    Modality.ALLEGED: "only alleged",
}
# "Is expected to start": the word itself tells a plan.
_CUES = frozenset(canonical(stem(w)) for w in "expect plan schedule hope want ask set".split())
_WOULD = re.compile(r"\bwould\b[^.,;]*$", re.I)  # a past as often as a plan
_ATTRIBUTED = re.compile(
    r"\b(?:claim|alleg|accus|suspect|charg|believ|report|said|says|say|accord|told|trial|court|deni)",
    re.I,
)
_PLACES = 12  # places of one word that are looked at; bounds the work on hostile text


def check_modality(claim: Reading, evidence: Sequence[Reading]) -> Finding | None:
    """What the evidence only plans, thinks possible or alleges is not done in the claim.

    Nor is what it says was done a plan in the claim. The words around have to be the same.
    """
    places: dict[str, list[tuple[Reading, Scope]]] = {}
    for sentence in evidence:
        for scope in sentence.scopes:
            places.setdefault(scope.key, []).append((sentence, scope))
    for scope in claim.scopes:
        there = places.get(scope.key, [])[:_PLACES]
        told = _made_plan(claim, scope, there) or _made_fact(claim, scope, there)
        if told:
            return RejectReason.NOT_ENTAILED, told
    return None


def _made_plan(claim: Reading, scope: Scope, there: Sequence[tuple[Reading, Scope]]) -> str | None:
    """Return what the evidence says was done where the claim only plans it, or None."""
    if scope.weakened != 1 or scope.modality not in (Modality.PLANNED, Modality.POSSIBLE):
        return None
    if not _TO.search(claim.text[max(0, scope.start - 20) : scope.start]) or scope.negated:
        return None
    for sentence, other in there:
        if other.weakened or other.negated or not _real(sentence.text, other):
            return None
    for sentence, other in there:
        if same_statement(claim, scope, sentence, other):
            word = claim.text[scope.start : scope.end]
            return f"{word!r} is no plan in the evidence; {says(sentence, other.start, other.end)}"
    return None


def _made_fact(claim: Reading, scope: Scope, there: Sequence[tuple[Reading, Scope]]) -> str | None:
    """Return how the evidence weakens what the claim says was done, or None."""
    if scope.weakened or scope.denied or not _real(claim.text, scope) or scope.key in _CUES:
        return None
    if not there or not all(other.modality in _WEAK and other.weakened for _, other in there):
        return None
    attributed = bool(_ATTRIBUTED.search(claim.text))
    for sentence, other in there:
        if attributed and other.modality is Modality.ALLEGED:
            continue
        if other.weakened != 1 or _WOULD.search(sentence.text[: other.start][-_REACH:]):
            continue
        if same_statement(claim, scope, sentence, other):
            word = claim.text[scope.start : scope.end]
            how = _WORDS[other.modality]
            return f"{word!r} is {how} in the evidence; {says(sentence, other.start, other.end)}"
    return None


_TO = re.compile(r"\b(?:to|will|may|might|could)\s+(?:\w+ly\s+|soon\s+|also\s+)?$", re.I)
_BE = re.compile(r"\b(?:is|are)\s+(?:\w+ly\s+|already\s+|also\s+|now\s+)?$", re.I)
_HAVE = re.compile(r"\b(?:has|have|had|was|were)\s+(?:\w+ly\s+|already\s+|also\s+)?$", re.I)
_BEFORE = re.compile(r"(\w+)\W*$")
_REACH = 30  # characters before a verb in which its auxiliary stands


def _real(text: str, scope: Scope) -> bool:
    """Tell whether the word is a verb of what is so: "bought", "has begun", "is building"."""
    word = text[scope.start : scope.end].lower()
    left = text[max(0, scope.start - _REACH) : scope.start]
    if word.endswith("ing"):
        return bool(_BE.search(left))
    past = word.endswith("ed") or word in PAST_FORMS
    if _HAVE.search(left):
        return past
    before = _BEFORE.search(left)
    if before and before.group(1).lower() in ("the", "a", "an", "be", "of", "its", "their", "to"):
        return False
    return past
