"""Check stories, their facts and differences, and storylines against one another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from summarizer.data import (
    Brief,
    Conflict,
    ConflictKind,
    Evidence,
    Fact,
    Side,
    Source,
    Story,
    SupportedClaim,
    Update,
    Writer,
)
from summarizer.verify.problem import (
    Problem,
    holds,
    mark_faults,
    numbered,
    repeated,
    short,
    within,
)


@dataclass(frozen=True)
class _Known:
    """What the checks of a story need of the whole brief."""

    sources: Mapping[str, Source]  # by article id
    shown: Mapping[str, Fact]  # by fact id


def stories(brief: Brief) -> Iterator[Problem]:
    """Yield what is wrong with the stories of a brief, their facts and what differs in them."""
    yield from _repeated_ids(brief)
    known = _Known(
        sources={source.article_id: source for source in brief.sources},
        shown={fact.id: fact for story in brief.stories for fact in story.facts},
    )
    for where, story in numbered("story", brief.stories):
        for message in _story_faults(story, known):
            yield Problem(where=where, message=message)
        for noun, facts in (("fact", story.facts), ("left-out fact", story.left_out)):
            for place, fact in numbered(noun, facts):
                for message in _fact_faults(fact, story, known):
                    yield Problem(where=f"{where}, {place}", message=message)
        for place, conflict in numbered("conflict", story.conflicts):
            for message in _conflict_faults(conflict, story, known):
                yield Problem(where=f"{where}, {place}", message=message)
        for place, update in numbered("update", story.updates):
            for message in _update_faults(update, story, known):
                yield Problem(where=f"{where}, {place}", message=message)


def _repeated_ids(brief: Brief) -> Iterator[Problem]:
    facts = [f.id for story in brief.stories for f in (*story.facts, *story.left_out)]
    for what, ids in (("stories", [story.id for story in brief.stories]), ("facts", facts)):
        for one, count in repeated(ids):
            yield Problem(where=what, message=f"{count} of them have the id {one}")


def storylines(brief: Brief) -> Iterator[Problem]:
    """Yield what is wrong with the storylines of a brief."""
    told = {story.id for story in brief.stories}
    for where, line in numbered("storyline", brief.storylines):
        for story_id in line.story_ids:
            if story_id not in told:
                yield Problem(where=where, message=f"story {story_id} is not in the brief")
    for story_id, count in repeated(one for line in brief.storylines for one in line.story_ids):
        message = f"story {story_id} stands there {count} times"
        yield Problem(where="storylines", message=message)
    for line_id, count in repeated(line.id for line in brief.storylines):
        yield Problem(where="storylines", message=f"{count} of them have the id {line_id}")


# --- stories and facts ------------------------------------------------------------------------


def _story_faults(story: Story, known: _Known) -> Iterator[str]:
    yield from _origin_faults(story.article_ids, story.origins, known)
    titled = story.headline_article_id
    titles = {i: known.sources[i].title.strip() for i in story.article_ids if i in known.sources}
    if titled is not None:
        if titled not in titles:
            yield "its headline is the title of none of its articles"
        elif titles[titled] != story.headline:
            yield f"its headline is {short(story.headline)}, the title {short(titles[titled])}"
        return
    lead = next(iter((*story.facts, *story.left_out)), None)
    if story.headline not in {*titles.values(), lead.text if lead else None}:
        yield "its headline is neither a title of its articles nor the wording of its first fact"


def _origin_faults(article_ids: tuple[str, ...], counted: int, known: _Known) -> Iterator[str]:
    unlisted = [article_id for article_id in article_ids if article_id not in known.sources]
    for article_id in unlisted:
        yield f"its article {article_id[:12]}… is no source of the brief"
    found = len({known.sources[i].origin for i in article_ids if i in known.sources})
    if not unlisted and counted != found:
        yield f"its articles have {found} origins, not {counted}"


def _fact_faults(fact: Fact, story: Story, known: _Known) -> Iterator[str]:
    if not fact.citations:
        yield "it cites nothing"
    if fact.text not in {one.claim.text for one in fact.claims}:
        yield "its wording is that of none of its claims"
    # Articles of other stories may tell it too: a fact stands in one story only.
    if fact.citations and set(story.article_ids).isdisjoint(fact.article_ids):
        yield "no article of its story tells it"
    yield from _origin_faults(fact.article_ids, fact.origins, known)
    for one in (*fact.claims, *fact.refines):
        yield from _claim_faults(one)
    for one in fact.refines:
        if one in fact.claims:
            yield f"{short(one.claim.text)} is said to say less, and to say the same"
        elif one.claim.text == fact.text:
            yield "a claim of its very wording is said to say less"


def _claim_faults(one: SupportedClaim) -> Iterator[str]:
    if any(evidence.article_id != one.claim.article_id for evidence in one.evidence):
        yield "a claim about one article is supported by a quote of another"
    if one.claim.writer is Writer.EXTRACTIVE and not any(
        holds(evidence.quote, one.claim.text) for evidence in one.evidence
    ):
        yield f"{short(one.claim.text)} is marked as quoted and is not in its quote"


# --- differences ------------------------------------------------------------------------------


def _conflict_faults(conflict: Conflict, story: Story, known: _Known) -> Iterator[str]:
    """The second side may stand in another story."""
    if conflict.first.fact_id not in {fact.id for fact in story.facts}:
        yield f"fact {conflict.first.fact_id} is not in its story"
    sides = {"first": conflict.first, "second": conflict.second}
    yield from _difference_faults(sides, known, conflict.kind)


def _update_faults(update: Update, story: Story, known: _Known) -> Iterator[str]:
    own = {fact.id for fact in story.facts}
    if own.isdisjoint((update.earlier.fact_id, update.later.fact_id)):
        yield "neither of its facts is in its story"
    dates = [_published(side.evidence, known) for side in (update.earlier, update.later)]
    if dates[0] and dates[1] and dates[0] > dates[1]:
        yield f"its earlier side is of {dates[0]}, its later side of {dates[1]}"
    sides = {"earlier": update.earlier, "later": update.later}
    yield from _difference_faults(sides, known, update.kind)


def _published(evidence: Evidence, known: _Known) -> str | None:
    source = known.sources.get(evidence.article_id)
    return source.published.isoformat() if source and source.published else None


def _difference_faults(
    sides: Mapping[str, Side], known: _Known, kind: ConflictKind
) -> Iterator[str]:
    one, other = sides.values()
    if one.fact_id == other.fact_id:
        yield "its two sides are one fact"
    if one.evidence == other.evidence:
        yield "its two sides are one quote"
    # Whether something is denied is no word that a quote must hold.
    worded = kind is not ConflictKind.POLARITY
    for name, side in sides.items():
        for message in side_faults(side, known.shown, worded=worded):
            yield f"{name} side: {message}"


def side_faults(side: Side, facts: Mapping[str, Fact], *, worded: bool) -> Iterator[str]:
    """Say what is wrong with a side of a difference; `facts` are by id.

    Where it is `worded`, its value must stand in its quote, or in a claim that rests on it, and
    be what is marked.
    """
    fact = facts.get(side.fact_id)
    if fact is None:
        yield f"fact {side.fact_id} is not in the brief"
    elif not any(within(side.evidence, cited) for cited in fact.citations):
        yield f"its quote is none of those that fact {side.fact_id} cites"
    yield from mark_faults(side, says=side.value if worded else None)
    if not worded:
        return
    # A claim may write the number of its quote in another way: 350,000 for 350K.
    claims = (*fact.claims, *fact.refines) if fact else ()
    told = [c.claim.text for c in claims if any(within(side.evidence, e) for e in c.evidence)]
    if not any(holds(text, side.value) for text in (side.evidence.quote, *told)):
        yield f"{short(side.value)} is neither in its quote nor in a claim that rests on it"
