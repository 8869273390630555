"""summarizer.merge.telling.coverage: how much of a reference a brief tells."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from benchmarks.merge_coverage import measure_coverage
from summarizer.merge.telling.coverage import coverages, reference_coverage

HOUSES = "Floods in the Orvin valley destroyed 120 houses."
SOLDIERS = "The army sent 400 soldiers to build dams."
SCHOOLS = "Schools in the Orvin valley stay closed after the floods."
CHESS = "Ana Petrescu won the chess title in Tallinn."


def test_fact_told_in_its_own_words_is_covered_whole():
    measured = reference_coverage([CHESS, HOUSES], [HOUSES])
    assert (measured.facts, measured.covered, measured.missing) == (1, 1.0, ())


def test_fact_that_no_fact_tells_is_missing():
    measured = reference_coverage([HOUSES], [HOUSES, CHESS])
    assert measured.covered == pytest.approx(0.5, abs=0.01)
    assert measured.missing == (CHESS,)


def test_fact_is_covered_by_one_fact_not_by_pieces_of_many():
    pieces = ["Floods came.", "A valley in Orvin.", "They destroyed it.", "120 were counted."]
    assert coverages(pieces, [HOUSES])[0] < 0.6
    assert coverages([" ".join(pieces)], [HOUSES])[0] >= 0.8


def test_length_is_told_and_earns_nothing():
    short = reference_coverage([HOUSES], [HOUSES, SOLDIERS])
    long = reference_coverage([HOUSES, *[CHESS] * 30], [HOUSES, SOLDIERS])
    assert long.covered == short.covered
    assert (short.words, long.words) == (8, 8 + 30 * 8)


def test_what_else_a_brief_says_does_not_change_what_a_fact_covers():
    told = [HOUSES, SOLDIERS]
    alone = coverages([HOUSES], told)[0]
    assert coverages([HOUSES, *[f"Houses number {n}." for n in range(50)]], told)[0] == alone


def test_words_of_the_topic_count_less_than_what_a_fact_tells_of_it():
    reference = [HOUSES, SCHOOLS, "Rain in the Orvin valley fed the floods."]
    topic, telling = (
        coverages(["Orvin valley floods."], reference)[0],
        coverages(["It destroyed 120 houses."], reference)[0],
    )
    assert topic < telling / 1.5


def test_name_counts_more_than_a_common_word():
    reference = ["Petrescu left early."]
    assert coverages(["Petrescu."], reference) > coverages(["They left."], reference)


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ("The company bought 350K chips.", "The company purchased 350,000 chips."),
        ("SOLDIERS BUILT A DAM", "Soldiers build dams."),
    ],
    ids=["equal words and numbers", "case and forms"],
)
def test_other_words_for_the_same_cover(told: str, wanted: str):
    assert coverages([told], [wanted]) == [1.0]


def test_order_of_facts_and_of_reference_does_not_matter():
    facts, reference = [HOUSES, SOLDIERS, CHESS], [SCHOOLS, HOUSES, CHESS]
    measured = {
        (m.covered, m.words, frozenset(m.missing))
        for f in permutations(facts)
        for r in permutations(reference)
        for m in [reference_coverage(f, r)]
    }
    assert len(measured) == 1


def test_fact_given_twice_counts_once():
    assert reference_coverage([HOUSES], [HOUSES, f"  {HOUSES} ", CHESS]).facts == 2


@pytest.mark.parametrize(
    ("facts", "reference", "missing"),
    [
        ([], [HOUSES], 1),
        ([HOUSES], [], 0),
        ([HOUSES], ["", "  "], 0),
        ([HOUSES], ["!?"], 1),
        (["", "…", "a" * 100_000], ["the of and"], 1),
    ],
    ids=["no facts", "no reference", "blank", "no word", "stopwords alone"],
)
def test_nothing_to_compare_covers_nothing(facts: list[str], reference: list[str], missing: int):
    measured = reference_coverage(facts, reference)
    assert (measured.covered, len(measured.missing)) == (0.0, missing)


@pytest.mark.shared
def test_coverage_agrees_with_people_better_than_plain_words(shared_dir: Path):
    judged = shared_dir / "bench" / "merge" / "summhay_coverage.jsonl"
    if not judged.is_file():
        pytest.skip(f"{judged} is not there")
    measured = measure_coverage(judged)
    assert measured["rows"] > 700
    assert measured["correlation"] >= 0.72
    assert measured["correlation"] > measured["words_correlation"]
    assert measured["missing_accuracy"] >= 0.8
