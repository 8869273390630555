"""Markdown files: front matter, and the text without its markup."""

from __future__ import annotations

import datetime as dt
import html
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from summarizer.read.metadata import find_date
from summarizer.read.page import Page

# Front matter is read as plain `key: value` lines, not as YAML: no nesting is needed, and YAML
# from strangers can expand without bounds.
_FRONT_MATTER = re.compile(
    r"\s*(?P<fence>---|\+\+\+)[ \t]*\n(?P<body>.*?)\n(?P=fence)[ \t]*(?:\n|$)", re.S
)
_FRONT_LINE = re.compile(r"(?P<key>[A-Za-z_]+)[ \t]*:[ \t]*(?P<value>\S.*)")
_FRONT_KEYS = {
    "title": ("title", "headline"),
    "publisher": ("publisher", "site", "sitename", "site_name", "source", "outlet"),
    "author": ("author", "authors", "byline", "by"),
    "published": ("date", "published", "publish_date", "pubdate", "created"),
    "language": ("language", "lang"),
}
_MAX_FRONT_MATTER = 20_000  # characters

_FENCE = re.compile(r"(?:```|~~~)")
_HEADING = re.compile(r"#{1,6}[ \t]+(?P<text>.*?)(?:[ \t]+#+)?[ \t]*$")
_UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*$")
_RULE = re.compile(r"(?:[-*_][ \t]*){3,}$")
_TABLE_ROW = re.compile(r"\|.*\|[ \t]*$")
_LIST_ITEM = re.compile(r"(?:[-*+]|\d{1,3}[.)])[ \t]+(?P<text>.*)")
_QUOTE = re.compile(r"^(?:>[ \t]?)+")
_DEFINITION = re.compile(r"\[[^\]]{1,200}\]:[ \t]*\S+.*$")

_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
# Escaped characters hide in the private use area while the markup goes.
_PRIVATE_USE = 0xE000
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!<>~|-])")
_HIDDEN = re.compile("[\ue021-\ue07e]")
# In this order. Bounded repeats keep each linear on hostile lines.
_INLINE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"!\[[^\]\n]{0,500}\](?:\([^()\n]{0,1000}\)|\[[^\]\n]{0,200}\])"), ""),
    (
        re.compile(
            r"\[([^\[\]\n]{1,500})\]\([^()\n]{0,500}(?:\([^()\n]{0,200}\)[^()\n]{0,200})?\)"
        ),
        r"\1",
    ),
    (re.compile(r"\[([^\[\]\n]{1,500})\]\[[^\]\n]{0,200}\]"), r"\1"),
    (re.compile(r"\[\^[^\]\n]{1,100}\]"), ""),
    (re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,500})>"), r"\1"),
    (_TAG, ""),
    (re.compile(r"(`{1,3})([^`\n]{1,500})\1"), r"\2"),
    (re.compile(r"(\*{1,3})(?=\S)([^*\n]{1,1000})(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<!\w)(_{1,3})(?=\S)([^_\n]{1,1000})(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"~~(?=\S)([^~\n]{1,1000})~~"), r"\1"),
)


def read_markdown(source: str) -> Page:
    """Return the plain text of Markdown: paragraphs on one line each, code and tables left out."""
    fields, body = _front_matter(source.replace("\r\n", "\n").replace("\r", "\n"))
    headings: list[str] = []
    lines = [_plain(line) for line in _blocks(body, headings)]
    plain_headings = [_plain(heading) for heading in headings]
    return Page(
        text="\n".join(lines),
        title=fields.get("title") or _first_title(body, plain_headings),
        publisher=fields.get("publisher"),
        author=fields.get("author"),
        published=find_date(fields.get("published") or ""),
        language=fields.get("language"),
        headings=tuple(plain_headings),
    )


def _front_matter(source: str) -> tuple[dict[str, str], str]:
    """Return the fields of Page that the front matter gives, and what follows it."""
    found = _FRONT_MATTER.match(source[:_MAX_FRONT_MATTER])
    if not found:
        return {}, source
    if found["fence"] == "+++":
        pairs = _toml_pairs(found["body"])
    else:
        matches = map(_FRONT_LINE.match, found["body"].split("\n"))
        pairs = {match["key"].lower(): match["value"] for match in matches if match}
    if not pairs:
        return {}, source  # a text between two rules
    fields = {
        field: _unquoted(pairs[key])
        for field, keys in _FRONT_KEYS.items()
        for key in reversed(keys)
        if key in pairs
    }
    return fields, source[found.end() :]


def _toml_pairs(body: str) -> dict[str, str]:
    try:
        values: Mapping[str, Any] = tomllib.loads(body)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}
    wanted = (str, int, dt.date)
    return {key.lower(): str(value) for key, value in values.items() if isinstance(value, wanted)}


def _unquoted(value: str) -> str:
    value = value.strip().strip("[]").strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return value


def _first_title(body: str, headings: list[str]) -> str | None:
    """Return the first heading if the text begins with it."""
    start = body.lstrip()[:400]
    return headings[0] if headings and _plain(start.lstrip("# ")).startswith(headings[0]) else None


def _blocks(body: str, headings: list[str]) -> Iterator[str]:
    """Yield one line a paragraph, list item or heading, and empty lines between; note headings."""
    paragraph: list[str] = []
    fenced = False
    for raw in [*_without_comments(body).split("\n"), ""]:
        line = raw.strip()
        if _FENCE.match(line):
            fenced = not fenced
            line = ""
        if fenced or _TABLE_ROW.match(line) or _DEFINITION.match(line):
            line = ""
        line = _QUOTE.sub("", line)
        underlined = bool(paragraph) and _UNDERLINE.match(line) is not None
        if underlined and len(paragraph) == 1:
            headings.append(paragraph[0])
        heading = _HEADING.match(line)
        item = None if _RULE.match(line) else _LIST_ITEM.match(line)
        if paragraph and (not line or underlined or heading or item or _RULE.match(line)):
            yield " ".join(paragraph)
            paragraph = []
        if heading:
            headings.append(heading["text"])
            yield from ("", heading["text"], "")
        elif item:
            paragraph = [f"- {item['text']}"]
        elif not line or underlined or _RULE.match(line):
            yield ""
        else:
            paragraph.append(line)


def _without_comments(body: str) -> str:
    """Return `body` without `<!-- ... -->`; by hand, for a pattern would take quadratic time."""
    kept: list[str] = []
    position = 0
    while (start := body.find("<!--", position)) >= 0 and (end := body.find("-->", start)) >= 0:
        kept.append(body[position:start])
        position = end + len("-->")
    return "".join((*kept, body[position:]))


def _plain(line: str) -> str:
    """Return `line` without inline markup."""
    line = _ESCAPED.sub(lambda found: chr(_PRIVATE_USE + ord(found[1])), line)
    for pattern, replacement in _INLINE:
        line = pattern.sub(replacement, line)
    line = _HIDDEN.sub(lambda found: chr(ord(found[0]) - _PRIVATE_USE), line)
    return html.unescape(line)
