"""summarizer.text.cues: what a text holds, and that nothing is missed for it."""

from __future__ import annotations

import datetime as dt

import pytest

from summarizer.text.cues import cues, without_lookalikes
from summarizer.text.dates import dates
from summarizer.text.quantities import quantities


def test_words_are_runs_of_letters_in_lower_case() -> None:
    has = cues("The 5th of MAY, 2031: co-owner's day")
    assert has.digits
    assert has.words == {"the", "th", "of", "may", "co", "owner", "s", "day"}


def test_a_text_without_digits_has_none() -> None:
    assert not cues("Five days in May").digits


def test_digits_of_other_scripts_are_digits() -> None:
    assert cues("\u0665 days").digits


@pytest.mark.parametrize("text", ["\u017fpring 2031", "m\u0130d-March", "\u017fix million \u212ag"])
def test_lookalike_letters_raise_nothing_and_keep_their_places(text: str) -> None:
    assert len(without_lookalikes(text)) == len(text)
    for date in dates(text, dt.date(2031, 5, 3)):
        assert date.text == text[date.start : date.end]
    for number in quantities(text):
        assert number.text == text[number.start : number.end]


def test_a_date_in_lookalike_letters_is_read() -> None:
    (found,) = dates("\u017fpring 2031")
    assert (found.part, found.year) == ("spring", 2031)


@pytest.mark.parametrize(
    "text",
    [
        "2031-05-03", "3 May 2031", "May 3", "in May", "the 5th", "Q3", "first quarter",
        "last half", "in mid-summer", "fall of 2031", "on Mon. night", "Tuesdays", "year's end",
        "the end of the year", "next decade", "tonight", "two days ago", "the 1990s", "the '90s",
        "2031",
    ],
)  # fmt: skip
def test_every_form_of_a_date_is_still_found(text: str) -> None:
    assert dates(text)


@pytest.mark.parametrize(
    "text",
    [
        "at 6 p.m.", "one in five", "3 out of 10", "$5m", "half of it", "two-thirds of all",
        "hundreds", "the third man", "forty-two people", "several hundred people", "a dozen eggs",
    ],
)  # fmt: skip
def test_every_form_of_a_number_is_still_found(text: str) -> None:
    assert quantities(text)


def test_many_dates_in_one_text_are_all_found() -> None:
    text = " ".join(f"3 May {year}," for year in range(1500, 2100))
    assert [found.year for found in dates(text)] == list(range(1500, 2100))
