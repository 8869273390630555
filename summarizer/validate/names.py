"""Every name of a claim is in its evidence, and does there what the claim says."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.data import RejectReason
from summarizer.text.dates import overlapping
from summarizer.text.names import LEGAL_FORMS, Name, name_matches, spelled_out
from summarizer.validate.reading import Finding, Index, Reading

# "It plans to ...", "the company said": the evidence leaves a name to the sentences before.
_REFERENCE = re.compile(
    r"\b(?:he|she|it|they|him|his|her|hers|its|them|their|theirs|this|these|those|we|our|us|i|my|"
    r"who|(?:the|this|that|both)\s+(?:[\w-]+\s+){0,2}(?:company|companies|firm|group|giant|maker|"
    r"bank|agency|ministry|department|team|club|side|party|government|council|court|university|"
    r"school|hospital|airline|studio|network|site|service|platform|app|startup|start-up|union|"
    r"charity|organi[sz]ation|body|force|city|town|country|nation|state|man|woman|boy|girl|couple|"
    r"pair|duo|suspect|victim|actor|actress|singer|player|striker|midfielder|defender|goalkeeper|"
    r"manager|coach|captain|champion|star|president|minister|senator|mayor|chief|executive|ceo|"
    r"chairman|founder|director|officer|official|spokesman|spokeswoman|judge|lawyer|author|"
    r"scientist|researcher|researchers|study|report|film|book|song|show|series|game|model|product|"
    r"device|system|project|plan|deal|bill|law|attack|storm|crash|fire|ship|plane|aircraft|event|"
    r"tournament|match|race|election|former|latter|billionaire|politician|leader|teenager|student)"
    r"|the\s+\d+-year-old)\b",
    re.I,
)
# The same as the subject of a clause; a possessive does not stand for one.
_SUBJECT_REFERENCE = re.compile(
    r"\b(?:he|she|it|they|we|i|the\s+(?!and\b|of\b)[a-z][\w-]*)\b", re.I
)
_LOOK_BACK = 5  # sentences before the evidence in which a reference may find its name


def check_names(
    claim: Reading, index: Index, ids: Sequence[int]
) -> tuple[Finding | None, tuple[int, ...]]:
    """Every name of the claim is in the evidence, or where the evidence refers back to.

    Returns the finding, and the ids of further sentences that a reference was resolved by; they
    belong to the evidence.
    """
    chosen = list(ids)
    extra: list[int] = []
    for name in claim.names:
        if any(_named(name, index.sentences[i - 1]) for i in chosen):
            continue
        if any(True for _ in overlapping(name.start, name.end, claim.dates)):
            continue
        if _titled(name, index, ids):
            continue
        found = _referred(name, index, ids)
        if found is None:
            return (RejectReason.NAME, f"{name.text} is not in the evidence"), ()
        chosen.append(found)
        extra.append(found)
    if whole := _unknown_part(claim.names, index):
        return (RejectReason.NAME, f"{whole.text} is not a name of the article"), ()
    return None, tuple(extra)


def _named(name: Name, sentence: Reading) -> bool:
    if name_matches(name, sentence.names) or spelled_out(name, sentence.text):
        return True
    # Capitalised by the claim alone: a common word, or a text without capitals.
    phrase = re.escape(" ".join(name.text.lower().replace("’", "'").split()))
    return bool(re.search(rf"(?<!\w){phrase}(?:'s|s)?(?!\w)", sentence.lower))


def _titled(name: Name, index: Index, ids: Sequence[int]) -> bool:
    """Tell whether the evidence refers to what the article's title names."""
    refers = any(_REFERENCE.search(index.sentences[i - 1].text) for i in ids)
    return refers and _named(name, index.title)


def _referred(name: Name, index: Index, ids: Sequence[int]) -> int | None:
    """Return the nearest sentence before the evidence that has `name`, if something refers back."""
    for i in ids:
        if not _REFERENCE.search(index.sentences[i - 1].text):
            continue
        for back in range(i - 1, max(0, i - 1 - _LOOK_BACK), -1):
            if _named(name, index.sentences[back - 1]):
                return back
    return None


_PASSIVE = re.compile(
    r"\s*(?:,[^,]*,\s*)?(?:is|are|was|were|has been|have been|had been|being)\b", re.I
)


def check_subject(
    claim: Reading, index: Index, ids: Sequence[int], verb: int | None
) -> Finding | None:
    """Who the claim says did it stands before the verb in its evidence, not another name alone.

    `verb` is the index of the claim's first word after its first name.
    """
    if verb is None or not claim.names or not _opens_claim(claim):
        return None
    subject = claim.names[0]
    if _PASSIVE.match(claim.text, subject.end):
        return None
    term = claim.terms[verb]
    told = {t.key for t in claim.terms if t.start >= subject.end}
    bearing = [i for i in ids if term.key in index.sentences[i - 1].keys]
    if not bearing:
        return None
    best = max(bearing, key=lambda i: len(told & index.sentences[i - 1].keys))
    if rival := _rival_subject(subject, claim, index.sentences[best - 1], term.key):
        return RejectReason.NAME, f"the evidence says it of {rival}, not of {subject.text}"
    before = [index.sentences[i - 1] for i in range(max(1, best - _LOOK_BACK), best + 1)]
    if not any(_named(subject, sentence) for sentence in (index.title, *before)):
        return RejectReason.NAME, f"no sentence up to the evidence says it of {subject.text}"
    return None


def _opens_claim(claim: Reading) -> bool:
    before = [t for t in claim.terms if t.end <= claim.names[0].start]
    return len(before) <= 1


def _rival_subject(subject: Name, claim: Reading, sentence: Reading, key: str) -> str | None:
    """Return the name that stands before the verb where `subject` should."""
    verbs = [t.start for t in sentence.terms if t.key == key]
    if not verbs:
        return None
    before = [n for n in sentence.names if n.end <= max(verbs)]
    if any(name_matches(subject, [n]) for n in before) or spelled_out(subject, sentence.text):
        return None
    rivals = [n for n in before if not name_matches(n, claim.names)]
    if not rivals or _SUBJECT_REFERENCE.search(sentence.text[rivals[-1].end : max(verbs)]):
        return None
    return rivals[-1].text


def _unknown_part(claimed: Sequence[Name], index: Index) -> Name | None:
    """Return a name that adds a word the article's form of it lacks: Jane to Smith."""
    for name in claimed:
        if len(name.words) < 2:
            continue
        known = [other for other in index.names if name_matches(name, [other])]
        words = {w for other in known for w in other.words}
        if known and all(len(o.words) < len(name.words) for o in known) and not _acronymic(known):
            missing = [w for w in name.words if w not in words and w not in LEGAL_FORMS]
            if missing and not _written(missing, index):
                return name
    return None


def _acronymic(known: Sequence[Name]) -> bool:
    return any(o.text.isupper() for o in known)


def _written(words: Sequence[str], index: Index) -> bool:
    return all(any(word in s.lower for s in index.sentences) for word in words)
