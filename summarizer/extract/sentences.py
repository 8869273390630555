"""Claims that are sentences of the article, for when no model's can be used."""

from __future__ import annotations

from collections.abc import Iterable

from summarizer.data import Article, Claim, Writer


def sentence_claims(article: Article, sentence_ids: Iterable[int]) -> list[Claim]:
    """Return the sentences of these ids as claims, word for word."""
    return [
        Claim(
            article_id=article.id,
            text=" ".join(article.sentence_text(i).split()),
            offered=(i,),
            writer=Writer.EXTRACTIVE,
        )
        for i in sentence_ids
    ]
