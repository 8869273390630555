"""What a claim calls the most, the only one or more than another is so in its evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.data import RejectReason
from summarizer.text.degrees import (
    Comparison,
    Superlative,
    comparisons,
    opposite_degree,
    plain_degree,
    superlatives,
)
from summarizer.text.words import canonical, is_content, stem, tokens
from summarizer.validate.reading import Finding, Reading


def check_comparisons(claim: Reading, evidence: Sequence[Reading]) -> Finding | None:
    """Superlatives and comparisons of the claim are borne out, unturned and with their limits.

    "The largest" is neither "one of the largest" nor "the second largest"; "larger than" is
    neither "smaller than" nor "as large as", and its sides stay where they are.
    """
    for superlative in _distinct(superlatives(claim.text)):
        if wrong := _not_the_most(claim, superlative, evidence):
            return RejectReason.NOT_ENTAILED, wrong
    for comparison in comparisons(claim.text):
        if wrong := _not_more(claim, comparison, evidence):
            return RejectReason.NOT_ENTAILED, wrong
    if wrong := _not_alone(claim, evidence):
        return RejectReason.NOT_ENTAILED, wrong
    return None


def _distinct(found: Sequence[Superlative]) -> list[Superlative]:
    """Each superlative once, where it says the same of the same noun; bounds the work."""
    return list({(s.key, s.least, s.rank, s.one_of, s.noun): s for s in found}.values())


def _told_by(sentence: Reading) -> str:
    return "the evidence" if sentence.number is None else f"sentence {sentence.number}"


def _said(reading: Reading, degree: Superlative) -> str:
    """The superlative as the text has it, with its rank and "one of the"."""
    start = degree.start
    if degree.rank > 1:
        start = reading.text.rfind(" ", 0, max(start - 1, 0)) + 1
    words = reading.text[start : degree.end]
    return f"one of the {words}" if degree.one_of else words


def _not_the_most(claim: Reading, mine: Superlative, evidence: Sequence[Reading]) -> str | None:
    """Return how the evidence ranks it otherwise, or None."""
    told = [(s, d) for s in evidence for d in superlatives(s.text)]
    same = [(s, d) for s, d in told if d.key == mine.key and d.least == mine.least]
    if same:
        return _ranked_otherwise(claim, mine, same)
    opposite = [(s, d) for s, d in told if opposite_degree(mine, d) and d.noun == mine.noun]
    if opposite and mine.noun:
        sentence, other = opposite[0]
        return f"{_said(claim, mine)!r}: {_told_by(sentence)} says {_said(sentence, other)!r}"
    if not told and mine.noun and not mine.one_of:
        return _only_plain(claim, mine, evidence)
    return None


def _ranked_otherwise(
    claim: Reading, mine: Superlative, same: Sequence[tuple[Reading, Superlative]]
) -> str | None:
    for sentence, other in same:
        weaker = mine.one_of or not other.one_of
        if weaker and (mine.rank == other.rank or mine.one_of):
            if not _limit_dropped(claim, mine, sentence, other):
                return None
    sentence, other = same[0]
    limit = _limit_dropped(claim, mine, sentence, other) or ""
    shown = f"{_said(sentence, other)} {limit}".strip()
    return f"{_said(claim, mine)!r}: {_told_by(sentence)} says {shown!r}"


_EVER = re.compile(r"\b(?:ever|in\s+history|on\s+record|of\s+all\s+time|all-time)\b", re.I)
_LIMIT = re.compile(
    r"\b(?:(?:in|for)\s+(?:(?:more\s+than|nearly|almost|about|over|at\s+least|the\s+past|the\s+last)\s+)?"
    r"[\w-]+\s+(?:years?|decades?|months?|weeks?|seasons?)"
    r"|(?:this|of\s+the)\s+(?:year|season|decade|month|week)|since\s+\w+)\b",
    re.I,
)
_SCOPE = 70  # characters after a superlative that limit it


def _limit_dropped(
    claim: Reading, mine: Superlative, sentence: Reading, other: Superlative
) -> str | None:
    """Return the limit of the evidence's superlative where the claim says "ever" instead."""
    if not _EVER.search(claim.text[mine.end : mine.end + _SCOPE]) or _EVER.search(sentence.text):
        return None
    limit = _LIMIT.search(sentence.text[other.end : other.end + _SCOPE])
    return limit.group() if limit else None


# Words that put something above all others without a superlative.
_ABOVE_ALL = re.compile(
    r"\b(?:record\w*|any\s+other|than\s+(?:any|all|every)|ever|never|first|top\w*|lead\w*|main"
    r"|number\s+one|no\s+(?:other|one)|unprecedented|maximum|minimum|peak|champion\w*|only|rank\w*"
    r"|second|third|unmatched|unrivalled|unrivaled|world[- ]beating)\b",
    re.I,
)


def _only_plain(claim: Reading, mine: Superlative, evidence: Sequence[Reading]) -> str | None:
    """Return the bare adjective that the evidence has beside the claim's noun: "a large dam"."""
    if any(_ABOVE_ALL.search(s.text) for s in evidence):
        return None
    for sentence in evidence:
        words = tokens(sentence.text)
        for word, after in zip(words, words[1:], strict=False):
            beside = is_content(after.text) and canonical(stem(after.text)) == mine.noun
            if beside and plain_degree(mine, [word.text]):
                said = sentence.text[word.start : after.end]
                return f"{_said(claim, mine)!r}: {_told_by(sentence)} only says {said!r}"
    return None


def _not_more(claim: Reading, mine: Comparison, evidence: Sequence[Reading]) -> str | None:
    """Return how the evidence compares the same two otherwise, or None."""
    against = None
    for sentence in evidence:
        for other in comparisons(sentence.text):
            verdict = _agrees(mine, other) if other.key == mine.key else None
            if verdict:
                return None
            if verdict is False:
                said = sentence.text[other.start : other.end]
                against = against or f"{_told_by(sentence)} compares them by {said!r}"
    return against and f"{claim.text[mine.start : mine.end]!r} is turned: {against}"


def _agrees(mine: Comparison, other: Comparison) -> bool | None:
    """Tell whether two comparisons by one quality agree; None when they are of other things."""
    straight = bool(mine.left & other.left) and bool(mine.right & other.right)
    crossed = bool(mine.left & other.right) and bool(mine.right & other.left)
    if straight == crossed:
        return None
    return mine.sign == (other.sign if straight else -other.sign)


_ONLY = re.compile(r"\b(?:the|his|her|its|their|’s|'s)\s+(?:only|sole)\s+(\w+)", re.I)
_ALONE = re.compile(
    r"\b(?:only|sole\w*|lone|single|unique\w*|alone|no\s+(?:other|one)|nobody|none|just|exclusiv\w*"
    r"|except|other\s+than|never|nowhere|last|one|all\s+but|merely|first|without)\b",
    re.I,
)


_DENIED = re.compile(r"(?:\bnot|\bnever|n['’]t)\s+$", re.I)


def _not_alone(claim: Reading, evidence: Sequence[Reading]) -> str | None:
    """Return "the only ..." of the claim where the evidence has it as one of others."""
    match = _ONLY.search(claim.text)
    if match is None or _DENIED.search(claim.text[: match.start()]):
        return None
    if any(_ALONE.search(s.text) for s in evidence):
        return None
    key = canonical(stem(match[1]))
    if not is_content(match[1]) or not any(key in s.keys for s in evidence):
        return None
    return f"{match.group()!r} is not said to be the only one in the evidence"
