"""Code picks the sentences, the model shortens each: for models too small to choose."""

from __future__ import annotations

from collections.abc import Iterator

from summarizer.data import Article, Claim
from summarizer.extract.prompts import SHORTEN_VERSION, fill
from summarizer.extract.salience import salient_sentences
from summarizer.model.grammar import one_line
from summarizer.model.interface import Prompt

SENTENCES_AT_MOST = 8


def guided_prompts(article: Article, *, seed: int, hot: bool) -> Iterator[Prompt]:
    """Return one prompt a salient sentence; `hot`: a retry, so sample."""
    for i in salient_sentences(article, SENTENCES_AT_MOST):
        sentence = " ".join(article.sentence_text(i).split())
        longest = max(40, min(300, len(sentence)))
        yield Prompt(
            id=f"{article.id}:{i}",
            segments=fill(SHORTEN_VERSION, sentence=sentence),
            answer_grammar=one_line(15, longest),
            max_tokens=16 + longest // 3,
            temperature=0.5 if hot else 0.0,
            seed=seed,
        )


def guided_claim(article: Article, sentence_id: int, text: str) -> Claim:
    """Return the claim that the model's shortened sentence is."""
    return Claim(article_id=article.id, text=" ".join(text.split()), offered=(sentence_id,))
