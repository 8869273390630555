"""The stories and facts that earlier editions told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from summarizer.data import Fact, StoryStatus
from summarizer.digest.state import tables
from summarizer.digest.state.database import Part, chunks
from summarizer.digest.state.links import articles_of, ids_of, members_of, roots_of, stories_of
from summarizer.digest.state.numbering import numbers
from summarizer.digest.state.reading import read_blob
from summarizer.digest.state.records import KnownFact, KnownStory

_stories, _states, _facts = tables.stories, tables.story_states, tables.facts
_KNOWN = [_stories.c[name] for name in KnownStory.model_fields]


class Memory(Part):
    """Stories by id; the id of one that was absorbed stands for the one that absorbed it."""

    def story(self, story_id: str) -> KnownStory | None:
        """Return a story."""
        return next(iter(self.stories([story_id])), None)

    def stories(self, story_ids: Sequence[str], *, before: int | None = None) -> list[KnownStory]:
        """Return stories in that order, each once, unknown ones left out.

        With `before`: as the editions before that number left them.
        """
        with self._db.read() as connection:
            order = _roots(connection, story_ids, before)
            found: dict[int, KnownStory] = {}
            for some in chunks(order):
                query = sa.select(_stories.c.number, *_KNOWN).where(_stories.c.number.in_(some))
                for row in connection.execute(query).mappings():
                    found[row["number"]] = _known(row)
            if before is not None:
                found = _as_of(connection, found, before)
        return [found[number] for number in order if number in found]

    def of_articles(
        self, article_ids: Sequence[str], *, before: int | None = None
    ) -> dict[str, str]:
        """Return article id -> story id, for those that belong to a story."""
        with self._db.read() as connection:
            known = numbers(connection, tables.articles, article_ids)
            linked = stories_of(connection, list(known.values()), before=before)
        return {article: linked[number] for article, number in known.items() if number in linked}

    def articles_of(self, story_id: str) -> list[str]:
        """Return the ids of a story's articles, by order of arrival."""
        with self._db.read() as connection:
            return list(articles_of(connection, [story_id]).values())

    def facts(self, story_ids: Sequence[str], *, before: int | None = None) -> list[KnownFact]:
        """Return the facts that nothing replaced, by story as asked for, then oldest first.

        With `before`: as the editions before that number left them.
        """
        standing: sa.ColumnElement[bool] = _facts.c.replaced.is_(None)
        if before is not None:
            standing = (standing | (_facts.c.replaced >= before)) & (_facts.c.edition < before)
        with self._db.read() as connection:
            order = _roots(connection, story_ids, before)
            members = members_of(connection, order, before=before)
            # One that an absorbed story told is the absorbing one's.
            home = {member: root for root in order for member in members[root]}
            named = ids_of(connection, order)
            rows: list[Any] = []
            for some in chunks(list(home)):
                rows += connection.execute(
                    sa.select(_facts).where(_facts.c.story.in_(some), standing)
                ).all()
        place = {root: index for index, root in enumerate(order)}
        rows.sort(key=lambda row: (place[home[row.story]], row.edition, row.number))
        return [
            KnownFact(
                story_id=named[home[row.story]],
                edition=row.edition,
                kind=row.kind,
                fact=read_blob(Fact, row.body, f"fact of edition {row.edition}"),
            )
            for row in rows
        ]

    def live(self, since_edition: int) -> list[KnownStory]:
        """Return the stories told in that edition or later that are not quiet, oldest first."""
        query = (
            sa.select(*_KNOWN)
            .where(
                _stories.c.last_edition >= since_edition,
                _stories.c.status != sa.literal_column("'quiet'"),  # as the index has it
                _stories.c.absorbed_by.is_(None),
            )
            .order_by(_stories.c.number)
        )
        with self._db.read() as connection:
            return [_known(row) for row in connection.execute(query).mappings()]

    def counts(self) -> dict[StoryStatus, int]:
        """Return how many stories stand how; every status is a key."""
        query = (
            sa.select(_stories.c.status, sa.func.count())
            .where(_stories.c.absorbed_by.is_(None))
            .group_by(_stories.c.status)
        )
        with self._db.read() as connection:
            found = {row[0]: row[1] for row in connection.execute(query)}
        return {status: found.get(status.value, 0) for status in StoryStatus}


def _roots(connection: sa.Connection, story_ids: Sequence[str], before: int | None) -> list[int]:
    """Return the numbers of the stories that these ids stand for, each once, in order."""
    known = numbers(connection, _stories, story_ids)
    roots = roots_of(connection, known.values(), before=before)
    return list(dict.fromkeys(roots[known[one]] for one in story_ids if one in known))


def _known(row: Any) -> KnownStory:
    return KnownStory(**{name: row[name] for name in KnownStory.model_fields})


def _as_of(
    connection: sa.Connection, now: dict[int, KnownStory], before: int
) -> dict[int, KnownStory]:
    """Return the stories as they stood before an edition; later ones are left out."""
    found: dict[int, KnownStory] = {}
    for some in chunks(list(now)):
        query = (
            sa.select(_states)
            .where(_states.c.story.in_(some), _states.c.edition < before)
            .order_by(_states.c.story, _states.c.edition)
        )
        for row in connection.execute(query).mappings():
            changes = {name: row[name] for name in row if name not in ("story", "edition")}
            changes["status"] = StoryStatus(changes["status"])
            found[row["story"]] = now[row["story"]].model_copy(update=changes)
    return found
