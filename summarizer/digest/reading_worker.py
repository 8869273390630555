"""The child process that reads documents from outside; reading.py starts it and says why.

It has little memory, ends with its parent, and is killed when a document takes too long.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from typing import BinaryIO

from summarizer.data import SkipReason
from summarizer.digest.fetch.feeds import read_feed
from summarizer.digest.reading_messages import (
    ASKED,
    MAX_REPLY,
    ArticleRead,
    Asked,
    AskedFeed,
    FeedRead,
    OutOfMemory,
    Ready,
    Refused,
    Reply,
    framed,
    read_frame,
)
from summarizer.errors import ArticleError
from summarizer.offspring import killed_with_parent, offer_to_oom_killer
from summarizer.read import article_from_bytes

_GRACE_S = 5.0  # of computing, after which a child that nobody killed ends by itself


def main() -> None:
    """Serve the parent; the arguments are its process id and the bytes of memory allowed."""
    parent, memory = map(int, sys.argv[1:3])
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)  # they are for our parent, which ends us
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    source, sink = _take_pipes()
    _die_with(parent)
    _limit(memory)
    _send(sink, Ready())
    while (asked := read_frame(source)) is not None and (data := read_frame(source)) is not None:
        request = ASKED.validate_json(asked)
        # The default end of this signal comes even in the middle of a library's C code.
        signal.setitimer(signal.ITIMER_PROF, request.limit_s + _GRACE_S)
        reply = answer(request, data)
        signal.setitimer(signal.ITIMER_PROF, 0)
        _send(sink, reply)


def answer(asked: Asked, data: bytes) -> Reply:
    """Read one document; whatever it does, the answer says so."""
    try:
        if isinstance(asked, AskedFeed):
            return FeedRead(feed=read_feed(data, url=asked.url, encoding=asked.encoding))
        details = asked.model_dump(exclude={"kind", "limit_s", "document"})
        return ArticleRead(article=article_from_bytes(data, kind=asked.document, **details))
    except ArticleError as error:
        if isinstance(error.__cause__, MemoryError):
            return OutOfMemory()
        return Refused(reason=error.reason, detail=error.detail)
    except MemoryError:
        return OutOfMemory()


def _send(sink: BinaryIO, reply: Reply) -> None:
    try:
        payload = reply.model_dump_json().encode()
    except MemoryError:
        payload = OutOfMemory().model_dump_json().encode()
    if len(payload) > MAX_REPLY:
        refused = Refused(reason=SkipReason.TOO_LARGE, detail="what it holds is too large")
        payload = refused.model_dump_json().encode()
    try:
        sink.write(framed(payload))
        sink.flush()
    except OSError:
        os._exit(1)  # there is nobody left to read it


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Return input and output of our own; what a library reads or prints is nothing."""
    source, sink = os.dup(0), os.dup(1)
    empty = os.open(os.devnull, os.O_RDWR)
    for taken in (0, 1):
        os.dup2(empty, taken)
    os.close(empty)
    return os.fdopen(source, "rb"), os.fdopen(sink, "wb")


def _die_with(parent: int) -> None:
    """End with `parent` even while reading; between documents the end of the input does that."""
    killed_with_parent()
    if os.getppid() != parent:
        os._exit(0)  # it ended before we said so


def _limit(memory: int) -> None:
    import resource  # not on Windows

    with suppress(OSError, ValueError):  # a system that has no such limit, or a lower one
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    offer_to_oom_killer()


if __name__ == "__main__":
    main()
