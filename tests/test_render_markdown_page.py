"""summarizer.render.markdown: links that lead into the page."""

from __future__ import annotations

import re

import pytest

from summarizer.data import Brief
from summarizer.render import to_markdown
from tests.conftest import make_article, make_brief, make_fact, make_story, make_supported
from tests.rich_brief import make_rich_brief
from tests.test_render_markdown import HOSTILE, hostile_brief, hrefs, inline, parse

TARGETS = re.compile(r"^\[[^\]]+\]: (\S*)$", re.MULTILINE)


def targets(brief: Brief, page: str) -> dict[str, str]:
    """Return where each label of the Markdown leads."""
    return dict(re.findall(r"(?m)^\[([^\]]+)\]: (.*)$", to_markdown(brief, page=page)))


def test_labels_lead_to_the_sentences_sources_and_stories_of_the_page() -> None:
    found = targets(make_rich_brief()[0], "brief.html")
    assert found["2:s1"] == "brief.html#source-2-s1"
    assert found["source 2"] == "brief.html#source-2"
    assert found["story 1"] == "brief.html#story-1"
    assert found["story 2"] == "brief.html#story-2"


@pytest.mark.parametrize(
    ("ids", "anchor"), [((2,), "s2"), ((1, 2), "s1-2"), ((1, 3), "s1_3"), ((1, 2, 4), "s1-2_4")]
)
def test_an_anchor_names_runs_of_sentences(ids: tuple[int, ...], anchor: str) -> None:
    article = make_article("One.", "Two.", "Three.", "Four.")
    fact = make_fact(make_supported("All.", article, ids=ids))
    brief = make_brief(make_story(fact), articles=(article,))
    assert f"brief.html#source-1-{anchor}" in targets(brief, "brief.html").values()


def test_without_a_page_every_link_stays_in_the_markdown() -> None:
    brief = make_rich_brief()[0]
    assert to_markdown(brief, page="") == to_markdown(brief)
    assert all(target.startswith("#") for target in targets(brief, "").values())


def test_a_page_changes_where_links_lead_and_nothing_else() -> None:
    brief = make_rich_brief()[0]
    plain, linked = to_markdown(brief), to_markdown(brief, page="brief.html")
    assert TARGETS.sub("", plain) == TARGETS.sub("", linked)
    assert plain != linked


@pytest.mark.parametrize(
    ("page", "destination"),
    [
        ("../x/brief.html", "../x/brief.html"),
        ("caf%C3%A9/100%25.html", "caf%C3%A9/100%25.html"),
        ("a b/brief.html", "a%20b/brief.html"),
        ("javascript:alert(1)//.html", "javascript%3Aalert%281%29//.html"),
        ("<a>.html \"title\"", "%3Ca%3E.html%20%22title%22"),
        ("x&copy;.html", "x%26copy%3B.html"),
        ("a\n\n# b\\)[c]: d", "a%0A%0A%23%20b%5C%29%5Bc%5D%3A%20d"),
        ("?q#f", "%3Fq%23f"),
        ("\udcff\ud800", "%3F%3F"),
    ],
)  # fmt: skip
def test_a_page_of_any_name_is_an_inert_destination(page: str, destination: str) -> None:
    tokens = parse(to_markdown(make_rich_brief()[0], page=page))
    plain = parse(to_markdown(make_rich_brief()[0]))
    assert [t.type for t in tokens] == [t.type for t in plain]
    assert [t.type for t in inline(tokens)] == [t.type for t in inline(plain)]
    assert {str(href).partition("#")[0] for href in hrefs(tokens)} == {destination}


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_brief_leads_nowhere_but_into_its_page(text: str) -> None:
    found = hrefs(parse(to_markdown(hostile_brief(text), page="brief.html")))
    assert found
    for href in found:
        assert re.fullmatch(r"brief\.html#(source-[12](-s\d+)?|story-[12])", str(href))
