"""Ask one server for one page, whatever it answers."""

from __future__ import annotations

import datetime as dt
import email.utils
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import httpcore2
import httpx2
import tenacity

from summarizer.data import SkipReason
from summarizer.digest.clock import Clock
from summarizer.digest.config import Fetch
from summarizer.digest.fetch import robots
from summarizer.digest.fetch.body import ENCODINGS, read_body
from summarizer.digest.fetch.failures import FetchFailed, forbidden, refused
from summarizer.digest.fetch.network import (
    Monotonic,
    Resolve,
    failure_of,
    look_up,
    open_client,
)
from summarizer.digest.fetch.robots import Robots
from summarizer.digest.fetch.urls import checked, host_of, one_outlet, robots_url
from summarizer.digest.fetch.way import Way
from summarizer.digest.state.records import FetchRecord

Sleep = Callable[[float], None]

ACCEPT_FEED = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, "
    "text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
)
ACCEPT_PAGE = "text/html, application/xhtml+xml, text/plain;q=0.9, application/pdf;q=0.8, */*;q=0.1"
_ACCEPT_ROBOTS = "text/plain, */*;q=0.1"

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})
_WHOLE = frozenset({200, 203})
_ROBOTS_REDIRECTS = 5  # RFC 9309 section 2.3.1.2: at least
_RETRY_WAIT_S = 1.0
# However long a Retry-After asks, next night is asked again: also one that begins a little early.
_MAX_PAUSE_S = 20 * 3600.0
_MAX_VALIDATOR = 500  # characters of an ETag that are kept and sent back


@dataclass(frozen=True)
class Errand:
    """A page to be fetched, and how far that is.

    `via` are the URLs that were asked on the way and led on, the first of them the one wanted.
    `own` tells that fetch.allow holds for it: the configuration names it, or a host that
    fetch.allow opens led to it. What a public feed or page leads to is never the user's own.
    """

    url: str
    known: FetchRecord | None = None
    accept: str = ACCEPT_PAGE
    via: tuple[str, ...] = ()
    moved: bool = field(default=True, kw_only=True)  # every redirect so far was for good
    spent_s: float = field(default=0.0, kw_only=True)
    own: bool = field(default=True, kw_only=True)

    @property
    def wanted(self) -> str:
        """The URL that was wanted at first."""
        return self.via[0] if self.via else self.url


@dataclass(frozen=True)
class Fetched:
    """An answer that can be used.

    `body` is None where the server says that nothing has changed (304); `inside` tells that
    it came from a host that fetch.allow opens, and may lead to others such.
    """

    errand: Errand
    status: int
    body: bytes | None
    media_type: str = ""
    encoding: str | None = None
    etag: str = ""
    last_modified: str = ""
    inside: bool = False

    @property
    def moved_to(self) -> str | None:
        """The URL that the server says is the right one from now on, if it does."""
        return self.errand.url if self.errand.via and self.errand.moved else None


class TimedOut(FetchFailed):
    """The server, or the way to it, took too long."""


class Fetcher:
    """Asks servers, within all limits of the configuration; several threads may use it.

    Args:
        settings: the table fetch of digest.toml.
        clock: the wall's, for Retry-After.
        resolve: looks up names.
        sleep: waits before a second attempt.
        monotonic: the stop-watch of the deadlines.
    """

    def __init__(
        self,
        settings: Fetch,
        clock: Clock,
        *,
        resolve: Resolve = look_up,
        sleep: Sleep = time.sleep,
        monotonic: Monotonic = time.monotonic,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._sleep = sleep
        self._monotonic = monotonic
        self._backend = Way(settings.allow, resolve=resolve, monotonic=monotonic)
        self._agent = robots.agent_token(settings.user_agent)
        self._robots = Robots()
        self._client = open_client(
            self._backend,
            timeout_s=settings.timeout_s,
            headers={"user-agent": settings.identity, "accept-encoding": ENCODINGS},
        )

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def delay_s(self, url: str) -> float:
        """Return how long to leave the host of `url` alone between two requests."""
        try:
            rules = self._robots.get(robots_url(url)) if self._settings.robots else None
        except FetchFailed:
            rules = None
        return max(self._settings.delay_s, rules.delay_s if rules else 0.0)

    def get(self, url: str, *, known: FetchRecord | None = None) -> Fetched:
        """Fetch a checked URL, over all redirects.

        Raises:
            FetchFailed: it cannot be had.
        """
        step: Errand | Fetched = Errand(url, known)
        while isinstance(step, Errand):
            step = self.advance(step)
        return step

    def advance(self, errand: Errand) -> Fetched | Errand:
        """Ask until there is an answer, or the way leads to another host.

        An Errand returned is to be advanced when its host may be asked.

        Raises:
            FetchFailed: it cannot be had.
        """
        host = host_of(errand.url)
        while True:
            self._heed_robots(errand)
            step = self._ask(errand, self._settings.max_bytes)
            if isinstance(step, Fetched) or host_of(step.url) != host:
                return step
            errand = step

    def _heed_robots(self, errand: Errand) -> None:
        if not self._settings.robots:
            return
        place = robots_url(errand.url)
        rules = self._robots.get(place)
        if rules is None:
            try:
                rules = robots.Rules(self._robots_text(place, own=errand.own), self._agent)
            except FetchFailed as failure:
                found = robots.rules_without(failure, self._agent)
                if isinstance(found, FetchFailed):
                    if isinstance(failure, TimedOut):
                        found = TimedOut(found.detail, reason=found.reason)
                    # What is no way for this errand may be one for another, see Errand.own.
                    if errand.own or failure.status or failure.reason is not SkipReason.FORBIDDEN:
                        self._robots.keep(place, found)
                    raise found from failure
                rules = found
            self._robots.keep(place, rules)
        if not rules.allow(errand.url):
            raise forbidden("the site's robots.txt forbids it; take it out of the sources")

    def _robots_text(self, url: str, *, own: bool) -> str:
        step: Errand | Fetched = Errand(url, accept=_ACCEPT_ROBOTS, own=own)
        while isinstance(step, Errand):
            if len(step.via) > _ROBOTS_REDIRECTS:
                raise FetchFailed("too many redirects", status=404)  # as if there were none
            step = self._ask(step, robots.MAX_BYTES, prefix=True)
        return (step.body or b"").decode("utf-8", errors="replace")

    def _ask(self, errand: Errand, most: int, *, prefix: bool = False) -> Fetched | Errand:
        """Ask once, and once more where that may help."""
        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(2),
            wait=tenacity.wait_fixed(_RETRY_WAIT_S),
            retry=tenacity.retry_if_exception(lambda e: isinstance(e, FetchFailed) and e.again),
            sleep=self._sleep,
            reraise=True,
        )
        started = self._monotonic()
        left_s = self._settings.total_s - errand.spent_s
        with self._backend.within(left_s), self._backend.for_errand(own=errand.own):
            step: Fetched | Errand = retrying(self._once, errand, most, prefix)
        if isinstance(step, Errand):
            spent = errand.spent_s + self._monotonic() - started
            return replace(step, spent_s=spent)
        return step

    def _once(self, errand: Errand, most: int, prefix: bool) -> Fetched | Errand:
        headers = {"accept": errand.accept}
        if errand.known and errand.known.etag:
            headers["if-none-match"] = errand.known.etag
        if errand.known and errand.known.last_modified:
            headers["if-modified-since"] = errand.known.last_modified
        try:
            with self._client.stream("GET", errand.url, headers=headers) as answer:
                return self._read(errand, answer, most, prefix)
        except (
            httpcore2.TimeoutException,
            httpcore2.NetworkError,
            httpcore2.ProtocolError,
            httpcore2.UnsupportedProtocol,
        ) as error:
            if isinstance(error, httpcore2.TimeoutException) and self._backend.is_over():
                limit = f"{self._settings.total_s:g} s"
                detail = f"the server took longer than {limit} for all of it"
                raise TimedOut(detail) from error
            failure = failure_of(error, timeout_s=self._settings.timeout_s)
            if isinstance(error, httpcore2.TimeoutException):
                failure = TimedOut(failure.detail, again=failure.again)
            raise failure from error
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            # what httpx and h11 make of headers that nobody would write
            raise FetchFailed("the server does not speak proper HTTP") from error

    def _read(
        self, errand: Errand, answer: httpx2.Response, most: int, prefix: bool
    ) -> Fetched | Errand:
        status = answer.status_code
        inside = errand.own and self._backend.led_inside
        if status in _REDIRECTS:
            errand = replace(errand, own=inside)
            return self._follow(errand, status, answer.headers.get("location", ""))
        if status in (429, 503) and (failure := self._pause(answer)):
            raise failure
        if status == 304 and errand.known and (errand.known.etag or errand.known.last_modified):
            body = None
        elif status in _WHOLE:
            body = read_body(answer, most=most, prefix=prefix)
        else:
            raise refused(status)
        media_type, encoding = _content_type(answer.headers.get("content-type", ""))
        # Next night they are sent to the place that was wanted, which did not give others'.
        ours = one_outlet(host_of(errand.url), host_of(errand.wanted))
        return Fetched(
            errand=errand,
            status=status,
            body=body,
            media_type=media_type,
            encoding=encoding,
            etag=_validator(answer.headers.get("etag", "")) if ours else "",
            last_modified=_validator(answer.headers.get("last-modified", "")) if ours else "",
            inside=inside,
        )

    def _follow(self, errand: Errand, status: int, location: str) -> Errand:
        """Return the errand at the place that a redirect names, if that may be asked."""
        if not location:
            raise FetchFailed("the server redirects to nowhere", status=status)
        try:
            url = checked(location, base=errand.url).split("#", 1)[0]
        except FetchFailed as failure:
            raise forbidden(f"the server redirects to what may not be asked: {failure}") from None
        via = (*errand.via, errand.url)
        if url in via:
            raise FetchFailed("the server redirects in a circle", status=status)
        if len(via) > self._settings.max_redirects:
            raise FetchFailed(
                f"the server redirects more than {self._settings.max_redirects} times",
                status=status,
            )
        # What one outlet gave to know us again is nothing to another.
        known = errand.known if one_outlet(host_of(errand.url), host_of(url)) else None
        moved = errand.moved and status in _FOR_GOOD
        return replace(errand, url=url, via=via, moved=moved, known=known)

    def _pause(self, answer: httpx2.Response) -> FetchFailed | None:
        """Return the failure of a server that wants to be left alone for some time."""
        status = answer.status_code
        seconds = self._retry_after_s(answer.headers.get("retry-after", ""))
        if seconds is None and status == 503:
            return None
        failure = refused(429)
        asked = "" if seconds is None else f"; it asks for {seconds:.0f} s"
        detail = failure.detail if status == 429 else "the server is not ready (status 503)"
        return FetchFailed(detail + asked, status=status, pause_s=seconds, stop=True)

    def _retry_after_s(self, value: str) -> float | None:
        """Return the seconds that a Retry-After asks for, capped: RFC 9110 section 10.2.3."""
        value = value.strip()
        if value.isascii() and value.isdigit():
            return min(float(value[:20]), _MAX_PAUSE_S)
        try:
            moment = email.utils.parsedate_to_datetime(value[:100])
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=dt.UTC)
            seconds = (moment - self._clock.utc()).total_seconds()
        except (ValueError, TypeError, OverflowError, IndexError):
            return None
        return min(max(seconds, 0.0), _MAX_PAUSE_S)


def _content_type(value: str) -> tuple[str, str | None]:
    """Return the media type and the charset of a Content-Type header."""
    media_type, *parameters = value.split(";")
    for parameter in parameters:
        name, _, text = parameter.partition("=")
        if name.strip().lower() == "charset":
            return media_type.strip().lower(), text.strip(" \t\"'")[:40] or None
    return media_type.strip().lower(), None


def _validator(value: str) -> str:
    """Return an ETag or a date if it can be kept and sent back as it is."""
    return value if value.isascii() and value.isprintable() and len(value) <= _MAX_VALIDATOR else ""
