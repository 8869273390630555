"""Does the model's answer obey schemas/article_claims.v1.json, and cite sentences that exist."""

from __future__ import annotations

import json
from functools import lru_cache

from jsonschema import Draft202012Validator
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
        InvalidOutput: not JSON, not of the schema, or a sentence id above `sentence_count`.
    """
    try:
        data = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as exc:
        raise InvalidOutput(f"article {article_id[:12]}: the answer is not JSON: {exc}") from exc
    error = next(iter(_validator().iter_errors(data)), None)
    if error is not None:
        raise InvalidOutput(f"article {article_id[:12]}: {error.json_path}: {error.message[:200]}")
    try:
        answer = _Answer.model_validate_json(text, strict=True)
    except ValidationError as exc:
        raise InvalidOutput(f"article {article_id[:12]}: {exc.error_count()} bad values") from exc
    for claim in answer.claims:
        if max(claim.evidence) > sentence_count:
            raise InvalidOutput(
                f"article {article_id[:12]} has {sentence_count} sentences, "
                f"the answer cites sentence {max(claim.evidence)}"
            )
    return answer.headline, [(c.claim, tuple(dict.fromkeys(c.evidence))) for c in answer.claims]


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")
