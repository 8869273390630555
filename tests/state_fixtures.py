"""States for tests, on SQLite and on a real PostgreSQL.

A test file that wants them says `pytest_plugins = ("tests.state_fixtures",)`; nobody imports this.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from summarizer.digest.state import State
from tests.postgres import NoPostgres, Server, running


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Run one server for the whole session; skip where there is none."""
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(running())
        except NoPostgres as error:
            pytest.skip(str(error))
        yield server


@pytest.fixture
def postgres_url(postgres: Server) -> Iterator[str]:
    """Return the URL of an empty database."""
    with postgres.database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return where an empty state can be made, once in each database."""
    if request.param == "sqlite":
        return str(tmp_path / "state.sqlite3")
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def state(place: str) -> Iterator[State]:
    """Return an empty state, once in each database."""
    with State(place) as made:
        yield made


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[State]:
    """Return an empty state in SQLite."""
    with State(tmp_path / "state.sqlite3") as made:
        yield made
