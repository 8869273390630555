"""A mail server and a webhook's receiver on loopback, in a process of their own.

They outlive the digest that is killed and write down what reached them whole. Asked to hold a
channel, they keep its sender waiting for the answer and tell who started them, so that a kill can
strike between "the server has it" and "the digest knows".
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"
_START_S = 20
_HELD_S = 60  # longer than anybody waits: a held sender is killed
_FORK = multiprocessing.get_context("fork")


class Sinks(NamedTuple):
    """Where the two listen, and how they tell of what they hold."""

    mail_port: int
    hook_port: int
    told: Connection  # gets the name of the channel when something is held


class _Book:
    """Writes down what arrived, a line of JSON each, before the sender gets an answer."""

    def __init__(self, path: Path, hold: str, told: Connection) -> None:
        self._path, self._hold, self._told = path, hold, told
        self._lock = threading.Lock()

    def keep(self, channel: str, key: str, edition: str) -> bool:
        """Write one down; tell whether its sender is to wait."""
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"channel": channel, "key": key, "edition": edition}) + "\n")
        if channel != self._hold:
            return False
        self._hold = ""
        self._told.send(channel)
        return True


class _Mail:
    """A handler of aiosmtpd."""

    def __init__(self, book: _Book) -> None:
        self._book = book

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        letter = message_from_bytes(content if isinstance(content, bytes) else b"")
        edition = str(letter["Subject"]).rpartition(" ")[2]
        if self._book.keep("email", str(letter["Message-ID"]), edition):
            await asyncio.sleep(_HELD_S)
        return "250 taken"


class _Controller(Controller):
    """Listens on any free port, and says on which."""

    def _trigger_server(self) -> None:
        if self.server is None:
            raise RuntimeError("the mail server did not start")
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
        super()._trigger_server()


def _receiver(book: _Book) -> type[BaseHTTPRequestHandler]:
    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            if len(body) < length:
                return  # its sender was killed midway: nothing arrived
            key = str(self.headers["webhook-id"])
            if book.keep("webhook", key, json.loads(body)["edition"]):
                threading.Event().wait(_HELD_S)
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Receiver


def _serve(path: Path, hold: str, told: Connection, theirs: Connection) -> None:
    theirs.close()  # else the end of whoever started us would not be seen
    threading.Thread(target=_end_with, args=(told,), daemon=True).start()
    book = _Book(path, hold, told)
    mail = _Controller(_Mail(book), hostname=HOST, port=0, server_hostname="sink.test")
    mail.start()
    hooks = ThreadingHTTPServer((HOST, 0), _receiver(book))
    told.send((mail.port, hooks.server_address[1]))
    hooks.serve_forever()


def _end_with(starter: Connection) -> None:
    with suppress(OSError, EOFError):
        starter.recv()  # nothing is ever said; it ends
    os._exit(0)


@contextmanager
def sinks(path: Path, *, hold: str = "") -> Iterator[Sinks]:
    """Run both until the block ends.

    Args:
        path: gets a line for each mail and each POST.
        hold: a channel, "email" or "webhook", whose first sender gets no answer.
    """
    ours, theirs = _FORK.Pipe()
    server = _FORK.Process(target=_serve, args=(path, hold, theirs, ours), daemon=True)
    server.start()
    theirs.close()
    try:
        if not ours.poll(_START_S):
            raise RuntimeError("the servers did not start")
        mail_port, hook_port = ours.recv()
        yield Sinks(mail_port, hook_port, ours)
    finally:
        server.kill()
        server.join()
        server.close()
        ours.close()


def arrived(path: Path) -> list[dict[str, str]]:
    """Return what the servers wrote down: channel, key and edition of each delivery."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
