"""Tell which articles go on with others' stories, before their claims are read."""

from __future__ import annotations

from collections.abc import Sequence

from summarizer.data import Article
from summarizer.merge.stories.grouping import Likeness, group_stories
from summarizer.merge.stories.storylines import storylines


def related(articles: Sequence[Article], others: Sequence[Article]) -> dict[str, list[str]]:
    """Return the ids of those of `others` that are of a story or storyline of each article.

    By the article's id, in the order of `others`; as far as words and dates tell: facts that both
    tell are not looked at.
    """
    together = sorted([*articles, *others], key=lambda article: article.id)
    likeness = Likeness(together)
    stories = group_stories(together, likeness, linked=(), shared_facts={})
    line_of = {
        story: min(line) for line in storylines(together, likeness, stories) for story in line
    }
    label = {
        article.id: line_of.get(story, story)
        for article, story in zip(together, stories, strict=True)
    }
    kin: dict[int, list[str]] = {}
    for other in others:
        kin.setdefault(label[other.id], []).append(other.id)
    return {article.id: kin.get(label[article.id], []) for article in articles}
