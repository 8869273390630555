"""A real PostgreSQL for the tests, from the system's package, on a socket in a temporary folder."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg

_ACCOUNT = "postgres"  # initdb refuses root
_NONE = "needs PostgreSQL's initdb and pg_ctl on PATH or below /usr/lib/postgresql"
# A test's database may be lost, and is small.
_FAST = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c shared_buffers=16MB"


class NoPostgres(Exception):
    """There is no PostgreSQL on this machine, or root may not become its user."""


class Server:
    """A running server; `folder` holds its socket."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made = 0

    def url(self, database: str) -> str:
        """Return the URL of a database."""
        return f"postgresql://{_ACCOUNT}@/{database}?host={self.folder}"

    @contextlib.contextmanager
    def database(self) -> Iterator[str]:
        """Make an empty database, hand out its URL, and remove it, whoever is still connected."""
        self._made += 1
        name = f"state_{self._made}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
            try:
                yield self.url(name)
            finally:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextlib.contextmanager
def running() -> Iterator[Server]:
    """Run a server for as long as the block.

    Raises:
        NoPostgres: see there.
    """
    initdb, pg_ctl = _program("initdb"), _program("pg_ctl")
    with tempfile.TemporaryDirectory(prefix="pg-") as name:  # short: a socket's path has a limit
        folder = Path(name)
        if os.geteuid() == 0:
            try:
                account = pwd.getpwnam(_ACCOUNT)
            except KeyError as error:
                raise NoPostgres(f"needs the user {_ACCOUNT}, since root runs the tests") from error
            os.chown(folder, account.pw_uid, account.pw_gid)
        data = str(folder / "data")
        _run(
            *(initdb, "-D", data, "-U", _ACCOUNT, "-A", "trust", "-N"),
            *("-E", "UTF8", "--locale", "C.UTF-8"),
        )
        options = f"-k {folder} -c listen_addresses='' {_FAST}"
        log = str(folder / "log")
        _run(pg_ctl, "-D", data, "-l", log, "-o", options, "-w", "-t", "60", "start")
        try:
            yield Server(folder)
        finally:
            _run(pg_ctl, "-D", data, "-m", "immediate", "-w", "stop")


def _program(name: str) -> str:
    on_path = shutil.which(name)
    if on_path:
        return on_path
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    if not found:
        raise NoPostgres(_NONE)
    return str(found[-1])


def _run(*words: str) -> None:
    """Run a program, as PostgreSQL's user when we are root; its output only if it fails."""
    become: tuple[str, ...] = ()
    if os.geteuid() == 0:
        setpriv = shutil.which("setpriv")
        if not setpriv:
            raise NoPostgres("needs setpriv, since root runs the tests")
        become = (setpriv, f"--reuid={_ACCOUNT}", f"--regid={_ACCOUNT}", "--clear-groups")
    # To a file, not a pipe: the server would inherit the pipe, and we would wait for its end.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            [*become, *words], stdout=output, stderr=subprocess.STDOUT, cwd="/", check=False
        )
        if done.returncode:
            output.seek(0)
            said = output.read().decode("utf-8", "replace")
            raise RuntimeError(f"{words[0]} ended with {done.returncode}: {said}")
