"""What earlier digests told of tonight's stories, and what tonight's digest adds to that."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

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
from summarizer.digest.recall import MOST, recall
from summarizer.digest.state import State
from summarizer.digest.state.records import KnownFact, KnownStory, StoryNews
from summarizer.merge import related

_KNOWN = "known"  # the kind of a fact that is told without a mark


@dataclass(frozen=True)
class Recollection:
    """What is known of the stories that tonight's articles may belong to."""

    summaries: Sequence[ArticleSummary] = ()  # of articles told before
    # Lasting story by article id: of those articles, and of new versions of them.
    story_of: Mapping[str, str] = field(default_factory=dict)
    kin: Mapping[str, Sequence[str]] = field(default_factory=dict)  # related ids by fresh id
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
    if not fresh:
        return recollection_of(state, [], [], created=last.created)
    most = max(MOST, 2 * len(fresh))
    likely = state.articles.many(recall(fresh, state.articles.remembered(nights), most=most))
    kin = related(fresh, likely)
    wanted = {one for ids in kin.values() for one in ids}
    versions = _versions(fresh, [article for article in likely if article.id in wanted])
    story_of = state.memory.of_articles(sorted(wanted))
    known = recollection_of(
        state,
        [article.id for article in likely if article.id in wanted - set(versions.values())],
        sorted(set(story_of.values())),
        created=last.created,
    )
    newer = {new: story_of[old] for new, old in versions.items() if old in story_of}
    return replace(known, kin=kin, story_of={**story_of, **newer})


def _versions(fresh: Sequence[Article], related: Sequence[Article]) -> dict[str, str]:
    """Return the earlier version of each fresh article that is a new one, by their ids.

    An old version is not read beside the new: what it says no more is gone, not in dispute.
    """
    new = {article.source: article.id for article in fresh}
    return {new[old.source]: old.id for old in related if old.source in new}


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


def with_memory(
    brief: Brief, known: Recollection, *, edition: int, today: dt.date
) -> tuple[Brief, list[StoryNews]]:
    """Return the brief with the standing of each story, and what it adds to the memory.

    `known` is what was remembered of its stories; `edition` is the number it will have.
    """
    lasting = _lasting(brief.stories, known)
    news = []
    stories = []
    for story in brief.stories:
        before = lasting.get(story.id)
        memory = _memory(story, before, edition, today)
        stories.append(story.model_copy(update={"memory": memory}))
        news.append(_news(story, memory, before, known, today))
    news += _heard(brief.stories, news, known)
    return brief.model_copy(update={"stories": tuple(stories)}), news


def _lasting(stories: Sequence[Story], known: Recollection) -> dict[str, KnownStory]:
    """Return the remembered story that each of tonight's goes on with, if any, by its id.

    The one that most of its articles belong to, else the one it follows in its storyline; of two
    stories tonight that claim one, the one with more of its articles: a story goes on once.
    """
    story_of, remembered = known.story_of, known.stories
    claims: list[tuple[bool, int, int, str, str]] = []
    for place, story in enumerate(stories):
        for follows, ids in ((False, (*story.article_ids, *story.earlier)), (True, story.follows)):
            votes = Counter(story_of[i] for i in ids if story_of.get(i) in remembered)
            claims += [(follows, -count, place, key, story.id) for key, count in votes.items()]
    found: dict[str, KnownStory] = {}
    taken: set[str] = set()
    for *_, key, story_id in sorted(claims):
        if key not in taken and story_id not in found:
            found[story_id] = remembered[key]
            taken.add(key)
    return found


def _memory(story: Story, before: KnownStory | None, edition: int, today: dt.date) -> StoryMemory:
    if before is None:
        # Not the story's own id: that is made of its articles, which another may have had.
        name = hashlib.sha256(f"{edition} {story.id}".encode()).hexdigest()[:16]
        return StoryMemory(id=name, status=StoryStatus.NEW, first_told=today)
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
    # What was left out for want of room is not told: should it be said again, it is new.
    told = [fact for fact in story.facts if fact.change or not known.earlier]
    articles = (*story.article_ids, *story.earlier)
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
        # Those of other stories stay with the facts that these told.
        article_ids=tuple(i for i in articles if known.story_of.get(i) in (None, memory.id)),
        facts=tuple(
            KnownFact(story_id=memory.id, edition=0, kind=_kind(fact), fact=fact) for fact in told
        ),
        replaced=tuple(sorted(_replaced(told, known.facts))),
    )


def _heard(
    stories: Sequence[Story], news: Sequence[StoryNews], known: Recollection
) -> Iterable[StoryNews]:
    """Yield, without facts, the stories that new articles tell again and add nothing to.

    Else what is told every night, and never anew, would be forgotten and be told as new.
    """
    told = {i for story in stories for i in story.article_ids}
    going_on = {one.story.id for one in news}
    again: defaultdict[str, list[str]] = defaultdict(list)
    for fresh, kin in known.kin.items():
        votes = Counter(known.story_of[i] for i in (fresh, *kin) if i in known.story_of)
        if fresh not in told and votes:
            again[min(votes, key=lambda key: (-votes[key], key))].append(fresh)
    for key, ids in sorted(again.items()):
        if key in known.stories and key not in going_on:
            yield StoryNews(story=known.stories[key], article_ids=tuple(sorted(ids)), facts=())


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
    going_on = {one.story.id for one in told if one.facts}
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
