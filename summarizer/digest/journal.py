"""What a run does, event by event: kept in the state, and told to whoever listens."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal

from summarizer.data import Record
from summarizer.digest.clock import Clock
from summarizer.render.escape import clean

if TYPE_CHECKING:
    from summarizer.digest.state import State
    from summarizer.digest.state.records import RunRecord

Level = Literal["debug", "info", "warning", "error"]
LEVELS: tuple[Level, ...] = ("debug", "info", "warning", "error")

MAX_TEXT = 500  # characters of one value: an event is a statement, never an article
_MAX_ITEMS = 50  # of a list or table
_MAX_DEPTH = 3
_RAW_TEXT = 8 * MAX_TEXT  # characters looked at: cleaning takes time, and texts may be megabytes

_SECRET = frozenset({"password", "passwd", "secret", "authorization", "cookie", "apikey"})
_SECRET_NAMES = frozenset({"api_key", "auth", "token", "access_token", "pass"})
_HIDDEN = "(hidden)"
# Linear: what comes before the "@" holds no "/", so no two tries look at the same characters.
_CREDENTIALS = re.compile(r"(?<=://)[^/\s]*@")
_OPEN_HOST = re.compile(r"://[^/\s]*\Z")  # half of them, where a long text is cut


class Entry(Record):
    """One event of a run, as listeners get it; the values of `fields` are JSON's, and short."""

    run: str
    at: dt.datetime
    level: Level
    name: str
    fields: dict[str, Any]


Listener = Callable[[Entry], object]


class Journal:
    """Notes the events of one run.

    Args:
        state: keeps them, see its `runs.note`.
        run: the run at hand.
        clock: says when it is.
        listeners: are given every entry once it is stored, in order.
    """

    def __init__(self, state: State, run: RunRecord, clock: Clock, *listeners: Listener) -> None:
        self._state = state
        self._run = run
        self._clock = clock
        self._listeners = listeners
        self._failed: set[int] = set()  # listeners of which it was noted already

    def note(self, name: str, /, level: Level = "info", **fields: object) -> Entry:
        """Store an event, then give it to every listener.

        Text in `fields` is cut and made harmless, what is named like a secret and the
        credentials of URLs are hidden. A listener that fails is noted once and does not stop the
        run; nor does it keep the others from hearing.

        Raises:
            StateError: the event cannot be stored; the listeners have heard it all the same.
        """
        entry = Entry(
            run=self._run.id,
            at=self._clock.utc(),
            level=level,
            name=_text(name),
            fields={key: _hidden(key, value) for key, value in fields.items()},
        )
        try:
            self._store(entry)
        finally:
            failures = [failure for one in self._listeners if (failure := self._tell(one, entry))]
        for failure in failures:
            self._store(failure)
        return entry

    def _store(self, entry: Entry) -> None:
        self._state.runs.note(
            self._run.number, entry.level, entry.name, dict(entry.fields), entry.at
        )

    def _tell(self, listener: Listener, entry: Entry) -> Entry | None:
        """Give `entry` to `listener`; return what is to be noted if it failed the first time."""
        try:
            listener(entry)
        except Exception as error:  # noqa: BLE001 - a full disk under a log must not end the night
            if id(listener) in self._failed:
                return None
            self._failed.add(id(listener))
            fields = {"problem": plain(error), "kind": type(error).__name__}
            return entry.model_copy(
                update={"level": "warning", "name": "listener failed", "fields": fields}
            )
        return None


def plain(value: object, *, depth: int = 0) -> Any:
    """Return `value` as JSON can hold it, short and harmless.

    Numbers, None and booleans stay; text is one cleaned line of at most MAX_TEXT characters;
    moments are ISO 8601, spans of time seconds; lists and tables are cut; anything else, errors
    for instance, is its text.
    """
    if isinstance(value, Mapping) and depth < _MAX_DEPTH:
        some = list(value.items())[:_MAX_ITEMS]
        return {_text(_said(k)): _hidden(_said(k), v, depth=depth + 1) for k, v in some}
    if isinstance(value, AbstractSet) and depth < _MAX_DEPTH:
        value = sorted(value, key=_said)
    if isinstance(value, list | tuple) and depth < _MAX_DEPTH:
        return [plain(one, depth=depth + 1) for one in value[:_MAX_ITEMS]]
    return _scalar(value)


def _scalar(value: object) -> Any:
    match value:
        case None | bool():
            return value
        case Enum():
            return _scalar(value.value)
        case int():
            return value if abs(value) < 1 << 63 else _text(hex(value))  # what databases hold
        case float():
            return value if math.isfinite(value) else str(value)
        case dt.datetime() | dt.date() | dt.time():
            return value.isoformat()
        case dt.timedelta():
            return value.total_seconds()
        case bytes() | bytearray():
            return f"{len(value)} bytes"
    return _text(_said(value))


def _hidden(name: str, value: object, *, depth: int = 0) -> Any:
    """Return the plain `value`, or a mark where its name says that it is a secret."""
    words = name.lower().replace("-", "_")
    if words in _SECRET_NAMES or not _SECRET.isdisjoint(words.split("_")):
        return value if value is None or isinstance(value, bool) else _HIDDEN
    return plain(value, depth=depth)


def _said(value: object) -> str:
    """Return the value's own text; an object that has none must not end the night."""
    try:
        return str(value)
    except Exception:  # noqa: BLE001 - anybody's __str__
        return f"({type(value).__name__})"


def _text(text: str) -> str:
    if len(text) > _RAW_TEXT:
        text = _OPEN_HOST.sub("", text[:_RAW_TEXT])
    return clean(_CREDENTIALS.sub("", text), limit=MAX_TEXT)
