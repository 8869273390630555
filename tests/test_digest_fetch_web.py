"""Feeds and pages that lie, leak and dawdle: whose words theirs are, and what is told of them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from summarizer.cli.digest import standing as standing_module
from summarizer.cli.digest.standing import standing
from summarizer.data import SkipReason
from summarizer.digest.config import DigestConfig, Output, Sources
from summarizer.digest.fetch.wanted import heeded
from summarizer.digest.state.records import FetchRecord, Outcome
from tests.feed_server import Asked, answer, conditional, in_turn, redirect
from tests.source_nights import DAY, NIGHT, STORY, item, page, rss
from tests.web_nights import WebNights, web_nights

HOUR = dt.timedelta(hours=1)
SECRET = "hunter2"


@pytest.fixture
def nights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebNights]:
    yield from web_nights(tmp_path, monkeypatch)


# --- whose words ------------------------------------------------------------------------------


def test_feed_puts_no_words_into_the_mouths_of_others(nights):
    """Three outlets that never said it, one of them named by the text itself, too."""
    meta = '<meta property="og:site_name" content="The Herald">'
    whole = f"<html><head>{meta}</head><body><p>{STORY.format(3)}</p></body></html>"
    texts = [STORY.format(1), STORY.format(2), whole]
    links = [nights.url("/gone", f"{name}.example") for name in ("wire", "times", "herald")]
    items = [item(link, text=text) for link, text in zip(links, texts, strict=True)]
    nights.server.routes["/feed?key=1"] = answer(rss(*items, title="Planet"))
    feed = nights.url("/feed?key=1", "planet.example")
    assert nights.collect(feeds=[feed]).new == 3
    assert set(nights.sources()) == {nights.url("/feed?…", "planet.example")}
    assert {article.publisher for article in nights.articles()} == {"Planet"}


@pytest.mark.parametrize("host", ["post.example", "news.post.example", "www.post.example"])
def test_feed_speaks_for_its_own_outlet(nights, host):
    link = nights.url("/gone", host)
    nights.server.routes["/feed"] = answer(rss(item(link, text=STORY.format(1))))
    nights.collect(feeds=[nights.url("/feed")])
    (article,) = nights.articles()
    assert (article.source, article.publisher) == (link, "Brackwater Post")


def test_feed_that_has_moved_speaks_for_where_it_is(nights):
    link = nights.url("/gone", "new.example")
    nights.server.routes["/feed"] = answer(rss(item(link, text=STORY.format(1))))
    nights.server.routes["/old"] = redirect(nights.url("/feed", "new.example"))
    nights.collect(feeds=[nights.url("/old")])
    assert nights.sources() == [link]


def test_feed_without_a_title_is_called_by_its_host(nights):
    entry = item(nights.url("/gone", "other.example"), text=STORY.format(1))
    nights.server.routes["/feed"] = answer(rss(entry, title=""))
    nights.collect(feeds=[nights.url("/feed")])
    assert [article.publisher for article in nights.articles()] == ["post.example"]


def test_title_of_a_feed_is_the_publisher_of_its_own_pages_alone(nights):
    nights.server.routes |= {
        "/feed": answer(rss(item("/1"), item(nights.url("/2", "other.example")), item("/3"))),
        "/1": answer(page(1)),
        "/2": answer(page(2)),
        "/3": redirect(nights.url("/4", "other.example")),
        "/4": answer(page(4)),
    }
    assert nights.collect(feeds=[nights.url("/feed")]).new == 3
    assert {article.title: article.publisher for article in nights.articles()} == {
        "Line 1 closes": "Brackwater Post",
        "Line 2 closes": None,
        "Line 4 closes": None,
    }


# --- what is told -----------------------------------------------------------------------------


def told(nights: WebNights, skipped: Any) -> str:
    """Return all that a run tells anybody."""
    fields = [entry.fields for entry in nights.entries]
    return str((skipped, fields, nights.sources()))


@pytest.mark.parametrize("kind", ["feeds", "pages"])
@pytest.mark.parametrize(
    "route",
    [
        answer("", 500),
        answer("", 404),
        answer("<p>Too short.</p>"),
        answer(b"\x89PNG....", kind="image/png"),
        redirect(f"http://10.0.0.1/?token={SECRET}", 301),
        redirect(f"ftp://files.example/?token={SECRET}"),
        redirect(f"/b?token={SECRET}&u={SECRET}", 301),
    ],
)
def test_query_of_an_address_that_fails_is_told_to_nobody(nights, kind, route):
    url = nights.url(f"/a?u={SECRET}")
    nights.server.routes[f"/a?u={SECRET}"] = route
    nights.server.routes[f"/b?token={SECRET}&u={SECRET}"] = answer("<p>Too short.</p>")
    got = nights.collect(**{kind: [url]})
    (skipped,) = got.skipped
    assert skipped.source.endswith("?…")
    assert SECRET not in told(nights, got.skipped)
    assert nights.state.fetches.get(url) is not None  # the whole of it


def test_address_in_a_list_that_is_none_is_told_without_its_query(nights, tmp_path):
    pages = tmp_path / "pages.txt"
    pages.write_text(f"htp://post.example/a?u={SECRET}\n")
    got = nights.collect(lists=[pages])
    (skipped,) = got.skipped
    assert skipped.source == "htp://post.example/a?…"
    assert SECRET not in told(nights, got.skipped)


@pytest.mark.parametrize(
    "route", [answer(page(1)), answer("", 404), answer("", 500), answer("<p>Too short.</p>")]
)
def test_tokens_in_links_of_entries_are_told_to_nobody(nights, route):
    path = f"/1?id=7&token={SECRET}"
    nights.server.routes |= {
        "/feed": answer(rss(item(nights.url(path).replace("&", "&amp;")))),
        path: route,
    }
    got = nights.collect(feeds=[nights.url("/feed")])
    named = [*nights.sources(), *(one.source for one in got.skipped)]
    assert named == [nights.url("/1?id=7&token=hidden")]
    assert SECRET not in told(nights, got.skipped)


def test_status_shows_no_query_of_what_fails(nights, monkeypatch, tmp_path):
    monkeypatch.setattr(standing_module, "installed", lambda path: ())
    url = nights.url(f"/feed?u={SECRET}")
    nights.collect(feeds=[url])
    config = DigestConfig(
        sources=Sources(feeds=(url,)),
        state=str(tmp_path / "state.sqlite3"),
        output=Output(folder=tmp_path),
    )
    now = standing(config, tmp_path / "digest.toml", nights.state, nights.clock)
    assert [one.url for one in now.feeds_failing] == [nights.url("/feed?…")]
    assert SECRET not in json.dumps(now.model_dump(mode="json"))
    assert [one.url for one in nights.state.fetches.failing()] == [url]


# --- slow hosts -------------------------------------------------------------------------------


@pytest.mark.parametrize("robots", [True, False])
def test_host_that_is_too_slow_is_left_and_told_of_once(nights, robots):
    hangs = "/robots.txt" if robots else "/1"
    slow = {f"/{n}": item(nights.url(f"/{n}", "slow.example")) for n in range(20)}

    def route(asked: Asked) -> Any:
        wanted = hangs == "/1" or asked.headers["host"].startswith("slow.")
        return nights.server.silence() if wanted else answer("", 404)

    nights.server.routes |= {"/feed": answer(rss(*slow.values()))} | dict.fromkeys(slow, route)
    nights.server.routes["/robots.txt"] = route
    got = nights.collect(
        feeds=[nights.url("/feed")], fetch={"timeout_s": 0.05, "total_s": 0.1, "robots": robots}
    )
    assert len([one for one in nights.asked() if one.startswith("slow.")]) == (1 if robots else 3)
    assert len(got.skipped) == 4
    assert got.skipped[-1].source == "slow.example"
    assert got.skipped[-1].detail.startswith(
        "17 more pages left for tonight: slow.example was too slow 3 times tonight: "
    )
    failed = [entry for entry in nights.entries if entry.name == "fetch failed"]
    assert len(failed) == 3


def test_pages_that_were_left_are_asked_next_night(nights):
    slow = [nights.url(f"/{n}", "slow.example") for n in range(4)]
    paths = [f"/{n}" for n in range(4)]
    nights.server.routes |= dict.fromkeys(paths, lambda asked: nights.server.silence())
    fetch = {"timeout_s": 0.05}
    nights.collect(pages=slow, fetch=fetch)
    assert len(nights.state.fetches.failing()) == 4
    nights.server.routes |= {path: answer(page(n)) for n, path in enumerate(paths)}
    assert nights.collect(pages=slow).new == 4


def test_text_of_a_feed_stands_in_for_pages_of_a_slow_host(nights):
    old = NIGHT - 3 * DAY
    items = [item(f"/{n}", date=old, text=STORY.format(n)) for n in range(5)]
    nights.server.routes |= {"/feed": answer(rss(*items))}
    paths = [f"/{n}" for n in range(5)]
    nights.server.routes |= dict.fromkeys(paths, lambda asked: nights.server.silence())
    got = nights.collect(feeds=[nights.url("/feed")], fetch={"timeout_s": 0.05})
    assert (got.new, got.skipped) == (5, ())


def test_fetching_ends_after_two_hours_where_nothing_else_ends_it(nights):
    nights.server.routes |= {f"/{n}": answer(page(n)) for n in range(4)}
    pages = [nights.url(f"/{n}") for n in range(4)]
    got = nights.collect(pages=pages, fetch={"delay_s": 3000})
    assert (got.new, nights.clock.slept) == (3, [3000.0] * 2)
    assert "asked next night" in got.skipped[0].detail


# --- clocks -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "kept"),
    [
        ({"not_before": NIGHT + HOUR}, True),
        ({"not_before": NIGHT + DAY}, True),
        ({"not_before": NIGHT + DAY + HOUR}, False),
        ({"not_before": NIGHT - HOUR}, False),
        ({"fetched": NIGHT + DAY, "etag": "e", "input_hash": "h"}, True),
        ({"fetched": NIGHT + DAY + HOUR, "etag": "e", "input_hash": "h"}, False),
    ],
)
def test_what_a_wrong_clock_wrote_is_not_heeded(known, kept):
    record = FetchRecord(url="u", failures=2, **known)
    assert heeded(record, NIGHT) == (record if kept else FetchRecord(url="u", failures=2))


def test_host_that_wanted_a_pause_when_the_clock_was_wrong_is_asked(nights):
    nights.server.routes["/feed"] = in_turn(answer("", 429, Retry_After="3600"), answer(rss()))
    nights.clock.moment = NIGHT + 3000 * DAY
    nights.collect(feeds=[nights.url("/feed")])
    nights.clock.moment = NIGHT
    assert nights.collect(feeds=[nights.url("/feed")]).skipped == ()


def test_pages_are_asked_again_that_were_fetched_in_the_future(nights):
    feed = answer(rss(item("/1")))
    nights.server.routes |= {"/feed": feed, "/1": in_turn(answer(page(1)), answer(page(2)))}
    nights.clock.moment = NIGHT + 3 * DAY
    nights.collect(feeds=[nights.url("/feed")])
    nights.clock.moment = NIGHT
    assert nights.collect(feeds=[nights.url("/feed")]).new == 1


def test_feed_that_was_read_in_the_future_is_read_again(nights):
    """Its entries were too old then."""
    nights.server.routes |= {
        "/feed": conditional(rss(item("/1")), etag='"f"'),
        "/1": answer(page(1)),
    }
    nights.clock.moment = NIGHT + 3000 * DAY
    assert nights.collect(feeds=[nights.url("/feed")]).new == 0
    nights.clock.moment = NIGHT
    assert nights.collect(feeds=[nights.url("/feed")]).new == 1


def test_pause_of_a_day_ends_before_the_next_night(nights):
    nights.server.routes["/feed"] = in_turn(answer("", 429, Retry_After="86400"), answer(rss()))
    nights.clock.moment = NIGHT + dt.timedelta(seconds=5)
    assert nights.collect(feeds=[nights.url("/feed")]).skipped != ()
    nights.clock.moment = NIGHT + DAY
    assert nights.collect(feeds=[nights.url("/feed")]).skipped == ()


# --- what is not public -----------------------------------------------------------------------

ALLOW = {"allow": ("nas.lan", "127.0.0.0/8")}


@pytest.mark.parametrize("host", ["nas.lan", "other.lan", "127.0.0.1"])
@pytest.mark.parametrize("over", ["entry", "redirect", "redirect of an entry"])
def test_public_feed_leads_to_nothing_that_is_allowed_for_others(nights, host, over):
    private = nights.url("/minutes", host)
    nights.server.routes |= {
        "/feed": answer(rss(item("/1" if over == "redirect of an entry" else private))),
        "/1": redirect(private),
        "/moved": redirect(nights.url("/private-feed", host)),
        "/minutes": answer(page(1)),
        "/private-feed": answer(rss(item(private))),
    }
    feed = nights.url("/moved" if over == "redirect" else "/feed")
    got = nights.collect(feeds=[feed], fetch=ALLOW)
    (skipped,) = got.skipped
    assert (got.new, skipped.reason) == (0, SkipReason.FORBIDDEN)
    assert "what digest.toml itself names" in skipped.detail
    assert all(asked.startswith("post.example") for asked in nights.asked())


@pytest.mark.parametrize("host", ["nas.lan", "other.lan", "127.0.0.1"])
def test_allowed_feed_leads_to_its_pages(nights, host):
    nights.server.routes |= {
        "/feed": answer(rss(item("/1"), item("/2"), item(nights.url("/4")))),
        "/1": answer(page(1)),
        "/2": redirect(nights.url("/3", "nas.lan")),
        "/3": answer(page(3)),
        "/4": answer(page(4)),
    }
    assert nights.collect(feeds=[nights.url("/feed", host)], fetch=ALLOW).new == 3


def test_public_page_of_an_allowed_feed_leads_no_further_inside(nights):
    nights.server.routes |= {
        "/feed": answer(rss(item(nights.url("/1")))),
        "/1": redirect(nights.url("/minutes", "nas.lan")),
        "/minutes": answer(page(1)),
    }
    got = nights.collect(feeds=[nights.url("/feed", "nas.lan")], fetch=ALLOW)
    assert [one.reason for one in got.skipped] == [SkipReason.FORBIDDEN]
    assert "nas.lan/minutes" not in nights.asked()


# --- patience ---------------------------------------------------------------------------------


def test_page_of_a_recent_entry_is_waited_for(nights):
    text = STORY.format(7)
    nights.server.routes |= {
        "/feed": answer(rss(item("/1", text=text))),
        "/1": answer("", 500),
    }
    got = nights.collect(feeds=[nights.url("/feed")])
    assert [(one.source, one.reason) for one in got.skipped] == [
        (nights.url("/1"), SkipReason.UNREACHABLE)
    ]
    assert (got.new, nights.articles()) == (0, [])
    nights.server.routes["/1"] = answer(page(8))
    got = nights.collect(feeds=[nights.url("/feed")])
    (article,) = nights.articles()
    assert (got.skipped, article.title) == ((), "Line 8 closes")


@pytest.mark.parametrize("date", [NIGHT - 2 * DAY, None])
def test_text_of_an_entry_that_is_old_or_undated_stands_in_at_once(nights, date):
    nights.server.routes |= {
        "/feed": answer(rss(item("/1", date=date, text=STORY.format(7)))),
        "/1": answer("", 500),
    }
    got = nights.collect(feeds=[nights.url("/feed")])
    assert (got.new, got.skipped) == (1, ())
    assert "7 on Monday" in nights.articles()[0].text


def test_patience_with_a_page_ends_after_two_days(nights):
    nights.server.routes |= {
        "/feed": answer(rss(item("/1", date=NIGHT - HOUR, text=STORY.format(7)))),
        "/1": answer("", 500),
    }
    found = []
    for night in range(3):
        nights.clock.moment = NIGHT + night * DAY
        found.append(nights.collect(feeds=[nights.url("/feed")]).new)
    assert found == [0, 0, 1]


@pytest.mark.parametrize("feed_read_before", [True, False])
def test_entries_of_a_feed_that_was_down_longer_than_the_window_are_caught_up(
    nights, feed_read_before
):
    """The digest itself ran every night: only the feed knows what of it was missed."""
    nights.server.routes["/feed"] = answer(rss())
    if feed_read_before:
        nights.collect(feeds=[nights.url("/feed")])
    nights.server.routes["/feed"] = answer("", 404)
    for _ in range(20):
        nights.clock.moment += DAY
        nights.collect(feeds=[nights.url("/feed")])
        run = nights.state.runs.list(1)[0]
        nights.state.runs.end(run.number, Outcome.DONE, nights.clock.utc())
    nights.server.routes |= {
        "/feed": answer(rss(item("/1", date=NIGHT + HOUR))),
        "/1": answer(page(1)),
    }
    assert nights.collect(feeds=[nights.url("/feed")]).new == int(feed_read_before)
