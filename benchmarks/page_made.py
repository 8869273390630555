"""Invent a large brief for benchmarks.page: words that are none, the same for the same seed."""

from __future__ import annotations

import datetime as dt
import hashlib
from itertools import accumulate
from random import Random

from summarizer.data import (
    Article,
    Brief,
    Claim,
    Conflict,
    ConflictKind,
    Coverage,
    Evidence,
    Fact,
    ModelInfo,
    RejectedClaim,
    RejectReason,
    RunInfo,
    Sentence,
    Side,
    Source,
    Story,
    SupportedClaim,
    Versions,
    Writer,
)

_DAY = dt.date(2031, 5, 6)
_SYLLABLES = "ba ce di fo gu ha li mo nu pra que ro sti ta vel wan zor mi ne tra".split()
_VOCABULARY = 4_000
_SENTENCES = 24  # of an article, about 3 kB
_LENGTHS = range(12, 26)  # words of a sentence
_CITED = 3  # facts for which one has a second source
_REFUSED = 4  # articles for which one claim was refused


def make_brief(
    chance: Random, stories: int, facts: int, articles: int
) -> tuple[Brief, list[Article]]:
    """Return a brief of `stories` with `facts` each, drawn from `articles`, and these.

    Every story draws on articles of its own, every third fact is told by two of them, every story
    has a conflict; one claim of every fourth article was refused.
    """
    words = _Words(chance)
    made = [_article(words, number) for number in range(articles)]
    share = max(1, articles // stories)
    told = []
    for number in range(stories):
        first = number * share % articles
        told.append(_story(chance, number, made[first : first + share], facts))
    return _brief(told, made), made


class _Words:
    """Words drawn by Zipf's law, so that they compress about as badly as prose."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._all = ["harbour"] + [
            "".join(chance.choices(_SYLLABLES, k=chance.choice((1, 2, 2, 3, 3, 4))))
            for _ in range(_VOCABULARY)
        ]
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(len(self._all))))

    def sentence(self) -> str:
        count = self._chance.choice(_LENGTHS)
        words = self._chance.choices(self._all, cum_weights=self._weights, k=count)
        words[count // 2] = str(self._chance.randint(2, 9_000))
        return f"{words[0].capitalize()} {' '.join(words[1:])}."

    def title(self) -> str:
        return self.sentence()[:60].rsplit(" ", 1)[0]


def _article(words: _Words, number: int) -> Article:
    text, spans = "", []
    for place in range(_SENTENCES):
        text += ("\n\n" if place % 4 == 0 else " ") if text else ""
        sentence = words.sentence()
        spans.append(Sentence(start=len(text), end=len(text) + len(sentence)))
        text += sentence
    return Article(
        id=hashlib.sha256(text.encode()).hexdigest(),
        source=f"https://paper-{number % 40}.example/{number}",
        title=words.title(),
        publisher=f"Paper {number % 40}",
        published=_DAY + dt.timedelta(days=number % 12),
        language="en",
        text=text,
        sentences=tuple(spans),
    )


def _evidence(article: Article, sentence: int) -> Evidence:
    span = article.sentences[sentence - 1]
    return Evidence(
        article_id=article.id,
        sentence_ids=(sentence,),
        start=span.start,
        end=span.end,
        quote=article.text[span.start : span.end],
    )


def _claim(article: Article, sentence: int) -> SupportedClaim:
    evidence = _evidence(article, sentence)
    claim = Claim(article_id=article.id, text=evidence.quote, offered=(sentence,))
    return SupportedClaim(
        claim=claim, evidence=(evidence,), score=0.9, checks=("schema", "evidence", "facts")
    )


def _story(chance: Random, number: int, articles: list[Article], count: int) -> Story:
    facts = []
    for place in range(count):
        first = articles[place % len(articles)]
        claims = [_claim(first, place % _SENTENCES + 1)]
        if place % _CITED == 0 and len(articles) > 1:
            other = articles[(place + 1) % len(articles)]
            claims.append(_claim(other, chance.randint(1, _SENTENCES)))
        facts.append(
            Fact(
                id=f"s{number}f{place}",
                text=claims[0].claim.text,
                claims=tuple(claims),
                origins=len({claim.claim.article_id for claim in claims}),
            )
        )
    ids = dict.fromkeys(article_id for fact in facts for article_id in fact.article_ids)
    return Story(
        id=f"story-{number}",
        headline=articles[0].title,
        headline_article_id=articles[0].id,
        facts=tuple(facts),
        conflicts=(_conflict(facts[0], facts[1]),) if count > 1 else (),
        article_ids=tuple(ids),
        origins=len(ids),
    )


def _conflict(first: Fact, second: Fact) -> Conflict:
    sides = [
        Side(fact_id=fact.id, evidence=fact.citations[0], value=fact.text[:20])
        for fact in (first, second)
    ]
    return Conflict(kind=ConflictKind.NUMBER, first=sides[0], second=sides[1])


def _brief(stories: list[Story], articles: list[Article]) -> Brief:
    facts = [fact for story in stories for fact in story.facts]
    supported = sum(len(fact.claims) for fact in facts)
    refused = [_refused(article) for article in articles[::_REFUSED]]
    return Brief(
        stories=tuple(stories),
        sources=tuple(_source(article, n) for n, article in enumerate(articles, start=1)),
        rejected=tuple(refused),
        skipped=(),
        coverage=Coverage(
            articles=len(articles),
            skipped=0,
            claims=supported + len(refused),
            supported=supported,
            rejected=len(refused),
            facts=len(facts),
            facts_left_out=0,
        ),
        model=ModelInfo(name="invented", sha256="ab" * 32, strategy="whole"),
        versions=Versions(summarizer="0", prompt="none", claims_schema="none", brief_schema="none"),
        run=RunInfo(created=dt.datetime(2031, 5, 18, 6, 0, tzinfo=dt.UTC)),
    )


def _source(article: Article, number: int) -> Source:
    return Source(
        article_id=article.id,
        number=number,
        source=article.source,
        title=article.title,
        publisher=article.publisher,
        published=article.published,
        origin=number,
        writer=Writer.MODEL,
    )


def _refused(article: Article) -> RejectedClaim:
    nearest = _evidence(article, _SENTENCES)
    return RejectedClaim(
        claim=Claim(article_id=article.id, text=f"{nearest.quote[:-1]} twice.", offered=(1,)),
        reason=RejectReason.NOT_ENTAILED,
        detail="the sentence does not say it",
        nearest=nearest,
        score=0.2,
    )
