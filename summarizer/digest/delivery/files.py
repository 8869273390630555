"""Deliver an edition as files by date: Markdown, HTML, JSON."""

from __future__ import annotations

from collections.abc import Callable

from summarizer.data import Brief
from summarizer.digest.config import Output
from summarizer.digest.delivery.folder import put, stem
from summarizer.digest.delivery.outcome import Tools
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

    repeatable = True

    def __init__(self, settings: Output) -> None:
        self._settings = settings

    def send(self, edition: Edition, key: str, tools: Tools) -> str:
        """Write the files; return how many are new.

        Raises:
            NotDelivered: one cannot be written, or is somebody else's.
        """
        formats = [name for name in _FORMATS if name in self._settings.formats]
        for name in formats:
            path = self._settings.folder / f"{stem(edition.name)}.{name}"
            put(path, _FORMATS[name](edition.brief))
        return f"{self._settings.folder}: {', '.join(formats) or 'no format is configured'}"
