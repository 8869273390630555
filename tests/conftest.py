"""Builders of records about invented things, and models that answer from a queue."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import settings

from summarizer.data import (
    Article,
    Brief,
    Claim,
    Conflict,
    ConflictKind,
    Coverage,
    Evidence,
    Fact,
    ModelInfo,
    RejectedClaim,
    RejectReason,
    RunInfo,
    Sentence,
    Side,
    SkippedArticle,
    Source,
    Story,
    SupportedClaim,
    Versions,
    Writer,
)
from summarizer.model.interface import (
    Answer,
    FinishReason,
    Judgement,
    OnUsage,
    Prompt,
    Question,
    Strategy,
    Usage,
)
from tests.guards import (  # noqa: F401 - fixtures
    no_engine_unless_marked,
    shared_dir,
    state_folder_of_its_own,
)

# Machines that run the tests share their cores, so a slow example is no failure; and the same
# commit gives the same result. `HYPOTHESIS_PROFILE=search pytest` looks for new examples.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

# `make test &` hands down an ignored Ctrl-C, and some tests press it.
signal.signal(signal.SIGINT, signal.default_int_handler)

BRIDGE = (
    "The Velmora bridge opened to traffic on Tuesday.",
    "It cost 340 million crowns, the harbour office said.",
    "Mayor Ilse Tarn did not attend the opening.",
)
BRIDGE_RETOLD = (
    "Traffic began to cross the new bridge at Velmora on Tuesday.",
    "The harbour office put its price at 350 million crowns.",
)


# --- builders ---------------------------------------------------------------------------------


def make_article(
    *sentences: str,
    title: str = "Velmora bridge opens",
    source: str = "articles/velmora-bridge.txt",
    publisher: str | None = "Velmora Gazette",
    published: dt.date | None = dt.date(2031, 5, 6),
    between: str = " ",
) -> Article:
    """Build an article whose text is `sentences` (default BRIDGE) joined by `between`."""
    spans: list[Sentence] = []
    text = ""
    for sentence in sentences or BRIDGE:
        text += between if text else ""
        spans.append(Sentence(start=len(text), end=len(text) + len(sentence)))
        text += sentence
    return Article(
        id=hashlib.sha256(text.encode()).hexdigest(),
        source=source,
        title=title,
        publisher=publisher,
        published=published,
        language="en",
        text=text,
        sentences=tuple(spans),
    )


def make_evidence(article: Article | None = None, *sentence_ids: int) -> Evidence:
    """Quote `article` from the first to the last of neighbouring `sentence_ids` (default 1)."""
    article = article or make_article()
    ids = sentence_ids or (1,)
    start, end = article.sentences[ids[0] - 1].start, article.sentences[ids[-1] - 1].end
    return Evidence(
        article_id=article.id,
        sentence_ids=ids,
        start=start,
        end=end,
        quote=article.text[start:end],
    )


def make_claim(
    text: str | None = None,
    article: Article | None = None,
    *,
    offered: tuple[int, ...] = (1,),
    writer: Writer = Writer.MODEL,
) -> Claim:
    """Build a claim about `article`; by default it is the first offered sentence."""
    article = article or make_article()
    if text is None:
        text = article.sentence_text(offered[0])
    return Claim(article_id=article.id, text=text, offered=offered, writer=writer)


def make_supported(
    text: str | None = None,
    article: Article | None = None,
    *,
    ids: tuple[int, ...] = (1,),
    writer: Writer = Writer.MODEL,
    score: float = 0.9,
) -> SupportedClaim:
    """Build a claim of `article` that rests on its sentences `ids`, neighbours of one another."""
    article = article or make_article()
    return SupportedClaim(
        claim=make_claim(text, article, offered=ids, writer=writer),
        evidence=(make_evidence(article, *ids),),
        score=score,
        checks=("schema", "evidence", "facts"),
    )


def make_rejected(
    text: str = "The bridge cost 900 million crowns.",
    article: Article | None = None,
    *,
    reason: RejectReason = RejectReason.NUMBER,
    detail: str = "900 is not in the evidence",
    nearest: int | None = 2,
) -> RejectedClaim:
    """Build a refused claim whose nearest sentence has the id `nearest`."""
    article = article or make_article()
    return RejectedClaim(
        claim=make_claim(text, article),
        reason=reason,
        detail=detail,
        nearest=None if nearest is None else make_evidence(article, nearest),
        score=0.2,
    )


def make_fact(
    *claims: SupportedClaim,
    id: str = "fact-1",
    text: str | None = None,
    origins: int | None = None,
) -> Fact:
    """Build a fact in the wording of its first claim; by default every article is an origin."""
    claims = claims or (make_supported(),)
    if origins is None:
        origins = len({claim.claim.article_id for claim in claims})
    return Fact(id=id, text=text or claims[0].claim.text, claims=claims, origins=origins)


def make_conflict(
    first: Fact, second: Fact, *, kind: ConflictKind = ConflictKind.NUMBER, values: Sequence[str]
) -> Conflict:
    """Set the first citation of one fact against that of another."""
    return Conflict(
        kind=kind,
        first=Side(fact_id=first.id, evidence=first.citations[0], value=values[0]),
        second=Side(fact_id=second.id, evidence=second.citations[0], value=values[1]),
    )


def make_story(
    *facts: Fact,
    id: str = "story-1",
    headline: str = "Velmora bridge opens",
    conflicts: tuple[Conflict, ...] = (),
    origins: int | None = None,
) -> Story:
    """Build a story of `facts` and of the articles that they cite."""
    facts = facts or (make_fact(),)
    article_ids = tuple(dict.fromkeys(a for fact in facts for a in fact.article_ids))
    return Story(
        id=id,
        headline=headline,
        facts=facts,
        conflicts=conflicts,
        article_ids=article_ids,
        origins=origins or len(article_ids),
    )


def make_sources(
    articles: Sequence[Article], *, origins: Mapping[str, int] | None = None
) -> tuple[Source, ...]:
    """List `articles` as sources 1, 2, …; each its own origin unless `origins` has its id."""
    return tuple(
        Source(
            article_id=article.id,
            number=number,
            source=article.source,
            title=article.title,
            publisher=article.publisher,
            published=article.published,
            origin=(origins or {}).get(article.id, number),
            writer=Writer.MODEL,
        )
        for number, article in enumerate(articles, start=1)
    )


def make_brief(
    *stories: Story,
    articles: Sequence[Article] = (),
    origins: Mapping[str, int] | None = None,
    rejected: tuple[RejectedClaim, ...] = (),
    skipped: tuple[SkippedArticle, ...] = (),
    run: RunInfo | None = None,
) -> Brief:
    """Build a brief whose coverage figures add up.

    Without stories it holds two of make_article()'s sentences, each a fact.
    """
    if not stories:
        article = make_article()
        articles = articles or (article,)
        second = make_fact(make_supported(None, article, ids=(2,)), id="fact-2")
        stories = (make_story(make_fact(make_supported(None, article)), second),)
    facts = [fact for story in stories for fact in story.facts]
    supported = sum(len(fact.claims) for fact in facts)
    return Brief(
        stories=stories,
        sources=make_sources(articles, origins=origins),
        rejected=rejected,
        skipped=skipped,
        coverage=Coverage(
            articles=len(articles),
            skipped=len(skipped),
            claims=supported + len(rejected),
            supported=supported,
            rejected=len(rejected),
            facts=len(facts),
            facts_left_out=0,
        ),
        model=ModelInfo(name="fake-1b", sha256="ab" * 32, strategy="whole"),
        versions=Versions(
            summarizer="0.1.0",
            prompt="extract_claims.v1",
            claims_schema="article_claims.v1",
            brief_schema="brief.v1",
        ),
        run=run or RunInfo(created=dt.datetime(2031, 5, 7, 6, 0, tzinfo=dt.UTC)),
    )


def make_bridge_brief() -> tuple[Brief, dict[str, Article]]:
    """Build a brief with a merged fact, a conflict and a rejection, and its three articles.

    Articles 1 and 2 are one origin and the fact of both is told by two claims.
    """
    first = make_article()
    second = make_article(
        *BRIDGE_RETOLD, title="A bridge for Velmora", source="articles/retold.html"
    )
    third = make_article(
        "Velmora opened its bridge.",
        "The price was 350 million crowns.",
        title="Opening day",
        source="articles/opening.pdf",
        publisher=None,
        published=None,
    )
    opened = make_fact(
        make_supported("The Velmora bridge opened on Tuesday.", first),
        make_supported("Traffic began to cross the bridge at Velmora on Tuesday.", second),
        id="opened",
        origins=1,
    )
    cheap = make_fact(make_supported("It cost 340 million crowns.", first, ids=(2,)), id="cheap")
    dear = make_fact(
        make_supported(None, third, ids=(2,), writer=Writer.EXTRACTIVE), id="dear", origins=1
    )
    story = make_story(
        opened,
        cheap,
        dear,
        conflicts=(make_conflict(cheap, dear, values=("340 million", "350 million")),),
        origins=2,
    )
    articles = (first, second, third)
    brief = make_brief(
        story,
        articles=articles,
        origins={first.id: 1, second.id: 1, third.id: 2},
        rejected=(make_rejected(article=first),),
    )
    return brief, {article.id: article for article in articles}


# --- the model double -------------------------------------------------------------------------


class FakeModel:
    """A summarizer.model.interface.Model that answers from a queue, in the order of the prompts.

    `history` holds every prompt it was given. An empty queue raises: a test that forgot an
    answer must not look like a model that had nothing to say.
    """

    def __init__(
        self,
        *,
        name: str = "fake-1b",
        strategy: Strategy = Strategy.WHOLE,
        context_tokens: int = 4096,
    ) -> None:
        self.name = name
        self.sha256: str | None = "ab" * 32
        self.strategy = strategy
        self.context_tokens = context_tokens
        self.history: list[Prompt] = []
        self.queue: deque[tuple[str, FinishReason] | BaseException] = deque()
        self.closed = False
        self.problems: tuple[str, ...] = ()

    def enqueue(self, answer: Any, *, finish: FinishReason = FinishReason.STOP) -> None:
        """Add one answer: text as it is, an exception to raise, anything else as JSON."""
        if isinstance(answer, BaseException):
            self.queue.append(answer)
            return
        text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
        self.queue.append((text, finish))

    def count_tokens(self, text: str) -> int:
        """Count four characters a token, at least one."""
        return max(1, len(text) // 4)

    def judge(self, questions: Sequence[Question]) -> Iterator[Judgement]:
        """Fail: nothing has been enqueued for a question."""
        raise AssertionError("FakeModel: judge() has no answers")

    def generate(
        self, prompts: Sequence[Prompt], *, on_usage: OnUsage | None = None
    ) -> Iterator[Answer]:
        """Answer each prompt with the next of the queue."""
        if self.closed:
            raise AssertionError("FakeModel: generate() after close()")
        for prompt in prompts:
            self.history.append(prompt)
            if not self.queue:
                raise AssertionError(f"FakeModel: no answer was enqueued for {prompt.id!r}")
            answer = self.queue.popleft()
            if isinstance(answer, BaseException):
                raise answer
            text, finish = answer
            if on_usage:
                on_usage(Usage(tokens_written=1, done_share=0.5))
            yield Answer(
                prompt_id=prompt.id,
                text=text,
                finish=finish,
                tokens_read=sum(self.count_tokens(s.text) for s in prompt.segments),
                tokens_written=self.count_tokens(text),
            )

    def close(self) -> None:
        """Refuse everything from now on."""
        self.closed = True


@pytest.fixture
def fake_models() -> Iterator[Callable[..., FakeModel]]:
    """Make FakeModels; answers that nobody asked for fail the test."""
    made: list[FakeModel] = []

    def make(**options: Any) -> FakeModel:
        made.append(FakeModel(**options))
        return made[-1]

    yield make
    fail_on_leftovers(made)


def fail_on_leftovers(models: Sequence[FakeModel | FakeVerifier]) -> None:
    """Fail the test if answers were enqueued that nobody asked for."""
    left = [(type(model).__name__, answer) for model in models for answer in model.queue]
    if left:
        name, first = left[0]
        pytest.fail(f"{name}: {len(left)} answers were never asked for, the first: {first!r}")


@pytest.fixture
def fake_model(fake_models: Callable[..., FakeModel]) -> FakeModel:
    """Make one FakeModel; answers that nobody asked for fail the test."""
    return fake_models()


class FakeVerifier:
    """A summarizer.model.verifier.Verifier with scripted log-odds, one a pair, in order.

    `asked` holds the pairs of evidence and claim of every call. Being asked for more than was
    scripted raises, and so does an exception among the scores when its turn comes.
    """

    def __init__(self, *scores: float | BaseException, name: str = "fake-verifier") -> None:
        self.name = name
        self.queue: deque[float | BaseException] = deque(scores)
        self.asked: list[list[tuple[str, str]]] = []

    def scores(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Give each pair the next score."""
        self.asked.append(list(pairs))
        return [self._next(claim) for _, claim in pairs]

    def close(self) -> None:
        """Nothing to free."""

    def _next(self, claim: str) -> float:
        if not self.queue:
            raise AssertionError(f"FakeVerifier: no score was scripted for {claim!r}")
        score = self.queue.popleft()
        if isinstance(score, BaseException):
            raise score
        return score


@pytest.fixture
def fake_verifiers() -> Iterator[Callable[..., FakeVerifier]]:
    """Make FakeVerifiers; scores that nobody asked for fail the test."""
    made: list[FakeVerifier] = []

    def make(*scores: float | BaseException) -> FakeVerifier:
        made.append(FakeVerifier(*scores))
        return made[-1]

    yield make
    fail_on_leftovers(made)
