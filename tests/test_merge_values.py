"""summarizer.merge.conflicts.values: which numbers can both be right."""

from __future__ import annotations

import pytest

from summarizer.merge.conflicts.values import Fit, adds_up, compound, fit, times_apart
from summarizer.text.quantities import Quantity, quantities


def one(text: str) -> Quantity:
    (quantity,) = compound(quantities(text), text)
    return quantity


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("12 people", "twelve people", Fit.SAME),
        ("$2T", "$2 trillion", Fit.SAME),
        ("three years, four months", "40 months", Fit.SAME),
        ("30 miles", "48 kilometers", Fit.SAME),
        ("some 2,700 pages", "2,702 pages", Fit.LOOSE),
        ("$1.2 trillion", "$1 trillion", Fit.LOOSE),
        ("about 250 people", "243 people", Fit.LOOSE),
        ("more than 300 people", "340 people", Fit.LOOSE),
        ("nearly 200 people", "199 people", Fit.LOOSE),
        ("dozens of people", "40 people", Fit.LOOSE),
        ("6 percent", "6.4 percent", Fit.LOOSE),
        ("75 percent", "75.88 percent", Fit.LOOSE),
        ("over 4,000 people", "over 5,600 people", Fit.LOOSE),
        ("$5.55", "$5.55 billion", Fit.LOOSE),
        ("12 people", "15 people", Fit.APART),
        ("at least 12 people", "at least 15 people", Fit.APART),
        ("over 4,600 people", "over 5,600 people", Fit.APART),
        ("some 180,000 people", "188,000 people", Fit.APART),
        ("1.4 million people", "some 1.5 million people", Fit.APART),
        ("300,000 people", "340,000 people", Fit.APART),
        ("30 million people", "more than 37 million people", Fit.APART),
        ("nearly 200 people", "230 people", Fit.APART),
        ("dozens of people", "200 people", Fit.APART),
        ("nearly $1 trillion", "$1.2 trillion", Fit.LOOSE),
        ("127 people", "130 people", Fit.APART),
        ("296 people", "300 people", Fit.LOOSE),
        ("within 30 days", "15 days", Fit.APART),
        ("within 30 miles", "15 miles", Fit.LOOSE),
    ],
)
def test_values_fit_as_readers_take_them(first: str, second: str, expected: Fit) -> None:
    assert fit(one(first), one(second)) is expected
    assert fit(one(second), one(first)) is expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (
            "2.5 million doses for Norby and 1.5 million doses for Sund",
            "4 million doses for both",
            True,
        ),
        ("a case that cost $15.99 now costs $26.33", "an additional $10.34", True),
        ("2.5 million doses and 1.5 million doses", "5 million doses", False),
        ("two guards and three nurses", "five nurses", False),  # small sums come out by chance
        ("5 percent", "95 percent", False),
    ],
)
def test_telling_sums_are_seen(first: str, second: str, expected: bool) -> None:
    assert adds_up(quantities(first), quantities(second)) is expected
    assert adds_up(quantities(second), quantities(first)) is expected


def test_times_apart_is_of_one_unit_and_gives_vague_numbers_their_reach() -> None:
    assert times_apart(one("2 hours"), one("60 minutes")) == pytest.approx(2)
    assert times_apart(one("dozens of people"), one("240 people")) == pytest.approx(2)
    assert times_apart(one("0 people"), one("3 people")) == float("inf")
