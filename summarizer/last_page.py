"""Remember where the last brief's page was written, so that `summarizer open` finds it."""

from __future__ import annotations

import os
from pathlib import Path

from summarizer.config import last_page_file
from summarizer.errors import ConfigError
from summarizer.files import write_atomically

_MAX_PATH = 65_536  # bytes; what is longer is no path that we wrote


def remember_page(path: Path) -> None:
    """Remember `path` as the page that was written last.

    Never fails: a brief is worth more than the memory of where it is. Where `path` cannot be kept
    the one before is forgotten, if possible, so that nobody takes an older brief for the new one.
    """
    file = _kept_in()
    if file is None:
        return
    try:
        write_atomically(file, f"{path.absolute()}\n", mode=0o600)
    except (ConfigError, OSError, ValueError):  # ValueError: bytes that are no UTF-8 in the path
        _forget(file)


def last_page() -> Path | None:
    """Return the absolute path that was remembered last, None where there is none.

    The page itself may be gone since.
    """
    try:
        file = _kept_in()
        written = b"" if file is None else _beginning(file)
    except OSError:
        return None
    # Not strip(): the name of a folder may end with a space, or hold a line break.
    name = os.fsdecode(written).removesuffix("\n")
    return Path(name) if os.path.isabs(name) and "\0" not in name else None  # noqa: PTH117


def _kept_in() -> Path | None:
    """Return the file that the path is kept in, None where no home folder is known."""
    try:
        file = last_page_file()
    except RuntimeError:  # neither HOME nor an entry for the user, as under some crons
        return None
    # A relative one would litter the folder that the brief is made in.
    return file if file.is_absolute() else None


def _beginning(file: Path) -> bytes:
    with file.open("rb") as kept:
        return kept.read(_MAX_PATH)


def _forget(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError:
        return
