"""Measure the merger on labelled data: stories, same-fact pairs, number conflicts, scale.

Usage: python -m benchmarks.merge [--stories FILE…] [--pairs FILE…] [--numbers FILE…] [--scale N]
                                  [--json OUT]

The shapes of the files are those of ../shared/bench/README.md (merge/).
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import resource
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.merge_data import article_of, claim_of, rows
from summarizer.data import (
    ArticleSummary,
    ConflictKind,
    Writer,
)
from summarizer.merge import merge
from summarizer.merge.claims import Telling, read_claim
from summarizer.merge.conflicts import differ
from summarizer.merge.facts import Comparer, vetoed
from summarizer.merge.origins import near_copies
from summarizer.merge.stories import Likeness, group_stories

FOLDS = 5


def pair_scores(found: Sequence[Any], gold: Sequence[Any]) -> dict[str, float]:
    """Return F1, precision and recall over pairs of items put together."""

    def pairs(labels: Iterable[Any]) -> int:
        return sum(n * (n - 1) // 2 for n in Counter(labels).values())

    right = pairs(zip(found, gold, strict=True))
    precision, recall = right / max(pairs(found), 1), right / max(pairs(gold), 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"f1": round(f1, 4), "precision": round(precision, 4), "recall": round(recall, 4)}


def measure_stories(path: Path) -> dict[str, float]:
    """Group all articles of a file at once and compare with its stories."""
    articles, gold = [], []
    for story in rows(path):
        for entry in story["articles"]:
            if entry.get("maybe_noise"):
                continue
            articles.append(
                article_of(
                    entry["text"],
                    source=entry["id"],
                    title=entry["title"] or "",
                    date=entry.get("date"),
                )
            )
            gold.append(story["id"])
    copies = near_copies(articles)
    found = group_stories(articles, Likeness(articles), linked=copies, shared_facts={})
    return pair_scores(found, gold)


def read_pairs(data: Sequence[dict[str, Any]]) -> Comparer:
    """Read both sentences of every row: row n is claims 2n and 2n + 1."""
    tellings: list[Telling] = []
    for row in data:
        for side in "ab":
            text = row.get(f"{side}_raw") or row[side]
            tellings.append(read_claim(len(tellings), len(tellings) % 2, claim_of(text)))
    return Comparer(tellings)


def measure_pairs(path: Path) -> dict[str, float]:
    """Same fact or not, the threshold chosen on four fifths and measured on the fifth."""
    data = [row for row in rows(path) if row["label"] in (0, 1) or "set" in row]
    truth = [row["label"] >= (4.0 if "set" in row else 1) for row in data]
    comparer = read_pairs(data)
    scores = []
    for n in range(len(data)):
        score = comparer.overlap(2 * n, 2 * n + 1).jaccard
        scores.append(score - 0.1 * vetoed(comparer.tellings[2 * n], comparer.tellings[2 * n + 1]))
    guesses = [False] * len(data)
    for fold in range(FOLDS):
        training = [n for n in range(len(data)) if n % FOLDS != fold]
        threshold = max(
            (sum((scores[n] >= t / 100) == truth[n] for n in training), t / 100)
            for t in range(5, 95)
        )[1]
        for n in range(fold, len(data), FOLDS):
            guesses[n] = scores[n] >= threshold
    right = sum(g and t for g, t in zip(guesses, truth, strict=True))
    return {
        "accuracy": round(sum(g == t for g, t in zip(guesses, truth, strict=True)) / len(data), 4),
        "f1": round(2 * right / max(sum(guesses) + sum(truth), 1), 4),
    }


def measure_numbers(path: Path) -> dict[str, float]:
    """Which of the pairs whose numbers differ are conflicts."""
    data = rows(path)
    comparer = read_pairs(data)
    flagged = []
    for n, row in enumerate(data):
        days = [
            dt.date.fromisoformat(str(row[key]).replace("/", "-")) if row.get(key) else None
            for key in ("a_date", "b_date")
        ]
        difference = differ(
            comparer,
            comparer.tellings[2 * n],
            comparer.tellings[2 * n + 1],
            when=(days[0], days[1]),
        )
        flagged.append(difference is not None and difference.kind is ConflictKind.NUMBER)
    gold = [row["label"] == "conflict" for row in data]
    right = sum(f and g for f, g in zip(flagged, gold, strict=True))
    return {
        "conflict_precision": round(right / max(sum(flagged), 1), 4),
        "conflict_recall": round(right / max(sum(gold), 1), 4),
        "flagged": sum(flagged),
        "pairs": len(data),
    }


def measure_scale(count: int, paths: Sequence[Path]) -> dict[str, float]:
    """Merge `count` sentences of the articles of the story files, as claims."""
    summaries: list[ArticleSummary] = []
    claims = 0
    for path in paths:
        for story in rows(path):
            for entry in story["articles"]:
                if claims >= count:
                    break
                article = article_of(entry["text"], source=entry["id"], title=entry["title"] or "")
                spans = article.sentences[: min(12, count - claims)]
                supported = tuple(
                    claim_of(article.text[s.start : s.end], article.id)
                    for s in spans
                    if s.end - s.start > 30
                )
                claims += len(supported)
                summaries.append(
                    ArticleSummary(
                        article=article,
                        headline=article.title,
                        supported=supported,
                        rejected=(),
                        writer=Writer.EXTRACTIVE,
                    )
                )
    began = time.perf_counter()
    merge(summaries)
    return {
        "claims": claims,
        "seconds": round(time.perf_counter() - began, 2),
        "peak_rss_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("stories", "pairs", "numbers"):
        parser.add_argument(f"--{name}", nargs="+", type=Path, default=[])
    parser.add_argument("--scale", type=int, help="claims, out of the --stories files")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    result: dict[str, Any] = {
        "stories": {path.stem: measure_stories(path) for path in options.stories},
        "pairs": {path.stem: measure_pairs(path) for path in options.pairs},
        "numbers": {path.stem: measure_numbers(path) for path in options.numbers},
    }
    if options.scale:
        result["scale"] = measure_scale(options.scale, options.stories)
    print(json.dumps(result, indent=2))
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
