"""One night: read, ask the model only about what is new, write the dated brief."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import filelock

from summarizer.data import Article, Brief, Record
from summarizer.digest.config import DigestConfig
from summarizer.digest.state import State, recipe
from summarizer.errors import Busy
from summarizer.extract import Extraction
from summarizer.files import write_own
from summarizer.model import Model
from summarizer.pipeline import (
    BriefOptions,
    OnProgress,
    Run,
    assemble,
    checking,
    extract_articles,
    model_info,
    opened,
    read_inputs,
    validated,
    versions,
)
from summarizer.render import to_json, to_markdown


class DigestResult(Record):
    """What a night came to."""

    brief: Brief
    markdown: Path
    json_file: Path
    new_articles: int
    asked: int  # articles the model was asked about


def run_digest(
    config: DigestConfig,
    *,
    model: Model | None = None,
    on_progress: OnProgress | None = None,
    now: dt.datetime | None = None,
) -> DigestResult:
    """Make the brief of the articles first seen within the window and write it under its date.

    Args:
        config: see DigestConfig.
        model: a loaded model to use instead of the configured one; left open.
        on_progress: called as articles are read and summarised.
        now: the moment of the run, with a time zone; the clock's, local, when None.

    Raises:
        Busy: another digest with the same state is running.
        ConfigError: a source, the state or the model cannot be had; nothing was written.
    """
    now = now or dt.datetime.now().astimezone()
    config.state.parent.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(f"{config.state}.lock", timeout=0)
    try:
        with lock, State(config.state) as state:
            return _run(config, state, model, Run(on_progress), now)
    except filelock.Timeout as error:
        raise Busy(f"another digest holds {config.state}.lock") from error


def _run(
    config: DigestConfig, state: State, model: Model | None, run: Run, now: dt.datetime
) -> DigestResult:
    articles, skipped = read_inputs(list(config.paths()), run)
    new = state.see(((article.id, article.source) for article in articles), _utc(now))
    wanted = state.seen_since(_utc(now) - dt.timedelta(days=config.window_days))
    articles = [article for article in articles if article.id in wanted]
    options = BriefOptions(
        max_facts=config.max_facts, seed=config.seed, strictness=config.strictness
    )
    with opened(model or config.model, run, options) as loaded:
        info = model_info(loaded, options)
        found, asked = _extractions(articles, loaded, state, options, run, _utc(now))
    with checking(options, run) as validator:
        summaries = [validated(one, found.get(one.id), validator, run) for one in articles]
    brief = assemble(
        summaries, skipped, info, options, run, now=_utc(now), validator=validator.info
    )
    stem = config.output / now.date().isoformat()
    markdown, json_file = stem.with_suffix(".md"), stem.with_suffix(".json")
    write_own(json_file, to_json(brief))
    write_own(markdown, to_markdown(brief))
    return DigestResult(
        brief=brief, markdown=markdown, json_file=json_file, new_articles=new, asked=asked
    )


def _extractions(
    articles: list[Article],
    model: Model | None,
    state: State,
    options: BriefOptions,
    run: Run,
    now: dt.datetime,
) -> tuple[dict[str, Extraction], int]:
    """Return the extraction of each article, and how many the model was asked about."""
    if model is None:
        return {}, 0
    info = model_info(model, options)
    key = recipe(info, versions(info.strategy), options.seed)
    found = {a.id: kept for a in articles if (kept := state.extraction(a.id, key))}
    missing = [article for article in articles if article.id not in found]
    for extraction in extract_articles(missing, model, options, run) if missing else ():
        found[extraction.article_id] = extraction
        if not extraction.failure:  # a failed one is tried again next night
            state.keep(extraction, key, now)
    return found, len(missing)


def _utc(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC)
