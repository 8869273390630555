"""What the digest remembers between nights, in one SQLite file or a PostgreSQL database.

Every write is committed before it returns, so that any moment may be the last.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from summarizer.digest.state import checks, migrations
from summarizer.digest.state.answers import Answers
from summarizer.digest.state.articles import ArticleHead, Articles
from summarizer.digest.state.database import Backend, Database
from summarizer.digest.state.deliveries import Deliveries
from summarizer.digest.state.editions import Editions
from summarizer.digest.state.fetches import Fetches
from summarizer.digest.state.inputs import Inputs
from summarizer.digest.state.memory import Memory
from summarizer.digest.state.records import (
    Delivery,
    DeliveryState,
    Edition,
    EditionInputs,
    EditionLine,
    Event,
    FetchRecord,
    KnownFact,
    KnownStory,
    Outcome,
    RememberedArticle,
    RunRecord,
    SeenInput,
    StoryNews,
)
from summarizer.digest.state.retention import Retention
from summarizer.digest.state.runs import Runs
from summarizer.errors import ConfigError

__all__ = [
    "ArticleHead",
    "Delivery",
    "DeliveryState",
    "Edition",
    "EditionInputs",
    "EditionLine",
    "Event",
    "FetchRecord",
    "KnownFact",
    "KnownStory",
    "Outcome",
    "RememberedArticle",
    "RunRecord",
    "SeenInput",
    "State",
    "StoryNews",
]


class State:
    """The digest's memory; each concern has its own attribute.

    Args:
        where: the path of a SQLite file, made when it is not there, or a postgresql:// URL.
        read_only: nothing is made, migrated or written.

    Raises:
        ConfigError: it cannot be opened, or is of another version; the hint says what to do.
        StateError: (every method) it cannot be read or written any more; nothing half-written.
    """

    def __init__(self, where: str | Path, *, read_only: bool = False) -> None:
        database = self._db = Database(where, read_only=read_only)
        try:
            self.version = _up_to_date(database)
        except BaseException:
            database.close()
            raise
        self.inputs = Inputs(database)
        self.fetches = Fetches(database)
        self.articles = Articles(database)
        self.answers = Answers(database)
        self.runs = Runs(database)
        self.editions = Editions(database)
        self.memory = Memory(database)
        self.deliveries = Deliveries(database)
        self.retention = Retention(database)

    @property
    def backend(self) -> Backend:
        """Which database it is."""
        return self._db.backend

    @property
    def name(self) -> str:
        """The path, or the URL without its password and query."""
        return self._db.name

    def close(self) -> None:
        """Close the connection, and with it PostgreSQL's lock."""
        self._db.close()

    def __enter__(self) -> State:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit the writes inside together at the end; any exception takes all of them back."""
        with self._db.write():
            yield

    def lock(self) -> bool:
        """Take the one lock of a digest in PostgreSQL, until close(); False: another has it.

        Always true for SQLite, whose digests lock a file beside it.
        """
        return self._db.lock()

    def backup(self, path: Path) -> None:
        """Copy a SQLite state to a new file, as it is at this moment, even while it is written.

        Raises:
            TypeError: the state is in PostgreSQL.
            ConfigError: the copy cannot be written.
        """
        self._db.backup(path)

    def check(self) -> list[str]:
        """Return what is damaged, a line each; reads everything."""
        return checks.problems_of(self._db)

    def size_bytes(self) -> int:
        """Return what it takes on disk."""
        return checks.size_of(self._db)


def _up_to_date(database: Database) -> int:
    """Run the migrations that are missing; return the version.

    Raises:
        ConfigError: it cannot be done.
    """
    with database.opening():
        try:
            with database.read() as connection:
                found = migrations.version(connection)
        except migrations.ForeignDatabase:
            raise ConfigError(
                f"{database.name} is a database of another program",
                hint="Name another file with `state` in digest.toml.",
            ) from None
        if found > migrations.LATEST:
            raise ConfigError(
                f"cannot use the state {database.name}: it was written by a newer version",
                hint="Use that version of summarizer, or name another state in digest.toml.",
            )
        if found == migrations.LATEST:
            return found
        if database.read_only:
            raise ConfigError(
                f"the state {database.name} is of version {found}, not {migrations.LATEST}",
                hint="The next `summarizer digest` brings it up to date.",
            )
        return _migrate(database)


def _migrate(database: Database) -> int:
    going = True
    while going:
        with database.write() as connection:
            going = migrations.step(connection)
    if database.backend == "sqlite" and database.pragma("PRAGMA auto_vacuum") == [(0,)]:
        # A file of the first version: it now holds little but ids, and can shrink from here on.
        database.pragma("PRAGMA auto_vacuum = INCREMENTAL")
        database.pragma("VACUUM")
    return migrations.LATEST
