"""Every number of a claim is in its evidence, and counts the same thing there."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from summarizer.data import RejectReason
from summarizer.text.amounts import Quantity, borne_out, same_quantity, units_clash
from summarizer.text.dates import DateMention, compatible, covered
from summarizer.text.words import stem, terms
from summarizer.validate.changes import check_changes
from summarizer.validate.reading import Finding, Reading


def check_numbers(claim: Reading, evidence: Sequence[Reading]) -> Finding | None:
    """Every number of the claim is in the evidence, and counts the same thing there.

    Hedges have a direction (borne_out); a number also has to be reached, or risen by, as there.
    """
    there = [q for sentence in evidence for q in sentence.quantities]
    shares = [(s, q, _of_what(s, q)) for s in evidence for q in s.quantities if q.unit == "%"]
    for quantity in _distinct(claim):
        same = [other for other in there if borne_out(quantity, other)]
        if not same and not _otherwise_said(quantity, evidence):
            detail = f"{_shown(quantity)} is not in the evidence"
            return RejectReason.NUMBER, detail + _instead(claim, quantity, evidence)
        if same and (counted := _counts_another(quantity, same, there)):
            detail = f"{quantity.text} counts {_worded(counted, evidence)} in the evidence"
            return RejectReason.NUMBER, detail
        if same and (share := _share_of_another(claim, quantity, shares)):
            return RejectReason.NUMBER, share
    return check_changes(claim, evidence)


def _worded(unit: str, evidence: Sequence[Reading]) -> str:
    """Return, quoted, the word of the evidence that a unit was read from; a unit is a stem."""
    for sentence in evidence:
        for term in sentence.terms:
            if unit in (term.key, term.stem):
                return repr(sentence.text[term.start : term.end])
    return "something else"  # a unit that stands for several words: USD, %, clock


def _shown(quantity: Quantity) -> str:
    """The number as the text has it, with the words before it that hedge it."""
    before = quantity.cue and not quantity.cue.startswith("or ")
    return f"{quantity.cue} {quantity.text}" if before else quantity.text


def _instead(claim: Reading, quantity: Quantity, evidence: Sequence[Reading]) -> str:
    """Say what the evidence has in the number's place, if it has something of the kind."""
    around = _around(claim, quantity)
    rivals = [
        (other.unit == quantity.unit, len(around & sentence.keys), -other.start, sentence, other)
        for sentence in evidence
        for other in sentence.quantities
        if other.ordinal == quantity.ordinal
        and not units_clash(other.unit, quantity.unit)
        and not any(borne_out(q, other) for q in claim.quantities)
    ]
    if not rivals:
        return ""
    _, _, _, sentence, other = max(rivals, key=lambda rival: rival[:3])
    return f"; {told_by(sentence)} says {_shown(other)}"


def told_by(sentence: Reading) -> str:
    """Name a sentence of the evidence to a reader."""
    return "the evidence" if sentence.number is None else f"sentence {sentence.number}"


def _otherwise_said(quantity: Quantity, evidence: Sequence[Reading]) -> bool:
    return (
        _one_in_words(quantity, evidence)
        or _in_other_words(quantity, evidence)
        or _as_part(quantity, evidence)
        or _as_years(quantity, evidence)
        or _as_written(quantity, evidence)
    )


# Words that say a number without being one, by value and unit ("" is any counted thing).
_WORDS_FOR = {
    (0.0, ""): r"no|none|nobody|nil|without|zero",
    (2.0, ""): r"both|couple|pair|twice|doubl\w+|duo|twins?|brace|either|neither",
    (3.0, ""): r"trio|tripl\w+|trebl\w+|thrice|hat[- ]trick|triplets",
    (4.0, ""): r"quartet|quadrupl\w+|foursome",
    (12.0, ""): r"dozen",
    (14.0, "day"): r"fortnight",
    (2.0, "week"): r"fortnight",
    (100.0, "%"): r"all|every|entire|whole|doubl\w+|twofold|unanimous\w*",
    (200.0, "%"): r"tripl\w+|trebl\w+|threefold",
    (50.0, "%"): r"half|halv\w+",
    (0.0, "score"): r"goalless|scoreless|nil",
    (0.0, "%"): r"no|none|flat|unchanged|zero",
    (12.0, "clock"): r"noon|midday",
    (0.0, "clock"): r"midnight",
}


def _rivals(quantity: Quantity, evidence: Sequence[Reading]) -> bool:
    """Tell whether the evidence has another number of the same things."""
    return any(q.unit == quantity.unit for s in evidence for q in s.quantities)


_CENTURY = stem("century")


def _as_years(quantity: Quantity, evidence: Sequence[Reading]) -> bool:
    """Accept "the 16th century" for 1542."""
    if not quantity.ordinal or quantity.unit != _CENTURY:
        return False
    years = [d.year for s in evidence for d in s.dates if d.year is not None]
    return any((year - 1) // 100 + 1 == quantity.value for year in years)


def _in_other_words(quantity: Quantity, evidence: Sequence[Reading]) -> bool:
    """Accept "both" for two, "goalless" for 0-0, if the evidence counts no others of the kind."""
    if quantity.ordinal or (quantity.high is not None and quantity.unit != "score"):
        return False
    unit = quantity.unit or ""
    words = _WORDS_FOR.get((quantity.value, unit)) or (
        None if unit in ("%", "score", "clock") else _WORDS_FOR.get((quantity.value, ""))
    )
    if words is None or _rivals(quantity, evidence):
        return False
    return any(re.search(rf"\b(?:{words})\b", s.lower) for s in evidence)


_OF = re.compile(r"\s*(?:[^\W\d]+\s+)?(?:out\s+)?of\s+(?:(?:the|its|their|all|some)\s+)?$", re.I)
_SHARE = 0.02  # "20%" for two of ten; 67% for two of three


def _as_part(quantity: Quantity, evidence: Sequence[Reading]) -> bool:
    """Accept a share in per cent that the evidence says as a part: "two of the ten"."""
    if quantity.unit != "%" or quantity.high is not None:
        return False
    for sentence in evidence:
        for some, whole in zip(sentence.quantities, sentence.quantities[1:], strict=False):
            if not whole.value or some.ordinal or whole.ordinal or some.unit == "%":
                continue
            share = 100 * some.value / whole.value
            if _OF.fullmatch(sentence.text[some.end : whole.start]) and (
                abs(share - quantity.value) <= _SHARE * quantity.value
            ):
                return True
    return False


def _one_in_words(quantity: Quantity, evidence: Sequence[Reading]) -> bool:
    """Accept "a person" for "one person", if the evidence counts no others of the kind."""
    if quantity.value != 1 or quantity.high is not None:
        return False
    if quantity.text.lower() == "one" and not _rivals(quantity, evidence):
        return True  # "at one point", "one study": an article in other words
    if quantity.ordinal:
        return any(
            re.search(r"\b(?:never before|debut|initial|maiden|inaugural)", s.lower)
            for s in evidence
        )
    if _rivals(quantity, evidence):
        return False
    return any(re.search(r"\b(?:an?|single|sole|only|one)\b", s.lower) for s in evidence)


def _as_written(quantity: Quantity, evidence: Sequence[Reading]) -> bool:
    """The same characters, though read as part of a name or a date there."""
    if not quantity.text[0].isdigit():
        return False
    written = re.compile(rf"(?<![\w.,]){re.escape(quantity.text)}(?![\w]|[.,]\d)", re.I)
    return any(
        not _counted(match, sentence.quantities)
        for sentence in evidence
        for match in written.finditer(sentence.text)
    )


def _counted(match: re.Match[str], numbers: Sequence[Quantity]) -> bool:
    """Tell whether a place overlaps one of `numbers`, which are in order and apart."""
    i = bisect_left(numbers, match.end(), key=lambda q: q.start)
    return i > 0 and match.start() < numbers[i - 1].end


def _counts_another(
    quantity: Quantity, same: Sequence[Quantity], there: Sequence[Quantity]
) -> str | None:
    """Return what the evidence counts by this number, when it counts the claim's thing by another.

    "5 dogs and 10 cats" does not bear out "10 dogs"; where the evidence has no number of dogs,
    the things may merely be called otherwise.
    """
    if quantity.unit is None or any(q.unit == quantity.unit for q in same):
        return None
    if quantity.ordinal and any(q.unit is None for q in same):
        return None  # "the first country and the fourth to land"
    if any(q.unit == quantity.unit and q.ordinal == quantity.ordinal for q in there):
        return same[0].unit or "something else"
    return None


_OF_WHAT = re.compile(r"\s+of\s+(.{1,40})", re.S)


def _share_of_another(
    claim: Reading,
    quantity: Quantity,
    shares: Sequence[tuple[Reading, Quantity, tuple[str, ...]]],
) -> str | None:
    """Return how a share is of something else: "60% of women" of "40% of women and 60% of men"."""
    what = _of_what(claim, quantity)[:1]  # what follows the noun may be anything
    if quantity.unit != "%" or not what:
        return None
    same = [of for _, q, of in shares if borne_out(quantity, q)]
    if not same or not all(same) or any(what[0] in of for of in same):
        return None
    for sentence, other, of in shares:
        if what[0] in of:
            return f"{quantity.text} is of something else; {told_by(sentence)} says {other.text}"
    return None


def _of_what(reading: Reading, quantity: Quantity) -> tuple[str, ...]:
    """The canonical stems of what a share is of, in order; empty when the text does not say."""
    match = _OF_WHAT.match(reading.text, quantity.end) if quantity.unit == "%" else None
    if match is None:
        return ()
    phrase = re.split(r"[,;:.]|\b(?:and|but|who|that|which|in|on|at|for)\b", match[1], maxsplit=1)[
        0
    ]
    return tuple(t.key for t in terms(phrase))


_AROUND = 4  # content words on either side that a number is told by


_Told = tuple[Reading, Sequence[Quantity | DateMention], bool]


def check_locality(claim: Reading, evidence: Sequence[Reading]) -> Finding | None:
    """A number or date stands in the evidence among the words it stands among in the claim.

    Rejects where another sentence of the evidence says those words with another number of the
    same unit, or another date, which the claim does not say anywhere: "600,000" taken from the
    sentence after "acquire 350,000".
    """
    distinct = _distinct(claim)
    numbers = [[q for q in s.quantities if not _has_same(q, distinct)] for s in evidence]
    for quantity in distinct:
        if quantity.ordinal or quantity.unit is None:
            continue
        told: list[_Told] = []
        for sentence, free in zip(evidence, numbers, strict=True):
            rivals = [q for q in free if q.unit == quantity.unit]
            told.append((sentence, rivals, _has_same(quantity, sentence.quantities)))
        if rival := _rival(claim, quantity, told):
            return RejectReason.NUMBER, f"the evidence says {rival} there, not {quantity.text}"
    days = list({d._replace(start=0, end=0): d for d in claim.dates}.values())
    others = [[d for d in s.dates if not any(compatible(d, e) for e in days)] for s in evidence]
    for date in days:
        dated = [(s, o, covered(date, s.dates)) for s, o in zip(evidence, others, strict=True)]
        if rival := _rival(claim, date, dated):
            return RejectReason.DATE, f"the evidence says {rival} there, not {date.text}"
    return None


def _distinct(claim: Reading) -> list[Quantity]:
    """Each number of the claim once, where it counts the same; bounds the work on hostile text."""
    return list(
        {(q._replace(start=0, end=0), _of_what(claim, q)): q for q in claim.quantities}.values()
    )


def _has_same(quantity: Quantity, others: Sequence[Quantity]) -> bool:
    return any(same_quantity(quantity, other) for other in others)


def _rival(
    claim: Reading,
    fact: Quantity | DateMention,
    told: Sequence[_Told],
) -> str | None:
    """Return the fact that stands where `fact` should, in a sentence that shares more with it.

    `told` has, for each sentence, its facts of the kind and whether `fact` is among them.
    """
    around = _around(claim, fact)
    own = max((len(around & s.keys) for s, _, has in told if has), default=None)
    others = [(len(around & s.keys), facts[0].text) for s, facts, has in told if facts and not has]
    shared, rival = max(others, default=(0, ""))
    return rival if own is not None and shared >= own + 2 else None


def _around(claim: Reading, fact: Quantity | DateMention) -> frozenset[str]:
    before = [t.key for t in claim.terms if t.end <= fact.start][-_AROUND:]
    after = [t.key for t in claim.terms if t.start >= fact.end][:_AROUND]
    return frozenset(before + after)
