"""Group articles that tell of one event or development."""

from __future__ import annotations

import datetime as dt
import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from summarizer.data import Article
from summarizer.merge.stories.leads import day_agreement, lead_vectors, weekdays
from summarizer.merge.stories.linkage import average_linkage
from summarizer.merge.stories.neighbours import likely_pairs
from summarizer.merge.stories.written import written
from summarizer.merge.vectors import cosine

# A pair is of one story when it is more alike than each is to what lies around it. In a file of
# one country's politics everything is alike; among mixed news little likeness is telling.
SURROUNDINGS = 8  # likest articles that make an article's surroundings, its story's among them
SURROUNDINGS_WEIGHT = 0.7  # below 1, or the articles of a large story would keep one another out
# What lies around an article of a larger story is that story: its surroundings count for less.
_CROWD = 6
_PIECE = 3  # articles of a piece that could belong to a large story
_PIECE_NEIGHBOURS = 10  # likest pieces that each is compared with
_LARGE = 12  # articles of a piece that shows a story to be large
_SAMPLE = 6  # articles by which a piece of a large story is compared with another
# Likeness that the surroundings are imagined to have where a folder has too few articles for any.
IMAGINED = 0.4
SAME_STORY = 0.03  # mean likeness over the surroundings of two groups that are one story
# Likeness added by every fact but one that two articles both tell. One alone is often background:
# a plan that is told again half a year later.
SHARED_FACT = 0.04
_MOST_SHARED_FACTS = 3  # beyond the first, that can count
_DAYS = 7.0  # likeness falls by 1/e in so many days, …
_FARTHEST = 0.2  # … to this share of it at the least: follow-ups come late
_UNKNOWN_DATE = 0.85  # share of the likeness left where only one of two dates is known
_OTHER_TIME = 0.6  # … and where one is not known, but the text tells that it is another time


class Likeness:
    """How alike the articles of a run are, by their words, their dates and the days they name."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = articles
        self._weekdays = [weekdays(article) for article in articles]
        self.written = [written(article) for article in articles]
        self.vectors = lead_vectors(articles)

    def of_text(self, i: int, j: int) -> float:
        """Return the likeness of the words alone, 0 to 1."""
        return cosine(self.vectors[i], self.vectors[j])

    def of_pair(self, i: int, j: int) -> float:
        """Return the likeness of words, dates and named weekdays, 0 to about 1."""
        days = day_agreement(self._weekdays[i], self._weekdays[j])
        return self.of_text(i, j) * self._of_dates(i, j) * days

    def of_samples(self, first: Sequence[int], second: Sequence[int]) -> float:
        """Return the mean likeness of some articles of `first` to some of `second`."""
        one, two = (own[:: -(-len(own) // _SAMPLE)] for own in (first, second))
        likenesses = [self.of_pair(i, j) for i in one for j in two]
        return round(math.fsum(likenesses) / len(likenesses), 12)

    def _of_dates(self, i: int, j: int) -> float:
        """Return the share of the likeness that the dates leave, or what the texts tell of them."""
        first, second = self._articles[i].published, self._articles[j].published
        if first is None or second is None:
            one, two = self.written[i], self.written[j]
            if one.before(two) or two.before(one):
                return _OTHER_TIME
        return nearness(first, second)

    def pairs(self, also: Iterable[tuple[int, int]] = ()) -> dict[tuple[int, int], float]:
        """Return the likeness of every pair that could be of one story, and of pairs `also`."""
        candidates = sorted({*self.candidates, *also})
        return {pair: self.of_pair(*pair) for pair in candidates}

    @cached_property
    def candidates(self) -> list[tuple[int, int]]:
        """The pairs (i < j), in order, of which one is among the likest of the other."""
        return likely_pairs(self.vectors, [article.id for article in self._articles])


def nearness(a: dt.date | None, b: dt.date | None) -> float:
    """Return the share of likeness that the distance of two dates leaves, _FARTHEST to 1."""
    if a is None or b is None:
        return 1.0 if a is b else _UNKNOWN_DATE
    apart = abs((a - b).days)
    return max(_FARTHEST, math.exp(-max(apart - 1, 0) / _DAYS))


def surroundings(
    size: int, scores: Mapping[tuple[int, int], float], *, imagined: float = IMAGINED
) -> list[float]:
    """Return the mean likeness of each item to the SURROUNDINGS items likest to it.

    Pairs without a score count as 0. Where there are too few items, `imagined` ones fill up.
    """
    around: defaultdict[int, list[float]] = defaultdict(list)
    for (i, j), score in scores.items():
        around[i].append(score)
        around[j].append(score)
    fill = imagined * max(0, SURROUNDINGS - (size - 1))
    return [
        (math.fsum(heapq.nlargest(SURROUNDINGS, around[i])) + fill) / SURROUNDINGS
        for i in range(size)
    ]


def group_stories(
    articles: Sequence[Article],
    likeness: Likeness,
    *,
    linked: Iterable[tuple[int, int]],
    shared_facts: Mapping[tuple[int, int], int],
) -> list[int]:
    """Return a label for each article; articles of one story share it.

    `linked` pairs (copies, retellings of one report) are one story in any case.
    `shared_facts` tells how many facts two articles (i < j) both tell.
    Groups are joined by average linkage, likest first: one odd pair joins no two events.
    """
    linked = list(linked)
    scores = likeness.pairs(also=shared_facts)
    costs = [SURROUNDINGS_WEIGHT * around for around in surroundings(len(articles), scores)]
    for pair, count in shared_facts.items():
        scores[pair] += SHARED_FACT * min(count - 1, _MOST_SHARED_FACTS)
    labels = average_linkage(
        len(articles), scores, linked=linked, threshold=SAME_STORY, costs=costs, crowd=_CROWD
    )
    # Again, until nothing is joined: a larger piece asks less likeness of the rest.
    while (joined := _pieces_joined(labels, articles, likeness, costs)) != labels:
        labels = joined
    return labels


def _pieces_joined(
    labels: Sequence[int], articles: Sequence[Article], likeness: Likeness, costs: Sequence[float]
) -> list[int]:
    """Join the pieces of large stories: of those, not every pair of articles was compared.

    Pieces of _LARGE articles or more are compared with those of _PIECE or more, by _SAMPLE
    articles of each.
    """
    members: defaultdict[int, list[int]] = defaultdict(list)
    for index, label in enumerate(labels):
        members[label].append(index)
    pieces = [label for label in sorted(members) if len(members[label]) >= _PIECE]
    if all(len(members[label]) < _LARGE for label in pieces):
        return list(labels)
    own = [sorted(members[label], key=lambda i: articles[i].id) for label in pieces]
    vectors = [mean_vector([likeness.vectors[i] for i in piece]) for piece in own]
    scores = {
        (a, b): likeness.of_samples(own[a], own[b])
        for a, b in likely_pairs(
            vectors, [articles[piece[0]].id for piece in own], most=_PIECE_NEIGHBOURS
        )
        if max(len(own[a]), len(own[b])) >= _LARGE
    }
    mean_costs = [
        math.fsum(costs[i] for i in piece) / len(piece) * min(1.0, _CROWD / len(piece))
        for piece in own
    ]
    joined = average_linkage(len(pieces), scores, threshold=SAME_STORY, costs=mean_costs)
    # Labels are the smallest member of each story, and so are those of the pieces.
    stands_for = dict(zip(pieces, (pieces[first] for first in joined), strict=True))
    return [stands_for.get(label, label) for label in labels]


def mean_vector(vectors: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the mean of vectors: its product with another mean is the mean of all products."""
    weights: defaultdict[str, list[float]] = defaultdict(list)
    for vector in vectors:
        for term, weight in vector.items():
            weights[term].append(weight)
    return {term: math.fsum(own) / len(vectors) for term, own in sorted(weights.items())}
