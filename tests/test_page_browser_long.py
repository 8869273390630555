"""Long pages, folds, titles, the switch of the letter keys, paper, and browsers of old."""

from __future__ import annotations

import pytest

from summarizer.data import Article, Brief
from summarizer.render import to_html
from tests.browser import DESK, PHONE, expect, open_page, opened_pages, running_browser  # noqa: F401 - fixtures
from tests.conftest import make_article, make_brief, make_fact, make_story, make_supported
from tests.page_briefs import make_reading_brief
from tests.rich_brief import make_rich_brief

pytestmark = pytest.mark.browser

LAID_OUT = "e => e.checkVisibility({contentVisibilityAuto: true})"


@pytest.fixture(scope="module")
def page_text() -> str:
    brief, articles = make_reading_brief()
    return to_html(brief, articles=articles)


def make_long_brief() -> tuple[Brief, tuple[Article, ...]]:
    """Build 40 stories of eight facts, the last of them about Orvin."""
    stories, articles = [], []
    for number in range(40):
        place = "Orvin" if number == 39 else f"town {number}"
        article = make_article(
            *(f"Thing {n} of {place} was painted in the spring." for n in range(8)),
            title=f"News of {place}",
            source=f"{number}.txt",
        )
        facts = [
            make_fact(make_supported(None, article, ids=(n,)), id=f"{number}-{n}")
            for n in range(1, 9)
        ]
        stories.append(make_story(*facts, id=f"story-{number}", headline=article.title))
        articles.append(article)
    return make_brief(*stories, articles=tuple(articles)), tuple(articles)


# --- long pages -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def long_page() -> str:
    brief, articles = make_long_brief()
    return to_html(brief, articles=articles)


def test_what_is_far_down_a_long_page_is_not_laid_out_before_it_is_near(opened, long_page):
    shown = opened(long_page)
    assert shown.value("document.documentElement.className").split() == ["long", "js"]
    last = shown.page.locator("#story-40 .fact").last
    assert last.evaluate(LAID_OUT) is False
    last.scroll_into_view_if_needed()
    shown.page.wait_for_function(LAID_OUT, arg=last.element_handle())


def test_a_link_leads_far_down_a_long_page(opened, long_page):
    shown = opened(long_page)
    shown.page.locator('.contents a[href="#story-40"]').click()
    expect(shown.page.locator("#headline-40")).to_be_in_viewport()


def test_what_is_far_down_a_long_page_is_found(opened, long_page):
    shown = opened(long_page)
    shown.search("Orvin")
    expect(shown.page.locator("#found")).to_have_text(
        "8 facts in 1 story; 1 source; 8 sentences of the articles"
    )
    expect(shown.page.locator("#headline-40")).to_be_in_viewport()


def test_keys_go_through_a_long_page(opened, long_page):
    shown = opened(long_page)
    for _ in range(30):
        shown.page.keyboard.press("j")
    assert shown.focused() == "fact-4-6"
    expect(shown.page.locator("#fact-4-6")).to_be_in_viewport()


def test_short_pages_are_laid_out_at_once(opened, page_text):
    shown = opened(page_text)
    assert shown.page.locator(".refusal").last.evaluate(LAID_OUT) is True


# --- folds, titles, keys ----------------------------------------------------------------------


@pytest.mark.parametrize(("size", "opens"), [(DESK, True), (PHONE, False)])
def test_the_contents_are_folded_on_a_phone(opened, page_text, size, opens):
    shown = opened(page_text, size=size)
    assert shown.value("document.querySelector('.fold').open") is opens


def test_a_citation_says_its_sentence_before_it_is_opened(opened, page_text):
    shown = opened(page_text)
    link = shown.page.locator("main .facts a.cite").first
    assert link.get_attribute("title") is None
    link.hover()
    anchor = (link.get_attribute("href") or "")[1:]
    quote = shown.page.locator(f"li[id='{anchor}'] q bdi").inner_text()
    expect(link).to_have_attribute("title", quote)


def test_the_letter_keys_can_be_switched_off(opened, page_text):
    shown = opened(page_text)
    shown.page.keyboard.press("?")
    shown.page.locator("#letters").uncheck()
    shown.page.keyboard.press("Escape")
    for key in ("j", "k", "/", "?"):
        shown.page.keyboard.press(key)
    assert shown.focused() not in ("search", "fact-1-1")
    assert not shown.page.locator("#help").is_visible()
    shown.page.locator("#fact-1-1").focus()
    shown.page.keyboard.press("Enter")
    expect(shown.page.locator("#reader")).to_be_visible()
    shown.page.keyboard.press("Escape")
    expect(shown.page.locator("#reader")).to_be_hidden()


def test_on_paper_what_is_folded_is_open(opened):
    shown = opened(to_html(make_rich_brief()[0]))
    folded = "[...document.querySelectorAll('details')].map((one) => one.open)"
    before = shown.value(folded)
    assert False in before
    shown.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert all(shown.value(folded))
    shown.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert shown.value(folded) == before


# --- browsers of old --------------------------------------------------------------------------


def test_a_browser_that_cannot_unpack_says_so_and_shows_the_quotes(browser, tmp_path, long_page):
    file = tmp_path / "brief.html"
    file.write_text(long_page, encoding="utf-8")
    shown = open_page(browser, file)
    try:
        shown.page.context.add_init_script("delete globalThis.DecompressionStream")
        shown.page.reload()
        shown.page.locator("main .facts a.cite").first.click()
        expect(shown.page.locator("#reader .here")).to_have_text(
            "Thing 0 of town 0 was painted in the spring."
        )
        expect(shown.page.locator("#reader .apart")).to_contain_text("cannot unpack")
        assert shown.faults() == []
    finally:
        shown.page.context.close()
