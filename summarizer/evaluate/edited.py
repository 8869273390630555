"""Edits of claims that are supported, and what the validator makes of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice, zip_longest
from pathlib import Path
from random import Random
from typing import NamedTuple

from pydantic import Field

from summarizer.data import (
    Article,
    Brief,
    Claim,
    Record,
    RejectedClaim,
    SkippedArticle,
    SupportedClaim,
)
from summarizer.edits import Edit, EditKind, Pool, edits
from summarizer.errors import ConfigError
from summarizer.evaluate.bases import Base, brief_claims, neighbours, own_sentences
from summarizer.evaluate.conditions import Conditions, OnProgress, bounded, conditions, silent
from summarizer.evaluate.figures import Share, mean, share_of
from summarizer.model.verifier import Verifier
from summarizer.read import read_articles
from summarizer.validate import DEFAULT_STRICTNESS, Validator

MIN_EDITS = 10  # a kind with fewer is printed, but says too little to count in the mean
# Sentences tried for each edit of a kind wanted: rare kinds must not read a whole archive.
_TRIES = 50


class EditOptions(Record):
    """What is tried: at most `max_edits` edits a kind, of which `examples` of the worst are kept.

    The same articles, options and verifier give the same report.
    """

    max_edits: int = Field(default=40, ge=1)
    seed: int = 0
    strictness: float = Field(default=DEFAULT_STRICTNESS, ge=0, le=1)
    examples: int = Field(default=0, ge=0)


class Example(Record):
    """An edit that was judged wrongly: of what it was made, and what the validator said."""

    source: str
    base: str
    text: str
    score: float
    detail: str = Field(description="why it was refused; empty where it passed")


class KindResult(Record):
    """How the edits of one kind were judged; `wrong` are those that passed or were refused.

    `supported` where such edits stay true, so that a refusal is wrong.
    """

    kind: EditKind
    supported: bool
    judged: Share
    examples: tuple[Example, ...] = ()


class EditReport(Record):
    """False passes and false strips by kind of edit, and their means over the kinds."""

    conditions: Conditions
    options: EditOptions
    base: str = Field(description='"sentences" of the articles, or claims of a "brief"')
    articles: int
    skipped: tuple[SkippedArticle, ...]
    claims: int = Field(description="supported claims that edits were made of")
    claims_without_article: int = Field(description="of the brief; left out")
    kinds: tuple[KindResult, ...]
    false_pass: float | None = Field(description="mean over the kinds with 10 edits and more")
    false_strip: float | None = Field(description="mean over the kinds with 10 edits and more")
    warnings: tuple[str, ...] = ()


def evaluate_folder(
    inputs: Iterable[str | Path | Article],
    *,
    verifier: Verifier | None = None,
    brief: Brief | None = None,
    options: EditOptions | None = None,
    on_progress: OnProgress = silent,
) -> EditReport:
    """Edit supported claims of the user's own articles and count what the validator gets wrong.

    The claims are sentences of the articles, which support themselves; with `brief` they are the
    claims that it holds. Edits are made by rules: now and then one that should be false is true
    after all, so a share of a few per cent is not to be read as the validator's fault alone.

    Raises:
        ConfigError: a path does not exist, or there is no article or no claim to edit.
    """
    options = options or EditOptions()
    articles, skipped = _read(inputs, on_progress)
    bases, missing = _bases(articles, brief)
    trials = _trials(articles, bases, options, on_progress)
    validator = Validator(verifier, strictness=options.strictness)
    judged = list(_judged(trials, validator, on_progress))
    kinds = tuple(_kind(kind, judged, options) for kind in EditKind)
    kinds = tuple(kind for kind in kinds if kind.judged.count)
    return EditReport(
        conditions=conditions(validator.info),
        options=options,
        base="sentences" if brief is None else "brief",
        articles=len(articles),
        skipped=tuple(skipped),
        claims=len({(t.base.article.id, t.base.text) for t in trials}),
        claims_without_article=missing,
        kinds=kinds,
        false_pass=_total(kinds, supported=False),
        false_strip=_total(kinds, supported=True),
        warnings=bounded(validator.problems),
    )


class _Trial(NamedTuple):
    base: Base
    edit: Edit


class _Judged(NamedTuple):
    trial: _Trial
    verdict: SupportedClaim | RejectedClaim

    @property
    def wrong(self) -> bool:
        return isinstance(self.verdict, SupportedClaim) != self.trial.edit.supported


def _read(
    inputs: Iterable[str | Path | Article], on_progress: OnProgress
) -> tuple[list[Article], list[SkippedArticle]]:
    given = list(inputs)
    articles = {one.id: one for one in given if isinstance(one, Article)}
    skipped = []
    for item in read_articles(Path(one) for one in given if not isinstance(one, Article)):
        if isinstance(item, Article):
            articles.setdefault(item.id, item)
        else:
            skipped.append(item)
        on_progress("reading", len(articles) + len(skipped), 0)
    return list(articles.values()), skipped


def _bases(articles: Sequence[Article], brief: Brief | None) -> tuple[list[Base], int]:
    """Return the claims to edit, and how many of the brief's have no article here."""
    if not articles:
        raise ConfigError("there is no article to evaluate on", hint="Give a folder of articles.")
    if brief is None:
        bases, missing = [base for one in articles for base in own_sentences(one)], 0
    else:
        bases, missing = brief_claims(brief, {one.id: one for one in articles})
    if not bases and brief is not None:
        raise ConfigError(
            "the brief holds no claim of these articles",
            hint="Give the folder that the brief was made of, unchanged.",
        )
    if not bases:
        raise ConfigError("the articles have no sentence that states something by itself")
    return bases, missing


# --- making edits -------------------------------------------------------------------------------


def _trials(
    articles: list[Article], bases: Sequence[Base], options: EditOptions, on_progress: OnProgress
) -> list[_Trial]:
    """Return edits until every kind has enough, from all articles in turn."""
    places = {article.id: place for place, article in enumerate(articles)}

    @cache
    def source(article_id: str) -> _Source:
        return _source(articles, places[article_id])

    chosen: list[_Trial] = []
    counts: Counter[EditKind] = Counter()
    limit = min(len(bases), _TRIES * options.max_edits)
    for done, base in enumerate(islice(_in_turn(bases, options.seed), limit)):
        on_progress("making edits", done, limit)
        for edit in _edits(base, source(base.article.id), options.seed):
            if counts[edit.kind] < options.max_edits:
                counts[edit.kind] += 1
                chosen.append(_Trial(base, edit))
        if all(counts[kind] >= options.max_edits for kind in EditKind):
            break
    return chosen


class _Source(NamedTuple):
    """What edits of an article's claims take from it, and its text in one lower-case line."""

    pool: Pool
    text: str


def _source(articles: list[Article], place: int) -> _Source:
    article = articles[place]
    own = [article.text[s.start : s.end] for s in article.sentences]
    pool = Pool.of(own, others=neighbours(articles, place))
    return _Source(pool, " ".join(article.text.split()).lower())


def _in_turn(bases: Sequence[Base], seed: int) -> Iterator[Base]:
    """Yield one claim of each article, then a second of each, all in an order of the seed's."""
    by_article: dict[str, list[Base]] = defaultdict(list)
    for base in bases:
        by_article[base.article.id].append(base)
    for article_id, some in by_article.items():
        _random(seed, article_id).shuffle(some)
    queues = list(by_article.values())
    _random(seed, "articles").shuffle(queues)
    for turn in zip_longest(*queues):
        yield from (base for base in turn if base is not None)


def _edits(base: Base, source: _Source, seed: int) -> list[Edit]:
    """Return the edits of a claim that are what they are labelled as, as far as can be told."""
    rng = _random(seed, base.article.id, base.text)
    made = edits(base.text, context=base.context, pool=source.pool, rng=rng)
    if base.leans:  # a claim only once its pronoun is a name
        return [edit for edit in made if edit.kind is EditKind.PRONOUN_TO_NAME]
    # What the article says elsewhere, word for word, is not false.
    return [edit for edit in made if edit.supported or edit.text.lower() not in source.text]


def _random(seed: int, *words: str) -> Random:
    return Random("\n".join((str(seed), *words)))  # noqa: S311  a sample, no secret


# --- judging them -------------------------------------------------------------------------------


def _judged(
    trials: Sequence[_Trial], validator: Validator, on_progress: OnProgress
) -> Iterator[_Judged]:
    """Ask the validator article by article: claims of one are read together."""
    by_article: dict[str, list[_Trial]] = defaultdict(list)
    for trial in trials:
        by_article[trial.base.article.id].append(trial)
    done = 0
    for some in by_article.values():
        on_progress("checking", done, len(trials))
        article = some[0].base.article
        claims = [Claim(article_id=article.id, text=trial.edit.text) for trial in some]
        yield from map(_Judged, some, validator.check(claims, article))
        done += len(some)
    on_progress("checking", done, len(trials))


def _kind(kind: EditKind, judged: Sequence[_Judged], options: EditOptions) -> KindResult:
    own = [one for one in judged if one.trial.edit.kind is kind]
    wrong = [one for one in own if one.wrong]
    supported = bool(own) and own[0].trial.edit.supported
    # The worst pass has the highest score, the worst refusal the lowest.
    wrong.sort(key=lambda one: one.verdict.score, reverse=not supported)
    return KindResult(
        kind=kind,
        supported=supported,
        judged=share_of(len(wrong), len(own)),
        examples=tuple(_example(one) for one in wrong[: options.examples]),
    )


def _example(one: _Judged) -> Example:
    verdict, base = one.verdict, one.trial.base
    detail = ""
    if isinstance(verdict, RejectedClaim):
        detail = f"{verdict.reason.value}: {verdict.detail}"
    return Example(
        source=base.article.source,
        base=base.text,
        text=one.trial.edit.text,
        score=verdict.score,
        detail=detail,
    )


def _total(kinds: Sequence[KindResult], *, supported: bool) -> float | None:
    return mean(
        kind.judged.share
        for kind in kinds
        if kind.supported is supported and kind.judged.count >= MIN_EDITS
    )
