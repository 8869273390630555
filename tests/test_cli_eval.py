"""`summarizer eval`: the gate, the tables, what goes in and what comes out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click import UsageError

import summarizer.model
from summarizer.cli import group
from summarizer.data import Claim
from summarizer.errors import BriefError, ConfigError
from summarizer.evaluate import edited, labelled
from summarizer.render import to_json
from tests.conftest import make_article, make_bridge_brief
from tests.test_cli import run
from tests.test_evaluate import FERRY, HARBOUR, Passing, QueuedVerifier, Refusing, oracle

__all__ = ["oracle"]  # a fixture

ROWS = [
    {"doc": "The dam broke on Tuesday.", "claim": "The dam broke on Tuesday.", "label": 1},
    {"doc": "The dam broke on Tuesday.", "claim": "A goat sang in Leeds.", "label": 0},
]


def evaluate(*words: object) -> int:
    """Run the command in this process, so that doubles are seen, and return its exit code."""
    code: int = group.main(["eval", *map(str, words)], standalone_mode=False)
    return code


class ClosableVerifier(QueuedVerifier):
    closed = False

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "harbour.txt").write_text("\n".join(HARBOUR[:10]))
    (folder / "ferry.txt").write_text("\n".join(FERRY))
    return folder


@pytest.fixture
def verifier(monkeypatch: pytest.MonkeyPatch) -> ClosableVerifier:
    """Put a verifier without scores where the real one would be opened."""
    one = ClosableVerifier()
    monkeypatch.setattr(summarizer.model, "open_verifier", lambda *, progress: one)
    return one


def _write(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


# --- the gate -----------------------------------------------------------------------------------


def test_validator_that_passes_all_is_caught_by_the_limit(folder, monkeypatch, capsys):
    monkeypatch.setattr(edited, "Validator", Passing)
    assert evaluate(folder, "--no-verifier", "--max-false-pass", 0.3) == 1
    assert "false pass 1.000 is 0.700 above the limit of 0.3" in capsys.readouterr().err


def test_validator_that_refuses_all_is_caught_by_the_other_limit(folder, monkeypatch, capsys):
    monkeypatch.setattr(edited, "Validator", Refusing)
    words = (folder, "--no-verifier", "--max-false-pass", 0.3)
    assert evaluate(*words) == 0
    assert evaluate(*words, "--max-false-strip", 0.3) == 1
    err = capsys.readouterr().err
    assert "false strip 1.000" in err
    assert "false pass" not in err


def test_validator_that_is_always_right_passes_the_strictest_limits(
    folder, monkeypatch, capsys, oracle
):
    monkeypatch.setattr(edited, "Validator", oracle)
    limits = ("--max-false-pass", 0, "--max-false-strip", 0)
    assert evaluate(folder, "--no-verifier", *limits) == 0
    assert capsys.readouterr().err == ""


def test_both_limits_that_are_passed_are_told(folder, monkeypatch, capsys):
    class Wrong(Passing):
        def passes(self, claim: Claim) -> bool:
            return len(claim.text) % 2 == 0

    monkeypatch.setattr(edited, "Validator", Wrong)
    limits = ("--max-false-pass", 0.01, "--max-false-strip", 0.01)
    assert evaluate(folder, "--no-verifier", *limits) == 1
    err = capsys.readouterr().err
    assert "false pass" in err
    assert "false strip" in err


def test_limit_that_cannot_be_measured_is_not_kept(folder, capsys):
    words = (folder, "--no-verifier", "--max-edits", 3)
    assert evaluate(*words) == 0
    assert evaluate(*words, "--max-false-pass", 1) == 1
    assert "cannot be told" in capsys.readouterr().err


def test_share_at_the_limit_keeps_it(folder, monkeypatch):
    monkeypatch.setattr(edited, "Validator", Passing)
    assert evaluate(folder, "--no-verifier", "--max-false-pass", 1) == 0


def test_limits_hold_for_labelled_rows_too(tmp_path, monkeypatch):
    monkeypatch.setattr(labelled, "Validator", Passing)
    rows = _write(tmp_path / "rows.jsonl", ROWS)
    assert evaluate("--jsonl", rows, "--no-verifier") == 0
    assert evaluate("--jsonl", rows, "--no-verifier", "--max-false-pass", 0.5) == 1
    assert evaluate("--jsonl", rows, "--no-verifier", "--max-false-strip", 0) == 0


# --- what is shown ------------------------------------------------------------------------------


def test_table_names_kinds_shares_intervals_and_the_threshold(folder, monkeypatch, capsys):
    monkeypatch.setattr(edited, "Validator", Passing)
    evaluate(folder, "--no-verifier", "--max-edits", 12)
    out = capsys.readouterr().out
    assert "21 sentences of 2 articles, seed 0" in out
    assert "deterministic checks alone, strictness 0.5; support from" in out
    (negation,) = [line.split() for line in out.splitlines() if line.startswith("negation")]
    assert negation == ["negation", "12", "12", "100.0", "%", "76", "to", "100", "%"]
    assert "mean of the kinds" in out


def test_examples_are_shown_on_request(folder, monkeypatch, capsys):
    monkeypatch.setattr(edited, "Validator", Passing)
    words = (folder, "--no-verifier", "--max-edits", 12)
    evaluate(*words)
    assert "made of:" not in capsys.readouterr().out
    evaluate(*words, "--examples", 2)
    out = capsys.readouterr().out
    assert out.count("negation, score 0.90, passed") == 2
    assert "made of:" in out


def test_examples_cannot_steer_the_terminal(folder, monkeypatch, capsys):
    article = make_article(
        *(f"{one[:-1]}[red]\x1b[31m\u202e." for one in FERRY), source="\x1b]x\x07"
    )
    monkeypatch.setattr(edited, "Validator", Passing)
    monkeypatch.setattr(edited, "_read", lambda *_: ([article], []))
    evaluate(folder, "--no-verifier", "--examples", 2)
    out = capsys.readouterr().out
    assert "[red]" in out
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_origins_and_their_mean_are_shown_but_no_pooled_figure(tmp_path, capsys):
    rows = [{**row, "origin": origin} for origin in ("bay", "hill") for row in ROWS]
    assert evaluate("--jsonl", _write(tmp_path / "r.jsonl", rows), "--no-verifier") == 0
    lines = capsys.readouterr().out.splitlines()
    names = [line.split("  ")[0] for line in lines[4:]]
    assert names == ["bay", "hill", "mean of the origins"]


def test_single_origin_has_one_line(tmp_path, capsys):
    evaluate("--jsonl", _write(tmp_path / "r.jsonl", ROWS), "--no-verifier")
    out = capsys.readouterr().out
    assert "\nall " in out
    assert "mean" not in out


def test_origin_cannot_steer_the_terminal(tmp_path, capsys):
    rows: list[dict[str, object]] = [{**row, "origin": "[red]\x1b[31mx"} for row in ROWS]
    evaluate("--jsonl", _write(tmp_path / "r.jsonl", rows), "--no-verifier")
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "[red]x" in out


# --- the verifier -------------------------------------------------------------------------------


def test_verifier_is_asked_and_freed(tmp_path, verifier, capsys):
    rows: list[dict[str, object]] = [
        {"doc": HARBOUR[0], "claim": "The council approved a new harbour wall.", "label": 1}
    ]
    verifier.queue = [6.0]
    assert evaluate("--jsonl", _write(tmp_path / "r.jsonl", rows)) == 0
    assert verifier.queue == []
    assert verifier.closed
    captured = capsys.readouterr()
    assert "with queued, strictness" in captured.out
    assert captured.err == ""


def test_verifier_that_cannot_be_had_is_said_and_the_checks_are_measured(folder, verifier, capsys):
    verifier.queue = [ConfigError("no source of the base model")]
    assert evaluate(folder, "--max-edits", 4) == 0
    captured = capsys.readouterr()
    assert "no source of the base model" in captured.err
    assert "these are the deterministic checks alone" in captured.err
    assert "deterministic checks alone, strictness" in captured.out
    assert verifier.closed


def test_verifier_is_freed_when_the_run_fails(tmp_path, verifier):
    (tmp_path / "none").mkdir()
    with pytest.raises(ConfigError):
        evaluate(tmp_path / "none")
    assert verifier.closed


def test_no_verifier_opens_none(folder, monkeypatch):
    def refuse(**_options: object) -> None:
        raise AssertionError("opened")

    monkeypatch.setattr(summarizer.model, "open_verifier", refuse)
    assert evaluate(folder, "--no-verifier", "--max-edits", 2) == 0


# --- what goes in and out -----------------------------------------------------------------------


def test_json_holds_all_that_the_figures_depend_on(folder, tmp_path):
    out = tmp_path / "figures.json"
    words = ("--no-verifier", "--seed", 5, "--strictness", 0.8, "--max-edits", 11, "--json", out)
    evaluate(folder, *words)
    report = json.loads(out.read_text())
    assert report["options"] == {"max_edits": 11, "seed": 5, "strictness": 0.8, "examples": 0}
    assert report["conditions"]["validator"]["strictness"] == 0.8
    assert report["conditions"]["validator"]["verifier"] == "none"
    assert report["conditions"]["summarizer"]
    assert len(report["conditions"]["calibration"]) == 64
    assert {kind["kind"] for kind in report["kinds"]} >= {"negation", "verbatim", "name"}


def test_json_among_the_articles_is_no_article_of_the_next_run(folder):
    words = (folder, "--no-verifier", "--max-edits", 2, "--json", folder / "figures.json")
    evaluate(*words)
    first = (folder / "figures.json").read_text()
    evaluate(*words)
    assert (folder / "figures.json").read_text() == first
    assert json.loads(first)["skipped"] == []


def test_claims_of_a_brief_are_edited(tmp_path, folder, monkeypatch, capsys):
    brief, by_id = make_bridge_brief()
    (tmp_path / "brief.json").write_text(to_json(brief))
    monkeypatch.setattr(edited, "_read", lambda inputs, _: (list(by_id.values())[:2], []))
    words = (folder, "--brief", tmp_path / "brief.json", "--no-verifier")
    assert evaluate(*words) == 0
    captured = capsys.readouterr()
    assert "3 claims of 2 articles" in captured.out
    assert "1 claim of the brief left out" in captured.err


def test_brief_that_is_none_is_an_error(tmp_path, folder):
    (tmp_path / "brief.json").write_text("{}")
    with pytest.raises(BriefError):
        evaluate(folder, "--brief", tmp_path / "brief.json", "--no-verifier")


@pytest.mark.parametrize(
    "words",
    [
        (),
        (".", "--jsonl", "-"),
        ("--jsonl", "-", "--brief", "pyproject.toml"),
        (".", "--max-false-pass", "1.5"),
        (".", "--max-edits", "0"),
        (".", "--strictness", "2"),
    ],
)
def test_wrong_usage_is_refused(words):
    with pytest.raises(UsageError):
        evaluate(*words)


def test_bad_lines_are_named_skipped_and_make_the_exit_code_three(tmp_path):
    lines = "not json\n" + json.dumps(ROWS[0]) + "\n\n[1]\n" + json.dumps(ROWS[1]) + "\n"
    done = run("eval", "--jsonl", "-", "--no-verifier", stdin=lines)
    assert done.returncode == 3, done.stderr
    assert "2 labelled claims, 2 bad lines" in done.stdout
    assert "line 1:" in done.stderr
    assert "line 4:" in done.stderr


def test_very_many_bad_lines_are_counted_not_all_named(tmp_path, capsys):
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"\xff\xfe\n" * 500 + json.dumps(ROWS[0]).encode() + b"\n")
    assert evaluate("--jsonl", path, "--no-verifier") == 3
    err = capsys.readouterr().err
    assert "500 lines left out" in err
    assert len(err.splitlines()) < 30


def test_limit_that_is_passed_outweighs_bad_lines(tmp_path, monkeypatch):
    monkeypatch.setattr(labelled, "Validator", Passing)
    path = _write(tmp_path / "rows.jsonl", ROWS)
    path.write_text("bad\n" + path.read_text())
    assert evaluate("--jsonl", path, "--no-verifier", "--max-false-pass", 0.5) == 1


def test_nothing_to_measure_is_exit_code_two_without_a_traceback(tmp_path):
    done = run("eval", tmp_path, "--no-verifier")
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "no article" in done.stderr


def test_real_checks_run_as_a_gate(folder):
    done = run("eval", folder, "--no-verifier", "--max-false-pass", 1, "--max-false-strip", 1)
    assert done.returncode == 0, done.stderr
    assert done.stderr == "", "no progress where nobody looks"


def test_help_says_what_the_two_errors_are():
    done = run("eval", "--help")
    assert "False pass: the share of false claims that it let through." in done.stdout
    assert "False strip: the share of true claims that it refused." in done.stdout
