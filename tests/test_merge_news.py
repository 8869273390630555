"""summarizer.merge.telling.news: a digest tells what is new, and what that is set against."""

from __future__ import annotations

from itertools import permutations

from summarizer.data import ArticleSummary, Brief, ChangeKind, ModelInfo
from summarizer.pipeline import BriefOptions, Run, assemble
from summarizer.verify import verify_brief
from tests.test_merge_delta import (
    CHESS,
    HOUSES,
    HOUSES_AGAIN,
    MORE_HOUSES,
    NOW,
    SOLDIERS,
    brief_of,
    facts_of,
    said,
)

EVENING = said(HOUSES, SOLDIERS, source="evening.txt")
CHESS_NEWS = said(CHESS, source="chess.txt", title="Petrescu wins in Tallinn")
YESTERDAY = brief_of(EVENING, CHESS_NEWS)
MORNING = said(MORE_HOUSES, SOLDIERS, source="morning.txt", publisher="Sund Courier", day=1)
BRIDGE = said(
    "The bridge at Halm was closed on Tuesday after cracks were found in two pillars.",
    source="halm.txt",
    title="Bridge at Halm closed",
    publisher="Halm Mail",
    day=1,
)


def news_of(
    *fresh: ArticleSummary, before: tuple[ArticleSummary, ...] = (EVENING, CHESS_NEWS)
) -> Brief:
    return assemble(
        [*fresh, *before],
        (),
        ModelInfo(name="none"),
        BriefOptions(since=YESTERDAY),
        Run(None),
        now=NOW,
        fresh={summary.article.id for summary in fresh},
    )


def texts(brief: Brief) -> list[str]:
    return [fact.text for fact in facts_of(brief)]


def test_story_without_a_new_article_is_not_told() -> None:
    brief = news_of(BRIDGE)
    assert [story.headline for story in brief.stories] == ["Bridge at Halm closed"]
    assert [source.source for source in brief.sources] == ["halm.txt"]


def test_known_facts_are_counted_and_not_repeated() -> None:
    brief = news_of(said(HOUSES_AGAIN, "Helicopters flew 30 people out of Orvin.", day=1))
    assert HOUSES not in texts(brief)
    assert "Helicopters flew 30 people out of Orvin." in texts(brief)
    assert brief.stories[0].known >= 1


def test_changed_fact_is_told_with_its_mark() -> None:
    (story,) = news_of(MORNING).stories
    (fact,) = [f for f in story.facts if f.change and f.change.kind is ChangeKind.CHANGED]
    assert fact.text == MORE_HOUSES


def test_new_story_goes_on_from_nothing() -> None:
    (story,) = news_of(BRIDGE).stories
    assert (story.earlier, story.known) == ((), 0)


def test_developing_story_names_its_earlier_articles() -> None:
    helicopters = said(
        "Helicopters flew 30 people out of Orvin after the floods, governor Lena Brask said.",
        day=1,
        source="helicopters.txt",
    )
    (story,) = news_of(helicopters).stories
    assert {*story.article_ids, *story.earlier} >= {EVENING.article.id, helicopters.article.id}


def test_headline_is_that_of_a_new_article() -> None:
    morning = said(MORE_HOUSES, title="Floods in the Orvin valley: 210 houses gone", day=1)
    (story,) = news_of(morning).stories
    assert story.headline_article_id == morning.article.id


def test_nothing_new_tells_nothing() -> None:
    brief = news_of()
    assert (brief.stories, brief.sources) == ((), ())
    assert brief.coverage.claims == 0


def test_rejections_of_earlier_nights_are_not_told_again() -> None:
    assert news_of(BRIDGE).coverage.remembered == 0
    assert news_of(MORNING).coverage.remembered == 1


def test_figures_and_quotes_of_a_digest_hold() -> None:
    for fresh in ([MORNING], [BRIDGE], [MORNING, BRIDGE], []):
        brief = news_of(*fresh)
        articles = {s.article.id: s.article for s in (*fresh, EVENING, CHESS_NEWS)}
        assert [problem.message for problem in verify_brief(brief, articles)] == []


def test_order_of_articles_does_not_matter() -> None:
    summaries = [MORNING, BRIDGE, EVENING, CHESS_NEWS]
    fresh = {MORNING.article.id, BRIDGE.article.id}
    options = BriefOptions(since=YESTERDAY)
    made = {
        assemble(
            order, (), ModelInfo(name="none"), options, Run(None), now=NOW, fresh=fresh
        ).model_dump_json(exclude={"run"})
        for order in permutations(summaries)
    }
    assert len(made) == 1


def test_first_digest_tells_everything() -> None:
    brief = assemble(
        [EVENING, CHESS_NEWS],
        (),
        ModelInfo(name="none"),
        BriefOptions(),
        Run(None),
        now=NOW,
        fresh={EVENING.article.id, CHESS_NEWS.article.id},
    )
    assert sorted(texts(brief)) == sorted(texts(YESTERDAY))
