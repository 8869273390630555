"""Nights of feeds and pages on an Internet of one server, which has every name and no way out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpcore2
import pytest

from summarizer.digest.fetch.web import Network
from summarizer.digest.state import State
from tests.feed_server import FeedServer
from tests.source_nights import SourceNights

HOME = "127.0.0.1"
PUBLIC = "93.184.215.14"


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


class WebNights(SourceNights):
    """Several nights on one state; nothing is allowed and no robots.txt asked but as told."""

    fetch = {"delay_s": 0.0, "robots": False}

    def __init__(self, folder: Path, state: State, server: FeedServer) -> None:
        super().__init__(folder, state)
        self.server = server

    def network(self) -> Network:
        return Network(resolve=resolve, sleep=self.clock.sleep)

    def url(self, path: str, host: str = "post.example") -> str:
        return self.server.url(path, host)

    def asked(self) -> list[str]:
        """Return the host and path of each request, without the port."""
        return [f"{one.headers['host'].split(':')[0]}{one.path}" for one in self.server.asked]


def web_nights(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebNights]:
    lead_all_to_the_server(monkeypatch)
    with FeedServer() as server, State(folder / "state.sqlite3") as state:
        yield WebNights(folder, state, server)
