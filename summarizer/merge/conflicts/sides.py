"""The sides of a conflict or update: the sentence that a value rests on, and where it stands."""

from __future__ import annotations

import re

from summarizer.data import Evidence, Fact, Side, Span
from summarizer.merge.conflicts.values import dimension
from summarizer.merge.facts.claims import Telling
from summarizer.text.dates import DateMention, dates
from summarizer.text.quantities import Quantity, quantities


def make_side(fact: Fact, telling: Telling, value: str) -> Side:
    """Make a side of the evidence that holds `value`, the first where none does.

    The value is worded as the article words it ("twelve" for a claim's 12) where the article
    holds it, and `mark` says where; None where the sentence says it otherwise.
    """
    for find in (_literal, _of_same_value):
        for evidence in telling.claim.evidence:
            if (place := find(evidence.quote, value)) is not None:
                return _marked(fact, evidence, place)
    return Side(fact_id=fact.id, evidence=telling.claim.evidence[0], value=value)


def _marked(fact: Fact, evidence: Evidence, place: tuple[int, int]) -> Side:
    start, end = place
    return Side(
        fact_id=fact.id,
        evidence=evidence,
        value=evidence.quote[start:end],
        mark=Span(start=evidence.start + start, end=evidence.start + end),
    )


def _literal(quote: str, value: str) -> tuple[int, int] | None:
    """Return where the very words of a value stand, whole words only."""
    if not value:
        return None
    match = re.search(rf"(?<![\w.,]){re.escape(value)}(?!\w|[.,]\d)", quote)
    return match.span() if match else None


def _of_same_value(quote: str, value: str) -> tuple[int, int] | None:
    """Return where a quote has the same number or date in another wording; None if in doubt."""
    wanted_dates, wanted_numbers = dates(value), quantities(value)
    if len(wanted_dates) == 1:
        places = [(d.start, d.end) for d in dates(quote) if _same_date(d, wanted_dates[0])]
    elif len(wanted_numbers) == 1:
        places = [(q.start, q.end) for q in quantities(quote) if _same(q, wanted_numbers[0])]
    else:
        return None
    return places[0] if len(places) == 1 else None


def _same_date(one: DateMention, two: DateMention) -> bool:
    return (one.year, one.month, one.day) == (two.year, two.month, two.day) and bool(
        one.day or one.month or one.year
    )


def _same(one: Quantity, two: Quantity) -> bool:
    measures = dimension(one.unit), dimension(two.unit)
    return (
        (one.value, one.high, one.ordinal) == (two.value, two.high, two.ordinal)
        and (measures[0] is None or measures[1] is None or measures[0] == measures[1])
    )  # fmt: skip
