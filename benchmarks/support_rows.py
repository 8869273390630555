"""Labelled rows for benchmarks/support.py and quality_gate.py: reading, sampling, kinds of error.

A row holds doc, claim, label (1 supported) and mostly id, origin and meta; the shapes are those
of ../shared/bench/README.md (support/).
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.training.split import trained_on

Row = dict[str, Any]

_UNMEASURED = ("seed",)  # summedits: the unedited summary is no test of an edit
# Where a set says what is wrong with a claim; the first that a row has is taken.
_KIND_KEYS = ("edit_types", "errors", "kind", "label3")
_NAME = re.compile(r"[\w-]+")


class RowError(Exception):
    """A line of a file is no labelled row."""


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a JSON-lines file, without those that test nothing or were trained on.

    Raises:
        RowError: a line is not JSON, or lacks doc, claim or label.
    """
    rows = list(_rows(path))
    rows = [row for row in rows if (row.get("meta") or {}).get("kind") not in _UNMEASURED]
    return [row for row in rows if not trained_on(path, str(row["doc"]))]


def _rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                raise RowError(f"{path.name}, line {number}: not JSON") from error
            if not isinstance(row, dict) or not {"doc", "claim", "label"} <= row.keys():
                raise RowError(f"{path.name}, line {number}: needs doc, claim and label")
            if row["label"] not in (0, 1):
                raise RowError(f"{path.name}, line {number}: the label is neither 0 nor 1")
            yield row


def origin(row: Row) -> str:
    """Return where the row's document comes from; scores of different origins are not pooled."""
    return str(row.get("origin") or "")


def by_origin(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Return the rows of each origin, origins by name."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(origin(row), []).append(row)
    return dict(sorted(found.items()))


def sample(rows: Sequence[Row], count: int, seed: int) -> list[Row]:
    """Return `count` of the rows at random, all where there are no more; 0 means all."""
    if not count or count >= len(rows):
        return list(rows)
    return random.Random(seed).sample(rows, count)


def even_sample(rows: Sequence[Row], count: int, seed: int) -> list[Row]:
    """Return `count` rows, half of them supported as far as there are enough of either label.

    None of AUC, balanced accuracy, false pass and false strip depends on the share of either
    label, and all are surest when neither label is rare.
    """
    either = [[row for row in rows if row["label"] == label] for label in (0, 1)]
    half = count // 2
    fewer = min(len(some) for some in either)
    if fewer < half:
        sizes = [fewer if len(some) == fewer else count - fewer for some in either]
    else:
        sizes = [half, count - half]
    return [
        row
        for some, size in zip(either, sizes, strict=True)
        if size
        for row in sample(some, size, seed)
    ]


def digest(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def kinds(row: Row) -> list[str]:
    """Return what is wrong with an unsupported row, each kind once; none where nobody says."""
    meta = row.get("meta") or {}
    for key in _KIND_KEYS:
        told = meta.get(key)
        if told:
            # cliff writes its list as text: "['extrinsic-NP']"
            several = told if isinstance(told, list) else _NAME.findall(str(told))
            return list(dict.fromkeys(str(kind) for kind in several))
    return []
