"""What was said of each article: the model's answers by recipe, the verdicts by key.

A recipe is the hash of everything that shaped an answer (model, prompt, schema …), so that a
change of one makes exactly the affected answers stale. An answer that cannot be read counts as
none: it is made anew.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError

from summarizer.data import ArticleSummary
from summarizer.digest.state import tables
from summarizer.digest.state.blobs import Unreadable, pack, unpack
from summarizer.digest.state.database import Part, chunks
from summarizer.digest.state.numbering import all_numbers, recipe_number
from summarizer.digest.state.reading import read_blob
from summarizer.errors import StateError
from summarizer.extract import Extraction

_articles, _bodies = tables.articles, tables.bodies
_recipes = tables.recipes


class Answers(Part):
    """Extractions and summaries of articles, and the recipes they were made by."""

    def extraction(self, article_id: str, recipe: str) -> Extraction | None:
        """Return what the model said of the article by this recipe."""
        table = tables.extractions
        query = (
            _with_article(table)
            .join(_recipes, _recipes.c.number == table.c.recipe)
            .where(_articles.c.id == article_id, _recipes.c.hash == recipe)
        )
        with self._db.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        try:
            return read_blob(Extraction, row.answer, "answer", _near(row.body))
        except (StateError, Unreadable):
            return None

    def keep_extraction(
        self, extraction: Extraction, recipe: str, *, run: int, now: dt.datetime
    ) -> None:
        """Keep what the model said, in the place of what it said before by this recipe."""
        with self._db.write() as connection:
            article, near = _article(connection, extraction.article_id)
            self._db.put(
                tables.extractions,
                {
                    "article": article,
                    "recipe": recipe_number(self._db, connection, recipe),
                    "run": run,
                    "made": now,
                    "body": pack(extraction.model_dump_json(), near),
                },
            )

    def summary(self, article_id: str, key: str) -> ArticleSummary | None:
        """Return the verdicts under this key; None, too, when the article's text is gone."""
        table = tables.summaries
        query = _with_article(table).where(_articles.c.id == article_id, table.c.key == key)
        with self._db.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _summary(row.answer, row.body)

    def last_summaries(self, article_ids: Sequence[str]) -> dict[str, ArticleSummary]:
        """Return the verdicts kept last for each article, by its id, where text and they are."""
        table = tables.summaries
        found: dict[str, ArticleSummary] = {}
        last: dict[str, sa.Row[Any]] = {}
        with self._db.read() as connection:
            for some in chunks(article_ids):
                query = (
                    _with_article(table)
                    .add_columns(_articles.c.id)
                    .where(_articles.c.id.in_(some))
                    .order_by(table.c.run, table.c.made, table.c.key)
                )
                last.update((row.id, row) for row in connection.execute(query))
        for one in article_ids:
            if one in last and (summary := _summary(last[one].answer, last[one].body)):
                found[one] = summary
        return found

    def keep_summary(
        self, summary: ArticleSummary, key: str, *, recipe: str, run: int, now: dt.datetime
    ) -> None:
        """Keep the verdicts on an article, in the place of those with this key."""
        with self._db.write() as connection:
            article, near = _article(connection, summary.article.id)
            self._db.put(
                tables.summaries,
                {
                    "article": article,
                    "key": key,
                    "recipe": recipe_number(self._db, connection, recipe),
                    "run": run,
                    "made": now,
                    "body": pack(summary.model_dump_json(exclude={"article"}), near),
                },
            )

    def note_recipe(self, recipe: str, parts: dict[str, str]) -> None:
        """Remember what a recipe is made of; what is known of it stays."""
        with self._db.write() as connection:
            number = recipe_number(self._db, connection, recipe)
            connection.execute(
                sa.update(_recipes)
                .where(_recipes.c.number == number, _recipes.c.parts.is_(None))
                .values(parts=parts)
            )

    def recipe(self, recipe: str) -> dict[str, str] | None:
        """Return what a recipe is made of."""
        query = sa.select(_recipes.c.parts).where(_recipes.c.hash == recipe)
        with self._db.read() as connection:
            parts: dict[str, str] | None = connection.execute(query).scalar()
        return parts


def _with_article(table: sa.Table) -> sa.Select[Any]:
    return sa.select(table.c.body.label("answer"), _bodies.c.body).select_from(
        table.join(_articles).outerjoin(_bodies, _bodies.c.article == _articles.c.number)
    )


def _summary(answer: bytes, body: bytes | None) -> ArticleSummary | None:
    """Put a summary and its article together again."""
    if body is None:
        return None
    try:
        near = unpack(body)
        values = json.loads(unpack(answer, near))
        return ArticleSummary.model_validate_json(
            json.dumps({**values, "article": json.loads(near)})
        )
    except (Unreadable, ValidationError):
        return None


def _article(connection: sa.Connection, article_id: str) -> tuple[int, str]:
    """Return the article's number and its JSON, which its answers are compressed with."""
    number = all_numbers(connection, _articles, [article_id])[article_id]
    query = sa.select(_bodies.c.body).where(_bodies.c.article == number)
    return number, _near(connection.execute(query).scalar())


def _near(body: bytes | None) -> str:
    return "" if body is None else unpack(body)
