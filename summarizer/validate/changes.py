"""Which way a number moved: risen by it, risen to it, or from it; doubled or trebled."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from summarizer.data import RejectReason
from summarizer.text.amounts import Quantity, borne_out
from summarizer.validate.reading import Finding, Reading

_UP = (
    r"rise|rises|rose|risen|rising|increase[sd]?|increasing|grow|grows|grew|grown|growing|climb\w*"
    r"|jump(?:s|ed|ing)?|soar\w*|surge[sd]?|surging|gain(?:s|ed|ing)?|raise[sd]?|raising|up"
)
_DOWN = (
    r"fall|falls|fell|fallen|falling|drop(?:s|ped|ping)?|decrease[sd]?|decreasing|declin(?:e|es|ed|ing)"
    r"|shrink\w*|shrank|shrunk|plunge[sd]?|plunging|tumble[sd]?|slump(?:s|ed|ing)?|slid|slide[sd]?"
    r"|dip(?:s|ped)?|sank|sink(?:s|ing)?|cuts?|cutting|lower(?:s|ed|ing)?|reduc(?:e|es|ed|ing)|down"
)
_MOVE = re.compile(rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\b", re.I)
# What may stand between the verb or preposition and the number.
_FILL = (
    r"(?:(?:an?|the|just|only|about|around|nearly|almost|over|more|less|than|record|new|high|low|of"
    r"|some|roughly|approximately|at|least|another|further|to|sharply|slightly|up|as|much|fewer"
    r"|under|below|above|well|estimated)\s+){0,4}"
)
_ROLES = re.compile(rf"\b(?P<role>to|by|from)\s+{_FILL}$", re.I)
_DIRECT = re.compile(rf"^\s*(?:in\s+\w+\s+)?{_FILL}$", re.I)
_NOUN_AFTER = re.compile(
    r"[\s-]+(?:(?:pay|price|annual|quarterly|year-on-year|yearly|overall|sharp)\s+)?"
    r"(?:(?P<up>rise|increase|gain|jump|growth|surge|hike)"
    r"|(?P<down>fall|drop|decline|decrease|cut|reduction|slump|dip|loss))s?\b",
    re.I,
)
_REACH = 70  # characters before a number in which its verb is looked for
_ROLE_OF = {"to": "level", "by": "change", "from": "start"}
_IN_WORDS = {"level": "what it moved to", "change": "how much it moved", "start": "where it began"}


class Move(NamedTuple):
    """How a number moves: `role` is level, change or start; `up` None when not said."""

    role: str
    up: bool | None


def move_of(text: str, quantity: Quantity) -> Move | None:
    """Return how `quantity` of `text` moves, None when nothing moves there."""
    tail = text[max(0, quantity.start - _REACH) : quantity.start]
    tail = re.split(r"[.;:]\s|,\s|\b(?:and|but|while|as)\b(?!\s+much)", tail)[-1]
    if after := _NOUN_AFTER.match(text, quantity.end):
        return Move("change", after["up"] is not None)
    verbs = list(_MOVE.finditer(tail))
    if not verbs:
        return None
    verb = verbs[-1]
    if verb.group().lower() in ("up", "down") and len(verbs) > 1 and verb.end() + 4 > len(tail):
        verb = verbs[-2]  # "rose by up to 5%"
    up = verb["up"] is not None
    between = tail[verb.end() :]
    if (role := _ROLES.search(between)) and not re.match(r"\s*to\s+\w+\s+by", between):
        return Move(_ROLE_OF[role["role"].lower()], up)
    if _DIRECT.match(between):
        return Move("change", up)
    return None


def check_changes(claim: Reading, evidence: Sequence[Reading]) -> Finding | None:
    """What the claim says rose by a number did not rise to it, nor fall by it, in the evidence."""
    for quantity in claim.quantities:
        if quantity.ordinal or quantity.unit in ("clock", "score", "year", "month"):
            continue
        mine = move_of(claim.text, quantity)
        if mine is None:
            continue
        theirs = [
            move_of(s.text, q) for s in evidence for q in s.quantities if borne_out(quantity, q)
        ]
        told = [move for move in theirs if move is not None]
        if not told or len(told) < len(theirs):
            continue
        if all(move.role != mine.role for move in told):
            said = _IN_WORDS[told[0].role]
            return RejectReason.NUMBER, f"{quantity.text} is {said} in the evidence"
        if mine.role == "change" and all(move.up != mine.up for move in told):
            way = "up" if told[0].up else "down"
            return RejectReason.NUMBER, f"{quantity.text} goes {way} in the evidence"
    return _multiplied(claim, evidence)


_TIMES = {"two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "ten": 10.0}
_MULTIPLE = re.compile(
    r"\b(?:(?P<double>doubl(?:ed|ing))|(?P<triple>tripl(?:ed|ing)|trebl(?:ed|ing))"
    r"|(?P<four>quadrupl(?:ed|ing))|(?P<half>halv(?:ed|ing))"
    r"|(?P<fold>two|three|four|five|six|ten|\d{1,3})-?fold)\b",
    re.I,
)


def _multiples(reading: Reading) -> list[tuple[float, str]]:
    """By what the text multiplies: doubled is 2, a rise of 200% is 3, halved is 0.5."""
    found = []
    for match in _MULTIPLE.finditer(reading.text):
        fold = (match["fold"] or "").lower()
        value = float(fold) if fold.isdigit() else _TIMES.get(fold, 0.0)
        named = {"double": 2.0, "triple": 3.0, "four": 4.0, "half": 0.5}
        found.append((named.get(match.lastgroup or "", value), match.group()))
    for quantity in reading.quantities:
        if quantity.unit == "%" and (move := move_of(reading.text, quantity)):
            if move.role == "change":
                change = quantity.value if move.up else -quantity.value
                found.append((1 + change / 100, quantity.text))
    return found


def _multiplied(claim: Reading, evidence: Sequence[Reading]) -> Finding | None:
    """What the claim says doubled did not treble, nor rise by half, in the evidence."""
    told = [(sentence, *multiple) for sentence in evidence for multiple in _multiples(sentence)]
    if not told:
        return None
    for match in _MULTIPLE.finditer(claim.text):
        value = next(v for v, text in _multiples(claim) if text == match.group())
        if not any(abs(value - other) <= 0.1 * value for _, other, _ in told):
            return RejectReason.NUMBER, f"{match.group()!r}: the evidence says {told[0][2]}"
    return None
