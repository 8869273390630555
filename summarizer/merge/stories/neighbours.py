"""Find for every article those that could be of its story, without comparing all with all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from summarizer.merge.vectors import strongest

# Heaviest terms by which an article is found. With 24 one pair in a hundred of BASIL was missed,
# with 48 no more than with all.
KEY_TERMS = 48
MOST_NEIGHBOURS = 30  # kept of each article; a story may still be larger, by chains of them
_MOST_COMMON = 100  # a key term of more articles tells nothing and would cost the square of them

_Indexes = npt.NDArray[np.intp]
_Weights = npt.NDArray[np.float64]


def likely_pairs(
    vectors: Sequence[Mapping[str, float]], ids: Sequence[str], *, most: int = MOST_NEIGHBOURS
) -> list[tuple[int, int]]:
    """Return the index pairs (i < j), sorted, of which one is among the `most` likest of the other.

    Likeness is that of the key terms alone. Ties are kept in the order of `ids`, so that the
    result does not depend on the order of the articles. Time is linear in their number, but for
    one addition an article and pair.
    """
    postings = _postings(vectors)
    rank = np.empty(len(ids), dtype=np.intp)
    rank[sorted(range(len(ids)), key=lambda i: (ids[i], i))] = np.arange(len(ids))
    pairs: set[tuple[int, int]] = set()
    for i, vector in enumerate(vectors):
        for j in _likest(i, vector, postings, rank, most):
            pairs.add((min(i, j), max(i, j)))
    return sorted(pairs)


def _postings(vectors: Sequence[Mapping[str, float]]) -> dict[str, tuple[_Indexes, _Weights]]:
    """Return, for every key term of more than one article, the articles and its weight in each."""
    lists: defaultdict[str, list[int]] = defaultdict(list)
    for index, vector in enumerate(vectors):
        for term in strongest(vector, KEY_TERMS):
            lists[term].append(index)
    return {
        term: (np.array(own, dtype=np.intp), np.array([vectors[i][term] for i in own]))
        for term, own in lists.items()
        if 1 < len(own) <= _MOST_COMMON
    }


def _likest(
    i: int,
    vector: Mapping[str, float],
    postings: Mapping[str, tuple[_Indexes, _Weights]],
    rank: _Indexes,
    most: int,
) -> list[int]:
    """Return the `most` articles likest to article `i` by key terms, itself left out."""
    keys = [term for term in strongest(vector, KEY_TERMS) if term in postings]
    if not keys:
        return []
    found = np.concatenate([postings[term][0] for term in keys])
    likeness = np.concatenate([postings[term][1] * vector[term] for term in keys])
    others, where = np.unique(found, return_inverse=True)
    # Rounded: the order of the terms, and so of the sums, is not the same for both of a pair.
    sums = np.bincount(where, weights=likeness).round(9)
    order = np.lexsort((rank[others], -sums))
    likest: list[int] = others[order][: most + 1].tolist()
    return [j for j in likest if j != i][:most]
