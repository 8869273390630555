"""Which files and pages were seen, by the hash of their bytes, and what became of them."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from summarizer.data import SkippedArticle
from summarizer.digest.state import tables
from summarizer.digest.state.database import Part
from summarizer.digest.state.numbering import all_numbers
from summarizer.digest.state.records import SeenInput


class Inputs(Part):
    """What became of inputs: an article, or a reason why not."""

    def seen(self, input_hash: str) -> SeenInput | None:
        """Return what became of the input with this hash; None: it is new."""
        query = (
            sa.select(tables.articles.c.id, tables.inputs.c.skipped)
            .select_from(tables.inputs.outerjoin(tables.articles))
            .where(tables.inputs.c.hash == input_hash)
        )
        with self._db.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        skipped = None if row.skipped is None else SkippedArticle.model_validate(row.skipped)
        return SeenInput(article_id=row.id, skipped=skipped)

    def note(self, input_hash: str, seen: SeenInput, now: dt.datetime) -> None:
        """Remember what became of an input; add its article before.

        Raises:
            ValueError: its article is not in the state: it would be lost.
        """
        with self._db.write() as connection:
            article = None
            if seen.article_id is not None:
                ids = [seen.article_id]
                article = all_numbers(connection, tables.articles, ids)[seen.article_id]
            skipped = None if seen.skipped is None else seen.skipped.model_dump(mode="json")
            row = {"hash": input_hash, "article": article, "skipped": skipped, "noted": now}
            self._db.put(tables.inputs, row)
