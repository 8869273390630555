"""Merge what many articles say into stories of facts, each told once with all its citations."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import combinations
from typing import NamedTuple

from pydantic import Field

from summarizer.data import (
    Article,
    ArticleSummary,
    Brief,
    Conflict,
    Fact,
    Record,
    Since,
    Source,
    Story,
    Storyline,
    Update,
)
from summarizer.merge.conflicts.differences import find_differences
from summarizer.merge.facts.claims import tellings
from summarizer.merge.facts.corroboration import Quotable, comparable, corroborate, unclaimed
from summarizer.merge.facts.joining import Comparer, Group, group_claims, make_fact
from summarizer.merge.facts.same_fact import SameFactLayer
from summarizer.merge.sentences.conflicts import sentence_conflicts
from summarizer.merge.stories.grouping import Likeness, group_stories, nearness
from summarizer.merge.stories.origins import agency_copy, joined, near_copies, report_of
from summarizer.merge.stories.storylines import storylines
from summarizer.merge.telling.assembly import Run, SentenceFacts, tell_stories
from summarizer.merge.telling.delta import mark_changes
from summarizer.merge.telling.limits import limit
from summarizer.merge.telling.ranking import number_sources, rank

__all__ = ["Merged", "merge"]

SAME_REPORT = 0.27  # likeness of words of two articles that retell one outlet's report
_SAME_REPORT_NEAR = 0.3  # … and nearness of their dates: about nine days
_FEW_ARTICLES = 200  # up to so many, the claims of all are compared
_MOST_ARTICLES = 40  # of one fact, that are counted as sharing it: pairs grow as the square


class Merged(Record):
    """The stories of a brief, in order, and the articles behind them."""

    stories: tuple[Story, ...]
    storylines: tuple[Storyline, ...] = ()
    sources: tuple[Source, ...]
    since: Since | None = None
    facts_left_out: int = Field(ge=0, description="facts over the limits")
    quoted: int = Field(default=0, ge=0, description="sentences cited that nobody claimed")


class _Told(NamedTuple):
    """What the articles tell, and of how many claims it was made, quoted sentences aside."""

    facts: list[Fact]
    conflicts: list[Conflict]
    updates: list[Update]
    claims: int


def merge(
    summaries: Sequence[ArticleSummary],
    *,
    quotable: Quotable | None = None,
    since: Brief | None = None,
    max_facts: int | None = None,
    max_words: int | None = None,
    same_fact: SameFactLayer | None = None,
) -> Merged:
    """Merge the supported claims of all articles into stories and facts.

    The result does not depend on the order of `summaries`. Of articles with the same text the
    first by date and source is kept.

    Args:
        summaries: what each article says.
        quotable: by article id, claims that are one sentence of the article each; those that say
            a fact of another article, or dispute one, are cited beside the claims.
        since: an earlier brief; every fact is marked with what became of it.
        max_facts: facts of a story that are shown; None for all.
        max_words: words of all facts shown together; None for any number.
        same_fact: a fitted layer to ask where words leave it open whether claims say the same.

    Raises:
        BriefError: `since` does not hold.
    """
    summaries = _canonical(summaries)
    with _collector_paused():
        comparer, groups, run = _read(summaries, same_fact)
        told = _told(comparer, groups, run, {} if quotable is None else quotable)
        return _merged(run, told, since, (max_facts, max_words))


def _merged(
    run: Run, told: _Told, since: Brief | None, limits: tuple[int | None, int | None]
) -> Merged:
    stories, lines = tell_stories(run, told.facts, told.conflicts, told.updates)
    articles = {article.id: article for article in run.articles}
    compared = None
    if since is not None:
        sources = number_sources(run.summaries, stories, run.origin_of)
        marked, compared = mark_changes(stories, since, articles=run.articles, sources=sources)
        stories = rank(marked, articles)
    max_facts, max_words = limits
    stories = limit(stories, articles, max_facts=max_facts, max_words=max_words)
    cited = sum(len(fact.claims) + len(fact.refines) for fact in told.facts)
    return Merged(
        stories=tuple(stories),
        storylines=tuple(lines),
        sources=number_sources(run.summaries, stories, run.origin_of),
        since=compared,
        facts_left_out=sum(len(story.left_out) for story in stories),
        quoted=cited - told.claims,
    )


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep Python from looking for cycles: there are none, and of a large run it takes a sixth."""
    paused = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.enable()


def _read(
    summaries: Sequence[ArticleSummary], layer: SameFactLayer | None
) -> tuple[Comparer, list[Group], Run]:
    """Group the claims into facts, the articles into stories, storylines and origins."""
    articles = [summary.article for summary in summaries]
    likeness = Likeness(articles)
    linked = sorted({*near_copies(articles), *_retold(articles, likeness)})
    comparer = Comparer(
        tellings(articles, [(n, c) for n, s in enumerate(summaries) for c in s.supported]),
        retold=frozenset(linked),
        near=_near(articles, likeness),
        layer=layer,
    )
    groups = group_claims(comparer)
    stories = group_stories(
        articles, likeness, linked=linked, shared_facts=_shared_facts(comparer, groups)
    )
    origins = joined(len(articles), [*linked, *_one_agency(articles, stories)])
    run = Run(
        summaries=summaries,
        likeness=likeness,
        stories=stories,
        lines=storylines(articles, likeness, stories),
        origin_of={article.id: n for article, n in zip(articles, origins, strict=True)},
        linked=frozenset(linked),
    )
    return comparer, groups, run


def _near(articles: Sequence[Article], likeness: Likeness) -> frozenset[tuple[int, int]] | None:
    """Return the pairs of articles whose claims are compared; None for all.

    Among thousands of articles many sentences are alike by their wording alone: of other storms,
    of other quarters.
    """
    return frozenset(likeness.candidates) if len(articles) > _FEW_ARTICLES else None


def _told(comparer: Comparer, groups: Sequence[Group], run: Run, quotable: Quotable) -> _Told:
    """Cite sentences that nobody claimed beside the groups of claims, and find what differs."""
    claimed, line_of = len(comparer.tellings), run.line_of
    if sentences := unclaimed(run.summaries, quotable, line_of):
        claims = [(n, c) for n, s in enumerate(run.summaries) for c in s.supported]
        comparer = Comparer(
            tellings(run.articles, [*claims, *sentences]),
            retold=run.linked,
            near=_near(run.articles, run.likeness),
            layer=comparer.layer,
        )
    pairs = comparable(comparer, claimed, line_of)
    groups = corroborate(comparer, groups, [(i, j) for i, j in pairs if j >= claimed])
    facts = [_fact(comparer, group, run.origin_of) for group in groups]
    fact_of = {i: fact for fact, group in zip(facts, groups, strict=True) for i in group.members}
    for i in range(claimed, len(comparer.tellings)):
        if i not in fact_of:
            fact_of[i] = make_fact([comparer.tellings[i].claim], run.origin_of)
    conflicts, updates = find_differences(
        comparer,
        pairs,
        fact_of=[fact_of[i] for i in range(len(fact_of))],
        published=[article.published for article in run.articles],
    )
    told = {fact.id: fact for fact in facts}
    sides = [s for c in conflicts for s in (c.first, c.second)]
    sides += [s for u in updates for s in (u.earlier, u.later)]
    of_id = {fact.id: fact for fact in fact_of.values()}
    told |= {side.fact_id: of_id[side.fact_id] for side in sides}
    cited = SentenceFacts(run, told.values(), quotable)
    for found in sentence_conflicts(run.articles, line_of):
        if (conflict := cited.conflict(found)) is not None:
            conflicts.append(conflict[0])
            told |= {fact.id: fact for fact in conflict[1]}
    return _Told(list(told.values()), conflicts, updates, claimed)


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
    reports = [report_of(article) for article in articles]
    return [
        (i, j)
        for i, j in likeness.candidates
        if reports[i] is not None
        and reports[i] == reports[j]
        and nearness(articles[i].published, articles[j].published) >= _SAME_REPORT_NEAR
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
