"""What the deterministic checks see in one sentence of a claim: findings, and signals."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from summarizer.data import RejectReason
from summarizer.text.amounts import Quantity, borne_out, units_clash
from summarizer.text.negation import positive
from summarizer.validate.attachment import broken_off
from summarizer.validate.comparisons import check_comparisons
from summarizer.validate.dates import check_dates
from summarizer.validate.denials import check_negation
from summarizer.validate.entailment import (
    cover_and_order,
    numeric,
    predicate,
    swapped,
    turned_round,
)
from summarizer.validate.evidence import find_sentences
from summarizer.validate.modality import check_modality
from summarizer.validate.names import check_names, check_subject
from summarizer.validate.numbers import check_locality, check_numbers
from summarizer.validate.quotations import check_quotations
from summarizer.validate.reading import Finding, Index, Reading
from summarizer.validate.windows import window
from summarizer.validate.wording import incomplete, instruction, rambling

# In this order a reader is told of them.
CHECKS = (
    "instruction",
    "numbers",
    "locality",
    "dates",
    "names",
    "subject",
    "negation",
    "modality",
    "comparisons",
    "quotations",
    "roles",
    "phrases",
    "wording",
)
# Below this share of a claim's runs of three words it is in other words than the article's, and a
# verifier's doubt means less (docs/decisions.md).
_REWORDED = 0.45
_WORD = re.compile(r"\w+")
_MARKS = str.maketrans("", "", "“”()")
_SHORTEST = 6  # words; shorter claims are not further from the usual 20
_MOST_NOVEL = 6  # words; more than that tell no more


class Examination(NamedTuple):
    """One sentence of a claim beside its article.

    `ids` is its evidence, best first, `window` what a verifier reads, both sentence ids from 1;
    `findings` is what contradicts it, by check; `signals` are the figures of the score.
    """

    reading: Reading
    ids: list[int]
    window: list[int]
    findings: dict[str, Finding]
    signals: dict[str, float]


def examine(text: str, index: Index, offered: Sequence[int]) -> Examination:
    """Look at one sentence of a claim with every check."""
    claim = Reading(text, index.article.published)
    ids = find_sentences(claim, index, offered)
    if not ids:
        nothing = RejectReason.NO_EVIDENCE, "no sentence shares a word with it"
        return Examination(claim, [], [], {"evidence": nothing}, {})
    named, further = check_names(claim, index, ids)
    read = window(claim, index, ids)
    chosen = list(dict.fromkeys([*ids, *further, *_numbered(claim, index, ids, read)]))
    evidence = [index.sentences[i - 1] for i in chosen]
    findings = {
        check: finding
        for check, finding in _findings(claim, evidence, index, named, chosen)
        if finding is not None
    }
    seen = [index.sentences[i - 1] for i in read]
    return Examination(claim, chosen, read, findings, _signals(claim, evidence, seen, index))


def _numbered(claim: Reading, index: Index, ids: Sequence[int], read: Sequence[int]) -> list[int]:
    """Sentences of the window that bear out a number which the evidence lacks."""
    evidence = [index.sentences[i - 1] for i in ids]
    if not claim.quantities or check_numbers(claim, evidence) is None:
        return []
    if any(_rival(other, claim) for sentence in evidence for other in sentence.quantities):
        return []  # the evidence has another number in its place
    for i in read:
        more = index.sentences[i - 1]
        shared = len(more.keys & claim.keys)
        if i not in ids and shared >= 3 and check_numbers(claim, [*evidence, more]) is None:
            return [i]
    return []


def _rival(other: Quantity, claim: Reading) -> bool:
    """Tell whether a number of the evidence could stand where one of the claim does."""
    return any(
        not units_clash(other.unit, own.unit) and other.ordinal == own.ordinal
        for own in claim.quantities
    ) and not any(borne_out(own, other) for own in claim.quantities)


def _findings(
    claim: Reading,
    evidence: Sequence[Reading],
    index: Index,
    named: Finding | None,
    chosen: Sequence[int],
) -> Iterator[tuple[str, Finding | None]]:
    for sentence in evidence:
        if told := instruction(sentence.text):
            detail = f"its evidence speaks to the machine: {told!r}"
            yield "instruction", (RejectReason.INSTRUCTION, detail)
    yield "numbers", check_numbers(claim, evidence)
    yield "locality", check_locality(claim, evidence)
    yield "dates", check_dates(claim, evidence)
    yield "names", named
    yield "subject", check_subject(claim, index, chosen, predicate(claim))
    yield "negation", check_negation(claim, evidence)
    yield "modality", check_modality(claim, evidence)
    yield "comparisons", check_comparisons(claim, evidence)
    yield "quotations", check_quotations(claim, evidence, index)
    turned = turned_round(claim, evidence) or swapped(claim, evidence)
    yield "roles", _not_entailed(turned)
    yield "phrases", _not_entailed(broken_off(claim, evidence))
    # A quotation may run over sentences; the claim as a whole has been looked at.
    alone = incomplete(claim.text.translate(_MARKS))
    yield "wording", _not_entailed(rambling(claim.text) or alone)


def _not_entailed(detail: str | None) -> Finding | None:
    return (RejectReason.NOT_ENTAILED, detail) if detail else None


def _signals(
    claim: Reading, evidence: Sequence[Reading], seen: Sequence[Reading], index: Index
) -> dict[str, float]:
    """Figures of how much of the claim its evidence and its window say, each about 0 to 1."""
    cover, order = cover_and_order(claim, evidence, index)
    known = {key for s in seen for key in s.keys}
    known |= {bare for bare in map(positive, known) if bare}  # "unlikely": the checks see to "un"
    counted = numeric(claim)  # numbers and dates have checks of their own
    novel = [
        t
        for i, t in enumerate(claim.terms)
        if i not in counted and not {t.key, t.stem, positive(t.stem)} & known
    ]
    words = _words(claim.text)
    there = [_words(s.text) for s in seen]
    trigrams = _shared(words, there, 3)
    return {
        "reworded": float(trigrams < _REWORDED),
        "cover": cover,
        "order": order,
        "novel": min(len(novel), _MOST_NOVEL) / _MOST_NOVEL,
        "novel_share": len(novel) / max(len(claim.terms), 1),
        "bigrams": _shared(words, there, 2),
        "trigrams": trigrams,
        "length": math.log(max(len(words), _SHORTEST) / 20),
    }


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _shared(claim: Sequence[str], texts: Sequence[Sequence[str]], n: int) -> float:
    """Return the share of the claim's runs of `n` words that a text has too."""
    own = _runs(claim, n)
    if not own:
        return 1.0
    there = set[tuple[str, ...]]().union(*(_runs(words, n) for words in texts))
    return len(own & there) / len(own)


def _runs(words: Sequence[str], n: int) -> set[tuple[str, ...]]:
    return set(zip(*(words[i:] for i in range(n)), strict=False))
