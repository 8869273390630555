"""Deliver an edition as a page of a static site, with an index and an Atom feed (RFC 4287).

The feed is built with the standard library's ElementTree: it escapes everything, and Atom needs
a dozen elements. feedgen, the library for it, would bring lxml and its own clock.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

from summarizer.digest.config import Site
from summarizer.digest.delivery.folder import put, stem
from summarizer.digest.delivery.identity import stable_urn
from summarizer.digest.delivery.outcome import NotDelivered, Send, Tools
from summarizer.digest.state.records import Edition, EditionLine
from summarizer.render import to_html
from summarizer.render.escape import clean
from summarizer.render.html import to_html_entry
from summarizer.render.pages import fill
from summarizer.render.phrases import news_line, overview, title_of

_ATOM = "http://www.w3.org/2005/Atom"
FEED, INDEX = "feed.xml", "index.html"
# Characters that XML 1.0 (2.2) has no way to write; clean() takes the other controls.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class SiteChannel:
    """Writes <edition>.html, feed.xml and index.html into a folder that a web server may serve.

    The same editions make the same bytes, whenever and however often it is done.
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
        folder, keep = self._settings.folder, self._settings.keep
        put(_page(folder, edition.name), _page_of(edition))
        lines = tools.state.editions.list(keep)
        listed = [_edition(line, edition, tools) for line in lines]
        for one in listed:
            if not _page(folder, one.name).exists():  # written before the site was configured
                put(_page(folder, one.name), _page_of(one))
        put(folder / FEED, self._feed(listed or [edition]))
        put(folder / INDEX, self._index(lines))
        return f"{folder}: page, feed and index of {len(listed)} editions"

    def _index(self, lines: Sequence[EditionLine]) -> str:
        return fill(
            "editions.html",
            title=clean(self._settings.title),
            feed=FEED,
            editions=[(_href(line.name), line) for line in lines],
        )

    def _feed(self, editions: Sequence[Edition]) -> str:
        """Return the Atom feed of `editions`, newest first, at least one."""
        feed = ElementTree.Element("feed", {"xmlns": _ATOM, "xml:lang": "en"})
        title = clean(self._settings.title)
        _child(feed, "id", stable_urn(self._digest))
        _child(feed, "title", title)
        _child(feed, "updated", _moment(max(edition.created for edition in editions)))
        _child(_child(feed, "author"), "name", title)
        _child(feed, "generator", "summarizer")
        _child(feed, "link", rel="alternate", type="text/html", href=self._address(INDEX))
        if self._settings.url:
            _child(feed, "link", rel="self", type="application/atom+xml", href=self._address(FEED))
        for edition in editions:
            self._entry(feed, edition)
        ElementTree.indent(feed, " ")
        body = ElementTree.tostring(feed, encoding="unicode")
        return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'

    def _entry(self, feed: ElementTree.Element, edition: Edition) -> None:
        brief, entry = edition.brief, _child(feed, "entry")
        _child(entry, "id", stable_urn(self._digest, edition.name))
        _child(entry, "title", title_of(brief) if brief.edition else edition.name)
        _child(entry, "updated", _moment(edition.created))
        _child(entry, "published", _moment(edition.created))
        href = self._address(_href(edition.name))
        _child(entry, "link", rel="alternate", type="text/html", href=href)
        _child(entry, "summary", f"{news_line(brief) or overview(brief)}.")
        _child(entry, "content", to_html_entry(brief), type="html")

    def _address(self, name: str) -> str:
        base = self._settings.url
        return f"{base.rstrip('/')}/{name}" if base else name


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


def _page_of(edition: Edition) -> str:
    return to_html(edition.brief, home=INDEX)


def _href(edition_name: str) -> str:
    return quote(f"{stem(edition_name)}.html")


def _moment(moment: dt.datetime) -> str:
    """Return a time as RFC 3339 wants it, in UTC, to the second."""
    return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S}Z"
