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
    ],
)
def test_what_cannot_be_a_page_is_refused_before_any_work(
    html: str, why: str, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made(*_args: object, **_options: object) -> None:
        pytest.fail("a brief was made")

    os.mkfifo(place / "pipe")
    monkeypatch.setattr("summarizer.cli.brief.make_brief", made)
    before = sorted(place.rglob("*"))
    assert why in refused("--html", html)
    assert sorted(place.rglob("*")) == before
