"""Fetch feeds, their entries and single pages, and take into the state what is new in them.

The network is the threads' of `rounds`; all here, every write to the state too, is the caller's.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from summarizer.data import SkippedArticle, SkipReason
from summarizer.digest.fetch.choice import choose, oldest_moment
from summarizer.digest.fetch.client import ACCEPT_FEED, Errand, Fetched, Fetcher, Sleep
from summarizer.digest.fetch.failures import FetchFailed, shown
from summarizer.digest.fetch.feeds import Feed, FeedEntry, read_feed
from summarizer.digest.fetch.kinds import kind_of
from summarizer.digest.fetch.network import Resolve, look_up
from summarizer.digest.fetch.rounds import Rounds
from summarizer.digest.fetch.urls import checked, host_of, same_page, without_credentials
from summarizer.digest.intake import Intake, input_hash
from summarizer.digest.state.records import FetchRecord
from summarizer.errors import ArticleError
from summarizer.pipeline import OnProgress, Progress
from summarizer.read import article_from_bytes

if TYPE_CHECKING:
    from summarizer.digest.config import DigestConfig

_PASSING = frozenset({408, 425, 429})
_PATIENCE = dt.timedelta(days=2)  # with a page that cannot be had tonight
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Network:
    """What a test may put in the place of the network's names and of time spent waiting."""

    resolve: Resolve = look_up
    sleep: Sleep | None = None


@dataclass
class _Feed:
    """A feed of this run; `record` is what is known of it, or will be once it is done with."""

    url: str
    record: FetchRecord
    title: str | None = None
    before: dt.datetime | None = None  # when it was last read
    open: int = 0  # entries whose page is not there yet
    settled: bool = True  # every entry is done with: next night only news is of interest


@dataclass
class _Page:
    """A page to be fetched; without an entry one that the configuration names."""

    url: str
    record: FetchRecord
    entry: FeedEntry | None = None
    feeds: list[_Feed] = field(default_factory=list)

    @property
    def publisher(self) -> str | None:
        return self.feeds[0].title if self.feeds else None


def collect_web(
    config: DigestConfig,
    pages: Iterable[str],
    intake: Intake,
    *,
    on_progress: OnProgress,
    until: float | None = None,
    network: Network | None = None,
) -> None:
    """Ask all feeds and `pages`, and take in what they bring; see sources.collect."""
    network = network or Network()
    web = _Web(config, intake)
    feeds = list(dict.fromkeys(web.addresses(config.sources.feeds)))
    singles = list(dict.fromkeys(map(same_page, web.addresses(pages))))
    if not feeds and not singles:
        return
    fetcher = Fetcher(
        config.fetch, intake.clock, resolve=network.resolve, sleep=network.sleep or time.sleep
    )
    rounds = Rounds(
        fetcher,
        parallel=config.fetch.parallel,
        monotonic=intake.clock.monotonic,
        sleep=network.sleep,
        until=float("inf") if until is None else until,
    )
    with rounds:
        web.start(rounds, feeds, singles)
        for done, (errand, outcome) in enumerate(rounds.outcomes(), 1):
            web.receive(errand, outcome)
            what = host_of(errand.url)
            on_progress(Progress(stage="web", done=done, total=done + rounds.open, what=what))


class _Web:
    """The feeds and pages of one run, and what becomes of each."""

    def __init__(self, config: DigestConfig, intake: Intake) -> None:
        self._config = config
        self._intake = intake
        self._state = intake.state
        self._journal = intake.journal
        self._clock = intake.clock
        self._oldest = oldest_moment(self._state, config.window, self._clock.utc())
        self._feeds: dict[str, _Feed] = {}
        self._pages: dict[str, _Page] = {}
        self._done: set[str] = set()  # pages whose answer has come

    def addresses(self, given: Iterable[str]) -> Iterable[str]:
        """Yield the addresses that may be asked, in normal form; report the others."""
        for text in given:
            try:
                yield checked(text).split("#", 1)[0]
            except FetchFailed as failure:
                self._intake.fail(shown(without_credentials(text)), failure.reason, failure.detail)

    def start(self, rounds: Rounds, feeds: Iterable[str], pages: Iterable[str]) -> None:
        """Ask for what the configuration names."""
        self._rounds = rounds
        for url in feeds:
            self._feeds[url] = _Feed(url, self._record(url))
        for url in pages:
            if url not in self._feeds:
                self._pages[url] = _Page(url, self._record(url))
        for feed in self._feeds.values():
            rounds.ask(Errand(feed.url, feed.record, ACCEPT_FEED))
        for page in self._pages.values():
            rounds.ask(Errand(page.url, page.record))

    def _record(self, url: str) -> FetchRecord:
        """Return what is known of `url`; its host is left alone where it has asked for that."""
        record = self._state.fetches.get(url) or FetchRecord(url=url)
        now = self._clock.utc()
        if record.not_before and record.not_before > now:
            until = record.not_before.astimezone(self._clock.now().tzinfo)
            detail = f"the server asked not to be asked before {until:%Y-%m-%d %H:%M}"
            self._rounds.leave_alone(url, FetchFailed(detail))
        return record

    def receive(self, errand: Errand, outcome: Fetched | FetchFailed) -> None:
        """Deal with what became of an errand."""
        url = errand.wanted
        if isinstance(outcome, Fetched) and outcome.moved_to:
            self._journal.note("moved for good", level="warning", url=url, to=outcome.moved_to)
        if feed := self._feeds.get(url):
            if isinstance(outcome, FetchFailed):
                self._failed(feed, outcome)
                self._intake.fail(feed.url, outcome.reason, outcome.detail)
                del self._feeds[url]
            else:
                self._read_feed(feed, outcome)
            return
        page = self._pages[url]
        self._done.add(url)
        settled = (
            self._without_page(page, outcome)
            if isinstance(outcome, FetchFailed)
            else self._read_page(page, outcome)
        )
        for feed in page.feeds:
            feed.open -= 1
            self._settle(feed, settled=settled)

    # --- feeds --------------------------------------------------------------------------------

    def _read_feed(self, feed: _Feed, answer: Fetched) -> None:
        content = input_hash("feed", answer.body) if answer.body is not None else ""
        if answer.body is None or content == feed.record.input_hash:
            feed.record = self._answered(feed.record, answer, feed.record.input_hash)
            self._state.fetches.note(feed.record)
            self._journal.note("feed unchanged", url=feed.url)
            return
        feed.before = feed.record.fetched
        found = read_feed(answer.body, url=answer.errand.url, encoding=answer.encoding)
        feed.record = self._answered(feed.record, answer, content)
        feed.title = found.title
        self._journal.note(
            "feed read",
            level="warning" if found.note else "info",
            url=feed.url,
            entries=len(found.entries),
            note=found.note,
        )
        if found.note and not found.entries:
            self._intake.fail(feed.url, SkipReason.UNREADABLE, found.note)
            feed.settled = False
        self._read_entries(feed, found)

    def _read_entries(self, feed: _Feed, found: Feed) -> None:
        # What came while the feed could not be had is caught up.
        oldest = min(self._oldest, feed.before - _DAY) if feed.before else self._oldest
        chosen = choose(
            found.entries,
            oldest=oldest,
            now=self._clock.utc(),
            most=self._config.fetch.max_entries,
        )
        lost = 0
        for entry in chosen:
            if entry.url is None:
                lost += not self._from_content(entry, feed.url, feed.title)
            elif not self._is_done(feed, entry, entry.url):
                self._ask_for(feed, entry, entry.url)
        if lost:
            self._report_lost(feed, lost)
        self._settle(feed)

    def _report_lost(self, feed: _Feed, lost: int) -> None:
        content = input_hash("lost entries", f"{lost} of {feed.url}".encode())
        if not self._intake.known(content):
            detail = (
                f"{lost} of its entries lead to no page that may be asked, and hold too little text"
            )
            reason = SkipReason.FORBIDDEN
            skipped = SkippedArticle(source=feed.url, reason=reason, detail=detail)
            self._intake.skip(content, skipped)
        self._settle(feed, settled=self._intake.settled(content))

    def _is_done(self, feed: _Feed, entry: FeedEntry, url: str) -> bool:
        """Tell whether the entry's page was fetched, and nothing is said to have changed since."""
        without_page = _entry_hash(url, entry)
        if self._intake.known(without_page):
            feed.settled &= self._intake.settled(without_page)
            return True
        record = self._state.fetches.get(url)
        if not record or not record.fetched:
            return False
        if entry.updated is not None and entry.updated > record.fetched:
            return False
        if self._intake.known(record.input_hash):
            feed.settled &= self._intake.settled(record.input_hash)
        return True

    def _ask_for(self, feed: _Feed, entry: FeedEntry, url: str) -> None:
        page = self._pages.get(url)
        if url in self._done or url in self._feeds:
            return
        if page is None:
            page = self._pages[url] = _Page(url, self._record(url), entry)
            self._rounds.ask(Errand(url, page.record))
        page.entry = page.entry or entry
        page.feeds.append(feed)
        feed.open += 1

    def _settle(self, feed: _Feed, *, settled: bool = True) -> None:
        """Remember a feed whose entries are all done with; ask for all of it where some are not.

        Until then nothing is remembered: a run that is killed reads the whole feed again.
        """
        feed.settled &= settled
        if feed.open:
            return
        whole = {"etag": "", "last_modified": "", "input_hash": ""}
        record = feed.record if feed.settled else feed.record.model_copy(update=whole)
        self._state.fetches.note(record)

    # --- pages --------------------------------------------------------------------------------

    def _read_page(self, page: _Page, answer: Fetched) -> bool:
        """Take a page in; tell whether it is done with for good."""
        if answer.body is None:
            record = self._answered(page.record, answer, page.record.input_hash)
            self._state.fetches.note(record)
            known = self._intake.known(record.input_hash)
            return not known or self._intake.settled(record.input_hash)
        source = same_page(answer.errand.url)
        kind = kind_of(answer.media_type, answer.body, source)
        content = input_hash(f"{kind} {answer.encoding}", answer.body)
        record = self._answered(page.record, answer, content)
        if self._intake.known(content):
            self._state.fetches.note(record)
            return self._intake.settled(content)
        entry = page.entry
        try:
            if kind is None:
                raise ArticleError(
                    source,
                    SkipReason.UNSUPPORTED_TYPE,
                    f"{shown(answer.media_type) or 'what the server sends'} cannot be read",
                )
            article = article_from_bytes(
                answer.body,
                source=source,
                kind=kind,
                title=entry.title if entry else None,
                publisher=page.publisher,
                published=_date(entry),
                encoding=answer.encoding,
            )
        except ArticleError as error:
            if entry and self._from_content(entry, source, page.publisher, record):
                return True
            reason = SkippedArticle(source=error.source, reason=error.reason, detail=error.detail)
            self._intake.skip(content, reason, fetch=record)
            return False
        dated = entry is not None and entry.moment is not None
        oldest = None if dated else self._oldest.date()
        self._intake.add(content, article, oldest=oldest, fetch=record)
        return self._intake.settled(content)

    def _without_page(self, page: _Page, failure: FetchFailed) -> bool:
        """Make do without a page that cannot be had; tell whether that is for good."""
        self._failed(page, failure)
        if page.entry is None:
            self._intake.fail(page.url, failure.reason, failure.detail)
            return False
        passing = _passes(failure)
        if passing and self._can_wait(page.entry):
            self._intake.fail(page.url, failure.reason, failure.detail)
            return False
        if self._from_content(page.entry, page.url, page.publisher):
            return True
        if passing:
            self._intake.fail(page.url, failure.reason, failure.detail)
        else:
            skipped = SkippedArticle(source=page.url, reason=failure.reason, detail=failure.detail)
            self._intake.skip(_entry_hash(page.url, page.entry), skipped)
        return False

    def _can_wait(self, entry: FeedEntry) -> bool:
        """Tell whether the page may still be had: what the feed says of it is but a teaser."""
        return entry.moment is not None and self._clock.utc() - entry.moment < _PATIENCE

    def _from_content(
        self,
        entry: FeedEntry,
        source: str,
        publisher: str | None,
        record: FetchRecord | None = None,
    ) -> bool:
        """Take in what the feed itself has of an entry, if that is an article."""
        data = entry.content.encode("utf-8", errors="replace")
        content = input_hash(f"entry {entry.kind}", data)
        done = _entry_hash(entry.url, entry) if entry.url else ""
        if self._intake.take_again(content, also=done, fetch=record):
            return True
        try:
            article = article_from_bytes(
                data,
                source=source,
                kind=entry.kind,
                title=entry.title,
                publisher=publisher,
                published=_date(entry),
                encoding="utf-8",
            )
        except ArticleError:
            return False
        oldest = None if entry.moment else self._oldest.date()
        self._intake.add(content, article, oldest=oldest, fetch=record, also=done)
        return True

    # --- records ------------------------------------------------------------------------------

    def _answered(self, record: FetchRecord, answer: Fetched, content: str) -> FetchRecord:
        unchanged = answer.body is None
        return FetchRecord(
            url=record.url,
            etag=answer.etag or (record.etag if unchanged else ""),
            last_modified=answer.last_modified or (record.last_modified if unchanged else ""),
            status=answer.status,
            fetched=self._clock.utc(),
            input_hash=content,
        )

    def _failed(self, asked: _Feed | _Page, failure: FetchFailed) -> None:
        """Note a failure; of an entry's page only that its host wants to be left alone."""
        now = self._clock.utc()
        record = asked.record
        not_before = record.not_before if record.not_before and record.not_before > now else None
        if failure.pause_s is not None:
            not_before = now + dt.timedelta(seconds=failure.pause_s)
        update = {
            "status": failure.status,
            "not_before": not_before,
            "problem": failure.detail,
            "failures": record.failures + 1,
        }
        if isinstance(asked, _Page) and asked.entry is not None:
            update["failures"] = 0  # else it stands among what fails when its feed has no more
            for feed in asked.feeds:
                if not_before and host_of(feed.url) == host_of(asked.url):
                    feed.record = feed.record.model_copy(update={"not_before": not_before})
        if isinstance(asked, _Feed) or asked.entry is None or failure.pause_s is not None:
            self._state.fetches.note(record.model_copy(update=update))
        self._journal.note(
            "fetch failed",
            level="warning",
            url=asked.url,
            status=failure.status,
            problem=failure.detail,
        )


def _passes(failure: FetchFailed) -> bool:
    """Tell whether what failed may go well another night; other refusals are for good."""
    if failure.status == 0:
        return failure.reason is not SkipReason.FORBIDDEN
    return failure.status in _PASSING or failure.status >= 500


def _entry_hash(url: str, entry: FeedEntry | None) -> str:
    """Return under which hash it stands that an entry is done with though its page was not had."""
    moment = entry.moment.isoformat() if entry and entry.moment else ""
    return input_hash("entry", f"{url}\n{moment}".encode())


def _date(entry: FeedEntry | None) -> dt.date | None:
    moment = entry and (entry.published or entry.updated)
    return moment.date() if moment else None
