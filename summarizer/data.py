"""The records that the stages hand to one another: frozen, checked, no logic beyond look-ups."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Record(BaseModel):
    """Base of every record: frozen, and unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Sentence(Record):
    """The characters `text[start:end]` of an article, end exclusive."""

    start: int = Field(ge=0)
    end: int = Field(gt=0)


class Article(Record):
    """One news article, read and cut into sentences.

    Sentence ids count from 1: id `n` is `sentences[n - 1]`.
    Lines of the page that are not the article's own (menus, teasers, "Share this") stay in
    `text`, so that offsets hold, but are no sentences.
    """

    id: str = Field(description="SHA-256 of `text` as UTF-8, in hexadecimal")
    source: str = Field(description="the path or URL it was read from")
    title: str
    publisher: str | None = None
    author: str | None = None
    published: dt.date | None = None
    language: str | None = Field(default=None, description="ISO 639-1 code")
    text: str
    sentences: tuple[Sentence, ...]

    def sentence_text(self, sentence_id: int) -> str:
        """Return the text of sentence `sentence_id` (from 1)."""
        if not 1 <= sentence_id <= len(self.sentences):
            raise IndexError(f"article {self.source} has no sentence {sentence_id}")
        sentence = self.sentences[sentence_id - 1]
        return self.text[sentence.start : sentence.end]


class SkipReason(StrEnum):
    """Why a file did not become an article."""

    EMPTY = "empty"
    TOO_SHORT = "too_short"
    BINARY = "binary"
    UNREADABLE = "unreadable"
    UNSUPPORTED_TYPE = "unsupported_type"
    TOO_LARGE = "too_large"
    DUPLICATE = "duplicate"  # the same text, byte for byte, as another article of the run
    UNREACHABLE = "unreachable"  # a page or feed that could not be fetched
    FORBIDDEN = "forbidden"  # robots.txt forbids it, or its address may not be asked
    OLD = "old"  # older than the digest's window


class SkippedArticle(Record):
    """A file that did not become an article, and why."""

    source: str
    reason: SkipReason
    detail: str


class Evidence(Record):
    """A quote of one article: `article.text[start:end] == quote`, end exclusive."""

    article_id: str
    sentence_ids: tuple[int, ...]
    start: int = Field(ge=0)
    end: int = Field(gt=0)
    quote: str


class Writer(StrEnum):
    """Who worded a claim."""

    MODEL = "model"
    EXTRACTIVE = "extractive"  # a sentence of the article, chosen by code


class Claim(Record):
    """One self-contained factual statement, and the sentence ids its writer offered for it."""

    article_id: str
    text: str
    offered: tuple[int, ...] = ()
    writer: Writer = Writer.MODEL


class SupportedClaim(Record):
    """A claim its article supports, with the evidence that the validator found itself."""

    claim: Claim
    evidence: tuple[Evidence, ...] = Field(min_length=1)
    score: float = Field(ge=0, le=1, description="support, 0 to 1")
    checks: tuple[str, ...] = Field(description="names of the checks it passed, in order")


class RejectReason(StrEnum):
    """Why a claim was refused."""

    SCHEMA = "schema"
    NO_EVIDENCE = "no_evidence"
    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    NEGATION = "negation"
    NOT_ENTAILED = "not_entailed"
    INSTRUCTION = "instruction"
    EXAMPLE = "example"  # words of the prompt's worked example that the evidence lacks
    DUPLICATE = "duplicate"


class RejectedClaim(Record):
    """A claim that was refused, why, and the sentence of its article that came nearest."""

    claim: Claim
    reason: RejectReason
    detail: str
    nearest: Evidence | None = None
    score: float = Field(default=0.0, ge=0, le=1)


class ArticleSummary(Record):
    """What one article says: its claims, kept and refused."""

    article: Article
    headline: str
    supported: tuple[SupportedClaim, ...]
    rejected: tuple[RejectedClaim, ...]
    writer: Writer = Field(description="extractive where no model's claim could be used")


class Span(Record):
    """The characters `text[start:end]` of an article, end exclusive."""

    start: int = Field(ge=0)
    end: int = Field(gt=0)


class Side(Record):
    """One side of a difference: the fact, the sentence it rests on, the value that differs."""

    fact_id: str
    evidence: Evidence
    value: str
    mark: Span | None = Field(
        default=None,
        description="where `value` stands in the article, inside the evidence; None where the "
        "sentence says it in other words",
    )


class ChangeKind(StrEnum):
    """What became of a fact since an earlier brief."""

    NEW = "new"
    CHANGED = "changed"  # the same thing, with another value
    CONFIRMED = "confirmed"  # told before, and now by a further origin
    CONTRADICTED = "contradicted"  # told before, and now something says otherwise


class Change(Record):
    """What became of a fact since an earlier brief; `before` quotes that brief."""

    kind: ChangeKind
    before: Side | None = None
    after: Side | None = None


class Fact(Record):
    """Claims that say the same, merged: one wording, every citation."""

    id: str
    text: str
    claims: tuple[SupportedClaim, ...] = Field(min_length=1)
    refines: tuple[SupportedClaim, ...] = Field(
        default=(), description="claims that say less: the wording adds a number, name or date"
    )
    origins: int = Field(ge=1, description="independent origins; reprinted copy counts once")
    change: Change | None = Field(default=None, description="since the earlier brief, if any")

    @property
    def citations(self) -> tuple[Evidence, ...]:
        """Every piece of evidence of every claim, each once, in order."""
        claims = (*self.claims, *self.refines)
        return tuple(dict.fromkeys(e for claim in claims for e in claim.evidence))

    @property
    def article_ids(self) -> tuple[str, ...]:
        """The articles cited, each once, in order."""
        claims = (*self.claims, *self.refines)
        return tuple(dict.fromkeys(e.article_id for claim in claims for e in claim.evidence))


class ConflictKind(StrEnum):
    """What differs between the two sides of a conflict."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    PLACE = "place"
    POLARITY = "polarity"


class Conflict(Record):
    """Two facts about the same thing that cannot both be right."""

    kind: ConflictKind
    first: Side
    second: Side


class Update(Record):
    """A quantity that moved: two counts of one thing, each right in its time."""

    kind: ConflictKind
    earlier: Side
    later: Side


class StoryStatus(StrEnum):
    """How a story of a digest stands, seen over the nights."""

    NEW = "new"  # told for the first time
    DEVELOPING = "developing"  # told before, and there is news
    QUIET = "quiet"  # told before, and nothing came for some days


class StoryMemory(Record):
    """What a digest remembers of a story."""

    id: str = Field(description="the same from night to night")
    status: StoryStatus
    first_told: dt.date
    last_told: dt.date | None = Field(default=None, description="before this digest")
    digests: int = Field(default=0, ge=0, description="earlier digests that told it")


class QuietStory(Record):
    """A story that earlier digests told and of which nothing was heard for some days."""

    id: str
    headline: str
    first_told: dt.date
    last_told: dt.date


class Story(Record):
    """Articles about one event or development, and the facts they hold.

    The first fact is the lead: what the story is about, in one sentence.
    """

    id: str
    headline: str = Field(description="an article's title, or the lead where none has one")
    headline_article_id: str | None = Field(
        default=None, description="the article whose title the headline is"
    )
    facts: tuple[Fact, ...]
    left_out: tuple[Fact, ...] = Field(default=(), description="facts over the limits of the brief")
    conflicts: tuple[Conflict, ...] = ()
    updates: tuple[Update, ...] = ()
    article_ids: tuple[str, ...]
    origins: int = Field(ge=1, description="independent origins among its articles")
    known: int = Field(
        default=0, ge=0, description="facts that earlier digests told and this one does not repeat"
    )
    earlier: tuple[str, ...] = Field(
        default=(),
        description="ids of its articles of earlier digests that it does not cite",
    )
    follows: tuple[str, ...] = Field(
        default=(),
        description="of a wholly new story, ids of the earlier articles of its storyline's last",
    )
    memory: StoryMemory | None = Field(default=None, description="in a digest")


class Storyline(Record):
    """Stories that follow one another: one development over weeks or months, oldest first."""

    id: str
    story_ids: tuple[str, ...] = Field(min_length=2)


class Source(Record):
    """An article as the brief lists it: everything but the text.

    Articles of one `origin` are copies of, or retell, one report.
    """

    article_id: str
    number: int = Field(ge=1, description="the number that citations show")
    source: str
    title: str
    publisher: str | None = None
    published: dt.date | None = None
    origin: int = Field(ge=1)
    writer: Writer


class Coverage(Record):
    """How much was read, made, kept and refused."""

    articles: int
    skipped: int
    claims: int = Field(description="claims made by the model or by extraction")
    supported: int
    rejected: int
    facts: int = Field(description="facts shown in the brief")
    facts_left_out: int = Field(description="facts over --max-facts or --max-words")
    quoted: int = Field(
        default=0, description="sentences cited beside the claims: they say a fact, too, or dispute"
    )
    remembered: int = Field(
        default=0,
        ge=0,
        description="of the articles, those of earlier digests that a story goes on from",
    )


class ModelInfo(Record):
    """The model that wrote the claims; `name` is "none" where none did."""

    name: str
    sha256: str | None = None
    strategy: str = "extractive"
    adapter: str = Field(default="", description="file name of the LoRA adapter put on it")
    reproducible: bool = Field(
        default=False, description="no claim depends on what else was summarised in the same run"
    )


class ValidatorInfo(Record):
    """What the claims were checked with, and how often it is wrong on labelled news."""

    verifier: str = Field(description='the entailment model; "none": deterministic checks alone')
    strictness: float = Field(ge=0, le=1)
    threshold: float = Field(ge=0, le=1, description="least score of a supported claim")
    false_pass: float = Field(ge=0, le=1, description="expected: unsupported claims that pass")
    false_strip: float = Field(ge=0, le=1, description="expected: supported claims refused")


class Versions(Record):
    """Versions of everything that shapes a brief."""

    summarizer: str
    prompt: str
    claims_schema: str
    brief_schema: str


class GoneFact(Record):
    """A fact of the earlier brief whose article was read again and says it no more."""

    fact_id: str
    text: str
    evidence: Evidence = Field(description="the quote of the earlier brief")
    source: str = Field(description="the path or URL that was read again")


class Since(Record):
    """The earlier brief that this one is compared with."""

    created: dt.datetime
    known: int = Field(ge=0, description="facts that it told already, unchanged")
    gone: tuple[GoneFact, ...] = ()


class ReferenceCoverage(Record):
    """How much of a list of reference facts the brief tells, and at what length."""

    facts: int = Field(ge=0, le=1_000_000_000, description="reference facts")
    covered: float = Field(ge=0, le=1, description="mean coverage, 0 to 1")
    words: int = Field(ge=0, description="words of the facts of the brief")
    missing: tuple[str, ...] = Field(
        default=(), description="reference facts that it does not tell"
    )


class UnreadArticle(Record):
    """An article that the model has not read, told in its own sentences, and why."""

    article_id: str
    source: str
    reason: str


class RunInfo(Record):
    """What may differ between two runs over the same input."""

    created: dt.datetime
    seconds: dict[str, float] = Field(default_factory=dict, description="wall time by stage")
    tokens_read: int = 0
    tokens_written: int = 0
    warnings: tuple[str, ...] = ()


class Brief(Record):
    """A brief: stories of cited facts, and everything needed to check them."""

    stories: tuple[Story, ...]
    storylines: tuple[Storyline, ...] = ()
    sources: tuple[Source, ...]
    rejected: tuple[RejectedClaim, ...]
    skipped: tuple[SkippedArticle, ...]
    coverage: Coverage
    since: Since | None = None
    quiet: tuple[QuietStory, ...] = Field(
        default=(), description="stories that have gone quiet since the digest before"
    )
    unread: tuple[UnreadArticle, ...] = Field(
        default=(), description="articles for which the time of the model did not suffice"
    )
    edition: str = Field(
        default="", description="the digest's name: its date, with .2 for the second of a day"
    )
    reference: ReferenceCoverage | None = None
    model: ModelInfo
    validator: ValidatorInfo | None = None
    versions: Versions
    run: RunInfo

    def _repr_html_(self) -> str:
        """Return the page of this brief in a frame of its own, as notebooks show it."""
        # Late, and against the layers: notebooks ask the record itself, and a record that could
        # be given its renderer would be one that needs setting up.
        from summarizer.render.notebook import to_frame

        return to_frame(self)
