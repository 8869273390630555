"""A reader without a child process, for tests of what is read and not of how."""

from __future__ import annotations

from typing import Any

from summarizer.data import Article
from summarizer.digest.fetch.feeds import Feed, read_feed
from summarizer.read import article_from_bytes


class HereReader:
    """Reads in this process."""

    def feed(self, data: bytes, *, url: str, encoding: str | None = None) -> Feed:
        return read_feed(data, url=url, encoding=encoding)

    def article(self, data: bytes, **details: Any) -> Article:
        return article_from_bytes(data, **details)
