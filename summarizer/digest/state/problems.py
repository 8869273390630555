"""What the errors of a database mean for people: a line, and what to do."""

from __future__ import annotations

import sqlite3

_AWAY = (
    "If it is damaged, move it away, with the files that have -wal and -shm behind its name: "
    "the next digest makes a new one and reads all articles anew."
)
_RIGHTS = (
    "Check the permissions of the file and of its folder, "
    "or name another with `state` in digest.toml."
)
_HINTS = {
    sqlite3.SQLITE_BUSY: "Another program is writing to it: wait for it to end, then run again.",
    sqlite3.SQLITE_LOCKED: "Another program is writing to it: wait for it to end, then run again.",
    sqlite3.SQLITE_FULL: "Free some disk space, then run again; what was committed is safe.",
    sqlite3.SQLITE_READONLY: _RIGHTS,
    sqlite3.SQLITE_PERM: _RIGHTS,
    sqlite3.SQLITE_CANTOPEN: _RIGHTS,
    sqlite3.SQLITE_IOERR: "Check the disk, or name a place on another with `state` in digest.toml.",
}


def explain(error: object) -> tuple[str, str]:
    """Return what a driver's error says, in one line, and the hint for it."""
    words = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
        return words, _HINTS.get(code & 0xFF, _AWAY)
    if isinstance(error, OSError):
        return error.strerror or words, _RIGHTS
    return words, "Check that the server of PostgreSQL runs, and `state` in digest.toml."
