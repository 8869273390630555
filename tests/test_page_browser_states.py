"""The page where things cross: a phone's way back, quick hands, openers put away, odd screens."""

from __future__ import annotations

import pytest

from summarizer.data import Article, Brief
from summarizer.render import to_html
from tests.browser import PHONE, Opened, expect, opened_pages, running_browser  # noqa: F401 - fixtures
from tests.conftest import (
    make_article,
    make_brief,
    make_evidence,
    make_fact,
    make_rejected,
    make_story,
    make_supported,
)
from tests.page_briefs import make_reading_brief
from tests.rich_brief import make_rich_brief

pytestmark = pytest.mark.browser

CITE = "main .facts a.cite"
DESK = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def reading() -> tuple[Brief, tuple[Article, ...]]:
    return make_reading_brief()


@pytest.fixture(scope="module")
def page_text(reading) -> str:
    brief, articles = reading
    return to_html(brief, articles=articles)


def reader(shown: Opened):
    return shown.page.locator("#reader")


def sentence_read(shown: Opened) -> str:
    return shown.page.locator("#reader .here").inner_text()


# --- a phone ----------------------------------------------------------------------------------


def test_two_quick_taps_on_the_way_out_do_not_leave_the_brief(opened, page_text):
    shown = opened(page_text, size=PHONE)
    shown.page.locator(CITE).first.click()
    expect(reader(shown)).to_be_visible()
    shown.page.evaluate(
        """() => new Promise((done) => {
          addEventListener("popstate", () => setTimeout(done), {once: true});
          const button = document.querySelector(".close");
          button.click();
          button.click();
        })"""
    )
    expect(reader(shown)).to_be_hidden()
    # A second step back would be done before this one forward, which then led to the brief.
    shown.page.go_forward()
    assert shown.value("history.state?.reading") is True


def test_the_way_back_of_a_phone_closes_the_article(opened, page_text):
    shown = opened(page_text, size=PHONE)
    shown.page.locator(CITE).first.click()
    expect(reader(shown)).to_be_visible()
    shown.page.go_back()
    expect(reader(shown)).to_be_hidden()
    assert shown.page.url.startswith(shown.address)
    expect(shown.page.locator("#fact-1-1")).to_be_in_viewport()


def test_a_desk_that_becomes_a_phone_has_a_way_back_too(opened, page_text):
    shown = opened(page_text)
    shown.page.locator(CITE).first.click()
    shown.page.set_viewport_size({"width": 360, "height": 740})
    shown.page.wait_for_function("history.state?.reading === true")
    shown.page.go_back()
    expect(reader(shown)).to_be_hidden()
    assert shown.page.url.startswith(shown.address)


def test_a_link_of_the_page_is_no_way_back(opened, page_text):
    shown = opened(page_text, size=PHONE)
    shown.page.locator(CITE).first.click()
    shown.page.set_viewport_size(DESK)
    shown.page.locator("main .chip[href]").first.click()
    expect(reader(shown)).to_be_visible()


def test_on_a_phone_the_next_fact_is_read_in_the_open_article(opened, page_text):
    shown = opened(page_text, size=PHONE)
    shown.page.keyboard.press("j")
    shown.page.keyboard.press("Enter")
    expect(reader(shown)).to_be_visible()
    first = sentence_read(shown)
    shown.page.keyboard.press("j")
    expect(shown.page.locator("#reader .here")).not_to_have_text(first)


def test_on_a_phone_nothing_behind_the_article_can_be_reached(opened, page_text):
    shown = opened(page_text, size=PHONE)
    shown.page.locator(CITE).first.click()
    expect(reader(shown)).to_be_visible()
    for _ in range(12):
        shown.page.keyboard.press("Tab")
        focused = shown.page.locator(":focus")
        assert focused.count() == 0 or shown.page.locator("#reader :focus").count() == 1


def test_on_a_phone_search_closes_the_article_first(opened, page_text):
    shown = opened(page_text, size=PHONE)
    shown.page.locator(CITE).first.click()
    expect(reader(shown)).to_be_visible()
    shown.page.keyboard.press("/")
    expect(reader(shown)).to_be_hidden()
    assert shown.focused() == "search"


# --- quick hands ------------------------------------------------------------------------------


def test_escape_while_an_article_is_unpacked_leaves_it_closed(opened, page_text):
    assert '"gzip":"' in page_text.partition('id="article-data">')[2][:99]
    shown = opened(page_text)
    shown.page.evaluate(
        """selector => {
          document.querySelector(selector).click();
          document.dispatchEvent(new KeyboardEvent("keydown", {key: "Escape", bubbles: true}));
        }""",
        CITE,
    )
    shown.search("Orvin metres")  # is told after what was asked for before it
    expect(shown.page.locator("#found")).to_contain_text("sentences of the articles")
    expect(reader(shown)).to_be_hidden()


def test_of_several_clicks_the_last_one_counts(opened, page_text):
    shown = opened(page_text)
    script = "s => [...document.querySelectorAll(s)].slice(0, 3).forEach((one) => one.click())"
    shown.page.evaluate(script, CITE)
    expect(reader(shown)).to_be_visible()
    wanted = shown.page.locator(CITE).nth(2).get_attribute("data-start")
    assert shown.page.locator("a.cite.at").get_attribute("data-start") == wanted
    assert shown.page.locator(".at").count() == 2  # the citation and its fact


def test_the_fact_that_is_read_is_marked(opened, page_text):
    shown = opened(page_text)
    shown.page.keyboard.press("j")
    shown.page.keyboard.press("Enter")
    expect(reader(shown)).to_be_visible()
    assert shown.page.locator(".fact.at").get_attribute("id") == "fact-1-1"
    shown.page.keyboard.press("Escape")
    assert shown.page.locator(".at").count() == 0


def test_the_step_to_the_next_citation_can_be_pressed_again(opened, page_text):
    shown = opened(page_text)
    shown.page.locator(CITE).first.click()
    shown.page.locator("#reader .Next").click()
    expect(shown.page.locator("#reader .steps span")).to_have_text("citation 2 of 2")
    assert shown.focused() == "Next"
    shown.page.keyboard.press("Enter")
    expect(shown.page.locator("#reader .steps span")).to_have_text("citation 1 of 2")


def test_focus_is_seen_where_the_opener_was_put_away(opened, page_text):
    shown = opened(page_text)
    shown.page.locator(CITE).first.click()
    shown.search("zzz")
    shown.page.locator("#reader .close").click()
    assert shown.focused() == "main"


def test_the_focus_in_the_article_can_be_seen(opened, page_text):
    shown = opened(page_text)
    shown.page.keyboard.press("j")
    shown.page.keyboard.press("Enter")
    outline = "getComputedStyle(document.querySelector('#reader .here')).outlineStyle"
    expect(reader(shown)).to_be_visible()
    assert shown.value(outline) == "solid"


# --- search -----------------------------------------------------------------------------------


def test_search_tells_everything_it_found(opened, page_text):
    shown = opened(page_text)
    shown.search("Orvin metres")
    found = "1 conflict; 1 update; 2 sources; 2 sentences of the articles"
    expect(shown.page.locator("#found")).to_contain_text(found)
    assert shown.page.locator("#in-articles li").count() == 2
    shown.search("900 crowns")
    expect(shown.page.locator("#found")).to_have_text("1 refused claim")


def test_search_puts_away_parts_and_contents_without_a_match(opened, page_text):
    shown = opened(page_text)
    shown.search("opens")
    for selector in ("#skipped", "#making", "#story-1", '.contents a[href="#story-1"]'):
        assert not shown.page.locator(selector).first.is_visible()
    assert shown.page.locator('.contents a[href="#story-2"]').is_visible()
    shown.search("")
    assert shown.page.locator("#making").is_visible()


def test_very_many_hits_are_marked_in_part_and_break_nothing(opened):
    article = make_article("e " * 60_000)
    fact = make_fact(make_supported("e " * 900, article))
    brief = make_brief(
        make_story(fact),
        articles=(article,),
        rejected=(make_rejected("e " * 900, article, nearest=1),) * 99,
    )
    shown = opened(to_html(brief, articles=[article]))
    shown.search("e")
    expect(shown.page.locator("#found")).to_contain_text("99 refused claims")
    assert 0 < shown.value("CSS.highlights.get('found').size") < 3000


# --- pages without articles -------------------------------------------------------------------


def test_without_articles_no_button_promises_one(opened, reading):
    shown = opened(to_html(reading[0]))
    assert shown.page.locator("button.whole").count() == 0
    assert "in its article" not in shown.page.locator(".hint").inner_text()


def test_without_articles_a_dot_of_the_timeline_opens_all_quotes_of_its_source(opened):
    shown = opened(to_html(make_rich_brief()[0]))
    shown.page.locator('.timeline a[data-source="2"]').click()
    expect(reader(shown)).to_be_visible()
    assert shown.page.locator("#reader .text p").count() == 4  # three quotes, and a word about it


def test_of_two_quotes_of_one_sentence_each_opens_its_own(opened):
    article = make_article("One dam broke and one dam held.", "Trains stood still.")
    whole = make_evidence(article)
    pieces = [
        whole.model_copy(update={"start": start, "end": end, "quote": article.text[start:end]})
        for start, end in ((0, 13), (18, 30))
    ]
    claims = [make_supported(None, article).model_copy(update={"evidence": (p,)}) for p in pieces]
    facts = [make_fact(claim, id=f"f{n}") for n, claim in enumerate(claims)]
    shown = opened(to_html(make_brief(make_story(*facts), articles=(article,))))
    for number, piece in enumerate(pieces):
        shown.page.locator(CITE).nth(number).click()
        expect(shown.page.locator("#reader .here")).to_have_text(piece.quote)


# --- elsewhere --------------------------------------------------------------------------------


def test_right_to_left_values_keep_the_arrow_between_them(opened):
    brief, _ = make_rich_brief()
    story = brief.stories[0]
    fact = story.facts[0]
    assert fact.change and fact.change.before and fact.change.after
    change = fact.change.model_copy(
        update={
            "before": fact.change.before.model_copy(update={"value": "תשע"}),
            "after": fact.change.after.model_copy(update={"value": "שנים"}),
        }
    )
    facts = (fact.model_copy(update={"change": change}), *story.facts[1:])
    told = story.model_copy(update={"facts": facts, "updates": ()})
    shown = opened(to_html(brief.model_copy(update={"stories": (told, *brief.stories[1:])})))
    before, after = (shown.page.locator(".chip.changed bdi").nth(n).bounding_box() for n in (0, 1))
    assert before and after
    assert before["x"] + before["width"] <= after["x"]


@pytest.mark.parametrize("width", [320, 480, 640, 992, 1100, 1280])
def test_no_width_has_dates_over_one_another_or_scrolls_sideways(opened, width):
    brief, articles = make_rich_brief()
    shown = opened(to_html(brief, articles=articles.values()), size=(width, 800))
    assert shown.value("document.scrollingElement.scrollWidth <= innerWidth")
    boxes = [
        one.bounding_box() for one in shown.page.locator(".ticks text").all() if one.is_visible()
    ]
    edges = sorted((box["x"], box["x"] + box["width"]) for box in boxes if box)
    assert len(edges) >= 2
    assert all(end <= start for (_, end), (start, _) in zip(edges, edges[1:], strict=False))


def test_colours_of_the_system_show_where_the_focus_is(opened, page_text):
    shown = opened(page_text, forced_colors=True)
    shown.page.keyboard.press("j")
    outlines = (
        "[...document.querySelectorAll('.fact')].map((e) => getComputedStyle(e).outlineStyle)"
    )
    assert shown.value(outlines).count("solid") == 1
