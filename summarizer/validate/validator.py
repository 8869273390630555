"""Decide about claims: hard refusals first, then one calibrated chance against one threshold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from summarizer.data import (
    Article,
    Claim,
    Evidence,
    RejectedClaim,
    RejectReason,
    SupportedClaim,
    ValidatorInfo,
)
from summarizer.errors import SummarizerError
from summarizer.model.verifier import Verifier
from summarizer.validate.calibration import (
    DEFAULT_STRICTNESS,
    Calibration,
    Layer,
    calibration,
    squeezed,
)
from summarizer.validate.evidence import quote
from summarizer.validate.examine import CHECKS, Examination, examine
from summarizer.validate.language import is_english
from summarizer.validate.reading import Finding, Index, Reading, index_of
from summarizer.validate.windows import window_text
from summarizer.validate.wording import incomplete, instruction, parts, repeats

Verdict = SupportedClaim | RejectedClaim
MAX_CHARS = 2000  # of a claim: one that is longer is an article
# Whatever else speaks for a claim, it is refused: an order, a half sentence, no evidence at all.
HARD = ("instruction", "evidence", "wording")
ENTAILMENT = "entailment"
_REFUSED_SHARE = 0.999  # a refused claim's score stays below the threshold


class Validator:
    """Checks claims against their articles.

    Args:
        verifier: the entailment model; without one the deterministic checks decide, by a
            threshold of their own.
        strictness: 0 lets most pass, 1 refuses most; the curve is that of the calibration.
        figures: another calibration than the one that ships.

    Raises:
        ValueError: `strictness` is not from 0 to 1.
    """

    def __init__(
        self,
        verifier: Verifier | None = None,
        *,
        strictness: float = DEFAULT_STRICTNESS,
        figures: Calibration | None = None,
    ) -> None:
        if not 0 <= strictness <= 1:
            raise ValueError(f"strictness is a number from 0 to 1, not {strictness}")
        self._verifier = verifier
        self._strictness = strictness
        self._figures = figures or calibration()
        self._problems: dict[str, None] = {}
        self._asked = False
        self._gave_up = False
        self._unasked: set[str] = set()  # ids of articles

    @property
    def gave_up(self) -> bool:
        """Whether the verifier failed; from then on the rules decide alone."""
        return self._gave_up

    def without_verifier(self, article: Article) -> bool:
        """Tell whether a claim of `article` was decided by rules alone that the verifier was for.

        So it is of one that is not English, and of every one once the verifier gave up.
        """
        return self._gave_up or article.id in self._unasked

    def recall(self, verdicts: Iterable[Verdict]) -> None:
        """Count verdicts that an earlier run reached with this verifier as reached here."""
        self._asked = self._asked or any(_weighed(verdict) for verdict in verdicts)

    @property
    def problems(self) -> tuple[str, ...]:
        """What was not looked at, or without the verifier though there is one, for the user."""
        return tuple(self._problems)

    @property
    def info(self) -> ValidatorInfo:
        """What decided so far, its threshold and how often that is expected to be wrong."""
        verifier = self._verifier if self._asked else None
        layer = self._figures.verifier if verifier else self._figures.facts
        point = layer.at(self._strictness)
        return ValidatorInfo(
            verifier=verifier.name if verifier else "none",
            strictness=self._strictness,
            threshold=point.threshold,
            false_pass=point.false_pass,
            false_strip=point.false_strip,
        )

    def check(self, claims: Sequence[Claim], article: Article) -> list[Verdict]:
        """Return a verdict for every claim, in their order; they are read together.

        Raises:
            ValueError: a claim belongs to another article.
        """
        if any(claim.article_id != article.id for claim in claims):
            raise ValueError("a claim belongs to another article")
        index = index_of(article)
        if not index.complete:
            what = f"only its first {len(index.sentences):,} sentences were looked at"
            self._problems[f"{article.source}: {what}"] = None
        drafts = [_draft(claim, index) for claim in claims]
        asked = [e for d in drafts if isinstance(d, _Draft) and not _hard(d) for e in d.parts]
        entailed = self._entailed(asked, index)
        return [
            self._decide(draft, index, entailed) if isinstance(draft, _Draft) else draft
            for draft in drafts
        ]

    def _entailed(self, asked: Sequence[Examination], index: Index) -> Mapping[int, float] | None:
        """Ask the verifier; by id() of the examination, None where it cannot be asked."""
        if self._verifier is None or not asked:
            return None
        if not is_english(index.article.text):
            source = index.article.source
            self._problems[f"{source}: not English; checked without the verifier"] = None
            self._unasked.add(index.article.id)
            return None
        pairs = [(window_text(index, e.window), e.reading.text) for e in asked]
        try:
            scores = self._verifier.scores(pairs)
            self._asked = True
        except SummarizerError as error:  # fails closed: the deterministic threshold is stricter
            self._problems[f"the verifier gave up: {error}"] = None
            self._verifier, self._gave_up = None, True
            return None
        return {id(e): score for e, score in zip(asked, scores, strict=True)}

    def _decide(self, draft: _Draft, index: Index, entailed: Mapping[int, float] | None) -> Verdict:
        layer = self._figures.facts if entailed is None else self._figures.verifier
        threshold = layer.at(self._strictness).threshold
        refused = _hard(draft)
        outcomes = [_outcome(part, layer, entailed) for part in draft.parts if refused is None]
        worst = refused or min(outcomes, key=lambda o: o.chance)
        if worst.finding is None and worst.chance >= threshold:
            passed = CHECKS if entailed is None else (*CHECKS, ENTAILMENT)
            return SupportedClaim(
                claim=draft.claim,
                evidence=quote(index.article, [i for part in draft.parts for i in part.ids]),
                score=round(worst.chance, 4),
                checks=passed,
            )
        finding = worst.finding or _reason(worst, threshold, index)
        nearest = quote(index.article, worst.part.ids[:1])
        score = min(worst.chance, threshold * _REFUSED_SHARE)
        return _rejected(draft.claim, finding, nearest[0] if nearest else None, round(score, 4))


class _Draft(NamedTuple):
    claim: Claim
    parts: list[Examination]


class _Outcome(NamedTuple):
    """What came of one sentence of a claim; `finding` where it is refused in any case."""

    part: Examination
    chance: float
    finding: Finding | None


def _weighed(verdict: Verdict) -> bool:
    """Tell whether a verdict of a run with a verifier is the verifier's, too.

    What is refused without weighing has a score of 0.
    """
    if isinstance(verdict, SupportedClaim):
        return ENTAILMENT in verdict.checks
    return verdict.score > 0


def _draft(claim: Claim, index: Index) -> _Draft | Verdict:
    """Examine a claim, or decide at once where nothing has to be weighed."""
    if len(claim.text) > MAX_CHARS:
        detail = f"{len(claim.text):,} characters are no single claim"
        return _rejected(claim, (RejectReason.NOT_ENTAILED, detail))
    if told := instruction(claim.text):
        return _rejected(claim, (RejectReason.INSTRUCTION, f"it speaks to the machine: {told!r}"))
    whole = index.verbatim(Reading(claim.text, index.article.published))
    if cut := incomplete(claim.text, verbatim=whole is not None):
        return _rejected(claim, (RejectReason.NOT_ENTAILED, f"no whole sentence: {cut}"))
    if again := repeats(claim.text):
        first = examine(parts(claim.text)[0], index, claim.offered)
        nearest = quote(index.article, first.ids[:1])  # so that it can be told word for word
        finding = RejectReason.NOT_ENTAILED, again
        return _rejected(claim, finding, nearest[0] if nearest else None)
    if whole is not None:  # nothing is surer than the article's own words
        return SupportedClaim(
            claim=claim, evidence=quote(index.article, [whole]), score=1.0, checks=CHECKS
        )
    return _Draft(claim, [examine(part, index, claim.offered) for part in parts(claim.text)])


def _hard(draft: _Draft) -> _Outcome | None:
    """Return the outcome of the first sentence that is refused in any case, or None."""
    for part in draft.parts:
        for check in HARD:
            if check in part.findings:
                return _Outcome(part, 0.0, part.findings[check])
    return None


def _outcome(part: Examination, layer: Layer, entailed: Mapping[int, float] | None) -> _Outcome:
    signals = all_signals(part, None if entailed is None else entailed[id(part)])
    return _Outcome(part, layer.probability(signals), None)


def all_signals(part: Examination, log_odds: float | None) -> dict[str, float]:
    """Return the signals of one sentence of a claim, its findings and its verifier's included."""
    signals = dict(part.signals)
    signals.update({f"check:{check}": 1.0 for check in part.findings})
    if log_odds is not None:
        signals[ENTAILMENT] = squeezed(log_odds)
    return signals


def _reason(worst: _Outcome, threshold: float, index: Index) -> Finding:
    """Say what is wrong: the first finding, else which words are said nowhere near."""
    for check in CHECKS:
        if check in worst.part.findings:
            return worst.part.findings[check]
    claim = worst.part.reading
    known = frozenset[str]().union(*(index.sentences[i - 1].keys for i in worst.part.window))
    missing = [claim.text[t.start : t.end] for t in claim.terms if not {t.key, t.stem} & known]
    words = ", ".join(dict.fromkeys(missing[:5]))
    detail = f"support {worst.chance:.2f} of {threshold:.2f}"
    return RejectReason.NOT_ENTAILED, detail + (f"; not said: {words}" if words else "")


def _rejected(
    claim: Claim, finding: Finding, nearest: Evidence | None = None, score: float = 0.0
) -> RejectedClaim:
    reason, detail = finding
    return RejectedClaim(claim=claim, reason=reason, detail=detail, nearest=nearest, score=score)
