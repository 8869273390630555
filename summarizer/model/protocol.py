"""What the two processes of a local model say to each other: one JSON object a line.

The parent (process.py) sends ToChild, the child (worker.py) sends FromChild. Ids on the wire are
the parent's serial numbers, so no two requests share one, whatever ids the callers chose.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Annotated, BinaryIO, Literal, Protocol, TypeVar

from pydantic import Field, TypeAdapter

from summarizer.data import Record
from summarizer.model.interface import Answer, Judgement, Prompt, Question, Strategy, Usage

# In bytes. Longer than any prompt that fits a context, and short enough to hold in memory.
LINE_LIMIT = 16 << 20


class EngineOptions(Record):
    """What an engine is opened with.

    `context_tokens` is the most that one prompt and its answer may take. `parallel` is how many
    prompts are under way at once and `threads` the most that decode; 0: the engine chooses.
    """

    path: Path
    name: str
    sha256: str | None = None
    strategy: Strategy = Strategy.WHOLE
    context_tokens: int = 4096
    parallel: int = Field(default=0, ge=0)
    threads: int = Field(default=0, ge=0)
    lora: Path | None = None
    weights_dir: Path | None = Field(
        default=None, description="where to keep weights that this CPU reads faster; None: don't"
    )
    plain: bool = Field(
        default=False, description="without code made for this CPU, which some machines crash in"
    )
    reproducible: bool = Field(
        default=False, description="an answer does not depend on what shares its batch"
    )


class Started(Record):
    """A request got under way: from here on a crash may be its fault."""

    kind: Literal["started"] = "started"
    id: str


Outcome = Started | Answer | Judgement


class Engine(Protocol):
    """A language model in this process, driven step by step."""

    context_tokens: int
    weights: str  # the file they were loaded from

    @property
    def busy(self) -> bool:
        """Whether there is something to do."""
        ...

    @property
    def usage(self) -> Usage:
        """How far everything is that was added since the engine was last idle."""
        ...

    def add(self, request: Prompt | Question) -> None:
        """Take on a request, not read by the model yet.

        Raises:
            SummarizerError, ValueError: this one cannot be answered (a grammar that llama.cpp
                refuses); the others are untouched.
        """
        ...

    def step(self) -> list[Outcome]:
        """Do a little work, one decode at the most, and return what came of it.

        `Started` should be returned by a step before the first decode that holds the request: a
        crash then finds the culprit at once. Any exception ends this process.
        """
        ...

    def drop(self, ids: Collection[str]) -> None:
        """Forget requests, waiting or under way; unknown ids are ignored."""
        ...

    def count_tokens(self, text: str) -> int:
        """Return how many tokens `text` takes as untrusted text."""
        ...

    def close(self) -> None:
        """Free the model."""
        ...


# --- parent to child ---------------------------------------------------------------------------


class Open(Record):
    """Load the model; the first message, answered by Ready or Failed."""

    kind: Literal["open"] = "open"
    options: EngineOptions


class Ask(Record):
    """Answer this prompt, once, when Go has come."""

    kind: Literal["ask"] = "ask"
    prompt: Prompt


class Judge(Record):
    """Judge this question, once, when Go has come."""

    kind: Literal["judge"] = "judge"
    question: Question


class Go(Record):
    """All of a batch has been said: what shares a batch must not depend on the pipe's speed."""

    kind: Literal["go"] = "go"


class Drop(Record):
    """Forget these requests."""

    kind: Literal["drop"] = "drop"
    ids: tuple[str, ...]


class Count(Record):
    """Count the tokens of a text; answered by Counted, between two decodes."""

    kind: Literal["count"] = "count"
    id: str
    text: str


ToChild = Open | Ask | Judge | Go | Drop | Count


# --- child to parent ---------------------------------------------------------------------------


class Ready(Record):
    """The model is loaded."""

    kind: Literal["ready"] = "ready"
    context_tokens: int
    weights: str = Field(default="", description="the file they were loaded from")


class Beat(Record):
    """A sign of life, and how far the work is since the engine was last idle."""

    kind: Literal["beat"] = "beat"
    usage: Usage


class Answered(Record):
    """A prompt's answer; `answer.prompt_id` is the serial number."""

    kind: Literal["answered"] = "answered"
    answer: Answer


class Judged(Record):
    """A question's judgement; `judgement.question_id` is the serial number."""

    kind: Literal["judged"] = "judged"
    judgement: Judgement


class Refused(Record):
    """This one request cannot be answered, and why."""

    kind: Literal["refused"] = "refused"
    id: str
    problem: str


class Counted(Record):
    """How many tokens a text takes."""

    kind: Literal["counted"] = "counted"
    id: str
    tokens: int


class Failed(Record):
    """An exception that ends the child: its class, message and hint."""

    kind: Literal["failed"] = "failed"
    error: str
    message: str
    hint: str = ""


FromChild = Ready | Started | Beat | Answered | Judged | Refused | Counted | Failed

_TO_CHILD: TypeAdapter[ToChild] = TypeAdapter(Annotated[ToChild, Field(discriminator="kind")])
_FROM_CHILD: TypeAdapter[FromChild] = TypeAdapter(Annotated[FromChild, Field(discriminator="kind")])


_T = TypeVar("_T")


class ProtocolError(ValueError):
    """What came down the pipe is no message."""


def encode(message: Record) -> bytes:
    """Return `message` as one line.

    Not pydantic's own JSON: that refuses lone surrogates, which a broken article can hold.

    Raises:
        ProtocolError: the line would be longer than LINE_LIMIT.
    """
    line = json.dumps(message.model_dump(mode="json"), separators=(",", ":")).encode("ascii")
    if len(line) >= LINE_LIMIT:
        raise ProtocolError(f"a message of {len(line)} bytes; the limit is {LINE_LIMIT}")
    return line + b"\n"


def read_to_child(stream: BinaryIO) -> ToChild | None:
    """Return the parent's next message, or None at the end of `stream`.

    Raises:
        ProtocolError: the next line is no message.
    """
    return _read(stream, _TO_CHILD)


def read_from_child(stream: BinaryIO) -> FromChild | None:
    """Return the child's next message, or None at the end of `stream`.

    Raises:
        ProtocolError: the next line is no message.
    """
    return _read(stream, _FROM_CHILD)


def _read(stream: BinaryIO, adapter: TypeAdapter[_T]) -> _T | None:
    line = stream.readline(LINE_LIMIT + 1)
    if not line.endswith(b"\n"):
        if len(line) > LINE_LIMIT:
            raise ProtocolError(f"a line of more than {LINE_LIMIT} bytes")
        return None  # the other side ended, perhaps in the middle of a line
    try:
        return adapter.validate_python(json.loads(line))
    except ValueError as error:
        raise ProtocolError(f"no message: {line[:200]!r}") from error
