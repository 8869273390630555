"""benchmarks.recall: stories are dealt out to nights, and what comes back is counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.recall import collection, main, measure_recall
from summarizer.data import Article
from tests.conftest import make_article
from tests.test_digest_recall import CHESS, FLOOD, FLOOD_LATER

CHESS_LATER = ("Petrescu, the chess champion, came home from Tallinn.", *CHESS[1:])


def articles() -> list[Article]:
    texts = (FLOOD, FLOOD_LATER, CHESS, CHESS_LATER)
    return [make_article(*own, title="", source=str(n)) for n, own in enumerate(texts)]


def test_articles_of_a_story_come_to_different_nights():
    found = collection(articles(), "aabb", night=2)
    assert sorted(map(sorted, found.nights)) == [[0, 2], [1, 3]]
    assert found.true_pairs(found.nights[0]) | found.true_pairs(found.nights[1]) == {
        (0, 1),
        (1, 0),
        (2, 3),
        (3, 2),
    }


@pytest.mark.parametrize(("gold", "pairs", "recalled"), [("aabb", 4, 1.0), ("abab", 4, 0.0)])
def test_share_is_of_pairs_that_are_true(gold, pairs, recalled):
    figures = measure_recall(collection(articles(), gold, night=1))
    assert (figures["pairs"], figures["recalled"], figures["within_most"]) == (
        pairs,
        recalled,
        recalled,
    )
    assert figures["candidates_a_fresh_article"] == 1.0


def test_command_line_writes_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        {"id": story, "articles": [entry(f"{story}{n}", text) for n, text in enumerate(own)]}
        for story, own in (("a", (FLOOD, FLOOD_LATER)), ("b", (CHESS, CHESS_LATER)))
    ]
    files = [tmp_path / "one.jsonl", tmp_path / "two.jsonl"]
    for file in files:
        file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    out = tmp_path / "out.json"
    assert main(["--stories", *map(str, files), "--choose", "--json", str(out)]) == 0
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert figures == json.loads(capsys.readouterr().out)
    assert figures["one"]["articles"] == 4
    assert set(figures["choose"]) == {"one", "two", "all"}


def entry(name: str, sentences: tuple[str, ...]) -> dict[str, str]:
    return {"id": name, "title": "", "text": " ".join(sentences)}


@pytest.mark.parametrize("arguments", [[], ["--stories", "none.jsonl"], ["--choose"]])
def test_wrong_arguments_are_refused(arguments, capsys):
    with pytest.raises(SystemExit):
        main(arguments)
    assert "error" in capsys.readouterr().err
