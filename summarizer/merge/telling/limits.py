"""Cut a brief to the length that was asked for; what is over it is kept apart."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence

from summarizer.data import Article, Fact, Story
from summarizer.merge.telling.ranking import Ranking


def limit(
    stories: Sequence[Story],
    articles: Mapping[str, Article],
    *,
    max_facts: int | None = None,
    max_words: int | None = None,
) -> list[Story]:
    """Move the facts over the limits to `Story.left_out`, in order; None limits nothing.

    `stories` and their facts are in the order of `rank`; `articles` are those of the run, by id.
    `max_facts` counts the facts of a story, `max_words` the words of all facts of the brief. Of
    the words, the leads of the stories are served first, in story order, and then the best of
    the other facts over all stories, until one does not fit. So a longer brief holds every
    shorter one, and of a story whose lead does not fit nothing but the headline is shown.
    Conflicts and updates stay where the facts of both their sides are shown.
    """
    wholes = [(*story.facts, *story.left_out) for story in stories]
    counts = [len(whole) if max_facts is None else min(max_facts, len(whole)) for whole in wholes]
    if max_words is not None:
        ranking = Ranking(stories, articles)
        counts = _fitting(wholes, counts, ranking=ranking, max_words=max_words)
    shown = {f.id for whole, count in zip(wholes, counts, strict=True) for f in whole[:count]}
    return [
        _cut(story, whole, count, shown)
        for story, whole, count in zip(stories, wholes, counts, strict=True)
    ]


def word_count(text: str) -> int:
    """Return the number of words of `text`, as --max-words counts them."""
    return len(text.split())


def _fitting(
    wholes: Sequence[Sequence[Fact]],
    most: Sequence[int],
    *,
    ranking: Ranking,
    max_words: int,
) -> list[int]:
    """Return how many of its facts each story shows, `most` at most, within `max_words`."""
    counts = [0] * len(wholes)
    left = max_words
    for story, whole in enumerate(wholes):
        if most[story]:
            left -= word_count(whole[0].text)
            if left < 0:
                return counts
            counts[story] = 1

    def following(story: int) -> tuple[float, str, int]:
        fact = wholes[story][counts[story]]
        return -ranking.score(fact), fact.id, story

    heap = [following(story) for story, count in enumerate(counts) if 0 < count < most[story]]
    heapq.heapify(heap)
    while heap:
        _, _, story = heapq.heappop(heap)
        left -= word_count(wholes[story][counts[story]].text)
        if left < 0:
            break
        counts[story] += 1
        if counts[story] < most[story]:
            heapq.heappush(heap, following(story))
    return counts


def _cut(story: Story, whole: Sequence[Fact], count: int, shown: set[str]) -> Story:
    """Show the first `count` facts of a story; `shown` holds the ids of all facts shown."""
    return story.model_copy(
        update={
            "facts": tuple(whole[:count]),
            "left_out": tuple(whole[count:]),
            "conflicts": tuple(
                c for c in story.conflicts if {c.first.fact_id, c.second.fact_id} <= shown
            ),
            "updates": tuple(
                u for u in story.updates if {u.earlier.fact_id, u.later.fact_id} <= shown
            ),
        }
    )
