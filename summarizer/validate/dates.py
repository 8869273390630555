"""Every date of a claim is said by its evidence, as far as the claim says it."""

from __future__ import annotations

from collections.abc import Sequence

from summarizer.data import RejectReason
from summarizer.text.dates import DateMention, covered
from summarizer.validate.reading import Finding, Reading


def check_dates(claim: Reading, evidence: Sequence[Reading]) -> Finding | None:
    """Every date of the claim is said by the evidence, as far as the claim says it."""
    there = [d for sentence in evidence for d in sentence.dates]
    for date in claim.dates:
        if covered(date, there) or _said_in_parts(date, there):
            continue
        if not any(date.text.lower() in s.lower for s in evidence):
            return RejectReason.DATE, f"{date.text} is not in the evidence"
    return None


def _said_in_parts(date: DateMention, there: Sequence[DateMention]) -> bool:
    """The year from one sentence, the month from another."""
    if date.year is None or date.month is None:
        return False
    return covered(date._replace(year=None, weekday=None), there) and any(
        other.year == date.year for other in there
    )
