"""Tell which articles go on with others' stories, before their claims are read."""

from __future__ import annotations

from collections.abc import Sequence

from summarizer.data import Article
from summarizer.merge.stories.grouping import Likeness, group_stories
from summarizer.merge.stories.retellings import retellings
from summarizer.merge.stories.storylines import storylines


def related(articles: Sequence[Article], others: Sequence[Article]) -> list[Article]:
    """Return those of `others`, in order, that are of a story or storyline of `articles`.

    As far as words and dates tell: facts that both tell are not looked at.
    """
    together = sorted([*articles, *others], key=lambda article: article.id)
    likeness = Likeness(together)
    linked = retellings(together, likeness)
    stories = group_stories(together, likeness, linked=linked, shared_facts={})
    line_of = {
        story: min(line) for line in storylines(together, likeness, stories) for story in line
    }
    label = {
        article.id: line_of.get(story, story)
        for article, story in zip(together, stories, strict=True)
    }
    wanted = {label[article.id] for article in articles}
    return [article for article in others if label[article.id] in wanted]
