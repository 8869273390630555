"""The read stage: files and folders of text, Markdown, HTML and PDF become Articles."""

from summarizer.read.article import article_from_text, split_sentences
from summarizer.read.content import READER_VERSION, Kind, article_from_bytes
from summarizer.read.files import (
    file_kind,
    find_files,
    read_article,
    read_articles,
    read_bytes,
    source_name,
)

__all__ = [
    "READER_VERSION",
    "Kind",
    "article_from_bytes",
    "article_from_text",
    "file_kind",
    "find_files",
    "read_article",
    "read_articles",
    "read_bytes",
    "source_name",
    "split_sentences",
]
