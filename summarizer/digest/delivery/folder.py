"""Put files into a folder that is also somebody else's."""

from __future__ import annotations

import re
from pathlib import Path

from summarizer.digest.delivery.outcome import NotDelivered
from summarizer.errors import ConfigError
from summarizer.files import own_files, write_own

_EDITION_NAME = re.compile(r"\d{4}-\d{2}-\d{2}(\.\d{1,6})?\Z")


def put(path: Path, text: str) -> bool:
    """Write `text` to `path`, whole or not at all; return False where it was there already.

    Raises:
        NotDelivered: a file that we did not write is in the way, or it cannot be written.
    """
    data = text.encode("utf-8")
    try:
        there: bytes | None = path.read_bytes()
    except FileNotFoundError:
        there = None
    except OSError as error:
        raise NotDelivered(f"cannot read {path}: {error.strerror}") from error
    if there == data:
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


def stem(edition_name: str) -> str:
    """Return the name of an edition as the stem of file names.

    Raises:
        NotDelivered: it is not the name of an edition, which holds no path.
    """
    if not _EDITION_NAME.match(edition_name):
        raise NotDelivered(f"“{edition_name[:40]}” is not the name of an edition")
    return edition_name
