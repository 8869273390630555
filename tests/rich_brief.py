"""A brief with every record there is: refinements, updates, changes, storylines and the rest."""

from __future__ import annotations

import datetime as dt

from summarizer.data import (
    Article,
    Brief,
    Change,
    ChangeKind,
    ConflictKind,
    Evidence,
    Fact,
    GoneFact,
    ReferenceCoverage,
    Side,
    Since,
    Span,
    Storyline,
    Update,
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


def _changed(
    fact: Fact, kind: ChangeKind, before: Side | None = None, after: Side | None = None
) -> Fact:
    return fact.model_copy(update={"change": Change(kind=kind, before=before, after=after)})
