"""Nights of the digest, played in a folder: a clock to be moved, articles to be added."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from summarizer.data import Brief, Fact, Story
from summarizer.digest.clock import Clock
from summarizer.digest.config import DigestConfig, load_config
from summarizer.digest.run import DigestResult, run_digest


class Nights(Clock):
    """A clock that stands still until it is moved."""

    def __init__(self, now: dt.datetime) -> None:
        self.moment = now
        self.seconds = 0.0

    def now(self) -> dt.datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.seconds

    def at(self, day: dt.date, time_of_day: dt.time) -> dt.datetime:
        return dt.datetime.combine(day, time_of_day, tzinfo=self.moment.tzinfo)

    def pass_by(self, **span: float) -> None:
        """Let time pass, on the wall and on the stop-watch."""
        self.moment += dt.timedelta(**span)
        self.seconds += dt.timedelta(**span).total_seconds()


class Digest:
    """A digest without a model, one night after another."""

    def __init__(self, folder: Path, **settings: object) -> None:
        (folder / "inbox").mkdir()
        self.path = path = folder / "digest.toml"
        lines = [f"{name} = {value}" for name, value in settings.items()]
        head = ['model = "none"', "verifier = false", *lines]
        path.write_text("\n".join([*head, '[sources]\nfolders = ["inbox"]\n']))
        self.config: DigestConfig = load_config(path)
        self.clock = Nights(dt.datetime(2031, 5, 5, 2, 0, tzinfo=dt.UTC))
        self._inbox = folder / "inbox"

    def night(self, **articles: str) -> Brief:
        """Add articles by name, make the edition of the night, and let a day pass."""
        for name, text in articles.items():
            (self._inbox / f"{name}.txt").write_text(text)
        brief = told(run_digest(self.config, clock=self.clock))
        self.clock.pass_by(days=1)
        return brief


def told(result: DigestResult) -> Brief:
    """Return the brief of a run that made one."""
    assert result.brief is not None
    return result.brief


def story_of(brief: Brief, source: str) -> Story:
    """Return the story that tells of the article in a file."""
    (article,) = [one.article_id for one in brief.sources if one.source == source]
    (story,) = [story for story in brief.stories if article in story.article_ids]
    return story


def facts_of(brief: Brief) -> list[Fact]:
    """Return the facts shown."""
    return [fact for story in brief.stories for fact in story.facts]


def texts(brief: Brief) -> list[str]:
    """Return the wordings of the facts shown."""
    return [fact.text for fact in facts_of(brief)]
