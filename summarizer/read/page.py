"""What a format's reader hands over: text and what the file says about itself."""

from __future__ import annotations

import datetime as dt

from summarizer.data import Record


class Page(Record):
    """The text of one file before it is cleaned and cut, with its own metadata.

    `headings` and `asides` (captions, navigation) are lines that the markup itself marks as
    such; they are compared without regard to case and punctuation.
    """

    text: str
    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: dt.date | None = None
    language: str | None = None
    headings: tuple[str, ...] = ()
    asides: tuple[str, ...] = ()
