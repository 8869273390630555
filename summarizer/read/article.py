"""Make an Article of a page: clean the text, find its sentences and what it says of itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import islice

from summarizer.data import Article, Sentence, SkipReason
from summarizer.errors import ArticleError
from summarizer.read.clean import clean_text, one_line, text_id, unwrap, without_surrogates
from summarizer.read.furniture import Line, is_furniture, line_kinds, without_marker
from summarizer.read.metadata import (
    dateline,
    dateline_agency,
    file_date,
    find_date,
    language_code,
    looks_english,
    read_head,
    rights_holder,
    shortened,
)
from summarizer.read.page import Page
from summarizer.read.sentences import Span, sentence_spans

# Bounds of the work that one hostile file can cause; far beyond any article.
_MAX_CHARS = 2_000_000
_MAX_LINES = 20_000
_MAX_SENTENCES = 20_000


def article_from_text(
    text: str,
    *,
    source: str,
    title: str | None = None,
    publisher: str | None = None,
    author: str | None = None,
    published: dt.date | None = None,
    language: str | None = None,
) -> Article:
    """Make an Article of plain text; what is not given is looked for in the text itself.

    However short the text is, it becomes an article; files that are too short are `read_article`'s
    to refuse.

    Raises:
        ArticleError: EMPTY (no letter and no digit) or TOO_LARGE (longer than any article).
    """
    page = Page(
        text=without_surrogates(text),
        title=title and without_surrogates(title),
        publisher=publisher,
        author=author,
        published=published,
        language=language,
    )
    return article_from_page(page, source=source)


def article_from_page(page: Page, *, source: str) -> Article:
    """Make an Article of what a reader found in one file.

    Raises:
        ArticleError: EMPTY (no letter and no digit) or TOO_LARGE (longer than any article).
    """
    text = unwrap(clean_text(page.text))
    lines = text.split("\n")
    if not any(map(str.isalnum, text)):
        raise ArticleError(source, SkipReason.EMPTY, "it has no text")
    if len(text) > _MAX_CHARS or len(lines) > _MAX_LINES:
        detail = f"its text has {len(text)} characters in {len(lines)} lines: no article has"
        raise ArticleError(source, SkipReason.TOO_LARGE, detail)
    kinds = line_kinds(lines, headings=page.headings, asides=page.asides)
    given_title = one_line(page.title or "") or None
    head = read_head(lines, kinds, given_title)
    for number in head.used:
        kinds[number] = Line.HEADING
    spans = _first_spans(_body_spans(text, lines, kinds)) or _first_spans(_any_spans(text, lines))
    if len(spans) > _MAX_SENTENCES:
        detail = f"it has more than {_MAX_SENTENCES} sentences"
        raise ArticleError(source, SkipReason.TOO_LARGE, detail)
    first = text[slice(*spans[0])]
    wire = next((found for line in lines[:20] if (found := dateline(line))), None)
    found_publisher = head.publisher or rights_holder(lines) or (wire and dateline_agency(wire))
    return Article(
        id=text_id(text),
        source=source,
        title=given_title or head.title or shortened(first),
        publisher=one_line(page.publisher or "") or found_publisher or None,
        author=one_line(page.author or "") or head.author,
        published=page.published
        or head.published
        or (find_date(wire["date"] or "") if wire else None)
        or file_date(source.rsplit("/", 1)[-1]),
        language=language_code(page.language)
        or head.language
        or ("en" if looks_english(text) else None),
        text=text,
        sentences=tuple(Sentence(start=start, end=end) for start, end in spans),
    )


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """Cut `text` into the sentences of its paragraphs; a line is a paragraph.

    Headings and the furniture of saved pages are no sentences, unless there is nothing else.
    Spans count characters of `text` as given, end exclusive, in order, not overlapping.
    """
    lines = text.split("\n")
    kinds = line_kinds(lines)
    spans = list(_body_spans(text, lines, kinds)) or list(_any_spans(text, lines))
    return tuple(Sentence(start=start, end=end) for start, end in spans)


def _first_spans(spans: Iterator[Span]) -> tuple[Span, ...]:
    """Return `spans`, or the first of them, one more than there may be."""
    return tuple(islice(spans, _MAX_SENTENCES + 1))


def _body_spans(text: str, lines: Sequence[str], kinds: Sequence[Line]) -> Iterator[Span]:
    """Yield the sentences of the lines of prose."""
    start = 0
    for line, kind in zip(lines, kinds, strict=True):
        if kind is Line.PROSE:
            opening = _opening_length(line)
            for first, last in sentence_spans(text, start + opening, start + len(line)):
                sentence = text[first:last]
                if any(map(str.isalnum, sentence)) and not is_furniture(sentence):
                    yield first, last
        start += len(line) + 1


def _any_spans(text: str, lines: Sequence[str]) -> Iterator[Span]:
    """Yield the sentences of every line that has a word: for text that is all headings."""
    start = 0
    for line in lines:
        for first, last in sentence_spans(text, start, start + len(line)):
            if any(map(str.isalnum, text[first:last])):
                yield first, last
        start += len(line) + 1


def _opening_length(line: str) -> int:
    """Return how much of `line` stands before its first sentence: list marker, dateline."""
    marker = len(line) - len(without_marker(line))
    found = dateline(line[marker:])
    return marker + (found.end() if found else 0)
