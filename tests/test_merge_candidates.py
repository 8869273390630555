"""summarizer.merge.facts.candidates: pairs of claims that could say the same."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from summarizer.merge.facts.candidates import likely_same

Keys = list[list[str]]


def pairs(keys: Keys, *, least: float = 0.25, most: int = 12) -> list[tuple[int, int]]:
    weights = {key: 1.0 for each in keys for key in each}
    return likely_same(keys, weights, least=least, most=most)


def slowly(keys: Keys) -> list[tuple[int, int]]:
    """All pairs that share two keys."""
    return [
        (i, j) for i, j in combinations(range(len(keys)), 2) if len({*keys[i]} & {*keys[j]}) >= 2
    ]


@pytest.mark.parametrize("keys", [[], [[]], [[], ["a"]], [["a"], ["a"]], [["a", "b"], ["a", "c"]]])
def test_nothing_is_a_pair_with_fewer_than_two_shared_terms(keys: Keys) -> None:
    assert pairs(keys) == []


def test_two_shared_terms_make_a_pair() -> None:
    assert pairs([["a", "b", "c"], ["x"], ["b", "a", "d"]]) == [(0, 2)]


def test_missing_terms_are_not_shared_terms() -> None:
    assert pairs([["a", "b", "c", "d"], ["a"], ["a"]]) == []


def test_where_pairs_are_many_what_is_shared_must_weigh_enough() -> None:
    keys = [["a", "b", "c", f"own{n}"] for n in (0, 1)] + [["a", "b", f"own{n}"] for n in (2, 3)]
    weights = {"a": 1.0, "b": 1.0, "c": 4.0} | {f"own{n}": 8.0 for n in range(4)}
    assert likely_same(keys, weights, least=0.25, most=1) == [(0, 1)]
    assert len(likely_same(keys, weights, least=0.25, most=2)) == 6


def test_terms_without_weight_share_nothing_of_it() -> None:
    assert likely_same([["a", "b"]] * 4, {"a": 0.0, "b": 0.0}, least=0.1, most=1) == []


@pytest.mark.parametrize("seed", range(5))
def test_few_claims_are_compared_as_if_all_with_all(seed: int) -> None:
    rng = random.Random(seed)
    # 30 claims of 12 words: most words are of more than 16 of them, so found by twos.
    keys = [sorted(rng.sample("abcdefghijkl", 4)) for _ in range(30)]
    assert pairs(keys, most=30) == slowly(keys)


def test_where_pairs_are_few_none_is_cut() -> None:
    keys = [["a", "b", "c"], ["a", "b", "d"], ["a", "b", "e"]]
    assert pairs(keys, most=1) == [(0, 1), (0, 2), (1, 2)]


def test_where_pairs_are_many_each_claim_keeps_its_best_and_those_that_keep_it() -> None:
    keys = [["a", "b", "c", "d"], ["a", "b", "c", "x"], ["a", "b", "y", "z"], ["a", "b", "v", "w"]]
    # Claims 2 and 3 have no better one than 0, the first of those that share two terms.
    assert pairs(keys, most=1) == [(0, 1), (0, 2), (0, 3)]


def test_a_sentence_that_a_thousand_articles_print_is_linked_but_not_all_with_all() -> None:
    keys = [["a", "b", "c", f"own{n}"] for n in range(1000)]
    found = pairs(keys, most=12)
    assert len(found) <= 12 * 1000
    linked = {n for pair in found for n in pair}
    assert linked == set(range(1000))


def test_alike_claims_meet_among_many_that_share_their_common_terms() -> None:
    keys = [["a", "b", f"own{n // 2}", f"more{n // 2}"] for n in range(400)]
    assert {(n, n + 1) for n in range(0, 400, 2)} <= set(pairs(keys))


def test_terms_that_are_common_each_pair_where_they_stand_together() -> None:
    keys = [["a", f"x{n}"] for n in range(20)] + [["b", f"y{n}"] for n in range(20)]
    keys += [["a", "b", "p"], ["a", "b", "q"]]
    assert pairs(keys) == [(40, 41)]
