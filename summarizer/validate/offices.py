"""Offices and places that a claim gives to a name: "Mayor Ilse Tarn", "Springfield, Ohio"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from summarizer.text.names import Name, name_matches
from summarizer.validate.reading import Index, Reading

# One office a line, by all its forms; only those that one person holds in one story.
_OFFICES = """
prime minister|premier|pm
foreign minister|foreign secretary
finance minister|chancellor of the exchequer
home secretary|interior minister
defence minister|defense minister|defence secretary|defense secretary
president
chancellor
governor
mayor
chief executive|ceo|chief executive officer
chairman|chairwoman|chair|chairperson
pope|pontiff
king
queen
attorney general
police chief|chief constable
head coach
archbishop
ambassador
"""
_FORMS = {
    form: line.split("|")[0] for line in _OFFICES.strip().splitlines() for form in line.split("|")
}
_WORD = "|".join(sorted((re.escape(form) for form in _FORMS), key=len, reverse=True))
_ANY = re.compile(rf"\b(?:{_WORD})\b", re.I)
_BEFORE = re.compile(rf"(?<![\w-])({_WORD})\s+(?:of\s+the\s+|)$", re.I)
_AFTER = re.compile(rf"\s*,\s+(?:the\s+|its\s+|an?\s+)?(?:\w+\s+){{0,2}}?({_WORD})\b", re.I)
_LESSER = re.compile(
    r"\b(?:vice|deputy|former|ex|acting|assistant|then|past|previous|late)[\s-]+$", re.I
)
_REACH = 60  # characters around a name in which its office stands


class Holder(NamedTuple):
    """A name with an office: `lesser` is what makes it another one (vice, former), or ""."""

    office: str
    lesser: str
    name: Name
    title: str


def holders(reading: Reading) -> Iterator[Holder]:
    """Find each name that has an office right before it, or in an apposition after it."""
    for name in reading.names:
        left = reading.text[max(0, name.start - _REACH) : name.start]
        if match := _BEFORE.search(left):
            lesser = _LESSER.search(left[: match.start()])
            yield _holder(match.group(1), lesser.group() if lesser else "", name)
        elif after := _AFTER.match(reading.text, name.end, name.end + _REACH):
            lesser = _LESSER.search(reading.text[name.end : after.start(1)])
            yield _holder(after.group(1), lesser.group() if lesser else "", name)


def _holder(title: str, lesser: str, name: Name) -> Holder:
    return Holder(_FORMS[title.lower()], lesser.strip(" -").lower(), name, title)


def wrong_office(claim: Reading, index: Index) -> str | None:
    """Return how the article gives an office of the claim to somebody else, or None.

    Only where it names another holder, and never brings the claim's own and the office together.
    """
    for held in holders(claim):
        rival: str | None = None
        for i, sentence in enumerate(index.sentences, 1):
            if held.office not in _offices_in(sentence):
                continue
            if name_matches(held.name, sentence.names):
                rival = None
                break
            rival = rival or _rival(held, sentence, i)
        if rival:
            return rival
    return None


def _offices_in(sentence: Reading) -> set[str]:
    return {_FORMS[m.group().lower()] for m in _ANY.finditer(sentence.text)}


def _rival(held: Holder, sentence: Reading, number: int) -> str | None:
    for other in holders(sentence):
        if other.office == held.office and other.lesser == held.lesser:
            return (
                f"{held.title} {held.name.text} is not in the evidence; "
                f"sentence {number} says {other.title} {other.name.text}"
            )
    return None


def wrong_place(claim: Reading, evidence: Sequence[Reading]) -> str | None:
    """Return how the evidence places a place of the claim elsewhere: "Velm, Ohio", or None."""
    for place, where in _placed(claim):
        for sentence in evidence:
            there = [w for p, w in _placed(sentence) if name_matches(place, [p])]
            if there and not any(name_matches(where, [w]) for w in there):
                return (
                    f"{place.text}, {where.text} is not in the evidence; "
                    f"sentence {sentence.number} says {place.text}, {there[0].text}"
                )
    return None


def _placed(reading: Reading) -> Iterator[tuple[Name, Name]]:
    """Pairs of names with a comma between them that are no list: "in Velm, Ohio, on Monday"."""
    for one, two in zip(reading.names, reading.names[1:], strict=False):
        if reading.text[one.end : two.start] != ", ":
            continue
        before, after = reading.text[: one.start][-12:], reading.text[two.end : two.end + 6]
        if _IN.search(before) and not _LIST.match(after):
            yield one, two


_IN = re.compile(r"\b(?:in|at|from|near|of|to|outside)\s+(?:the\s+)?$", re.I)
_LIST = re.compile(r"\s*(?:,\s*[A-Z]|,?\s+(?:and|or)\b)")
