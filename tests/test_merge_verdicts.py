"""summarizer.merge.conflicts.verdicts: conflict, update, compatible or different."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from benchmarks.merge_numbers import (
    compare,
    labelled_pairs,
    measure_numbers,
    measure_polarity,
    measure_rows,
    number_scores,
)
from summarizer.merge.conflicts.verdicts import Relation, Verdict, relation

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
        (  # a count that both give says that one name is short for the other
            "Across the world 62 million people have seen 'Tarn', which took $1.8 billion.",
            "'The Tarnish', which took $2.9 billion, 62 million people have seen in the world.",
        ),
        (  # both of the day they are written
            "The Norby list, which to date includes 360 names, was sent to the Sund court.",
            "The Norby list, which to date includes 125 names, was sent to the Sund court.",
        ),
        (
            "Karl Tarn, 30, was charged with arson in Orvin.",
            "Karl Tarn, 32, was charged with arson in Orvin.",
        ),
        ("Norby plane crashes with 127 on board", "Norby Plane Crashes With 130 People On Board"),
        (  # who says so has no part in it
            '"A bridge does not make up for 2.5 million lost jobs in Norby," said the Sund envoy.',
            '"A bridge does not make up for 2.7 million lost jobs in Norby," Brask said.',
        ),
        ("Drone strike kills 5 rebels in Norby", "Sund drone strike kills four rebels in Norby"),
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
        (
            "At least 23 U.S. guards have been killed in Orvin since the truce of May 1.",
            "At least 26 American guards have been killed in Orvin since the truce of May 1.",
            0,
        ),
        (
            "Guards in Orvin initially said that 300 rowers had been held at 61 quays.",
            "The guards in Orvin later revised this and said 230 had been held at 60 quays.",
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
        ("Brelo earned $300 million in Orvin in the prior fiscal year.",
         "Brelo earned $340 million in Orvin in fiscal 2029."),
        ("About 37,000 guards stand at Orvin.",
         "Some 90,000 guards stand on the coast at Orvin and Sund, most of them at Orvin."),
        ("Tarn served three years for the Orvin fire.",
         "The Orvin court approved a plea for Tarn to serve seven years for the fire."),
        ("Orvin sets aside $18.6 billion for roads in the new Orvin budget.",
         "The new Orvin budget sets aside $51 billion for ships."),
        ("Norby mine accident kills 10", "Norby truck accident kills 20"),
        ("Of those who took balm, 1,147 women, or 24 percent, fell ill.",
         "Of those who took salve, 803 women, or 18 percent, fell ill."),
        ("Of the flats in Orvin 55 fell.", "The north side of the 12-storey house in Orvin fell."),
        ("Lena Brask, Tarn's chief, got $770,000 in salary in Orvin.",
         "Tarn got $950,000 in salary in Orvin."),
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


def test_labels_are_joined_with_their_sentences_by_id(tmp_path: Path) -> None:
    article = {
        "id": "c1-1",
        "title": "Nine hurt",
        "date": "2031-05-06T10:00",
        "text": "Eight. Ten.",
    }
    cluster = {"id": "c1", "articles": [article]}
    pair = {"id": "p1", "a": "a 1", "b": "b 1", "a_raw": "A 1", "b_raw": "B 1", "a_date": None}
    (tmp_path / "news.jsonl").write_text(json.dumps(cluster))
    (tmp_path / "pairs.jsonl").write_text(json.dumps(pair))
    first = {"file": "news", "cluster": "c1", "a": "c1-1#title", "b": "c1-1#7-11", "half": "A"}
    second = {"file": "pairs", "cluster": "p1", "half": "B", "doubt": True}
    labels = tmp_path / "labels.json"
    labels.write_text(json.dumps({"rows": [r | {"label": "update"} for r in (first, second)]}))
    news, paired = labelled_pairs(labels, tmp_path)
    assert (news["a"], news["b"], news["a_date"]) == ("Nine hurt", "Ten.", "2031-05-06")
    assert (paired["a"], paired["b"], paired["label"]) == ("A 1", "B 1", "update")
    assert labelled_pairs(labels, tmp_path, half="A") == [news]
    assert labelled_pairs(labels, tmp_path, certain=True) == [news]


@pytest.mark.shared
def test_pairs_labelled_for_the_project_are_told_apart() -> None:
    if not SHARED.is_dir():
        pytest.skip(f"no {SHARED}: ../shared is not beside the checkout")
    scores = measure_rows(labelled_pairs())
    assert scores["pairs"] >= 240
    assert scores["conflict_precision"] >= 0.75
    assert scores["balanced_accuracy"] >= 0.65


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
