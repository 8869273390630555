"""summarizer.last_page: the memory of where the last page is, which must never fail a brief."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from summarizer.config import last_page_file
from summarizer.last_page import last_page, remember_page


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


def test_nothing_is_remembered_at_first() -> None:
    assert last_page() is None


def test_the_page_remembered_last_is_given_back(tmp_path: Path, state: Path) -> None:
    remember_page(tmp_path / "one.html")
    remember_page(tmp_path / "two.html")
    assert last_page() == tmp_path / "two.html"
    assert last_page_file().is_relative_to(state)
    assert last_page_file().read_text() == f"{tmp_path / 'two.html'}\n"


def test_a_relative_path_is_remembered_from_where_it_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    remember_page(Path("out/brief.html"))
    monkeypatch.chdir("/")
    assert last_page() == tmp_path / "out" / "brief.html"


@pytest.mark.parametrize("name", ["a b ", "Grün?#%.html", "line\nbreak\n", "\u202egnp", "~"])
def test_any_name_comes_back_as_it_was(name: str, tmp_path: Path) -> None:
    remember_page(tmp_path / name)
    assert last_page() == tmp_path / name


def test_a_path_that_cannot_be_kept_leaves_no_older_one_behind(tmp_path: Path) -> None:
    remember_page(tmp_path / "old.html")
    remember_page(tmp_path / os.fsdecode(b"\xff.html"))
    assert last_page() is None


def test_a_state_folder_that_cannot_be_written_is_no_failure(tmp_path: Path, state: Path) -> None:
    state.write_text("a file where the folder is to be")
    remember_page(tmp_path / "brief.html")
    assert last_page() is None


def test_without_a_home_nothing_is_written_into_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("platformdirs.user_state_dir", lambda name: f"~/state/{name}")
    remember_page(tmp_path / "brief.html")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("written", [b"", b"\n", b"relative.html\n", b"/a\0b\n", b"\xff\xfe"])
def test_a_damaged_memory_is_none(written: bytes) -> None:
    file = last_page_file()
    file.parent.mkdir(parents=True)
    file.write_bytes(written)
    assert last_page() is None


def test_the_memory_of_a_path_is_nobody_elses(tmp_path: Path) -> None:
    remember_page(tmp_path / "brief.html")
    assert last_page_file().stat().st_mode & 0o077 == 0
