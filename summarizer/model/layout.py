"""Say what of a JSON answer is decided already: what must come next, and whether it is complete.

The layout is that of model/grammar.py (no white space between tokens); the text is a beginning
of an answer that its grammar has let through.
"""

from __future__ import annotations

import json
import re

from summarizer.model.grammar import Schema, constant

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_INTEGER = re.compile(r"-?[0-9]+")


def forced(schema: Schema, text: str) -> str:
    """Return the characters that must follow `text`, as far as there is no choice.

    A bracket before a choice is left to the model: tokens such as `},{"` hold it and what comes
    next, so a bracket by itself would tell the model that the list ends (measured: one claim an
    article instead of ten).
    """
    found = ""
    while True:
        try:
            _read(schema, text + found, 0)
        except _EndsHere as end:
            if not end.must_follow:
                return found.rstrip("}]")
            found += end.must_follow
        else:
            return found


def is_complete(schema: Schema, text: str) -> bool:
    """Return whether `text` is a whole answer."""
    try:
        _read(schema, text, 0)
    except _EndsHere:
        return False
    return True


class _EndsHere(Exception):
    """The text ends before the value does; `must_follow` is "" where there is a choice."""

    def __init__(self, must_follow: str) -> None:
        super().__init__(must_follow)
        self.must_follow = must_follow


def _read(schema: Schema, text: str, at: int) -> int:
    """Return where the value of `schema` that begins at `at` ends."""
    kind = schema["type"]
    if kind == "object":
        return _object(schema, text, at)
    if kind == "array":
        return _array(schema, text, at)
    if "const" in schema:
        return _literal(constant(schema), text, at)
    if kind == "string":
        at = _literal('"', text, at) - 1
        found = _STRING.match(text, at)
    else:
        found = _INTEGER.match(text, at)
    if found is None or (kind == "integer" and found.end() == len(text)):
        raise _EndsHere("")  # more characters, or more digits, may follow
    return found.end()


def _object(schema: Schema, text: str, at: int) -> int:
    opening = "{"
    for name, value in schema["properties"].items():
        at = _read(value, text, _literal(f"{opening}{json.dumps(name)}:", text, at))
        opening = ","
    return _literal("}", text, at)


def _array(schema: Schema, text: str, at: int) -> int:
    at = _literal("[", text, at)
    low, high = schema.get("minItems", 0), schema["maxItems"]
    if low < 1:
        if at == len(text):
            raise _EndsHere("")
        if text[at] == "]":
            return at + 1
    for count in range(1, high + 1):
        at = _read(schema["items"], text, at)
        if count == high:
            break
        if at == len(text):
            raise _EndsHere("," if count < low else "")
        if text[at] == "]":
            break
        at = _literal(",", text, at)
    return _literal("]", text, at)


def _literal(literal: str, text: str, at: int) -> int:
    if text.startswith(literal, at):
        return at + len(literal)
    raise _EndsHere(literal[len(text) - at :])
