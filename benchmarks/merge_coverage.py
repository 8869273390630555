"""Measure coverage of reference facts against people's judgement: summhay_coverage.jsonl."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.merge_data import rows
from summarizer.merge.telling.coverage import MISSING_BELOW, coverages
from summarizer.text.words import content_stems

# What people's labels stand for as a share.
SHARES = {"fully_covered": 1.0, "partially_covered": 0.5, "not_covered": 0.0}


def measure_coverage(path: Path) -> dict[str, float]:
    """Compare our share with people's over all rows.

    `correlation` is Pearson's of our share, `words_correlation` that of plain containment of
    content stems; `missing_accuracy` says how often "missing" is right about "not covered",
    and `missing_base` what always saying "covered" would score.
    """
    data = rows(path)
    people = [SHARES[row["label"]] for row in data]
    ours = _scores(data)
    plain = [_containment(row["a"], row["bullets"]) for row in data]
    missing = [
        (our < MISSING_BELOW) == (share == 0) for our, share in zip(ours, people, strict=True)
    ]
    return {
        "correlation": round(statistics.correlation(ours, people), 4),
        "words_correlation": round(statistics.correlation(plain, people), 4),
        "missing_accuracy": round(statistics.fmean(missing), 4),
        "missing_base": round(statistics.fmean(share > 0 for share in people), 4),
        "mean_difference": round(statistics.fmean(ours) - statistics.fmean(people), 4),
        "rows": len(data),
    }


def _scores(data: Sequence[dict[str, Any]]) -> list[float]:
    """Score every row; its reference are the reference facts of its subtopic, as a user's are."""
    references: dict[tuple[str, str], list[str]] = {}
    for row in data:
        group = references.setdefault((row["topic"], row["subtopic"]), [])
        if row["a"] not in group:
            group.append(row["a"])
    scores = []
    for row in data:
        reference = references[row["topic"], row["subtopic"]]
        scores.append(coverages(row["bullets"], reference)[reference.index(row["a"])])
    return scores


def _containment(fact: str, bullets: Sequence[str]) -> float:
    wanted = set(content_stems(fact))
    best = max((len(wanted & set(content_stems(bullet))) for bullet in bullets), default=0)
    return best / max(len(wanted), 1)
