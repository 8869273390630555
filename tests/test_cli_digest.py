"""`summarizer digest`: subcommands, exit codes, what goes where."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import summarizer.digest.plan
import summarizer.digest.replay
import summarizer.digest.run
from summarizer.cli import main
from summarizer.data import SkippedArticle, SkipReason
from summarizer.digest.config import load_config
from summarizer.digest.lock import instance_lock
from summarizer.digest.plan import Plan, PlannedArticle
from summarizer.digest.replay import Replay
from summarizer.digest.run import DigestResult
from summarizer.digest.state import State, tables
from summarizer.digest.state.records import (
    Delivery,
    DeliveryState,
    Edition,
    EditionInputs,
    FetchRecord,
    Outcome,
    RunRecord,
)
from summarizer.errors import Busy, SummarizerError
from summarizer.pipeline import OnProgress, Progress
from summarizer.render import from_json
from summarizer.render.page.data import read_page
from tests.conftest import make_brief, make_rejected
from tests.test_pipeline import PIER

STARTED = dt.datetime(2031, 5, 6, 2, 0, tzinfo=dt.UTC)
FERRY = """Ferry line closes

Published: 2031-05-06

Orvaline closed its Brackwater line on Monday because two ferries were out of order.
The company said about 1,200 passengers a week would have to take the bus.
Mayor Ilse Tarn called the closure a blow to the town of Brackwater.
A new ferry will be delivered in October, the company said.
"""


class Done(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def log(self) -> list[dict[str, Any]]:
        """The lines of the log on standard error; fails if one is no JSON."""
        return [json.loads(line) for line in self.err.splitlines()]


Digest = Callable[..., Done]


@pytest.fixture
def digest(monkeypatch, capsys) -> Digest:
    """Run `summarizer digest …` in this process, as its entry point does."""

    def call(*words: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["summarizer", "digest", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code
        out, err = capsys.readouterr()
        return Done(code if isinstance(code, int) else 0, out, err)

    return call


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with an article and a digest.toml that asks no model."""
    monkeypatch.chdir(tmp_path)
    for variable in ("SUMMARIZER_DIGEST", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))  # no crontab of this machine's user
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "pier.txt").write_text(PIER)
    write_config(tmp_path / "digest.toml")
    return tmp_path


def write_config(path: Path, extra: str = "") -> Path:
    text = 'model = "none"\nverifier = false\n' + extra + '\n[sources]\nfolders = ["inbox"]\n'
    path.write_text(text)
    return path


def make_run(**changes: Any) -> RunRecord:
    run = RunRecord(
        number=17,
        id="20310506T020000Z-17",
        started=STARTED,
        ended=STARTED + dt.timedelta(seconds=90),
        outcome=Outcome.DONE,
        edition=3,
        counts={"articles": 2, "asked": 1, "seconds": 90.0},
    )
    return run.model_copy(update=changes)


class FakeRun:
    """Stands for run_digest: keeps what it was given, and returns or raises what it was told."""

    def __init__(self, outcome: DigestResult | BaseException) -> None:
        self.outcome = outcome
        self.config: Any = None
        self.options: dict[str, Any] = {}

    def __call__(self, config: Any, **options: Any) -> DigestResult:
        self.config, self.options = config, options
        if isinstance(self.outcome, BaseException):
            raise self.outcome
        return self.outcome


@pytest.fixture
def fake_run(monkeypatch) -> Callable[[DigestResult | BaseException], FakeRun]:
    def make(outcome: DigestResult | BaseException) -> FakeRun:
        fake = FakeRun(outcome)
        monkeypatch.setattr(summarizer.digest.run, "run_digest", fake)
        return fake

    return make


def told(*skipped: SkippedArticle, **changes: Any) -> DigestResult:
    brief = make_brief(skipped=skipped).model_copy(update={"edition": "2031-05-06"})
    result = DigestResult(run=make_run(), brief=brief, skipped=skipped)
    return result.model_copy(update=changes)


# --- which command is meant -------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [(), ("digest.toml",), ("run",), ("run", "digest.toml"), ("-c", "digest.toml"), ("--wait",)],
    ids=str,
)
def test_run_is_meant_where_no_command_is_named(digest, fake_run, here, words):
    fake = fake_run(told())
    assert digest(*words).code == 0
    assert fake.config.state_path.parent == here


def test_file_that_the_environment_names_is_found(digest, fake_run, here, monkeypatch):
    other = write_config(here / "other.toml", "seed = 5")
    monkeypatch.setenv("SUMMARIZER_DIGEST", str(other))
    fake = fake_run(told())
    digest()
    assert fake.config.seed == 5


def test_misspelt_command_is_answered_with_the_nearest_one(digest, fake_run):
    fake = fake_run(told())
    done = digest("statsu")
    assert (done.code, fake.config) == (2, None)
    assert "Did you mean status?" in done.err


@pytest.mark.parametrize(
    "words",
    [
        ("nowhere.toml",),
        ("run", "digest.toml", "-c", "digest.toml"),
        ("run", "--nonsense"),
        ("schedule",),
        ("schedule", "--cron", "--install", "--remove"),
        ("history", "--limit", "0"),
        ("show", "--format", "pdf"),
        ("replay",),
    ],
    ids=str,
)
def test_wrong_usage_is_exit_code_two_in_words(digest, fake_run, words):
    fake_run(told())
    done = digest(*words)
    assert (done.code, done.out) == (2, "")
    assert done.err.strip() and "Traceback" not in done.err


@pytest.mark.parametrize("command", ["run", "status", "history", "show", "replay", "schedule"])
def test_without_a_configuration_init_is_offered(digest, here, command):
    (here / "digest.toml").unlink()
    done = digest(command, *(["1"] if command == "replay" else []), *_flags(command))
    assert done.code == 2
    assert "summarizer digest init" in done.err


def _flags(command: str) -> list[str]:
    return ["--cron"] if command == "schedule" else []


@pytest.mark.parametrize(
    "command", ["", "run", "init", "status", "history", "show", "replay", "schedule"]
)
def test_help_has_examples_and_loads_neither_the_database_nor_the_log(command):
    code = (
        "import sys; from summarizer.cli import group\n"
        "try: group.main(['digest', *sys.argv[1:], '--help'])\n"
        "finally: print('LOADED', *{'sqlalchemy', 'structlog', 'llama_cpp'} & set(sys.modules))"
    )
    words = [sys.executable, "-c", code, *([command] if command else [])]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert "Examples:\n    summarizer digest" in done.stdout
    assert done.stdout.splitlines()[-1] == "LOADED"


# --- run ---------------------------------------------------------------------------------------


def test_result_goes_to_standard_output_and_the_log_to_standard_error(digest, fake_run):
    fake_run(told())
    done = digest()
    assert done.out.startswith("Digest of 2031-05-06: ")
    assert [line["event"] for line in done.log] == ["run ended"]


def test_last_line_of_the_log_has_all_counts_and_seconds(digest, fake_run):
    fake_run(told())
    (line,) = digest().log
    assert line == {
        "timestamp": "2031-05-06T02:01:30+00:00",
        "level": "info",
        "event": "run ended",
        "run": "20310506T020000Z-17",
        "outcome": "done",
        "edition": 3,
        "articles": 2,
        "asked": 1,
        "seconds": 90.0,
    }


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (SkipReason.UNREACHABLE, 3),
        (SkipReason.EMPTY, 3),
        (SkipReason.DUPLICATE, 0),
        (SkipReason.OLD, 0),
    ],
)
def test_exit_code_three_tells_that_sources_were_lost(digest, fake_run, reason, code):
    fake_run(told(SkippedArticle(source="feed", reason=reason, detail="?")))
    assert digest().code == code


def test_source_lost_on_a_night_without_news_is_told_too(digest, fake_run):
    feed = SkippedArticle(source="feed", reason=SkipReason.UNREACHABLE, detail="?")
    run = make_run(outcome=Outcome.NOTHING_NEW, edition=None)
    fake_run(DigestResult(run=run, skipped=(feed,)))
    assert digest().code == 3


def test_nothing_new_is_a_success(digest, fake_run):
    fake_run(DigestResult(run=make_run(outcome=Outcome.NOTHING_NEW, edition=None)))
    done = digest()
    assert (done.code, done.out) == (0, "Nothing new.\n")


def test_another_digest_running_is_one_line_and_exit_code_zero(digest, fake_run):
    fake_run(Busy("another digest is running (process 5 on host, since 02:00)"))
    done = digest()
    assert (done.code, done.out) == (0, "")
    (line,) = done.log
    assert line["event"].startswith("another digest is running (process 5")


def test_interrupted_run_says_that_nothing_is_lost(digest, fake_run):
    fake_run(KeyboardInterrupt())
    done = digest()
    assert done.code == 130
    assert "What was done is kept; the next run goes on." in done.err


def test_failure_is_a_line_of_the_log_with_the_hint(digest, fake_run):
    fake_run(SummarizerError("the disk is full", hint="Make room."))
    done = digest()
    (line,) = done.log
    assert (done.code, line["level"]) == (1, "error")
    assert (line["event"], line["hint"]) == ("the disk is full", "Make room.")


def test_failure_is_in_plain_words_on_a_terminal(digest, fake_run, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    fake_run(SummarizerError("the disk is full", hint="Make room."))
    done = digest()
    assert done.code == 1
    assert "the disk is full\nMake room.\n" in done.err


def test_options_reach_the_run(digest, fake_run, here):
    fake = fake_run(told())
    (here / "other").mkdir()
    write_config(here / "other" / "digest.toml")
    digest("other/digest.toml", "--wait", "--model", "mine.gguf")
    assert fake.options["wait"] is True
    assert fake.config.model == str(here / "mine.gguf")  # not beside the configuration


def test_progress_does_not_come_between_the_lines_of_the_log(digest, monkeypatch):
    def run(_config: object, *, on_progress: OnProgress, **_options: object) -> DigestResult:
        on_progress(Progress(stage="extract", done=1, total=2, what="pier.txt"))
        return told()

    monkeypatch.setattr(summarizer.digest.run, "run_digest", run)
    assert [line["event"] for line in digest().log] == ["run ended"]


def test_waiting_is_told_once_it_begins(digest, fake_run):
    fake = fake_run(told())
    digest("--wait")
    fake.options["on_wait"](None)  # must not fail after the end, either


def test_quiet_run_says_nothing_when_all_is_well(digest, fake_run):
    fake_run(told())
    assert digest("--quiet") == Done(0, "", "")


def test_text_of_articles_is_harmless_on_the_terminal(digest, fake_run):
    failed = Delivery(
        edition=3, channel="email", state=DeliveryState.FAILED, detail="\x1b[31mno\x1b[0m\n[bold]"
    )
    fake_run(told(deliveries=(failed,)))
    assert "Delivery by email: failed: no [bold]\n" in digest().out


@pytest.fixture
def fake_plan(monkeypatch) -> Callable[..., None]:
    def make(**changes: Any) -> None:
        plan = Plan(
            new=(PlannedArticle(source="inbox/pier.txt", title="Pier\x1b[2J reopens"),),
            known=4,
            untold=0,
            skipped=(),
            model="auto",
            deadline="06:30",
            channels=("files", "email"),
            edition="2031-05-06",
        ).model_copy(update=changes)
        monkeypatch.setattr(summarizer.digest.plan, "plan_digest", lambda *_given, **_more: plan)

    return make


def test_dry_run_says_what_would_be_done(digest, fake_run, fake_plan):
    fake = fake_run(told())
    fake_plan()
    done = digest("--dry-run")
    assert (done.code, fake.config) == (0, None)
    assert done.out.splitlines() == [
        "Digest 2031-05-06 would tell 1 new article (4 known already)",
        "  inbox/pier.txt: Pier reopens",
        "Model: auto",
        "Deadline: 06:30",
        "Deliveries: files, email",
        "Nothing was written, asked of the model or sent.",
    ]


def test_dry_run_of_failing_sources_is_exit_code_three(digest, fake_plan):
    gone = SkippedArticle(source="feed", reason=SkipReason.UNREACHABLE, detail="no answer")
    fake_plan(skipped=(gone,), edition="", new=())
    done = digest("--dry-run")
    assert done.code == 3
    assert "Nothing new" in done.out and "no answer" in done.out


def test_request_to_end_closes_the_run_as_an_interrupt(digest, monkeypatch):
    def asked_to_end(*_given: object, **_options: object) -> DigestResult:
        os.kill(os.getpid(), signal.SIGTERM)
        raise AssertionError("it went on")

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(summarizer.digest.run, "run_digest", asked_to_end)
    assert digest().code == 130
    assert signal.getsignal(signal.SIGTERM) == before


# --- init --------------------------------------------------------------------------------------


def test_init_writes_a_configuration_that_loads_and_says_what_is_next(digest, here):
    (here / "digest.toml").unlink()
    done = digest("init")
    assert done.code == 0
    assert "summarizer digest run --dry-run" in done.out
    load_config(here / "digest.toml")


def test_init_into_a_folder_names_the_file_in_what_is_next(digest, here):
    (here / "my news").mkdir()
    done = digest("init", "my news")
    assert "summarizer digest run 'my news/digest.toml' --dry-run" in done.out
    assert (here / "my news" / "digest.toml").is_file()


def test_init_leaves_a_file_alone_unless_forced(digest, here):
    before = (here / "digest.toml").read_text()
    done = digest("init")
    assert done.code == 2 and "--force" in done.err
    assert (here / "digest.toml").read_text() == before
    assert digest("init", "--force").code == 0
    assert (here / "digest.toml").read_text() != before


# --- status, history, show: of a state that was filled by hand ----------------------------------


@pytest.fixture
def state(here):
    with State(here / "digest.sqlite3") as state:
        yield state


@pytest.fixture
def at(monkeypatch) -> Callable[[dt.datetime], None]:
    """Set the clock that status looks at."""

    def set_to(moment: dt.datetime) -> None:
        monkeypatch.setattr("summarizer.digest.clock.Clock.now", lambda _clock: moment)

    return set_to


def ended_run(state: State, outcome: Outcome, *, hours: float = 0, **more: Any) -> RunRecord:
    started = STARTED + dt.timedelta(hours=hours)
    run = state.runs.start(started)
    state.runs.end(run.number, outcome, started + dt.timedelta(seconds=90), **more)
    return run


def add_edition(state: State, run: int, name: str, **channels: str) -> Edition:
    brief = make_brief(rejected=(make_rejected(),)).model_copy(update={"edition": name})
    edition = Edition(
        number=state.editions.next_number(),
        name=name,
        run=run,
        created=STARTED,
        inputs=EditionInputs(fresh=()),
        brief=brief,
    )
    state.editions.add(edition, (), (), channels)
    return edition


def test_status_before_the_first_run_is_no_error(digest):
    done = digest("status")
    assert done.code == 0
    assert "Last run: none yet" in done.out
    assert digest("status", "--check").code == 1


def test_status_tells_the_last_run_and_the_last_success(digest, state, at):
    ended_run(state, Outcome.DONE, counts={"seconds": 90.0})
    ended_run(state, Outcome.FAILED, hours=24, detail="the feed \x1b[31mbroke")
    at(STARTED + dt.timedelta(hours=30))
    done = digest("status", "--check")
    assert done.code == 1
    assert "Attention: the last run failed" in done.out
    assert "failed: the feed broke" in done.out
    assert "30 h ago" in done.out
    assert digest("status").code == 0


@pytest.mark.parametrize(
    ("hours", "code"), [(30, 0), (36.1, 1), (-5, 0)], ids=["fresh", "stale", "clock-set-back"]
)
def test_check_complains_when_the_last_success_is_old(digest, state, at, hours, code):
    ended_run(state, Outcome.NOTHING_NEW)
    at(STARTED + dt.timedelta(hours=hours))
    assert digest("status", "--check").code == code


def test_run_that_was_killed_is_told_from_one_that_is_running(digest, state, here):
    state.runs.start(STARTED)
    assert "was killed; the next run goes on from there" in digest("status").out
    info = load_config(here / "digest.toml").lock_path.with_name("digest.sqlite3.lock.info")
    with instance_lock(info.with_suffix("")):
        assert info.exists()
        assert "is running" in digest("status").out


def test_status_lists_failing_feeds_and_deliveries_with_what_to_do(digest, state, at):
    run = ended_run(state, Outcome.DONE)
    edition = add_edition(state, run.number, "2031-05-06", email="k1", hook="k2", files="k3")
    for channel, end in (("email", DeliveryState.FAILED), ("hook", DeliveryState.UNKNOWN)):
        state.deliveries.begin(edition.number, channel, STARTED)
        state.deliveries.end(edition.number, channel, end, STARTED, "no\x1b[2J answer")
    state.fetches.note(FetchRecord(url="https://a.example/feed", failures=3, problem="timed out"))
    at(STARTED)
    out = digest("status").out
    assert "Failing: https://a.example/feed: timed out\n  3 times in a row, never read" in out
    assert "2031-05-06 by email failed: no answer\n  The next run tries again" in out
    assert f"`summarizer digest replay {run.number} --deliver hook`" in out
    assert "2031-05-06 by files pending" in out
    assert "Attention: the delivery by email fails" in out
    assert "delivery by hook fails" not in out


def test_status_for_programs_is_one_json_object(digest, state, at):
    ended_run(state, Outcome.DONE)
    at(STARTED + dt.timedelta(hours=48))
    done = digest("status", "--json", "--check")
    told = json.loads(done.out)
    assert done.code == 1
    assert told["last_run"]["outcome"] == "done"
    assert told["problems"] == ["the last success is more than 36 h ago"]


def test_status_names_the_next_run_only_where_one_is_scheduled(digest, at, monkeypatch):
    at(dt.datetime(2031, 5, 6, 12, 0).astimezone())
    assert "Next run: not scheduled" in digest("status").out
    monkeypatch.setattr("summarizer.cli.digest.standing.installed", lambda _path: ("cron",))
    assert "Next run: 2031-05-07 02:00 by cron" in digest("status").out
    at(dt.datetime(2031, 5, 6, 1, 59).astimezone())
    assert "Next run: 2031-05-06 02:00 by cron" in digest("status").out


def test_reading_commands_change_nothing(digest, state, here):
    run = ended_run(state, Outcome.DONE)
    add_edition(state, run.number, "2031-05-06")
    state.close()
    before = (here / "digest.sqlite3").read_bytes()
    for words in (["status"], ["history"], ["show"], ["history", "--run", "1"]):
        assert digest(*words).code == 0
    assert (here / "digest.sqlite3").read_bytes() == before


def test_history_is_a_table_with_the_latest_run_first(digest, state):
    run = state.runs.start(STARTED)
    add_edition(state, run.number, "2031-05-06.2")
    counts = {"seconds": 12.34, "articles": 20.0, "asked": 3.0, "rejected": 0.0}
    state.runs.end(run.number, Outcome.DONE, STARTED, edition=1, counts=counts)
    ended_run(state, Outcome.NOTHING_NEW, hours=24)
    head, latest, first = digest("history").out.splitlines()
    assert head.split()[:5] == ["run", "started", "seconds", "outcome", "edition"]
    assert latest.split()[0] == "2" and "nothing new" in latest and "90.0" in latest
    assert first.split()[3:] == ["12.3", "done", "2031-05-06.2", "20", "3", "0"]
    assert len(digest("history", "--limit", "1").out.splitlines()) == 2


def test_history_of_a_run_lists_its_events(digest, state):
    run = state.runs.start(STARTED)
    state.runs.note(run.number, "warning", "feed failed", {"url": "a\x1b[2Jb"}, STARTED)
    out = digest("history", "--run", "1").out
    assert "warning" in out and "feed failed" in out and "url=ab" in out
    assert out == digest("history", "--run", run.id).out


def test_history_for_programs(digest, state):
    run = state.runs.start(STARTED)
    state.runs.note(run.number, "info", "article added", {"n": 1}, STARTED)
    assert json.loads(digest("history", "--json").out)["runs"][0]["id"] == run.id
    told = json.loads(digest("history", "--json", "--run", "1").out)
    assert (told["run"]["number"], told["events"][0]["fields"]) == (1, {"n": 1})


def test_unknown_run_is_an_error_in_words(digest, state):
    done = digest("history", "--run", "9")
    assert done.code == 2 and "there is no run 9" in done.err


@pytest.mark.parametrize("command", ["history", "show"])
def test_reading_before_the_first_run_says_so(digest, command):
    done = digest(command)
    assert done.code == 2
    assert "no digest was run yet" in done.err


@pytest.mark.parametrize(
    ("which", "name"),
    [
        ((), "2031-05-07"),
        (("latest",), "2031-05-07"),
        (("2031-05-06.2",), "2031-05-06.2"),
        (("1",), "2031-05-06"),
    ],
    ids=str,
)
def test_digest_is_shown_by_date_by_number_or_the_latest(digest, state, which, name):
    run = ended_run(state, Outcome.DONE)
    for edition in ("2031-05-06", "2031-05-06.2", "2031-05-07"):
        add_edition(state, run.number, edition)
    assert from_json(digest("show", *which, "--format", "json").out).edition == name


def test_unknown_digest_is_answered_with_the_nearest(digest, state):
    run = ended_run(state, Outcome.DONE)
    for day in range(10, 20):
        add_edition(state, run.number, f"2031-05-{day}")
    done = digest("show", "2031-06-17")
    assert done.code == 2
    assert "there is no digest 2031-06-17" in done.err and "2031-05-17" in done.err


def test_other_digests_of_the_day_are_mentioned(digest, state):
    run = ended_run(state, Outcome.DONE)
    for edition in ("2031-05-06", "2031-05-06.2", "2031-05-07"):
        add_edition(state, run.number, edition)
    assert "Of the same day: 2031-05-06.2\n" in digest("show", "2031-05-06").err


@pytest.mark.parametrize(
    ("form", "start"), [("markdown", "# Digest of"), ("html", "<!"), ("json", "{")]
)
def test_forms_of_a_digest(digest, state, form, start):
    run = ended_run(state, Outcome.DONE)
    add_edition(state, run.number, "2031-05-06")
    done = digest("show", "--format", form)
    assert done.out.startswith(start)
    assert "Velmora" in done.out


@pytest.mark.parametrize("embeds", [True, False])
def test_page_that_is_shown_holds_articles_as_the_output_does(digest, here, embeds):
    write_config(here / "digest.toml", "" if embeds else "output.embed_articles = false\n")
    assert digest().code == 0
    (written,) = (here / "briefs").glob("[!.]*.html")
    shown = digest("show", "--format", "html").out
    assert shown == written.read_text()
    data, _ = read_page(shown)
    assert [article is not None for article in data.articles] == [embeds]


def test_damage_is_told_beside_the_page_that_is_shown(digest, here):
    assert digest().code == 0
    with State(here / "digest.sqlite3") as state, state._db.write() as connection:
        connection.execute(tables.bodies.update().values(body=b"\x01damaged"))
    (written,) = (here / "briefs").glob("[!.]*.html")
    for there in (True, False):
        done = digest("show", "--format", "html")
        assert (done.code, [bool(one) for one in read_page(done.out)[0].articles]) == (0, [there])
        assert "Warning: the state holds a damaged article" in done.err
        written.unlink(missing_ok=True)


def test_rejected_claims_are_listed_with_the_reason(digest, state):
    run = ended_run(state, Outcome.DONE)
    add_edition(state, run.number, "2031-05-06")
    rejected = "The bridge cost 900 million crowns."
    assert rejected not in digest("show").out
    out = digest("show", "--rejected").out
    assert rejected in out and "wrong number: 900 is not in the evidence" in out


# --- schedule ----------------------------------------------------------------------------------


def test_cron_line_is_printed_only(digest, here):
    done = digest("schedule", "--cron")
    assert (done.code, done.out.count("\n")) == (0, 1)
    assert done.out.startswith("0 2 * * * ")
    assert "digest run" in done.out and str(here / "digest.toml") in done.out


CRONTAB = """#!/bin/sh
case "$1" in
  -l) if [ -f "$0.tab" ]; then /bin/cat "$0.tab"; else echo "no crontab for user" >&2; exit 1; fi;;
  -) /bin/cat > "$0.tab";;
esac
"""


@pytest.fixture
def crontab(here: Path) -> Path:
    """Put a crontab program of our own on the PATH; return the table that it keeps."""
    (here / "bin").mkdir()
    program = here / "bin" / "crontab"
    program.write_text(CRONTAB)
    program.chmod(0o755)
    return here / "bin" / "crontab.tab"


def test_entry_is_installed_shown_by_status_and_removed(digest, crontab):
    line = digest("schedule", "--cron").out
    done = digest("schedule", "--cron", "--install")
    assert done.code == 0 and done.out.endswith(line)
    assert crontab.read_text().count(line) == 1
    assert "by cron" in digest("status").out
    assert digest("schedule", "--cron", "--remove").out == "The crontab entry is gone.\n"
    assert line not in crontab.read_text()
    assert "There was no crontab entry" in digest("schedule", "--cron", "--remove").out


def test_install_without_the_program_is_an_error_in_words(digest):
    done = digest("schedule", "--cron", "--install")
    assert done.code == 2
    assert "cron" in done.err and "Traceback" not in done.err


def test_units_are_printed_with_their_names(digest):
    out = digest("schedule", "--systemd").out
    assert ".service\n" in out and ".timer\n" in out and "OnCalendar=" in out


# --- replay ------------------------------------------------------------------------------------


def test_replay_that_differs_says_where_and_exits_with_one(digest, state, monkeypatch):
    run = ended_run(state, Outcome.DONE)
    edition = add_edition(state, run.number, "2031-05-06")
    again = Replay(
        edition=edition, brief=edition.brief, same=False, differences=("stories: 1, 2 now",)
    )
    monkeypatch.setattr(summarizer.digest.replay, "replay", lambda *_given: again)
    done = digest("replay", "1")
    assert done.code == 1
    assert done.out.endswith("it differs.\n  stories: 1, 2 now\n")


def test_digest_of_a_run_is_sent_again_on_request(digest, state, here):
    run = state.runs.start(STARTED)  # killed after it made its edition: it names none
    add_edition(state, run.number, "2031-05-06", files="key")
    done = digest("replay", "1", "--deliver", "files")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Delivery by files: sent")
    assert (here / "briefs" / "2031-05-06.md").exists()
    assert [one.state for one in state.deliveries.of(1)] == [DeliveryState.SENT]


def test_unknown_channel_or_a_run_without_a_digest_is_an_error_in_words(digest, state):
    run = ended_run(state, Outcome.DONE)
    add_edition(state, run.number, "2031-05-06")
    ended_run(state, Outcome.NOTHING_NEW)
    for words, expected in (
        (("1", "--deliver", "pigeon"), "pigeon"),
        (("2", "--deliver", "files"), "run 2 made no digest: nothing new"),
        (("2",), "run 2 made no digest"),
        (("3",), "there is no run 3"),
    ):
        done = digest("replay", *words)
        assert (done.code, done.out) == (2, "") and expected in done.err


def test_nothing_is_sent_again_while_a_digest_is_running(digest, state, here):
    run = ended_run(state, Outcome.DONE)
    add_edition(state, run.number, "2031-05-06")
    with instance_lock(load_config(here / "digest.toml").lock_path):
        done = digest("replay", "1", "--deliver", "files")
    assert done.code == 1 and "another digest is running" in done.err


# --- the whole thing ---------------------------------------------------------------------------


def test_night_from_the_folder_to_the_replay(digest, here):
    first = digest()
    assert first.code == 0, first.err
    assert "1 new article" in first.out
    assert [line["event"] for line in first.log].count("run ended") == 1
    assert len({line["run"] for line in first.log}) == 1
    (here / "inbox" / "ferry.txt").write_text(FERRY)
    assert "would tell 1 new article" in digest("--dry-run").out
    second = digest("-v")
    assert second.code == 0, second.err
    assert digest().out == "Nothing new.\n"
    assert "Ferry" in digest("show").out
    done = digest("replay", "2", "--output", "again")
    assert (done.code, done.out.splitlines()[0].endswith("made again: the same.")) == (0, True)
    assert {path.suffix for path in (here / "again").glob("[!.]*")} == {".md", ".html", ".json"}
    (markdown,), (page,) = (list((here / "again").glob(f"[!.]*.{end}")) for end in ("md", "html"))
    assert f"]: {page.name}#source-1-s1\n" in markdown.read_text()
    assert all(read_page(page.read_text())[0].articles)
    assert len(digest("history").out.splitlines()) == 4


def test_log_file_has_every_line_and_standard_error_too(digest, here):
    write_config(here / "digest.toml", 'log.file = "logs/digest.log"\n')
    done = digest()
    lines = (here / "logs" / "digest.log").read_text().splitlines()
    assert [json.loads(line) for line in lines] == done.log


def test_line_comes_once_where_cron_appends_both_streams_to_the_log_file(here):
    write_config(here / "digest.toml", 'log.file = "digest.log"\n')
    with (here / "digest.log").open("a") as log:
        done = subprocess.run(
            [sys.executable, "-m", "summarizer", "digest"], stdout=log, stderr=log, timeout=100
        )
    assert done.returncode == 0
    # Each line is JSON: the result, for people, is left out where it would stand among them.
    told = [json.loads(line) for line in (here / "digest.log").read_text().splitlines()]
    assert [line["event"] for line in told].count("run ended") == 1
