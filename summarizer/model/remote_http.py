"""Talk HTTP to a model server: many requests at once, deadlines, retries, limits on what comes.

Requests run on an event loop in a thread of their own, so a caller that stops waiting (Ctrl-C, a
generator closed) leaves at once and its requests are cancelled: the connection is closed, and
the server stops writing.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import datetime as dt
import email.utils
import json
import queue
import re
import socket
import threading
import weakref
from collections.abc import Awaitable, Callable, Generator, Sequence
from typing import Any, TypeVar

import httpx2
import tenacity
from pydantic import Field, SecretStr

from summarizer.data import Record
from summarizer.errors import ConfigError
from summarizer.model.remote_address import RemoteAddress

MOST_BYTES = 4 * 1024 * 1024  # of one answer; 4,096 tokens with log probabilities take 1 MB
_ERROR_BYTES = 64 * 1024  # of an error's page; the rest is not read
_MESSAGE_CHARS = 200  # of a server's own words in ours
_TICK_S = 0.25  # how often a waiting caller is told that it still waits
_RETRY_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504, 529})

Job = TypeVar("Job")
Outcome = TypeVar("Outcome")
Sleep = Callable[[float], Awaitable[None]]


class Patience(Record):
    """How long to wait for a server, and how often to ask again."""

    connect_s: float = Field(default=10.0, gt=0)
    listing_s: float = Field(default=30.0, gt=0, description="for the list of models, all in all")
    # A server says nothing before its answer is complete, and 1,500 tokens can take minutes.
    silence_s: float = Field(default=600.0, gt=0, description="without a byte")
    request_s: float = Field(default=900.0, gt=0, description="one attempt, all in all")
    total_s: float = Field(default=1800.0, gt=0, description="all attempts and waits between")
    attempts: int = Field(default=5, gt=0)
    backoff_s: float = Field(default=0.5, gt=0, description="the first wait; each next is double")
    longest_backoff_s: float = Field(default=30.0, gt=0)
    longest_retry_after_s: float = Field(default=60.0, gt=0, description="however long it asks")


class RequestFailed(Exception):
    """A request that brought no usable answer; its text is for the user and holds no secret."""


class TryAgain(RequestFailed):
    """Asking again may help.

    `connected`: the server was there; `retry_after_s`: it asked for so long a pause.
    """

    def __init__(
        self, reason: str, *, connected: bool = True, retry_after_s: float | None = None
    ) -> None:
        super().__init__(reason)
        self.connected = connected
        self.retry_after_s = retry_after_s


class Refused(RequestFailed):
    """The server answered with the error `status`; `kind` is its own name for it, or ""."""

    def __init__(self, reason: str, *, status: int, kind: str = "") -> None:
        super().__init__(reason)
        self.status = status
        self.kind = kind


class Nonsense(RequestFailed):
    """The server answered with something that is not what was asked for."""


class _Loop(asyncio.SelectorEventLoop):
    """An event loop whose name look-ups do not hold up the exit of the program.

    asyncio's own run in threads that the interpreter joins at its end.
    """

    async def getaddrinfo(self, *args: Any, **options: Any) -> Any:
        """Return socket.getaddrinfo(...), looked up in a daemon thread."""
        found: concurrent.futures.Future[Any] = concurrent.futures.Future()

        def look_up() -> None:
            found.set_running_or_notify_cancel()  # now nobody can cancel it under our hands
            try:
                found.set_result(socket.getaddrinfo(*args, **options))
            except (OSError, UnicodeError) as error:  # UnicodeError: a label is too long
                found.set_exception(socket.gaierror(str(error)))

        threading.Thread(target=look_up, name="remote-lookup", daemon=True).start()
        return await asyncio.wrap_future(found)


class Connection:
    """The way to one server. `close` ends it and everything under way.

    Args:
        parallel: how many requests are under way at once, at most.
        key: sent as a bearer token; kept out of every message.
        sleep: waits between attempts; tests put their own here.

    Raises:
        ConfigError: the proxy that the environment names cannot be used.
    """

    def __init__(
        self,
        address: RemoteAddress,
        *,
        parallel: int,
        patience: Patience,
        key: SecretStr | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._place = address.place
        self._parallel = parallel
        self._patience = patience
        self._key = key
        self._sleep = sleep
        self._jitter = tenacity.wait_random(0, patience.backoff_s)
        self._backoff = self._jitter + tenacity.wait_exponential(
            multiplier=patience.backoff_s, max=patience.longest_backoff_s
        )
        self._client = _client(address, patience, parallel, key)
        self._loop = _Loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="remote", daemon=True)
        self._slots = asyncio.Semaphore(parallel)
        self._thread.start()
        self._end = weakref.finalize(self, _end, self._loop, self._thread, self._client)

    def close(self) -> None:
        """Cancel what is under way and close every connection; two seconds at most."""
        self._end()

    def wait_for(self, url: str, *, attempts: int) -> dict[str, Any]:
        """Return `get(url)`, waiting for it in a thread without an event loop.

        Raises:
            RequestFailed: it cannot be had.
        """
        (reply,) = self.each([url], lambda each: self.get(each, attempts=attempts))
        return reply

    async def get(self, url: str, *, attempts: int) -> dict[str, Any]:
        """GET a JSON object, one that a server has at hand.

        Raises:
            RequestFailed: it cannot be had.
        """
        return await self._send("GET", url, None, attempts, self._patience.listing_s)

    async def post(self, url: str, body: dict[str, Any]) -> dict[str, Any]:
        """POST `body` and return the JSON object that the server answers with.

        Raises:
            RequestFailed: there is none, after every attempt that made sense.
        """
        patience = self._patience
        return await self._send("POST", url, body, patience.attempts, patience.total_s)

    def each(
        self,
        jobs: Sequence[Job],
        work: Callable[[Job], Awaitable[Outcome]],
        *,
        on_wait: Callable[[], None] = lambda: None,
    ) -> Generator[Outcome, None, None]:
        """Do `work` on every job, `parallel` at once; yield outcomes as they come.

        `on_wait` is called in the caller's thread while it waits. Closing the iterator, or an
        exception of `work` (raised here again), cancels the rest.
        """
        if not self._end.alive:
            raise RuntimeError("the connection is closed")
        outcomes: queue.SimpleQueue[tuple[Outcome | None, BaseException | None]] = (
            queue.SimpleQueue()
        )
        todo = iter(jobs)

        async def worker() -> None:
            for job in todo:
                async with self._slots:
                    outcomes.put((await work(job), None))

        async def run() -> None:
            try:
                async with asyncio.TaskGroup() as group:
                    for _ in range(min(self._parallel, len(jobs))):
                        group.create_task(worker())
            except BaseExceptionGroup as errors:
                outcomes.put((None, errors.exceptions[0]))

        under_way = asyncio.run_coroutine_threadsafe(run(), self._loop)
        try:
            for _ in jobs:
                yield _next(outcomes, under_way, on_wait)
        finally:
            under_way.cancel()

    async def _send(
        self, method: str, url: str, body: dict[str, Any] | None, attempts: int, total_s: float
    ) -> dict[str, Any]:
        """Send a request, and again where that may help.

        Raises:
            TryAgain: every attempt failed, or the time for all of them is over.
            Refused: the server answered with an error.
            Nonsense: the answer is too large, or no JSON object.
        """
        retrying = tenacity.AsyncRetrying(
            stop=tenacity.stop_after_attempt(attempts),
            wait=self._wait,
            retry=tenacity.retry_if_exception_type(TryAgain),
            sleep=self._sleep,
            reraise=True,
        )
        try:
            async with asyncio.timeout(total_s):
                reply: dict[str, Any] = await retrying(self._once, method, url, body)
                return reply
        except TimeoutError as error:
            raise TryAgain(f"{self._place} gave no answer within {total_s:g} s") from error
        except TryAgain as error:
            tried = f" (asked {attempts} times)" if attempts > 1 else ""
            raise TryAgain(f"{error}{tried}", connected=error.connected) from error

    def _wait(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, TryAgain) and error.retry_after_s is not None:
            pause = min(error.retry_after_s, self._patience.longest_retry_after_s)
            return pause + self._jitter(state)
        return self._backoff(state)

    async def _once(self, method: str, url: str, body: Any) -> dict[str, Any]:
        content = None if body is None else json.dumps(body).encode("ascii")
        patience = self._patience
        try:
            async with (
                asyncio.timeout(patience.request_s),
                self._client.stream(method, url, content=content) as response,
            ):
                return await self._read(response)
        except TimeoutError as error:
            reason = f"{self._place} gave no whole answer within {patience.request_s:g} s"
            raise TryAgain(reason) from error
        except httpx2.ConnectTimeout as error:
            reason = f"no connection to {self._place} within {patience.connect_s:g} s"
            raise TryAgain(reason, connected=False) from error
        except (httpx2.ConnectError, httpx2.ProxyError) as error:
            reason = f"no connection to {self._place} ({self._clean(str(error))})"
            raise TryAgain(reason, connected=False) from error
        except httpx2.TimeoutException as error:
            raise TryAgain(f"{self._place} was silent for {patience.silence_s:g} s") from error
        except httpx2.InvalidURL as error:
            raise Nonsense(f"{self._place} is no valid host name") from error
        except httpx2.TransportError as error:
            what = self._clean(str(error)) or type(error).__name__
            raise TryAgain(f"the connection to {self._place} broke off ({what})") from error

    async def _read(self, response: httpx2.Response) -> dict[str, Any]:
        if response.is_redirect:
            # Followed, it would hand the key and the articles to whoever it names.
            to = self._clean(response.headers.get("location", "")) or "nowhere"
            reason = f"{self._place} redirects to {to}, which is not followed"
            raise Refused(reason, status=response.status_code)
        if response.is_error:
            await self._fail(response)
        if response.headers.get("content-encoding", "identity") != "identity":
            raise Nonsense(f"{self._place} packed its answer, which it was asked not to do")
        data = await _bytes(response, MOST_BYTES)
        if len(data) > MOST_BYTES:
            raise Nonsense(f"{self._place} sent more than {MOST_BYTES // 2**20} MB")
        reply = _json(data)
        if not isinstance(reply, dict):
            kind = self._clean(response.headers.get("content-type", "something"))
            raise Nonsense(f"{self._place} sent {kind} where a JSON object was promised")
        return reply

    async def _fail(self, response: httpx2.Response) -> None:
        data = await _bytes(response, _ERROR_BYTES)
        kind, message = _error(_json(data))
        status = response.status_code
        reason = f"{self._place} answered with status {status}"
        if message:
            reason += f": {self._clean(message)}"
        if status in _RETRY_STATUS:
            pause = _retry_after_s(response.headers.get("retry-after", ""))
            raise TryAgain(reason, retry_after_s=pause)
        raise Refused(reason, status=status, kind=kind)

    def _clean(self, text: str) -> str:
        """Return a server's words on one line, short, nothing invisible, without our key."""
        if self._key:
            text = text.replace(self._key.get_secret_value(), "[key]")
        text = "".join(char if char.isprintable() else " " for char in text)
        text = " ".join(text.split())
        return text if len(text) <= _MESSAGE_CHARS else f"{text[:_MESSAGE_CHARS]}..."


def _client(
    address: RemoteAddress, patience: Patience, parallel: int, key: SecretStr | None
) -> httpx2.AsyncClient:
    headers = {"accept": "application/json", "accept-encoding": "identity"}
    headers |= {"content-type": "application/json", "user-agent": "summarizer"}
    if key:
        headers["authorization"] = f"Bearer {key.get_secret_value()}"
    try:
        return _with_headers(headers, address, patience, parallel)
    except (ImportError, ValueError, httpx2.InvalidURL):
        # The message could quote a proxy's password.
        raise ConfigError(
            "the proxy that the environment names cannot be used",
            hint=f"Look at HTTP_PROXY, HTTPS_PROXY and ALL_PROXY, or put {address.place} into "
            "NO_PROXY. A SOCKS proxy needs the package socksio.",
        ) from None


def _with_headers(
    headers: dict[str, str], address: RemoteAddress, patience: Patience, parallel: int
) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(
        headers=headers,
        timeout=httpx2.Timeout(patience.silence_s, connect=patience.connect_s),
        # How many there are at once is Connection's business: a request that waits in the pool
        # would use up its time.
        limits=httpx2.Limits(max_connections=None, max_keepalive_connections=parallel),
        follow_redirects=False,
        # A proxy of the environment is for the world outside.
        trust_env=not address.is_loopback,
    )


def _next(
    outcomes: queue.SimpleQueue[tuple[Outcome | None, BaseException | None]],
    under_way: concurrent.futures.Future[None],
    on_wait: Callable[[], None],
) -> Outcome:
    while True:
        try:
            outcome, error = outcomes.get(timeout=_TICK_S)
        except queue.Empty:
            if under_way.done() and outcomes.empty():
                raise RuntimeError("the connection was closed meanwhile") from None
            on_wait()
            continue
        if error is not None:
            raise error
        return outcome  # type: ignore[return-value]  # only an error comes without one


def _end(
    loop: asyncio.AbstractEventLoop, thread: threading.Thread, client: httpx2.AsyncClient
) -> None:
    async def end() -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await client.aclose()

    if thread.is_alive():
        ended = asyncio.run_coroutine_threadsafe(end(), loop)
        concurrent.futures.wait([ended], timeout=1.0)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=1.0)
    if not loop.is_running():
        loop.close()


async def _bytes(response: httpx2.Response, most: int) -> bytes:
    """Return the body as it came; it is longer than `most` where the limit was reached."""
    data = bytearray()
    async for chunk in response.aiter_raw():
        data += chunk
        if len(data) > most:
            break
    return bytes(data)


def _json(data: bytes) -> Any:
    """Return the JSON value in `data`; None where there is none, as for "null"."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _error(reply: Any) -> tuple[str, str]:
    """Return kind and message of an error, in any of the layouts that servers use."""
    if not isinstance(reply, dict):
        return "", ""
    error = reply.get("error", reply)  # OpenAI and llama-server; SGLang and older vLLM
    if isinstance(error, str):
        return "", error
    if not isinstance(error, dict):
        return "", ""
    message = error.get("message", error.get("detail", ""))  # detail: FastAPI's own errors
    kind = error.get("type", "")
    return (
        kind if isinstance(kind, str) else "",
        message if isinstance(message, str) else json.dumps(message),
    )


def _retry_after_s(value: str) -> float | None:
    """Return how many seconds a Retry-After header asks for, as number or as date."""
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value.strip(), re.ASCII):
        return float(value)
    try:
        until = email.utils.parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=dt.UTC)
    return max(0.0, (until - dt.datetime.now(dt.UTC)).total_seconds())
