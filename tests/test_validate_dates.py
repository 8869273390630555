"""Pairs of a claim and its evidence, about invented things: dates that bear out, or do not."""

import datetime as dt

import pytest

from summarizer.data import RejectReason
from summarizer.validate.dates import check_dates
from summarizer.validate.reading import Reading

THURSDAY = dt.date(2023, 9, 14)


def _check(claim: str, *evidence: str, published: dt.date | None = None):
    readings = [Reading(text, published, number=i) for i, text in enumerate(evidence, 1)]
    return check_dates(Reading(claim, published), readings)


SAID = [
    ("Tarn led the guild until 2010.", "Tarn led the guild until 2010."),
    ("Tarn led the guild until 2010.", "Tarn led the guild from 2001 to 2010."),
    ("Tarn led the guild from 2001.", "Tarn led the guild from 2001 to 2010."),
    ("Tarn has led the guild since 2010.", "Tarn took over in 2010."),
    ("The dam opened in 2010.", "The dam did not open until 2010."),
    ("The dam closed before May.", "The dam closed before May."),
    ("The dam closed by Friday.", "The dam closed before Friday."),
    ("The dam closed after 4 May.", "The dam closed after 4 May, in rain."),
    ("Tarn ran from 2010 to 2015.", "Tarn ran from 2010 until 2015."),
    ("Tarn left in 2015.", "Tarn ran from 2010-2015."),
    ("The dam broke in the 1990s.", "The dam broke in 1994."),
    ("The dam broke in the 1990s.", "The dam broke in the '90s."),
    ("The dam broke in the 2000s.", "The dam broke on 3 May 2004."),
    ("The dam broke in autumn 2016.", "The dam broke in fall 2016."),
    ("The dam broke in winter 2016.", "The dam broke in the winter of 2016."),
    ("The dam broke in the third quarter.", "The dam broke in Q3 2020."),
    ("The dam broke in the 9th century.", "A 9th-century dam broke."),
    ("Tarn scored in the second half.", "Tarn scored after 77 minutes."),
    ("The dam broke two years ago.", "The dam broke two years ago."),
    ("Profit fell from last year's quarter.", "Profit fell from the year-ago quarter."),
    ("The dam broke in May 2021.", "In 2021, a May storm broke the dam in May."),
]
NOT_SAID = [
    ("Tarn led the guild until 2010.", "Tarn led the guild since 2010."),
    ("Tarn led the guild since 2010.", "Tarn led the guild from 2001 to 2010."),
    ("Tarn led the guild until 2001.", "Tarn led the guild from 2001 to 2010."),
    ("Tarn has led the guild since 2010.", "Tarn led it before 2010."),
    ("The dam opened in 2010.", "The dam opened after 2010."),
    ("The dam closed before May.", "The dam closed after May."),
    ("The dam closed by Friday.", "The dam closed after Friday."),
    ("The dam closed after 4 May.", "The dam closed on 4 May, in rain."),
    ("Tarn ran from 2011 to 2015.", "Tarn ran from 2010 until 2015."),
    ("Tarn left in 2016.", "Tarn ran from 2010-2015."),
    ("The dam broke in the 1990s.", "The dam broke in 1984."),
    ("The dam broke in the 1990s.", "The dam broke in the 1890s."),
    ("The dam broke in 2004.", "The dam broke in the 2000s."),
    ("The dam broke in spring 2016.", "The dam broke in fall 2016."),
    ("The dam broke in winter 2016.", "The dam broke in the summer of 2016."),
    ("The dam broke in the second quarter.", "The dam broke in Q3 2020."),
    ("The dam broke on the 9th.", "A 9th-century dam broke."),
    ("Profit fell in the second half.", "Profit fell in the first half of 2020."),
    ("The dam broke two years ago.", "The dam broke ten years ago."),
    ("Profit fell from last year's quarter.", "Profit fell from this year's first quarter."),
    ("The dam broke in June 2021.", "In 2021, a May storm broke the dam in May."),
]
# Resolved by the date of the article, a Thursday.
SAID_ON_THURSDAY = [
    ("The dam broke on 12 September.", "The dam broke on Tuesday."),
    ("The dam broke on 12 September 2023.", "The dam broke on Tuesday."),
    ("The dam broke in September.", "The dam broke on Tuesday."),
    ("The dam broke in 2023.", "The dam broke on Wednesday."),
    ("The dam broke on Wednesday.", "The dam broke yesterday."),
    ("The dam broke this week.", "The dam broke yesterday."),
    ("The dam broke last week.", "The dam broke on 6 September 2023."),
    ("The dam broke on 4 September 2023.", "The dam broke last Monday."),
    ("The dam will open on 18 September 2023.", "The dam will open next Monday."),
    ("The dam will open in October 2023.", "The dam will open next month."),
    ("The dam broke in 2021.", "The dam broke two years ago."),
    ("The dam broke on 12 September 2023.", "The dam broke two days ago."),
    ("The dam will open in 2024.", "The dam will open next year."),
    ("The dam broke earlier this week.", "The dam broke on 11 September 2023."),
]
NOT_SAID_ON_THURSDAY = [
    ("The dam broke on 13 September.", "The dam broke on Tuesday."),
    ("The dam broke on 12 September 2022.", "The dam broke on Tuesday."),
    ("The dam broke in August.", "The dam broke on Tuesday."),
    ("The dam broke in 2022.", "The dam broke on Wednesday."),
    ("The dam broke on Tuesday.", "The dam broke yesterday."),
    ("The dam broke last week.", "The dam broke yesterday."),
    ("The dam broke this week.", "The dam broke on 6 September 2023."),
    ("The dam broke on 5 September 2023.", "The dam broke last Monday."),
    ("The dam will open on 11 September 2023.", "The dam will open next Monday."),
    ("The dam will open in November 2023.", "The dam will open next month."),
    ("The dam broke in 2022.", "The dam broke two years ago."),
    ("The dam broke on 11 September 2023.", "The dam broke two days ago."),
    ("The dam will open in 2023.", "The dam will open next year."),
    ("The dam broke earlier this week.", "The dam broke on 8 September 2023."),
]


@pytest.mark.parametrize(("claim", "evidence"), SAID)
def test_date_that_the_evidence_bears_out_is_no_finding(claim, evidence):
    assert _check(claim, evidence) is None


@pytest.mark.parametrize(("claim", "evidence"), NOT_SAID)
def test_date_that_the_evidence_does_not_bear_out_is_found(claim, evidence):
    finding = _check(claim, evidence)
    assert finding is not None
    assert finding[0] is RejectReason.DATE


@pytest.mark.parametrize(("claim", "evidence"), SAID_ON_THURSDAY)
def test_relative_date_bears_out_the_day_it_is(claim, evidence):
    assert _check(claim, evidence, published=THURSDAY) is None


@pytest.mark.parametrize(("claim", "evidence"), NOT_SAID_ON_THURSDAY)
def test_relative_date_bears_out_no_other_day(claim, evidence):
    finding = _check(claim, evidence, published=THURSDAY)
    assert finding is not None
    assert finding[0] is RejectReason.DATE


def test_tables_hold_forty_pairs_and_as_many_true_as_false():
    assert len(SAID) == len(NOT_SAID) >= 20
    assert len(SAID_ON_THURSDAY) == len(NOT_SAID_ON_THURSDAY)


@pytest.mark.parametrize(
    ("claim", "evidence", "detail"),
    [
        (
            "The dam broke in 2019.",
            ["The lake froze.", "The dam broke in 2017."],
            "2019 is not in the evidence; sentence 2 says 2017",
        ),
        (
            "The dam broke on Monday.",
            ["The dam broke on Tuesday in 2017."],
            "Monday is not in the evidence; sentence 1 says Tuesday",
        ),
        ("The dam broke in 2019.", ["The dam broke."], "2019 is not in the evidence"),
        (
            "Tarn led the guild until 2010.",
            ["Tarn led the guild since 2010."],
            "until 2010: the evidence says since 2010",
        ),
        (
            "The dam opened in 2010.",
            ["The dam opened before 2010."],
            "in 2010: the evidence says before 2010",
        ),
    ],
)
def test_detail_names_what_the_evidence_has_instead(claim, evidence, detail):
    finding = _check(claim, *evidence)
    assert finding == (RejectReason.DATE, detail)


def test_article_of_the_first_year_is_read():
    assert _check("It broke on Tuesday.", "It broke last Tuesday.", published=dt.date.min) is None


@pytest.mark.parametrize("text", ["since 2010 ", "from 2010-2015 ", "last week ", "the 9th "])
def test_long_hostile_text_is_read_in_time(text):
    _check((text * 1000)[:10000], text * 1000)
