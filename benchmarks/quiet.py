"""How much of the machine other programs take while an engine is measured.

llama.cpp's threads spin while they wait for one another, so busy programs beside them make an
engine many times slower, and not each engine alike. Seen here, smollm2-135m, two articles: the
plain loop took 228 s in a run whose cores others used too, and 9 s in the same run repeated on
quiet ones, while the engines after it took 4 s both times; "53 times faster" was 2 times. The load
average lags by minutes and cannot tell such runs; processor time can.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import psutil

DISTURBED_SHARE = 0.05  # of all cores, taken by others: more spoils a comparison of a few per cent
_LOOK_S = 1.0


def busy_seconds() -> float:
    """Return the processor seconds of all programs since the machine started, stolen ones too."""
    times = psutil.cpu_times()
    idle = times.idle + getattr(times, "iowait", 0.0)
    guest = getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0)  # in user already
    return float(sum(times) - idle - guest)


def own_seconds() -> float:
    """Return the processor seconds of this process and of its children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


class Witness:
    """Measures from its making on; ask when the engine's process has ended and was waited for."""

    def __init__(self) -> None:
        self._began, self._busy, self._own = time.monotonic(), busy_seconds(), own_seconds()

    def others_share(self) -> float:
        """Return the share of all cores that programs other than ours took, 0 to 1."""
        cores = psutil.cpu_count() or 1
        spent = busy_seconds() - self._busy - (own_seconds() - self._own)
        wall = max(time.monotonic() - self._began, 1e-9)
        return min(1.0, max(0.0, spent / wall / cores))


def wait_until_quiet(
    wait_s: float, look: Callable[[], float] | None = None, clock: Callable[[], float] | None = None
) -> bool:
    """Wait until other programs leave the cores alone; False where they did not in `wait_s`."""
    look, clock = look or _look, clock or time.monotonic
    deadline = clock() + wait_s
    while True:
        if look() <= DISTURBED_SHARE:
            return True
        if clock() >= deadline:
            return False


def _look() -> float:
    witness = Witness()
    time.sleep(_LOOK_S)
    return witness.others_share()
