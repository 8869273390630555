"""Claims that are sentences of the article, for when no model's can be used."""

from __future__ import annotations

from summarizer.data import Article, Claim, Writer
from summarizer.extract.salience import salient_sentences


def extractive_claims(article: Article, count: int) -> tuple[Claim, ...]:
    """Return at most `count` of the article's most telling sentences as claims."""
    return tuple(
        Claim(
            article_id=article.id,
            text=" ".join(article.sentence_text(i).split()),
            offered=(i,),
            writer=Writer.EXTRACTIVE,
        )
        for i in salient_sentences(article, count)
    )
