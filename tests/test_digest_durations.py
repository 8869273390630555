"""Durations and times of day, as people write them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.digest.durations import (
    check_duration,
    format_duration,
    format_time,
    parse_duration,
    parse_time,
)

MINUTE = dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("45m", 45 * MINUTE),
        ("7d", dt.timedelta(days=7)),
        ("1h30m", 90 * MINUTE),
        ("1h 30m", 90 * MINUTE),
        ("90s", dt.timedelta(seconds=90)),
        ("2w", dt.timedelta(days=14)),
        ("1w1d1h1m1s", dt.timedelta(days=8, hours=1, minutes=1, seconds=1)),
        (" 7D ", dt.timedelta(days=7)),
        ("0h5m", 5 * MINUTE),
        ("36500d", dt.timedelta(days=36_500)),
    ],
)
def test_duration_is_read(text, duration):
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no duration"),
        (" ", "no duration"),
        ("45", "no duration"),
        ("m", "no duration"),
        ("7 days", "no duration"),
        ("30m1h", "no duration"),
        ("1m1m", "no duration"),
        ("1.5h", "no duration"),
        ("1e3s", "no duration"),
        ("-5m", "no duration"),
        ("٣d", "no duration"),
        ("P7D", "no duration"),
        ("06:30", "no duration"),
        ("9999999999s", "no duration"),
        ("0s", "longer than nothing"),
        ("0h0m", "longer than nothing"),
        ("36501d", "100 years"),
        ("999999999w", "100 years"),
    ],
)
def test_wrong_duration_is_refused_with_examples(text, message):
    with pytest.raises(ValueError, match=message) as caught:
        parse_duration(text)
    assert '"45m", "7d" or "1h30m"' in str(caught.value)


def test_message_shows_neither_all_of_a_long_text_nor_control_characters():
    with pytest.raises(ValueError, match="no duration") as caught:
        parse_duration("\x1b[31m" + "x" * 10_000)
    assert len(str(caught.value)) < 120
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("duration", [dt.timedelta(0), -MINUTE, dt.timedelta.max])
def test_duration_given_as_such_is_checked_as_well(duration):
    with pytest.raises(ValueError, match="a duration"):
        check_duration(duration)


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (dt.timedelta(days=90), "90d"),
        (90 * MINUTE, "1h30m"),
        (dt.timedelta(0), "0s"),
        (-5 * MINUTE, "-5m"),
        (dt.timedelta(milliseconds=300), "0s"),
        (dt.timedelta(milliseconds=-300), "0s"),
        (dt.timedelta(seconds=59.6), "1m"),
    ],
)
def test_duration_is_written_to_the_second(duration, text):
    assert format_duration(duration) == text


@given(st.integers(min_value=1, max_value=36_500 * 86_400))
def test_duration_written_is_read_back(seconds):
    duration = dt.timedelta(seconds=seconds)
    assert parse_duration(format_duration(duration)) == duration


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("06:30", dt.time(6, 30)),
        ("6:30", dt.time(6, 30)),
        ("00:00", dt.time(0, 0)),
        ("23:59:59", dt.time(23, 59, 59)),
    ],
)
def test_time_of_day_is_read(text, time):
    assert parse_time(text) == time
    assert parse_time(format_time(time)) == time


@pytest.mark.parametrize(
    "text", ["", "24:00", "25:00", "06:60", "0630", "6", "06:30Z", "06:30+01:00", "٠٦:٣٠", "6:3"]
)
def test_wrong_time_of_day_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match='"06:30"$'):
        parse_time(text)
