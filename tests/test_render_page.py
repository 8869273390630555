"""The page of a brief: what it tells, that nothing in it is alive, and that it is its own."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.data import Brief, ModelInfo, Source, Writer
from summarizer.render import clean, phrases, to_html
from summarizer.render.addresses import web_address
from summarizer.render.days import day, period
from summarizer.render.page import made_by
from summarizer.render.page.timeline import timeline
from tests.conftest import (
    make_article,
    make_bridge_brief,
    make_brief,
    make_fact,
    make_rejected,
    make_story,
    make_supported,
)
from tests.html_page import HOSTILE, Page
from tests.rich_brief import make_digest_brief, make_empty_digest, make_rich_brief
from tests.test_render_markdown import hostile_brief

EVENT_OR_STYLE = re.compile(r"on|style|src", re.IGNORECASE)
UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def page_of(brief: Brief) -> Page:
    return Page(to_html(brief))


def elements(text: str, opening: str, closing: str) -> list[str]:
    return re.findall(rf"{opening}.*?{closing}", text, re.DOTALL)


# --- what it tells ----------------------------------------------------------------------------


def test_the_page_tells_what_its_editor_expects():
    brief, _ = make_bridge_brief()
    shown = page_of(brief).shown
    for text in (
        "7 May 2031 06:00 UTC Brief of 7 May 2031 1 story, 3 facts, 1 conflict from 3 articles.",
        "5 claims made: 4 kept, 1 refused",
        "Story 1 · 3 sources · 2 origins · 6 May 2031 Velmora bridge opens",
        "The Velmora bridge opened on Tuesday. 1:s1 2:s1 2 sources · 1 origin",
        "disputed It cost 340 million crowns. 1:s2 1 source",
        "disputed The price was 350 million crowns. 3:s2 1 source · quoted",
        "Sources disagree on a number: 340 million against 350 million",
        "It cost 340 million crowns, the harbour office said. Velmora Gazette, 6 May 2031 1:s2",
        "3 Opening day no date · origin 2 · articles/opening.pdf",
        "What the model said and its article does not bear out: wrong number (1).",
        "No file was skipped.",
        "This page holds the sentences that it cites. summarizer verify PAGE --articles FOLDER",
        "Written by fake-1b from the articles.",
        "Article source 1, Velmora Gazette",
    ):
        assert text in shown


def test_a_digest_tells_what_is_new_quiet_unread_and_told_before():
    brief, articles = make_digest_brief()
    shown = Page(to_html(brief, articles=articles.values())).shown
    places = [
        shown.index(text)
        for text in (
            "Digest of 7 May 2031",
            phrases.news_line(brief),
            phrases.unread_warning(brief),
            "Developing since 4 May 2031, told in 3 digests, last on 6 May 2031; 5 facts told",
            "changed, 12 → 19",
            "Gone since 6 May 2031 06:00 UTC",
            "Gone quiet Nothing more",
            "Velmora bridge opens, told 1 to 3 May 2031",
            "Source 3, articles/mayor.txt: the deadline 06:30 came first",
            "https://news.example/feed.xml: could not be fetched",
            "This page holds the whole text of 3 articles. summarizer verify PAGE checks",
        )
    ]
    assert places == sorted(places)
    assert "5 facts told before are not repeated" in shown


def test_values_that_differ_are_marked_and_stand_side_by_side():
    page = to_html(make_rich_brief()[0])
    boxes = elements(page, '<div class="sides">', "</div>")
    assert [box.count("<blockquote") for box in boxes] == [2] * 2
    assert re.findall(r"<mark>(.*?)</mark>", page) == ["12", "19"]  # a denial marks no words


def test_what_was_told_otherwise_stands_below_its_fact_unless_a_box_shows_it():
    brief, _ = make_rich_brief()
    flood = brief.stories[0].model_copy(update={"updates": (), "conflicts": ()})
    alone = brief.model_copy(update={"stories": (flood, *brief.stories[1:])})
    assert re.findall(r"<mark>(.*?)</mark>", to_html(alone)) == ["12", "19", "held", "not"]
    shown = page_of(alone).shown
    assert "before “" not in shown  # quotation marks are the style's
    assert "Velmora Gazette, 5 May 2031, as it was told before" in shown


def test_a_disputed_fact_is_not_called_contradicted_as_well():
    page = to_html(make_rich_brief()[0])
    (fact,) = elements(page, '<li class="fact" id="fact-1-4"', "</li>")
    assert re.findall(r'class="chip \w+" ?h?r?e?f?[^>]*>(?:<bdi>)?(\w+)', fact) == ["disputed"]


def test_each_side_of_a_conflict_says_how_much_stands_behind_it():
    brief, _ = make_bridge_brief()
    (box,) = elements(to_html(brief), '<figure class="difference', "</figure>")
    assert [
        " ".join(re.sub("<.*?>", "", by).split()) for by in elements(box, '<p class="by">', "</p>")
    ] == [
        "Velmora Gazette, 6 May 2031 1:s2 1 source",
        "Opening day 3:s2 1 source · quoted",
    ]


def test_a_brief_without_a_model_says_once_that_its_lines_are_quotations():
    brief, _ = make_bridge_brief()
    told = brief.model_copy(update={"model": ModelInfo(name="none")})
    shown = page_of(told).shown
    assert shown.count("Every line is a sentence of an article.") == 1
    assert "· quoted" not in shown
    assert "Sentences that were not taken: wrong number (1)." in shown


def test_a_disputed_fact_leads_to_its_conflict():
    brief, _ = make_bridge_brief()
    page = page_of(brief)
    assert page.values("a", "href").count("#conflict-1-1") == 3  # two facts, and the contents
    assert ("figure", "id", "conflict-1-1") in page.attributes


def test_a_fact_that_another_story_disputes_leads_there():
    page = to_html(make_rich_brief()[0])
    (fact,) = elements(page, '<li class="fact" id="fact-2-2"', "</li>")
    assert '<a class="chip contradicted" href="#conflict-1-1">disputed</a>' in fact


def test_facts_that_are_left_out_can_be_unfolded():
    page = to_html(make_rich_brief()[0])
    (fold,) = elements(page, '<details class="more">', "</details>")
    assert "<summary>1 more fact</summary>" in fold
    assert 'id="fact-1-5"' in fold
    assert "Trains were stopped." in fold


def test_every_link_within_the_page_has_its_place_there_once():
    for brief in (make_rich_brief()[0], make_digest_brief()[0], make_bridge_brief()[0]):
        page = page_of(brief)
        anchors = [value for _, name, value in page.attributes if name == "id"]
        assert len(set(anchors)) == len(anchors)
        targets = {href[1:] for href in page.values("a", "href") if href.startswith("#")}
        assert targets <= set(anchors)


def test_a_citation_carries_the_place_of_its_quote_and_says_what_it_is():
    brief, articles = make_bridge_brief()
    evidence = brief.stories[0].facts[0].citations[0]
    page = to_html(brief, articles=articles.values())
    place = f'data-source="1" data-start="{evidence.start}" data-end="{evidence.end}"'
    name = 'aria-label="1:s1, sentence 1 of source 1, Velmora Gazette"'
    assert f'<a class="cite" href="#source-1-s1" {place} {name}>1:s1</a>' in page


def test_the_nearest_sentence_of_a_refused_claim_is_among_the_quotes_of_its_source():
    article = make_article()
    fact = make_fact(make_supported(None, article))
    brief = make_brief(
        make_story(fact), articles=(article,), rejected=(make_rejected(article=article),)
    )
    page = to_html(brief)
    assert '<li id="source-1-s2">' in page
    assert 'href="#source-1-s2"' in page


def test_a_citation_of_an_article_that_is_no_source_leads_nowhere():
    brief = make_brief().model_copy(update={"sources": ()})
    assert '<span class="cite">?:s1</span>' in to_html(brief)


def test_an_empty_digest_is_a_page_that_says_so():
    shown = page_of(make_empty_digest()).shown
    assert "Nothing new." in shown
    assert "There is no story to tell." in shown
    assert "Velmora bridge opens" in shown  # gone quiet


def test_title_and_way_home_are_what_is_asked_for():
    page = to_html(make_brief(), title="News & <more>", home="index.html")
    assert page.count("News &amp; &lt;more&gt;") == 2
    assert '<a href="index.html">All editions</a>' in page
    assert "All editions" not in to_html(make_brief())


def test_the_same_brief_makes_the_same_page():
    brief, articles = make_digest_brief()
    pages = {to_html(brief, articles=each) for each in (articles.values(), [*articles.values()])}
    assert len(pages) == 1


def test_the_last_line_is_the_checksum_of_all_before_it():
    page = to_html(make_brief())
    before, _, last = page.removesuffix("\n").rpartition("\n")
    digest = hashlib.sha256(f"{before}\n".encode()).hexdigest()
    assert last == f"<!-- sha256:{digest} -->"


def test_the_page_says_which_program_made_it():
    assert re.fullmatch(r"summarizer \d+\.\d+\.\d+ page [0-9a-f]{16}", made_by())
    assert f'<meta name="generator" content="{made_by()}">' in to_html(make_brief())


# --- when the articles came out ---------------------------------------------------------------


def sourced(*dates: dt.date | None) -> Brief:
    """Build a brief of a story whose articles came out on `dates`."""
    sources = tuple(
        Source(
            article_id=f"{number:064x}",
            number=number,
            source=f"{number}.txt",
            title=f"Title {number}",
            published=date,
            origin=number,
            writer=Writer.MODEL,
        )
        for number, date in enumerate(dates, start=1)
    )
    story = make_story().model_copy(update={"article_ids": tuple(s.article_id for s in sources)})
    return make_brief(story).model_copy(update={"sources": sources})


def test_articles_stand_in_the_order_of_their_dates_apart_from_one_another():
    days = [dt.date(2031, 5, day) for day in (9, 1, 1, 5)]
    drawn = timeline(sourced(*days))
    assert drawn is not None
    (lane,) = drawn.lanes
    placed = [(dot.source.number, dot.x, dot.shift) for dot in lane.dots]
    assert placed == [(2, 4.0, 0), (3, 4.0, 24), (4, 50.0, 0), (1, 96.0, 0)]


@pytest.mark.parametrize("width", [260, 320, 640, 1000])
@pytest.mark.parametrize("seed", range(20))
def test_dots_never_cover_one_another_nor_leave_the_drawing(seed, width):
    days = [dt.date(2031, 5, 1) + dt.timedelta(days=n * n * (seed + 3) % 97) for n in range(seed)]
    drawn = timeline(sourced(dt.date(2031, 5, 1), dt.date(2031, 8, 5), *days))
    assert drawn is not None
    (lane,) = drawn.lanes
    centres = [dot.x * width / 100 + dot.shift for dot in lane.dots]
    centres += [more.x * width / 100 + more.shift for more in lane.more]
    centres.sort()
    assert len(lane.dots) + sum(one.count for one in lane.more) == seed + 2
    assert all(other - one >= 23.9 for one, other in zip(centres, centres[1:], strict=False))
    assert centres[0] >= 10
    assert centres[-1] <= width - 10


def test_articles_without_room_are_counted():
    days = [dt.date(2031, 5, 1)] * 9 + [dt.date(2031, 6, 1), None]
    drawn = timeline(sourced(*days))
    assert drawn is not None
    (lane,) = drawn.lanes
    assert [dot.shift for dot in lane.dots] == [0, 24, 48, 72, 96, 0]
    assert [(one.shift, one.count) for one in lane.more] == [(120, 4)]
    assert drawn.undated == 1
    assert "(1 article without a date)" in page_of(sourced(*days)).shown


def test_very_many_articles_are_columns_that_count_them_all():
    first = dt.date(2031, 1, 1)
    days = [first + dt.timedelta(days=n * n % 300) for n in range(200)]
    drawn = timeline(sourced(*days))
    assert drawn is not None
    assert drawn.lanes == ()
    counts = [int(column.label.split(": ")[1].split()[0]) for column in drawn.columns]
    assert sum(counts) == 200
    assert max(column.share for column in drawn.columns) == 1
    assert all(0 <= column.x and column.x + column.width <= 100 for column in drawn.columns)


@pytest.mark.parametrize("days", [(), (dt.date(2031, 5, 1),), (None, None)])
def test_what_has_no_dates_has_no_timeline(days):
    assert timeline(sourced(*days)) is None


def test_articles_of_one_day_are_drawn_and_of_all_times_too():
    for days in ([dt.date(2031, 5, 1)] * 3, [dt.date.min, dt.date.max]):
        assert timeline(sourced(*days)) is not None


def test_dates_are_written_as_people_write_them():
    assert day(dt.date(2031, 5, 6)) == "6 May 2031"
    assert period(dt.date(2031, 5, 6), dt.date(2031, 5, 6)) == "6 May 2031"
    assert period(dt.date(2031, 5, 6), dt.date(2031, 5, 9)) == "6 to 9 May 2031"
    assert period(dt.date(2031, 4, 30), dt.date(2031, 5, 9)) == "30 April to 9 May 2031"
    assert (
        period(dt.date(2030, 12, 30), dt.date(2031, 1, 1)) == "30 December 2030 to 1 January 2031"
    )


# --- nothing is alive -------------------------------------------------------------------------


def test_the_page_forbids_everything_but_its_own_style_and_script():
    page = to_html(make_brief())
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    (script,) = re.findall(r'<script type="module">(.*?)</script>', page, re.DOTALL)
    hashes = [
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for text in (style, script)
    ]
    (policy,) = re.findall(r'Content-Security-Policy" content="(.*?)"', page)
    assert html.unescape(policy) == (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; "
        "require-trusted-types-for 'script'; trusted-types 'none'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    assert "url(" not in style
    assert "@import" not in style
    for sink in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "fetch(",
    ):
        assert sink not in script


def test_no_element_has_a_handler_a_style_or_a_source():
    page = page_of(hostile_brief('" onclick="alert(1)" style="x" src="y'))
    assert not [name for _, name, _ in page.attributes if EVENT_OR_STYLE.match(name)]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_articles_never_becomes_markup(text):
    brief = hostile_brief(text)
    article = make_article(text, f"It says {text}", title=text, source=text, publisher=text)
    harmless, page = page_of(hostile_brief("plain words")), Page(to_html(brief, articles=[article]))
    if web_address(text) is None:
        assert page.outline == harmless.outline
    assert clean(text) in page.shown
    assert not UNSEEN.search(to_html(brief, articles=[article]))
    assert len(page.comments) == 1


@given(st.text(min_size=1, max_size=30))
def test_any_text_leaves_the_outline_as_it_is(text):
    if not clean(text):
        return
    harmless, page = page_of(hostile_brief("plain words")), page_of(hostile_brief(text))
    assert page.outline == harmless.outline


def test_lines_of_a_megabyte_are_shown_in_part():
    article = make_article("word <b> " * 120_000 + "end.", title="t " * 500_000)
    story = make_story(make_fact(make_supported(None, article)), headline=article.title)
    page = to_html(make_brief(story, articles=(article,)))
    assert "…" in page
    assert len(Page(page).shown) < 20_000


@pytest.mark.parametrize("empty", ["", " \n", "\u200b"])
def test_empty_titles_and_paths_break_nothing(empty):
    article = make_article("One.", title=empty, source=empty, publisher=None)
    fact = make_fact(make_supported(None, article))
    page = page_of(make_brief(make_story(fact, headline=empty), articles=(article,)))
    assert "1 Untitled 6 May 2031 · origin 1" in page.shown
    assert "6 May 2031 Untitled" in page.shown
