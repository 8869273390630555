"""Every date of a claim is said by its evidence, as far as the claim says it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.data import RejectReason
from summarizer.text.dates import DateMention, covered
from summarizer.text.words import terms
from summarizer.validate.reading import Finding, Reading


def check_dates(claim: Reading, evidence: Sequence[Reading]) -> Finding | None:
    """Every date of the claim is said by the evidence, and on the same side of it.

    "Until 2010" is not "since 2010", nor "before May" "after May".
    """
    there = [d for sentence in evidence for d in sentence.dates]
    for date in _distinct(claim):
        if not covered(date, there) and not _said_in_parts(date, there):
            if _said_otherwise(date, evidence):
                continue
            detail = f"{date.text} is not in the evidence"
            return RejectReason.DATE, detail + _instead(claim, date, evidence)
        if turned := _other_side(claim, date, evidence):
            return RejectReason.DATE, turned
    return None


def _distinct(claim: Reading) -> list[DateMention]:
    """Each date of the claim once, where its side is the same; bounds the work on hostile text."""
    found = {(_side(claim.text, d), d._replace(start=0, end=0)): d for d in claim.dates}
    return list(found.values())


def _said_in_parts(date: DateMention, there: Sequence[DateMention]) -> bool:
    """The year from one sentence, the month from another."""
    if date.year is None or date.month is None:
        return False
    return covered(date._replace(year=None, weekday=None), there) and any(
        other.year == date.year for other in there
    )


_HALVES = ("h1", "h2")
_LAST_YEAR = re.compile(r"(?:last|previous|past) year", re.I)
_A_YEAR_BACK = re.compile(
    r"\byear[- ](?:ago|earlier)\b|\b(?:previous|prior|last) (?:year|season)\b", re.I
)


def _said_otherwise(date: DateMention, evidence: Sequence[Reading]) -> bool:
    """The same words, "year-ago" for last year, or half a match that is told by its minutes."""
    if any(date.text.lower() in s.lower for s in evidence):
        return True
    if _LAST_YEAR.fullmatch(date.text) and any(_A_YEAR_BACK.search(s.lower) for s in evidence):
        return True
    half_of_a_match = date.part in _HALVES and date.year is None
    return half_of_a_match and not any(d.part in _HALVES for s in evidence for d in s.dates)


def _instead(claim: Reading, date: DateMention, evidence: Sequence[Reading]) -> str:
    """Say which date the evidence has instead, if it has one of the kind."""
    rivals = []
    for sentence in evidence:
        shared = len(claim.keys & sentence.keys)
        for other in sentence.dates:
            kind = _kind(other)
            if kind & _kind(date) and not covered(other, claim.dates):
                rivals.append((len(kind & _kind(date)), shared, -other.start, sentence, other))
    if not rivals:
        return ""
    *_, sentence, other = max(rivals, key=lambda rival: rival[:3])
    where = "the evidence" if sentence.number is None else f"sentence {sentence.number}"
    return f"; {where} says {other.text}"


def _kind(date: DateMention) -> frozenset[str]:
    """What the date speaks of: year, month, day, weekday, part, or how far from today."""
    said = {
        name
        for name in ("year", "month", "day", "weekday", "part")
        if getattr(date, name) is not None
    }
    return frozenset(said | ({"year"} if date.relative else set()))


_SIDE = re.compile(
    r"\b(?:(?P<since>since|starting(?:\s+(?:in|on))?|beginning(?:\s+(?:in|on))?|from)"
    r"|(?P<until>until|till|through)|(?P<to>to)"
    r"|(?P<before>before|prior\s+to|ahead\s+of)|(?P<by>by)"
    r"|(?P<after>after)|(?P<on>in|on|at|during))\s+(?:the\s+)?$",
    re.I,
)
# Sides of a date that exclude each other whatever is said of them …
_APART = {
    frozenset(pair)
    for pair in (
        ("before", "after"), ("since", "until"), ("since", "before"), ("by", "after"),
        ("by", "since"), ("until", "after"),
    )
}  # fmt: skip
# … and those that do so where the same word is dated: "opened in 2010", "opened after 2010".
_APART_OF_ONE = {frozenset(pair) for pair in (("on", "before"), ("on", "after"), ("on", "until"))}
_NOT_UNTIL = re.compile(r"\bn[o']t\b|\bnever\b|n't\b", re.I)
_FAR = 80  # … that may hold the "from" of "to 2015", or the "not" of "until"
_BEFORE = 24  # characters before a date that hold its preposition


def _side(text: str, date: DateMention) -> str | None:
    """On which side of the date it happens: since, until, before, by, after, on, or None."""
    match = _SIDE.search(text[max(0, date.start - _BEFORE) : date.start])
    if match is None or match.lastgroup is None:
        return None
    side = match.lastgroup
    if side == "to":
        return (
            "until"
            if re.search(r"\bfrom\b", text[max(0, date.start - _FAR) : date.start], re.I)
            else None
        )
    if side == "until" and _NOT_UNTIL.search(text[max(0, date.start - _FAR) : date.start]):
        return None  # it did not open until 2010: it opened in or after 2010
    return side


def _other_side(claim: Reading, date: DateMention, evidence: Sequence[Reading]) -> str | None:
    """Return how the evidence puts it on the other side of the date, in all that it says of it."""
    mine = _side(claim.text, date)
    if mine is None:
        return None
    clashes = []
    for sentence, other in ((s, d) for s in evidence for d in s.dates if covered(date, [d])):
        theirs = _side(sentence.text, other)
        pair = frozenset((mine, theirs or mine))
        one_verb = _word_before(claim.text, date) == _word_before(sentence.text, other)
        if pair not in _APART and not (pair in _APART_OF_ONE and one_verb):
            return None
        clashes.append(_sided(sentence.text, other))
    return f"{_sided(claim.text, date)}: the evidence says {clashes[0]}" if clashes else None


def _sided(text: str, date: DateMention) -> str:
    """The date as the text has it, with the word before it that says the side."""
    start = max(0, date.start - _BEFORE)
    match = _SIDE.search(text[start : date.start])
    return " ".join(text[start + match.start() : date.end].split()) if match else date.text


def _word_before(text: str, date: DateMention) -> str:
    """The canonical stem of the last content word before the date, "" where there is none."""
    before = terms(text[max(0, date.start - 80) : date.start])
    return before[-1].key if before else ""
