"""Feeds as servers write them: well, badly, and on purpose."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.digest.fetch.choice import choose
from summarizer.digest.fetch.feeds import FeedEntry, read_feed
from summarizer.digest.fetch.kinds import kind_of

URL = "https://post.example/news/feed.xml"
NOW = dt.datetime(2031, 5, 6, 2, 0, tzinfo=dt.UTC)
MORNING = dt.datetime(2031, 5, 5, 8, 30, tzinfo=dt.UTC)
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Post</title><item>
<title>Ferry &amp; bus</title><link>/a?utm_source=rss&amp;b=1#top</link>
<pubDate>Mon, 05 May 2031 10:30:00 +0200</pubDate><description>Short.</description>
</item></channel></rss>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>Post</title></channel>
<item><title>Ferry &amp; bus</title><link>https://post.example/a?b=1</link></item></rdf:RDF>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Post</title><entry>
<title type="html">Ferry &amp;amp; &lt;b&gt;bus&lt;/b&gt;</title><link href="../a?b=1"/>
<published>2031-05-05T08:30:00Z</published><updated>2031-05-05T09:00:00Z</updated>
<summary>Short.</summary><content type="html">&lt;p&gt;The long text.&lt;/p&gt;</content>
</entry></feed>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Post",
        "items": [
            {
                "id": "1",
                "url": "/a?b=1",
                "title": "Ferry & bus",
                "date_published": "2031-05-05T10:30:00+02:00",
                "content_text": "The long text.",
            },
            "odd",
            {"id": 3, "url": 4, "title": [], "date_published": "soon", "content_html": {}},
        ],
    }
)


@pytest.mark.parametrize(
    ("text", "content", "published"),
    [
        (RSS, "Short.", MORNING),
        (RDF, "", None),
        (ATOM, "<p>The long text.</p>", MORNING),
        (JSON_FEED, "The long text.", MORNING),
    ],
)
def test_every_kind_of_feed_is_read(text, content, published):
    feed = read_feed(text.encode(), url=URL)
    entry = feed.entries[0]
    assert (feed.title, feed.note) == ("Post", "")
    assert (entry.title, entry.url) == ("Ferry & bus", "https://post.example/a?b=1")
    assert (entry.content, entry.published) == (content, published)


def test_updated_date_is_no_published_date():
    (entry,) = read_feed(ATOM.encode(), url=URL).entries
    assert entry.moment == entry.updated == dt.datetime(2031, 5, 5, 9, 0, tzinfo=dt.UTC)
    (entry,) = read_feed(RSS.encode(), url=URL).entries
    assert entry.updated is None


@pytest.mark.parametrize(
    ("declared", "stored", "header"),
    [
        ("iso-8859-1", "cp1252", None),
        ("utf-8", "cp1252", None),  # the declaration is wrong
        ("iso-8859-1", "utf-8", None),
        ("utf-8", "cp1252", "windows-1252"),
        ("punycode", "utf-8", "zip"),
        ("utf-16", "utf-16", None),
        ("utf-8", "utf-8-sig", None),
    ],
)
def test_wrong_encodings_are_seen_through(declared, stored, header):
    text = RSS.replace('version="1.0"', f'version="1.0" encoding="{declared}"', 1)
    data = text.replace("Ferry", "Caf\u00e9 \u201eF\u00e4hre\u201c").encode(stored)
    feed = read_feed(data, url=URL, encoding=header)
    assert feed.entries[0].title == "Caf\u00e9 \u201eF\u00e4hre\u201c & bus"


@pytest.mark.parametrize(
    ("text", "entries", "note"),
    [
        (RSS.replace("</channel></rss>", ""), 1, "badly written"),
        (RSS.replace("&amp; bus", "& bus"), 1, "badly written"),
        ("<html><body><p>Nothing.</p></body></html>", 0, "no feed"),
        ("Nothing at all.", 0, "no feed"),
        ("", 0, "no feed"),
        ("\x00\x01", 0, "no feed"),
        ('{"version": 1}', 0, "no JSON Feed"),
        ("{" * 100_000, 0, "no JSON Feed"),
        ('{"a":' + "[" * 100_000, 0, "no JSON Feed"),
        ('<rss version="2.0"><channel><title>Post</title></channel></rss>', 0, ""),
        ('{"version": "https://jsonfeed.org/version/1", "items": 5}', 0, ""),
    ],
)
def test_what_is_wrong_is_noted_and_the_rest_used(text, entries, note):
    feed = read_feed(text.encode(), url=URL)
    assert len(feed.entries) == entries
    assert note in feed.note and bool(note) == bool(feed.note)


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///x", "http://ada:pw@h.example/", "http://[", "data:x"]
)
def test_hostile_links_are_no_links(link):
    (entry,) = read_feed(RSS.replace("/a?", f"{link}?").encode(), url=URL).entries
    assert entry.url is None


def test_titles_are_one_clean_line():
    title = "<![CDATA[Ferry\u202e <b>&amp;</b>\n\u200bbus <script>x</script>]]>"
    (entry,) = read_feed(RSS.replace("Ferry &amp; bus", title).encode(), url=URL).entries
    assert entry.title is not None
    assert "\u202e" not in entry.title and "<" not in entry.title and "\n" not in entry.title


def test_entities_of_the_document_type_are_not_unfolded():
    bomb = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    text = RSS.replace("<rss", bomb + "<rss", 1).replace("Short.", "&b;&f;")
    (entry,) = read_feed(text.encode(), url=URL).entries
    assert "haha" not in entry.content and "root:" not in entry.content


@pytest.mark.parametrize(
    "prolog",
    [
        '<?xml version="1.0" encoding="ISO-8859-1"?>',
        "<!-- made by <a href='http://maker.example/'>a maker</a> -->",
        "<?xml-stylesheet href='<a>'?>\n<!DOCTYPE rss PUBLIC '-//N//DTD RSS 0.91//EN' 'x.dtd'>",
        "<!-- -->" + "\n" * 300_000,
        "<!-- -->" + "\n<!ENTITY" * 100_000,
        "<!-- -->" + "\n<!DOCTYPE" * 100_000,
        "<" * 300_000,
        "<!-- -->" * 50_000,
        "\ufeff text <!",
        "<!-- never closed ",
        "<?never closed ",
    ],
    ids=range(11),
)
def test_nothing_before_the_root_keeps_a_feed_from_being_read(prolog):
    text = prolog + RSS.removeprefix('<?xml version="1.0"?>')
    (entry,) = read_feed(text.encode(), url=URL).entries
    assert (entry.title, entry.content) == ("Ferry & bus", "Short.")


@pytest.mark.parametrize("text", ["<!-- <rss> -->", "<!--" * 100_000, "<?" * 100_000, "< rss>"])
def test_markup_without_a_root_is_no_feed(text):
    feed = read_feed(text.encode(), url=URL)
    assert feed.entries == ()
    assert "no feed" in feed.note


def test_ten_thousand_entries_are_no_more_than_that():
    items = "<item><link>/a</link></item>" * 10_050
    feed = read_feed(f'<rss version="2.0"><channel>{items}</channel></rss>'.encode(), url=URL)
    assert len(feed.entries) == 10_000


@given(st.binary(max_size=200))
def test_odd_bytes_are_a_feed_without_entries(data):
    assert read_feed(data, url=URL).entries == ()


@given(st.recursive(st.none() | st.text() | st.floats() | st.integers(), st.lists, max_leaves=5))
def test_odd_values_in_a_json_feed_do_no_harm(value: Any):
    item = dict.fromkeys(
        ("url", "title", "date_published", "date_modified", "content_html", "content_text"), value
    )
    data = {"version": "https://jsonfeed.org/version/1", "title": value, "items": [item, value]}
    assert len(read_feed(json.dumps(data).encode(), url=URL).entries) <= 2


# --- which entries are read -------------------------------------------------------------------


def entry(name: str, days: float | None, **values: Any) -> FeedEntry:
    moment = None if days is None else NOW - dt.timedelta(days=days)
    return FeedEntry(url=f"https://post.example/{name}", published=moment, **values)


def chosen(*entries: FeedEntry, most: int = 50, oldest: float = 7) -> list[str]:
    found = choose(entries, oldest=NOW - dt.timedelta(days=oldest), now=NOW, most=most)
    return [(one.url or "").rsplit("/", 1)[-1] for one in found]


def test_newest_come_first_and_old_ones_never():
    entries = [entry("old", 8), entry("b", 2), entry("a", 1), entry("edge", 7)]
    assert chosen(*entries) == ["a", "b", "edge"]
    assert chosen(*entries, most=1) == ["a"]


def test_entries_without_a_date_count_as_new_in_the_order_of_the_feed():
    assert chosen(entry("x", None), entry("b", 1), entry("y", None)) == ["x", "y", "b"]


def test_dates_in_the_future_are_none():
    (found,) = choose([entry("a", -3)], oldest=NOW, now=NOW, most=5)
    assert found.published is None
    (near,) = choose([entry("a", -0.5)], oldest=NOW, now=NOW, most=5)
    assert near.published is not None


def test_old_entry_that_was_updated_is_read():
    assert chosen(entry("a", 30, updated=NOW)) == ["a"]


def test_page_that_comes_twice_is_read_once():
    assert chosen(entry("a", 1), entry("a", 2)) == ["a"]


@pytest.mark.parametrize(
    ("media_type", "data", "url", "kind"),
    [
        ("text/html", b"<p>x", "http://h/a", "html"),
        ("text/plain", b"words", "http://h/a", "text"),
        ("text/plain", b"# words", "http://h/a.md?x=1", "markdown"),
        ("text/plain", b"\xef\xbb\xbf <!DOCTYPE html><html>", "http://h/a", "html"),
        ("text/html", b"%PDF-1.7", "http://h/a", "pdf"),
        ("", b"<html>", "http://h/a", "html"),
        ("", b"words", "http://h/a", "text"),
        ("application/octet-stream", b"\x00\x01", "http://h/a", None),
        ("image/png", b"<html>", "http://h/a", None),
        ("application/rss+xml", b"<rss>", "http://h/a", None),
    ],
)
def test_kind_is_what_the_server_says_and_the_bytes_look_like(media_type, data, url, kind):
    assert kind_of(media_type, data, url) == kind
