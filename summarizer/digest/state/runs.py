"""The runs of the digest, each with the lines of its log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from summarizer.digest.state import tables
from summarizer.digest.state.database import Part
from summarizer.digest.state.records import Event, Outcome, RunRecord

_runs, _events = tables.runs, tables.events


class Runs(Part):
    """Runs by number, counted from 1 and never used twice."""

    def start(self, now: dt.datetime, *, detail: str = "") -> RunRecord:
        """Begin a run; those that nobody ended were killed.

        Its id is the start in UTC and the number: "20310506T020000Z-17".
        """
        with self._db.write() as connection:
            running = _runs.c.outcome == Outcome.RUNNING
            connection.execute(sa.update(_runs).where(running).values(outcome=Outcome.KILLED))
            last = connection.execute(sa.select(sa.func.max(_runs.c.number))).scalar() or 0
            number = last + 1
            record = RunRecord(
                number=number,
                id=f"{now.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}-{number}",
                started=now,
                detail=tables.storable(detail),
            )
            connection.execute(sa.insert(_runs), dict(record))
        return record

    def note(
        self, run: int, level: str, name: str, fields: Mapping[str, Any], now: dt.datetime
    ) -> None:
        """Add a line to the log of a run."""
        last = sa.select(sa.func.max(_events.c.number)).where(_events.c.run == run)
        with self._db.write() as connection:
            number = (connection.execute(last).scalar() or 0) + 1
            row = {"run": run, "number": number, "at": now, "level": level, "name": name}
            connection.execute(sa.insert(_events), {**row, "fields": dict(fields)})

    def end(
        self,
        number: int,
        outcome: Outcome,
        now: dt.datetime,
        *,
        edition: int | None = None,
        detail: str = "",
        counts: Mapping[str, float] | None = None,
    ) -> None:
        """Write down how a run ended; the edition that it made is known from when it was added.

        Raises:
            ValueError: there is no such run.
        """
        values: dict[str, Any] = {"outcome": outcome, "ended": now, "counts": dict(counts or {})}
        if edition is not None:
            values["edition"] = edition
        if detail:  # else what start() was told stays
            values["detail"] = detail
        with self._db.write() as connection:
            done = connection.execute(
                sa.update(_runs).where(_runs.c.number == number).values(**values)
            )
            if not done.rowcount:
                raise ValueError(f"there is no run {number}")

    def list(self, limit: int) -> list[RunRecord]:
        """Return the last runs, newest first."""
        return self._found(sa.select(_runs).order_by(_runs.c.number.desc()).limit(limit))

    def get(self, run: int | str) -> RunRecord | None:
        """Return the run with this number or id; a number may be written as text."""
        if isinstance(run, str) and not (run.isascii() and run.isdigit() and len(run) < 19):
            found = self._found(sa.select(_runs).where(_runs.c.id == run))
        else:
            found = self._found(sa.select(_runs).where(_runs.c.number == int(run)))
        return found[0] if found else None

    def events(self, number: int) -> _Events:
        """Return the log of a run, in order."""
        query = sa.select(_events).where(_events.c.run == number).order_by(_events.c.number)
        with self._db.read() as connection:
            rows = connection.execute(query).mappings().all()
        return [
            Event(
                number=row["number"],
                at=row["at"],
                level=row["level"],
                name=row["name"],
                fields=row["fields"],
            )
            for row in rows
        ]

    def last(self, outcome: Outcome) -> RunRecord | None:
        """Return the last run that ended so."""
        query = sa.select(_runs).where(_runs.c.outcome == outcome)
        found = self._found(query.order_by(_runs.c.number.desc()).limit(1))
        return found[0] if found else None

    def _found(self, query: sa.Select[Any]) -> _Records:
        with self._db.read() as connection:
            return [RunRecord(**row) for row in connection.execute(query).mappings()]


# Inside the class, `list` is the method.
_Events = list[Event]
_Records = list[RunRecord]
