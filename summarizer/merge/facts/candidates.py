"""Find the pairs of claims that could say the same, without comparing all with all.

An inverted index of the heaviest terms, as of tf-idf; docs/decisions.md has it beside libraries.
A rare term pairs all claims that have it. A term of many claims would pair the square of them, so
it counts only together with a second one; and where even two terms are of many claims (a hundred
articles that print one sentence), each claim meets only those whose terms are the next in order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

_RARE = 16  # claims; a term of more pairs two claims only with another such term
_MOST_OF_TWO = 30  # claims with the same two terms that are all paired with one another
_NEXT = 8  # claims beyond that: how many of the next in order each is paired with
_LEAST_SHARED = 2  # terms; one alone is hardly ever the same fact
_CHUNK = 100_000  # pairs that are compared at once: bounds the memory

_Integers = npt.NDArray[np.int64]
_Reals = npt.NDArray[np.float64]


def likely_same(
    keys: Sequence[Sequence[str]], weights: Mapping[str, float], *, least: float, most: int
) -> list[tuple[int, int]]:
    """Return the index pairs (i < j), sorted, of claims that share at least two of their keys.

    `keys` holds the heaviest terms of each claim. Where that makes more than `most` pairs a claim
    in the mean, as in large runs, what the two share must weigh `least` (0 to 1) of the keys of
    the lighter one; where there are still more, one of the two must be among the `most` that share
    most with the other; ties go to smaller indexes.
    """
    rows, mass_of = _numbered(keys, weights)
    if not rows.size:
        return []
    pairs = _distinct(np.concatenate([_by_one(rows), _by_two(rows)]))
    pairs, shares = _sharing(pairs, rows, mass_of)
    if len(pairs) > most * len(rows):
        pairs, shares = pairs[shares >= least], shares[shares >= least]
    if len(pairs) > most * len(rows):
        pairs = _best(pairs, shares, len(rows), most)
    first, second = np.divmod(pairs, len(rows))
    return list(zip(first.tolist(), second.tolist(), strict=True))


def _distinct(numbers: _Integers) -> _Integers:
    """Return each of `numbers` once, ascending.

    np.unique hashes first, which takes 45 times as long for a few millions of them.
    """
    ordered = np.sort(numbers)
    return ordered[np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])[: len(ordered)]]


def _numbered(
    keys: Sequence[Sequence[str]], weights: Mapping[str, float]
) -> tuple[_Integers, _Reals]:
    """Return the keys as numbers, a row a claim, ascending, -1 for none; and what each weighs.

    The last weight is that of no key: 0.
    """
    known = sorted({key for each in keys for key in each})
    number = {key: n for n, key in enumerate(known)}
    width = max((len(each) for each in keys), default=0)
    rows = np.full((len(keys), width), -1, dtype=np.int64)
    for row, each in zip(rows, keys, strict=True):
        row[: len(each)] = [number[key] for key in each]
    rows.sort(axis=1)
    return rows, np.array([*(weights[key] for key in known), 0.0])


def _by_one(rows: _Integers) -> _Integers:
    """Return the pairs, as i * len(rows) + j, that share a rare key."""
    claims, columns = np.nonzero(rows >= 0)
    groups, sizes, members = _grouped(rows[claims, columns], claims)
    return _all_pairs(groups[sizes <= _RARE], sizes[sizes <= _RARE], members, len(rows))


def _by_two(rows: _Integers) -> _Integers:
    """Return the pairs that share two keys, none of which is rare."""
    frequency = np.bincount(rows[rows >= 0], minlength=1)
    common = np.where((rows >= 0) & (frequency[rows] > _RARE), rows, -1)
    common.sort(axis=1)
    both, claims = [], []
    for a, b in zip(*np.triu_indices(rows.shape[1], 1), strict=True):
        have = np.flatnonzero(common[:, a] >= 0)  # ascending, so that b is there, too
        both.append(common[have, a] * len(frequency) + common[have, b])
        claims.append(have)
    if not both:
        return np.empty(0, dtype=np.int64)
    # In the order of their rows: claims in nearly the same words stand next to one another.
    order = np.empty(len(rows), dtype=np.int64)
    order[np.lexsort(rows.T[::-1])] = np.arange(len(rows))
    every = np.concatenate(claims)
    by_row = np.argsort(order[every], kind="stable")
    groups, sizes, members = _grouped(np.concatenate(both)[by_row], every[by_row])
    few = sizes <= _MOST_OF_TWO
    return np.concatenate(
        [
            _all_pairs(groups[few], sizes[few], members, len(rows)),
            _next_pairs(groups[~few], sizes[~few], members, len(rows)),
        ]
    )


def _grouped(keys: _Integers, claims: _Integers) -> tuple[_Integers, _Integers, _Integers]:
    """Return where each group of equal keys begins, its size, and the claims group by group.

    The order of the claims inside a group is kept; a group of one is left out.
    """
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    begins = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])[: len(ordered)]
    sizes = np.diff(np.r_[begins, len(ordered)])
    return begins[sizes > 1], sizes[sizes > 1], claims[order]


def _all_pairs(groups: _Integers, sizes: _Integers, members: _Integers, count: int) -> _Integers:
    """Return the pairs inside each group."""
    found = [np.empty(0, dtype=np.int64)]
    for size in np.unique(sizes):
        claims = members[groups[sizes == size][:, None] + np.arange(size)]
        a, b = np.triu_indices(size, 1)
        found.append(_coded(claims[:, a].ravel(), claims[:, b].ravel(), count))
    return np.concatenate(found)


def _next_pairs(groups: _Integers, sizes: _Integers, members: _Integers, count: int) -> _Integers:
    """Return the pairs of each claim of a group and the _NEXT ones after it."""
    found = [np.empty(0, dtype=np.int64)]
    for begin, size in zip(groups.tolist(), sizes.tolist(), strict=True):
        claims = members[begin : begin + size]
        found += [_coded(claims[:-step], claims[step:], count) for step in range(1, _NEXT + 1)]
    return np.concatenate(found)


def _coded(a: _Integers, b: _Integers, count: int) -> _Integers:
    return np.minimum(a, b) * count + np.maximum(a, b)


def _sharing(pairs: _Integers, rows: _Integers, weights: _Reals) -> tuple[_Integers, _Reals]:
    """Return the pairs that share two keys or more, and the share of the lighter one's weight."""
    weight = weights[rows]
    mass = weight.sum(axis=1)
    none_as_other = np.where(rows < 0, -2, rows)  # -1 on both sides is no shared key
    kept, shares = [np.empty(0, dtype=np.int64)], [np.empty(0)]
    for start in range(0, len(pairs), _CHUNK):
        chunk = pairs[start : start + _CHUNK]
        i, j = np.divmod(chunk, len(rows))
        hit = np.zeros((len(chunk), rows.shape[1]), dtype=bool)
        for column in none_as_other.T:
            hit |= rows[i] == column[j][:, None]
        lighter = np.minimum(mass[i], mass[j])
        # Rounded: where two shares are equal, the sums may still differ in their last digit.
        share = ((weight[i] * hit).sum(axis=1) / np.where(lighter > 0, lighter, 1.0)).round(6)
        enough = hit.sum(axis=1) >= _LEAST_SHARED
        kept.append(chunk[enough])
        shares.append(share[enough])
    return np.concatenate(kept), np.concatenate(shares)


def _best(pairs: _Integers, shares: _Reals, count: int, most: int) -> _Integers:
    """Return the pairs, ascending, that are among the `most` best of one of their two claims."""
    i, j = np.divmod(pairs, count)
    claim, other = np.concatenate([i, j]), np.concatenate([j, i])
    order = np.lexsort((other, -np.concatenate([shares, shares]), claim))
    claim = claim[order]
    begins = np.flatnonzero(np.r_[True, claim[1:] != claim[:-1]])[: len(claim)]
    rank = np.arange(len(claim)) - np.repeat(begins, np.diff(np.r_[begins, len(claim)]))
    return _distinct(np.concatenate([pairs, pairs])[order][rank < most])
