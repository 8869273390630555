"""Make an Article of the bytes of a file or page, whatever they are."""

from __future__ import annotations

import datetime as dt
import os
import unicodedata
from collections.abc import Callable
from typing import Literal

from summarizer.data import Article, SkipReason
from summarizer.errors import ArticleError
from summarizer.read.article import article_from_page
from summarizer.read.clean import without_surrogates
from summarizer.read.decode import binary_kind, decode
from summarizer.read.html import read_html
from summarizer.read.markdown import read_markdown
from summarizer.read.page import Page
from summarizer.read.pdf import read_pdf

# Of everything that turns bytes into an Article. Raise it when the same bytes become another
# article: what a digest has seen under another number it reads again.
READER_VERSION = "1"

# Below this a file is a headline, a teaser or what a paywall left: too little to say anything
# about with evidence. A one-paragraph news brief has more words.
MIN_WORDS = 40
MIN_SENTENCES = 2

Kind = Literal["html", "text", "markdown", "pdf"]
Amend = Callable[[Page], Page]


def article_from_bytes(
    data: bytes,
    *,
    source: str,
    kind: Kind,
    title: str | None = None,
    publisher: str | None = None,
    published: dt.date | None = None,
    encoding: str | None = None,
) -> Article:
    """Make an Article of the content of a page or file.

    Args:
        data: the bytes as they came.
        source: how the brief names it.
        kind: what the bytes are.
        title: for content whose own metadata has none; so are `publisher` and `published`.
        publisher: a feed's title, for instance.
        published: before any date that is only found in the text.
        encoding: as declared outside, by HTTP for instance; UTF-8 that is valid is UTF-8 still.

    Raises:
        ArticleError: it cannot be read as an article, as for read_article.
    """

    def amend(page: Page) -> Page:
        found = {
            "title": page.title or (title and without_surrogates(title)),
            "publisher": page.publisher or (publisher and without_surrogates(publisher)),
            "published": page.published or published,
        }
        return page.model_copy(update=found)

    if not data.strip():
        raise ArticleError(source, SkipReason.EMPTY, "it is empty")
    if encoding and kind != "pdf" and not binary_kind(data):
        data = decode(data, declared=encoding).encode("utf-8", errors="replace")
    return read_content(_SUFFIXES[kind], data, source, amend=amend)


def read_content(
    suffix: str, data: bytes, source: str, *, amend: Amend = lambda page: page
) -> Article:
    """Read `data` as what files with `suffix` hold; `amend` may add to what the page says.

    Raises:
        ArticleError: it cannot be read, or is too short.
    """
    try:
        article = article_from_page(amend(READERS[suffix](data, source)), source=source)
    except ArticleError:
        raise
    except Exception as error:  # parsers of hostile files may raise anything
        detail = f"it is damaged: {type(error).__name__}: {printable(str(error))[:200]}"
        raise ArticleError(source, SkipReason.UNREADABLE, detail) from error
    _check_length(article)
    return article


def _refuse_binary(data: bytes, source: str) -> None:
    kind = binary_kind(data)
    if kind:
        raise ArticleError(source, SkipReason.BINARY, f"it is {kind}, not text")


def _read_plain(data: bytes, source: str) -> Page:
    _refuse_binary(data, source)
    return Page(text=decode(data))


def _read_markdown(data: bytes, source: str) -> Page:
    _refuse_binary(data, source)
    return read_markdown(decode(data))


def _read_html(data: bytes, source: str) -> Page:
    _refuse_binary(data, source)
    return read_html(data, source)


KINDS: dict[str, Kind] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf",
}
_BY_KIND: dict[Kind, Callable[[bytes, str], Page]] = {
    "text": _read_plain,
    "markdown": _read_markdown,
    "html": _read_html,
    "pdf": read_pdf,
}
_SUFFIXES: dict[Kind, str] = {"text": ".txt", "markdown": ".md", "html": ".html", "pdf": ".pdf"}
READERS = {suffix: _BY_KIND[kind] for suffix, kind in KINDS.items()}


def _check_length(article: Article) -> None:
    words = sum(
        len(article.text[sentence.start : sentence.end].split()) for sentence in article.sentences
    )
    if len(article.sentences) < MIN_SENTENCES or words < MIN_WORDS:
        detail = (
            f"{len(article.sentences)} sentences with {words} words; an article has at least "
            f"{MIN_SENTENCES} with {MIN_WORDS}"
        )
        raise ArticleError(article.source, SkipReason.TOO_SHORT, detail)


def printable(text: str) -> str:
    """Return `text` without the bytes and control characters that a file name may have."""
    text = os.fsencode(text).decode("utf-8", errors="replace")
    return "".join(
        "\ufffd" if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else char
        for char in text
    )
