"""Write a GBNF grammar for the subset of JSON Schema that our own schemas use.

llama.cpp's converters skip what they do not know and admit raw control characters; this one
knows little and refuses the rest. There is no white space: a claim takes four tokens less than
in the layout with a space after ":" and ",", and where the layout leaves no choice the text is
appended without asking the model (layout.py).

Subset: object (every property required, no others), array (items, minItems, maxItems),
string (const; or minLength, maxLength, and the pattern SENTENCE_END), integer (enum, or minimum
and maximum).
Source: grammars/README.md of llama.cpp; JSON strings by RFC 8259, section 7.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

# No control characters, escaped only where JSON must. \u escapes are left out: a model needs
# none (it writes UTF-8), and through them a lone surrogate could come back.
# The one pattern known: a text that is cut off is no sentence.
SENTENCE_END = "[.!?]['\u2019\u201d)]?$"
# Braces and brackets are left out too: a model that writes them has taken the string's end for
# past, and would go on with JSON inside it.
_CHAR = r'char ::= [^"\\{}\[\]\x00-\x1F\x7F] | "\\" ["\\/bn]'

Schema = Mapping[str, Any]


def to_gbnf(schema: Schema) -> str:
    """Return the grammar of one JSON value of `schema`.

    Raises:
        ValueError: the schema uses a keyword outside the subset.
    """
    rules = _Rules()
    return rules.text(rules.value(schema))


def rest_of_array(schema: Schema, array: str, written: int) -> str:
    """Return the grammar of what may follow when `written` elements of `array` are closed.

    `array` is the last property of the root object, so the rest is at least one more element
    (the model shall move on, not give up) and "]}"; only "]}" where the array is full.

    Raises:
        ValueError: `array` is not the last property, or a keyword is outside the subset.
    """
    properties = schema["properties"]
    if list(properties)[-1] != array:
        raise ValueError(f"{array} is not the last property")
    rules = _Rules()
    left = properties[array]["maxItems"] - written
    if left <= 0:
        return rules.text('"]}"')
    item = rules.value(properties[array]["items"])
    comma = '"," ' if written else ""
    return rules.text(f'{comma}{item} ("," {item}){{0,{left - 1}}} "]}}"')


def one_line(min_chars: int, max_chars: int) -> str:
    """Return the grammar of one line of text, `min_chars` to `max_chars` long, ended by a stop."""
    return (
        f"root ::= [A-Z0-9] [^\\x00-\\x1F\\x7F.!?]{{{min_chars - 2},{max_chars - 2}}} "
        '("." [^ \\x00-\\x1F\\x7F.!?]+ [^\\x00-\\x1F\\x7F.!?]*){0,3} "."\n'
    )


_KNOWN = {
    "object": {"properties", "required", "additionalProperties"},
    "array": {"items", "minItems", "maxItems"},
    "string": {"minLength", "maxLength", "pattern", "const"},
    "integer": {"enum", "minimum", "maximum"},
}
_ALWAYS = {"type", "title", "description", "$schema", "$id"}


class _Rules:
    """The rules of one grammar.

    Every value is a rule of its own: llama.cpp refuses a repetition of something that it would
    have to copy too often, and a rule's name counts as one.
    """

    def __init__(self) -> None:
        self._rules: list[str] = []

    def text(self, root: str) -> str:
        return "\n".join([f"root ::= {root}", *self._rules, _CHAR, ""])

    def value(self, schema: Schema) -> str:
        """Add the rules of `schema`; return the name of its own."""
        kind = schema.get("type")
        if kind not in _KNOWN:
            raise ValueError(f"type {kind!r} is not in the subset")
        unknown = set(schema) - _KNOWN[kind] - _ALWAYS
        if unknown:
            raise ValueError(f"{kind}: {', '.join(sorted(unknown))} not in the subset")
        write = {
            "object": self._object,
            "array": self._array,
            "string": self._string,
            "integer": self._integer,
        }
        body = write[kind](schema)
        name = f"{kind}{len(self._rules)}"
        self._rules.append(f"{name} ::= {body}")
        return name

    def _object(self, schema: Schema) -> str:
        properties = schema["properties"]
        if set(schema.get("required", ())) != set(properties):
            raise ValueError("every property must be required")
        pairs = ' "," '.join(
            f"{_literal(json.dumps(name) + ':')} {self.value(value)}"
            for name, value in properties.items()
        )
        return f'"{{" {pairs} "}}"'

    def _array(self, schema: Schema) -> str:
        item = self.value(schema["items"])
        low, high = schema.get("minItems", 0), schema["maxItems"]
        if low < 1:
            return f'"[" ({item} ("," {item}){{0,{high - 1}}})? "]"'
        if high == 1:
            return f'"[" {item} "]"'
        return f'"[" {item} ("," {item}){{{low - 1},{high - 1}}} "]"'

    def _string(self, schema: Schema) -> str:
        if "const" in schema:
            return _literal(constant(schema))
        low, high = schema.get("minLength", 0), schema["maxLength"]
        if "pattern" not in schema:
            return f'"\\"" char{{{low},{high}}} "\\""'
        if schema["pattern"] != SENTENCE_END:
            raise ValueError(f"pattern {schema['pattern']!r} is not in the subset")
        most = max(low - 1, high - 2)  # a stop, and a mark behind it, count too
        return f'"\\"" char{{{low - 1},{most}}} [.!?] [\'\u2019\u201d)]? "\\""'

    def _integer(self, schema: Schema) -> str:
        values = schema.get("enum") or range(schema["minimum"], schema["maximum"] + 1)
        if not values:
            raise ValueError("an integer without a value")
        return " | ".join(f'"{value}"' for value in values)


def constant(schema: Schema) -> str:
    """Return the JSON text of a string that the schema leaves no choice about."""
    return json.dumps(schema["const"], ensure_ascii=False)


def _literal(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def without_integers(schema: Schema, array: str, forbidden: set[int]) -> dict[str, Any] | None:
    """Return `schema` with `forbidden` taken out of the integer lists in `array`'s elements.

    None when a list would have no integer left to offer.
    """
    copy: dict[str, Any] = json.loads(json.dumps(schema))
    for prop in copy["properties"][array]["items"]["properties"].values():
        items = prop.get("items", {})
        if prop["type"] == "array" and items.get("type") == "integer":
            values = items.get("enum") or range(items["minimum"], items["maximum"] + 1)
            left = [value for value in values if value not in forbidden]
            if not left:
                return None
            items["enum"] = left
    return copy
