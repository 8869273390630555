"""Find the one to three sentences of an article that bear a claim out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from summarizer.data import Article, Evidence
from summarizer.text.dates import covered
from summarizer.text.names import name_matches, spelled_out
from summarizer.text.quantities import same_quantity
from summarizer.validate.reading import Index, Reading

MAX_SENTENCES = 3
_OFFER = 1.15  # the model's offer breaks near-ties; it cannot lift a sentence that says less
_MIN_GAIN = 0.12  # a further sentence must bear at least this share of the claim
_FACT_WEIGHT = 1.5  # a number, date or name tells more than a common word
_LENGTH = 0.15  # mild length normalisation; long sentences are the ones claims are made of


class Features:
    """The parts of a claim that evidence can bear: words, numbers, dates and names."""

    def __init__(self, claim: Reading, index: Index) -> None:
        self.claim = claim
        self.index = index
        mean = max(sum(index.weight(t) for t in claim.terms) / max(len(claim.terms), 1), 1.0)
        self.weights: list[float] = [index.weight(t) for t in claim.terms]
        self.weights += [_FACT_WEIGHT * mean] * (len(claim.quantities) + len(claim.dates))
        self.weights += [0.5 * mean] * len(claim.names)
        self.denied = {s.key for s in claim.scopes if s.plain and s.depth == 1}
        self.weights += [mean] if self.denied else []
        self.total = sum(self.weights) or 1.0

    def borne_by(self, sentence: Reading) -> frozenset[int]:
        """Return the indices of the features that `sentence` bears."""
        claim, borne = self.claim, set()
        for i, term in enumerate(claim.terms):
            if term.key in sentence.keys or term.stem in sentence.keys:
                borne.add(i)
        i = len(claim.terms)
        for j, quantity in enumerate(claim.quantities, i):
            if any(same_quantity(quantity, other) for other in sentence.quantities):
                borne.add(j)
        i += len(claim.quantities)
        for j, date in enumerate(claim.dates, i):
            if covered(date, sentence.dates):
                borne.add(j)
        i += len(claim.dates)
        if borne:  # names are dear to read
            for j, name in enumerate(claim.names, i):
                if name_matches(name, sentence.names) or spelled_out(name, sentence.text):
                    borne.add(j)
            if any(s.negated and s.key in self.denied for s in sentence.scopes):
                borne.add(len(self.weights) - 1)
        return frozenset(borne)

    def weight(self, features: Iterable[int]) -> float:
        """The weight of some features, as a share of the whole claim."""
        return sum(self.weights[i] for i in features) / self.total


def find_sentences(claim: Reading, index: Index, offered: Sequence[int]) -> list[int]:
    """Return the ids (from 1) of up to three sentences that bear `claim` out, best first.

    Greedy cover: the sentence that bears most of the claim, then whatever adds enough. Empty
    when no sentence shares a word with the claim.
    """
    features = Features(claim, index)
    candidates = _candidates(claim, index)
    borne = {i: features.borne_by(index.sentences[i - 1]) for i in candidates}
    chosen: list[int] = []
    covered_by: frozenset[int] = frozenset()
    while len(chosen) < MAX_SENTENCES:
        best, best_gain = 0, 0.0
        for i, own in borne.items():
            if i in chosen:
                continue
            gain = features.weight(own - covered_by)
            if not chosen:
                longer = len(index.sentences[i - 1].terms) / max(index.mean_length, 1.0)
                gain /= 1 - _LENGTH + _LENGTH * max(longer, 0.5)
            elif gain < _MIN_GAIN:
                continue
            else:
                gain += 0.02 / min(abs(i - c) for c in chosen)  # near-ties go to the neighbour
            gain *= _OFFER if i in offered else 1.0
            if gain > best_gain:
                best, best_gain = i, gain
        if not best:
            break
        chosen.append(best)
        covered_by |= borne[best]
    return chosen


_CANDIDATES = 24  # sentences looked at closely; bounds the work on very long articles


def _candidates(claim: Reading, index: Index) -> list[int]:
    """The ids of the sentences that share most of the claim's words, in order of the article."""
    weights = {}
    for term in claim.terms:
        weights[term.key] = index.weight(term)
    scored = []
    for i, sentence in enumerate(index.sentences, 1):
        score = sum(weights[key] for key in weights.keys() & sentence.keys)
        if score > 0:
            scored.append((-score, i))
    return sorted(i for _, i in sorted(scored)[:_CANDIDATES])


def quote(article: Article, sentence_ids: Iterable[int]) -> tuple[Evidence, ...]:
    """Quote sentences of `article` in order; neighbours are one quote, others are apart."""
    groups: list[list[int]] = []
    for i in sorted(set(sentence_ids)):
        if groups and groups[-1][-1] == i - 1:
            groups[-1].append(i)
        else:
            groups.append([i])
    return tuple(_evidence(article, group) for group in groups)


def _evidence(article: Article, ids: list[int]) -> Evidence:
    start = article.sentences[ids[0] - 1].start
    end = article.sentences[ids[-1] - 1].end
    return Evidence(
        article_id=article.id,
        sentence_ids=tuple(ids),
        start=start,
        end=end,
        quote=article.text[start:end],
    )
