"""A night of the digest: what it asks of the model, what it tells, what it survives."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from summarizer.cli import group
from summarizer.data import Article, ChangeKind, StoryMemory, StoryStatus, Writer
from summarizer.digest.budget import Budget
from summarizer.digest.config import DigestConfig, load_config
from summarizer.digest.journal import Entry
from summarizer.digest.lock import instance_lock
from summarizer.digest.plan import plan_digest
from summarizer.digest.replay import replay
from summarizer.digest.run import DigestResult, run_digest
from summarizer.digest.state import State
from summarizer.digest.state.records import DeliveryState, Outcome
from summarizer.errors import Busy, ConfigError, ModelUnavailable
from summarizer.read import read_articles
from summarizer.render import from_json
from summarizer.verify import verify_brief
from summarizer.verify.page import verify_page
from tests.conftest import FakeModel
from tests.nights import Nights, texts, told
from tests.test_pipeline import COST, PIER, TRUE, WALK, answer

FERRY = """Ferry line closes

Published: 2031-05-06

Orvaline closed its Brackwater line on Monday because two ferries were out of order.
The company said about 1,200 passengers a week would have to take the bus.
Mayor Ilse Tarn called the closure a blow to the town of Brackwater.
A new ferry will be delivered in October, the company said.
"""
BUS = (2, "About 1,200 passengers a week would have to take the bus.")
CLOSED = (1, "Orvaline closed its Brackwater line on Monday.")
OCTOBER = (4, "A new ferry will be delivered in October.")
PIER_LATER = """Dunmorrow pier draws crowds

Published: 2031-05-07

Dunmorrow pier reopened on Tuesday after 14 repairs, the harbour office said.
Mayor Ilse Tarn said the work had cost 4 million crowns and taken two winters.
Two brass bands played on the pier until midnight on its second day.
A kiosk on the pier sold 800 portions of fried fish, its owner Bo Lund said.
"""
COST_LATER = (2, "Mayor Ilse Tarn said the work had cost 4 million crowns.")
FISH = (4, "A kiosk on the pier sold 800 portions of fried fish.")


@pytest.fixture
def clock() -> Nights:
    return Nights(dt.datetime(2031, 5, 5, 2, 0, tzinfo=dt.UTC))


@pytest.fixture
def setting(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "pier.txt").write_text(PIER)
    path = tmp_path / "digest.toml"
    path.write_text('model = "none"\nverifier = false\n[sources]\nfolders = ["inbox"]\n')
    return path


@pytest.fixture
def config(setting: Path) -> DigestConfig:
    return load_config(setting)


def add(config: DigestConfig, name: str, text: str) -> None:
    (Path(config.sources.folders[0]) / name).write_text(text)


def memory_of(result: DigestResult) -> StoryMemory:
    """Return the memory of the one story of a run."""
    (story,) = told(result).stories
    assert story.memory is not None
    return story.memory


def articles_of(config: DigestConfig) -> dict[str, Article]:
    found = read_articles([Path(config.sources.folders[0])])
    return {one.id: one for one in found if isinstance(one, Article)}


# --- editions ---------------------------------------------------------------------------------


def test_edition_is_written_under_its_date(config, clock):
    result = run_digest(config, clock=clock)
    names = {path.name for path in config.output.folder.glob("[!.]*")}
    assert names == {f"2031-05-05.{kind}" for kind in ("md", "html", "json")}
    stored = from_json((config.output.folder / "2031-05-05.json").read_text())
    assert stored == told(result)
    assert stored.edition == "2031-05-05"
    assert "# Digest of 2031-05-05" in (config.output.folder / "2031-05-05.md").read_text()


def test_page_of_an_edition_proves_itself_and_the_markdown_leads_into_it(config, clock):
    run_digest(config, clock=clock)
    folder = config.output.folder
    report = verify_page((folder / "2031-05-05.html").read_text())
    assert (report.problems, len(report.embedded), report.compared) == ([], 1, True)
    assert "]: 2031-05-05.html#source-1-s1\n" in (folder / "2031-05-05.md").read_text()


def test_leftovers_of_killed_writes_are_removed_and_told(config, clock):
    run_digest(config, clock=clock)
    left = config.output.folder / ".2031-05-05.md.0123abcd"
    left.touch()
    os.utime(left, (clock.now().timestamp(),) * 2)
    entries: list[Entry] = []
    run_digest(config, clock=clock, listeners=[entries.append])
    assert left.exists()
    clock.pass_by(hours=25)
    run_digest(config, clock=clock, listeners=[entries.append])
    assert not left.exists()
    (told,) = [one for one in entries if one.name == "files of killed writes removed"]
    assert told.fields == {"files": 1}


def test_model_reads_an_article_once(config, clock, fake_model):
    fake_model.enqueue(answer(TRUE, COST, WALK))
    first = run_digest(config, model=fake_model, clock=clock)
    again = run_digest(config, model=fake_model, clock=clock)
    assert (first.run.outcome, again.run.outcome) == (Outcome.DONE, Outcome.NOTHING_NEW)
    assert (first.run.counts["asked"], again.brief) == (1, None)


def test_second_edition_of_a_day_tells_what_came_since(config, clock, fake_model):
    fake_model.enqueue(answer(TRUE, COST, WALK))
    run_digest(config, model=fake_model, clock=clock)
    add(config, "ferry.txt", FERRY)
    fake_model.enqueue(answer(CLOSED, BUS, OCTOBER))
    second = run_digest(config, model=fake_model, clock=clock)
    assert told(second).edition == "2031-05-05.2"
    assert [source.source for source in told(second).sources] == ["ferry.txt"]


def test_night_without_news_says_so_once(config, clock):
    run_digest(config, clock=clock)
    clock.pass_by(days=1)
    quiet = run_digest(config, clock=clock)
    assert (told(quiet).edition, told(quiet).stories) == ("2031-05-06", ())
    assert run_digest(config, clock=clock).brief is None


def test_missed_nights_are_caught_up(config, clock):
    run_digest(config, clock=clock)
    add(config, "ferry.txt", FERRY)
    clock.pass_by(days=20)
    assert [s.source for s in told(run_digest(config, clock=clock)).sources] == ["ferry.txt"]


def test_source_that_is_no_article_is_told_of_once(config, clock):
    add(config, "short.txt", "Too short.")
    first = run_digest(config, clock=clock)
    assert [one.source for one in told(first).skipped] == ["short.txt"]
    clock.pass_by(days=1)
    assert told(run_digest(config, clock=clock)).skipped == ()


# --- story memory -----------------------------------------------------------------------------


@pytest.fixture
def two_nights(config, clock, fake_model):
    fake_model.enqueue(answer(TRUE, COST, WALK))
    first = run_digest(config, model=fake_model, clock=clock)
    add(config, "later.txt", PIER_LATER)
    clock.pass_by(days=1)
    fake_model.enqueue(answer(TRUE, COST_LATER, FISH))
    return first, run_digest(config, model=fake_model, clock=clock)


def test_story_goes_on_from_night_to_night(two_nights):
    before, now = map(memory_of, two_nights)
    assert (before.status, now.status) == (StoryStatus.NEW, StoryStatus.DEVELOPING)
    assert before.id == now.id
    assert (now.digests, now.last_told) == (1, dt.date(2031, 5, 5))


def test_known_facts_are_not_repeated(two_nights):
    first, second = two_nights
    assert TRUE[1] in texts(told(first))
    assert {TRUE[1], WALK[1]}.isdisjoint(texts(told(second)))
    assert FISH[1] in texts(told(second))
    assert told(second).stories[0].known >= 1


def test_changed_number_is_told_with_what_was_told_before(two_nights):
    _, second = two_nights
    (story,) = told(second).stories
    marks = {fact.text: fact.change.kind for fact in story.facts if fact.change}
    assert marks[FISH[1]] is ChangeKind.NEW
    assert marks[COST[1]] is ChangeKind.CONTRADICTED
    assert [c.second.value for c in story.conflicts] == ["4 million"]


def test_figures_and_quotes_of_every_edition_hold(two_nights, config):
    for result in two_nights:
        problems = verify_brief(told(result), articles_of(config))
        assert [problem.message for problem in problems] == []


def test_what_was_told_twice_is_known_the_third_night(two_nights, config, clock, fake_model):
    clock.pass_by(days=1)
    add(config, "third.txt", PIER_LATER.replace("second day", "second day, a Wednesday"))
    fake_model.enqueue(answer(TRUE, COST_LATER, FISH))
    third = run_digest(config, model=fake_model, clock=clock)
    assert FISH[1] not in texts(told(third))


def test_story_without_news_for_some_days_goes_quiet_once(two_nights, config, clock):
    clock.pass_by(days=config.quiet_nights + 1)
    quiet = told(run_digest(config, clock=clock)).quiet
    assert [one.id for one in quiet] == [memory_of(two_nights[1]).id]
    clock.pass_by(days=1)
    assert told(run_digest(config, clock=clock)).quiet == ()


def test_edition_can_be_made_again_from_what_is_stored(two_nights, config):
    for result in two_nights:
        again = replay(config, result.run.number)
        assert (again.differences, again.same) == ((), True)


def test_run_without_an_edition_cannot_be_replayed(two_nights, config, clock):
    nothing = run_digest(config, clock=clock)
    with pytest.raises(ConfigError, match="made no digest"):
        replay(config, nothing.run.id)


# --- any moment may be the last ---------------------------------------------------------------


def test_answers_of_a_run_that_was_killed_are_kept(config, clock, fake_model):
    add(config, "zferry.txt", FERRY)
    fake_model.enqueue(answer(TRUE, COST, WALK))
    fake_model.enqueue(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        run_digest(config, model=fake_model, clock=clock)
    asked = {prompt.id.split(":")[0] for prompt in fake_model.history[:1]}
    fake_model.enqueue(answer((2, "About 1,200 passengers a week would have to take the bus.")))
    result = run_digest(config, model=fake_model, clock=clock)
    assert result.run.counts["asked"] == 1
    assert asked.isdisjoint({fake_model.history[-1].id.split(":")[0]})
    assert {source.source for source in told(result).sources} == {"pier.txt", "zferry.txt"}


def test_interrupted_run_is_written_down(config, clock, fake_model):
    fake_model.enqueue(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        run_digest(config, model=fake_model, clock=clock)
    with State(config.state, read_only=True) as state:
        assert state.runs.list(1)[0].outcome is Outcome.INTERRUPTED


def test_files_that_a_killed_run_did_not_write_are_written_by_the_next(config, clock, monkeypatch):
    def killed(*_args: object, **_options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("summarizer.digest.delivery.files.put", killed)
        with pytest.raises(KeyboardInterrupt):
            run_digest(config, clock=clock)
    assert not (config.output.folder / "2031-05-05.json").exists()
    result = run_digest(config, clock=clock)
    assert result.run.outcome is Outcome.NOTHING_NEW
    assert (config.output.folder / "2031-05-05.json").exists()
    assert replay(config, 1).same, "the run that was killed is known to have made it"


def test_article_the_model_failed_on_is_told_in_its_own_sentences(config, clock, fake_model):
    for _ in range(3):
        fake_model.enqueue("{")
    brief = told(run_digest(config, model=fake_model, clock=clock))
    assert brief.sources[0].writer is Writer.EXTRACTIVE
    assert any("pier.txt" in warning for warning in brief.run.warnings)


def test_model_that_cannot_be_had_leaves_the_reader_a_brief(setting, clock, monkeypatch):
    def gone(*_args: object, **_options: object) -> None:
        raise ModelUnavailable("no source can be reached")

    monkeypatch.setattr("summarizer.pipeline.models.open_model", gone)
    setting.write_text(setting.read_text().replace('"none"', '"smollm2-135m-instruct"'))
    brief = told(run_digest(load_config(setting), clock=clock))
    assert any("no source can be reached" in warning for warning in brief.run.warnings)
    assert texts(brief)


def test_model_of_an_unknown_name_is_an_error_and_tells_nothing(setting, clock):
    setting.write_text(setting.read_text().replace('"none"', '"no-such-model"'))
    config = load_config(setting)
    with pytest.raises(ConfigError, match="no-such-model"):
        run_digest(config, clock=clock)
    with State(config.state, read_only=True) as state:
        assert state.runs.list(1)[0].outcome is Outcome.FAILED
        assert len(state.articles.untold()) == 1


def test_another_model_makes_what_the_first_said_stale(config, clock, fake_models):
    for name in ("fake-1b", "fake-3b"):
        model = fake_models(name=name)
        model.enqueue(answer(TRUE, COST, WALK))
        model.enqueue(KeyboardInterrupt())
        add(config, "zferry.txt", FERRY)
        with pytest.raises(KeyboardInterrupt):
            run_digest(config, model=model, clock=clock)


def test_second_digest_at_the_same_time_is_refused(config, clock):
    with instance_lock(config.lock_path), pytest.raises(Busy):
        run_digest(config, clock=clock)


def test_damaged_state_is_an_error_that_says_what_to_do(config, clock):
    config.state_path.write_bytes(b"this is no database" * 1000)
    with pytest.raises(ConfigError) as caught:
        run_digest(config, clock=clock)
    assert "move it away" in caught.value.hint


# --- deadline ---------------------------------------------------------------------------------


class SlowModel(FakeModel):
    """Takes ten minutes an article, and says how far it is each minute."""

    def __init__(self, clock: Nights) -> None:
        super().__init__()
        self._clock = clock

    def generate(self, prompts, *, on_usage=None):
        def tick(usage):
            for _ in range(10):
                self._clock.pass_by(minutes=1)
                on_usage(usage)

        yield from super().generate(prompts, on_usage=tick if on_usage else None)


def test_articles_after_the_deadline_are_told_in_their_own_sentences(setting, clock):
    setting.write_text('deadline = "15m"\n' + setting.read_text())
    config = load_config(setting)
    add(config, "zferry.txt", FERRY.replace("2031-05-06", "2031-05-04"))  # older: read later
    model = SlowModel(clock)
    model.enqueue(answer(TRUE, COST, WALK))
    model.enqueue(answer(CLOSED, BUS, OCTOBER))
    result = run_digest(config, model=model, clock=clock)
    brief = told(result)
    writers = sorted(source.writer.value for source in brief.sources)
    assert writers == ["extractive", "model"]
    (unread,) = brief.unread
    assert "deadline 02:15" in unread.reason
    markdown = (config.output.folder / "2031-05-05.md").read_text()
    assert unread.source.replace(".", "\\.") in markdown or unread.source in markdown
    assert clock.moment <= dt.datetime(2031, 5, 5, 2, 15, tzinfo=dt.UTC)


def test_deadline_of_a_time_of_day_is_the_next_one(clock):
    budget = Budget(dt.time(1, 30), clock)
    assert budget.ends == dt.datetime(2031, 5, 6, 1, 30, tzinfo=dt.UTC)
    assert budget.describe() == "the deadline 01:30"


def test_deadline_keeps_its_time_of_day_when_summer_time_begins():
    clock = Nights(dt.datetime(2031, 3, 30, 1, 0, tzinfo=ZoneInfo("Europe/Berlin")))
    assert Budget(dt.time(6, 30), clock).left_s == 4.5 * 3600


def test_wall_clock_set_back_makes_the_brief_no_later(clock):
    budget = Budget(dt.timedelta(minutes=45), clock)
    clock.seconds += 45 * 60
    clock.moment -= dt.timedelta(hours=3)
    assert budget.left_s == 0


def test_time_is_kept_for_what_follows_the_model(clock):
    budget = Budget(dt.timedelta(minutes=45), clock)
    budget.reserve(20, validate_s=6.0, merge_s=1.2)
    clock.pass_by(minutes=41)
    assert not budget.model_time_is_up()
    clock.pass_by(minutes=1)
    assert budget.model_time_is_up() and not budget.checking_time_is_up()
    clock.pass_by(minutes=2, seconds=58)
    assert budget.checking_time_is_up()


def test_without_a_deadline_time_is_never_up(clock):
    budget = Budget(None, clock)
    budget.reserve(1000, validate_s=None, merge_s=None)
    assert not budget.model_time_is_up()
    assert budget.describe() == ""


# --- clocks -----------------------------------------------------------------------------------


def test_clock_set_back_loses_nothing(config, clock):
    run_digest(config, clock=clock)
    clock.moment -= dt.timedelta(days=3)
    add(config, "ferry.txt", FERRY)
    result = run_digest(config, clock=clock)
    assert told(result).edition == "2031-05-02"
    assert [source.source for source in told(result).sources] == ["ferry.txt"]
    clock.moment += dt.timedelta(days=3)
    add(config, "later.txt", PIER_LATER)
    assert told(run_digest(config, clock=clock)).edition == "2031-05-05.2"
    assert verify_brief(told(result), articles_of(config)) == []


def test_hour_that_comes_twice_makes_no_second_brief(config, clock):
    zone = ZoneInfo("Europe/Berlin")
    clock.moment = dt.datetime(2031, 10, 26, 2, 30, fold=0, tzinfo=zone)
    run_digest(config, clock=clock)
    clock.moment = dt.datetime(2031, 10, 26, 2, 30, fold=1, tzinfo=zone)
    assert run_digest(config, clock=clock).run.outcome is Outcome.NOTHING_NEW


def test_clock_that_leaps_years_ahead_throws_nothing_away(config, clock):
    run_digest(config, clock=clock)
    clock.pass_by(days=4000)
    run_digest(config, clock=clock)
    with State(config.state, read_only=True) as state:
        assert len(state.articles.remembered(14)) == 1


# --- around it --------------------------------------------------------------------------------


def test_plan_tells_what_a_run_would_do_and_does_nothing(config, clock):
    plan = plan_digest(config, clock=clock)
    assert [article.source for article in plan.new] == ["pier.txt"]
    assert (plan.edition, plan.channels) == ("2031-05-05", ("files",))
    assert not config.state_path.exists()
    assert not config.output.folder.exists()


def test_plan_after_a_run_has_nothing_to_do(config, clock):
    run_digest(config, clock=clock)
    before = config.state_path.read_bytes()
    plan = plan_digest(config, clock=clock)
    assert (plan.new, plan.edition, plan.known) == ((), "", 1)
    assert config.state_path.read_bytes() == before


def test_failing_delivery_does_not_fail_the_brief(setting, clock):
    text = setting.read_text()
    setting.write_text(text + '[[webhook]]\nurl = "http://127.0.0.1:9/"\nattempts = 1\n')
    config = load_config(setting)
    result = run_digest(config, clock=clock)
    assert {d.channel: d.state for d in result.deliveries} == {
        "files": DeliveryState.SENT,
        "webhook": DeliveryState.FAILED,
    }
    assert result.run.outcome is Outcome.DONE


def test_brief_of_a_digest_is_verified_by_what_the_digest_remembers(two_nights, setting, config):
    written = config.output.folder / "2031-05-06.json"
    words = ["verify", str(written), "--digest", str(setting)]
    done = CliRunner().invoke(group, words, standalone_mode=False)
    assert (done.return_value, "verified" in done.output) == (0, True)
    written.write_text(written.read_text().replace("4 million", "5 million"))
    assert CliRunner().invoke(group, words, standalone_mode=False).return_value == 1


def test_listeners_hear_of_every_step_under_one_run_id(config, clock):
    heard: list[Entry] = []
    result = run_digest(config, clock=clock, listeners=[heard.append])
    assert {entry.run for entry in heard} == {result.run.id}
    names = [entry.name for entry in heard]
    assert names[0] == "run started"
    assert names[-1] == "run ended"
    assert "edition made" in names


def test_metrics_are_written_where_asked(setting, clock, tmp_path):
    setting.write_text(setting.read_text() + '[log]\nmetrics = "digest.prom"\n')
    run_digest(load_config(setting), clock=clock)
    assert (
        'summarizer_digest_new_articles{digest="digest"} 1.0'
        in (tmp_path / "digest.prom").read_text()
    )
