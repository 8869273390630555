"""PDF files, through pypdf.

pypdf and not pypdfium2: it is pure Python, so a hostile file ends in an exception, where
PDFium, a C++ parser in our own process, may end the process.
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from summarizer.data import SkipReason
from summarizer.errors import ArticleError
from summarizer.read.page import Page

if TYPE_CHECKING:
    from pypdf import PdfReader

_MAX_PAGES = 300  # no news article has more; pypdf takes its time over each
_MAX_CHARS = 2_000_000
_HEADER_BYTES = 1024  # the header may stand this far in: ISO 32000-1, annex H.3.4.1
_FULL_LINE = 0.85  # of the usual length; less by more than that, and the line was ended
_MIN_RUNNING_PAGES = 2  # a line that opens this many pages, and half of them, is a header
_HYPHENATED = re.compile(r"(?<=[a-z])[-\u00ad\u2010]$")
_END = re.compile(r"[.!?…:][\"'”’)\]]*$")
_LIST_ITEM = re.compile(r"(?:[-*•▪–]|\d{1,2}[.)])\s")
_PAGE_NUMBER = re.compile(
    r"(?:.{0,60}\bpage |- ?)?\d{1,4}(?: ?(?:of|/) ?\d{1,4}| ?-)?", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")
_NO_TITLE = re.compile(
    r"untitled|microsoft word|.*\.(?:docx?|pdf|indd|qxd|tex|html?)$", re.IGNORECASE
)


def read_pdf(data: bytes, source: str) -> Page:
    """Return the text of a PDF, its lines joined to paragraphs and hyphenated words mended.

    Raises:
        ArticleError: UNREADABLE (damaged, or encrypted), TOO_LARGE (more than 300 pages, or
            2 million characters), EMPTY (its pages are images).
    """
    if b"%PDF-" not in data[:_HEADER_BYTES]:
        raise ArticleError(source, SkipReason.UNREADABLE, "it is not a PDF")
    reader = _open(data, source)
    if len(reader.pages) > _MAX_PAGES:
        detail = f"it has {len(reader.pages)} pages; {_MAX_PAGES} are read at most"
        raise ArticleError(source, SkipReason.TOO_LARGE, detail)
    pages = _texts(reader, source)
    text = _paragraphs(pages)
    if not any(map(str.isalnum, text)):
        raise ArticleError(
            source, SkipReason.EMPTY, "it has no text: its pages are images or empty"
        )
    title = _information(reader, "/Title")
    return Page(
        text=text,
        title=None if _NO_TITLE.match(title) else title or None,
        author=_information(reader, "/Author") or None,
        # not /CreationDate: for a printed page that is the day somebody printed it
    )


def _texts(reader: PdfReader, source: str) -> list[str]:
    """Return the text of each page; no page is read after the most that an article may have."""
    pages: list[str] = []
    chars = 0
    for page in reader.pages:
        pages.append(page.extract_text())
        chars += len(pages[-1])
        if chars > _MAX_CHARS:
            detail = "its text is over 2 million characters"
            raise ArticleError(source, SkipReason.TOO_LARGE, detail)
    return pages


def _information(reader: PdfReader, key: str) -> str:
    return str(reader.metadata.get(key) or "").strip() if reader.metadata else ""


def _open(data: bytes, source: str) -> PdfReader:
    from pypdf import PdfReader  # 0.1 s, so only where there is a PDF

    # It reports repairs of damaged files by logging, which would go to the terminal.
    logging.getLogger("pypdf").addHandler(logging.NullHandler())
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not _opens_without_password(reader):
        raise ArticleError(source, SkipReason.UNREADABLE, "the PDF is encrypted")
    return reader


def _opens_without_password(reader: PdfReader) -> bool:
    from pypdf.errors import DependencyError, PyPdfError

    try:
        return bool(reader.decrypt(""))
    except (DependencyError, PyPdfError, NotImplementedError):
        return False  # AES needs a library that we do not install


def _paragraphs(pages: list[str]) -> str:
    """Join the lines of the pages to paragraphs, one a line."""
    lines = [line for page in _without_running_lines(pages) for line in page]
    lengths = sorted(map(len, filter(None, lines)))
    usual = lengths[len(lengths) * 4 // 5] if lengths else 0
    paragraphs = [[""]]  # pieces of each: joining them line by line would take the square
    before = ""
    for line in lines:
        if not line:
            before = ""
        elif not before or _LIST_ITEM.match(line) or not _goes_on(before, line, usual):
            paragraphs.append([line])
        elif _HYPHENATED.search(before) and line[0].islower():
            paragraphs[-1][-1] = paragraphs[-1][-1][:-1]
            paragraphs[-1].append(line)
        else:
            paragraphs[-1].append(f" {line}")
        before = line
    return "\n".join(map("".join, paragraphs))


def _goes_on(before: str, line: str, usual: int) -> bool:
    """Tell whether the paragraph of `before` goes on in `line`, when lines have `usual` length."""
    first_word = line.split(" ", 1)[0]
    if len(before) + 1 + len(first_word) >= _FULL_LINE * usual:
        return True  # the word did not fit
    return not _END.search(before) and line[0].islower()


def _without_running_lines(pages: list[str]) -> Iterator[list[str]]:
    """Yield each page's lines without page numbers and what most pages begin or end with."""
    split = [[" ".join(line.split()) for line in page.strip().split("\n")] for page in pages]
    edges = Counter(_DIGITS.sub("0", line) for page in split for line in {page[0], page[-1]})
    often = max(_MIN_RUNNING_PAGES, len(pages) // 2)
    for number, page in enumerate(split):
        for edge in (-1, 0):
            line = page[edge] if page else ""
            header = number == 0 and edge == 0  # the first page's is often the paper's name
            running = edges[_DIGITS.sub("0", line)] >= often and not header
            if page and (running or _PAGE_NUMBER.fullmatch(line)):
                del page[edge]
        yield page
