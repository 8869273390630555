"""Calibrations that can be worked out in the head."""

from __future__ import annotations

from collections.abc import Mapping

from summarizer.validate.calibration import Calibration, Layer, Point
from summarizer.validate.examine import CHECKS


def make_layer(
    intercept: float = 0.0,
    weights: Mapping[str, float] | None = None,
    *,
    thresholds: tuple[float, float, float] = (0.2, 0.5, 0.9),
) -> Layer:
    """Build a logistic layer with these thresholds at strictness 0, 0.5 and 1."""
    curve = tuple(
        Point(strictness=i / 2, threshold=t, false_pass=0.5 - t / 2, false_strip=t / 2)
        for i, t in enumerate(thresholds)
    )
    return Layer(intercept=intercept, weights=weights or {}, curve=curve)


def make_calibration(facts: Layer | None = None, verifier: Layer | None = None) -> Calibration:
    """Build a calibration.

    Without a verifier any finding refuses, and so does having less than two thirds of the
    claim's words; with one its log-odds alone are those of the claim.
    """
    words = {"cover": 9.0} | {f"check:{check}": -20.0 for check in CHECKS}
    return Calibration(
        facts=facts or make_layer(-6.0, words),
        verifier=verifier or make_layer(0.0, {"entailment": 4.0}),  # squeezed() divides by 4
    )
