"""The entailment model: a small Llama with an adapter that was trained to tell support."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from summarizer.errors import GenerationError
from summarizer.model.interface import Model, Question, Segment

ANSWERS = (" Yes", " No")
MAX_CLAIM_CHARS = 600  # what the adapter was trained with, about 120 tokens
_FRAME_TOKENS = 24  # of a question beside evidence and claim, and what joining them may add


class Verifier(Protocol):
    """Tells how far evidence entails a claim."""

    name: str

    def scores(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Return a log-odds for each pair of evidence and claim; above 0: rather entailed.

        Raises:
            GenerationError: the model gave up.
        """
        ...


class AdapterVerifier:
    """A language model with an adapter trained on (evidence, claim); opened when first asked.

    Args:
        open_it: opens the model; called at most once.
        name: what a brief says of it.
    """

    def __init__(self, open_it: Callable[[], Model], name: str) -> None:
        self._open = open_it
        self._model: Model | None = None
        self.name = name

    def scores(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Return a log-odds for each pair of evidence and claim, in their order.

        Evidence and claims that the model's context has no room for are cut at their end.

        Raises:
            SummarizerError: the model cannot be opened or gave up.
        """
        if not pairs:
            return []
        if self._model is None:
            self._model = self._open()
        fitted = [_fitted(self._model, *pair) for pair in pairs]
        questions = [question(str(i), *pair) for i, pair in enumerate(fitted)]
        found = {j.question_id: j.score for j in self._model.judge(questions)}
        missing = [q.id for q in questions if q.id not in found]
        if missing:
            raise GenerationError(f"the verifier left {len(missing)} of {len(pairs)} unanswered")
        return [found[q.id] for q in questions]

    def close(self) -> None:
        """Free the model; it is opened again when asked again."""
        if self._model is not None:
            self._model.close()
        self._model = None


def _fitted(model: Model, evidence: str, claim: str) -> tuple[str, str]:
    """Cut a pair to the context: text of another script takes a token and more a character."""
    room = model.context_tokens - _FRAME_TOKENS
    evidence, claim = _plain(evidence), _plain(claim)[:MAX_CLAIM_CHARS]
    if model.count_tokens(f"{evidence}\n{claim}") > room:
        claim = _cut(model, claim, room // 2)
        evidence = _cut(model, evidence, room - model.count_tokens(claim))
    return evidence, claim


def _cut(model: Model, text: str, most: int) -> str:
    while (count := model.count_tokens(text)) > most and text:
        text = text[: min(len(text) - 1, len(text) * most // count)]
    return text


def _plain(text: str) -> str:
    """Replace lone surrogates, which no model can be sent."""
    return text.encode("utf-8", "replace").decode("utf-8")


def question(key: str, evidence: str, claim: str) -> Question:
    """Return the question as the adapter was trained on it: evidence first, no chat template."""
    return Question(
        id=key,
        segments=(
            Segment(text=evidence),
            Segment(text="\nClaim:", trusted=True),
            Segment(text=" " + claim[:MAX_CLAIM_CHARS]),
            Segment(text="\nSupported:", trusted=True),
        ),
        answers=ANSWERS,
        chat=False,
    )
