"""A news brief you can check: a local model writes claims, code proves each one or refuses it."""

from __future__ import annotations

from summarizer.data import (
    Article,
    ArticleSummary,
    Brief,
    Claim,
    RejectedClaim,
    SupportedClaim,
)
from summarizer.errors import SummarizerError
from summarizer.model import open_verifier
from summarizer.pipeline import BriefOptions, Made, brief, make_brief, summarize
from summarizer.read import article_from_text, read_article
from summarizer.render import to_html
from summarizer.validate import Validator, check_support

__all__ = [
    "Article",
    "ArticleSummary",
    "Brief",
    "BriefOptions",
    "Claim",
    "Made",
    "RejectedClaim",
    "SummarizerError",
    "SupportedClaim",
    "Validator",
    "article_from_text",
    "brief",
    "check_support",
    "make_brief",
    "open_verifier",
    "read_article",
    "summarize",
    "to_html",
]
