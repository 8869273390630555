"""A model for simulated nights: it says the first sentences of an article again, at once.

Its answers go the way of any model's: prompts, schema, validator. It can keep a ledger of what
it was asked, so that a benchmark can prove that nothing was paid for twice.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

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

_SENTENCE = re.compile(r"^\[(\d+)\] (.+)$", re.MULTILINE)
_TITLE = re.compile(r"^Title: (.*)$", re.MULTILINE)


class StubModel:
    """A summarizer.model.interface.Model that quotes.

    Args:
        claims: claims an article.
        article_s: seconds it pretends to need for one.
        ledger: a file that gets a line for every article begun and answered, each synced.
    """

    name = "stub"
    sha256: str | None = "00" * 32
    strategy = Strategy.WHOLE
    context_tokens = 8192
    problems: tuple[str, ...] = ()

    def __init__(
        self, *, claims: int = 6, article_s: float = 0.0, ledger: Path | None = None
    ) -> None:
        self._claims, self._article_s, self._ledger = claims, article_s, ledger
        self.asked = 0

    def count_tokens(self, text: str) -> int:
        """Count four characters a token."""
        return max(1, len(text) // 4)

    def generate(
        self, prompts: Sequence[Prompt], *, on_usage: OnUsage | None = None
    ) -> Iterator[Answer]:
        """Answer each prompt by its first sentences."""
        for number, prompt in enumerate(prompts):
            self.asked += 1
            self._note("begun", prompt)
            if self._article_s:
                time.sleep(self._article_s)
            if on_usage:
                on_usage(Usage(done_share=number / len(prompts)))
            text = self._answer(prompt)
            self._note("answered", prompt)
            yield Answer(
                prompt_id=prompt.id,
                text=text,
                finish=FinishReason.STOP,
                tokens_read=sum(self.count_tokens(s.text) for s in prompt.segments),
                tokens_written=self.count_tokens(text),
            )

    def judge(self, questions: Sequence[Question]) -> Iterator[Judgement]:
        """Say yes."""
        for question in questions:
            yield Judgement(question_id=question.id, score=4.0, tokens_read=1)

    def close(self) -> None:
        """Nothing to free."""

    def _answer(self, prompt: Prompt) -> str:
        told = "\n".join(s.text for s in prompt.segments if not s.trusted)
        title = _TITLE.search(told)
        sentences = _SENTENCE.findall(told)[: self._claims]
        claims = [{"evidence": [int(n)], "claim": text[:400]} for n, text in sentences]
        return json.dumps({"headline": title[1] if title else "", "claims": claims})

    def _note(self, what: str, prompt: Prompt) -> None:
        if self._ledger is None:
            return
        line = f"{what} {prompt.id.split(':')[0]}\n".encode()
        handle = os.open(self._ledger, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, line)
            os.fsync(handle)
        finally:
            os.close(handle)
