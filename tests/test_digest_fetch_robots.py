"""robots.txt as RFC 9309 has it, and many hosts asked at once, each politely."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from summarizer.data import SkipReason
from summarizer.digest.clock import Clock
from summarizer.digest.config import Fetch
from summarizer.digest.fetch.client import Errand, Fetched, Fetcher, TimedOut
from summarizer.digest.fetch.failures import FetchFailed
from summarizer.digest.fetch.robots import MAX_BYTES, Rules, agent_token
from summarizer.digest.fetch.rounds import LeftAlone, Rounds
from tests.feed_server import FeedServer, answer, endless, in_turn, redirect

PAGE = "<p>The ferry sails.</p>"


class StopWatch(Clock):
    """Stands still but for what is slept, by whatever thread."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return sum(self.slept)


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as running:
        running.routes["/a"] = answer(PAGE)
        yield running


def fetcher(**options: Any) -> Fetcher:
    options = {"allow": ("127.0.0.0/8",), "delay_s": 0.0} | options
    resolve = lambda host, port: [host if host[0].isdigit() else "127.0.0.1"]  # noqa: E731
    return Fetcher(Fetch(**options), Clock(), resolve=resolve, sleep=lambda seconds: None)


def robots(text: str | bytes, status: int = 200) -> bytes:
    return answer(text, status, kind="text/plain")


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: *\nDisallow:", True),
        ("User-agent: other\nDisallow: /", True),
        ("User-agent: Summarizer\nDisallow: /a", False),
        ("User-agent: summarizer\nAllow: /\n\nUser-agent: *\nDisallow: /", True),
        ("User-agent: *\nDisallow: /\nAllow: /a", True),
        ("User-agent: *\r\nDisallow: /*a$", False),
        ("\ufeffUser-agent: *\nDisallow: /a", False),
        ("<html>not found</html>", True),
        (b"\xff\xfe\x00", True),
        ("", True),
    ],
)
def test_rules_for_us_are_kept_to(server, text, allowed):
    server.routes["/robots.txt"] = robots(text)
    ours = fetcher()
    if allowed:
        assert ours.get(server.url("/a")).body == PAGE.encode()
    else:
        with pytest.raises(FetchFailed, match="robots.txt forbids") as caught:
            ours.get(server.url("/a"))
        assert caught.value.reason is SkipReason.FORBIDDEN
        assert server.paths() == ["/robots.txt"]


@pytest.mark.parametrize(
    ("route", "reason"),
    [
        (robots("", 404), None),
        (robots("", 401), None),
        (robots("", 403), None),
        (robots("", 410), None),
        (robots("", 500), SkipReason.FORBIDDEN),
        (robots("", 503), SkipReason.FORBIDDEN),
        (robots("", 429), SkipReason.FORBIDDEN),
        (redirect("http://10.0.0.1/robots.txt"), SkipReason.FORBIDDEN),
        (answer(b"x", length=50), SkipReason.UNREACHABLE),
    ],
)
def test_missing_rules_allow_and_faults_forbid(server, route, reason):
    server.routes["/robots.txt"] = route
    ours = fetcher()
    for _ in range(2):
        if reason is None:
            ours.get(server.url("/a"))
        else:
            with pytest.raises(FetchFailed, match="robots.txt") as caught:
                ours.get(server.url("/a"))
            assert caught.value.reason is reason
            assert "/a" not in server.paths()


def test_robots_txt_is_fetched_once_for_a_host(server):
    server.routes["/robots.txt"] = in_turn(robots("User-agent: *\nDisallow: /b"), robots("", 500))
    ours = fetcher()
    for path in ("/a", "/a"):
        ours.get(server.url(path))
    assert server.paths() == ["/robots.txt", "/a", "/a"]


def test_robots_txt_may_be_elsewhere(server):
    server.routes |= {
        "/robots.txt": redirect("/rules"),
        "/rules": robots("User-agent: *\nDisallow: /a"),
    }
    with pytest.raises(FetchFailed, match="forbids"):
        fetcher().get(server.url("/a"))


def test_rules_of_a_private_host_are_read_for_the_users_own_errands_alone(server):
    ours = fetcher()
    private = server.url("/a", "nas.lan")
    with pytest.raises(FetchFailed, match="what digest.toml itself names"):
        ours.advance(Errand(private, own=False))
    assert not server.asked
    assert ours.get(private).body == PAGE.encode()


def test_endless_robots_txt_is_read_as_far_as_it_counts(server):
    server.routes["/robots.txt"] = lambda asked: endless(b"User-agent: *\nDisallow: /a\n")
    with pytest.raises(FetchFailed):
        fetcher().get(server.url("/a"))


def test_place_that_a_redirect_leads_to_has_rules_too(server):
    server.routes |= {
        "/robots.txt": robots("User-agent: *\nDisallow: /b"),
        "/a": redirect("/b"),
    }
    with pytest.raises(FetchFailed, match="forbids"):
        fetcher().get(server.url("/a"))
    assert "/b" not in server.paths()


def test_the_config_may_pass_over_robots_txt(server):
    server.routes["/robots.txt"] = robots("User-agent: *\nDisallow: /")
    assert fetcher(robots=False).get(server.url("/a")).body == PAGE.encode()


@pytest.mark.parametrize(
    ("text", "delay"),
    [("Crawl-delay: 4", 4.0), ("Crawl-delay: 1e9", 30.0), ("Crawl-delay: nan", 0.0), ("", 0.0)],
)
def test_crawl_delay_counts_up_to_half_a_minute(text, delay):
    assert Rules(f"User-agent: *\n{text}\n", "summarizer").delay_s == delay


def test_rules_that_take_for_ever_are_refused():
    """As many agents, each with as many rules, as fit into what is read of a robots.txt."""
    text = "".join(f"User-agent: a{n}\n" for n in range(15_000)) + "Allow: /a\n" * 20_000
    assert len(text) < MAX_BYTES
    with pytest.raises(FetchFailed, match="more rules"):
        Rules(text, "summarizer")


_MANY_STARS = """
from summarizer.digest.fetch.robots import Rules
rules = Rules("User-agent: *\\nDisallow: /" + 20 * "*a" + "b$\\n", "summarizer")
for path in (1900 * "a", 20 * "a" + "b"):
    print(rules.allow("http://h.example/" + path))
"""


def test_stars_in_a_rule_take_no_time_for_each_way_to_match_them():
    """protego before 0.7 is busy with this one for longer than anybody waits."""
    command = [sys.executable, "-c", _MANY_STARS]
    found = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert found.stdout.split() == ["True", "False"]


@pytest.mark.parametrize(
    ("agent", "token"), [("summarizer/0.1", "summarizer"), ("Bot (x)", "Bot"), ("", "summarizer")]
)
def test_robots_txt_calls_us_by_our_product(agent, token):
    assert agent_token(agent) == token


# --- rounds -----------------------------------------------------------------------------------


def run(rounds: Rounds, *urls: str) -> dict[str, Fetched | FetchFailed]:
    with rounds:
        for url in urls:
            rounds.ask(Errand(url))
        return {errand.wanted: outcome for errand, outcome in rounds.outcomes()}


def make_rounds(ours: Fetcher, watch: StopWatch | None = None, **options: Any) -> Rounds:
    watch = watch or StopWatch()
    merged: dict[str, Any] = {"parallel": 4, "sleep": watch.slept.append} | options
    return Rounds(ours, monotonic=watch.monotonic, **merged)


def test_one_host_is_asked_for_one_thing_at_a_time(server):
    for n in range(8):
        server.routes[f"/{n}"] = lambda asked: (server.stopping.wait(0.01), answer(PAGE))[1]
    got = run(make_rounds(fetcher()), *(server.url(f"/{n}") for n in range(8)))
    assert all(isinstance(one, Fetched) for one in got.values())
    assert server.most_at_once == 1


def test_several_hosts_are_asked_at_once(server):
    together = threading.Barrier(3, timeout=10)
    server.routes["/a"] = lambda asked: (together.wait(), answer(PAGE))[1]
    urls = [server.url("/a", f"{name}.example") for name in "xyz"]
    got = run(make_rounds(fetcher(robots=False, allow=("127.0.0.0/8",))), *urls)
    assert [type(got[url]) for url in urls] == [Fetched] * 3


def test_no_more_hosts_than_configured_are_asked_at_once(server):
    server.routes["/a"] = lambda asked: (server.stopping.wait(0.02), answer(PAGE))[1]
    urls = [server.url("/a", f"h{n}.example") for n in range(6)]
    run(make_rounds(fetcher(robots=False), parallel=2), *urls)
    assert server.most_at_once <= 2


def test_pauses_are_made_between_requests_to_one_host(server):
    watch = StopWatch()
    run(make_rounds(fetcher(delay_s=2.0, robots=False), watch), *[server.url("/a")] * 3)
    assert watch.slept == [2.0, 2.0]


def test_way_that_leads_to_another_host_waits_for_its_turn(server):
    """Pages of one host reached over another are asked with that host's pauses."""
    watch = StopWatch()
    for n in range(3):
        server.routes[f"/{n}"] = redirect(server.url("/a", "other.example"))
    urls = [server.url(f"/{n}", f"h{n}.example") for n in range(3)]
    got = run(make_rounds(fetcher(delay_s=2.0, robots=False), watch, parallel=1), *urls)
    assert set(got) == set(urls)
    assert watch.slept == [2.0, 2.0]


def test_redirect_loop_over_two_hosts_ends(server):
    server.routes["/x"] = lambda asked: redirect(
        server.url("/x", "b.example" if "a.example" in asked.headers["host"] else "a.example")
    )
    url = server.url("/x", "a.example")
    failed = run(make_rounds(fetcher(robots=False)), url)[url]
    assert isinstance(failed, FetchFailed) and "circle" in failed.detail


def test_host_that_has_had_enough_is_left_alone(server):
    server.routes["/a"] = answer("", 429)
    urls = [server.url("/a"), server.url("/b"), server.url("/c")]
    got = run(make_rounds(fetcher(robots=False)), *urls)
    assert all(isinstance(one, FetchFailed) for one in got.values())
    assert server.paths() == ["/a"]


def test_host_that_was_too_slow_three_times_is_left_and_no_other(server, monkeypatch):
    ours = fetcher(robots=False)
    advanced: list[str] = []

    def advance(errand: Errand) -> Fetched:
        advanced.append(errand.url)
        raise TimedOut("silence") if "slow" in errand.url else FetchFailed("a fault")

    monkeypatch.setattr(ours, "advance", advance)
    urls = [f"http://{host}.example/{n}" for n in range(5) for host in ("slow", "fast")]
    got = run(make_rounds(ours), *urls)
    assert sorted(advanced) == sorted(
        url for url in urls if not url.endswith(("slow.example/3", "slow.example/4"))
    )
    left = [one for one in got.values() if isinstance(one, LeftAlone)]
    assert [one.host for one in left] == ["slow.example"] * 2
    assert left[0].detail == "slow.example was too slow 3 times tonight: silence"


def test_rules_that_take_too_long_count_as_slow(server):
    server.routes["/robots.txt"] = lambda asked: server.silence()
    ours = fetcher(timeout_s=0.05)
    for _ in range(2):
        with pytest.raises(TimedOut, match="robots.txt"):
            ours.get(server.url("/a"))
    assert server.paths() == ["/robots.txt"]


def test_more_may_be_asked_while_outcomes_come(server):
    rounds = make_rounds(fetcher(robots=False))
    with rounds:
        rounds.ask(Errand(server.url("/a")))
        seen = []
        for errand, _ in rounds.outcomes():
            seen.append(errand.url)
            if len(seen) < 3:
                rounds.ask(Errand(server.url("/a")))
    assert len(seen) == 3


def test_exception_of_a_library_is_one_failure(server, monkeypatch):
    ours = fetcher(robots=False)

    def fail(errand: Errand) -> Fetched:
        raise KeyError("a hole")

    monkeypatch.setattr(ours, "advance", fail)
    (failed,) = run(make_rounds(ours), server.url("/a")).values()
    assert isinstance(failed, FetchFailed) and "KeyError" in failed.detail


def test_rounds_that_are_left_early_end(server):
    rounds = make_rounds(fetcher(robots=False), sleep=None)
    with pytest.raises(KeyboardInterrupt), rounds:
        for n in range(20):
            rounds.ask(Errand(server.url(f"/{n}")))
        raise KeyboardInterrupt
    for thread in rounds._threads:
        thread.join(10)
        assert not thread.is_alive()
