"""benchmarks.merge_stories: pair scores, rows that are read, and articles that are grouped."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.merge_stories import grouped, measure_stories, pair_scores, read_stories

FLOOD = (
    "Floods in the Orvin valley destroyed 120 houses on Monday, governor Lena Brask said. "
    "The army sent soldiers with boats to the Orvin valley."
)
FLOOD_AGAIN = (
    "Governor Lena Brask said floods had destroyed 120 houses in the Orvin valley. "
    "Soldiers of the army came to the Orvin valley with boats."
)
CHESS = (
    "Ana Petrescu won the chess title in Tallinn after a drawn final game. "
    "Petrescu is the youngest chess champion in fifty years."
)
CHESS_AGAIN = (
    "The final game in Tallinn was drawn, and Ana Petrescu is chess champion. "
    "No chess champion was younger than Petrescu in fifty years."
)


def entry(name: str, text: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "title": "", "date": "2031-05-06T08:00:00", "text": text, **more}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    rows = [
        {"id": "flood", "articles": [entry("a", FLOOD), entry("b", FLOOD_AGAIN)]},
        {
            "id": "chess",
            "articles": [
                entry("c", CHESS, date=None),
                entry("x", "404 Not Found", maybe_noise=True),
                entry("d", CHESS_AGAIN, title=None, date="unknown"),
            ],
        },
    ]
    file = tmp_path / "made.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("found", "gold", "f1", "precision", "recall"),
    [
        ([0, 0, 1, 1], "aabb", 1.0, 1.0, 1.0),
        ([5, 5, 2, 2], "aabb", 1.0, 1.0, 1.0),
        ([0, 0, 0, 0], "aabb", 0.5, 0.3333, 1.0),
        ([0, 0, 1, 2], "aabb", 0.6667, 1.0, 0.5),
        ([0, 1, 2, 3], "aabb", 0.0, 0.0, 0.0),
        ([0, 1, 0, 1], "aabb", 0.0, 0.0, 0.0),
        ([], "", 0.0, 0.0, 0.0),
    ],
)
def test_scores_are_of_pairs_put_together(
    found: list[int], gold: str, f1: float, precision: float, recall: float
) -> None:
    assert pair_scores(found, gold) == {"f1": f1, "precision": precision, "recall": recall}


def test_lists_of_two_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="longer"):
        pair_scores([0, 0], "abc")


def test_articles_are_read_with_their_stories_and_error_pages_left_out(path: Path) -> None:
    articles, gold = read_stories(path)
    assert [article.source for article in articles] == ["a", "b", "c", "d"]
    assert gold == ["flood", "flood", "chess", "chess"]
    assert [article.published for article in articles] == [dt.date(2031, 5, 6)] * 2 + [None] * 2
    assert articles[3].title == ""
    assert [len(article.sentences) for article in articles] == [2, 2, 2, 2]


def test_dates_can_be_left_out(path: Path) -> None:
    articles, _ = read_stories(path, dated=False)
    assert {article.published for article in articles} == {None}


@pytest.mark.parametrize("dated", [True, False])
def test_a_file_is_measured_as_one_run(path: Path, dated: bool) -> None:
    articles, _ = read_stories(path, dated=dated)
    assert grouped(articles) == [0, 0, 2, 2]
    assert measure_stories(path, dated=dated) == {"f1": 1.0, "precision": 1.0, "recall": 1.0}


def test_wrong_stories_are_found_out(path: Path) -> None:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    first, second = (row["articles"] for row in rows)
    first[0], second[0] = second[0], first[0]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert measure_stories(path) == {"f1": 0.0, "precision": 0.0, "recall": 0.0}
