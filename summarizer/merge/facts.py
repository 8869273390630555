"""Join claims that say the same into facts."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from summarizer.data import Fact, SupportedClaim, Writer
from summarizer.merge.claims import Telling, dates_agree, dates_clash, polarity_clash, term_weights
from summarizer.merge.origins import DisjointSets
from summarizer.merge.vectors import candidate_pairs
from summarizer.text.quantities import Quantity, same_quantity

# Measured on the shared articles' sentences and MRPC: docs/decisions.md.
SAME_FACT = 0.62  # likeness of two claims of independent articles that say the same
SAME_WITH_NUMBER = 0.34  # … where they share a telling number and a name, too
SAME_WITH_NAMES = 0.22  # … or a telling number and _MANY_NAMES names
RETOLD = 0.36  # … where both articles retell one report: what is alike there is the same
RETOLD_LEAD = 0.33  # … and both claims are of the leads, which tell the report's main news
COHERENT = 0.2  # every two claims of a fact are at least so alike: no chains
_CONTAINED = 0.5  # a retelling adds or drops words, but keeps most of the shorter claim
_LEAD_PLACES = 4
_MANY_NAMES = 3
PHRASE_DISCOUNT = 0.3  # share of a shared phrase's weight, its heaviest word apart, not counted
_BY_CHANCE = 1000.0  # smaller counts, and percentages, are often equal by chance
_DATE_WEIGHT = 2.5  # an agreed date counts as a word of middling rarity
_KEYS = 10  # heaviest terms of a claim, by which candidates are found
_LEAST_SHARED = 2  # keys; one alone is hardly ever the same fact, and most pairs have but one
_MOST_COMMON = 60  # a term in more claims pairs nothing
_EXPECTED_LENGTH = 160  # characters; the wording of a fact should be near it


class Overlap(NamedTuple):
    """How far two claims say the same, each 0 to 1."""

    jaccard: float
    containment: float  # share of the lighter claim's weight that the other holds

    @property
    def likeness(self) -> float:
        """One figure of the two."""
        return 0.6 * self.jaccard + 0.4 * self.containment


def _overlap_of(shared: float, first: float, second: float) -> Overlap:
    union, least = first + second - shared, min(first, second)
    return Overlap(shared / union if union else 0.0, shared / least if least else 0.0)


class Comparer:
    """Compares claims of one run; pairs are cached, as clusters ask for them again."""

    def __init__(
        self,
        all_tellings: Sequence[Telling],
        retold: Collection[tuple[int, int]] = (),
        weights: Mapping[str, float] | None = None,
    ) -> None:
        """`retold` holds the pairs of articles (i < j) that retell one report."""
        self.tellings = all_tellings
        self._retold = retold
        self.weights = term_weights(all_tellings) if weights is None else weights
        self._mass = [math.fsum(self.weights[k] for k in t.keys) for t in all_tellings]
        self._cache: dict[tuple[int, int], Overlap] = {}

    @cached_property
    def candidates(self) -> list[tuple[int, int]]:
        """The pairs (i < j) that share two of their heaviest terms or a large number, in order."""
        terms = [
            sorted(telling.keys, key=lambda k: (-self.weights[k], k))[:_KEYS]
            for telling in self.tellings
        ]
        # One large number is enough: long claims have ten heavier words than what they count.
        numbers = [
            [f"{number.value:g}" for number in telling.numbers if number.value >= _BY_CHANCE]
            for telling in self.tellings
        ]
        shared = candidate_pairs(terms, most_common=_MOST_COMMON)
        pairs = {pair for pair, count in shared.items() if count >= _LEAST_SHARED}
        return sorted(pairs | set(candidate_pairs(numbers, most_common=_MOST_COMMON)))

    def overlap(self, i: int, j: int) -> Overlap:
        """Return how far the words (and dates) of two claims overlap, vetoes aside."""
        pair = (i, j) if i < j else (j, i)
        if pair not in self._cache:
            self._cache[pair] = self._overlap(*pair)
        return self._cache[pair]

    def likeness_of(self, first: Collection[str], second: Collection[str]) -> float:
        """Return the likeness of two sets of terms."""
        shared, one, two = (
            math.fsum(self.weights[k] for k in keys)
            for keys in (set(first) & set(second), first, second)
        )
        return _overlap_of(shared, one, two).likeness

    def _overlap(self, i: int, j: int) -> Overlap:
        a, b = self.tellings[i], self.tellings[j]
        common = a.keys & b.keys
        surplus = self._phrase_surplus(common, a.adjacent & b.adjacent)
        shared = math.fsum(self.weights[k] for k in common) - surplus
        first, second = self._mass[i] - surplus, self._mass[j] - surplus
        if dates_agree(a, b):
            shared, first, second = (x + _DATE_WEIGHT for x in (shared, first, second))
        return _overlap_of(shared, first, second)

    def _phrase_surplus(
        self, common: Collection[str], adjacent: Collection[tuple[str, str]]
    ) -> float:
        """Return the weight that shared phrases have beyond that of one thing named.

        "Cloud computing platform" in both claims is one thing they share, not three.
        """
        links = sorted(pair for pair in adjacent if pair[0] in common and pair[1] in common)
        if not links:
            return 0.0
        words = sorted({word for pair in links for word in pair})
        place = {word: n for n, word in enumerate(words)}
        runs = DisjointSets(len(words))
        for x, y in links:
            runs.join(place[x], place[y])
        weights: dict[int, list[float]] = {}
        for n, word in enumerate(words):
            weights.setdefault(runs.find(n), []).append(self.weights[word])
        return PHRASE_DISCOUNT * math.fsum(math.fsum(run) - max(run) for run in weights.values())

    def likeness(self, i: int, j: int) -> float:
        """Return how far two claims say the same; 0 where something forbids it."""
        return 0.0 if vetoed(self.tellings[i], self.tellings[j]) else self.overlap(i, j).likeness

    def margin(self, i: int, j: int) -> float:
        """Return by how much the likeness of two claims passes what their relation asks."""
        a, b = self.tellings[i], self.tellings[j]
        if vetoed(a, b):
            return -1.0
        return self.overlap(i, j).likeness - self._threshold(a, b)

    def _threshold(self, a: Telling, b: Telling) -> float:
        threshold = SAME_FACT
        if a.names & b.names and telling_number(a, b):
            many = len(a.names & b.names) >= _MANY_NAMES
            threshold = SAME_WITH_NAMES if many else SAME_WITH_NUMBER
        pair = (min(a.article, b.article), max(a.article, b.article))
        if pair in self._retold:
            threshold = min(threshold, self._retold_threshold(a, b))
        if a.planned != b.planned:
            threshold += 0.05
        if a.versions and b.versions and not a.versions.keys() & b.versions.keys():
            threshold += 0.05  # each names a product of its own
        return threshold

    def _retold_threshold(self, a: Telling, b: Telling) -> float:
        """Return the likeness that two claims of retellings of one report need."""
        if max(a.place, b.place) <= _LEAD_PLACES:
            return RETOLD_LEAD
        if a.versions.keys() != b.versions.keys():
            return SAME_FACT  # one is about a product that the other does not name
        contained = self.overlap(a.index, b.index).containment >= _CONTAINED
        return RETOLD if contained else SAME_FACT


def vetoed(a: Telling, b: Telling) -> bool:
    """Tell whether something the claims say keeps them from being the same fact."""
    return (
        polarity_clash(a, b)
        or dates_clash(a, b)
        or numbers_clash(a.numbers, b.numbers)
        or versions_clash(a, b)
    )


def numbers_clash(a: Iterable[Quantity], b: Iterable[Quantity]) -> bool:
    """Tell whether both count things of a unit, and count none of them alike."""
    b = list(b)
    for x in a:
        rivals = [y for y in b if y.ordinal == x.ordinal and _same_unit(x, y)]
        if rivals and not any(same_quantity(x, y) for y in rivals):
            return True
    return False


def _same_unit(a: Quantity, b: Quantity) -> bool:
    return a.unit == b.unit or a.unit is None or b.unit is None


def versions_clash(a: Telling, b: Telling) -> bool:
    """Tell whether both name versions of a product, but no version in common."""
    return any(
        not a.versions[name] & b.versions[name] for name in a.versions.keys() & b.versions.keys()
    )


def telling_number(a: Telling, b: Telling) -> bool:
    """Tell whether they share a number that two claims hardly share by chance."""
    return any(
        same_quantity(x, y)
        for x in a.numbers
        for y in b.numbers
        if min(abs(x.value), abs(y.value)) >= _BY_CHANCE and not x.ordinal
    )


def group_claims(comparer: Comparer) -> list[list[int]]:
    """Return the claims of each fact as ascending indexes, facts by their first claim.

    Pairs are joined likest first; a group takes another only if every two of their claims are
    COHERENT, so that a chain of likenesses joins nothing.
    """
    edges = sorted(
        (-round(margin, 9), i, j)
        for i, j in comparer.candidates
        if (margin := comparer.margin(i, j)) >= 0
    )
    group_of = list(range(len(comparer.tellings)))
    members = {i: [i] for i in group_of}
    for _, i, j in edges:
        a, b = sorted((group_of[i], group_of[j]))
        if a != b and _coherent(comparer, members[a], members[b]):
            for member in members[b]:
                group_of[member] = a
            members[a] += members.pop(b)
    return [sorted(group) for group in members.values()]


def _coherent(comparer: Comparer, first: Sequence[int], second: Sequence[int]) -> bool:
    return all(comparer.likeness(i, j) >= COHERENT for i in first for j in second)


def make_fact(claims: Sequence[SupportedClaim], origin_of: Mapping[str, int]) -> Fact:
    """Make one fact of claims that say the same; the best wording comes first.

    `origin_of` gives the origin of each article id.
    """
    ordered = sorted(claims, key=_wording_rank)
    identity = "\n".join(sorted({f"{c.claim.article_id} {c.claim.text}" for c in ordered}))
    origins = {origin_of[e.article_id] for claim in ordered for e in claim.evidence}
    return Fact(
        id=hashlib.sha256(identity.encode()).hexdigest()[:16],
        text=ordered[0].claim.text,
        claims=tuple(ordered),
        origins=len(origins),
    )


def _wording_rank(claim: SupportedClaim) -> tuple[int, float, str, str]:
    """Order claims from the best wording to the worst, by content alone."""
    text = claim.claim.text
    digits = min(3, sum(word[0].isdigit() for word in text.split()))
    capitals = min(6, sum(word[0].isupper() for word in text.split()[1:]))
    length = abs(math.log(max(len(text), 1) / _EXPECTED_LENGTH))
    value = claim.score + 0.06 * digits + 0.02 * capitals - 0.15 * length
    by_model = 0 if claim.claim.writer is Writer.MODEL else 1
    return by_model, -round(value, 6), text, claim.claim.article_id
