"""Write files whole or not at all, and know our own again, so that a brief is no article."""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from summarizer.errors import ConfigError


def write_atomically(path: Path, text: str, *, mode: int | None = None) -> None:
    """Write `text` as UTF-8 to `path`: temporary file beside it, synced, renamed, folder synced.

    After a loss of power the file is what it was before or what it is to be. A file that is there
    keeps its mode.

    Args:
        path: its folder is made.
        text: all that the file is to hold.
        mode: of a new file, whatever the umask; None: what the umask allows of 0666.

    Raises:
        ConfigError: the folder cannot be made or written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = _mode_of(path) or mode
        handle, beside = _beside(path, mode)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as sink:
                if mode is not None:
                    os.fchmod(sink.fileno(), mode)
                sink.write(text)
                sink.flush()
                os.fsync(sink.fileno())
            beside.replace(path)
            _sync_folder(path.parent)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ConfigError(f"cannot write {path}: {error.strerror}") from error


def _mode_of(path: Path) -> int | None:
    """Return who may do what with the file at `path`, None where there is none."""
    try:
        found = path.stat().st_mode
    except OSError:
        return None
    return found & 0o777 if stat.S_ISREG(found) else None


def _beside(path: Path, mode: int | None) -> tuple[int, Path]:
    """Make a temporary file beside `path`, open for writing, no more open to others than `mode`.

    Not by tempfile: its files are 0600, and to ask for the umask is to change it for a moment.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    return os.open(beside, flags, 0o666 if mode is None else mode & 0o600), beside


_BESIDE = re.compile(r"\.(.+)\.[0-9a-f]{8}", re.DOTALL)  # as _beside names what it makes
_MAX_NAME_BYTES = 255 - 10  # of what most file systems take, less what _beside adds


def replaces(name: str) -> str:
    """Return which file a temporary file was to replace, by its name; "" where it is none."""
    found = _BESIDE.fullmatch(name)
    return found[1] if found else ""


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


OWN_LIST = ".summarizer-files"  # lists, a name a line, what we wrote into the folder


def name_fault(name: str) -> str:
    """Say why write_own can write no file of this name; "" where it can, by the name."""
    if name == OWN_LIST:
        return "it is the list of the files that summarizer wrote"
    if "\n" in name:
        return "its name has a line break"  # it would list two names
    if len(os.fsencode(name)) > _MAX_NAME_BYTES:
        return f"its name is longer than {_MAX_NAME_BYTES} bytes"
    try:
        name.encode()
    except UnicodeEncodeError:
        return "its name is no UTF-8"
    return ""


def write_own(path: Path, text: str) -> None:
    """Write `text` to `path` as write_atomically does, and list it as ours in its folder.

    Raises:
        ConfigError: it cannot be written, or not under this name: see name_fault.
    """
    if fault := name_fault(path.name):
        raise ConfigError(f"cannot write {str(path)!r}: {fault}")
    known = own_files(path.parent)
    if path.name not in known:
        _list_own(path.parent, known | {path.name})
    write_atomically(path, text)


def _list_own(folder: Path, names: Iterable[str]) -> None:
    write_atomically(folder / OWN_LIST, "".join(f"{name}\n" for name in sorted(names)))


def remove_own(path: Path) -> None:
    """Remove a file that write_own wrote, and take it off the list of its folder.

    Raises:
        ConfigError: it cannot be removed, or the list cannot be written.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise ConfigError(f"cannot remove {path}: {error.strerror}") from error
    known = own_files(path.parent)
    if path.name in known:
        _list_own(path.parent, known - {path.name})


def own_files(folder: Path) -> frozenset[str]:
    """Return the names of the files in `folder` that write_own wrote."""
    listed = folder / OWN_LIST
    try:
        if not listed.is_file():
            return frozenset()
        # Not as text: there a "\r" in a name would end a line.
        return frozenset(listed.read_bytes().decode("utf-8", "replace").split("\n")) - {""}
    except OSError:
        return frozenset()


# What our pages say of themselves, as our templates write it, and where in them: characters.
_MADE_BY_US = re.compile('<meta name="generator" content="summarizer[ "]', re.ASCII | re.IGNORECASE)
_HEAD = 10_000


def says_it_is_ours(markup: str) -> bool:
    """Tell whether the beginning of an HTML page says that a version of this program made it."""
    return bool(_MADE_BY_US.search(markup, 0, _HEAD))


def is_page_of_ours(path: Path) -> bool:
    """Tell whether the file at `path` is an HTML page that a version of this program made."""
    try:
        if not path.is_file():  # opening a pipe might wait for ever
            return False
        with path.open("rb") as page:
            return says_it_is_ours(page.read(_HEAD).decode("latin-1"))
    except OSError:
        return False


def relative_url(target: Path, folder: Path) -> str:
    """Return the relative URL that leads from a file in `folder` to `target`, percent-encoded.

    Of letters, digits and "%-._~/" only, so that it is inert wherever it is written. Bytes of a
    name that are no UTF-8 are encoded as they are.
    """
    return quote(os.fsencode(os.path.relpath(target, folder)), safe="/")
