"""Get claims out of articles: with a model (whole or guided), or by choosing sentences."""

from __future__ import annotations

from summarizer.extract.extraction import Extraction, ExtractOptions, extract_claims
from summarizer.extract.prompts import EXTRACT_VERSION, SHORTEN_VERSION
from summarizer.extract.salience import leans, salient_sentences, telling_number
from summarizer.extract.sentences import sentence_claims

__all__ = [
    "EXTRACT_VERSION",
    "SHORTEN_VERSION",
    "ExtractOptions",
    "Extraction",
    "extract_claims",
    "leans",
    "salient_sentences",
    "sentence_claims",
    "telling_number",
]
