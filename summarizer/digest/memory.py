"""What earlier digests told of tonight's stories, and what tonight's digest adds to that."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from summarizer.data import (
    Article,
    ArticleSummary,
    Brief,
    ChangeKind,
    Coverage,
    Fact,
    ModelInfo,
    QuietStory,
    RunInfo,
    Source,
    Story,
    StoryMemory,
    StoryStatus,
    SupportedClaim,
    Versions,
    Writer,
)
from summarizer.digest.recall import recall
from summarizer.digest.state import State
from summarizer.digest.state.records import KnownFact, KnownStory, StoryNews
from summarizer.merge import related

_KNOWN = "known"  # the kind of a fact that is told without a mark


@dataclass(frozen=True)
class Recollection:
    """What is known of the stories that tonight's articles may belong to."""

    summaries: Sequence[ArticleSummary] = ()  # of articles told before
    story_of: Mapping[str, str] = field(default_factory=dict)  # lasting story by article id
    stories: Mapping[str, KnownStory] = field(default_factory=dict)  # by id
    facts: Sequence[KnownFact] = ()
    earlier: Brief | None = None  # those facts as a brief; None where there was no digest

    @property
    def article_ids(self) -> tuple[str, ...]:
        """The ids of the articles told before, in order."""
        return tuple(summary.article.id for summary in self.summaries)


def recollect(state: State, fresh: Sequence[Article], *, nights: int) -> Recollection:
    """Return what the last `nights` editions told that may go on in `fresh`."""
    last = state.editions.last()
    if last is None:
        return Recollection()
    ids: list[str] = []
    if fresh:
        likely = state.articles.many(recall(fresh, state.articles.remembered(nights)))
        ids = [article.id for article in related(fresh, likely)]
    story_ids = sorted(set(state.memory.of_articles(ids).values()))
    return recollection_of(state, ids, story_ids, created=last.created)


def recollection_of(
    state: State,
    article_ids: Sequence[str],
    story_ids: Sequence[str],
    *,
    created: dt.datetime,
    before: int | None = None,
) -> Recollection:
    """Return what the editions before number `before` (None: all) told of stories.

    Args:
        state: where it is kept.
        article_ids: the articles to be read beside the new ones.
        story_ids: the stories they belong to.
        created: the moment of the last of these editions.
        before: number of an edition.
    """
    found = state.answers.last_summaries(article_ids)
    facts = state.memory.facts(story_ids, before=before)
    return Recollection(
        summaries=[found[article_id] for article_id in article_ids if article_id in found],
        story_of=state.memory.of_articles(article_ids, before=before),
        stories={story.id: story for story in state.memory.stories(story_ids, before=before)},
        facts=facts,
        earlier=_as_brief(state, facts, created),
    )


def _as_brief(state: State, facts: Sequence[KnownFact], created: dt.datetime) -> Brief:
    """Return known facts in the form in which a brief is compared with an earlier one."""
    by_story: defaultdict[str, dict[str, Fact]] = defaultdict(dict)
    for known in facts:
        by_story[known.story_id][known.fact.id] = known.fact
    cited = dict.fromkeys(i for known in facts for i in known.fact.article_ids)
    stories = tuple(
        Story(
            id=story_id,
            headline="",
            facts=tuple(own.values()),
            article_ids=tuple(dict.fromkeys(i for f in own.values() for i in f.article_ids)),
            origins=1,
        )
        for story_id, own in by_story.items()
    )
    return Brief(
        stories=stories,
        sources=tuple(_sources(state, list(cited))),
        rejected=(),
        skipped=(),
        coverage=Coverage(
            articles=0, skipped=0, claims=0, supported=0, rejected=0, facts=0, facts_left_out=0
        ),
        model=ModelInfo(name="none"),
        versions=Versions(summarizer="", prompt="", claims_schema="", brief_schema=""),
        run=RunInfo(created=created),
    )


def _sources(state: State, article_ids: Sequence[str]) -> Iterable[Source]:
    for number, head in enumerate(state.articles.heads(article_ids), start=1):
        yield Source(
            article_id=head.article_id,
            number=number,
            source=head.source,
            title=head.title,
            publisher=head.publisher,
            published=head.published,
            origin=number,  # which articles are copies is found anew
            writer=Writer.MODEL,
        )


# --- tonight ----------------------------------------------------------------------------------


def with_memory(brief: Brief, known: Recollection, today: dt.date) -> tuple[Brief, list[StoryNews]]:
    """Return the brief with the standing of each story, and what it adds to the memory.

    `known` is what was remembered of its stories. Editions get their number when they are stored.
    """
    lasting = _lasting(brief.stories, known)
    news = []
    stories = []
    for story in brief.stories:
        before = lasting.get(story.id)
        memory = _memory(story, before, today)
        stories.append(story.model_copy(update={"memory": memory}))
        news.append(_news(story, memory, before, known, today))
    return brief.model_copy(update={"stories": tuple(stories)}), news


def _lasting(stories: Sequence[Story], known: Recollection) -> dict[str, KnownStory]:
    """Return the remembered story that each of tonight's goes on with, if any, by its id.

    The one that most of its articles belong to; of two stories tonight that claim one, the one
    with more of them, so that a story goes on once.
    """
    story_of, remembered = known.story_of, known.stories
    claims: list[tuple[int, int, str, str]] = []
    for place, story in enumerate(stories):
        own = (*story.article_ids, *story.earlier)
        votes = Counter(story_of[i] for i in own if story_of.get(i) in remembered)
        claims += [(-count, place, key, story.id) for key, count in votes.items()]
    found: dict[str, KnownStory] = {}
    taken: set[str] = set()
    for _, _, key, story_id in sorted(claims):
        if key not in taken and story_id not in found:
            found[story_id] = remembered[key]
            taken.add(key)
    return found


def _memory(story: Story, before: KnownStory | None, today: dt.date) -> StoryMemory:
    if before is None:
        return StoryMemory(id=story.id, status=StoryStatus.NEW, first_told=today)
    return StoryMemory(
        id=before.id,
        status=StoryStatus.DEVELOPING,
        first_told=min(before.first_told, today),
        last_told=before.last_told,
        digests=before.digests,
    )


def _news(
    story: Story,
    memory: StoryMemory,
    before: KnownStory | None,
    known: Recollection,
    today: dt.date,
) -> StoryNews:
    told = [fact for fact in (*story.facts, *story.left_out) if fact.change or not known.earlier]
    return StoryNews(
        story=KnownStory(
            id=memory.id,
            headline=story.headline,
            status=memory.status,
            first_edition=before.first_edition if before else 0,
            last_edition=0,
            first_told=memory.first_told,
            last_told=today,
            digests=memory.digests + 1,
        ),
        article_ids=(*story.article_ids, *story.earlier),
        facts=tuple(
            KnownFact(story_id=memory.id, edition=0, kind=_kind(fact), fact=fact) for fact in told
        ),
        replaced=tuple(sorted(_replaced(told, known.facts))),
    )


def _kind(fact: Fact) -> str:
    return fact.change.kind.value if fact.change else _KNOWN


def _replaced(told: Sequence[Fact], known: Sequence[KnownFact]) -> set[str]:
    """Return the ids of remembered facts that tonight's stand in the place of.

    They rest on a claim of theirs, or are their value, changed.
    """
    claims = {claim for fact in told for claim in map(_key, (*fact.claims, *fact.refines))}
    changed = {
        fact.change.before.fact_id
        for fact in told
        if fact.change and fact.change.kind is ChangeKind.CHANGED and fact.change.before
    }
    return {
        one.fact.id
        for one in known
        if one.fact.id in changed or not claims.isdisjoint(map(_key, one.fact.claims))
    }


def _key(claim: SupportedClaim) -> tuple[str, str]:
    return claim.claim.article_id, claim.claim.text


def gone_quiet(
    state: State, told: Iterable[StoryNews], *, nights: int, today: dt.date
) -> tuple[list[str], list[QuietStory]]:
    """Return the ids of stories of which nothing came for `nights` days, and those to be named.

    Named are the stories that more than one digest told.
    """
    going_on = {one.story.id for one in told}
    quiet = [
        story
        for story in state.memory.live(0)
        if story.id not in going_on and (today - story.last_told).days > nights
    ]
    named = [
        QuietStory(
            id=story.id,
            headline=story.headline,
            first_told=story.first_told,
            last_told=story.last_told,
        )
        for story in quiet
        if story.digests > 1
    ]
    return [story.id for story in quiet], named
