"""summarizer.render.page.data: what a page carries, there and back, and what is refused."""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.data import Article, Brief
from summarizer.errors import BriefError
from summarizer.render import to_json, to_letter
from summarizer.render.page import data as page_module
from summarizer.render.page.data import Blocks, PageData, blocks_of, page_data, read_page
from tests.conftest import (
    make_article,
    make_bridge_brief,
    make_brief,
    make_fact,
    make_story,
    make_supported,
)
from tests.rich_brief import make_digest_brief, make_empty_digest, make_rich_brief

BRIEF, ARTICLES = make_bridge_brief()
UNSEEN = "[\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"


def data_of(brief: Brief = BRIEF, *articles: Article, title: str | None = None) -> PageData:
    return page_data(brief, articles or ARTICLES.values(), title=title, home="")


def page_of(blocks: Blocks) -> str:
    """Put blocks where a page has them; what else a page holds is not read."""
    return (
        "<!DOCTYPE html>\n<html>\n<body>\n<p>Brief</p>\n"
        f'<script type="application/json" id="brief-data">{blocks.brief}</script>\n'
        f'<script type="application/json" id="article-data">{blocks.articles}</script>\n'
        "</body>\n</html>\n"
    )


def back(data: PageData) -> PageData:
    blocks = blocks_of(data)
    found, as_they_stand = read_page(page_of(blocks))
    assert as_they_stand == blocks
    return found


def brief_saying(text: str) -> tuple[Brief, Article]:
    """Make a brief whose article, quote, claim and headline hold `text`.

    Of halves of surrogate pairs, which have no UTF-8, the id is that of question marks.
    """
    whole = text.encode(errors="replace").decode()
    article = make_article(f"{whole}.", "It rained.")
    said = {"title": text, "source": text, "publisher": text}
    article = article.model_copy(update={**said, "text": text + article.text[len(text) :]})
    story = make_story(make_fact(make_supported(None, article)), headline=text)
    return make_brief(story, articles=(article,)), article


@pytest.fixture
def gzipped(monkeypatch):
    monkeypatch.setattr(page_module, "LARGE", 0)


# --- there and back ---------------------------------------------------------------------------


@pytest.mark.parametrize("large", [0, 10**9], ids=["gzip", "plain"])
@pytest.mark.parametrize("make", [make_bridge_brief, make_rich_brief, make_digest_brief])
def test_what_is_written_is_read_back(monkeypatch, make, large):
    monkeypatch.setattr(page_module, "LARGE", large)
    brief, articles = make()
    data = page_data(brief, articles.values(), title="A brief & more", home="index.html")
    assert ('"gzip"' in blocks_of(data).brief) == (large == 0)
    assert ('"gzip"' in blocks_of(data).articles) == (large == 0)
    assert back(data) == data


def test_a_brief_without_sources_is_read_back():
    data = page_data(make_empty_digest(), (), title=None, home="")
    assert blocks_of(data).articles == '{"articles":[]}'
    assert back(data) == data


def test_articles_stand_in_the_order_of_the_sources():
    shuffled = reversed(ARTICLES.values())
    assert page_data(BRIEF, shuffled, title=None, home="").articles == tuple(ARTICLES.values())


def test_an_article_that_is_not_there_is_null_and_one_that_is_no_source_is_ignored():
    second = list(ARTICLES.values())[1]
    stranger = make_article("Nobody cites this.")
    data = data_of(BRIEF, stranger, second)
    assert data.articles == (None, second, None)
    assert back(data) == data


def test_an_article_says_that_it_was_read_where_the_brief_says_so():
    article = make_article()
    copy = article.model_copy(update={"source": "https://elsewhere.example/copy"})
    assert data_of(make_brief(), copy).articles == (article,)


@given(st.text(st.characters(), min_size=1, max_size=30))  # halves of surrogate pairs, too
def test_any_text_survives_the_way_there_and_back(text):
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")  # pairs joined
    brief, article = brief_saying(text)
    data = page_data(brief, (article,), title=text, home="")
    assert back(data) == data


@pytest.mark.parametrize(
    "text", ["\ud800 half", "half \udfff", "\udc00 \ud83d", "whole \U0001f6a2"]
)
def test_halves_of_surrogate_pairs_survive_as_gzip(gzipped, text):
    brief, article = brief_saying(text)
    data = page_data(brief, (article,), title=None, home="")
    assert back(data) == data
    page_of(blocks_of(data)).encode()  # a page has no half pair in it


# --- how it is written ------------------------------------------------------------------------


def test_a_block_is_plain_up_to_the_limit_and_gzip_above(monkeypatch):
    data = data_of()
    plain = blocks_of(data)
    size = len(plain.brief.encode())
    monkeypatch.setattr(page_module, "LARGE", size)
    assert blocks_of(data).brief == plain.brief
    monkeypatch.setattr(page_module, "LARGE", size - 1)
    packed = json.loads(blocks_of(data).brief)
    assert packed.keys() == {"format", "gzip"}
    assert gzip.decompress(base64.b64decode(packed["gzip"])).decode() == plain.brief


def test_what_could_not_be_unpacked_again_is_not_packed(monkeypatch, gzipped):
    monkeypatch.setattr(page_module, "MAX_UNPACKED", 100)
    assert "gzip" not in json.loads(blocks_of(data_of()).brief)
    assert back(data_of()) == data_of()


def test_the_same_data_makes_the_same_blocks(gzipped):
    assert blocks_of(data_of()) == blocks_of(data_of())
    packed = base64.b64decode(json.loads(blocks_of(data_of()).brief)["gzip"])
    assert packed[4:8] == b"\0\0\0\0"  # gzip's time


HOSTILE = (
    "</script><script>alert(1)</script>",
    "<!-- <script>",
    "&lt;b&gt; &amp;",
    "\u202e right to left \u2066",
    "\u2028 \u2029 \x00 \x1b[2J \x9b",
    "\ufeff\u200b\xad\ud800",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_can_end_its_script_or_hide(text):
    brief, article = brief_saying(text)
    data = page_data(brief, (article,), title=text, home="")
    for block in (blocks_of(data).brief, blocks_of(data).articles):
        assert not re.search(f"[<>&\n]|{UNSEEN}", block)
    assert back(data) == data


def test_letters_beyond_ascii_are_written_as_they_are():
    brief, article = brief_saying("Żółć 日本")
    assert "Żółć 日本" in blocks_of(page_data(brief, (article,), title=None, home="")).articles


# --- what is refused --------------------------------------------------------------------------

PLAIN = blocks_of(data_of())
PAGE = page_of(PLAIN)


def packed(text: str | bytes) -> str:
    data = text.encode() if isinstance(text, str) else text
    return base64.b64encode(gzip.compress(data, mtime=0)).decode()


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    """Return a page whose brief-data was changed in place by `change`."""
    value = json.loads(PLAIN.brief)
    change(value)
    return page_of(Blocks(json.dumps(value), PLAIN.articles))


def articles_changed(change: Callable[[list[Any]], object]) -> str:
    value = json.loads(PLAIN.articles)
    change(value["articles"])
    return page_of(Blocks(PLAIN.brief, json.dumps(value)))


def refused(page: str) -> BriefError:
    with pytest.raises(BriefError) as caught:
        read_page(page)
    assert caught.value.hint
    return caught.value


OTHERS = {
    "nothing": "",
    "words": "A bridge was opened.",
    "another program's page": "<!DOCTYPE html>\n<html><body>Hello</body></html>\n",
    "a letter": to_letter(BRIEF),
    "a brief.json": to_json(BRIEF),
    "control characters": "\0\x01\x02\ud800" * 50,
    "no brief-data": PAGE.replace("brief-data", "other-data"),
    "cut off before the articles": PAGE[: PAGE.index('<script type="application/json" id="art')],
}


@pytest.mark.parametrize("page", OTHERS.values(), ids=OTHERS)
def test_what_is_no_page_with_its_data_is_told_so(page):
    error = refused(page)
    assert "no page of a brief with its data" in str(error)
    assert "--articles" in error.hint


def test_a_page_cut_off_anywhere_is_refused():
    end = PAGE.index("</script>", PAGE.index('id="article-data"'))
    for length in range(0, end, 97):
        refused(PAGE[:length])
    assert "it does not end" in str(refused(PAGE[:end]))


def test_a_block_that_stands_there_twice_is_refused():
    assert "its brief-data 2 times" in str(refused(PAGE + PAGE))


def test_another_format_is_named_with_ours():
    error = refused(changed(lambda v: v.update(format="summarizer.page.v2")))
    assert "summarizer.page.v2" in str(error)
    assert "reads summarizer.page.v1" in error.hint
    as_gzip = json.dumps({"format": "summarizer.page.v2", "gzip": "?"})
    assert "summarizer.page.v2" in str(refused(page_of(Blocks(as_gzip, PLAIN.articles))))


def test_a_brief_of_another_schema_is_named():
    error = refused(
        changed(
            lambda v: (
                v["brief"]["versions"].update(brief_schema="brief.v9"),
                v["brief"].pop("run"),
            )
        )
    )
    assert "brief.v9" in error.hint


def wrong_gzip(what: str) -> str:
    """Return the brief-data as gzip that is damaged in the way named."""
    good = packed(PLAIN.brief)
    raw = base64.b64decode(good)
    texts = {
        "a sign that is none of base64": good[:40] + "!" + good[41:],
        "a letter beyond ascii": good[:40] + "é" + good[41:],
        "white space": good[:40] + " " + good[40:],
        "no padding": good.rstrip("=")[:-1],
        "cut off": base64.b64encode(raw[:-20]).decode(),
        "no checksum of gzip": base64.b64encode(raw[:-8]).decode(),
        "followed by bytes": base64.b64encode(raw + b"\0").decode(),
        "followed by more gzip": base64.b64encode(raw + raw).decode(),
        "a byte changed": base64.b64encode(raw[:60] + bytes([raw[60] ^ 1]) + raw[61:]).decode(),
        "no gzip": base64.b64encode(PLAIN.brief.encode()).decode(),
        "no UTF-8": packed(b"\xff\xfe"),
        "packed twice": packed(json.dumps({"format": page_module.FORMAT, "gzip": good})),
        "nothing": "",
    }
    return texts[what]


@pytest.mark.parametrize(
    "what",
    [
        *("a sign that is none of base64", "a letter beyond ascii", "white space", "no padding"),
        *("cut off", "no checksum of gzip", "followed by bytes", "followed by more gzip"),
        *("a byte changed", "no gzip", "no UTF-8", "packed twice", "nothing"),
    ],
)
def test_a_damaged_gzip_is_refused(what):
    block = json.dumps({"format": page_module.FORMAT, "gzip": wrong_gzip(what)})
    assert "brief-data is damaged" in str(refused(page_of(Blocks(block, PLAIN.articles))))


def test_a_gzip_bomb_is_refused_while_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(page_module, "MAX_UNPACKED", 100_000)
    bomb = json.dumps({"gzip": packed(b'{"articles":[' + b" " * 10_000_000 + b"]}")})
    error = refused(page_of(Blocks(PLAIN.brief, bomb)))
    assert "article-data is damaged" in str(error)
    assert "larger than 100,000 bytes" in str(error)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (changed(lambda v: v.pop("format")), "does not say its format"),
        (changed(lambda v: v.update(format=1)), "does not say its format"),
        (changed(lambda v: v.pop("home")), "not title, home and brief"),
        (changed(lambda v: v.update(more=1)), "not title, home and brief"),
        (changed(lambda v: v.update(home=None)), "title or home is no text"),
        (changed(lambda v: v.update(title=["x"])), "title or home is no text"),
        (changed(lambda v: v.update(brief=[])), "does not fit its schema"),
        (changed(lambda v: v["brief"]["coverage"].update(articles="3")), "coverage.articles"),
        (changed(lambda v: v["brief"].update(colour="red")), "does not fit its schema"),
        (changed(lambda v: v["brief"]["run"].update(seconds={"a": float("nan")})), "NaN"),
        (page_of(Blocks(PLAIN.brief.replace('"home"', '"home":"x","home"'), "")), "stands twice"),
        (page_of(Blocks('{"brief":' * 100_000, "")), "brief-data is damaged: it is not JSON"),
        (page_of(Blocks("[1" + "0" * 5000 + "]", "")), "brief-data is damaged"),
        (page_of(Blocks(PLAIN.brief, "")), "article-data is damaged: it is not JSON"),
        (page_of(Blocks(PLAIN.brief, "[]")), "no list of articles"),
        (page_of(Blocks(PLAIN.brief, '{"articles":[],"gzip":""}')), "no list of articles"),
        (page_of(Blocks(PLAIN.brief, '{"articles":{}}')), "article-data is damaged"),
        (page_of(Blocks(PLAIN.brief, '{"gzip":7}')), "article-data is damaged"),
        (page_of(Blocks("<!--", PLAIN.articles)), "brief-data is damaged: it does not end"),
    ],
)
def test_data_that_a_page_cannot_hold_is_refused(page, said):
    assert said in str(refused(page))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda a: a.pop(), "has 3 sources, and 2 are there"),
        (lambda a: a.append(None), "has 3 sources, and 4 are there"),
        (lambda a: a.reverse(), "article 1 is"),
        (lambda a: a[1].update(id="ff" * 32), "article 2 is 'ffffffffffff'"),
        (lambda a: a[0].update(colour="red"), "0.colour"),
        (lambda a: a[0].pop("text"), "0.text"),
        (lambda a: a[0]["sentences"][0].update(start="0"), "0.sentences.0.start"),
        (lambda a: a[0]["sentences"][0].update(start=0.0), "0.sentences.0.start"),
        (lambda a: a[0]["sentences"][0].update(start=-1), "0.sentences.0.start"),
        (lambda a: a[0].update(published="yesterday"), "0.published"),
        (lambda a: a.__setitem__(2, "text"), "article-data is damaged: 2"),
    ],
)
def test_articles_that_are_not_those_of_the_sources_are_refused(change, said):
    assert said in str(refused(articles_changed(change)))


def test_an_id_beside_half_a_surrogate_pair_is_checked_as_strictly():
    """Such data is read in another way: numbers written as text are refused there, too."""
    brief, article = brief_saying("\ud800")
    blocks = blocks_of(page_data(brief, (article,), title=None, home=""))
    value = json.loads(blocks.articles)
    value["articles"][0]["sentences"][0]["start"] = "0"
    assert "start" in str(refused(page_of(Blocks(blocks.brief, json.dumps(value)))))
    value = json.loads(blocks.brief)
    value["brief"]["coverage"]["articles"] = "1"
    assert "coverage" in str(refused(page_of(Blocks(json.dumps(value), blocks.articles))))
