"""What the model says of tonight's articles and what holds of it, each kept once it is there."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from summarizer.data import Article, ArticleSummary, ModelInfo, UnreadArticle, ValidatorInfo
from summarizer.digest.budget import Budget
from summarizer.digest.clock import Clock
from summarizer.digest.config import DigestConfig
from summarizer.digest.journal import Journal, plain
from summarizer.digest.recipes import Recipe, extraction_recipe, verdict_recipe
from summarizer.digest.state import State
from summarizer.digest.state.records import RunRecord
from summarizer.errors import ModelFileError, ModelUnavailable, SummarizerError
from summarizer.extract import Extraction
from summarizer.merge import by_importance
from summarizer.model import Model
from summarizer.pipeline import (
    BriefOptions,
    Run,
    checking,
    extract_articles,
    model_info,
    opened,
    validated,
)
from summarizer.validate import Validator

_SHORT_S = 900.0  # of time to the deadline, in which …
_AT_ONCE = 3  # … so many articles are under way at once
_ENOUGH_ARTICLES = 10  # of a night, to tell by it how long an article takes


@dataclass
class Answers:
    """The summaries of tonight's articles, and how they came about."""

    model: ModelInfo
    validator: ValidatorInfo | None = None
    summaries: list[ArticleSummary] = field(default_factory=list)
    unread: list[UnreadArticle] = field(default_factory=list)
    extractions: dict[str, str] = field(default_factory=dict)  # recipe by article id
    verdicts: dict[str, str] = field(default_factory=dict)  # key by article id
    asked: int = 0  # articles that the model answered for tonight


class Night:
    """The parts of one run that its stages share."""

    def __init__(
        self,
        config: DigestConfig,
        state: State,
        record: RunRecord,
        *,
        journal: Journal,
        clock: Clock,
        run: Run,
    ) -> None:
        self.config, self.state, self.record = config, state, record
        self.journal, self.clock, self.run = journal, clock, run
        self.options = options_of(config)
        self.budget = Budget(config.deadline, clock)


def options_of(config: DigestConfig) -> BriefOptions:
    """Return what of a digest's configuration shapes its brief."""
    return BriefOptions(
        max_facts=config.max_facts,
        max_words=config.max_words,
        strictness=config.strictness,
        verifier=config.verifier,
        seed=config.seed,
        parallel=config.parallel,
        lora=config.lora,
        reproducible=config.reproducible,
    )


def summarise(night: Night, articles: Sequence[Article], model: Model | None) -> Answers:
    """Return a summary of every article; where there is a deadline, the most important first.

    Each answer, and then each article's verdicts, are committed before the next is waited for,
    and what is there from a run that was killed is not asked for again. Articles for which the
    time does not suffice, or for which there is no model, are told in their own sentences.
    """
    ranked = by_importance(articles) if night.budget.ends else list(articles)
    night.budget.reserve(len(ranked), **_paces(night.state))
    found, answers = _extractions(night, ranked, model)
    with checking(night.options, night.run) as validator:
        for article in ranked:
            _check(night, article, found.get(article.id), validator, answers)
        answers.validator = validator.info
    return answers


def _paces(state: State) -> dict[str, float | None]:
    """Return the seconds an article that validating and merging took in the last nights.

    Nights of few articles do not count: the verifier takes seconds to start.
    """
    counts = [run.counts for run in state.runs.list(10)]
    counts = [one for one in counts if one.get("new_articles", 0) >= _ENOUGH_ARTICLES]
    articles = sum(one["new_articles"] for one in counts)
    if not articles:
        return {"validate_s": None, "merge_s": None}
    return {
        f"{stage}_s": sum(one.get(f"seconds_{stage}", 0.0) for one in counts) / articles
        for stage in ("validate", "merge")
    }


# --- the model --------------------------------------------------------------------------------


def _extractions(
    night: Night, articles: Sequence[Article], model: Model | None
) -> tuple[dict[str, Extraction], Answers]:
    """Return what a model says of each article: kept from a killed run, or asked for now.

    Raises:
        ConfigError: there is no model of that name.
    """
    if not articles:
        return {}, Answers(model_info(None, night.options))
    try:
        with opened(model or night.config.model, night.run, _in_time(night)) as loaded:
            answers = Answers(model_info(loaded, night.options))
            if loaded is None:
                return {}, answers
            return _ask(night, articles, loaded, answers), answers
    except (ModelUnavailable, ModelFileError) as error:
        # The reader waits for a brief; what is wrong with the model is told in it.
        night.run.warnings.append(f"The model cannot be used: {error} {error.hint}".strip())
        night.journal.note("model cannot be used", level="error", problem=str(error))
        return {}, Answers(model_info(None, night.options))


def _in_time(night: Night) -> BriefOptions:
    """Return the options with few articles at once where the time is short.

    Those under way when it is over are lost; fourteen at once, and none may be done by then.
    """
    if night.options.parallel or night.budget.left_s > _SHORT_S:
        return night.options
    return night.options.model_copy(update={"parallel": _AT_ONCE})


def _ask(
    night: Night, articles: Sequence[Article], model: Model, answers: Answers
) -> dict[str, Extraction]:
    key, parts = extraction_recipe(answers.model, night.options)
    night.state.answers.note_recipe(key, parts)
    found = {a.id: e for a in articles if (e := night.state.answers.extraction(a.id, key))}
    missing = [article for article in articles if article.id not in found]
    night.journal.note("asking the model", model=model.name, articles=len(missing), kept=len(found))
    failures: list[SummarizerError] = []
    if missing and not night.budget.model_time_is_up():
        with closing(_answered(night, missing, model, failures)) as answered:
            for extraction in answered:
                found[extraction.article_id] = extraction
                _keep(night, extraction, key)
    answers.extractions = dict.fromkeys(found, key)
    unread = [article for article in missing if article.id not in found]
    answers.asked = len(missing) - len(unread)
    if unread or failures:
        reason = _why_unread(night, model, failures, len(unread))
        answers.unread = [
            UnreadArticle(article_id=article.id, source=article.source, reason=reason)
            for article in unread
        ]
    if failures and not found:  # nothing in the brief is by it
        answers.model = model_info(None, night.options)
    return found


def _answered(
    night: Night, articles: Sequence[Article], model: Model, failures: list[SummarizerError]
) -> Generator[Extraction, None, None]:
    """Yield what the model says, until it has read all, the time is up, or it fails.

    That it failed goes to `failures`: what it has said by then was paid for, and is told. Errors
    of the caller, who writes the answers down, do not come by here.
    """
    stop = night.budget.model_time_is_up
    try:
        yield from extract_articles(articles, model, night.options, night.run, stop=stop)
    except SummarizerError as error:
        failures.append(error)


def _why_unread(
    night: Night, model: Model, failures: Sequence[SummarizerError], unread: int
) -> str:
    """Return why the model has not read so many articles, for readers; note it."""
    if not failures:
        night.journal.note("deadline came first", level="warning", unread=unread)
        return f"{night.budget.describe()} came first"
    (error,) = failures
    problem = plain(str(error))
    night.run.warnings += [*model.problems, f"The model failed: {problem} {error.hint}".strip()]
    night.journal.note("model failed", level="error", unread=unread, problem=problem)
    return f"the model failed: {problem}"


def _keep(night: Night, extraction: Extraction, key: str) -> None:
    with night.state.transaction():
        if not extraction.failure:  # should this run be killed, a failed one is tried again
            night.state.answers.keep_extraction(
                extraction, key, run=night.record.number, now=night.clock.utc()
            )
        night.journal.note(
            "model answered",
            article=extraction.article_id[:12],
            claims=len(extraction.claims),
            failure=extraction.failure,
        )


# --- verdicts ---------------------------------------------------------------------------------


def _check(
    night: Night,
    article: Article,
    extraction: Extraction | None,
    validator: Validator,
    answers: Answers,
) -> None:
    """Validate one article's claims, or take the verdicts of a killed run, and keep them."""
    recipe = answers.extractions.get(article.id, "")
    whole = _verdicts(night, recipe, verifier=night.options.verifier)
    summary = night.state.answers.summary(article.id, whole[0])
    key = whole
    if summary is not None:
        validator.recall([*summary.supported, *summary.rejected])
    else:
        summary, by_rules_alone = _validated(night, article, extraction, validator)
        if by_rules_alone and night.options.verifier:
            key = _verdicts(night, recipe, verifier=False)
        with night.state.transaction():
            night.state.answers.note_recipe(*key)
            night.state.answers.keep_summary(
                summary, key[0], recipe=recipe, run=night.record.number, now=night.clock.utc()
            )
            night.journal.note(
                "claims checked",
                article=article.id[:12],
                supported=len(summary.supported),
                rejected=len(summary.rejected),
            )
    answers.verdicts[article.id] = key[0]
    answers.summaries.append(summary)


def _verdicts(night: Night, recipe: str, *, verifier: bool) -> Recipe:
    return verdict_recipe(recipe, night.options, verifier=verifier)


def _validated(
    night: Night, article: Article, extraction: Extraction | None, validator: Validator
) -> tuple[ArticleSummary, bool]:
    """Return the summary, and whether the rules alone decided though the verifier was wanted."""
    if night.budget.checking_time_is_up():
        rules = Validator(None, strictness=night.options.strictness)
        return validated(article, extraction, rules, night.run), True
    summary = validated(article, extraction, validator, night.run)
    return summary, validator.without_verifier(article)
