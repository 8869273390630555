"""Nights of a digest's sources on one state, and the feeds and pages that they read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from summarizer.data import Article
from summarizer.digest.clock import Clock
from summarizer.digest.config import DigestConfig, Fetch, Output, Sources
from summarizer.digest.fetch.web import Network
from summarizer.digest.journal import Entry, Journal
from summarizer.digest.reading import Reads
from summarizer.digest.sources import Collected, Visit, collect
from summarizer.digest.state import State
from summarizer.pipeline import Progress
from tests.readers import HereReader

NIGHT = dt.datetime(2031, 5, 6, 2, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
STORY = (
    "The ferry company of Brackwater closed its line {} on Monday because two ships were out of "
    "order. The company said that some 1,200 passengers a week would have to take the bus. A new "
    "ship will be delivered in October, the company said."
)


class SetClock(Clock):
    """Stands still but for what is slept."""

    def __init__(self) -> None:
        self.moment = NIGHT
        self.slept: list[float] = []

    def now(self) -> dt.datetime:
        return self.moment

    def monotonic(self) -> float:
        return sum(self.slept)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


class SourceNights:
    """Several nights of collecting, without pauses; servers of this machine may be asked."""

    fetch: dict[str, Any] = {"allow": ("127.0.0.0/8",), "delay_s": 0.0}

    def __init__(self, folder: Path, state: State) -> None:
        self.folder = folder
        self.state = state
        self.clock = SetClock()
        self.entries: list[Entry] = []
        self.steps: list[Progress] = []
        self.reader: Reads | None = HereReader()

    def collect(
        self, *, fetch: dict[str, Any] | None = None, until: float | None = None, **config: Any
    ) -> Collected:
        """Collect from the folders, feeds, pages and lists that are given, once."""
        sources = {
            name: tuple(map(str, config.pop(name)))
            for name in ("folders", "feeds", "pages", "lists")
            if name in config
        }
        config.setdefault("output", Output(folder=self.folder / "briefs"))
        asking = Fetch(**(self.fetch | (fetch or {})))
        whole = DigestConfig(sources=Sources(**sources), fetch=asking, **config)
        run = self.state.runs.start(self.clock.utc())
        journal = Journal(self.state, run, self.clock, self.entries.append)
        return collect(
            Visit(whole, self.state, run, journal, self.clock),
            on_progress=self.steps.append,
            until=until,
            network=self.network(),
            reader=self.reader,
        )

    def network(self) -> Network:
        return Network(sleep=self.clock.sleep)

    def articles(self) -> list[Article]:
        return self.state.articles.many(self.state.articles.untold())

    def sources(self) -> list[str]:
        return [article.source for article in self.articles()]

    def events(self) -> list[str]:
        return [entry.name for entry in self.entries]


def page(number: int, more: str = "") -> str:
    title = f"<title>Line {number} closes</title>"
    return f"<html><head>{title}</head><body><p>{STORY.format(number)}</p>{more}</body></html>"


def rss(*items: str, title: str = "Brackwater Post") -> str:
    return f'<rss version="2.0"><channel><title>{title}</title>{"".join(items)}</channel></rss>'


def item(link: str, *, date: dt.datetime | None = NIGHT - DAY, text: str = "") -> str:
    dated = f"<pubDate>{date:%a, %d %b %Y %H:%M:%S} GMT</pubDate>" if date else ""
    content = f"<description><![CDATA[{text}]]></description>"
    return f"<item><title>A line closes</title><link>{link}</link>{dated}{content}</item>"
