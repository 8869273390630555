"""A real PostgreSQL for the tests, from the system's package, on a socket in a temporary folder."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

_ACCOUNT = "postgres"  # initdb refuses root
_NONE = "needs PostgreSQL's initdb and postgres on PATH or below /usr/lib/postgresql"
# A test's database may be lost, and is small.
_FAST = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c shared_buffers=16MB"

_TRIES, _PAUSE_S = 1_200, 0.05  # a minute, on a machine that is busy


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
    initdb, server = _program("initdb"), _program("postgres")
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
        log = folder / "log"
        words = [server, "-D", data, "-k", str(folder), "-c", "listen_addresses=", *_FAST.split()]
        with (
            log.open("wb") as sink,
            subprocess.Popen(
                [*_become(), *words], stdout=sink, stderr=subprocess.STDOUT, cwd="/"
            ) as process,
        ):
            try:
                _wait_for(process, Server(folder), log)
                yield Server(folder)
            finally:
                process.send_signal(signal.SIGQUIT)  # at once: nothing is worth keeping


def _wait_for(process: subprocess.Popen[bytes], server: Server, log: Path) -> None:
    """Return when the server answers."""
    for _ in range(_TRIES):
        if process.poll() is not None:
            break
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(server.url("postgres")).close()
            return
        time.sleep(_PAUSE_S)
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text('utf-8', 'replace')}")


def _program(name: str) -> str:
    on_path = shutil.which(name)
    if on_path:
        return on_path
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    if not found:
        raise NoPostgres(_NONE)
    return str(found[-1])


def _become() -> list[str]:
    """Return the words before a command that root may not run, and that must not outlive us.

    A test runner that is killed stops no server: the kernel does (Linux; elsewhere one is left).
    """
    setpriv = shutil.which("setpriv")
    words = [setpriv, "--pdeathsig=QUIT"] if setpriv else []
    if os.geteuid() == 0:
        if not setpriv:
            raise NoPostgres("needs setpriv, since root runs the tests")
        words += [f"--reuid={_ACCOUNT}", f"--regid={_ACCOUNT}", "--clear-groups"]
    return words


def _run(*words: str) -> None:
    """Run a program, as PostgreSQL's user when we are root; its output only if it fails."""
    done = subprocess.run(
        [*_become(), *words], capture_output=True, text=True, errors="replace", cwd="/", check=False
    )
    if done.returncode:
        raise RuntimeError(f"{words[0]} ended with {done.returncode}: {done.stdout}{done.stderr}")
