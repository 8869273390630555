"""How many claims of an engine a brief would keep: the same checks for every engine, untimed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from benchmarks.engine_child import Outcome, Written
from summarizer.data import Article, Claim, SupportedClaim, Writer
from summarizer.errors import GenerationError
from summarizer.extract import Extraction, extract_claims
from summarizer.extract.whole import claim_text
from summarizer.model.interface import Answer, FinishReason, Prompt, Strategy
from summarizer.pipeline import BriefOptions, Run, checking, validated
from summarizer.validate import check_answer


class Kept(NamedTuple):
    """What is left of an engine's claims; all but `unusable` are totals over the articles."""

    claims: int  # as written
    supported: int  # of these, with the support that a brief asks for; one told twice is one
    sentences: int  # that these rest on
    unusable: int  # answers that are cut off or break the schema


def kept_claims(outcome: Outcome, articles: Sequence[Article], strategy: Strategy) -> Kept:
    """Validate what an engine wrote as the pipeline does; sentences it fills up with aside."""
    if "extractions" in outcome:
        extractions = [Extraction.model_validate(one) for one in outcome["extractions"]]
    else:
        extractions = extractions_of(outcome["written"], articles, strategy)
    by_id = {article.id: article for article in articles}
    total = Kept(0, 0, 0, 0)
    for extraction in extractions:
        claims = supported_claims(by_id[extraction.article_id], extraction)
        sentences = {i for claim in claims for e in claim.evidence for i in e.sentence_ids}
        total = Kept(
            total.claims + len(extraction.claims) + len(extraction.rejected),
            total.supported + len({_words(claim.claim.text) for claim in claims}),
            total.sentences + len(sentences),
            total.unusable + bool(extraction.failure),
        )
    return total


def supported_claims(article: Article, extraction: Extraction) -> list[SupportedClaim]:
    """Return the model's claims that a brief would keep."""
    run = Run(None)
    with checking(BriefOptions(), run) as validator:
        summary = validated(article, extraction, validator, run)
    return [one for one in summary.supported if one.claim.writer is Writer.MODEL]


def extractions_of(
    written: Sequence[Written], articles: Sequence[Article], strategy: Strategy
) -> list[Extraction]:
    """Read the answers of a plain engine as a user would who gives each one try."""
    if strategy is Strategy.GUIDED:
        answered: Any = Answered(written)
        return list(extract_claims(articles, answered, check_answer=check_answer))
    answers = {one["id"].split(":")[0]: one for one in written}
    return [_whole(article, answers[article.id]) for article in articles if article.id in answers]


def _whole(article: Article, answer: Written) -> Extraction:
    try:
        headline, listed = check_answer(answer["text"], article.id, len(article.sentences))
    except GenerationError as error:
        return Extraction(article_id=article.id, failure=str(error))
    claims = tuple(
        Claim(article_id=article.id, text=claim_text(text), offered=offered)
        for text, offered in listed
    )
    return Extraction(article_id=article.id, headline=headline, claims=claims)


class Answered:
    """A model that has given its answers already; what it was not asked it cannot answer."""

    name, sha256, strategy, context_tokens = "answered", None, Strategy.GUIDED, 1 << 20

    def __init__(self, written: Sequence[Written]) -> None:
        self._written = {one["id"]: one for one in written}

    def generate(self, prompts: Sequence[Prompt], **_options: Any) -> Iterator[Answer]:
        """Give the answer of each prompt; one asked again gets the same."""
        for prompt in prompts:
            one = self._written.get(prompt.id)
            whole = one is not None and one["complete"]
            yield Answer(
                prompt_id=prompt.id,
                text=one["text"] if one else "",
                finish=FinishReason.STOP if whole else FinishReason.LENGTH,
                tokens_read=one["tokens_read"] if one else 0,
                tokens_written=one["tokens_written"] if one else 0,
            )


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
