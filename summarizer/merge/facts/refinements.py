"""Which claims say less than another: all their words are in it, and it adds something.

"Floods destroyed houses in Orvin" says less than "Floods in Orvin destroyed 120 houses on Monday".
The test is strict, since the fact shows the longer wording for both: whatever the shorter claim
says must be in the longer one, in about the same order, as sure and as real.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

from summarizer.merge.facts.claims import Telling
from summarizer.merge.facts.manners import as_sure
from summarizer.text.dates import covered
from summarizer.text.names import name_matches
from summarizer.text.quantities import same_quantity
from summarizer.text.words import canonical, stem, terms

CONTAINED = 0.85  # share of the shorter claim's weight that the longer one holds
_LEAST_WORDS = 3  # content words; less is said by too many sentences
_LEAST_PLAIN = 2  # … that are no names: "Lena Brask of Kvant said" is no fact
_SPARE_WORDS = 6  # of so many content words one may be missing
_IN_ORDER = 0.7  # share of the common words in the same order: who does what to whom
_DETAIL = 2  # content words more are a detail, fewer are other wording


def says_less(
    general: Telling, specific: Telling, weights: Mapping[str, float], telling_words: frozenset[str]
) -> bool:
    """Tell whether `specific` says all that `general` says, and more; clashes aside.

    `weights` gives the weight of every term, `telling_words` are terms of attribution, which
    count for nothing.
    """
    own = general.keys - telling_words
    missing = own - specific.keys
    if len(own - _name_words(general)) < _LEAST_PLAIN:
        return False
    if len(own) < _LEAST_WORDS or len(missing) > (len(own) >= _SPARE_WORDS):
        return False
    mass = math.fsum(weights[key] for key in own)
    if math.fsum(weights[key] for key in missing) > (1 - CONTAINED) * mass:
        return False
    return (
        adds(specific, general) + _details(specific, general, telling_words) > 0
        and _holds_values(specific, general)
        and as_sure(specific, general)
        and _in_order(general, specific)
    )


def _name_words(telling: Telling) -> frozenset[str]:
    return telling.names | {
        canonical(stem(word)) for name in telling.mentions for word in name.text.split()
    }


def adds(specific: Telling, general: Telling) -> int:
    """Return how many numbers, names and dates `specific` has that `general` lacks."""
    numbers = sum(not any(same_quantity(x, y) for y in general.numbers) for x in specific.numbers)
    names = sum(not name_matches(name, general.mentions) for name in specific.mentions)
    dates = sum(not covered(date, general.dates) for date in specific.dates)
    return numbers + names + dates


def _details(specific: Telling, general: Telling, telling_words: frozenset[str]) -> bool:
    return len(specific.keys - general.keys - telling_words) >= _DETAIL


def _holds_values(specific: Telling, general: Telling) -> bool:
    """Tell whether every number, name and date of `general` is in `specific`, too."""
    return (
        all(any(same_quantity(x, y) for y in specific.numbers) for x in general.numbers)
        and all(name_matches(name, specific.mentions) for name in general.mentions)
        and all(covered(date, specific.dates) for date in general.dates)
    )


def _in_order(general: Telling, specific: Telling) -> bool:
    places = {key: n for n, key in reversed(list(enumerate(_keys(specific))))}
    order = [places[key] for key in dict.fromkeys(_keys(general)) if key in places]
    return _longest_rise(order) >= _IN_ORDER * len(order)


def _keys(telling: Telling) -> list[str]:
    return [term.key for term in terms(telling.text)]


def _longest_rise(places: Iterable[int]) -> int:
    """Return the length of the longest rising subsequence."""
    ends: list[int] = []
    for place in places:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return len(ends)


def most_specific(members: Sequence[int], less: Mapping[int, Iterable[int]]) -> list[int]:
    """Return the `members` that no other of them says more than.

    `less` gives, for a claim, the claims that say more than it.
    """
    held = set(members)
    return [i for i in members if not held & set(less.get(i, ()))]
