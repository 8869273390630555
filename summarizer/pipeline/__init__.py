"""read -> extract -> validate -> merge: the whole job, in one place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from summarizer.data import Article, ArticleSummary, Brief, Record
from summarizer.extract import Extraction
from summarizer.merge.facts.same_fact import read_layer
from summarizer.merge.telling.delta import check_earlier
from summarizer.model import Model
from summarizer.pipeline.assembly import assemble, versions
from summarizer.pipeline.extraction import extract_articles
from summarizer.pipeline.inputs import Inputs, read_inputs
from summarizer.pipeline.models import checking, model_info, opened
from summarizer.pipeline.options import MAX_FACTS, BriefOptions
from summarizer.pipeline.run import OnProgress, Progress, Run
from summarizer.pipeline.validation import validated

__all__ = [
    "MAX_FACTS",
    "BriefOptions",
    "Inputs",
    "Made",
    "OnProgress",
    "Progress",
    "Run",
    "assemble",
    "brief",
    "checking",
    "extract_articles",
    "make_brief",
    "model_info",
    "opened",
    "read_inputs",
    "summarize",
    "validated",
    "versions",
]


class Made(Record):
    """A brief, and the articles that it lists, in the order of their numbers."""

    brief: Brief
    articles: tuple[Article, ...]


def brief(
    inputs: Inputs,
    *,
    model: str | Model = "auto",
    options: BriefOptions | None = None,
    on_progress: OnProgress | None = None,
    now: dt.datetime | None = None,
) -> Brief:
    """Make a brief of files, folders and Articles.

    Args:
        inputs: one or many; folders are read recursively.
        model: a name of models.txt, a GGUF path, "auto", "none", or a loaded Model (left open).
        options: limits and seed; the earlier brief and reference facts to compare with.
        on_progress: called as articles are read and summarised.
        now: the moment the brief is dated, UTC; the clock's when None.

    Raises:
        ConfigError: a path does not exist, or the named model cannot be had. With "auto" and no
            model to be had the brief is extractive and says so.
        BriefError: options.since does not hold; nothing was summarised.
    """
    made = make_brief(inputs, model=model, options=options, on_progress=on_progress, now=now)
    return made.brief


def make_brief(
    inputs: Inputs,
    *,
    model: str | Model = "auto",
    options: BriefOptions | None = None,
    on_progress: OnProgress | None = None,
    now: dt.datetime | None = None,
) -> Made:
    """Make a brief as `brief` does, and give the articles with it, for a page that shows them.

    Raises:
        ConfigError, BriefError: as `brief`.
    """
    options = options or BriefOptions()
    run = Run(on_progress)
    articles, skipped = read_inputs(inputs, run)
    if options.same_fact:  # before the work of hours is done
        read_layer(options.same_fact)
    if options.since:
        check_earlier(options.since, articles)
    extractions: dict[str, Extraction] = {}
    with opened(model, run, options) as loaded:
        info = model_info(loaded, options)
        if loaded:
            found = extract_articles(articles, loaded, options, run)
            extractions = {one.article_id: one for one in found}
    with checking(options, run) as validator:
        summaries = [validated(one, extractions.get(one.id), validator, run) for one in articles]
    told = assemble(summaries, skipped, info, options, run, now=now, validator=validator.info)
    return Made(brief=told, articles=_listed(told, articles))


def _listed(told: Brief, articles: Sequence[Article]) -> tuple[Article, ...]:
    by_id = {article.id: article for article in articles}
    numbered = sorted(told.sources, key=lambda source: source.number)
    return tuple(by_id[source.article_id] for source in numbered)


def summarize(article: Article, *, model: str | Model = "auto", seed: int = 0) -> ArticleSummary:
    """Return the claims of one article, kept and refused.

    Raises:
        ConfigError: the named model cannot be had.
    """
    run = Run(None)
    options = BriefOptions(seed=seed)
    with opened(model, run, options) as loaded:
        extraction = None
        if loaded:
            (extraction,) = extract_articles([article], loaded, options, run)
    with checking(options, run) as validator:
        return validated(article, extraction, validator, run)
