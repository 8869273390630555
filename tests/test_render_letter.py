"""The HTML page of a brief: what it tells, and that nothing in it is alive."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.data import (
    Brief,
    QuietStory,
    SkippedArticle,
    SkipReason,
    StoryMemory,
    StoryStatus,
    UnreadArticle,
)
from summarizer.render import clean, phrases, to_letter
from summarizer.render.addresses import web_address
from summarizer.render.letter import to_html_entry
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
from tests.rich_brief import make_rich_brief
from tests.test_render_markdown import hostile_brief

TAGS = frozenset(
    """html head meta title style body nav header main section h1 h2 h3 p ul li a span strong bdi
    code table caption tr th td mark""".split()
)
ATTRIBUTES = frozenset({"charset", "lang", "class", "dir", "href", "id", "rel", "scope"})
META = frozenset({"charset", "http-equiv", "content", "name"})


def assert_inert(page: Page) -> None:
    assert set(page.outline) <= TAGS
    assert page.comments == []
    for tag, name, _ in page.attributes:
        assert name in (META if tag == "meta" else ATTRIBUTES)
    for href in page.values("a", "href"):
        assert re.match(r"(#[\w-]+|https?://\S+|index\.html)\Z", href)


def digest_brief() -> Brief:
    """Build a digest with everything that only digests have."""
    brief, _ = make_rich_brief()
    memory = StoryMemory(
        id="s1",
        status=StoryStatus.DEVELOPING,
        first_told=dt.date(2031, 5, 4),
        last_told=dt.date(2031, 5, 5),
        digests=2,
    )
    first, second = brief.stories
    new = StoryMemory(id="s2", status=StoryStatus.NEW, first_told=dt.date(2031, 5, 6))
    quiet = QuietStory(
        id="s3",
        headline="Ferry <strike> ends",
        first_told=dt.date(2031, 5, 1),
        last_told=dt.date(2031, 5, 2),
    )
    unread = UnreadArticle(
        article_id=brief.sources[0].article_id,
        source=brief.sources[0].source,
        reason="the deadline 06:30 came first",
    )
    skipped = SkippedArticle(
        source="https://feeds.example/a.xml", reason=SkipReason.UNREACHABLE, detail="no answer"
    )
    return brief.model_copy(
        update={
            "stories": (
                first.model_copy(update={"memory": memory, "known": 5}),
                second.model_copy(update={"memory": new}),
            ),
            "quiet": (quiet,),
            "unread": (unread,),
            "skipped": (skipped,),
            "edition": "2031-05-06",
        }
    )


# --- what it tells ----------------------------------------------------------------------------


def test_the_page_tells_what_its_editor_expects():
    brief, _ = make_bridge_brief()
    page = Page(to_letter(brief))
    facts, _, rest = page.shown.partition(" Sources ")
    assert facts == (
        "Brief Brief "
        "2031-05-07 06:00 UTC: 1 story, 3 facts, 1 conflict from 3 articles; "
        "1 claim rejected, 0 files skipped. "
        "Model: fake-1b, strategy whole. "
        "1. Velmora bridge opens "
        "3 sources, 2 origins, 2031-05-06. "
        "The Velmora bridge opened on Tuesday. (2 sources, 1 origin) [1:s1] [2:s1] "
        "It cost 340 million crowns. (1 source) [1:s2] "
        "The price was 350 million crowns. (1 source, quoted) [3:s2] "
        "Conflict, number: 340 million against 350 million "
        "“It cost 340 million crowns, the harbour office said.” [1:s2] characters 49 to 101 "
        "“The price was 350 million crowns.” [3:s2] characters 27 to 60"
    )
    for text in (
        "Source 3 Opening day, no date, origin 2, articles/opening.pdf",
        "1 claim: wrong number (1).",
        "nearest sentence [1:s2]: “It cost 340 million crowns, the harbour office said.”",
        "No file was skipped.",
        "Claims: 5 made, 4 supported, 1 rejected",
    ):
        assert text in rest


def test_a_digest_tells_what_is_new_quiet_unread_and_told_before():
    brief = digest_brief()
    shown = Page(to_letter(brief)).shown
    places = [
        shown.index(text)
        for text in (
            "Digest of 2031-05-06",
            phrases.news_line(brief),
            phrases.unread_warning(brief),
            "Developing since 2031-05-04, told in 2 digests",
            "changed, 12 → 19",
            "New story. 1 source",
            "Gone since 2031-05-06 06:00 UTC",
            "Gone quiet",
            phrases.quiet_line(brief.quiet[0]),
            "Not read by the model",
            "Source 1, articles/flood.txt: the deadline 06:30 came first",
            "Sources The citation",
            "https://feeds.example/a.xml: could not be fetched (no answer)",
        )
    ]
    assert places == sorted(places)
    assert "5 facts told before are not repeated" in shown


def test_values_that_differ_are_marked_and_stand_side_by_side():
    page = to_letter(make_rich_brief()[0])
    assert re.findall(r"<mark>(.*?)</mark>", page) == ["12", "19", "held", "not", "12", "19"]
    tables = re.findall(r"<table>.*?</table>", page, re.DOTALL)
    assert [table.count("<td>") for table in tables] == [2] * 4
    headings = [re.findall(r"<th scope=\"col\">(\w+)", table) for table in tables]
    assert headings == [["before", "now"], ["before", "now"], [], ["was", "later"]]


def test_every_citation_leads_to_its_quote():
    brief, _ = make_rich_brief()
    page = Page(to_letter(brief))
    anchors = [value for _, name, value in page.attributes if name == "id"]
    assert len(set(anchors)) == len(anchors)
    targets = [href[1:] for href in page.values("a", "href")]
    assert set(targets) <= set(anchors)
    assert {"source-2", "story-1", "story-2", "source-1-s1", "source-3-s2"} <= set(targets)


def test_the_nearest_sentence_of_a_rejection_leads_to_its_source_where_it_is_not_quoted():
    article = make_article()
    brief = make_brief(
        make_story(make_fact(make_supported(None, article))),
        articles=(article,),
        rejected=(make_rejected(article=article),),
    )
    assert 'href="#source-1">[1:s2]</a>' in to_letter(brief)


def test_a_citation_of_an_article_that_is_no_source_leads_nowhere():
    brief = make_brief().model_copy(update={"sources": ()})
    assert '<span class="cite">[?:s1]</span>' in to_letter(brief)


@pytest.mark.parametrize(("count", "more"), [(30, False), (31, True)])
def test_rejected_claims_are_capped_at_thirty(count, more):
    rejected = tuple(make_rejected(f"Claim {n} is wrong.", nearest=None) for n in range(count))
    page = to_letter(make_brief(rejected=rejected))
    assert page.count(" is wrong.") == 30
    assert ("And 1 more in the JSON." in page) is more


def test_an_empty_digest_is_a_page_that_says_so():
    brief = make_brief().model_copy(update={"stories": (), "sources": (), "edition": "2031-05-06"})
    shown = Page(to_letter(brief)).shown
    assert "Nothing new." in shown
    assert "Sources None." in shown


def test_title_and_way_home_are_what_is_asked_for():
    page = to_letter(make_brief(), title="News & <more>", home="index.html")
    assert page.count("News &amp; &lt;more&gt;") == 2
    assert '<a href="index.html">All editions</a>' in page
    assert "All editions" not in to_letter(make_brief())


def test_the_same_brief_makes_the_same_page():
    assert to_letter(digest_brief()) == to_letter(digest_brief())


# --- nothing is alive -------------------------------------------------------------------------


def test_the_page_forbids_everything_but_its_own_style():
    page = to_letter(make_brief())
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = re.findall(r'Content-Security-Policy" content="(.*?)"', page)
    assert html.unescape(policy) == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert "url(" not in style
    assert "@import" not in style


def test_the_page_is_complete_and_says_its_language_and_width():
    page = to_letter(make_brief())
    assert page.startswith('<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">')
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in page
    assert '<meta name="referrer" content="no-referrer">' in page
    assert page.endswith("</html>\n")


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_articles_never_becomes_markup(text):
    harmless, page = (
        Page(to_letter(hostile_brief("plain words"))),
        Page(to_letter(hostile_brief(text))),
    )
    assert_inert(page)
    if web_address(text) is None:
        assert page.outline == harmless.outline
    assert clean(text) in page.shown
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]",
        to_letter(hostile_brief(text)),
    )


@given(st.text(min_size=1, max_size=30))
def test_any_text_leaves_the_outline_as_it_is(text):
    if not clean(text):
        return
    harmless, page = (
        Page(to_letter(hostile_brief("plain words"))),
        Page(to_letter(hostile_brief(text))),
    )
    assert page.outline == harmless.outline


def test_hostile_text_of_a_digest_never_becomes_markup():
    text = "<script>alert(1)</script>"
    brief = digest_brief()
    hostile = brief.model_copy(
        update={
            "quiet": (brief.quiet[0].model_copy(update={"headline": text}),),
            "unread": (UnreadArticle(article_id="x", source=text, reason=text),),
            "edition": text,
        }
    )
    page = Page(to_letter(hostile))
    assert_inert(page)
    assert page.shown.count(text) >= 5  # twice as the title
    entry = Page(to_html_entry(hostile))
    assert set(entry.outline) <= {"p", "strong", "h2", "ul", "li"}


def test_half_a_surrogate_pair_is_written_as_a_replacement():
    story = make_brief().stories[0].model_copy(update={"headline": "\ud800 half"})
    brief = make_brief().model_copy(update={"stories": (story,)})
    assert "\ufffd half" in to_letter(brief).encode("utf-8").decode("utf-8")


def test_a_line_of_a_megabyte_is_cut():
    article = make_article("word <b> " * 120_000 + "end.", title="t " * 500_000)
    fact = make_fact(make_supported(None, article))
    story = make_story(fact, headline=article.title)
    page = to_letter(make_brief(story, articles=(article,)))
    assert "…" in page
    assert len(page) < 20_000


@pytest.mark.parametrize("empty", ["", " \n", "\u200b"])
def test_empty_titles_and_paths_break_nothing(empty):
    article = make_article("One.", title=empty, source=empty, publisher=None)
    fact = make_fact(make_supported(None, article))
    page = Page(to_letter(make_brief(make_story(fact, headline=empty), articles=(article,))))
    assert "Source 1 Untitled, 2031-05-06, origin 1" in page.shown
    assert "1. Untitled" in page.shown


# --- links ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/a?b=1&c=%20#d",
        "http://news.example:8080/",
        "https://[2001:db8::1]/x",
        "https://bücher.example/ä",
    ],
)
def test_a_web_address_is_a_link_that_tells_nobody(url):
    article = make_article(source=url)
    fact = make_fact(make_supported(None, article))
    page = to_letter(make_brief(make_story(fact), articles=(article,)))
    shown = html.escape(url)
    assert f'<a href="{shown}" rel="noopener noreferrer nofollow">{shown}</a>' in page


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt://news.example/%0aalert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://news.example/",
        "//news.example/x",
        "/inbox/a.txt",
        "mailto:ada@example.org",
        "https://ada:secret@news.example/",
        "https://news.example@evil.example/",
        "https://@evil.example/",
        "https://evil.example\\@news.example/",
        "https://evil.example\\.news.example/",
        "https://news.example/a b",
        "https://news.example/\u202egnp",
        "https://news.example/\n",
        " https://news.example/",
        "https:///path",
        "https://",
        "http:news.example",
        "https://news.example:port/",
        "https://[news.example/",
        "https://news.example/" + "a" * 2000,
    ],
)
def test_anything_else_is_text(url):
    assert web_address(url) is None
    article = make_article(source=url)
    fact = make_fact(make_supported(None, article))
    page = Page(to_letter(make_brief(make_story(fact), articles=(article,))))
    assert all(href.startswith("#") for href in page.values("a", "href"))
    assert clean(url, limit=2000) in page.shown
