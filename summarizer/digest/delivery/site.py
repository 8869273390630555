"""Deliver an edition as a page of a static site, with an index and an Atom feed (RFC 4287).

The feed is built with the standard library's ElementTree: it escapes everything, and Atom needs
a dozen elements. feedgen, the library for it, would bring lxml and its own clock.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote
from xml.etree import ElementTree

from summarizer.digest.config import Site
from summarizer.digest.delivery.embedded import Embedded, embedded, holds_articles
from summarizer.digest.delivery.folder import content, put, stem
from summarizer.digest.delivery.identity import stable_urn
from summarizer.digest.delivery.outcome import NotDelivered, Send, Tools
from summarizer.digest.state import State
from summarizer.digest.state.records import Edition, EditionLine
from summarizer.errors import StateError
from summarizer.files import own_files
from summarizer.render import to_html
from summarizer.render.escape import clean
from summarizer.render.fill import fill
from summarizer.render.letter import to_html_entry
from summarizer.render.phrases import counted, news_line, overview, title_of

_ATOM = "http://www.w3.org/2005/Atom"
FEED, INDEX = "feed.xml", "index.html"
# Characters that XML 1.0 (2.2) has no way to write; clean() takes the other controls.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class _Told(NamedTuple):
    """What an entry of the feed says of an edition; `content` is HTML."""

    title: str
    summary: str
    content: str


class SiteChannel:
    """Writes <edition>.html, feed.xml and index.html into a folder that a web server may serve.

    The same editions make the same bytes, whenever and however often it is done. With
    embed_articles that holds as long as a text is in the state, or in the page that is there.
    """

    def __init__(self, settings: Site, digest: str) -> None:
        self._settings = settings
        self._digest = digest

    def prepare(self, edition: Edition, key: str, tools: Tools) -> Send:
        """Return what writes the page of `edition`, pages that are missing, feed and index.

        It raises NotDelivered where a file is not ours.
        """
        return lambda: self._write(edition, tools)

    def _write(self, edition: Edition, tools: Tools) -> str:
        folder = self._settings.folder
        problem = self._put_page(edition, tools)
        lines = tools.state.editions.list(self._settings.keep)
        for line in lines:
            if not _page(folder, line.name).exists():  # made before the site was configured
                problem = self._put_page(_edition(line, edition, tools), tools) or problem
        cleared = "" if self._settings.embed_articles else self._clear_pages(tools.state)
        put(folder / FEED, self._feed(lines, edition, tools))
        put(folder / INDEX, self._index(lines))
        told = [f"{folder}: page, feed and index of {len(lines)} editions", problem, cleared]
        return "; ".join(filter(None, told))

    def _put_page(self, edition: Edition, tools: Tools) -> str:
        """Write the page of an edition; return what is damaged of its articles, "" if nothing."""
        path = _page(self._settings.folder, edition.name)
        embeds = self._settings.embed_articles
        held = embedded(edition, tools.state, there=path) if embeds else Embedded([])
        put(path, to_html(edition.brief, articles=held.articles, home=INDEX))
        return held.problem

    def _clear_pages(self, state: State) -> str:
        """Take the articles out of pages written while embed_articles was on; say of how many.

        Of older pages, too, than the index lists: whoever turns it off may have no right to them.
        """
        folder, cleared, left = self._settings.folder, 0, 0
        for name in sorted(own_files(folder)):
            if not name.endswith(".html") or not holds_articles(folder / name):
                continue
            try:
                edition = state.editions.named(name.removesuffix(".html"))
                if edition is None:
                    raise NotDelivered(f"the state has no edition of {name}")
                put(folder / name, to_html(edition.brief, home=INDEX))
                cleared += 1
            except (NotDelivered, StateError):
                left += 1
        told = f"articles taken out of {counted(cleared, 'page')}" if cleared else ""
        if left:
            kept = f"{counted(left, 'page')} could not be written anew without articles"
            told = f"{told}; {kept}" if told else kept
        return told

    def _index(self, lines: Sequence[EditionLine]) -> str:
        return fill(
            "letter/editions.html",
            title=clean(self._settings.title),
            feed=FEED,
            editions=[(_href(line.name), line) for line in lines],
        )

    def _feed(self, lines: Sequence[EditionLine], edition: Edition, tools: Tools) -> str:
        """Return the Atom feed of the editions `lines`, newest first."""
        feed = ElementTree.Element("feed", {"xmlns": _ATOM, "xml:lang": "en"})
        title = clean(self._settings.title)
        _child(feed, "id", stable_urn(self._digest))
        _child(feed, "title", title)
        _child(feed, "updated", _moment(max([edition.created, *(line.created for line in lines)])))
        _child(_child(feed, "author"), "name", title)
        _child(feed, "generator", "summarizer")
        _child(feed, "link", rel="alternate", type="text/html", href=self._address(INDEX))
        if self._settings.url:
            address = self._address(FEED)
            _child(feed, "link", rel="self", type="application/atom+xml", href=address)
        before = self._told_before()
        for line in lines:
            told = before.get(self._id(line.name))
            if told is None or line.number == edition.number:
                told = _told(_edition(line, edition, tools))
            self._entry(feed, line, told)
        ElementTree.indent(feed, " ")
        body = ElementTree.tostring(feed, encoding="unicode")
        return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'

    def _entry(self, feed: ElementTree.Element, line: EditionLine, told: _Told) -> None:
        entry = _child(feed, "entry")
        _child(entry, "id", self._id(line.name))
        _child(entry, "title", told.title)
        _child(entry, "updated", _moment(line.created))
        _child(entry, "published", _moment(line.created))
        href = self._address(_href(line.name))
        _child(entry, "link", rel="alternate", type="text/html", href=href)
        _child(entry, "summary", told.summary)
        _child(entry, "content", told.content, type="html")

    def _told_before(self) -> dict[str, _Told]:
        """Return by id what the feed says of its editions; {} where it is damaged or missing.

        What was published stays as it was, and 60 briefs need not be read again: 0.5 s a night.
        """
        path = self._settings.folder / FEED
        if path.name not in own_files(path.parent):
            return {}
        try:
            root = ElementTree.fromstring(content(path) or b"")  # noqa: S314 - a file of ours
        except (NotDelivered, ElementTree.ParseError):
            return {}
        found: dict[str, _Told] = {}
        for entry in root.iter(f"{{{_ATOM}}}entry"):
            texts = [entry.findtext(f"{{{_ATOM}}}{tag}") for tag in ("id", *_Told._fields)]
            if all(texts):
                name, *told = (text or "" for text in texts)
                found[name] = _Told(*told)
        return found

    def _id(self, edition_name: str) -> str:
        return stable_urn(self._digest, edition_name)

    def _address(self, name: str) -> str:
        base = self._settings.url
        return f"{base.rstrip('/')}/{name}" if base else name


def _told(edition: Edition) -> _Told:
    brief = edition.brief
    return _Told(
        title=title_of(brief) if brief.edition else edition.name,
        summary=f"{news_line(brief) or overview(brief)}.",
        content=to_html_entry(brief),
    )


def _child(
    parent: ElementTree.Element, tag: str, text: str | None = None, **attributes: str
) -> ElementTree.Element:
    child = ElementTree.SubElement(
        parent, tag, {name: _NO_XML.sub("", value) for name, value in attributes.items()}
    )
    if text is not None:
        child.text = _NO_XML.sub("", text)
    return child


def _edition(line: EditionLine, edition: Edition, tools: Tools) -> Edition:
    if line.number == edition.number:
        return edition
    found = tools.state.editions.get(line.number)
    if found is None:
        raise NotDelivered(f"the edition {line.name} is listed in the state, but not there")
    return found


def _page(folder: Path, edition_name: str) -> Path:
    return folder / f"{stem(edition_name)}.html"


def _href(edition_name: str) -> str:
    return quote(f"{stem(edition_name)}.html")


def _moment(moment: dt.datetime) -> str:
    """Return a time as RFC 3339 wants it, in UTC, to the second."""
    return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S}Z"
