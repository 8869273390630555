"""Claims that are supported without anyone's judgement: the articles' own sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from summarizer.data import Article, Brief, SupportedClaim
from summarizer.edits.clauses import is_statement
from summarizer.extract import leans
from summarizer.text.words import tokens

_MIN_WORDS, _MAX_WORDS = 6, 60  # less says little, more is mostly captions run together
_CONTEXT = 5  # sentences before
# Whose names are put in: enough to choose from, few enough to read for every article.
_NEIGHBOURS, _OPENING = 10, 8


class Base(NamedTuple):
    """A supported claim, and the sentences before its evidence, oldest first.

    `leans` where it points to the sentence before: no claim by itself until a name stands there.
    """

    article: Article
    text: str
    context: tuple[str, ...]
    leans: bool


def own_sentences(article: Article) -> list[Base]:
    """Return the sentences of `article` that state something, each wording once."""
    found: dict[str, Base] = {}
    for i in range(1, len(article.sentences) + 1):
        text = _line(article, i)
        if _states(text) and text not in found:
            found[text] = Base(article, text, _before(article, i), leans(article, i))
    return list(found.values())


def brief_claims(brief: Brief, articles: Mapping[str, Article]) -> tuple[list[Base], int]:
    """Return the supported claims of a brief, and of how many the article is missing.

    `articles` by id. The brief's own offsets are not believed beyond the sentences' numbers.
    """
    found: dict[tuple[str, str], Base] = {}
    missing = 0
    for supported in _supported(brief):
        claim = supported.claim
        article = articles.get(claim.article_id)
        if article is None:
            missing += 1
            continue
        first = min((i for e in supported.evidence for i in e.sentence_ids), default=1)
        text = " ".join(claim.text.split())
        base = Base(article, text, _before(article, first), leans=False)
        found.setdefault((article.id, text), base)
    return list(found.values()), missing


def _supported(brief: Brief) -> Iterator[SupportedClaim]:
    for story in brief.stories:
        for fact in story.facts:
            yield from fact.claims


def _line(article: Article, sentence_id: int) -> str:
    return " ".join(article.sentence_text(sentence_id).split())


def _before(article: Article, sentence_id: int) -> tuple[str, ...]:
    last = min(sentence_id - 1, len(article.sentences))
    return tuple(_line(article, i) for i in range(max(1, last - _CONTEXT + 1), last + 1))


def _states(text: str) -> bool:
    if text.endswith(("?", ":")) or not _MIN_WORDS <= len(text.split()) <= _MAX_WORDS:
        return False
    return is_statement(tokens(text))


def neighbours(articles: list[Article], place: int) -> list[str]:
    """Return titles and first sentences of the articles after `place`, going round."""
    others = (articles[place + 1 :] + articles[:place])[:_NEIGHBOURS]
    return [
        text
        for other in others
        for text in (
            other.title,
            *(_line(other, i) for i in range(1, min(len(other.sentences), _OPENING) + 1)),
        )
    ]
