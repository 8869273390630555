"""How likely two claims say the same: a logistic layer over their signals, and no model call.

The figures are in verifiers/same_fact.v1.json, which benchmarks/training/same_fact.py writes;
what they were fitted on is in its `card`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

from pydantic import Field

from summarizer.assets import asset
from summarizer.data import Record
from summarizer.merge.same_fact_signals import Reading, signals

FILE = "verifiers/same_fact.v1.json"
_MOST_LOG_ODDS = 30.0  # beyond that the chance is 0 or 1, and exp may overflow


class SameFactLayer(Record):
    """A logistic layer over the signals of two claims; a signal that is missing counts 0."""

    card: Mapping[str, str] = Field(description="what it was fitted on, and under what licence")
    intercept: float
    weights: Mapping[str, float]

    def probability(self, found: Mapping[str, float]) -> float:
        """Return the chance that two claims with these signals say the same, 0 to 1.

        It is the chance among pairs as alike as those it was fitted on, where two of three do;
        among all the pairs of a run it is far lower.
        """
        if not found:
            return 0.0
        odds = self.intercept + math.fsum(w * found.get(n, 0.0) for n, w in self.weights.items())
        return 1 / (1 + math.exp(-max(-_MOST_LOG_ODDS, min(_MOST_LOG_ODDS, odds))))


@lru_cache(maxsize=1)
def same_fact_layer() -> SameFactLayer:
    """Return the layer that ships."""
    return SameFactLayer.model_validate_json(asset(FILE).read_text("utf-8"))


def same_fact(one: Reading, other: Reading) -> float:
    """Return the chance that two claims say the same, by the layer that ships, 0 to 1."""
    return same_fact_layer().probability(signals(one, other))
