"""The static site: its pages, its index, and a feed that readers understand."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest

from summarizer.data import Article
from summarizer.digest.config import DigestConfig, Site
from summarizer.digest.delivery.channels import channel_of
from summarizer.digest.delivery.embedded import holds_articles
from summarizer.digest.delivery.outcome import NotDelivered
from summarizer.digest.state import Edition, State
from summarizer.errors import StateError
from summarizer.render import to_html, to_letter
from summarizer.render.page.data import blocks_of, page_data, read_page
from tests.alarms import no_hanging
from tests.conftest import make_bridge_brief
from tests.deliveries import Night, make_config, make_edition
from tests.test_render_markdown import HOSTILE, hostile_brief

ATOM = "{http://www.w3.org/2005/Atom}"
URL = "https://news.example/digest"


@pytest.fixture
def night(tmp_path):
    with State(tmp_path / "state.sqlite3") as state:
        yield Night(state)


def make_site(base: Path, **values: Any) -> DigestConfig:
    return make_config(base, site=Site(**({"folder": base / "site"} | values)))


def send(config: DigestConfig, night: Night, edition: Edition) -> str:
    channel = channel_of(config, "site")
    assert channel is not None
    return channel.prepare(edition, "", night.tools)()


def keep(night: Night, count: int) -> list[Edition]:
    return [
        night.keep(make_edition(number, f"2031-05-{number + 5:02}"), {})
        for number in range(1, count + 1)
    ]


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def feed_of(folder: Path) -> ElementTree.Element:
    return ElementTree.fromstring((folder / "site" / "feed.xml").read_bytes())


def test_a_site_has_a_page_an_edition_an_index_and_a_feed(tmp_path, night):
    one, two = keep(night, 2)
    config = make_site(tmp_path)
    send(config, night, one)
    assert send(config, night, two).endswith("page, feed and index of 2 editions")
    shown = {name for name in bytes_of(tmp_path / "site") if not name.startswith(".")}
    assert shown == {"2031-05-06.html", "2031-05-07.html", "index.html", "feed.xml"}
    page = (tmp_path / "site" / "2031-05-06.html").read_text()
    assert page == to_html(one.brief, home="index.html")
    assert '<a href="index.html">All editions</a>' in page


def test_the_index_lists_editions_newest_first_with_counts(tmp_path, night):
    editions = keep(night, 3)
    send(make_site(tmp_path, title="News & <views>"), night, editions[-1])
    index = (tmp_path / "site" / "index.html").read_text()
    assert re.findall(r'<li><a href="(.*?)">', index) == [
        *("2031-05-08.html", "2031-05-07.html", "2031-05-06.html")
    ]
    assert (
        "2031-05-08</a>: 1 story, 3 facts from 0 new articles; 1 claim rejected, 0 skipped" in index
    )
    assert "<h1>News &amp; &lt;views&gt;</h1>" in index
    assert 'type="application/atom+xml"' in index


def test_pages_from_before_the_site_was_configured_are_made(tmp_path, night):
    editions = keep(night, 3)
    send(make_site(tmp_path), night, editions[-1])
    assert {f"{one.name}.html" for one in editions} <= set(bytes_of(tmp_path / "site"))


def test_the_same_editions_make_the_same_bytes(tmp_path, night):
    editions = keep(night, 3)
    config = make_site(tmp_path, url=URL)
    send(config, night, editions[-1])
    before = bytes_of(tmp_path / "site")
    for edition in editions:
        send(config, night, edition)
    assert bytes_of(tmp_path / "site") == before
    other = make_site(tmp_path, url=URL, folder=tmp_path / "other")
    for edition in editions:
        send(other, night, edition)
    assert bytes_of(tmp_path / "other") == before


def held(page: Path) -> list[Article | None]:
    """Return the articles that a page holds, by the numbers of its sources."""
    return list(read_page(page.read_text("utf-8"))[0].articles)


@pytest.mark.parametrize("embeds", [False, True])
def test_pages_hold_articles_only_where_that_is_configured(embeds, tmp_path, night):
    brief, articles = make_bridge_brief()
    night.read(*articles.values())
    editions = keep(night, 2)
    send(make_site(tmp_path, **({"embed_articles": True} if embeds else {})), night, editions[-1])
    wanted = [articles[source.article_id] if embeds else None for source in brief.sources]
    for name in ("2031-05-06.html", "2031-05-07.html"):
        assert held(tmp_path / "site" / name) == wanted


def test_the_same_editions_make_the_same_bytes_after_retention(tmp_path, night):
    _, articles = make_bridge_brief()
    night.read(*articles.values())
    editions = keep(night, 2)
    config = make_site(tmp_path, embed_articles=True)
    send(config, night, editions[-1])
    before = bytes_of(tmp_path / "site")
    night.drop(*articles.values())
    for edition in editions:
        send(config, night, edition)
    assert bytes_of(tmp_path / "site") == before


def test_a_damaged_article_does_not_cost_the_site(tmp_path, night):
    _, articles = make_bridge_brief()
    night.read(*articles.values())
    spoiled = next(iter(articles.values()))
    night.spoil(spoiled)
    editions = keep(night, 2)
    damaged = f"2 editions; the state holds a damaged article {spoiled.id}"
    assert send(make_site(tmp_path, embed_articles=True), night, editions[0]).endswith(damaged)
    for name in ("2031-05-06.html", "2031-05-07.html"):
        assert held(tmp_path / "site" / name) == [None, *list(articles.values())[1:]]


OWN = ("2031-05-06.html", "2031-05-07.html", "2031-05-08.html")


@pytest.fixture
def embedded_pages(tmp_path, night):
    """Write a site of three pages with their articles, of which the index lists two."""
    _, articles = make_bridge_brief()
    night.read(*articles.values())
    for edition in keep(night, 3):
        send(make_site(tmp_path, embed_articles=True, keep=2), night, edition)
    assert all(any(held(tmp_path / "site" / name)) for name in OWN)
    return tmp_path / "site"


def test_articles_leave_older_pages_when_they_are_turned_off(embedded_pages, tmp_path, night):
    last = night.keep(make_edition(4, "2031-05-09"), {})
    config = make_site(tmp_path, keep=2)
    told = send(config, night, last)
    assert told.endswith("of 2 editions; articles taken out of 3 pages")
    for name in OWN:
        assert not any(held(embedded_pages / name))
    other = make_site(tmp_path, folder=tmp_path / "never")
    send(other, night, last)
    for name in OWN:
        assert (embedded_pages / name).read_bytes() == (tmp_path / "never" / name).read_bytes()
    assert send(config, night, last).endswith("of 2 editions")


def test_pages_without_articles_are_looked_at_and_not_made_again(tmp_path, night, monkeypatch):
    editions = keep(night, 3)
    config = make_site(tmp_path)
    send(config, night, editions[1])
    monkeypatch.setattr(night.state.editions, "named", lambda name: pytest.fail("read again"))
    send(config, night, editions[2])


@pytest.mark.parametrize("why", ["somebody else's", "no edition", "damaged edition"])
def test_articles_that_cannot_be_taken_out_are_told(
    why, embedded_pages, tmp_path, night, monkeypatch
):
    page = embedded_pages / "2031-05-06.html"
    before = page.read_bytes()
    listed = embedded_pages / ".summarizer-files"
    last = night.keep(make_edition(4, "2031-05-09"), {})
    named = night.state.editions.named

    def lost(name: str) -> Any:
        if name != "2031-05-06":
            return named(name)
        if why == "no edition":
            return None
        raise StateError("the state holds a damaged brief")

    if why == "somebody else's":
        listed.write_text(listed.read_text().replace(f"{page.name}\n", ""))
    else:
        monkeypatch.setattr(night.state.editions, "named", lost)
    told = send(make_site(tmp_path, keep=2), night, last)
    left = "" if why == "somebody else's" else "; 1 page could not be written anew without articles"
    assert told.endswith(f"articles taken out of 2 pages{left}")
    assert page.read_bytes() == before
    assert not any(held(embedded_pages / "2031-05-07.html"))


@pytest.mark.parametrize("large", [0, 10**9], ids=["gzip", "plain"])
@pytest.mark.parametrize("tail", [10, 64 * 1024], ids=["whole", "end"])
def test_a_page_is_known_to_hold_articles_or_not(large, tail, tmp_path, monkeypatch):
    monkeypatch.setattr("summarizer.digest.delivery.embedded._TAIL_BYTES", tail)
    brief, articles = make_bridge_brief()
    page = tmp_path / "page.html"
    page.write_text(to_html(brief))
    assert not holds_articles(page)
    monkeypatch.setattr("summarizer.render.page.data.LARGE", large)
    for count in (1, 3):
        page.write_text(to_html(brief, articles=list(articles.values())[:count]))
        assert holds_articles(page)


def test_a_page_of_very_many_sources_without_articles_is_known(tmp_path):
    brief, _ = make_bridge_brief()
    many = tuple(brief.sources[0].model_copy(update={"number": n + 1}) for n in range(20_000))
    data = page_data(brief.model_copy(update={"sources": many}), (), title=None, home="")
    page = tmp_path / "page.html"
    page.write_text(f'<script type="application/json" id="article-data">{blocks_of(data).articles}')
    assert page.stat().st_size > 64 * 1024
    assert holds_articles(page)  # it is cut off
    page.write_text(page.read_text() + "</script>")
    assert not holds_articles(page)


def test_no_articles_are_in_a_letter_a_folder_a_pipe_or_nothing(tmp_path):
    (tmp_path / "letter.html").write_text(to_letter(make_bridge_brief()[0]))
    os.mkfifo(tmp_path / "pipe")
    with no_hanging():
        assert not any(holds_articles(tmp_path / name) for name in ("letter.html", "", "pipe", "x"))


def test_index_and_feed_keep_the_newest_and_older_pages_stay(tmp_path, night):
    editions = keep(night, 4)
    for edition in editions:
        send(make_site(tmp_path, keep=2), night, edition)
    assert len(feed_of(tmp_path).findall(f"{ATOM}entry")) == 2
    index = (tmp_path / "site" / "index.html").read_text()
    assert "2031-05-07" not in index
    assert "2031-05-08" in index
    assert (tmp_path / "site" / "2031-05-06.html").exists()


def test_an_edition_is_told_once_and_not_read_again_each_night(tmp_path, night, monkeypatch):
    editions = keep(night, 3)
    config = make_site(tmp_path)
    send(config, night, editions[1])
    before = bytes_of(tmp_path / "site")
    monkeypatch.setattr(night.state.editions, "get", lambda number: pytest.fail("read again"))
    send(config, night, editions[2])
    assert bytes_of(tmp_path / "site") == before


@pytest.mark.parametrize("damage", [b"", b"<feed", b"<feed><entry/></feed>", b"\xff\xfe"])
def test_a_damaged_feed_is_made_anew(damage, tmp_path, night):
    editions = keep(night, 3)
    config = make_site(tmp_path)
    send(config, night, editions[-1])
    before = bytes_of(tmp_path / "site")
    (tmp_path / "site" / "feed.xml").write_bytes(damage)
    send(config, night, editions[-1])
    assert bytes_of(tmp_path / "site") == before


def test_links_follow_a_change_of_the_address(tmp_path, night):
    editions = keep(night, 2)
    send(make_site(tmp_path), night, editions[-1])
    send(make_site(tmp_path, url=URL), night, editions[-1])
    hrefs = [link.get("href") or "" for link in feed_of(tmp_path).iter(f"{ATOM}link")]
    assert all(href.startswith(URL) for href in hrefs)


def test_the_feed_is_what_rfc_4287_asks_for(tmp_path, night):
    editions = keep(night, 2)
    send(make_site(tmp_path, url=URL + "/"), night, editions[-1])
    feed = feed_of(tmp_path)
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        for required in ("id", "title", "updated"):  # 4.1.1, 4.1.2
            assert len(element.findall(ATOM + required)) == 1
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    assert feed.findtext(f"{ATOM}updated") == "2031-05-07T02:00:00Z"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {"alternate": f"{URL}/index.html", "self": f"{URL}/feed.xml"}
    (content,) = feed.findall(f"{ATOM}entry[1]/{ATOM}content")
    assert content.get("type") == "html"
    assert content.text is not None
    assert "<h2>Velmora bridge opens</h2>" in content.text
    assert "<html" not in content.text


def test_a_feed_reader_understands_the_feed(tmp_path, night):
    editions = keep(night, 2)
    send(make_site(tmp_path, url=URL, title="Velmora & more"), night, editions[-1])
    parsed = feedparser.parse((tmp_path / "site" / "feed.xml").read_bytes())
    assert not parsed.bozo
    assert parsed.version == "atom10"
    assert parsed.feed.title == "Velmora & more"
    assert [entry.link for entry in parsed.entries] == [
        f"{URL}/2031-05-07.html",
        f"{URL}/2031-05-06.html",
    ]
    assert parsed.entries[1].updated == "2031-05-06T02:00:00Z"
    assert parsed.entries[1].title == "Digest of 2031-05-06"
    assert "It cost 340 million crowns." in parsed.entries[1].content[0].value


def test_without_an_address_links_are_relative(tmp_path, night):
    (edition,) = keep(night, 1)
    send(make_site(tmp_path), night, edition)
    feed = feed_of(tmp_path)
    hrefs = [link.get("href") for link in feed.iter(f"{ATOM}link")]
    assert hrefs == ["index.html", "2031-05-06.html"]
    assert b"xml:base" not in (tmp_path / "site" / "feed.xml").read_bytes()


def test_ids_are_the_same_for_ever_and_each_digests_own(tmp_path, night):
    def ids(config: DigestConfig) -> list[str | None]:
        send(config, night, editions[-1])
        assert config.site is not None
        feed = ElementTree.fromstring((config.site.folder / "feed.xml").read_bytes())
        return [element.text for element in feed.iter(f"{ATOM}id")]

    editions = keep(night, 2)
    first = ids(make_site(tmp_path))
    assert len(set(first)) == 3
    assert all(
        re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", i or "") for i in first
    )
    assert ids(make_site(tmp_path, url=URL, title="Other", folder=tmp_path / "b")) == first
    other = make_site(tmp_path, folder=tmp_path / "c").model_copy(
        update={"state": "/other.sqlite3"}
    )
    assert not set(ids(other)) & set(first)


@pytest.mark.parametrize("text", [*HOSTILE, "\x00\x0b\ufffe\uffff", "]]>&<a>", "\u202e"])
def test_hostile_text_stays_text_in_the_feed(text, tmp_path, night):
    edition = night.keep(make_edition(brief=hostile_brief(text)), {})
    send(make_site(tmp_path), night, edition)
    entry = feed_of(tmp_path).find(f"{ATOM}entry")
    assert entry is not None
    content = entry.findtext(f"{ATOM}content") or ""
    assert set(re.findall(r"</?([a-z0-9]+)", content)) <= {"p", "strong", "h2", "ul", "li"}
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e\ud800\ufffe\uffff]", content)
    parsed = feedparser.parse((tmp_path / "site" / "feed.xml").read_bytes())
    assert not parsed.bozo


@pytest.mark.parametrize("name", ["index.html", "feed.xml", "2031-05-06.html"])
def test_a_page_of_somebody_else_is_never_overwritten(name, tmp_path, night):
    (edition,) = keep(night, 1)
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / name).write_text("mine")
    with pytest.raises(NotDelivered, match="there is a file of yours"):
        send(make_site(tmp_path), night, edition)
    assert (tmp_path / "site" / name).read_text() == "mine"


def test_a_pipe_in_the_place_of_the_feed_is_told_and_not_waited_for(tmp_path, night):
    (edition,) = keep(night, 1)
    config = make_site(tmp_path)
    send(config, night, edition)
    feed = tmp_path / "site" / "feed.xml"
    feed.unlink()
    os.mkfifo(feed)
    with no_hanging(), pytest.raises(NotDelivered, match=r"feed\.xml is no file of ours"):
        send(config, night, edition)
