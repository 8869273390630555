"""benchmarks.merge, merge_made and merge_scale: the command, made claims, growth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import merge as command
from benchmarks.merge_made import Made, make, read_clusters
from benchmarks.merge_scale import ScaleFailed, exponent, found, measure_size, peak_rss_mib
from summarizer.merge import merge

CLUSTER = [
    "On Tuesday, the council of Orvin voted to close 14 schools.",
    "The mayor, Lena Brask, said the town could not pay for repairs of $3,200,000.",
    "Parents in Norby gathered outside the town hall before the vote.",
    "A report of May 2029 found cracks in the walls of three buildings.",
    "Teachers will be offered work at other schools of the district.",
    "The union asked the government to pay for a new building by 2031.",
    "Pupils of the oldest school will move to Halsa after the summer.",
    "Brask told reporters that the decision had been hard for everybody.",
    "Two members of the council left the room before the ballot was counted.",
    "Ferry traffic to the island is not touched by the plan.",
]


@pytest.fixture(scope="module")
def made() -> Made:
    return make([CLUSTER], 120, seed=3)


def test_as_many_claims_are_made_as_asked_for(made: Made) -> None:
    assert made.claims == 120


def test_the_same_seed_makes_the_same_claims(made: Made) -> None:
    assert make([CLUSTER], 120, seed=3) == made
    assert make([CLUSTER], 120, seed=4) != made


def test_every_claim_quotes_its_article_and_has_a_known_fact(made: Made) -> None:
    for summary in made.summaries:
        assert summary.article.id in made.story_of
        for claim in summary.supported:
            (evidence,) = claim.evidence
            assert summary.article.text[evidence.start : evidence.end] == evidence.quote
            sentence = summary.article.sentences[evidence.sentence_ids[0] - 1]
            assert (sentence.start, sentence.end) == (evidence.start, evidence.end)
            assert (summary.article.id, claim.claim.text) in made.fact_of


def test_articles_say_again_what_others_of_their_story_said(made: Made) -> None:
    told: dict[int, set[str]] = {}
    for (article, _), fact in made.fact_of.items():
        told.setdefault(fact, set()).add(article)
    assert sum(len(articles) > 1 for articles in told.values()) >= 10
    for articles in told.values():
        assert len({made.story_of[article] for article in articles}) == 1


def test_stories_of_one_template_swap_its_names(made: Made) -> None:
    texts = [claim.claim.text for s in made.summaries for claim in s.supported]
    assert not any("Orvin" in text or "Brask" in text for text in texts)
    assert len(set(made.story_of.values())) >= 3


def test_no_templates_make_nothing_but_an_error() -> None:
    with pytest.raises(ValueError, match="no template"):
        make([[]], 10)


def test_the_examples_of_the_project_are_templates() -> None:
    clusters = read_clusters([])
    assert len(clusters) >= 10
    assert all(len(cluster) >= 8 for cluster in clusters)


def test_what_was_found_is_compared_with_the_truth(made: Made) -> None:
    figures = found(made, merge(made.summaries))
    assert figures["stories"]["true"] == len(set(made.story_of.values()))
    assert figures["facts"]["found"] >= figures["stories"]["found"]
    assert 0.5 < figures["facts"]["recall"] <= 1


def test_a_claim_that_a_brief_lost_is_told(made: Made) -> None:
    merged = merge(made.summaries[1:])
    with pytest.raises(ValueError, match="claims are in no fact"):
        found(made, merged)


@pytest.mark.parametrize(("power", "slope"), [(1, 1.0), (2, 2.0), (0, 0.0)])
def test_the_exponent_is_the_slope_of_the_logarithms(power: int, slope: float) -> None:
    sizes = [{"claims": n, "seconds": 0.001 * n**power} for n in (100, 200, 400, 800)]
    assert exponent(sizes, "seconds") == pytest.approx(slope)


def test_one_size_has_no_exponent() -> None:
    assert exponent([{"claims": 50, "seconds": 1.0}] * 2, "seconds") is None


def test_one_size_is_measured_in_this_process() -> None:
    record = measure_size(60, [])
    assert record["claims"] >= 60
    assert record["seconds"] > 0
    assert 0 < record["input_rss_mib"] <= record["peak_rss_mib"] <= peak_rss_mib()


def test_stories_and_scale_are_measured_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stories, out = tmp_path / "made.jsonl", tmp_path / "out.json"
    stories.write_text(json.dumps(_story("s1")) + "\n", encoding="utf-8")
    seen: list[Any] = []

    def scale(count: int, paths: list[Path]) -> dict[str, int]:
        seen.append((count, paths))
        return {"claims": count}

    monkeypatch.setattr(command, "measure_scale", scale)
    arguments = ["--stories", str(stories), "--scale", "70", "--json", str(out)]
    assert command.main(arguments) == 0
    result = json.loads(out.read_text(encoding="utf-8"))
    assert json.loads(capsys.readouterr().out) == result
    assert set(result) == {"stories", "scale"}
    assert set(result["stories"]["made"]) >= {"f1", "precision", "recall"}
    assert seen == [(70, [stories])]


def _story(name: str) -> dict[str, Any]:
    texts = [" ".join(CLUSTER), " ".join(CLUSTER[:5])]
    articles = [
        {"id": f"{name}-{n}", "title": "Orvin closes schools", "date": None, "text": text}
        for n, text in enumerate(texts)
    ]
    return {"id": name, "articles": articles}


def test_numbers_are_given_for_all_files_and_for_each(tmp_path: Path) -> None:
    row = {
        "a": "The fire in Orvin killed 12 people on Monday.",
        "b": "The fire in Orvin killed 19 people on Monday.",
        "a_date": None,
        "b_date": None,
        "label": "conflict",
    }
    paths = [tmp_path / "one.jsonl", tmp_path / "two.jsonl"]
    for path in paths:
        path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    out = tmp_path / "out.json"
    assert command.main(["--numbers", *map(str, paths), "--json", str(out)]) == 0
    numbers = json.loads(out.read_text(encoding="utf-8"))["numbers"]
    assert {"conflict_precision", "conflict_recall", "balanced_accuracy"} <= set(numbers)
    assert set(numbers["files"]) == {"one", "two"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "nothing to measure"),
        (["--scale", "0"], "at least one claim"),
        (["--pairs", "nowhere.jsonl"], "no such file: nowhere.jsonl"),
    ],
)
def test_what_cannot_be_measured_is_said(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        command.main(arguments)
    assert stopped.value.code == 2
    assert message in capsys.readouterr().err


def test_a_size_that_fails_makes_the_command_fail(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def scale(count: int, paths: list[Path]) -> None:
        raise ScaleFailed(f"{count} claims: exit code 1")

    monkeypatch.setattr(command, "measure_scale", scale)
    assert command.main(["--scale", "9"]) == 1
    assert "9 claims" in capsys.readouterr().err
