"""The command line: exit codes, what goes where, help."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from summarizer.cli import _COMMANDS, group
from summarizer.data import ChangeKind
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


# --- brief --since and --reference ------------------------------------------------------------

PIER_YESTERDAY = f"{PIER}A contractor from Sundholm was fined for delays in the second winter.\n"
PIER_TODAY = PIER.replace("3 million", "4 million")
FLOOD = """Floods in the Orvin valley

Published: 2031-05-06

Floods in the Orvin valley destroyed 120 houses on Monday, governor Lena Brask said.
The army sent 400 soldiers to Orvin to build dams along the river Sund.
Schools in the whole of the valley stay closed until the water has fallen again.
"""
RAIL = """Trains stop as the Orvin valley floods

Published: 2031-05-06

Rail company Sundbane cancelled 35 trains between Orvin and Tarholm because of landslides.
Governor Lena Brask said floods in the Orvin valley had destroyed 120 houses on Monday.
Passengers will have their tickets refunded at every station of the northern line.
"""


def brief_json(folder: Path, output: Path, *words: object) -> Path:
    folder.mkdir(exist_ok=True)
    done = run(
        "brief", folder, "--model", "none", "--no-verifier", "--output", output, "--max-facts", 40,
        *words,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return output / "brief.json"


@pytest.fixture
def yesterday(tmp_path: Path) -> Path:
    folder = tmp_path / "yesterday"
    folder.mkdir()
    (folder / "pier.txt").write_text(PIER_YESTERDAY)
    (folder / "flood.txt").write_text(FLOOD)
    return brief_json(folder, tmp_path / "out-yesterday")


@pytest.fixture
def today(tmp_path: Path) -> Path:
    folder = tmp_path / "today"
    folder.mkdir()
    (folder / "pier.txt").write_text(PIER_TODAY)
    (folder / "flood.txt").write_text(FLOOD)
    (folder / "rail.txt").write_text(RAIL)
    return folder


def test_brief_since_yesterday_marks_what_is_new_changed_confirmed_and_gone(
    yesterday, today, tmp_path
):
    made_file = brief_json(today, tmp_path / "out", "--since", yesterday)
    made = from_json(made_file.read_text())
    kinds = {
        claim.claim.text: fact.change.kind if fact.change else None
        for story in made.stories
        for fact in story.facts
        for claim in fact.claims
    }
    for words, kind in (
        ("Sundbane cancelled", ChangeKind.NEW),
        ("4 million crowns", ChangeKind.CHANGED),
        ("destroyed 120 houses", ChangeKind.CONFIRMED),
        ("About 900 people", None),
        ("400 soldiers", None),
    ):
        assert {kinds[text] for text in kinds if words in text} == {kind}, words
    assert made.since is not None
    assert [fact.text for fact in made.since.gone] == [PIER_YESTERDAY.splitlines()[-1]]
    assert made.since.created == from_json(yesterday.read_text()).run.created
    assert made.since.known == sum(kind is None for kind in kinds.values())
    checked = run("verify", made_file, "--articles", today)
    assert checked.returncode == 0, checked.stdout


def test_brief_of_an_older_version_is_read_as_an_earlier_brief(yesterday, today, tmp_path):
    def older(value):
        if isinstance(value, list):
            return [older(each) for each in value]
        if not isinstance(value, dict):
            return value
        new = ("storylines", "since", "reference", "change", "refines", "left_out", "updates",
               "mark", "headline_article_id")  # fmt: skip
        return {key: older(each) for key, each in value.items() if key not in new}

    made = brief_json(today, tmp_path / "one", "--since", yesterday).read_text()
    yesterday.write_text(json.dumps(older(json.loads(yesterday.read_text()))))
    again = brief_json(today, tmp_path / "two", "--since", yesterday).read_text()
    assert from_json(again).stories == from_json(made).stories
    assert from_json(again).since == from_json(made).since


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (lambda text: text[: len(text) // 2], "not JSON"),
        (lambda text: text.replace('"brief.v1"', '"brief.v0"').replace('"stories"', '"news"'),
         "brief.v0"),
        (lambda text: text.replace('"quote": "Dunmorrow', '"quote": "Tunmorrow'), "was changed"),
        (lambda text: "\udcff", "cannot be read"),
    ],
    ids=["truncated", "other schema", "other words", "no text"],
)  # fmt: skip
def test_earlier_brief_that_does_not_hold_is_an_error_in_words(damage, why, yesterday, tmp_path):
    text = yesterday.read_text()
    yesterday.write_bytes(damage(text).encode(errors="surrogateescape"))
    done = run(
        "brief", tmp_path / "yesterday", "--model", "none", "--output", tmp_path / "out",
        "--since", yesterday,
    )  # fmt: skip
    assert done.returncode == 1
    said = " ".join(done.stderr.split())
    assert why in said
    assert "summarizer brief" in said or "reads brief.v1" in said, "what to do"
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out" / "brief.json").exists()


@pytest.mark.parametrize(
    "text",
    [
        "# what it should tell\nThe pier work had cost 3 million crowns.\n\nA comet was seen.\n",
        '["The pier work had cost 3 million crowns.", "A comet was seen."]',
    ],
    ids=["lines", "json"],
)
def test_brief_says_how_much_of_a_reference_it_covers_and_at_what_length(text, folder, tmp_path):
    reference = tmp_path / "reference.txt"
    reference.write_text(text, encoding="utf-8-sig")
    done = run(
        "brief", folder, "--model", "none", "--no-verifier", "--output", tmp_path / "out",
        "--reference", reference,
    )  # fmt: skip
    made = from_json((tmp_path / "out" / "brief.json").read_text())
    assert made.reference is not None
    assert (made.reference.facts, made.reference.missing) == (2, ("A comet was seen.",))
    assert made.reference.words == sum(
        len(fact.text.split()) for story in made.stories for fact in story.facts
    )
    shown = " ".join(done.stdout.split())
    assert "of 2 reference facts (" in shown and f"%) in {made.reference.words} words" in shown


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("empty.txt", b"", "holds no fact"),
        ("comments.txt", b"# one\n\n  # two\n---\n", "holds no fact"),
        ("list.json", b"[]", "holds no fact"),
        ("list.json", b'["cut', "not JSON"),
        ("list.txt", b'["cut', "not JSON"),
        ("object.json", b'{"facts": []}', "list of strings"),
        ("numbers.json", b"[1, 2]", "list of strings"),
        ("binary.txt", b"\xff\xfe\x00", "cannot be read"),
        ("missing.txt", None, "does not exist"),
    ],
)
def test_reference_without_facts_is_wrong_usage(name, content, why, folder, tmp_path):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    result = run("brief", folder, "--model", "none", "--output", tmp_path / "out",
                 "--reference", path)  # fmt: skip
    assert result.returncode == 2
    assert why in " ".join(result.stderr.split())
    assert not (tmp_path / "out").exists()


def test_brief_keeps_to_the_words_it_is_given(folder, tmp_path):
    made = from_json(brief_json(folder, tmp_path / "out", "--max-words", 20).read_text())
    told = [fact.text for story in made.stories for fact in story.facts]
    assert 0 < sum(len(text.split()) for text in told) <= 20
    assert made.coverage.facts_left_out > 0
