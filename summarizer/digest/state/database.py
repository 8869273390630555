"""One connection to SQLite or PostgreSQL that knows transactions and says what went wrong."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from summarizer.digest.state import problems
from summarizer.digest.state.tables import MANY
from summarizer.errors import ConfigError, StateError

Backend = Literal["sqlite", "postgresql"]
BUSY_S = 10.0  # how long SQLite waits for another writer
_CONNECT_S = 10
_SCHEMES = ("postgresql://", "postgres://", "postgresql+psycopg://")
_PRIVATE = 0o600  # what somebody reads, and how far they were told, is their own affair
_LOCK = 0x5355_4D4D_4152_5953  # PostgreSQL: the advisory lock of a digest, one a database

# Raised for what no caller can help; the other errors of a database are mistakes of ours.
_OUTSIDE = (sa.exc.OperationalError, sa.exc.InternalError, sa.exc.InterfaceError)


class Database:
    """The state's connection; statements run in read() or write(), never outside.

    Raises:
        ConfigError: it cannot be opened; the hint says what to do.
    """

    def __init__(self, where: str | Path, *, read_only: bool) -> None:
        self.read_only = read_only
        self.path: Path | None = None
        self._mode: Literal["", "read", "write"] = ""
        self._spoilt = self._lost = False
        text = str(where)
        self.name = without_secrets(text)
        if text.startswith(_SCHEMES):
            self.backend: Backend = "postgresql"
            self._engine = _postgresql(text)
        elif "://" in text:
            raise ConfigError(
                f"the state is a path or a postgresql:// URL, not {text.split('://')[0]}://…"
            )
        else:
            self.backend = "sqlite"
            self.path = Path(where)
            self._engine = self._sqlite(self.path)
        with self.opening():
            self._connection = self._engine.connect()
        if read_only and self.backend == "postgresql":
            self._connection = self._connection.execution_options(postgresql_readonly=True)

    def _sqlite(self, path: Path) -> sa.Engine:
        if path.is_dir():
            raise ConfigError(
                f"cannot use the state {path}: it is a folder",
                hint="Name a file in it with `state` in digest.toml.",
            )
        if self.read_only and not path.exists():
            raise ConfigError(
                f"there is no state {path}", hint="The first `summarizer digest` makes it."
            )
        engine = sa.create_engine(
            "sqlite://",
            creator=lambda: _connect(path, read_only=self.read_only),
            poolclass=sa.NullPool,
        )
        # The sqlite3 module begins nothing by itself (isolation_level None, see _connect).
        # Source: SQLAlchemy 2.1, SQLite dialect, "Enabling Non-Legacy SQLite Transactional Modes".
        sa.event.listen(
            engine,
            "begin",
            # IMMEDIATE: who will write says so, or waiting for another writer could not help.
            lambda c: c.exec_driver_sql("BEGIN IMMEDIATE" if self._mode == "write" else "BEGIN"),
        )
        return engine

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
        self._engine.dispose()

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Read in one transaction: all statements see the same moment (SQLite)."""
        if self._mode:
            yield self._connection
            return
        with self._telling("read"), self._transaction("read"):
            yield self._connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """Commit all at the end, or nothing; a write inside another leaves that to it.

        Raises:
            StateError: the database refuses, nothing was written; or an inner write failed and
                its error was swallowed: then the whole is not committed either.
        """
        if self._mode == "read":
            raise RuntimeError("a write inside a read")
        if self._mode == "write":
            try:
                yield self._connection
            except BaseException:
                self._spoilt = True
                raise
            return
        with self._telling("write"), self._transaction("write"):
            yield self._connection
            if self._spoilt:
                raise StateError(f"cannot write the state {self.name}: a part of it failed")

    @contextmanager
    def _transaction(self, mode: Literal["read", "write"]) -> Iterator[None]:
        if self._lost:
            raise StateError(f"the connection to the state {self.name} was lost")
        self._mode, self._spoilt = mode, False
        try:
            with self._connection.begin():
                yield
        finally:
            self._mode = ""

    @contextmanager
    def _telling(self, verb: str) -> Iterator[None]:
        try:
            yield
        except sa.exc.DBAPIError as error:
            # A lost connection loses its advisory lock: it must not be made anew silently.
            self._lost = self._lost or error.connection_invalidated
            if not isinstance(error, _OUTSIDE) and type(error) is not sa.exc.DatabaseError:
                raise
            words, hint = problems.explain(error.orig)
            raise StateError(f"cannot {verb} the state {self.name}: {words}", hint=hint) from error

    @contextmanager
    def opening(self) -> Iterator[None]:
        """Turn whatever the database says while it is opened into a ConfigError."""
        try:
            yield
        except (sa.exc.SQLAlchemyError, sqlite3.Error, OSError, StateError) as error:
            orig = error.orig if isinstance(error, sa.exc.DBAPIError) else error
            if isinstance(orig, StateError):
                raise ConfigError(str(orig), hint=orig.hint) from error
            words, hint = problems.explain(orig)
            raise ConfigError(f"cannot use the state {self.name}: {words}", hint=hint) from error

    def pragma(self, words: str) -> list[tuple[Any, ...]]:
        """Run a PRAGMA or VACUUM of SQLite outside any transaction and return its rows."""
        with self._telling_of_file():
            return self._file().execute(words).fetchall()

    def shrink(self) -> None:
        """Give what was freed back to the file system; PostgreSQL does that by itself."""
        if self.backend == "sqlite":
            with self._telling_of_file():
                # execute() would stop after one page: the pragma has rows without columns.
                self._file().executescript(
                    "PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE);"
                )

    @contextmanager
    def _telling_of_file(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            words, hint = problems.explain(error)
            raise StateError(f"cannot use the state {self.name}: {words}", hint=hint) from error

    def backup(self, path: Path) -> None:
        """Copy the file of SQLite to `path`, as it is at this moment.

        Raises:
            TypeError: it is PostgreSQL.
            ConfigError: the copy cannot be written.
        """
        try:
            _make(path)
            with contextlib.closing(sqlite3.connect(path)) as copy:
                self._file().backup(copy)
        except (OSError, sqlite3.Error) as error:
            words, hint = problems.explain(error)
            raise ConfigError(f"cannot copy {self.name} to {path}: {words}", hint=hint) from error

    def _file(self) -> sqlite3.Connection:
        raw = self._connection.connection.driver_connection
        if not isinstance(raw, sqlite3.Connection):
            raise TypeError("only a state in SQLite can do that")
        return raw

    def lock(self) -> bool:
        """Take the lock of PostgreSQL until close(); False if another has it."""
        if self.backend == "sqlite":
            return True
        with self.read() as connection:
            return bool(
                connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({_LOCK})").scalar()
            )

    def insert(self, table: sa.Table) -> sqlite.Insert:
        """Return the INSERT that knows ON CONFLICT."""
        if self.backend == "sqlite":
            return sqlite.insert(table)
        return postgresql.insert(table)  # type: ignore[return-value]  # it has the same methods

    def put(self, table: sa.Table, values: Mapping[str, Any]) -> None:
        """Insert a row, in the place of the one with the same primary key."""
        keys = [column.name for column in table.primary_key]
        statement = self.insert(table).values(**values)
        # Not statement.excluded[name], which makes a copy of the table for each row.
        others: dict[str, Any] = {
            n: sa.literal_column(f"excluded.{n}") for n in values if n not in keys
        }
        with self.write() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=others))


class Part:
    """A concern of the state: its methods on the common connection."""

    def __init__(self, database: Database) -> None:
        self._db = database


def chunks(ids: Sequence[Any]) -> Iterator[list[Any]]:
    """Cut a list of ids into what one statement takes, each id once."""
    once = list(dict.fromkeys(ids))
    for start in range(0, len(once), MANY):
        yield once[start : start + MANY]


def _connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """Open the file, set as the state wants it."""
    if not read_only:
        _make(path)
        return _set_up(_open(path, "rwc"), path)
    db = _open(path, "ro")
    try:
        db.execute("PRAGMA schema_version").fetchall()
    except sqlite3.OperationalError as error:
        db.close()
        # In a folder that cannot be written there is no place for the log's index; without a
        # log nobody writes, and the file can be read as it is.
        shut = error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
        if not shut or _log(path).exists():
            raise
        db = _open(path, "ro&immutable=1")
    return db


def _make(path: Path) -> None:
    """Make the file, empty, if there is none: SQLite would let everybody read it.

    SQLite gives the files -wal and -shm the mode of this one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path.resolve(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE))


def _open(path: Path, mode: str) -> sqlite3.Connection:
    db = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=BUSY_S
    )
    db.execute("PRAGMA foreign_keys = ON")
    return db


def _set_up(db: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    try:
        if not path.stat().st_size:  # only an empty file can be told; before it gets a page
            db.execute("PRAGMA auto_vacuum = INCREMENTAL")
        if db.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
    except BaseException:
        db.close()
        raise
    return db


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def without_secrets(where: str | Path) -> str:
    """Return how a state is shown: its path, or its URL without password and query.

    A query may hold a password, too (libpq's parameters password and sslpassword).
    """
    text = str(where)
    if "://" not in text:
        return text
    try:
        url = sa.make_url(text).set(query={})
    except (sa.exc.ArgumentError, ValueError):
        return f"{text.split('://')[0]}://…"
    return url.render_as_string(hide_password=True)


def _postgresql(text: str) -> sa.Engine:
    """Return the engine of a URL."""
    try:
        url = sa.make_url(text).set(drivername="postgresql+psycopg")
        options = {"application_name": "summarizer", "connect_timeout": _CONNECT_S}
        given = {name: value for name, value in options.items() if name not in url.query}
        engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args=given)
    except (sa.exc.ArgumentError, ValueError) as error:
        raise ConfigError(
            "the state is no URL of PostgreSQL",
            hint="Write it as postgresql://user@host/database.",
        ) from error
    except ImportError as error:
        raise ConfigError(
            "the state is in PostgreSQL, and its driver is missing",
            hint="Install psycopg: pip install 'psycopg[binary]'.",
        ) from error
    return engine
