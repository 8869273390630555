"""The digest's time: of the wall, which may be set back, and of a stop-watch, which may not."""

from __future__ import annotations

import datetime as dt
import time


class Clock:
    """The machine's clock; tests and simulations give another."""

    def now(self) -> dt.datetime:
        """Return the local time, with its offset from UTC."""
        return dt.datetime.now().astimezone()

    def monotonic(self) -> float:
        """Return seconds that only ever grow."""
        return time.monotonic()

    def utc(self) -> dt.datetime:
        """Return the time in UTC."""
        return self.now().astimezone(dt.UTC)

    def at(self, day: dt.date, time_of_day: dt.time) -> dt.datetime:
        """Return the moment at which this clock shows a local time.

        The day's own offset counts, not today's: summer time may begin in between.
        """
        return dt.datetime.combine(day, time_of_day).astimezone()
