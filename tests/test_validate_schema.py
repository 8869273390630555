import json

import pytest
from jsonschema import Draft202012Validator

from summarizer.assets import asset
from summarizer.errors import InvalidOutput
from summarizer.validate.schema import check_answer

CLAIM = {"evidence": [1, 2], "claim": "The Velmora bridge opened on Tuesday."}


def _answer(**changes: object) -> str:
    return json.dumps({"headline": "Bridge opens", "claims": [CLAIM]} | changes)


def test_schema_file_is_a_valid_schema():
    schema = json.loads((asset("schemas") / "article_claims.v1.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)


def test_evidence_comes_before_the_claim_so_that_the_model_points_first():
    schema = json.loads((asset("schemas") / "article_claims.v1.json").read_text("utf-8"))
    item = schema["properties"]["claims"]["items"]
    assert list(item["properties"]) == ["evidence", "claim"]
    assert list(schema["properties"]) == ["headline", "claims"]


def test_good_answer_gives_headline_and_claims():
    assert check_answer(_answer(), "abc", 3) == ("Bridge opens", [(CLAIM["claim"], (1, 2))])


def test_sentence_offered_twice_is_given_once():
    text = _answer(claims=[CLAIM | {"evidence": [2, 2]}])
    assert check_answer(text, "abc", 3)[1][0][1] == (2,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "[]",
        "{" * 5000,
        _answer()[:-1],
        _answer(headline=""),
        _answer(headline="x" * 141),
        _answer(headline=None),
        _answer(claims=[]),
        _answer(claims=[CLAIM] * 17),
        _answer(more=1),
        _answer(claims=[CLAIM | {"evidence": []}]),
        _answer(claims=[CLAIM | {"evidence": [0]}]),
        _answer(claims=[CLAIM | {"evidence": [1, 2, 3, 1]}]),
        _answer(claims=[CLAIM | {"evidence": ["1"]}]),
        _answer(claims=[CLAIM | {"evidence": [1.5]}]),
        _answer(claims=[CLAIM | {"evidence": [4]}]),
        _answer(claims=[CLAIM | {"claim": "too short"}]),
        _answer(claims=[CLAIM | {"claim": "x" * 321}]),
        _answer(claims=[CLAIM | {"note": "x"}]),
        _answer(claims=[{"claim": CLAIM["claim"]}]),
        _answer(headline=1).replace("1", "NaN", 1),
    ],
)
def test_bad_answer_is_refused(text):
    with pytest.raises(InvalidOutput):
        check_answer(text, "abc", 3)
