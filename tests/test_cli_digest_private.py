"""`summarizer digest`: secrets, file modes, and text of others in what is shown."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from summarizer.cli import group
from summarizer.digest.config import DigestConfig
from summarizer.digest.state import State
from summarizer.digest.state.records import DeliveryState, FetchRecord
from summarizer.errors import Busy
from tests.deliveries import make_edition
from tests.states import NIGHT
from tests.test_pipeline import PIER

SECRET = "hunter2-is-secret"
HOSTILE = "\x9b31m\u202eevil\x1b]0;name\x07"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Stand in a folder with an article, where everybody may read new files."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SUMMARIZER_DIGEST", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))  # no crontab of this machine's user
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "pier.txt").write_text(PIER)
    before = os.umask(0o022)
    yield tmp_path
    os.umask(before)


def configure(here: Path, text: str = 'model = "none"') -> Path:
    path = here / "digest.toml"
    path.write_text(f'sources.folders = ["inbox"]\nverifier = false\n{text}\n')
    return path


def digest(*words: str) -> Result:
    return CliRunner().invoke(group, ["digest", *words], standalone_mode=False)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_configuration_that_init_writes_is_for_the_owner_alone(here):
    assert digest("init").exception is None
    assert mode(here / "digest.toml") == 0o600


def test_configuration_written_over_keeps_its_mode(here):
    configure(here).chmod(0o640)
    assert digest("init", "--force").exception is None
    assert mode(here / "digest.toml") == 0o640


def test_state_and_log_of_a_night_are_for_the_owner_alone(here):
    configure(here, 'model = "none"\nlog.file = "logs/digest.log"')
    assert digest("run").exception is None
    assert mode(here / "digest.sqlite3") == mode(here / "logs" / "digest.log") == 0o600


@pytest.mark.parametrize(
    ("model", "shown"),
    [
        (f"http://ada:{SECRET}@llm.example/v1", "refused: the model's address holds a user"),
        (f"http://ada:{SECRET}/x@llm.example/v1", "refused: the model's address"),
        (f"http://llm.example/v1?key={SECRET}", "refused: the address of the server llm.example"),
        ("http://llm.example/v1#m.gguf", "http://llm.example/v1#m.gguf"),
        ("none", "none"),
    ],
)
def test_dry_run_shows_a_model_without_its_password(model, shown, here):
    configure(here, f'model = "{model}"')
    out = digest("run", "--dry-run").output
    assert f"\nModel: {shown}" in out
    assert SECRET not in out


@pytest.mark.parametrize(("deadline", "shown"), [('deadline = "06:30"', "06:30"), ("", "none")])
def test_dry_run_shows_the_time_of_the_deadline(deadline, shown, here):
    configure(here, f'model = "none"\n{deadline}')
    assert f"\nDeadline: {shown}\n" in digest("run", "--dry-run").output


def test_status_for_programs_has_no_control_characters(here):
    configure(here)
    with State(here / "digest.sqlite3") as state:
        state.runs.start(NIGHT)
        url = "https://news.example/feed"
        state.fetches.note(FetchRecord(url=url, failures=3, problem=HOSTILE))
    out = digest("status", "--json").output
    assert out.isascii()
    assert out.replace("\n", "").isprintable()
    assert json.loads(out)["feeds_failing"][0]["problem"] == HOSTILE


def test_status_does_not_show_the_password_of_a_state_on_a_server(here):
    from summarizer.cli.digest import standing
    from summarizer.digest.clock import Clock

    state = f"postgresql://ada@db.example/news?password={SECRET}"
    config = DigestConfig(sources={"folders": ("/inbox",)}, state=state)
    shown = standing.standing(config, here / "digest.toml", None, Clock())
    assert shown.state == "postgresql://ada@db.example/news"


def test_digest_is_not_sent_again_while_another_machine_has_the_lock(here, monkeypatch):
    configure(here)
    with State(here / "digest.sqlite3") as state:
        state.runs.start(NIGHT)
        state.editions.add(make_edition(), (), (), {"files": "key"})
        state.deliveries.begin(1, "files", NIGHT)
        monkeypatch.setattr(State, "lock", lambda _state: False)
        done = digest("replay", "1", "--deliver", "files")
        (delivery,) = state.deliveries.of(1)
    assert isinstance(done.exception, Busy)
    assert "on another machine" in str(done.exception)
    assert (delivery.state, delivery.tries) == (DeliveryState.SENDING, 1)
    assert not (here / "briefs").exists()
