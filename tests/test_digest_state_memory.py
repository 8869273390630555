"""What editions leave in the state: stories, facts, and what is forgotten again."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from summarizer.data import ArticleSummary, StoryStatus, Writer
from summarizer.digest.state import tables
from summarizer.digest.state.records import DeliveryState, Outcome, SeenInput
from summarizer.extract import Extraction
from tests.conftest import make_bridge_brief, make_supported
from tests.states import DAY, NIGHT, TODAY, add, news, piece, tell, told_fact

pytest_plugins = ("tests.state_fixtures",)


# --- editions ---------------------------------------------------------------------------------


def test_edition_is_found_by_number_and_name(state):
    articles = add(state, 1)
    edition = tell(state, fresh=articles)
    assert state.editions.get(1) == state.editions.named("2031-05-06") == edition
    assert state.editions.get(2) is None
    assert state.editions.named("2031-05-07") is None


def test_editions_are_listed_without_their_content(state):
    assert state.editions.last() is None
    assert state.editions.next_number() == 1
    articles = add(state, 1, 2)
    for fresh in (articles, []):
        tell(state, fresh=fresh)
    lines = state.editions.list(5)
    assert [(line.number, line.name, line.articles) for line in lines] == [
        (2, "2031-05-06.2", 0),
        (1, "2031-05-06", 2),
    ]
    assert (lines[1].stories, lines[1].facts, lines[1].rejected) == (1, 2, 0)
    assert state.editions.last() == lines[0]
    assert state.editions.list(1) == lines[:1]
    assert state.editions.next_number() == 3


def test_names_of_editions_are_free_ones(state):
    assert state.editions.free_name(TODAY) == "2031-05-06"
    for _ in range(11):
        tell(state)
    assert state.editions.free_name(TODAY) == "2031-05-06.12"
    assert state.editions.free_name(TODAY + DAY) == "2031-05-07"
    assert state.editions.free_name(TODAY - DAY) == "2031-05-05"


def test_edition_that_cannot_be_kept_changes_nothing(state):
    articles = add(state, 1)
    with pytest.raises(ValueError, match="not among the stories"):
        tell(
            state,
            news("s", articles),
            fresh=articles,
            quiet=["unknown"],
            channels={"site": "k"},
        )
    assert state.editions.last() is None
    assert state.memory.story("s") is None
    assert state.articles.untold() == [articles[0].id]
    assert state.deliveries.with_state(*DeliveryState, limit=9) == []


def test_edition_with_a_number_that_is_taken_is_a_mistake(state):
    edition = tell(state)
    with pytest.raises(sa.exc.IntegrityError):
        state.editions.add(edition, (), (), {})


def test_brief_of_an_edition_comes_back_as_it_was(state):
    brief, articles = make_bridge_brief()
    for article in articles.values():
        state.articles.add(article, run=1, now=NIGHT, keys=b"")
    edition = tell(state, fresh=list(articles.values()))
    edition = edition.model_copy(update={"number": 2, "name": "x", "brief": brief})
    state.editions.add(edition, (), (), {})
    assert state.editions.get(2) == edition


# --- stories ----------------------------------------------------------------------------------


def test_story_is_numbered_by_the_editions_that_told_it(state):
    first, second = add(state, 1, 2)
    tell(state, fresh=[])
    tell(state, news("s", [first]), fresh=[first])
    tell(
        state,
        news("s", [first, second], status=StoryStatus.DEVELOPING, day=TODAY + DAY, digests=2),
        fresh=[second],
    )
    story = state.memory.story("s")
    assert story is not None
    assert (story.first_edition, story.last_edition, story.digests) == (2, 3, 2)
    assert (story.first_told, story.last_told) == (TODAY, TODAY + DAY)
    assert story.status is StoryStatus.DEVELOPING
    assert state.memory.stories(["unknown", "s", "s"]) == [story]
    assert state.memory.articles_of("s") == [first.id, second.id]
    assert state.memory.of_articles([second.id, first.id, "unknown"]) == {
        first.id: "s",
        second.id: "s",
    }


def test_stories_as_an_earlier_edition_left_them(state):
    articles = add(state, 1, 2)
    tell(state, news("s", articles[:1]), fresh=articles[:1])
    tell(state, news("s", articles, status=StoryStatus.DEVELOPING, digests=2), fresh=articles[1:])
    tell(state, quiet=["s"])
    assert [story.status for story in state.memory.stories(["s"])] == [StoryStatus.QUIET]
    (before,) = state.memory.stories(["s"], before=3)
    assert (before.status, before.last_edition, before.digests) == (StoryStatus.DEVELOPING, 2, 2)
    (before,) = state.memory.stories(["s"], before=2)
    assert (before.status, before.last_edition, before.digests) == (StoryStatus.NEW, 1, 1)
    assert state.memory.stories(["s"], before=1) == []
    assert state.memory.of_articles([articles[1].id], before=2) == {}


def test_live_stories_were_told_of_late_and_are_not_quiet(state):
    articles = add(state, 1, 2, 3)
    for number, article in enumerate(articles, start=1):
        tell(state, news(f"s-{number}", [article]), fresh=[article])
    tell(state, quiet=["s-2"])
    assert [story.id for story in state.memory.live(0)] == ["s-1", "s-3"]
    assert [story.id for story in state.memory.live(2)] == ["s-3"]
    assert state.memory.counts() == {
        StoryStatus.NEW: 2,
        StoryStatus.DEVELOPING: 0,
        StoryStatus.QUIET: 1,
    }


def test_article_belongs_to_the_story_that_told_it_last(state):
    first, second = add(state, 1, 2)
    tell(state, news("a", [first, second]), fresh=[first, second])
    tell(state, news("b", [second]))
    assert state.memory.of_articles([first.id, second.id]) == {first.id: "a", second.id: "b"}
    assert state.memory.articles_of("a") == [first.id]
    assert state.memory.articles_of("b") == [second.id]
    assert state.memory.of_articles([second.id], before=2) == {second.id: "a"}
    tell(state, news("b", [second]))
    with state._db.read() as connection:  # what stays as it is takes no further row
        count = sa.select(sa.func.count()).select_from(tables.links)
        assert connection.execute(count).scalar() == 3


def test_absorbed_story_is_the_one_that_absorbed_it(state):
    first, second, third = add(state, 1, 2, 3)
    tell(
        state,
        news("a", [first], [told_fact(first, "fa")]),
        news("b", [second], [told_fact(second, "fb")]),
        fresh=[first, second],
    )
    tell(
        state,
        news("a", [first, third], [told_fact(third, "fc")], replaced=("fb",), absorbed=("b",)),
        fresh=[third],
    )
    assert state.memory.story("b") == state.memory.story("a")
    assert [story.id for story in state.memory.stories(["b", "a"])] == ["a"]
    assert [story.id for story in state.memory.live(0)] == ["a"]
    assert sum(state.memory.counts().values()) == 1
    assert state.memory.of_articles([second.id]) == {second.id: "a"}
    assert state.memory.articles_of("a") == [first.id, second.id, third.id]
    assert [one.story_id for one in state.articles.remembered(9)] == ["a", "a", "a"]
    assert [(known.story_id, known.fact.id) for known in state.memory.facts(["b"])] == [
        ("a", "fa"),
        ("a", "fc"),
    ]
    # As it was before that was found out:
    assert [(k.story_id, k.fact.id) for k in state.memory.facts(["b", "a"], before=2)] == [
        ("b", "fb"),
        ("a", "fa"),
    ]
    assert state.memory.of_articles([second.id], before=2) == {second.id: "b"}


def test_absorbed_stories_follow_one_another(state):
    articles = add(state, 1, 2, 3)
    for name, article in zip("abc", articles, strict=True):
        tell(state, news(name, [article], [told_fact(article, f"f{name}")]), fresh=[article])
    tell(state, news("b", articles[:2], absorbed=("a",)))
    tell(state, news("c", articles, absorbed=("b",)))
    assert state.memory.of_articles([articles[0].id]) == {articles[0].id: "c"}
    assert [known.fact.id for known in state.memory.facts(["a"])] == ["fa", "fb", "fc"]
    assert [known.story_id for known in state.memory.facts(["a"], before=5)] == ["b", "b"]


def test_story_cannot_be_told_and_absorbed_at_once(state):
    articles = add(state, 1, 2)
    tell(state, news("a", articles[:1]), news("b", articles[1:]), fresh=articles)
    with pytest.raises(ValueError, match="told and absorbed"):
        tell(state, news("a", articles, absorbed=("b",)), news("b", [], absorbed=("a",)))


# --- facts ------------------------------------------------------------------------------------


def test_facts_that_were_replaced_are_told_as_of_before(state):
    first, second = add(state, 1, 2)
    old, stays = told_fact(first, "old"), told_fact(first, "stays", text="It stays.")
    new = told_fact(second, "new")
    tell(state, news("s", [first], [old, stays]), fresh=[first])
    tell(state, news("s", [first, second], [new], replaced=("old",)), fresh=[second])
    assert [known.fact for known in state.memory.facts(["s"])] == [stays, new]
    assert [known.fact for known in state.memory.facts(["s"], before=2)] == [old, stays]
    assert state.memory.facts(["s"], before=1) == []
    assert [(known.fact.id, known.edition) for known in state.memory.facts(["s"])] == [
        ("stays", 1),
        ("new", 2),
    ]


def test_fact_told_again_under_its_id_replaces_itself(state):
    (article,) = add(state, 1)
    fact = told_fact(article, "f")
    tell(state, news("s", [article], [fact]), fresh=[article])
    tell(state, news("s", [article], [fact], replaced=("f",)))
    assert [known.edition for known in state.memory.facts(["s"])] == [2]
    tell(state, news("s", [article], [fact], replaced=("f",)))
    told = [state.memory.facts(["s"], before=number) for number in (2, 3, 4)]
    assert [[known.edition for known in facts] for facts in told] == [[1], [2], [3]]


def test_facts_come_by_story_as_asked_for(state):
    first, second = add(state, 1, 2)
    tell(
        state,
        news("a", [first], [told_fact(first, "f1")]),
        news("b", [second], [told_fact(second, "f2")]),
        fresh=[first, second],
    )
    assert [known.story_id for known in state.memory.facts(["b", "unknown", "a"])] == ["b", "a"]


# --- retention --------------------------------------------------------------------------------


def _told_and_answered(state, number: int, now: dt.datetime):
    """Tell an article in an edition of its own, with an answer, verdicts, a story and a fact."""
    run = state.runs.start(now)
    (article,) = add(state, number, now=now)
    state.inputs.note(f"hash {number}", SeenInput(article_id=article.id), now)
    state.answers.keep_extraction(Extraction(article_id=article.id), "r", run=1, now=now)
    summary = ArticleSummary(
        article=article,
        headline="Ships",
        supported=(make_supported(None, article),),
        rejected=(),
        writer=Writer.MODEL,
    )
    state.answers.keep_summary(summary, "k", recipe="r", run=1, now=now)
    state.runs.note(run.number, "info", "article added", {}, now)
    tell(
        state,
        news(f"s-{number}", [article], [told_fact(article, f"f-{number}")]),
        fresh=[article],
        now=now,
        run=run.number,
    )
    state.runs.end(run.number, Outcome.DONE, now)
    return article


def test_retention_drops_texts_and_keeps_ids(state):
    old = _told_and_answered(state, 1, NIGHT)
    new = _told_and_answered(state, 2, NIGHT + 2 * DAY)
    cut = NIGHT + DAY
    gone = state.retention.purge(articles_before=cut, runs_before=cut)
    assert {name: count for name, count in gone.items() if count} == dict.fromkeys(
        ("bodies", "extractions", "summaries", "facts", "links", "story_states", "runs", "events"),
        1,
    )
    assert state.articles.get(old.id) is None
    assert state.articles.known(old.id)
    assert state.inputs.seen("hash 1") == SeenInput(article_id=old.id)
    assert not state.articles.add(old, run=9, now=cut, keys=b"")
    assert [head.title for head in state.articles.heads([old.id])] == ["Ships 1"]
    assert state.answers.extraction(old.id, "r") is None
    assert state.answers.summary(old.id, "k") is None
    assert state.answers.last_summaries([old.id]) == {}
    assert state.memory.facts(["s-1"]) == []
    assert state.memory.of_articles([old.id]) == {}
    assert [one.article_id for one in state.articles.remembered(9)] == [new.id]
    assert state.editions.get(1) is not None
    assert [run.number for run in state.runs.list(9)] == [2]
    assert state.articles.get(new.id) == new
    assert state.answers.summary(new.id, "k") is not None
    assert len(state.memory.facts(["s-2"])) == 1
    assert state.check() == []
    assert not any(state.retention.purge(articles_before=cut, runs_before=cut).values())


def test_retention_keeps_what_is_not_told_yet(state):
    waiting, passed = add(state, 1, 2)
    state.articles.pass_over([passed.id], "older than the window")
    state.retention.purge(articles_before=NIGHT + DAY, runs_before=NIGHT)
    assert state.articles.get(waiting.id) == waiting
    assert state.articles.get(passed.id) is None


def test_retention_keeps_the_facts_of_a_story_that_goes_on(state):
    old = _told_and_answered(state, 1, NIGHT)
    absorbed = _told_and_answered(state, 2, NIGHT)
    later = NIGHT + 2 * DAY
    (new,) = add(state, 3, now=later)
    tell(state, news("s-1", [old, new], absorbed=("s-2",)), fresh=[new], now=later)
    state.retention.purge(articles_before=NIGHT + DAY, runs_before=NIGHT)
    assert [known.fact.id for known in state.memory.facts(["s-1"])] == ["f-1", "f-2"]
    assert state.articles.get(absorbed.id) is None
    assert state.memory.articles_of("s-1") == [old.id, absorbed.id, new.id]


def test_retention_never_frees_the_number_of_the_last_run(state):
    for _ in range(3):
        state.runs.end(state.runs.start(NIGHT).number, Outcome.DONE, NIGHT)
    state.retention.purge(articles_before=NIGHT, runs_before=NIGHT + DAY)
    assert [run.number for run in state.runs.list(9)] == [3]
    assert state.runs.start(NIGHT).number == 4


def test_retention_forgets_all_stories_when_all_editions_are_older(state):
    _told_and_answered(state, 1, NIGHT)
    state.retention.purge(articles_before=NIGHT + 400 * DAY, runs_before=NIGHT)
    assert state.memory.facts(["s-1"]) == []
    assert state.memory.story("s-1") is not None


def test_file_shrinks_when_things_are_forgotten(lite):
    for number in range(40):
        article = piece(number)
        text = "".join(chr(33 + (i * i * (number + 7)) % 90) for i in range(9_000))
        article = article.model_copy(update={"text": article.text + text})
        lite.articles.add(article, run=1, now=NIGHT, keys=text.encode())
        tell(lite, news(f"s-{number}", [article]), fresh=[article])
    lite._db.pragma("PRAGMA wal_checkpoint(TRUNCATE)")
    before = lite.size_bytes()
    lite.retention.purge(articles_before=NIGHT + DAY, runs_before=NIGHT)
    assert lite.size_bytes() < before / 2
    assert lite._db.pragma("PRAGMA freelist_count") == [(0,)]
    assert lite._db.pragma("SELECT count(*) FROM bodies") == [(0,)]
    with lite._db.read() as connection:
        kept = connection.execute(sa.select(sa.func.count()).select_from(tables.articles)).scalar()
    assert kept == 40


def test_retention_goes_by_the_moment_not_by_how_it_is_written(state):
    """Text order is time order: fractions of a second and time zones included."""
    zone = dt.timezone(dt.timedelta(hours=9))
    cut = NIGHT + dt.timedelta(microseconds=500_000)
    early, late = add(state, 1, now=NIGHT.astimezone(zone)) + add(state, 2, now=cut)
    state.articles.pass_over([early.id, late.id], "old")
    state.retention.purge(articles_before=cut, runs_before=NIGHT)
    assert state.articles.get(early.id) is None
    assert state.articles.get(late.id) == late
    later = add(state, 3, now=NIGHT)[0]
    state.articles.pass_over([later.id], "old")
    state.retention.purge(articles_before=NIGHT, runs_before=NIGHT)
    assert state.articles.get(later.id) == later


def test_reference_that_leads_nowhere_is_found_by_the_check(lite):
    articles = add(lite, 1)
    tell(lite, news("s", articles), fresh=articles)
    lite._db.pragma("PRAGMA foreign_keys = OFF")
    lite._db.pragma("DELETE FROM stories")
    assert any("points to nothing in stories" in line for line in lite.check())
