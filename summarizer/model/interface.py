"""What the stages ask of a language model: prompts in, finished answers out as they finish."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Protocol

from pydantic import Field

from summarizer.data import Record


class Segment(Record):
    """A piece of a prompt.

    Trusted text is ours and may hold the chat template's control tokens; any other text (an
    article's) is tokenised as plain characters, so nothing in it can end a turn or start one.
    """

    text: str
    trusted: bool = False


class ListRules(Record):
    """What the elements of an array in the answer may not do; kept while decoding.

    The array must be the last property of the answer's root object. An element that repeats
    any of `distinct` of an earlier one is taken back, what it repeated is forbidden from then
    on where it is a list of integers, and the model moves on to another element. A `text` that
    begins with one of `openings` (whole words) is begun again with another word.
    """

    array: str
    distinct: tuple[str, ...]
    text: str = ""
    openings: tuple[str, ...] = ()


class Prompt(Record):
    """One user turn for the model and the shape its answer must have."""

    id: str = Field(description="given back with the answer")
    segments: tuple[Segment, ...]
    answer_schema: Mapping[str, Any] | None = Field(
        default=None, description="JSON Schema (the subset of model/grammar.py); None: free text"
    )
    answer_grammar: str | None = Field(default=None, description="GBNF, instead of a schema")
    rules: ListRules | None = None
    max_tokens: int = Field(gt=0)
    temperature: float = Field(default=0.0, ge=0)
    seed: int = 0
    hold: bool = Field(
        default=False, description="keep it in the cache for a while: questions will follow"
    )


class FinishReason(StrEnum):
    """Why an answer ended."""

    STOP = "stop"  # the model ended it, or its grammar was complete
    LENGTH = "length"  # max_tokens reached
    PROMPT_TOO_LONG = "prompt_too_long"  # the prompt does not fit the context; nothing was read
    FAILED = "failed"  # the engine could not answer it and asking again is no use; see `problem`


class Answer(Record):
    """What the model wrote for one prompt."""

    prompt_id: str
    text: str
    finish: FinishReason
    tokens_read: int
    tokens_written: int
    dropped: int = Field(default=0, description="repeated elements dropped while decoding")
    seconds: float = 0.0
    problem: str = Field(default="", description="why it failed, for the user")


class Question(Record):
    """A question that the model answers with one of two words.

    What its segments have in common with a prompt still in the cache is not read again, so put
    the article first and the claim last.
    """

    id: str = Field(description="given back with the judgement")
    segments: tuple[Segment, ...]
    answers: tuple[str, str] = ("Yes", "No")
    chat: bool = Field(default=True, description="a turn of the chat template; False: as it is")


class Judgement(Record):
    """How much likelier the first answer of a question is than the second."""

    question_id: str
    score: float = Field(description="difference of the two answers' logits, natural logarithm")
    tokens_read: int = Field(description="tokens of the question that were not in the cache")


class Usage(Record):
    """How far a call of `generate` or `judge` is."""

    tokens_read: int = 0
    tokens_written: int = 0
    done_share: float = Field(default=0.0, ge=0, le=1, description="of the work expected")
    model_s: float = Field(default=0.0, ge=0, description="seconds spent inside llama.cpp")
    parallel: int = Field(default=0, ge=0, description="how many can be under way at once")


OnUsage = Callable[[Usage], None]


class Strategy(StrEnum):
    """How claims are got out of a model."""

    WHOLE = "whole"  # whole article in, list of claims out: for models of 1B and more
    GUIDED = "guided"  # code picks sentences, the model shortens each: for smaller ones


class Model(Protocol):
    """A language model, local or remote."""

    name: str
    sha256: str | None
    strategy: Strategy
    context_tokens: int

    @property
    def problems(self) -> tuple[str, ...]:
        """What went wrong so far and was survived, for the user."""
        ...

    def count_tokens(self, text: str) -> int:
        """Return how many tokens `text` takes as untrusted text."""
        ...

    def generate(
        self, prompts: Sequence[Prompt], *, on_usage: OnUsage | None = None
    ) -> Iterator[Answer]:
        """Answer every prompt once, in the order in which they finish.

        `on_usage` is called now and then while the caller waits for the next answer.
        """
        ...

    def judge(self, questions: Sequence[Question]) -> Iterator[Judgement]:
        """Judge every question once, in the order in which they finish.

        May be called between two answers of `generate`, while their articles are in the cache.

        Raises:
            GenerationError: the engine cannot say how likely an answer is.
        """
        ...

    def close(self) -> None:
        """Free the model; it cannot be used afterwards."""
        ...
