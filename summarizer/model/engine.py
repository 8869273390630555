"""Many prompts in one llama.cpp context, admitted as others finish.

Work slots 0 … n-1 are always those in use, because one decode takes neighbouring streams only
(llama.py); behind them lie spare slots, which keep what later requests begin with: the prefix
that prompts share, and articles whose claims may be asked about.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Collection, Iterator, Sequence

import psutil

from summarizer.errors import GenerationError, ModelFileError
from summarizer.model.chat import render_chat
from summarizer.model.interface import (
    Answer,
    FinishReason,
    Judgement,
    Prompt,
    Question,
    Segment,
    Usage,
)
from summarizer.model.llama import BATCH_TOKENS, Item, LlamaFile, cores
from summarizer.model.protocol import Outcome, Started
from summarizer.model.run import Run, Writing
from summarizer.model.writer import Writer

_MIN_SHARED = 16  # tokens in common that are worth a copy of a stream
_QUESTIONS = 8  # asked at once, where prompts say that questions will follow
_HELD = 2  # spare slots for articles that questions will follow about
_PARALLEL_PER_CORE = 8
_MEMORY_SHARE = 0.3  # of what is available, for the cache at most
_STREAM_STEP = 256  # llama.cpp rounds a stream's length up to this
# Tokens of one decode that writes. Up to about 16 it takes hardly longer than for one; what the
# sequences in use leave of it goes to guesses.
_WRITE_TOKENS = 24
_MIN_GAIN = 0.35  # of the sequences must profit from one more guess each
_WRITE_COST = 3.0  # reading costs 1: for the share of the work done
_LIKELY_WRITTEN = 0.5  # of max_tokens
_NEWEST = 0.02  # weight of the newest guess in how often they are right
MAX_PARALLEL = 64  # llama.cpp knows 256 sequences; a batch has room for so many


class Engine:
    """Answers prompts and questions step by step (protocol.Engine says how).

    Args:
        llama: the model.
        context_tokens: the most that one prompt and its answer may take.
        parallel: how many are under way at once; 0: by cores and memory.
        reproducible: one at a time, nothing taken over from another and no guesses, so that an
            answer depends on its prompt alone; several times slower.
    """

    def __init__(
        self,
        llama: LlamaFile,
        *,
        context_tokens: int = 4096,
        parallel: int = 0,
        reproducible: bool = False,
    ) -> None:
        self._llama = llama
        self._writer = Writer(llama)
        self.context_tokens = min(context_tokens, llama.trained_context)
        self._parallel = 1 if reproducible else parallel
        self._alone = reproducible
        self._waiting: deque[Run] = deque()
        self._active: list[Run] = []  # by slot
        self._refused: list[Outcome] = []
        self.weights = str(llama.path)
        self._slots = self._stream = 0  # of the context that is open
        self._kept: list[list[int]] = []  # tokens in the cache of each slot not in use, by slot
        self._held = 0
        self._next_spare = 1
        self._acceptance = 0.5  # of guesses, lately
        self._work = self._work_done = self._share = 0.0
        self._read = self._written = 0
        self._model_s_before = 0.0
        self.guessed = self.guessed_right = 0

    # -- protocol.Engine ----------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether there is something to do."""
        return bool(self._waiting or self._active or self._refused)

    @property
    def usage(self) -> Usage:
        """How far everything is that was added since the engine was last idle."""
        under_way = sum(_work_done(run) for run in self._active)
        read = sum(min(run.cached, run.prompt_tokens) - run.copied for run in self._active)
        written = sum(run.written for run in self._active if isinstance(run, Writing))
        share = (self._work_done + under_way) / self._work if self._work else 0.0
        # Less is done once a repeat is taken back, or a question added; progress does not go back.
        self._share = max(self._share, min(1.0, share))
        return Usage(
            tokens_read=self._read + read,
            tokens_written=self._written + written,
            done_share=self._share,
            model_s=self._llama.model_s - self._model_s_before,
            parallel=self._slots,
        )

    def add(self, request: Prompt | Question) -> None:
        """Take on a request; it starts when there is a slot for it.

        Raises:
            GrammarError, ValueError: its grammar cannot be used.
        """
        if not self.busy:
            self._work = self._work_done = self._share = 0.0
            self._read = self._written = 0
            self._model_s_before = self._llama.model_s
        raw = isinstance(request, Question) and not request.chat
        tokens = self.prompt_tokens(request.segments, chat=not raw)
        run = Writing(request, tokens) if isinstance(request, Prompt) else Run(request, tokens)
        limit = len(tokens) + (request.max_tokens if isinstance(request, Prompt) else 0)
        if limit > self.context_tokens:
            if isinstance(request, Question):
                raise GenerationError("the question and its article do not fit the context")
            self._refused.append(
                Answer(
                    prompt_id=request.id,
                    text="",
                    finish=FinishReason.PROMPT_TOO_LONG,
                    tokens_read=0,
                    tokens_written=0,
                )
            )
            return
        if isinstance(run, Writing):
            self._writer.begin(run)
            self._waiting.append(run)
        else:  # while the article it asks about is still in the cache
            self._waiting.insert(sum(isinstance(w.request, Question) for w in self._waiting), run)
        self._work += _work(run)

    def step(self) -> list[Outcome]:
        """Admit what can be admitted and say so, or decode once and return what it finished."""
        if self._refused:
            refused, self._refused = self._refused, []
            return refused
        if not self._active:
            self._fit_context()
        started = self._admit()
        if started:
            return started
        if not self._active:
            return []
        self._decode()
        return list(self._collect())

    def drop(self, ids: Collection[str]) -> None:
        """Forget requests, waiting or under way; unknown ids are ignored."""
        for run in [w for w in self._waiting if w.request.id in ids]:
            self._waiting.remove(run)
            self._leave(run)
        for run in [a for a in self._active if a.request.id in ids]:
            self._refused += self._release(self._active.index(run))

    def count_tokens(self, text: str) -> int:
        """Return how many tokens `text` takes as untrusted text."""
        return len(self._llama.tokenize(text, special=False))

    def close(self) -> None:
        """Free the model."""
        for run in [*self._active, *self._waiting]:
            if isinstance(run, Writing):
                run.close()
        self._active.clear()
        self._waiting.clear()
        self._llama.close()

    def prompt_tokens(self, segments: Sequence[Segment], *, chat: bool = True) -> list[int]:
        """Return the tokens of one user turn, chat template applied; exactly one BOS if any."""
        bos, eos = self._llama.bos_eos_text
        rendered = segments
        if chat:
            rendered = render_chat(self._llama.template, segments, bos=bos, eos=eos)
        tokens: list[int] = []
        for segment in rendered:
            tokens += self._llama.tokenize(segment.text, special=segment.trusted)
        first = self._llama.bos
        if first is not None and tokens[:1] != [first]:
            tokens.insert(0, first)
        return tokens

    # -- slots --------------------------------------------------------------------------

    def _fit_context(self) -> None:
        """Open a context that what waits fits in, unless the one there is does."""
        if not self._waiting:
            return
        longest = max(run.room for run in self._waiting)
        stream = max(self._stream, -(-longest // _STREAM_STEP) * _STREAM_STEP)
        prompts = [run.prompt for run in self._waiting if isinstance(run, Writing)]
        hold = any(prompt.hold for prompt in prompts)
        held = max(self._held, _HELD if hold else 0)
        # For questions alone no new context is made: the articles they are about are in this one.
        wanted = len(prompts) + (_QUESTIONS if hold else 0)
        if not self._slots:
            wanted = max(wanted, len(self._waiting))
        slots = min(self._most_slots(stream), max(self._slots, wanted))
        if stream > self._stream or slots > self._slots or held > self._held:
            self._held = held
            self._open_context(stream, slots)

    def _open_context(self, stream: int, slots: int) -> None:
        spares = 0 if self._alone else 1 + self._held
        self._slots = self._stream = 0  # what there was is gone, even if this fails
        while True:
            try:
                self._llama.open_context(stream, slots + spares)
                break
            except ModelFileError:  # memory was counted before, and somebody else has taken it
                if slots == 1:
                    raise
                slots //= 2
        self._slots, self._stream = slots, stream
        self._kept = [[] for _ in range(slots + spares)]

    def _most_slots(self, stream: int) -> int:
        if self._parallel:
            return min(self._parallel, MAX_PARALLEL)
        room = psutil.virtual_memory().available * _MEMORY_SHARE
        fit = int(room / (stream * self._llama.cell_bytes)) - 1 - self._held
        return max(1, min(_PARALLEL_PER_CORE * cores(), fit))

    def _admit(self) -> list[Outcome]:
        """Put waiting requests into free slots."""
        started: list[Outcome] = []
        if self._next_fits and len(self._active) < self._slots:
            self._read_shared_prefix()
        while self._next_fits and len(self._active) < self._slots:
            run = self._begin(len(self._active))
            self._active.append(run)
            started.append(Started(id=run.request.id))
        return started

    @property
    def _next_fits(self) -> bool:
        """Whether something waits that fits the context; what does not waits for a new one."""
        return bool(self._waiting) and self._waiting[0].room <= self._stream

    def _begin(self, slot: int) -> Run:
        run = self._waiting.popleft()
        self._reuse(run, slot)
        self._kept[slot] = []
        run.started = time.monotonic()
        return run

    def _read_shared_prefix(self) -> None:
        """Read what the waiting prompts begin with once, into its spare slot."""
        prompts = [run for run in self._waiting if isinstance(run, Writing)]
        if len(prompts) < 2 or self._alone:
            return
        prefix = _common([run.tokens[: run.prompt_tokens - 1] for run in prompts])
        slot = self._slots  # the first spare
        if len(prefix) < _MIN_SHARED or self._kept[slot][: len(prefix)] == prefix:
            return
        self._llama.cut(slot, 0)
        for start in range(0, len(prefix), BATCH_TOKENS):
            part = prefix[start : start + BATCH_TOKENS]
            self._llama.decode(
                [Item(token, start + i, slot, False) for i, token in enumerate(part)]
            )
        self._read += len(prefix)
        self._kept[slot] = prefix

    def _reuse(self, run: Run, slot: int) -> None:
        """Take over what the cache holds of the beginning of `run`."""
        wanted = run.tokens[: run.prompt_tokens - 1]  # the last one is read for its logits
        best, length = slot, len(_common([wanted, self._kept[slot]]))
        for spare in range(self._slots, len(self._kept)):
            common = len(_common([wanted, self._kept[spare]]))
            if common >= length + _MIN_SHARED:
                best, length = spare, common
        if self._alone or length < _MIN_SHARED:
            length = 0
        elif best != slot:
            self._llama.copy(best, slot)
        self._llama.cut(slot, length)
        run.cached = run.copied = length

    def _release(self, slot: int) -> Iterator[Outcome]:
        """Free a slot at once: the next request takes it, or the last one in use fills the gap."""
        run, last = self._active[slot], len(self._active) - 1
        held = run.tokens[: min(run.cached, run.prompt_tokens)]
        if isinstance(run, Writing) and run.prompt.hold and self._held and not self._alone:
            self._keep(slot, held)
        self._leave(run)
        if self._next_fits:
            self._kept[slot] = held
            newcomer = self._active[slot] = self._begin(slot)
            yield Started(id=newcomer.request.id)
            return
        if slot != last:
            self._llama.copy(last, slot)
            self._active[slot], held = self._active[last], []
        self._active.pop()
        self._llama.cut(last, len(held))
        self._kept[last] = held

    def _keep(self, slot: int, held: list[int]) -> None:
        """Copy an article's prompt into the spare slot used longest ago."""
        spare = self._slots + self._next_spare
        self._next_spare = self._next_spare % self._held + 1
        self._llama.copy(slot, spare)
        self._llama.cut(spare, len(held))
        self._kept[spare] = held

    def _leave(self, run: Run) -> None:
        done = min(run.cached, run.prompt_tokens) - run.copied
        self._read += max(0, done)
        self._work_done += _work(run)
        if isinstance(run, Writing):
            self._written += run.written
            run.close()

    # -- one decode ---------------------------------------------------------------------

    def _decode(self) -> None:
        """Feed `width` tokens of each that writes, and as much of the prompts as has room."""
        width = self._width()
        room = BATCH_TOKENS - width * len(self._active)
        items: list[Item] = []
        for slot, run in enumerate(self._active):
            count = min(run.pending, width)
            if run.reading:
                more = min(run.pending - count, room)
                room -= more
                count += more
            feed = run.tokens[run.cached : run.cached + count]
            whole = count == run.pending
            run.guesses = run.guesses[: width - count] if whole else []
            run.row = len(items) + count - 1 if whole else -1
            # Every sequence gets `width` tokens, or llama.cpp cuts the batch in pieces.
            padding = feed[-1:] * (width - count - len(run.guesses))
            asked = [False] * (count - 1) + [whole] + [True] * len(run.guesses)
            for i, token in enumerate([*feed, *run.guesses, *padding]):
                items.append(Item(token, run.cached + i, slot, i < len(asked) and asked[i]))
            run.cached += count
        self._llama.decode(items)

    def _width(self) -> int:
        """Return how many tokens each sequence gets: as many as enough of them can use."""
        writing = [run for run in self._active if isinstance(run, Writing) and not run.reading]
        for run in self._active:
            run.guesses = []
        most = 1 if self._alone or not writing else _WRITE_TOKENS // len(writing)
        most = min(most, BATCH_TOKENS // max(1, len(self._active)))  # those that read get as many
        if most < 2:
            return 1
        for run in writing:
            if run.pending < most:
                run.guesses = run.lookup.guess(run.tokens, most - run.pending)
        width = 1
        while width < most and self._gain(writing, width + 1) >= _MIN_GAIN * len(writing):
            width += 1
        return width

    def _gain(self, writing: Sequence[Writing], width: int) -> float:
        """Return how many sequences are likely to get on further with `width` tokens each."""
        gain = 0.0
        for run in writing:
            guesses = width - run.pending
            if guesses <= 0:
                gain += 1  # forced tokens: no guess
            elif guesses <= len(run.guesses):
                gain += self._acceptance**guesses
        return gain

    def _collect(self) -> Iterator[Outcome]:
        """Use the logits of the last decode."""
        for run in list(self._active):
            outcome = None
            if run.row >= 0:
                outcome = self._write(run) if isinstance(run, Writing) else self._judge(run)
            slot = self._active.index(run)
            self._llama.cut(slot, run.cached)
            if outcome:
                yield outcome
                yield from self._release(slot)

    def _write(self, run: Writing) -> Answer | None:
        """Choose the next tokens: one, and one more for every guess that was right."""
        fed, right = run.cached, 0
        while True:
            finish = self._writer.take(run, self._llama.logits(run.row + right))
            if finish:
                return _answer(run, finish)
            if run.cached < fed + right:
                return None  # something was taken back
            while (
                right < len(run.guesses)
                and run.pending
                and run.tokens[run.cached] == run.guesses[right]
            ):
                right += 1
                run.cached += 1
            if run.pending:
                self._learn(right, len(run.guesses))
                return None

    def _learn(self, right: int, guessed: int) -> None:
        """Follow how often guesses are right."""
        self.guessed += guessed
        self.guessed_right += right
        for hit in [1.0] * right + [0.0] * (right < guessed):
            self._acceptance += _NEWEST * (hit - self._acceptance)

    def _judge(self, run: Run) -> Judgement:
        question = run.request
        if not isinstance(question, Question):
            raise TypeError("a prompt is written, not judged")
        logits = self._llama.logits(run.row)
        first, second = (
            self._llama.tokenize(answer, special=False)[0] for answer in question.answers
        )
        return Judgement(
            question_id=question.id,
            score=float(logits[first]) - float(logits[second]),
            tokens_read=run.prompt_tokens - run.copied,
        )


def _work(run: Run) -> float:
    return run.prompt_tokens + _WRITE_COST * _likely_written(run)


def _work_done(run: Run) -> float:
    written = min(run.written, _likely_written(run)) if isinstance(run, Writing) else 0
    return min(run.cached, run.prompt_tokens) + _WRITE_COST * written


def _likely_written(run: Run) -> float:
    return _LIKELY_WRITTEN * run.prompt.max_tokens if isinstance(run, Writing) else 0.0


def _answer(run: Writing, finish: FinishReason) -> Answer:
    return Answer(
        prompt_id=run.prompt.id,
        text=run.text,
        finish=finish,
        tokens_read=run.prompt_tokens - run.copied,
        tokens_written=run.written,
        dropped=run.watch.dropped if run.watch else 0,
        seconds=time.monotonic() - run.started,
    )


def _common(lists: Sequence[list[int]]) -> list[int]:
    """Return what all lists begin with."""
    shortest, longest = min(lists), max(lists)  # in this order they differ first of all
    for i, token in enumerate(shortest):
        if token != longest[i]:
            return shortest[:i]
    return shortest
