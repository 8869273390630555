"""The data that a page carries: a brief and its articles as JSON inside HTML, and back."""

from __future__ import annotations

import base64
import gzip
import json
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import FailFast, TypeAdapter, ValidationError

from summarizer.data import Article, Brief, Source
from summarizer.errors import BriefError
from summarizer.render.brief_json import escape_unsafe, from_json, strict_json

FORMAT = "summarizer.page.v1"
LARGE = 16 * 1024  # bytes of JSON; a larger block is written as gzip
# Bytes of a block that is unpacked: a gzip bomb must not fill the memory, and a page holds 5,000
# articles in that. Read as JSON, the worst text takes 35 times its length. What is larger is
# written plainly, so that every page of ours can be read.
MAX_UNPACKED = 64 * 1024 * 1024
_MOST_TIMES = 100  # what is packed more tightly is written plainly: a small file is read quickly

_MARKUP = re.compile("[<>&]")  # so that no text ends the script that the JSON stands in
_LONE = re.compile("[\ud800-\udfff]")  # Python joins pairs when it reads JSON: what is left is half
_ARTICLES = TypeAdapter(Annotated[list[Article | None], FailFast()])
_NO_PAGE = (
    "Give brief.html as `summarizer brief` wrote it. A mail, or a page without its data, cannot "
    "be checked alone: give its brief.json, with --articles FOLDER."
)
_DAMAGED = "It was cut off or changed on its way: take it anew from where it came."


@dataclass(frozen=True)
class PageData:
    """What a page is made of; `articles[n - 1]` is source n's, None where its text is not there."""

    brief: Brief
    articles: tuple[Article | None, ...]
    title: str | None
    home: str


@dataclass(frozen=True)
class Blocks:
    """The two data blocks of a page: JSON on one line each, safe inside `<script>`."""

    brief: str
    articles: str


# --- writing ----------------------------------------------------------------------------------


def page_data(
    brief: Brief, articles: Iterable[Article], *, title: str | None, home: str
) -> PageData:
    """Put `articles` in the order of the sources of `brief`; those that are none are left out.

    An article says that it was read where the brief says so: one text can be had at two places.
    """
    found = {article.id: article for article in articles}
    ordered = (_as_listed(source, found.get(source.article_id)) for source in _by_number(brief))
    return PageData(brief=brief, articles=tuple(ordered), title=title, home=home)


def _as_listed(source: Source, article: Article | None) -> Article | None:
    if article is None or article.source == source.source:
        return article
    return article.model_copy(update={"source": source.source})


def _by_number(brief: Brief) -> list[Source]:
    return sorted(brief.sources, key=lambda source: source.number)


def blocks_of(data: PageData) -> Blocks:
    """Return the data blocks of a page, as gzip where they are LARGE; read_page reads them."""
    articles = [article and article.model_dump(mode="json") for article in data.articles]
    head = {"format": FORMAT}
    brief = {
        **head,
        "title": data.title,
        "home": data.home,
        "brief": data.brief.model_dump(mode="json"),
    }
    return Blocks(brief=_block(brief, head), articles=_block({"articles": articles}, {}))


def _block(value: dict[str, Any], head: dict[str, str]) -> str:
    text = _json(value)
    data = text.encode()
    if not LARGE < len(data) <= MAX_UNPACKED:
        return text
    packed = gzip.compress(data, mtime=0)
    if len(data) > len(packed) * _MOST_TIMES:
        return text
    return _json({**head, "gzip": base64.b64encode(packed).decode("ascii")})


def _json(value: object) -> str:
    """Return `value` as JSON that shows what it holds and in which no tag begins or ends."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _MARKUP.sub(_as_code, escape_unsafe(text))


def _as_code(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"


# --- reading ----------------------------------------------------------------------------------


def read_page(page: str) -> tuple[PageData, Blocks]:
    """Return what a page carries, and its blocks as they stand there; nothing in it is run.

    The quotes are not checked, nor is what the page shows: summarizer.verify.page does that.

    Raises:
        BriefError: `page` is no page with its data, or damaged, or of another format.
    """
    blocks = Blocks(brief=_found(page, "brief-data"), articles=_found(page, "article-data"))
    told = _told(blocks.brief)
    brief = _brief(told["brief"])
    articles = _articles(blocks.articles, _by_number(brief))
    return PageData(brief, articles, title=told["title"], home=told["home"]), blocks


def _found(page: str, name: str) -> str:
    """Return the JSON of the block `name`: an exact search, as every `<` of a text is escaped."""
    opening = f'<script type="application/json" id="{name}">'
    count = page.count(opening)
    if count == 0:
        raise BriefError(
            f"this is no page of a brief with its data: it has no {name}", hint=_NO_PAGE
        )
    if count > 1:
        raise BriefError(f"the page has its {name} {count} times", hint=_DAMAGED)
    start = page.index(opening) + len(opening)
    end = page.find("</script>", start)
    text = page[start:end]
    if end < 0 or "<" in text:
        raise _damaged(name, "it does not end")
    return text


def _told(block: str) -> dict[str, Any]:
    """Return title, home and brief of a block, the brief as plain JSON values."""
    name = "brief-data"
    value = _checked_format(_value(block, name))
    if value.keys() == {"format", "gzip"}:
        value = _checked_format(_value(_unpacked(value["gzip"], name), name))
    if value.keys() != {"format", "title", "home", "brief"}:
        raise _damaged(name, "it is not title, home and brief")
    if not isinstance(value["home"], str) or not isinstance(value["title"], str | None):
        raise _damaged(name, "title or home is no text")
    return value


def _checked_format(value: Any) -> dict[str, Any]:
    written = value.get("format") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(written, str):
        raise _damaged("brief-data", "it does not say its format")
    if written != FORMAT:
        hint = f"Another version wrote it; this program reads {FORMAT}."
        raise BriefError(f"the page's data is of the format {written[:40]!r}", hint=hint)
    return value


def _brief(value: Any) -> Brief:
    """Return the brief of plain JSON values, checked as that of a file.

    pydantic's JSON knows no halves of surrogate pairs: a twin without them is checked instead, and
    then the values are taken as they are.
    """
    text = json.dumps(value, ensure_ascii=False)
    whole = _LONE.sub("\ufffd", text)
    try:
        brief = from_json(whole)
        return brief if whole == text else Brief.model_validate(value)
    except BriefError as exc:
        hint = exc.hint if exc.hint.startswith("It was written as") else _DAMAGED
        raise BriefError(f"in the page's data {exc}", hint=hint) from exc
    except ValidationError as exc:
        raise _damaged("brief-data", _said(exc)) from exc


def _articles(block: str, sources: list[Source]) -> tuple[Article | None, ...]:
    """Return the articles of a block, in the order of `sources`; None where one has no text."""
    name = "article-data"
    value = _value(block, name)
    if isinstance(value, dict) and value.keys() == {"gzip"}:
        value = _value(_unpacked(value["gzip"], name), name)
    if not isinstance(value, dict) or value.keys() != {"articles"}:
        raise _damaged(name, "it is no list of articles")
    text = json.dumps(value["articles"], ensure_ascii=False)
    whole = _LONE.sub("\ufffd", text)  # as in _brief
    try:
        articles = _ARTICLES.validate_json(whole, strict=True)
        if whole != text:
            articles = _ARTICLES.validate_python(value["articles"])
    except ValidationError as exc:
        raise _damaged(name, _said(exc)) from exc
    if len(articles) != len(sources):
        raise _damaged(name, f"the brief has {len(sources)} sources, and {len(articles)} are there")
    for source, article in zip(sources, articles, strict=True):
        if article and article.id != source.article_id:
            stated, listed = article.id[:12], source.article_id[:12]
            raise _damaged(name, f"article {source.number} is {stated!r}, and not {listed!r}")
    return tuple(articles)


def _said(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"


def _value(text: str, name: str) -> Any:
    try:
        return strict_json(text)
    except (ValueError, RecursionError) as exc:
        raise _damaged(name, f"it is not JSON: {exc}") from exc


def _unpacked(packed: Any, name: str) -> str:
    """Return the JSON that stands in a block as the base64 of its gzip."""
    try:
        return _gunzip(base64.b64decode(packed, validate=True)).decode()
    except (ValueError, TypeError, zlib.error) as exc:
        raise _damaged(name, f"it cannot be unpacked: {exc}") from exc


def _gunzip(data: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)  # 16: gzip's header and checksum
    most = min(MAX_UNPACKED, len(data) * _MOST_TIMES)
    unpacked = unpacker.decompress(data, most + 1)
    if len(unpacked) > most:
        raise ValueError(f"it is larger than {most:,} bytes, more than a brief can be")
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("it is cut off, or something follows it")
    return unpacked


def _damaged(name: str, detail: str) -> BriefError:
    return BriefError(f"the page's {name} is damaged: {detail}", hint=_DAMAGED)
