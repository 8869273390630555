"""Model servers for the tests: a stub that fails in every way, and a real llama-server."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest

BINARY_VARIABLE = "SUMMARIZER_LLAMA_SERVER"


# --- the stub ---------------------------------------------------------------------------------


class Seen(NamedTuple):
    """A request that the stub got."""

    method: str
    path: str
    headers: Mapping[str, str]  # names in lower case
    body: dict[str, Any]


class Reply:
    """Answers with `status`, `headers` and `body` (bytes, text, or anything else as JSON)."""

    def __init__(
        self, body: object = b"", *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        self.status = status
        self.headers = {"Content-Type": "application/json"} | dict(headers or {})
        if isinstance(body, bytes):
            self.body = body
        else:
            self.body = (body if isinstance(body, str) else json.dumps(body)).encode()

    def write(self, handler: BaseHTTPRequestHandler, stopping: threading.Event) -> None:
        self.head(handler, len(self.body))
        handler.wfile.write(self.body)

    def head(self, handler: BaseHTTPRequestHandler, length: int | None) -> None:
        handler.send_response(self.status)
        for name, value in self.headers.items():
            handler.send_header(name, value)
        if length is None:
            handler.send_header("Connection", "close")
            handler.close_connection = True
        else:
            handler.send_header("Content-Length", str(length))
        handler.end_headers()


class Hang(Reply):
    """Takes the request and says nothing."""

    def write(self, handler: BaseHTTPRequestHandler, stopping: threading.Event) -> None:
        stopping.wait(60)
        handler.close_connection = True


class Late(Reply):
    """Answers after `seconds`."""

    def __init__(self, seconds: float, reply: Reply) -> None:
        super().__init__()
        self.seconds, self.reply = seconds, reply

    def write(self, handler: BaseHTTPRequestHandler, stopping: threading.Event) -> None:
        stopping.wait(self.seconds)
        self.reply.write(handler, stopping)


class CutOff(Reply):
    """Promises more bytes than it sends, and closes the connection."""

    def write(self, handler: BaseHTTPRequestHandler, stopping: threading.Event) -> None:
        self.head(handler, 5000)
        handler.wfile.write(b'{"choices": [')
        handler.close_connection = True


class Endless(Reply):
    """Sends spaces without end."""

    def write(self, handler: BaseHTTPRequestHandler, stopping: threading.Event) -> None:
        self.head(handler, None)
        while not stopping.is_set():
            handler.wfile.write(b" " * 65536)


class Drip(Reply):
    """Sends a byte now and then, without end: no silence, and no answer either."""

    def write(self, handler: BaseHTTPRequestHandler, stopping: threading.Event) -> None:
        self.head(handler, None)
        while not stopping.wait(0.02):
            handler.wfile.write(b" ")
            handler.wfile.flush()


def completion(
    text: str | None,
    *,
    finish: str = "stop",
    usage: Mapping[str, Any] | None = None,
    **choice: object,
) -> Reply:
    """Make the reply of a server that wrote `text`."""
    made: dict[str, Any] = {
        "object": "chat.completion",
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish}
            | choice
        ],
    }
    if usage is not None:
        made["usage"] = dict(usage)
    return Reply(made)


def probabilities(**tokens: float) -> Reply:
    """Make the reply to a question: log probabilities of tokens; "_" in a name is a space."""
    listed = [{"token": t.replace("_", " "), "logprob": p} for t, p in tokens.items()]
    content = [{"token": "x", "logprob": 0.0, "top_logprobs": listed}]
    return completion("x", finish="length", logprobs={"content": content})


def models(*names: str, owned_by: str = "llamacpp", **fields: object) -> Reply:
    """Make a list of models."""
    listed = [{"id": name, "object": "model", "owned_by": owned_by} | fields for name in names]
    return Reply({"object": "list", "data": listed})


class StubServer:
    """A model server on a free loopback port.

    POSTs get the replies of `queue`, then what `reply` makes of the request's body. GETs get
    `pages[path]`. `seen` holds every request, `most_at_once` how many POSTs ran at the same time.
    """

    def __init__(self) -> None:
        self.queue: deque[Reply] = deque()
        self.reply: Callable[[dict[str, Any]], Reply] = lambda _body: completion("ok")
        self.pages: dict[str, Reply] = {"/v1/models": models("stub-1b", meta={"n_ctx": 2048})}
        self.seen: list[Seen] = []
        self.most_at_once = 0
        self.hung_up = threading.Event()  # a client left before its answer was complete
        self._at_once = 0
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def posts(self) -> list[Seen]:
        return [seen for seen in self.seen if seen.method == "POST"]

    def stop(self) -> None:
        """Stop listening and let every handler go."""
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: object) -> None:
                pass

            def do_GET(self) -> None:
                stub.note(self, {})
                stub.write(self, stub.pages.get(self.path, Reply(status=404)))

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with stub.counted():
                    stub.note(self, body)
                    stub.write(self, stub.next_reply(body))

        return Handler

    def note(self, handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        headers = {name.lower(): value for name, value in handler.headers.items()}
        with self._lock:
            self.seen.append(Seen(handler.command, handler.path, headers, body))

    def next_reply(self, body: dict[str, Any]) -> Reply:
        with self._lock:
            return self.queue.popleft() if self.queue else self.reply(body)

    def write(self, handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        try:
            reply.write(handler, self._stopping)
        except OSError:
            self.hung_up.set()
            handler.close_connection = True

    @contextlib.contextmanager
    def counted(self) -> Iterator[None]:
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            yield
        finally:
            with self._lock:
                self._at_once -= 1


# --- the real one -----------------------------------------------------------------------------


class LlamaServer:
    """A llama-server of `binary` with one model, one thread and two slots, on a free port."""

    def __init__(self, binary: Path, model: Path, log: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/v1"
        self._log = log
        command = [str(binary), "--model", str(model), "--alias", "tiny", "-t", "1", "-c", "4096"]
        command += ["-np", "2", "--host", "127.0.0.1", "--port", str(self.port)]
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
            )

    def wait(self, timeout_s: float = 120.0) -> None:
        """Return when the model is loaded."""
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            if self._process.poll() is not None:
                break
            try:
                health = f"http://127.0.0.1:{self.port}/health"
                with urllib.request.urlopen(health, timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                pass
            time.sleep(0.1)
        pytest.fail(f"llama-server did not start:\n{self._log.read_text()[-2000:]}")

    def kill(self) -> None:
        """End it at once, whatever it is doing."""
        self._process.kill()
        self._process.wait(10)


@contextlib.contextmanager
def llama_server(model: Path, folder: Path) -> Iterator[LlamaServer]:
    """Run a real llama-server as long as the block lasts; skip the test where there is none."""
    server = LlamaServer(llama_server_binary(), model, folder / "llama-server.log")
    try:
        server.wait()
        yield server
    finally:
        server.kill()


def llama_server_binary() -> Path:
    """Return the binary named by the environment or built by tools/build_server.py, or skip."""
    named = os.environ.get(BINARY_VARIABLE)
    if named:
        if not Path(named).is_file():
            pytest.fail(f"{BINARY_VARIABLE} names {named}, which is no file")
        return Path(named)
    try:
        built = importlib.import_module("tools.build_server").server_path()
    except ModuleNotFoundError:
        built = None
    if built is None:
        pytest.skip(
            f"needs a llama-server: run `python tools/build_server.py`, or set {BINARY_VARIABLE}"
        )
    return Path(built)


def free_port() -> int:
    """Return a loopback port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
