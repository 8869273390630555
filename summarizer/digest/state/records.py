"""What the state hands out: runs, editions, deliveries, remembered articles, stories and facts."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from pydantic import Field

from summarizer.data import Brief, Fact, Record, SkippedArticle, StoryStatus


class SeenInput(Record):
    """What became of a file or page with certain bytes: an article, or the reason why not."""

    article_id: str | None = None
    skipped: SkippedArticle | None = None


class FetchRecord(Record):
    """What is known of a URL that was asked for."""

    url: str
    etag: str = ""
    last_modified: str = ""
    status: int = Field(default=0, description="of the last answer; 0: there was none")
    fetched: dt.datetime | None = Field(default=None, description="the last answer of 200 or 304")
    input_hash: str = Field(default="", description="of the last content, see Inputs.seen")
    failures: int = Field(default=0, ge=0, description="in a row")
    not_before: dt.datetime | None = Field(default=None, description="Retry-After of the host")
    problem: str = Field(default="", description="what went wrong the last time")


class Outcome(StrEnum):
    """How a run ended."""

    RUNNING = "running"  # or killed: nobody came to write down how it ended
    DONE = "done"
    NOTHING_NEW = "nothing new"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    KILLED = "killed"  # found by a later run


class RunRecord(Record):
    """One run of the digest."""

    number: int
    id: str = Field(description="in every line of its log")
    started: dt.datetime
    ended: dt.datetime | None = None
    outcome: Outcome = Outcome.RUNNING
    edition: int | None = None
    detail: str = ""
    counts: dict[str, float] = Field(default_factory=dict, description="counts and seconds")


class Event(Record):
    """One line of a run's log."""

    number: int
    at: dt.datetime
    level: str
    name: str
    fields: dict[str, Any] = Field(default_factory=dict)


class EditionInputs(Record):
    """Of what an edition was made, so that it can be made again."""

    fresh: tuple[str, ...] = Field(description="ids of the articles it tells for the first time")
    remembered: tuple[str, ...] = Field(default=(), description="ids of earlier articles beside")
    story_ids: tuple[str, ...] = Field(
        default=(), description="remembered stories it compares with"
    )
    extractions: dict[str, str] = Field(
        default_factory=dict, description="by article id, the recipe of the model's answer"
    )
    verdicts: dict[str, str] = Field(
        default_factory=dict, description="by article id, the key of the verdicts"
    )
    max_facts: int | None = None
    max_words: int | None = None


class Edition(Record):
    """One digest, as it was made."""

    number: int
    name: str = Field(description="its date, with .2 for the second of a day")
    run: int
    created: dt.datetime
    inputs: EditionInputs
    brief: Brief


class EditionLine(Record):
    """An edition without its content, for lists."""

    number: int
    name: str
    run: int
    created: dt.datetime
    articles: int
    stories: int
    facts: int
    rejected: int
    skipped: int


class RememberedArticle(Record):
    """An article of an earlier edition, as recall needs it."""

    article_id: str
    source: str
    edition: int
    keys: bytes = Field(description="digest.recall makes and reads them")
    story_id: str | None = None


class KnownStory(Record):
    """A story of earlier editions."""

    id: str = Field(description="the same from night to night")
    headline: str
    status: StoryStatus
    first_edition: int
    last_edition: int
    first_told: dt.date
    last_told: dt.date
    digests: int = Field(ge=1, description="editions that told it")


class KnownFact(Record):
    """A fact as an edition told it."""

    story_id: str
    edition: int
    kind: str = Field(description="a ChangeKind, or known")
    fact: Fact


class StoryNews(Record):
    """What an edition adds to a story."""

    story: KnownStory
    article_ids: tuple[str, ...] = Field(description="all its articles")
    facts: tuple[KnownFact, ...] = Field(description="told by this edition, shown or left out")
    replaced: tuple[str, ...] = Field(
        default=(), description="ids of facts that these stand in the place of"
    )
    absorbed: tuple[str, ...] = Field(
        default=(), description="ids of stories that turn out to be this one"
    )


class DeliveryState(StrEnum):
    """How far a delivery is."""

    PENDING = "pending"
    SENDING = "sending"  # recorded before; when a later run finds it, its end is unknown
    SENT = "sent"
    FAILED = "failed"  # surely not delivered; tried again next night
    UNKNOWN = "unknown"  # reported, never repeated
    GIVEN_UP = "given up"  # failed too often, or no longer configured


class Delivery(Record):
    """The delivery of one edition over one channel."""

    edition: int
    channel: str = Field(description="files, site, email, webhook, or email:NAME …")
    state: DeliveryState = DeliveryState.PENDING
    tries: int = 0
    key: str = Field(default="", description="stable: Message-ID or webhook id")
    started: dt.datetime | None = None
    ended: dt.datetime | None = None
    detail: str = ""
