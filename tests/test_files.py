"""summarizer.files: which files are ours, and URLs between them."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest

from summarizer.errors import ConfigError
from summarizer.files import (
    OWN_LIST,
    is_page_of_ours,
    name_fault,
    own_files,
    relative_url,
    remove_own,
    replaces,
    write_atomically,
    write_own,
)
from summarizer.render import to_html, to_json, to_letter, to_markdown
from tests.conftest import make_brief


def test_a_file_of_ours_is_removed_and_no_longer_listed(tmp_path: Path) -> None:
    for name in ("a.html", "b.html"):
        write_own(tmp_path / name, name)
    for _ in range(2):
        remove_own(tmp_path / "a.html")
        assert own_files(tmp_path) == {"b.html"}
        assert not (tmp_path / "a.html").exists()
    assert (tmp_path / "b.html").read_text() == "b.html"


def test_what_cannot_be_removed_is_an_error_and_stays_listed(tmp_path: Path) -> None:
    write_own(tmp_path / "a.html", "")
    (tmp_path / "a.html").unlink()
    (tmp_path / "a.html").mkdir()
    with pytest.raises(ConfigError, match="cannot remove"):
        remove_own(tmp_path / "a.html")
    assert own_files(tmp_path) == {"a.html"}


def test_a_folder_without_a_list_gets_none_by_a_removal(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("")
    remove_own(tmp_path / "a.html")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("a\nb.html", "has a line break"),
        ("\n", "has a line break"),
        ("x" * 246, "longer than 245 bytes"),
        ("ü" * 123, "longer than 245 bytes"),
        (os.fsdecode(b"caf\xe9.html"), "is no UTF-8"),
        (OWN_LIST, "it is the list"),
    ],
    ids=["line break", "nothing else", "long", "long in bytes", "Latin-1", "the list"],
)
def test_what_cannot_be_listed_or_replaced_is_not_written(
    name: str, fault: str, tmp_path: Path
) -> None:
    assert fault in name_fault(name)
    with pytest.raises(ConfigError, match=fault):
        write_own(tmp_path / name, "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a.html", "a\rb.html", "\x85\u2028.html", "x" * 245, "ü" * 122])
def test_what_is_written_is_listed_under_its_name_alone(name: str, tmp_path: Path) -> None:
    for _ in range(2):
        write_own(tmp_path / name, "")
        assert own_files(tmp_path) == {name}
    assert {path.name for path in tmp_path.iterdir()} == {name, OWN_LIST}


def test_a_temporary_file_says_what_it_replaces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def replace(path: Path, target: Path) -> None:
        seen.append(path.name)

    monkeypatch.setattr(Path, "replace", replace)
    for name in ("brief.html", "two\nlines", ".hidden.0123abcd"):
        write_atomically(tmp_path / name, "")
        assert replaces(seen[-1]) == name
    assert len(seen) == 3


@pytest.mark.parametrize(
    "name", ["", "a.html", ".a.html", "..0123abcd", ".a.0123abc", ".a.0123ABCD", "a.0123abcd"]
)
def test_other_names_replace_nothing(name: str) -> None:
    assert replaces(name) == ""


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        (to_html(make_brief()), True),
        (to_letter(make_brief()), True),
        (to_markdown(make_brief()), False),
        (to_json(make_brief()), False),
        ("", False),
        ('<meta name="generator" content="WordPress 6.1">', False),
        ('<meta name="generator" content="summarizers inc">', False),
        (" " * 20_000 + '<meta name="generator" content="summarizer 1.0">', False),
    ],
    ids=["page", "letter", "Markdown", "JSON", "empty", "another's", "a namesake's", "far down"],
)
def test_a_page_of_ours_is_known_by_what_it_says_of_itself(
    text: str, ours: bool, tmp_path: Path
) -> None:
    path = tmp_path / "page.html"
    path.write_text(text)
    assert is_page_of_ours(path) is ours


def test_a_folder_a_pipe_and_nothing_are_no_pages(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("", "pipe", "nothing", "x" * 300):
        assert not is_page_of_ours(tmp_path / name)


@pytest.mark.parametrize(
    ("target", "folder", "url"),
    [
        ("out/brief.html", "out", "brief.html"),
        ("x/brief.html", "out", "../x/brief.html"),
        ("/a/b.html", "/a/c/d", "../../b.html"),
        ("out/../x.html", "out/deep", "../../x.html"),
        ("out/a b#?%41ü.html", "out", "a%20b%23%3F%2541%C3%BC.html"),
        ("javascript:alert(1)", ".", "javascript%3Aalert%281%29"),
        (os.fsdecode(b"\xff"), ".", "%FF"),
    ],
)
def test_a_relative_url_leads_from_the_folder_to_the_file(
    target: str, folder: str, url: str
) -> None:
    assert relative_url(Path(target), Path(folder)) == url


@pytest.mark.parametrize("name", ["".join(map(chr, range(1, 0x80))).replace("/", ""), "\u202e€"])
def test_a_relative_url_is_inert_and_loses_nothing(name: str) -> None:
    url = relative_url(Path("folder") / name, Path())
    assert re.fullmatch(r"[A-Za-z0-9._~%/-]+", url)
    assert unquote_to_bytes(url) == os.fsencode(f"folder/{name}")
