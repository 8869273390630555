"""How much time a night has for the model, so that the brief is there at the deadline."""

from __future__ import annotations

import datetime as dt
import math

from summarizer.digest.clock import Clock

# Of what comes after the model, until an earlier night has shown what it takes here.
_VALIDATE_S = 1.0  # an article, with the verifier on two cores
_MERGE_S = 0.1  # an article
_WRITE_S = 2.0
_MARGIN = 1.25  # a machine is busier on some nights
_FETCHING = 0.25  # of the whole time, at most, for feeds and pages
_MOST_MERGING = 0.2  # … of it for what comes after the verdicts
_MOST_RESERVED = 0.5  # of the whole time: the model is what the time is for

Deadline = dt.timedelta | dt.time | None


class Budget:
    """The time until a deadline, by the wall and by the stop-watch: whichever comes first.

    A wall clock that is set back, or a machine that sleeps, makes the brief no later.
    """

    def __init__(self, deadline: Deadline, clock: Clock) -> None:
        """`deadline`: so long from now, a time of day (the next one), or None for no limit."""
        self._clock = clock
        self._begun = clock.monotonic()
        now = clock.now()
        self.ends: dt.datetime | None = _moment(deadline, now, clock)
        self._total_s = math.inf if self.ends is None else _seconds(now, self.ends)
        self._reserved_s = 0.0
        self._merge_s = 0.0

    @property
    def left_s(self) -> float:
        """Seconds until the deadline, below 0 after it; infinite without one."""
        if self.ends is None:
            return math.inf
        by_watch = self._total_s - (self._clock.monotonic() - self._begun)
        return min(by_watch, _seconds(self._clock.now(), self.ends))

    @property
    def fetch_until(self) -> float | None:
        """The moment of the stop-watch after which nothing more is asked of the web."""
        return None if self.ends is None else self._begun + _FETCHING * self._total_s

    def reserve(self, articles: int, *, validate_s: float | None, merge_s: float | None) -> None:
        """Keep time for what follows the model; seconds an article, as earlier nights took."""
        validate = _VALIDATE_S if validate_s is None else validate_s
        merge = _MERGE_S if merge_s is None else merge_s
        self._merge_s = min(_MARGIN * (articles * merge + _WRITE_S), _MOST_MERGING * self._total_s)
        reserved = self._merge_s + _MARGIN * articles * validate
        self._reserved_s = min(reserved, _MOST_RESERVED * self._total_s)

    def model_time_is_up(self) -> bool:
        """Tell whether the model has to stop, so that the rest is done in time."""
        return self.left_s <= self._reserved_s

    def checking_time_is_up(self) -> bool:
        """Tell whether what is left to check has to be checked by the rules alone."""
        return self.left_s <= self._merge_s

    def describe(self) -> str:
        """Return "the deadline 06:30", for the reader."""
        return "" if self.ends is None else f"the deadline {self.ends:%H:%M}"


def _seconds(start: dt.datetime, end: dt.datetime) -> float:
    # In UTC: between two times of one zone Python counts what the wall shows, summer time or not.
    return (end.astimezone(dt.UTC) - start.astimezone(dt.UTC)).total_seconds()


def _moment(deadline: Deadline, now: dt.datetime, clock: Clock) -> dt.datetime | None:
    if deadline is None:
        return None
    if isinstance(deadline, dt.timedelta):
        return (now.astimezone(dt.UTC) + deadline).astimezone(now.tzinfo)
    today = clock.at(now.date(), deadline)
    return today if today > now else clock.at(now.date() + dt.timedelta(days=1), deadline)
