"""The chat API that OpenAI made and other engines took over: what we send, what comes back.

Answers come from a program we do not know, so every field is checked before it is used.

Source: llama.cpp's tools/server/README.md; "Structured Outputs" in the documentation of vLLM
(0.12 and later) and of SGLang.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import groupby
from typing import Any

from pydantic import Field

from summarizer.data import Record
from summarizer.model.grammar import SENTENCE_END
from summarizer.model.interface import ListRules, Prompt, Question, Segment

TOP_LOGPROBS = 20  # the most that vLLM gives unless it is told otherwise
_LEAST_LOGPROB = -100.0  # llama.cpp writes -3.4e38 and vLLM -9999 for "impossible"
_MOST_ELEMENTS = 1000  # of a list that is looked at for repeats; a grammar allows 16
_MOST_MODELS = 1000
_MOST_CONTEXT = 100_000_000  # tokens; more is a mistake of the server's

# A tokenizer makes control tokens of exact texts only, so a space inside undoes each of them.
# "<" begins nearly all: <|im_start|>, </s>, <start_of_turn>, DeepSeek's with bars of full width.
# Some tokenizers take the other two for "<".
_ANGLE = re.compile("([<\uff1c\ufe64])(?!\\s)")
_SQUARE = re.compile(r"\[(?=/?(\w{2,32})\])")  # [INST], [/INST], [TOOL_CALLS], [gMASK]
_TILDE = re.compile(r"([\[\]])(?=[a-z]?~)")  # MiniMax: ]~b] and [e~[

_ANNOTATIONS = {"$schema", "$id", "title", "description"}
# What SENTENCE_END comes to where a pattern must be anchored and is matched against the JSON as
# written, as llama-server and xgrammar do; the characters are those of model/grammar.py.
_TEXT_CHAR = r'([^"\\{}\[\]\x00-\x1F\x7F]|\\["\\/bn])'
_TEXT_END = "[.!?]['\u2019\u201d)]?"


class Engine(StrEnum):
    """What a server says it is, in `owned_by` of its list of models."""

    LLAMA_CPP = "llamacpp"
    VLLM = "vllm"
    SGLANG = "sglang"
    OTHER = "other"


class Unexpected(ValueError):
    """A reply that does not hold what it should; its text is for the user."""


class Served(Record):
    """A model that a server has."""

    id: str
    names: frozenset[str] = Field(description="what the user may call it")
    engine: Engine
    context_tokens: int | None = Field(default=None, description="one request's; None: not told")

    @property
    def label(self) -> str:
        """Return its name for people: of a path only the file's, and nothing invisible."""
        name = re.split(r"[/\\]", self.id)[-1] if _is_path(self.id) else self.id
        return "".join(c for c in name if c.isprintable())[:100]


class Completion(Record):
    """What a server wrote; None where it does not say how many tokens it took."""

    text: str
    cut_off: bool
    tokens_read: int | None = None
    tokens_written: int | None = None
    tokens_cached: int = 0


# -- what we send -------------------------------------------------------------------------


def message_of(segments: Sequence[Segment]) -> str:
    """Return the user's message, with nothing in untrusted text that could be a control token.

    The server puts the message into its chat template and reads the whole with control tokens
    on, so we cannot have articles read as plain characters, as model/local does.
    """
    parts = []
    for trusted, group in groupby(segments, key=lambda segment: segment.trusted):
        text = "".join(segment.text for segment in group)  # joined: no token may span two
        parts.append(text if trusted else defuse(text))
    # Lone surrogates are no UTF-8, and a NUL ends a string in C.
    text = "".join(parts).replace("\0", " ")
    return text.encode("utf-8", "replace").decode("utf-8")


def defuse(text: str) -> str:
    """Return `text` with a space inside everything that could be a control token."""
    text = _ANGLE.sub(r"\1 ", text)
    text = _TILDE.sub(r"\1 ", text)
    return _SQUARE.sub(_opened, text)


def _opened(found: re.Match[str]) -> str:
    # Sentence numbers like [12] are ours and [sic] is English.
    word = found[1]
    is_name = "_" in word or sum(char.isupper() for char in word) > 1
    return "[ " if is_name else "["


def prompt_body(
    prompt: Prompt, model: str | None, engine: Engine, *, patterns: bool
) -> dict[str, Any]:
    """Return the request for `prompt`; `patterns`: keep those of its schema."""
    body = _body(prompt.segments, model, engine)
    body |= {
        "max_tokens": prompt.max_tokens,
        "temperature": prompt.temperature,
        "seed": prompt.seed,
    }
    if prompt.answer_grammar is not None:
        body |= _grammar(prompt.answer_grammar, engine)
    elif prompt.answer_schema is not None:
        schema = portable(prompt.answer_schema, patterns=patterns)
        body["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": "answer", "strict": True, "schema": schema},
        }
    return body


def question_body(question: Question, model: str | None, engine: Engine) -> dict[str, Any]:
    """Return the request for `question`: one token, and how likely the others were."""
    body = _body(question.segments, model, engine)
    body |= {"max_tokens": 1, "temperature": 0, "logprobs": True, "top_logprobs": TOP_LOGPROBS}
    return body


def _body(segments: Sequence[Segment], model: str | None, engine: Engine) -> dict[str, Any]:
    body: dict[str, Any] = {"messages": [{"role": "user", "content": message_of(segments)}]}
    if model is not None:
        body["model"] = model
    if engine is not Engine.OTHER:  # OpenAI's own refuses fields that it does not know
        body["chat_template_kwargs"] = {"enable_thinking": False}
    return body


def _grammar(gbnf: str, engine: Engine) -> dict[str, Any]:
    """Return the field for a grammar; engines ignore one another's without a word."""
    if engine is Engine.VLLM:
        return {"structured_outputs": {"grammar": gbnf}}  # xgrammar, its default, reads GBNF
    if engine is Engine.SGLANG:
        return {"ebnf": gbnf}
    return {"grammar": gbnf}


def portable(schema: Mapping[str, Any], *, patterns: bool = True) -> dict[str, Any]:
    """Return `schema` with what decides about the answer only, in the form most engines take.

    llama-server takes a pattern that is not anchored for none, and then forgets the lengths too.
    """
    plain = {key: value for key, value in schema.items() if key not in _ANNOTATIONS}
    if "properties" in plain:
        plain["properties"] = {
            name: portable(value, patterns=patterns) for name, value in plain["properties"].items()
        }
    if isinstance(plain.get("items"), Mapping):
        plain["items"] = portable(plain["items"], patterns=patterns)
    if not patterns:
        plain.pop("pattern", None)
    elif plain.get("pattern") == SENTENCE_END:
        low, high = plain.get("minLength", 1), plain["maxLength"]
        plain["pattern"] = f"^{_TEXT_CHAR}{{{low - 1},{high - 2}}}{_TEXT_END}$"
    return plain


def has_pattern(schema: Mapping[str, Any] | None) -> bool:
    """Return whether any text in `schema` has a pattern."""
    if not schema:
        return False
    inner = [*schema.get("properties", {}).values(), schema.get("items")]
    return "pattern" in schema or any(has_pattern(i) for i in inner if isinstance(i, Mapping))


# -- what comes back ----------------------------------------------------------------------


def read_models(reply: Mapping[str, Any]) -> tuple[Served, ...]:
    """Return the models of a reply to GET /models.

    Raises:
        Unexpected: it is no list of models.
    """
    listed = reply.get("data")
    if not isinstance(listed, list):
        raise Unexpected("no list of models")
    return tuple(_served(each) for each in listed[:_MOST_MODELS] if _has_id(each))


def _has_id(entry: object) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("id"), str) and entry["id"] != ""


def _served(entry: Mapping[str, Any]) -> Served:
    owner = entry.get("owned_by")
    meta = _part(entry, "meta")
    aliases = entry.get("aliases")
    names = {each for each in aliases if isinstance(each, str)} if isinstance(aliases, list) else ()
    model = Served(
        id=entry["id"],
        names=frozenset({entry["id"], *names}),
        engine=Engine(owner) if owner in list(Engine) else Engine.OTHER,
        # One slot's (llama-server), one request's (vLLM, SGLang), at worst what it was made for.
        context_tokens=_count(meta, "n_ctx", _MOST_CONTEXT)
        or _count(entry, "max_model_len", _MOST_CONTEXT)
        or _count(meta, "n_ctx_train", _MOST_CONTEXT),
    )
    return model.model_copy(update={"names": model.names | {model.label}})


def _is_path(name: str) -> bool:
    return name.startswith(("/", "~", "./", "../")) or "\\" in name or name.endswith(".gguf")


def read_completion(reply: Mapping[str, Any]) -> Completion:
    """Return the answer in a reply to POST /chat/completions.

    Raises:
        Unexpected: there is none; the text says what there is instead.
    """
    choice = _choice(reply)
    finish = choice.get("finish_reason")
    if finish == "content_filter":
        raise Unexpected("the server's content filter held the answer back")
    if finish in ("error", "abort"):
        raise Unexpected("the server broke the answer off")
    message = _part(choice, "message")
    text = message.get("content")
    cut_off = finish == "length"
    if not isinstance(text, str):
        thought = any(message.get(key) for key in ("reasoning_content", "reasoning"))
        if not cut_off:
            raise Unexpected(
                "the model only thought and did not answer: turn thinking off at the server"
                if thought
                else "an answer without text"
            )
        text = ""
    usage = _part(reply, "usage")
    return Completion(
        text=text.encode("utf-8", "replace").decode("utf-8"),  # JSON can hold lone surrogates
        cut_off=cut_off,
        tokens_read=_count(usage, "prompt_tokens"),
        tokens_written=_count(usage, "completion_tokens"),
        tokens_cached=_count(_part(usage, "prompt_tokens_details"), "cached_tokens") or 0,
    )


def read_score(reply: Mapping[str, Any], answers: tuple[str, str]) -> float:
    """Return how much likelier the first of `answers` is to begin than the second (natural log).

    An answer that is not among the likeliest tokens counts as likely as the last of them, so
    the true difference may be larger.

    Raises:
        Unexpected: the server does not give log probabilities.
    """
    content = _part(_choice(reply), "logprobs").get("content")
    first = content[0] if isinstance(content, list) and content else None
    listed = first.get("top_logprobs") if isinstance(first, dict) else None
    tokens = [
        (each["token"], max(float(each["logprob"]), _LEAST_LOGPROB))
        for each in (listed if isinstance(listed, list) else ())
        if isinstance(each, dict) and _is_token(each)
    ]
    if not tokens:
        raise Unexpected("the server gives no log probabilities")
    least = min(value for _, value in tokens)
    first_sum, second_sum = (
        [value for token, value in tokens if _begins(token, answer, other)]
        for answer, other in (answers, answers[::-1])
    )
    return _log_sum(first_sum, least) - _log_sum(second_sum, least)


def _is_token(entry: Mapping[str, Any]) -> bool:
    token, value = entry.get("token"), entry.get("logprob")
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(token, str) and is_number and not math.isnan(float(value or 0))


def _begins(token: str, answer: str, other: str) -> bool:
    """Return whether `token` is how `answer`, and not `other`, begins: "Yes", " yes", "Y"."""
    word = token.strip().casefold()
    if not word:
        return False
    return answer.casefold().startswith(word) and not other.casefold().startswith(word)


def _log_sum(values: Sequence[float], otherwise: float) -> float:
    if not values:
        return otherwise
    top = max(values)
    return top + math.log(sum(math.exp(value - top) for value in values))


def drop_repeats(text: str, rules: ListRules) -> tuple[str, int]:
    """Return an answer without the elements that `rules` forbid, and how many those were.

    An answer that is no JSON of the expected kind comes back as it is.
    """
    try:
        root = json.loads(text)
        elements = root[rules.array]
        if not isinstance(elements, list) or len(elements) > _MOST_ELEMENTS:
            return text, 0
        root[rules.array] = _kept(elements, rules)
    except (ValueError, TypeError, LookupError, RecursionError):
        return text, 0
    dropped = len(elements) - len(root[rules.array])
    if not dropped:
        return text, 0
    short = json.dumps(root, ensure_ascii=False, separators=(",", ":"))
    return short.encode("utf-8", "replace").decode("utf-8"), dropped


def _kept(elements: Sequence[dict[str, Any]], rules: ListRules) -> list[dict[str, Any]]:
    seen: set[tuple[str, str]] = set()
    kept: list[dict[str, Any]] = []
    for element in elements:
        marks = {(key, _without_layout(element[key])) for key in rules.distinct}
        if not marks & seen:
            kept.append(element)
            seen |= marks
    return kept


def _without_layout(value: object) -> str:
    """Return a form in which two values are the same as model/watch.py takes them for the same.

    It cannot be asked itself: it follows the layout of our grammar, and this is a server's.
    """
    if isinstance(value, list):
        return json.dumps(sorted(set(value)))
    return " ".join(re.findall(r"\w+", str(value).lower()))


def _choice(reply: Mapping[str, Any]) -> Mapping[str, Any]:
    choices = reply.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise Unexpected("an answer without choices")
    return choices[0]


def _part(reply: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = reply.get(key)
    return value if isinstance(value, dict) else {}


def _count(reply: Mapping[str, Any], key: str, most: int = 2**31) -> int | None:
    value = reply.get(key)
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most
    return value if is_count else None
