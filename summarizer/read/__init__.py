"""The read stage: files and folders of text, Markdown, HTML and PDF become Articles."""

from summarizer.read.article import article_from_text, split_sentences
from summarizer.read.files import read_article, read_articles

__all__ = ["article_from_text", "read_article", "read_articles", "split_sentences"]
