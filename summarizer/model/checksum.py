"""SHA-256 of big files, remembered, so that a model of 1 GB is not read through at each start."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable
from pathlib import Path

from pydantic import Field

from summarizer import config
from summarizer.data import Record

FetchProgress = Callable[[str, int, int], None]
"""Called with what is being done, bytes done and bytes in all."""

BLOCK_BYTES = 4 * 1024 * 1024

_log = logging.getLogger(__name__)


class _Remembered(Record):
    """A checksum, and the state of the file it was computed from."""

    path: str
    size: int = Field(ge=0)
    mtime_ns: int
    sha256: str


def no_progress(_what: str, _done: int, _total: int) -> None:
    """Show nothing."""


def file_sha256(path: Path, *, progress: FetchProgress = no_progress) -> str:
    """Return the SHA-256 of the file, in hexadecimal; read it only if it changed since last time.

    Raises:
        OSError: it cannot be read.
    """
    return known_sha256(path) or read_sha256(path, progress=progress)


def known_sha256(path: Path) -> str | None:
    """Return the remembered SHA-256; None where size or modification time differ, or it is new."""
    try:
        seen = _Remembered.model_validate_json(_sidecar(path).read_bytes())
        state = path.stat()
    except (OSError, ValueError):
        return None
    same = (seen.size, seen.mtime_ns) == (state.st_size, state.st_mtime_ns)
    return seen.sha256 if same else None


def read_sha256(path: Path, *, progress: FetchProgress = no_progress) -> str:
    """Read the whole file, return its SHA-256 and remember it."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        before = os.fstat(file.fileno())
        done = 0
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
            done += len(block)
            progress(f"checking {path.name}", done, before.st_size)
    after = path.stat()
    # Written to while it was read: the digest is of no state that the file ever had.
    if (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns):
        remember_sha256(path, digest.hexdigest())
    return digest.hexdigest()


def remember_sha256(path: Path, sha256: str) -> None:
    """Remember the SHA-256 of the file as it is now; a cache that cannot be written is no error."""
    sidecar = _sidecar(path)
    try:
        state = path.stat()
        seen = _Remembered(
            path=str(path.resolve()),
            size=state.st_size,
            mtime_ns=state.st_mtime_ns,
            sha256=sha256,
        )
        sidecar.parent.mkdir(parents=True, exist_ok=True)
        temporary = sidecar.with_suffix(f".{os.getpid()}.tmp")
        temporary.write_text(seen.model_dump_json(), encoding="utf-8")
        temporary.replace(sidecar)
    except OSError as exc:
        _log.debug("checksum of %s not remembered: %s", path, exc)


def _sidecar(path: Path) -> Path:
    # Not beside the file: a GGUF given by path may lie in a folder that is not ours to write.
    key = hashlib.sha256(str(path.resolve()).encode("utf-8", "surrogateescape")).hexdigest()
    return config.cache_dir() / "checksums" / f"{key[:32]}.json"
