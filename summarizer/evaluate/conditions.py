"""What figures depend on beside the data, and what a run tells on its way."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from importlib.metadata import version

from pydantic import Field

from summarizer.assets import asset
from summarizer.data import Record, ValidatorInfo
from summarizer.validate.calibration import FILE

OnProgress = Callable[[str, int, int], None]  # stage, done, total (0: not known)
_MOST_WARNINGS = 20  # a set of another language has one a document


class Conditions(Record):
    """What judged, at which threshold, and of which version."""

    validator: ValidatorInfo
    summarizer: str = Field(description="version")
    calibration: str = Field(description="SHA-256 of the file of the threshold's figures")


def conditions(info: ValidatorInfo) -> Conditions:
    """Return the conditions of a validator after it has judged: before, it has asked nobody."""
    return Conditions(
        validator=info,
        summarizer=version("summarizer"),
        calibration=hashlib.sha256(asset(FILE).read_bytes()).hexdigest(),
    )


def bounded(warnings: Sequence[str]) -> tuple[str, ...]:
    """Return the first warnings, and how many more there are."""
    more = len(warnings) - _MOST_WARNINGS
    shown = tuple(warnings[:_MOST_WARNINGS])
    return (*shown, f"and {more:,} more warnings of this kind") if more > 0 else shown


def silent(stage: str, done: int, total: int) -> None:
    """Show no progress."""
