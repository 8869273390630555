"""The articles that the page of an edition holds, so that a citation opens its article there."""

from __future__ import annotations

import hashlib
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
    return [article for article in articles if article.id == _sha256(article.text)]


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
