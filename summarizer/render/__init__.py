"""Brief -> Markdown, HTML, JSON and a terminal summary; and back from JSON."""

from summarizer.render.brief_json import BRIEF_SCHEMA, brief_schema, from_json, to_json
from summarizer.render.escape import clean
from summarizer.render.letter import to_letter
from summarizer.render.markdown import to_markdown
from summarizer.render.page import to_html
from summarizer.render.terminal import print_summary

__all__ = [
    "BRIEF_SCHEMA",
    "brief_schema",
    "clean",
    "from_json",
    "print_summary",
    "to_html",
    "to_json",
    "to_letter",
    "to_markdown",
]
