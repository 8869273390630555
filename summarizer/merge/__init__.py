"""Merge what many articles say into stories of facts, each told once with all its citations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from pydantic import Field

from summarizer.data import Article, ArticleSummary, Conflict, Fact, Record, Source, Story, Update
from summarizer.merge.claims import tellings
from summarizer.merge.conflicts import find_differences
from summarizer.merge.facts import Comparer, Group, group_claims, make_fact
from summarizer.merge.leading import headline
from summarizer.merge.limits import limit
from summarizer.merge.origins import agency_copy, joined, near_copies, report_of
from summarizer.merge.ranking import (
    number_sources,
    place_facts,
    rank,
    story_id,
)
from summarizer.merge.stories import Likeness, group_stories, nearness

__all__ = ["Merged", "merge"]

_Found = TypeVar("_Found", Conflict, Update)

SAME_REPORT = 0.18  # likeness of words of two articles that retell one outlet's report
_SAME_REPORT_NEAR = 0.3  # … and nearness of their dates: about nine days
_MOST_ARTICLES = 40  # of one fact, that are counted as sharing it: pairs grow as the square


class Merged(Record):
    """The stories of a brief, in order, and the articles behind them."""

    stories: tuple[Story, ...]
    sources: tuple[Source, ...]
    facts_left_out: int = Field(ge=0, description="facts over the limit of their story")


def merge(
    summaries: Sequence[ArticleSummary],
    *,
    max_facts: int | None = None,
    max_words: int | None = None,
) -> Merged:
    """Merge the supported claims of all articles into stories and facts.

    The result does not depend on the order of `summaries`. Of articles with the same text the
    first by date and source is kept. `max_facts` limits the facts of each story, `max_words` the
    words of all facts together; None limits nothing.
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
    facts = [_fact(comparer, group, run.origin_of) for group in groups]
    fact_of = {i: fact for fact, group in zip(facts, groups, strict=True) for i in group.members}
    conflicts, updates = find_differences(
        comparer,
        comparer.candidates,
        fact_of=[fact_of[i] for i in range(len(fact_of))],
        published=[article.published for article in articles],
    )
    return _assemble(run, facts, (conflicts, updates), max_facts, max_words)


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


def _fact(comparer: Comparer, group: Group, origin_of: Mapping[str, int]) -> Fact:
    claims, refines = ([comparer.tellings[i].claim for i in each] for each in group)
    return make_fact(claims, origin_of, refines)


def _shared_facts(comparer: Comparer, groups: Sequence[Group]) -> dict[tuple[int, int], int]:
    """Count, for each two articles (i < j), the facts that both tell."""
    shared: Counter[tuple[int, int]] = Counter()
    for group in groups:
        members = sorted({comparer.tellings[i].article for i in group.members})
        if len(members) <= _MOST_ARTICLES:
            shared.update(combinations(members, 2))
    return dict(shared)


def _by_story(
    found: Sequence[_Found], story_of: Callable[[_Found], int]
) -> dict[int, list[_Found]]:
    """Sort what was found by the story that tells it, the order kept."""
    sorted_out: dict[int, list[_Found]] = {}
    for each in found:
        sorted_out.setdefault(story_of(each), []).append(each)
    return sorted_out


def _assemble(
    run: _Run,
    facts: Sequence[Fact],
    differences: tuple[Sequence[Conflict], Sequence[Update]],
    max_facts: int | None,
    max_words: int | None,
) -> Merged:
    articles = {summary.article.id: summary.article for summary in run.summaries}
    ids = list(articles)
    placed = place_facts(facts, dict(zip(ids, run.stories, strict=True)))
    story_of = {fact.id: story for story, own in placed.items() for fact in own}
    conflicts_of = _by_story(differences[0], lambda c: story_of[c.first.fact_id])
    updates_of = _by_story(differences[1], lambda u: story_of[u.later.fact_id])
    members_of: dict[int, list[int]] = {}
    for member, story in enumerate(run.stories):
        members_of.setdefault(story, []).append(member)
    stories = []
    for story, own in sorted(placed.items()):
        members = members_of[story]
        title, titled = headline(members, run.summaries, run.likeness)
        stories.append(
            Story(
                id=story_id(ids[n] for n in members),
                headline=title,
                headline_article_id=titled,
                facts=tuple(own),
                conflicts=tuple(conflicts_of.get(story, ())),
                updates=tuple(updates_of.get(story, ())),
                article_ids=tuple(ids[n] for n in members),
                origins=len({run.origin_of[ids[n]] for n in members}),
            )
        )
    ranked = rank(stories, articles)
    limited = limit(ranked, articles, max_facts=max_facts, max_words=max_words)
    return Merged(
        stories=tuple(limited),
        sources=number_sources(run.summaries, limited, run.origin_of),
        facts_left_out=sum(len(story.left_out) for story in limited),
    )
