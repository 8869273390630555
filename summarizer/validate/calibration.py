"""From signals to the chance that a claim is supported, and the one threshold.

The figures are in verifiers/support.v1.json, which benchmarks/training writes; how they were
found is in the card beside it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Self

from pydantic import Field, model_validator

from summarizer.assets import asset
from summarizer.data import Record

DEFAULT_STRICTNESS = 0.5
FILE = "verifiers/support.v1.json"
_MOST_LOG_ODDS = 8.0  # of a verifier; beyond that it says no more


class Point(Record):
    """What is to be expected at one strictness, on the development sets' average."""

    strictness: float = Field(ge=0, le=1)
    threshold: float = Field(ge=0, le=1, description="least chance of a supported claim")
    false_pass: float = Field(ge=0, le=1, description="share of unsupported claims that pass")
    false_strip: float = Field(ge=0, le=1, description="share of supported claims refused")


class Layer(Record):
    """A logistic layer over signals; one that is missing counts 0.

    Weights of the form "check:numbers" count a finding of that check as 1.
    """

    intercept: float
    weights: Mapping[str, float]
    curve: tuple[Point, ...] = Field(min_length=2, description="by rising strictness")

    def probability(self, signals: Mapping[str, float]) -> float:
        """Return the chance that a claim with these signals is supported, 0 to 1."""
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, self.log_odds(signals)))))

    def log_odds(self, signals: Mapping[str, float]) -> float:
        """Return the chance as log-odds."""
        return self.intercept + sum(w * signals.get(n, 0.0) for n, w in self.weights.items())

    def at(self, strictness: float) -> Point:
        """Return the point of the curve at `strictness`, between its points by a straight line."""
        for low, high in zip(self.curve, self.curve[1:], strict=False):
            if strictness <= high.strictness:
                share = (strictness - low.strictness) / (high.strictness - low.strictness)
                share = max(0.0, share)
                return Point(
                    strictness=strictness,
                    threshold=_between(low.threshold, high.threshold, share),
                    false_pass=_between(low.false_pass, high.false_pass, share),
                    false_strip=_between(low.false_strip, high.false_strip, share),
                )
        return self.curve[-1]

    @model_validator(mode="after")
    def _rises(self) -> Self:
        for low, high in zip(self.curve, self.curve[1:], strict=False):
            if low.strictness >= high.strictness or low.threshold > high.threshold:
                raise ValueError("a stricter point of the curve has a lower threshold")
        return self


class Calibration(Record):
    """The layers: `facts` where there is no verifier, `verifier` where there is one."""

    facts: Layer
    verifier: Layer


def _between(low: float, high: float, share: float) -> float:
    return low + (high - low) * share


def squeezed(log_odds: float) -> float:
    """Return a verifier's log-odds as a signal, -2 to 2; a broken verifier's speak against."""
    if math.isnan(log_odds):
        return -_MOST_LOG_ODDS / 4
    return max(-_MOST_LOG_ODDS, min(_MOST_LOG_ODDS, log_odds)) / 4


@lru_cache(maxsize=1)
def calibration() -> Calibration:
    """Return the calibration that ships."""
    return Calibration.model_validate_json(asset(FILE).read_text("utf-8"))
