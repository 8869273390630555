"""A child process whose engine does what each prompt's text says; `command` starts it.

Every request that gets under way is noted in LOG as "started TEXT", so that a test can see what
was tried how often. The texts are in `ScriptedEngine._do`; what is loaded, in `_open`.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Collection
from pathlib import Path

from summarizer.errors import ModelFileError
from summarizer.model.interface import Answer, FinishReason, Judgement, Prompt, Question, Usage
from summarizer.model.protocol import Engine, EngineOptions, Outcome, Started
from summarizer.model.worker import serve

STEP_S = 0.005


class ScriptedEngine:
    """Answers up to `parallel` requests at a time, a word of each a step."""

    def __init__(self, options: EngineOptions, log: Path) -> None:
        self.context_tokens = options.context_tokens // 2
        self.weights = str(options.path)
        self._slots = options.parallel or 4
        self._log = log
        self._waiting: list[Prompt | Question] = []
        self._active: dict[str, tuple[Prompt | Question, int]] = {}
        self._late = options.name == "late"  # says Started with the outcomes, as a plain engine
        self._added = self._done = self._written = 0

    @property
    def busy(self) -> bool:
        return bool(self._waiting or self._active)

    @property
    def usage(self) -> Usage:
        share = self._done / self._added if self._added else 0.0
        return Usage(tokens_read=self._added, tokens_written=self._written, done_share=share)

    def add(self, request: Prompt | Question) -> None:
        if text_of(request) == "refuse":
            raise ValueError("no such grammar")
        if not self.busy:
            self._added = self._done = self._written = 0
        self._added += 1
        self._waiting.append(request)

    def step(self) -> list[Outcome]:
        started = self._start()
        if started and not self._late:
            return started
        time.sleep(STEP_S)
        outcomes: list[Outcome] = [*started]
        for serial, (request, steps) in list(self._active.items()):
            self._written += 1
            answer = self._do(request, steps)
            self._active[serial] = (request, steps + 1)
            if answer is not None:
                del self._active[serial]
                self._done += 1
                outcomes.append(answer)
        return outcomes

    def _start(self) -> list[Outcome]:
        started: list[Outcome] = []
        while self._waiting and len(self._active) < self._slots:
            request = self._waiting.pop(0)
            self._active[request.id] = (request, 0)
            with self._log.open("a") as log:
                log.write(f"started {ascii(text_of(request))}\n")
            started.append(Started(id=request.id))
        return started

    def _do(self, request: Prompt | Question, steps: int) -> Outcome | None:
        text = text_of(request)
        word, _, rest = text.partition(" ")
        if word == "once":  # once MARK ...: what follows, but only the first time
            mark, _, rest = rest.partition(" ")
            if not Path(mark).exists():
                Path(mark).touch()
                word, _, rest = rest.partition(" ")
        if rest == "later" and steps == 0:
            return None  # so that others can finish in the first step
        _end(word, rest)
        if word == "rubbish":
            sys.stdout.write("rubbish on sys.stdout\n")
            sys.stdout.flush()
            os.write(1, b"rubbish on file descriptor 1\n")
        if word == "noise":
            os.write(2, b"x" * 300_000)
        if word == "slow" and steps < int(rest.split()[0]):
            return None
        if isinstance(request, Question):
            return Judgement(question_id=request.id, score=float(len(text)), tokens_read=1)
        return Answer(
            prompt_id=request.id,
            text=f"<{text}>",
            finish=FinishReason.STOP,
            tokens_read=1,
            tokens_written=steps + 1,
        )

    def drop(self, ids: Collection[str]) -> None:
        self._waiting = [request for request in self._waiting if request.id not in ids]
        for serial in ids:
            self._active.pop(serial, None)
        with self._log.open("a") as log:
            log.write(f"dropped {len(ids)}\n")

    def count_tokens(self, text: str) -> int:
        if text == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        with self._log.open("a") as log:
            log.write("counted\n")
        return len(text)

    def close(self) -> None:
        pass


def _end(word: str, rest: str) -> None:
    """End or stop this process if `word` says so."""
    match word:
        case "die":
            os.kill(os.getpid(), getattr(signal, rest))
            time.sleep(60)
        case "exit":
            sys.stderr.write("last words of the child\n")
            sys.stderr.flush()
            os._exit(int(rest))
        case "raise":
            raise RuntimeError("something unforeseen")
        case "hang":
            time.sleep(60)
        case "freeze":  # no other thread of the child can run
            ctypes.PyDLL(None).sleep(60)


def text_of(request: Prompt | Question) -> str:
    return request.segments[-1].text


def _open(options: EngineOptions) -> Engine:
    log = Path(sys.argv[1])
    with log.open("a") as lines:
        lines.write(f"opened {os.getpid()}\n")
    match options.path.name:
        case "damaged.gguf":
            raise ModelFileError("damaged.gguf is no model", hint="Fetch it again.")
        case "strange.gguf":
            raise KeyError("strange")
        case "no-library.gguf":
            raise ModuleNotFoundError("No module named 'llama_cpp'")
        case "too-large.gguf":
            os.kill(os.getpid(), signal.SIGKILL)
        case "endless.gguf":
            time.sleep(60)
        case "once.gguf" if log.read_text().count("opened") > 1:
            os._exit(9)  # loads the first time only
    return ScriptedEngine(options, log)


def main() -> None:
    serve(_open, lasting="lasting" in sys.argv)


def command(log: Path, *options: str) -> list[str]:
    """Return what starts this child, the log as its first argument."""
    root = str(Path(__file__).resolve().parent.parent)
    # The bare package: importing all of `summarizer` would take 0.3 s a child.
    code = (
        f"import sys, types; sys.path.insert(0, {root!r}); "
        f"bare = types.ModuleType('summarizer'); bare.__path__ = [{root + '/summarizer'!r}]; "
        "sys.modules['summarizer'] = bare; "
        "from tests.scripted_child import main; main()"
    )
    return [sys.executable, "-c", code, str(log), *options]
