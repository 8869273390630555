"""Does the article say what a claim says: evidence, facts and entailment, cheapest first."""

from __future__ import annotations

from summarizer.data import Article, Claim, RejectedClaim, SupportedClaim
from summarizer.model.verifier import Verifier
from summarizer.validate.calibration import DEFAULT_STRICTNESS
from summarizer.validate.schema import check_answer
from summarizer.validate.validator import Validator

__all__ = ["DEFAULT_STRICTNESS", "Validator", "check_answer", "check_support"]


def check_support(
    claim: Claim,
    article: Article,
    *,
    verifier: Verifier | None = None,
    strictness: float = DEFAULT_STRICTNESS,
) -> SupportedClaim | RejectedClaim:
    """Check one claim against its article; what cannot be shown to be said is rejected.

    The evidence is found here, in one to three sentences for each sentence of the claim; the
    ids the claim offers only break near-ties. A rejected claim keeps its reason, a detail for
    readers, its score and the sentence that came nearest. Many claims of one article are
    checked faster together, by a `Validator`.

    Raises:
        ValueError: the claim belongs to another article.
    """
    return Validator(verifier, strictness=strictness).check([claim], article)[0]
