"""Measure how well the merger groups articles into stories, on labelled data.

The shape of the files is that of ../shared/bench/README.md (merge/).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.merge_data import article_of, rows
from summarizer.data import Article
from summarizer.merge.stories.grouping import Likeness, group_stories
from summarizer.merge.stories.origins import near_copies


def pair_scores(found: Sequence[Any], gold: Sequence[Any]) -> dict[str, float]:
    """Return F1, precision and recall over pairs of items put together."""

    def pairs(labels: Iterable[Any]) -> int:
        return sum(n * (n - 1) // 2 for n in Counter(labels).values())

    right = pairs(zip(found, gold, strict=True))
    precision, recall = right / max(pairs(found), 1), right / max(pairs(gold), 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"f1": round(f1, 4), "precision": round(precision, 4), "recall": round(recall, 4)}


def read_stories(path: Path, *, dated: bool = True) -> tuple[list[Article], list[str]]:
    """Return the articles of a file, error pages left out, and the story of each."""
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
                    date=entry.get("date") if dated else None,
                )
            )
            gold.append(story["id"])
    return articles, gold


def grouped(articles: Sequence[Article]) -> list[int]:
    """Group articles as a brief does, without the facts."""
    return group_stories(
        articles, Likeness(articles), linked=near_copies(articles), shared_facts={}
    )


def measure_stories(path: Path, *, dated: bool = True) -> dict[str, float]:
    """Group all articles of a file at once and compare with its stories."""
    articles, gold = read_stories(path, dated=dated)
    return pair_scores(grouped(articles), gold)
