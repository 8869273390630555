"""A web server on the loopback that misbehaves as told: slow, endless, packed badly, lying."""

from __future__ import annotations

import gzip
import socketserver
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

PAUSE_S = 0.02  # between two pieces of a slow answer


@dataclass(frozen=True)
class Asked:
    """A request that came; header names are in lower case."""

    path: str
    headers: Mapping[str, str]


Raw = bytes | Iterable[bytes]
Route = Raw | Callable[[Asked], Raw]


def answer(
    body: str | bytes = b"",
    status: int = 200,
    *,
    kind: str = "text/html; charset=utf-8",
    length: int | None = None,
    **headers: str,
) -> bytes:
    """Return a whole HTTP answer; `length` is a Content-Length that lies."""
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} Something", f"Content-Type: {kind}"]
    lines.append(f"Content-Length: {len(data) if length is None else length}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + data


def redirect(to: str, status: int = 302) -> bytes:
    """Return an answer that leads on to `to`."""
    return answer(b"", status, Location=to)


def packed(body: bytes, encoding: str = "gzip", *, cut: int = 0) -> bytes:
    """Return an answer packed by `encoding`, without the last `cut` bytes of its body."""
    if encoding == "raw":
        packer = zlib.compressobj(wbits=-15)
        data = packer.compress(body) + packer.flush()
    else:
        data = gzip.compress(body) if encoding == "gzip" else zlib.compress(body)
    name = "deflate" if encoding == "raw" else encoding
    return answer(data[: len(data) - cut], Content_Encoding=name)


def bomb(megabytes: int = 50) -> bytes:
    """Return an answer of some kB that unpacks to as many MB."""
    packer = zlib.compressobj(9, wbits=31)
    data = b"".join(packer.compress(bytes(1_000_000)) for _ in range(megabytes)) + packer.flush()
    return answer(data, Content_Encoding="gzip")


def endless(chunk: bytes = b"x" * 4096) -> Iterator[bytes]:
    """Yield an answer that never ends."""
    yield b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n"
    while True:
        yield chunk


def conditional(body: str, *, etag: str = "", modified: str = "", kind: str = "text/html") -> Route:
    """Return a route that answers 304 where the request knows `etag` or `modified`."""

    def route(asked: Asked) -> bytes:
        known = etag and asked.headers.get("if-none-match") == etag
        known = known or (modified and asked.headers.get("if-modified-since") == modified)
        tags = {"ETag": etag, "Last_Modified": modified}
        headers: dict[str, Any] = {name: value for name, value in tags.items() if value}
        return answer(b"", 304, **headers) if known else answer(body, kind=kind, **headers)

    return route


def in_turn(*routes: Raw) -> Route:
    """Return a route that answers with each of `routes` once, and with the last ever after."""
    left = list(routes)
    return lambda asked: left.pop(0) if len(left) > 1 else left[0]


class FeedServer:
    """Serves `routes`, path to answer; what is not there is 404. `asked` has every request."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}
        self.asked: list[Asked] = []
        self.stopping = threading.Event()
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            timeout = 10

            def handle(self) -> None:
                outer._serve(self)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            block_on_close = False
            allow_reuse_address = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                """Say nothing: clients of these tests go away in the middle."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """Return the address of `path`."""
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """Return what was asked for, in order."""
        return [asked.path for asked in self.asked]

    def slowly(self, data: bytes) -> Iterator[bytes]:
        """Yield `data` byte by byte, with pauses, until the test is over."""
        for byte in data:
            if self.stopping.wait(PAUSE_S):
                return
            yield bytes([byte])

    def silence(self) -> Iterator[bytes]:
        """Yield nothing for as long as the test takes."""
        self.stopping.wait(10)
        yield b""

    def __enter__(self) -> FeedServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _serve(self, handler: socketserver.StreamRequestHandler) -> None:
        line = handler.rfile.readline(65536).decode("latin-1").split()
        headers = {}
        while pair := handler.rfile.readline(65536).decode("latin-1").strip():
            name, _, value = pair.partition(":")
            headers[name.lower()] = value.strip()
        asked = Asked(line[1], headers)
        with self._lock:
            self.asked.append(asked)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            route = self.routes.get(asked.path, answer("nothing here", 404))
            raw = route(asked) if callable(route) else route
            for chunk in [raw] if isinstance(raw, bytes) else raw:
                if self.stopping.is_set():
                    return
                handler.wfile.write(chunk)
        finally:
            with self._lock:
                self._at_once -= 1
