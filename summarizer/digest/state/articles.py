"""The articles: known for ever by id, their text until retention drops it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from summarizer.data import Article, Record
from summarizer.digest.state import tables
from summarizer.digest.state.blobs import pack
from summarizer.digest.state.database import Part, chunks
from summarizer.digest.state.links import stories_of
from summarizer.digest.state.numbering import all_numbers
from summarizer.digest.state.reading import read_blob
from summarizer.digest.state.records import RememberedArticle

_articles, _bodies = tables.articles, tables.bodies
_HEAD = ("source", "title", "publisher", "published")


class ArticleHead(Record):
    """What a list of sources says of an article; it outlives the text."""

    article_id: str
    source: str
    title: str
    publisher: str | None = None
    published: dt.date | None = None


class Articles(Part):
    """Articles by id; each waits for an edition, was told by one, or was passed over."""

    def add(self, article: Article, *, run: int, now: dt.datetime, keys: bytes) -> bool:
        """Keep a new article; False, and nothing is done, when its id is known.

        `keys` are what recall makes of it.
        """
        row = {"id": article.id, "first_seen": now, "run": run}
        row |= {name: getattr(article, name) for name in _HEAD}
        statement = self._db.insert(_articles).values(row).on_conflict_do_nothing()
        with self._db.write() as connection:
            number = connection.execute(statement.returning(_articles.c.number)).scalar()
            if number is None:
                return False
            body = pack(article.model_dump_json())
            connection.execute(sa.insert(_bodies).values(article=number, keys=keys, body=body))
        return True

    def get(self, article_id: str) -> Article | None:
        """Return the article; None when it is unknown or retention dropped its text."""
        return next(iter(self.many([article_id])), None)

    def many(self, article_ids: Sequence[str]) -> list[Article]:
        """Return the articles in that order, without those whose text is not there."""
        found: dict[str, Article] = {}
        with self._db.read() as connection:
            for some in chunks(article_ids):
                query = (
                    sa.select(_articles.c.id, _bodies.c.body)
                    .join_from(_articles, _bodies)
                    .where(_articles.c.id.in_(some))
                )
                for row in connection.execute(query):
                    found[row.id] = read_blob(Article, row.body, f"article {row.id}")
        return [found[one] for one in article_ids if one in found]

    def heads(self, article_ids: Sequence[str]) -> list[ArticleHead]:
        """Return the heads of articles in that order, known ones only, with text or without."""
        found: dict[str, ArticleHead] = {}
        with self._db.read() as connection:
            for some in chunks(article_ids):
                query = sa.select(_articles.c.id, *(_articles.c[name] for name in _HEAD))
                for row in connection.execute(query.where(_articles.c.id.in_(some))):
                    found[row.id] = ArticleHead(
                        article_id=row.id,
                        source=row.source,
                        title=row.title,
                        publisher=row.publisher,
                        published=row.published,
                    )
        return [found[one] for one in article_ids if one in found]

    def known(self, article_id: str) -> bool:
        """Return whether the article was ever added, or told by an earlier version."""
        query = sa.select(_articles.c.number).where(_articles.c.id == article_id)
        with self._db.read() as connection:
            return connection.execute(query).first() is not None

    def count(self) -> int:
        """Return how many articles were ever seen."""
        with self._db.read() as connection:
            query = sa.select(sa.func.count()).select_from(tables.articles)
            return connection.execute(query).scalar_one()

    def untold(self) -> list[str]:
        """Return the ids of the articles that wait for an edition, by order of arrival."""
        waiting = _articles.c.edition.is_(None) & _articles.c.passed.is_(None)
        query = sa.select(_articles.c.id).where(waiting).order_by(_articles.c.number)
        with self._db.read() as connection:
            return list(connection.execute(query).scalars())

    def pass_over(self, article_ids: Sequence[str], reason: str) -> None:
        """Mark articles as never to be told; one that was told stays told."""
        with self._db.write() as connection:
            wanted = list(all_numbers(connection, _articles, article_ids).values())
            for some in chunks(wanted):
                statement = (
                    sa.update(_articles)
                    .where(_articles.c.number.in_(some), _articles.c.edition.is_(None))
                    .values(passed=reason)
                )
                connection.execute(statement)

    def remembered(self, editions: int) -> list[RememberedArticle]:
        """Return the articles of the last so many editions whose text is there, newest first."""
        last = sa.select(sa.func.max(tables.editions.c.number)).scalar_subquery()
        with self._db.read() as connection:
            return _remembered(connection, _articles.c.edition > last - editions)


def _remembered(
    connection: sa.Connection, wanted: sa.ColumnElement[bool]
) -> list[RememberedArticle]:
    query = (
        sa.select(
            _articles.c.number,
            _articles.c.id,
            _articles.c.source,
            _articles.c.edition,
            _bodies.c["keys"],  # .keys is a method
        )
        .join_from(_articles, _bodies)
        .where(wanted, _articles.c.edition.is_not(None))
        .order_by(_articles.c.edition.desc(), _articles.c.number.desc())
    )
    rows: Sequence[Any] = connection.execute(query).mappings().all()
    stories = stories_of(connection, [row["number"] for row in rows])
    return [
        RememberedArticle(
            article_id=row["id"],
            source=row["source"],
            edition=row["edition"],
            keys=row["keys"],
            story_id=stories.get(row["number"]),
        )
        for row in rows
    ]
