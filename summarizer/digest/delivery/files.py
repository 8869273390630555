"""Deliver an edition as files by date: Markdown, HTML, JSON."""

from __future__ import annotations

from collections.abc import Callable

from summarizer.data import Brief
from summarizer.digest.config import Output
from summarizer.digest.delivery.folder import put, stem
from summarizer.digest.delivery.outcome import Send, Tools
from summarizer.digest.state.records import Edition
from summarizer.render import to_html, to_json, to_markdown

# JSON comes last: who sees it, a program most likely, finds the others there.
_FORMATS: dict[str, Callable[[Brief], str]] = {
    "md": to_markdown,
    "html": to_html,
    "json": to_json,
}


class FilesChannel:
    """Writes <folder>/<edition>.md, .html and .json."""

    def __init__(self, settings: Output) -> None:
        self._settings = settings

    def prepare(self, edition: Edition, key: str, tools: Tools) -> Send:
        """Return what writes the files and raises NotDelivered where one is not ours."""
        return lambda: self._write(edition)

    def _write(self, edition: Edition) -> str:
        formats = [name for name in _FORMATS if name in self._settings.formats]
        for name in formats:
            path = self._settings.folder / f"{stem(edition.name)}.{name}"
            put(path, _FORMATS[name](edition.brief))
        return f"{self._settings.folder}: {', '.join(formats)}"
