"""Connect to addresses that may be asked, and to no other, and never for longer than allowed.

The name is looked up once, each address that it has is checked, and the connection goes to the
very address that passed: a name that changes its address in between ("DNS rebinding") gains
nothing. Odd notations such as 0x7f.1 or 2130706433 are looked up, too, and end up as addresses.
"""

from __future__ import annotations

import concurrent.futures
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

import httpcore2
import httpx2

from summarizer.data import SkipReason
from summarizer.digest.fetch.addresses import AddressRules
from summarizer.digest.fetch.failures import FetchFailed, forbidden

Resolve = Callable[[str, int], Sequence[str]]
Monotonic = Callable[[], float]

_TICK_S = 0.005  # a socket's time may be up a little before ours
_MAX_ADDRESSES = 4  # of a host that are tried one after the other
_COOKIES = frozenset({b"set-cookie", b"set-cookie2"})  # not even parsed
_LOOKUPS = threading.BoundedSemaphore(64)  # a resolver that hangs holds a thread each time


def look_up(host: str, port: int) -> list[str]:
    """Return the addresses of `host`, in the system's order.

    Raises:
        OSError, UnicodeError: it has none, or the name is no name.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


class _Deadline(threading.local):
    """When the request of this thread has to be over."""

    at = float("inf")


class GuardedBackend(httpcore2.NetworkBackend):
    """Opens connections for httpcore, to addresses that `rules` permit.

    Args:
        rules: what may be connected to.
        resolve: looks names up.
        monotonic: a stop-watch for deadlines.
    """

    def __init__(
        self,
        rules: AddressRules,
        *,
        resolve: Resolve = look_up,
        monotonic: Monotonic = time.monotonic,
    ) -> None:
        self._rules = rules
        self._resolve = resolve
        self._monotonic = monotonic
        self._deadline = _Deadline()
        self._backend = httpcore2.SyncBackend()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Let all that this thread does over the network in the block end after `seconds`."""
        before = self._deadline.at
        self._deadline.at = min(before, self._monotonic() + seconds)
        try:
            yield
        finally:
            self._deadline.at = before

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to one of the host's addresses that may be asked.

        Raises:
            FetchFailed: FORBIDDEN, it has none such.
            httpcore2.ConnectError, httpcore2.ConnectTimeout: it cannot be connected to.
        """
        failure: Exception = httpcore2.ConnectError("the name has no address")
        for address in self._permitted(host, port, self.left(timeout))[:_MAX_ADDRESSES]:
            try:
                stream = self._backend.connect_tcp(
                    address, port, self.left(timeout), local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return _LimitedStream(stream, self)
        raise failure

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Refuse: no server of the Internet is a file of this machine."""
        raise httpcore2.UnsupportedProtocol("no UNIX sockets")

    def left(self, timeout: float | None) -> float:
        """Return for how many seconds the next operation may take.

        Raises:
            OutOfTime: none are left.
        """
        left = self._deadline.at - self._monotonic()
        if left <= 0:
            raise OutOfTime("the time for the whole request is over")
        return left if timeout is None else min(timeout, left)

    def is_over(self) -> bool:
        """Tell whether this thread's request has had all its time."""
        return self._monotonic() >= self._deadline.at - _TICK_S

    def _permitted(self, host: str, port: int, timeout: float) -> list[str]:
        permitted = []
        found = self._addresses(host, port, timeout)
        for text in found:
            try:
                address = ipaddress.ip_address(text)
            except ValueError:
                continue
            if self._rules.permits(host, address):
                permitted.append(text)
        if found and not permitted:
            raise forbidden(
                "its host has no address of the public Internet; if it may be asked all the same, "
                "put the host into fetch.allow"
            )
        return permitted

    def _addresses(self, host: str, port: int, timeout: float) -> Sequence[str]:
        """Look `host` up in a thread that nobody waits for too long."""
        if not _LOOKUPS.acquire(timeout=timeout):
            raise httpcore2.ConnectTimeout("too many look-ups of names hang")
        found: concurrent.futures.Future[Sequence[str]] = concurrent.futures.Future()

        def work() -> None:
            try:
                found.set_result(self._resolve(host, port))
            except (OSError, UnicodeError) as error:  # UnicodeError: a label is too long
                found.set_exception(error)
            finally:
                _LOOKUPS.release()

        threading.Thread(target=work, name="fetch-lookup", daemon=True).start()
        try:
            return found.result(timeout)
        except TimeoutError as error:
            if found.done():  # a TimeoutError of the resolver's own
                raise httpcore2.ConnectError("the name cannot be looked up") from error
            raise httpcore2.ConnectTimeout("looking the name up takes too long") from error
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError("the name cannot be looked up") from error


class OutOfTime(httpcore2.TimeoutException):
    """A request took longer than all of it may."""


class _LimitedStream(httpcore2.NetworkStream):
    """A connection whose every operation ends with the deadline of the thread that uses it."""

    def __init__(self, stream: httpcore2.NetworkStream, backend: GuardedBackend) -> None:
        self._stream = stream
        self._backend = backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._backend.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._backend.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        left = self._backend.left(timeout)
        secured = self._stream.start_tls(ssl_context, server_hostname, left)
        return _LimitedStream(secured, self._backend)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


class _Transport(httpx2.BaseTransport):
    """httpx over our backend: no proxy, no HTTP/2, no connection kept for later.

    httpx's own transport takes no backend. The exceptions stay httpcore's.
    """

    def __init__(self, backend: GuardedBackend) -> None:
        self._pool = httpcore2.ConnectionPool(
            ssl_context=httpx2.create_ssl_context(trust_env=False),
            max_connections=None,
            max_keepalive_connections=0,
            network_backend=backend,
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        answer = self._pool.handle_request(
            httpcore2.Request(
                method=request.method,
                url=httpcore2.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=b"",
                extensions=request.extensions,
            )
        )
        headers = [(name, value) for name, value in answer.headers if name.lower() not in _COOKIES]
        return httpx2.Response(
            status_code=answer.status,
            headers=headers,
            stream=_Body(answer),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        self._pool.close()


class _Body(httpx2.SyncByteStream):
    def __init__(self, answer: httpcore2.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


def open_client(
    backend: GuardedBackend, *, timeout_s: float, headers: dict[str, str]
) -> httpx2.Client:
    """Return a client that follows no redirect, keeps no cookie and trusts no environment."""
    return httpx2.Client(
        transport=_Transport(backend),
        timeout=timeout_s,
        headers=headers,
        follow_redirects=False,
        trust_env=False,
    )


def failure_of(error: Exception, *, timeout_s: float) -> FetchFailed:
    """Return what an exception of the network means, in words for people."""
    match error:
        case httpcore2.ConnectTimeout():
            return FetchFailed(f"no connection within {timeout_s:g} s", again=True)
        case httpcore2.TimeoutException():
            return FetchFailed(f"the server was silent for {timeout_s:g} s")
        case httpcore2.ConnectError():
            return FetchFailed(f"no connection to the server ({_cause(error)})", again=True)
        case httpcore2.RemoteProtocolError() if "without sending complete" in str(error):
            return FetchFailed("the server broke off in the middle of it")
        case httpcore2.RemoteProtocolError() if "disconnected" in str(error):
            return FetchFailed("the server ended the connection without an answer", again=True)
        case httpcore2.RemoteProtocolError() | httpcore2.LocalProtocolError():
            return FetchFailed("the server does not speak proper HTTP")
        case _:
            return FetchFailed("the connection broke off", reason=SkipReason.UNREACHABLE)


def _cause(error: BaseException) -> str:
    """Return the system's words, which hold nothing of the server's."""
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, ssl.SSLCertVerificationError):
            return f"its certificate is not valid: {inner.verify_message}"
        if isinstance(inner, OSError) and not isinstance(inner, ssl.SSLError) and inner.strerror:
            return inner.strerror
        inner = inner.__cause__ or inner.__context__
    return "no secure connection" if "SSL" in str(error) else str(error) or "no reason given"
