"""The nightly digest: what it asks of the model, what it writes, how cron runs it."""

from __future__ import annotations

import datetime as dt
import shlex
import sqlite3
import subprocess
import sys
from pathlib import Path

import filelock
import pytest

from summarizer.digest import cron_line, load_config, run_digest
from summarizer.digest.state import State
from summarizer.errors import Busy, ConfigError
from summarizer.render import from_json
from tests.test_pipeline import COST, PIER, TRUE, WALK, answer

MONDAY = dt.datetime(2031, 5, 5, 2, 0, tzinfo=dt.UTC)
NIGHT = dt.timedelta(days=1)
FERRY = """Ferry line closes

Published: 2031-05-06

Orvaline closed its Brackwater line on Monday because two ferries were out of order.
The company said about 1,200 passengers a week would have to take the bus.
Mayor Ilse Tarn called the closure a blow to the town of Brackwater.
A new ferry will be delivered in October, the company said.
"""


@pytest.fixture
def setting(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "pier.txt").write_text(PIER)
    path = tmp_path / "digest.toml"
    path.write_text('sources = ["inbox"]\nmodel = "none"\n')
    return path


def test_brief_is_written_under_its_date(setting):
    result = run_digest(load_config(setting), now=MONDAY)
    folder = setting.parent / "briefs"
    assert {p.name for p in folder.glob("[!.]*")} == {"2031-05-05.md", "2031-05-05.json"}
    assert from_json(result.json_file.read_text()).coverage.articles == 1


def test_model_reads_an_article_once(setting, fake_model):
    config = load_config(setting)
    fake_model.enqueue(answer(TRUE, COST, WALK))
    first = run_digest(config, model=fake_model, now=MONDAY)
    again = run_digest(config, model=fake_model, now=MONDAY + dt.timedelta(hours=1))
    assert (first.asked, again.asked) == (1, 0)
    assert again.brief.stories == first.brief.stories


def test_only_new_articles_are_read_by_the_model(setting, fake_model):
    config = load_config(setting)
    fake_model.enqueue(answer(TRUE, COST, WALK))
    run_digest(config, model=fake_model, now=MONDAY)
    (setting.parent / "inbox" / "ferry.txt").write_text(FERRY)
    fake_model.enqueue(answer((2, "About 1,200 passengers a week would have to take the bus.")))
    second = run_digest(config, model=fake_model, now=MONDAY + dt.timedelta(hours=2))
    assert (second.new_articles, second.asked) == (1, 1)
    assert second.brief.coverage.articles == 2


def test_articles_older_than_the_window_are_left_out(setting):
    config = load_config(setting)
    run_digest(config, now=MONDAY)
    (setting.parent / "inbox" / "ferry.txt").write_text(FERRY)
    later = run_digest(config, now=MONDAY + 2 * NIGHT)
    assert [source.source for source in later.brief.sources] == ["ferry.txt"]


def test_another_model_makes_what_the_first_said_stale(setting, fake_models):
    config = load_config(setting)
    for name in ("fake-1b", "fake-3b"):
        model = fake_models(name=name)
        model.enqueue(answer(TRUE, COST, WALK))
        assert run_digest(config, model=model, now=MONDAY).asked == 1


def test_extraction_is_kept_before_the_next_article_starts(setting, fake_model):
    (setting.parent / "inbox" / "zferry.txt").write_text(FERRY)
    config = load_config(setting)
    fake_model.enqueue(answer(TRUE, COST, WALK))
    fake_model.enqueue(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        run_digest(config, model=fake_model, now=MONDAY)
    fake_model.enqueue(answer((2, "About 1,200 passengers a week would have to take the bus.")))
    assert run_digest(config, model=fake_model, now=MONDAY).asked == 1


def test_article_the_model_failed_on_is_tried_again_next_night(setting, fake_model):
    config = load_config(setting)
    for _ in range(3):
        fake_model.enqueue("{")
    first = run_digest(config, model=fake_model, now=MONDAY)
    assert first.brief.coverage.facts > 0
    fake_model.enqueue(answer(TRUE, COST, WALK))
    assert run_digest(config, model=fake_model, now=MONDAY).asked == 1


def test_second_digest_at_the_same_time_is_refused(setting):
    config = load_config(setting)
    with filelock.FileLock(f"{config.state}.lock"), pytest.raises(Busy):
        run_digest(config, now=MONDAY)


def test_damaged_state_is_an_error_that_says_what_to_do(setting):
    config = load_config(setting)
    config.state.write_bytes(b"this is no database" * 100)
    with pytest.raises(ConfigError, match="cannot use the state") as caught:
        run_digest(config, now=MONDAY)
    assert "move it away" in caught.value.hint


def test_state_of_a_newer_version_is_refused(setting):
    path = setting.parent / "state.sqlite3"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(ConfigError, match="newer version"):
        State(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('sourcs = ["inbox"]', "did you mean sources"),
        ("sources = []", "sources"),
        ('sources = ["inbox"]\nat = "25:00"', "at"),
        ('sources = ["inbox"]\nwindow_days = 0', "window_days"),
        ("sources = [", "not TOML"),
    ],
)
def test_wrong_config_is_an_error_that_names_the_key(setting, text, message):
    setting.write_text(text)
    with pytest.raises(ConfigError, match=message):
        load_config(setting)


def test_source_that_does_not_exist_is_an_error_and_writes_nothing(setting):
    setting.write_text('sources = ["nowhere"]\nmodel = "none"\n')
    with pytest.raises(ConfigError, match="nowhere"):
        run_digest(load_config(setting), now=MONDAY)
    assert not (setting.parent / "briefs").exists()


def test_globs_are_expanded(setting):
    (setting.parent / "inbox" / "notes.md").write_text(FERRY)
    setting.write_text('sources = ["inbox/*.md"]\nmodel = "none"\n')
    result = run_digest(load_config(setting), now=MONDAY)
    assert [source.source for source in result.brief.sources] == ["notes.md"]


def test_cron_line_runs_in_an_empty_environment(setting):
    """As cron runs it: no PATH, no HOME, another folder, through sh."""
    folder = setting.parent / "100% odd 'name'"
    setting.parent.joinpath("inbox").rename(setting.parent / "box")
    folder.mkdir()
    path = folder / "digest.toml"
    path.write_text('sources = ["../box"]\nmodel = "none"\nat = "05:07"\nstate = "new/s.db"\n')
    line = cron_line(load_config(path), path)
    fields = line.split(" ", 5)
    assert fields[:5] == ["7", "5", "*", "*", "*"]
    command = fields[5].replace(r"\%", "%")  # what cron does to the line
    done = subprocess.run(
        ["env", "-i", "/bin/sh", "-c", command], cwd="/", capture_output=True, text=True
    )
    log = (folder / "new" / "s.log").read_text()
    assert done.returncode == 0, log
    assert (done.stdout, done.stderr) == ("", "")
    assert [p.suffix for p in sorted((folder / "briefs").glob("[!.]*"))] == [".json", ".md"]
    assert "1 articles (1 new" in log


def test_cron_option_prints_the_line_only(setting):
    words = [sys.executable, "-m", "summarizer", "digest", str(setting), "--cron"]
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 0
    assert done.stdout.startswith("0 2 * * * ")
    assert any(w.startswith("SUMMARIZER_CACHE=") for w in shlex.split(done.stdout))
    assert not (setting.parent / "briefs").exists()
