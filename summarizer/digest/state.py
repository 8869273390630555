"""What the digest remembers between nights, in one SQLite file.

An article is known by the SHA-256 of its text; what a model said of it is kept under a recipe,
the hash of everything that shaped the answer, so that a change of model, prompt or schema makes
exactly the affected answers stale. Claims are validated anew each night: that costs no model.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from summarizer.assets import asset
from summarizer.data import ModelInfo, Versions
from summarizer.errors import ConfigError
from summarizer.extract import Extraction

# Each runs once, in order; user_version counts them. Never edit one that was released.
_MIGRATIONS = (
    """
    CREATE TABLE articles (
      id TEXT PRIMARY KEY, source TEXT NOT NULL, first_seen TEXT NOT NULL
    ) STRICT;
    CREATE TABLE extractions (
      article_id TEXT NOT NULL REFERENCES articles (id), recipe TEXT NOT NULL,
      made TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (article_id, recipe)
    ) STRICT;
    """,
)


def recipe(model: ModelInfo, versions: Versions, seed: int) -> str:
    """Return the hash of all that shapes a model's answer, the prompt's and schema's text too."""
    parts = [
        model.name,
        str(model.sha256),
        model.strategy,
        str(seed),
        (asset("prompts") / f"{versions.prompt}.txt").read_text("utf-8"),
        (asset("schemas") / f"{versions.claims_schema}.json").read_text("utf-8"),
    ]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


class State:
    """The digest's memory; every write is committed before it returns."""

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA foreign_keys = ON")
            self._migrate()
        except (OSError, sqlite3.DatabaseError) as error:
            raise ConfigError(
                f"cannot use the state {path}: {error}",
                hint="If it is damaged, move it away: the next digest reads all articles anew.",
            ) from error

    def _migrate(self) -> None:
        (done,) = self._db.execute("PRAGMA user_version").fetchone()
        if done > len(_MIGRATIONS):
            raise sqlite3.DatabaseError("it was written by a newer version of summarizer")
        for number, script in enumerate(_MIGRATIONS[done:], done + 1):
            self._db.executescript(f"BEGIN; {script} PRAGMA user_version = {number}; COMMIT;")

    def __enter__(self) -> State:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self._db.close()

    def see(self, articles: Iterable[tuple[str, str]], now: dt.datetime) -> int:
        """Remember (id, source) of articles; return how many were new."""
        rows = [(article_id, source, now.isoformat()) for article_id, source in articles]
        before = self._db.total_changes
        self._db.execute("BEGIN")
        self._db.executemany("INSERT OR IGNORE INTO articles VALUES (?, ?, ?)", rows)
        self._db.execute("COMMIT")
        return self._db.total_changes - before

    def seen_since(self, since: dt.datetime) -> set[str]:
        """Return the ids of the articles first seen at `since` or later."""
        rows = self._db.execute(
            "SELECT id FROM articles WHERE first_seen >= ?", (since.isoformat(),)
        )
        return {row[0] for row in rows}

    def extraction(self, article_id: str, recipe_hash: str) -> Extraction | None:
        """Return what was extracted from the article by this recipe, if it was."""
        row = self._db.execute(
            "SELECT json FROM extractions WHERE article_id = ? AND recipe = ?",
            (article_id, recipe_hash),
        ).fetchone()
        return Extraction.model_validate_json(row[0]) if row else None

    def keep(self, extraction: Extraction, recipe_hash: str, now: dt.datetime) -> None:
        """Remember an extraction."""
        self._db.execute(
            "INSERT OR REPLACE INTO extractions VALUES (?, ?, ?, ?)",
            (extraction.article_id, recipe_hash, now.isoformat(), extraction.model_dump_json()),
        )
