"""The answers of a night: what a model that fails midway leaves, and whose the verdicts are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from summarizer.data import Brief, Writer
from summarizer.digest.config import DigestConfig, load_config
from summarizer.digest.run import DigestResult, run_digest
from summarizer.digest.state import State
from summarizer.errors import (
    ConfigError,
    GenerationError,
    ModelFileError,
    ModelUnavailable,
    StateError,
    SummarizerError,
)
from summarizer.extract import Extraction
from tests.conftest import FakeModel, FakeVerifier
from tests.nights import Digest, Nights, told
from tests.test_digest import BUS, CLOSED, FERRY, OCTOBER, add
from tests.test_pipeline import COST, PIER, TRUE, WALK, answer

PIER_ANSWER, FERRY_ANSWER = answer(TRUE, COST, WALK), answer(CLOSED, BUS, OCTOBER)
GERMAN = """Fährlinie geschlossen

Published: 2031-05-06

Die Reederei hat am Montag ihre Linie geschlossen, weil zwei Fähren ausgefallen waren.
Die Besatzungen wurden am Dienstag von der Hafenbehörde über die Schließung unterrichtet.
Eine neue Fähre soll nach den Worten der Reederei im Oktober in den Hafen kommen.
"""
GERMAN_CLAIM = (1, "Die Reederei hat am Montag zwei Fähren geschlossen.")


class Agreeing(FakeVerifier):
    """Is sure of every claim, and counts what it is asked."""

    def scores(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        self.asked.append(list(pairs))
        return [6.0] * len(pairs)


class Broken(FakeVerifier):
    """Fails whenever it is asked."""

    def scores(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        raise GenerationError("out of memory")


@pytest.fixture
def clock() -> Nights:
    return Nights(dt.datetime(2031, 5, 5, 2, 0, tzinfo=dt.UTC))


@pytest.fixture
def config(tmp_path: Path) -> DigestConfig:
    """Return a digest of two articles, the pier read first, that asks no verifier."""
    (tmp_path / "inbox").mkdir()
    path = tmp_path / "digest.toml"
    path.write_text('model = "none"\nverifier = false\n[sources]\nfolders = ["inbox"]\n')
    made = load_config(path)
    add(made, "pier.txt", PIER)
    add(made, "zferry.txt", FERRY)
    return made


@pytest.fixture
def verified(config, monkeypatch) -> Callable[[FakeVerifier], DigestConfig]:
    """Have the digest ask this verifier from now on."""

    def use(verifier: FakeVerifier) -> DigestConfig:
        monkeypatch.setattr("summarizer.pipeline.models.open_verifier", lambda **_options: verifier)
        changed: DigestConfig = config.model_copy(update={"verifier": True})
        return changed

    return use


def writers(brief: Brief) -> dict[str, Writer]:
    return {source.source: source.writer for source in brief.sources}


def events(config: DigestConfig, run: int) -> list[str]:
    with State(config.state, read_only=True) as state:
        return [event.name for event in state.runs.events(run)]


# --- a model that fails -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "error",
    [
        ModelUnavailable("gone midway"),
        ModelFileError("gone midway"),
        ConfigError("gone midway", hint="Renew the key."),
        SummarizerError("gone midway"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_answers_before_a_failure_are_told_and_the_rest_in_its_own_sentences(
    error, config, clock, fake_model
):
    fake_model.enqueue(PIER_ANSWER)
    fake_model.enqueue(error)
    result = run_digest(config, model=fake_model, clock=clock)
    brief = told(result)
    assert writers(brief) == {"pier.txt": Writer.MODEL, "zferry.txt": Writer.EXTRACTIVE}
    assert [(one.source, one.reason) for one in brief.unread] == [
        ("zferry.txt", "the model failed: gone midway")
    ]
    assert (brief.model.name, result.run.counts["asked"]) == ("fake-1b", 1)
    assert brief.run.warnings == (f"The model failed: gone midway {error.hint}".strip(),)
    assert "model failed" in events(config, result.run.number)
    assert "deadline came first" not in events(config, result.run.number)


def test_brief_is_not_said_to_be_by_a_model_that_never_answered(config, clock, fake_model):
    fake_model.enqueue(ConfigError("the key has expired"))
    result = run_digest(config, model=fake_model, clock=clock)
    brief = told(result)
    assert set(writers(brief).values()) == {Writer.EXTRACTIVE}
    assert (brief.model.name, result.run.counts["asked"], len(brief.unread)) == ("none", 0, 2)


def test_failure_after_the_last_answer_is_told_and_costs_nothing(config, clock):
    class Closing(FakeModel):
        def generate(self, prompts, *, on_usage=None):
            yield from super().generate(prompts, on_usage=on_usage)
            raise ModelUnavailable("it ended badly")

    model = Closing()
    model.enqueue(PIER_ANSWER)
    model.enqueue(FERRY_ANSWER)
    brief = told(run_digest(config, model=model, clock=clock))
    assert set(writers(brief).values()) == {Writer.MODEL}
    assert brief.unread == ()
    assert brief.run.warnings[-1].startswith("The model failed: it ended badly")


def test_what_the_model_knew_of_its_failure_is_told(config, clock, fake_model):
    fake_model.problems = ("it was started anew twice",)
    fake_model.enqueue(ModelUnavailable("it does not start"))
    warnings = told(run_digest(config, model=fake_model, clock=clock)).run.warnings
    assert warnings[0] == "it was started anew twice"


def test_answers_that_a_failing_model_gave_to_a_killed_run_are_told(
    config, clock, fake_model, monkeypatch
):
    fake_model.enqueue(PIER_ANSWER)
    fake_model.enqueue(ModelUnavailable("gone midway"))
    killed(config, clock, fake_model, monkeypatch)
    fake_model.enqueue(ModelUnavailable("still gone"))
    result = run_digest(config, model=fake_model, clock=clock)
    assert writers(told(result))["pier.txt"] is Writer.MODEL
    assert result.run.counts["asked"] == 0


def test_state_that_cannot_keep_an_answer_is_no_failure_of_the_model(
    config, clock, fake_model, monkeypatch
):
    def full(*_args: object, **_options: object) -> None:
        raise StateError("the disk is full")

    monkeypatch.setattr("summarizer.digest.state.answers.Answers.keep_extraction", full)
    fake_model.enqueue(PIER_ANSWER)
    with pytest.raises(StateError, match="the disk is full"):
        run_digest(config, model=fake_model, clock=clock)


def test_secret_and_control_characters_of_an_error_do_not_reach_the_brief(
    config, clock, fake_model
):
    fake_model.enqueue(ConfigError("http://ada:hunter2@llm.example/v1 says\x1b[31m no"))
    (one, _) = told(run_digest(config, model=fake_model, clock=clock)).unread
    assert one.reason == "the model failed: http://llm.example/v1 says no"


# --- verdicts and who reached them ------------------------------------------------------------


def killed(config: DigestConfig, clock: Nights, model: FakeModel | None, monkeypatch) -> None:
    """Run a digest that is killed when all verdicts are there."""

    def kill(*_args: object, **_options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("summarizer.digest.run.assemble", kill)
        run_digest(config, model=model, clock=clock)


def keys_of(config: DigestConfig, result: DigestResult) -> dict[str, bool]:
    """Return whether the verdicts of each article are kept as a verifier's."""
    assert result.edition is not None
    with State(config.state, read_only=True) as state:
        edition = state.editions.get(result.edition.number)
        assert edition is not None
        recipes = {
            source.source: state.answers.recipe(edition.inputs.verdicts[source.article_id])
            for source in edition.brief.sources
        }
    return {source: "verifier_sha256" in (parts or {}) for source, parts in recipes.items()}


def test_verdicts_after_the_verifier_gave_up_are_kept_as_the_rules(verified, clock, fake_model):
    config = verified(Broken())
    fake_model.enqueue(PIER_ANSWER)
    fake_model.enqueue(FERRY_ANSWER)
    result = run_digest(config, model=fake_model, clock=clock)
    assert keys_of(config, result) == {"pier.txt": False, "zferry.txt": False}


def test_every_article_is_checked_anew_when_the_verifier_works_again(
    verified, clock, fake_model, monkeypatch
):
    fake_model.enqueue(PIER_ANSWER)
    fake_model.enqueue(FERRY_ANSWER)
    killed(verified(Broken()), clock, fake_model, monkeypatch)
    verifier = Agreeing()
    config = verified(verifier)
    result = run_digest(config, model=fake_model, clock=clock)
    assert len(verifier.asked) == 2
    assert keys_of(config, result) == {"pier.txt": True, "zferry.txt": True}


def test_article_of_another_language_leaves_the_others_to_the_verifier(verified, clock, fake_model):
    config = verified(Agreeing())
    add(config, "afremd.txt", GERMAN)
    for one in (answer(GERMAN_CLAIM), PIER_ANSWER, FERRY_ANSWER):
        fake_model.enqueue(one)
    result = run_digest(config, model=fake_model, clock=clock)
    assert keys_of(config, result) == {"afremd.txt": False, "pier.txt": True, "zferry.txt": True}


def test_brief_of_kept_verdicts_names_the_verifier_that_reached_them(
    verified, clock, fake_model, monkeypatch
):
    fake_model.enqueue(PIER_ANSWER)
    fake_model.enqueue(FERRY_ANSWER)
    killed(verified(Agreeing()), clock, fake_model, monkeypatch)
    validator = told(run_digest(verified(FakeVerifier()), model=fake_model, clock=clock)).validator
    assert validator is not None
    assert validator.verifier == "fake-verifier"


def test_brief_of_kept_quotations_names_no_verifier_as_without_a_kill(
    verified, clock, fake_model, monkeypatch
):
    """Sentences of the article itself need no verifier."""
    config = verified(FakeVerifier())
    undisturbed = config.model_copy(update={"state": f"{config.state}.other"})
    once = told(run_digest(undisturbed, clock=clock))
    killed(config, clock, None, monkeypatch)
    again = told(run_digest(config, clock=clock))
    assert once.validator is not None
    assert once.validator.verifier == "none"
    assert again.validator == once.validator


def test_answer_is_kept_before_the_next_is_waited_for(config, clock, fake_model, monkeypatch):
    kept: list[str] = []

    def keep(_answers: object, extraction: Extraction, *_args: object, **_options: object) -> None:
        kept.append(extraction.article_id)
        raise KeyboardInterrupt

    monkeypatch.setattr("summarizer.digest.state.answers.Answers.keep_extraction", keep)
    fake_model.enqueue(PIER_ANSWER)
    with pytest.raises(KeyboardInterrupt):
        run_digest(config, model=fake_model, clock=clock)
    assert (len(kept), len(fake_model.history)) == (1, 1)


@pytest.mark.parametrize(("deadline", "parallel"), [("10m", 3), ("8h", 0), ("", 0)])
def test_few_articles_are_under_way_at_once_where_the_time_is_short(
    tmp_path, monkeypatch, deadline, parallel
):
    """Those under way when the time is over are lost."""
    asked: list[int] = []

    def gone(_name: str, *, parallel: int, **_options: object) -> None:
        asked.append(parallel)
        raise ModelUnavailable("no source can be reached")

    monkeypatch.setattr("summarizer.pipeline.models.open_model", gone)
    settings = {"deadline": f'"{deadline}"'} if deadline else {}
    digest = Digest(tmp_path, **settings)
    text = digest.path.read_text().replace('"none"', '"smollm2-135m-instruct"')
    digest.path.write_text(text)
    digest.config = load_config(digest.path)
    digest.night(pier=PIER)
    assert asked == [parallel]
