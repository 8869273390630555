"""The grammar writer: what it writes, and what it refuses to write."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.assets import asset
from summarizer.model.grammar import (
    SENTENCE_END,
    one_line,
    rest_of_array,
    to_gbnf,
    without_integers,
)
from tests.schemas import compact, schemas, values
from tests.tiny_gguf import write_tiny_llama

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "minLength": 1, "maxLength": 9},
        "items": {
            "type": "array",
            "minItems": 1,
            "maxItems": 3,
            "items": {
                "type": "object",
                "properties": {
                    "ids": {
                        "type": "array",
                        "minItems": 1,
                        "maxItems": 2,
                        "items": {"type": "integer", "enum": [4, 5, 6]},
                    }
                },
                "required": ["ids"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["title", "items"],
    "additionalProperties": False,
}


def test_grammar_offers_only_the_listed_integers():
    assert 'integer1 ::= "4" | "5" | "6"' in to_gbnf(SCHEMA)


def test_grammar_admits_no_control_character():
    assert r"\x00-\x1F\x7F]" in to_gbnf(SCHEMA)


def test_grammar_bounds_strings_and_arrays():
    text = to_gbnf(SCHEMA)
    assert "char{1,9}" in text
    assert '("," integer1){0,1}' in text
    assert "){0,2}" in text


def test_grammar_is_written_for_our_own_claims_schema_once_ids_are_known():
    schema = json.loads((asset("schemas") / "article_claims.v1.json").read_text("utf-8"))
    ids = schema["properties"]["claims"]["items"]["properties"]["evidence"]
    ids["items"] = {"type": "integer", "enum": [1, 2]}
    assert list(schema["properties"])[-1] == "claims"
    assert to_gbnf(schema).startswith("root ::= ")


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "maxLength": 5, "pattern": "^a$"},
        {"type": "number"},
        {"anyOf": [{"type": "integer", "enum": [1]}]},
        {"type": "array", "maxItems": 2, "uniqueItems": True, "items": {"type": "integer"}},
        {"type": "object", "properties": {"a": {"type": "string", "maxLength": 3}}},
        {"type": "integer", "enum": []},
    ],
    ids=["pattern", "number", "any-of", "unique-items", "optional-property", "empty-enum"],
)
def test_grammar_refuses_what_it_would_have_to_skip(schema):
    with pytest.raises((ValueError, KeyError)):
        to_gbnf(schema)


def test_rest_of_array_asks_for_a_comma_only_after_an_element():
    assert rest_of_array(SCHEMA, "items", 1).startswith('root ::= "," object')
    assert rest_of_array(SCHEMA, "items", 0).startswith("root ::= object")


def test_rest_of_array_that_is_full_can_only_close():
    assert rest_of_array(SCHEMA, "items", 3).splitlines()[0] == 'root ::= "]}"'


def test_rest_of_array_refuses_a_property_that_is_not_the_last():
    with pytest.raises(ValueError, match="last property"):
        rest_of_array(SCHEMA, "title", 0)


def test_without_integers_takes_them_out_of_a_copy():
    less = without_integers(SCHEMA, "items", {5})
    assert less is not None
    items = less["properties"]["items"]["items"]["properties"]["ids"]["items"]
    assert items["enum"] == [4, 6]
    assert to_gbnf(SCHEMA) != to_gbnf(less)


def test_without_integers_says_when_none_is_left():
    assert without_integers(SCHEMA, "items", {4, 5, 6}) is None


def test_string_that_must_be_a_sentence_ends_with_a_stop():
    text = to_gbnf({"type": "string", "minLength": 5, "maxLength": 9, "pattern": SENTENCE_END})
    assert "char{4,7} [.!?] ['" in text


def test_one_line_ends_with_a_stop():
    assert one_line(15, 200).rstrip().endswith('"."')


@pytest.mark.parametrize("text", ["name", 'a "quote"', "back\\slash", "é"])
def test_names_of_properties_are_quoted_for_json_and_for_the_grammar(text):
    schema = {
        "type": "object",
        "properties": {text: {"type": "integer", "enum": [1]}},
        "required": [text],
    }
    key = json.dumps(text).replace("\\", "\\\\").replace('"', '\\"')
    assert f'"{key}:"' in to_gbnf(schema)


# --- what llama.cpp makes of it -----------------------------------------------------------------


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from summarizer.model.llama import LlamaFile

    path = write_tiny_llama(tmp_path_factory.mktemp("tiny") / "tiny.gguf")
    llama = LlamaFile(path, threads=1)
    yield llama
    llama.close()


def admits(llama: Any, gbnf: str, text: str) -> bool:
    """Return whether `text` is a whole text of the grammar: all of it, and then the end."""
    grammar = llama.grammar(gbnf)
    try:
        for token in llama.tokenize(text, special=False):
            if not grammar.allows(token):
                return False
            grammar.accept(token)
        (end,) = llama.tokenize("<|im_end|>", special=True)
        return bool(grammar.allows(end))
    finally:
        grammar.close()


@pytest.mark.model
@given(data=st.data())
def test_grammar_admits_every_value_of_its_schema_as_compact_json(data, tiny):
    schema = data.draw(schemas())
    value = data.draw(values(schema))
    assert admits(tiny, to_gbnf(schema), compact(value))


GOOD = {"title": "Pier", "items": [{"ids": [4]}, {"ids": [5, 6]}]}


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "good"),
    [
        (compact(GOOD), True),
        (json.dumps(GOOD), False),  # white space
        (compact(GOOD) + " ", False),
        (compact(GOOD)[:-1], False),
        (compact(GOOD | {"title": ""}), False),
        (compact(GOOD | {"title": "0123456789"}), False),
        (compact(GOOD | {"title": 'a "b" \\'}), True),
        (compact(GOOD | {"title": "a{b"}), False),
        (compact(GOOD | {"items": []}), False),
        (compact(GOOD | {"items": [{"ids": [4]}] * 4}), False),
        (compact(GOOD | {"items": [{"ids": [7]}]}), False),
        (compact(GOOD | {"items": [{"ids": [44]}]}), False),
        (compact(GOOD | {"items": [{"ids": []}]}), False),
        (compact(GOOD | {"items": [{"ids": [4, 5, 6]}]}), False),
        (compact(GOOD | {"more": "x"}), False),
        (compact({"items": GOOD["items"], "title": "Pier"}), False),
        ('{"title":"tab\t","items":[{"ids":[4]}]}', False),
        ('{"title":"\\u0041","items":[{"ids":[4]}]}', False),
    ],
)
def test_grammar_admits_nothing_else(tiny, text, good):
    assert admits(tiny, to_gbnf(SCHEMA), text) is good


@pytest.mark.model
@pytest.mark.parametrize(
    ("written", "rest", "good"),
    [
        (1, ',{"ids":[4]}]}', True),
        (1, ',{"ids":[4]},{"ids":[5]}]}', True),
        (1, ',{"ids":[4]},{"ids":[5]},{"ids":[6]}]}', False),
        (1, "]}", False),
        (1, '{"ids":[4]}]}', False),
        (0, '{"ids":[4]}]}', True),
        (3, "]}", True),
        (3, ',{"ids":[4]}]}', False),
    ],
)
def test_rest_of_array_admits_one_more_element_at_the_least(tiny, written, rest, good):
    assert admits(tiny, rest_of_array(SCHEMA, "items", written), rest) is good


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("The pier opened on Tuesday.", True),
        ("Too short.", False),
        ("The pier opened on Tuesday", False),
        ("the pier opened on Tuesday.", False),
        ("The pier opened. On Tuesday.", False),
        ("The pier cost 4.5 crowns in all.", True),
        ("The pier opened\non Tuesday.", False),
    ],
)
def test_one_line_admits_one_sentence(tiny, text, good):
    assert admits(tiny, one_line(15, 60), text) is good
