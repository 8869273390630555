"""summarizer.merge.vectors: weights, likeness and pairs that share keys."""

from __future__ import annotations

import math
import random

import pytest

from summarizer.merge.vectors import (
    candidate_pairs,
    cosine,
    inverse_frequencies,
    strongest,
)


def test_a_rare_term_weighs_more_than_one_of_every_document() -> None:
    idf = inverse_frequencies([{"flood": 1, "orvin": 1}, {"flood": 1}, {"flood": 1}])
    assert idf["orvin"] > idf["flood"] > 0


def test_a_term_of_every_document_of_a_small_folder_still_counts() -> None:
    assert inverse_frequencies([{"orvin": 1}] * 3)["orvin"] == pytest.approx(math.log(8 / 3.5))


def test_no_weight_is_negative() -> None:
    assert inverse_frequencies([{"orvin": 1}] * 50, background=0)["orvin"] == 0


@pytest.mark.parametrize(
    ("first", "second", "likeness"),
    [
        ({"orvin": 1.0}, {"orvin": 1.0}, 1.0),
        ({"orvin": 1.0}, {"halsa": 1.0}, 0.0),
        ({"orvin": 0.6, "halsa": 0.8}, {"orvin": 1.0}, 0.6),
        ({}, {"orvin": 1.0}, 0.0),
    ],
)
def test_cosine_is_the_same_both_ways(
    first: dict[str, float], second: dict[str, float], likeness: float
) -> None:
    assert cosine(first, second) == cosine(second, first) == pytest.approx(likeness)


def test_the_order_of_the_terms_does_not_change_a_cosine() -> None:
    rng = random.Random(1)
    a = {f"t{n}": rng.random() for n in range(200)}
    b = {f"t{n}": rng.random() for n in range(200)}
    shuffled = dict(sorted(a.items(), key=lambda item: item[1]))
    assert cosine(shuffled, b) == cosine(a, b)


def test_pairs_share_keys_and_a_repeated_key_counts_once() -> None:
    keys = [["a", "b", "a"], ["b", "a"], ["b", "c"], ["d"]]
    assert candidate_pairs(keys, most_common=9) == {(0, 1): 2, (0, 2): 1, (1, 2): 1}


def test_a_key_of_too_many_documents_pairs_nothing() -> None:
    assert candidate_pairs([["a"], ["a"], ["a"]], most_common=2) == {}


def test_the_strongest_terms_come_first_and_ties_by_the_alphabet() -> None:
    assert strongest({"b": 0.5, "a": 0.5, "c": 0.9, "d": 0.1}, 3) == ["c", "a", "b"]
