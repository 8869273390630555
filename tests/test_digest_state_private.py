"""Who may read the state, and what is never shown of its address."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from summarizer.digest.state import State
from summarizer.digest.state.database import without_secrets
from summarizer.errors import ConfigError
from tests.states import NIGHT

SECRET = "hunter2-is-secret"


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    """Let everybody read new files, as most umasks do."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


def test_new_state_and_its_log_are_for_the_owner_alone(tmp_path):
    with State(tmp_path / "new" / "state.sqlite3") as state:
        state.runs.start(NIGHT)
        assert modes(tmp_path / "new") == {
            "state.sqlite3": 0o600,
            "state.sqlite3-wal": 0o600,
            "state.sqlite3-shm": 0o600,
        }


def test_state_that_is_there_keeps_its_mode(tmp_path):
    path = tmp_path / "state.sqlite3"
    State(path).close()
    path.chmod(0o640)  # a group reads it
    with State(path) as state:
        state.runs.start(NIGHT)
        assert set(modes(tmp_path).values()) == {0o640}


def test_state_behind_a_link_is_for_the_owner_alone(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "state.sqlite3").symlink_to("there/state.sqlite3")
    State(tmp_path / "state.sqlite3").close()
    assert modes(tmp_path / "there") == {"state.sqlite3": 0o600}


def test_copy_of_a_state_is_for_the_owner_alone(tmp_path):
    with State(tmp_path / "state.sqlite3") as state:
        state.backup(tmp_path / "copies" / "state.sqlite3")
    assert modes(tmp_path / "copies") == {"state.sqlite3": 0o600}


@pytest.mark.parametrize(
    ("where", "shown"),
    [
        (f"postgresql://ada:{SECRET}@db.example/news", "postgresql://ada:***@db.example/news"),
        (f"postgresql://db.example/news?password={SECRET}", "postgresql://db.example/news"),
        (
            f"postgresql://ada@db.example:5433/news?sslkey=/k&sslpassword={SECRET}",
            "postgresql://ada@db.example:5433/news",
        ),
        (f"postgresql+psycopg://db/news?passWord={SECRET}", "postgresql+psycopg://db/news"),
        (f"postgresql://ada:{SECRET}@host:port/news", "postgresql://…"),
        ("some/state.sqlite3", "some/state.sqlite3"),
    ],
)
def test_address_is_shown_without_passwords(where, shown):
    assert without_secrets(where) == shown


@pytest.mark.parametrize("name", ["password", "sslpassword"])
def test_error_does_not_repeat_the_password_of_the_query(name):
    with pytest.raises(ConfigError, match="cannot use the state postgresql://") as caught:
        State(f"postgresql://nobody@/none?host=/nowhere&{name}={SECRET}")
    assert SECRET not in f"{caught.value} {caught.value.hint}"
