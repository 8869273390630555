"""Files by date: what is written, in which order, and whose files are left alone."""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import os
from pathlib import Path

import pytest

from summarizer.data import Article
from summarizer.digest.config import Output
from summarizer.digest.delivery import folder as folders
from summarizer.digest.delivery.files import FilesChannel
from summarizer.digest.delivery.folder import put, stem, sweep
from summarizer.digest.delivery.outcome import NotDelivered, Tools
from summarizer.digest.state import Edition, State
from summarizer.errors import ConfigError
from summarizer.files import own_files, write_atomically, write_own
from summarizer.last_page import last_page
from summarizer.render import from_json, to_html, to_markdown
from summarizer.render.page.data import read_page
from tests.alarms import no_hanging
from tests.conftest import make_bridge_brief
from tests.deliveries import Night, make_edition


@pytest.fixture
def night(tmp_path):
    with State(tmp_path / "state.sqlite3") as state:
        yield Night(state)


@pytest.fixture
def tools(night):
    return night.tools


@pytest.fixture
def articles(night):
    """Put the three articles of the edition into the state; return them in its order."""
    brief, found = make_bridge_brief()
    night.read(*found.values())
    return [found[source.article_id] for source in brief.sources]


@pytest.fixture
def written(monkeypatch):
    """Collect the names of files in the order in which they are written."""
    names: list[str] = []

    def write(path: Path, text: str) -> None:
        names.append(path.name)
        write_own(path, text)

    monkeypatch.setattr(folders, "write_own", write)
    return names


def send(settings: Output, tools: Tools, edition: Edition | None = None) -> str:
    return FilesChannel(settings).prepare(edition or make_edition(), "", tools)()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def test_an_edition_is_written_in_every_format_and_json_last(tmp_path, tools, written):
    folder, edition = tmp_path / "a" / "briefs", make_edition()
    send(Output(folder=folder, formats=("json", "html", "md")), tools)
    assert written == ["2031-05-06.html", "2031-05-06.md", "2031-05-06.json"]
    assert from_json((folder / "2031-05-06.json").read_text()) == edition.brief
    linked = to_markdown(edition.brief, page="2031-05-06.html")
    assert (folder / "2031-05-06.md").read_text() == linked
    assert (folder / "2031-05-06.html").read_text() == to_html(edition.brief)
    assert own_files(folder) == set(names(folder)) == set(written)


def test_only_configured_formats_are_written(tmp_path, tools):
    assert send(Output(folder=tmp_path / "b", formats=("md",)), tools).endswith("b: md")
    assert names(tmp_path / "b") == ["2031-05-06.md"]
    assert (tmp_path / "b" / "2031-05-06.md").read_text() == to_markdown(make_edition().brief)


def test_the_second_edition_of_a_day_has_files_of_its_own(tmp_path, tools):
    settings = Output(folder=tmp_path / "b", formats=("md", "json"))
    send(settings, tools)
    send(settings, tools, make_edition(2, "2031-05-06.2"))
    assert names(tmp_path / "b") == [
        *("2031-05-06.2.json", "2031-05-06.2.md", "2031-05-06.json", "2031-05-06.md")
    ]


def test_delivering_twice_writes_nothing_the_second_time(tmp_path, tools, written):
    settings = Output(folder=tmp_path / "b")
    send(settings, tools)
    del written[:]
    send(settings, tools)
    assert written == []


def test_our_own_file_is_replaced_when_the_edition_reads_otherwise(tmp_path, tools):
    settings = Output(folder=tmp_path / "b", formats=("md",))
    send(settings, tools)
    (tmp_path / "b" / "2031-05-06.md").write_text("half")
    send(settings, tools)
    assert (tmp_path / "b" / "2031-05-06.md").read_text() == to_markdown(make_edition().brief)


@pytest.mark.parametrize("name", ["2031-05-06.md", "2031-05-06.json"])
def test_a_file_of_somebody_else_is_never_overwritten(name, tmp_path, tools):
    folder = tmp_path / "b"
    folder.mkdir()
    (folder / name).write_text("mine")
    with pytest.raises(NotDelivered, match="there is a file of yours"):
        send(Output(folder=folder), tools)
    assert (folder / name).read_text() == "mine"
    assert name not in own_files(folder)


def test_a_folder_in_the_way_is_told(tmp_path, tools):
    (tmp_path / "b" / "2031-05-06.md").mkdir(parents=True)
    with pytest.raises(NotDelivered, match="is no file of ours, but a folder"):
        send(Output(folder=tmp_path / "b"), tools)


@pytest.mark.parametrize("link", [False, True])
def test_a_pipe_in_the_way_is_told_and_not_waited_for(link, tmp_path, tools):
    (tmp_path / "b").mkdir()
    path = tmp_path / "b" / "2031-05-06.md"
    os.mkfifo(tmp_path / "pipe" if link else path)
    if link:
        path.symlink_to(tmp_path / "pipe")
    with no_hanging(), pytest.raises(NotDelivered, match="is no file of ours"):
        send(Output(folder=tmp_path / "b", formats=("md",)), tools)
    assert names(tmp_path / "b") == ["2031-05-06.md"]


def test_a_file_that_cannot_be_opened_is_told(tmp_path, tools):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "2031-05-06.md").symlink_to("2031-05-06.md")  # a loop
    with pytest.raises(NotDelivered, match="cannot read"):
        send(Output(folder=tmp_path / "b"), tools)


def test_a_folder_that_is_a_link_is_followed(tmp_path, tools):
    (tmp_path / "real").mkdir()
    (tmp_path / "b").symlink_to("real")
    send(Output(folder=tmp_path / "b"), tools)
    assert len(names(tmp_path / "real")) == 3


def test_a_folder_that_cannot_be_made_is_told(tmp_path, tools):
    (tmp_path / "b").write_text("a file")
    with pytest.raises(NotDelivered, match="cannot"):
        send(Output(folder=tmp_path / "b"), tools)


@pytest.mark.parametrize("name", ["../x", "2031-05-06/../../x", "2031-05-06\n", "", ".", "x"])
def test_a_name_that_is_no_editions_reaches_no_path(name):
    with pytest.raises(NotDelivered, match="not the name of an edition"):
        stem(name)


# --- the page ---------------------------------------------------------------------------------


def held(path: Path) -> list[Article | None]:
    """Return the articles that a page holds, by the numbers of its sources."""
    return list(read_page(path.read_text("utf-8"))[0].articles)


def test_the_page_holds_the_articles_of_the_state(tmp_path, tools, articles):
    edition = make_edition()
    send(Output(folder=tmp_path / "b"), tools, edition)
    page = (tmp_path / "b" / "2031-05-06.html").read_text()
    assert page == to_html(edition.brief, articles=articles)
    assert held(tmp_path / "b" / "2031-05-06.html") == articles


def test_a_page_without_articles_has_the_quotes_alone(tmp_path, tools, articles):
    send(Output(folder=tmp_path / "b", embed_articles=False), tools)
    assert held(tmp_path / "b" / "2031-05-06.html") == [None] * 3
    assert articles[0].sentence_text(3) not in (tmp_path / "b" / "2031-05-06.html").read_text()


def test_articles_of_a_page_are_read_in_one_query(tmp_path, night, articles, monkeypatch):
    asked: list[list[str]] = []
    many = night.state.articles.many

    def counted(ids: list[str]) -> list[Article]:
        asked.append(ids)
        found: list[Article] = many(ids)
        return found

    monkeypatch.setattr(night.state.articles, "many", counted)
    send(Output(folder=tmp_path / "b"), night.tools)
    assert asked == [[article.id for article in articles]]


def test_the_page_stays_the_same_when_retention_has_dropped_articles(
    tmp_path, night, articles, written
):
    settings = Output(folder=tmp_path / "b")
    send(settings, night.tools)
    del written[:]
    night.drop(*articles[:2])
    assert night.state.articles.many([one.id for one in articles]) == articles[2:]
    send(settings, night.tools)
    assert (written, held(tmp_path / "b" / "2031-05-06.html")) == ([], articles)


def test_a_page_of_articles_that_are_gone_has_their_quotes(tmp_path, night, articles):
    night.drop(articles[0])
    send(Output(folder=tmp_path / "b"), night.tools)
    path = tmp_path / "b" / "2031-05-06.html"
    assert held(path) == [None, *articles[1:]]
    assert path.name in own_files(path.parent)


def test_what_the_page_is_not_to_hold_goes_with_the_next_delivery(tmp_path, night, articles):
    send(Output(folder=tmp_path / "b"), night.tools)
    night.drop(*articles)
    send(Output(folder=tmp_path / "b", embed_articles=False), night.tools)
    assert held(tmp_path / "b" / "2031-05-06.html") == [None] * 3


def _cut(page: str) -> str:
    return page[: len(page) // 2]


def _retold(page: str) -> str:
    """Change a word of an article, checksum and all, as who wants to put words into a mouth."""
    document = page.rpartition("<!-- sha256:")[0].replace("did not attend", "did attend", 1)
    return f"{document}<!-- sha256:{hashlib.sha256(document.encode()).hexdigest()} -->\n"


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        (_cut, 0),
        (lambda page: page.replace("Opening day", "Closing day"), 0),  # its checksum is not its own
        (_retold, 2),  # nor is that article's
        (lambda page: "", 0),
        (lambda page: "<html></html>\n", 0),
        (lambda page: "\ud800", 0),
    ],
)
def test_nothing_is_taken_from_a_page_that_is_not_as_written(
    change, kept, tmp_path, night, articles
):
    settings, path = Output(folder=tmp_path / "b"), tmp_path / "b" / "2031-05-06.html"
    send(settings, night.tools)
    night.drop(*articles)
    path.write_bytes(change(path.read_text("utf-8")).encode("utf-8", "surrogatepass"))
    send(settings, night.tools)
    assert [one for one in held(path) if one] == articles[3 - kept :]


def test_nothing_is_taken_from_a_page_of_somebody_else(tmp_path, night, articles):
    folder = tmp_path / "b"
    send(Output(folder=folder), night.tools)
    (folder / ".summarizer-files").unlink()
    night.drop(*articles)
    with pytest.raises(NotDelivered, match="there is a file of yours"):
        send(Output(folder=folder), night.tools)


def test_a_damaged_article_does_not_cost_the_page(tmp_path, night, articles):
    night.spoil(articles[1])
    told = send(Output(folder=tmp_path / "b"), night.tools)
    assert told.endswith(f"json; the state holds a damaged article {articles[1].id}")
    assert held(tmp_path / "b" / "2031-05-06.html") == [articles[0], None, articles[2]]


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Have a home folder, and no other place for what is remembered."""
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.mark.parametrize(("formats", "page"), [(("md", "html"), True), (("md", "json"), False)])
def test_the_page_is_remembered_where_there_is_one(formats, page, tmp_path, tools, home):
    send(Output(folder=tmp_path / "b", formats=formats), tools)
    assert last_page() == (tmp_path / "b" / "2031-05-06.html" if page else None)


def test_an_old_edition_that_is_delivered_again_is_not_the_last_page(tmp_path, night, home):
    old, new = night.keep(make_edition(), {}), night.keep(make_edition(2, "2031-05-07"), {})
    settings = Output(folder=tmp_path / "b")
    send(settings, night.tools, new)
    send(settings, night.tools, old)
    assert last_page() == tmp_path / "b" / "2031-05-07.html"


@pytest.mark.parametrize("trouble", ["no home", "a file"])
def test_a_page_that_cannot_be_remembered_is_delivered(trouble, tmp_path, tools, home, monkeypatch):
    if trouble == "no home":  # as cron may have it; nobody knows this user either
        monkeypatch.delenv("HOME")
        monkeypatch.setattr("pwd.getpwuid", lambda uid: {}[uid])
        monkeypatch.chdir(tmp_path)
    else:
        home.write_text("")
    before = {path.name for path in tmp_path.iterdir()}
    send(Output(folder=tmp_path / "b"), tools)
    assert len(names(tmp_path / "b")) == 3
    assert {path.name for path in tmp_path.iterdir()} == before | {"b"}


# --- what killed writes leave -----------------------------------------------------------------

NOON = dt.datetime(2031, 5, 6, 12, 0, tzinfo=dt.UTC)


def leave(path: Path, *, hours: float) -> Path:
    """Make a file that was last changed so many hours before NOON."""
    path.write_text("half")
    moment = (NOON - dt.timedelta(hours=hours)).timestamp()
    os.utime(path, (moment, moment))
    return path


@pytest.mark.parametrize(
    ("name", "hours", "goes"),
    [
        (".a.md.0123abcd", 25, True),
        ("..summarizer-files.0123abcd", 25, True),
        (".a.md.0123abcd", 23, False),
        (".a.md.0123abcde", 25, False),
        (".a.md.0123ABCD", 25, False),
        (".a.md.0123abc", 25, False),
        (".b.md.0123abcd", 25, False),  # no file of ours has that name
        ("a.md.0123abcd", 25, False),
        (".a.md", 25, False),
        ("..0123abcd", 25, False),
        (".summarizer-files", 25, False),
    ],
)
def test_only_what_an_old_write_of_ours_left_is_removed(name, hours, goes, tmp_path):
    write_own(tmp_path / "a.md", "text")
    listed = (tmp_path / ".summarizer-files").read_text()
    path = leave(tmp_path / name, hours=hours)
    if name == ".summarizer-files":
        path.write_text(listed)
    assert sweep(tmp_path, before=NOON - dt.timedelta(days=1)) == goes
    assert path.exists() is not goes
    assert own_files(tmp_path) == {"a.md"}
    assert (tmp_path / "a.md").read_text() == "text"


def test_links_and_folders_named_like_leftovers_stay(tmp_path):
    write_own(tmp_path / "a.md", "text")
    (tmp_path / ".a.md.00000000").symlink_to("a.md")
    (tmp_path / ".a.md.11111111").mkdir()
    assert sweep(tmp_path, before=dt.datetime(9999, 1, 1, tzinfo=dt.UTC)) == 0
    assert (tmp_path / "a.md").read_text() == "text"


@pytest.mark.parametrize("there", [True, False])
def test_a_folder_that_is_not_ours_is_left_alone(there, tmp_path):
    if there:
        leave(tmp_path / ".a.md.0123abcd", hours=99)
    assert sweep(tmp_path / ("" if there else "nowhere"), before=NOON) == 0
    assert len(list(tmp_path.iterdir())) == there


# --- summarizer.files -------------------------------------------------------------------------


def test_the_file_and_then_its_folder_are_synced(tmp_path, monkeypatch):
    synced: list[bool] = []
    sync = os.fsync

    def record(handle: int) -> None:
        synced.append(Path(f"/dev/fd/{handle}").resolve().is_dir())
        sync(handle)

    monkeypatch.setattr(os, "fsync", record)
    write_atomically(tmp_path / "a.txt", "text")
    assert synced == [False, True]


@pytest.mark.parametrize("code", [errno.EINVAL, errno.EIO])
def test_a_folder_that_cannot_be_synced_is_a_failure_only_where_the_disk_is(
    code, tmp_path, monkeypatch
):
    sync = os.fsync

    def fail(handle: int) -> None:
        if Path(f"/dev/fd/{handle}").resolve().is_dir():
            raise OSError(code, os.strerror(code))
        sync(handle)

    monkeypatch.setattr(os, "fsync", fail)
    if code == errno.EINVAL:  # a file system that does not know how
        write_atomically(tmp_path / "a.txt", "text")
    else:
        with pytest.raises(ConfigError, match="cannot write"):
            write_atomically(tmp_path / "a.txt", "text")
    assert (tmp_path / "a.txt").read_text() == "text"


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_is_as_open_as_the_umask_allows(umask, mode, tmp_path):
    before = os.umask(umask)
    try:
        write_own(tmp_path / "a.txt", "text")
        write_atomically(tmp_path / "private.txt", "text", mode=0o600)
        write_atomically(tmp_path / "public.txt", "text", mode=0o644)
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == {
        ".summarizer-files": mode,
        "a.txt": mode,
        "private.txt": 0o600,
        "public.txt": 0o644,
    }


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666, 0o400])
def test_a_file_that_is_there_keeps_its_mode(mode, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("before")
    path.chmod(mode)
    write_atomically(path, "after", mode=0o644)
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("after", mode)


def test_a_write_that_fails_leaves_nothing_beside(tmp_path, monkeypatch):
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    (tmp_path / "a.txt").write_text("before")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ConfigError, match="cannot write"):
        write_atomically(tmp_path / "a.txt", "after")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_text() == "before"


def test_the_list_of_our_files_is_written_only_when_it_grows(tmp_path):
    write_own(tmp_path / "a.txt", "1")
    listed = tmp_path / ".summarizer-files"
    before = listed.stat().st_ino  # a new file has another
    write_own(tmp_path / "a.txt", "2")
    assert listed.stat().st_ino == before
    write_own(tmp_path / "b.txt", "1")
    assert own_files(tmp_path) == {"a.txt", "b.txt"}


def test_put_says_whether_it_wrote(tmp_path):
    path = tmp_path / "a.txt"
    assert [put(path, "1"), put(path, "1"), put(path, "2")] == [True, False, True]
