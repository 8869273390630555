"""Order articles by the stories they belong to, before anybody has read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from summarizer.data import Article
from summarizer.merge.stories.grouping import Likeness, group_stories
from summarizer.merge.stories.origins import joined
from summarizer.merge.stories.retellings import of_one_address, of_one_agency, retellings


def by_importance(articles: Sequence[Article]) -> list[Article]:
    """Return the articles in the order in which a short time is best spent on them.

    First one article of every origin of the story with most origins, then of the next story, and
    so on; copies and retellings come last, in the same order: they add nothing but a confirmation.
    Of stories with equally many origins, then articles, the newest comes first. The order of
    `articles` does not matter.
    """
    articles = sorted(articles, key=lambda article: article.id)
    likeness = Likeness(articles)
    linked = retellings(articles, likeness)
    labels = group_stories(articles, likeness, linked=linked, shared_facts={})
    one = [*of_one_agency(articles, labels), *of_one_address(articles)]
    origins = joined(len(articles), [*linked, *one])
    stories: defaultdict[int, list[int]] = defaultdict(list)
    for index, label in enumerate(labels):
        stories[label].append(index)

    def rank(members: Sequence[int]) -> tuple[int, int, int, str]:
        newest = max(_day(articles[i]) for i in members)
        of_story = len({origins[i] for i in members})
        return -of_story, -len(members), -newest, articles[members[0]].id

    ranked = sorted(stories.values(), key=rank)
    firsts = {i for members in ranked for i in _first_of_each(members, origins, articles)}
    order = [i for members in ranked for i in _newest_first(members, articles)]
    return [articles[i] for i in order if i in firsts] + [
        articles[i] for i in order if i not in firsts
    ]


def _first_of_each(
    members: Sequence[int], origins: Sequence[int], articles: Sequence[Article]
) -> Iterator[int]:
    """Yield the longest article of each origin: copies are cut from their end."""
    longest: dict[int, int] = {}
    for i in members:
        other = longest.setdefault(origins[i], i)
        if len(articles[i].text) > len(articles[other].text):
            longest[origins[i]] = i
    yield from longest.values()


def _newest_first(members: Sequence[int], articles: Sequence[Article]) -> list[int]:
    return sorted(members, key=lambda i: (-_day(articles[i]), articles[i].id))


def _day(article: Article) -> int:
    return article.published.toordinal() if article.published else 0
