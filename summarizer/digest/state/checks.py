"""Is the state whole: what `summarizer doctor` asks."""

from __future__ import annotations

import sqlalchemy as sa

from summarizer.digest.state import tables
from summarizer.digest.state.blobs import Unreadable, unpack
from summarizer.digest.state.database import Database
from summarizer.errors import StateError

_MOST = 20  # problems told; a damaged file may have thousands


def problems_of(database: Database) -> list[str]:
    """Return what is wrong with the state, at most 20 lines; empty: it is whole."""
    found: list[str] = []
    try:
        if database.backend == "sqlite":
            found += _sqlite(database)
        else:
            found += _references(database)
        found += _blobs(database)
    except StateError as error:
        found.append(str(error))
    return found[:_MOST]


def size_of(database: Database) -> int:
    """Return the bytes on disk: of the file and its log, or of the tables."""
    if database.path is not None:
        files = (database.path, database.path.with_name(f"{database.path.name}-wal"))
        return sum(file.stat().st_size for file in files if file.exists())
    sizes = [
        sa.func.coalesce(sa.func.pg_total_relation_size(sa.func.to_regclass(table.name)), 0)
        for table in tables.ALL
    ]
    with database.read() as connection:
        return sum(connection.execute(sa.select(*sizes)).one())


def _sqlite(database: Database) -> list[str]:
    lines = [str(row[0]) for row in database.pragma("PRAGMA integrity_check(20)")]
    found = [line for line in lines if line != "ok"]
    for table, row, parent, _ in database.pragma("PRAGMA foreign_key_check"):
        found.append(f"row {row} of {table} points to nothing in {parent}")
    return found


def _references(database: Database) -> list[str]:
    """Read each table whole, and look for rows that point to nothing."""
    found = []
    with database.read() as connection:
        for table in tables.ALL:
            connection.execute(sa.select(sa.func.count()).select_from(table)).scalar()
            for key in table.foreign_keys:
                parent = key.column.table.alias("parent")
                lost = (
                    sa.select(sa.func.count())
                    .select_from(table.outerjoin(parent, key.parent == parent.c[key.column.name]))
                    .where(key.parent.is_not(None), parent.c[key.column.name].is_(None))
                )
                if count := connection.execute(lost).scalar():
                    found.append(
                        f"{count} rows of {table.name} point to nothing in {key.column.table.name}"
                    )
    return found


def _blobs(database: Database) -> list[str]:
    """Unpack everything: the checksum of each blob tells what the database cannot."""
    bodies, editions, facts = tables.bodies.c, tables.editions.c, tables.facts.c
    plain = (
        sa.select(editions.brief, sa.literal("")),
        sa.select(editions.inputs, sa.literal("")),
        sa.select(facts.body, sa.literal("")),
        sa.select(bodies.body, sa.literal("")),
    )
    names = ("brief", "list of inputs", "fact", "article")
    bad = dict.fromkeys(names, 0)
    with database.read() as connection:
        for name, query in zip(names, plain, strict=True):
            for blob, near in connection.execute(query):
                bad[name] += not _whole(blob, near)
        for table in (tables.extractions, tables.summaries):
            near_query = sa.select(table.c.body, bodies.body.label("near")).outerjoin_from(
                table, tables.bodies, table.c.article == bodies.article
            )
            bad[table.name] = sum(
                not _whole(blob, near) for blob, near in connection.execute(near_query)
            )
    return [f"{count} damaged: {name}" for name, count in bad.items() if count]


def _whole(blob: bytes, near: bytes | str | None) -> bool:
    try:
        unpack(blob, unpack(near) if isinstance(near, bytes) else "")
    except Unreadable:
        return False
    return True
