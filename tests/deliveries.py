"""Editions for the tests of delivery: in a state, with a journal that is heard and no waiting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from summarizer.data import Article, Brief, RunInfo
from summarizer.digest.clock import Clock
from summarizer.digest.config import DigestConfig, Output, Sources
from summarizer.digest.delivery import channels, deliver_pending
from summarizer.digest.delivery.outcome import Tools
from summarizer.digest.journal import Entry, Journal
from summarizer.digest.state import Delivery, Edition, EditionInputs, State, tables
from tests.conftest import make_bridge_brief

NIGHT = dt.datetime(2031, 5, 6, 2, 0, tzinfo=dt.UTC)


class NightClock(Clock):
    """Stands at a time that the test sets."""

    def __init__(self, now: dt.datetime = NIGHT) -> None:
        self.time = now

    def now(self) -> dt.datetime:
        return self.time


class Waits:
    """Stands in for sleeping: keeps how long was asked for and comes back at once."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def make_edition(number: int = 1, name: str = "2031-05-06", brief: Brief | None = None) -> Edition:
    """Build an edition of the bridge brief, unless another is given."""
    created = NIGHT + dt.timedelta(days=number - 1)
    brief = brief or make_bridge_brief()[0]
    update = {"edition": name, "run": RunInfo(created=created)}
    return Edition(
        number=number,
        name=name,
        run=1,
        created=created,
        inputs=EditionInputs(fresh=()),
        brief=brief.model_copy(update=update),
    )


def make_config(folder: Path, **tables: Any) -> DigestConfig:
    """Build a configuration that writes below `folder`."""
    given: dict[str, Any] = {
        "output": Output(folder=folder / "briefs"),
        "state": str(folder / "state.sqlite3"),
    }
    return DigestConfig(sources=Sources(folders=("inbox",)), **(given | tables))


class Night:
    """A state with one run under way, and what a delivery needs."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.clock = NightClock()
        self.waits = Waits()
        self.entries: list[Entry] = []
        self.run = state.runs.start(NIGHT)
        self.journal = Journal(state, self.run, self.clock, self.entries.append)

    @property
    def tools(self) -> Tools:
        return Tools(self.state, self.clock, self.waits)

    def keep(self, edition: Edition, keys: Mapping[str, str]) -> Edition:
        """Put `edition` into the state, its deliveries pending."""
        self.state.editions.add(edition, (), (), keys)
        return edition

    def read(self, *articles: Article) -> None:
        """Put articles into the state, as a night does that reads them."""
        for article in articles:
            self.state.articles.add(article, run=self.run.number, now=NIGHT, keys=b"")

    def drop(self, *articles: Article) -> None:
        """Drop the texts of articles from the state, as retention does."""
        for article in articles:
            self.state.articles.pass_over([article.id], "dropped")
        later = NIGHT + dt.timedelta(days=1)
        self.state.retention.purge(articles_before=later, runs_before=NIGHT)

    def spoil(self, article: Article) -> None:
        """Damage the text of an article in the state."""
        row = sa.select(tables.articles.c.number).where(tables.articles.c.id == article.id)
        change = tables.bodies.update().where(tables.bodies.c.article == row.scalar_subquery())
        with self.state._db.write() as connection:
            connection.execute(change.values(body=b"\x01damaged"))

    def keep_all(self, config: DigestConfig, *editions: Edition) -> None:
        """Put editions into the state, pending for every channel of `config`."""
        for edition in editions:
            self.keep(edition, channels(config, edition.name))

    def deliver(
        self, config: DigestConfig, *, tried: Iterable[Delivery] = ()
    ) -> dict[str, Delivery]:
        """Deliver what is pending; return the last delivery of each channel."""
        ended = deliver_pending(
            config, self.state, self.journal, self.clock, tried=tried, sleep=self.waits
        )
        return {delivery.channel: delivery for delivery in ended}

    def noted(self) -> list[str]:
        """Return the names of the journal's events."""
        return [entry.name for entry in self.entries]
