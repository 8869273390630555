"""The state, part by part, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from summarizer.data import ArticleSummary, SkippedArticle, SkipReason, Writer
from summarizer.digest.state import State, migrations, tables
from summarizer.digest.state.records import (
    DeliveryState,
    FetchRecord,
    Outcome,
    SeenInput,
)
from summarizer.errors import ConfigError, StateError
from summarizer.extract import Extraction
from tests.conftest import make_claim, make_rejected, make_supported
from tests.states import DAY, NIGHT, add, news, piece, tell

pytest_plugins = ("tests.state_fixtures",)

SKIPPED = SkippedArticle(source="a.bin", reason=SkipReason.BINARY, detail="no text")


# --- opening ----------------------------------------------------------------------------------


def test_state_is_of_the_latest_version_and_whole(state):
    assert state.version == migrations.LATEST
    assert state.check() == []
    assert state.size_bytes() > 0


def test_what_was_written_is_there_when_opened_again(place):
    with State(place) as first:
        (article,) = add(first, 1)
    with State(place) as second:
        assert second.articles.get(article.id) == article


def test_read_only_state_is_read_and_not_written(place):
    with State(place) as first:
        (article,) = add(first, 1)
    with State(place, read_only=True) as second:
        assert second.articles.get(article.id) == article
        with pytest.raises(StateError, match=r"read-?only"):
            add(second, 2)


def test_tables_are_as_the_migrations_made_them(state):
    with state._db.read() as connection:
        inspector = sa.inspect(connection)
        assert set(inspector.get_table_names()) == {table.name for table in tables.ALL}
        for table in tables.ALL:
            made = {column["name"] for column in inspector.get_columns(table.name)}
            assert made == set(table.columns.keys()), table.name
            keys = inspector.get_pk_constraint(table.name)["constrained_columns"]
            assert set(keys) == set(table.primary_key.columns.keys()), table.name
            points = {
                key["constrained_columns"][0] for key in inspector.get_foreign_keys(table.name)
            }
            assert points == {key.parent.name for key in table.foreign_keys}, table.name


def test_state_of_a_newer_version_is_refused(place):
    with State(place) as first, first._db.write() as connection:
        connection.execute(
            tables.schema_version.insert().values(number=migrations.LATEST + 1, applied=NIGHT)
        )
    with pytest.raises(ConfigError, match="newer version"):
        State(place)


def test_lock_of_postgresql_is_held_by_one_at_a_time(postgres_url):
    with State(postgres_url) as first, State(postgres_url) as second:
        assert first.lock() and not second.lock()
        first.close()
        assert second.lock()


def test_lock_of_sqlite_is_elsewhere(lite):
    assert lite.lock() and lite.lock()


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("postgresql://nobody:secret@/none?host=/nowhere", "cannot use the state"),
        ("postgresql://secret:port/none", "no URL of PostgreSQL"),
        ("mysql://nobody:secret@localhost/none", "path or a postgresql:// URL"),
    ],
)
def test_url_that_leads_nowhere_is_an_error_that_keeps_the_password(where, message):
    with pytest.raises(ConfigError, match=message) as caught:
        State(where)
    assert "secret" not in str(caught.value) + caught.value.hint
    assert caught.value.hint or "path" in message


def test_lost_connection_is_not_made_anew_without_its_lock(postgres_url):
    with State(postgres_url) as first, State(postgres_url) as second:
        assert first.lock()
        with second._db.write() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        for _ in range(2):
            with pytest.raises(StateError):
                first.articles.untold()
        assert second.lock()


# --- transactions -----------------------------------------------------------------------------


def test_transaction_commits_at_its_end(place):
    with State(place) as first, State(place) as second:
        with first.transaction():
            (article,) = add(first, 1)
            assert first.articles.known(article.id)
            assert not second.articles.known(article.id)
        assert second.articles.known(article.id)


def test_transaction_takes_all_back_on_an_exception(state):
    with pytest.raises(KeyboardInterrupt), state.transaction():
        add(state, 1)
        raise KeyboardInterrupt
    assert state.articles.untold() == []
    add(state, 2)
    assert len(state.articles.untold()) == 1


def test_transaction_whose_part_failed_is_not_committed(state):
    with pytest.raises(StateError, match="a part of it failed"), state.transaction():
        add(state, 1)
        with pytest.raises(ValueError, match="not among"):
            state.articles.pass_over(["unknown"], "old")
    assert state.articles.untold() == []


def test_transactions_nest(state):
    with state.transaction():
        with state.transaction():
            add(state, 1)
        add(state, 2)
    assert len(state.articles.untold()) == 2


# --- inputs and fetches -----------------------------------------------------------------------


def test_input_is_known_by_its_hash(state):
    (article,) = add(state, 1)
    assert state.inputs.seen("aa") is None
    state.inputs.note("aa", SeenInput(article_id=article.id), NIGHT)
    state.inputs.note("bb", SeenInput(skipped=SKIPPED), NIGHT)
    assert state.inputs.seen("aa") == SeenInput(article_id=article.id)
    assert state.inputs.seen("bb") == SeenInput(skipped=SKIPPED)
    state.inputs.note("bb", SeenInput(article_id=article.id), NIGHT)
    assert state.inputs.seen("bb") == SeenInput(article_id=article.id)


def test_input_whose_article_is_not_kept_is_refused(state):
    with pytest.raises(ValueError, match="not among the articles"):
        state.inputs.note("aa", SeenInput(article_id="unknown"), NIGHT)
    assert state.inputs.seen("aa") is None


def test_fetches_hold_the_last_answer(state):
    good = FetchRecord(url="https://velmora.example/b", etag='"1"', status=200, fetched=NIGHT)
    bad = FetchRecord(url="https://velmora.example/a", failures=2, problem="no answer")
    for record in (good, bad.model_copy(update={"failures": 1}), bad):
        state.fetches.note(record)
    assert state.fetches.get(good.url) == good
    assert state.fetches.get("https://velmora.example/c") is None
    worse = good.model_copy(update={"failures": 1})
    state.fetches.note(worse)
    assert state.fetches.failing() == [bad, worse]


def test_text_that_a_database_refuses_is_kept_in_part(state):
    record = FetchRecord(url="https://velmora.example/", problem="odd\0text")
    state.fetches.note(record)
    found = state.fetches.get(record.url)
    assert found is not None
    assert found.problem == "odd\ufffdtext"
    run = state.runs.start(NIGHT, detail="a file named \udcff")
    state.runs.note(run.number, "info", "odd", {"name": "\0\udcff", "path": dt.date.max}, NIGHT)
    assert state.runs.get(run.id) == run
    assert state.runs.events(run.number)[0].fields == {"name": "\0?", "path": "9999-12-31"}


def test_moment_without_a_zone_is_refused(state):
    with pytest.raises(Exception, match="no time zone"):
        state.runs.start(NIGHT.replace(tzinfo=None))


# --- articles ---------------------------------------------------------------------------------


def test_article_is_added_once(state):
    article = piece(1)
    assert state.articles.add(article, run=1, now=NIGHT, keys=b"k")
    assert not state.articles.add(piece(1, source="b.txt"), run=2, now=NIGHT + DAY, keys=b"l")
    assert state.articles.get(article.id) == article
    assert state.articles.known(article.id)
    assert not state.articles.known("unknown")
    assert state.articles.get("unknown") is None


def test_articles_come_in_the_order_asked_for(state):
    articles = add(state, *range(7))
    ids = [article.id for article in articles]
    wanted = [ids[4], "unknown", ids[0], ids[6]]
    assert [article.id for article in state.articles.many(wanted)] == [ids[4], ids[0], ids[6]]
    assert [head.title for head in state.articles.heads(wanted)] == [
        "Ships 4",
        "Ships 0",
        "Ships 6",
    ]


def test_more_articles_than_one_statement_takes(lite, monkeypatch):
    monkeypatch.setattr("summarizer.digest.state.database.MANY", 3)
    articles = add(lite, *range(10))
    assert lite.articles.many([article.id for article in articles]) == articles
    tell(lite, news("s", articles), fresh=articles)
    assert len(lite.memory.of_articles([article.id for article in articles])) == 10
    assert lite.articles.untold() == []


def test_untold_articles_are_those_that_no_edition_told_by_arrival(state):
    first, second, third = add(state, 3, 1, 2)
    assert state.articles.untold() == [first.id, second.id, third.id]
    state.articles.pass_over([second.id], "older than the window")
    tell(state, fresh=[first])
    assert state.articles.untold() == [third.id]
    state.articles.pass_over([first.id], "told: this changes nothing")
    assert [one.article_id for one in state.articles.remembered(1)] == [first.id]
    tell(state, fresh=[first, third])
    assert [(one.article_id, one.edition) for one in state.articles.remembered(9)] == [
        (third.id, 2),
        (first.id, 1),  # told again, it stays where it was told first
    ]


def test_remembered_articles_are_of_the_last_editions_newest_first(state):
    articles = add(state, 1, 2, 3, 4)
    tell(state, news("s-1", articles[:1]), fresh=articles[:1])
    tell(state, news("s-2", articles[1:3]), fresh=articles[1:3])
    tell(state, fresh=articles[3:])
    found = state.articles.remembered(2)
    assert [(one.article_id, one.edition, one.story_id) for one in found] == [
        (articles[3].id, 3, None),
        (articles[2].id, 2, "s-2"),
        (articles[1].id, 2, "s-2"),
    ]
    assert [one.keys for one in found] == [b"4", b"3", b"2"]
    assert len(state.articles.remembered(14)) == 4
    assert state.articles.remembered(0) == []


# --- answers ----------------------------------------------------------------------------------


def test_answer_is_found_by_article_and_recipe(state):
    first, second = add(state, 1, 2)
    made = Extraction(article_id=first.id, headline="Ships", claims=(make_claim(article=first),))
    assert state.answers.extraction(first.id, "r1") is None
    state.answers.keep_extraction(made, "r1", run=1, now=NIGHT)
    assert state.answers.extraction(first.id, "r1") == made
    assert state.answers.extraction(first.id, "r2") is None
    assert state.answers.extraction(second.id, "r1") is None
    better = made.model_copy(update={"headline": "More ships"})
    state.answers.keep_extraction(better, "r1", run=2, now=NIGHT)
    assert state.answers.extraction(first.id, "r1") == better


def test_verdicts_are_put_together_with_their_article(state):
    first, second = add(state, 1, 2)
    made = ArticleSummary(
        article=first,
        headline="Ships",
        supported=(make_supported(None, first),),
        rejected=(make_rejected(article=first),),
        writer=Writer.MODEL,
    )
    state.answers.keep_summary(made, "k1", recipe="", run=1, now=NIGHT)
    assert state.answers.summary(first.id, "k1") == made
    assert state.answers.summary(first.id, "k2") is None
    later = made.model_copy(update={"headline": "Later"})
    state.answers.keep_summary(later, "a", recipe="", run=2, now=NIGHT - DAY)
    assert state.answers.last_summaries([second.id, first.id]) == {first.id: later}


def test_answer_about_an_article_that_is_not_kept_is_refused(state):
    with pytest.raises(ValueError, match="not among the articles"):
        state.answers.keep_extraction(Extraction(article_id="x"), "r", run=1, now=NIGHT)


def test_answer_that_cannot_be_read_counts_as_none(state):
    (article,) = add(state, 1)
    state.answers.keep_extraction(Extraction(article_id=article.id), "r", run=1, now=NIGHT)
    with state._db.write() as connection:
        connection.execute(tables.extractions.update().values(body=b"\x01damaged"))
    assert state.answers.extraction(article.id, "r") is None
    assert state.check() == ["1 damaged: extractions"]


def test_article_that_cannot_be_read_is_an_error_that_names_it(state):
    (article,) = add(state, 1)
    with state._db.write() as connection:
        connection.execute(tables.bodies.update().values(body=b"\x02from the future"))
    with pytest.raises(StateError, match=f"damaged article {article.id}"):
        state.articles.get(article.id)


def test_recipe_is_noted_once(state):
    (article,) = add(state, 1)
    assert state.answers.recipe("r") is None
    state.answers.keep_extraction(Extraction(article_id=article.id), "r", run=1, now=NIGHT)
    assert state.answers.recipe("r") is None
    state.answers.note_recipe("r", {"model": "fake-1b"})
    state.answers.note_recipe("r", {"model": "another"})
    assert state.answers.recipe("r") == {"model": "fake-1b"}


# --- runs -------------------------------------------------------------------------------------


def test_runs_are_numbered_and_end_once(state):
    first = state.runs.start(NIGHT)
    assert (first.number, first.id, first.outcome) == (1, "20310506T020000Z-1", Outcome.RUNNING)
    state.runs.end(1, Outcome.DONE, NIGHT + DAY, edition=4, counts={"articles": 3, "seconds": 0.5})
    second = state.runs.start(NIGHT - DAY, detail="by hand")  # the clock was set back
    assert second.id == "20310505T020000Z-2"
    done = first.model_copy(
        update={
            "outcome": Outcome.DONE,
            "ended": NIGHT + DAY,
            "edition": 4,
            "counts": {"articles": 3, "seconds": 0.5},
        }
    )
    assert state.runs.list(9) == [second, done]
    assert state.runs.list(1) == [second]
    assert state.runs.get(1) == state.runs.get("1") == state.runs.get(first.id) == done
    assert state.runs.get(3) is None
    assert state.runs.get("²") is None
    assert state.runs.get("9" * 30) is None
    assert state.runs.last(Outcome.DONE) == done
    assert state.runs.last(Outcome.FAILED) is None


def test_run_that_nobody_ended_was_killed(state):
    state.runs.start(NIGHT)
    state.runs.start(NIGHT)
    assert [run.outcome for run in state.runs.list(2)] == [Outcome.RUNNING, Outcome.KILLED]


def test_run_that_is_not_there_cannot_end(state):
    with pytest.raises(ValueError, match="no run 7"):
        state.runs.end(7, Outcome.DONE, NIGHT)


def test_events_are_numbered_within_their_run(state):
    for _ in range(2):
        state.runs.start(NIGHT)
    state.runs.note(1, "info", "article added", {"source": "a.txt", "bytes": 7}, NIGHT)
    state.runs.note(2, "info", "run started", {}, NIGHT)
    state.runs.note(1, "error", "delivery failed", {"why": ["a", None]}, NIGHT + DAY)
    events = state.runs.events(1)
    assert [(e.number, e.level, e.name) for e in events] == [
        (1, "info", "article added"),
        (2, "error", "delivery failed"),
    ]
    assert events[0].fields == {"source": "a.txt", "bytes": 7}
    assert events[1].at == NIGHT + DAY
    assert [event.number for event in state.runs.events(2)] == [1]


# --- deliveries -------------------------------------------------------------------------------


def test_deliveries_are_recorded_before_and_after(state):
    tell(state, channels={"site": "k-site", "email": "k-mail"})
    assert [(d.channel, d.state, d.tries, d.key) for d in state.deliveries.unfinished()] == [
        ("email", DeliveryState.PENDING, 0, "k-mail"),
        ("site", DeliveryState.PENDING, 0, "k-site"),
    ]
    begun = state.deliveries.begin(1, "email", NIGHT)
    assert (begun.state, begun.tries, begun.started) == (DeliveryState.SENDING, 1, NIGHT)
    state.deliveries.end(1, "email", DeliveryState.FAILED, NIGHT + DAY, "no answer")
    again = state.deliveries.begin(1, "email", NIGHT + DAY)
    assert (again.tries, again.ended, again.detail) == (2, None, "")
    state.deliveries.end(1, "email", DeliveryState.SENT, NIGHT + DAY)
    assert [delivery.channel for delivery in state.deliveries.unfinished()] == ["site"]
    assert [(d.channel, d.state) for d in state.deliveries.of(1)] == [
        ("email", DeliveryState.SENT),
        ("site", DeliveryState.PENDING),
    ]


def test_delivery_that_was_made_is_not_begun_again(state):
    tell(state, channels={"email": "k"})
    state.deliveries.begin(1, "email", NIGHT)
    state.deliveries.end(1, "email", DeliveryState.SENT, NIGHT)
    with pytest.raises(ValueError, match="already"):
        state.deliveries.begin(1, "email", NIGHT)
    assert state.deliveries.of(1)[0].tries == 1


@pytest.mark.parametrize("channel", ["site", "email"])
def test_delivery_that_is_not_there_is_refused(state, channel):
    tell(state, channels={"webhook": "k"})
    with pytest.raises(ValueError, match="no delivery by"):
        state.deliveries.begin(1, channel, NIGHT)
    with pytest.raises(ValueError, match="no delivery by"):
        state.deliveries.end(1, channel, DeliveryState.SENT, NIGHT)


def test_delivery_over_a_channel_is_added_once(state):
    tell(state, channels={"email": "k"})
    state.deliveries.add(1, "email", "other")
    state.deliveries.add(1, "site", "s")
    assert [(d.channel, d.key) for d in state.deliveries.of(1)] == [("email", "k"), ("site", "s")]


def test_deliveries_by_state_come_newest_first(state):
    for _ in range(3):
        tell(state, channels={"site": "s", "email": "e"})
    for number in (1, 2, 3):
        state.deliveries.end(number, "email", DeliveryState.UNKNOWN, NIGHT)
    found = state.deliveries.with_state(DeliveryState.UNKNOWN, DeliveryState.FAILED, limit=2)
    assert [(delivery.edition, delivery.channel) for delivery in found] == [
        (3, "email"),
        (2, "email"),
    ]


def test_reference_that_leads_nowhere_is_found_by_the_check_in_postgresql(postgres_url):
    with State(postgres_url) as made:
        tell(made, channels={"site": "k"})
        with made._db.write() as connection:
            connection.exec_driver_sql(
                "ALTER TABLE deliveries DROP CONSTRAINT deliveries_edition_fkey"
            )
            connection.exec_driver_sql("DELETE FROM editions")
        assert made.check() == ["1 rows of deliveries point to nothing in editions"]
