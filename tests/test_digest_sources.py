"""What a night's sources bring: once, whatever happens, and with a reason where nothing comes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from summarizer.data import Article, SkipReason
from summarizer.digest.config import Output, Site
from summarizer.digest.fetch.feeds import Feed
from summarizer.digest.intake import Intake
from summarizer.digest.reading import LeftForLater
from summarizer.digest.sources import Collected
from summarizer.digest.state import State
from summarizer.digest.state.records import Outcome
from summarizer.errors import ArticleError
from tests.feed_server import FeedServer, answer, conditional, in_turn, redirect
from tests.readers import HereReader
from tests.source_nights import DAY, NIGHT, STORY, SourceNights, item, page, rss


@pytest.fixture
def nights(tmp_path: Path) -> Iterator[SourceNights]:
    with State(tmp_path / "state.sqlite3") as state:
        yield SourceNights(tmp_path, state)


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as running:
        yield running


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "one.txt").write_text(STORY.format(1))
    return folder


def tell(monkeypatch: pytest.MonkeyPatch, edition: int) -> None:
    """Let the editions before number `edition` be made."""
    made = Intake.__init__

    def numbered(self: Intake, *args: Any) -> None:
        made(self, *args)
        self._edition = edition

    monkeypatch.setattr(Intake, "__init__", numbered)


def reasons(collected: Collected) -> dict[str, SkipReason]:
    return {one.source: one.reason for one in collected.skipped}


# --- folders ----------------------------------------------------------------------------------


def test_article_is_new_once(nights, inbox):
    assert nights.collect(folders=[inbox]).new == 1
    again = nights.collect(folders=[inbox])
    assert (again.new, again.unchanged, again.skipped) == (0, 1, ())
    assert nights.sources() == ["one.txt"]
    assert [step.what for step in nights.steps if step.stage == "read"] == ["one.txt"] * 2


def test_same_bytes_and_same_text_under_another_name_are_no_news(nights, inbox):
    (inbox / "copy.txt").write_text(STORY.format(1))
    (inbox / "spaced.txt").write_text(STORY.format(1) + "\n\n")
    got = nights.collect(folders=[inbox])
    assert (got.new, got.unchanged, got.skipped) == (1, 2, ())


def test_known_content_is_not_parsed(nights, inbox, monkeypatch):
    nights.collect(folders=[inbox])

    def fail(*args: Any, **options: Any) -> None:
        raise AssertionError("parsed again")

    monkeypatch.setattr(HereReader, "article", fail)
    assert nights.collect(folders=[inbox]).unchanged == 1


def test_what_cannot_be_read_is_told_until_an_edition_was_made(nights, inbox, monkeypatch):
    (inbox / "short.txt").write_text("Too short.")
    (inbox / "a.xyz").write_text("?")
    (inbox / "empty.txt").write_text("")
    expected = {
        "a.xyz": SkipReason.UNSUPPORTED_TYPE,
        "empty.txt": SkipReason.EMPTY,
        "short.txt": SkipReason.TOO_SHORT,
    }
    for _ in range(2):  # the first of these runs may have been killed
        assert reasons(nights.collect(folders=[inbox])) == expected
    tell(monkeypatch, 2)
    assert nights.collect(folders=[inbox]).skipped == ()


def test_own_briefs_and_hidden_files_are_no_articles(nights, inbox):
    for name in ("briefs", "site", ".hidden"):
        (inbox / name).mkdir()
        (inbox / name / "b.txt").write_text(STORY.format(name))
    (inbox / ".two.txt").write_text(STORY.format(2))
    where = {"output": Output(folder=inbox / "briefs"), "site": Site(folder=inbox / "site")}
    nights.collect(folders=[inbox], **where)
    nights.collect(folders=[inbox / "**" / "*.txt"], **where)
    assert nights.sources() == ["one.txt"]


def test_output_folder_given_as_source_is_told(nights, inbox):
    got = nights.collect(folders=[inbox], output=Output(folder=inbox))
    assert (got.new, reasons(got)) == (0, {"inbox": SkipReason.UNREADABLE})


def test_folder_that_is_not_there_is_told_each_night_and_others_are_read(nights, inbox):
    for _ in range(2):
        got = nights.collect(folders=[nights.folder / "nowhere", inbox])
        assert reasons(got) == {"nowhere": SkipReason.UNREADABLE}
    assert nights.sources() == ["one.txt"]


@pytest.mark.parametrize("named", ["nowhere", "nowhere/*.txt", "a**b/["])
def test_no_source_at_all_is_no_exception(nights, named):
    assert nights.collect(folders=[nights.folder / named]).new == 0


def test_globs_name_files_and_folders(nights, inbox):
    (inbox / "two.md").write_text(STORY.format(2))
    (inbox / "sub").mkdir()
    (inbox / "sub" / "three.txt").write_text(STORY.format(3))
    nights.collect(folders=[inbox / "*.md"])
    assert nights.sources() == ["two.md"]
    nights.collect(folders=[nights.folder / "in*x"])
    assert sorted(nights.sources()) == ["one.txt", "sub/three.txt", "two.md"]


def test_old_articles_of_folders_are_passed_over_if_asked_for(nights, inbox):
    (inbox / "old.txt").write_text("Published: 2031-03-01\n\n" + STORY.format(2))
    for _ in range(2):
        got = nights.collect(folders=[inbox], folder_window=dt.timedelta(days=30))
        assert reasons(got) == {"old.txt": SkipReason.OLD}
    assert nights.sources() == ["one.txt"]
    nights.collect(folders=[inbox])
    assert nights.sources() == ["one.txt"]


# --- pages and lists --------------------------------------------------------------------------


def test_page_is_read_and_then_only_when_it_changes(nights, server):
    server.routes["/a"] = conditional(page(1), etag='"v1"')
    assert nights.collect(pages=[server.url("/a")]).new == 1
    assert nights.collect(pages=[server.url("/a")]).unchanged == 1
    server.routes["/a"] = conditional(page(2), etag='"v2"')
    assert nights.collect(pages=[server.url("/a")]).new == 1
    asked = [one.headers.get("if-none-match") for one in server.asked if one.path == "/a"]
    assert asked == [None, '"v1"', '"v1"']
    record = nights.state.fetches.get(server.url("/a"))
    assert (record.etag, record.status, record.failures) == ('"v2"', 200, 0)


def test_answer_that_ignores_what_is_known_is_unchanged_by_its_bytes(nights, server):
    server.routes["/a"] = answer(page(1))
    nights.collect(pages=[server.url("/a")])
    got = nights.collect(pages=[server.url("/a")])
    assert (got.new, got.unchanged) == (0, 1)


def test_list_is_read_at_each_run(nights, server):
    server.routes |= {"/1": answer(page(1)), "/2": answer(page(2))}
    pages = nights.folder / "pages.txt"
    pages.write_text(f"# mine\n{server.url('/1')} # the first\n\n{server.url('/1')}#part\n")
    assert nights.collect(lists=[pages]).new == 1
    pages.write_text(f"{server.url('/1')}\n{server.url('/2')}?utm_source=x\njavascript:alert(1)\n")
    got = nights.collect(lists=[pages])
    assert got.new == 1
    assert reasons(got) == {"javascript:alert(1)": SkipReason.FORBIDDEN}
    gone = nights.collect(lists=[nights.folder / "gone.txt"])
    assert reasons(gone) == {"gone.txt": SkipReason.UNREADABLE}
    assert nights.sources() == [server.url("/1"), server.url("/2")]


@pytest.mark.parametrize(
    ("route", "reason"),
    [
        (answer("", 500), SkipReason.UNREACHABLE),
        (answer("", 404), SkipReason.UNREACHABLE),
        (redirect("http://10.0.0.1/"), SkipReason.FORBIDDEN),
    ],
)
def test_page_that_fails_is_told_every_night(nights, server, route, reason, monkeypatch):
    server.routes["/a"] = route
    url = server.url("/a")
    for night in (1, 2):
        tell(monkeypatch, night)
        assert reasons(nights.collect(pages=[url])) == {url: reason}
        (record,) = nights.state.fetches.failing()
        assert record.failures == night
    server.routes["/a"] = answer(page(1))
    assert nights.collect(pages=[url]).new == 1
    assert nights.state.fetches.failing() == []


def test_page_that_is_no_article_is_told_once(nights, server, monkeypatch):
    server.routes["/a"] = answer(b"\x89PNG....", kind="image/png")
    url = server.url("/a")
    assert reasons(nights.collect(pages=[url])) == {url: SkipReason.UNSUPPORTED_TYPE}
    tell(monkeypatch, 2)
    assert nights.collect(pages=[url]).skipped == ()


def test_page_older_than_the_window_is_passed_over(nights, server):
    dated = page(1).replace("<head>", '<head><meta name="date" content="2031-04-01">')
    server.routes["/a"] = answer(dated)
    got = nights.collect(pages=[server.url("/a")])
    assert (reasons(got), nights.sources()) == ({server.url("/a"): SkipReason.OLD}, [])


def test_credentials_in_an_address_are_told_to_nobody(nights):
    got = nights.collect(lists=[_list(nights, "http://ada:secret@127.0.0.1/a")])
    (skipped,) = got.skipped
    assert (skipped.source, skipped.reason) == ("http://127.0.0.1/a", SkipReason.FORBIDDEN)
    assert "secret" not in skipped.detail


def _list(nights: SourceNights, *urls: str) -> Path:
    path = nights.folder / "pages.txt"
    path.write_text("\n".join(urls))
    return path


# --- feeds ------------------------------------------------------------------------------------


def test_pages_of_a_feed_are_fetched_once(nights, server):
    server.routes["/feed"] = answer(rss(item("/1?utm_source=feed"), item("/2#x")))
    server.routes |= {"/1": answer(page(1)), "/2": answer(page(2))}
    assert nights.collect(feeds=[server.url("/feed")]).new == 2
    server.routes["/feed"] = answer(rss(item("/1"), item("/2"), item("/3")))
    server.routes["/3"] = answer(page(3))
    assert nights.collect(feeds=[server.url("/feed")]).new == 1
    assert sorted(server.paths()) == ["/1", "/2", "/3", "/feed", "/feed", *["/robots.txt"] * 2]
    (article, *_) = nights.articles()
    assert (article.publisher, article.published) == ("Brackwater Post", dt.date(2031, 5, 5))


def test_page_in_two_feeds_is_fetched_once(nights, server):
    server.routes |= {"/f1": answer(rss(item("/1"))), "/f2": answer(rss(item("/1?utm_medium=b")))}
    server.routes["/1"] = answer(page(1))
    nights.collect(feeds=[server.url("/f1"), server.url("/f2")])
    assert server.paths().count("/1") == 1


@pytest.mark.parametrize("same_bytes", [True, False])
def test_unchanged_feed_costs_no_page(nights, server, same_bytes):
    feed = rss(item("/1"))
    server.routes["/feed"] = answer(feed) if same_bytes else conditional(feed, etag='"f"')
    server.routes["/1"] = answer(page(1))
    for _ in range(2):
        nights.collect(feeds=[server.url("/feed")])
    assert "feed unchanged" in nights.events()
    assert server.paths().count("/1") == 1


def test_page_is_fetched_again_when_its_entry_was_updated(nights, server):
    entry = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Post</title><entry><title>A</title>'
        '<link href="/1"/><updated>{}</updated></entry></feed>'
    )
    server.routes["/1"] = conditional(page(1), etag='"v1"')
    for moment in ("2031-05-05T10:00:00Z", "2031-05-05T10:00:01Z", "2031-05-06T09:00:00Z"):
        server.routes["/feed"] = answer(entry.format(moment))
        nights.collect(feeds=[server.url("/feed")])
    known = [one.headers.get("if-none-match") for one in server.asked if one.path == "/1"]
    assert known == [None, '"v1"']


def test_feed_whose_pages_failed_is_asked_for_all_of_it_next_night(nights, server):
    server.routes["/feed"] = conditional(rss(item("/1")), etag='"f"')
    server.routes["/1"] = in_turn(answer("", 500), answer("", 500), answer(page(1)))
    first = nights.collect(feeds=[server.url("/feed")])
    assert reasons(first) == {server.url("/1"): SkipReason.UNREACHABLE}
    assert nights.state.fetches.failing() == []  # the feed itself is well
    assert nights.collect(feeds=[server.url("/feed")]).new == 1
    nights.collect(feeds=[server.url("/feed")])
    known = [one.headers.get("if-none-match") for one in server.asked if one.path == "/feed"]
    assert known == [None, None, '"f"']


def test_page_that_is_gone_for_good_is_told_once_and_not_asked_again(nights, server, monkeypatch):
    server.routes["/feed"] = answer(rss(item("/1")))
    got = nights.collect(feeds=[server.url("/feed")])
    assert reasons(got) == {server.url("/1"): SkipReason.UNREACHABLE}
    tell(monkeypatch, 2)
    assert nights.collect(feeds=[server.url("/feed")]).skipped == ()
    assert server.paths().count("/1") == 1


@pytest.mark.parametrize(
    "route", [answer("", 403), answer("", 500), answer("<p>Please log in.</p>")]
)
def test_text_of_the_entry_stands_in_for_its_page(nights, server, route):
    text = f"<p>{STORY.format(7)}</p><script>alert(1)</script>"
    date = NIGHT - 3 * DAY  # a page that may yet be had is waited for
    feed = rss(item("/1", text=text, date=date))
    server.routes |= {"/feed": answer(feed), "/1": route}
    got = nights.collect(feeds=[server.url("/feed")])
    (article,) = nights.articles()
    assert (got.new, got.skipped, article.source) == (1, (), server.url("/1"))
    assert "alert" not in article.text
    server.routes |= {
        "/feed": answer(rss(item("/1", text=text, date=date), item("/1", date=date))),
        "/1": answer(page(7)),
    }
    assert nights.collect(feeds=[server.url("/feed")]).new == 0


def test_robots_txt_is_kept_to(nights, server):
    server.routes["/robots.txt"] = answer(
        "User-agent: *\nDisallow: /1\nCrawl-delay: 3\n", kind="text/plain"
    )
    server.routes |= {"/feed": answer(rss(item("/1"), item("/2"))), "/2": answer(page(2))}
    got = nights.collect(feeds=[server.url("/feed")])
    assert reasons(got) == {server.url("/1"): SkipReason.FORBIDDEN}
    assert server.paths() == ["/robots.txt", "/feed", "/2"]
    assert nights.clock.slept == [3.0, 3.0]


def test_old_entries_are_passed_over_and_missed_nights_caught_up(nights, server):
    old = item("/1", date=NIGHT - 19 * DAY)
    server.routes |= {"/feed": answer(rss(old)), "/1": answer(page(1))}
    nights.clock.moment = NIGHT - 18 * DAY  # before the entry
    run = nights.state.runs.start(nights.clock.utc())
    assert nights.collect(feeds=[server.url("/f")]).new == 0
    nights.clock.moment = NIGHT
    assert nights.collect(feeds=[server.url("/feed")]).new == 0
    nights.state.runs.end(run.number, Outcome.DONE, nights.clock.utc())
    server.routes["/feed"] = answer(rss(old, item("/gone")))
    assert nights.collect(feeds=[server.url("/feed")]).new == 1


def test_newest_entries_are_read_where_there_are_too_many(nights, server):
    items = [item(f"/{n}", date=NIGHT - DAY + n * dt.timedelta(minutes=1)) for n in range(1000)]
    server.routes["/feed"] = answer(rss(*items))
    server.routes |= {f"/{n}": answer(page(n)) for n in (998, 999)}
    got = nights.collect(feeds=[server.url("/feed")], fetch={"max_entries": 2, "robots": False})
    assert (got.new, len(server.asked)) == (2, 3)


def test_hostile_entries_are_no_way_in(nights, server):
    links = ["javascript:alert(1)", "file:///etc/passwd", "http://ada:pw@h.example/", "http://["]
    server.routes["/feed"] = answer(rss(*map(item, links), item("http://169.254.169.254/x")))
    got = nights.collect(feeds=[server.url("/feed")])
    assert reasons(got) == {
        server.url("/feed"): SkipReason.FORBIDDEN,
        "http://169.254.169.254/x": SkipReason.FORBIDDEN,
    }
    assert "4 of its entries" in got.skipped[0].detail
    assert server.paths() == ["/robots.txt", "/feed"]


def test_page_in_the_place_of_a_feed_is_told(nights, server):
    server.routes["/feed"] = answer(page(1))
    for _ in range(2):
        got = nights.collect(feeds=[server.url("/feed")])
        assert reasons(got) == {server.url("/feed"): SkipReason.UNREADABLE}


def test_feed_without_entries_is_no_failure(nights, server):
    server.routes["/feed"] = answer(rss())
    assert nights.collect(feeds=[server.url("/feed")]).skipped == ()


def test_feed_that_fails_keeps_no_other_from_being_read(nights, server):
    server.routes |= {"/feed": answer(rss(item("/1"))), "/1": answer(page(1))}
    got = nights.collect(feeds=[server.url("/gone"), server.url("/feed")])
    assert (got.new, reasons(got)) == (1, {server.url("/gone"): SkipReason.UNREACHABLE})


def test_host_that_wants_a_pause_is_left_alone_until_then(nights, server):
    server.routes |= {
        "/f1": answer("", 429, Retry_After="7200"),
        "/f2": answer(rss(item("/1"))),
    }
    feeds = [server.url("/f1"), server.url("/f2")]
    got = nights.collect(feeds=feeds)
    assert set(reasons(got)) == set(feeds)
    nights.clock.moment += dt.timedelta(hours=1)
    nights.collect(feeds=feeds)
    assert server.paths() == ["/robots.txt", "/f1"]
    nights.clock.moment += dt.timedelta(hours=2)
    nights.collect(feeds=feeds)
    assert server.paths() == ["/robots.txt", "/f1"] * 2


def test_nothing_is_asked_after_the_time_for_fetching(nights, server):
    server.routes |= {"/a": answer(page(1)), "/b": answer(page(2))}
    pages = [server.url("/a"), server.url("/b")]
    got = nights.collect(pages=pages, fetch={"delay_s": 5}, until=4.0)
    assert (got.new, server.paths()) == (1, ["/robots.txt", "/a"])
    assert "asked next night" in got.skipped[0].detail


def test_page_moved_for_good_is_noted(nights, server):
    server.routes |= {"/a": redirect("/b", 301), "/b": answer(page(1))}
    nights.collect(pages=[server.url("/a")])
    assert "moved for good" in nights.events()
    assert nights.sources() == [server.url("/b")]


@pytest.mark.parametrize("last", [1, 2, 3])
def test_run_that_is_killed_loses_nothing(nights, server, inbox, monkeypatch, last):
    server.routes["/feed"] = conditional(rss(item("/1"), item("/2")), etag='"f"')
    server.routes |= {"/1": answer(page(11)), "/2": answer(page(12))}
    server.routes["/3"] = answer("<p>Too short.</p>")
    everything = {"folders": [inbox], "feeds": [server.url("/feed")], "pages": [server.url("/3")]}
    add, left = Intake.add, [last]

    def killed(self: Intake, *args: Any, **options: Any) -> None:
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt
        add(self, *args, **options)

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Intake, "add", killed)
        nights.collect(**everything)
    got = nights.collect(**everything)
    assert got.new == 4 - last
    assert reasons(got) == {server.url("/3"): SkipReason.TOO_SHORT}
    assert sorted(nights.sources()) == [server.url("/1"), server.url("/2"), "one.txt"]


# --- reading ----------------------------------------------------------------------------------


class PickyReader(HereReader):
    """Reads all but documents with certain words, where it raises; every one is noted."""

    def __init__(self, faults: dict[str, Exception]) -> None:
        self.faults = faults
        self.read: list[str] = []

    def article(self, data: bytes, **details: Any) -> Article:
        self.read.append(details["source"])
        for word, fault in self.faults.items():
            if word.encode() in data:
                raise fault
        return super().article(data, **details)


HOSTILE = ArticleError("x.html", SkipReason.UNREADABLE, "reading it took more than 20 seconds")
LATER = LeftForLater("x.html", "the time for reading was over; it is read next night")


def test_nothing_is_started_for_plain_text_and_what_is_known(nights, inbox, server, monkeypatch):
    nights.reader = None
    (inbox / "two.md").write_text(STORY.format(2))
    server.routes["/feed"] = conditional(rss(), etag='"f"')
    server.routes["/page"] = answer(page(3))
    web = {"feeds": [server.url("/feed")], "pages": [server.url("/page")]}
    assert nights.collect(**web).new == 1

    def fail(*args: Any) -> None:
        raise AssertionError("a child was started")

    monkeypatch.setattr("summarizer.digest.reading._Child", fail)
    got = nights.collect(folders=[inbox], **web)
    assert (got.new, got.unchanged, got.skipped) == (2, 1, ())


def test_file_that_harms_its_reader_is_read_once(nights, inbox):
    (inbox / "x.html").write_text(page(2, "harm"))
    nights.reader = PickyReader({"harm": HOSTILE})
    for _ in range(2):
        assert reasons(nights.collect(folders=[inbox])) == {"x.html": SkipReason.UNREADABLE}
    assert nights.reader.read == ["one.txt", "x.html"]


def test_page_that_harms_its_reader_is_read_once(nights, server):
    server.routes["/feed"] = answer(rss(item("/1"), item("/2")))
    server.routes |= {"/1": answer(page(1, "harm")), "/2": answer(page(2))}
    nights.reader = PickyReader({"harm": HOSTILE})
    for _ in range(2):
        nights.collect(feeds=[server.url("/feed")])
    again = server.url("/1")  # the text of its entry, which might stand in for it
    assert sorted(nights.reader.read) == [server.url("/1"), again, server.url("/2")]
    assert nights.sources() == [server.url("/2")]


def test_feed_that_harms_its_reader_is_told_and_asked_again_each_night(nights, server, monkeypatch):
    server.routes["/feed"] = conditional(rss(item("/1")), etag='"f"')
    server.routes["/1"] = answer(page(1))
    harmed = Feed(note="reading it took more than 20 seconds: it is damaged or hostile")
    with monkeypatch.context() as patched:
        patched.setattr(HereReader, "feed", lambda *args, **options: harmed)
        for _ in range(2):
            got = nights.collect(feeds=[server.url("/feed")])
            assert [one.detail for one in got.skipped] == [harmed.note]
    assert nights.collect(feeds=[server.url("/feed")]).new == 1


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("", answer(page(2, "late"))),
        ("<p>late</p>", answer("<p>Please log in.</p>")),
        ("<p>late</p>", answer("", 403)),
    ],
)
def test_what_is_left_for_later_is_read_next_night(nights, server, inbox, text, route):
    (inbox / "x.html").write_text(page(1, "late"))
    entry = text + f"<p>{STORY.format(2)}</p>" if text else ""
    nameless = item("javascript:1", text=f"<p>late</p><p>{STORY.format(3)}</p>")
    server.routes["/feed"] = conditional(rss(item("/1", text=entry), nameless), etag='"f"')
    server.routes["/1"] = route
    everything = {"folders": [inbox], "feeds": [server.url("/feed")]}
    nights.reader = PickyReader({"late": LATER})
    got = nights.collect(**everything)
    assert got.new == 1
    assert {one.detail for one in got.skipped} == {LATER.detail}
    nights.reader = HereReader()
    got = nights.collect(**everything)
    assert (got.new, got.unchanged, got.skipped) == (3, 1, ())


def test_no_page_is_read_after_the_time_but_plain_text_is(nights, inbox, server, monkeypatch):
    nights.reader = None
    (inbox / "x.html").write_text(page(2))
    nights.clock.sleep(5)
    got = nights.collect(folders=[inbox], until=4.0)
    assert (got.new, reasons(got)) == (1, {"x.html": SkipReason.UNREACHABLE})
    assert nights.collect(folders=[inbox], until=6.0).new == 1
