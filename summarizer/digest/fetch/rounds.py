"""Ask many hosts at once, and each of them slowly: one request at a time, with pauses between."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from queue import Full, Queue
from types import TracebackType

from summarizer.digest.fetch.client import Errand, Fetched, Fetcher, Sleep, TimedOut
from summarizer.digest.fetch.failures import FetchFailed
from summarizer.digest.fetch.network import Monotonic
from summarizer.digest.fetch.urls import host_of

_MOST_TIMEOUTS = 3  # of one host in a night; each may take a minute of it
_TICK_S = 0.5  # how often a thread with an outcome looks whether it is still wanted

Outcome = tuple[Errand, Fetched | FetchFailed]


class LeftAlone(FetchFailed):
    """Not even asked: `host` was too slow too often tonight."""

    def __init__(self, host: str, last: TimedOut) -> None:
        super().__init__(f"{host} was too slow {_MOST_TIMEOUTS} times tonight: {last.detail}")
        self.host = host


@dataclass
class _Host:
    """What is to be asked of one host."""

    errands: deque[Errand] = field(default_factory=deque)
    ready_at: float = float("-inf")
    busy: bool = False
    timeouts: int = 0
    refusal: FetchFailed | None = None  # it has had enough for tonight


class Rounds:
    """Runs errands in threads of its own; a context manager that ends them.

    The threads touch nothing but the network: outcomes are handed to the caller's thread.

    Args:
        fetcher: asks the servers.
        parallel: hosts asked at the same time.
        monotonic: the stop-watch of the pauses and of `until`.
        sleep: waits between two requests to a host; the default ends at once with the rounds.
        until: no request starts after this moment of `monotonic`.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        *,
        parallel: int,
        monotonic: Monotonic,
        sleep: Sleep | None = None,
        until: float = float("inf"),
    ) -> None:
        self._fetcher = fetcher
        self._monotonic = monotonic
        self._until = until
        self._over = threading.Event()
        self._sleep: Sleep = sleep or (lambda seconds: (self._over.wait(seconds), None)[1])
        self._hosts: dict[str, _Host] = {}
        self._change = threading.Condition()
        # A few: answers are megabytes, and the caller may be slower than the network.
        self._outcomes: Queue[Outcome | BaseException] = Queue(2 * parallel)
        self.open = 0  # errands whose outcome the caller has not had yet
        # Daemons: a program that is told to stop does not wait for a server.
        self._threads = [
            threading.Thread(target=self._work, name=f"fetch-{number}", daemon=True)
            for number in range(parallel)
        ]

    def __enter__(self) -> Rounds:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self._over.set()
        with self._change:
            self._change.notify_all()
        if kind is None:  # else whoever ends it is in a hurry
            for thread in self._threads:
                thread.join()
        self._fetcher.close()

    def ask(self, errand: Errand) -> None:
        """Put `errand` last in the queue of its host."""
        self.open += 1
        self._put(errand)

    def outcomes(self) -> Iterator[Outcome]:
        """Yield what became of each errand, as they end; more may be asked meanwhile."""
        while self.open:
            outcome = self._outcomes.get()
            if isinstance(outcome, BaseException):
                raise outcome
            self.open -= 1
            yield outcome

    def leave_alone(self, url: str, refusal: FetchFailed) -> None:
        """Let every errand to the host of `url` fail with `refusal`."""
        with self._change:
            self._hosts.setdefault(host_of(url), _Host()).refusal = refusal

    def _put(self, errand: Errand) -> None:
        with self._change:
            self._hosts.setdefault(host_of(errand.url), _Host()).errands.append(errand)
            self._change.notify()

    def _work(self) -> None:
        try:
            while (claimed := self._claim()) is not None:
                self._visit(claimed)
        except BaseException as error:  # noqa: BLE001 - it is raised again in the caller's thread
            self._hand_over(error)

    def _claim(self) -> _Host | None:
        """Return the free host that may be asked next, waiting for one; None: it is over."""
        with self._change:
            while not self._over.is_set():
                free = [host for host in self._hosts.values() if host.errands and not host.busy]
                if free:
                    host = min(free, key=lambda one: one.ready_at)  # the first among equals
                    host.busy = True
                    return host
                self._change.wait()
        return None

    def _visit(self, host: _Host) -> None:
        """Run one errand of a claimed host once it may be asked, and set the host free."""
        errand = host.errands.popleft()
        step: Fetched | Errand | FetchFailed
        try:
            step = self._step(host, errand)
        except FetchFailed as failure:
            host.refusal = _refusal(host, errand, failure)
            step = failure
        except Exception as error:  # noqa: BLE001 - a server has found a hole in a library
            step = FetchFailed(f"its answer cannot be read ({type(error).__name__})")
        host.ready_at = self._monotonic() + self._fetcher.delay_s(errand.url)
        if isinstance(step, Errand):
            self._put(step)  # in the queue of the host that it leads to
        else:
            self._hand_over((errand, step))
        with self._change:
            host.busy = False
            self._change.notify()

    def _hand_over(self, outcome: Outcome | BaseException) -> None:
        while not self._over.is_set():
            try:
                self._outcomes.put(outcome, timeout=_TICK_S)
            except Full:
                continue
            return

    def _step(self, host: _Host, errand: Errand) -> Fetched | Errand:
        if host.refusal:
            raise host.refusal
        now = self._monotonic()
        if max(now, host.ready_at) > self._until:
            raise FetchFailed("the time for fetching was over; it is asked next night")
        if host.ready_at > now:
            self._sleep(host.ready_at - now)
        if self._over.is_set():
            raise FetchFailed("fetching was stopped")
        return self._fetcher.advance(errand)


def _refusal(host: _Host, errand: Errand, failure: FetchFailed) -> FetchFailed | None:
    """Return why a host is left alone after `failure`, None where it is not."""
    if isinstance(failure, TimedOut):
        host.timeouts += 1
        if host.timeouts >= _MOST_TIMEOUTS:
            return LeftAlone(host_of(errand.url), failure)
    if not failure.stop:
        return host.refusal
    return FetchFailed(
        f"its host is left alone tonight: {failure.detail}",
        reason=failure.reason,
        status=failure.status,
        pause_s=failure.pause_s,
    )
