import json

import pytest
from jsonschema import Draft202012Validator

from summarizer.assets import asset
from summarizer.errors import InvalidOutput
from summarizer.validate.schema import _FAULTS, check_answer

CLAIM = {"evidence": [1, 2], "claim": "The Velmora bridge opened on Tuesday."}

# Keys of the schema that refuse nothing, and the names of an answer's parts.
NO_RULES = {
    "title",
    "description",
    "properties",
    "items",
    "headline",
    "claims",
    "evidence",
    "claim",
}


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


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[]", "the whole of it is of the wrong kind"),
        (_answer(more=1), "the whole of it has a part that was not asked for"),
        (_answer(headline=""), "the headline is too short"),
        (_answer(headline="x" * 141), "the headline is too long"),
        (_answer(headline=None), "the headline is of the wrong kind"),
        (_answer(claims=[]), "the list of claims has too few entries"),
        (_answer(claims=[CLAIM] * 17), "the list of claims has too many entries"),
        (_answer(claims=[CLAIM, {"evidence": [1]}]), "claim 2 lacks a part"),
        (_answer(claims=[CLAIM | {"evidence": []}]), "the evidence of claim 1 has too few entries"),
        (
            _answer(claims=[CLAIM | {"evidence": [0]}]),
            "the evidence of claim 1 counts from below 1",
        ),
        (
            _answer(claims=[CLAIM | {"claim": "The bridge opened on"}]),
            "claim 1 does not end as a sentence does",
        ),
    ],
)
def test_what_is_not_as_asked_for_is_told_in_words(text, why):
    with pytest.raises(InvalidOutput) as caught:
        check_answer(text, "abc", 3)
    assert str(caught.value) == f"the answer is not as asked for: {why}"


def test_every_rule_of_the_schema_has_words():
    told = set()

    def collect(part):
        for key, value in part.items():
            if isinstance(value, dict):
                collect(value)
            if key not in NO_RULES:
                told.add(key)

    schema = json.loads((asset("schemas") / "article_claims.v1.json").read_text("utf-8"))
    collect({key: value for key, value in schema.items() if not key.startswith("$")})
    assert told <= set(_FAULTS)


def test_other_faults_of_an_answer_are_told_without_ids_of_ours():
    for text, why in (
        ("no JSON", "the answer is not JSON: Expecting value"),
        (_answer(headline=1).replace("1", "NaN", 1), "the answer is not JSON: NaN is no JSON"),
        (
            _answer(claims=[CLAIM | {"evidence": [4]}]),
            "the answer cites sentence 4, the article has 3",
        ),
    ):
        with pytest.raises(InvalidOutput) as caught:
            check_answer(text, "0123456789abcdef", 3)
        assert str(caught.value).startswith(why)
