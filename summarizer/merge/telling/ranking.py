"""Put stories, facts and sources in the order of the brief."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from summarizer.data import (
    Article,
    ArticleSummary,
    ChangeKind,
    Evidence,
    Fact,
    Source,
    Story,
)
from summarizer.merge.telling.dangling import points_back
from summarizer.merge.telling.leading import choose_lead

# What a fact scores. One doubling of the independent origins is the unit that the rest is set by.
ORIGINS = 2.0  # a doubling of the independent origins …
_MOST_DOUBLINGS = 3  # … and how many count: 8 origins are as good as 80
ARTICLES = 0.5  # a doubling of its articles: copies support nothing, but editors kept the fact
RECENCY = 1.0  # told by the newest article of the run; half of it each _HALF_LIFE_DAYS before
POSITION = 1.0  # the first sentence of an article; nothing for its last
DANGLING = 0.4  # what "he" did, and "that region": told after what stands by itself and is no worse
DISPUTED = 4.0  # part of a conflict: both sides are shown before what four origins agree on
NOVELTY = 16.0  # more than all the others together: what is new since the earlier brief comes first
_HALF_LIFE_DAYS = 7.0
_UNDATED = 0.5  # recency of a fact of which no date is known
NOVEL = frozenset({ChangeKind.NEW, ChangeKind.CHANGED, ChangeKind.CONTRADICTED})


class Ranking:
    """What the facts of a run score: by origins, recency, position, dispute and novelty."""

    def __init__(self, stories: Iterable[Story], articles: Mapping[str, Article]) -> None:
        """`stories` tell what is disputed; `articles` are those of the run, by id."""
        self._articles = articles
        self._merits: dict[str, float] = {}
        self._newest = max((a.published for a in articles.values() if a.published), default=None)
        self._disputed = {
            side.fact_id
            for story in stories
            for c in story.conflicts
            for side in (c.first, c.second)
        }

    def score(self, fact: Fact) -> float:
        """Return what `fact` scores; the higher, the earlier it is told."""
        disputed = DISPUTED * (fact.id in self._disputed)
        return round(self.merit(fact) + disputed + NOVELTY * is_novel(fact), 9)

    def merit(self, fact: Fact) -> float:
        """Return what `fact` scores but for dispute and novelty."""
        if fact.id not in self._merits:
            self._merits[fact.id] = self._merit(fact)
        return self._merits[fact.id]

    def _merit(self, fact: Fact) -> float:
        cited = {evidence.article_id for evidence in _evidence(fact)}
        doublings = min(math.log2(fact.origins), _MOST_DOUBLINGS)
        parts = (
            ORIGINS * doublings,
            ARTICLES * min(math.log2(max(len(cited), 1)), _MOST_DOUBLINGS),
            RECENCY * self._recency(cited),
            POSITION * max((self._height(e) for e in _evidence(fact)), default=0.0),
            -DANGLING * points_back(fact.text),
        )
        return round(math.fsum(parts), 9)

    def ordered(self, facts: Iterable[Fact]) -> list[Fact]:
        """Return `facts` from the best to the least, ties by id."""
        return sorted(facts, key=lambda fact: (-self.score(fact), fact.id))

    def _recency(self, cited: Iterable[str]) -> float:
        articles = (self._articles.get(article_id) for article_id in cited)
        days = [a.published for a in articles if a and a.published]
        if not days or self._newest is None:
            return _UNDATED
        return float(0.5 ** ((self._newest - max(days)).days / _HALF_LIFE_DAYS))

    def _height(self, evidence: Evidence) -> float:
        """Return how far up its article the first sentence of the evidence stands, 0 to 1."""
        article = self._articles.get(evidence.article_id)
        if article is None or not article.sentences:
            return 0.0
        first = min(evidence.sentence_ids, default=1)
        return max(0.0, 1 - (first - 1) / len(article.sentences))


def _evidence(fact: Fact) -> Iterator[Evidence]:
    for claim in (*fact.claims, *fact.refines):
        yield from claim.evidence


def is_novel(fact: Fact) -> bool:
    """Tell whether `fact` says something that the earlier brief did not, if there is one."""
    return fact.change is not None and fact.change.kind in NOVEL


def rank(stories: Sequence[Story], articles: Mapping[str, Article]) -> list[Story]:
    """Order the stories, and the facts of each: the lead, then the best first.

    To be called before `limit`, and again where facts were marked as new or changed since: facts
    that were left out are taken in again. `articles` are those of the run, by id. A story that
    has no title for a headline gets the wording of its lead.
    """
    ranking = Ranking(stories, articles)
    ranked = [_ranked(story, ranking, articles) for story in stories]
    return order_stories(ranked, {a.id: a.published for a in articles.values()})


def _ranked(story: Story, ranking: Ranking, articles: Mapping[str, Article]) -> Story:
    facts = ranking.ordered((*story.facts, *story.left_out))
    if not facts:
        return story
    lead = choose_lead(
        sorted(facts, key=lambda fact: (-ranking.merit(fact), fact.id)),
        [articles[i] for i in story.article_ids if i in articles],
        merit=ranking.merit,
        novel=is_novel,
    )
    changed: dict[str, object] = {
        "facts": (lead, *(fact for fact in facts if fact is not lead)),
        "left_out": (),
    }
    if story.headline_article_id is None:
        changed["headline"] = lead.text
    return story.model_copy(update=changed)


def order_stories(stories: Iterable[Story], published: Mapping[str, dt.date | None]) -> list[Story]:
    """Order stories: most independent origins first, then most articles, newest, most new facts.

    `published` gives the date of each article id.
    """

    def key(story: Story) -> tuple[int, int, int, int, str]:
        days = [date.toordinal() for i in story.article_ids if (date := published.get(i))]
        novel = sum(is_novel(fact) for fact in (*story.facts, *story.left_out))
        newest = max(days, default=0)
        return -story.origins, -len(story.article_ids), -newest, -novel, story.id

    return sorted(stories, key=key)


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


def number_sources(
    summaries: Sequence[ArticleSummary], stories: Iterable[Story], origin_of: Mapping[str, int]
) -> tuple[Source, ...]:
    """List the articles as sources, numbered as `renumber_sources` does.

    `origin_of` gives the origin of each article id, by any numbers.
    """
    sources = [
        Source(
            article_id=summary.article.id,
            number=number,
            source=summary.article.source,
            title=summary.article.title,
            publisher=summary.article.publisher,
            published=summary.article.published,
            # Labels of origins count from 0.
            origin=origin_of[summary.article.id] + 1,
            writer=summary.writer,
        )
        for number, summary in enumerate(summaries, 1)
    ]
    return renumber_sources(sources, stories)


def renumber_sources(sources: Sequence[Source], stories: Iterable[Story]) -> tuple[Source, ...]:
    """Number sources as the brief first cites them, then the uncited ones in the given order.

    Origins are numbered anew, as the sources first show them. To be called again where the order
    of the facts, or which of them are shown, has changed.
    """
    cited = [i for story in stories for fact in story.facts for i in fact.article_ids]
    by_id = {source.article_id: source for source in sources}
    origins: dict[int, int] = {}
    numbered = []
    for number, article_id in enumerate(dict.fromkeys([*cited, *by_id]), 1):
        source = by_id[article_id]
        origin = origins.setdefault(source.origin, len(origins) + 1)
        numbered.append(source.model_copy(update={"number": number, "origin": origin}))
    return tuple(numbered)


def story_id(article_ids: Iterable[str]) -> str:
    """Return an id that depends on nothing but the articles."""
    return hashlib.sha256("\n".join(sorted(article_ids)).encode()).hexdigest()[:16]
