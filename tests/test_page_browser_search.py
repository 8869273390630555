"""Search and moves in the page: every part is found and told, and no key loses the place."""

from __future__ import annotations

import pytest

from summarizer.render import to_html
from tests.browser import PHONE, expect, opened_pages, running_browser  # noqa: F401 - fixtures
from tests.conftest import (
    make_article,
    make_bridge_brief,
    make_brief,
    make_fact,
    make_story,
    make_supported,
)
from tests.page_briefs import make_reading_brief
from tests.rich_brief import make_digest_brief

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("words", "told", "place"),
    [
        ("340 million against 350", "1 conflict", "#conflict-1-1"),
        ("opening day", "1 conflict; 1 source", "#source-3"),
        ("900 million", "1 refused claim", "#rejected"),
    ],
)
def test_what_no_fact_says_is_found_and_told(opened, words, told, place):
    shown = opened(to_html(make_bridge_brief()[0]))
    shown.search(words)
    expect(shown.page.locator("#found")).to_have_text(told)
    assert shown.page.locator(place).is_visible()


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("a bridge fell", "#gone"),
        ("velmora bridge opens", "#quiet"),
        ("deadline 06:30", "#unread"),
        ("answered 503", "#skipped"),
    ],
)
def test_the_smaller_parts_are_searched_too(opened, words, place):
    shown = opened(to_html(make_digest_brief()[0]))
    shown.search(words)
    expect(shown.page.locator("#found")).to_contain_text("1 other line")
    assert shown.page.locator(place).is_visible()
    assert not shown.page.locator("#story-1").is_visible()


def test_a_long_sentence_found_is_cut_between_characters(opened):
    article = make_article("Orvin " + "😀" * 900)
    brief = make_brief(
        make_story(make_fact(make_supported("Orvin.", article))), articles=(article,)
    )
    shown = opened(to_html(brief, articles=[article]))
    shown.search("orvin")
    text = shown.page.locator("#in-articles li bdi").inner_text()
    assert text == "Orvin " + "😀" * 494 + "…"


def test_from_the_end_of_the_page_the_last_fact_is_next(opened):
    brief, articles = make_reading_brief()
    shown = opened(to_html(brief, articles=articles))
    shown.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    shown.page.keyboard.press("k")
    last = shown.page.locator("main :is(.fact, .difference)").last.get_attribute("id")
    assert shown.focused() == last


def test_an_article_opened_before_the_step_back_is_done_stays_open(opened):
    brief, articles = make_reading_brief()
    shown = opened(to_html(brief, articles=articles), size=PHONE)
    shown.page.locator("main .facts a.cite").first.click()
    expect(shown.page.locator("#reader")).to_be_visible()
    shown.page.evaluate(
        """() => new Promise((done) => {
          addEventListener("popstate", () => requestAnimationFrame(done), {once: true});
          document.querySelector("#reader .close").click();
          document.querySelectorAll("main .facts a.cite")[1].click();
        })"""
    )
    expect(shown.page.locator("#reader")).to_be_visible()
    shown.page.go_back()
    expect(shown.page.locator("#reader")).to_be_hidden()
    assert shown.page.url.startswith(shown.address)


def test_closing_does_not_go_back_over_a_link_that_was_followed(opened):
    brief, articles = make_reading_brief()
    shown = opened(to_html(brief, articles=articles), size=PHONE)
    shown.page.locator("main .facts a.cite").first.click()
    expect(shown.page.locator("#reader")).to_be_visible()
    shown.page.set_viewport_size({"width": 1280, "height": 900})
    shown.page.locator("main .chip[href]").first.click()
    shown.page.locator("#reader .close").click()
    expect(shown.page.locator("#reader")).to_be_hidden()
    assert shown.value("location.hash") == "#conflict-1-1"
