"""How much of a claim's words its evidence has, and whether it says who did what to whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, islice

from summarizer.text.names import Name, name_matches
from summarizer.text.negation import positive
from summarizer.text.words import Term, canonical, opposites, stem
from summarizer.validate.reading import Index, Reading

_PREFIX = 5  # words that share this many first letters are taken for one family
_NEAR = 6  # content words that may stand between two that the claim has side by side
_PREDICATE = 1.5  # the word after the subject, mostly the verb, decides more than any other
_PLACES = 30  # places of one word in a sentence; bounds the work on hostile text
_FAMILY = 0.8  # what a word of the same family counts: invest, investiture
# Words of telling and wanting: the first come and go with the writer, the second are checked as
# modality, and many say the same.
_LIGHT = frozenset(
    canonical(stem(w))
    for w in "say tell announce report according add claim reveal warn plan intend aim want wish "
    "hope expect look seek try set propose take make become go come include".split()
)


class Match:
    """Where each content word of a claim stands in its evidence."""

    def __init__(self, claim: Reading, evidence: Sequence[Reading]) -> None:
        self.claim = claim
        self.evidence = evidence
        self.positions: list[list[dict[int, float]]] = [
            [_positions(term, sentence.terms) for sentence in evidence] for term in claim.terms
        ]
        for s, sentence in enumerate(evidence):
            self._add_names(s, sentence)

    def _add_names(self, s: int, sentence: Reading) -> None:
        """Let the words of a name stand wherever another form of it does."""
        for name in self.claim.names:
            places = [
                i
                for other in islice(_forms(name, sentence), _PLACES)
                for i, term in enumerate(sentence.terms)
                if other.start <= term.start < other.end
            ][:_PLACES]
            for i, term in enumerate(self.claim.terms):
                if name.start <= term.start < name.end:
                    self.positions[i][s].update(dict.fromkeys(places, 1.0))

    def degree(self, i: int) -> float:
        """How well word `i` of the claim is matched, 0 to 1."""
        return max((max(p.values(), default=0.0) for p in self.positions[i]), default=0.0)

    def together(self, i: int, j: int) -> float:
        """How closely words `i` and `j` of the claim stand in one sentence, 0 to 1."""
        best = 0.0
        for in_i, in_j in zip(self.positions[i], self.positions[j], strict=True):
            for a in in_i:
                for b in in_j:
                    if a == b:
                        continue
                    distance = b - a if b > a else a - b + 2
                    best = max(best, 1.0 if distance <= 3 else 3 / distance)
                    if best == 1.0:
                        return best
        return best if best > 3 / (_NEAR + 3) else best / 2


def _forms(name: Name, sentence: Reading) -> Iterator[Name]:
    return (other for other in sentence.names if name_matches(name, [other]))


def _positions(term: Term, words: Sequence[Term]) -> dict[int, float]:
    found: dict[int, float] = {}
    bare = positive(term.stem)  # facts.check_negation sees to the "un"
    for i, word in enumerate(words):
        if len(found) >= _PLACES:
            break
        if term.key == word.key or term.stem == word.stem:
            found[i] = 1.0
        elif bare == word.key or (bare is None and positive(word.stem) == term.key):
            found[i] = 1.0
        elif _family(term.stem, word.stem):
            found[i] = _FAMILY
    return found


def _family(a: str, b: str) -> bool:
    return (
        len(a) >= _PREFIX
        and len(b) >= _PREFIX
        and a[:_PREFIX] == b[:_PREFIX]
        and a.isalpha()
        and b.isalpha()
    )


def cover_and_order(
    claim: Reading, evidence: Sequence[Reading], index: Index
) -> tuple[float, float]:
    """Return how far `evidence` has the claim's words, and has them together, each 0 to 1.

    The share of the claim's content words, weighted by rarity, and of its neighbouring words
    that stand together there too.
    """
    if not claim.terms or not evidence:
        return 0.0, 0.0
    match = Match(claim, evidence)
    skipped = numeric(claim)
    kept = [i for i, term in enumerate(claim.terms) if i not in skipped]
    weights = {i: _weight(claim.terms[i], index) for i in kept}
    if (verb := predicate(claim)) is not None and verb in weights:
        weights[verb] *= _PREDICATE
    total = sum(weights.values())
    if not total:
        return 1.0, 1.0  # nothing but numbers and dates, which have been checked
    cover = sum(weights[i] * match.degree(i) for i in kept) / total
    pairs = list(zip(kept, kept[1:], strict=False))
    if not pairs:
        return cover, cover
    pair_weights = [weights[i] + weights[j] for i, j in pairs]
    order = sum(w * match.together(i, j) for w, (i, j) in zip(pair_weights, pairs, strict=True))
    return cover, order / sum(pair_weights)


def predicate(claim: Reading) -> int | None:
    """Return the index of the first content word after the claim's first name, in no name."""
    if not claim.names:
        return None
    after = claim.names[0].end
    for i, term in enumerate(claim.terms):
        in_name = any(n.start <= term.start < n.end for n in claim.names)
        if term.start >= after and not in_name and term.key not in _LIGHT:
            return i
    return None


def _weight(term: Term, index: Index) -> float:
    return 0.3 * index.weight(term) if term.key in _LIGHT else index.weight(term)


def numeric(claim: Reading) -> set[int]:
    """Return the indices of the words that are numbers or dates: other checks see to them."""
    spans = [(q.start, q.end) for q in claim.quantities] + [(d.start, d.end) for d in claim.dates]
    return {
        i
        for i, t in enumerate(claim.terms)
        if any(start <= t.start and t.end <= end for start, end in spans)
    }


def turned_round(claim: Reading, evidence: Sequence[Reading]) -> str | None:
    """Return the word that the claim replaces by its opposite, or None.

    Only where the evidence has the opposite beside the same neighbour, and nowhere the word.
    """
    words = {t.stem for sentence in evidence for t in sentence.terms}
    words |= {t.key for sentence in evidence for t in sentence.terms}
    for i, term in enumerate(claim.terms):
        if term.stem in words or term.key in words:
            continue
        for other in opposites(term.stem) & words:
            if _shares_neighbour(claim.terms, i, other, evidence):
                return f"{claim.text[term.start : term.end]!r} where the evidence says the opposite"
    return None


def _shares_neighbour(
    claim: Sequence[Term], i: int, other: str, evidence: Sequence[Reading]
) -> bool:
    around = {t.key for t in claim[max(0, i - 3) : i + 4]} - {claim[i].key}
    for sentence in evidence:
        for j, term in enumerate(sentence.terms):
            if term.stem == other:
                near = {t.key for t in sentence.terms[max(0, j - 4) : j + 5]}
                if len(near & around) >= min(2, len(around)):
                    return True
    return False


_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being)\s+(?:\w+\s+){1,4}by\b", re.I)


def swapped(claim: Reading, evidence: Sequence[Reading]) -> str | None:
    """Return how the claim swaps two names around a verb of the evidence, or None.

    "A sued B" against "B sued A"; a passive on one side only turns the order round.
    """
    for one, verb, two in _name_verb_name(claim):
        first, second = one.words[-1], two.words[-1]
        orders = [o for s in evidence if (o := _order(s, first, verb, second, claim)) is not None]
        if orders and not any(orders):
            return f"{one.text} and {two.text} are the other way round in the evidence"
    return None


def _name_verb_name(claim: Reading) -> list[tuple[Name, str, Name]]:
    """Pairs of names of one clause, and the key of the first content word between them."""
    found = []
    for one, two in combinations(claim.names, 2):
        if set(one.words) & set(two.words) or two.words[-1][0].isdigit():
            continue
        between = [t for t in claim.terms if one.end <= t.start and t.end <= two.start]
        gap = claim.text[one.end : two.start]
        if 1 <= len(between) <= 8 and not re.search(r"[,;:]|\b(?:and|or)\b", gap):
            found.append((one, between[0].key, two))
    return found


def _order(sentence: Reading, first: str, verb: str, second: str, claim: Reading) -> bool | None:
    """Tell whether the three stand in the claim's order; None when they are not all there.

    Only an exact mirror (second, verb, first) counts as turned round.
    """
    straight = _gaps(sentence, first, verb, second)
    mirrored = _gaps(sentence, second, verb, first)
    if bool(straight) == bool(mirrored):
        return None
    passive_claim = any(_PASSIVE.search(gap) for gap in _gaps(claim, first, verb, second))
    passive = any(_PASSIVE.search(gap) for gap in straight or mirrored)
    return bool(straight) == (passive == passive_claim)


def _gaps(sentence: Reading, first: str, verb: str, second: str) -> list[str]:
    """The texts from a name to another with the verb between them."""
    ones = [n.end for n in sentence.names if first in n.words][:_PLACES]
    twos = [n.start for n in sentence.names if second in n.words][:_PLACES]
    verbs = [t.start for t in sentence.terms if t.key == verb][:_PLACES]
    return [sentence.text[a:b] for a in ones for b in twos if any(a <= v < b for v in verbs)]
