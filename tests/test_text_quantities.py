import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.amounts import borne_out
from summarizer.text.quantities import quantities, same_quantity


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("350,000 Q100 GPUs", 350_000, "gpu"),
        ("350K parts", 350_000, "part"),
        (".20 parts", 0.2, "part"),
        ("gave Tarn 15 days", 15, "day"),
        ("350 thousand parts", 350_000, "part"),
        ("1.5 trillion", 1.5e12, None),
        ("$4B", 4e9, "USD"),
        ("£50million", 5e7, "GBP"),
        ("12 per cent", 12, "%"),
        ("3.5 percentage points", 3.5, "points"),
        ("seventy-two goats", 72, "goat"),
        ("two hundred goats", 200, "goat"),
        ("a dozen eggs", 12, "egg"),
        ("half a million people", 500_000, "peopl"),
        ("one and a half million", 1_500_000, None),
        ("half of the crew", 50, "%"),
        ("two thirds of voters", 200 / 3, "%"),
        ("5 pm", 17, "clock"),
        ("1.6 billion won", 1.6e9, "KRW"),
        ("a 10-year lease", 10, "year"),
    ],
)
def test_quantity_has_value_and_unit(text, value, unit):
    (found,) = quantities(text)
    assert math.isclose(found.value, value)
    assert found.unit == unit
    assert not found.ordinal


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("10 to 15 years", 10, 15),
        ("10-15 years", 10, 15),
        ("people 18-to-64", 18, 64),
        ("between one and three goats", 1, 3),
        ("2-3 million", 2e6, 3e6),
        ("between 5 and 9 goats", 5, 9),
        ("five to six goats", 5, 6),
    ],
)
def test_quantity_of_a_range_has_both_ends(text, low, high):
    (found,) = quantities(text)
    assert (found.value, found.high) == (low, high)


@pytest.mark.parametrize(
    ("text", "hedge"),
    [
        ("about 40 goats", "about"),
        ("more than 40 goats", "more_than"),
        ("up to 40 goats", "less_than"),
        ("nearly 40 goats", "less_than"),
        ("hundreds of goats", "vague"),
        ("40 goats", None),
    ],
)
def test_quantity_keeps_how_exactly_it_is_meant(text, hedge):
    assert quantities(text)[0].hedge == hedge


@pytest.mark.parametrize("text", ["third version", "the 3rd goat", "twenty-first goat"])
def test_ordinals_are_told_from_counts(text):
    assert quantities(text)[0].ordinal


@pytest.mark.parametrize(
    "text",
    [
        "ZT-4 and Zephyr 3.1",
        "the Kestrel 737",
        "Q100 chips",
        "in 2023",
        "on 4 May 2031",
        "one of them",
        "the third quarter",
    ],
)
def test_numbers_of_names_and_dates_are_no_quantities(text):
    assert quantities(text) == []


SAME = [
    ("350,000 parts", "350K parts"),
    ("350,000 parts", "350 thousand units"),
    ("about 350,000 parts", "348,900 parts"),
    ("more than 300 goats", "312 goats"),
    ("nearly 40 goats", "38 goats"),
    ("41%", "40.6 percent"),
    ("half of voters", "50% of voters"),
    ("$4 billion", "$4B"),
    ("twelve eggs", "a dozen eggs"),
    ("10-15 years", "10 to 15 years"),
    ("hundreds of goats", "312 goats"),
    ("the third goat", "the 3rd goat"),
    ("more than two dozen", "24 goats"),
    ("5 pm", "17:00"),
    ("2 million", "2,000,000 people"),
    ("3-1", "3-1"),
    ("1.5 trillion", "1.52 trillion"),
    ("72 goats", "seventy-two goats"),
    ("£5m", "5 million pounds"),
    ("about ten years", "10 to 15 years"),
]
DIFFERENT = [
    ("350,000 parts", "35,000 parts"),
    ("350,000 parts", "350 parts"),
    ("41%", "50.6 percent"),
    ("5%", "5 goats"),
    ("$40", "40 years"),
    ("$40", "£40"),
    ("more than 300 goats", "less than 300 goats"),
    ("more than 300 goats", "900 goats"),
    ("nearly 40 goats", "44 goats"),
    ("about 350,000", "300,000"),
    ("10-15 years", "10-20 years"),
    ("12 years", "10 to 15 years"),
    ("the third goat", "three goats"),
    ("hundreds of goats", "12 goats"),
    ("3 million", "3 billion"),
    ("2-1", "3-1"),
    ("5 pm", "5 am"),
    ("30 days", "30 weeks"),
    ("two thirds", "three quarters"),
    ("312 goats", "321 goats"),
]


@pytest.mark.parametrize(("one", "two"), SAME)
def test_same_quantity_holds_for_other_forms_and_rounding(one, two):
    assert same_quantity(quantities(one)[0], quantities(two)[0])


@pytest.mark.parametrize(("one", "two"), DIFFERENT)
def test_same_quantity_fails_for_other_values_and_units(one, two):
    assert not any(same_quantity(a, b) for a in quantities(one) for b in quantities(two))


@given(st.text(max_size=80))
def test_quantities_lie_in_the_text_in_order(text):
    found = quantities(text)
    assert all(text[q.start : q.end] == q.text for q in found)
    assert all(a.start < b.start for a, b in zip(found, found[1:], strict=False))


@given(st.integers(min_value=2100, max_value=10**12))
def test_thousands_separators_do_not_change_a_number(number):
    (plain,), (grouped,) = quantities(f"{number} goats"), quantities(f"{number:,} goats")
    assert plain.value == grouped.value == number


@pytest.mark.parametrize(
    ("text", "hedge", "cue"),
    [
        ("no more than 40 goats", "less_than", "no more than"),
        ("no fewer than 40 goats", "more_than", "no fewer than"),
        ("40 or more goats", "more_than", "or more"),
        ("40+ goats", "more_than", "or more"),
        ("40 or fewer goats", "less_than", "or fewer"),
        ("exactly 40 goats", None, "exactly"),
        ("up to around 40 goats", "less_than", "up to"),
    ],
)
def test_quantity_keeps_the_words_that_hedge_it(text, hedge, cue):
    (found,) = quantities(text)
    assert (found.hedge, found.cue) == (hedge, cue)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("one in five goats", 20, "%"),
        ("one-in-five goats", 20, "%"),
        ("3 out of 10 goats", 30, "%"),
        ("20 lakh crowns", 2e6, "crown"),
        ("two year olds", 2, "year"),
        ("# 42 million profit", 42e6, "GBP"),
        ("£ 2, 000", 2000, "GBP"),
        ("the Brack-Velmora 253.5km pipe", 253.5, "kilomet"),
        ("the thirty seventh goat", 37, "goat"),
    ],
)
def test_quantity_of_other_forms_is_read(text, value, unit):
    (found,) = quantities(text)
    assert math.isclose(found.value, value)
    assert found.unit == unit


@pytest.mark.parametrize("text", ["Second, it leaks.", "At first it leaked.", "No one leaked."])
def test_words_that_only_order_speech_are_no_quantities(text):
    assert quantities(text) == []


def test_bearing_out_has_a_direction():
    (bound,), (exact,) = quantities("more than 300 goats"), quantities("312 goats")
    assert borne_out(bound, exact)
    assert not borne_out(exact, bound)
