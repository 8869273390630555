"""Every number of a claim is in its evidence, and counts the same thing there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.data import RejectReason
from summarizer.text.dates import DateMention, covered
from summarizer.text.quantities import Quantity, same_quantity
from summarizer.validate.reading import Finding, Reading


def check_numbers(claim: Reading, evidence: Sequence[Reading]) -> Finding | None:
    """Every number of the claim is in the evidence, and counts the same thing there."""
    there = [q for sentence in evidence for q in sentence.quantities]
    for quantity in claim.quantities:
        same = [other for other in there if same_quantity(quantity, other)]
        if (
            not same
            and not _one_in_words(quantity, evidence)
            and not _as_written(quantity, evidence)
        ):
            return RejectReason.NUMBER, f"{quantity.text} is not in the evidence"
        if same and (counted := _counts_another(quantity, same, there)):
            return RejectReason.NUMBER, f"{quantity.text} counts {counted} in the evidence"
    return None


def _one_in_words(quantity: Quantity, evidence: Sequence[Reading]) -> bool:
    """Accept "a person" for "one person", if the evidence counts no others of the kind."""
    if quantity.value != 1 or quantity.high is not None:
        return False
    if quantity.ordinal:
        return any(re.search(r"\b(?:never before|debut|initial)", s.lower) for s in evidence)
    if any(q.unit == quantity.unit for s in evidence for q in s.quantities):
        return False
    return any(re.search(r"\b(?:an?|single|sole|only|one)\b", s.lower) for s in evidence)


def _as_written(quantity: Quantity, evidence: Sequence[Reading]) -> bool:
    """The same characters, though read as part of a name or a date there."""
    written = re.compile(rf"(?<![\w.,]){re.escape(quantity.text.lower())}(?![\w]|[.,]\d)")
    return quantity.text[0].isdigit() and any(
        not any(q.start < match.end() and match.start() < q.end for q in s.quantities)
        for s in evidence
        for match in written.finditer(s.text.lower())
    )


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


_AROUND = 4  # content words on either side that a number is told by


def check_locality(claim: Reading, evidence: Sequence[Reading]) -> Finding | None:
    """A number or date stands in the evidence among the words it stands among in the claim.

    Rejects where another sentence of the evidence says those words with another number of the
    same unit, or another date: "600,000" taken from the sentence after "acquire 350,000".
    """
    for quantity in claim.quantities:
        if quantity.ordinal or quantity.unit is None:
            continue
        told = [(s, [q for q in s.quantities if q.unit == quantity.unit]) for s in evidence]
        rival = _rival(claim, quantity, [(s, qs, _has_same(quantity, qs)) for s, qs in told])
        if rival:
            return RejectReason.NUMBER, f"the evidence says {rival} there, not {quantity.text}"
    for date in claim.dates:
        dated = [(s, s.dates, covered(date, s.dates)) for s in evidence]
        if rival := _rival(claim, date, dated):
            return RejectReason.DATE, f"the evidence says {rival} there, not {date.text}"
    return None


def _has_same(quantity: Quantity, others: Sequence[Quantity]) -> bool:
    return any(same_quantity(quantity, other) for other in others)


def _rival(
    claim: Reading,
    fact: Quantity | DateMention,
    told: Sequence[tuple[Reading, Sequence[Quantity | DateMention], bool]],
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
