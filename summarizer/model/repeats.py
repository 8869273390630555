"""Watch an answer's array while it is written and say when an element repeats an earlier one."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from summarizer.model.interface import Distinct


class Repeat(NamedTuple):
    """An element that must go: cut the answer at `keep_chars`, where `written` elements stand."""

    keep_chars: int
    written: int


class RepeatWatch:
    """Follows one answer; `forbidden` collects the integers that may not be offered again.

    The answer's layout is the grammar's (model/grammar.py), so an element starts at "{" and
    list-valued keys hold integers only.
    """

    def __init__(self, distinct: Distinct) -> None:
        self._distinct = distinct
        self._opening = f'"{distinct.array}": ['
        self._elements_start: int | None = None
        self._end = 0  # of the last element kept, in characters
        self._written = 0
        self._seen: dict[str, set[str]] = {key: set() for key in distinct.keys}
        self.forbidden: set[int] = set()
        self.dropped = 0

    def look(self, text: str) -> Repeat | None:
        """Return the repeat that `text`, the answer so far, now ends with, if there is one."""
        if self._elements_start is None:
            at = text.find(self._opening)
            if at < 0:
                return None
            self._elements_start = self._end = at + len(self._opening)
        tail = text[self._end :]
        start = tail.find("{")
        if start < 0:
            return None
        try:
            element, length = json.JSONDecoder().raw_decode(tail[start:])
        except json.JSONDecodeError:
            return self._look_at_open_element(tail[start:])
        repeat = self._check(element)
        if repeat is None:
            self._keep(element, start + length)
        return repeat

    def _look_at_open_element(self, tail: str) -> Repeat | None:
        """Find a repeat in the closed lists of an element that is still being written."""
        for key in self._distinct.keys:
            found = re.search(rf'"{re.escape(key)}": (\[[0-9, ]*\])', tail)
            if found:
                repeat = self._check({key: json.loads(found[1])})
                if repeat:
                    return repeat
        return None

    def _check(self, element: dict[str, Any]) -> Repeat | None:
        for key in self._distinct.keys:
            value = element.get(key)
            if value is not None and _normal(value) in self._seen[key]:
                self.dropped += 1
                for listed in (element.get(other) for other in self._distinct.keys):
                    if isinstance(listed, list):
                        self.forbidden.update(listed[:1])
                return Repeat(self._end, self._written)
        return None

    def _keep(self, element: dict[str, Any], length: int) -> None:
        self._end += length
        self._written += 1
        for key in self._distinct.keys:
            self._seen[key].add(_normal(element[key]))


def _normal(value: object) -> str:
    """Return a form in which two values are the same when nothing but layout differs."""
    if isinstance(value, list):
        return json.dumps(sorted(set(value)))
    return " ".join(re.findall(r"\w+", str(value).lower()))
