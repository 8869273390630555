"""Put stories, facts and sources in the order of the brief, and cut what is over the limit."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from summarizer.data import Article, ArticleSummary, Fact, Source, Story
from summarizer.merge.stories import Likeness

_LONGEST_HEADLINE = 160  # characters; a longer title is a paragraph that was taken for one


def order_facts(
    facts: Iterable[Fact], articles: Mapping[str, Article], disputed: set[str]
) -> list[Fact]:
    """Order the facts of a story: most independent origins first, then disputed ones, then early.

    `disputed` holds the ids of facts that are part of a conflict.
    """

    def rank(fact: Fact) -> tuple[int, bool, int, float, str]:
        early = min(_depth(articles[e.article_id], e.sentence_ids) for e in fact.citations)
        return -fact.origins, fact.id not in disputed, -len(fact.article_ids), early, fact.id

    return sorted(facts, key=rank)


def _depth(article: Article, sentence_ids: Sequence[int]) -> float:
    """Return how far down the article its first sentence of the evidence stands, 0 to 1."""
    return round(min(sentence_ids, default=1) / max(len(article.sentences), 1), 6)


def headline(
    members: Sequence[int], summaries: Sequence[ArticleSummary], likeness: Likeness
) -> str:
    """Return the title of the article nearest the centre of the story.

    Titles are the publishers' words; a model's headline stands in where an article has none.
    """

    def centrality(i: int) -> float:
        return round(sum(likeness.of_text(i, j) for j in members if j != i), 9)

    ordered = sorted(members, key=lambda i: (-centrality(i), i))
    titled = [
        i for i in ordered if 0 < len(summaries[i].article.title.strip()) <= _LONGEST_HEADLINE
    ]
    if titled:
        return summaries[titled[0]].article.title.strip()
    for i in ordered:
        if summaries[i].headline.strip():
            return summaries[i].headline.strip()
    article = summaries[ordered[0]].article
    return article.sentence_text(1)[:_LONGEST_HEADLINE] if article.sentences else article.source


def place_facts(facts: Sequence[Fact], story_of: Mapping[str, int]) -> dict[int, list[Fact]]:
    """Give every fact to the one story that most of its citations come from.

    `story_of` gives the story of each article id. Ties go to the story that comes first.
    """
    placed: dict[int, list[Fact]] = {}
    for fact in facts:
        votes = Counter(story_of[article_id] for article_id in fact.article_ids)
        best = min(votes, key=lambda story: (-votes[story], story))
        placed.setdefault(best, []).append(fact)
    return placed


def order_stories(stories: Iterable[Story], published: Mapping[str, dt.date | None]) -> list[Story]:
    """Order stories: most independent origins first, then most articles, then newest."""

    def rank(story: Story) -> tuple[int, int, int, str]:
        days = [date.toordinal() for i in story.article_ids if (date := published[i])]
        return -story.origins, -len(story.article_ids), -max(days, default=0), story.id

    return sorted(stories, key=rank)


def number_sources(
    summaries: Sequence[ArticleSummary], stories: Iterable[Story], origin_of: Mapping[str, int]
) -> tuple[Source, ...]:
    """Number the sources as the brief first cites them, then the uncited ones in given order.

    Origins are numbered anew, as the sources first show them.
    """
    cited = [i for story in stories for fact in story.facts for i in fact.article_ids]
    order = list(dict.fromkeys([*cited, *(s.article.id for s in summaries)]))
    by_id = {summary.article.id: summary for summary in summaries}
    origins: dict[int, int] = {}
    sources = []
    for number, article_id in enumerate(order, 1):
        summary = by_id[article_id]
        origin = origins.setdefault(origin_of[article_id], len(origins) + 1)
        sources.append(
            Source(
                article_id=article_id,
                number=number,
                source=summary.article.source,
                title=summary.article.title,
                publisher=summary.article.publisher,
                published=summary.article.published,
                origin=origin,
                writer=summary.writer,
            )
        )
    return tuple(sources)


def story_id(article_ids: Iterable[str]) -> str:
    """Return an id that depends on nothing but the articles."""
    return hashlib.sha256("\n".join(sorted(article_ids)).encode()).hexdigest()[:16]
