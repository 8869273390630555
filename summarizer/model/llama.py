"""llama.cpp's low-level API behind a small class; the only module that knows llama_cpp.

Every sequence has its own stream of the cache: with one cache for all, each token is compared
with the cells of every other sequence only to find that they are masked. The price is that one
decode should hold neighbouring sequences, the same number of tokens of each (engine.py sees to
that; anything else works, and is slower).
"""

from __future__ import annotations

import ctypes
import math
import os
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import llama_cpp as L
import numpy as np
import numpy.typing as npt
import psutil

from summarizer.errors import GenerationError, ModelFileError
from summarizer.model.pace import Pace

# Tokens a decode call may hold: prompt reading gains little above 128 on two cores.
BATCH_TOKENS = 256

_BUSY = 0.5  # of a core that another program uses: it is taken
_Q8_BLOCK = 32  # numbers that share a scale in Q8_0

_TokenData = np.dtype([("id", "i4"), ("logit", "f4"), ("p", "f4")])  # llama_token_data
_messages: deque[str] = deque(maxlen=20)


@L.llama_log_callback  # type: ignore[untyped-decorator]
def _log(_level: int, text: bytes, _data: object) -> None:
    """Keep llama.cpp's last messages for our own errors instead of printing them."""
    _messages.append(text.decode("utf-8", "replace"))


class GrammarError(ValueError):
    """llama.cpp refused a grammar; a fault of ours, not of the input."""


class Grammar:
    """A grammar's state for one answer.

    llama.cpp crashes on a grammar that does not parse unless the NULL is caught here.
    """

    def __init__(self, vocab: Any, gbnf: str) -> None:
        self._sampler = L.llama_sampler_init_grammar(vocab, gbnf.encode(), b"root")
        if not self._sampler:
            raise GrammarError(f"llama.cpp refused this grammar:\n{gbnf}")
        self._make_one()

    def _make_one(self) -> None:
        self._one: Any = (L.llama_token_data * 1)()  # ctypes' own types do not fit mypy
        self._array = L.llama_token_data_array(data=self._one, size=1, selected=-1, sorted=False)
        self._pointer = ctypes.byref(self._array)

    def allows(self, token: int) -> bool:
        """Return whether `token` may come next."""
        self._one[0].id, self._one[0].logit = token, 1.0
        L.llama_sampler_apply(self._sampler, self._pointer)
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

    def copy(self) -> Grammar:
        """Return a grammar in the same state."""
        twin = Grammar.__new__(Grammar)
        twin._sampler = L.llama_sampler_clone(self._sampler)
        twin._make_one()
        return twin

    def close(self) -> None:
        """Free the sampler."""
        if self._sampler:
            L.llama_sampler_free(self._sampler)
        self._sampler = None


class Item(NamedTuple):
    """A token of a batch: where it stands in its sequence, and whether its logits are wanted."""

    token: int
    position: int
    sequence: int
    logits: bool


class LlamaFile:
    """A GGUF model and one context of it. Not thread-safe; `close` frees both.

    Args:
        path: the GGUF file; its checksum is the catalogue's business.
        threads: at most so many; 0: every core this process may use. While other programs keep
            the cores busy it goes down to one by itself (model/pace.py).
        adapt: False: always that many. What one sequence's logits are can depend on it.
        lora: a GGUF adapter to put on the model.
        plain: without the weights' repacked copies (AMX among them): slower, and without the
            code that crashes on some machines.

    Raises:
        ModelFileError: a file cannot be loaded, or the model has no chat template.
    """

    def __init__(
        self,
        path: Path,
        *,
        threads: int = 0,
        adapt: bool = True,
        lora: Path | None = None,
        plain: bool = False,
    ) -> None:
        self.path = path
        L.llama_log_set(_log, None)
        L.llama_backend_init()
        # ctypes handles; None: not there, or freed.
        self._ctx: Any = None
        self._model: Any = None
        self._lora: Any = None
        self._memory: Any = None
        self._batch: Any = None
        params = L.llama_model_default_params()
        params.use_extra_bufts = not plain
        self._model = L.llama_model_load_from_file(str(path).encode(), params)
        if not self._model:
            raise ModelFileError(f"llama.cpp cannot load {path.name}: {_last_message()}")
        if lora is not None:
            self._lora = L.llama_adapter_lora_init(self._model, str(lora).encode())
            if not self._lora:
                self.close()
                raise ModelFileError(
                    f"llama.cpp cannot put the adapter {lora.name} on {path.name}: "
                    f"{_last_message()}",
                    hint="A LoRA adapter must be a GGUF file made for this very model.",
                )
        self._vocab = L.llama_model_get_vocab(self._model)
        self._vocab_size = L.llama_vocab_n_tokens(self._vocab)
        self.trained_context = int(L.llama_model_n_ctx_train(self._model))
        self._threads = threads or cores()
        self._adapt = adapt
        self._pace = Pace(self._threads, self._others_are_free)
        self._pieces: dict[int, bytes] = {}
        self.model_s = 0.0
        template = L.llama_model_chat_template(self._model, None)
        if not template:
            self.close()
            raise ModelFileError(
                f"{path.name} has no chat template, so nobody knows how to talk to it",
                hint="Use an instruct model whose GGUF file carries its chat template.",
            )
        self.template = template.decode("utf-8", "replace")

    # -- context ------------------------------------------------------------------------

    @property
    def cell_bytes(self) -> int:
        """Return what one token takes in the cache, keys and values of every layer, at most."""
        rows = L.llama_model_n_layer(self._model) * L.llama_model_n_head_kv(self._model)
        return int(2 * 2 * rows * self._head_width)

    @property
    def _head_width(self) -> int:
        return int(L.llama_model_n_embd(self._model) // L.llama_model_n_head(self._model))

    def open_context(self, tokens: int, sequences: int) -> None:
        """Make a context of `sequences` streams of `tokens` each in place of the one there was.

        Raises:
            ModelFileError: there is not enough memory for it.
        """
        self._free_context()
        with self._timed():
            self._make_context(tokens, sequences)

    def _make_context(self, tokens: int, sequences: int) -> None:
        params = L.llama_context_default_params()
        params.n_ctx = tokens * sequences
        params.n_batch = params.n_ubatch = BATCH_TOKENS
        params.n_seq_max = sequences
        params.kv_unified = False
        # llama.cpp multiplies 8-bit keys with 8-bit queries, and converts 16-bit ones for every
        # token and head: a decode of 16 sequences of 768 tokens took 149 ms in place of 168 ms.
        if self._head_width % _Q8_BLOCK == 0:
            params.type_k = L.GGML_TYPE_Q8_0
        params.n_threads = params.n_threads_batch = self._threads
        self._ctx = L.llama_init_from_model(self._model, params)
        if not self._ctx:
            raise ModelFileError(
                f"llama.cpp cannot make a context of {sequences} times {tokens} tokens: "
                f"{_last_message()}",
                hint="Free some memory, use a smaller model, or --parallel 1.",
            )
        if self._lora:
            adapters = (L.llama_adapter_lora_p_ctypes * 1)(self._lora)
            L.llama_set_adapters_lora(self._ctx, adapters, 1, (ctypes.c_float * 1)(1.0))
        self._memory = L.llama_get_memory(self._ctx)
        self._batch = L.llama_batch_init(BATCH_TOKENS, 0, 1)

    def _free_context(self) -> None:
        if self._ctx:
            L.llama_batch_free(self._batch)
            L.llama_free(self._ctx)
        self._ctx = None

    def close(self) -> None:
        """Free the model and its context."""
        self._free_context()
        if self._model:
            L.llama_model_free(self._model)
        self._model = None

    def copy(self, source: int, target: int) -> None:
        """Make sequence `target` a copy of `source`; costs a copy of the whole stream."""
        L.llama_memory_seq_cp(self._memory, source, target, -1, -1)

    def cut(self, sequence: int, length: int) -> None:
        """Forget what `sequence` holds from position `length` on."""
        L.llama_memory_seq_rm(self._memory, sequence, length, -1)

    def decode(self, items: Sequence[Item]) -> None:
        """Run a batch of at most BATCH_TOKENS; `logits` then gives its rows.

        Raises:
            GenerationError: llama.cpp failed; rooms are reckoned beforehand, so it is a fault.
        """
        with self._timed():
            batch = self._batch
            for row, item in enumerate(items):
                batch.token[row], batch.pos[row] = item.token, item.position
                batch.seq_id[row][0], batch.n_seq_id[row] = item.sequence, 1
                batch.logits[row] = item.logits
            batch.n_tokens = len(items)
            threads = self._pace.threads(len(items)) if self._adapt else self._threads
            L.llama_set_n_threads(self._ctx, threads, threads)
            started = time.perf_counter()
            status = L.llama_decode(self._ctx, batch)
            L.llama_synchronize(self._ctx)
            self._pace.note(len(items), threads, time.perf_counter() - started)
        if status:
            raise GenerationError(f"llama_decode failed with {status}: {_last_message()}")

    def _others_are_free(self) -> bool:
        """Return whether other programs have lately left us the cores for all our threads."""
        cores_there = psutil.cpu_count() or 1
        others = psutil.cpu_percent(interval=None) / 100 * cores_there - 1  # one is ours
        return others < cores_there - self._threads + _BUSY

    @contextmanager
    def _timed(self) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.model_s += time.perf_counter() - started

    def logits(self, row: int) -> npt.NDArray[np.float32]:
        """Return the logits of a row of the last batch; valid until the next decode."""
        pointer = L.llama_get_logits_ith(self._ctx, row)
        return np.ctypeslib.as_array(pointer, shape=(self._vocab_size,))

    def grammar(self, gbnf: str) -> Grammar:
        """Return a grammar in its first state.

        Raises:
            GrammarError: llama.cpp refuses it.
        """
        return Grammar(self._vocab, gbnf)

    # -- tokens -------------------------------------------------------------------------

    def tokenize(self, text: str, *, special: bool) -> list[int]:
        """Return the tokens of `text`; control tokens are recognised only if `special`."""
        data = text.encode("utf-8", "replace")
        room = len(data) + 8
        buffer = (L.llama_token * room)()
        count = L.llama_tokenize(self._vocab, data, len(data), buffer, room, False, special)
        if count < 0:
            raise ValueError(f"llama.cpp cannot tokenise {len(data)} bytes")
        return list(buffer[:count])

    def piece(self, token: int) -> bytes:
        """Return the bytes that `token` writes; none for control tokens."""
        known = self._pieces.get(token)
        if known is None:
            buffer = ctypes.create_string_buffer(256)
            size = L.llama_token_to_piece(self._vocab, token, buffer, len(buffer), 0, False)
            known = self._pieces[token] = buffer.raw[:size] if size > 0 else b""
        return known

    def ends(self, token: int) -> bool:
        """Return whether `token` ends an answer."""
        return bool(L.llama_vocab_is_eog(self._vocab, token))

    @property
    def bos(self) -> int | None:
        """Return the token that every text begins with, if the model wants one."""
        wanted = L.llama_vocab_get_add_bos(self._vocab)
        return int(L.llama_vocab_bos(self._vocab)) if wanted else None

    @property
    def bos_eos_text(self) -> tuple[str, str]:
        """Return what the chat template calls bos_token and eos_token."""
        return (
            self._token_text(L.llama_vocab_bos(self._vocab)),
            self._token_text(L.llama_vocab_eos(self._vocab)),
        )

    def _token_text(self, token: int) -> str:
        return "" if token < 0 else L.llama_vocab_get_text(self._vocab, token).decode()


def file_type(path: Path) -> int:
    """Return llama.cpp's number of how the weights of `path` are quantised; -1: unknown.

    Source: enum llama_ftype of llama.h.
    """
    L.llama_log_set(_log, None)
    params = L.llama_model_default_params()
    params.vocab_only = True
    model = L.llama_model_load_from_file(str(path).encode(), params)
    if not model:
        return -1
    value = ctypes.create_string_buffer(16)
    size = L.llama_model_meta_val_str(model, b"general.file_type", value, len(value))
    L.llama_model_free(model)
    return int(value.value) if size > 0 else -1


def has_amx() -> bool:
    """Return whether this build of llama.cpp multiplies with AMX on this CPU."""
    return b"AMX_INT8 = 1" in L.llama_print_system_info()


def requantize(source: Path, target: Path, *, threads: int = 0) -> None:
    """Write the model `source` to `target` with 8 bits a weight (Q8_0).

    Raises:
        ModelFileError: llama.cpp cannot.
    """
    L.llama_log_set(_log, None)
    params = L.llama_model_quantize_default_params()
    params.ftype = L.LLAMA_FTYPE_MOSTLY_Q8_0
    params.allow_requantize = True
    params.nthread = threads or cores()
    if L.llama_model_quantize(str(source).encode(), str(target).encode(), ctypes.byref(params)):
        raise ModelFileError(f"llama.cpp cannot requantise {source.name}: {_last_message()}")


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _last_message() -> str:
    lines = [line.strip() for line in _messages if line.strip(" .\n")]
    return lines[-1] if lines else "no message from llama.cpp"
