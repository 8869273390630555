"""The tables of the state as SQLAlchemy Core knows them; migrations.py makes them.

Articles, stories and recipes have a number of their own beside their id: it is short where other
tables point to it, and the numbers of articles are their order of arrival.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import sqlalchemy as sa

# 500 ids a statement are far below the limits of both databases, and few round trips.
MANY = 500


class Text(sa.types.TypeDecorator[str]):
    """Text; what PostgreSQL or UTF-8 cannot hold (NUL, lone surrogates) is replaced."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        """Make the text storable."""
        return None if value is None else storable(value)


class Moment(sa.types.TypeDecorator[dt.datetime]):
    """A moment as UTC text of one width, so that text order is time order."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> str | None:
        """Write it; a moment without a time zone is refused."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> dt.datetime | None:
        """Read it."""
        return None if value is None else dt.datetime.fromisoformat(value)


class Day(sa.types.TypeDecorator[dt.date]):
    """A date as ISO 8601 text."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: dt.date | None, dialect: sa.Dialect) -> str | None:
        """Write it."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> dt.date | None:
        """Read it."""
        return None if value is None else dt.date.fromisoformat(value)


class Json(sa.types.TypeDecorator[Any]):
    """A small value as JSON text; what JSON does not know is written as its str()."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:
        """Write it."""
        if value is None:
            return None
        return storable(json.dumps(value, ensure_ascii=False, default=str, separators=(",", ":")))

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Any:
        """Read it."""
        return None if value is None else json.loads(value)


def storable(text: str) -> str:
    """Return `text` without what a database refuses: names of files and errors may hold it."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_metadata = sa.MetaData()


def _table(name: str, *columns: sa.Column[Any]) -> sa.Table:
    return sa.Table(name, _metadata, *columns)


def _number(name: str = "number", *, key: bool = False) -> sa.Column[int]:
    return sa.Column(name, _NUMBER, primary_key=key)


def _points(name: str, target: str, *, key: bool = False) -> sa.Column[int]:
    return sa.Column(name, _NUMBER, sa.ForeignKey(target), primary_key=key)


def _text(name: str, *, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, Text, primary_key=key)


def _moment(name: str) -> sa.Column[dt.datetime]:
    return sa.Column(name, Moment)


schema_version = _table("schema_version", _number(key=True), _moment("applied"))

recipes = _table("recipes", _number(key=True), _text("hash"), sa.Column("parts", Json))

runs = _table(
    "runs",
    _number(key=True),
    _text("id"),
    _moment("started"),
    _moment("ended"),
    _text("outcome"),
    _number("edition"),
    _text("detail"),
    sa.Column("counts", Json),
)

events = _table(
    "events",
    _points("run", "runs.number", key=True),
    _number(key=True),
    _moment("at"),
    _text("level"),
    _text("name"),
    sa.Column("fields", Json),
)

editions = _table(
    "editions",
    _number(key=True),
    _text("name"),
    _number("run"),
    _moment("created"),
    _number("articles"),
    _number("stories"),
    _number("facts"),
    _number("rejected"),
    _number("skipped"),
    sa.Column("inputs", sa.LargeBinary),
    sa.Column("brief", sa.LargeBinary),
)

# `edition` told it; `passed` says why none ever will. With neither, it waits for the next.
articles = _table(
    "articles",
    _number(key=True),
    _text("id"),
    _text("source"),
    _text("title"),
    _text("publisher"),
    sa.Column("published", Day),
    _moment("first_seen"),
    _number("run"),
    _points("edition", "editions.number"),
    _text("passed"),
)

# What retention drops of an article.
bodies = _table(
    "bodies",
    _points("article", "articles.number", key=True),
    sa.Column("keys", sa.LargeBinary),
    sa.Column("body", sa.LargeBinary),
)

inputs = _table(
    "inputs",
    _text("hash", key=True),
    _points("article", "articles.number"),
    sa.Column("skipped", Json),
    _moment("noted"),
)

fetches = _table(
    "fetches",
    _text("url", key=True),
    _text("etag"),
    _text("last_modified"),
    _number("status"),
    _moment("fetched"),
    _text("input_hash"),
    _number("failures"),
    _moment("not_before"),
    _text("problem"),
)

extractions = _table(
    "extractions",
    _points("article", "articles.number", key=True),
    _points("recipe", "recipes.number", key=True),
    _number("run"),
    _moment("made"),
    sa.Column("body", sa.LargeBinary),
)

summaries = _table(
    "summaries",
    _points("article", "articles.number", key=True),
    _text("key", key=True),
    _points("recipe", "recipes.number"),
    _number("run"),
    _moment("made"),
    sa.Column("body", sa.LargeBinary),
)

# How a story stands now; story_states says how it stood after each edition that changed it.
stories = _table(
    "stories",
    _number(key=True),
    _text("id"),
    _text("headline"),
    _text("status"),
    _number("first_edition"),
    _number("last_edition"),
    sa.Column("first_told", Day),
    sa.Column("last_told", Day),
    _number("digests"),
    _points("absorbed_by", "stories.number"),
    _number("absorbed_in"),
)

story_states = _table(
    "story_states",
    _points("story", "stories.number", key=True),
    _points("edition", "editions.number", key=True),
    _text("headline"),
    _text("status"),
    _number("last_edition"),
    sa.Column("last_told", Day),
    _number("digests"),
)

# From `edition` on the article belongs to the story, until a later edition says otherwise.
links = _table(
    "links",
    _points("article", "articles.number", key=True),
    _points("edition", "editions.number", key=True),
    _points("story", "stories.number"),
)

facts = _table(
    "facts",
    _number(key=True),
    _points("story", "stories.number"),
    _points("edition", "editions.number"),
    _text("id"),
    _text("kind"),
    _number("replaced"),
    sa.Column("body", sa.LargeBinary),
)

deliveries = _table(
    "deliveries",
    _points("edition", "editions.number", key=True),
    _text("channel", key=True),
    _text("state"),
    _number("tries"),
    _text("key"),
    _moment("started"),
    _moment("ended"),
    _text("detail"),
)

ALL = tuple(_metadata.sorted_tables)  # parents before children
