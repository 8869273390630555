"""The articles that the page of an edition holds, so that a citation opens its article there."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from summarizer.data import Article
from summarizer.digest.delivery.folder import content
from summarizer.digest.delivery.outcome import NotDelivered
from summarizer.digest.state import State
from summarizer.digest.state.records import Edition
from summarizer.errors import BriefError, StateError
from summarizer.files import own_files
from summarizer.render.page.data import read_page
from summarizer.render.page.seal import read_seal
from summarizer.verify.articles import has_its_id

_OPENING = b'<script type="application/json" id="article-data">'
_NO_ARTICLES = re.compile(rb'\{"articles":\[(?:null(?:,null)*)?\]\}</script>')
_TAIL_BYTES = 64 * 1024  # of a page; what follows its articles is its script, 22 KB


class Embedded(NamedTuple):
    """Articles for a page, in any order; `problem` says what of them is damaged in the state."""

    articles: list[Article]
    problem: str = ""


def embedded(edition: Edition, state: State, *, there: Path | None = None) -> Embedded:
    """Return the articles of an edition whose text can be had; its page has the quotes of others.

    What retention has dropped from the state is taken from the page that was written before, if
    `there` is one of ours: so it stays the same when the edition is delivered again. An article
    that is damaged in the state does not keep a whole brief from its readers.
    """
    wanted = [source.article_id for source in edition.brief.sources]
    found, problem = _stored(wanted, state)
    missing = set(wanted).difference(article.id for article in found)
    if missing and there is not None:
        found += _held_by(there, missing)
    return Embedded(found, problem)


def _stored(wanted: list[str], state: State) -> Embedded:
    try:
        return Embedded(state.articles.many(wanted))
    except StateError as error:  # one that cannot be read spoils the query for many
        return Embedded(_one_by_one(wanted, state), str(error))


def _one_by_one(wanted: list[str], state: State) -> list[Article]:
    found = []
    for article_id in wanted:
        try:
            article = state.articles.get(article_id)
        except StateError:
            continue
        if article is not None:
            found.append(article)
    return found


def holds_articles(page: Path) -> bool:
    """Tell whether a page of ours holds articles, or cannot be read.

    A look at its end is enough where it holds none, so that hundreds of them take no time.
    """
    try:
        if not page.is_file():  # opening a pipe might wait for ever
            return False
        with page.open("rb") as source:
            source.seek(max(0, source.seek(0, os.SEEK_END) - _TAIL_BYTES))
            end = source.read()
            if _OPENING not in end:
                source.seek(0)
                end = source.read()
    except OSError:
        return True
    _, opening, block = end.rpartition(_OPENING)
    return bool(opening) and not _NO_ARTICLES.match(block)


def _held_by(path: Path, wanted: Collection[str]) -> list[Article]:
    """Return those of the articles that a page of ours holds, none where it is not as written."""
    if path.name not in own_files(path.parent):
        return []
    try:
        page = (content(path) or b"").decode()
        if not read_seal(page).holds:
            return []
        data, _ = read_page(page)
    except (BriefError, NotDelivered, UnicodeDecodeError):
        return []
    articles = (article for article in data.articles if article and article.id in wanted)
    return [article for article in articles if has_its_id(article)]
