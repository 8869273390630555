"""Which entries of a feed are read: new enough, not too many, the newest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from summarizer.digest.fetch.feeds import FeedEntry
from summarizer.digest.state.records import Outcome

if TYPE_CHECKING:
    from summarizer.digest.state import State

_DAY = dt.timedelta(days=1)  # clocks and zones differ by less; what is dated later has no date


def oldest_moment(state: State, window: dt.timedelta, now: dt.datetime) -> dt.datetime:
    """Return the moment before which entries and dated articles are too old.

    That is the start of the window, or a day before the last finished run where that is
    earlier: what came in the nights that were missed is caught up.
    """
    last = [state.runs.last(outcome) for outcome in (Outcome.DONE, Outcome.NOTHING_NEW)]
    finished = max((run.started for run in last if run), default=now)
    return min(now - window, finished - _DAY)


def choose(
    entries: Iterable[FeedEntry], *, oldest: dt.datetime, now: dt.datetime, most: int
) -> list[FeedEntry]:
    """Return the entries to read, the newest first; those without a date count as new.

    Dates in the future are taken away, and every page comes once.
    """
    known = [_without_future(entry, now) for entry in entries]
    recent = [entry for entry in known if (entry.moment or now) >= oldest]
    recent.sort(key=lambda entry: entry.moment or now, reverse=True)  # stable: the feed's order
    once: dict[str, FeedEntry] = {}
    for number, entry in enumerate(recent):
        once.setdefault(entry.url or f"#{number}", entry)
    return list(once.values())[:most]


def _without_future(entry: FeedEntry, now: dt.datetime) -> FeedEntry:
    """Return `entry` without dates that cannot be: its moment would always be the newest."""
    changes = {
        name: None
        for name in ("published", "updated")
        if (moment := getattr(entry, name)) is not None and moment > now + _DAY
    }
    return entry.model_copy(update=changes) if changes else entry
