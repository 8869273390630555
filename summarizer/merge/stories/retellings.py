"""Find the articles that are one report: copies of it, retellings, an agency's wire copy."""

from __future__ import annotations

from collections.abc import Sequence

from summarizer.data import Article
from summarizer.merge.stories.grouping import Likeness, nearness
from summarizer.merge.stories.origins import agency_copy, near_copies, report_of

SAME_REPORT = 0.27  # likeness of words of two articles that retell one outlet's report
_SAME_REPORT_NEAR = 0.3  # … and nearness of their dates: about nine days


def retellings(articles: Sequence[Article], likeness: Likeness) -> list[tuple[int, int]]:
    """Return the pairs (i < j), in order, that are copies or retell one report of one outlet."""
    return sorted({*near_copies(articles), *_retold(articles, likeness)})


def of_one_agency(articles: Sequence[Article], stories: Sequence[int]) -> list[tuple[int, int]]:
    """Return pairs of articles of one story that bear one agency's byline.

    `stories` labels each article.
    """
    first: dict[tuple[int, str], int] = {}
    pairs = []
    for index, article in enumerate(articles):
        if (agency := agency_copy(article)) is not None:
            pairs.append((first.setdefault((stories[index], agency), index), index))
    return pairs


def of_one_address(articles: Sequence[Article]) -> list[tuple[int, int]]:
    """Return pairs of articles read from one address: versions of a page, texts of one feed."""
    first: dict[str, int] = {}
    return [
        (first[article.source], index)
        for index, article in enumerate(articles)
        if "://" in article.source and first.setdefault(article.source, index) != index
    ]


def _retold(articles: Sequence[Article], likeness: Likeness) -> list[tuple[int, int]]:
    reports = [report_of(article) for article in articles]
    return [
        (i, j)
        for i, j in likeness.candidates
        if reports[i] is not None
        and reports[i] == reports[j]
        and nearness(articles[i].published, articles[j].published) >= _SAME_REPORT_NEAR
        and likeness.of_text(i, j) >= SAME_REPORT
    ]
