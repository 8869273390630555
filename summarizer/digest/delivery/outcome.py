"""How an attempt to deliver can end, and trying again where that may help."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import tenacity

from summarizer.digest.clock import Clock
from summarizer.digest.state import State
from summarizer.render.escape import clean

Sleep = Callable[[float], None]
Send = Callable[[], str]  # delivers and returns what is worth telling of it, or raises

MAX_DETAIL = 300  # characters of what a server says, in ours
_FIRST_WAIT_S = 2.0  # each next is double
_LONGEST_WAIT_S = 60.0  # however long a server asks for: the night goes on, and so do the nights


class NotDelivered(Exception):
    """Surely nothing arrived; its text is for people and holds no secret.

    Args:
        reason: what happened.
        again: trying again may help.
        down: there was no connection, so that nothing else can be delivered there either.
        pause_s: the server asked for so long a pause.
    """

    def __init__(
        self,
        reason: str,
        *,
        again: bool = False,
        down: bool = False,
        pause_s: float | None = None,
    ) -> None:
        super().__init__(reason)
        self.again = again
        self.down = down
        self.pause_s = pause_s


class Unclear(Exception):
    """It may have arrived or not: the connection was lost while the answer was awaited."""


class Tools(NamedTuple):
    """What a channel works with besides its settings."""

    state: State
    clock: Clock
    sleep: Sleep


def repeated(attempt: Callable[[], str], *, attempts: int, sleep: Sleep) -> str:
    """Return what `attempt` returns; try again after NotDelivered that says it may help.

    The waits double, or are what the server asked for, up to a minute.

    Raises:
        NotDelivered: every attempt failed, or one for good.
        Unclear: at once, since a further attempt might deliver twice.
    """
    retrying = tenacity.Retrying(
        stop=tenacity.stop_after_attempt(max(1, attempts)),
        wait=_wait,
        retry=tenacity.retry_if_exception(lambda e: isinstance(e, NotDelivered) and e.again),
        sleep=sleep,
        reraise=True,
    )
    try:
        return retrying(attempt)
    except NotDelivered as error:
        tried = retrying.statistics.get("attempt_number", 1)
        if tried < 2:
            raise
        reason = f"{error} (tried {tried} times)"
        raise NotDelivered(reason, again=error.again, down=error.down) from error


def _wait(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, NotDelivered) and error.pause_s is not None:
        return min(max(0.0, error.pause_s), _LONGEST_WAIT_S)
    return float(min(_FIRST_WAIT_S * 2 ** (state.attempt_number - 1), _LONGEST_WAIT_S))


def said(words: object) -> str:
    """Return what a server or an error says as one short line of visible characters."""
    if isinstance(words, bytes):
        words = words[: 8 * MAX_DETAIL].decode("utf-8", "replace")
    return clean(str(words)[: 8 * MAX_DETAIL], limit=MAX_DETAIL)
