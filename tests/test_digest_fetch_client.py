"""One request to a server that misbehaves: what comes of it, and that it ends."""

from __future__ import annotations

import datetime as dt
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import httpcore2
import pytest

from summarizer.data import SkipReason
from summarizer.digest.clock import Clock
from summarizer.digest.config import Fetch
from summarizer.digest.fetch import network
from summarizer.digest.fetch.client import Errand, Fetched, Fetcher, TimedOut
from summarizer.digest.fetch.failures import FetchFailed
from summarizer.digest.state.records import FetchRecord
from tests.feed_server import (
    FeedServer,
    answer,
    bomb,
    conditional,
    endless,
    in_turn,
    packed,
    redirect,
)

NOW = dt.datetime(2031, 5, 6, 2, 0, tzinfo=dt.UTC)
PAGE = "<p>The ferry of Brackwater sails again.</p>"
MOST = 20_000
Make = Callable[..., Fetcher]


class StoppedClock(Clock):
    def now(self) -> dt.datetime:
        return NOW


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as running:
        yield running


@pytest.fixture
def fetchers() -> Iterator[Make]:
    made: list[Fetcher] = []

    def make(*, sleep: Any = lambda seconds: None, resolve: Any = None, **options: Any) -> Fetcher:
        options = {"max_bytes": MOST, "allow": ("127.0.0.0/8",), "robots": False} | options
        looks_up = {"resolve": resolve} if resolve else {}
        made.append(Fetcher(Fetch(**options), StoppedClock(), sleep=sleep, **looks_up))
        return made[-1]

    yield make
    for fetcher in made:
        fetcher.close()


def failure(fetcher: Fetcher, url: str, known: FetchRecord | None = None) -> FetchFailed:
    with pytest.raises(FetchFailed) as caught:
        fetcher.get(url, known=known)
    return caught.value


def test_page_comes_with_what_its_headers_say(server, fetchers):
    server.routes["/a"] = answer(PAGE, kind="Text/HTML; Charset='utf-8'", ETag='"v1"')
    got = fetchers().get(server.url("/a"))
    assert got.body == PAGE.encode()
    assert (got.media_type, got.encoding, got.etag) == ("text/html", "utf-8", '"v1"')
    (asked,) = server.asked
    assert asked.headers["user-agent"].startswith("summarizer/")
    assert asked.headers["accept-encoding"] == "gzip, deflate"
    assert "cookie" not in asked.headers


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "raw"])
def test_packed_pages_are_unpacked(server, fetchers, encoding):
    server.routes["/a"] = packed(PAGE.encode(), encoding)
    assert fetchers().get(server.url("/a")).body == PAGE.encode()


def test_several_gzip_files_in_a_row_are_one_page(server, fetchers):
    two = packed(b"one ").split(b"\r\n\r\n", 1)[1] + packed(b"two").split(b"\r\n\r\n", 1)[1]
    server.routes["/a"] = answer(two, Content_Encoding="gzip")
    assert fetchers().get(server.url("/a")).body == b"one two"


@pytest.mark.parametrize(
    ("route", "message"),
    [
        (answer(b"x" * (MOST + 1)), "larger than"),
        (answer(b"", length=10**12), "larger than"),
        (answer(b"", length=10**30), "proper HTTP"),
        (bomb(), "larger than"),
        (answer(b"x" * 100, length=200), "broke off"),
        (packed(b"x" * 100, cut=5), "broke off"),
        (packed(b"x" * 100, "deflate", cut=5), "broke off"),
        (answer(b"\x1f\x8b no gzip", Content_Encoding="gzip"), "damaged"),
        (answer(b"x", Content_Encoding="br"), "not asked for"),
        (answer(b"x", Content_Encoding="gzip, gzip"), "not asked for"),
        (b"HTTP/9 what\r\n\r\n", "proper HTTP"),
        (b"\x00\xff" * 50, "proper HTTP"),
        (b"", "connection"),
        (answer(PAGE, 304), "status 304"),
        (answer(PAGE, 206), "status 206"),
        (answer(PAGE, 403), "refuses"),
        (answer(PAGE, 404), "nothing at this address"),
        (answer(PAGE, 410), "for good"),
        (answer(PAGE, 418), "status 418"),
        (redirect(""), "nowhere"),
        (redirect("file:///etc/passwd"), "what may not be asked"),
        (redirect("javascript:alert(1)"), "what may not be asked"),
        (redirect("http://ada:secret@127.0.0.1/"), "user name or password"),
        (redirect("ftp://ada:secret@files.example/"), "no http"),
        (redirect("http://[broken/"), "no host"),
        (redirect("http://169.254.169.254/latest/meta-data"), "fetch.allow"),
        (redirect("/a#again"), "circle"),
    ],
)
def test_misbehaving_server_is_a_failure_that_says_what(server, fetchers, route, message):
    server.routes["/a"] = route
    failed = failure(fetchers(), server.url("/a"))
    assert message in failed.detail
    assert "secret" not in failed.detail


def test_endless_body_ends_at_the_limit(server, fetchers):
    server.routes["/a"] = lambda asked: endless()
    assert "larger than" in failure(fetchers(), server.url("/a")).detail


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"])
def test_server_that_drips_ends_with_the_time_for_all_of_it(server, fetchers, start):
    """Each byte comes in time, of the head or of the body; all together they would take 80 s."""
    data = b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 4000

    def drip(asked: object) -> Iterator[bytes]:
        yield start
        yield from server.slowly(data)

    server.routes["/a"] = drip
    failed = failure(fetchers(total_s=0.2), server.url("/a"))
    assert failed.detail == "the server took longer than 0.2 s for all of it"
    assert isinstance(failed, TimedOut)


def test_endless_line_of_redirects_shares_one_time_limit(server, fetchers):
    def slow(asked: Any) -> Iterator[bytes]:
        server.stopping.wait(0.06)
        yield redirect(asked.path + "x")

    for n in range(20):
        server.routes["/" + "x" * n] = slow
    failed = failure(fetchers(total_s=0.2, max_redirects=20), server.url("/"))
    assert "longer than 0.2 s" in failed.detail
    assert len(server.asked) < 10


def test_silent_server_is_left(server, fetchers):
    server.routes["/a"] = lambda asked: server.silence()
    failed = failure(fetchers(timeout_s=0.1), server.url("/a"))
    assert "silent for 0.1 s" in failed.detail
    assert isinstance(failed, TimedOut)


def test_redirects_are_followed_as_far_as_allowed(server, fetchers):
    for n in range(4):
        server.routes[f"/{n}"] = redirect(f"/{n + 1}#part")
    server.routes["/4"] = answer(PAGE)
    got = fetchers(max_redirects=4).get(server.url("/0"))
    assert (got.errand.wanted, got.errand.url) == (server.url("/0"), server.url("/4"))
    assert got.moved_to is None
    failed = failure(fetchers(max_redirects=3), server.url("/0"))
    assert failed.detail == "the server redirects more than 3 times"


@pytest.mark.parametrize(
    ("statuses", "moved"), [((301, 308), True), ((308,), True), ((301, 302), False), ((), False)]
)
def test_moves_for_good_are_told(server, fetchers, statuses, moved):
    for n, status in enumerate(statuses):
        server.routes[f"/{n}"] = redirect(f"/{n + 1}", status)
    server.routes[f"/{len(statuses)}"] = answer(PAGE)
    got = fetchers().get(server.url("/0"))
    assert got.moved_to == (server.url(f"/{len(statuses)}") if moved else None)


def test_redirect_loop_over_two_pages_is_told(server, fetchers):
    server.routes |= {"/a": redirect("/b"), "/b": redirect("/a")}
    assert "circle" in failure(fetchers(), server.url("/a")).detail


def test_redirect_from_an_allowed_host_to_a_private_address_is_refused(server, fetchers):
    server.routes |= {"/a": redirect(server.url("/b")), "/b": answer(PAGE)}
    fetcher = fetchers(allow=("feeds.example",), resolve=lambda host, port: ["127.0.0.1"])
    failed = failure(fetcher, server.url("/a", "feeds.example"))
    assert failed.reason is SkipReason.FORBIDDEN
    assert server.paths() == ["/a"]


@pytest.mark.parametrize("allow", ["nas.lan", "127.0.0.0/8"])
def test_what_is_not_the_users_own_is_public_whatever_is_allowed(server, fetchers, allow):
    server.routes["/a"] = answer(PAGE)
    fetcher = fetchers(allow=(allow,), resolve=_everywhere)
    got = fetcher.advance(Errand(server.url("/a", "nas.lan")))
    assert isinstance(got, Fetched) and got.inside
    with pytest.raises(FetchFailed) as caught:
        fetcher.advance(Errand(server.url("/a", "nas.lan"), own=False))
    assert caught.value.reason is SkipReason.FORBIDDEN
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("record", "header"),
    [
        (FetchRecord(url="x", etag='"v1"'), "if-none-match"),
        (FetchRecord(url="x", last_modified="Mon, 05 May 2031 01:00:00 GMT"), "if-modified-since"),
    ],
)
def test_what_is_known_is_not_sent_again(server, fetchers, record, header):
    server.routes["/a"] = conditional(PAGE, etag=record.etag, modified=record.last_modified)
    got = fetchers().get(server.url("/a"), known=record)
    assert (got.status, got.body) == (304, None)
    assert header in server.asked[0].headers


KNOWN = FetchRecord(url="x", etag='"v1"', last_modified="Mon, 05 May 2031 01:00:00 GMT")


def _everywhere(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


def test_what_one_host_gave_is_not_sent_to_another(server, fetchers):
    server.routes |= {
        "/a": redirect(server.url("/b", "other.example")),
        "/b": conditional(PAGE, etag='"v1"'),
    }
    got = fetchers(resolve=_everywhere).get(server.url("/a", "one.example"), known=KNOWN)
    assert (got.body, got.etag) == (PAGE.encode(), "")  # next night it would go to the first
    first, second = server.asked
    assert first.headers["if-none-match"] == '"v1"'
    assert not {"if-none-match", "if-modified-since"} & set(second.headers)


def test_another_host_cannot_say_that_nothing_has_changed(server, fetchers):
    server.routes |= {
        "/a": redirect(server.url("/b", "other.example")),
        "/b": answer("", 304),
    }
    failed = failure(fetchers(resolve=_everywhere), server.url("/a", "one.example"), KNOWN)
    assert (failed.status, failed.reason) == (304, SkipReason.UNREACHABLE)


def test_what_a_host_gave_is_sent_on_within_its_outlet(server, fetchers):
    server.routes |= {
        "/a": redirect(server.url("/b", "www.one.example"), 301),
        "/b": conditional(PAGE, etag='"v1"'),
    }
    got = fetchers(resolve=_everywhere).get(server.url("/a", "one.example"), known=KNOWN)
    assert (got.status, got.body) == (304, None)


@pytest.mark.parametrize("odd", ["x" * 501, "\u00e9", ""])
def test_odd_validators_are_not_kept(server, fetchers, odd):
    server.routes["/a"] = answer(PAGE, ETag=odd)
    assert fetchers().get(server.url("/a")).etag == ""


def test_server_faults_are_asked_again_once(server, fetchers):
    slept: list[float] = []
    server.routes["/a"] = in_turn(answer("", 500), answer(PAGE))
    assert fetchers(sleep=slept.append).get(server.url("/a")).body == PAGE.encode()
    server.routes["/b"] = answer("", 502)
    failed = failure(fetchers(sleep=slept.append), server.url("/b"))
    assert (failed.status, slept) == (502, [1.0, 1.0])
    assert server.paths() == ["/a", "/a", "/b", "/b"]


def test_what_is_not_there_is_not_asked_for_again(server, fetchers):
    failure(fetchers(), server.url("/a"))
    assert server.paths() == ["/a"]


def test_server_that_is_down_is_a_failure_and_tried_twice(fetchers):
    slept: list[float] = []
    with FeedServer() as server:
        url = server.url("/a")
    assert "no connection" in failure(fetchers(sleep=slept.append), url).detail
    assert slept == [1.0]


@pytest.mark.parametrize(
    ("status", "value", "pause"),
    [
        (429, "120", 120.0),
        (503, "120", 120.0),
        (429, "Tue, 06 May 2031 02:10:00 GMT", 600.0),
        (429, "Tue, 06 May 2031 01:00:00 GMT", 0.0),
        (429, "86400", 72000.0),  # less than from one night to the next
        (429, "9" * 400, 72000.0),
        (429, "Tue, 06 May 9999 02:10:00 GMT", 72000.0),
        (429, "soon", None),
        (429, "-5", None),
        (429, "", None),
    ],
)
def test_server_that_wants_a_pause_gets_it(server, fetchers, status, value, pause):
    server.routes["/a"] = answer("", status, Retry_After=value)
    failed = failure(fetchers(), server.url("/a"))
    assert (failed.pause_s, failed.stop, failed.status) == (pause, True, status)
    assert server.paths() == ["/a"]


def test_cookies_are_not_kept(server, fetchers):
    server.routes |= {
        "/a": answer("", 302, Location="/b", Set_Cookie="who=ada; Path=/"),
        "/b": answer(PAGE, Set_Cookie="who=eve; Path=/"),
    }
    fetcher = fetchers()
    for _ in range(2):
        fetcher.get(server.url("/a"))
    assert all("cookie" not in asked.headers for asked in server.asked)


def test_proxies_of_the_environment_are_not_asked(server, fetchers, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.routes["/a"] = answer(PAGE)
    assert fetchers().get(server.url("/a")).body == PAGE.encode()


@pytest.mark.parametrize("url", ["http://2130706433:{}/a", "http://0x7f.1:{}/a"])
def test_odd_notations_of_a_private_address_are_refused(server, fetchers, url):
    failed = failure(fetchers(allow=()), url.format(server.port))
    assert failed.reason is SkipReason.FORBIDDEN
    assert not server.asked


def test_connection_goes_to_the_address_that_was_checked(fetchers, monkeypatch):
    """The name's second address is never asked for, so that changing it gains nothing."""
    answers = iter([["93.184.215.14"], ["127.0.0.1"]])
    looked_up: list[str] = []
    connected: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        looked_up.append(host)
        return next(answers)

    def connect(self: object, host: str, *others: Any) -> Any:
        connected.append(host)
        raise httpcore2.ConnectError("no network in tests")

    monkeypatch.setattr(httpcore2.SyncBackend, "connect_tcp", connect)
    failed = failure(fetchers(allow=(), resolve=resolve), "http://rebind.example/")
    # The second attempt looks the name up again, and refuses what it finds.
    assert (connected, looked_up) == (["93.184.215.14"], ["rebind.example"] * 2)
    assert failed.reason is SkipReason.FORBIDDEN


def test_certificate_is_checked_for_the_name_and_not_for_the_address(fetchers, monkeypatch):
    handshakes: list[tuple[object, ...]] = []

    class Stream(httpcore2.NetworkStream):
        def start_tls(self, context: Any, name: Any = None, timeout: Any = None) -> Any:
            handshakes.append((name, context.check_hostname, context.verify_mode))
            raise httpcore2.ConnectError("no certificate in tests")

        def close(self) -> None:
            """Nothing is open."""

    monkeypatch.setattr(httpcore2.SyncBackend, "connect_tcp", lambda *args: Stream())
    fetcher = fetchers(allow=(), resolve=lambda host, port: ["93.184.215.14"])
    failure(fetcher, "https://safe.example/")
    assert handshakes == [("safe.example", True, ssl.CERT_REQUIRED)] * 2


def test_private_addresses_among_public_ones_are_not_tried(fetchers, monkeypatch):
    connected: list[str] = []

    def connect(self: object, host: str, *others: Any) -> Any:
        connected.append(host)
        raise httpcore2.ConnectError("no network in tests")

    monkeypatch.setattr(httpcore2.SyncBackend, "connect_tcp", connect)
    resolve = lambda host, port: ["10.0.0.1", "93.184.215.14", "::1"]  # noqa: E731
    failure(fetchers(allow=(), resolve=resolve), "http://mixed.example/")
    assert connected == ["93.184.215.14"] * 2


def test_look_up_that_hangs_does_not_hold_the_request(server, fetchers):
    def resolve(host: str, port: int) -> list[str]:
        server.stopping.wait(5)
        return []

    failed = failure(fetchers(resolve=resolve, timeout_s=0.05), "http://slow.example/")
    assert "no connection within" in failed.detail


@pytest.mark.parametrize("error", [OSError("no such name"), UnicodeError("label too long")])
def test_name_without_address_is_a_failure(fetchers, error):
    def resolve(host: str, port: int) -> list[str]:
        raise error

    failed = failure(fetchers(resolve=resolve), "http://nowhere.example/")
    assert (failed.reason, failed.status) == (SkipReason.UNREACHABLE, 0)


def test_resolver_asks_the_system():
    assert "127.0.0.1" in network.look_up("127.0.0.1", 80)
