"""Does the model's answer obey schemas/article_claims.v1.json, and cite sentences that exist."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError as SchemaError
from pydantic import Field, ValidationError

from summarizer.assets import asset
from summarizer.data import Record
from summarizer.errors import InvalidOutput

SCHEMA_FILE = "article_claims.v1.json"


class _AnswerClaim(Record):
    evidence: tuple[int, ...] = Field(min_length=1)
    claim: str


class _Answer(Record):
    headline: str
    claims: tuple[_AnswerClaim, ...]


@lru_cache(maxsize=1)
def _validator() -> Draft202012Validator:
    schema = json.loads((asset("schemas") / SCHEMA_FILE).read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def check_answer(
    text: str, article_id: str, sentence_count: int
) -> tuple[str, list[tuple[str, tuple[int, ...]]]]:
    """Read a model's answer: its headline, and each claim with the sentence ids it offers.

    Ids count from 1; one that is offered twice is given once.

    Raises:
        InvalidOutput: not JSON, not of the schema, or a sentence id above `sentence_count`. It
            does not name the article: whoever tells of it does, by the source and not the id.
    """
    try:
        data = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as exc:
        raise InvalidOutput(f"the answer is not JSON: {exc}") from exc
    error = next(iter(_validator().iter_errors(data)), None)
    if error is not None:
        raise InvalidOutput(f"the answer is not as asked for: {_fault(error)}")
    try:
        answer = _Answer.model_validate_json(text, strict=True)
    except ValidationError as exc:
        wrong = f"{exc.error_count()} of its values are of the wrong kind"
        raise InvalidOutput(f"the answer is not as asked for: {wrong}") from exc
    for claim in answer.claims:
        if max(claim.evidence) > sentence_count:
            raise InvalidOutput(
                f"the answer cites sentence {max(claim.evidence)}, the article has {sentence_count}"
            )
    return answer.headline, [(c.claim, tuple(dict.fromkeys(c.evidence))) for c in answer.claims]


# What breaks the schema, in words, by the keyword of the schema that it breaks.
_FAULTS = {
    "additionalProperties": "has a part that was not asked for",
    "maxItems": "has too many entries",
    "maxLength": "is too long",
    "minItems": "has too few entries",
    "minLength": "is too short",
    "minimum": "counts from below 1",
    "pattern": "does not end as a sentence does",
    "required": "lacks a part",
    "type": "is of the wrong kind",
}


def _fault(error: SchemaError) -> str:
    what = _FAULTS.get(str(error.validator), "is not as the schema has it")
    return f"{_place(list(error.absolute_path))} {what}"


def _place(path: Sequence[str | int]) -> str:
    """Name a place of an answer to a reader: "the evidence of claim 3"."""
    match path:
        case ["claims", int(i), "evidence", *_]:
            return f"the evidence of claim {i + 1}"
        case ["claims", int(i), *_]:
            return f"claim {i + 1}"
        case ["claims"]:
            return "the list of claims"
        case ["headline"]:
            return "the headline"
        case _:
            return "the whole of it"


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")
