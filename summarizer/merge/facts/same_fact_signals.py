"""What a trained layer sees of two claims: how their words, names and numbers answer each other.

Every signal is the same whichever claim comes first. Those that count something for either claim
are given as `_lo` and `_hi`, the smaller and the larger count; all are ln(1 + x), so that the
tenth word apart says less than the first.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cached_property
from typing import TypeVar

from summarizer.merge.facts.claims import Telling, opposite_words
from summarizer.text.common import COMMON_STEMS
from summarizer.text.names import name_matches
from summarizer.text.quantities import same_quantity
from summarizer.text.words import Token, canonical, is_content, stem, terms, tokens

T = TypeVar("T", bound=Hashable)

MOST_WORDS = 120  # of a claim are read: the edit distance grows as the square
_TELLING_WEIGHT = 0.3  # who says it is hardly part of what is said
_COMMON_WEIGHT = 0.6
_RARE_WEIGHT = 1.5  # names, numbers, words that are no everyday English
_SAME_BEGINNING = 4  # letters that words of one family share: invade, invasion

# Words of attribution: they tell who says it, or that it is said.
TELLING_STEMS = frozenset(
    stem(word)
    for word in (
        "say tell announce declare add remark report account journal journalist newspaper reveal "
        "disclose accord source insider official cite quote note confirm claim state statement "
        "spokesman spokeswoman spokesperson tell write interview"
    ).split()
)
# Words whose presence on one side alone tells of another sentence, rather than of another fact.
_WORD_KINDS = {
    word: kind
    for kind, words in {
        "pronouns": (
            "i me my we us our you your he him his she her it its they them their who whom whose "
            "which what"
        ),
        "links": (
            "and or but nor so yet if then than because while although though whereas whether "
            "unless when where"
        ),
        "times": (
            "monday tuesday wednesday thursday friday saturday sunday yesterday today tomorrow "
            "night morning afternoon evening week month year day late earlier last next ago"
        ),
        "other": (
            "a an the this that these those some any each every both all another other in on at "
            "by for with about against between into through during to from of over under after "
            "before since until as near is are was were be been being am has have had do does did "
            "will would shall should can could may might must"
        ),
    }.items()
    for word in words.split()
}
_POSSESSIVE = re.compile(r"['’]s$")
_DIGITS = re.compile(r"\d[\d.,]*")


class Reading:
    """One claim as the signals need it; everything is found once."""

    def __init__(self, telling: Telling) -> None:
        self.telling = telling
        text = telling.text
        self.tokens: list[Token] = tokens(text)[:MOST_WORDS]
        self.words = [_POSSESSIVE.sub("", token.text.lower()) for token in self.tokens]
        self.stems = [canonical(stem(token.text)) for token in self.tokens]
        self.terms = [term.key for term in terms(text)][:MOST_WORDS]
        self.capitals = [
            key
            for key, token in zip(self.stems, self.tokens, strict=True)
            if token.start > 0 and token.text[0].isupper()
        ]
        self.digits = frozenset(_DIGITS.findall(text))

    @cached_property
    def four_words(self) -> Counter[tuple[str, ...]]:
        """Its runs of four words."""
        return Counter(zip(*(self.words[n:] for n in range(4)), strict=False))

    @cached_property
    def letter_pairs(self) -> Counter[str]:
        """Its pairs of letters, ends of words included."""
        flat = f" {' '.join(self.words)} "
        return Counter(flat[i : i + 2] for i in range(len(flat) - 1))

    @cached_property
    def term_counts(self) -> Counter[str]:
        """Its content words."""
        return Counter(self.terms)

    @cached_property
    def term_pairs(self) -> Counter[tuple[str, ...]]:
        """Its pairs of neighbouring content words."""
        return Counter(zip(self.terms, self.terms[1:], strict=False))

    @cached_property
    def rank(self) -> tuple[int, list[str], str]:
        """The order of two readings: the shorter first, then by content."""
        return len(self.stems), self.stems, self.telling.text

    def kind(self, i: int) -> str:
        """Return what kind of word stands at place `i`."""
        word = self.words[i]
        if word in _WORD_KINDS:
            return _WORD_KINDS[word]
        if any(c.isdigit() for c in word):
            return "figures"
        if self.stems[i] in TELLING_STEMS:
            return "telling"
        if self.tokens[i].start > 0 and self.tokens[i].text[0].isupper():
            return "capitals"
        if word.endswith(("ed", "ing")):
            return "verbs"
        return "other"


def signals(one: Reading, other: Reading) -> dict[str, float]:
    """Return the signals of two claims, each by its name; none where one has no word."""
    a, b = sorted((one, other), key=lambda reading: reading.rank)
    if not a.stems or not a.terms or not b.terms:
        return {}
    aligned = _aligned(a.stems, b.stems)
    found = {
        **_overlaps(a, b),
        **_weights(a.term_counts, b.term_counts),
        **_values(a, b),
        **_shape(a, b, aligned),
        **_apart(a, b, aligned),
    }
    return {name: math.log1p(value) for name, value in found.items()}


def _low_high(name: str, first: float, second: float) -> dict[str, float]:
    return {f"{name}_lo": min(first, second), f"{name}_hi": max(first, second)}


def _shares(a: Counter[T], b: Counter[T]) -> tuple[float, float]:
    """Return the share of either side that both have, the smaller first."""
    shared = (a & b).total()
    return (
        shared / max(a.total(), b.total(), 1),
        shared / max(1, min(a.total(), b.total())),
    )


def _overlaps(a: Reading, b: Reading) -> dict[str, float]:
    return {
        "four_words": _shares(a.four_words, b.four_words)[0],
        "letter_pairs": _shares(a.letter_pairs, b.letter_pairs)[0],
        "terms": _shares(a.term_counts, b.term_counts)[1],
        "term_pairs": _shares(a.term_pairs, b.term_pairs)[1],
        "edits": 2 * _edits(a.stems, b.stems) / (len(a.stems) + len(b.stems)),
        "head": len(set(a.terms[:4]) & set(b.terms[:4])) / 4,
    }


def _edits(a: Sequence[str], b: Sequence[str]) -> int:
    """Return how many words must be put in, left out or changed to make `b` of `a`."""
    row = list(range(len(b) + 1))
    for i, word in enumerate(a, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(b, 1):
            cost = diagonal + (word != other)
            diagonal = row[j]
            row[j] = min(cost, diagonal + 1, row[j - 1] + 1)
    return row[-1]


def weight(key: str) -> float:
    """Return how much a content word tells, whatever else the run holds."""
    if key in TELLING_STEMS:
        return _TELLING_WEIGHT
    if any(c.isdigit() for c in key):
        return _RARE_WEIGHT
    return _COMMON_WEIGHT if key in COMMON_STEMS else _RARE_WEIGHT


def _weights(a: Counter[str], b: Counter[str]) -> dict[str, float]:
    shared, first, second = (
        math.fsum(weight(key) * count for key, count in counts.items())
        for counts in (a & b, a - b, b - a)
    )
    return {
        "weight_shared": shared,
        "weight_share": shared / (shared + max(first, second)),
        "residue": min(first, second),
    }


def _values(a: Reading, b: Reading) -> dict[str, float]:
    x, y = a.telling, b.telling
    return {
        "names_alone": max(
            sum(not name_matches(name, y.mentions) for name in x.mentions),
            sum(not name_matches(name, x.mentions) for name in y.mentions),
        ),
        "numbers_alone": max(
            sum(not any(same_quantity(p, q) for q in y.numbers) for p in x.numbers),
            sum(not any(same_quantity(p, q) for q in x.numbers) for p in y.numbers),
        ),
        **_low_high("digits_alone", len(a.digits - b.digits), len(b.digits - a.digits)),
        "negated": float(x.negated != y.negated),
        "opposite": float(opposite_words(x, y)),
        "planned": float(x.planned != y.planned),
        "capitals_shared": len(set(a.capitals) & set(b.capitals)),
        "capitals_missing": min(_missing(a.capitals, b.stems), _missing(b.capitals, a.stems)),
    }


def _missing(keys: Iterable[str], of: Iterable[str]) -> int:
    held = set(of)
    return sum(key not in held for key in keys)


def _aligned(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Pair equal words, each once, so that runs stay together where they can."""
    places: dict[str, list[int]] = {}
    for j, word in enumerate(b):
        places.setdefault(word, []).append(j)
    found: list[tuple[int, int]] = []
    last = -2
    for i, word in enumerate(a):
        if free := places.get(word):
            last = min(free, key=lambda j: (j != last + 1, abs(j - i), j))
            free.remove(last)
            found.append((i, last))
    return found


def _shape(a: Reading, b: Reading, aligned: Sequence[tuple[int, int]]) -> dict[str, float]:
    short, long = len(a.stems), len(b.stems)
    pieces = sum(
        n == 0 or (i, j) != (aligned[n - 1][0] + 1, aligned[n - 1][1] + 1)
        for n, (i, j) in enumerate(aligned)
    )
    return {
        "pieces": pieces,
        "length": math.log(short),
        "length_ratio": short / long,
        "same_start": float(a.stems[:3] == b.stems[:3]),
        "same_end": float(a.stems[-1] == b.stems[-1]),
    }


def _apart(a: Reading, b: Reading, aligned: Sequence[tuple[int, int]]) -> dict[str, float]:
    """Count the words that found no partner: how many, of what kind, in what runs."""
    alone_a = sorted(set(range(len(a.stems))) - {i for i, _ in aligned})
    alone_b = sorted(set(range(len(b.stems))) - {j for _, j in aligned})
    kinds_a, kinds_b = Counter(map(a.kind, alone_a)), Counter(map(b.kind, alone_b))
    gaps_a, gaps_b = _gaps(alone_a), _gaps(alone_b)
    of_kind = {
        f"{kind}_alone": max(kinds_a[kind], kinds_b[kind])
        for kind in ("pronouns", "links", "times", "telling", "capitals", "verbs")
    }
    return {
        **of_kind,
        "figures_alone": min(kinds_a["figures"], kinds_b["figures"]),
        **_low_high("words_alone", len(alone_a), len(alone_b)),
        "families_alone": max(
            _strangers(a, alone_a, b, alone_b), _strangers(b, alone_b, a, alone_a)
        ),
        "gap": max(map(len, [*gaps_a, *gaps_b]), default=0),
        "gap_weight": max(
            _heaviest(gaps_a, lambda i: _place_weight(a, i)),
            _heaviest(gaps_b, lambda i: _place_weight(b, i)),
        ),
        "tail": max(_tail(gaps_a, len(a.stems)), _tail(gaps_b, len(b.stems))),
    }


def _gaps(alone: Sequence[int]) -> list[list[int]]:
    """Cut ascending places into runs of neighbours."""
    gaps: list[list[int]] = []
    for i in alone:
        if gaps and gaps[-1][-1] == i - 1:
            gaps[-1].append(i)
        else:
            gaps.append([i])
    return gaps


def _heaviest(gaps: Iterable[Iterable[int]], weigh: Callable[[int], float]) -> float:
    return max((math.fsum(map(weigh, gap)) for gap in gaps), default=0.0)


def _place_weight(reading: Reading, i: int) -> float:
    return weight(reading.stems[i]) if is_content(reading.tokens[i].text) else 0.0


def _tail(gaps: Sequence[Sequence[int]], length: int) -> int:
    """Return how many words stand apart at the very end."""
    return len(gaps[-1]) if gaps and gaps[-1][-1] == length - 1 else 0


def _strangers(a: Reading, alone_a: Sequence[int], b: Reading, alone_b: Sequence[int]) -> int:
    """Count the content words of `a` alone that are of no family with one of `b` alone."""
    others = [b.words[j] for j in alone_b if is_content(b.tokens[j].text)]
    return sum(
        not any(_one_family(a.words[i], other) for other in others)
        for i in alone_a
        if is_content(a.tokens[i].text)
    )


def _one_family(a: str, b: str) -> bool:
    """Tell invade and invasion: they begin alike, and mostly so."""
    if a[:_SAME_BEGINNING] != b[:_SAME_BEGINNING] or min(len(a), len(b)) < _SAME_BEGINNING:
        return False
    same = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), 0)
    same = same or min(len(a), len(b))
    return same >= 0.6 * max(len(a), len(b))
