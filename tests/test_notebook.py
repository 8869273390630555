"""What a notebook shows of a brief: its page, in a frame that reaches nothing outside itself."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import Brief, to_html
from tests.conftest import make_article, make_bridge_brief, make_brief
from tests.test_render_markdown import HOSTILE, hostile_brief

HOSTILE_HERE = [
    *HOSTILE,
    '"></iframe><script>alert(1)</script>',
    "' onload='alert(1)",
    "</iframe><!-- ",
    "&quot;&#34; srcdoc=&quot;x",
    "{0}{} %s",
    "<head>",
]


class Cell(HTMLParser):
    """Reads what a notebook gets, and keeps everything there is in it."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.attributes: dict[str, str | None] = {}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(f"<{tag}>")
        assert len(dict(attrs)) == len(attrs), "an attribute twice"
        self.attributes = dict(attrs)

    def handle_endtag(self, tag: str) -> None:
        self.found.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_comment(self, data: str) -> None:
        self.found.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.found.append(f"<?{data}>")


def assert_one_frame(brief: Brief) -> None:
    cell = Cell(brief._repr_html_())
    assert cell.found == ["<iframe>", "</iframe>"]
    assert set(cell.attributes) == {"title", "width", "height", "style", "sandbox", "srcdoc"}
    page = cell.attributes["srcdoc"] or ""
    assert page.replace('\n<base href="about:srcdoc">', "", 1) == to_html(brief)


@pytest.mark.parametrize("text", HOSTILE_HERE)
def test_a_hostile_brief_is_one_frame_and_nothing_else(text: str) -> None:
    assert_one_frame(hostile_brief(text))


@given(st.text(min_size=1, max_size=20))
def test_any_brief_is_one_frame_and_nothing_else(text: str) -> None:
    assert_one_frame(hostile_brief(text))


def test_the_frame_is_named_and_cut_off_from_the_notebook() -> None:
    attributes = Cell(make_brief()._repr_html_()).attributes
    assert attributes["title"] == "Brief"
    assert attributes["width"] == "100%"
    assert "height:40rem" in (attributes["style"] or "")
    sandbox = (attributes["sandbox"] or "").split()
    assert sandbox == ["allow-scripts", "allow-popups", "allow-popups-to-escape-sandbox"]


def test_quotes_are_shown_but_no_articles() -> None:
    article = make_article()
    brief = make_brief(articles=(article,))
    page = Cell(brief._repr_html_()).attributes["srcdoc"] or ""
    assert article.sentence_text(1) in page
    assert article.sentence_text(3) not in page, "nothing cites it"


def test_what_a_caller_puts_around_the_frame_stays_markup() -> None:
    shown = "<div>" + make_brief()._repr_html_() + "</div>"
    assert type(shown) is str
    assert shown.startswith("<div><iframe ")
    assert shown.endswith("</iframe></div>")


def test_the_same_brief_is_the_same_frame() -> None:
    brief, _ = make_bridge_brief()
    assert brief._repr_html_() == brief._repr_html_()
