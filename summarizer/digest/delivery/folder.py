"""Put files into a folder that is also somebody else's, and clear up after writes of ours."""

from __future__ import annotations

import datetime as dt
import os
import re
import stat
from contextlib import suppress
from pathlib import Path

from summarizer.digest.delivery.outcome import NotDelivered
from summarizer.errors import ConfigError
from summarizer.files import OWN_LIST, own_files, replaces, write_own

_EDITION_NAME = re.compile(r"\d{4}-\d{2}-\d{2}(\.\d{1,6})?\Z")


def put(path: Path, text: str) -> bool:
    """Write `text` to `path`, whole or not at all; return False where it was there already.

    Raises:
        NotDelivered: a file that we did not write is in the way, or it cannot be written.
    """
    there = content(path)
    if there == text.encode("utf-8"):
        return False
    if there is not None and path.name not in own_files(path.parent):
        raise NotDelivered(
            f"there is a file of yours, {path}, which is not overwritten: move it away, or "
            "configure another folder"
        )
    try:
        write_own(path, text)
    except ConfigError as error:
        raise NotDelivered(str(error)) from error
    return True


def content(path: Path) -> bytes | None:
    """Return what the file at `path` holds, None where there is none.

    Raises:
        NotDelivered: it cannot be read; or it is a folder, pipe or device, which is no file of
            ours, and of which reading might never end.
    """
    try:
        # Not blocking: opening a pipe that nobody writes into would wait for ever.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            if stat.S_ISREG(os.fstat(handle).st_mode):
                with os.fdopen(handle, "rb", closefd=False) as source:
                    return source.read()
        finally:
            os.close(handle)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise NotDelivered(f"cannot read {path}: {error.strerror}") from error
    raise NotDelivered(
        f"{path} is no file of ours, but a folder, pipe or device: move it away, or configure "
        "another folder"
    )


def sweep(folder: Path, *, before: dt.datetime) -> int:
    """Remove what killed writes of ours left in `folder`; return how many files that were.

    These are regular files, last changed before `before`, whose name is that of a temporary file
    of summarizer.files for a file listed there as ours, or for the list. What cannot be removed
    stays.
    """
    ours = own_files(folder)
    if not ours:
        return 0
    gone = 0
    with suppress(OSError):
        for path in sorted(folder.iterdir()):
            if replaces(path.name) not in {*ours, OWN_LIST}:
                continue
            with suppress(OSError):
                found = path.lstat()
                if stat.S_ISREG(found.st_mode) and found.st_mtime < before.timestamp():
                    path.unlink()
                    gone += 1
    return gone


def stem(edition_name: str) -> str:
    """Return the name of an edition as the stem of file names.

    Raises:
        NotDelivered: it is not the name of an edition, which holds no path.
    """
    if not _EDITION_NAME.match(edition_name):
        raise NotDelivered(f"“{edition_name[:40]}” is not the name of an edition")
    return edition_name
