"""HTML pages, through trafilatura: the article's text out of the page around it."""

from __future__ import annotations

import logging
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from summarizer.data import SkipReason
from summarizer.errors import ArticleError
from summarizer.files import says_it_is_ours
from summarizer.read.clean import one_line
from summarizer.read.decode import decode
from summarizer.read.metadata import find_date
from summarizer.read.page import Page

if TYPE_CHECKING:
    from types import ModuleType

_HEAD_BYTES = 2048  # where the standard wants the encoding declared (it says 1024)
_CHARSET = re.compile(
    rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE
)
_LANGUAGE = re.compile(r"""<html\b[^>]{0,500}?\blang\s*=\s*["']?([A-Za-z-]{2,20})""", re.IGNORECASE)
# No search through the visible text: it finds the dates of comments and other articles. The
# bounds are fixed because htmldate's default, today, would make reading depend on the day.
_DATE_OPTIONS = {
    "original_date": True,
    "extensive_search": False,
    "min_date": "1990-01-01",
    "max_date": "2100-01-01",
}
_HEAD_CHARS = 10_000  # where <html> stands, licences and comments before it included
_MAX_ASIDE = 500  # characters; a longer caption is read as text


def read_html(data: bytes, source: str) -> Page:
    """Return the article of a page with what the page's metadata says of it.

    Raises:
        ArticleError: EMPTY, there is no text on the page; UNSUPPORTED_TYPE, it is a brief of ours.
    """
    declared = _CHARSET.search(data[:_HEAD_BYTES])
    markup = decode(data, declared=declared[1].decode("ascii") if declared else None)
    if says_it_is_ours(markup):
        raise ArticleError(source, SkipReason.UNSUPPORTED_TYPE, "a brief that summarizer wrote")
    if "<html" not in markup[:_HEAD_CHARS].lower():
        markup = f"<html><body>{markup}</body></html>"  # trafilatura refuses fragments
    tree = _trafilatura().load_html(markup)
    if tree is None:
        raise ArticleError(source, SkipReason.EMPTY, "there is no text on the page")
    headings = _texts(tree, "//h1|//h2|//h3|//h4|//h5|//h6")
    asides = _texts(tree, "//figcaption|//aside//a|//nav//a|//footer//p")
    found = _trafilatura().bare_extraction(
        markup,
        include_comments=False,
        include_tables=False,
        with_metadata=True,
        date_extraction_params=_DATE_OPTIONS,
    )
    text = (found.text if found else None) or _all_text(markup)
    language = _LANGUAGE.search(markup[:_HEAD_CHARS])
    return Page(
        text=text,
        title=_title(found),
        publisher=_text_of(found, "sitename"),
        author=_text_of(found, "author"),
        published=find_date(_text_of(found, "date") or ""),
        language=language[1] if language else None,
        headings=headings,
        asides=asides,
    )


@cache
def _trafilatura() -> ModuleType:
    import trafilatura  # 0.2 s, so only where there is HTML

    for name in ("htmldate", "justext"):  # they report through logging, to the terminal
        logging.getLogger(name).addHandler(logging.NullHandler())
    return trafilatura


def _all_text(markup: str) -> str:
    """Return the text of a page in which trafilatura finds no article."""
    _, text, _ = _trafilatura().baseline(markup)
    return str(text or _trafilatura().html2txt(markup) or "")


def _texts(tree: Any, path: str) -> tuple[str, ...]:
    texts = (one_line("".join(element.itertext())) for element in tree.xpath(path))
    return tuple(dict.fromkeys(text for text in texts if 0 < len(text) <= _MAX_ASIDE))


def _text_of(found: Any, field: str) -> str | None:
    return one_line(str(getattr(found, field, None) or "")) or None


def _title(found: Any) -> str | None:
    """Return the title without the site's name after it."""
    title = _text_of(found, "title")
    site = _text_of(found, "sitename")
    if title and site:
        title = re.sub(rf"\s+[|–—·-]\s+{re.escape(site)}$", "", title, flags=re.IGNORECASE) or title
    return title
