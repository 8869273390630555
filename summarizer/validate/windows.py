"""The part of an article that a claim is judged by: what a small model can read of it."""

from __future__ import annotations

from collections.abc import Sequence

from summarizer.validate.reading import Index, Reading

WINDOW_CHARS = 700  # about 150 tokens: what the verifier was trained with
_SENTENCE_CHARS = 500  # of one sentence; longer ones are mostly captions and lists run together


def window(claim: Reading, index: Index, ids: Sequence[int]) -> list[int]:
    """Return the sentence ids (from 1, in order) that the verifier reads for `claim`.

    `ids` is the evidence, best first; then come the sentences before it, which its pronouns
    point to, and then what shares most words with the claim, as far as there is room.
    """
    chosen: list[int] = []
    room = WINDOW_CHARS
    for i in [*ids, *(i - 1 for i in ids[:1]), *ranked(claim, index), *(i + 1 for i in ids[:1])]:
        if i in chosen or not 1 <= i <= len(index.sentences):
            continue
        size = min(len(index.sentences[i - 1].text), _SENTENCE_CHARS)
        if size > room and chosen:
            continue
        chosen.append(i)
        room -= size
    return sorted(chosen)


def ranked(claim: Reading, index: Index) -> list[int]:
    """Return the ids of sentences that share words with `claim`, most telling first."""
    weights = {term.key: index.weight(term) for term in claim.terms}
    scored = []
    for i, sentence in enumerate(index.sentences, 1):
        shared = sum(weights[key] for key in weights.keys() & sentence.keys)
        if shared > 0:
            scored.append((-shared / (8 + len(sentence.terms)) ** 0.5, i))
    return [i for _, i in sorted(scored)]


def window_text(index: Index, ids: Sequence[int]) -> str:
    """Return the sentences of a window as one line of text."""
    texts = (" ".join(index.sentences[i - 1].text.split())[:_SENTENCE_CHARS] for i in ids)
    return " ".join(texts)
