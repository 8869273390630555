"""What the state forgets: texts and answers, facts of stories long told, old logs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from summarizer.digest.state import tables
from summarizer.digest.state.database import Part, chunks
from summarizer.digest.state.links import roots_of
from summarizer.digest.state.records import Outcome

_articles, _stories = tables.articles, tables.stories


class Retention(Part):
    """Ids of articles and stories, inputs and editions are kept for ever."""

    def purge(self, *, articles_before: dt.datetime, runs_before: dt.datetime) -> dict[str, int]:
        """Forget what is older, in one transaction, then give the space back.

        Of articles told, or passed over when they came, before `articles_before`: text, answers
        and verdicts. Of stories whose last edition is older: facts and links. Of runs
        started before `runs_before`: everything with their events, but never the last run.
        Returns how many rows went, by table.
        """
        with self._db.write() as connection:
            gone = _forget_articles(connection, articles_before)
            gone |= _forget_stories(connection, articles_before)
            gone |= _forget_runs(connection, runs_before)
        if any(gone.values()):
            self._db.shrink()
        return gone


def _forget_articles(connection: sa.Connection, before: dt.datetime) -> dict[str, int]:
    editions = tables.editions.c
    passed_over = _articles.c.passed.is_not(None) & (_articles.c.first_seen < before)
    old = (
        sa.select(_articles.c.number)
        .join_from(tables.bodies, _articles)
        .outerjoin(tables.editions, editions.number == _articles.c.edition)
        .where((editions.created < before) | passed_over)
    )
    numbers = list(connection.execute(old).scalars())
    wanted = (tables.extractions, tables.summaries, tables.bodies)
    return {table.name: _delete(connection, table, table.c.article, numbers) for table in wanted}


def _forget_stories(connection: sa.Connection, before: dt.datetime) -> dict[str, int]:
    """A story that was absorbed is remembered as long as the one that absorbed it."""
    first = sa.select(sa.func.min(tables.editions.c.number)).where(
        tables.editions.c.created >= before
    )
    kept_from = connection.execute(first).scalar()
    with_facts = sa.union(sa.select(tables.facts.c.story), sa.select(tables.links.c.story))
    query = sa.select(_stories.c.number, _stories.c.last_edition).where(
        _stories.c.number.in_(with_facts.scalar_subquery())
    )
    last = {row.number: row.last_edition for row in connection.execute(query)}
    roots = roots_of(connection, last)
    for some in chunks([root for root in roots.values() if root not in last]):
        rows = sa.select(_stories.c.number, _stories.c.last_edition)
        last.update(
            (row.number, row.last_edition)
            for row in connection.execute(rows.where(_stories.c.number.in_(some)))
        )
    old = [one for one, root in roots.items() if kept_from is None or last[root] < kept_from]
    wanted = (tables.facts, tables.links, tables.story_states)
    return {table.name: _delete(connection, table, table.c.story, old) for table in wanted}


def _forget_runs(connection: sa.Connection, before: dt.datetime) -> dict[str, int]:
    runs = tables.runs.c
    newest = sa.select(sa.func.max(runs.number)).scalar_subquery()
    query = sa.select(runs.number).where(
        runs.started < before, runs.number < newest, runs.outcome != Outcome.RUNNING
    )
    old = list(connection.execute(query).scalars())
    return {
        "events": _delete(connection, tables.events, tables.events.c.run, old),
        "runs": _delete(connection, tables.runs, runs.number, old),
    }


def _delete(
    connection: sa.Connection, table: sa.Table, column: sa.ColumnElement[Any], numbers: list[int]
) -> int:
    """Delete the rows whose `column` is one of `numbers`; return how many."""
    return sum(
        connection.execute(sa.delete(table).where(column.in_(some))).rowcount
        for some in chunks(numbers)
    )
