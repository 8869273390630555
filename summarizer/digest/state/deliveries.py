"""The deliveries of editions, recorded before and after."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from summarizer.digest.state import tables
from summarizer.digest.state.database import Part
from summarizer.digest.state.records import Delivery, DeliveryState

_table = tables.deliveries
_UNFINISHED = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.FAILED)


class Deliveries(Part):
    """One delivery an edition and channel."""

    def add(self, edition: int, channel: str, key: str) -> None:
        """Make a pending delivery, if there is none over this channel."""
        row = {"edition": edition, "channel": channel, "key": key, "tries": 0, "detail": ""}
        row["state"] = DeliveryState.PENDING
        with self._db.write() as connection:
            connection.execute(self._db.insert(_table).values(row).on_conflict_do_nothing())

    def begin(self, edition: int, channel: str, now: dt.datetime) -> Delivery:
        """Record that a delivery is about to be tried.

        Raises:
            ValueError: there is no such delivery, or it was made already.
        """
        values = {
            "state": DeliveryState.SENDING,
            "tries": _table.c.tries + 1,
            "started": now,
            "ended": None,
            "detail": "",
        }
        statement = sa.update(_table).where(_is(edition, channel))
        with self._db.write() as connection:
            connection.execute(
                statement.where(_table.c.state != DeliveryState.SENT).values(**values)
            )
            found = _one(connection, edition, channel)
        if found.state is DeliveryState.SENT:
            raise ValueError(f"edition {edition} was delivered by {channel} already")
        return found

    def end(
        self, edition: int, channel: str, state: DeliveryState, now: dt.datetime, detail: str = ""
    ) -> None:
        """Record how a delivery ended.

        Raises:
            ValueError: there is no such delivery.
        """
        with self._db.write() as connection:
            _one(connection, edition, channel)
            connection.execute(
                sa.update(_table)
                .where(_is(edition, channel))
                .values(state=state, ended=now, detail=detail)
            )

    def unfinished(self) -> list[Delivery]:
        """Return what is pending, being sent or failed, by edition, then channel."""
        query = sa.select(_table).where(_table.c.state.in_(_UNFINISHED))
        return self._found(query.order_by(_table.c.edition, _table.c.channel))

    def of(self, edition: int) -> list[Delivery]:
        """Return the deliveries of an edition, by channel."""
        query = sa.select(_table).where(_table.c.edition == edition)
        return self._found(query.order_by(_table.c.channel))

    def with_state(self, *states: DeliveryState, limit: int) -> list[Delivery]:
        """Return the deliveries in one of these states, newest edition first, then by channel."""
        query = sa.select(_table).where(_table.c.state.in_(states))
        order = (_table.c.edition.desc(), _table.c.channel)
        return self._found(query.order_by(*order).limit(limit))

    def _found(self, query: sa.Select[Any]) -> list[Delivery]:
        with self._db.read() as connection:
            return [Delivery(**row) for row in connection.execute(query).mappings()]


def _is(edition: int, channel: str) -> sa.ColumnElement[bool]:
    return sa.and_(_table.c.edition == edition, _table.c.channel == channel)


def _one(connection: sa.Connection, edition: int, channel: str) -> Delivery:
    query = sa.select(_table).where(_is(edition, channel))
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise ValueError(f"edition {edition} has no delivery by {channel}")
    return Delivery(**row)
