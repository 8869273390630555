"""(d) The bare limit: the prompts of ours in as many sequences, as many tokens written to each.

No grammar, no checks, and the likeliest token taken whatever it is; the prefix that the prompts
share is read once, and a prompt is read beside the writing of others, as ours does it. What is
left is the price of llama.cpp itself for this work.

The cache is as ours has it, a stream a sequence and 8-bit keys: both are the faster way here
(docs/decisions.md), and ours is not to pass the limit by a setting.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import llama_cpp as L
import numpy as np

from benchmarks.engine_child import Job, Outcome, Replayed, peak_rss_mib, serve
from summarizer.model.chat import render_chat
from summarizer.model.interface import Segment
from summarizer.model.llama import BATCH_TOKENS

STREAM_STEP = 256  # llama.cpp rounds a stream up to this


@L.llama_log_callback  # type: ignore[untyped-decorator]
def _quiet(_level: int, _text: bytes, _data: object) -> None:
    """Print nothing."""


class Writing:
    """One prompt on its way."""

    def __init__(self, tokens: Sequence[int], to_write: int) -> None:
        self.to_feed = deque(tokens)
        self.left = to_write
        self.slot = self.row = -1
        self.position = 0


class Limit:
    """A model that does the work of `replay` in up to `sequences` at a time."""

    def __init__(self, path: Path, replay: Sequence[Replayed], sequences: int, threads: int):
        L.llama_log_set(_quiet, None)
        L.llama_backend_init()
        self._model = L.llama_model_load_from_file(
            str(path).encode(), L.llama_model_default_params()
        )
        if not self._model:
            raise RuntimeError(f"llama.cpp cannot load {path.name}")
        self._vocab = L.llama_model_get_vocab(self._model)
        self._vocab_size = L.llama_vocab_n_tokens(self._vocab)
        self._threads = threads
        self._prompts = [self._tokens(one) for one in replay]
        self._to_write = [one["tokens_written"] for one in replay]
        common = os.path.commonprefix(self._prompts) if len(self._prompts) > 1 else []
        self._prefix = list(common)[: min(map(len, self._prompts), default=1) - 1]
        self._sequences = max(1, min(sequences, len(self._prompts)))
        self.tokens_read = sum(map(len, self._prompts))
        self._ctx: Any = None

    def open(self) -> None:
        """Make a context for the longest of the work, and forget what was counted."""
        self.close()
        needs = [
            len(prompt) + count for prompt, count in zip(self._prompts, self._to_write, strict=True)
        ]
        # One sequence more, behind the others, holds the prefix: llama.cpp decodes neighbouring
        # streams at once only.
        stream = -(-max(needs) // STREAM_STEP) * STREAM_STEP
        params = L.llama_context_default_params()
        params.n_seq_max = self._sequences + 1
        params.n_ctx = stream * params.n_seq_max
        params.n_batch = params.n_ubatch = BATCH_TOKENS
        params.kv_unified = False
        head = L.llama_model_n_embd(self._model) // L.llama_model_n_head(self._model)
        if head % 32 == 0:
            params.type_k = L.GGML_TYPE_Q8_0
        params.n_threads = params.n_threads_batch = self._threads
        self._ctx = L.llama_init_from_model(self._model, params)
        if not self._ctx:
            raise RuntimeError(f"llama.cpp cannot make a context of {params.n_ctx} tokens")
        self._memory = L.llama_get_memory(self._ctx)
        self._batch = L.llama_batch_init(BATCH_TOKENS, 0, 1)
        skip = len(self._prefix)
        self._waiting = deque(
            Writing(prompt[skip:], count)
            for prompt, count in zip(self._prompts, self._to_write, strict=True)
        )
        self.tokens_decoded = self.tokens_written = 0
        self.writing_seconds, self.writing_tokens = 0.0, 0  # of batches that only write

    def close(self) -> None:
        """Free the context."""
        if self._ctx:
            L.llama_batch_free(self._batch)
            L.llama_free(self._ctx)
        self._ctx = None

    def warm_up(self) -> None:
        """Decode two tokens, so that the weights are in memory."""
        self._batch.n_tokens = 0
        for position in range(2):
            self._add(0, position, 0, logits=True)
        self._decode()
        L.llama_memory_clear(self._memory, True)

    def write_all(self) -> None:
        """Do all of the work. Those under way always have the slots 0, 1, … without a gap."""
        self._read_prefix()
        active: list[Writing] = []
        while self._waiting or active:
            while self._waiting and len(active) < self._sequences:
                active.append(self._admitted(len(active)))
            self._step(active)
            for one in [one for one in active if one.row >= 0]:
                self._advance(one)
            for slot in reversed(range(len(active))):
                if active[slot].row >= 0 and active[slot].left <= 0:
                    self._release(active, slot)

    def _read_prefix(self) -> None:
        for start in range(0, len(self._prefix), BATCH_TOKENS):
            self._batch.n_tokens = 0
            for offset, token in enumerate(self._prefix[start : start + BATCH_TOKENS]):
                self._add(token, start + offset, self._sequences, logits=False)
            self._decode()
        self.tokens_decoded += len(self._prefix)

    def _admitted(self, slot: int) -> Writing:
        one = self._waiting.popleft()
        one.slot, one.position = slot, len(self._prefix)
        if self._prefix:
            L.llama_memory_seq_cp(self._memory, self._sequences, slot, -1, -1)
        return one

    def _release(self, active: list[Writing], slot: int) -> None:
        """Free `slot` for the next one; with none left, the last one under way moves into it."""
        L.llama_memory_seq_rm(self._memory, slot, -1, -1)
        if self._waiting:
            active[slot] = self._admitted(slot)
            return
        last = active.pop()
        if last.slot != slot:
            L.llama_memory_seq_cp(self._memory, last.slot, slot, -1, -1)
            L.llama_memory_seq_rm(self._memory, last.slot, -1, -1)
            last.slot = slot
            active[slot] = last

    def _step(self, active: Sequence[Writing]) -> None:
        """Decode one token of each that writes, then as much reading as fits."""
        self._batch.n_tokens = reading = 0
        for one in sorted(active, key=lambda one: (one.row < 0, one.slot)):
            reads, one.row = one.row < 0, -1
            while one.to_feed and self._batch.n_tokens < BATCH_TOKENS:
                last = len(one.to_feed) == 1
                row = self._add(one.to_feed.popleft(), one.position, one.slot, logits=last)
                one.position += 1
                one.row = row if last else -1
                reading += reads
        began = time.perf_counter()
        self._decode()
        self.tokens_decoded += reading
        if not reading:
            self.writing_seconds += time.perf_counter() - began
            self.writing_tokens += self._batch.n_tokens

    def _advance(self, one: Writing) -> None:
        if one.left > 0:
            pointer = L.llama_get_logits_ith(self._ctx, one.row)
            logits = np.ctypeslib.as_array(pointer, shape=(self._vocab_size,))
            one.to_feed.append(int(logits.argmax()))
            one.left -= 1
            self.tokens_written += 1

    def _add(self, token: int, position: int, sequence: int, *, logits: bool) -> int:
        batch, row = self._batch, int(self._batch.n_tokens)
        batch.token[row], batch.pos[row], batch.logits[row] = token, position, logits
        batch.seq_id[row][0], batch.n_seq_id[row] = sequence, 1
        batch.n_tokens += 1
        return row

    def _decode(self) -> None:
        status = L.llama_decode(self._ctx, self._batch)
        L.llama_synchronize(self._ctx)
        if status:
            raise RuntimeError(f"llama_decode failed with {status}")

    def _tokens(self, one: Replayed) -> list[int]:
        """Tokenise as ours does: an article's text never as control tokens, one BOS if any."""
        bos, eos = L.llama_vocab_bos(self._vocab), L.llama_vocab_eos(self._vocab)
        template = (L.llama_model_chat_template(self._model, None) or b"").decode()
        segments = [Segment(text=text, trusted=trusted) for text, trusted in one["segments"]]
        rendered = render_chat(template, segments, bos=self._text(bos), eos=self._text(eos))
        tokens: list[int] = []
        for segment in rendered:
            data = segment.text.encode("utf-8", "replace")
            buffer: Any = (L.llama_token * (len(data) + 8))()
            room = len(buffer)
            count = L.llama_tokenize(
                self._vocab, data, len(data), buffer, room, False, segment.trusted
            )
            tokens += buffer[:count]
        if L.llama_vocab_get_add_bos(self._vocab) and tokens[:1] != [bos]:
            tokens.insert(0, bos)
        return tokens

    def _text(self, token: int) -> str:
        return "" if token < 0 else str(L.llama_vocab_get_text(self._vocab, token).decode())


def run(job: Job) -> Outcome:
    began = time.perf_counter()
    sequences = job["parallel"] or 1
    limit = Limit(Path(job["model_path"]), job["replay"], sequences, job["threads"])
    load_seconds = time.perf_counter() - began
    limit.open()
    limit.warm_up()
    began = time.perf_counter()
    limit.write_all()
    rate = limit.writing_tokens / limit.writing_seconds if limit.writing_seconds else 0.0
    return {
        "seconds": time.perf_counter() - began,
        "tokens_decoded": limit.tokens_decoded,
        "tokens_written": limit.tokens_written,
        "phases": {"write_tokens_per_s": rate},
        "load_seconds": load_seconds,
        "peak_rss_mib": peak_rss_mib(),
        "tokens_read": limit.tokens_read,
        "sequences": sequences,
    }


if __name__ == "__main__":
    serve(run)
