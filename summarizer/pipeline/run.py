"""One run: how far it is, what it took, what went wrong without ending it."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pydantic import Field

from summarizer.data import Record, RunInfo


class Progress(Record):
    """How far a stage is; `what` names the article or file at hand."""

    stage: str
    done: int
    total: int
    what: str = ""
    share: float | None = Field(
        default=None, description="of the stage's work done, articles under way included"
    )
    tokens_per_s: float | None = Field(default=None, description="read and written, on average")
    left_s: float | None = Field(default=None, description="estimate of the seconds to go")


OnProgress = Callable[[Progress], None]


class Run:
    """Times, tokens and warnings of one run."""

    def __init__(self, on_progress: OnProgress | None) -> None:
        self._on_progress = on_progress
        self._seconds: dict[str, float] = {}
        self.tokens_read = self.tokens_written = 0
        self.warnings: list[str] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the wall time of the block to stage `name`."""
        started = time.monotonic()
        try:
            yield
        finally:
            self.add_seconds(name, time.monotonic() - started)

    def add_seconds(self, name: str, seconds: float) -> None:
        """Add what a part of a stage took."""
        self._seconds[name] = round(self._seconds.get(name, 0.0) + seconds, 3)

    def progress(self, stage: str, done: int, total: int, what: str = "") -> None:
        """Report a step to whoever wants to know."""
        self.report(Progress(stage=stage, done=done, total=total, what=what))

    def report(self, progress: Progress) -> None:
        """Hand a step to whoever wants to know."""
        if self._on_progress:
            self._on_progress(progress)

    def info(self, created: dt.datetime) -> RunInfo:
        """Return what the brief keeps of this run."""
        return RunInfo(
            created=created,
            seconds=self._seconds,
            tokens_read=self.tokens_read,
            tokens_written=self.tokens_written,
            warnings=tuple(self.warnings),
        )
