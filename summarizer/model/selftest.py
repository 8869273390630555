"""Try a model in a child process: a crash of the library cannot be caught in one's own.

The child reads a prompt of several hundred tokens (the crash on AMX machines needs a batch of
more than one) and writes one answer under a grammar.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from summarizer.data import Record
from summarizer.model.catalogue import ModelFile

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

# What a child's end means, and what to do about it.
_ENDS = {
    -signal.SIGSEGV: (
        "llama.cpp crashed (segmentation fault)",
        "Its default build dies so on many CPUs with AMX. Delete the cached wheel and build "
        "with this project's flags: `make setup`, or `python tools/build_llama.py`.",
    ),
    -signal.SIGILL: (
        "llama.cpp was built for another CPU (illegal instruction)",
        "Build it on this machine: `python tools/build_llama.py`.",
    ),
    -signal.SIGKILL: (
        "the system killed it, most likely because memory ran out",
        "Close other programs, or use a smaller model (`summarizer models list`).",
    ),
    -signal.SIGABRT: (
        "llama.cpp aborted",
        "Run `summarizer models verify`; if the file is sound, try another model.",
    ),
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
        return SelfTest(
            problem=f"no answer within {timeout_s:.0f} s",
            hint="The machine may be busy or too small: try a smaller model.",
        )
    if child.returncode:
        return _failed(child.returncode, child.stderr)
    try:
        return SelfTest.model_validate_json(child.stdout)
    except ValueError:
        return SelfTest(problem=f"the child said something else: {child.stdout[-200:]!r}")


def _failed(code: int, stderr: str) -> SelfTest:
    problem, hint = _ENDS.get(code, ("", ""))
    if not problem:
        lines = stderr.strip().splitlines()
        problem = lines[-1] if lines else f"it ended with code {code}"
    return SelfTest(problem=problem, hint=hint)


def _try(path: Path) -> SelfTest:
    from summarizer.model.interface import FinishReason, Prompt, Segment
    from summarizer.model.llama import LlamaModel

    model = LlamaModel(path, name=path.stem, context_tokens=2048, parallel=1)
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
