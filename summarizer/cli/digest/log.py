"""The digest's log: lines for people on a terminal, JSON lines otherwise, and in a file."""

from __future__ import annotations

import datetime as dt
import logging
import os
import stat
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import IO, Any, TextIO, cast

import structlog
from rich.console import Console
from rich.text import Text

from summarizer.digest.journal import Entry, Level, plain
from summarizer.digest.state.records import Outcome, RunRecord

RUN_ENDED = "run ended"  # the last entry of every run, with all its figures
# Names of a line's own; the last four mean something to structlog's ConsoleRenderer.
_OWN = {"timestamp", "level", "event", "run", "exc_info", "exception", "stack", "logger"}
_LEVELS: dict[str, int] = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}
_GOOD = (Outcome.DONE, Outcome.NOTHING_NEW)


class Log:
    """A listener of the journal that writes every entry on standard error, and into a file.

    Args:
        console: on standard error. A terminal gets human lines through it, so that they do not
            garble progress bars shown on the same console; anything else gets JSON lines.
        verbose: show debug entries, too.
        quiet: show warnings and errors only. The file gets the same as without.
        file: gets JSON lines as well. That it cannot be written is told once and stops nothing.
    """

    def __init__(
        self,
        console: Console,
        *,
        verbose: bool = False,
        quiet: bool = False,
        file: Path | None = None,
    ) -> None:
        least = logging.DEBUG if verbose else logging.INFO
        self._console = console
        self._least = least
        self._shown: Any = _shown_on(console, logging.WARNING if quiet else least)
        self._kept: Any = None
        self._file: AppendedFile | None = None
        self._file_failed = False
        self._ended = False
        self._run = ""
        if file:
            self.append_to(file)

    @property
    def for_people(self) -> bool:
        """Tell whether standard error is a terminal, and its lines are meant for people."""
        return self._console.is_terminal

    def append_to(self, path: Path) -> None:
        """Write entries into the file at `path` from now on, too.

        Where standard error is that very file, as in a crontab line that appends to it, every
        line comes once.
        """
        if _is_file_of(self._console, path):
            self._shown = None
        self._file = AppendedFile(path)
        self._kept = _json_logger(self._file, self._least)

    def __call__(self, entry: Entry) -> None:
        """Write `entry`."""
        self._ended = self._ended or entry.name == RUN_ENDED
        self._run = entry.run
        self._keep(entry)  # first: standard error may be a pipe that nobody reads any more
        _write(self._shown, entry)

    def _keep(self, entry: Entry) -> None:
        try:
            _write(self._kept, entry)
        except OSError as error:
            if not self._file_failed:
                self._file_failed = True
                self._tell_trouble(entry, error)

    def ended(self, run: RunRecord) -> None:
        """Write how the run ended, with all counts and seconds, unless its journal said so."""
        if self._ended:
            return
        fields: dict[str, Any] = {"outcome": run.outcome, "edition": run.edition, **run.counts}
        if run.detail:
            fields["detail"] = run.detail
        self(
            Entry(
                run=run.id,
                at=run.ended or dt.datetime.now(dt.UTC),
                level="info" if run.outcome in _GOOD else "warning",
                name=RUN_ENDED,
                fields=plain({key: value for key, value in fields.items() if value is not None}),
            )
        )

    def say(
        self, message: str, level: Level = "info", *, on_console: bool = True, **fields: object
    ) -> None:
        """Write what no journal knows: that another run holds the lock, or why this one ended."""
        now = dt.datetime.now(dt.UTC)
        entry = Entry(run=self._run, at=now, level=level, name=plain(message), fields=plain(fields))
        if on_console:
            self(entry)
        else:
            self._keep(entry)

    def close(self) -> None:
        """Close the file, if there is one."""
        if self._file:
            self._file.close()

    def _tell_trouble(self, entry: Entry, error: OSError) -> None:
        if self._shown is None:  # standard error is that file: there is nobody to tell
            return
        trouble = {"file": str(self._file), "problem": error.strerror or str(error)}
        update = {"level": "warning", "name": "log file not written", "fields": plain(trouble)}
        _write(self._shown, entry.model_copy(update=update))


class AppendedFile:
    """A file that whole lines are appended to, and that may be rotated under our hands.

    It is opened when the first line is written, and made for its owner alone where there is none.
    Every line goes to the system at once.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None
        self._half = False  # a line broke off: the next one must not go on from it

    def __str__(self) -> str:
        return str(self._path)

    def write(self, text: str) -> None:
        """Append `text`.

        Raises:
            OSError: it could not be written, or not all of it.
        """
        data = (("\n" if self._half else "") + text).encode("utf-8", "backslashreplace")
        handle = self._current()
        while data:
            written = os.write(handle, data)
            data = data[written:]
            self._half = bool(data)

    def flush(self) -> None:
        """Do nothing: no line is held back."""

    def close(self) -> None:
        """Close the file; a later line opens it again."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _current(self) -> int:
        """Return a handle of the file that has the path now."""
        if self._handle is not None and not self._is_at_path(self._handle):
            self.close()
            self._half = False
        if self._handle is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # Not blocking: opening a pipe that nobody reads would wait for ever.
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK
            self._handle = os.open(self._path, flags, 0o600)  # it names what somebody reads
        return self._handle

    def _is_at_path(self, handle: int) -> bool:
        try:
            return os.path.samestat(os.fstat(handle), self._path.stat())
        except OSError:
            return False


def human_line(entry: Entry, *, colors: bool) -> str:
    """Return the line of `entry` for people: local time, level, message, key=value, run."""
    rendered = _renderer(colors)(None, entry.level, _human(entry))
    return rendered if isinstance(rendered, str) else rendered.decode()


def same_file(first: IO[str], second: IO[str]) -> bool:
    """Tell whether both streams go into one regular file, as after `>> log 2>&1`."""
    one, other = _status(first), _status(second)
    return bool(one and other and stat.S_ISREG(one.st_mode) and os.path.samestat(one, other))


def _shown_on(console: Console, least: int) -> Any:
    if not console.is_terminal:
        return _json_logger(console.file, least)
    colors = console.color_system is not None and not console.no_color
    return _logger(_Terminal(console), least, _given(_human), _renderer(colors))


def _json_logger(file: object, least: int) -> Any:
    return _logger(file, least, _given(_flat), structlog.processors.JSONRenderer())


def _logger(file: object, least: int, *processors: Any) -> Any:
    return structlog.wrap_logger(
        structlog.WriteLogger(cast("TextIO", file)),
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(least),
        cache_logger_on_first_use=False,
    )


def _write(logger: Any, entry: Entry) -> None:
    # As one value: a field may have the name of a parameter of the logger.
    if logger is not None:
        logger.log(_LEVELS[entry.level], entry.name, entry=entry)


def _given(shape: Callable[[Entry], dict[str, Any]]) -> Any:
    """Return a processor that takes the entry out and gives the line's keys and values."""

    def process(_logger: object, _method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
        return shape(event["entry"])

    return process


def _flat(entry: Entry) -> dict[str, Any]:
    return {
        "timestamp": entry.at.astimezone(dt.UTC).isoformat(),
        "level": entry.level,
        "event": entry.name,
        "run": entry.run,
        **_fields(entry),
    }


def _human(entry: Entry) -> dict[str, Any]:
    line = {
        "timestamp": entry.at.astimezone().strftime("%H:%M:%S"),
        "level": entry.level,
        "event": entry.name,
    }
    line |= {name: _readable(value) for name, value in _fields(entry).items()}
    return line | ({"run": entry.run} if entry.run else {})


def _fields(entry: Entry) -> dict[str, Any]:
    return {f"{k}_" if k in _OWN else k: value for k, value in entry.fields.items()}


def _readable(value: Any) -> Any:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value


def _renderer(colors: bool) -> structlog.dev.ConsoleRenderer:
    return structlog.dev.ConsoleRenderer(colors=colors, sort_keys=False, pad_event_to=20)


class _Terminal:
    """A stream whose lines go through the console, above the bars it shows."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def write(self, line: str) -> None:
        self._console.print(Text.from_ansi(line.rstrip("\n")), soft_wrap=True)

    def flush(self) -> None:
        """Do nothing: the console does."""


def _is_file_of(console: Console, path: Path) -> bool:
    status = _status(console.file)
    try:
        return bool(status and os.path.samestat(status, path.stat()))
    except OSError:
        return False


def _status(stream: IO[str]) -> os.stat_result | None:
    try:
        return os.fstat(stream.fileno())
    except (OSError, ValueError, AttributeError):  # closed, or none of the system's
        return None
