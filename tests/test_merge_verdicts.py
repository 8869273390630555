"""summarizer.merge.verdicts: conflict, update, compatible or different."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from benchmarks.merge_numbers import compare, measure_numbers, measure_polarity, number_scores
from summarizer.merge.verdicts import Relation, Verdict, relation

DAY = dt.date(2031, 5, 6)
SHARED = Path(__file__).parents[2] / "shared" / "bench" / "merge"


def related(first: str, second: str, *, days_apart: int = 0) -> Relation:
    comparer = compare([(first, second)])
    a, b = comparer.tellings
    return relation(comparer, a, b, when=(DAY, DAY + dt.timedelta(days=days_apart)))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Floods in Orvin kill 5, wound 50", "Floods in Orvin kill 14, wound 340"),
        (
            "Some 55 dockers were arrested in Sund on Wednesday, some for older charges.",
            "About 57 dockers were arrested in Sund on Wednesday, some on older charges.",
        ),
        (
            "The Norby council blocked a $500 million plan for the Norby harbour on Thursday.",
            "Councillors of Norby blocked the $300 million harbour plan of the Norby council.",
        ),
    ],
)
def test_one_quantity_at_one_moment_with_two_values_is_a_conflict(first: str, second: str) -> None:
    assert related(first, second).verdict is Verdict.CONFLICT
    assert related(second, first).verdict is Verdict.CONFLICT


@pytest.mark.parametrize(
    ("first", "second", "days_apart"),
    [
        ("Floods killed 12 people in Orvin.", "Floods killed 15 people in Orvin.", 2),
        (
            "The Orvin fire has so far burned 11,400 acres of forest at Sund.",
            "The Orvin fire had burned 12,400 acres of forest at Sund.",
            0,
        ),
        (
            "The Sund 50 index rose 17.20 points, or 0.4 percent, to 9,090.10.",
            "The Sund 50 index was up 19.96 points, or 0.5 percent, at 9,092.91.",
            0,
        ),
        (
            "In April Brelo had forecast earnings of 60 cents a share.",
            "Brelo now forecasts earnings of 25 cents a share.",
            0,
        ),
    ],
)
def test_one_moving_quantity_at_two_moments_is_an_update(
    first: str, second: str, days_apart: int
) -> None:
    assert related(first, second, days_apart=days_apart).verdict is Verdict.UPDATE


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Norby sends 2.5 million doses to Sund and 1.5 million doses to Orvin.",
         "Norby sends 4 million doses to Sund and Orvin."),
        ("Two guards and five others died in Orvin.", "Seven people died in Orvin."),
        ("Orvin bars people from six countries.", "Orvin bars people of Sund and five other "
         "countries."),
        ("Tarn was sentenced in Norby to 3 years, 4 months in prison.",
         "In Norby Tarn was sentenced to 40 months in prison."),
        ("Nearly 250 people fled from Orvin to Sund.", "Some 243 people fled from Orvin to Sund."),
    ],
)  # fmt: skip
def test_values_that_can_both_be_right_are_compatible(first: str, second: str) -> None:
    assert related(first, second).verdict is Verdict.COMPATIBLE
    assert related(second, first).verdict is Verdict.COMPATIBLE


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Karl Tarn, 17, of Norby is charged with arson.",
         "Lena Tarn, 19, of Norby is charged with arson."),
        ("The jury in Sund awarded Brelo $23 million in damages.",
         "In Sund Brelo sought $36 million in damages."),
        ("Orvin reported 55 new cases on Friday.", "Orvin reported 65 new cases."),
        ("In Orvin 15 miners were killed.", "In Orvin 15 miners and 6 others were hurt."),
        ("Prices in Orvin rose by 9 percent.", "Prices in Orvin stood at 36 percent of the top."),
        ("They own 300 mills in Orvin.", "Brelo owns 200 mills in Orvin."),
        ("Each of the mills in Orvin made 300 lamps.", "Mills in Orvin made 900 lamps."),
        ("Brelo owns 350,000 chips.", "Brelo will buy 600,000 chips."),
        ("The mill in Orvin is 40 years old.", "The mill in Orvin has a tower."),
    ],
)  # fmt: skip
def test_other_quantities_and_other_events_are_different(first: str, second: str) -> None:
    assert related(first, second).verdict is Verdict.DIFFERENT
    assert related(second, first).verdict is Verdict.DIFFERENT


def test_values_carry_their_place_in_the_claims() -> None:
    first, second = "Floods killed 12 people in Orvin.", "Floods killed 15 people in Orvin."
    judged = related(first, second)
    assert judged.first is not None
    assert judged.second is not None
    assert first[judged.first.start : judged.first.end] == judged.first.text == "12"
    assert second[judged.second.start : judged.second.end] == judged.second.text == "15"


def test_what_stands_may_change_within_days_but_what_was_may_not() -> None:
    stands = "Brelo has 350 mills in Orvin.", "Brelo has 390 mills in Orvin."
    assert related(*stands).verdict is Verdict.CONFLICT
    assert related(*stands, days_apart=5).verdict is Verdict.DIFFERENT
    was = "Brelo built 350 mills in Orvin.", "Brelo built 390 mills in Orvin."
    assert related(*was, days_apart=5).verdict is Verdict.CONFLICT
    assert related(*was, days_apart=30).verdict is Verdict.DIFFERENT  # other mills, perhaps


def test_figures_count_each_label_alike() -> None:
    scores = number_scores(
        ["conflict", "conflict", "different", "update"],
        ["conflict", "different", "different", "update"],
    )
    assert scores["conflict_precision"] == 0.5
    assert scores["conflict_recall"] == 1.0
    assert scores["balanced_accuracy"] == pytest.approx((1 + 0.5 + 1) / 3, abs=1e-4)
    assert scores["confusion"]["different"]["conflict"] == 1


@pytest.mark.shared
def test_labelled_pairs_are_told_apart() -> None:
    path = SHARED / "number_conflicts_hand.jsonl"
    if not path.exists():
        pytest.skip(f"no {path}: ../shared is not beside the checkout")
    scores = measure_numbers([path])
    assert scores["conflict_precision"] >= 0.75
    assert scores["conflict_recall"] >= 0.6
    assert scores["balanced_accuracy"] >= 0.65


@pytest.mark.shared
def test_denials_among_captions_are_contradictions() -> None:
    path = SHARED / "snli_dev.jsonl"
    if not path.exists():
        pytest.skip(f"no {path}: ../shared is not beside the checkout")
    scores = measure_polarity(path)
    assert scores["flagged"] >= 10
    assert scores["polarity_precision"] >= 0.85
