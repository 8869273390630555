"""One request on its way through the context: its tokens, what is cached, what is written."""

from __future__ import annotations

import codecs
import time

import numpy as np

from summarizer.model.interface import Prompt, Question
from summarizer.model.llama import Grammar
from summarizer.model.lookup import Lookup
from summarizer.model.watch import ListWatch

_SLACK = 64  # cells for guesses, and for what the layout forces behind the last token allowed


class Run:
    """A prompt or a question.

    `tokens` is the prompt and the answer so far; the cache holds the first `cached` of them, and
    the rest has to be fed.
    """

    def __init__(self, request: Prompt | Question, tokens: list[int]) -> None:
        self.request = request
        self.tokens = tokens
        self.prompt_tokens = len(tokens)
        self.cached = 0
        self.copied = 0  # tokens that were in the cache already when it got under way
        self.guesses: list[int] = []  # fed behind `tokens`, to be checked
        self.row = -1  # of the last batch: this run's first row with logits; -1: none
        self.started = time.monotonic()

    @property
    def room(self) -> int:
        """Return the most cells it can take."""
        answer = self.request.max_tokens if isinstance(self.request, Prompt) else 0
        # A beginning that its schema gives may be longer than the answer is allowed to be.
        return max(self.prompt_tokens + answer, len(self.tokens)) + _SLACK

    @property
    def pending(self) -> int:
        """Return how many tokens have to be fed before the next can be chosen."""
        return len(self.tokens) - self.cached

    @property
    def reading(self) -> bool:
        """Return whether its prompt is still being read."""
        return self.cached < self.prompt_tokens


class Writing(Run):
    """A prompt and the answer that is being written."""

    def __init__(self, prompt: Prompt, tokens: list[int]) -> None:
        super().__init__(prompt, tokens)
        self.prompt = prompt
        self.pieces: list[bytes] = []
        self.text = ""  # of the answer; a character still incomplete is left out
        self._decoder = codecs.getincrementaldecoder("utf-8")("ignore")
        self.grammar: Grammar | None = None
        self.watch = ListWatch(prompt.rules) if prompt.rules else None
        self.reopen: Grammar | None = None  # its state where a watched text begins
        self.unwanted: set[int] = set()  # tokens that text may not begin with
        self.random = np.random.default_rng(prompt.seed)
        self.lookup = Lookup()

    @property
    def written(self) -> int:
        """Return how many tokens the answer has."""
        return len(self.tokens) - self.prompt_tokens

    @property
    def text_begins(self) -> bool:
        """Return whether a watched text begins here, without half a character of it written."""
        watch, half_a_character = self.watch, self._decoder.getstate()[0]
        return watch is not None and not half_a_character and watch.text_begins(self.text)

    def append(self, token: int, piece: bytes) -> None:
        """Add a token to the answer."""
        self.tokens.append(token)
        self.pieces.append(piece)
        self.text += self._decoder.decode(piece)

    def rewind(self, count: int) -> None:
        """Keep the first `count` tokens of the answer; one is left to feed at the least."""
        del self.tokens[self.prompt_tokens + count :], self.pieces[count:]
        self._decoder.reset()
        self.text = "".join(map(self._decoder.decode, self.pieces))
        self.cached = min(self.cached, len(self.tokens) - 1)

    def cut(self, chars: int) -> tuple[int, str]:
        """Return how many tokens lie within the first `chars` of the text, and what is left."""
        decoder = codecs.getincrementaldecoder("utf-8")("ignore")
        within, count = 0, 0
        for piece in self.pieces:
            size = len(decoder.decode(piece))
            if within == chars or within + size > chars:  # the next may be half a character
                break
            within += size
            count += 1
        return count, self.text[within:chars]

    def close(self) -> None:
        """Free its grammars."""
        for grammar in (self.grammar, self.reopen):
            if grammar:
                grammar.close()
        self.grammar = self.reopen = None
