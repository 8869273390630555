"""The page in a browser: citations open articles, keys, search, phones, paper, no script."""

from __future__ import annotations

import re

import pytest

from summarizer.data import Article, Brief
from summarizer.render import clean, to_html
from tests.browser import PHONE, WAIT_MS, Opened, expect, opened_pages, running_browser  # noqa: F401 - fixtures
from tests.conftest import make_article, make_brief, make_fact, make_story, make_supported
from tests.page_briefs import make_reading_brief, make_sentences, make_wide_brief

pytestmark = pytest.mark.browser

FACT_SHOWN = "e => e.checkVisibility({contentVisibilityAuto: false})"


@pytest.fixture(scope="module")
def reading() -> tuple[Brief, tuple[Article, ...]]:
    return make_reading_brief()


@pytest.fixture(scope="module")
def page_text(reading) -> str:
    brief, articles = reading
    return to_html(brief, articles=articles)


def cite_selector(source: int, sentence: int) -> str:
    return f'main .facts a.cite[href="#source-{source}-s{sentence}"]'


def assert_reads(shown: Opened, article: Article, sentence: int) -> None:
    """Demand an open reader at that sentence, marked whole, in view, its neighbours marked.

    What shows nothing, such as the tags in ASTRAL, is left out as everywhere on the page.
    """
    here = shown.page.locator("#reader mark.here")
    expect(here).to_have_text(clean(article.sentence_text(sentence)), timeout=WAIT_MS)
    assert "".join(here.all_text_contents()) == clean(article.sentence_text(sentence))
    near = shown.page.locator("#reader .near").all_text_contents()
    expected = [
        clean(article.sentence_text(number))
        for number in (sentence - 1, sentence + 1)
        if 1 <= number <= len(article.sentences)
    ]
    assert [text.strip() for text in near] == expected
    assert_inside(shown, "#reader mark.here")
    assert shown.page.locator("#reader .title").inner_text().strip() == article.title


def assert_inside(shown: Opened, selector: str) -> None:
    """Demand that an element of the reader lies in it and in the window."""
    box, reader = shown.box(selector), shown.box("#reader")
    size = shown.page.viewport_size
    assert size
    assert box["h"] > 0
    assert reader["x"] <= box["x"]
    assert box["x"] + box["w"] <= reader["x"] + reader["w"] + 1
    assert max(reader["y"], 0) <= box["y"]
    assert box["y"] + box["h"] <= min(reader["y"] + reader["h"], size["height"]) + 1


def shown_facts(shown: Opened) -> list[str]:
    facts = shown.page.locator("main .fact")
    return [fact.get_attribute("id") or "" for fact in facts.all() if fact.evaluate(FACT_SHOWN)]


def closed(shown: Opened) -> bool:
    return not shown.page.locator("#reader").is_visible()


# --- citations --------------------------------------------------------------------------------


@pytest.mark.parametrize(("source", "sentence"), [(1, 12), (1, 90), (1, 150), (2, 40), (2, 60)])
def test_click_opens_the_article_at_the_sentence(opened, reading, page_text, source, sentence):
    shown = opened(page_text)
    assert closed(shown)
    shown.page.click(cite_selector(source, sentence))
    assert_reads(shown, reading[1][source - 1], sentence)


def test_first_sentence_has_one_neighbour(opened, reading, page_text):
    shown = opened(page_text)
    shown.page.click(cite_selector(3, 1))
    assert_reads(shown, reading[1][2], 1)


def test_the_reader_holds_the_whole_article(opened, reading, page_text):
    shown = opened(page_text)
    shown.page.click(cite_selector(2, 60))
    shown = shown.page.locator("#reader .text").inner_text()
    assert " ".join(shown.split()) == clean(reading[1][1].text)


def test_article_opens_beside_the_fact_which_stays_where_it_is(opened, page_text):
    shown = opened(page_text)
    before = shown.box("#fact-1-2")
    shown.page.click(cite_selector(1, 90))
    after, reader = shown.box("#fact-1-2"), shown.box("#reader")
    assert after["x"] + after["w"] <= reader["x"] or reader["x"] + reader["w"] <= after["x"]
    assert abs(after["y"] - before["y"]) < 200
    assert after["y"] >= 0


def test_another_citation_moves_the_reader(opened, reading, page_text):
    shown = opened(page_text)
    shown.page.click(cite_selector(1, 12))
    shown.page.click(cite_selector(1, 150))
    assert_reads(shown, reading[1][0], 150)
    shown.page.click(cite_selector(2, 60))
    assert_reads(shown, reading[1][1], 60)


def test_side_of_a_conflict_opens_its_article(opened, reading, page_text):
    shown = opened(page_text)
    shown.page.locator("#conflict-1-1 a.cite").nth(1).click()
    assert_reads(shown, reading[1][1], 60)


def test_refused_claim_opens_its_nearest_sentence(opened, reading, page_text):
    shown = opened(page_text)
    shown.page.locator("#rejected a.cite").first.click()
    assert_reads(shown, reading[1][2], 2)


def test_evidence_of_several_sentences_is_marked_whole(opened):
    article = make_article(*make_sentences(60, seed=3))
    fact = make_fact(make_supported("Three items.", article, ids=(30, 31, 32)))
    shown = opened(to_html(make_brief(make_story(fact), articles=(article,)), articles=(article,)))
    shown.page.click("main .facts a.cite")
    marked = " ".join(shown.page.locator("#reader mark.here").all_text_contents())
    assert marked == article.text[article.sentences[29].start : article.sentences[31].end]
    near = shown.page.locator("#reader .near").all_text_contents()
    assert [text.strip() for text in near] == [article.sentence_text(n) for n in (29, 33)]


def test_link_of_the_page_is_followed_while_an_article_is_open(opened, page_text):
    shown = opened(page_text)
    shown.page.click(cite_selector(1, 90))
    shown.page.wait_for_selector("#reader mark.here")
    shown.page.click('main a[href="#rejected"], header a[href="#rejected"]')
    assert shown.page.url.endswith("#rejected")
    assert 0 <= shown.box("#rejected h2")["y"] < 900


def test_two_pages_back_is_where_one_was(opened, page_text):
    shown = opened(page_text, fragment="story-2")
    shown.page.click('nav a[href="#sources"]')
    shown.page.go_back()
    assert shown.page.url.endswith("#story-2")
    assert 0 <= shown.box("#story-2 h2")["y"] < 900


def test_address_of_a_quote_opens_its_article(opened, reading, page_text):
    shown = opened(page_text, fragment="source-1-s90")
    shown.page.wait_for_selector("#reader mark.here")
    assert_reads(shown, reading[1][0], 90)


def test_address_of_a_story_opens_no_article(opened, page_text):
    shown = opened(page_text, fragment="story-2")
    assert closed(shown)
    assert 0 <= shown.box("#story-2 h2")["y"] < 900


def test_an_odd_address_is_no_fault(opened, page_text):
    for fragment in ("%", "source-99-s1", "source-1-s9999", "constructor", "__proto__", '"]'):
        shown = opened(page_text, fragment=fragment)
        assert closed(shown)


def test_packed_articles_are_unpacked(opened):
    articles = tuple(
        make_article(*make_sentences(200, seed=seed), title=f"Number {seed}", source=f"{seed}.txt")
        for seed in range(6)
    )
    facts = [
        make_fact(make_supported(None, one, ids=(number,)), id=f"{one.id}-{number}")
        for one in articles
        for number in range(1, 60)
    ]
    brief = make_brief(make_story(*facts), articles=articles)
    text = to_html(brief, articles=articles)
    blocks = re.findall(r'id="(\w+)-data">(\{.{0,60})', text)
    assert [name for name, start in blocks if '"gzip":"' in start] == ["brief", "article"]
    shown = opened(text)
    shown.page.click(cite_selector(4, 55))
    shown.page.wait_for_selector("#reader mark.here")
    assert_reads(shown, articles[3], 55)


def test_page_without_articles_shows_the_quote(opened, reading):
    shown = opened(to_html(reading[0]))
    shown.page.click(cite_selector(1, 90))
    quote = reading[1][0].sentence_text(90)
    assert shown.page.locator("#reader mark.here").inner_text() == quote
    assert_inside(shown, "#reader mark.here")


# --- keys -------------------------------------------------------------------------------------


def test_enter_on_a_citation_opens_the_article_and_esc_gives_the_focus_back(
    opened, reading, page_text
):
    shown = opened(page_text)
    cite = cite_selector(1, 90)
    shown.page.focus(cite)
    shown.page.keyboard.press("Enter")
    assert_reads(shown, reading[1][0], 90)
    assert shown.value("document.activeElement.matches('mark.here')")
    shown.page.keyboard.press("Escape")
    assert closed(shown)
    assert shown.value("s => document.activeElement === document.querySelector(s)", cite)


def test_button_closes_the_reader(opened, page_text):
    shown = opened(page_text)
    shown.page.click(cite_selector(1, 90))
    shown.page.click("#reader button.close")
    assert closed(shown)
    assert shown.value(
        "s => document.activeElement === document.querySelector(s)", cite_selector(1, 90)
    )


def test_j_and_k_go_from_fact_to_fact(opened, page_text):
    shown = opened(page_text)
    places = []
    for key in "jjkjjjjjjk":
        shown.page.keyboard.press(key)
        places.append(shown.focused())
    assert places[:4] == ["fact-1-1", "fact-1-2", "fact-1-1", "fact-1-2"]
    assert places[4:8] == ["fact-1-3", "fact-1-4", "conflict-1-1", "update-1-1"]
    assert 0 <= shown.box(f"#{places[-1]}")["y"] < 900


def test_enter_on_a_fact_opens_its_citations_in_turn(opened, reading, page_text):
    shown = opened(page_text)
    shown.page.keyboard.press("j")
    shown.page.keyboard.press("Enter")
    assert_reads(shown, reading[1][0], 12)
    shown.page.keyboard.press("Enter")
    assert_reads(shown, reading[1][1], 40)
    shown.page.keyboard.press("Escape")
    assert closed(shown)
    assert shown.value("document.activeElement.closest('.fact')?.id") == "fact-1-1"
    shown.page.keyboard.press("j")
    assert shown.focused() == "fact-1-2"


def test_enter_on_a_conflict_opens_both_sides_in_turn(opened, reading, page_text):
    shown = opened(page_text)
    shown.page.focus("#conflict-1-1")
    shown.page.keyboard.press("Enter")
    assert_reads(shown, reading[1][0], 90)
    shown.page.keyboard.press("Enter")
    assert_reads(shown, reading[1][1], 60)


def test_j_goes_on_while_an_article_is_open(opened, page_text):
    shown = opened(page_text)
    for key in ("j", "Enter", "j"):
        shown.page.keyboard.press(key)
    assert shown.focused() == "fact-1-2"


def test_question_mark_opens_the_help_and_esc_closes_it(opened, page_text):
    shown = opened(page_text)
    shown.page.keyboard.press("j")
    shown.page.keyboard.press("?")
    assert shown.page.locator("dialog#help").is_visible()
    shown.page.keyboard.press("Escape")
    assert not shown.page.locator("dialog#help").is_visible()
    assert shown.focused() == "fact-1-1"


def test_slash_goes_to_the_search_box_and_letters_are_letters_there(opened, page_text):
    shown = opened(page_text)
    shown.page.keyboard.press("j")
    shown.page.keyboard.press("/")
    assert shown.focused() == "search"
    for key in ("j", "k", "?", "/"):
        shown.page.keyboard.press(key)
    assert shown.page.input_value("#search") == "jk?/"
    assert shown.focused() == "search"
    assert not shown.page.locator("dialog#help").is_visible()


@pytest.mark.parametrize("held", ["ctrlKey", "altKey", "metaKey"])
def test_keys_with_ctrl_alt_or_meta_are_the_browsers(opened, page_text, held):
    shown = opened(page_text)
    shown.page.keyboard.press("j")
    for key in ("j", "k", "/", "?"):
        shown.page.dispatch_event("#fact-1-1", "keydown", {"key": key, held: True})
    assert shown.focused() == "fact-1-1"
    assert not shown.page.locator("dialog#help").is_visible()


def test_every_citation_is_reached_by_tab(opened, page_text):
    shown = opened(page_text)
    shown.page.focus("#fact-1-1")
    shown.page.keyboard.press("Tab")
    assert shown.value("document.activeElement.matches('#fact-1-1 a.cite')")


# --- search -----------------------------------------------------------------------------------


def test_search_hides_what_does_not_match_and_counts_what_does(opened, page_text):
    shown = opened(page_text)
    everything = shown_facts(shown)
    shown.search("crowns")
    assert shown_facts(shown) == ["fact-2-2"]
    assert "1 fact in 1 story" in shown.page.locator("#found").inner_text()
    assert shown.page.locator("#story-1").is_hidden()
    shown.search("")
    assert shown_facts(shown) == everything
    assert shown.page.locator("#story-1").is_visible()


def test_search_knows_no_case_and_accents(opened, page_text):
    shown = opened(page_text)
    shown.search("ÓRVIN 98")
    assert "fact-1-3" in shown_facts(shown)
    assert "fact-2-1" not in shown_facts(shown)


@pytest.mark.parametrize("asked", [".*", "(", "\\", "[a", "<b>", "__proto__", "' or 1"])
def test_search_takes_every_sign_for_itself(opened, page_text, asked):
    shown = opened(page_text)
    shown.search(asked)
    assert shown_facts(shown) == []
    expect(shown.page.locator("#found")).not_to_contain_text("fact")


def test_citation_opens_while_searching(opened, reading, page_text):
    shown = opened(page_text)
    shown.search("metres")
    shown.page.click(cite_selector(1, 90))
    assert_reads(shown, reading[1][0], 90)


# --- without JavaScript -----------------------------------------------------------------------


def test_without_javascript_a_citation_leads_to_the_quote(opened, page_text):
    shown = opened(page_text, javascript=False)
    assert not shown.page.locator("html.js").count()
    shown.page.click(cite_selector(1, 90))
    target = shown.page.locator(":target")
    assert target.get_attribute("id") == "source-1-s90"
    assert "The tower of Orvin is 95 metres high." in target.inner_text()
    assert 0 <= shown.box(":target")["y"] < 900
    assert closed(shown)


def test_without_javascript_nothing_is_offered_that_needs_it(opened, page_text):
    shown = opened(page_text, javascript=False)
    for selector in ("#search", "#help", "#reader", "button"):
        assert all(not one.is_visible() for one in shown.page.locator(selector).all()), selector
    assert len([fact for fact in shown.page.locator("main .fact").all() if fact.is_visible()]) >= 6


# --- phones, dark, paper ----------------------------------------------------------------------


WIDTHS = "[document.scrollingElement.scrollWidth, document.scrollingElement.clientWidth]"


@pytest.mark.parametrize("make", [make_reading_brief, make_wide_brief])
def test_phone_scrolls_down_only(opened, make):
    brief, articles = make()
    shown = opened(to_html(brief, articles=articles), size=PHONE)
    width, window = shown.value(WIDTHS)
    assert width <= window
    assert window <= PHONE[0]
    shown.page.locator("main .facts a.cite").first.click()
    shown.page.wait_for_selector("#reader mark.here")
    width, window = shown.value(WIDTHS)
    assert width <= window
    assert shown.value("(e => e.scrollWidth <= e.clientWidth)(document.querySelector('#reader'))")


def test_reader_covers_a_phone_and_closes(opened, reading, page_text):
    shown = opened(page_text, size=PHONE)
    shown.page.locator(cite_selector(1, 90)).tap()
    assert_reads(shown, reading[1][0], 90)
    reader = shown.box("#reader")
    assert (reader["x"], reader["y"]) == (0, 0)
    assert reader["w"] == PHONE[0]
    assert reader["h"] >= PHONE[1]
    shown.page.locator("#reader button.close").tap()
    shown.page.wait_for_selector("#reader", state="hidden")
    assert 0 <= shown.box("#fact-1-2")["y"] < PHONE[1]


def test_what_is_touched_is_large_enough_for_a_finger(opened, page_text):
    shown = opened(page_text, size=PHONE)
    shown.page.locator(cite_selector(1, 90)).tap()
    small = shown.value(
        """() => [...document.querySelectorAll('a.cite, button, summary, input')]
        .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
        .filter(([_, r]) => r.width && (r.width < 24 || r.height < 24))
        .map(([html, r]) => `${html} ${r.width}x${r.height}`)"""
    )
    assert small == []


def test_dark_is_dark_and_light_is_light(opened, page_text):
    for dark in (True, False):
        shown = opened(page_text, dark=dark)
        shown.page.click(cite_selector(1, 90))
        for selector in ("body", "#reader"):
            color = shown.value(
                """s => { for (let e = document.querySelector(s); e; e = e.parentElement) {
                const c = getComputedStyle(e).backgroundColor.match(/[\\d.]+/g).map(Number);
                if (c.length < 4 || c[3]) return c.slice(0, 3) } return [255, 255, 255] }""",
                selector,
            )
            assert (max(color) < 70) if dark else (min(color) > 200), (selector, dark, color)


def test_paper_has_the_facts_and_nothing_to_press(opened, page_text):
    shown = opened(page_text)
    shown.page.click(cite_selector(1, 90))
    shown.page.emulate_media(media="print")
    for selector in ("#reader", "#search", "#help", ".skip"):
        assert all(not one.is_visible() for one in shown.page.locator(selector).all()), selector
    assert set(shown_facts(shown)) >= {f"fact-1-{n}" for n in (1, 2, 3, 4)} | {"fact-2-1"}
    width, window = shown.value(WIDTHS)
    assert width <= window


def test_paper_of_a_dark_screen_is_white(opened, page_text):
    shown = opened(page_text, dark=True)
    shown.page.emulate_media(media="print")
    style = "getComputedStyle(document.body)"
    paper = shown.value(f"{style}.backgroundColor.match(/\\d+/g).map(Number)")
    assert min(paper) == 255
    assert max(shown.value(f"{style}.color.match(/\\d+/g).map(Number)")) < 110
