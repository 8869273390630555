"""summarizer.merge.conflicts.counts: what a number counts."""

from __future__ import annotations

import pytest

from summarizer.merge.conflicts.counts import Count, counts


def count_of(text: str, value: float) -> Count:
    (found,) = [c for c in counts(text) if c.quantity.value == value]
    return found


@pytest.mark.parametrize(
    ("text", "value", "state"),
    [
        ("Bombs in Orvin kill 5, wound 50", 5, "dead"),
        ("Bombs in Orvin kill 5, wound 50", 50, "hurt"),
        ("9 dead, 11 hurt, 4 missing in Orvin", 11, "hurt"),
        ("9 dead, 11 hurt, 4 missing in Orvin", 4, "missing"),
        ("Two miners were killed and six others injured.", 2, "dead"),
        ("In the second raid 200 were wounded.", 200, "hurt"),
        ("Lena Brask bought 200 lamps.", 200, ""),
    ],
)
def test_state_is_what_became_of_the_things_counted(text: str, value: float, state: str) -> None:
    assert count_of(text, value).state == state


@pytest.mark.parametrize(
    ("text", "value", "part"),
    [
        ("Two miners and six other protesters came.", 6, True),
        ("The other two unions came.", 2, True),
        ("Two unions came.", 2, False),
    ],
)
def test_part_tells_others_from_all(text: str, value: float, part: bool) -> None:
    assert count_of(text, value).part is part


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("The index rose 17 points to 9,090.", [17.0, 9090.0]),
        ("It takes 2 1/2 hours to Norby.", [2.5]),
        ("After five months the mill closed.", []),
        ("It was a one-time payment of $300.", [300.0]),
        ("Shares stood at 654 pence by 1018 GMT.", [654.0]),
        ("Six-year-olds ate 15 plums.", [15.0]),
        ("She got 3 years, 4 months in prison.", [40.0]),
        ("He was jailed for 22 and a half years in Orvin.", [22.5]),
        ("Orvin is among the top 10 ports.", []),
        ("Into his 90s, Tarn rowed 12 boats.", [12.0]),
        ("Tin was quoted at $365.25/366.25.", [365.25]),
    ],
)
def test_only_numbers_that_count_something_are_counts(text: str, values: list[float]) -> None:
    assert [c.quantity.value for c in counts(text)] == values


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("Lena Tarn, 30, was hurt.", 30, "year"),
        ("In all, 30, they say, were hurt.", 30, None),
        ("The 2 1/2 week trial", 2.5, "week"),
    ],
)
def test_ages_and_fractions_have_their_unit(text: str, value: float, unit: str | None) -> None:
    assert count_of(text, value).quantity.unit == unit


def test_purpose_is_what_an_amount_is_for() -> None:
    text = "Orvin spends $5 million for the repair of roads and $7 million on rails."
    assert count_of(text, 5e6).purpose == {"fix"}
    assert count_of(text, 7e6).purpose == frozenset()


def test_men_are_people_and_not_women() -> None:
    men, women = count_of("400 men", 400).things, count_of("400 women", 400).things
    assert "people" in men & women
    assert men - women
    assert women - men


def test_people_are_people_whatever_they_are_called() -> None:
    assert count_of("Some 400 residents.", 400).things == frozenset({"people"})


def test_hostile_text_takes_little_time() -> None:
    assert 0 < len(counts("7 dead, " * 50_000)) < 100
    assert counts("more than " * 50_000) == []
