"""Join what is alike into clusters: average linkage over sparse pair scores, near-linear."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence

_LEAST_SCORE = 0.03  # pairs below it count as unlike altogether


def average_linkage(
    size: int,
    scores: Mapping[tuple[int, int], float],
    *,
    linked: Iterable[tuple[int, int]] = (),
    threshold: float,
    costs: Sequence[float] | None = None,
    crowd: int | None = None,
) -> list[int]:
    """Cluster 0 … size-1 by average linkage over sparse pair scores; missing pairs are 0.

    `costs` are taken off the scores: half the sum of the two items' costs off every pair, the
    missing ones too. Of a cluster of more than `crowd` items only the cost of `crowd` counts.
    `linked` pairs are joined in any case.
    Returns a label for each item: the smallest member of its cluster. Ties go to smaller indexes.
    """
    clusters = _Clusters(size, scores, costs, crowd)
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

    def __init__(
        self,
        size: int,
        scores: Mapping[tuple[int, int], float],
        costs: Sequence[float] | None,
        crowd: int | None,
    ) -> None:
        self._crowd = size if crowd is None else crowd
        self.label = list(range(size))
        self.members: dict[int, list[int]] = {i: [i] for i in range(size)}
        self.costs = dict(enumerate(costs if costs is not None else [0.0] * size))
        self.sums: dict[int, dict[int, float]] = {i: {} for i in range(size)}
        for (i, j), score in sorted(scores.items()):
            if score >= _LEAST_SCORE:
                self.sums[i][j] = self.sums[j][i] = score

    def mean(self, a: int, b: int) -> float:
        """Return the mean score, costs taken off, of the pairs between clusters `a` and `b`."""
        pairs = len(self.members[a]) * len(self.members[b])
        # The costs of a pair are one half of each item's, so their mean is that of the clusters'.
        cost = (self._cost(a) + self._cost(b)) / 2
        # Rounded, so that sums made in another order compare equal.
        return round(self.sums[a].get(b, 0.0) / pairs - cost, 12)

    def _cost(self, a: int) -> float:
        size = len(self.members[a])
        return self.costs[a] / size * min(1.0, self._crowd / size)

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
        self.costs[a] += self.costs.pop(b)
        for other, total in self.sums.pop(b).items():
            del self.sums[other][b]
            if other != a:
                merged = self.sums[a].get(other, 0.0) + total
                self.sums[a][other] = self.sums[other][a] = merged
