"""What the end of a child process means."""

from __future__ import annotations

import signal
import sys

import pytest

from summarizer.model.ends import explain, hung, one_line

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="not all signals")


@pytest.mark.parametrize(
    ("code", "stderr", "problem", "hint"),
    [
        (-11, "", "segmentation fault", "AMX"),
        (-4, "", "another CPU", "build_llama"),
        (-9, "", "memory ran out", "smaller model"),
        (-6, "", "aborted", "verify"),
        (-6, "x\nGGML_ASSERT(n > 0) failed\n", "aborted: GGML_ASSERT(n > 0) failed", "verify"),
        (-6, "terminate called: std::bad_alloc", "out of memory", "smaller model"),
        (1, "Traceback\nMemoryError\n", "out of memory", "smaller model"),
        (-7, "", "bus error", "verify"),
        (-15, "", "ended from outside (SIGTERM)", ""),
        (-63, "", "ended from outside", ""),
        (-250, "", "ended from outside (signal 250)", ""),
        (3, "", "ended with code 3", ""),
        (3, "first\nlast\n", "last", ""),
        (0, "", "ended with code 0", ""),
        (0xC0000005, "", "segmentation fault", "AMX"),
        (0xC000001D, "", "another CPU", "build_llama"),
    ],
)
def test_end_is_explained(code, stderr, problem, hint):
    end = explain(code, stderr)
    assert problem in end.problem
    assert hint in end.hint
    assert bool(end.hint) == bool(hint)


def test_signal_numbers_are_those_of_this_system():
    assert "segmentation" in explain(-signal.SIGSEGV).problem


def test_hang_says_how_long():
    assert "180 s" in hung(180.0).problem


def test_message_of_a_hostile_exception_is_one_short_line():
    line = one_line("a\x1b[31m\nb\u202ec\x00" + "x" * 10_000)
    assert line.isprintable()
    assert len(line) < 400
