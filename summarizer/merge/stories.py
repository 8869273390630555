"""Group articles that tell of one event or development."""

from __future__ import annotations

import datetime as dt
import heapq
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from summarizer.data import Article
from summarizer.merge.vectors import candidate_pairs, cosine, strongest, unit_vectors
from summarizer.text.words import content_stems

LEAD_WORDS = 250  # the event stands in the beginning; later paragraphs are background
TITLE_WEIGHT = 3  # times a title word counts
SAME_STORY = 0.165  # mean likeness of two groups that are one story; measured: docs/decisions.md
SHARED_FACT = 0.05  # likeness added by a fact that two articles both tell …
_MOST_SHARED_FACTS = 3  # … and how many can count
_DAYS = 7.0  # likeness falls by 1/e in so many days, …
_FARTHEST = 0.2  # … to this share of it at the least: follow-ups come late
_UNKNOWN_DATE = 0.85  # share of the likeness left where only one of two dates is known
_KEY_TERMS = 24  # heaviest terms of an article, by which candidates are found
_LEAST_LIKE = 0.03  # pairs below it count as unlike altogether


def lead_terms(article: Article) -> Counter[str]:
    """Count the stems of the title and the first LEAD_WORDS words of the sentences."""
    words: list[str] = []
    for sentence in article.sentences:
        words += article.text[sentence.start : sentence.end].split()
        if len(words) >= LEAD_WORDS:
            break
    counts = Counter(content_stems(" ".join(words[:LEAD_WORDS])))
    for stem in content_stems(article.title):
        counts[stem] += TITLE_WEIGHT
    return counts


class Likeness:
    """How alike the articles of a run are, by the words of their beginnings and their dates."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = articles
        self.vectors = unit_vectors([lead_terms(article) for article in articles])

    def of_text(self, i: int, j: int) -> float:
        """Return the likeness of the words alone, 0 to 1."""
        return cosine(self.vectors[i], self.vectors[j])

    def of_pair(self, i: int, j: int) -> float:
        """Return the likeness of words and dates, 0 to 1."""
        first, second = self._articles[i].published, self._articles[j].published
        return self.of_text(i, j) * nearness(first, second)

    def pairs(self, also: Iterable[tuple[int, int]] = ()) -> dict[tuple[int, int], float]:
        """Return the likeness of every pair that could be of one story, and of pairs `also`."""
        keys = [strongest(vector, _KEY_TERMS) for vector in self.vectors]
        # 10 articles a term at least, or a folder on one event would have no candidates.
        most_common = max(50, len(keys) // 10)
        candidates = sorted({*candidate_pairs(keys, most_common=most_common), *also})
        return {pair: self.of_pair(*pair) for pair in candidates}


def nearness(a: dt.date | None, b: dt.date | None) -> float:
    """Return the share of likeness that the distance of two dates leaves, _FARTHEST to 1."""
    if a is None or b is None:
        return 1.0 if a is b else _UNKNOWN_DATE
    apart = abs((a - b).days)
    return max(_FARTHEST, math.exp(-max(apart - 1, 0) / _DAYS))


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
    for pair, count in shared_facts.items():
        scores[pair] += SHARED_FACT * min(count, _MOST_SHARED_FACTS)
    return average_linkage(len(articles), scores, linked=linked, threshold=SAME_STORY)


def average_linkage(
    size: int,
    scores: Mapping[tuple[int, int], float],
    *,
    linked: Iterable[tuple[int, int]] = (),
    threshold: float,
) -> list[int]:
    """Cluster 0 … size-1 by average linkage over sparse pair scores; missing pairs are 0.

    Returns a label for each: the smallest member of its cluster. Ties go to smaller indexes.
    """
    clusters = _Clusters(size, scores)
    for i, j in linked:
        a, b = clusters.label[i], clusters.label[j]
        if a != b:
            clusters.join(*sorted((a, b)))
    heap = [(-mean, a, b) for (a, b), mean in clusters.means() if mean >= threshold]
    heapq.heapify(heap)
    while heap:
        mean, a, b = heapq.heappop(heap)
        # Entries of clusters that have grown since are stale: their mean has changed.
        if not clusters.holds(a, b, -mean):
            continue
        clusters.join(a, b)
        for other in sorted(clusters.sums[a]):
            pair = (min(a, other), max(a, other))
            if (now := clusters.mean(*pair)) >= threshold:
                heapq.heappush(heap, (-now, *pair))
    return clusters.label


class _Clusters:
    """Clusters under agglomeration, with the sums of pair scores between them."""

    def __init__(self, size: int, scores: Mapping[tuple[int, int], float]) -> None:
        self.label = list(range(size))
        self.members: dict[int, list[int]] = {i: [i] for i in range(size)}
        self.sums: dict[int, dict[int, float]] = {i: {} for i in range(size)}
        for (i, j), score in sorted(scores.items()):
            if score >= _LEAST_LIKE:
                self.sums[i][j] = self.sums[j][i] = score

    def mean(self, a: int, b: int) -> float:
        """Return the mean score of the pairs between clusters `a` and `b`."""
        # Rounded, so that sums made in another order compare equal.
        total = self.sums[a].get(b, 0.0)
        return round(total / (len(self.members[a]) * len(self.members[b])), 12)

    def means(self) -> list[tuple[tuple[int, int], float]]:
        """Return every linked pair of clusters (a < b) and its mean."""
        return [((a, b), self.mean(a, b)) for a in self.sums for b in self.sums[a] if a < b]

    def holds(self, a: int, b: int, mean: float) -> bool:
        """Tell whether clusters `a` and `b` still are, and still have this mean."""
        return a in self.members and b in self.members and self.mean(a, b) == mean

    def join(self, a: int, b: int) -> None:
        """Make cluster `b` part of cluster `a` (a < b)."""
        for member in self.members[b]:
            self.label[member] = a
        self.members[a] += self.members.pop(b)
        for other, total in self.sums.pop(b).items():
            del self.sums[other][b]
            if other != a:
                merged = self.sums[a].get(other, 0.0) + total
                self.sums[a][other] = self.sums[other][a] = merged
