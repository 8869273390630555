"""The user's crontab: the line that runs a digest, and the marked entry it stands in."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from pathlib import Path

from summarizer.digest.config import DigestConfig
from summarizer.digest.schedule.command import (
    MODULE,
    checked,
    command_words,
    environment,
    failure,
    run_program,
)
from summarizer.errors import ConfigError

# Vixie's cron, which Debian and macOS have, cuts a longer one off without a word (its
# MAX_COMMAND is 1000, with the NUL that ends it); cronie takes 131,072.
_MAX_BYTES = 999
_MISSING = "Install cron, use systemd (summarizer digest schedule --systemd), or run it yourself."


def cron_line(config: DigestConfig, path: Path) -> str:
    """Return one crontab line: the time, then a command that needs no PATH, HOME or folder.

    Its output is appended to `log.file`, else to a log beside the state, or beside the
    configuration when the state is on PostgreSQL; the folder is made. "%" is escaped, since cron
    reads a bare one as a line break (crontab(5)).

    Raises:
        ConfigError: a path has a character that a crontab cannot hold, or the line is too long.
    """
    log = _log(config, path)
    settings = " ".join(f"{name}={shlex.quote(value)}" for name, value in environment().items())
    command = (
        f"mkdir -p {shlex.quote(str(log.parent))} && {settings} {shlex.join(command_words(path))} "
        f">> {shlex.quote(str(log))} 2>&1"
    )
    if "\\" in checked(command):
        # Debian's cron leaves "\\" as it is, FreeBSD's and macOS's make "\" of it.
        raise ConfigError(
            f"a crontab cannot hold a path with a backslash: {command}",
            hint="Rename it, or use systemd: summarizer digest schedule --systemd.",
        )
    command = command.replace("%", r"\%")
    if len(command.encode()) > _MAX_BYTES:
        raise ConfigError(
            f"the command for cron has {len(command.encode())} bytes, and some crons cut it off "
            f"after {_MAX_BYTES}: {command}",
            hint="Use shorter paths, or systemd: summarizer digest schedule --systemd.",
        )
    at = config.schedule.at
    return f"{at.minute} {at.hour} * * * {command}"


def cron_install(line: str, config_path: Path) -> bool:
    """Put `line` into the user's crontab, in the place of the entry that this digest has there.

    A comment with the configuration's path marks it. Every other line is kept.

    Returns:
        Whether the crontab was changed.

    Raises:
        ConfigError: there is no crontab program, or it failed; the crontab is as it was.
    """
    before = _crontab()
    entry = [_marker(config_path), checked(line).encode()]
    return _change(before, _with_entry(before, entry[0], entry))


def cron_remove(config_path: Path) -> bool:
    """Take this digest's entry out of the user's crontab; return whether there was one.

    Raises:
        ConfigError: there is no crontab program, or it failed; the crontab is as it was.
    """
    before, marker = _crontab(), _marker(config_path)
    return marker in _lines(before) and _change(before, _with_entry(before, marker, []))


def cron_installed(config_path: Path) -> str | None:
    """Return the line that cron runs for this digest; None when there is none.

    Raises:
        ConfigError: there is no crontab program, or it failed.
    """
    lines, marker = _lines(_crontab()), _marker(config_path)
    for number, line in enumerate(lines[:-1]):
        entry = lines[number + 1]
        if line == marker and _is_ours(entry) and not entry.lstrip().startswith(b"#"):
            return os.fsdecode(entry)
    return None


def _log(config: DigestConfig, path: Path) -> Path:
    """Return the absolute path of the log that cron appends to."""
    if config.log.file:
        return config.log.file.absolute()
    owner = (config.state_path or path).resolve()
    log = owner.with_suffix(".log")
    return log if log != owner else owner.with_name(owner.name + ".log")


def _marker(config_path: Path) -> bytes:
    return b"# summarizer digest " + checked(str(config_path.resolve())).encode()


def _lines(crontab: bytes) -> list[bytes]:
    """Return the lines of a crontab without their ends; the last one may lack its own."""
    lines = crontab.split(b"\n")
    return lines if lines[-1] else lines[:-1]


def _is_ours(line: bytes) -> bool:
    return " ".join(MODULE).encode() in line


def _with_entry(crontab: bytes, marker: bytes, entry: Sequence[bytes]) -> bytes:
    """Return `crontab` with `entry` where the marked one is, else at the end.

    The line after a marker is only taken for ours if it runs this program: a user may have put
    another there. One that the user has commented out is replaced, too.
    """
    kept: list[bytes] = []
    place, after_marker = None, False
    for line in _lines(crontab):
        if line == marker:
            place = len(kept) if place is None else place
            after_marker = True
            continue
        if not (after_marker and _is_ours(line)):
            kept.append(line)
        after_marker = False
    place = len(kept) if place is None else place
    return b"".join(line + b"\n" for line in [*kept[:place], *entry, *kept[place:]])


def _crontab() -> bytes:
    """Return the user's crontab, empty when there is none."""
    done = run_program(["crontab", "-l"], _MISSING)
    if done.returncode == 0:
        return done.stdout
    # Vixie's and cronie's words, then busybox's. Any other failure must not look like an empty
    # crontab, over which the entry would then be written.
    complaint = b"" if done.stdout else done.stderr.lower()
    busybox = b"can't open" in complaint and b"no such file or directory" in complaint
    if b"no crontab for" in complaint or busybox:
        return b""
    raise failure("crontab -l", done)


def _change(before: bytes, after: bytes) -> bool:
    """Make `after` the user's crontab, unless it is so; return whether it was changed."""
    if before == after:
        return False
    done = run_program(["crontab", "-"], _MISSING, after)
    if done.returncode:
        raise failure("crontab -", done)
    return True
