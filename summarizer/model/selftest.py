"""Try a model in a child process: a crash of the library cannot be caught in one's own.

The child reads a prompt of several hundred tokens (the crash on AMX machines needs a batch of
more than one) and writes one answer under a grammar.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from summarizer.data import Record
from summarizer.model.catalogue import ModelFile
from summarizer.model.ends import End, explain, hung

_WORDS = "The harbour office counted 412 ferries in May and 398 in June. "
_SCHEMA = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "minLength": 1, "maxLength": 60},
        "numbers": {
            "type": "array",
            "minItems": 1,
            "maxItems": 2,
            "items": {"type": "integer", "enum": [398, 412]},
        },
    },
    "required": ["title", "numbers"],
    "additionalProperties": False,
}


class SelfTest(Record):
    """How a trial ended; `problem` is empty where all is well."""

    problem: str = ""
    hint: str = ""
    tokens_read: int = 0
    tokens_written: int = 0
    seconds: float = 0.0


def self_test(file: ModelFile, *, timeout_s: float = 300.0) -> SelfTest:
    """Load `file` in a child process, read a long prompt and write one answer."""
    command = [sys.executable, "-m", "summarizer.model.selftest", str(file.path)]
    try:
        child = subprocess.run(  # noqa: S603 - our own interpreter and module
            command, capture_output=True, text=True, timeout=timeout_s, errors="replace"
        )
    except subprocess.TimeoutExpired:
        return _failed(hung(timeout_s))
    if child.returncode:
        return _failed(explain(child.returncode, child.stderr))
    try:
        return SelfTest.model_validate_json(child.stdout)
    except ValueError:
        return SelfTest(problem=f"the child said something else: {child.stdout[-200:]!r}")


def _failed(end: End) -> SelfTest:
    return SelfTest(problem=end.problem, hint=end.hint)


def _try(path: Path) -> SelfTest:
    from summarizer.model.interface import FinishReason, Prompt, Segment
    from summarizer.model.local import LocalModel
    from summarizer.model.protocol import EngineOptions

    model = LocalModel(EngineOptions(path=path, name=path.stem, context_tokens=2048, parallel=1))
    prompt = Prompt(
        id="selftest",
        segments=(
            Segment(text="Read this.\n", trusted=True),
            Segment(text=_WORDS * 30),
            Segment(text="\nAnswer as JSON with a title and the numbers.", trusted=True),
        ),
        answer_schema=_SCHEMA,
        max_tokens=120,
    )
    (answer,) = model.generate([prompt])
    problem = ""
    if answer.finish is not FinishReason.STOP:
        problem = f"the answer did not end: {answer.finish}"
    else:
        wrong = _wrong(json.loads(answer.text))
        problem = f"the grammar did not hold: {wrong}" if wrong else ""
    return SelfTest(
        problem=problem,
        tokens_read=answer.tokens_read,
        tokens_written=answer.tokens_written,
        seconds=round(answer.seconds, 2),
    )


def _wrong(answer: dict[str, Any]) -> str:
    if set(answer) != {"title", "numbers"} or not set(answer["numbers"]) <= {398, 412}:
        return json.dumps(answer)
    return ""


if __name__ == "__main__":
    sys.stdout.write(_try(Path(sys.argv[1])).model_dump_json())
