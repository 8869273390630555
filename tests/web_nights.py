"""Nights of feeds and pages on an Internet of one server, which has every name and no way out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import httpcore2
import pytest

from summarizer.data import Article
from summarizer.digest.clock import Clock
from summarizer.digest.config import DigestConfig, Fetch, Output, Sources
from summarizer.digest.fetch.web import Network
from summarizer.digest.journal import Entry, Journal
from summarizer.digest.sources import Collected, collect
from summarizer.digest.state import State
from tests.feed_server import FeedServer
from tests.readers import HereReader

NIGHT = dt.datetime(2031, 5, 6, 2, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
HOME = "127.0.0.1"
PUBLIC = "93.184.215.14"
STORY = (
    "<p>The ferry company of Brackwater closed its line {} on Monday because two ships were out "
    "of order. The company said that some 1,200 passengers a week would have to take the bus. A "
    "new ship will be delivered in October, the company said.</p>"
)


def resolve(host: str, port: int) -> list[str]:
    """Give names that end in .lan a private address, and all others a public one."""
    if host[0].isdigit():
        return [host]
    return [HOME if host.endswith(".lan") else PUBLIC]


class _PublicStream(httpcore2.NetworkStream):
    """A connection to the server of the test that looks like one to a public address."""

    def __init__(self, stream: httpcore2.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> object:
        return (PUBLIC, 80) if info == "server_addr" else self._stream.get_extra_info(info)


def lead_all_to_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let connections to PUBLIC end at the loopback."""
    connect = httpcore2.SyncBackend.connect_tcp

    def led(self: Any, host: str, *others: Any) -> httpcore2.NetworkStream:
        if host == PUBLIC:
            return _PublicStream(connect(self, HOME, *others))
        return connect(self, host, *others)

    monkeypatch.setattr(httpcore2.SyncBackend, "connect_tcp", led)


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


class WebNights:
    """Several nights on one state; nothing is allowed and no robots.txt asked but as told."""

    def __init__(self, state: State, server: FeedServer) -> None:
        self.state = state
        self.server = server
        self.clock = SetClock()
        self.entries: list[Entry] = []

    def url(self, path: str, host: str = "post.example") -> str:
        return self.server.url(path, host)

    def collect(self, *, fetch: dict[str, Any] | None = None, **sources: Any) -> Collected:
        settings = {"delay_s": 0.0, "robots": False} | (fetch or {})
        named = {name: tuple(map(str, given)) for name, given in sources.items()}
        config = DigestConfig(
            sources=Sources(**named), fetch=Fetch(**settings), output=Output(folder="briefs")
        )
        run = self.state.runs.start(self.clock.utc())
        return collect(
            config,
            self.state,
            run,
            Journal(self.state, run, self.clock, self.entries.append),
            self.clock,
            network=Network(resolve=resolve, sleep=self.clock.sleep),
            reader=HereReader(),
        )

    def articles(self) -> list[Article]:
        return self.state.articles.many(self.state.articles.untold())

    def sources(self) -> list[str]:
        return [article.source for article in self.articles()]

    def asked(self) -> list[str]:
        """Return the host and path of each request, without the port."""
        return [f"{one.headers['host'].split(':')[0]}{one.path}" for one in self.server.asked]


def web_nights(path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebNights]:
    lead_all_to_the_server(monkeypatch)
    with FeedServer() as server, State(path / "state.sqlite3") as state:
        yield WebNights(state, server)


def page(number: int, more: str = "") -> str:
    return f"<html><head><title>Line {number}</title>{more}</head>{STORY.format(number)}</html>"


def rss(*items: str, title: str = "Brackwater Post") -> str:
    return f'<rss version="2.0"><channel><title>{title}</title>{"".join(items)}</channel></rss>'


def item(link: str, *, date: dt.datetime | None = NIGHT - DAY, text: str = "") -> str:
    dated = f"<pubDate>{date:%a, %d %b %Y %H:%M:%S} GMT</pubDate>" if date else ""
    content = f"<description><![CDATA[{text}]]></description>"
    return f"<item><title>A line closes</title><link>{link}</link>{dated}{content}</item>"
