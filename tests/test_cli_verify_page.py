"""`summarizer verify brief.html`: what it says, and with which exit code."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from summarizer.cli import exit_code, group, verify
from summarizer.cli.digest.settings import found
from summarizer.data import Article, Brief
from summarizer.digest.state import State
from summarizer.errors import BriefError
from summarizer.read import read_articles
from summarizer.render import to_html, to_json, to_letter
from summarizer.render.page import made_by
from tests.conftest import (
    BRIDGE,
    make_article,
    make_brief,
    make_fact,
    make_story,
    make_supported,
)
from tests.deliveries import Night
from tests.rich_brief import flood_articles
from tests.test_verify_page import sealed

Written = tuple[Brief, list[Article], Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Write two articles; return the brief of what the reader makes of them, they, their folder."""
    folder = tmp_path / "articles"
    folder.mkdir()
    flood = flood_articles()[0]
    more = "The council of Velmora will meet again next week to talk about what comes then. " * 4
    (folder / "bridge.txt").write_text(f"Velmora bridge opens\n\n{' '.join(BRIDGE)}\n\n{more}\n")
    (folder / "flood.txt").write_text(f"{flood.title}\n\n{flood.text}\n\n{more}\n")
    articles = [one for one in read_articles([folder]) if isinstance(one, Article)]
    facts = [make_fact(make_supported(None, one), id=one.title) for one in articles]
    brief = make_brief(make_story(*facts, headline=articles[0].title), articles=articles)
    return brief, articles, folder


def put(tmp_path: Path, text: str | bytes, name: str = "brief.html") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(group, ["verify", *map(str, arguments)], standalone_mode=False)
    if result.exception:
        raise result.exception
    return result.return_value, result.output


HOLDS = "2 quotes of 2 articles verified; the page shows what its data says\n"


def test_a_page_is_checked_from_its_file_alone(written, tmp_path):
    brief, articles, _ = written
    assert run(put(tmp_path, to_html(brief, articles=articles))) == (0, HOLDS)


@pytest.mark.parametrize("name", ["brief", "brief.json", "brief.txt", "BRIEF.HTM"])
def test_a_page_is_known_whatever_its_name(written, tmp_path, name):
    brief, articles, _ = written
    assert run(put(tmp_path, to_html(brief, articles=articles), name)) == (0, HOLDS)


def test_a_brief_json_is_known_whatever_its_name(written, tmp_path):
    brief, _, folder = written
    path = put(tmp_path, to_json(brief), "brief.data")
    assert run(path, "--articles", folder) == (0, "2 quotes of 2 articles verified\n")
    with pytest.raises(Exception, match="Give --articles FOLDER, or --digest"):
        run(path)


def test_what_does_not_hold_in_a_page_is_listed(written, tmp_path):
    brief, articles, _ = written
    page = to_html(brief, articles=articles).replace("12 villages", "\\u001b[31m19 villages")
    code, output = run(put(tmp_path, page))
    assert code == 1
    assert "page: its checksum is " in output
    assert "is not the text its id stands for" in output
    assert "\x1b" not in output


def test_a_line_that_shows_something_else_is_told_with_its_number(written, tmp_path):
    brief, articles, _ = written
    page = to_html(brief, articles=articles)
    code, output = run(put(tmp_path, sealed(page.replace("</h1>", " and more</h1>", 1))))
    line = page[: page.index("</h1>")].count("\n") + 1
    assert code == 1
    assert output.startswith(f"page, line {line}: “")
    assert output.endswith("1 problem found; 2 quotes checked\n")


def test_line_ends_that_were_changed_on_the_way_are_found(written, tmp_path):
    brief, articles, _ = written
    page = to_html(brief, articles=articles).encode()
    for ends in (b"\r\n", b"\r"):
        assert run(put(tmp_path, page.replace(b"\n", ends)))[0] == 1


def test_a_page_by_another_version_says_what_was_compared(written, tmp_path):
    brief, articles, _ = written
    other = "summarizer 9.1.0 page 0123456789abcdef"
    page = sealed(to_html(brief, articles=articles).replace(made_by(), other))
    code, output = run(put(tmp_path, page))
    assert code == 0
    assert output == (
        f"2 quotes of 2 articles verified; another version wrote the page ({other}): "
        "its quotes and facts are those of its data, the rest of what it shows is unchecked\n"
    )


# --- articles that are not embedded -----------------------------------------------------------


def test_a_page_with_quotes_alone_wants_the_articles(written, tmp_path):
    brief, articles, folder = written
    for embedded, said in (([], "2 articles"), (articles[:1], "1 article")):
        path = put(tmp_path, to_html(brief, articles=embedded))
        result = CliRunner().invoke(group, ["verify", str(path)])
        assert result.exit_code == 2
        assert f"The page holds only the quotes of {said}: give --articles" in " ".join(
            result.output.split()
        )
        assert run(path, "--articles", folder) == (0, HOLDS)


def test_an_article_that_the_folder_lacks_is_a_problem(written, tmp_path):
    brief, articles, folder = written
    path = put(tmp_path, to_html(brief, articles=articles[:1]))
    (folder / "flood.txt").unlink()
    (folder / "bridge.txt").unlink()
    code, output = run(path, "--articles", folder)
    assert code == 1
    assert output.count("source 2: no article has the SHA-256") == 1
    assert output.count("source 1: its article, of") == 1
    assert "source 2: its article, of" not in output


def test_articles_inside_that_are_none_of_the_folder_are_problems(written, tmp_path):
    brief, articles, folder = written
    path = put(tmp_path, to_html(brief, articles=articles))
    assert run(path, "--articles", folder) == (0, HOLDS)
    flood = folder / "flood.txt"
    flood.write_text(flood.read_text().replace("12", "90"))
    code, output = run(path, "--articles", folder)
    assert code == 1
    assert "of flood.txt, is not among those given" in output


def test_a_digest_gives_the_articles_that_are_not_embedded(written, tmp_path, monkeypatch):
    brief, articles, _ = written
    asked: list[object] = []

    def remembered(config: Path, article_ids: list[str]) -> Mapping[str, Article]:
        asked.append((config.name, article_ids))
        return {one.id: one for one in articles}

    monkeypatch.setattr(verify, "_remembered", remembered)
    monkeypatch.setattr(verify, "_known", lambda _config, article_ids: set(article_ids))
    config = put(tmp_path, "", "digest.toml")
    path = put(tmp_path, to_html(brief, articles=articles[:1]))
    assert run(path, "--digest", config) == (0, HOLDS)
    assert asked == [("digest.toml", [articles[1].id])]


def test_a_page_holds_when_the_digest_has_dropped_its_texts(written, tmp_path, monkeypatch):
    brief, articles, _ = written
    config = tmp_path / "digest.toml"
    config.write_text('sources.folders = ["inbox"]\n')
    settings, _ = found(config)
    stranger = make_article("Nobody has read this.", source="stranger.txt")
    with State(settings.state) as state:
        night = Night(state)
        night.read(*articles)
        night.drop(*articles)
        assert state.articles.many([one.id for one in articles]) == []
    path = put(tmp_path, to_html(brief, articles=articles))
    assert run(path, "--digest", config) == (0, HOLDS)
    code, output = run(put(tmp_path, to_html(brief, articles=articles[:1])), "--digest", config)
    assert code == 1
    assert output.startswith("source 2: no article has the SHA-256")
    assert "is not among those given" not in output
    fact = make_fact(make_supported(None, stranger), id="stranger")
    other = make_brief(make_story(fact, headline=stranger.title), articles=[stranger])
    code, output = run(put(tmp_path, to_html(other, articles=[stranger])), "--digest", config)
    assert code == 1
    assert output.startswith("source 1: its article, of stranger.txt, is not among those given\n")


def test_an_article_counts_as_given_by_folder_or_digest(written, tmp_path, monkeypatch):
    brief, articles, folder = written
    asked: list[object] = []

    def known(config: Path, article_ids: list[str]) -> set[str]:
        asked.append(article_ids)
        return {articles[1].id} & set(article_ids)

    monkeypatch.setattr(verify, "_known", known)
    config = put(tmp_path, "", "digest.toml")
    path = put(tmp_path, to_html(brief, articles=articles))
    (folder / "flood.txt").unlink()
    assert run(path, "--articles", folder, "--digest", config) == (0, HOLDS)
    assert asked == [[articles[1].id]]


# --- what is no page --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe\x80",
        b"<!DOCTYPE html>\n<html><body>Hello</body></html>\n",
        b"{}",
        to_letter(make_brief()).encode(),
        to_html(make_brief()).encode()[:5000],
        to_html(make_brief()).replace("summarizer.page.v1", "summarizer.page.v2").encode(),
    ],
    ids=["empty", "binary", "other HTML", "JSON", "a letter", "cut off", "a newer format"],
)
def test_what_is_no_page_of_ours_fails_with_a_hint(tmp_path, content):
    with pytest.raises(BriefError) as caught:
        run(put(tmp_path, content))
    assert caught.value.hint
    assert exit_code(caught.value) == 1


@pytest.mark.parametrize("given", [False, True])
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("brief.md", "# Brief\n\nThe bridge opened.\n", "is Markdown"),
        ("brief.markdown", "", "is Markdown"),
        ("notes.txt", "The bridge opened.\n", "is neither a page nor a brief's JSON"),
        ("brief.json", "", "is neither a page nor a brief's JSON"),
        ("brief.json", "[1]", "is neither a page nor a brief's JSON"),
    ],
)
def test_what_is_neither_page_nor_json_is_called_what_it_is(tmp_path, name, content, said, given):
    path = put(tmp_path, content, name)
    with pytest.raises(BriefError, match=said) as caught:
        run(path, *(["--articles", tmp_path] if given else []))
    assert "Give brief.html" in caught.value.hint
    assert "brief.json with --articles FOLDER" in caught.value.hint


def test_the_help_tells_of_both_kinds_with_examples():
    output = CliRunner().invoke(group, ["verify", "--help"]).output
    assert "summarizer verify out/brief.html\n" in output
    assert "summarizer verify out/brief.json --articles" in output
