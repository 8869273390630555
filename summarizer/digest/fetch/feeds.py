"""Read feeds: RSS, Atom and JSON Feed, however badly written, from bytes alone."""

from __future__ import annotations

import calendar
import datetime as dt
import html
import io
import json
import re
import time
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from summarizer.data import Record
from summarizer.digest.fetch.urls import same_page, usable
from summarizer.read.clean import one_line, without_surrogates
from summarizer.read.decode import decode

_MAX_TITLE = 300  # characters; longer ones are no titles
_MAX_CONTENT = 1_000_000  # characters of an entry; the rest is left
_MAX_READ = 10_000  # entries looked at; the standard says nothing, a server may say anything
_XML_ENCODING = re.compile(
    rb"""<\?xml[^>]{0,200}?\bencoding\s{0,9}=\s{0,9}["']([A-Za-z0-9_.:-]{2,40})["']"""
)
_ROOT = re.compile(r"<[A-Za-z_]")
_TAG = re.compile(r"<[^<>]{0,200}>")
_JSON_FEED = "https://jsonfeed.org/version/"


class FeedEntry(Record):
    """One entry of a feed."""

    url: str | None = None
    title: str | None = None
    published: dt.datetime | None = None
    updated: dt.datetime | None = None
    content: str = ""
    kind: Literal["html", "text"] = "html"

    @property
    def moment(self) -> dt.datetime | None:
        """When something last happened to it, as far as it says."""
        return max(filter(None, (self.published, self.updated)), default=None)


class Feed(Record):
    """A feed as it was found; `note` says what was wrong with it, if anything was."""

    title: str | None = None
    entries: tuple[FeedEntry, ...] = ()
    note: str = ""


def read_feed(data: bytes, *, url: str, encoding: str | None = None) -> Feed:
    """Read a feed that came from `url`; anything else is a feed without entries, with a note.

    Links are absolute http or https URLs without fragment and utm_ parameters; an entry may have
    none. Times are UTC.
    """
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return _json_feed(data, url)
    return _xml_feed(data, url, encoding)


def _xml_feed(data: bytes, url: str, encoding: str | None) -> Feed:
    import feedparser  # 0.1 s, so only where there is a feed

    declared = _XML_ENCODING.search(data[:1024])
    # feedparser would take any of Python's codecs that a feed names, slow ones among them.
    text = decode(data, declared=encoding or (declared[1].decode("ascii") if declared else None))
    try:
        found = feedparser.parse(
            io.BytesIO(_without_prolog(text).encode("utf-8", errors="replace")),
            response_headers={
                "content-type": "application/xml; charset=utf-8",
                "content-location": url,
            },
            resolve_relative_uris=False,  # of the content: the reader of articles does that
            sanitize_html=False,
        )
        entries = tuple(_entry(one, url) for one in found.entries[:_MAX_READ])
        title = _title(found.feed, "title")
    except MemoryError:
        raise  # not the feed's fault, or such a one that its reader has to say more
    except Exception as error:  # noqa: BLE001 - parsers of hostile feeds may raise anything
        return Feed(note=f"it is damaged ({type(error).__name__})")
    note = ""
    if not found.get("version") and not entries:
        note = "it is no feed: a page, perhaps; give it as a page, or find the feed's own address"
    elif found.bozo:
        note = "it is badly written; what could be read of it is used"
    return Feed(title=title, entries=entries, note=note)


def _without_prolog(text: str) -> str:
    """Return a feed from its root element on.

    What stands before may name the old encoding, and define entities that grow to gigabytes;
    feedparser's expressions take a time there that grows with the square of its length.
    """
    at = 0
    while (at := text.find("<", at)) >= 0:
        if text.startswith("<!--", at):
            end = text.find("-->", at + 4)
        elif text.startswith("<?", at):
            end = text.find("?>", at + 2)
        elif _ROOT.match(text, at):
            return text[at:]
        else:
            end = at
        if end < 0:  # it is never closed
            root = _ROOT.search(text, at)
            return text[root.start() :] if root else ""
        at = end + 1
    return ""


def _entry(found: dict[str, Any], base: str) -> FeedEntry:
    contents = [one for one in found.get("content") or () if isinstance(one, Mapping)]
    detail = found.get("summary_detail")
    if isinstance(detail, Mapping):
        contents.append(detail)
    best = max(contents, key=lambda one: len(str(one.get("value") or "")), default={})
    plain = best.get("type") == "text/plain"
    return FeedEntry(
        url=_link([found.get("link")], base),
        title=_title(found, "title"),
        published=_moment(found.get("published_parsed")),
        updated=_moment(dict.get(found, "updated_parsed")),  # its own get() gives the other date
        content=without_surrogates(str(best.get("value") or "")[:_MAX_CONTENT]),
        kind="text" if plain else "html",
    )


def _json_feed(data: bytes, url: str) -> Feed:
    """Read a JSON Feed: https://www.jsonfeed.org/version/1.1/."""
    try:
        found = json.loads(data.decode("utf-8-sig", errors="replace"))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not str(found.get("version", "")).startswith(_JSON_FEED):
        return Feed(note="it is JSON, but no JSON Feed")
    items = found.get("items")
    entries = []
    for item in items[:_MAX_READ] if isinstance(items, list) else ():
        if isinstance(item, dict):
            entries.append(_json_entry(item, url))
    return Feed(title=_plain_title(found.get("title")), entries=tuple(entries))


def _json_entry(item: Mapping[str, Any], base: str) -> FeedEntry:
    rich = item.get("content_html")
    content = rich if isinstance(rich, str) and rich else item.get("content_text")
    return FeedEntry(
        url=_link([item.get("url"), item.get("external_url"), item.get("id")], base),
        title=_plain_title(item.get("title")),
        published=_iso(item.get("date_published")),
        updated=_iso(item.get("date_modified")),
        content=without_surrogates(content[:_MAX_CONTENT]) if isinstance(content, str) else "",
        kind="html" if content is rich and rich else "text",
    )


def _link(candidates: Iterable[object], base: str) -> str | None:
    for text in candidates:
        if isinstance(text, str) and text.strip() and (url := usable(text, base=base)):
            return same_page(url)
    return None


def _title(found: Mapping[str, Any], name: str) -> str | None:
    """Return a title as text, from the HTML that some feeds put into it."""
    text = found.get(name)
    detail = found.get(f"{name}_detail")
    if not isinstance(text, str):
        return None
    text = _TAG.sub("", text[: 4 * _MAX_TITLE])
    if isinstance(detail, Mapping) and detail.get("type") == "text/html":
        text = html.unescape(text)
    return _plain_title(text)


def _plain_title(text: object) -> str | None:
    if not isinstance(text, str):
        return None
    return one_line(without_surrogates(text[: 4 * _MAX_TITLE]))[:_MAX_TITLE] or None


def _moment(parsed: object) -> dt.datetime | None:
    if not isinstance(parsed, time.struct_time):
        return None
    try:
        return dt.datetime.fromtimestamp(calendar.timegm(parsed), tz=dt.UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _iso(text: object) -> dt.datetime | None:
    if not isinstance(text, str):
        return None
    try:
        moment = dt.datetime.fromisoformat(text.strip()[:40])
        return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
