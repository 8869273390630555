"""A webhook's receiver on loopback that checks signatures, fails, hangs and drops."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import ssl
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

HOST = "127.0.0.1"


class Post(NamedTuple):
    """A request that came in whole."""

    path: str
    headers: Mapping[str, str]  # names in lower case
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        """What it says."""
        told: dict[str, Any] = json.loads(self.body)
        return told

    def signed_with(self, key: bytes) -> bool:
        """Tell whether it is signed as Standard Webhooks says."""
        parts = (self.headers["webhook-id"], self.headers["webhook-timestamp"])
        content = ".".join(parts).encode() + b"." + self.body
        made = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
        return f"v1,{made}" in self.headers["webhook-signature"].split()


class Answer(NamedTuple):
    """What the receiver does with a request: answers, or one of the three."""

    status: int = 200
    headers: Mapping[str, str] = {}
    body: bytes = b""
    hangs: bool = False
    drops: bool = False
    drips: bool = False


class HookServer:
    """Takes requests; `answers` are given one after the other, then it takes everything."""

    def __init__(self, *answers: Answer, tls: ssl.SSLContext | None = None) -> None:
        self.answers = list(answers)
        self.posts: list[Post] = []
        self._stopping = threading.Event()
        self._server = ThreadingHTTPServer((HOST, 0), self._handler())
        self._server.daemon_threads = True
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://{HOST}:{self._server.server_address[1]}/hook"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        hooks = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                hooks.posts.append(Post(self.path, headers, body))
                answer = hooks.answers.pop(0) if hooks.answers else Answer()
                with contextlib.suppress(OSError):
                    self._give(answer)

            def _give(self, answer: Answer) -> None:
                self.close_connection = True
                if answer.hangs:
                    hooks._stopping.wait(60)
                elif answer.drips:
                    self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
                    while not hooks._stopping.wait(0.02):
                        self.wfile.write(b"x")
                elif not answer.drops:
                    self.send_response(answer.status)
                    for name, value in answer.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(answer.body)))
                    self.end_headers()
                    self.wfile.write(answer.body)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        return Handler


@contextlib.contextmanager
def hook_server(*answers: Answer, tls: ssl.SSLContext | None = None) -> Iterator[HookServer]:
    """Run a receiver as long as the block lasts."""
    server = HookServer(*answers, tls=tls)
    try:
        yield server
    finally:
        server.stop()
