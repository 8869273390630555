"""The state's file: made, migrated, damaged, full, locked, killed, read while it is written."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from summarizer.digest.state import State, migrations
from summarizer.digest.state.records import FetchRecord, Outcome
from summarizer.errors import ConfigError, StateError
from tests.states import DAY, NIGHT, add, news, piece, tell, told_fact

pytest_plugins = ("tests.state_fixtures",)

# The layout of version 1, word for word.
OLD = """
    CREATE TABLE articles (
      id TEXT PRIMARY KEY, source TEXT NOT NULL, first_seen TEXT NOT NULL
    ) STRICT;
    CREATE TABLE extractions (
      article_id TEXT NOT NULL REFERENCES articles (id), recipe TEXT NOT NULL,
      made TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (article_id, recipe)
    ) STRICT;
"""


# --- a new file -------------------------------------------------------------------------------


def test_file_is_set_for_a_night_that_may_end_at_any_moment(lite):
    found = {
        name: lite._db.pragma(f"PRAGMA {name}")[0][0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "auto_vacuum", "busy_timeout")
    }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "auto_vacuum": 2,  # INCREMENTAL
        "busy_timeout": 10_000,
    }


def test_folder_of_the_state_is_made(tmp_path):
    with State(tmp_path / "a" / "b % c?#" / "state.sqlite3") as state:
        assert state.check() == []
    assert (tmp_path / "a" / "b % c?#" / "state.sqlite3").exists()


def test_read_only_state_is_not_made(tmp_path):
    with pytest.raises(ConfigError, match="no state") as caught:
        State(tmp_path / "a" / "state.sqlite3", read_only=True)
    assert "summarizer digest" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_copy_of_the_state_is_whole_even_while_it_is_written(lite, tmp_path):
    add(lite, 1)
    with State(tmp_path / "state.sqlite3", read_only=True) as reader, lite.transaction():
        add(lite, 2)
        reader.backup(tmp_path / "copies" / "copy.sqlite3")
    with State(tmp_path / "copies" / "copy.sqlite3") as copy:
        assert len(copy.articles.untold()) == 1
        assert copy.check() == []
        add(copy, 3)
    assert len(lite.articles.untold()) == 2


def test_copy_that_cannot_be_written_is_an_error(lite, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ConfigError, match="cannot copy"):
        lite.backup(tmp_path / "file" / "copy.sqlite3")


# --- migrations -------------------------------------------------------------------------------


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Make a state of version 1 with two articles and a model's answer."""
    path = tmp_path / "old.sqlite3"
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.executescript(OLD)
        db.executemany(
            "INSERT INTO articles VALUES (?, ?, ?)",
            [
                (piece(2).id, "b.txt", "2031-05-05T02:00:00+00:00"),
                (piece(1).id, "a.txt", "2031-05-04T02:00:00.000007+00:00"),
            ],
        )
        db.execute(
            "INSERT INTO extractions VALUES (?, 'r', '2031-05-05', ?)",
            (piece(1).id, "{}" * 50_000),
        )
        db.execute("PRAGMA user_version = 1")
        db.commit()
    return path


def test_articles_of_version_1_are_known_and_never_told_again(old):
    with State(old) as state:
        assert state.version == migrations.LATEST
        assert state.articles.known(piece(1).id)
        assert state.articles.untold() == []
        assert not state.articles.add(piece(2), run=1, now=NIGHT, keys=b"")
        assert state.articles.get(piece(1).id) is None
        assert state.answers.extraction(piece(1).id, "r") is None
        assert state.check() == []
        rows = state._db.pragma("SELECT source, first_seen FROM articles ORDER BY number")
        assert rows == [
            ("a.txt", "2031-05-04T02:00:00.000007+00:00"),
            ("b.txt", "2031-05-05T02:00:00.000000+00:00"),
        ]
        assert state._db.pragma("PRAGMA auto_vacuum") == [(2,)]
    with State(old) as again:
        assert len(add(again, 1, 3)) == 2
        assert again.articles.untold() == [piece(3).id]


def test_version_that_was_migrated_is_refused_by_version_1(old):
    with State(old):
        pass
    with contextlib.closing(sqlite3.connect(old)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (migrations.LATEST,)
        assert [row[0] for row in db.execute("SELECT number FROM schema_version")] == [1, 2]


def test_migration_that_fails_leaves_the_old_state(old, monkeypatch):
    broken = (*migrations.MIGRATIONS[1], "CREATE TABLE nonsense (")
    monkeypatch.setattr(migrations, "MIGRATIONS", (migrations.MIGRATIONS[0], broken))
    with pytest.raises(ConfigError, match="incomplete input"):
        State(old)
    monkeypatch.undo()
    with contextlib.closing(sqlite3.connect(old)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
        assert db.execute("SELECT count(*) FROM extractions").fetchone() == (1,)
    with State(old) as state:
        assert state.articles.known(piece(1).id)


def test_old_state_is_not_migrated_for_reading(old):
    before = old.read_bytes()
    with pytest.raises(ConfigError, match="of version 1") as caught:
        State(old, read_only=True)
    assert "up to date" in caught.value.hint
    assert old.read_bytes() == before


def test_newer_version_by_its_pragma_alone_is_refused(tmp_path):
    path = tmp_path / "state.sqlite3"
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(ConfigError, match="newer version"):
        State(path)


def test_database_of_another_program_is_left_alone(tmp_path):
    path = tmp_path / "photos.sqlite3"
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE photos (name TEXT)")
    with pytest.raises(ConfigError, match="another program"):
        State(path)
    with contextlib.closing(sqlite3.connect(path)) as db:
        assert [row[0] for row in db.execute("SELECT name FROM sqlite_schema")] == ["photos"]


# --- what a file can suffer -------------------------------------------------------------------


def _text_file(path: Path) -> None:
    path.write_text("This is no database, but a letter.\n" * 99)


def _cut_short(path: Path) -> None:
    with State(path) as state:
        add(state, *range(20))
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def _folder(path: Path) -> None:
    path.mkdir()


def _below_a_file(path: Path) -> None:
    path.parent.rmdir()
    path.parent.write_text("a file where a folder is wanted")


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize(
    ("spoil", "hint"),
    [(_text_file, "move it away"), (_cut_short, "move it away"), (_folder, "a file in it")],
)
def test_file_that_cannot_be_used_is_an_error_with_a_hint(tmp_path, spoil, hint, read_only):
    path = tmp_path / "state.sqlite3"
    spoil(path)
    with pytest.raises(ConfigError, match=r"cannot use the state .*state\.sqlite3: \w+") as caught:
        State(path, read_only=read_only)
    assert hint in caught.value.hint


def test_place_that_cannot_be_made_is_an_error(tmp_path):
    path = tmp_path / "folder" / "state.sqlite3"
    path.parent.mkdir()
    _below_a_file(path)
    with pytest.raises(ConfigError, match="cannot use the state") as caught:
        State(path)
    assert "permissions" in caught.value.hint


def test_damage_inside_is_found_by_the_check(tmp_path):
    path = tmp_path / "state.sqlite3"
    with State(path) as state:
        articles = add(state, *range(60))
        tell(state, news("s", articles), fresh=articles)
        (page,) = state._db.pragma("SELECT rootpage FROM sqlite_schema WHERE name = 'links'")[0]
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 600)
    with State(path) as state:
        assert state.check()
        with pytest.raises(StateError, match="malformed") as caught:
            state.memory.articles_of("s")
    assert "move it away" in caught.value.hint


def test_full_disk_is_an_error_and_nothing_is_half_written(lite):
    (first,) = add(lite, 1)
    lite._db.pragma("PRAGMA max_page_count = 1")  # the pages in use, and none more
    noise = bytes(range(256)) * 400
    with pytest.raises(StateError, match="full") as caught:
        lite.articles.add(piece(2), run=1, now=NIGHT, keys=noise)
    assert "disk space" in caught.value.hint
    with pytest.raises(StateError, match="full"), lite.transaction():
        lite.fetches.note(FetchRecord(url="https://velmora.example/"))
        lite.articles.add(piece(2), run=1, now=NIGHT, keys=noise)
    assert lite.articles.untold() == [first.id]
    assert lite.fetches.get("https://velmora.example/") is None
    assert lite.check() == []
    lite._db.pragma("PRAGMA max_page_count = 100000")
    assert lite.articles.add(piece(2), run=1, now=NIGHT, keys=noise)


def test_full_disk_while_an_edition_is_made_leaves_no_part_of_it(lite):
    articles = add(lite, *range(30))
    pages = lite._db.pragma("PRAGMA page_count")[0][0]
    lite._db.pragma(f"PRAGMA max_page_count = {pages + 4}")
    facts = [told_fact(a, f"f-{n}", text=os.urandom(999).hex()) for n, a in enumerate(articles)]
    with pytest.raises(StateError, match="full"):
        tell(lite, news("s", articles, facts), fresh=articles, channels={"site": "k"})
    assert lite.editions.last() is None
    assert len(lite.articles.untold()) == 30
    assert lite.deliveries.unfinished() == []
    assert lite.check() == []


def test_locked_file_is_an_error_after_a_while(tmp_path, monkeypatch):
    monkeypatch.setattr("summarizer.digest.state.database.BUSY_S", 0.01)
    path = tmp_path / "state.sqlite3"
    with State(path) as first, State(path) as second:
        with first.transaction():
            with pytest.raises(StateError, match="locked") as caught:
                add(second, 1)
            assert second.articles.untold() == []
            with State(path) as third:
                assert third.articles.untold() == []
        assert "wait" in caught.value.hint
        add(second, 1)
        assert len(first.articles.untold()) == 1


def test_locked_file_cannot_be_migrated(old, monkeypatch):
    monkeypatch.setattr("summarizer.digest.state.database.BUSY_S", 0.01)
    with contextlib.closing(sqlite3.connect(old)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("BEGIN IMMEDIATE")
        with pytest.raises(ConfigError, match="locked") as caught:
            State(old)
    assert "wait" in caught.value.hint


def test_reader_sees_the_state_before_a_transaction_that_is_open(tmp_path):
    path = tmp_path / "state.sqlite3"
    with State(path) as writer, State(path, read_only=True) as reader:
        (first,) = add(writer, 1)
        with writer.transaction():
            tell(writer, news("s", [first]), fresh=[first])
            assert reader.articles.untold() == [first.id]
            assert reader.editions.last() is None
        assert reader.articles.untold() == []
        assert reader.editions.last() is not None


def test_row_that_points_to_nothing_is_a_mistake(lite):
    with pytest.raises(sa.exc.IntegrityError):
        lite.runs.note(7, "info", "of no run", {}, NIGHT)


# --- files that may not be written ------------------------------------------------------------


@pytest.fixture
def foreign(tmp_path: Path) -> Iterator[Path]:
    """Return a state in a folder that the user `nobody`, who runs the child, may only read."""
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are closed to others
        path = Path(name) / "state.sqlite3"
        with State(path) as state:
            add(state, 1)
        path.chmod(0o444)
        path.parent.chmod(0o555)
        yield path
        path.parent.chmod(0o755)


def _as_nobody(program: str, path: Path) -> str:
    become = []
    if os.geteuid() == 0:
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            pytest.skip("needs setpriv, since root may write everything")
        become = [setpriv, "--reuid=65534", "--regid=65534", "--clear-groups"]
    done = subprocess.run(
        [*become, sys.executable, "-B", "-c", program, str(path)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_state_that_may_not_be_written_can_be_read(foreign):
    program = """
import sys
from summarizer.digest.state import State
with State(sys.argv[1], read_only=True) as state:
    print(len(state.articles.untold()), state.check())
"""
    assert _as_nobody(program, foreign) == "1 []\n"


def test_state_that_may_not_be_written_is_an_error_with_a_hint(foreign):
    program = """
import sys
from summarizer.digest.state import State
from summarizer.errors import ConfigError
try:
    State(sys.argv[1])
except ConfigError as error:
    print(error.hint)
"""
    assert "permissions" in _as_nobody(program, foreign)


# --- killed -----------------------------------------------------------------------------------

CHILD = """
import sys
from summarizer.digest.state import State
from tests.states import add, news, piece, tell
state = State(sys.argv[1])
for number in range(1, 1000):
    (article,) = add(state, number)
    tell(state, news(f"s-{number}", [article]), fresh=[article])
    print(number, flush=True)
    if number == int(sys.argv[2]):
        break
with state.transaction():
    (article,) = add(state, 5000)
    tell(state, news("s-1", [article, piece(1)]), fresh=[article], channels={"site": "k"})
    print("inside", flush=True)
    sys.stdin.read()
"""


def _killed(path: Path, commits: int, *, after: str) -> None:
    """Run the child until it prints `after`, and kill it."""
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path), str(commits)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[1],
    ) as child:
        lines = iter(child.stdout or ())
        assert after in (line.strip() for line in lines)
        child.kill()
    assert child.returncode == -signal.SIGKILL


def test_killed_inside_a_transaction_leaves_the_state_before_it(tmp_path):
    path = tmp_path / "state.sqlite3"
    _killed(path, 3, after="inside")
    with State(path) as state:
        assert state.check() == []
        last = state.editions.last()
        assert last is not None
        assert last.number == 3
        assert not state.articles.known(piece(5000).id)
        assert state.memory.articles_of("s-1") == [piece(1).id]
        assert state.deliveries.unfinished() == []
        (article,) = add(state, 5000, now=NIGHT + DAY)
        tell(state, news("s-1", [article]), fresh=[article])
        assert state.editions.next_number() == 5


@pytest.mark.parametrize("after", ["1", "9", "20"])
def test_what_was_told_to_be_written_is_there_after_a_kill(tmp_path, after):
    path = tmp_path / "state.sqlite3"
    _killed(path, 1000, after=after)
    with State(path) as state:
        assert state.check() == []
        count = state.editions.next_number() - 1
        assert count >= int(after)
        for number in range(1, count + 1):
            assert state.articles.get(piece(number).id) == piece(number)
            assert state.memory.articles_of(f"s-{number}") == [piece(number).id]
        left = state.articles.untold()
        assert left in ([], [piece(count + 1).id])  # added, and killed before its edition


# --- speed ------------------------------------------------------------------------------------


def test_look_ups_go_by_an_index(lite):
    """A scan of a whole table would take longer each night."""
    articles = add(lite, *range(5))
    tell(lite, news("s", articles, [told_fact(articles[0], "f")]), fresh=articles[:2])
    ids = [article.id for article in articles]
    statements: list[tuple[str, Any]] = []

    def note(_connection, _cursor, sql, values, _context, many):
        statements.append((sql, values[0] if many else values))

    listener = ("before_cursor_execute", note)
    sa.event.listen(lite._db._engine, *listener)
    lite.inputs.seen("h")
    lite.fetches.get("u")
    lite.fetches.failing()
    lite.articles.many(ids)
    lite.articles.heads(ids)
    lite.articles.known("x")
    lite.articles.untold()
    lite.articles.remembered(14)
    lite.articles.pass_over(ids[:1], "old")
    lite.answers.extraction(ids[0], "r")
    lite.answers.summary(ids[0], "k")
    lite.answers.last_summaries(ids)
    lite.runs.get("x")
    lite.runs.events(1)
    lite.runs.last(Outcome.DONE)
    lite.runs.start(NIGHT)
    lite.editions.get(1)
    lite.editions.named("x")
    lite.editions.last()
    lite.editions.next_number()
    lite.editions.free_name(NIGHT.date())
    lite.memory.stories(["s"], before=2)
    lite.memory.of_articles(ids, before=2)
    lite.memory.articles_of("s")
    lite.memory.facts(["s"], before=2)
    lite.memory.live(1)
    lite.deliveries.unfinished()
    lite.deliveries.of(1)
    tell(lite, news("t", articles, absorbed=("s",)), fresh=articles[2:], channels={"site": "k"})
    sa.event.remove(lite._db._engine, *listener)
    scans = {
        (line[3], sql)
        for sql, values in statements
        if sql.startswith(("SELECT", "UPDATE", "INSERT"))
        for line in lite._db._file().execute(f"EXPLAIN QUERY PLAN {sql}", values)
        if line[3].startswith("SCAN") and " USING " not in line[3]
    }
    # By the number, from the end, as many as asked for:
    in_order = "SCAN editions"
    assert {scan for scan in scans if scan[0] != in_order} == set()
    assert len(statements) > 60
