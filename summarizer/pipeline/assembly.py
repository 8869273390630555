"""Put the summaries of articles together: one brief, with everything needed to check it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from importlib.metadata import version

from summarizer.data import (
    Article,
    ArticleSummary,
    Brief,
    Coverage,
    ModelInfo,
    SkippedArticle,
    SupportedClaim,
    ValidatorInfo,
    Versions,
)
from summarizer.extract import EXTRACT_VERSION, SHORTEN_VERSION, sentence_claims
from summarizer.merge import merge
from summarizer.merge.facts.same_fact import read_layer
from summarizer.merge.telling.coverage import reference_coverage
from summarizer.model.interface import Strategy
from summarizer.pipeline.options import BriefOptions
from summarizer.pipeline.run import Run
from summarizer.pipeline.validation import validate_claims
from summarizer.render import BRIEF_SCHEMA
from summarizer.validate import Validator

CLAIMS_SCHEMA = "article_claims.v1"


def assemble(
    summaries: Sequence[ArticleSummary],
    skipped: Sequence[SkippedArticle],
    model: ModelInfo,
    options: BriefOptions,
    run: Run,
    *,
    now: dt.datetime | None = None,
    validator: ValidatorInfo | None = None,
    fresh: Set[str] | None = None,
) -> Brief:
    """Merge summaries into a brief dated `now` (the clock's moment when None).

    `fresh`: ids of the articles whose news alone is told; the others were told before.
    """
    with run.stage("merge"):
        merged = merge(
            summaries,
            quotable=_Quotable(summary.article for summary in summaries),
            since=options.since,
            max_facts=options.max_facts,
            max_words=options.max_words,
            same_fact=read_layer(options.same_fact) if options.same_fact else None,
            fresh=fresh,
        )
        told = [fact.text for story in merged.stories for fact in story.facts]
        reference = reference_coverage(told, options.reference) if options.reference else None
    listed = {source.article_id for source in merged.sources}
    told_of = [summary for summary in summaries if summary.article.id in listed]
    new = [s for s in told_of if fresh is None or s.article.id in fresh]
    supported = sum(len(summary.supported) for summary in told_of)
    rejected = tuple(claim for summary in new for claim in summary.rejected)
    return Brief(
        stories=merged.stories,
        storylines=merged.storylines,
        sources=merged.sources,
        rejected=rejected,
        skipped=tuple(skipped),
        coverage=Coverage(
            articles=len(told_of),
            remembered=len(told_of) - len(new),
            skipped=len(skipped),
            claims=supported + len(rejected),
            supported=supported,
            rejected=len(rejected),
            facts=len(told),
            facts_left_out=merged.facts_left_out,
            quoted=merged.quoted,
        ),
        since=merged.since,
        reference=reference,
        model=model,
        validator=validator,
        versions=versions(model.strategy),
        run=run.info(now or dt.datetime.now(dt.UTC)),
    )


class _Quotable(Mapping[str, list[SupportedClaim]]):
    """The sentences of each article, by its id, as claims that pass the deterministic checks.

    They are checked when they are asked for: the merger leaves articles without company alone.
    """

    def __init__(self, articles: Iterable[Article]) -> None:
        self._articles = {article.id: article for article in articles}
        self._checked: dict[str, list[SupportedClaim]] = {}

    def __getitem__(self, article_id: str) -> list[SupportedClaim]:
        if article_id not in self._checked:
            article = self._articles[article_id]
            sentences = sentence_claims(article, range(1, len(article.sentences) + 1))
            self._checked[article_id] = validate_claims(sentences, article, Validator(None))[0]
        return self._checked[article_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._articles)

    def __len__(self) -> int:
        return len(self._articles)


def versions(strategy: str) -> Versions:
    """Return the versions of code, prompt and schemas that `strategy` uses."""
    prompts = {Strategy.WHOLE: EXTRACT_VERSION, Strategy.GUIDED: SHORTEN_VERSION}
    return Versions(
        summarizer=version("summarizer"),
        prompt=prompts.get(Strategy(strategy), "") if strategy in list(Strategy) else "none",
        claims_schema=CLAIMS_SCHEMA,
        brief_schema=BRIEF_SCHEMA,
    )
