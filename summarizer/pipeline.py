"""read -> extract -> validate -> merge: the whole job, in one place."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import closing, contextmanager, suppress
from importlib.metadata import version
from pathlib import Path

from pydantic import Field

from summarizer.data import (
    Article,
    ArticleSummary,
    Brief,
    Claim,
    Coverage,
    ModelInfo,
    Record,
    RejectedClaim,
    RejectReason,
    RunInfo,
    SkippedArticle,
    SupportedClaim,
    ValidatorInfo,
    Versions,
    Writer,
)
from summarizer.errors import ModelUnavailable
from summarizer.extract import (
    EXTRACT_VERSION,
    SHORTEN_VERSION,
    Extraction,
    ExtractOptions,
    extract_claims,
    leans,
    salient_sentences,
    sentence_claims,
    telling_number,
)
from summarizer.merge import merge
from summarizer.merge.facts.same_fact import read_layer
from summarizer.merge.telling.coverage import reference_coverage
from summarizer.merge.telling.delta import check_earlier
from summarizer.model import Model, open_model, open_verifier
from summarizer.model.interface import Strategy, Usage
from summarizer.read import read_articles
from summarizer.render import BRIEF_SCHEMA
from summarizer.validate import DEFAULT_STRICTNESS, Validator, check_answer

CLAIMS_SCHEMA = "article_claims.v1"
_EXTRACTIVE_COUNT = 10  # sentences tried where no model's claims can be used
_ENOUGH_CLAIMS = 3  # below this many supported claims an article is filled up by sentences

# Small models join what stands far apart, and then it is mostly about something else.
_FARTHEST_APART = 8  # sentences
IN_MODEL = "extract: in the model"  # the part of that stage spent inside llama.cpp
MAX_FACTS = 12  # of a story: what fits a page

PathLike = str | os.PathLike[str]
Inputs = PathLike | Article | Iterable[PathLike | Article]


class Progress(Record):
    """How far a stage is; `what` names the article or file at hand."""

    stage: str
    done: int
    total: int
    what: str = ""
    share: float | None = Field(
        default=None, description="of the stage's work done, articles under way included"
    )
    tokens_per_s: float | None = Field(default=None, description="read and written, on average")
    left_s: float | None = Field(default=None, description="estimate of the seconds to go")


class BriefOptions(Record):
    """What shapes a brief beside its articles and its model."""

    max_facts: int | None = Field(
        default=MAX_FACTS, ge=1, description="facts a story, at most; None: all"
    )
    max_words: int | None = Field(
        default=None, ge=1, description="words of all facts together, at most; None: any number"
    )
    strictness: float = Field(
        default=DEFAULT_STRICTNESS,
        ge=0,
        le=1,
        description="0 lets most claims pass, 1 refuses most; how often either is wrong is known",
    )
    verifier: bool = Field(
        default=True, description="ask the entailment model, not the deterministic checks alone"
    )
    seed: int = 0
    parallel: int = Field(
        default=0, ge=0, description="articles under way at once; 0: by cores and memory"
    )
    lora: Path | None = Field(default=None, description="a GGUF adapter for a local model")
    reproducible: bool = Field(
        default=False, description="a claim depends on its article alone, whatever else is there"
    )
    since: Brief | None = Field(
        default=None, description="an earlier brief: every fact is marked with what became of it"
    )
    same_fact: Path | None = Field(
        default=None, description="a layer that says whether claims say the same; none ships"
    )
    reference: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="facts to measure the brief's coverage by"
    )


OnProgress = Callable[[Progress], None]


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
    return assemble(summaries, skipped, info, options, run, now=now, validator=validator.info)


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
            self._checked[article_id] = _validate(sentences, article, Validator(None))[0]
        return self._checked[article_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._articles)

    def __len__(self) -> int:
        return len(self._articles)


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


def versions(strategy: str) -> Versions:
    """Return the versions of code, prompt and schemas that `strategy` uses."""
    prompts = {Strategy.WHOLE: EXTRACT_VERSION, Strategy.GUIDED: SHORTEN_VERSION}
    return Versions(
        summarizer=version("summarizer"),
        prompt=prompts.get(Strategy(strategy), "") if strategy in list(Strategy) else "none",
        claims_schema=CLAIMS_SCHEMA,
        brief_schema=BRIEF_SCHEMA,
    )


class Run:
    """Times, tokens and warnings of one run."""

    def __init__(self, on_progress: OnProgress | None) -> None:
        self._on_progress = on_progress
        self._seconds: dict[str, float] = {}
        self.tokens_read = self.tokens_written = 0
        self.warnings: list[str] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the wall time of the block to stage `name`."""
        started = time.monotonic()
        try:
            yield
        finally:
            self.add_seconds(name, time.monotonic() - started)

    def add_seconds(self, name: str, seconds: float) -> None:
        """Add what a part of a stage took."""
        self._seconds[name] = round(self._seconds.get(name, 0.0) + seconds, 3)

    def progress(self, stage: str, done: int, total: int, what: str = "") -> None:
        """Report a step to whoever wants to know."""
        self.report(Progress(stage=stage, done=done, total=total, what=what))

    def report(self, progress: Progress) -> None:
        """Hand a step to whoever wants to know."""
        if self._on_progress:
            self._on_progress(progress)

    def info(self, created: dt.datetime) -> RunInfo:
        """Return what the brief keeps of this run."""
        return RunInfo(
            created=created,
            seconds=self._seconds,
            tokens_read=self.tokens_read,
            tokens_written=self.tokens_written,
            warnings=tuple(self.warnings),
        )


def read_inputs(inputs: Inputs, run: Run) -> tuple[list[Article], tuple[SkippedArticle, ...]]:
    """Read files and folders; Articles given are taken as they are."""
    given = [inputs] if isinstance(inputs, str | os.PathLike | Article) else list(inputs)
    articles = {one.id: one for one in given if isinstance(one, Article)}
    paths = [Path(one) for one in given if not isinstance(one, Article)]
    skipped: list[SkippedArticle] = []
    with run.stage("read"):
        for item in read_articles(paths):
            run.progress("read", len(articles) + len(skipped), 0, item.source)
            if isinstance(item, Article):
                articles.setdefault(item.id, item)
            else:
                skipped.append(item)
    return list(articles.values()), tuple(skipped)


@contextmanager
def opened(model: str | Model, run: Run, options: BriefOptions) -> Iterator[Model | None]:
    """Load what is named and free it afterwards; leave a Model that was given open."""
    if not isinstance(model, str):
        yield model
        return
    loaded = None
    try:
        with run.stage("load model"):
            loaded = open_model(
                model,
                parallel=options.parallel,
                lora=options.lora,
                reproducible=options.reproducible,
                progress=lambda what, done, total: run.progress("fetch", done, total, what),
            )
    except ModelUnavailable as error:
        if model != "auto":
            raise
        run.warnings.append(f"No model could be had, so every line is a quotation. {error}")
    try:
        yield loaded
    finally:
        if loaded:
            loaded.close()


class _TimeIsUp(Exception):
    """Nobody waits any longer for what the model is writing."""


def extract_articles(
    articles: Sequence[Article],
    model: Model,
    options: BriefOptions,
    run: Run,
    *,
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[Extraction]:
    """Yield what the model says of each article, as they finish.

    The model begins them in the order given. `stop` is asked after each article and, while the
    caller waits for one, now and then; what is under way when it says yes is given up.
    """
    sources = {article.id: article.source for article in articles}
    run.progress("extract", 0, len(articles))
    clock = _Clock(len(articles), run, stop)
    extracting = extract_claims(
        articles,
        model,
        check_answer=check_answer,
        options=ExtractOptions(seed=options.seed),
        on_usage=clock.tick,
    )
    # closing: a generator that is left midway would else tell the model so only when collected.
    with run.stage("extract"), suppress(_TimeIsUp), closing(extracting):
        for extraction in extracting:
            run.tokens_read += extraction.tokens_read
            run.tokens_written += extraction.tokens_written
            source = sources[extraction.article_id]
            if extraction.failure:
                run.warnings.append(f"{source}: {extraction.failure}; filled by quotations")
            clock.finish(source)
            yield extraction
            if stop():
                break
    run.add_seconds(IN_MODEL, clock.usage.model_s)
    run.warnings += model.problems


class _Clock:
    """Tells how far the extraction is, from the articles done and the model's own count."""

    def __init__(self, total: int, run: Run, stop: Callable[[], bool]) -> None:
        self._total, self._run, self._stop = total, run, stop
        self._done = 0
        self._started = time.monotonic()
        self.usage = Usage()

    def tick(self, usage: Usage) -> None:
        """Take the model's word for how far it is.

        Raises:
            _TimeIsUp: nobody waits any longer.
        """
        self.usage = usage
        self._tell("")
        if self._stop():
            raise _TimeIsUp

    def finish(self, source: str) -> None:
        """Count one article as done."""
        self._done += 1
        self._tell(source)

    def _tell(self, source: str) -> None:
        elapsed = time.monotonic() - self._started
        share = max(self.usage.done_share, self._done / self._total)
        tokens = self.usage.tokens_read + self.usage.tokens_written
        self._run.report(
            Progress(
                stage="extract",
                done=self._done,
                total=self._total,
                what=source,
                share=share,
                tokens_per_s=tokens / elapsed if elapsed > 0 else None,
                left_s=elapsed * (1 - share) / share if share > 0 else None,
            )
        )


@contextmanager
def checking(options: BriefOptions, run: Run) -> Iterator[Validator]:
    """Give a validator, whose model starts when a claim asks for it, and free that afterwards."""
    verifier = None
    if options.verifier:
        verifier = open_verifier(
            progress=lambda what, done, total: run.progress("fetch", done, total, what)
        )
    validator = Validator(verifier, strictness=options.strictness)
    try:
        yield validator
    finally:
        run.warnings += validator.problems
        if verifier:
            verifier.close()


def validated(
    article: Article, extraction: Extraction | None, validator: Validator, run: Run
) -> ArticleSummary:
    """Validate what was extracted; fill up with sentences where too little is left."""
    with run.stage("validate"):
        claims = extraction.claims if extraction else ()
        supported, rejected = _validate(claims, article, validator)
        rejected[:0] = extraction.rejected if extraction else ()
        writer = Writer.MODEL if supported else Writer.EXTRACTIVE
        sentences = _sentences_instead(article, supported, rejected)
        filled, refused = _validate(sentences, article, validator)
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


def _validate(
    claims: Sequence[Claim], article: Article, validator: Validator
) -> tuple[list[SupportedClaim], list[RejectedClaim]]:
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


def model_info(model: Model | None, options: BriefOptions) -> ModelInfo:
    """Return what a brief says of the model that wrote it."""
    if model is None:
        return ModelInfo(name="none")
    return ModelInfo(
        name=model.name,
        sha256=model.sha256,
        strategy=model.strategy.value,
        adapter=options.lora.name if options.lora else "",
        reproducible=options.reproducible,
    )
