"""What figures depend on beside the data: strictness, threshold, verifier, versions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from importlib.metadata import version

from pydantic import Field

from summarizer.assets import asset
from summarizer.data import Record
from summarizer.model.verifier import Verifier
from summarizer.validate.calibration import FILE, calibration

OnProgress = Callable[[str, int, int], None]  # stage, done, total (0: not known)
NO_VERIFIER = "none"
_MOST_WARNINGS = 20  # a set of another language has one a document


class Conditions(Record):
    """How the validator was set; expected shares are those of the development sets."""

    strictness: float = Field(ge=0, le=1)
    verifier: str = Field(description='its name; "none": it was not asked, or cannot be had')
    threshold: float = Field(ge=0, le=1, description="least score of a supported claim")
    expected_false_pass: float = Field(ge=0, le=1)
    expected_false_strip: float = Field(ge=0, le=1)
    summarizer: str = Field(description="version")
    calibration: str = Field(description="SHA-256 of the file of the threshold's figures")


class Watched:
    """A verifier that is seen to answer: one that cannot be had has measured nothing."""

    def __init__(self, verifier: Verifier) -> None:
        self._verifier = verifier
        self.name = verifier.name
        self.answered = False

    def scores(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Return the verifier's scores."""
        found = self._verifier.scores(pairs)
        self.answered = True
        return found


def watched(verifier: Verifier | None) -> Watched | None:
    """Return `verifier`, watched; None where there is none."""
    return None if verifier is None else Watched(verifier)


def conditions(verifier: Watched | None, strictness: float) -> Conditions:
    """Return the conditions under which a Validator with these has judged."""
    asked = verifier is not None and verifier.answered
    point = (calibration().verifier if asked else calibration().facts).at(strictness)
    return Conditions(
        strictness=strictness,
        verifier=verifier.name if verifier is not None and asked else NO_VERIFIER,
        threshold=point.threshold,
        expected_false_pass=point.false_pass,
        expected_false_strip=point.false_strip,
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
