"""Figures against values worked out by hand: ties, one label only, bins of equal mass."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.support_figures import (
    Bin,
    Verdict,
    auc,
    bins,
    ece,
    figures,
    mean,
    pass_at_strip,
    pass_by_kind,
)


def verdict(label: int, score: float, **meta: Any) -> Verdict:
    passed = score >= 0.5
    row = {"doc": "d", "claim": "c", "label": label, "meta": meta}
    return Verdict(label, passed, score, "" if passed else "name", row)


def near(some: list[Bin]) -> list[Any]:
    return [pytest.approx(tuple(one)) for one in some]


@pytest.mark.parametrize(
    ("labels", "scores", "expected"),
    [
        ([1, 0], [0.9, 0.1], 1.0),
        ([1, 0], [0.1, 0.9], 0.0),
        ([1, 0], [0.5, 0.5], 0.5),
        ([1, 1, 0, 0], [0.9, 0.4, 0.4, 0.1], 0.875),  # 3 pairs won, 1 tied, of 4
        ([1, 0, 1, 0, 1], [0.8, 0.6, 0.4, 0.2, 0.6], 0.75),  # 4 won, 1 tied, 1 lost, of 6
        ([1, 0, 0, 0], [0.3, 0.3, 0.3, 0.3], 0.5),
        ([1, 1], [0.2, 0.3], None),
        ([0], [0.2], None),
        ([], [], None),
    ],
)
def test_auc_counts_pairs_and_halves_ties(labels, scores, expected):
    assert auc(labels, scores) == (None if expected is None else pytest.approx(expected))


def test_figures_are_those_worked_out_by_hand():
    some = [
        verdict(1, 0.9),
        verdict(1, 0.8),
        verdict(1, 0.7),
        verdict(1, 0.2),
        verdict(0, 0.6),
        verdict(0, 0.1),
    ]
    found = figures(some, rows_per_second=12.0)
    assert (found.rows, found.supported, found.rows_per_second) == (6, 4, 12.0)
    assert found.false_strip == pytest.approx(1 / 4)
    assert found.false_pass == pytest.approx(1 / 2)
    assert found.balanced_accuracy == pytest.approx((3 / 4 + 1 / 2) / 2)
    assert found.auc == pytest.approx(7 / 8)
    assert found.refused_rightly == {"name": 1}
    assert found.refused_wrongly == {"name": 1}


@pytest.mark.parametrize(
    ("label", "strip", "passed"), [(1, pytest.approx(1 / 2), None), (0, None, pytest.approx(1 / 2))]
)
def test_one_label_alone_has_no_balanced_accuracy_and_no_auc(label, strip, passed):
    found = figures([verdict(label, 0.9), verdict(label, 0.1)])
    assert (found.false_strip, found.false_pass) == (strip, passed)
    assert (found.balanced_accuracy, found.auc) == (None, None)


def test_no_rows_have_no_figures():
    found = figures([])
    assert (found.rows, found.auc, found.balanced_accuracy, found.ece) == (0, None, None, None)


def test_bins_have_equal_mass_by_rising_score():
    found = bins([0, 1, 0, 1], [0.4, 0.8, 0.2, 0.6], 2)
    assert found == near([Bin(2, 0.3, 0.0), Bin(2, 0.7, 1.0)])


def test_ece_weighs_the_distance_of_each_bin_by_its_rows():
    # bins: 0.3 against 0.0 and 0.7 against 1.0, two rows of four each
    assert ece(bins([0, 1, 0, 1], [0.4, 0.8, 0.2, 0.6], 2)) == pytest.approx(0.3)
    assert ece([Bin(3, 0.5, 0.5), Bin(1, 0.9, 0.5)]) == pytest.approx(0.1)


def test_rows_of_one_score_stay_in_one_bin_whatever_their_order():
    labels, scores = [1, 0, 1, 0, 1, 1], [0.9, 0.9, 0.9, 0.9, 0.1, 0.9]
    found = bins(labels, scores, 3)
    assert found == near([Bin(6, 4.6 / 6, 4 / 6)])
    assert bins(labels[::-1], scores[::-1], 3) == near(found)


def test_one_score_for_all_is_one_bin():
    assert bins([1, 1, 0, 0], [0.7] * 4) == near([Bin(4, 0.7, 0.5)])
    assert ece(bins([1, 1, 0, 0], [0.7] * 4)) == pytest.approx(0.2)


@pytest.mark.parametrize("count", [1, 7, 10, 25, 103])
def test_bins_hold_every_row_once_and_are_even(count):
    scores = [i / count for i in range(count)]
    found = bins([i % 2 for i in range(count)], scores)
    assert sum(b.rows for b in found) == count
    assert len(found) == min(10, count)
    assert max(b.rows for b in found) - min(b.rows for b in found) <= 1


def test_false_pass_at_a_strip_takes_the_highest_threshold_allowed():
    labels = [1] * 10 + [0] * 4
    scores = [0.1, *[0.5] * 9, 0.6, 0.5, 0.3, 0.05]
    assert pass_at_strip(labels, scores, 0.1) == pytest.approx(2 / 4)  # threshold 0.5
    assert pass_at_strip(labels, scores, 0.0) == pytest.approx(3 / 4)  # threshold 0.1
    assert pass_at_strip([1, 1], [0.1, 0.2], 0.1) is None


def test_mean_gives_every_origin_the_same_weight():
    large = figures([verdict(1, 0.9)] * 90 + [verdict(0, 0.1)] * 10)  # all right
    small = figures([verdict(1, 0.1), verdict(0, 0.9)])  # all wrong
    found = mean([large, small])
    assert found.balanced_accuracy == pytest.approx(0.5)
    assert found.auc == pytest.approx(0.5)
    assert (found.rows, found.supported) == (102, 91)
    assert found.refused_rightly == {"name": 10} and found.refused_wrongly == {"name": 1}


def test_mean_leaves_out_what_an_origin_does_not_have():
    one_label = figures([verdict(0, 0.9)])
    both = figures([verdict(1, 0.9), verdict(0, 0.1)])
    found = mean([one_label, both])
    assert found.balanced_accuracy == 1.0
    assert found.false_pass == pytest.approx(0.5)


def test_false_pass_by_kind_counts_unsupported_rows_under_each_of_their_kinds():
    some = [
        verdict(0, 0.9, edit_types=["swap", "negation"]),
        verdict(0, 0.1, edit_types=["swap"]),
        verdict(1, 0.9, edit_types=["swap"]),
        verdict(0, 0.9),
    ]
    assert pass_by_kind(some) == {"swap": (0.5, 2), "negation": (1.0, 1)}
