"""From ids, which the rest of the program uses, to the short numbers of the tables, and back."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from summarizer.digest.state import tables
from summarizer.digest.state.database import Database, chunks


def numbers(connection: sa.Connection, table: sa.Table, ids: Sequence[str]) -> dict[str, int]:
    """Return the numbers of the ids of `table` (articles, stories) that are there."""
    found: dict[str, int] = {}
    for some in chunks(ids):
        query = sa.select(table.c.id, table.c.number).where(table.c.id.in_(some))
        found.update((row.id, row.number) for row in connection.execute(query))
    return found


def all_numbers(connection: sa.Connection, table: sa.Table, ids: Sequence[str]) -> dict[str, int]:
    """Return the numbers of the ids of `table`.

    Raises:
        ValueError: one is not there: a mistake of the caller, so nothing is written.
    """
    found = numbers(connection, table, ids)
    for one in ids:
        if one not in found:
            raise ValueError(f"{one!r} is not among the {table.name} of the state")
    return found


def recipe_number(database: Database, connection: sa.Connection, recipe: str) -> int:
    """Return the number of a recipe, made now if it was not known."""
    column = tables.recipes.c
    query = sa.select(column.number).where(column.hash == recipe)
    found: int | None = connection.execute(query).scalar()
    if found is None:
        made = database.insert(tables.recipes).values(hash=recipe).returning(column.number)
        found = connection.execute(made).scalar_one()
    return found
