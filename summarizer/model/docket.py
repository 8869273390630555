"""What a local model was asked and has not answered, and who goes next after a crash.

Plain bookkeeping: no processes, no clocks. Every request leaves it exactly once, by `pop`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from summarizer.model.interface import Prompt, Question

MAX_TRIES = 2  # a request under way in so many crashes is given up
MAX_DEATHS = 3  # so many child processes in a row that answered nothing: the model is given up

Caller = TypeVar("Caller")


@dataclass
class Entry(Generic[Caller]):
    """One request: as it came in, and who asked."""

    request: Prompt | Question
    caller: Caller
    crashes: int = 0  # in which it was under way
    started: bool = False


class Docket(Generic[Caller]):
    """Requests by serial number: waiting, or sent to the child.

    Those under way in a crash are suspects: they are sent again before the rest and one at a
    time, so that the culprit takes no companions down with it. After two fruitless children in
    a row an unsuspected request goes first, to see whether anything works at all.
    """

    def __init__(self) -> None:
        self._entries: dict[str, Entry[Caller]] = {}
        self._waiting: deque[str] = deque()
        self._suspects: deque[str] = deque()
        self._sent: dict[str, None] = {}  # in the order sent
        self.alone = False  # what was sent last has to be answered before anything else is
        self._serial = 0
        self.deaths = 0  # in a row, without an answer in between
        self.period = 0  # counts the times that something was sent to an idle child

    @property
    def given_up(self) -> bool:
        """Whether the model is not to be tried any more."""
        return self.deaths >= MAX_DEATHS

    @property
    def busy(self) -> bool:
        """Whether the child has something to do."""
        return bool(self._sent)

    def new_serial(self) -> str:
        """Return an id that no message had before."""
        self._serial += 1
        return str(self._serial)

    def add(self, request: Prompt | Question, caller: Caller) -> str:
        """Take on a request; return its serial number."""
        serial = self.new_serial()
        self._entries[serial] = Entry(request, caller)
        self._waiting.append(serial)
        return serial

    def to_send(self) -> list[tuple[str, Prompt | Question]]:
        """Return what the child shall be sent now, and note it as sent."""
        if self._sent and (self.alone or self._suspects):
            return []
        self.alone = True
        if self._waiting and self.deaths >= MAX_DEATHS - 1:
            chosen = [self._waiting.popleft()]
        elif self._suspects:
            chosen = [self._suspects.popleft()]
        else:
            chosen, self.alone = list(self._waiting), False
            self._waiting.clear()
        if chosen and not self._sent:
            self.period += 1
        self._sent.update(dict.fromkeys(chosen))
        return [(serial, self._entries[serial].request) for serial in chosen]

    def start(self, serial: str) -> None:
        """Note that a request is under way."""
        if serial in self._entries:
            self._entries[serial].started = True

    def note_answer(self) -> None:
        """Note that the child has answered something, whether anybody waits for it or not."""
        self.deaths = 0

    def serials(self) -> list[str]:
        """Return what is not answered, in the order in which it came in."""
        return list(self._entries)

    def pop(self, serial: str) -> Entry[Caller] | None:
        """Take a request out, wherever it stands."""
        entry = self._entries.pop(serial, None)
        if entry is not None and serial in self._sent:
            del self._sent[serial]
        elif entry is not None:
            queue = self._waiting if serial in self._waiting else self._suspects
            queue.remove(serial)
        return entry

    def drop(self, serials: Iterable[str]) -> list[str]:
        """Take requests out; return those that the child has to forget too."""
        gone = set(serials)
        sent = [serial for serial in self._sent if serial in gone]
        for serial in gone:
            self._entries.pop(serial, None)
        for serial in sent:
            del self._sent[serial]
        self._waiting = deque(serial for serial in self._waiting if serial not in gone)
        self._suspects = deque(serial for serial in self._suspects if serial not in gone)
        return sent

    def died(self) -> list[str]:
        """Note that the child died of itself; return the serials that are now given up.

        If none of those sent was said to be under way, the first of them is taken for it, so
        that a request which kills the child at once is found in the end, too.
        """
        self.deaths += 1
        sent = list(self._sent)
        under_way = [serial for serial in sent if self._entries[serial].started] or sent[:1]
        for serial in under_way:
            self._entries[serial].crashes += 1
        given_up = {s for s in under_way if self._entries[s].crashes >= MAX_TRIES}
        if self.given_up:
            given_up = set(self._entries)
        self._requeue()
        return [serial for serial in self._entries if serial in given_up]

    def stopped(self) -> None:
        """Note that the child was ended by us, through no fault of what it was doing."""
        self._requeue()

    def _requeue(self) -> None:
        """Put what was sent before what was not, in the order it had."""
        for serial in reversed(self._sent):
            entry = self._entries[serial]
            entry.started = False
            (self._suspects if entry.crashes else self._waiting).appendleft(serial)
        self._sent.clear()
