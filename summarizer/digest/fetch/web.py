"""Fetch feeds, their entries and single pages, and take into the state what is new in them.

The network is the threads' of `rounds`; all here, every write to the state too, is the caller's.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summarizer.data import SkippedArticle, SkipReason
from summarizer.digest.fetch.choice import choose, oldest_moment
from summarizer.digest.fetch.client import ACCEPT_FEED, Errand, Fetched, Fetcher, Sleep
from summarizer.digest.fetch.failures import FetchFailed, shown
from summarizer.digest.fetch.feeds import Feed, FeedEntry
from summarizer.digest.fetch.kinds import kind_of
from summarizer.digest.fetch.network import Resolve, look_up
from summarizer.digest.fetch.rounds import LeftAlone, Rounds
from summarizer.digest.fetch.urls import checked, host_of, named, same_page, without_secrets
from summarizer.digest.fetch.wanted import WantedFeed, WantedPage, heeded
from summarizer.digest.intake import Intake, input_hash
from summarizer.digest.reading import LeftForLater
from summarizer.digest.state.records import FetchRecord
from summarizer.errors import ArticleError
from summarizer.pipeline import OnProgress, Progress
from summarizer.render.phrases import counted

if TYPE_CHECKING:
    from summarizer.digest.config import DigestConfig

_PASSING = frozenset({408, 425, 429})
_PATIENCE = dt.timedelta(days=2)  # with a page that cannot be had tonight
_DAY = dt.timedelta(days=1)
_LONGEST_S = 2 * 3600.0  # of fetching where nobody waits for the brief


@dataclass(frozen=True)
class Network:
    """What a test may put in the place of the network's names and of time spent waiting."""

    resolve: Resolve = look_up
    sleep: Sleep | None = None


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
    monotonic = intake.clock.monotonic
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
        monotonic=monotonic,
        sleep=network.sleep,
        until=monotonic() + _LONGEST_S if until is None else until,
    )
    with rounds:
        web.start(rounds, feeds, singles)
        for done, (errand, outcome) in enumerate(rounds.outcomes(), 1):
            web.receive(errand, outcome)
            what = host_of(errand.url)
            on_progress(Progress(stage="web", done=done, total=done + rounds.open, what=what))
        web.finish()


class _Web:
    """The feeds and pages of one run, and what becomes of each."""

    def __init__(self, config: DigestConfig, intake: Intake) -> None:
        self._config = config
        self._intake = intake
        self._state = intake.state
        self._journal = intake.journal
        self._clock = intake.clock
        self._oldest = oldest_moment(self._state, config.window, self._clock.utc())
        self._feeds: dict[str, WantedFeed] = {}
        self._pages: dict[str, WantedPage] = {}
        self._done: set[str] = set()  # pages whose answer has come
        self._left: dict[str, list[LeftAlone]] = {}  # by host

    def addresses(self, given: Iterable[str]) -> Iterable[str]:
        """Yield the addresses that may be asked, in normal form; report the others."""
        for text in given:
            try:
                yield checked(text).split("#", 1)[0]
            except FetchFailed as failure:
                self._intake.fail(shown(named(text)), failure.reason, failure.detail)

    def start(self, rounds: Rounds, feeds: Iterable[str], pages: Iterable[str]) -> None:
        """Ask for what the configuration names."""
        self._rounds = rounds
        for url in feeds:
            self._feeds[url] = WantedFeed(url, self._record(url))
        for url in pages:
            if url not in self._feeds:
                self._pages[url] = WantedPage(url, self._record(url))
        for feed in self._feeds.values():
            rounds.ask(Errand(feed.url, feed.record, ACCEPT_FEED))
        for page in self._pages.values():
            rounds.ask(Errand(page.url, page.record))

    def _record(self, url: str) -> FetchRecord:
        """Return what is known of `url`; its host is left alone where it has asked for that."""
        record = self._known(url) or FetchRecord(url=url)
        if record.not_before:
            until = record.not_before.astimezone(self._clock.now().tzinfo)
            detail = f"the server asked not to be asked before {until:%Y-%m-%d %H:%M}"
            self._rounds.leave_alone(url, FetchFailed(detail))
        return record

    def _known(self, url: str) -> FetchRecord | None:
        record = self._state.fetches.get(url)
        return heeded(record, self._clock.utc()) if record else None

    def finish(self) -> None:
        """Report in one line each the hosts whose pages were left."""
        for host, left in self._left.items():
            detail = f"{counted(len(left), 'more page')} left for tonight: {left[0].detail}"
            self._intake.fail(host, left[0].reason, detail)

    def receive(self, errand: Errand, outcome: Fetched | FetchFailed) -> None:
        """Deal with what became of an errand."""
        url = errand.wanted
        if isinstance(outcome, Fetched) and outcome.moved_to:
            places = {"url": named(url), "to": named(outcome.moved_to)}
            self._journal.note("moved for good", level="warning", **places)
        if feed := self._feeds.get(url):
            if isinstance(outcome, FetchFailed):
                self._failed(feed, outcome)
                self._intake.fail(named(feed.url), outcome.reason, outcome.detail)
                del self._feeds[url]
            else:
                self._read_feed(feed, outcome)
            return
        page = self._pages[url]
        self._done.add(url)
        try:
            settled = (
                self._without_page(page, outcome)
                if isinstance(outcome, FetchFailed)
                else self._read_page(page, outcome)
            )
        except LeftForLater as later:
            self._intake.fail(page.shown, later.reason, later.detail)
            settled = False
        for feed in page.feeds:
            feed.open -= 1
            self._settle(feed, settled=settled)

    # --- feeds --------------------------------------------------------------------------------

    def _read_feed(self, feed: WantedFeed, answer: Fetched) -> None:
        content = input_hash("feed", answer.body) if answer.body is not None else ""
        if answer.body is None or content == feed.record.input_hash:
            feed.record = self._answered(feed.record, answer, feed.record.input_hash)
            self._state.fetches.note(feed.record)
            self._journal.note("feed unchanged", url=named(feed.url))
            return
        feed.before = feed.record.fetched
        found = self._intake.reader.feed(
            answer.body, url=answer.errand.url, encoding=answer.encoding
        )
        feed.record = self._answered(feed.record, answer, content)
        feed.title, feed.place, feed.inside = found.title, answer.errand.url, answer.inside
        self._journal.note(
            "feed read",
            level="warning" if found.note else "info",
            url=named(feed.url),
            entries=len(found.entries),
            note=found.note,
        )
        if found.note and not found.entries:
            self._intake.fail(named(feed.url), SkipReason.UNREADABLE, found.note)
            feed.settled = False
        self._read_entries(feed, found)

    def _read_entries(self, feed: WantedFeed, found: Feed) -> None:
        # What came while the feed could not be had is caught up.
        oldest = min(self._oldest, feed.before - _DAY) if feed.before else self._oldest
        chosen = choose(
            found.entries,
            oldest=oldest,
            now=self._clock.utc(),
            most=self._config.fetch.max_entries,
        )
        lost = 0
        left: LeftForLater | None = None
        for entry in chosen:
            if entry.url is None:
                try:
                    lost += not self._from_content(entry, feed)
                except LeftForLater as later:
                    left = later
            elif not self._is_done(feed, entry, entry.url):
                self._ask_for(feed, entry, entry.url)
        if left:
            self._intake.fail(named(feed.url), left.reason, left.detail)
            feed.settled = False
        if lost:
            self._report_lost(feed, lost)
        self._settle(feed)

    def _report_lost(self, feed: WantedFeed, lost: int) -> None:
        content = input_hash("lost entries", f"{lost} of {feed.url}".encode())
        if not self._intake.known(content):
            detail = (
                f"{lost} of its entries lead to no page that may be asked, and hold too little text"
            )
            reason = SkipReason.FORBIDDEN
            skipped = SkippedArticle(source=named(feed.url), reason=reason, detail=detail)
            self._intake.skip(content, skipped)
        self._settle(feed, settled=self._intake.settled(content))

    def _is_done(self, feed: WantedFeed, entry: FeedEntry, url: str) -> bool:
        """Tell whether the entry's page was fetched, and nothing is said to have changed since."""
        without_page = _entry_hash(url, entry)
        if self._intake.known(without_page):
            feed.settled &= self._intake.settled(without_page)
            return True
        record = self._known(url)
        if not record or not record.fetched:
            return False
        if entry.updated is not None and entry.updated > record.fetched:
            return False
        if self._intake.known(record.input_hash):
            feed.settled &= self._intake.settled(record.input_hash)
        return True

    def _ask_for(self, feed: WantedFeed, entry: FeedEntry, url: str) -> None:
        page = self._pages.get(url)
        if url in self._done or url in self._feeds:
            return
        if page is None:
            page = self._pages[url] = WantedPage(url, self._record(url), entry)
            self._rounds.ask(Errand(url, page.record, own=feed.inside))
        page.entry = page.entry or entry
        page.feeds.append(feed)
        feed.open += 1

    def _settle(self, feed: WantedFeed, *, settled: bool = True) -> None:
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

    def _read_page(self, page: WantedPage, answer: Fetched) -> bool:
        """Take a page in; tell whether it is done with for good."""
        if answer.body is None:
            record = self._answered(page.record, answer, page.record.input_hash)
            self._state.fetches.note(record)
            known = self._intake.known(record.input_hash)
            return not known or self._intake.settled(record.input_hash)
        place = same_page(answer.errand.url)
        source = without_secrets(place)
        kind = kind_of(answer.media_type, answer.body, place)
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
            article = self._intake.reader.article(
                answer.body,
                source=source,
                kind=kind,
                title=entry.title if entry else None,
                publisher=page.publisher(place),
                published=_date(entry),
                encoding=answer.encoding,
            )
        except ArticleError as error:
            if entry and self._from_content(entry, page.feeds[0], record):
                return True
            shown_as = source if entry else named(place)
            reason = SkippedArticle(source=shown_as, reason=error.reason, detail=error.detail)
            self._intake.skip(content, reason, fetch=record)
            return False
        dated = entry is not None and entry.moment is not None
        oldest = None if dated else self._oldest.date()
        self._intake.add(content, article, oldest=oldest, fetch=record)
        return self._intake.settled(content)

    def _without_page(self, page: WantedPage, failure: FetchFailed) -> bool:
        """Make do without a page that cannot be had; tell whether that is for good."""
        self._failed(page, failure)
        entry, passing = page.entry, _passes(failure)
        if entry and not (passing and self._can_wait(entry)):
            if self._from_content(entry, page.feeds[0]):
                return True
        if isinstance(failure, LeftAlone):
            self._left.setdefault(failure.host, []).append(failure)
        elif entry and not passing:
            skipped = SkippedArticle(
                source=page.shown, reason=failure.reason, detail=failure.detail
            )
            self._intake.skip(_entry_hash(page.url, entry), skipped)
        else:
            self._intake.fail(page.shown, failure.reason, failure.detail)
        return False

    def _can_wait(self, entry: FeedEntry) -> bool:
        """Tell whether the page may still be had: what the feed says of it is but a teaser."""
        return entry.moment is not None and self._clock.utc() - entry.moment < _PATIENCE

    def _from_content(
        self,
        entry: FeedEntry,
        feed: WantedFeed,
        record: FetchRecord | None = None,
    ) -> bool:
        """Take in what the feed itself has of an entry, if that is an article."""
        data = entry.content.encode("utf-8", errors="replace")
        content = input_hash(f"entry {entry.kind}", data)
        done = _entry_hash(entry.url, entry) if entry.url else ""
        publisher = feed.publisher
        if self._intake.take_again(content, also=done, fetch=record):
            return True
        try:
            article = self._intake.reader.article(
                data,
                source=feed.source_of(entry),
                kind=entry.kind,
                title=entry.title,
                publisher=publisher,
                published=_date(entry),
                encoding="utf-8",
            )
        except ArticleError:
            return False
        # Whatever else it says of itself: who says it is whoever made the feed.
        article = article.model_copy(update={"publisher": publisher})
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

    def _failed(self, asked: WantedFeed | WantedPage, failure: FetchFailed) -> None:
        """Note a failure; of an entry's page only that its host wants to be left alone."""
        now = self._clock.utc()
        record = asked.record
        not_before = heeded(record, now).not_before
        if failure.pause_s is not None:
            not_before = now + dt.timedelta(seconds=failure.pause_s)
        update = {
            "status": failure.status,
            "not_before": not_before,
            "problem": failure.detail,
            "failures": record.failures + 1,
        }
        if isinstance(asked, WantedPage) and asked.entry is not None:
            update["failures"] = 0  # else it stands among what fails when its feed has no more
            for feed in asked.feeds:
                if not_before and host_of(feed.url) == host_of(asked.url):
                    feed.record = feed.record.model_copy(update={"not_before": not_before})
        if isinstance(asked, WantedFeed) or asked.entry is None or failure.pause_s is not None:
            self._state.fetches.note(record.model_copy(update=update))
        if isinstance(failure, LeftAlone):
            return  # told once for all of its pages
        self._journal.note(
            "fetch failed",
            level="warning",
            url=asked.shown,
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
