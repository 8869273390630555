"""The command line: exit codes, what goes where, help."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from summarizer.cli import _COMMANDS, group
from summarizer.render import from_json
from tests.test_pipeline import PIER


def run(*words: object, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "summarizer", *map(str, words)],
        capture_output=True,
        text=True,
        input=stdin,
        timeout=120,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "pier.txt").write_text(PIER)
    return tmp_path / "in"


def test_brief_writes_both_files_and_says_where(folder, tmp_path):
    done = run("brief", folder, "--model", "none", "--output", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "brief.md" in done.stdout and "brief.json" in done.stdout
    made = from_json((tmp_path / "out" / "brief.json").read_text())
    assert made.coverage.articles == 1
    assert "Dunmorrow" in (tmp_path / "out" / "brief.md").read_text()


def test_skipped_articles_make_the_exit_code_three(folder, tmp_path):
    (folder / "empty.txt").write_text("")
    done = run("brief", folder, "--model", "none", "--output", tmp_path / "out")
    assert done.returncode == 3
    assert "empty.txt" in (tmp_path / "out" / "brief.md").read_text()


def test_brief_written_among_the_articles_is_no_article_of_the_next(folder):
    for output in (folder, folder / "out"):
        for _ in range(2):
            done = run("brief", folder, "--model", "none", "--output", output)
            assert done.returncode == 0, done.stdout
            made = from_json((output / "brief.json").read_text())
            assert [source.source for source in made.sources] == ["pier.txt"]


def test_copy_of_an_article_is_listed_but_nothing_is_lost(folder, tmp_path):
    (folder / "same.txt").write_text(PIER)
    done = run("brief", folder, "--model", "none", "--output", tmp_path / "out")
    assert done.returncode == 0


@pytest.mark.parametrize(
    "words",
    [
        ("brief",),
        ("brief", "/nowhere/at/all"),
        ("brief", ".", "--max-facts", "0"),
        ("nothing",),
        ("check", "--claim", "x"),
        ("brief", ".", "--model", "no-such-model"),
    ],
    ids=["no-path", "missing-path", "bad-number", "no-command", "half-a-check", "no-such-model"],
)
def test_wrong_usage_is_exit_code_two_without_a_traceback(words):
    done = run(*words)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


def test_unknown_model_is_answered_with_the_nearest_name():
    done = run("brief", ".", "--model", "smollm2-135m")
    assert "smollm2-135m-instruct" in done.stderr


def test_output_folder_that_cannot_be_made_is_an_error_in_words(folder, tmp_path):
    (tmp_path / "file").write_text("")
    done = run("brief", folder, "--model", "none", "--output", tmp_path / "file" / "out")
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr


def test_check_exit_code_is_the_verdict(folder):
    article = folder / "pier.txt"
    good = run(
        "check",
        "--article",
        article,
        "--claim",
        "Dunmorrow pier reopened on Tuesday.",
        "--no-verifier",
    )
    assert (good.returncode, good.stdout.split()[0]) == (0, "supported")
    bad = run(
        "check",
        "--article",
        article,
        "--claim",
        "Dunmorrow pier reopened on Monday.",
        "--no-verifier",
    )
    assert (bad.returncode, bad.stdout.split()[0]) == (1, "rejected")
    assert "nearest" in bad.stdout


def test_check_takes_an_article_too_short_for_a_brief(tmp_path):
    (tmp_path / "short.txt").write_text("The pier reopened on Tuesday.")
    done = run(
        "check",
        "--article",
        tmp_path / "short.txt",
        "--claim",
        "The pier reopened.",
        "--no-verifier",
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.model
def test_check_asks_the_verifier_about_a_claim_in_other_words(tmp_path):
    (tmp_path / "pier.txt").write_text(
        "The pier in Velmora reopened on Tuesday after a storm. Engineers repaired forty wooden "
        "piles over two years. Mayor Jana Smeld said the work cost 3.2 million crowns."
    )
    true = run(
        "check", "--article", tmp_path / "pier.txt", "--claim", "Repairing it took two years."
    )
    false = run("check", "--article", tmp_path / "pier.txt", "--claim", "Jana Smeld resigned.")
    assert (true.returncode, false.returncode) == (0, 1), (true.stdout, false.stdout)
    assert "support.v1" in true.stdout


def test_check_jsonl_gives_one_verdict_a_line_in_order(tmp_path):
    rows = [
        {
            "id": "a",
            "doc": "The pier reopened on Tuesday.",
            "claim": "The pier reopened on Tuesday.",
        },
        {"id": "b", "doc": "The pier reopened on Tuesday.", "claim": "The pier burned on Friday."},
        {"doc": "", "claim": "The pier burned."},
        {"doc": "The pier reopened.", "claim": ""},
    ]
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = run("check", "--jsonl", path, "--no-verifier")
    verdicts = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert [v["id"] for v in verdicts] == ["a", "b", 3, 4]
    assert [v["supported"] for v in verdicts] == [True, False, False, False]
    assert all(set(v) == {"id", "supported", "score", "reason", "evidence"} for v in verdicts)
    assert verdicts[0]["evidence"][0]["quote"] == "The pier reopened on Tuesday."


def test_check_jsonl_answers_lines_that_are_no_claims_and_exits_with_three():
    good = json.dumps({"doc": "The pier reopened.", "claim": "The pier reopened."})
    done = run(
        "check",
        "--no-verifier",
        "--jsonl",
        "-",
        stdin=f"not json\n{good}\n[1]\n" + '{"doc": 3, "claim": 4}\n',
    )
    verdicts = [json.loads(line) for line in done.stdout.splitlines()]
    assert [v["supported"] for v in verdicts] == [False, True, False, False]
    assert done.returncode == 3


@pytest.mark.parametrize("name", _COMMANDS)
def test_every_command_has_help(name):
    result = CliRunner().invoke(group, [name, "--help"])
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 4


def test_doctor_without_a_model_checks_the_rest():
    done = run("doctor", "--model", "none")
    assert done.returncode == 0, done.stdout
    assert "llama-cpp-python" in done.stdout


@pytest.mark.model
def test_doctor_reports_a_model_that_cannot_be_loaded(tmp_path):
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"GGUF" + b"\0" * 2000)
    done = run("doctor", "--model", path)
    assert done.returncode == 1
    assert "broken" in done.stdout


@pytest.mark.model
def test_doctor_tries_a_real_model_in_a_child():
    from tests.models import smallest_model

    done = run("doctor", "--model", smallest_model().path)
    assert done.returncode == 0, done.stdout
    assert "wrote" in done.stdout
