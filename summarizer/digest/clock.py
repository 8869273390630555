"""The digest's time: of the wall, which may be set back, and of a stop-watch, which may not."""

from __future__ import annotations

import datetime as dt
import time


class Clock:
    """The machine's clock; tests and simulations give another."""

    def now(self) -> dt.datetime:
        """Return the local time, with its zone."""
        return dt.datetime.now().astimezone()

    def monotonic(self) -> float:
        """Return seconds that only ever grow."""
        return time.monotonic()

    def utc(self) -> dt.datetime:
        """Return the time in UTC."""
        return self.now().astimezone(dt.UTC)
