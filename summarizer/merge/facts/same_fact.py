"""How likely two claims say the same: a logistic layer over their signals, and no model call.

No layer ships: the pairs it is best fitted on may not be used for what is given away. Whoever may
use them fits one with benchmarks/training/same_fact.py; what it was fitted on is in its `card`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from pydantic import Field, ValidationError

from summarizer.data import Record
from summarizer.errors import ConfigError
from summarizer.merge.facts.same_fact_signals import Reading, signals

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


def read_layer(path: Path) -> SameFactLayer:
    """Read a layer that benchmarks/training/same_fact.py wrote.

    Raises:
        ConfigError: the file cannot be read, or is none.
    """
    try:
        return SameFactLayer.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise ConfigError(
            f"{path} is no same-fact layer: {str(error).splitlines()[0]}",
            hint="Make one with `python -m benchmarks.training.same_fact FILE… --out LAYER.json`.",
        ) from error


def same_fact(layer: SameFactLayer, one: Reading, other: Reading) -> float:
    """Return the chance by `layer` that two claims say the same, 0 to 1."""
    return layer.probability(signals(one, other))
