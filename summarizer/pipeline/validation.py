"""Keep of what was extracted what its article supports; fill up with its sentences."""

from __future__ import annotations

from collections.abc import Sequence

from summarizer.data import (
    Article,
    ArticleSummary,
    Claim,
    RejectedClaim,
    RejectReason,
    SupportedClaim,
    Writer,
)
from summarizer.extract import (
    Extraction,
    leans,
    salient_sentences,
    sentence_claims,
    telling_number,
)
from summarizer.pipeline.run import Run
from summarizer.validate import Validator

_EXTRACTIVE_COUNT = 10  # sentences tried where no model's claims can be used
_ENOUGH_CLAIMS = 3  # below this many supported claims an article is filled up by sentences

# Small models join what stands far apart, and then it is mostly about something else.
_FARTHEST_APART = 8  # sentences


def validated(
    article: Article, extraction: Extraction | None, validator: Validator, run: Run
) -> ArticleSummary:
    """Validate what was extracted; fill up with sentences where too little is left."""
    with run.stage("validate"):
        claims = extraction.claims if extraction else ()
        supported, rejected = validate_claims(claims, article, validator)
        rejected[:0] = extraction.rejected if extraction else ()
        writer = Writer.MODEL if supported else Writer.EXTRACTIVE
        sentences = _sentences_instead(article, supported, rejected)
        filled, refused = validate_claims(sentences, article, validator)
    return ArticleSummary(
        article=article,
        headline=(extraction.headline if extraction else "") or article.title,
        supported=(*supported, *filled),
        rejected=(*rejected, *refused),
        writer=writer,
    )


def _sentences_instead(
    article: Article, supported: Sequence[SupportedClaim], rejected: Sequence[RejectedClaim]
) -> list[Claim]:
    """Return sentences of the article for what its claims leave out, as claims.

    Those that a refused claim came nearest to, so that a badly worded fact is still told; those
    with a number or date that other articles may dispute; then the most telling ones, where the
    article would have fewer than _ENOUGH_CLAIMS claims.
    """
    cited = {i for claim in supported for e in claim.evidence for i in e.sentence_ids}
    near = {
        i
        for claim in rejected
        if claim.nearest and claim.reason is not RejectReason.INSTRUCTION
        for i in claim.nearest.sentence_ids
    }
    salient = salient_sentences(article, _EXTRACTIVE_COUNT)
    numbers = {i for i in salient if telling_number(article, i)}
    chosen = [i for i in sorted((near | numbers) - cited) if not leans(article, i)]
    wanted = _ENOUGH_CLAIMS if supported else _EXTRACTIVE_COUNT
    for i in salient:
        if len(supported) + len(chosen) >= wanted:
            break
        if i not in cited and i not in chosen:
            chosen.append(i)
    return sentence_claims(article, sorted(chosen))


def validate_claims(
    claims: Sequence[Claim], article: Article, validator: Validator
) -> tuple[list[SupportedClaim], list[RejectedClaim]]:
    """Return the claims fit for a brief and the others, each in the order given."""
    supported: list[SupportedClaim] = []
    rejected: list[RejectedClaim] = []
    for verdict in validator.check(claims, article):
        if isinstance(verdict, RejectedClaim):
            rejected.append(verdict)
        elif weakness := _weakness(verdict):
            rejected.append(_too_weak(verdict, weakness))
        else:
            supported.append(verdict)
    return supported, rejected


def _weakness(verdict: SupportedClaim) -> str:
    """Return why a supported claim is still no line of a brief, or ""."""
    ids = [i for evidence in verdict.evidence for i in evidence.sentence_ids]
    if max(ids) - min(ids) > _FARTHEST_APART:
        return f"it is put together of sentences far apart: {min(ids)} and {max(ids)}"
    return ""


def _too_weak(verdict: SupportedClaim, weakness: str) -> RejectedClaim:
    return RejectedClaim(
        claim=verdict.claim,
        reason=RejectReason.NOT_ENTAILED,
        detail=weakness,
        nearest=verdict.evidence[0],
        score=verdict.score,
    )
