"""Sparse tf-idf vectors, and near-linear search for the pairs that could be alike."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

# Documents that the collection is imagined to hold besides its own. In a folder of three articles
# on one event every telling word is in all three; without these its idf would be nothing.
BACKGROUND = 5
# Share of its weight that a common English word keeps: names and rare words tell events apart.
COMMON_WEIGHT = 0.5


def inverse_frequencies(
    documents: Sequence[Mapping[str, float]], background: int = BACKGROUND
) -> dict[str, float]:
    """Return ln((N + background) / (df + 0.5)) of every term of `documents`, never below 0."""
    frequency = Counter(term for document in documents for term in document)
    size = len(documents) + background
    return {term: max(0.0, math.log(size / (df + 0.5))) for term, df in frequency.items()}


def cosine(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    """Return the cosine of two vectors of length 1; the sum is exact, so order cannot matter."""
    if len(b) < len(a):
        a, b = b, a
    return math.fsum(w * b[t] for t, w in a.items() if t in b)


def candidate_pairs(
    keys: Sequence[Sequence[str]], *, most_common: int
) -> dict[tuple[int, int], int]:
    """Return the index pairs (i < j) that share a key, and how many keys they share.

    A key in more than `most_common` documents pairs nothing: that is what keeps the work
    near-linear in the number of documents.
    """
    postings: defaultdict[str, list[int]] = defaultdict(list)
    for index, document in enumerate(keys):
        for key in dict.fromkeys(document):
            postings[key].append(index)
    shared: Counter[tuple[int, int]] = Counter()
    for posting in postings.values():
        if 1 < len(posting) <= most_common:
            shared.update((i, j) for n, j in enumerate(posting) for i in posting[:n])
    return dict(shared)


def strongest(vector: Mapping[str, float], count: int) -> list[str]:
    """Return the `count` heaviest terms, ties by the alphabet."""
    return sorted(vector, key=lambda term: (-vector[term], term))[:count]
