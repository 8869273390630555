"""What is known of the URLs that were asked for."""

from __future__ import annotations

import sqlalchemy as sa

from summarizer.digest.state import tables
from summarizer.digest.state.database import Part
from summarizer.digest.state.records import FetchRecord


class Fetches(Part):
    """The last answer to each URL."""

    def get(self, url: str) -> FetchRecord | None:
        """Return what is known of `url`."""
        query = sa.select(tables.fetches).where(tables.fetches.c.url == url)
        with self._db.read() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else FetchRecord(**row)

    def note(self, record: FetchRecord) -> None:
        """Remember it, in the place of what was known of its URL."""
        self._db.put(tables.fetches, dict(record))

    def failing(self) -> list[FetchRecord]:
        """Return the URLs that failed the last time, in order."""
        column = tables.fetches.c
        failing = column.failures > sa.literal_column("0")  # as the index has it
        query = sa.select(tables.fetches).where(failing).order_by(column.url)
        with self._db.read() as connection:
            return [FetchRecord(**row) for row in connection.execute(query).mappings()]
