"""Write files whole or not at all, and know our own again, so that a brief is no article."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from summarizer.errors import ConfigError


def write_atomically(path: Path, text: str) -> None:
    """Write `text` as UTF-8 to `path`: temporary file beside it, synced, renamed.

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
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ConfigError(f"cannot write {path}: {error.strerror}") from error


_OWN = ".summarizer-files"  # lists, a name a line, what we wrote into the folder


def write_own(path: Path, text: str) -> None:
    """Write `text` to `path` as write_atomically does, and list it as ours in its folder."""
    names = own_files(path.parent) | {path.name}
    write_atomically(path.parent / _OWN, "".join(f"{name}\n" for name in sorted(names)))
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
