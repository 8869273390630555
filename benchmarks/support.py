"""Measure check_support on labelled pairs of document and claim.

    python -m benchmarks.support FILE.jsonl ... [--sample N] [--seed S] [--json OUT]

A row holds doc, claim, label (1 supported) and origin; one table line a file and, where a file
has several origins, a line an origin. Rows are never pooled over files.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from summarizer.data import Article, Claim, SupportedClaim
from summarizer.read import article_from_text
from summarizer.validate import check_support

_UNMEASURED = ("seed",)  # summedits: the unedited summary is no test of an edit


class Verdict(NamedTuple):
    label: int
    supported: bool
    score: float
    reason: str
    seconds: float
    row: dict[str, Any]


def read_rows(path: Path, sample: int, seed: int) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row.get("meta", {}).get("kind") not in _UNMEASURED]
    if sample and sample < len(rows):
        rows = random.Random(seed).sample(rows, sample)
    return rows


def judge(rows: list[dict[str, Any]]) -> list[Verdict]:
    articles: dict[str, Article] = {}
    verdicts = []
    for row in rows:
        doc = row["doc"]
        if doc not in articles:
            articles[doc] = article_from_text(doc, source=str(row.get("id", "")))
        article = articles[doc]
        started = time.perf_counter()
        result = check_support(Claim(article_id=article.id, text=row["claim"]), article)
        seconds = time.perf_counter() - started
        supported = isinstance(result, SupportedClaim)
        reason = "" if isinstance(result, SupportedClaim) else result.reason.value
        verdicts.append(Verdict(int(row["label"]), supported, result.score, reason, seconds, row))
    return verdicts


def auc(verdicts: list[Verdict]) -> float | None:
    """Chance that a supported row scores above an unsupported one, ties half."""
    order = sorted(verdicts, key=lambda v: v.score)
    positives = sum(v.label for v in verdicts)
    negatives = len(verdicts) - positives
    if not positives or not negatives:
        return None
    ranks, i = 0.0, 0
    while i < len(order):
        j = i
        while j < len(order) and order[j].score == order[i].score:
            j += 1
        ranks += sum(v.label for v in order[i:j]) * (i + 1 + j) / 2
        i = j
    return (ranks - positives * (positives + 1) / 2) / (positives * negatives)


def figures(verdicts: list[Verdict]) -> dict[str, Any]:
    positives = [v for v in verdicts if v.label]
    negatives = [v for v in verdicts if not v.label]
    strip = 1 - sum(v.supported for v in positives) / len(positives) if positives else None
    passed = sum(v.supported for v in negatives) / len(negatives) if negatives else None
    balanced = None if strip is None or passed is None else (1 - strip + 1 - passed) / 2
    return {
        "rows": len(verdicts),
        "supported": len(positives),
        "balanced_accuracy": balanced,
        "false_pass": passed,
        "false_strip": strip,
        "auc": auc(verdicts),
        "rows_per_second": len(verdicts) / max(sum(v.seconds for v in verdicts), 1e-9),
        "reasons_of_wrong_rejections": Counter(v.reason for v in positives if not v.supported),
        "reasons_of_right_rejections": Counter(v.reason for v in negatives if not v.supported),
    }


def line(name: str, f: dict[str, Any]) -> str:
    def number(value: float | None) -> str:
        return "    -" if value is None else f"{value:5.3f}"

    return (
        f"{name:32} {f['rows']:6} {number(f['balanced_accuracy'])} {number(f['false_pass'])} "
        f"{number(f['false_strip'])} {number(f['auc'])} {f['rows_per_second']:7.0f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure check_support on labelled pairs.")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--sample", type=int, default=0, help="rows a file, 0 for all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path, help="write the figures here")
    options = parser.parse_args()
    print(f"{'set':32} {'rows':>6}   bal  pass strip   auc  rows/s", flush=True)
    out: dict[str, Any] = {}
    for path in options.files:
        verdicts = judge(read_rows(path, options.sample, options.seed))
        origins = sorted({v.row.get("origin", "") for v in verdicts})
        parts = {path.stem: verdicts}
        if 1 < len(origins) <= 2:  # summaries of XSum and CNN/DM may not be pooled
            parts = {
                f"{path.stem}/{o}": [v for v in verdicts if v.row.get("origin") == o]
                for o in origins
            }
        for name, some in parts.items():
            out[name] = figures(some)
            print(line(name, out[name]), flush=True)
    if options.json:
        report = {"sample": options.sample, "seed": options.seed, "sets": out}
        options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
