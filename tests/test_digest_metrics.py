"""The Prometheus textfile: what a monitor reads of the last run."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from summarizer.digest.metrics import write_metrics
from summarizer.digest.state.records import Outcome, RunRecord

STARTED = dt.datetime(2031, 5, 6, 0, 0, tzinfo=dt.UTC)
ENDED = STARTED + dt.timedelta(minutes=12)
COUNTS = {
    "articles": 24.0,
    "new_articles": 20.0,
    "asked": 19.0,
    "claims": 160.0,
    "rejected": 31.0,
    "facts": 77.0,
    "skipped": 2.0,
    "seconds": 720.25,
    "deliveries_failed": 1.0,
    "deliveries_unknown": 0.0,
}


def make_run(
    counts: dict[str, float] | None = None, *, outcome: Outcome = Outcome.DONE
) -> RunRecord:
    return RunRecord(
        number=17,
        id="20310506T000000Z-17",
        started=STARTED,
        ended=ENDED,
        outcome=outcome,
        counts=counts or {},
    )


def read(path: Path) -> dict[tuple[str, str], float]:
    """Return the values by name, without the prefix, and digest."""
    return {
        (sample.name.removeprefix("summarizer_digest_"), sample.labels["digest"]): sample.value
        for family in text_string_to_metric_families(path.read_text("utf-8"))
        for sample in family.samples
    }


def values(path: Path) -> dict[str, float]:
    return {name: value for (name, _), value in read(path).items()}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "digest.prom"


def test_every_count_and_time_is_written_with_the_digests_name(path):
    assert write_metrics(path, make_run(COUNTS), last_success=ENDED, digest="morning") == ""
    expected = COUNTS | {
        "last_success_timestamp_seconds": ENDED.timestamp(),
        "last_run_timestamp_seconds": ENDED.timestamp(),
        "last_run_success": 1.0,
    }
    assert read(path) == {(name, "morning"): value for name, value in expected.items()}


def test_every_metric_is_a_gauge_with_help(path):
    write_metrics(path, make_run(COUNTS), last_success=ENDED, digest="morning")
    families = list(text_string_to_metric_families(path.read_text("utf-8")))
    assert len(families) == 13
    assert all(f.type == "gauge" and f.documentation.endswith(".") for f in families)
    assert all(f.name.startswith("summarizer_digest_") for f in families)


def test_what_was_not_counted_is_left_out(path):
    write_metrics(path, make_run({"articles": 0.0}), last_success=None, digest="morning")
    assert set(values(path)) == {"last_run_timestamp_seconds", "last_run_success", "articles"}


def test_counts_that_nobody_asked_for_are_left_out(path):
    write_metrics(
        path, make_run({"stories": 9.0, "seconds_read": 1.5}), last_success=None, digest="m"
    )
    assert set(values(path)) == {"last_run_timestamp_seconds", "last_run_success"}


@pytest.mark.parametrize(
    ("outcome", "success"),
    [
        (Outcome.DONE, 1.0),
        (Outcome.NOTHING_NEW, 1.0),
        (Outcome.INTERRUPTED, 0.0),
        (Outcome.FAILED, 0.0),
        (Outcome.KILLED, 0.0),
        (Outcome.RUNNING, 0.0),
    ],
)
def test_success_is_told_by_the_outcome_and_the_last_one_stays(path, outcome, success):
    before = STARTED - dt.timedelta(days=1)
    write_metrics(path, make_run(outcome=outcome), last_success=before, digest="morning")
    assert values(path)["last_run_success"] == success
    assert values(path)["last_success_timestamp_seconds"] == before.timestamp()


def test_run_without_an_end_has_the_time_of_its_start(path):
    run = make_run(outcome=Outcome.KILLED).model_copy(update={"ended": None})
    write_metrics(path, run, last_success=None, digest="morning")
    assert values(path)["last_run_timestamp_seconds"] == STARTED.timestamp()


def test_times_are_the_same_moment_in_every_zone(path):
    local = ENDED.astimezone(dt.timezone(dt.timedelta(hours=-7)))
    write_metrics(path, make_run(), last_success=local, digest="morning")
    assert values(path)["last_success_timestamp_seconds"] == ENDED.timestamp()


@given(st.text().map(lambda text: text + '\\"n'))
def test_any_name_of_a_digest_can_be_read_back_as_far_as_it_can_be_shown(tmp_path_factory, name):
    path = tmp_path_factory.mktemp("metrics") / "digest.prom"
    assert write_metrics(path, make_run(), last_success=None, digest=name) == ""
    shown = "".join(char if char.isprintable() else "?" for char in name)
    assert {digest for _, digest in read(path)} == {shown}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ('two words, 100 % "odd"', 'two words, 100 % "odd"'),
        ("zürich-ελ", "zürich-ελ"),
        ("a\\nb", "a\\nb"),
        ("a\nb", "a?b"),
        ("a\r\u2028b", "a??b"),
        ("half \udcff", "half ?"),
    ],
)
def test_name_of_a_digest_is_its_label(path, name, shown):
    assert write_metrics(path, make_run(), last_success=None, digest=name) == ""
    assert {digest for _, digest in read(path)} == {shown}


def test_run_before_is_replaced_and_nothing_else_is_left_in_the_folder(path):
    write_metrics(
        path, make_run({"articles": 1.0, "facts": 5.0}), last_success=None, digest="morning"
    )
    write_metrics(path, make_run({"articles": 2.0}), last_success=None, digest="morning")
    assert values(path)["articles"] == 2.0
    assert "facts" not in values(path)
    assert [p.name for p in path.parent.iterdir()] == ["digest.prom"]


def test_file_can_be_read_by_the_monitors_user_whatever_the_umask(path):
    before = os.umask(0o077)
    try:
        write_metrics(path, make_run(), last_success=None, digest="morning")
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o444 == 0o444


def test_failure_to_write_is_returned_and_leaves_the_old_file(path, monkeypatch):
    write_metrics(path, make_run({"articles": 1.0}), last_success=None, digest="morning")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    problem = write_metrics(path, make_run({"articles": 2.0}), last_success=None, digest="morning")
    assert "No space left on device" in problem
    assert values(path)["articles"] == 1.0


def test_folder_that_cannot_be_made_is_returned(tmp_path):
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "digest.prom"
    problem = write_metrics(path, make_run(), last_success=None, digest="morning")
    assert problem.startswith("no metrics: cannot write ")


def test_registry_of_the_library_is_left_alone(path):
    before = {family.name for family in REGISTRY.collect()}
    write_metrics(path, make_run(COUNTS), last_success=ENDED, digest="morning")
    assert {family.name for family in REGISTRY.collect()} == before
