"""Watch an answer's array while it is written, and say what has to be taken back."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from summarizer.model.interface import ListRules


class Repeat(NamedTuple):
    """An element that must go: cut the answer at `keep_chars`, where `written` elements stand."""

    keep_chars: int
    written: int


class Opening(NamedTuple):
    """A text that must be begun again: cut the answer at `keep_chars`, where it begins."""

    keep_chars: int


class ListWatch:
    """Follows one answer; `forbidden` collects the integers that may not be offered again.

    The answer's layout is the grammar's (model/grammar.py), so an element starts at "{" and
    list-valued keys hold integers only.
    """

    def __init__(self, rules: ListRules) -> None:
        self._rules = rules
        self._array = f'"{rules.array}":['
        self._text = f'"{rules.text}":"'
        words = "|".join(map(re.escape, rules.openings))
        self._opening = re.compile(rf" ?(?:{words})[^\w]", re.IGNORECASE) if words else None
        self._longest = (
            max(map(len, rules.openings), default=0) + 2
        )  # a space before, a letter after
        lists = "|".join(map(re.escape, rules.distinct))
        self._lists = re.compile(rf'"({lists})":(\[[0-9,]*\])')
        self._started = False
        self._end = 0  # of the last element kept, in characters
        self._written = 0
        self._seen: dict[str, set[str]] = {key: set() for key in rules.distinct}
        self.forbidden: set[int] = set()
        self.dropped = 0

    def look(self, text: str) -> Repeat | Opening | None:
        """Return what `text`, the answer so far, now has to take back, if anything."""
        if not self._started:
            at = text.find(self._array)
            if at < 0:
                return None
            self._started, self._end = True, at + len(self._array)
        start = text.find("{", self._end)
        if start < 0:
            return None
        if text.find("}", start) < 0:  # braces do not occur in strings (model/grammar.py)
            return self._look_at_open_element(text, start)
        element, length = json.JSONDecoder().raw_decode(text[start:])
        repeat = self._check(element)
        if repeat is None:
            self._keep(element, start + length)
        return repeat

    def text_begins(self, text: str) -> bool:
        """Return whether `text`, the answer so far, has just opened a watched text."""
        return self._started and self._opening is not None and text.endswith(self._text)

    def _look_at_open_element(self, text: str, start: int) -> Repeat | Opening | None:
        """Find a repeat in the closed lists, or an unwanted opening, of an element in writing."""
        at = text.find(self._text, start)
        if at >= 0:
            begins = at + len(self._text)
            if len(text) > begins + self._longest:
                return None  # the lists before it were looked at when they were closed
            if self._opening and self._opening.match(text, begins):
                return Opening(begins)
        for found in self._lists.finditer(text, start):
            repeat = self._check({found[1]: json.loads(found[2])})
            if repeat:
                return repeat
        return None

    def _check(self, element: dict[str, Any]) -> Repeat | None:
        for key in self._rules.distinct:
            value = element.get(key)
            if value is not None and _normal(value) in self._seen[key]:
                self.dropped += 1
                for listed in (element.get(other) for other in self._rules.distinct):
                    if isinstance(listed, list):
                        self.forbidden.update(listed[:1])
                return Repeat(self._end, self._written)
        return None

    def _keep(self, element: dict[str, Any], end: int) -> None:
        self._end = end
        self._written += 1
        for key in self._rules.distinct:
            self._seen[key].add(_normal(element[key]))


def _normal(value: object) -> str:
    """Return a form in which two values are the same when nothing but layout differs."""
    if isinstance(value, list):
        return json.dumps(sorted(set(value)))
    return " ".join(re.findall(r"\w+", str(value).lower()))
