"""Run a GGUF model through llama.cpp's low-level API; the only module that knows llama_cpp.

Many prompts share one context: the prefix they have in common is read once and copied, prompts
are admitted as others finish, and reading newcomers shares its batches with writing the rest.
"""

from __future__ import annotations

import codecs
import ctypes
import json
import math
import os
import time
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import llama_cpp as L
import numpy as np
import numpy.typing as npt

from summarizer.errors import GenerationError, ModelFileError
from summarizer.model.chat import render_chat
from summarizer.model.grammar import rest_of_array, to_gbnf, without_integers
from summarizer.model.interface import Answer, FinishReason, Prompt, Segment, Strategy
from summarizer.model.pace import Pace
from summarizer.model.watch import ListWatch, Opening, Repeat

# Tokens a decode call may hold: prompt reading gains little above 128 on two cores, and a
# smaller batch lets Ctrl-C through sooner.
_BATCH_TOKENS = 256
_MIN_SHARED_PREFIX = 16  # shorter ones are not worth a copy
_MAX_DROPS = 4  # repeats dropped in one answer before its list is closed
_MAX_REOPENINGS = 4  # other first words tried for one text

_TokenData = np.dtype([("id", "i4"), ("logit", "f4"), ("p", "f4")])  # llama_token_data
_messages: deque[str] = deque(maxlen=20)


@L.llama_log_callback  # type: ignore[untyped-decorator]
def _log(_level: int, text: bytes, _data: object) -> None:
    """Keep llama.cpp's last messages for our own errors instead of printing them."""
    _messages.append(text.decode("utf-8", "replace"))


class GrammarError(ValueError):
    """llama.cpp refused a grammar; a fault of ours, not of the input."""


class _Grammar:
    """A grammar's state for one answer.

    llama.cpp crashes on a grammar that does not parse unless the NULL is caught here.
    """

    def __init__(self, vocab: Any, gbnf: str) -> None:
        self._sampler = L.llama_sampler_init_grammar(vocab, gbnf.encode(), b"root")
        if not self._sampler:
            raise GrammarError(f"llama.cpp refused this grammar:\n{gbnf}")
        self._one: Any = (L.llama_token_data * 1)()  # ctypes' own types do not fit mypy

    def allows(self, token: int) -> bool:
        """Return whether `token` may come next."""
        self._one[0].id, self._one[0].logit = token, 1.0
        array = L.llama_token_data_array(data=self._one, size=1, selected=-1, sorted=False)
        L.llama_sampler_apply(self._sampler, ctypes.byref(array))
        return bool(self._one[0].logit != -math.inf)

    def mask(self, logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return `logits` with minus infinity for every token that may not come next."""
        table = np.empty(len(logits), dtype=_TokenData)
        table["id"], table["logit"], table["p"] = np.arange(len(logits)), logits, 0
        data = table.ctypes.data_as(ctypes.POINTER(L.llama_token_data))
        array = L.llama_token_data_array(data=data, size=len(logits), selected=-1, sorted=False)
        L.llama_sampler_apply(self._sampler, ctypes.byref(array))
        return table["logit"]

    def accept(self, token: int) -> None:
        """Move on past `token`, which must be allowed."""
        L.llama_sampler_accept(self._sampler, token)

    def copy(self) -> _Grammar:
        """Return a grammar in the same state."""
        twin = _Grammar.__new__(_Grammar)
        twin._sampler = L.llama_sampler_clone(self._sampler)
        twin._one = (L.llama_token_data * 1)()
        return twin

    def close(self) -> None:
        """Free the sampler."""
        if self._sampler:
            L.llama_sampler_free(self._sampler)
        self._sampler = None


class _Run:
    """One prompt on its way through the context."""

    def __init__(self, prompt: Prompt, tokens: list[int]) -> None:
        self.prompt = prompt
        self.to_feed = deque(tokens)  # still to be decoded: prompt, forced text, last sample
        self.prompt_tokens = len(tokens)
        self.slot = -1
        self.position = 0  # tokens of this sequence in the cache
        self.written: list[int] = []
        self.pieces: list[bytes] = []
        self.grammar: _Grammar | None = None
        self.watch = ListWatch(prompt.rules) if prompt.rules else None
        self.reopen: _Grammar | None = None  # its state where a watched text begins
        self.unwanted: set[int] = set()  # tokens that text may not begin with
        self.logits_row = -1  # row of the last batch with this sequence's logits
        self.random = np.random.default_rng(prompt.seed)
        self.started = time.monotonic()

    @property
    def needs(self) -> int:
        """Return the most cache cells it can take."""
        return self.prompt_tokens + self.prompt.max_tokens

    def text(self) -> str:
        """Return what was written so far; a character still incomplete is left out."""
        return b"".join(self.pieces).decode("utf-8", "ignore")

    def cut(self, chars: int) -> tuple[int, str]:
        """Return how many pieces lie within the first `chars` of the text, and what is left."""
        decoder = codecs.getincrementaldecoder("utf-8")("ignore")
        within, count = 0, 0
        for piece in self.pieces:
            size = len(decoder.decode(piece))
            if within + size > chars:
                break
            within += size
            count += 1
        return count, self.text()[within:chars]


class LlamaModel:
    """A GGUF model in this process. Not thread-safe; `close` frees it.

    Args:
        path: the GGUF file; its checksum is the catalogue's business.
        context_tokens: the most that one prompt and its answer may take.
        parallel: how many prompts are under way at once, at most.
        threads: at most so many; 0: every core this process may use. While other programs keep
            the cores busy it goes down to one by itself (model/pace.py).

    Raises:
        ModelFileError: the file cannot be loaded, or has no chat template.
    """

    def __init__(
        self,
        path: Path,
        *,
        name: str,
        sha256: str | None = None,
        strategy: Strategy = Strategy.WHOLE,
        context_tokens: int = 4096,
        parallel: int = 4,
        threads: int = 0,
    ) -> None:
        self.name, self.sha256, self.strategy = name, sha256, strategy
        self._parallel = parallel
        L.llama_log_set(_log, None)
        L.llama_backend_init()
        self._ctx = self._model = None
        self._model = L.llama_model_load_from_file(
            str(path).encode(), L.llama_model_default_params()
        )
        if not self._model:
            raise ModelFileError(f"llama.cpp cannot load {path.name}: {_last_message()}")
        self._vocab = L.llama_model_get_vocab(self._model)
        self._vocab_size = L.llama_vocab_n_tokens(self._vocab)
        template = L.llama_model_chat_template(self._model, None)
        if not template:
            self.close()
            raise ModelFileError(
                f"{path.name} has no chat template, so nobody knows how to talk to it",
                hint="Use an instruct model whose GGUF file carries its chat template.",
            )
        self._template = template.decode("utf-8", "replace")
        self.context_tokens = min(context_tokens, L.llama_model_n_ctx_train(self._model))
        self._pool = self.context_tokens * (2 if parallel > 1 else 1)
        self._pace = Pace(threads or _cores())
        self._ctx = self._new_context(threads or _cores())
        self._memory = L.llama_get_memory(self._ctx)
        self._batch = L.llama_batch_init(_BATCH_TOKENS, 0, 1)

    def _new_context(self, threads: int) -> Any:
        params = L.llama_context_default_params()
        params.n_ctx = self._pool
        params.n_batch = params.n_ubatch = _BATCH_TOKENS
        params.n_seq_max = self._parallel + 1  # sequence 0 holds the shared prefix
        params.kv_unified = True
        params.n_threads = params.n_threads_batch = threads
        context = L.llama_init_from_model(self._model, params)
        if not context:
            self.close()
            raise ModelFileError(
                f"llama.cpp cannot make a context of {self._pool} tokens: {_last_message()}",
                hint="Free some memory, or use a smaller model (`summarizer models list`).",
            )
        return context

    def close(self) -> None:
        """Free the model and its context."""
        if self._ctx:
            L.llama_batch_free(self._batch)
            L.llama_free(self._ctx)
        if self._model:
            L.llama_model_free(self._model)
        self._ctx = self._model = None

    def count_tokens(self, text: str) -> int:
        """Return how many tokens `text` takes as untrusted text."""
        return len(self._tokenize(text, special=False))

    def prompt_tokens(self, segments: Sequence[Segment]) -> list[int]:
        """Return the tokens of one user turn, chat template applied; exactly one BOS if any."""
        bos, eos = L.llama_vocab_bos(self._vocab), L.llama_vocab_eos(self._vocab)
        rendered = render_chat(
            self._template, segments, bos=self._token_text(bos), eos=self._token_text(eos)
        )
        tokens: list[int] = []
        for segment in rendered:
            tokens += self._tokenize(segment.text, special=segment.trusted)
        if L.llama_vocab_get_add_bos(self._vocab) and tokens[:1] != [bos]:
            tokens.insert(0, bos)
        return tokens

    def generate(self, prompts: Sequence[Prompt]) -> Iterator[Answer]:
        """Answer every prompt once, in the order in which they finish."""
        waiting: deque[_Run] = deque()
        for prompt in prompts:
            run = _Run(prompt, self.prompt_tokens(prompt.segments))
            if run.needs > self.context_tokens:
                yield _answer(run, FinishReason.PROMPT_TOO_LONG)
            else:
                waiting.append(run)
        L.llama_memory_clear(self._memory, True)
        active: list[_Run] = []
        try:
            prefix = self._read_shared_prefix(waiting)
            while waiting or active:
                self._admit(waiting, active, prefix)
                self._decode(active)
                for run in list(active):
                    finish = self._advance(run)
                    if finish:
                        active.remove(run)
                        self._release(run)
                        yield _answer(run, finish)
        finally:
            for run in active:
                self._release(run)

    # -- scheduling ---------------------------------------------------------------------

    def _read_shared_prefix(self, waiting: Sequence[_Run]) -> int:
        """Decode what all prompts begin with into sequence 0; return its length in tokens."""
        if len(waiting) < 2:
            return 0
        length = len(os.path.commonprefix([list(run.to_feed) for run in waiting]))
        length = min(length, min(run.prompt_tokens for run in waiting) - 1)
        if length < _MIN_SHARED_PREFIX:
            return 0
        shared = list(waiting[0].to_feed)[:length]
        for start in range(0, length, _BATCH_TOKENS):
            self._batch.n_tokens = 0
            for offset, token in enumerate(shared[start : start + _BATCH_TOKENS]):
                self._add(token, start + offset, 0, logits=False)
            self._decode_batch()
        return length

    def _admit(self, waiting: deque[_Run], active: list[_Run], prefix: int) -> None:
        """Start prompts while a slot is free and the cache has room for their whole answer."""
        free = [
            slot for slot in range(1, self._parallel + 1) if all(run.slot != slot for run in active)
        ]
        room = self._pool - prefix - sum(run.needs - prefix for run in active)
        while waiting and free and (waiting[0].needs - prefix <= room or not active):
            run = waiting.popleft()
            run.slot = free.pop(0)
            run.started = time.monotonic()
            room -= run.needs - prefix
            if prefix:
                L.llama_memory_seq_cp(self._memory, 0, run.slot, -1, -1)
                run.position = prefix
                for _ in range(prefix):
                    run.to_feed.popleft()
            run.grammar = self._grammar_of(run.prompt)
            active.append(run)

    def _grammar_of(self, prompt: Prompt) -> _Grammar | None:
        if prompt.answer_grammar is not None:
            return _Grammar(self._vocab, prompt.answer_grammar)
        if prompt.answer_schema is not None:
            return _Grammar(self._vocab, to_gbnf(prompt.answer_schema))
        return None

    def _decode(self, active: Sequence[_Run]) -> None:
        """Decode one batch: one token of each that writes, then as much reading as fits."""
        self._batch.n_tokens = 0
        for run in sorted(active, key=lambda run: (len(run.to_feed) > 1, run.slot)):
            run.logits_row = -1
            while run.to_feed and self._batch.n_tokens < _BATCH_TOKENS:
                last = len(run.to_feed) == 1
                row = self._add(run.to_feed.popleft(), run.position, run.slot, logits=last)
                run.position += 1
                run.logits_row = row if last else -1
        self._decode_batch()

    def _add(self, token: int, position: int, sequence: int, *, logits: bool) -> int:
        row: int = self._batch.n_tokens
        self._batch.token[row] = token
        self._batch.pos[row] = position
        self._batch.seq_id[row][0] = sequence
        self._batch.n_seq_id[row] = 1
        self._batch.logits[row] = logits
        self._batch.n_tokens += 1
        return row

    def _decode_batch(self) -> None:
        tokens = self._batch.n_tokens
        threads = self._pace.threads(tokens)
        L.llama_set_n_threads(self._ctx, threads, threads)
        started = time.perf_counter()
        status = L.llama_decode(self._ctx, self._batch)
        L.llama_synchronize(self._ctx)
        self._pace.note(tokens, threads, time.perf_counter() - started)
        if status:
            # Rooms are reckoned beforehand, so this is a fault, not a full cache.
            raise GenerationError(f"llama_decode failed with {status}: {_last_message()}")

    def _release(self, run: _Run) -> None:
        L.llama_memory_seq_rm(self._memory, run.slot, -1, -1)
        for grammar in (run.grammar, run.reopen):
            if grammar:
                grammar.close()

    # -- one answer ---------------------------------------------------------------------

    def _advance(self, run: _Run) -> FinishReason | None:
        """Take the next token of `run` if its logits are there; return why it ended, if it did."""
        if run.logits_row < 0:
            return None
        token = self._choose(run)
        if L.llama_vocab_is_eog(self._vocab, token):
            return FinishReason.STOP
        if run.grammar:
            run.grammar.accept(token)
        self._append(run, token)
        if run.watch:
            self._obey(run, run.watch)
        if run.prompt.answer_schema is not None and _is_complete(run.text()):
            return FinishReason.STOP  # spares asking for the end token
        if len(run.written) >= run.prompt.max_tokens:
            return FinishReason.LENGTH
        return None

    def _choose(self, run: _Run) -> int:
        pointer = L.llama_get_logits_ith(self._ctx, run.logits_row)
        logits = np.ctypeslib.as_array(pointer, shape=(self._vocab_size,))
        if run.unwanted and run.watch and run.watch.text_begins(run.text()):
            logits = logits.copy()
            logits[list(run.unwanted)] = -math.inf
        token = self._pick(run, logits)
        # Checking the winner alone is some 100 times cheaper than masking the vocabulary.
        if run.grammar and not run.grammar.allows(token):
            token = self._pick(run, run.grammar.mask(logits))
        return token

    def _pick(self, run: _Run, logits: npt.NDArray[np.float32]) -> int:
        if run.prompt.temperature <= 0:
            return int(logits.argmax())
        noise = run.random.gumbel(size=len(logits))  # Gumbel-max: a draw from the softmax
        return int((logits / run.prompt.temperature + noise).argmax())

    def _append(self, run: _Run, token: int) -> None:
        run.written.append(token)
        run.pieces.append(self._piece(token))
        run.to_feed.append(token)

    def _obey(self, run: _Run, watch: ListWatch) -> None:
        """Take back what breaks the prompt's rules, so that the model writes something else."""
        text = run.text()
        if watch.text_begins(text) and run.grammar:
            if run.reopen:
                run.reopen.close()
            run.reopen = run.grammar.copy()
            run.unwanted.clear()
        found = watch.look(text)
        if isinstance(found, Repeat):
            self._drop(run, watch, found)
        elif isinstance(found, Opening) and run.reopen and len(run.unwanted) < _MAX_REOPENINGS:
            self._begin_again(run, found)

    def _begin_again(self, run: _Run, opening: Opening) -> None:
        """Go back to where a text begins, and forbid the token it began with."""
        count, rest = run.cut(opening.keep_chars)
        if rest:
            return  # the opening quote and the first letters are one token: leave it
        run.unwanted.add(run.written[count])
        if run.grammar and run.reopen:
            run.grammar.close()
            run.grammar = run.reopen.copy()
        self._rewind(run, count)

    def _drop(self, run: _Run, watch: ListWatch, repeat: Repeat) -> None:
        """Take the repeated element back out of the answer and the cache, and move on."""
        schema, rules = run.prompt.answer_schema, run.prompt.rules
        if schema is None or rules is None:
            raise ValueError("rules need an answer_schema")
        count, rest = run.cut(repeat.keep_chars)
        left = without_integers(schema, rules.array, watch.forbidden)
        if left is None or watch.dropped >= _MAX_DROPS:
            rest += "]}"
        else:
            if run.grammar:
                run.grammar.close()
            run.grammar = _Grammar(self._vocab, rest_of_array(left, rules.array, repeat.written))
        self._rewind(run, count, rest)

    def _rewind(self, run: _Run, count: int, then: str = "") -> None:
        """Keep the first `count` tokens of the answer, write `then` after them, and read on."""
        # The last token written is not in the cache yet.
        cached = run.position - (len(run.written) - len(run.to_feed))
        run.position = cached + count
        del run.written[count:], run.pieces[count:]
        run.to_feed.clear()
        for token in self._tokenize(then, special=False):
            self._append(run, token)
        if not run.to_feed:  # nothing to feed means no logits: read the last token again
            run.position -= 1
            run.to_feed.append(run.written[-1])
        L.llama_memory_seq_rm(self._memory, run.slot, run.position, -1)

    # -- tokens -------------------------------------------------------------------------

    def _tokenize(self, text: str, *, special: bool) -> list[int]:
        data = text.encode("utf-8", "replace")
        room = len(data) + 8
        buffer = (L.llama_token * room)()
        count = L.llama_tokenize(self._vocab, data, len(data), buffer, room, False, special)
        if count < 0:
            raise ValueError(f"llama.cpp cannot tokenise {len(data)} bytes")
        return list(buffer[:count])

    def _piece(self, token: int) -> bytes:
        buffer = ctypes.create_string_buffer(256)
        size = L.llama_token_to_piece(self._vocab, token, buffer, len(buffer), 0, False)
        return buffer.raw[:size] if size > 0 else b""

    def _token_text(self, token: int) -> str:
        return "" if token < 0 else L.llama_vocab_get_text(self._vocab, token).decode()


def _answer(run: _Run, finish: FinishReason) -> Answer:
    return Answer(
        prompt_id=run.prompt.id,
        text=run.text(),
        finish=finish,
        tokens_read=run.prompt_tokens,
        tokens_written=len(run.written),
        dropped=run.watch.dropped if run.watch else 0,
        seconds=time.monotonic() - run.started,
    )


def _is_complete(text: str) -> bool:
    if not text.endswith("}"):
        return False
    try:
        json.loads(text)
    except json.JSONDecodeError:
        return False
    return True


def _cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _last_message() -> str:
    lines = [line.strip() for line in _messages if line.strip(" .\n")]
    return lines[-1] if lines else "no message from llama.cpp"
