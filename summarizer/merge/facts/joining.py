"""Join claims that say the same, or of which one only says less, into facts.

Whether two claims say the same is decided by the overlap of their words and by what speaks against
it. Where the overlap is not enough but not small either, a fitted layer over many signals decides
(same_fact), if there is one, for a few pairs of each claim.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from summarizer.data import Fact, SupportedClaim
from summarizer.merge.facts.candidates import likely_same
from summarizer.merge.facts.claims import (
    Telling,
    dates_agree,
    dates_clash,
    polarity_clash,
    term_weights,
)
from summarizer.merge.facts.manners import unlike
from summarizer.merge.facts.refinements import most_specific, says_less
from summarizer.merge.facts.same_fact import SameFactLayer, same_fact
from summarizer.merge.facts.same_fact_signals import TELLING_STEMS, Reading
from summarizer.merge.facts.wordings import best_first, wording_rank
from summarizer.merge.stories.origins import DisjointSets
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
_LEAST_SHARE = 0.3  # of the weight of the keys, in large runs
_MOST_PAIRS = 4  # a claim in the mean; where there are more, only the likest are compared
_MOST_COMMON = 60  # a number in more claims pairs nothing

# The trained layer, measured by cross-validation on MRPC and STS news: of the pairs that it adds
# at this chance, 87 of 100 are labelled the same on MRPC (86 of those that the overlap joins), and
# 92 of 100 are given 3 or more of 5 on STS. At .6 it adds twice as many, 78 of 100 the same.
SURELY = 0.7
HARDLY = 0.25  # below it, the overlap alone joins nothing: 2 of 5 such pairs are the same
WORTH_ASKING = 0.4  # likeness; below it the layer finds next to nothing
_BEYOND_DOUBT = 0.85  # likeness from which the layer is not asked
_LONG_ENOUGH = 8  # words; the layer saw hardly any shorter sentence
_FEW_WORDS = 4  # content words; a claim of fewer is contained in too many others …
_FEW_ALIKE = 0.75  # … unless the other says hardly anything else (jaccard)
_A_FEW = 10  # smaller counts tell next to nothing: "after two years"
_ASKED = 3  # times for each claim: the layer takes some 0.2 ms a pair
_PARTLY = 0.7  # containment from which one claim may say less than the other
_LESS_SURE = 0.3  # of support, that a more specific wording may be less sure


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
        near: Collection[tuple[int, int]] | None = None,
        layer: SameFactLayer | None = None,
    ) -> None:
        """`retold` holds the pairs of articles (i < j) that retell one report.

        `near` holds those whose claims are compared, beside the claims of one article; None
        compares all. `layer` is asked about pairs that their words leave in doubt, if given.
        """
        self.layer = layer
        self.tellings = all_tellings
        self._near = near
        self._retold = retold
        self.weights = term_weights(all_tellings) if weights is None else weights
        self._mass = [math.fsum(self.weights[k] for k in t.keys) for t in all_tellings]
        self._cache: dict[tuple[int, int], Overlap] = {}
        self._readings: dict[int, Reading] = {}

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
        pairs = set(likely_same(terms, self.weights, least=_LEAST_SHARE, most=_MOST_PAIRS))
        pairs |= set(candidate_pairs(numbers, most_common=_MOST_COMMON))
        return sorted(pair for pair in pairs if self._are_near(*pair))

    def _are_near(self, i: int, j: int) -> bool:
        if self._near is None:
            return True
        a, b = self.tellings[i].article, self.tellings[j].article
        return a == b or (min(a, b), max(a, b)) in self._near

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

    def chance(self, i: int, j: int) -> float:
        """Return the chance by the layer that two claims say the same; .5 without a layer."""
        if self.layer is None:
            return 0.5
        return same_fact(self.layer, self._reading(i), self._reading(j))

    def _reading(self, i: int) -> Reading:
        if i not in self._readings:
            self._readings[i] = Reading(self.tellings[i])
        return self._readings[i]

    def says_less(self, i: int, j: int) -> bool:
        """Tell whether claim `j` says all that `i` says and more, as surely supported."""
        a, b = self.tellings[i], self.tellings[j]
        if self._mass[i] >= self._mass[j] + _DATE_WEIGHT * len(b.dates) or vetoed(a, b):
            return False
        if b.claim.score < a.claim.score - _LESS_SURE:
            return False
        return says_less(a, b, self.weights, TELLING_STEMS)

    def related(self, a: Telling, b: Telling) -> bool:
        """Tell whether more than words speaks for two claims: one report, or a telling number."""
        pair = (min(a.article, b.article), max(a.article, b.article))
        return pair in self._retold or bool(a.names & b.names and telling_number(a, b))

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


class Group(NamedTuple):
    """The claims of one fact, as ascending indexes.

    `refines` are the claims that say less than one of `claims`: all their words are in it, but
    they lack a name, a date or another detail that it has; or they lack a number of the wording.
    """

    claims: tuple[int, ...]
    refines: tuple[int, ...] = ()

    @property
    def members(self) -> tuple[int, ...]:
        """Every claim of the fact, ascending."""
        return tuple(sorted((*self.claims, *self.refines)))


def group_claims(comparer: Comparer) -> list[Group]:
    """Return the claims of each fact, facts by their first claim.

    Pairs are joined likest first; a group takes another only if every two of their claims are
    COHERENT, so that a chain of likenesses joins nothing. Then a claim that says less than others
    joins the likest of those: where two different claims refine it, those two stay two facts.
    """
    group_of = list(range(len(comparer.tellings)))
    members = {i: [i] for i in group_of}

    def join(i: int, j: int) -> None:
        into, other = sorted((group_of[i], group_of[j]))
        for member in members[other]:
            group_of[member] = into
        members[into] += members.pop(other)

    told: dict[tuple[str, str], int] = {}
    for i, telling in enumerate(comparer.tellings):
        # One article's words, found in two places: one line of the brief.
        first = told.setdefault((telling.claim.claim.article_id, telling.text), i)
        if first != i:
            join(first, i)
    for i, j in same_pairs(comparer, comparer.candidates):
        first, second = group_of[i], group_of[j]
        if first != second and coherent(comparer, members[first], members[second]):
            join(i, j)
    more: dict[int, set[int]] = {}
    for i, j in less_pairs(comparer, comparer.candidates):
        more.setdefault(i, set()).add(j)
        general, specific = members[group_of[i]], members[group_of[j]]
        if general is not specific and _all_less(comparer, general, specific):
            join(i, j)
    return [_group(comparer, sorted(group), more) for _, group in sorted(members.items())]


def same_pairs(comparer: Comparer, pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return those of `pairs` that say the same, surest first."""
    edges: list[tuple[float, int, int]] = []
    doubtful: list[tuple[float, int, int]] = []
    for i, j in pairs:
        if (margin := comparer.margin(i, j)) >= 0:
            if _doubted(comparer, i, j):
                continue
            edges.append((-round(margin, 9), i, j))
        elif comparer.layer and -1 < margin < 0 and _worth_asking(comparer, i, j):
            doubtful.append((-round(comparer.overlap(i, j).likeness, 9), i, j))
    asked: Counter[int] = Counter()
    for _, i, j in sorted(doubtful):
        if asked[i] < _ASKED and asked[j] < _ASKED:
            asked.update((i, j))
            if (chance := comparer.chance(i, j)) >= SURELY:
                if unlike(comparer.tellings[i], comparer.tellings[j]):
                    continue
                edges.append((round(1 - chance, 9), i, j))  # after all that the overlap joins
    return [(i, j) for _, i, j in sorted(edges)]


def _worth_asking(comparer: Comparer, i: int, j: int) -> bool:
    a, b = comparer.tellings[i], comparer.tellings[j]
    return (
        comparer.overlap(i, j).likeness >= WORTH_ASKING
        and a.planned == b.planned
        and a.versions.keys() == b.versions.keys()
        and _long_enough(a, b)
        and _anchored(a, b)
    )


def _anchored(a: Telling, b: Telling) -> bool:
    """Tell whether they share a name or number, and not each has a name of its own.

    The layer was fitted on pairs about one event. Sentences of two events may differ by a word
    alone: "a judge ordered an expert to examine Brask", "… to examine Aro".
    """
    if a.names - b.names and b.names - a.names:
        return False
    return bool(a.names & b.names) or any(
        same_quantity(x, y) and not x.ordinal and abs(x.value) >= _A_FEW
        for x in a.numbers
        for y in b.numbers
    )


def _long_enough(a: Telling, b: Telling) -> bool:
    return min(a.text.count(" "), b.text.count(" ")) >= _LONG_ENOUGH - 1


def _doubted(comparer: Comparer, i: int, j: int) -> bool:
    """Tell whether two claims say different things in like words.

    So they do by their manner, or because nothing but the overlap joins them and the layer
    thinks little of it.
    """
    a, b = comparer.tellings[i], comparer.tellings[j]
    overlap = comparer.overlap(i, j)
    if unlike(a, b):
        return True
    if min(len(a.keys), len(b.keys)) < _FEW_WORDS and overlap.jaccard < _FEW_ALIKE:
        return True
    if not SAME_FACT <= overlap.likeness < _BEYOND_DOUBT:
        return False
    return not comparer.related(a, b) and _long_enough(a, b) and comparer.chance(i, j) < HARDLY


def coherent(comparer: Comparer, first: Sequence[int], second: Sequence[int]) -> bool:
    """Tell whether every two claims of two groups are alike enough to be of one fact."""
    return all(comparer.likeness(i, j) >= COHERENT for i in first for j in second)


def less_pairs(comparer: Comparer, pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return, of `pairs` in either order, those whose first says less; likest first."""
    found = []
    for pair in pairs:
        overlap = comparer.overlap(*pair)
        if overlap.containment < _PARTLY:
            continue
        for i, j in (pair, pair[::-1]):
            if comparer.says_less(i, j):
                found.append((-round(overlap.likeness, 9), i, j))
    return [(i, j) for _, i, j in sorted(found)]


def _all_less(comparer: Comparer, general: Sequence[int], specific: Sequence[int]) -> bool:
    """Tell whether all of `general` say less than one of `specific`, and clash with none."""
    return all(
        any(comparer.says_less(i, j) for j in specific)
        and not any(vetoed(comparer.tellings[i], comparer.tellings[j]) for j in specific)
        for i in general
    )


def _group(
    comparer: Comparer, members: Sequence[int], more: Mapping[int, Collection[int]]
) -> Group:
    if len(members) == 1:
        return Group(tuple(members))
    claims = most_specific(members, more) or list(members)
    return as_group(comparer, claims, [i for i in members if i not in set(claims)])


def as_group(comparer: Comparer, claims: Sequence[int], refines: Sequence[int]) -> Group:
    """Return the group of `claims` and of those that say less, `refines`.

    A claim that lacks a number of the wording says less, too: its article does not say it.
    """
    if len(claims) == 1:
        return Group(tuple(claims), tuple(sorted(refines)))
    wording = comparer.tellings[min(claims, key=lambda i: wording_rank(comparer.tellings[i].claim))]
    less = {i for i in claims if _lacks_number(wording, comparer, i)}
    return Group(
        tuple(sorted(i for i in claims if i not in less)), tuple(sorted((*refines, *less)))
    )


def _lacks_number(wording: Telling, comparer: Comparer, i: int) -> bool:
    own = comparer.tellings[i].numbers
    return any(not any(same_quantity(x, y) for y in own) for x in wording.numbers)


def make_fact(
    claims: Sequence[SupportedClaim],
    origin_of: Mapping[str, int],
    refines: Sequence[SupportedClaim] = (),
) -> Fact:
    """Make one fact of claims that say the same; the best wording comes first.

    `origin_of` gives the origin of each article id. `refines` are claims that say less: they are
    cited, too, but never the wording.
    """
    ordered, less = best_first(claims), best_first(refines)
    every = [*ordered, *less]
    identity = "\n".join(sorted({f"{c.claim.article_id} {c.claim.text}" for c in every}))
    return Fact(
        id=hashlib.sha256(identity.encode()).hexdigest()[:16],
        text=ordered[0].claim.text,
        claims=tuple(ordered),
        refines=tuple(less),
        origins=len({origin_of[e.article_id] for claim in every for e in claim.evidence}),
    )
