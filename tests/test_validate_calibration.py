"""From signals to a chance, and from strictness to a threshold."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from summarizer.assets import asset
from summarizer.validate.calibration import (
    DEFAULT_STRICTNESS,
    FILE,
    Calibration,
    Layer,
    Point,
    calibration,
    squeezed,
)
from summarizer.validate.examine import CHECKS, examine
from summarizer.validate.reading import index_of
from tests.calibrations import make_layer
from tests.conftest import make_article

STRICTNESS = st.floats(min_value=0, max_value=1)
LAYERS = pytest.mark.parametrize("name", ["facts", "verifier"])


def shipped(name: str) -> Layer:
    return calibration().facts if name == "facts" else calibration().verifier


# --- a layer ------------------------------------------------------------------------------------


def test_probability_is_the_logistic_of_the_weighted_signals():
    layer = make_layer(-1.0, {"cover": 3.0, "check:names": -2.0})
    signals = {"cover": 0.5, "check:names": 1.0, "unknown": 99.0}
    assert layer.probability(signals) == pytest.approx(1 / (1 + math.exp(1.5)))


def test_missing_signal_counts_nothing():
    assert make_layer(0.0, {"cover": 3.0}).probability({}) == 0.5


@pytest.mark.parametrize(("odds", "chance"), [(1e9, 1.0), (-1e9, 0.0)])
def test_probability_of_enormous_odds_is_no_overflow(odds, chance):
    assert make_layer(odds).probability({}) == pytest.approx(chance)


@pytest.mark.parametrize(
    ("strictness", "threshold"), [(0, 0.2), (0.25, 0.35), (0.5, 0.5), (0.75, 0.7), (1, 0.9)]
)
def test_threshold_lies_on_the_line_between_two_points(strictness, threshold):
    point = make_layer().at(strictness)
    assert point.threshold == pytest.approx(threshold)
    assert point.false_pass == pytest.approx(0.5 - threshold / 2)
    assert point.false_strip == pytest.approx(threshold / 2)


def test_curve_goes_on_flat_where_it_has_no_points():
    ends = (
        Point(strictness=0.3, threshold=0.4, false_pass=0.2, false_strip=0.1),
        Point(strictness=0.6, threshold=0.7, false_pass=0.1, false_strip=0.2),
    )
    layer = Layer(intercept=0, weights={}, curve=ends)
    assert (layer.at(0).threshold, layer.at(1).threshold) == (0.4, 0.7)


@pytest.mark.parametrize("rows", [[(0, 0.2)], [(0, 0.5), (0, 0.6)], [(0, 0.5), (1, 0.4)]])
def test_curve_that_does_not_rise_is_refused(rows):
    curve = [
        {"strictness": s, "threshold": t, "false_pass": 0.1, "false_strip": 0.1} for s, t in rows
    ]
    with pytest.raises(ValidationError):
        Layer.model_validate({"intercept": 0, "weights": {}, "curve": curve})


@pytest.mark.parametrize(
    ("log_odds", "signal"),
    [(0, 0), (4, 1), (-4, -1), (8, 2), (50, 2), (-50, -2), (math.inf, 2), (-math.inf, -2)],
)
def test_log_odds_are_squeezed_between_bounds(log_odds, signal):
    assert squeezed(log_odds) == signal


def test_verifier_that_says_nothing_sensible_speaks_against():
    assert squeezed(math.nan) == -2


# --- what ships ---------------------------------------------------------------------------------


def test_shipped_file_is_a_calibration():
    assert Calibration.model_validate(json.loads(asset(FILE).read_text("utf-8"))) == calibration()


@LAYERS
@given(one=STRICTNESS, two=STRICTNESS)
def test_stricter_is_never_a_lower_threshold_nor_more_false_passes(name, one, two):
    low, high = sorted((one, two))
    lax, strict = shipped(name).at(low), shipped(name).at(high)
    assert lax.threshold <= strict.threshold + 1e-12
    assert lax.false_pass >= strict.false_pass - 1e-12
    assert lax.false_strip <= strict.false_strip + 1e-12


@LAYERS
def test_curve_reaches_from_end_to_end_and_does_move(name):
    curve = shipped(name).curve
    assert (curve[0].strictness, curve[-1].strictness) == (0, 1)
    assert any(point.strictness == DEFAULT_STRICTNESS for point in curve)
    assert curve[0].threshold < shipped(name).at(DEFAULT_STRICTNESS).threshold < curve[-1].threshold


@LAYERS
def test_every_weight_is_of_a_signal_that_there_is(name):
    article = make_article()
    there = set(examine("The bridge cost 340 million.", index_of(article), ()).signals)
    there |= {f"check:{check}" for check in CHECKS}
    there |= {"entailment"} if name == "verifier" else set()
    assert set(shipped(name).weights) <= there


@LAYERS
def test_no_finding_speaks_for_a_claim(name):
    weights = shipped(name).weights
    assert {n: w for n, w in weights.items() if n.startswith("check:") and w > 0} == {}


def test_verifier_speaks_for_what_it_says():
    assert calibration().verifier.weights["entailment"] > 0
