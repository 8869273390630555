"""An alarm for tests of what must not wait for ever: without it they would, where it does."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator


class Hung(Exception):
    """The block waits for ever; no OSError, which the code under test may take for another."""


@contextlib.contextmanager
def no_hanging(seconds: int = 20) -> Iterator[None]:
    """End the block by Hung after `seconds`."""

    def ring(*_args: object) -> None:
        raise Hung

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
