"""Remote models for the tests: short patience, no real waiting, what to ask them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from summarizer.model.interface import Answer, Prompt, Question, Segment
from summarizer.model.remote import Patience, RemoteModel, parse_remote
from tests.servers import StubServer

SHORT = {"connect_s": 2.0, "silence_s": 0.2, "request_s": 0.5, "total_s": 5.0}
LONG = {"silence_s": 60.0, "request_s": 60.0, "total_s": 60.0}
Connect = Callable[..., RemoteModel]


class Waits:
    """Stands in for sleeping: keeps how long was asked for and comes back at once."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await asyncio.sleep(0)


@contextlib.contextmanager
def stub_server() -> Iterator[StubServer]:
    """Run a stub as long as the block lasts."""
    server = StubServer()
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def connecting(stub: StubServer, waits: Waits) -> Iterator[Connect]:
    """Make remote models, of `stub` unless an address is given; close them at the end."""
    opened: list[RemoteModel] = []

    def make(
        url: str = "", *, patience: dict[str, Any] | None = None, **options: Any
    ) -> RemoteModel:
        address = parse_remote(url or stub.url)
        assert address is not None
        given = Patience(**(SHORT | (patience or {})))
        opened.append(RemoteModel(address, patience=given, sleep=waits, **options))
        return opened[-1]

    try:
        yield make
    finally:
        for model in opened:
            model.close()


def ask(name: str, text: str = "An article.", **options: Any) -> Prompt:
    """Make a prompt about `text`."""
    fields: dict[str, Any] = {"max_tokens": 20, **options}
    return Prompt(
        id=name, segments=(Segment(text="Read: ", trusted=True), Segment(text=text)), **fields
    )


def question(name: str) -> Question:
    """Make a question."""
    return Question(id=name, segments=(Segment(text="Is it so?", trusted=True),))


def one(model: RemoteModel, **options: Any) -> Answer:
    """Return the answer to a single prompt."""
    (answer,) = model.generate([ask("p", **options)])
    return answer
