"""What a number in a claim counts: the things, what became of them, and the words around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from summarizer.merge.conflicts.values import compound, dimension
from summarizer.text.amounts import Quantity
from summarizer.text.quantities import quantities
from summarizer.text.words import STOPWORDS, Term, Token, canonical, stem, terms, tokens

_LONGEST = 2000  # characters of a claim; hostile articles hold sentences of any length
_MOST_NUMBERS = 40
_MOST_THINGS = 4  # words of the noun phrase after a number
_MOST_PURPOSE = 3  # content words that say what an amount is for
_STATE_REACH = 6  # words between a number and what became of the things
_NEAR = 5  # content words on either side of a number that say what it is of
_COMMA = 3  # words that a comma counts as: "9 dead, 11 hurt"

# What became of people and things that news counts; a count of one is none of another.
_STATES = {
    "dead": "kill killed killing die died dead death deaths fatality toll slain perish "
    "deceased fatal fatally",
    "hurt": "injure injured injury injuries wound wounded hurt hospitalised hospitalized",
    "missing": "missing unaccounted disappeared",
    "held": "arrest arrested detained detain custody",
    "sick": "infected infections",
    "away": "evacuate evacuated evacuation flee fled displaced homeless",
    "saved": "rescued saved",
    "ruined": "destroyed damaged burnt burned flooded gutted flattened",
}
_STATE_OF = {canonical(stem(w)): name for name, line in _STATES.items() for w in line.split()}
_PARTS = frozenset("other others more additional another further extra remaining rest".split())
_PEOPLE = frozenset(
    canonical(stem(w))
    for w in "people persons person resident civilian men women citizen victim inhabitant".split()
)
_OF_A_KIND = {canonical(stem(w)): w for w in ("men", "women")}  # people, but not each other
_RANKED = re.compile(r"\b(?:the|its|their|among|in) (?:top|bottom)\s$", re.I)
# Words that end the noun phrase after a number; others of STOPWORDS are passed over.
_ENDS = frozenset(
    """
    in at by for with on from to and or but who which that when where while after as near into
    since during between about against through over under via per than because before until if
    so until across among amid
    """.split()
)
_AUXILIARY = frozenset(
    "is are was were be been being have has had having will would could may might should".split()
)
_WHEN_AFTER = re.compile(r"[\s-]*\w{1,12}\s(?:later|ago|earlier|before|after)\b", re.I)
_WHEN_BEFORE = re.compile(
    r"\b(?:after|past|last|next|first|previous|over|for|every|in)\s(?:(?:the|about|nearly|almost"
    r"|more than|at least)\s){0,2}$",
    re.I,
)
_DIRECT = re.compile(
    r"\s(?:(?:a|an|the|some|about|around|nearly|almost|over|up|at|least|most|more|fewer|less|than|only"
    r"|its|their|his|her)\s){0,4}[$£€]?",
    re.I,
)
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "1/2": 0.5, "1/4": 0.25, "3/4": 0.75, "half": 0.5}
_FRACTION = re.compile(r"(?:\s|-|\sand\sa\s)?(½|¼|¾|[13]/[24]|half\b)(?![\d/])")
_UNIT = re.compile(r"[\s-]{1,2}([A-Za-z]{3,20})\b")
_QUOTED = re.compile(r"[A-Z]{0,2}[$£€][\d.,]+")  # a bid, and the offer behind a slash
_HOUR = re.compile(r"\s(?:GMT|UTC|EST|EDT|CET|BST)\b")
_PART_BEFORE = re.compile(r"\b(?:other|another|remaining|additional|further|last)\s$", re.I)
_TO = re.compile(r"\sto\s", re.I)
_FOR = re.compile(r"\s(?:(?:is|was|are|were|be|been)\s)?(?:[a-z]+\s){0,2}for\s")
_PHRASE_END = re.compile(r"[,.;:]|\s(?:of|in|at|by|to|and|or|on|from|with|after|during|that|who)\s")
_AGE_BEFORE = re.compile(r"\b[A-Z][a-z.]{0,20},\s$")
_OLDEST = 120
_YEAR = stem("years")
_LAST_WORDS = re.compile(r"(?:[^\W\d_]+\s+){1,3}[$£€]?$")
_CHANGES = frozenset(
    canonical(stem(w)) for w in "rise fall increase decrease up down gain lose shed cut".split()
)
_HARD = re.compile(r"[.!?;:()—–]\s|[.!?;:()—–]$|--| - ")
_QUOTES = str.maketrans("", "", " \t\n-'\"’‘“”")


@dataclass(frozen=True)
class Count:
    """A number and what it counts.

    `things` are the canonical stems of the noun phrase, `state` what became of them (dead, hurt,
    …), `part` tells "six others" from "six", `near` are the content words around it and `verb` the
    last content word before it, `direct` where only a hedge stands between.
    """

    quantity: Quantity
    things: frozenset[str]
    state: str
    part: bool
    near: frozenset[str]
    verb: str
    direct: bool
    purpose: frozenset[str] = frozenset()

    @property
    def measure(self) -> str:
        """What the unit measures (USD, %, time, …); empty where things are counted."""
        found = dimension(self.quantity.unit)
        return found[0] if found else ""


def counts(text: str) -> list[Count]:
    """Read the numbers of a claim that count or measure something, in order.

    Only its beginning is read, and only so many numbers: a claim is a sentence, not a table.
    """
    text = text[:_LONGEST]
    found = [q for q in quantities(text) if not q.ordinal and not _adverbial(text, q)]
    found = [
        _aged(text, _with_fraction(text, part)) for q in found for part in _from_and_to(text, q)
    ]
    apart = [q for n, q in enumerate(found) if n == 0 or q.start >= found[n - 1].end]
    numbers = compound(apart, text)[:_MOST_NUMBERS]
    words, content = tokens(text), terms(text)
    return [_count(text, number, numbers, words, content) for number in numbers]


def _adverbial(text: str, number: Quantity) -> bool:
    """Tell "after five months" and "one-time", which count nothing that could be otherwise."""
    measure = dimension(number.unit)
    beside = text[number.start - 1 : number.start], text[number.end : number.end + 1]
    if "/" in beside and not (beside[0] != "/" and _QUOTED.fullmatch(number.text)):
        return True  # 5 1/2, 14/32, 9/11, but not the bid of $365.25/366.25
    if text.startswith("s", number.end) and number.text[-1:].isdigit():
        return True  # in his 90s
    if _RANKED.search(text[max(0, number.start - 16) : number.start]):
        return True  # the top ten
    if number.value == 1 and text.startswith("-", number.end):
        return True
    if number.text.lower().endswith("olds") or _HOUR.match(text, number.end):
        return True  # six-year-olds: who, not how many; 1018 GMT: when
    if measure is None or measure[0] != "time":
        return False
    return bool(_WHEN_AFTER.match(text, number.end)) or bool(
        _WHEN_BEFORE.search(text[max(0, number.start - 24) : number.start])
    )


def _with_fraction(text: str, number: Quantity) -> Quantity:
    """Add the half of "2 1/2", "4½" and "22 and a half years"."""
    match = _FRACTION.match(text, number.end)
    if match is None or number.high is not None or number.value != int(number.value):
        return number
    value, unit = number.value + _FRACTIONS[match[1]], _UNIT.match(text, match.end())
    return number._replace(
        value=value,
        end=match.end(),
        text=text[number.start : match.end()],
        unit=stem(unit[1]) if unit and (number.unit or "1").isdigit() else number.unit,
    )


def _aged(text: str, number: Quantity) -> Quantity:
    """Give "Ann Tarn, 30, of Orvin" its unit: it is an age, and no count."""
    named = _AGE_BEFORE.search(text[max(0, number.start - 26) : number.start])
    if (
        not named
        or text[number.end : number.end + 1] not in (",", ".", "")
        or number.unit is not None
        or not number.text.isdecimal()
    ):
        return number
    return number._replace(unit=_YEAR) if 0 < number.value < _OLDEST else number


def _from_and_to(text: str, number: Quantity) -> Iterator[Quantity]:
    """Cut "rose 17 points to 9,090", which is no range, into its two numbers."""
    before = _LAST_WORDS.search(text[max(0, number.start - 40) : number.start])
    words = [canonical(stem(w)) for w in before.group().split()] if before else []
    middle = _TO.search(number.text)
    if number.high is None or middle is None or not _CHANGES.intersection(words):
        yield number
        return
    at, resume = number.start + middle.start(), number.start + middle.end()
    yield number._replace(high=None, end=at, text=text[number.start : at])
    yield number._replace(
        value=number.high, high=None, start=resume, text=text[resume : number.end], hedge=None,
        cue="",
    )  # fmt: skip


def _count(
    text: str,
    number: Quantity,
    numbers: Sequence[Quantity],
    words: Sequence[Token],
    content: Sequence[Term],
) -> Count:
    taken = [(q.start, q.end) for q in numbers]
    after = [w for w in words if w.start >= number.end]
    things, part = _things(text, number.end, after)
    before = [t for t in content if t.end <= number.start and not _inside(t, taken)]
    return Count(
        quantity=number,
        things=frozenset(things),
        state=_state(text, number, words, taken),
        part=part or bool(_PART_BEFORE.search(text[max(0, number.start - 14) : number.start])),
        near=_near(number, numbers, content, taken),
        verb=before[-1].key if before else "",
        purpose=_purpose(text, number, content),
        direct=bool(before) and bool(_DIRECT.fullmatch(text, before[-1].end, number.start)),
    )


def _purpose(text: str, number: Quantity, content: Sequence[Term]) -> frozenset[str]:
    """Return what the number is for: "is set aside for the repair of roads"."""
    match = _FOR.match(text, number.end)
    if match is None:
        return frozenset()
    end = _PHRASE_END.search(text, match.end())
    limit = end.start() if end else len(text)
    phrase = [t.key for t in content if match.end() <= t.start and t.end <= limit]
    return frozenset(phrase[:_MOST_PURPOSE])


def _inside(term: Term | Token, taken: Sequence[tuple[int, int]]) -> bool:
    return any(start < term.end and term.start < end for start, end in taken)


def _things(text: str, position: int, after: Sequence[Token]) -> tuple[list[str], bool]:
    """Return the noun phrase that begins at `position`, and whether it is of a part."""
    found: list[str] = []
    part = False
    for word in after[:10]:
        low = word.text.lower()
        between = text[position : word.start].translate(_QUOTES)
        if between or low in _ENDS or low[0].isdigit() or (low in _AUXILIARY and found):
            break
        position = word.end
        part = part or low in _PARTS
        if low in STOPWORDS or low in _PARTS or canonical(stem(word.text)) in _STATE_OF:
            continue
        found.append(canonical(stem(word.text)))
        if len(found) == _MOST_THINGS:
            break
    people = ["people"] if any(key in _PEOPLE for key in found) else []
    kinds = [_OF_A_KIND.get(key, key) for key in found if key not in _PEOPLE or key in _OF_A_KIND]
    return people + ["american" if key == "us" else key for key in kinds], part


def _state(
    text: str, number: Quantity, words: Sequence[Token], taken: Sequence[tuple[int, int]]
) -> str:
    """Return what became of the things: the nearest word that says so, in the same clause."""
    best: tuple[int, int, str] | None = None
    for rank, side in enumerate(
        (
            [w for w in words if w.start >= number.end],
            [w for w in reversed(words) if w.end <= number.start],
        )
    ):
        edge, cost = (number.end if rank == 0 else number.start), 0
        for word in side[:_STATE_REACH]:
            between = text[edge : word.start] if rank == 0 else text[word.end : edge]
            if _inside(word, taken) or _HARD.search(between):
                break
            cost += 1 + _COMMA * ("," in between)
            edge = word.end if rank == 0 else word.start
            name = _STATE_OF.get(canonical(stem(word.text)))
            if name and (best is None or (cost, rank) < best[:2]):
                best = cost, rank, name
    return best[2] if best else ""


def _near(
    number: Quantity,
    numbers: Sequence[Quantity],
    content: Sequence[Term],
    taken: Sequence[tuple[int, int]],
) -> frozenset[str]:
    left = max((q.end for q in numbers if q.end <= number.start), default=0)
    right = min((q.start for q in numbers if q.start >= number.end), default=1 << 60)
    before = [t.key for t in content if left <= t.start and t.end <= number.start]
    after = [t.key for t in content if t.start >= number.end and t.end <= right]
    return frozenset(before[-_NEAR:] + after[:_NEAR])
