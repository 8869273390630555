import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.dates import compatible, covered, dates, span_of

PUBLISHED = dt.date(2023, 9, 11)


@pytest.mark.parametrize(
    ("text", "year", "month", "day"),
    [
        ("on 10 July 2024", 2024, 7, 10),
        ("July 10, 2024", 2024, 7, 10),
        ("2024-07-10", 2024, 7, 10),
        ("10th of March", None, 3, 10),
        ("on the 10th (local time)", None, None, 10),
        ("in May", None, 5, None),
        ("20 Sept. 2019", 2019, 9, 20),
        ("in 2023", 2023, None, None),
    ],
)
def test_date_says_what_the_text_says(text, year, month, day):
    (found,) = dates(text)
    assert (found.year, found.month, found.day) == (year, month, day)


@pytest.mark.parametrize(
    ("text", "year", "month", "day"),
    [
        ("yesterday", 2023, 9, 10),
        ("on the 10th", 2023, 9, 10),
        ("last March", 2023, 3, None),
        ("next year", 2024, None, None),
        ("earlier this year", 2023, None, None),
        ("by year's end", 2023, None, None),
        ("three years ago", 2020, None, None),
    ],
)
def test_relative_date_is_resolved_by_the_articles_date(text, year, month, day):
    (found,) = dates(text, PUBLISHED)
    assert (found.year, found.month, found.day) == (year, month, day)


def test_relative_date_stays_relative_without_the_articles_date():
    (found,) = dates("early next year")
    assert (found.year, found.relative, found.part) == (None, "year+1", "early")


@pytest.mark.parametrize(
    "text",
    ["They may go. May I?", "2000 goats", "$2000", "2,000", "the 10th anniversary", "march on"],
)
def test_other_words_and_numbers_are_no_dates(text):
    assert dates(text) == []


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("early next year", "early 2024"),
        ("Tuesday", "10 September 2024"),
        ("July", "10 July 2024"),
        ("the third quarter of 2023", "August 2023"),
        ("summer 2022", "July 2022"),
        ("10 July", "July 2024"),
    ],
)
def test_dates_are_compatible_as_far_as_both_say(one, two):
    assert compatible(dates(one)[0], dates(two)[0])
    assert compatible(dates(two)[0], dates(one)[0])


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("2023", "2024"),
        ("July 2024", "June 2024"),
        ("10 July", "11 July"),
        ("Tuesday", "11 September 2024"),
        ("Q3 2023", "Q2 2023"),
        ("next year", "last year"),
        ("early 2024", "late 2024"),
    ],
)
def test_dates_are_incompatible_where_both_say_otherwise(one, two):
    assert not compatible(dates(one)[0], dates(two)[0])
    assert not compatible(dates(two)[0], dates(one)[0])


COVERED = [
    ("10 July 2024", "2024-07-10"),
    ("July 2024", "10 July 2024"),
    ("2024", "10 July 2024"),
    ("July", "10 July"),
    ("Tuesday", "10 September 2024"),
    ("next year", "next year"),
    ("early 2024", "early 2024"),
    ("2022", "late 2022"),
    ("the end of the year", "year's end"),
    ("3 July 2024", "July 3"),
]
NOT_COVERED = [
    ("10 July 2024", "July 2024"),
    ("July", "2024"),
    ("Tuesday", "July"),
    ("2024", "2023"),
    ("2025", "the following year"),
    ("10 July", "11 July"),
    ("yesterday", "Tuesday"),
    ("10 July 2024", "10 June 2024"),
    ("late 2022", "early 2022"),
    ("Monday", "Tuesday"),
]


@pytest.mark.parametrize(("claim", "evidence"), COVERED)
def test_date_is_covered_by_one_that_says_as_much(claim, evidence):
    assert covered(dates(claim)[0], dates(evidence))


@pytest.mark.parametrize(("claim", "evidence"), NOT_COVERED)
def test_date_is_not_covered_by_one_that_says_less_or_other(claim, evidence):
    assert not covered(dates(claim)[0], dates(evidence))


@given(st.dates(min_value=dt.date(1500, 1, 1), max_value=dt.date(2099, 12, 31)))
def test_written_date_is_read_back(day):
    for text in (
        day.isoformat(),
        f"{day:%B} {day.day}, {day.year}",
        f"{day.day} {day:%B} {day.year}",
    ):
        (found,) = dates(text)
        assert (found.year, found.month, found.day) == (day.year, day.month, day.day)


@given(st.text(max_size=80))
def test_dates_lie_in_the_text(text):
    assert all(text[d.start : d.end] == d.text for d in dates(text, PUBLISHED))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("this week", dt.date(2023, 9, 11), dt.date(2023, 9, 17)),
        ("last week", dt.date(2023, 9, 4), dt.date(2023, 9, 10)),
        ("last Monday", dt.date(2023, 8, 29), dt.date(2023, 9, 10)),
        ("next Monday", dt.date(2023, 9, 12), dt.date(2023, 9, 24)),
        ("the 1990s", dt.date(1990, 1, 1), dt.date(1999, 12, 31)),
        ("in February 2024", dt.date(2024, 2, 1), dt.date(2024, 2, 29)),
    ],
)
def test_span_holds_the_days_that_may_be_meant(text, first, last):
    (found,) = dates(text, PUBLISHED)
    assert span_of(found) == (first, last)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("the 1990s", "the 1890s"),
        ("the 1990s", "2004"),
        ("winter 2022", "summer 2022"),
        ("fall 2016", "spring 2016"),
    ],
)
def test_decades_and_seasons_that_differ_are_incompatible(one, two):
    assert not compatible(dates(one)[0], dates(two)[0])


def test_both_years_of_a_range_are_dates():
    assert [d.year for d in dates("from 2010-2015")] == [2010, 2015]
    assert [d.year for d in dates("2010–2015")] == [2010, 2015]


def test_day_of_a_century_is_no_date():
    assert dates("since the 9th-century") == []
