"""How much of a list of reference facts a brief tells, by the words they share."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from summarizer.data import ReferenceCoverage
from summarizer.merge.telling.limits import word_count
from summarizer.merge.vectors import COMMON_WEIGHT, inverse_frequencies
from summarizer.text.common import COMMON_STEMS
from summarizer.text.words import terms

# Reference facts below it count as missing: the share that best parts the ones that people find
# not covered from the rest (right for 83 of 100, chosen and measured on different topics).
MISSING_BELOW = 0.33


def reference_coverage(facts: Sequence[str], reference: Sequence[str]) -> ReferenceCoverage:
    """Measure how much of `reference` the facts of a brief tell, one wording each.

    A fact given twice in `reference` counts once. Figures are shares, 0 to 1, rounded to 4
    places; `words` counts the words of `facts`, so that two briefs of different length can be
    told apart.
    """
    wanted = tuple(dict.fromkeys(" ".join(fact.split()) for fact in reference if fact.strip()))
    shares = coverages(facts, wanted)
    return ReferenceCoverage(
        facts=len(wanted),
        covered=round(math.fsum(shares) / len(wanted), 4) if wanted else 0.0,
        words=sum(word_count(fact) for fact in facts),
        missing=tuple(
            fact for fact, share in zip(wanted, shares, strict=True) if share < MISSING_BELOW
        ),
    )


def coverages(facts: Sequence[str], reference: Sequence[str]) -> list[float]:
    """Return, for each reference fact, the share of its words that the best one of `facts` has.

    Equal words count as the same. What a word weighs depends on `reference` alone, so that no
    brief changes the measure by what else it says: words that many of the reference facts share
    are their topic and weigh little, as common English words do.
    """
    wanted = [frozenset(term.key for term in terms(fact)) for fact in reference]
    idf = inverse_frequencies([dict.fromkeys(keys, 1.0) for keys in wanted])
    weight = {k: w * (COMMON_WEIGHT if k in COMMON_STEMS else 1.0) for k, w in idf.items()}
    holding: defaultdict[str, list[int]] = defaultdict(list)  # facts by the reference's words
    for number, fact in enumerate(facts):
        for key in {term.key for term in terms(fact)} & weight.keys():
            holding[key].append(number)
    return [_best_share(keys, weight, holding) for keys in wanted]


def _best_share(
    keys: frozenset[str], weight: dict[str, float], holding: dict[str, list[int]]
) -> float:
    whole = math.fsum(weight[key] for key in keys)
    shared: defaultdict[int, list[float]] = defaultdict(list)
    for key in keys:
        for number in holding.get(key, ()):
            shared[number].append(weight[key])
    best = max((math.fsum(weights) for weights in shared.values()), default=0.0)
    return round(min(best / whole, 1.0), 4) if whole else 0.0
