"""Which article belongs to which story, now or as of an earlier edition.

A link holds from its edition until a later one of the same article. An absorbed story is the
story that absorbed it, from the edition that found it out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from summarizer.digest.state import tables
from summarizer.digest.state.database import chunks
from summarizer.digest.state.numbering import numbers

_articles, _links, _stories = tables.articles, tables.links, tables.stories


def stories_of(
    connection: sa.Connection, articles: Sequence[int], *, before: int | None = None
) -> dict[int, str]:
    """Return the ids of the stories of articles (by number), for those that have one."""
    found = _linked(connection, articles, before)
    roots = roots_of(connection, found.values(), before=before)
    names = ids_of(connection, roots.values())
    return {article: names[roots[story]] for article, story in found.items()}


def _linked(
    connection: sa.Connection, articles: Sequence[int], before: int | None
) -> dict[int, int]:
    """Return the story that each article was last put to, both as numbers."""
    found: dict[int, int] = {}
    for some in chunks(articles):
        query = (
            sa.select(_links.c.article, _links.c.story)
            .where(_links.c.article.in_(some), *_earlier(_links.c.edition, before))
            .order_by(_links.c.article, _links.c.edition)
        )
        found.update((row.article, row.story) for row in connection.execute(query))
    return found


def ids_of(connection: sa.Connection, stories: Iterable[int]) -> dict[int, str]:
    """Return the ids of stories by number."""
    found: dict[int, str] = {}
    for some in chunks(sorted(stories)):
        query = sa.select(_stories.c.number, _stories.c.id).where(_stories.c.number.in_(some))
        found.update((row.number, row.id) for row in connection.execute(query))
    return found


def articles_of(connection: sa.Connection, story_ids: Sequence[str]) -> dict[int, str]:
    """Return the articles of stories as number -> id, by order of arrival."""
    roots = roots_of(connection, list(numbers(connection, _stories, story_ids).values()))
    later = _links.alias("later")
    moved = sa.exists().where(
        later.c.article == _links.c.article, later.c.edition > _links.c.edition
    )
    members = members_of(connection, roots.values())
    found: dict[int, str] = {}
    for some in chunks([story for own in members.values() for story in own]):
        query = (
            sa.select(_articles.c.number, _articles.c.id)
            .join_from(_links, _articles)
            .where(_links.c.story.in_(some), ~moved)
        )
        found.update((row.number, row.id) for row in connection.execute(query))
    return dict(sorted(found.items()))


def link(connection: sa.Connection, edition: int, wanted: dict[int, int]) -> None:
    """Let articles belong to stories (numbers both) from `edition` on."""
    now = _linked(connection, list(wanted), None)
    rows = [
        {"article": article, "edition": edition, "story": story}
        for article, story in wanted.items()
        if now.get(article) != story
    ]
    if rows:
        connection.execute(sa.insert(_links), rows)


def roots_of(
    connection: sa.Connection, stories: Iterable[int], *, before: int | None = None
) -> dict[int, int]:
    """Return for each story (by number) the one it is now: itself, or what absorbed it.

    Who absorbs is told by that edition, and so absorbed by none (telling.py): no ring can form.
    """
    roots = {story: story for story in stories}
    going = set(roots.values())
    while going:  # a chain of absorptions is short, and each step is one more edition
        query = sa.select(_stories.c.number, _stories.c.absorbed_by)
        absorbed: dict[int, int] = {}
        for some in chunks(sorted(going)):
            where = _stories.c.number.in_(some) & _stories.c.absorbed_by.is_not(None)
            rows = connection.execute(query.where(where, *_earlier(_stories.c.absorbed_in, before)))
            absorbed.update((row.number, row.absorbed_by) for row in rows)
        roots = {story: absorbed.get(root, root) for story, root in roots.items()}
        going = set(absorbed.values())
    return roots


def members_of(
    connection: sa.Connection, roots: Iterable[int], *, before: int | None = None
) -> dict[int, list[int]]:
    """Return for each root its stories: itself, then what it absorbed, directly or not."""
    found: dict[int, list[int]] = {root: [root] for root in roots}
    home = {root: root for root in found}
    going = list(found)
    while going:
        query = sa.select(_stories.c.number, _stories.c.absorbed_by).order_by(_stories.c.number)
        rows: dict[int, int] = {}
        for some in chunks(going):
            where = _stories.c.absorbed_by.in_(some)
            told = connection.execute(query.where(where, *_earlier(_stories.c.absorbed_in, before)))
            rows.update((row.number, row.absorbed_by) for row in told)
        going = [story for story in rows if story not in home]
        for story in going:
            home[story] = home[rows[story]]
            found[home[story]].append(story)
    return found


def _earlier(edition: sa.ColumnElement[int], before: int | None) -> list[sa.ColumnElement[bool]]:
    return [] if before is None else [edition < before]
