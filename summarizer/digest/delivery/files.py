"""Deliver an edition as files by date: HTML, Markdown, JSON."""

from __future__ import annotations

from pathlib import Path

from summarizer.digest.config import Output
from summarizer.digest.delivery.embedded import Embedded, embedded
from summarizer.digest.delivery.folder import put, stem
from summarizer.digest.delivery.outcome import Send, Tools
from summarizer.digest.state import State
from summarizer.digest.state.records import Edition
from summarizer.last_page import remember_page
from summarizer.render import to_html, to_json, to_markdown

# The Markdown links into the page. JSON comes last: who sees it, a program most likely, finds the
# others there.
_FORMATS = ("html", "md", "json")


class FilesChannel:
    """Writes <folder>/<edition>.html, .md and .json."""

    def __init__(self, settings: Output) -> None:
        self._settings = settings

    def prepare(self, edition: Edition, key: str, tools: Tools) -> Send:
        """Return what writes the files and raises NotDelivered where one is not ours."""
        return lambda: self._write(edition, tools.state)

    def _write(self, edition: Edition, state: State) -> str:
        folder, name = self._settings.folder, stem(edition.name)
        formats = [one for one in _FORMATS if one in self._settings.formats]
        paths = {one: folder / f"{name}.{one}" for one in formats}
        told = [f"{folder}: {', '.join(formats)}"]
        if "html" in paths:
            told += self._put_page(paths["html"], edition, state)
        if "md" in paths:
            page = paths["html"].name if "html" in paths else ""
            put(paths["md"], to_markdown(edition.brief, page=page))
        if "json" in paths:
            put(paths["json"], to_json(edition.brief))
        return "; ".join(told)

    def _put_page(self, path: Path, edition: Edition, state: State) -> list[str]:
        """Write the page and remember where it is; return what is damaged of its articles."""
        embeds = self._settings.embed_articles
        held = embedded(edition, state, there=path) if embeds else Embedded([])
        put(path, to_html(edition.brief, articles=held.articles))
        if _is_last(edition, state):
            remember_page(path)
        return [held.problem] if held.problem else []


def _is_last(edition: Edition, state: State) -> bool:
    """Tell whether no edition is newer: one that is delivered again is not the last brief."""
    last = state.editions.last()
    return last is None or last.number <= edition.number
