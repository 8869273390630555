"""The journal of a run: what is stored, who hears it, and what never gets in."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.digest.clock import Clock
from summarizer.digest.journal import MAX_TEXT, Entry, Journal, plain
from summarizer.digest.state import State
from summarizer.digest.state.records import Outcome
from summarizer.errors import SummarizerError

NIGHT = dt.datetime(2031, 5, 6, 2, 0, tzinfo=dt.timezone(dt.timedelta(hours=2)))


class StoppedClock(Clock):
    def now(self) -> dt.datetime:
        return NIGHT


@pytest.fixture
def state(tmp_path):
    with State(tmp_path / "state.sqlite3") as state:
        yield state


@pytest.fixture
def run(state):
    return state.runs.start(NIGHT.astimezone(dt.UTC))


def journal(state: State, run: Any, *listeners: Any) -> Journal:
    return Journal(state, run, StoppedClock(), *listeners)


class BrokenState:
    """A state on a disk that is full."""

    class runs:
        @staticmethod
        def note(*_given: object) -> None:
            raise SummarizerError("the disk is full")


def test_event_is_stored_before_a_listener_hears_it(state, run):
    stored: list[int] = []
    journal(state, run, lambda entry: stored.append(len(state.runs.events(run.number)))).note("a")
    assert stored == [1]


def test_entry_and_event_say_the_same(state, run):
    heard: list[Entry] = []
    given = journal(state, run, heard.append).note("article added", source="pier.txt", words=120)
    (event,) = state.runs.events(run.number)
    assert heard == [given]
    assert (event.name, event.level, event.fields) == (given.name, given.level, given.fields)
    assert event.at == given.at == NIGHT
    assert given.run == run.id
    assert given.fields == {"source": "pier.txt", "words": 120}


def test_moment_is_utc_whatever_the_clock_shows(state, run):
    assert journal(state, run).note("a").at.utcoffset() == dt.timedelta(0)


def test_field_may_be_called_name_or_self(state, run):
    entry = journal(state, run).note("story", name="harbour", self="x")
    assert entry.fields == {"name": "harbour", "self": "x"}


def test_listener_that_fails_stops_neither_the_run_nor_the_others(state, run):
    heard: list[str] = []

    def broken(_entry: Entry) -> None:
        raise OSError(28, "No space left on device")

    notes = journal(state, run, broken, lambda entry: heard.append(entry.name))
    notes.note("first")
    notes.note("second")
    assert heard == ["first", "second"]
    names = [event.name for event in state.runs.events(run.number)]
    assert names == ["first", "listener failed", "second"]
    assert "No space left" in state.runs.events(run.number)[1].fields["problem"]


def test_interrupt_in_a_listener_goes_through(state, run):
    def pressed(_entry: Entry) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        journal(state, run, pressed).note("a")


def test_state_that_cannot_be_written_ends_the_run_but_the_log_has_the_event(run):
    heard: list[str] = []
    notes = journal(BrokenState(), run, lambda entry: heard.append(entry.name))  # type: ignore[arg-type]
    with pytest.raises(SummarizerError, match="disk is full"):
        notes.note("article added")
    assert heard == ["article added"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (3, 3),
        (1.5, 1.5),
        (float("nan"), "nan"),
        (1 << 80, hex(1 << 80)),
        ("one\nline\x1b[31m red\u202e", "one line red"),
        (Path("a/b.txt"), "a/b.txt"),
        (Outcome.NOTHING_NEW, "nothing new"),
        (NIGHT, "2031-05-06T02:00:00+02:00"),
        (dt.timedelta(minutes=2), 120.0),
        (b"\x00secret bytes", "13 bytes"),
        (ValueError("out of\ttune"), "out of tune"),
        ({"b", "a"}, ["a", "b"]),
        (("x", 1), ["x", 1]),
        ({"when": NIGHT.date()}, {"when": "2031-05-06"}),
        ([[[["deep"]]]], [[["['deep']"]]]),
    ],
)
def test_values_become_short_json(value, expected):
    assert plain(value) == expected


def test_text_is_cut_and_lists_too():
    assert len(plain("wave " * 1_000_000)) <= MAX_TEXT
    assert len(plain(list(range(1000)))) == 50


def test_object_without_a_text_is_named_by_its_kind():
    class Mute:
        def __str__(self) -> str:
            raise RuntimeError("no words")

    assert plain(Mute()) == "(Mute)"


@pytest.mark.parametrize(
    "name", ["password", "smtp_password", "secret", "Authorization", "api_key", "token", "cookie"]
)
def test_what_is_named_like_a_secret_is_hidden(state, run, name):
    fields: dict[str, Any] = {name: "hunter2", "inner": {name: "hunter2"}}
    entry = journal(state, run).note("sent", **fields)
    (event,) = state.runs.events(run.number)
    assert "hunter2" not in entry.model_dump_json() + event.model_dump_json()


def test_figures_named_like_a_secret_are_not(state, run):
    assert journal(state, run).note("a", tokens_read=7).fields == {"tokens_read": 7}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://ann:hunter2@news.example/feed", "https://news.example/feed"),
        ("postgresql://ann:hunter@2@db/news", "postgresql://db/news"),
        ("see https://news.example/@ann", "see https://news.example/@ann"),
        ("mail ann@news.example", "mail ann@news.example"),
    ],
)
def test_credentials_of_urls_are_left_out(text, expected):
    assert plain(text) == expected


def test_credentials_at_the_cut_of_a_long_text_are_left_out():
    for pad in range(3950, 4010):
        text = "\x00" * pad + "https://ann:hunter2" + "x" * 5000 + "@news.example"
        assert "hunter" not in plain(text)


def test_hostile_text_takes_linear_time():
    for text in ("://" * 100_000, "://" + "a" * 300_000, "@" * 300_000, "\x1b[" * 100_000):
        assert len(plain(text)) <= MAX_TEXT


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(_VALUES)
def test_any_value_is_json_that_reads_back_the_same(value):
    kept = plain(value)
    assert json.loads(json.dumps(kept, allow_nan=False)) == kept
