"""Merge what many articles say into stories of facts, each told once with all its citations."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
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
from summarizer.merge.stories.grouping import Likeness, group_stories
from summarizer.merge.stories.importance import by_importance
from summarizer.merge.stories.origins import joined
from summarizer.merge.stories.related import related
from summarizer.merge.stories.retellings import of_one_address, of_one_agency, retellings
from summarizer.merge.stories.storylines import storylines
from summarizer.merge.telling.assembly import Run, SentenceFacts, tell_stories
from summarizer.merge.telling.delta import mark_changes
from summarizer.merge.telling.leading import headline
from summarizer.merge.telling.limits import limit
from summarizer.merge.telling.news import cited_ids, only_news
from summarizer.merge.telling.ranking import number_sources, rank

__all__ = ["Merged", "by_importance", "merge", "related"]

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

    @property
    def quoted(self) -> int:
        """How many sentences are cited beside the claims."""
        return sum(len(fact.claims) + len(fact.refines) for fact in self.facts) - self.claims


def merge(
    summaries: Sequence[ArticleSummary],
    *,
    quotable: Quotable | None = None,
    since: Brief | None = None,
    max_facts: int | None = None,
    max_words: int | None = None,
    same_fact: SameFactLayer | None = None,
    fresh: Set[str] | None = None,
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
        fresh: ids of the articles whose news is told alone; the others are what earlier digests
            told. See telling.news.

    Raises:
        BriefError: `since` does not hold.
    """
    summaries = _canonical(summaries)
    with _collector_paused():
        comparer, groups, run = _read(summaries, same_fact)
        told = _told(comparer, groups, run, {} if quotable is None else quotable)
        return _merged(run, told, since, (max_facts, max_words), fresh)


def _merged(
    run: Run,
    told: _Told,
    since: Brief | None,
    limits: tuple[int | None, int | None],
    fresh: Set[str] | None,
) -> Merged:
    stories, lines = tell_stories(run, told.facts, told.conflicts, told.updates)
    articles = {article.id: article for article in run.articles}
    compared = None
    if since is not None:
        sources = number_sources(run.summaries, stories, run.origin_of)
        marked, compared = mark_changes(stories, since, articles=run.articles, sources=sources)
        stories = rank(marked, articles)
    summaries = run.summaries
    if fresh is not None:
        stories, lines, compared = _news(run, stories, lines, compared, fresh)
        shown = fresh | cited_ids(stories)
        summaries = [summary for summary in summaries if summary.article.id in shown]
    max_facts, max_words = limits
    stories = limit(stories, articles, max_facts=max_facts, max_words=max_words)
    return Merged(
        stories=tuple(stories),
        storylines=tuple(lines),
        sources=number_sources(summaries, stories, run.origin_of),
        since=compared,
        facts_left_out=sum(len(story.left_out) for story in stories),
        quoted=_quoted(stories, summaries) if fresh is not None else told.quoted,
    )


def _news(
    run: Run,
    stories: Sequence[Story],
    lines: Sequence[Storyline],
    since: Since | None,
    fresh: Set[str],
) -> tuple[list[Story], list[Storyline], Since | None]:
    """Return the news of the stories, the storylines between them, and the comparison of both."""
    place = {summary.article.id: n for n, summary in enumerate(run.summaries)}

    def headline_of(story: Story, fresh: Set[str]) -> tuple[str, str | None]:
        own = [i for i in story.article_ids if i in fresh] or list(story.article_ids)
        return headline([place[i] for i in own], run.summaries, run.likeness)

    told, lines = only_news(
        stories,
        lines,
        fresh,
        headline_of=headline_of,
        origin_of=run.origin_of,
        compared=since is not None,
    )
    if since is not None:
        unmarked = sum(fact.change is None for story in told for fact in story.facts)
        known = unmarked + sum(story.known for story in told)
        since = since.model_copy(update={"known": known})
    return told, lines, since


def _quoted(stories: Sequence[Story], summaries: Sequence[ArticleSummary]) -> int:
    """Count the sentences that stories cite beside the claims."""
    claims = {claim for summary in summaries for claim in summary.supported}
    facts = [f for story in stories for f in (*story.facts, *story.left_out)]
    return sum(c not in claims for fact in facts for c in (*fact.claims, *fact.refines))


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
    linked = retellings(articles, likeness)
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
    one = [*of_one_agency(articles, stories), *of_one_address(articles)]
    origins = joined(len(articles), [*linked, *one])
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
