"""The editions: each finished digest, kept for good with what it told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from summarizer.data import Brief
from summarizer.digest.state import tables
from summarizer.digest.state.blobs import pack
from summarizer.digest.state.database import Part, chunks
from summarizer.digest.state.numbering import all_numbers
from summarizer.digest.state.reading import read_blob
from summarizer.digest.state.records import (
    DeliveryState,
    Edition,
    EditionInputs,
    EditionLine,
    StoryNews,
)
from summarizer.digest.state.telling import tell

_editions = tables.editions
_LINE = [_editions.c[name] for name in EditionLine.model_fields]


class Editions(Part):
    """Editions by number (1, 2, 3 …) or name."""

    def add(
        self,
        edition: Edition,
        news: Sequence[StoryNews],
        quiet: Sequence[str],
        channels: Mapping[str, str],
    ) -> None:
        """Keep an edition and all that follows from it, in one transaction.

        Its fresh articles are told; stories and facts are as `news` says; the stories `quiet`
        (ids) are quiet; one delivery a channel (name -> key) is pending.

        Raises:
            ValueError: an article or story is not in the state; nothing is written.
        """
        with self._db.write() as connection:
            connection.execute(sa.insert(_editions), _row(edition))
            fresh = all_numbers(connection, tables.articles, edition.inputs.fresh)
            for some in chunks(list(fresh.values())):
                connection.execute(
                    sa.update(tables.articles)
                    .where(tables.articles.c.number.in_(some), tables.articles.c.edition.is_(None))
                    .values(edition=edition.number, passed=None)
                )
            # Should the run be killed before it ends, it is known what it made.
            connection.execute(
                sa.update(tables.runs)
                .where(tables.runs.c.number == edition.run)
                .values(edition=edition.number)
            )
            tell(self._db, connection, edition.number, news, quiet)
            deliveries = [
                {
                    "edition": edition.number,
                    "channel": name,
                    "state": DeliveryState.PENDING,
                    "tries": 0,
                    "key": key,
                    "detail": "",
                }
                for name, key in channels.items()
            ]
            if deliveries:
                connection.execute(sa.insert(tables.deliveries), deliveries)

    def get(self, number: int) -> Edition | None:
        """Return an edition by its number."""
        return self._one(_editions.c.number == number)

    def named(self, name: str) -> Edition | None:
        """Return an edition by its name: "2031-05-06", "2031-05-06.2"."""
        return self._one(_editions.c.name == name)

    def has(self, name: str) -> bool:
        """Tell whether there is an edition of this name."""
        query = sa.select(_editions.c.number).where(_editions.c.name == name)
        with self._db.read() as connection:
            return connection.execute(query).first() is not None

    def last(self) -> EditionLine | None:
        """Return the newest edition, without its content."""
        return next(iter(self.list(1)), None)

    def list(self, limit: int) -> list[EditionLine]:
        """Return the last editions without their content, newest first."""
        query = sa.select(*_LINE).order_by(_editions.c.number.desc()).limit(limit)
        with self._db.read() as connection:
            return [EditionLine(**row) for row in connection.execute(query).mappings()]

    def next_number(self) -> int:
        """Return the number of the next edition."""
        with self._db.read() as connection:
            last = connection.execute(sa.select(sa.func.max(_editions.c.number))).scalar()
        return (last or 0) + 1

    def free_name(self, date: dt.date) -> str:
        """Return the name of the next edition of a day: the date, later with .2, .3 and so on."""
        day = date.isoformat()
        query = sa.select(_editions.c.name).where(
            _editions.c.name >= day,
            _editions.c.name < day + "/",  # "/" comes after "."
        )
        with self._db.read() as connection:
            taken = set(connection.execute(query).scalars())
        if day not in taken:
            return day
        return next(
            name for count in range(2, len(taken) + 3) if (name := f"{day}.{count}") not in taken
        )

    def _one(self, where: sa.ColumnElement[bool]) -> Edition | None:
        with self._db.read() as connection:
            row = connection.execute(sa.select(_editions).where(where)).one_or_none()
        if row is None:
            return None
        brief = read_blob(Brief, row.brief, f"brief of {row.name}")
        return Edition(
            number=row.number,
            name=row.name,
            run=row.run,
            created=row.created,
            inputs=read_blob(EditionInputs, row.inputs, f"list of inputs of {row.name}"),
            brief=brief,
        )


def _row(edition: Edition) -> dict[str, Any]:
    coverage = edition.brief.coverage
    return {
        "number": edition.number,
        "name": edition.name,
        "run": edition.run,
        "created": edition.created,
        "articles": len(edition.inputs.fresh),
        "stories": len(edition.brief.stories),
        "facts": coverage.facts,
        "rejected": coverage.rejected,
        "skipped": coverage.skipped,
        "inputs": pack(edition.inputs.model_dump_json()),
        "brief": pack(edition.brief.model_dump_json()),
    }
