"""One digest at a time for a state: a lock of the operating system, and who holds it.

The lock is flock(2)'s: it goes away with its process, however that ends, and the kernel says who
has it, not a file. The file beside it only names the holder for the reader of a message; one that
is found while the lock is free tells that the last run was killed.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import os
import platform
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
from filelock import FileLock, Timeout
from pydantic import AwareDatetime, Field, ValidationError, field_validator

from summarizer.data import Record
from summarizer.digest.clock import Clock
from summarizer.errors import Busy, ConfigError
from summarizer.files import write_atomically

POLL_S = 0.5  # a night's wait is minutes long
_MAX_INFO_BYTES = 4096  # ours has about 150
_OWNER_ONLY = 0o600  # who may open a lock file may hold its lock, and stop the digest by it

_NO_LOCKS = (errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP)
_NO_LINK = (errno.ELOOP, errno.EMLINK)  # what O_NOFOLLOW answers: Linux and macOS, FreeBSD


class Holder(Record):
    """The process that holds a lock, as it wrote itself down."""

    pid: int = Field(ge=1, lt=2**31)
    host: str = Field(max_length=255)
    started: AwareDatetime
    run: str = Field(default="", max_length=100, description="id of the run, once it has one")

    @field_validator("host", "run")
    @classmethod
    def _fits_a_line(cls, value: str) -> str:
        if not value.isprintable():
            raise ValueError("has characters that cannot be shown")
        return value

    @field_validator("started")
    @classmethod
    def _fits_every_zone(cls, value: dt.datetime) -> dt.datetime:
        if not dt.MINYEAR < value.year < dt.MAXYEAR:  # astimezone() would overflow
            raise ValueError("is no date of ours")
        return value


OnWait = Callable[[Holder | None], None]  # who is waited for, where that is known


class LockInfo:
    """A lock that is held.

    `stale` is the holder before, if it was killed: its name was left behind.
    """

    def __init__(self, info: Path, holder: Holder, stale: Holder | None) -> None:
        self.holder = holder
        self.stale = stale
        self._info = info

    def name_run(self, run: str) -> None:
        """Write down that the lock is held by this run, with `run` as its id."""
        self.holder = self.holder.model_copy(update={"run": run})
        self.write()

    def write(self) -> None:
        """Write the holder down, if that can be done: the lock holds without it."""
        with contextlib.suppress(ConfigError):
            write_atomically(self._info, self.holder.model_dump_json() + "\n")

    def clear(self) -> None:
        """Take the holder's name away, so that this run does not look killed."""
        with contextlib.suppress(OSError):
            self._info.unlink(missing_ok=True)


@contextlib.contextmanager
def instance_lock(
    path: Path,
    *,
    wait: bool = False,
    timeout_s: float | None = None,
    on_wait: OnWait | None = None,
    poll_s: float = POLL_S,
    clock: Clock | None = None,
) -> Iterator[LockInfo]:
    """Hold the lock at `path` for as long as the block runs; the file stays.

    Children do not inherit it: a model's process that outlives a killed digest holds nothing up.

    Args:
        path: the lock file; its folder is made. The holder's name goes to `path` + ".info".
        wait: wait for another digest to end instead of raising Busy at once.
        timeout_s: with `wait`, seconds to wait at most; for ever when None.
        on_wait: called once, before the waiting, with who is waited for.
        poll_s: seconds between two looks at the lock.
        clock: tells when the lock was taken.

    Raises:
        Busy: another digest holds the lock; says which.
        ConfigError: the lock file cannot be used; nothing was changed.
    """
    clock = clock or Clock()
    lock = _open(path)
    info = path.with_name(path.name + ".info")
    if not _taken(lock):
        if wait and on_wait:
            on_wait(_present(info))
        if not wait or not _taken(lock, -1 if timeout_s is None else timeout_s, poll_s):
            raise Busy(_busy(_present(info), clock.now()))
    me = Holder(pid=os.getpid(), host=_host(), started=clock.utc())
    held = LockInfo(info, me, stale=read_holder(info))
    try:
        held.write()
        yield held
    finally:
        if os.getpid() == me.pid:  # not in a fork that leaves the block by an exception
            held.clear()
            lock.release()


def read_holder(info: Path) -> Holder | None:
    """Return who wrote the file beside a lock; None when there is none, or not one of ours."""
    try:
        # No link is followed, and a pipe put in its place does not hang us.
        handle = os.open(info, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                return None
            text = os.read(handle, _MAX_INFO_BYTES + 1)
        finally:
            os.close(handle)
        return Holder.model_validate_json(text) if len(text) <= _MAX_INFO_BYTES else None
    except (OSError, ValidationError):
        return None


def _open(path: Path) -> FileLock:
    """Return the lock of `path`, not yet taken, in a folder that exists."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(path, error) from error
    # No soft lock where the file system has no real one: it would outlive its process.
    return FileLock(path, mode=_OWNER_ONLY, fallback_to_soft=False)


def _taken(lock: FileLock, timeout_s: float = 0, poll_s: float = POLL_S) -> bool:
    """Return whether the lock could be taken within `timeout_s`; a negative one has no end."""
    try:
        lock.acquire(timeout=timeout_s, poll_interval=poll_s)
    except Timeout:
        return False
    except OSError as error:
        raise _unusable(Path(lock.lock_file), error) from error
    return True


def _unusable(path: Path, error: OSError) -> ConfigError:
    """Say why the lock cannot be used, and what can be done about it."""
    reason, hint = error.strerror or str(error), "Look at what is at that place."
    if error.errno in _NO_LINK:
        reason = "it is a symbolic link"
        hint = "Remove the link: a lock file is a plain file of its own."
    elif error.errno in (errno.EACCES, errno.EPERM):
        hint = (
            "The folder of the state and the lock file must be yours to write: run the digest as "
            "their owner, or set `state` to another place. A lock file that nobody holds can go."
        )
    elif error.errno == errno.EROFS:
        hint = "Set `state` to a place on a file system that can be written."
    elif error.errno in _NO_LOCKS:
        hint = "That file system has no locks: set `state` to a place on a local one."
    return ConfigError(f"cannot use the lock {path}: {reason}", hint=hint)


def _present(info: Path) -> Holder | None:
    """Return who holds the lock now, not who was killed holding it and left the name behind."""
    holder = read_holder(info)
    if holder and holder.host == _host() and not psutil.pid_exists(holder.pid):
        return None  # the present holder has not written itself down yet
    return holder


def _busy(holder: Holder | None, now: dt.datetime) -> str:
    if holder is None:
        return "another digest is running"
    since = holder.started.astimezone(now.tzinfo)
    shown = f"{since:%H:%M}" if since.date() == now.date() else f"{since:%Y-%m-%d %H:%M}"
    return f"another digest is running (process {holder.pid} on {holder.host}, since {shown})"


def _host() -> str:
    """Return this machine's name, as far as it can be shown."""
    return "".join(char for char in platform.node() if char.isprintable())[:255]
