"""Leave out what earlier digests told: a story keeps what is new and what that rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set

from summarizer.data import ChangeKind, Fact, Story, Storyline
from summarizer.merge.telling.ranking import story_id

# The headline of a story as its new articles have it, and the article it is the title of.
HeadlineOf = Callable[[Story, Set[str]], tuple[str, str | None]]


def only_news(
    stories: Sequence[Story],
    lines: Sequence[Storyline],
    fresh: Set[str],
    *,
    headline_of: HeadlineOf,
    origin_of: Mapping[str, int],
    compared: bool,
) -> tuple[list[Story], list[Storyline]]:
    """Return the stories that have news, each with its news, and the storylines between them.

    News is a fact with a mark that an article of `fresh` gives cause for; all facts of fresh
    articles where nothing was `compared`. A conflict or update with news on one of its sides
    stays, and so does the known fact on its other side; `Story.known` counts the others. Stories
    and facts stay in order, and facts are all in `Story.facts`; of the articles those stay that
    are fresh, cited or give the headline, and `Story.earlier` names the others. A wholly new story
    names in `Story.follows` the earlier articles of the last story of its storyline before it.
    `origin_of` gives the origin of each article id.
    """
    news = {f.id for story in stories for f in story.facts if _is_news(f, fresh, compared)}
    trimmed = [_without_told_differences(story, news) for story in stories]
    kept = news | set(_needed(trimmed, news))
    told: dict[str, Story] = {}  # by the id of the whole story: its own is made of its articles
    for story in trimmed:
        if any(fact.id in kept for fact in story.facts):
            own = _with_marks(story, news)
            told[story.id] = _news_of(own, kept, fresh, headline_of(story, fresh), origin_of)
    before = _before(lines, {story.id: set(story.article_ids) - fresh for story in stories})
    told = {
        key: story if key not in before else _going_on(story, before[key], fresh)
        for key, story in told.items()
    }
    ids = [[told[key].id for key in line.story_ids if key in told] for line in lines]
    linked = [Storyline(id=story_id(one), story_ids=tuple(one)) for one in ids if len(one) > 1]
    return list(told.values()), linked


def _before(lines: Iterable[Storyline], earlier: Mapping[str, Set[str]]) -> dict[str, Set[str]]:
    """Return the earlier articles of the last story before each in its line that has any."""
    found: dict[str, Set[str]] = {}
    for line in lines:
        last: Set[str] = frozenset()
        for key in line.story_ids:
            if last:
                found[key] = last
            last = earlier.get(key) or last
    return found


def _going_on(story: Story, before: Set[str], fresh: Set[str]) -> Story:
    if story.earlier or not fresh >= set(story.article_ids):
        return story
    return story.model_copy(update={"follows": tuple(sorted(before))})


def _with_marks(story: Story, news: Set[str]) -> Story:
    """Return the story with no fact marked as new that only earlier articles tell.

    A value that was replaced is no more among those compared with; it may stand beside the new.
    """
    facts = tuple(
        fact.model_copy(update={"change": None})
        if fact.id not in news and fact.change and fact.change.kind is ChangeKind.NEW
        else fact
        for fact in story.facts
    )
    return story.model_copy(update={"facts": facts})


def cited_ids(stories: Iterable[Story]) -> set[str]:
    """Return the ids of all articles that stories, their facts or differences rest on."""
    found: set[str] = set()
    for story in stories:
        found.update(story.article_ids)
        for fact in (*story.facts, *story.left_out):
            found.update(fact.article_ids)
    return found


def _is_news(fact: Fact, fresh: Set[str], compared: bool) -> bool:
    told_by_fresh = not fresh.isdisjoint(fact.article_ids)
    if not compared:
        return told_by_fresh
    if fact.change is None:
        return False
    after = fact.change.after
    return told_by_fresh or (after is not None and after.evidence.article_id in fresh)


def _without_told_differences(story: Story, news: Set[str]) -> Story:
    return story.model_copy(
        update={
            "conflicts": tuple(
                c for c in story.conflicts if {c.first.fact_id, c.second.fact_id} & news
            ),
            "updates": tuple(
                u for u in story.updates if {u.earlier.fact_id, u.later.fact_id} & news
            ),
        }
    )


def _needed(stories: Iterable[Story], news: Set[str]) -> Iterable[str]:
    """Yield the ids of the facts that news is set against."""
    for story in stories:
        for conflict in story.conflicts:
            yield from (conflict.first.fact_id, conflict.second.fact_id)
        for update in story.updates:
            yield from (update.earlier.fact_id, update.later.fact_id)
        for fact in story.facts:
            if fact.id in news and fact.change and fact.change.after:
                yield fact.change.after.fact_id


def _news_of(
    story: Story,
    kept: Set[str],
    fresh: Set[str],
    headline: tuple[str, str | None],
    origin_of: Mapping[str, int],
) -> Story:
    facts = tuple(fact for fact in story.facts if fact.id in kept)
    title, titled = headline
    cited = {article_id for fact in facts for article_id in fact.article_ids} | {titled}
    article_ids = tuple(i for i in story.article_ids if i in fresh or i in cited)
    return story.model_copy(
        update={
            "id": story_id(article_ids),
            "facts": facts,
            "earlier": tuple(i for i in story.article_ids if i not in article_ids),
            "known": len(story.facts) - len(facts),
            "article_ids": article_ids,
            "origins": len({origin_of[article_id] for article_id in article_ids}),
            "headline": title if titled else facts[0].text,
            "headline_article_id": titled,
        }
    )
