"""Tiny engines for the tests, in this process: what to open, what to ask, how to run it dry."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import jsonschema

from summarizer.model.interface import (
    Answer,
    FinishReason,
    Judgement,
    Model,
    Prompt,
    Question,
    Segment,
)
from summarizer.model.protocol import EngineOptions
from tests.schemas import compact

YES_OR_NO = 'root ::= "yes" | "no"\n'


def tiny_options(path: Path, **changes: Any) -> EngineOptions:
    """Return options for a tiny model: small context, one thread."""
    fields: dict[str, Any] = {"name": "tiny", "context_tokens": 512, "parallel": 3, "threads": 1}
    return EngineOptions(path=path, **(fields | changes))


def claims_schema(ids: Sequence[int] = (1, 2, 3), most: int = 4) -> dict[str, Any]:
    """Return a schema like that of article_claims, with short texts."""
    claim = {
        "type": "object",
        "properties": {
            "evidence": {
                "type": "array",
                "minItems": 1,
                "maxItems": 2,
                "items": {"type": "integer", "enum": list(ids)},
            },
            "claim": {"type": "string", "minLength": 2, "maxLength": 12},
        },
        "required": ["evidence", "claim"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {
            "headline": {"type": "string", "minLength": 1, "maxLength": 8},
            "claims": {"type": "array", "minItems": 1, "maxItems": most, "items": claim},
        },
        "required": ["headline", "claims"],
        "additionalProperties": False,
    }


def ask(name: str, text: str = "An article.", **options: Any) -> Prompt:
    """Make a prompt about `text`; by default under `claims_schema`."""
    fields: dict[str, Any] = {"answer_schema": claims_schema(), "max_tokens": 250, **options}
    return Prompt(
        id=name, segments=(Segment(text="Read: ", trusted=True), Segment(text=text)), **fields
    )


def free(name: str, text: str = "An article.", **options: Any) -> Prompt:
    """Make a prompt whose answer has no shape, so that it runs to `max_tokens` mostly."""
    return ask(name, text, **{"answer_schema": None, "max_tokens": 20, **options})


def question(name: str, text: str = "An article.", claim: str = "So?", **options: Any) -> Question:
    """Make a question that begins as the prompt about `text` does."""
    segments = (Segment(text="Read: ", trusted=True), Segment(text=text), Segment(text=claim))
    return Question(id=name, segments=segments, **options)


def answers(model: Model, prompts: Sequence[Prompt]) -> dict[str, Answer]:
    """Run `prompts` and return their answers by id; each must come once."""
    found = list(model.generate(prompts))
    assert sorted(a.prompt_id for a in found) == sorted(p.id for p in prompts)
    return {answer.prompt_id: answer for answer in found}


def texts(model: Model, prompts: Sequence[Prompt]) -> dict[str, str]:
    """Run `prompts` and return the texts of their answers by id."""
    return {name: answer.text for name, answer in answers(model, prompts).items()}


def run_dry(engine: Any, most_steps: int = 5000) -> list[Any]:
    """Step `engine` until it has nothing to do; return every outcome."""
    found: list[Any] = []
    for _ in range(most_steps):
        if not engine.busy:
            return found
        found += engine.step()
    raise AssertionError(f"still busy after {most_steps} steps")


def finished(outcomes: Iterable[object]) -> list[Any]:
    """Leave out of `outcomes` that something got under way."""
    return [outcome for outcome in outcomes if isinstance(outcome, Answer | Judgement)]


def check_fits(answer: Answer, schema: dict[str, Any]) -> Any:
    """Return the value that a finished answer holds; it must be of `schema`, and compact."""
    assert answer.finish is FinishReason.STOP, answer
    value = json.loads(answer.text)
    jsonschema.validate(value, schema)
    # The one thing that JSON can write in two ways here.
    slashes = re.sub(r"\\(.)", lambda found: "/" if found[1] == "/" else found[0], answer.text)
    assert slashes == compact(value)
    return value
