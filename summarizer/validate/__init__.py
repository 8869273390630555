"""Does the article say what a claim says: evidence, facts and entailment, cheapest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from summarizer.data import Article, Claim, Evidence, RejectedClaim, RejectReason, SupportedClaim
from summarizer.validate.attachment import broken_off
from summarizer.validate.dates import check_dates
from summarizer.validate.denials import check_negation
from summarizer.validate.entailment import THRESHOLD, predicate, score, swapped, turned_round
from summarizer.validate.evidence import find_sentences, quote
from summarizer.validate.modality import check_modality
from summarizer.validate.names import check_names, check_subject
from summarizer.validate.numbers import check_locality, check_numbers
from summarizer.validate.quotations import check_quotations
from summarizer.validate.reading import Finding, Index, Reading, index_of
from summarizer.validate.schema import check_answer
from summarizer.validate.wording import incomplete, instruction, parts, rambling

__all__ = ["check_answer", "check_support"]

CHECKS = (
    "wording",
    "evidence",
    "numbers",
    "dates",
    "names",
    "negation",
    "modality",
    "quotations",
    "roles",
    "phrases",
    "entailment",
)

_FACT_MISSING = THRESHOLD  # keeps the score of a claim with a wrong fact below any supported one


def check_support(claim: Claim, article: Article) -> SupportedClaim | RejectedClaim:
    """Check one claim against its article; what cannot be shown to be said is rejected.

    The evidence is found here, in one to three sentences for each sentence of the claim; the
    ids the claim offers only break near-ties. A rejected claim keeps its reason, a detail for
    readers, its score and the sentence that came nearest.

    Raises:
        ValueError: the claim belongs to another article.
    """
    if claim.article_id != article.id:
        raise ValueError("the claim belongs to another article")
    if told := instruction(claim.text):
        finding = RejectReason.INSTRUCTION, f"it speaks to the machine: {told!r}"
        return _rejected(claim, finding)
    index = index_of(article)
    whole = index.verbatim(Reading(claim.text, article.published))
    if cut := incomplete(claim.text, verbatim=whole is not None):
        return _rejected(claim, (RejectReason.NOT_ENTAILED, f"no whole sentence: {cut}"))
    if whole is not None:  # nothing is surer than the article's own words
        return SupportedClaim(
            claim=claim, evidence=quote(article, [whole]), score=1.0, checks=CHECKS
        )
    if circles := next(filter(None, map(rambling, parts(claim.text))), None):
        return _rejected(claim, (RejectReason.NOT_ENTAILED, circles))
    verdicts = [_check_part(part, claim.offered, index) for part in parts(claim.text)]
    failed = next((v for v in verdicts if v.finding is not None), None)
    if failed is not None and failed.finding is not None:
        nearest = quote(article, failed.ids[:1])
        return _rejected(claim, failed.finding, nearest[0] if nearest else None, failed.score)
    return SupportedClaim(
        claim=claim,
        evidence=quote(article, [i for v in verdicts for i in v.ids]),
        score=min(v.score for v in verdicts),
        checks=CHECKS,
    )


class _Verdict(NamedTuple):
    """What came of one sentence of a claim: `ids` best first, no finding when it is supported."""

    ids: list[int]
    score: float
    finding: Finding | None


def _check_part(text: str, offered: Sequence[int], index: Index) -> _Verdict:
    reading = Reading(text, index.article.published)
    ids = find_sentences(reading, index, offered)
    if not ids:
        return _Verdict([], 0.0, (RejectReason.NO_EVIDENCE, "no sentence shares a word with it"))
    named, further = check_names(reading, index, ids)
    chosen = list(dict.fromkeys([*ids, *further]))
    sentences = [index.sentences[i - 1] for i in chosen]
    support = round(score(reading, sentences, index), 4)
    named = named or check_subject(reading, index, chosen, predicate(reading))
    if finding := _facts(reading, sentences, index, named):
        return _Verdict(chosen, round(support * _FACT_MISSING, 4), finding)
    if support < THRESHOLD:
        missing = RejectReason.NOT_ENTAILED, _unsupported(reading, sentences, support)
        return _Verdict(chosen, support, missing)
    return _Verdict(chosen, support, None)


def _facts(
    claim: Reading, evidence: Sequence[Reading], index: Index, named: Finding | None
) -> Finding | None:
    """Return the first fact of the claim that its evidence lacks."""
    for sentence in evidence:
        if told := instruction(sentence.text):
            return RejectReason.INSTRUCTION, f"its evidence speaks to the machine: {told!r}"
    if finding := check_numbers(claim, evidence) or check_locality(claim, evidence):
        return finding
    if finding := check_dates(claim, evidence) or named:
        return finding
    if finding := check_negation(claim, evidence) or check_modality(claim, evidence):
        return finding
    if finding := check_quotations(claim, evidence, index):
        return finding
    if turned := turned_round(claim, evidence) or swapped(claim, evidence):
        return RejectReason.NOT_ENTAILED, turned
    if broken := broken_off(claim, evidence):
        return RejectReason.NOT_ENTAILED, broken
    return None


def _unsupported(claim: Reading, evidence: Sequence[Reading], support: float) -> str:
    known = frozenset[str]().union(*(s.keys for s in evidence))
    missing = [claim.text[t.start : t.end] for t in claim.terms if not {t.key, t.stem} & known]
    words = ", ".join(dict.fromkeys(missing[:5]))
    return f"support {support:.2f} of {THRESHOLD:.2f}" + (f"; not said: {words}" if words else "")


def _rejected(
    claim: Claim, finding: Finding, nearest: Evidence | None = None, support: float = 0.0
) -> RejectedClaim:
    reason, detail = finding
    return RejectedClaim(claim=claim, reason=reason, detail=detail, nearest=nearest, score=support)
