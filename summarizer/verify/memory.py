"""Check what a digest says beyond its facts: its name, what it remembers, what was not read."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from summarizer.data import Brief, Story, StoryMemory, StoryStatus, Writer
from summarizer.verify.problem import Problem, numbered, repeated, short

_EDITION = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.(?:[2-9]|[1-9]\d{1,5}))?", re.ASCII)


def edition(brief: Brief) -> Iterator[Problem]:
    """Yield what is wrong with the name of a digest: a date, with .2 for the second of a day."""
    if brief.edition and not _is_edition(brief.edition):
        message = f"{short(brief.edition)} is no date, alone or with .2, .3 and so on"
        yield Problem(where="edition", message=message)


def _is_edition(name: str) -> bool:
    found = _EDITION.fullmatch(name)
    if found is None:
        return False
    try:
        dt.date.fromisoformat(found[1])
    except ValueError:
        return False
    return True


def memories(brief: Brief) -> Iterator[Problem]:
    """Yield what is wrong with what a digest remembers of its stories, and of quiet ones."""
    for where, story in numbered("story", brief.stories):
        for message in (*_known_faults(story, brief), *_earlier_faults(story)):
            yield Problem(where=where, message=message)
        if story.memory:
            for message in _memory_faults(story.memory):
                yield Problem(where=where, message=message)
        elif brief.edition:
            yield Problem(where=where, message="it is told in a digest, and has no memory")
    told = {story.memory.id for story in brief.stories if story.memory}
    for where, quiet in numbered("quiet story", brief.quiet):
        if quiet.id in told:
            yield Problem(where=where, message=f"story {quiet.id} is told in the digest")
    ids = (story.memory.id for story in brief.stories if story.memory)
    for what, found in (("memories", ids), ("quiet stories", (q.id for q in brief.quiet))):
        for one, count in repeated(found):
            yield Problem(where=what, message=f"{count} of them have the id {one}")


def _known_faults(story: Story, brief: Brief) -> Iterator[str]:
    if story.known and story.memory is None and brief.since is None:
        yield f"known is {story.known}, and nothing was told before"


def _earlier_faults(story: Story) -> Iterator[str]:
    for article_id in sorted(set(story.earlier) & set(story.article_ids)):
        yield f"its article {article_id[:12]}… is said to be one of an earlier digest alone"
    for article_id, count in repeated(story.earlier):
        yield f"its earlier article {article_id[:12]}… is named {count} times"


def _memory_faults(memory: StoryMemory) -> Iterator[str]:
    """The dates are those of the clock then, which may have been set back since."""
    if memory.status is StoryStatus.QUIET:
        yield "it is quiet, and told in the digest"
    elif memory.status is StoryStatus.NEW:
        if memory.digests:
            yield f"it is new, and digests is {memory.digests}"
        if memory.last_told:
            yield f"it is new, and was last told on {memory.last_told}"
    else:
        if not memory.digests:
            yield "it is developing, and no digest told it before"
        if memory.last_told is None:
            yield "it is developing, and when it was last told is missing"


def unread(brief: Brief) -> Iterator[Problem]:
    """Yield what is wrong with the articles that the model is said not to have read."""
    listed = {source.article_id: source for source in brief.sources}
    for where, one in numbered("unread article", brief.unread):
        source = listed.get(one.article_id)
        if source is None:
            message = f"{one.article_id[:12]}… is no source of the brief"
            yield Problem(where=where, message=message)
            continue
        if source.writer is not Writer.EXTRACTIVE:
            message = f"source {source.number} is marked as written by the {source.writer.value}"
            yield Problem(where=where, message=message)
        if source.source != one.source:
            listed_as = f"source {source.number} is {short(source.source)}"
            message = f"it is {short(one.source)}, and {listed_as}"
            yield Problem(where=where, message=message)
    for article_id, count in repeated(one.article_id for one in brief.unread):
        message = f"article {article_id[:12]} is listed {count} times"
        yield Problem(where="unread articles", message=message)
