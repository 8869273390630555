"""Moments of a digest that chance hits too seldom: its process kills itself exactly there.

SIGKILL is the same whoever sends it: nothing is flushed, closed or rolled back.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa


class Aim(NamedTuple):
    """A moment: the `nth` time that something with all the words of `what` is about to happen.

    Kinds: a "statement" of SQL with its parameters; the "commit" of the transaction that holds
    such a statement; whatever the state is asked "next" after that commit; a "rename" to such a
    path; "connect" to the channel; "held": the channel's server has all of it and has not
    answered (the server tells, and who started the digest kills it).
    """

    name: str
    kind: Literal["statement", "commit", "next", "rename", "connect", "held"]
    what: tuple[str, ...] = ()
    nth: int = 1
    unknown: str = ""  # the channel of which the digest then cannot know whether it delivered
    arrives: int = 1  # how often that delivery reached its server


_EDITION = ("INSERT INTO deliveries",)  # the last part of an edition's transaction
AIMS = (
    Aim("lock taken, its holder being written", "rename", (".lock.info",)),
    Aim("article being added", "statement", ("INSERT INTO bodies",), 4),
    Aim("article before its commit", "commit", ("INSERT INTO bodies",), 7),
    Aim("answer there, not yet kept", "statement", ("INSERT INTO extractions",), 3),
    Aim("answer before its commit", "commit", ("INSERT INTO extractions",), 3),
    Aim("verdicts before their commit", "commit", ("INSERT INTO summaries",), 2),
    Aim("edition inside its transaction", "statement", _EDITION),
    Aim("edition before its commit", "commit", _EDITION),
    Aim("edition committed, not yet noted", "next", _EDITION),
    Aim("files: JSON before its rename", "rename", ("briefs", ".json")),
    Aim("site: feed before its rename", "rename", ("site", "feed.xml")),
    Aim("email: being begun", "commit", ("UPDATE deliveries", "email")),
    Aim("email: begun, no connection yet", "connect", ("email",), unknown="email", arrives=0),
    Aim("email: taken, not answered", "held", ("email",), unknown="email"),
    Aim("email: answered, not recorded", "statement", ("UPDATE deliveries", "email"), 2, "email"),
    Aim("email: recorded, not committed", "commit", ("UPDATE deliveries", "email"), 2, "email"),
    Aim("email: recorded and committed", "next", ("UPDATE deliveries", "email"), 2),
    Aim("webhook: being begun", "commit", ("UPDATE deliveries", "webhook")),
    Aim("webhook: begun, no connection yet", "connect", ("webhook",), unknown="webhook", arrives=0),
    Aim("webhook: taken, not answered", "held", ("webhook",), unknown="webhook"),
    Aim(
        "webhook: answered, not recorded",
        "statement",
        ("UPDATE deliveries", "webhook"),
        2,
        "webhook",
    ),
    Aim(
        "webhook: recorded, not committed", "commit", ("UPDATE deliveries", "webhook"), 2, "webhook"
    ),
    Aim("webhook: recorded and committed", "next", ("UPDATE deliveries", "webhook"), 2),
    Aim("run being ended", "commit", ("UPDATE runs", "done")),
)


def before_commit(nth: int) -> Aim:
    """Return the moment before the `nth` commit of all that write."""
    return Aim(f"before commit {nth}", "commit", nth=nth)


def arm(aim: Aim | None, ports: dict[str, int]) -> None:
    """Have this process killed at the moment of `aim`; `ports` are the channels'."""
    if aim is None or aim.kind == "held":
        return
    if aim.kind in ("rename", "connect"):
        _arm_audit(aim, ports)
        return
    watch = _Transactions(aim)
    sa.event.listen(sa.Engine, "before_cursor_execute", watch.statement)
    sa.event.listen(sa.Engine, "commit", watch.commit)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _arm_audit(aim: Aim, ports: dict[str, int]) -> None:
    left = aim.nth

    def hook(event: str, args: tuple[Any, ...]) -> None:
        nonlocal left
        if aim.kind == "rename":
            hit = event == "os.rename" and all(word in str(args[1]) for word in aim.what)
        else:
            hit = event == "socket.connect" and args[1][1] == ports[aim.what[0]]
        left -= hit
        if hit and not left:
            _die()

    sys.addaudithook(hook)


class _Transactions:
    """Follows the transactions of the state."""

    def __init__(self, aim: Aim) -> None:
        self._aim, self._left = aim, aim.nth
        self._holds = self._over = False

    def statement(
        self, conn: object, cursor: object, statement: str, parameters: Any, *_: object
    ) -> None:
        if self._over:
            _die()
        if statement.startswith(("SELECT", "BEGIN", "PRAGMA")):
            return
        text = f"{' '.join(statement.split())} {parameters}"
        if not all(word in text for word in self._aim.what) or self._holds:
            return
        self._left -= 1
        if not self._left and self._aim.kind == "statement":
            _die()
        self._holds = True

    def commit(self, conn: object) -> None:
        if self._holds and not self._left:
            if self._aim.kind == "commit":
                _die()
            self._over = True
        self._holds = False
