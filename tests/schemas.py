"""Random schemas of the subset of model/grammar.py, random values of them, their JSON."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from summarizer.model.grammar import SENTENCE_END

# What the grammar lets into a string.
_LETTERS = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="{}[]")
_NAMES = st.text(min_size=1, max_size=6)  # of any characters but surrogates


@st.composite
def _strings(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(["const", "text", "sentence"]))
    if kind == "const":
        return {"type": "string", "const": draw(_NAMES)}
    low, more = draw(st.integers(1, 3)), draw(st.integers(0, 5))
    if kind == "text":
        return {"type": "string", "minLength": low, "maxLength": low + more}
    # One more at the least: a mark may stand behind the stop.
    high = low + 1 + more
    return {"type": "string", "minLength": low, "maxLength": high, "pattern": SENTENCE_END}


def _integers() -> st.SearchStrategy[dict[str, Any]]:
    few = st.lists(st.integers(-5, 120), min_size=1, max_size=4, unique=True)
    bounds = st.tuples(st.integers(-12, 12), st.integers(0, 9))
    return st.one_of(
        few.map(lambda values: {"type": "integer", "enum": values}),
        bounds.map(lambda b: {"type": "integer", "minimum": b[0], "maximum": b[0] + b[1]}),
    )


def _objects(values: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(_NAMES, values, min_size=1, max_size=3).map(
        lambda properties: {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }
    )


@st.composite
def _arrays(draw: st.DrawFn, values: st.SearchStrategy[dict[str, Any]]) -> dict[str, Any]:
    low = draw(st.integers(0, 2))
    high = max(1, low) + draw(st.integers(0, 2))
    return {"type": "array", "items": draw(values), "minItems": low, "maxItems": high}


_VALUES = st.recursive(
    st.one_of(_strings(), _integers()),
    lambda inner: st.one_of(_objects(inner), _arrays(inner)),
    max_leaves=6,
)


def schemas() -> st.SearchStrategy[dict[str, Any]]:
    """Schemas whose root is an object, as that of every answer is."""
    return _objects(_VALUES)


@st.composite
def values(draw: st.DrawFn, schema: dict[str, Any]) -> Any:
    """Values of `schema`."""
    kind = schema["type"]
    if kind == "object":
        return {name: draw(values(inner)) for name, inner in schema["properties"].items()}
    if kind == "array":
        count = draw(st.integers(schema["minItems"], schema["maxItems"]))
        return [draw(values(schema["items"])) for _ in range(count)]
    if kind == "integer":
        return draw(
            st.sampled_from(schema["enum"])
            if "enum" in schema
            else st.integers(schema["minimum"], schema["maximum"])
        )
    if "const" in schema:
        return schema["const"]
    low, high = schema["minLength"], schema["maxLength"]
    if "pattern" not in schema:
        return draw(st.text(_LETTERS, min_size=low, max_size=high))
    text = draw(st.text(_LETTERS, min_size=low - 1, max_size=high - 2))
    return text + draw(st.sampled_from(".!?")) + draw(st.sampled_from(["", "'", "\u2019", ")"]))


def compact(value: Any) -> str:
    """Return `value` as JSON without white space; names in ASCII, as the grammar has them."""
    if isinstance(value, dict):
        pairs = (f"{json.dumps(name)}:{compact(inner)}" for name, inner in value.items())
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(compact, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
