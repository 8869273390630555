"""Briefs with every record there is: refinements, updates, changes, memories and the rest."""

from __future__ import annotations

import datetime as dt

from summarizer.data import (
    Article,
    Brief,
    Change,
    ChangeKind,
    ConflictKind,
    Coverage,
    Evidence,
    Fact,
    GoneFact,
    QuietStory,
    ReferenceCoverage,
    Side,
    Since,
    SkippedArticle,
    SkipReason,
    Span,
    Storyline,
    StoryMemory,
    StoryStatus,
    UnreadArticle,
    Update,
    Writer,
)
from tests.conftest import (
    make_article,
    make_brief,
    make_conflict,
    make_evidence,
    make_fact,
    make_story,
    make_supported,
)

CREATED = dt.datetime(2031, 5, 6, 6, 0, tzinfo=dt.UTC)  # of the earlier brief


def make_side(fact: Fact, value: str, evidence: Evidence | None = None) -> Side:
    """Quote the first citation of `fact` and mark `value` in it, where it stands there."""
    evidence = evidence or fact.citations[0]
    at = evidence.quote.find(value)
    mark = Span(start=evidence.start + at, end=evidence.start + at + len(value))
    marked = at >= 0 and value != ""
    return Side(fact_id=fact.id, evidence=evidence, value=value, mark=mark if marked else None)


def flood_articles() -> tuple[Article, Article, Article]:
    """Return two articles on a flood, and one a month later that has no title."""
    return (
        make_article(
            "The Orvin flooded 12 villages on Monday.",
            "Shelters took in 300 people.",
            "The dam held.",
            title="Orvin floods villages",
            source="articles/flood.txt",
            published=dt.date(2031, 5, 5),
        ),
        make_article(
            "The Orvin had flooded 19 villages by Tuesday.",
            "Shelters were opened.",
            "Trains were stopped.",
            title="Flood spreads",
            source="articles/spreads.txt",
            published=dt.date(2031, 5, 6),
        ),
        make_article(
            "Orvin's mayor resigned over the flood.",
            "The dam did not hold.",
            title="",
            source="articles/mayor.txt",
            published=dt.date(2031, 6, 2),
        ),
    )


def make_rich_brief() -> tuple[Brief, dict[str, Article]]:
    """Build a brief of two stories of one storyline, compared with an earlier brief."""
    first, second, third = articles = flood_articles()
    early = make_fact(make_supported(None, first), id="early")
    late = make_fact(make_supported(None, second), id="late")
    shelters = make_fact(make_supported(None, first, ids=(2,)), id="shelters", origins=2)
    lesser = make_supported(None, second, ids=(2,))
    shelters = shelters.model_copy(update={"refines": (lesser,)})
    held = make_fact(make_supported(None, first, ids=(3,)), id="held")
    broke = make_fact(make_supported(None, third, ids=(2,)), id="broke")
    mayor = make_fact(make_supported(None, third), id="mayor")
    trains = make_fact(make_supported(None, second, ids=(3,)), id="trains")
    before = make_side(early, "12")
    late = _changed(late, ChangeKind.CHANGED, before, make_side(late, "19"))
    mayor = _changed(mayor, ChangeKind.NEW)
    shelters = _changed(shelters, ChangeKind.CONFIRMED)
    held = _changed(held, ChangeKind.CONTRADICTED, make_side(held, "held"), make_side(broke, "not"))
    conflict = make_conflict(held, broke, kind=ConflictKind.POLARITY, values=("stated", "denied"))
    flood = make_story(
        late, early, shelters, held, headline="Flood spreads", conflicts=(conflict,), id="flood"
    ).model_copy(
        update={
            "headline_article_id": second.id,
            "left_out": (trains,),
            "updates": (
                Update(
                    kind=ConflictKind.NUMBER,
                    earlier=make_side(early, "12"),
                    later=make_side(late, "19"),
                ),
            ),
        }
    )
    resigned = make_story(mayor, broke, headline=mayor.text, id="resigned")
    brief = make_brief(flood, resigned, articles=articles)
    coverage = brief.coverage.model_copy(
        update={"facts_left_out": 1, "supported": 8, "claims": 8}  # a refined claim, and `trains`
    )
    gone = GoneFact(
        fact_id="bridge",
        text="A bridge fell.",
        evidence=make_evidence(make_article("A bridge fell on Sunday.")),
        source="articles/flood.txt",
    )
    update = {
        "coverage": coverage,
        "storylines": (Storyline(id="line", story_ids=("flood", "resigned")),),
        "since": Since(created=CREATED, known=3, gone=(gone,)),
        "reference": ReferenceCoverage(
            facts=4, covered=0.625, words=34, missing=("A school was closed.",)
        ),
    }
    return brief.model_copy(update=update), {article.id: article for article in articles}


def make_digest_brief() -> tuple[Brief, dict[str, Article]]:
    """Build a digest of the rich brief: a story that goes on, a new one, a quiet one.

    The first article was told before; the last one the model has not read.
    """
    brief, articles = make_rich_brief()
    first, second, third = brief.sources
    flood, resigned = brief.stories
    mayor, broke = resigned.facts
    bridge = "ab" * 32  # of an earlier digest, and not cited
    memory = StoryMemory(
        id="orvin-flood",
        status=StoryStatus.DEVELOPING,
        first_told=dt.date(2031, 5, 4),
        last_told=dt.date(2031, 5, 6),
        digests=3,
    )
    new = StoryMemory(id="orvin-mayor", status=StoryStatus.NEW, first_told=dt.date(2031, 5, 7))
    told = (mayor, _changed(broke, ChangeKind.NEW))
    since = brief.since.model_copy(update={"known": 7}) if brief.since else None
    update = {
        "edition": "2031-05-07",
        "stories": (
            flood.model_copy(update={"known": 5, "memory": memory, "earlier": (bridge,)}),
            resigned.model_copy(update={"facts": told, "memory": new}),
        ),
        "sources": (first, second, third.model_copy(update={"writer": Writer.EXTRACTIVE})),
        "coverage": brief.coverage.model_copy(update={"remembered": 1, "skipped": 2}),
        "since": since,
        "skipped": (
            SkippedArticle(
                source="https://news.example/feed.xml",
                reason=SkipReason.UNREACHABLE,
                detail="it answered 503; it is asked again the next night",
            ),
            SkippedArticle(
                source="https://paper.example/a", reason=SkipReason.FORBIDDEN, detail="robots.txt"
            ),
        ),
        "quiet": (
            QuietStory(
                id="velmora-bridge",
                headline="Velmora bridge opens",
                first_told=dt.date(2031, 5, 1),
                last_told=dt.date(2031, 5, 3),
            ),
        ),
        "unread": (
            UnreadArticle(
                article_id=third.article_id,
                source=third.source,
                reason="the deadline 06:30 came first",
            ),
        ),
    }
    return brief.model_copy(update=update), articles


def make_empty_digest() -> Brief:
    """Build a digest that has nothing new to tell, a quiet story and a feed that failed."""
    brief, _ = make_digest_brief()
    coverage = dict.fromkeys(Coverage.model_fields, 0) | {"skipped": 1}
    update = {
        "stories": (),
        "storylines": (),
        "sources": (),
        "coverage": Coverage(**coverage),
        "since": None,
        "reference": None,
        "skipped": brief.skipped[:1],
        "unread": (),
    }
    return brief.model_copy(update=update)


def _changed(
    fact: Fact, kind: ChangeKind, before: Side | None = None, after: Side | None = None
) -> Fact:
    return fact.model_copy(update={"change": Change(kind=kind, before=before, after=after)})
