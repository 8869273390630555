"""summarizer.merge.facts.same_fact and its signals: how likely two claims say the same."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from benchmarks.merge_pairs import fit, measure_pairs, pair_rows, read_rows
from benchmarks.training.same_fact import fitted
from summarizer.errors import ConfigError
from summarizer.merge.facts.claims import read_claim
from summarizer.merge.facts.same_fact import SameFactLayer, read_layer, same_fact
from summarizer.merge.facts.same_fact_signals import Reading, signals
from tests.conftest import make_article, make_supported

FERRY = "Lena Brask, the mayor of Orvin, opened the repaired ferry terminal on Tuesday."
SAME = "The mayor of Orvin, Lena Brask, opened the repaired ferry terminal on Tuesday."
OTHER = "Lena Brask, the mayor of Orvin, sold 40 fishing boats to a company in Halsa on Tuesday."


def reading(text: str, index: int = 0) -> Reading:
    return Reading(read_claim(index, index, make_supported(text, make_article(text))))


@pytest.fixture(scope="module")
def layer(shared_dir: Path) -> SameFactLayer:
    """A layer as one who may use the pairs fits it."""
    return SameFactLayer.model_validate(fitted([shared_dir / "bench" / "merge" / "mrpc.jsonl"]))


@pytest.mark.shared
def test_the_same_in_another_order_is_likelier_than_another_deed_of_one_person(
    layer: SameFactLayer,
) -> None:
    assert same_fact(layer, reading(FERRY), reading(SAME, 1)) > 0.8
    assert same_fact(layer, reading(FERRY), reading(OTHER, 1)) < 0.4


@pytest.mark.shared
@pytest.mark.parametrize(
    "changed",
    [
        FERRY.replace("opened", "did not open"),
        FERRY.replace("opened", "closed"),
        FERRY.replace("Lena Brask, the", "Sofie Aro, the"),
        FERRY.replace("terminal", "terminal with 300 seats, three shops and a view of Halsa"),
    ],
)
def test_what_is_denied_turned_swapped_or_added_makes_it_less_likely(
    changed: str, layer: SameFactLayer
) -> None:
    same = same_fact(layer, reading(FERRY), reading(FERRY, 1))
    assert same_fact(layer, reading(FERRY), reading(changed, 1)) < same


def test_signals_do_not_depend_on_which_claim_comes_first() -> None:
    texts = (FERRY, SAME, OTHER, "Tuesday Tuesday Tuesday Orvin.", "On Orvin, on Orvin on Tolm.")
    for one, other in product(texts, repeat=2):
        assert signals(reading(one), reading(other)) == signals(reading(other), reading(one))


@pytest.mark.shared
@pytest.mark.parametrize("odd", ["", "   ", "…!?", "of the", "\u202e\x00", "7", "𝔘𝔫𝔦"])
def test_odd_text_is_never_the_same_fact_and_raises_nothing(odd: str, layer: SameFactLayer) -> None:
    readings = [Reading(read_claim(0, 0, make_supported(t, make_article()))) for t in (odd, FERRY)]
    assert 0.0 <= same_fact(layer, *readings) < 0.5
    if not odd.strip():
        assert signals(*readings) == {}


@pytest.mark.shared
def test_a_fitted_layer_knows_every_signal_and_says_what_it_was_fitted_on(
    layer: SameFactLayer, tmp_path: Path
) -> None:
    assert set(layer.weights) == set(signals(reading(FERRY), reading(OTHER)))
    assert {"what", "data", "licences", "limits", "cross_validated"} <= set(layer.card)
    path = tmp_path / "layer.json"
    path.write_text(layer.model_dump_json(), encoding="utf-8")
    assert read_layer(path) == layer


@pytest.mark.parametrize("content", ["", "{}", '{"card": {}, "intercept": 1, "weights": 5}'])
def test_a_file_that_is_no_layer_is_an_error_that_says_how_to_make_one(
    content: str, tmp_path: Path
) -> None:
    path = tmp_path / "layer.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"layer\.json is no same-fact layer") as caught:
        read_layer(path)
    assert "benchmarks.training.same_fact" in str(caught.value.hint)


def test_a_layer_adds_its_weights_and_survives_great_sums() -> None:
    layer = SameFactLayer(card={}, intercept=1.0, weights={"a": 2.0, "b": -1.0})
    assert layer.probability({"a": 1.0, "b": 3.0}) == pytest.approx(0.5)
    assert layer.probability({"a": 1e9}) == pytest.approx(1.0)
    assert layer.probability({"b": 1e9}) == pytest.approx(0.0)
    assert layer.probability({}) == 0.0


@pytest.mark.timeout(60)  # they take a second; a square of their length would take hours
def test_long_hostile_claims_end() -> None:
    texts = ("a b " * 5000, "Orvin " * 8000, "1,000.5 " * 4000, "ab-" * 9000)
    readings = [reading(text, n) for n, text in enumerate(texts)]
    for one, other in product(readings, repeat=2):
        assert all(math.isfinite(value) for value in signals(one, other).values())


def test_fit_finds_the_weight_that_made_the_data() -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(size=(4000, 3)) * [1.0, 10.0, 1.0]
    odds = 0.5 + 2.0 * x[:, 0] - 0.1 * x[:, 1]
    y = (rng.random(4000) < 1 / (1 + np.exp(-odds))).astype(float)
    layer = fit(x, y, ridge=0.01)
    assert layer.weights == pytest.approx([2.0, -0.1, 0.0], abs=0.15)
    assert layer.intercept == pytest.approx(0.5, abs=0.15)


def made_rows(count: int, *, graded: bool = False) -> list[dict[str, object]]:
    """Pairs that are the same (another order) or not (another deed), a few words varied."""
    rows: list[dict[str, object]] = []
    for n in range(count):
        who, what = f"Keeper {chr(65 + n % 26)}arlo", ("ferry", "mill", "bridge")[n % 3]
        first = f"{who} of Orvin opened the old {what} on Tuesday after {n + 20} days."
        same = f"On Tuesday, after {n + 20} days, {who} of Orvin opened the old {what}."
        other = f"{who} of Orvin, who is from Halsa, painted {n + 50} boats near the old {what}."
        truth = n % 2 == 0
        label: object = (4.6 if truth else 1.2) if graded else int(truth)
        row: dict[str, object] = {"a": first, "b": same if truth else other, "label": label}
        rows.append({**row, "set": "made"} if graded else row)
    return rows


def write_rows(path: Path, rows: Sequence[object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_measure_pairs_pools_the_rows_and_tells_the_files_apart(tmp_path: Path) -> None:
    easy = write_rows(tmp_path / "easy.jsonl", made_rows(60))
    rows = made_rows(40)
    for row in rows[1::4]:
        row["label"] = 1  # wrong: no layer can learn it
    hard = write_rows(tmp_path / "hard.jsonl", rows)
    found = measure_pairs([easy, hard])
    assert found["files"]["easy"] == {"f1": 1.0, "accuracy": 1.0}
    assert found["files"]["hard"]["accuracy"] < 1.0
    pooled = (60 * 1.0 + 40 * found["files"]["hard"]["accuracy"]) / 100
    assert found["accuracy"] == pytest.approx(pooled, abs=1e-4)


def test_graded_rows_are_the_same_from_four_on(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "graded.jsonl", made_rows(10, graded=True))
    _, _, truth = read_rows(pair_rows(path))
    assert truth.tolist() == [1.0, 0.0] * 5


def test_rows_with_other_labels_are_left_out_and_too_few_are_refused(tmp_path: Path) -> None:
    rows = [{"a": FERRY, "b": SAME, "label": "neutral"}, *made_rows(3)]
    path = write_rows(tmp_path / "few.jsonl", rows)
    assert len(pair_rows(path)) == 3
    with pytest.raises(ValueError, match="too few"):
        measure_pairs([path])


def test_training_writes_a_layer_that_tells_the_rows_it_was_fitted_on(tmp_path: Path) -> None:
    content = fitted([write_rows(tmp_path / "made.jsonl", made_rows(60))])
    layer = SameFactLayer.model_validate(content)
    assert "60 pairs of made" in layer.card["data"]
    for row in made_rows(60)[:10]:
        found = signals(reading(str(row["a"])), reading(str(row["b"]), 1))
        assert (layer.probability(found) >= 0.5) is bool(row["label"])


@pytest.mark.shared
def test_mrpc_is_told_as_well_as_the_issue_asks(shared_dir: Path) -> None:
    figures = measure_pairs([shared_dir / "bench" / "merge" / "mrpc.jsonl"])
    assert figures["f1"] >= 0.84
    assert figures["accuracy"] >= 0.77
