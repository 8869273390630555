"""The real engine in its child process, killed at random moments of a real run."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from summarizer.errors import ModelFileError
from summarizer.model.interface import Answer, FinishReason, Prompt, Question, Segment
from summarizer.model.process import ProcessModel
from summarizer.model.protocol import EngineOptions
from tests.tiny_gguf import write_tiny_llama

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(sys.platform == "win32", reason="ends children by signals"),
]

CHATML = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}"
    "<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
SCHEMA = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "minLength": 20, "maxLength": 60},
        "numbers": {
            "type": "array",
            "minItems": 1,
            "maxItems": 3,
            "items": {"type": "integer", "enum": [1, 2, 3]},
        },
    },
    "required": ["title", "numbers"],
    "additionalProperties": False,
}
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tiny") / "tiny.gguf"
    return write_tiny_llama(path, chat_template=CHATML, style="chatml")


def options(path: Path, **changes: Any) -> EngineOptions:
    fields: dict[str, Any] = {"context_tokens": 512, "threads": 1, "parallel": 3, **changes}
    return EngineOptions(path=path, name="tiny", **fields)


@pytest.fixture(scope="module")
def model(tiny: Path) -> Iterator[ProcessModel]:
    model = ProcessModel(options(tiny, reproducible=True))
    yield model
    model.close()


def ask(n: int, **changes: Any) -> Prompt:
    segments = (Segment(text="Read this: ", trusted=True), Segment(text=f"Text {n}. " * (n + 1)))
    fields: dict[str, Any] = {"answer_schema": SCHEMA, "max_tokens": 120, **changes}
    return Prompt(id=str(n), segments=segments, **fields)


def kill_after(seconds: float, pid: int) -> threading.Timer:
    def kill() -> None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    timer = threading.Timer(seconds, kill)
    timer.start()
    return timer


def run_with_kills(
    model: ProcessModel, prompts: list[Prompt], moments: list[float]
) -> tuple[list[Answer], int]:
    """Kill the child in the run at those shares of its time; return the answers and the kills."""
    list(model.generate(prompts[:1]))  # an answer, and a child: three deaths in a row are too many
    found: list[Answer] = []
    before = sum(model._problems.values())
    begun = {model._child.pid} if model._child else set()
    timers = [kill_after(moments[0], pid) for pid in begun]
    for answer in model.generate(prompts):
        found.append(answer)
        if model._child and model._child.pid not in begun and len(begun) < len(moments):
            timers.append(kill_after(moments[len(begun)], model._child.pid))
            begun.add(model._child.pid)
    for timer in timers:
        timer.cancel()
        timer.join()
    return found, sum(model._problems.values()) - before


def test_killed_at_random_nothing_is_lost_and_nothing_comes_twice(model):
    """An answer that is not FAILED is what it is without kills: `reproducible` sees to that."""
    prompts = [ask(n) for n in range(10)]
    begun = time.monotonic()
    expected = {a.prompt_id: a.text for a in model.generate(prompts)}
    whole_s = time.monotonic() - begun
    assert len(set(expected.values())) > 5
    chance = random.Random(3)
    kills = lost = 0
    for _ in range(60):  # a kill may come too late on a busy machine; it is tried again
        found, killed = run_with_kills(
            model, prompts, [chance.random() * whole_s, chance.random() * whole_s / 2]
        )
        kills += killed
        assert Counter(a.prompt_id for a in found) == Counter(p.id for p in prompts)
        failed = [a for a in found if a.finish is FinishReason.FAILED]
        lost += len(failed)
        assert len(failed) <= killed // 2
        assert all(a.text == expected[a.prompt_id] for a in found if a not in failed)
        if kills >= 10:
            break
    assert kills >= 10


def test_questions_and_counts_reach_the_engine(model):
    (answer,) = model.generate([ask(1)])
    assert set(json.loads(answer.text)) == {"title", "numbers"}
    text = Segment(text="Is it so?")
    judged = list(model.judge([Question(id=str(n), segments=(text,)) for n in range(3)]))
    assert len({round(j.score, 3) for j in judged}) == 1
    assert model.count_tokens("Is it so?") > 1


def test_grammar_that_llama_cpp_refuses_fails_alone(model):
    bad = ask(2, answer_schema=None, answer_grammar="root ::= nowhere")
    found = {a.prompt_id: a for a in model.generate([ask(1), bad, ask(3)])}
    assert found["2"].finish is FinishReason.FAILED
    assert "grammar" in found["2"].problem
    assert found["1"].finish is found["3"].finish is FinishReason.STOP


def test_file_that_is_no_model_is_the_engines_error_here(tmp_path):
    path = tmp_path / "bad.gguf"
    path.write_bytes(b"GGUF" + b"\0" * 100)
    with pytest.raises(ModelFileError, match=r"bad\.gguf") as caught:
        ProcessModel(options(path))
    assert "models verify" in caught.value.hint


PROGRAM = """
    import sys
    sys.path.insert(0, sys.argv[1])
    from pathlib import Path
    from summarizer.model.interface import Prompt, Segment
    from summarizer.model.process import ProcessModel
    from summarizer.model.protocol import EngineOptions

    model = ProcessModel(EngineOptions(path=Path(sys.argv[2]), name="tiny", context_tokens=512))
    prompt = Prompt(id="a", segments=(Segment(text="Hello"),), max_tokens=3)
    (answer,) = model.generate([prompt])
    sys.stdout.write(f"{answer.tokens_written} llama_cpp: {'llama_cpp' in sys.modules}")
"""


def test_program_of_a_user_runs_anywhere_and_does_not_load_llama_cpp_itself(tiny, tmp_path):
    """Bare environment as cron's, no `__main__` guard, a working directory with a trap in it."""
    (tmp_path / "program.py").write_text(textwrap.dedent(PROGRAM))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "json.py").write_text("raise RuntimeError('not this one')")
    done = subprocess.run(
        [sys.executable, str(tmp_path / "program.py"), str(ROOT), str(tiny)],
        capture_output=True,
        text=True,
        cwd=tmp_path / "elsewhere",
        env={"PATH": "/usr/bin:/bin"},
        timeout=60,
    )
    assert done.stderr == ""
    assert done.stdout == "3 llama_cpp: False"
