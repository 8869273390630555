"""What a child's end means to the doctor."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from summarizer.model.catalogue import ModelFile
from summarizer.model.interface import Strategy
from summarizer.model.selftest import SelfTest, self_test
from tests.models import smallest_model
from tests.tiny_gguf import CHATML, write_tiny_llama

FILE = ModelFile(
    path=Path("x.gguf"), name="x", sha256="0" * 64, strategy=Strategy.WHOLE, context=512
)


def child(monkeypatch, returncode: int, stdout: str = "", stderr: str = "") -> None:
    done = subprocess.CompletedProcess([], returncode, stdout, stderr)
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: done)


@pytest.mark.parametrize(
    ("code", "word"),
    [
        (-signal.SIGSEGV, "AMX"),
        (-signal.SIGILL, "another CPU"),
        (-signal.SIGKILL, "memory"),
        (-signal.SIGABRT, "verify"),
    ],
)
def test_crash_is_explained_with_what_to_do(monkeypatch, code, word):
    child(monkeypatch, code)
    found = self_test(FILE)
    assert word in found.problem + found.hint
    assert found.hint


def test_python_error_is_passed_on(monkeypatch):
    child(monkeypatch, 1, stderr="Traceback ...\nModelFileError: no chat template\n")
    assert "no chat template" in self_test(FILE).problem


def test_hang_is_a_problem(monkeypatch):
    def slow(*_args: object, **_options: object) -> None:
        raise subprocess.TimeoutExpired("x", 1)

    monkeypatch.setattr(subprocess, "run", slow)
    assert "no answer" in self_test(FILE, timeout_s=1).problem


def test_good_end_is_passed_through(monkeypatch):
    good = SelfTest(tokens_read=400, tokens_written=20, seconds=1.5)
    child(monkeypatch, 0, stdout=good.model_dump_json())
    assert self_test(FILE) == good


# --- in a real child ----------------------------------------------------------------------------


@pytest.mark.model
def test_smallest_model_passes():
    found = self_test(smallest_model())
    assert (found.problem, found.hint) == ("", "")
    assert found.tokens_read > 256  # more than one batch
    assert found.tokens_written > 10


@pytest.mark.model
@pytest.mark.parametrize(
    ("template", "word"), [(CHATML, "prompt_too_long"), (None, "no chat template")]
)
def test_model_that_cannot_do_it_says_why(tmp_path, template, word):
    path = write_tiny_llama(tmp_path / "tiny.gguf", chat_template=template)
    assert word in self_test(FILE.model_copy(update={"path": path})).problem
