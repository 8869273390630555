"""`summarizer doctor` and the digest's state."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from summarizer.cli.doctor import command
from summarizer.digest.state import Outcome, State, tables
from tests.states import DAY, NIGHT, add

HEAD = 'model = "none"\n[sources]\nfolders = ["inbox"]\n'


@pytest.fixture(autouse=True)
def _no_other_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no digest be found but the test's."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SUMMARIZER_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("SUMMARIZER_DIGEST", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "night.toml"
    path.write_text(f'state = "state.sqlite3"\n{HEAD}')
    return path


def doctor(*words: object) -> Result:
    return CliRunner().invoke(command, ["--model", "none", *map(str, words)], standalone_mode=False)


def test_doctor_tells_nothing_of_a_digest_that_is_not_configured():
    done = doctor()
    assert "digest" not in done.output
    assert done.return_value == 0


def test_doctor_says_that_the_state_will_be_made(config):
    done = doctor("--digest", config)
    assert done.return_value == 0
    assert "state.sqlite3 is not there yet" in done.output
    assert not (config.parent / "state.sqlite3").exists()


def test_doctor_tells_how_the_state_is(config):
    with State(config.parent / "state.sqlite3") as state:
        for outcome in (Outcome.DONE, Outcome.NOTHING_NEW, Outcome.FAILED):
            run = state.runs.start(NIGHT + (state.runs.list(1) != []) * DAY)
            state.runs.end(run.number, outcome, NIGHT)
    done = doctor("--digest", config)
    assert done.return_value == 0
    assert "MB, version 2, whole, runs: 3, last success: 2031-05-07 02:00 UTC" in done.output


def test_doctor_finds_the_digest_by_itself(config):
    config.rename(config.parent / "digest.toml")
    with State(config.parent / "state.sqlite3"):
        pass
    done = doctor()
    assert done.return_value == 0
    assert "whole, runs: 0, last success: none" in done.output


def test_doctor_says_what_to_do_with_a_damaged_state(config):
    with State(config.parent / "state.sqlite3") as state:
        add(state, 1)
        with state._db.write() as connection:
            connection.execute(tables.bodies.update().values(body=b"\x01damaged"))
    done = doctor("--digest", config)
    assert done.return_value == 1
    assert "damaged: 1 damaged: article" in done.output
    assert "Move the file away" in done.output


@pytest.mark.parametrize(
    ("text", "message"),
    [("this is no database" * 100, "not a database"), ("", "is of version 0")],
)
def test_doctor_reports_a_state_that_cannot_be_opened(config, text, message):
    (config.parent / "state.sqlite3").write_text(text)
    done = doctor("--digest", config)
    assert done.return_value == 1
    assert message in done.output


def test_doctor_reports_a_config_that_is_not_there(tmp_path, monkeypatch):
    assert "night.toml" in doctor("--digest", tmp_path / "night.toml").output
    monkeypatch.setenv("SUMMARIZER_DIGEST", str(tmp_path / "other.toml"))
    done = doctor()
    assert done.return_value == 1
    assert "other.toml" in done.output
