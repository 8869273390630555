"""Put facts, conflicts and updates into stories, and stories into the order of the brief."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from summarizer.data import (
    Article,
    ArticleSummary,
    Conflict,
    Evidence,
    Fact,
    Side,
    Span,
    Story,
    Storyline,
    SupportedClaim,
    Update,
)
from summarizer.merge.facts.joining import make_fact
from summarizer.merge.sentences.conflicts import Mark, SentenceConflict
from summarizer.merge.stories.grouping import Likeness
from summarizer.merge.telling.leading import headline
from summarizer.merge.telling.ranking import place_facts, rank, story_id

_Found = TypeVar("_Found", Conflict, Update)


@dataclass(frozen=True)
class Run:
    """What is known of the articles of one run.

    `stories` labels each of `summaries`; `lines` are groups of these labels, oldest first.
    """

    summaries: Sequence[ArticleSummary]
    likeness: Likeness
    stories: Sequence[int]
    lines: Sequence[Sequence[int]]
    origin_of: Mapping[str, int]
    linked: frozenset[tuple[int, int]]  # articles (i < j) that are copies, or retell one report

    @property
    def articles(self) -> list[Article]:
        """The articles, in order."""
        return [summary.article for summary in self.summaries]

    @property
    def line_of(self) -> list[int]:
        """The label of each article's storyline: the first of its stories."""
        line = {story: min(group) for group in self.lines for story in group}
        return [line.get(story, story) for story in self.stories]


def tell_stories(
    run: Run, facts: Sequence[Fact], conflicts: Sequence[Conflict], updates: Sequence[Update]
) -> tuple[list[Story], list[Storyline]]:
    """Return the stories in the order of the brief, with all their facts, and the storylines."""
    articles = {article.id: article for article in run.articles}
    ids = list(articles)
    placed = place_facts(facts, dict(zip(ids, run.stories, strict=True)))
    label_of = {fact.id: label for label, own in placed.items() for fact in own}
    conflicts_of = _by_story(conflicts, [label_of[c.first.fact_id] for c in conflicts])
    updates_of = _by_story(updates, [label_of[u.later.fact_id] for u in updates])
    members_of: defaultdict[int, list[int]] = defaultdict(list)
    for member, label in enumerate(run.stories):
        members_of[label].append(member)
    stories: dict[int, Story] = {}
    for label, own in sorted(placed.items()):
        members = members_of[label]
        title, titled = headline(members, run.summaries, run.likeness)
        stories[label] = Story(
            id=story_id(ids[n] for n in members),
            headline=title,
            headline_article_id=titled,
            facts=tuple(own),
            conflicts=tuple(conflicts_of.get(label, ())),
            updates=tuple(updates_of.get(label, ())),
            article_ids=tuple(ids[n] for n in members),
            origins=len({run.origin_of[ids[n]] for n in members}),
        )
    return rank(list(stories.values()), articles), _storylines(run.lines, stories)


def _by_story(found: Sequence[_Found], labels: Sequence[int]) -> dict[int, list[_Found]]:
    """Return what was found by the label of the story that shows it."""
    of: defaultdict[int, list[_Found]] = defaultdict(list)
    for one, label in zip(found, labels, strict=True):
        of[label].append(one)
    return dict(of)


def _storylines(lines: Iterable[Sequence[int]], stories: Mapping[int, Story]) -> list[Storyline]:
    """Return the storylines of two stories and more; a story without facts is in none."""
    found = []
    for line in lines:
        ids = [stories[label].id for label in line if label in stories]
        if len(ids) > 1:
            found.append(Storyline(id=story_id(ids), story_ids=tuple(ids)))
    return found


class SentenceFacts:
    """The fact that a sentence of an article is cited for, or one made of the sentence alone."""

    def __init__(
        self,
        run: Run,
        facts: Iterable[Fact],
        quotable: Mapping[str, Sequence[SupportedClaim]],
    ) -> None:
        self._run = run
        self._quotable = quotable
        self._facts = {fact.id: fact for fact in facts}
        self._cited: dict[tuple[str, int], tuple[Fact, Evidence]] = {}
        for fact in sorted(self._facts.values(), key=lambda fact: fact.id):
            for evidence in fact.citations:
                for sentence in evidence.sentence_ids:
                    self._cited.setdefault((evidence.article_id, sentence), (fact, evidence))

    def conflict(self, found: SentenceConflict) -> tuple[Conflict, list[Fact]] | None:
        """Return the conflict and the facts of its sides; None where one may not be quoted."""
        first, second = self._side(found.first), self._side(found.second)
        if first is None or second is None:
            return None
        conflict = Conflict(kind=found.kind, first=first[0], second=second[0])
        return conflict, [first[1], second[1]]

    def _side(self, mark: Mark) -> tuple[Side, Fact] | None:
        article = self._run.summaries[mark.article].article
        start, end = mark.start, mark.end
        if (cited := self._cited.get((article.id, mark.sentence))) is None:
            claim = self._quotable_claim(article, mark.sentence)
            if claim is None:
                return None
            own, made = claim.evidence[0], make_fact([claim], self._run.origin_of)
            # Where the article says it twice, the fact may be there, and cite the other place.
            fact = self._facts.setdefault(made.id, made)
            evidence = fact.claims[0].evidence[0]
            if evidence.quote != own.quote:
                return None
            start, end = (place - own.start + evidence.start for place in (start, end))
        else:
            fact, evidence = cited
        if not evidence.start <= start < end <= evidence.end:
            return None
        span = Span(start=start, end=end)
        value = article.text[start:end]
        return Side(fact_id=fact.id, evidence=evidence, value=value, mark=span), fact

    def _quotable_claim(self, article: Article, sentence: int) -> SupportedClaim | None:
        claims = self._quotable.get(article.id, ())
        return next((claim for claim in claims if _is_sentence(claim, sentence)), None)


def _is_sentence(claim: SupportedClaim, sentence: int) -> bool:
    return [e.sentence_ids for e in claim.evidence] == [(sentence,)]
