"""The child process that runs a local model: `python -m summarizer.model.worker`.

It reads requests from its standard input and writes outcomes to what was its standard output
(protocol.py says how); process.py starts it.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import BinaryIO

from summarizer.data import Record
from summarizer.errors import SummarizerError
from summarizer.model.ends import one_line
from summarizer.model.interface import Answer, Judgement, Prompt, Question
from summarizer.model.protocol import (
    Answered,
    Ask,
    Beat,
    Count,
    Counted,
    Drop,
    Engine,
    EngineOptions,
    Failed,
    Go,
    Judge,
    Judged,
    Open,
    Outcome,
    ProtocolError,
    Ready,
    Refused,
    ToChild,
    encode,
    read_to_child,
)
from summarizer.offspring import killed_with_parent, offer_to_oom_killer

_BEAT_S = 0.25  # between two signs of life
_PARENT_CHECK_S = 0.5

OpenEngine = Callable[[EngineOptions], Engine]


def main() -> None:
    """Serve the parent that started this process; "lasting" as an argument: see `serve`."""
    serve(_open_local, lasting="lasting" in sys.argv[1:])


def serve(open_engine: OpenEngine, *, lasting: bool = False) -> None:
    """Take over this process: open an engine as the parent asks and run it until the parent ends.

    `lasting` says that the thread which started this process lives as long as its own does.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches us too; the parent decides
    source, sink = _take_pipes()
    offer_to_oom_killer()
    _die_with_parent(lasting=lasting)
    worker = _Worker(sink)
    threading.Thread(target=_listen, args=(source, worker.inbox), daemon=True).start()
    try:
        worker.run(open_engine)
    except Exception as error:
        # Its traceback goes to stderr; the parent wants to raise the same class again.
        hint = error.hint if isinstance(error, SummarizerError) else ""
        worker.send(Failed(error=type(error).__name__, message=str(error), hint=hint))
        raise


class _Worker:
    """Runs one engine for one parent."""

    def __init__(self, sink: BinaryIO) -> None:
        self.inbox: queue.SimpleQueue[ToChild | ProtocolError] = queue.SimpleQueue()
        self._sink = sink
        self._last_beat = time.monotonic()
        self._adding = False  # in the middle of a batch of requests

    def run(self, open_engine: OpenEngine) -> None:
        """Answer requests until the process ends."""
        first = self._take()
        if not isinstance(first, Open):
            raise ProtocolError(f"the first message is {first.kind!r}, not 'open'")
        engine = open_engine(first.options)
        self.send(Ready(context_tokens=engine.context_tokens, weights=engine.weights))
        while True:
            while self._adding or not engine.busy or not self.inbox.empty():
                self._handle(self._take(), engine)
            self._step(engine)

    def send(self, message: Record) -> None:
        """Write `message`; without a parent to read it, end."""
        try:
            self._sink.write(encode(message))
            self._sink.flush()
        except OSError:
            os._exit(1)

    def _take(self) -> ToChild:
        message = self.inbox.get()
        if isinstance(message, ProtocolError):
            raise message
        return message

    def _handle(self, message: ToChild, engine: Engine) -> None:
        match message:
            case Ask():
                self._add(message.prompt, engine)
            case Judge():
                self._add(message.question, engine)
            case Go():
                self._adding = False
            case Drop():
                engine.drop(message.ids)
            case Count():
                self.send(Counted(id=message.id, tokens=engine.count_tokens(message.text)))
            case Open():
                raise ProtocolError("'open' twice")

    def _add(self, request: Prompt | Question, engine: Engine) -> None:
        self._adding = True
        try:
            engine.add(request)
        except (SummarizerError, ValueError) as error:
            self.send(Refused(id=request.id, problem=one_line(f"{type(error).__name__}: {error}")))
        self._beat(engine)

    def _step(self, engine: Engine) -> None:
        outcomes = engine.step()
        finished = any(isinstance(outcome, Answer | Judgement) for outcome in outcomes)
        self._beat(engine, now=finished)  # first, so that an answer finds its tokens counted
        for outcome in outcomes:
            self.send(_message(outcome))

    def _beat(self, engine: Engine, *, now: bool = False) -> None:
        if now or time.monotonic() - self._last_beat >= _BEAT_S:
            self._last_beat = time.monotonic()
            self.send(Beat(usage=engine.usage))


def _message(outcome: Outcome) -> Record:
    match outcome:
        case Answer():
            return Answered(answer=outcome)
        case Judgement():
            return Judged(judgement=outcome)
        case _:
            return outcome


def _open_local(options: EngineOptions) -> Engine:
    from summarizer.model.local import open_engine  # late: the library takes a while to load

    return open_engine(options)


# --- this process ------------------------------------------------------------------------------


def _listen(source: BinaryIO, inbox: queue.SimpleQueue[ToChild | ProtocolError]) -> None:
    """Pass messages on; end the process with the parent, even in the middle of a long decode."""
    while True:
        try:
            message = read_to_child(source)
        except ProtocolError as error:
            inbox.put(error)
            return
        except OSError:
            message = None
        if message is None:
            os._exit(0)
        inbox.put(message)


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Return input and output of our own.

    From now on what a library prints goes to stderr, and what it reads is empty.
    """
    source, sink = os.dup(0), os.dup(1)
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    sys.stdout.flush()
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(source, os.O_BINARY)
        msvcrt.setmode(sink, os.O_BINARY)
    return os.fdopen(source, "rb"), os.fdopen(sink, "wb")


def _die_with_parent(*, lasting: bool) -> None:
    """End this process with its parent, besides by the end of the input.

    The kernel's own way works whatever we are doing, but it goes by the *thread* that started
    us, hence `lasting`. Watching works on other systems too, and where a fork of the parent
    holds our input open.
    """
    if sys.platform == "win32":
        return
    if lasting:
        killed_with_parent()
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_PARENT_CHECK_S)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    main()
