"""Merge what many articles say into stories of facts, each told once with all its citations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from pydantic import Field

from summarizer.data import Article, ArticleSummary, Conflict, Fact, Record, Source, Story
from summarizer.merge.claims import tellings
from summarizer.merge.conflicts import find_conflicts
from summarizer.merge.facts import Comparer, group_claims, make_fact
from summarizer.merge.origins import agency_copy, joined, near_copies, report_of
from summarizer.merge.ranking import (
    headline,
    number_sources,
    order_facts,
    order_stories,
    place_facts,
    story_id,
)
from summarizer.merge.stories import Likeness, group_stories, nearness

__all__ = ["Merged", "merge"]

SAME_REPORT = 0.18  # likeness of words of two articles that retell one outlet's report
_SAME_REPORT_NEAR = 0.3  # … and nearness of their dates: about nine days
_MOST_ARTICLES = 40  # of one fact, that are counted as sharing it: pairs grow as the square


class Merged(Record):
    """The stories of a brief, in order, and the articles behind them."""

    stories: tuple[Story, ...]
    sources: tuple[Source, ...]
    facts_left_out: int = Field(ge=0, description="facts over the limit of their story")


def merge(summaries: Sequence[ArticleSummary], *, max_facts: int | None = None) -> Merged:
    """Merge the supported claims of all articles into stories and facts.

    The result does not depend on the order of `summaries`. Of articles with the same text the
    first by date and source is kept. `max_facts` limits the facts of each story; None shows all.
    """
    summaries = _canonical(summaries)
    articles = [summary.article for summary in summaries]
    likeness = Likeness(articles)
    copies = near_copies(articles)
    retold = _retold(articles, likeness)
    linked = sorted({*copies, *retold})
    comparer = Comparer(
        tellings(articles, [(n, c) for n, s in enumerate(summaries) for c in s.supported]),
        retold=frozenset(linked),
    )
    groups = group_claims(comparer)
    stories = group_stories(
        articles, likeness, linked=linked, shared_facts=_shared_facts(comparer, groups)
    )
    origins = joined(len(articles), [*linked, *_one_agency(articles, stories)])
    run = _Run(
        summaries=summaries,
        likeness=likeness,
        stories=stories,
        origin_of={article.id: n for article, n in zip(articles, origins, strict=True)},
    )
    facts = [make_fact([comparer.tellings[i].claim for i in g], run.origin_of) for g in groups]
    fact_of = {i: fact for fact, group in zip(facts, groups, strict=True) for i in group}
    conflicts = find_conflicts(
        comparer,
        comparer.candidates,
        fact_of=[fact_of[i] for i in range(len(fact_of))],
        published=[article.published for article in articles],
    )
    return _assemble(run, facts, conflicts, max_facts)


@dataclass(frozen=True)
class _Run:
    """What is known of the articles of one run; `stories` labels each of `summaries`."""

    summaries: list[ArticleSummary]
    likeness: Likeness
    stories: list[int]
    origin_of: dict[str, int]


def _canonical(summaries: Sequence[ArticleSummary]) -> list[ArticleSummary]:
    """Return the summaries in an order of their own, each article once."""

    def rank(summary: ArticleSummary) -> tuple[bool, str, str, str]:
        published = summary.article.published
        return (
            published is None,
            published.isoformat() if published else "",
            summary.article.source,
            summary.article.id,
        )

    first: dict[str, ArticleSummary] = {}
    for summary in sorted(summaries, key=rank):
        first.setdefault(summary.article.id, summary)
    return list(first.values())


def _retold(articles: Sequence[Article], likeness: Likeness) -> list[tuple[int, int]]:
    """Return the pairs of articles that are, or retell, one report of one outlet."""
    by_outlet: dict[str, list[int]] = {}
    for index, article in enumerate(articles):
        if (outlet := report_of(article)) is not None:
            by_outlet.setdefault(outlet, []).append(index)
    return [
        (i, j)
        for group in by_outlet.values()
        for i, j in combinations(group, 2)
        if nearness(articles[i].published, articles[j].published) >= _SAME_REPORT_NEAR
        and likeness.of_text(i, j) >= SAME_REPORT
    ]


def _one_agency(articles: Sequence[Article], stories: Sequence[int]) -> list[tuple[int, int]]:
    """Return pairs of articles of one story that bear one agency's byline."""
    first: dict[tuple[int, str], int] = {}
    pairs = []
    for index, article in enumerate(articles):
        if (agency := agency_copy(article)) is not None:
            pairs.append((first.setdefault((stories[index], agency), index), index))
    return pairs


def _shared_facts(
    comparer: Comparer, groups: Sequence[Sequence[int]]
) -> dict[tuple[int, int], int]:
    """Count, for each two articles (i < j), the facts that both tell."""
    shared: Counter[tuple[int, int]] = Counter()
    for group in groups:
        members = sorted({comparer.tellings[i].article for i in group})
        if len(members) <= _MOST_ARTICLES:
            shared.update(combinations(members, 2))
    return dict(shared)


def _assemble(
    run: _Run, facts: Sequence[Fact], conflicts: Sequence[Conflict], max_facts: int | None
) -> Merged:
    articles = {summary.article.id: summary.article for summary in run.summaries}
    ids = list(articles)
    placed = place_facts(facts, dict(zip(ids, run.stories, strict=True)))
    disputed = {side.fact_id for c in conflicts for side in (c.first, c.second)}
    shown = {
        story: order_facts(own, articles, disputed)[:max_facts] for story, own in placed.items()
    }
    shown_ids = {fact.id for own in shown.values() for fact in own}
    stories = []
    for story, own in sorted(shown.items()):
        members = [n for n, label in enumerate(run.stories) if label == story]
        own_ids = {fact.id for fact in own}
        stories.append(
            Story(
                id=story_id(ids[n] for n in members),
                headline=headline(members, run.summaries, run.likeness),
                facts=tuple(own),
                conflicts=tuple(
                    c
                    for c in conflicts
                    if c.first.fact_id in own_ids and c.second.fact_id in shown_ids
                ),
                article_ids=tuple(ids[n] for n in members),
                origins=len({run.origin_of[ids[n]] for n in members}),
            )
        )
    ordered = order_stories(stories, {a.id: a.published for a in articles.values()})
    return Merged(
        stories=tuple(ordered),
        sources=number_sources(run.summaries, ordered, run.origin_of),
        facts_left_out=len(facts) - len(shown_ids),
    )
