"""The parent's hold on one child process: typed messages both ways, and a sure end."""

from __future__ import annotations

import io
import queue
import subprocess
import threading
import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import IO, cast

from summarizer.data import Record
from summarizer.model.ends import End, explain, one_line
from summarizer.model.protocol import Failed, FromChild, ProtocolError, encode, read_from_child

_LAST_WORDS_BYTES = 4096  # of stderr, kept to explain a crash
_END_S = 1.5  # a killed process and the threads at its pipes get so long to be gone

_Inbox = queue.SimpleQueue[FromChild | ProtocolError | None]
_Outbox = queue.SimpleQueue[bytes | None]


class ChildEnded(Exception):
    """Nothing more will come from this child: why, and what it said itself if it could."""

    def __init__(self, end: End, failed: Failed | None = None) -> None:
        super().__init__(end.problem)
        self.end = end
        self.failed = failed


class Child:
    """A child process; it does not outlive this object, or this process.

    Pipes are read and written by threads, so that neither side can block the other: selectors
    do not work on pipes everywhere, and a child that hangs does not read.

    Raises:
        OSError: the process cannot be started.
    """

    def __init__(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        self._process = process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            list(command),
            env=dict(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,  # a buffer that cannot be flushed would complain when it is freed
        )
        self.pid = process.pid
        self._inbox: _Inbox = queue.SimpleQueue()
        self._outbox: _Outbox = queue.SimpleQueue()
        self._last_words = bytearray()
        jobs: tuple[tuple[Callable[..., None], object, object], ...] = (
            (_read_messages, process.stdout, self._inbox),
            (_keep_last_words, process.stderr, self._last_words),
            (_write, process.stdin, self._outbox),
        )
        self._threads = [
            threading.Thread(target=job, args=(stream, box), daemon=True)
            for job, stream, box in jobs
        ]
        # Also called when this process exits. Nothing it holds may refer to this object.
        self.kill = weakref.finalize(self, _end, process, self._outbox, self._threads)
        for thread in self._threads:
            thread.start()

    @property
    def alive(self) -> bool:
        """Whether the process is still there."""
        return self._process.poll() is None

    def send(self, message: Record) -> None:
        """Send `message` in a while; that the child is gone, only `receive` tells.

        Raises:
            ProtocolError: the message is too long.
        """
        self._outbox.put(encode(message))

    def receive(self, timeout_s: float) -> FromChild | None:
        """Return the next message, or None if there is none within `timeout_s`.

        Raises:
            ChildEnded: there will be none, ever.
        """
        try:
            message = self._inbox.get(timeout=timeout_s)
        except queue.Empty:
            return None
        if message is None:
            raise ChildEnded(self.end())
        if isinstance(message, ProtocolError):
            raise ChildEnded(End(problem=f"it said what cannot be understood: {message}"))
        if isinstance(message, Failed):
            problem = one_line(f"{message.error}: {message.message}")
            raise ChildEnded(End(problem=problem, hint=message.hint), message)
        return message

    def end(self) -> End:
        """Explain how the process ended."""
        try:
            code = self._process.wait(timeout=_END_S)
        except subprocess.TimeoutExpired:
            return End(problem="it closed its output")
        self._threads[1].join(timeout=_END_S)
        return explain(code, self.last_words())

    def last_words(self) -> str:
        """Return the end of what it wrote to stderr."""
        return bytes(self._last_words).decode("utf-8", "replace")


def _read_messages(stream: IO[bytes], inbox: _Inbox) -> None:
    try:
        with io.BufferedReader(cast(io.RawIOBase, stream)) as buffered:
            while (message := read_from_child(buffered)) is not None:
                inbox.put(message)
    except ProtocolError as error:
        inbox.put(error)
    except (OSError, ValueError):
        pass  # closed under our feet
    inbox.put(None)


def _keep_last_words(stream: IO[bytes], words: bytearray) -> None:
    with suppress(OSError, ValueError):
        while chunk := stream.read(1 << 16):
            words += chunk
            del words[:-_LAST_WORDS_BYTES]


def _write(stream: IO[bytes], outbox: _Outbox) -> None:
    with suppress(OSError, ValueError):  # the child is gone
        while (line := outbox.get()) is not None:
            view = memoryview(line)
            while view:
                view = view[stream.write(view) :]


def _end(
    process: subprocess.Popen[bytes],
    outbox: _Outbox,
    threads: Sequence[threading.Thread],
) -> None:
    """Kill the process, if it is a child of ours (not of our parent's), and free everything."""
    deadline = time.monotonic() + _END_S
    process.kill()
    outbox.put(None)
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=_END_S)
    streams = (process.stdout, process.stderr, process.stdin)
    for thread, stream in zip(threads, streams, strict=True):
        if thread.is_alive() and thread is not threading.current_thread():
            thread.join(timeout=max(0.0, deadline - time.monotonic()))
        # What the child started may hold its pipes open: then the stream stays with its thread.
        if stream is not None and not thread.is_alive():
            stream.close()
