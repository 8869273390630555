"""What of a JSON answer is decided before the model has written it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.model.layout import forced, is_complete
from tests.engines import claims_schema
from tests.schemas import compact, schemas, values

SCHEMA = claims_schema(most=3)
ONE = '{"evidence":[1,2],"claim":"It runs."}'
TWO = '{"evidence":[2],"claim":"It ran."}'
START = '{"headline":"Pier","claims":['


@given(st.data())
def test_forced_text_is_what_the_answer_has_whatever_it_is(data):
    schema = data.draw(schemas())
    answer = compact(data.draw(values(schema)))
    for cut in range(len(answer) + 1):
        follows = forced(schema, answer[:cut])
        assert answer.startswith(follows, cut)
        reached = answer[: cut + len(follows)]
        if reached != answer:
            assert not follows.endswith(("}", "]"))
        assert forced(schema, reached) == ""


@given(st.data())
def test_answer_is_complete_at_its_end_only(data):
    schema = data.draw(schemas())
    answer = compact(data.draw(values(schema)))
    complete = [cut for cut in range(len(answer) + 1) if is_complete(schema, answer[:cut])]
    assert complete == [len(answer)]


@pytest.mark.parametrize(
    ("text", "follows"),
    [
        ("", '{"headline":"'),
        ("{", '"headline":"'),
        ('{"head', 'line":"'),
        ('{"headline":"', ""),
        ('{"headline":"Pier', ""),
        ('{"headline":"a \\"', ""),
        ('{"headline":"a \\\\"', ',"claims":[{"evidence":['),
        ('{"headline":"Pier"', ',"claims":[{"evidence":['),
        (START, '{"evidence":['),
        (START + '{"evidence":[1', ""),
        (START + '{"evidence":[1,', ""),
        (START + '{"evidence":[1,2', ""),
        (START + '{"evidence":[1]', ',"claim":"'),
        (START + '{"evidence":[1,2]', ',"claim":"'),
        (START + ONE[:-1], ""),  # the bracket is left to the model
        (START + ONE, ""),
        (START + ONE + ",", '{"evidence":['),
        (START + ",".join([ONE, TWO]), ""),
        (START + ",".join([ONE, TWO, ONE[:-1]]), "}]}"),
        (START + ",".join([ONE, TWO, ONE]), "]}"),
        (START + ONE + "]", "}"),
        (START + ONE + "]}", ""),
    ],
)
def test_claims_are_forced_as_far_as_there_is_no_choice(text, follows):
    assert forced(SCHEMA, text) == follows


def array(low: int, high: int, items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "minItems": low, "maxItems": high, "items": items}


def item(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


NUMBER = {"type": "integer", "enum": [1, 12]}
TEXT = {"type": "string", "maxLength": 5}
TITLE = {"type": "string", "const": 'A "pier"'}


@pytest.mark.parametrize(
    ("schema", "text", "follows"),
    [
        (item(a=array(2, 3, TEXT)), '{"a":["x"', ',"'),
        (item(a=array(2, 3, TEXT)), '{"a":["x","y"', ""),
        (item(a=array(2, 2, TEXT)), '{"a":["x","y"', "]}"),
        (item(a=array(1, 1, TEXT)), '{"a":["x"', "]}"),
        (item(a=array(1, 1, TEXT), b=NUMBER), '{"a":["x"', '],"b":'),
        (item(a=array(0, 2, TEXT)), "", '{"a":['),
        (item(a=array(0, 2, TEXT)), '{"a":[', ""),
        (item(a=array(0, 2, TEXT), b=TEXT), '{"a":[]', ',"b":"'),
        (item(a=NUMBER, b=TEXT), '{"a":1', ""),  # 12 may be meant
        (item(a=NUMBER, b=TEXT), '{"a":12', ""),
        (item(a=NUMBER, b=TEXT), '{"a":1,', '"b":"'),
        (item(a=item(b=TEXT)), '{"a":{"b":"x"', "}}"),
        (item(a=array(1, 2, array(1, 1, TEXT))), '{"a":[["x"', ""),
        (item(a=TITLE, b=TEXT), "", '{"a":"A \\"pier\\"","b":"'),
        (item(a=TITLE, b=TEXT), '{"a":"A \\', '"pier\\"","b":"'),
        (item(a=TEXT, b=TITLE), '{"a":"x"', ',"b":"A \\"pier\\""}'),
        (item(**{'"}': TEXT}), "", '{"\\"}":"'),
        (item(é=TEXT), "", '{"\\u00e9":"'),
    ],
)
def test_other_shapes_are_forced_as_far_as_there_is_no_choice(schema, text, follows):
    assert forced(schema, text) == follows


def test_brackets_and_quotes_in_a_string_do_not_end_it():
    text = '{"a":"' + json.dumps('}]"')[1:-1]
    assert forced(item(a=TEXT, b=TEXT), text) == ""
    assert forced(item(a=TEXT, b=TEXT), text + '"') == ',"b":"'
