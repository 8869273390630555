"""Files by date: what is written, in which order, and whose files are left alone."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from summarizer.digest.config import Output
from summarizer.digest.delivery import folder as folders
from summarizer.digest.delivery.files import FilesChannel
from summarizer.digest.delivery.folder import put, stem
from summarizer.digest.delivery.outcome import NotDelivered, Tools
from summarizer.digest.state import Edition, State
from summarizer.errors import ConfigError
from summarizer.files import own_files, write_atomically, write_own
from summarizer.render import from_json, to_html, to_markdown
from tests.alarms import no_hanging
from tests.deliveries import Night, make_edition


@pytest.fixture
def tools(tmp_path):
    with State(tmp_path / "state.sqlite3") as state:
        yield Night(state).tools


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
    assert written == ["2031-05-06.md", "2031-05-06.html", "2031-05-06.json"]
    assert from_json((folder / "2031-05-06.json").read_text()) == edition.brief
    assert (folder / "2031-05-06.md").read_text() == to_markdown(edition.brief)
    assert (folder / "2031-05-06.html").read_text() == to_html(edition.brief)
    assert own_files(folder) == set(names(folder)) == set(written)


def test_only_configured_formats_are_written(tmp_path, tools):
    assert send(Output(folder=tmp_path / "b", formats=("md",)), tools).endswith("b: md")
    assert names(tmp_path / "b") == ["2031-05-06.md"]


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
        send(Output(folder=tmp_path / "b"), tools)
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
