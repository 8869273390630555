"""Choose an answer's next token from its logits, and keep the answer to grammar and rules."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from summarizer.model.grammar import rest_of_array, to_gbnf, without_integers
from summarizer.model.interface import FinishReason, Prompt
from summarizer.model.layout import forced, is_complete
from summarizer.model.llama import Grammar, LlamaFile
from summarizer.model.run import Writing
from summarizer.model.watch import ListWatch, Opening, Repeat

_FEW = 64  # likeliest tokens tried one by one before the whole vocabulary is masked
_MAX_DROPS = 4  # repeats dropped in one answer before its list is closed
_MAX_REOPENINGS = 4  # other first words tried for one text
_STRUCTURE = frozenset(b'"[]{},:')  # bytes after which the layout may leave no choice


class Writer:
    """Writes answers with the model `llama`."""

    def __init__(self, llama: LlamaFile) -> None:
        self._llama = llama

    def begin(self, run: Writing) -> None:
        """Give `run` its grammar, and the beginning that every answer of its schema has.

        Raises:
            GrammarError, ValueError: the schema or grammar cannot be used.
        """
        gbnf = _gbnf(run.prompt)
        if gbnf is not None:
            run.grammar = self._llama.grammar(gbnf)
            self._force(run)

    def take(self, run: Writing, logits: npt.NDArray[np.float32]) -> FinishReason | None:
        """Add the next token of `run`; return why its answer ended, if it did."""
        token = self._choose(run, logits)
        if self._llama.ends(token):
            return FinishReason.STOP
        if not _STRUCTURE.isdisjoint(self._append(run, token)):
            self._force(run)
        taken_back = run.watch is not None and self._obey(run, run.watch)
        if run.grammar and not taken_back and run.text_begins:
            if run.reopen:
                run.reopen.close()
            run.reopen = run.grammar.copy()
            run.unwanted.clear()
        schema = run.prompt.answer_schema
        if schema is not None and run.text.endswith("}") and is_complete(schema, run.text):
            return FinishReason.STOP  # spares asking for the end token
        return FinishReason.LENGTH if run.written >= run.prompt.max_tokens else None

    def _choose(self, run: Writing, logits: npt.NDArray[np.float32]) -> int:
        if run.unwanted and run.text_begins:
            logits = logits.copy()
            logits[list(run.unwanted)] = -math.inf
        token = _pick(run, logits)
        # Checking the winner alone is some 100 times cheaper than masking the vocabulary.
        if run.grammar and not run.grammar.allows(token):
            token = self._next_best(run, run.grammar, logits)
        return token

    def _next_best(self, run: Writing, grammar: Grammar, logits: npt.NDArray[np.float32]) -> int:
        """Return the likeliest token that is allowed: mostly one of the first few."""
        if run.prompt.temperature <= 0:
            best = np.argpartition(logits, -_FEW)[-_FEW:]
            for token in best[np.argsort(-logits[best])]:
                if grammar.allows(int(token)):
                    return int(token)
        return _pick(run, grammar.mask(logits))

    def _append(self, run: Writing, token: int) -> bytes:
        if run.grammar and not self._llama.ends(token):
            run.grammar.accept(token)
        piece = self._llama.piece(token)
        run.append(token, piece)
        return piece

    def _force(self, run: Writing) -> None:
        """Append what the layout leaves no choice about: no decode has to wait for it."""
        if run.prompt.answer_schema is None or run.grammar is None:
            return
        must_follow = forced(run.prompt.answer_schema, run.text)
        if not must_follow:
            return
        for token in self._llama.tokenize(must_follow, special=False):
            if not run.grammar.allows(token):
                return  # the rules left less to choose from than the schema: let the model write
            self._append(run, token)

    # -- rules --------------------------------------------------------------------------

    def _obey(self, run: Writing, watch: ListWatch) -> bool:
        """Take back what breaks the prompt's rules; return whether something was."""
        found = watch.look(run.text)
        if isinstance(found, Repeat):
            self._drop(run, watch, found)
            return True
        if isinstance(found, Opening) and run.reopen and len(run.unwanted) < _MAX_REOPENINGS:
            return _begin_again(run, found)
        return False

    def _drop(self, run: Writing, watch: ListWatch, repeat: Repeat) -> None:
        """Take the repeated element back out of the answer, and move on."""
        schema, rules = run.prompt.answer_schema, run.prompt.rules
        if schema is None or rules is None:
            raise ValueError("rules need an answer_schema")
        count, rest = run.cut(repeat.keep_chars)
        left = without_integers(schema, rules.array, watch.forbidden)
        close = left is None or watch.dropped >= _MAX_DROPS
        if run.grammar:
            run.grammar.close()
        run.grammar = None
        if left is not None and not close:
            gbnf = rest_of_array(left, rules.array, repeat.written)
            run.grammar = self._llama.grammar(gbnf)
        run.rewind(count)
        for token in self._llama.tokenize(rest + ("]}" if close else ""), special=False):
            run.append(token, self._llama.piece(token))


def _gbnf(prompt: Prompt) -> str | None:
    if prompt.answer_grammar is not None:
        return prompt.answer_grammar
    return None if prompt.answer_schema is None else to_gbnf(prompt.answer_schema)


def _begin_again(run: Writing, opening: Opening) -> bool:
    """Go back to where a text begins, and forbid the token it began with."""
    count, rest = run.cut(opening.keep_chars)
    if rest:
        return False  # the opening quote and the first letters are one token: leave it
    run.unwanted.add(run.tokens[run.prompt_tokens + count])
    if run.grammar and run.reopen:
        run.grammar.close()
        run.grammar = run.reopen.copy()
    run.rewind(count)
    return True


def _pick(run: Writing, logits: npt.NDArray[np.float32]) -> int:
    if run.prompt.temperature <= 0:
        return int(logits.argmax())
    noise = run.random.gumbel(size=len(logits))  # Gumbel-max: a draw from the softmax
    return int((logits / run.prompt.temperature + noise).argmax())
