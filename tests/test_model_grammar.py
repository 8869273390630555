"""The grammar writer: what it writes, and what it refuses to write."""

from __future__ import annotations

import json
from typing import Any

import pytest

from summarizer.assets import asset
from summarizer.model.grammar import (
    SENTENCE_END,
    one_line,
    rest_of_array,
    to_gbnf,
    without_integers,
)

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
    assert '(", " integer1){0,1}' in text
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
    assert rest_of_array(SCHEMA, "items", 1).startswith('root ::= ", " object')
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
    assert "char{4,8} [.!?] ['" in text


def test_one_line_ends_with_a_stop():
    assert one_line(15, 200).rstrip().endswith('"."')
