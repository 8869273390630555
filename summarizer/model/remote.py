"""A model behind any server that speaks OpenAI's chat API: llama-server, vLLM, SGLang.

The key, where the server wants one, comes from the environment variable SUMMARIZER_API_KEY. It
is sent to that server only and is in no message, log, or brief.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import SecretStr

from summarizer.errors import ConfigError, GenerationError, ModelUnavailable
from summarizer.model.interface import (
    Answer,
    FinishReason,
    Judgement,
    OnUsage,
    Prompt,
    Question,
    Strategy,
    Usage,
)
from summarizer.model.remote_address import KEY_VARIABLE, RemoteAddress, parse_remote
from summarizer.model.remote_api import (
    Completion,
    Engine,
    Served,
    Unexpected,
    drop_repeats,
    has_pattern,
    message_of,
    prompt_body,
    question_body,
    read_completion,
    read_models,
    read_score,
)
from summarizer.model.remote_http import (
    Connection,
    Nonsense,
    Patience,
    Refused,
    RequestFailed,
    Sleep,
    TryAgain,
)

__all__ = ["KEY_VARIABLE", "Patience", "RemoteAddress", "RemoteModel", "parse_remote"]

CONTEXT_OF_UNKNOWN = 4096  # tokens, where a server does not tell
_OPENING_ATTEMPTS = 3  # 1.5 to 2.5 s of waiting: a wrong port must show soon
_GIVE_UP_AFTER = 3  # prompts in a row that the server did not answer in all their attempts
_SHOWN_NAMES = 10
_EXAMPLE = "llama-server --model FILE.gguf --port 8080"

_log = logging.getLogger(__name__)


def estimate_tokens(text: str) -> int:
    """Return about how many tokens `text` takes, rather too many than too few.

    Three letters of English a token, a digit each, a token and a half for two bytes of anything
    else. Measured against the tokenizers of qwen2.5 and smollm2: 1.28 to 1.75 times the truth for
    English news, 1.06 to 1.22 for HTML; too few where text is all capitals (0.78), or German for
    a model made for English (0.88). Where it is too few the server says that a prompt is too
    long, and nothing else is lost.
    """
    digits = sum("0" <= char <= "9" for char in text)
    beyond = len(text.encode("utf-8", "replace")) - sum(char < "\x80" for char in text)
    letters = sum(char < "\x80" for char in text) - digits
    return max(1, digits + -(-(letters + 2 * beyond) // 3))


class RemoteModel:
    """A model at a server. `close` ends what is under way.

    Args:
        parallel: how many requests are under way at once, at most.
        context_tokens: the most that one prompt and its answer may take; None: ask the server.
        patience: how long to wait and how often to ask again.
        sleep: waits between attempts; tests put their own here.

    Raises:
        ModelUnavailable: the server cannot be reached, or is not ready.
        ConfigError: it refuses the key, has no such model, has several and none was named, or
            does not speak the API.
    """

    def __init__(
        self,
        address: RemoteAddress,
        *,
        parallel: int = 8,
        context_tokens: int | None = None,
        patience: Patience | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._address = address
        self._url = f"{address.base_url}/chat/completions"
        self._key = _key()
        if self._key and not (address.is_encrypted or address.is_loopback):
            _log.warning("%s gets the key of %s unencrypted", address.place, KEY_VARIABLE)
        self._connection = Connection(
            address, parallel=parallel, patience=patience or Patience(), key=self._key, sleep=sleep
        )
        try:
            served = self._open()
        except BaseException:
            self._connection.close()
            raise
        self._served = served
        self._patterns = True  # until the server refuses them
        self._unanswered = 0  # prompts in a row
        self.name = f"{served.label} @ {address.place}"
        self.sha256: str | None = None  # nobody can know what a server runs
        self.strategy = Strategy.WHOLE
        self.context_tokens = context_tokens or served.context_tokens or CONTEXT_OF_UNKNOWN

    def close(self) -> None:
        """Cancel what is under way and close the connections."""
        self._connection.close()

    @property
    def problems(self) -> tuple[str, ...]:
        """Nothing: what a server could not answer is said in the answer itself."""
        return ()

    def count_tokens(self, text: str) -> int:
        """Return an estimate: asking the server would take a request for every sentence."""
        return estimate_tokens(text)

    def generate(
        self, prompts: Sequence[Prompt], *, on_usage: OnUsage | None = None
    ) -> Iterator[Answer]:
        """Answer every prompt once, in the order in which they finish.

        A prompt that the server does not or cannot answer comes back as FAILED. When several in
        a row went unanswered the rest is not sent at all. `hold` means nothing here: what stays
        in its cache is the server's business.

        Raises:
            ConfigError: the server refuses the key, or no longer has the model.
        """
        self._unanswered = 0
        usage = Usage()

        def tell() -> None:
            if on_usage:
                on_usage(usage)

        answers = self._connection.each(prompts, self._answer, on_wait=tell)
        try:
            for count, answer in enumerate(answers, start=1):
                usage = Usage(
                    tokens_read=usage.tokens_read + answer.tokens_read,
                    tokens_written=usage.tokens_written + answer.tokens_written,
                    done_share=count / len(prompts),
                )
                tell()
                yield answer
        finally:
            answers.close()

    def judge(self, questions: Sequence[Question]) -> Iterator[Judgement]:
        """Judge every question once, in the order in which they finish.

        Raises:
            GenerationError: the server does not say how likely tokens are, or does not answer.
            ConfigError: the server refuses the key, or no longer has the model.
        """
        judgements = self._connection.each(questions, self._judgement)
        try:
            yield from judgements
        finally:
            judgements.close()

    # -- opening --------------------------------------------------------------------------

    def _open(self) -> Served:
        """Return the model that is meant, from the server's list."""
        try:
            models = read_models(
                self._connection.wait_for(
                    f"{self._address.base_url}/models", attempts=_OPENING_ATTEMPTS
                )
            )
        except TryAgain as error:
            raise _unavailable(error) from error
        except Refused as error:
            self._check_key(error)
            if error.status in (404, 405) and self._address.model:  # some have no such list
                return _unlisted(self._address.model)
            raise ConfigError(
                f"no list of models: {error}",
                hint="Is the address right? Most servers want /v1 at its end.",
            ) from error
        except (Nonsense, Unexpected) as error:
            raise ConfigError(
                f"{self._address.base_url} is no server of language models: {error}",
                hint=f"The address of one is like http://127.0.0.1:8080/v1 ({_EXAMPLE}).",
            ) from error
        served = self._pick(models)
        if served.context_tokens is None and served.engine is Engine.LLAMA_CPP:
            served = served.model_copy(update={"context_tokens": self._slot_context()})
        return served

    def _pick(self, models: Sequence[Served]) -> Served:
        wanted, place = self._address.model, self._address.place
        if wanted is None:
            if len(models) == 1:
                return models[0]
            what = f"has {len(models)} models" if models else "lists no model"
            hint = f"Put one behind #: {_names(models)}" if models else "Load one into it first."
            raise ConfigError(f"the server {place} {what}", hint=hint)
        for model in models:
            if wanted in model.names:
                return model
        if not models or any(model.engine is Engine.OTHER for model in models):
            return _unlisted(wanted)  # a gateway may have models that it does not list
        raise ConfigError(
            f"the server {place} has no model {_unlisted(wanted).label}",
            hint=f"It has: {_names(models)}",
        )

    def _slot_context(self) -> int | None:
        """Return how many tokens one request may take at an older llama-server."""
        try:
            props = self._connection.wait_for(f"{self._address.root_url}/props", attempts=1)
        except RequestFailed:
            return None
        settings = props.get("default_generation_settings")
        size = settings.get("n_ctx") if isinstance(settings, dict) else None
        return size if isinstance(size, int) and size > 0 else None

    def _check_key(self, error: Refused) -> None:
        if error.status not in (401, 403):
            return
        state = "the key in" if self._key else "requests without a key; put one into"
        raise ConfigError(
            f"{self._address.place} refuses {state} the environment variable {KEY_VARIABLE}"
            f" (status {error.status})",
            hint=f"Set {KEY_VARIABLE} to the key that the server was started with.",
        ) from error

    # -- one request ----------------------------------------------------------------------

    async def _answer(self, prompt: Prompt) -> Answer:
        if self._unanswered >= _GIVE_UP_AFTER:
            return _failed(
                prompt, f"{self._address.place} left {_GIVE_UP_AFTER} prompts in a row unanswered"
            )
        started = time.monotonic()
        try:
            completion = read_completion(await self._complete(prompt))
        except TryAgain as error:
            self._unanswered += 1
            _log.warning("%s: %s", prompt.id, error)
            return _failed(prompt, str(error))
        except Refused as error:
            self._unanswered = 0
            await self._check_config(error)
            if _is_too_long(error):
                return _failed(prompt, str(error), finish=FinishReason.PROMPT_TOO_LONG)
            return _failed(prompt, f"{error}{_advice(error, prompt)}")
        except (Nonsense, Unexpected) as error:
            self._unanswered = 0
            return _failed(prompt, str(error))
        self._unanswered = 0
        return _answer(prompt, completion, time.monotonic() - started)

    async def _complete(self, prompt: Prompt) -> dict[str, Any]:
        """Send `prompt`; without its pattern, where that is what the server refuses."""
        patterns = self._patterns
        try:
            return await self._post(prompt_body(prompt, *self._model(), patterns=patterns))
        except Refused as error:
            can_do_without = patterns and has_pattern(prompt.answer_schema)
            if error.status not in (400, 422) or _is_too_long(error) or not can_do_without:
                raise
        reply = await self._post(prompt_body(prompt, *self._model(), patterns=False))
        self._patterns = False
        return reply

    def _model(self) -> tuple[str, Engine]:
        return self._served.id, self._served.engine

    async def _post(self, body: dict[str, Any]) -> dict[str, Any]:
        return await self._connection.post(self._url, body)

    async def _judgement(self, question: Question) -> Judgement:
        try:
            reply = await self._post(question_body(question, *self._model()))
            completion, score = read_completion(reply), read_score(reply, question.answers)
        except (RequestFailed, Unexpected) as error:
            if isinstance(error, Refused):
                await self._check_config(error)
            raise GenerationError(
                f"{self._address.place} cannot judge: {error}",
                hint="The server must give log probabilities (`logprobs` and `top_logprobs`).",
            ) from error
        read = completion.tokens_read
        if read is None:
            read = estimate_tokens(message_of(question.segments))
        return Judgement(
            question_id=question.id,
            score=score,
            tokens_read=max(0, read - completion.tokens_cached),
        )

    async def _check_config(self, error: Refused) -> None:
        """Raise ConfigError where no prompt can be answered, because key or model are wrong."""
        self._check_key(error)
        if error.status != 404:
            return
        try:
            url = f"{self._address.base_url}/models"
            names = _names(read_models(await self._connection.get(url, attempts=1)))
        except (RequestFailed, Unexpected):
            names = "(it does not say)"
        raise ConfigError(
            f"no model {self._served.label} there: {error}", hint=f"The server has: {names}"
        ) from error


def _key() -> SecretStr | None:
    """Return the key of the environment, if there is one.

    Raises:
        ConfigError: it holds characters that no HTTP header may hold.
    """
    key = os.environ.get(KEY_VARIABLE, "").strip()
    if not key:
        return None
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise ConfigError(
            f"{KEY_VARIABLE} holds a space, a line break or a character beyond ASCII",
            hint="Set it to the key alone, without quotation marks or `Bearer`.",
        )
    return SecretStr(key)


def _unlisted(name: str) -> Served:
    return Served(id=name, names=frozenset({name}), engine=Engine.OTHER)


def _names(models: Sequence[Served]) -> str:
    labels = sorted({model.label for model in models})
    more = f" and {len(labels) - _SHOWN_NAMES} more" if len(labels) > _SHOWN_NAMES else ""
    return ", ".join(labels[:_SHOWN_NAMES]) + more


def _unavailable(error: TryAgain) -> ModelUnavailable:
    if error.connected:
        return ModelUnavailable(
            str(error), hint="Is the server still loading its model, or busy? Try again later."
        )
    return ModelUnavailable(
        f"the model server cannot be reached: {error}",
        hint=f"Is it running, at this address? For example: {_EXAMPLE}",
    )


def _is_too_long(error: Refused) -> bool:
    """Return whether the server found the prompt longer than its context."""
    text = str(error).lower()
    return error.status in (400, 413, 422) and (
        error.kind == "exceed_context_size_error"  # llama-server
        or "context length" in text  # vLLM, SGLang, OpenAI
        or "context size" in text
    )


def _advice(error: Refused, prompt: Prompt) -> str:
    """Return what the user can do about a request that was refused for its contents."""
    if error.status not in (400, 422):
        return ""
    if prompt.answer_grammar is not None:
        return (
            ". It may not know grammars (GBNF): use llama-server, or vLLM or SGLang with xgrammar"
        )
    if prompt.answer_schema is not None:
        return ". It may not know JSON Schemas: use llama-server, or vLLM or SGLang with xgrammar"
    return ""


def _failed(prompt: Prompt, problem: str, *, finish: FinishReason = FinishReason.FAILED) -> Answer:
    return Answer(
        prompt_id=prompt.id,
        text="",
        finish=finish,
        tokens_read=0,
        tokens_written=0,
        problem=problem,
    )


def _answer(prompt: Prompt, completion: Completion, seconds: float) -> Answer:
    text, dropped = completion.text, 0
    if prompt.rules is not None and not completion.cut_off:
        text, dropped = drop_repeats(text, prompt.rules)
    read, written = completion.tokens_read, completion.tokens_written
    if read is None:
        read = estimate_tokens(message_of(prompt.segments))
    return Answer(
        prompt_id=prompt.id,
        text=text,
        finish=FinishReason.LENGTH if completion.cut_off else FinishReason.STOP,
        tokens_read=read,
        tokens_written=estimate_tokens(completion.text) if written is None else written,
        dropped=dropped,
        seconds=seconds,
    )
