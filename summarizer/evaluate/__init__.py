"""How well the validator does: on edits of one's own articles, and on labelled claims."""

from __future__ import annotations

from summarizer.evaluate.conditions import Conditions
from summarizer.evaluate.edited import (
    MIN_EDITS,
    EditOptions,
    EditReport,
    Example,
    KindResult,
    evaluate_folder,
)
from summarizer.evaluate.figures import Share
from summarizer.evaluate.labelled import (
    BadLine,
    LabelledRow,
    LabelReport,
    OriginResult,
    evaluate_rows,
    read_rows,
)

__all__ = [
    "MIN_EDITS",
    "BadLine",
    "Conditions",
    "EditOptions",
    "EditReport",
    "Example",
    "KindResult",
    "LabelReport",
    "LabelledRow",
    "OriginResult",
    "Share",
    "evaluate_folder",
    "evaluate_rows",
    "read_rows",
]
