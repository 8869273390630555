"""What the child that reads documents is asked and answers: JSON records, each with its length.

A request is two frames, a record and the document's bytes; a reply is one. A frame is its length
in bytes, 4 of them with the highest first, and then so many.
"""

from __future__ import annotations

import datetime as dt
import struct
from typing import Annotated, BinaryIO, Literal

from pydantic import Field, TypeAdapter

from summarizer.data import Article, Record, SkipReason
from summarizer.digest.fetch.feeds import Feed
from summarizer.read import Kind

LENGTH = struct.Struct(">I")
MAX_REPLY = 64_000_000  # bytes; an article of 10 MB has less


class AskedFeed(Record):
    """To read a feed, see fetch.feeds.read_feed."""

    kind: Literal["feed"] = "feed"
    limit_s: float
    url: str
    encoding: str | None = None


class AskedArticle(Record):
    """To read a document, see read.article_from_bytes."""

    kind: Literal["article"] = "article"
    limit_s: float
    source: str
    document: Kind
    title: str | None = None
    publisher: str | None = None
    published: dt.date | None = None
    encoding: str | None = None


class Ready(Record):
    """The child has started."""

    kind: Literal["ready"] = "ready"


class FeedRead(Record):
    """The feed that was asked for."""

    kind: Literal["feed"] = "feed"
    feed: Feed


class ArticleRead(Record):
    """The article that was asked for."""

    kind: Literal["article"] = "article"
    article: Article


class Refused(Record):
    """The document is no article, and why."""

    kind: Literal["refused"] = "refused"
    reason: SkipReason
    detail: str


class OutOfMemory(Record):
    """Reading took more memory than the child may have."""

    kind: Literal["memory"] = "memory"


Asked = AskedFeed | AskedArticle
Reply = Ready | FeedRead | ArticleRead | Refused | OutOfMemory

ASKED: TypeAdapter[Asked] = TypeAdapter(Annotated[Asked, Field(discriminator="kind")])
REPLY: TypeAdapter[Reply] = TypeAdapter(Annotated[Reply, Field(discriminator="kind")])


def framed(payload: bytes) -> bytes:
    """Return `payload` as a frame."""
    return LENGTH.pack(len(payload)) + payload


def read_frame(stream: BinaryIO) -> bytes | None:
    """Return the next frame, or None at the end of `stream`, be it in the middle of one."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    payload = stream.read(length)
    return payload if len(payload) == length else None
