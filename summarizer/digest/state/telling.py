"""What an edition changes in the memory of stories and facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from summarizer.data import StoryStatus
from summarizer.digest.state import tables
from summarizer.digest.state.blobs import pack
from summarizer.digest.state.database import Database, chunks
from summarizer.digest.state.links import link, members_of
from summarizer.digest.state.numbering import all_numbers
from summarizer.digest.state.records import KnownStory, StoryNews

_stories, _states, _facts, _links = (
    tables.stories,
    tables.story_states,
    tables.facts,
    tables.links,
)


def tell(
    database: Database,
    connection: sa.Connection,
    edition: int,
    news: Sequence[StoryNews],
    quiet: Sequence[str],
) -> None:
    """Write the news of `edition` and what has gone quiet; the caller's transaction.

    Raises:
        ValueError: an article or story is not there, or a story is told and absorbed at once.
    """
    told = {one.story.id for one in news}
    if both := told & {one for item in news for one in item.absorbed}:
        raise ValueError(f"stories told and absorbed by one edition: {sorted(both)}")
    numbers = {one.story.id: _put_story(database, connection, edition, one.story) for one in news}
    for one in news:
        _absorb(connection, edition, numbers[one.story.id], one.absorbed)
    members = members_of(connection, numbers.values())
    articles = all_numbers(
        connection, tables.articles, [article for one in news for article in one.article_ids]
    )
    wanted: dict[int, int] = {}
    for one in news:
        number = numbers[one.story.id]
        wanted.update((articles[article], number) for article in one.article_ids)
        _put_facts(connection, edition, number, members[number], one)
    link(connection, edition, wanted)
    _silence(connection, quiet)
    changed = list(numbers.values()) + list(all_numbers(connection, _stories, quiet).values())
    _put_states(connection, edition, changed)


def _put_story(
    database: Database, connection: sa.Connection, edition: int, story: KnownStory
) -> int:
    """Write a story as this edition, not the record, numbers it; return its number."""
    values: dict[str, Any] = {**dict(story), "absorbed_by": None, "absorbed_in": None}
    values["last_edition"] = edition
    first = {"id": story.id, "first_edition": edition}  # of one that is there, both stay
    statement = database.insert(_stories).values(**{**values, **first})
    statement = statement.on_conflict_do_update(
        index_elements=["id"], set_={name: values[name] for name in values if name not in first}
    )
    number: int = connection.execute(statement.returning(_stories.c.number)).scalar_one()
    return number


def _absorb(
    connection: sa.Connection, edition: int, story: int, absorbed_ids: Sequence[str]
) -> None:
    """Note that stories turned out to be `story`; their articles are its own from now on."""
    for number in all_numbers(connection, _stories, absorbed_ids).values():
        connection.execute(
            sa.update(_stories)
            .where(_stories.c.number == number)
            .values(absorbed_by=story, absorbed_in=edition)
        )


def _put_facts(
    connection: sa.Connection, edition: int, story: int, members: Sequence[int], news: StoryNews
) -> None:
    for some in chunks(news.replaced):
        connection.execute(
            sa.update(_facts)
            .where(
                _facts.c.story.in_(members),
                _facts.c.id.in_(some),
                _facts.c.replaced.is_(None),
            )
            .values(replaced=edition)
        )
    rows = [
        {
            "story": story,
            "edition": edition,
            "id": known.fact.id,
            "kind": known.kind,
            "body": pack(known.fact.model_dump_json()),
        }
        for known in news.facts
    ]
    if rows:
        connection.execute(sa.insert(_facts), rows)


def _silence(connection: sa.Connection, quiet: Sequence[str]) -> None:
    for some in chunks(quiet):
        connection.execute(
            sa.update(_stories).where(_stories.c.id.in_(some)).values(status=StoryStatus.QUIET)
        )


def _put_states(connection: sa.Connection, edition: int, stories: Iterable[int]) -> None:
    """Write down how these stories stand after this edition."""
    names = [column.name for column in _states.columns if column.name not in ("story", "edition")]
    for some in chunks(list(stories)):
        query = sa.select(
            _stories.c.number, sa.literal(edition), *(_stories.c[name] for name in names)
        ).where(_stories.c.number.in_(some))
        connection.execute(sa.insert(_states).from_select(["story", "edition", *names], query))
