"""What the evidence denies the claim denies, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from summarizer.data import RejectReason
from summarizer.text.negation import Modality, Scope
from summarizer.text.words import canonical, opposites, stem
from summarizer.validate.context import same_statement, says
from summarizer.validate.reading import Finding, Reading

_LESS = re.compile(r"\b(?:less|little|few|fewer|low|hardly|barely|only)\s+$", re.I)
_COVERED = 0.75  # share of a claim's other words that evidence has, when it is an added "not"
# "Not using solar cells" and "using cheap ones" stand side by side without a contradiction.
_VAGUE = frozenset(stem(w) for w in "use make take get do way thing part".split())
_DENYING = frozenset(canonical(stem(w)) for w in "fail refuse deny decline lack prevent".split())
_PLACES = 12  # places of one word that are looked at; bounds the work on hostile text


def check_negation(claim: Reading, evidence: Sequence[Reading]) -> Finding | None:
    """What the evidence denies the claim denies, and nothing else.

    A word counts as said the other way only where the words around it are the same too.
    """
    if not _agree(claim, evidence):
        for scope in claim.scopes:
            if scope.negated and scope.denied == 1 and not _vague(claim, scope):
                if told := _invented(claim, scope, evidence):
                    return RejectReason.NEGATION, told
        if evidence and (told := _lost(claim, evidence)):
            return RejectReason.NEGATION, told
    if evidence and (denied := _denied(claim, evidence[0])):
        return RejectReason.NEGATION, denied
    return None


def _vague(reading: Reading, scope: Scope) -> bool:
    return stem(reading.text[scope.start : scope.end]) in _VAGUE


def _agree(claim: Reading, evidence: Sequence[Reading]) -> bool:
    """Tell whether both deny one thing: "neither X nor Y signed", "X and Y did not sign"."""
    denied = {s.key for s in claim.scopes if s.negated and s.denied == 1 and not _vague(claim, s)}
    return any(s.negated and s.key in denied for sentence in evidence for s in sentence.scopes)


def _invented(claim: Reading, scope: Scope, evidence: Sequence[Reading]) -> str | None:
    """Return what the evidence says where the claim denies it, or None."""
    word = claim.text[scope.start : scope.end]
    there = list(_places(scope.key, evidence))
    if any(other.negated for _, other in there):
        return None
    for sentence, other in there:
        if same_statement(claim, scope, sentence, other) and (scope.plain or _acts(other)):
            what = says(sentence, other.start, other.end)
            return f"the evidence does not deny {word!r}; {what}"
    if there or not scope.plain or scope.key in _DENYING or not _added(claim, scope, evidence):
        return None
    return f"the evidence does not deny {word!r}"


def _acts(scope: Scope) -> bool:
    """Tell whether nothing weakens the word: "sold", not "may sell"."""
    return not scope.weakened


def _added(claim: Reading, scope: Scope, evidence: Sequence[Reading]) -> bool:
    """Tell whether the denied word is all that the claim adds: nothing there denies anything."""
    before = claim.text[: scope.start][-12:]
    if scope.weakened or _NOT_FOR.search(before) or claim.text[scope.start :][:2].lower() == "un":
        return False
    known = frozenset[str]().union(*(s.keys for s in evidence))
    if opposites(stem(claim.text[scope.start : scope.end])) & known:
        return False
    if any(s.negated or s.denied for sentence in evidence for s in sentence.scopes):
        return False
    others = [t for t in claim.terms if t.start != scope.start]
    inside = sum(t.key in known or t.stem in known for t in others)
    return bool(others) and inside >= _COVERED * len(others)


def _places(key: str, evidence: Sequence[Reading]) -> Iterator[tuple[Reading, Scope]]:
    for sentence in evidence:
        found = [s for s in sentence.scopes if s.key == key]
        for scope in found[:_PLACES]:
            yield sentence, scope


def _lost(claim: Reading, evidence: Sequence[Reading]) -> str | None:
    """Return what the best sentence denies and the claim says, or None."""
    own: dict[str, list[Scope]] = {}
    for scope in claim.scopes:
        own.setdefault(scope.key, []).append(scope)
    for scope in evidence[0].scopes:
        if not scope.negated or scope.denied != 1 or scope.key not in own:
            continue
        mine = own[scope.key]
        if _vague(evidence[0], scope):
            continue
        if any(s.negated or s.denied for s in mine) or _hedged(claim, mine[0]):
            continue
        if any(s.modality is Modality.POSSIBLE is not scope.modality for s in mine):
            continue
        if not all(other.negated for _, other in _places(scope.key, evidence)):
            continue
        if any(same_statement(claim, s, evidence[0], scope) for s in mine[:_PLACES]):
            what = says(evidence[0], scope.start, scope.end)
            word = claim.text[mine[0].start : mine[0].end]
            return f"the evidence denies {word!r}, the claim does not; {what}"
    return None


def _hedged(claim: Reading, scope: Scope) -> bool:
    return bool(_LESS.search(claim.text[max(0, scope.start - 12) : scope.start]))


_NOT_FOR = re.compile(r"\bnot\s+(?:for|in|on|at|by|to|with|from|as)\s+$", re.I)
_DENIAL = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|refut\w+|debunk\w+|disproved?|dismiss\w*\s(?:[^.;]{0,40}\s)?as|hoax"
    r"|untrue|false(?:ly)?|reject\w*\s(?:\w+\s){0,2}(?:claims?|reports?|allegations?|suggestions?))\b",
    re.I,
)
_MOSTLY = 0.6  # share of the claim's words that stand after the denial
_TALK = frozenset(canonical(stem(w)) for w in "claim say report allege accuse rumour".split())


def _denied(claim: Reading, sentence: Reading) -> str | None:
    """Return the words that deny what the claim says as a fact: "denied that ...", "a hoax"."""
    match = _DENIAL.search(sentence.text)
    if match is None or _DENIAL.search(claim.text) or any(s.negated for s in claim.scopes):
        return None
    if any(t.key in _TALK for t in claim.terms):
        return None
    after = {t.key for t in sentence.terms if t.start >= match.end()}
    inside = sum(t.key in after for t in claim.terms)
    if inside < _MOSTLY * len(claim.terms):
        return None
    return f"the evidence denies it; {says(sentence, match.start(), match.end())}"
