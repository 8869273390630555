"""Read feeds, pages and PDFs in a child process, so that none of them can stop the night.

The libraries that read them take minutes or gigabytes over documents of a few kilobytes that are
made for it; no limit inside a process holds in the middle of their C code. Plain text and
Markdown are read by our own code, here.
"""

from __future__ import annotations

import datetime as dt
import math
import os
import selectors
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Callable, Sequence
from typing import IO, Protocol

from pydantic import ValidationError

from summarizer.data import Article, SkipReason
from summarizer.digest.fetch.feeds import Feed
from summarizer.digest.reading_messages import (
    LENGTH,
    MAX_REPLY,
    REPLY,
    ArticleRead,
    Asked,
    AskedArticle,
    AskedFeed,
    FeedRead,
    OutOfMemory,
    Ready,
    Refused,
    Reply,
    framed,
)
from summarizer.errors import ArticleError
from summarizer.read import Kind, article_from_bytes
from summarizer.read.clean import without_surrogates

LIMIT_S = 20.0  # a PDF of 300 pages takes a small machine ten
MEMORY_BYTES = 2 << 30  # of address space; the interpreter with its libraries has 0.2 GB
_START_S = 60.0  # a busy machine takes long to load the libraries
_MAX_STARTS_FAILED = 2  # in a row
_PATIENCE = 3  # documents may use up their time; those that come after get less of it
_LESS = 0.1
_SLICE_S = 1.0  # a machine or process that stood still for long is not the document's fault
_CHUNK = 1 << 20  # bytes


class LeftForLater(Exception):
    """A document was not read tonight for no fault of its own; it is not to be remembered."""

    def __init__(self, source: str, detail: str) -> None:
        super().__init__(f"{source}: {detail}")
        self.source = source
        self.reason = SkipReason.UNREACHABLE
        self.detail = detail


class Reads(Protocol):
    """Reads feeds and documents."""

    def feed(self, data: bytes, *, url: str, encoding: str | None = None) -> Feed:
        """Read a feed, see fetch.feeds.read_feed."""

    def article(
        self,
        data: bytes,
        *,
        source: str,
        kind: Kind,
        title: str | None = None,
        publisher: str | None = None,
        published: dt.date | None = None,
        encoding: str | None = None,
    ) -> Article:
        """Read a document, see read.article_from_bytes.

        Raises:
            ArticleError: it is no article.
            LeftForLater: it was not read, and may be one.
        """


class Reader:
    """Reads in a child process, which starts with the first document that needs one.

    A context manager; the thread that uses it has to live as long as it does, because the kernel
    ends the child with its thread.

    Args:
        limit_s: seconds that a document may take.
        memory_bytes: address space of the child.
        until: no document is begun after this moment of `monotonic`.
        monotonic: the stop-watch of `until`.
        command: starts another child, for tests.
    """

    def __init__(
        self,
        *,
        limit_s: float = LIMIT_S,
        memory_bytes: int = MEMORY_BYTES,
        until: float = math.inf,
        monotonic: Callable[[], float] = time.monotonic,
        command: Sequence[str] | None = None,
    ) -> None:
        self._limit_s = limit_s
        self._until = until
        self._monotonic = monotonic
        self._command = command or _worker_command(memory_bytes)
        self._child: _Child | None = None
        self._overran = 0  # documents that used up their time
        self._starts_failed = 0

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The child's process id; None: there is none."""
        return self._child.pid if self._child and self._child.alive else None

    def close(self) -> None:
        """End the child, if there is one; the next document starts another."""
        child, self._child = self._child, None
        if child:
            child.end()

    def feed(self, data: bytes, *, url: str, encoding: str | None = None) -> Feed:
        """Read a feed; one that cannot be read, or not now, has no entries, and a note."""
        asked = AskedFeed(limit_s=self._limit_now, url=url, encoding=_clean(encoding))
        try:
            reply = self._ask(asked, data, url)
        except (ArticleError, LeftForLater) as error:
            return Feed(note=error.detail)
        return reply.feed if isinstance(reply, FeedRead) else Feed(note=_STRANGE)

    def article(
        self,
        data: bytes,
        *,
        source: str,
        kind: Kind,
        title: str | None = None,
        publisher: str | None = None,
        published: dt.date | None = None,
        encoding: str | None = None,
    ) -> Article:
        """Read a document, see read.article_from_bytes.

        Raises:
            ArticleError: it is no article; UNREADABLE too where reading it took too long or too
                much memory, or ended the child.
            LeftForLater: there was no time, or no child.
        """
        if kind in ("text", "markdown"):
            return article_from_bytes(
                data,
                source=source,
                kind=kind,
                title=title,
                publisher=publisher,
                published=published,
                encoding=encoding,
            )
        asked = AskedArticle(
            limit_s=self._limit_now,
            source=source,
            document=kind,
            title=_clean(title),
            publisher=_clean(publisher),
            published=published,
            encoding=_clean(encoding),
        )
        reply = self._ask(asked, data, source)
        if not isinstance(reply, ArticleRead):
            raise ArticleError(source, SkipReason.UNREADABLE, _STRANGE)
        return reply.article

    @property
    def _limit_now(self) -> float:
        return self._limit_s * (1.0 if self._overran < _PATIENCE else _LESS)

    def _ask(self, asked: Asked, data: bytes, source: str) -> Reply:
        """Return what becomes of a document.

        One that ends the child is read once more, by a child that has read nothing before it.
        """
        if self._monotonic() > self._until:
            detail = "the time for reading was over; it is read next night"
            raise LeftForLater(source, detail)
        request = framed(asked.model_dump_json().encode()) + framed(data)
        problem = ""
        for _ in range(2):
            child = self._started(source)
            try:
                reply = child.exchange(request, asked.limit_s)
            except _Overrun:
                raise self._too_slow(source, asked.limit_s) from None
            except _Ended as ended:
                problem = f"reading it ended the reader ({ended})"
                continue
            if isinstance(reply, Refused):
                raise ArticleError(source, reply.reason, reply.detail)
            if not isinstance(reply, OutOfMemory):
                return reply
            problem = "reading it took too much memory"
            self.close()
        raise ArticleError(source, SkipReason.UNREADABLE, f"{problem}: {_BLAME}")

    def _too_slow(self, source: str, limit_s: float) -> ArticleError | LeftForLater:
        self._overran += 1
        detail = f"reading it took more than {limit_s:g} seconds"
        if limit_s < self._limit_s:
            detail += ", after others had taken too long; it is tried again next night"
            return LeftForLater(source, detail)
        return ArticleError(source, SkipReason.UNREADABLE, f"{detail}: {_BLAME}")

    def _started(self, source: str) -> _Child:
        """Return the child, a new one if need be."""
        if self._child is not None and self._child.alive:
            return self._child
        if self._starts_failed >= _MAX_STARTS_FAILED:
            raise LeftForLater(source, "what reads such documents cannot be started")
        problem = "it is silent"
        try:
            self._child = child = _Child(self._command)
            if isinstance(child.exchange(b"", _START_S), Ready):
                self._starts_failed = 0
                return child
        except (OSError, _Ended, _Overrun) as error:
            problem = str(error) or problem
        self.close()
        self._starts_failed += 1
        raise LeftForLater(source, f"what reads such documents cannot be started ({problem})")


_BLAME = "it is damaged or hostile"
_STRANGE = f"its reader answered what was not asked: {_BLAME}"


def _clean(text: str | None) -> str | None:
    return text and without_surrogates(text)


def _worker_command(memory_bytes: int) -> list[str]:
    """Return the command of reading_worker.py in a fresh interpreter with our import paths.

    Neither multiprocessing, which imports the caller's main script, nor -m, as a checkout may
    not be installed; -P keeps the working directory out.
    """
    code = (
        "import sys; sys.path[:] = sys.argv[3:]; del sys.argv[3:]; "
        "from summarizer.digest.reading_worker import main; main()"
    )
    paths = [os.path.abspath(path) for path in sys.path]  # noqa: PTH100 - not resolved
    return [sys.executable, "-P", "-c", code, str(os.getpid()), str(memory_bytes), *paths]


# --- the child --------------------------------------------------------------------------------


class _Overrun(Exception):
    """The child did not answer in time."""


class _Ended(Exception):
    """The child has ended, or answered what is no answer."""


class _Child:
    """A child process; it ends with this object and with this process.

    Raises:
        OSError: it cannot be started.
    """

    def __init__(self, command: Sequence[str]) -> None:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what libraries say quotes the document
            bufsize=0,
        )
        self._process = process
        self.pid = process.pid
        self.end = weakref.finalize(self, _end, process)
        self._source, self._sink = _unblocked(process.stdout), _unblocked(process.stdin)
        self._received = bytearray()

    @property
    def alive(self) -> bool:
        """Whether it may be asked again."""
        return self.end.alive

    def exchange(self, request: bytes, limit_s: float) -> Reply:
        """Send `request` and return the reply; without one in time, or on any error, end.

        Raises:
            _Overrun: `limit_s` seconds were not enough.
            _Ended: there is no reply that can be understood.
        """
        try:
            return REPLY.validate_json(self._exchange(request, limit_s))
        except ValidationError:
            self.end()
            raise _Ended("its answer cannot be understood") from None
        except BaseException:
            self.end()
            raise

    def _exchange(self, request: bytes, limit_s: float) -> bytes:
        """Write and read at the same time: a child that hangs does not read."""
        unsent = memoryview(request)
        used_s = 0.0
        with selectors.DefaultSelector() as selector:
            selector.register(self._source, selectors.EVENT_READ)
            if unsent:
                selector.register(self._sink, selectors.EVENT_WRITE)
            while used_s < limit_s:
                before = time.monotonic()
                for key, _ in selector.select(min(_SLICE_S, limit_s - used_s)):
                    if key.fd == self._source:
                        self._receive()
                    else:
                        unsent = self._send(unsent)
                        if not unsent:
                            selector.unregister(self._sink)
                if (reply := self._reply()) is not None:
                    return reply
                used_s += min(time.monotonic() - before, _SLICE_S)
        raise _Overrun

    def _send(self, unsent: memoryview) -> memoryview:
        try:
            return unsent[os.write(self._sink, unsent[:_CHUNK]) :]
        except BlockingIOError:
            return unsent
        except OSError:
            return unsent[:0]  # it has ended, as reading will tell

    def _receive(self) -> None:
        try:
            chunk = os.read(self._source, _CHUNK)
        except BlockingIOError:
            return
        if not chunk:
            raise _Ended(self._how_it_ended())
        self._received += chunk

    def _reply(self) -> bytes | None:
        """Return the reply if all of it is there."""
        if len(self._received) < LENGTH.size:
            return None
        (length,) = LENGTH.unpack_from(self._received)
        if length > MAX_REPLY:
            raise _Ended("its answer is too long")
        end = LENGTH.size + length
        if len(self._received) < end:
            return None
        if len(self._received) > end:
            raise _Ended("it answered more than was asked")
        reply = bytes(self._received[LENGTH.size :])
        self._received.clear()
        return reply

    def _how_it_ended(self) -> str:
        try:
            code = self._process.wait(_SLICE_S)
        except subprocess.TimeoutExpired:
            return "it closed its output"
        try:
            return signal.Signals(-code).name
        except ValueError:
            return f"exit code {code}"


def _unblocked(pipe: IO[bytes] | None) -> int:
    if pipe is None:
        raise OSError("there is no pipe to the reader")
    os.set_blocking(pipe.fileno(), False)
    return pipe.fileno()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
