"""A local model in a child process: its crashes and hangs cost a retry, never the run.

The child (worker.py) is started once and again after each death; docket.py says what it is sent
then. ends.py says what a death means.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing

from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_exponential

from summarizer.errors import (
    ConfigError,
    GenerationError,
    ModelFileError,
    ModelUnavailable,
    SummarizerError,
)
from summarizer.model.child import Child, ChildEnded
from summarizer.model.docket import MAX_DEATHS, MAX_TRIES, Docket, Entry
from summarizer.model.ends import End, hung
from summarizer.model.interface import (
    Answer,
    FinishReason,
    Judgement,
    OnUsage,
    Prompt,
    Question,
    Usage,
)
from summarizer.model.protocol import (
    Answered,
    Ask,
    Beat,
    Count,
    Counted,
    Drop,
    EngineOptions,
    FromChild,
    Go,
    Judge,
    Judged,
    Open,
    ProtocolError,
    Ready,
    Refused,
    Started,
)

_POLL_S = 0.5  # the most that one look into the pipe takes
_PAUSE = wait_exponential(multiplier=0.25, max=4)  # between starts that fail: memory may come back
_COUNTS_KEPT = 50_000  # sentences whose tokens are remembered
_BYTES_A_TOKEN = 2  # for an estimate that is rather too high, where nothing can be counted

_log = logging.getLogger("summarizer.model")

# What the child can raise while it loads, by name; anything else is a crash of it.
_OPENING_ERRORS = {
    kind.__name__: kind
    for kind in (SummarizerError, ConfigError, ModelFileError, ModelUnavailable, GenerationError)
}

_Got = Answer | Judgement | GenerationError


class _Call:
    """One call of `generate` or `judge`: what it waits for, and what has come for it."""

    def __init__(self, total: int, used: Usage) -> None:
        self.total = total
        self.left: set[str] = set()
        self.arrived: deque[_Got] = deque()
        self.used_before = used
        self.period = -1  # of the docket, and how many were answered before it
        self.done_before = 0
        self.told: Usage | None = None


class ProcessModel:
    """A GGUF model in a child process; fulfils Model. Not thread-safe.

    A request under way in two crashes is answered with FinishReason.FAILED; so is everything
    after three crashes in a row without an answer in between, and the model stays given up: open
    another one. After `close` it raises ValueError. Ctrl-C while it waits ends the child; the
    next call starts another.

    Args:
        options: for the engine; paths are made absolute, as a child may be started later.
        stall_s: a child with work to do may be silent so long before it is taken to hang.
        load_s: … and while it loads.
        command: what to start instead of worker.py, for tests.

    Raises:
        ModelFileError, ConfigError: as the engine raised it in the child.
        ModelUnavailable: the child crashed, or took longer than `load_s`, while it loaded.
    """

    def __init__(
        self,
        options: EngineOptions,
        *,
        stall_s: float = 180.0,
        load_s: float = 600.0,
        command: Sequence[str] | None = None,
    ) -> None:
        self.name, self.sha256, self.strategy = options.name, options.sha256, options.strategy
        self.context_tokens = options.context_tokens
        lora = options.lora.absolute() if options.lora else None
        self._options = options.model_copy(update={"path": options.path.absolute(), "lora": lora})
        self._stall_s, self._load_s = stall_s, load_s
        self._command, self._paths = command, _import_paths()
        self._docket: Docket[_Call] = Docket()
        self._child: Child | None = None
        self._child_answered = False
        self.weights = ""
        self._closed = False
        self._why_given_up = ""
        self._silent_s = 0.0  # waited for since the last message
        self._counted: dict[str, int] = {}  # by serial number, on the way to whoever asked
        self._counts: dict[str, int] = {}  # by text
        self._beat, self._beat_period = Usage(), 0
        self._used_before = Usage()  # of all periods before that
        self._problems: Counter[str] = Counter()
        try:
            self._start()
        except ChildEnded as ended:
            self.close()
            raise _opening_error(self.name, ended) from None
        except BaseException:
            self.close()
            raise

    @property
    def parallel(self) -> int:
        """How many prompts can be under way at once; 0 before the first."""
        return self._beat.parallel

    @property
    def model_s(self) -> float:
        """Seconds that the engine has spent inside llama.cpp so far."""
        return self._used().model_s

    @property
    def problems(self) -> tuple[str, ...]:
        """What went wrong so far, for the user: each kind of crash once, with its number."""
        return tuple(
            text if times == 1 else f"{text} ({times} times)"
            for text, times in self._problems.items()
        )

    def generate(
        self, prompts: Sequence[Prompt], *, on_usage: OnUsage | None = None
    ) -> Iterator[Answer]:
        """Answer every prompt once, in the order in which they finish.

        `on_usage` is called while the caller waits; its tokens are those of the whole engine
        since the call began, questions asked meanwhile included.
        """
        with closing(self._requested(prompts, on_usage)) as outcomes:
            for got in outcomes:
                if isinstance(got, Answer):
                    yield got

    def judge(self, questions: Sequence[Question]) -> Iterator[Judgement]:
        """Judge every question once, in the order in which they finish.

        Raises:
            GenerationError: a question cannot be judged; the rest of them are dropped.
        """
        with closing(self._requested(questions, None)) as outcomes:
            for got in outcomes:
                if isinstance(got, GenerationError):
                    raise got
                if isinstance(got, Judgement):
                    yield got

    def count_tokens(self, text: str) -> int:
        """Return how many tokens `text` takes as untrusted text.

        A text counted before costs nothing, another a message there and back, after the decode
        that is under way. Of a model that was given up it is an estimate, rather too high.
        """
        known = self._counts.get(text)
        if known is None:
            known = self._count(text)
            if known is None:
                return len(text.encode("utf-8", "replace")) // _BYTES_A_TOKEN + 1
            if len(self._counts) >= _COUNTS_KEPT:
                self._counts.clear()
            self._counts[text] = known
        return known

    def close(self) -> None:
        """End the child. Calling it again does nothing."""
        self._closed = True
        self._stop()

    # -- requests -----------------------------------------------------------------------

    def _requested(
        self, requests: Sequence[Prompt] | Sequence[Question], on_usage: OnUsage | None
    ) -> Generator[_Got, None, None]:
        """Yield what becomes of each request; whoever leaves midway wants the rest forgotten."""
        call = _Call(len(requests), self._used())
        try:
            call.left.update([self._docket.add(request, call) for request in requests])
            while call.left or call.arrived:
                if call.arrived:
                    yield call.arrived.popleft()
                    continue
                self._turn()
                if on_usage:
                    self._tell(call, on_usage)
        finally:
            sent = self._docket.drop(call.left) if call.left else []
            if sent and self._child:
                self._child.send(Drop(ids=tuple(sent)))

    def _turn(self) -> None:
        """Send what is due and take one message, or see to the child that has ended."""
        try:
            child = self._living()
            if child is None:
                return self._give_up()
            self._send_due(child)
            message = self._receive(child, self._stall_s)
        except ChildEnded as ended:
            return self._bury(ended.end)
        except KeyboardInterrupt:
            self._stop()
            raise
        return self._take(message)

    def _send_due(self, child: Child) -> None:
        if not self._docket.busy:
            self._silent_s = 0.0
        due = self._docket.to_send()
        for serial, request in due:
            try:
                if isinstance(request, Prompt):
                    child.send(Ask(prompt=request.model_copy(update={"id": serial})))
                else:
                    child.send(Judge(question=request.model_copy(update={"id": serial})))
            except ProtocolError as error:
                self._settle(serial, str(error))
        if due:
            child.send(Go())

    def _receive(self, child: Child, limit_s: float) -> FromChild | None:
        """Return a message, or None for now; only time that we waited makes a child hang."""
        begun = time.monotonic()
        wait_s = min(_POLL_S, limit_s)
        message = child.receive(wait_s)
        if message is not None:
            self._silent_s = 0.0
            return message
        # This process may have been asleep itself (Ctrl-Z), and the child with it.
        self._silent_s += min(time.monotonic() - begun, 2 * wait_s)
        if self._silent_s >= limit_s:
            raise ChildEnded(hung(limit_s))
        return None

    def _take(self, message: FromChild | None) -> None:
        match message:
            case Started():
                self._docket.start(message.id)
            case Beat():
                self._note_usage(message.usage)
            case Answered():
                self._child_answered = True
                self._docket.note_answer()
                self._settle(message.answer.prompt_id, message.answer)
            case Judged():
                self._docket.note_answer()
                self._settle(message.judgement.question_id, message.judgement)
            case Refused():
                self._settle(message.id, message.problem)
            case Counted():
                self._counted[message.id] = message.tokens

    def _settle(self, serial: str, outcome: Answer | Judgement | str) -> None:
        """Hand a request's outcome (str: why there is none) to its caller, if one still waits."""
        entry = self._docket.pop(serial)
        if entry is None:
            return
        entry.caller.left.discard(serial)
        entry.caller.arrived.append(_outcome(entry, outcome))

    def _count(self, text: str) -> int | None:
        """Ask the child; None if it cannot be asked, or ends each time."""
        for _ in range(MAX_TRIES):
            try:
                child = self._living()
                if child is None:
                    return None
                if not self._docket.busy:
                    self._silent_s = 0.0
                serial = self._docket.new_serial()
                child.send(Count(id=serial, text=text))
                while serial not in self._counted:
                    self._take(self._receive(child, self._stall_s))
                return self._counted.pop(serial)
            except ProtocolError:
                return None  # too long to send
            except ChildEnded as ended:
                self._bury(ended.end)
            except KeyboardInterrupt:
                self._stop()
                raise
        return None

    # -- the child ----------------------------------------------------------------------

    def _living(self) -> Child | None:
        """Return the child, a new one if need be; None once the model is given up."""
        if self._closed:
            raise ValueError("this model is closed")
        if self._child and not self._docket.busy and not self._child.alive:
            self._bury(self._child.end())  # before anything is sent that it could be blamed for
        if self._docket.given_up:
            return None
        if self._child is None:
            Retrying(
                retry=retry_if_exception_type(ChildEnded),
                after=self._bury_attempt,
                stop=lambda _attempt: self._docket.given_up,
                wait=_PAUSE,
                retry_error_callback=lambda _attempt: None,
            )(self._start)
        return self._child

    def _start(self) -> None:
        """Start a child and wait until its model is loaded."""
        try:
            self._child = child = Child(
                self._command or _worker_command(self._paths), _environment()
            )
        except OSError as error:
            raise ChildEnded(End(problem=f"it cannot be started: {error}")) from error
        self._silent_s = 0.0
        child.send(Open(options=self._options))
        while not isinstance(message := self._receive(child, self._load_s), Ready):
            pass
        self.context_tokens, self.weights = message.context_tokens, message.weights
        self._child_answered = False

    def _stop(self) -> None:
        """End the child, if there is one; what it had to do stays to be done."""
        child, self._child = self._child, None
        if child:
            child.kill()
        self._docket.stopped()

    def _bury_attempt(self, attempt: RetryCallState) -> None:
        error = attempt.outcome.exception() if attempt.outcome else None
        if isinstance(error, ChildEnded):
            self._bury(error.end)

    def _bury(self, end: End) -> None:
        """Note what a child's end means for everything it was asked, and tell the user."""
        child, self._child = self._child, None
        if child:
            child.kill()
            _log.debug("its last words: %s", child.last_words())
        if end.plain_may_help and not self._child_answered:
            self._options = self._options.model_copy(update={"plain": True})
        failed = self._docket.died()
        again = "It is given up." if self._docket.given_up else "It is started again."
        _log.warning("The model's process ended: %s. %s %s", end.problem, again, end.hint)
        self._problems[f"The model's process ended: {end.problem}. {end.hint}".strip()] += 1
        if self._docket.given_up:
            self._why_given_up = f"{MAX_DEATHS} times in a row: {end.problem}"
            return self._give_up()
        for serial in failed:
            self._settle(serial, f"the model's process ended twice at this text: {end.problem}")
        return None

    def _give_up(self) -> None:
        problem = f"the model was given up: its process ended {self._why_given_up}"
        for serial in self._docket.serials():
            self._settle(serial, problem)

    # -- usage --------------------------------------------------------------------------

    def _note_usage(self, usage: Usage) -> None:
        if self._beat_period != self._docket.period:
            self._used_before = self._used()
            self._beat_period = self._docket.period
        self._beat = usage

    def _used(self) -> Usage:
        """Return the tokens of all children so far."""
        return Usage(
            tokens_read=self._used_before.tokens_read + self._beat.tokens_read,
            tokens_written=self._used_before.tokens_written + self._beat.tokens_written,
            model_s=self._used_before.model_s + self._beat.model_s,
        )

    def _tell(self, call: _Call, on_usage: OnUsage) -> None:
        """Call `on_usage` if there is something new."""
        period, done = self._docket.period, call.total - len(call.left)
        if call.period != period:
            call.period, call.done_before = period, done
        under_way = 1 if self._docket.alone else call.total - call.done_before
        share = self._beat.done_share if self._beat_period == period else 0.0
        shares = (done, min(call.done_before + share * under_way, call.total))
        used, told = self._used(), call.told or Usage()
        usage = Usage(
            tokens_read=max(used.tokens_read - call.used_before.tokens_read, told.tokens_read),
            tokens_written=max(
                used.tokens_written - call.used_before.tokens_written, told.tokens_written
            ),
            done_share=max(*(share / call.total for share in shares), told.done_share),
            model_s=max(used.model_s - call.used_before.model_s, told.model_s),
        )
        if usage != call.told:
            call.told = usage
            on_usage(usage)


def _outcome(entry: Entry[_Call], outcome: Answer | Judgement | str) -> _Got:
    """Return `outcome` under the id that the caller gave."""
    name = entry.request.id
    if isinstance(outcome, Answer):
        return outcome.model_copy(update={"prompt_id": name})
    if isinstance(outcome, Judgement):
        return outcome.model_copy(update={"question_id": name})
    if isinstance(entry.request, Question):
        return GenerationError(f"question {name} cannot be judged: {outcome}")
    return Answer(
        prompt_id=name,
        text="",
        finish=FinishReason.FAILED,
        tokens_read=0,
        tokens_written=0,
        problem=outcome,
    )


def _opening_error(name: str, ended: ChildEnded) -> SummarizerError:
    failed = ended.failed
    if failed is None:
        return ModelUnavailable(
            f"{name} cannot be run: {ended.end.problem}", hint=ended.end.hint or None
        )
    if failed.error in _OPENING_ERRORS:
        return _OPENING_ERRORS[failed.error](failed.message, hint=failed.hint or None)
    if failed.error in ("ImportError", "ModuleNotFoundError"):
        return ConfigError(
            f"llama-cpp-python cannot be loaded: {failed.message}",
            hint="Run `make setup` in the checkout, or run without a model: --model none.",
        )
    return ModelUnavailable(f"{name} cannot be run: {ended.end.problem}")


def _import_paths() -> list[str]:
    return [os.path.abspath(path) for path in sys.path if isinstance(path, str)]  # noqa: PTH100


def _worker_command(paths: Sequence[str]) -> list[str]:
    """Return the command of worker.py in a fresh interpreter that imports from `paths`.

    Not multiprocessing: that imports the caller's main script in the child, which may have no
    guard. Not -m: a checkout may not be installed, and -P keeps the working directory out.
    """
    # The kernel's signal on a parent's death goes by the thread that started the child.
    lasting = threading.current_thread() is threading.main_thread()
    code = (
        "import sys; sys.path[:] = sys.argv[2:]; del sys.argv[2:]; "
        "from summarizer.model.worker import main; main()"
    )
    return [sys.executable, "-P", "-c", code, "lasting" if lasting else "-", *paths]


def _environment() -> dict[str, str]:
    # Without it ggml starts a debugger when it aborts, which may wait for ever.
    return {"GGML_NO_BACKTRACE": "1", **os.environ}
