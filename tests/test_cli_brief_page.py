"""`summarizer brief --html`: where the page goes, what it holds, what leads to it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
from click.testing import CliRunner, Result

from summarizer.cli.brief import command
from summarizer.data import Article
from summarizer.files import own_files
from summarizer.last_page import last_page
from summarizer.read import read_article
from summarizer.render import from_json, to_html
from tests.test_pipeline import PIER


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with one article in the folder `in`, and remember pages there."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    place = tmp_path / "work"
    (place / "in").mkdir(parents=True)
    (place / "in" / "pier.txt").write_text(PIER)
    monkeypatch.chdir(place)
    return place


def run(*words: object, code: int = 0) -> Result:
    """Run `summarizer brief in` without models; `code` is what the function returns."""
    common = ["in", "--model", "none", "--no-verifier"]
    result = CliRunner().invoke(command, [*common, *map(str, words)], standalone_mode=False)
    assert result.exception is None, result.exception
    assert result.return_value == code, result.output
    return result


def refused(*words: object) -> str:
    common = ["in", "--model", "none", "--no-verifier"]
    result = CliRunner().invoke(command, [*common, *map(str, words)])
    assert result.exit_code == 2
    return result.stderr


def plain(told: str) -> str:
    """Return what was told on one line, as click breaks it anywhere."""
    return " ".join(told.replace("\u2502", " ").split())


def page_links(markdown: Path) -> set[str]:
    return set(re.findall(r"(?m)^\[[^\]]+\]: (\S+)$", markdown.read_text()))


def test_the_page_is_written_beside_the_other_files_and_named(place: Path) -> None:
    result = run()
    assert result.stdout.endswith(
        "Markdown: out/brief.md\nJSON:     out/brief.json\nPage:     out/brief.html\n"
    )
    assert (place / "out" / "brief.html").read_text().startswith("<!DOCTYPE html>")
    assert last_page() == place / "out" / "brief.html"


def test_quiet_names_the_files_and_nothing_else() -> None:
    assert run("--quiet").output.splitlines() == [
        "Markdown: out/brief.md",
        "JSON:     out/brief.json",
        "Page:     out/brief.html",
    ]


@pytest.mark.parametrize(("words", "told"), [((), True), (("--quiet",), False)])
def test_on_a_terminal_the_last_line_says_how_to_read_it(
    words: tuple[str, ...], told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # what rich takes a terminal by
    assert ("summarizer open" in run(*words).stdout.splitlines()[-1]) is told


@pytest.mark.parametrize(("words", "embedded"), [((), True), (("--no-articles",), False)])
def test_the_page_holds_the_articles_unless_told_otherwise(
    words: tuple[str, ...], embedded: bool, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[list[Article]] = []

    def render(*args, articles, **options):
        given.append(list(articles))
        return to_html(*args, articles=articles, **options)

    monkeypatch.setattr("summarizer.cli.brief.to_html", render)
    run(*words)
    article = read_article(place / "in" / "pier.txt")
    assert given == [[article] if embedded else []]


@pytest.mark.parametrize(
    "html",
    [
        "out/other.html",
        "brief.html",
        "pages/of may/brief.html",
        "ü #1?/100%/a&b<c>(d)[e]\\`*_.html",
        "javascript:alert(1)/&copy;.html",
        "in/brief.html",
    ],
)
def test_the_markdown_leads_to_the_page_wherever_it_is(html: str, place: Path) -> None:
    result = run("--html", html)
    assert result.stdout.endswith(f"Page:     {html}\n")
    assert not (place / "out" / "brief.html").exists()
    assert last_page() == place / html
    links = page_links(place / "out" / "brief.md")
    assert len(links) > 1
    for link in links:
        path, _, anchor = link.partition("#")
        assert re.fullmatch(r"[\w.~%/-]+", path, re.ASCII)
        assert (place / "out" / unquote(path)).samefile(place / html)
        assert anchor.startswith("source-1")


def test_every_link_of_the_markdown_is_a_place_of_the_page(place: Path) -> None:
    run()
    anchors = set(re.findall(r'\bid="([^"]+)"', (place / "out" / "brief.html").read_text()))
    links = page_links(place / "out" / "brief.md")
    assert {link.partition("#")[0] for link in links} == {"brief.html"}
    assert {link.partition("#")[2] for link in links} <= anchors


@pytest.mark.parametrize("words", [("-o", "in"), ("-o", "in/out"), ("--html", "in/b.html")])
def test_a_page_among_the_articles_is_no_article_of_the_next_brief(
    words: tuple[str, ...], place: Path
) -> None:
    for _ in range(2):
        run(*words)
        output = place / (words[1] if words[0] == "-o" else "out")
        made = from_json((output / "brief.json").read_text())
        assert [source.source for source in made.sources] == ["pier.txt"]
        assert made.skipped == ()


def test_a_page_that_was_copied_among_the_articles_is_skipped_by_name(place: Path) -> None:
    run("-q")
    (place / "in" / "copy.html").write_bytes((place / "out" / "brief.html").read_bytes())
    run("-q", code=3)
    (skipped,) = from_json((place / "out" / "brief.json").read_text()).skipped
    assert (skipped.source, skipped.detail) == ("copy.html", "a brief that summarizer wrote")


@pytest.mark.parametrize("name", ["brief.md", "brief.json", "./brief.json"])
def test_the_page_takes_the_place_of_no_other_file(name: str, place: Path) -> None:
    assert "another file" in refused("--html", f"out/{name}")
    assert not (place / "out").exists()


@pytest.mark.parametrize("words", [("--html", "in/brief.html"), ("-o", "in")])
def test_the_page_takes_the_place_of_no_article(words: tuple[str, ...], place: Path) -> None:
    article = place / "in" / "brief.html"
    article.write_text("<p>The pier reopened.</p>")
    assert "overwrite the article" in " ".join(refused(*words).split())
    assert article.read_text() == "<p>The pier reopened.</p>"


def test_the_page_of_a_folder_with_a_name_of_no_encoding_is_reached(place: Path) -> None:
    folder = os.fsdecode(b"caf\xe9")
    run("--html", f"{folder}/brief.html", "--quiet")
    assert "../caf%E9/brief.html#source-1" in page_links(place / "out" / "brief.md")


# --- the page of an earlier brief -------------------------------------------------------------


@pytest.mark.parametrize("html", ["elsewhere.html", "out/other.html"])
def test_an_older_page_beside_newer_data_is_removed_and_that_is_told(
    html: str, place: Path
) -> None:
    run("-q")
    result = run("-q", "--html", html)
    assert result.stderr == "Removed out/brief.html, the page of an earlier brief.\n"
    assert not (place / "out" / "brief.html").exists()
    assert "brief.html" not in own_files(place / "out")
    assert {"brief.json", "brief.md"} <= own_files(place / "out")
    assert "Removed" not in run("-q", "--html", html).stderr


def _not_listed(page: Path) -> None:
    (page.parent / ".summarizer-files").unlink()


def _somebody_elses(page: Path) -> None:
    page.write_text("<!DOCTYPE html><p>The pier reopened.</p>")


def _a_link(page: Path) -> None:
    page.rename(page.with_name("kept.html"))
    page.symlink_to("kept.html")


@pytest.mark.parametrize("changed", [_not_listed, _somebody_elses, _a_link])
def test_what_is_not_surely_an_older_page_of_ours_stays(
    changed: Callable[[Path], None], place: Path
) -> None:
    run("-q")
    page = place / "out" / "brief.html"
    changed(page)
    before = page.read_bytes()
    assert "Removed" not in run("-q", "--html", "elsewhere.html").stderr
    assert page.read_bytes() == before


@pytest.mark.parametrize(
    "html", [None, "out/brief.html", "in/../out/brief.html", "link/brief.html"]
)
def test_the_page_of_this_brief_is_not_removed(html: str | None, place: Path) -> None:
    (place / "link").symlink_to("out")
    for _ in range(2):
        assert "Removed" not in run("-q", *(["--html", html] if html else [])).stderr
    assert (place / "out" / "brief.html").is_file()


# --- what no page can be written to -----------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "why"),
    [
        ("-", "not go to standard output: name a file, as in brief.html"),
        ("in", "in is a folder: name the file in it, as in in/brief.html"),
        ("new/", "new is a folder: name the file in it, as in new/brief.html"),
        ("", "name the file in it, as in brief.html"),
        ("pipe", "pipe is a device or a pipe: name a file"),
        ("x" * 300, "cannot be written: "),
        ("x" * 246, "cannot be a page: its name is longer than 245 bytes"),
        ("ü" * 123, "cannot be a page: its name is longer than 245 bytes"),
        ("a\nb.html", "cannot be a page: its name has a line break"),
        (os.fsdecode(b"caf\xe9.html"), "cannot be a page: its name is no UTF-8"),
        ("out/.summarizer-files", "cannot be a page: it is the list of the files"),
        ("out", "--html out is where the output folder goes: name a file, as in out/brief.html"),
        ("in/../out", "where the output folder goes"),
        ("out/brief.json/page.html", "is where another file of the brief goes"),
        ("out/brief.md/deep/page.html", "is where another file of the brief goes"),
        ("in/pier.txt/brief.html", "--html cannot be written: in/pier.txt is no folder"),
        ("in/pier.txt/deep/brief.html", "--html cannot be written: in/pier.txt is no folder"),
        ("nowhere/brief.html", "--html cannot be written: nowhere is no folder"),
        (f"new/{'x' * 256}/brief.html", "is too long"),
        (f"{'x' * 256}/brief.html", "cannot be written"),
    ],
)
def test_what_cannot_be_a_page_is_refused_before_any_work(
    html: str, why: str, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made(*_args: object, **_options: object) -> None:
        pytest.fail("a brief was made")

    os.mkfifo(place / "pipe")
    monkeypatch.setattr("summarizer.cli.brief.make_brief", made)
    (place / "nowhere").symlink_to("not there")
    before = sorted(place.rglob("*"))
    assert why in plain(refused("--html", html))
    assert sorted(place.rglob("*")) == before


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("-o", "in/pier.txt/out"), "--output cannot be written: in/pier.txt is no folder"),
        (("-o", "nowhere"), "--output cannot be written: nowhere is no folder"),
        (("-o", "nowhere/out"), "--output cannot be written: nowhere is no folder"),
        (("-o", "a/b/c", "--html", "a/b"), "--html a/b is where the output folder goes"),
        (("-o", "x" * 300), "is too long"),
        (("-o", "one"), "one/brief.md is a folder, and a file of the brief goes there"),
        (("-o", "two"), "two/brief.html is a folder, and a file of the brief goes there"),
    ],
)
def test_a_folder_that_cannot_take_the_files_is_refused_before_any_work(
    words: tuple[str, ...], why: str, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made(*_args: object, **_options: object) -> None:
        pytest.fail("a brief was made")

    monkeypatch.setattr("summarizer.cli.brief.make_brief", made)
    (place / "nowhere").symlink_to("not there")
    (place / "one" / "brief.md").mkdir(parents=True)
    (place / "two" / "brief.html").mkdir(parents=True)
    before = sorted(place.rglob("*"))
    assert why in plain(refused(*words))
    assert sorted(place.rglob("*")) == before


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("-o", "shut/out"), "--output cannot be written: the folder shut is not writable"),
        (("-o", "shut"), "--output cannot be written: the folder shut is not writable"),
        (("--html", "shut/b.html"), "--html cannot be written: the folder shut is not writable"),
    ],
)
def test_a_folder_that_is_not_ours_to_write_is_refused_before_any_work(
    words: tuple[str, ...], why: str, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = os.access

    def denied(path: Path, mode: int) -> bool:  # modes do not stop root, who may run the tests
        return access(path, mode) and not (Path(path).name == "shut" and mode & os.W_OK)

    (place / "shut").mkdir()
    monkeypatch.setattr(os, "access", denied)
    assert why in plain(refused(*words))
    assert not (place / "out").exists()


@pytest.mark.parametrize("html", [f"{'x' * 240}.html", "new/deep/b.html", "in/../b.html"])
def test_a_page_of_a_long_name_or_in_a_new_folder_is_written(html: str, place: Path) -> None:
    run("-q", "--html", html)
    assert (place / html).is_file()
    assert (place / "out" / "brief.md").is_file()
