"""The page for everybody: axe finds nothing, and what a screen reader says tells enough."""

from __future__ import annotations

import re
from typing import Any

import pytest

from summarizer.render import to_html
from tests.browser import (  # noqa: F401 - fixtures
    DESK,
    PHONE,
    Axe,
    Opened,
    opened_pages,
    running_browser,
)
from tests.conftest import make_brief
from tests.page_briefs import make_reading_brief, make_wide_brief
from tests.rich_brief import make_digest_brief, make_empty_digest

pytestmark = pytest.mark.browser

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
OPTIONS = {
    "runOnly": {"type": "tag", "values": [*RULES, "best-practice"]},
    "resultTypes": ["violations", "incomplete"],
}
SIZES = {"desk": DESK, "phone": PHONE}


# Why axe could not judge a colour, where that is no doubt of ours: a text of one character, a
# drawing (see test_letters_of_the_drawing_have_contrast), signs, what lies under the help.
UNJUDGED = {"shortTextContent", "imgNode", "nonBmp", "elmPartiallyObscuring"}


def violations(shown: Opened) -> list[str]:
    """Return what axe finds, an element a line; colours that it could not judge count."""
    found = Axe().run(shown.page, options=OPTIONS).response
    nodes = [(rule["id"], node) for rule in found["violations"] for node in rule["nodes"]]
    for rule in found["incomplete"]:
        if rule["id"] == "color-contrast":
            nodes += [("color-contrast", node) for node in rule["nodes"] if not unjudged(node)]
    return [f"{name}: {node['html'][:120]} {node['failureSummary'][:160]}" for name, node in nodes]


def unjudged(node: dict[str, Any]) -> bool:
    return all((check["data"] or {}).get("messageKey") in UNJUDGED for check in node["any"])


def reading_page() -> str:
    brief, articles = make_reading_brief()
    return to_html(brief, articles=articles)


def digest_page() -> str:
    brief, articles = make_digest_brief()
    return to_html(brief, articles=articles.values(), home="index.html")


def wide_page() -> str:
    brief, articles = make_wide_brief()
    return to_html(brief, articles=articles)


def empty_page() -> str:
    return to_html(make_empty_digest())


def rest(shown: Opened) -> None:
    """Leave the page as it was opened."""


def open_article(shown: Opened) -> None:
    shown.page.locator("main .facts a.cite").nth(1).click()
    shown.page.wait_for_selector("#reader mark.here")


def open_help(shown: Opened) -> None:
    shown.page.keyboard.press("?")
    shown.page.wait_for_selector("dialog#help[open]")


def search(shown: Opened) -> None:
    shown.search("tower")


def find_nothing(shown: Opened) -> None:
    shown.search("no such word")


def open_details(shown: Opened) -> None:
    for summary in shown.page.locator("summary").all():
        summary.click()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("act", [rest, open_article, open_help, search, find_nothing, open_details])
def test_axe_finds_nothing_in_a_brief(opened, act, size, dark):
    shown = opened(reading_page(), size=SIZES[size], dark=dark)
    act(shown)
    assert violations(shown) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("make", [digest_page, wide_page, empty_page])
def test_axe_finds_nothing_in_other_briefs(opened, make, dark):
    shown = opened(make(), dark=dark)
    assert violations(shown) == []


def test_axe_sees_what_is_wrong(opened):
    shown = opened("<!doctype html><p style='color:#999;background:#fff'>Pale</p>")
    found = " ".join(violations(shown))
    assert "color-contrast" in found
    assert "html-has-lang" in found


# --- roles and names --------------------------------------------------------------------------


def test_landmarks_have_roles_and_names(opened):
    shown = opened(digest_page())
    page = shown.page
    assert page.get_by_role("banner").count() == 1
    assert page.get_by_role("main").count() == 1
    assert page.get_by_role("search").count() == 1
    assert page.get_by_role("navigation", name="Contents").count() == 1
    assert page.get_by_role("navigation", name="Editions").count() == 1
    assert page.get_by_role("complementary").count() == 0
    open_article(shown)
    assert page.get_by_role("complementary").count() == 1


def test_headings_go_down_in_steps_of_one(opened):
    for text in (reading_page(), digest_page(), to_html(make_brief())):
        shown = opened(text)
        levels = [
            int(tag[1])
            for tag in shown.value(
                "[...document.querySelectorAll('h1,h2,h3,h4')].map(e => e.tagName)"
            )
        ]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))


def test_name_of_a_citation_says_its_source_and_sentence(opened):
    shown = opened(reading_page())
    cite = shown.page.locator('main .facts a.cite[href="#source-1-s90"]')
    name = cite.get_attribute("aria-label") or cite.inner_text()
    assert "source 1" in name
    assert "sentence 90" in name
    assert "Velmora Gazette" in name
    assert cite.inner_text() in name  # what is seen is what can be said aloud


def test_search_box_and_buttons_have_names(opened):
    shown = opened(reading_page())
    assert shown.page.get_by_role("searchbox", name="Search").count() == 1
    shown.search("tower")
    assert "fact" in shown.page.get_by_role("status").inner_text()
    open_article(shown)
    assert shown.page.locator("#reader").get_by_role("button", name="Close").count() == 1


def test_place_of_the_search_result_is_known_before_there_is_one(opened):
    """Screen readers tell what changes in an element that they have seen before."""
    shown = opened(reading_page())
    assert shown.value("getComputedStyle(document.querySelector('#found')).display") != "none"


def test_help_is_a_dialog_with_a_name(opened):
    shown = opened(reading_page())
    open_help(shown)
    assert shown.page.get_by_role("dialog", name="Keys").count() == 1


def test_skip_link_leads_to_the_brief(opened):
    shown = opened(reading_page())
    shown.page.keyboard.press("Tab")
    assert shown.page.get_by_role("link", name="Skip to the brief").is_visible()
    shown.page.keyboard.press("Enter")
    assert shown.focused() == "main"


LOOK = """e => (c => [c.outlineStyle + c.outlineWidth, c.boxShadow, c.borderLeftColor])
(getComputedStyle(e))"""


def test_focus_is_seen(opened):
    shown = opened(reading_page())
    for key, selector in (("j", "#fact-1-1"), ("Tab", "#fact-1-1 a.cite"), ("/", "#search")):
        element = shown.page.locator(selector).first
        before = element.evaluate(LOOK)
        shown.page.keyboard.press(key)
        assert element.evaluate("e => e === document.activeElement")
        assert element.evaluate(LOOK) != before, selector


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_letters_of_the_drawing_have_contrast(opened, dark):
    shown = opened(reading_page(), dark=dark)
    pairs = shown.value(
        """() => [...document.querySelectorAll('svg text')].map(text => {
        const circle = text.parentElement.querySelector('circle');
        const fill = circle && getComputedStyle(circle).fill;
        const body = getComputedStyle(document.body);
        const back = fill && fill !== 'none' ? fill : body.backgroundColor;
        return [getComputedStyle(text).fill, back] })"""
    )
    assert len(pairs) >= 4
    for text, back in pairs:
        assert contrast(text, back) >= 4.5, (text, back)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, rgb(…), as WCAG 2 defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", color)[:3]]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_letters_twice_as_large_lose_nothing(opened):
    """Text of 200 % on a desk is as wide as half the window: one column, nothing cut off."""
    shown = opened(reading_page(), size=(640, 450))
    width, window = shown.value(
        "[document.scrollingElement.scrollWidth, document.scrollingElement.clientWidth]"
    )
    assert width <= window
    open_article(shown)
    assert shown.page.locator("#reader button.close").is_visible()
