"""The feeds and pages that one run asks for, and whose words those of each are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from summarizer.digest.fetch.feeds import FeedEntry
from summarizer.digest.fetch.urls import host_of, named, one_outlet, without_secrets
from summarizer.digest.state.records import FetchRecord

_DAY = dt.timedelta(days=1)


@dataclass
class WantedFeed:
    """A feed of this run; `record` is what is known of it, or will be once it is done with."""

    url: str
    record: FetchRecord
    title: str | None = None
    place: str = ""  # where it was found: at the end of all redirects
    inside: bool = False  # at a host that fetch.allow opens; so may be what it leads to
    before: dt.datetime | None = None  # when it was last read
    open: int = 0  # entries whose page is not there yet
    settled: bool = True  # every entry is done with: next night only news is of interest

    @property
    def publisher(self) -> str:
        """Whose words those are that stand in the feed itself."""
        return self.title or host_of(self.url)

    @property
    def shown(self) -> str:
        """How people are told of it."""
        return named(self.url)

    def speaks_for(self, url: str) -> bool:
        """Tell whether the page at `url` is of the feed's own outlet."""
        host = host_of(url)
        return any(one_outlet(host, host_of(own)) for own in (self.url, self.place) if own)

    def source_of(self, entry: FeedEntry) -> str:
        """Return how the brief names the feed's own text of an entry.

        Any feed can name any page: where that is another's, the words are the feed's alone.
        """
        if entry.url and self.speaks_for(entry.url):
            return without_secrets(entry.url)
        return named(self.url)


@dataclass
class WantedPage:
    """A page to be fetched; without an entry one that the configuration names."""

    url: str
    record: FetchRecord
    entry: FeedEntry | None = None
    feeds: list[WantedFeed] = field(default_factory=list)  # the first one has the entry

    def publisher(self, url: str) -> str | None:
        """Return the title of a feed that speaks for the page, found at `url` in the end."""
        return next((feed.title for feed in self.feeds if feed.speaks_for(url)), None)

    @property
    def shown(self) -> str:
        """How people are told of it."""
        return without_secrets(self.url) if self.entry else named(self.url)


def heeded(record: FetchRecord, now: dt.datetime) -> FetchRecord:
    """Return of `record` what can be true: a clock that was wrong once may have written it.

    What was fetched in the future was not, and nobody was asked to wait for more than a day.
    """
    changes: dict[str, object] = {}
    if record.not_before and not now < record.not_before <= now + _DAY:
        changes["not_before"] = None
    if record.fetched and record.fetched > now + _DAY:
        changes |= {"fetched": None, "etag": "", "last_modified": "", "input_hash": ""}
    return record.model_copy(update=changes) if changes else record
