"""`summarizer brief --html`: where the page goes, what it holds, what leads to it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from click.testing import CliRunner, Result

from summarizer.cli.brief import command
from summarizer.data import Article
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
