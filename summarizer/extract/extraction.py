"""Ask the model about many articles at once; retry what it spoilt; hand back claims."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence

import tenacity
from pydantic import Field

from summarizer.data import Article, Claim, Record, RejectedClaim, RejectReason
from summarizer.errors import GenerationError, TruncatedOutput
from summarizer.extract.guided import added_words, guided_claim, guided_prompts, says_more
from summarizer.extract.prompts import SHORTEN_VERSION, example_stems
from summarizer.extract.whole import claim_text, whole_prompts
from summarizer.model.interface import Answer, FinishReason, Model, OnUsage, Prompt, Strategy
from summarizer.text.words import content_stems, is_content, stem, words_of

MAX_ATTEMPTS = 3  # the first, and two with another seed

# (answer text, article id, sentence count) -> headline, [(claim, sentence ids)]
CheckAnswer = Callable[[str, str, int], tuple[str, list[tuple[str, tuple[int, ...]]]]]


class ExtractOptions(Record):
    """How to ask: `seed` of the first attempt."""

    seed: int = 0


class Extraction(Record):
    """What the model said of one article; `failure` says why, where it said nothing usable."""

    article_id: str
    headline: str = ""
    claims: tuple[Claim, ...] = ()
    rejected: tuple[RejectedClaim, ...] = ()
    tokens_read: int = 0
    tokens_written: int = 0
    dropped: int = Field(default=0, description="repeats dropped while decoding")
    failure: str = ""


class _Pending:
    """One article's prompts still open and answers so far."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.open: set[str] | None = None  # ids of prompts without a usable answer
        self.answers: dict[str, Answer] = {}
        self.lost = False  # the engine could not answer one of them
        self.failure = ""


def extract_claims(
    articles: Sequence[Article],
    model: Model,
    *,
    check_answer: CheckAnswer,
    options: ExtractOptions | None = None,
    on_usage: OnUsage | None = None,
) -> Generator[Extraction, None, None]:
    """Ask `model` about every article; yield one Extraction each, as they finish.

    An answer that is truncated or breaks the schema is asked for again with another seed, at
    most twice; what is spoilt then counts as a rejected claim (schema), never as an error. What
    the engine itself could not answer is not asked for again. `on_usage` hears of the first round.
    """
    options = options or ExtractOptions()
    pending = {article.id: _Pending(article) for article in articles}
    retrying = tenacity.Retrying(
        stop=tenacity.stop_after_attempt(MAX_ATTEMPTS),
        retry=tenacity.retry_if_exception_type(GenerationError),
    )
    try:
        for attempt in retrying:
            with attempt:
                number = attempt.retry_state.attempt_number
                prompts = [
                    prompt
                    for one in pending.values()
                    for prompt in _prompts(one, model, options.seed + number - 1, number > 1)
                ]
                told = on_usage if number == 1 else None
                answers = model.generate(prompts, on_usage=told)
                yield from _round(answers, pending, model, check_answer)
                if pending:
                    raise GenerationError(next(iter(pending.values())).failure)
    except tenacity.RetryError:
        for one in pending.values():
            yield _extraction(one, model, check_answer)


def _prompts(one: _Pending, model: Model, seed: int, hot: bool) -> list[Prompt]:
    make = (
        whole_prompts(one.article, model, seed=seed, hot=hot)
        if model.strategy is Strategy.WHOLE
        else guided_prompts(one.article, seed=seed, hot=hot)
    )
    prompts = [prompt for prompt in make if one.open is None or prompt.id in one.open]
    one.open = {prompt.id for prompt in prompts}
    return prompts


def _round(
    answers: Iterator[Answer],
    pending: dict[str, _Pending],
    model: Model,
    check_answer: CheckAnswer,
) -> Iterator[Extraction]:
    """Sort one round's answers; yield and take out of `pending` what is complete."""
    for article_id in [key for key, one in pending.items() if not one.open]:
        yield _extraction(pending.pop(article_id), model, check_answer)
    for answer in answers:
        article_id = answer.prompt_id.split(":")[0]
        one = pending[article_id]
        if answer.finish is FinishReason.FAILED:
            one.lost, one.failure = True, answer.problem
        else:
            one.answers[answer.prompt_id] = answer
            try:
                _check(answer, one.article, model, check_answer)
            except GenerationError as error:
                one.failure = str(error)
                continue
        if one.open is not None:
            one.open.discard(answer.prompt_id)
        if not one.open:
            yield _extraction(pending.pop(article_id), model, check_answer)


def _check(answer: Answer, article: Article, model: Model, check_answer: CheckAnswer) -> None:
    if answer.finish is FinishReason.LENGTH:
        raise TruncatedOutput(f"the answer was cut off after {answer.tokens_written} tokens")
    if answer.finish is FinishReason.PROMPT_TOO_LONG:
        raise TruncatedOutput("the prompt does not fit the model's context")
    if model.strategy is Strategy.WHOLE:
        check_answer(answer.text, article.id, len(article.sentences))


def _extraction(one: _Pending, model: Model, check_answer: CheckAnswer) -> Extraction:
    """Put an article's answers together in the order of its text."""
    headline = ""
    claims: list[Claim] = []
    rejected: list[RejectedClaim] = []
    answers = sorted(one.answers.values(), key=lambda a: int(a.prompt_id.split(":")[1]))
    for answer in answers:
        if answer.prompt_id in (one.open or ()):
            rejected.append(_spoilt(answer, one))
        elif model.strategy is Strategy.WHOLE:
            title, listed = check_answer(answer.text, one.article.id, len(one.article.sentences))
            headline = headline or title
            claims += [
                Claim(article_id=one.article.id, text=claim_text(text), offered=offered)
                for text, offered in listed
            ]
        else:
            sentence_id = int(answer.prompt_id.split(":")[1])
            claims.append(guided_claim(one.article, sentence_id, answer.text))
    kept: list[Claim] = []
    for claim in claims:
        refused = _not_shortened(claim, one.article) if model.strategy is Strategy.GUIDED else None
        if refused:
            rejected.append(refused)
        else:
            kept.append(claim)
    return Extraction(
        article_id=one.article.id,
        headline=headline,
        claims=tuple(kept),
        rejected=tuple(rejected),
        tokens_read=sum(answer.tokens_read for answer in answers),
        tokens_written=sum(answer.tokens_written for answer in answers),
        dropped=sum(answer.dropped for answer in answers),
        failure=(one.failure or "the model gave no answer") if one.open or one.lost else "",
    )


def _spoilt(answer: Answer, one: _Pending) -> RejectedClaim:
    claim = Claim(article_id=one.article.id, text=answer.text[:300] or "(no answer)")
    return RejectedClaim(claim=claim, reason=RejectReason.SCHEMA, detail=one.failure)


def _not_shortened(claim: Claim, article: Article) -> RejectedClaim | None:
    """Refuse a claim that says more than the sentence it was to shorten."""
    (sentence_id,) = claim.offered
    evidence = set(content_stems(article.sentence_text(sentence_id)))
    foreign = example_stems(SHORTEN_VERSION) - evidence
    words = (word for word in words_of(claim.text) if is_content(word))
    leaked = dict.fromkeys(word for word in words if stem(word) in foreign)
    if leaked:
        detail = f"words of the prompt's example: {', '.join(leaked)}"
        return RejectedClaim(claim=claim, reason=RejectReason.EXAMPLE, detail=detail)
    added = added_words(article, sentence_id, claim.text)
    if says_more(added):
        detail = f"not its sentence made shorter: {', '.join(added)}"
        return RejectedClaim(claim=claim, reason=RejectReason.NOT_ENTAILED, detail=detail)
    return None
