"""Write files whole or not at all, and know our own again, so that a brief is no article."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from summarizer.errors import ConfigError


def write_atomically(path: Path, text: str) -> None:
    """Write `text` as UTF-8 to `path`: temporary file beside it, synced, renamed, folder synced.

    After a loss of power the file is what it was before or what it is to be.

    Raises:
        ConfigError: the folder cannot be made or written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as sink:
                sink.write(text)
                sink.flush()
                os.fsync(sink.fileno())
            Path(name).chmod(0o644)
            Path(name).replace(path)
            _sync_folder(path.parent)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ConfigError(f"cannot write {path}: {error.strerror}") from error


# What file systems and platforms answer on which a folder cannot be synced, or not by us.
_NO_SYNC = frozenset(
    {errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES, errno.EPERM, errno.EISDIR}
)


def _sync_folder(folder: Path) -> None:
    """Have a rename in `folder` on the disk, where the platform can do that."""
    try:
        handle = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise


_OWN = ".summarizer-files"  # lists, a name a line, what we wrote into the folder


def write_own(path: Path, text: str) -> None:
    """Write `text` to `path` as write_atomically does, and list it as ours in its folder."""
    known = own_files(path.parent)
    if path.name not in known:
        names = sorted(known | {path.name})
        write_atomically(path.parent / _OWN, "".join(f"{name}\n" for name in names))
    write_atomically(path, text)


def own_files(folder: Path) -> frozenset[str]:
    """Return the names of the files in `folder` that write_own wrote."""
    listed = folder / _OWN
    try:
        if not listed.is_file():
            return frozenset()
        return frozenset(listed.read_text("utf-8", "replace").split("\n")) - {""}
    except OSError:
        return frozenset()
