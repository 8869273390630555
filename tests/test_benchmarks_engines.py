"""The engines' processes, what they tell of themselves, and what else runs on the machine."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from benchmarks import quiet
from benchmarks.engine_child import Job, Outcome, peak_rss_mib
from benchmarks.engine_ours import Recorder, model_clock, sequences_of
from benchmarks.engines import ROOT, EngineFailed, run_engine
from summarizer.model.interface import Prompt, Segment

# -- processes ------------------------------------------------------------------------

FAKE_ENGINE = """
import json, subprocess, sys, time
from benchmarks.engine_child import serve
def run(job):
    what = job["model_name"]
    if what == "crash":
        print("the last words", flush=True)
        sys.exit(3)
    if what == "hang":
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        open(job["model_path"], "w").write(str(child.pid))
        time.sleep(600)
    return {"seconds": 1.5}
serve(run)
"""


def run_fake(tmp_path: Path, monkeypatch: Any, what: str, timeout_s: float = 60.0) -> Outcome:
    (tmp_path / "fake_engine.py").write_text(FAKE_ENGINE)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    job: Job = {"model_name": what, "model_path": str(tmp_path / "pid")}
    return run_engine("fake", job, timeout_s=timeout_s, programs={"fake": "fake_engine"})


def test_outcome_comes_back_from_the_process(tmp_path, monkeypatch):
    assert run_fake(tmp_path, monkeypatch, "answer") == {"seconds": 1.5}


def test_crash_says_how_it_ended_and_what_was_printed(tmp_path, monkeypatch):
    with pytest.raises(EngineFailed, match=r"ended with 3\n(.|\n)*the last words"):
        run_fake(tmp_path, monkeypatch, "crash")


def test_engine_that_hangs_is_killed_with_its_children(tmp_path, monkeypatch):
    with pytest.raises(EngineFailed, match="not done within 3 s"):
        run_fake(tmp_path, monkeypatch, "hang", timeout_s=3.0)
    pid = int((tmp_path / "pid").read_text())
    assert eventually(lambda: not alive(pid))


def test_engine_ends_with_a_benchmark_that_is_killed(tmp_path, monkeypatch):
    (tmp_path / "fake_engine.py").write_text(FAKE_ENGINE)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{ROOT}")
    job = {"model_name": "hang", "model_path": str(tmp_path / "pid")}
    script = (
        "from benchmarks.engines import run_engine\n"
        f"run_engine('fake', {job!r}, timeout_s=60, programs={{'fake': 'fake_engine'}})"
    )
    parent = subprocess.Popen([sys.executable, "-c", script])
    try:
        assert eventually(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
    finally:
        parent.kill()
        parent.wait()
    pid = int((tmp_path / "pid").read_text())
    assert eventually(lambda: not alive(pid))


def eventually(happens: Callable[[], Any]) -> bool:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if happens():
            return True
        time.sleep(0.05)
    return False


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_peak_memory_is_at_least_what_is_held_now():
    now = psutil.Process().memory_info().rss / 2**20
    assert peak_rss_mib([os.getpid()]) >= 0.9 * now


# -- other programs -------------------------------------------------------------------


def test_processor_time_of_others_is_told_from_ours(monkeypatch):
    moments = {"wall": 0.0, "busy": 100.0, "own": 10.0}
    monkeypatch.setattr(quiet, "busy_seconds", lambda: moments["busy"])
    monkeypatch.setattr(quiet, "own_seconds", lambda: moments["own"])
    monkeypatch.setattr("benchmarks.quiet.time.monotonic", lambda: moments["wall"])
    monkeypatch.setattr("benchmarks.quiet.psutil.cpu_count", lambda: 2)
    witness = quiet.Witness()
    moments.update(wall=10.0, busy=115.0, own=20.0)  # 15 s in all, 10 of them ours
    assert witness.others_share() == pytest.approx(0.25)


@pytest.mark.parametrize(("shares", "quiet_at_last"), [([0.6, 0.2, 0.0], True), ([0.6] * 9, False)])
def test_wait_ends_when_the_cores_are_quiet_or_the_time_is_up(shares, quiet_at_last):
    looks = iter(shares)
    seconds = iter(range(100))
    found = quiet.wait_until_quiet(4, lambda: next(looks), lambda: float(next(seconds)))
    assert found is quiet_at_last


# -- ours -----------------------------------------------------------------------------


class Counting:
    parallel = 7

    def __init__(self) -> None:
        self.model_s = 1.0


def test_clock_reads_the_counters_of_an_engine_that_has_them():
    engine = Counting()
    clock = model_clock(engine)
    engine.model_s = 4.5
    assert clock() == 4.5


def test_clock_says_nothing_of_an_engine_it_does_not_know():
    assert model_clock(object())() is None


@pytest.mark.parametrize(
    ("engine", "asked", "found"), [(Counting(), 3, 7), (object(), 3, 3), (object(), None, None)]
)
def test_number_of_sequences_is_the_engines_own_where_it_tells(engine, asked, found):
    assert sequences_of(engine, asked) == found


def test_recorder_keeps_prompts_and_tokens_of_every_answer(fake_model):
    fake_model.enqueue("one answer")
    recorder = Recorder(fake_model)
    prompt = Prompt(id="a:0", segments=(Segment(text="Say", trusted=True),), max_tokens=9)
    (given,) = recorder.generate([prompt])
    assert recorder.replay == [
        {"segments": [("Say", True)], "tokens_written": given.tokens_written}
    ]
    assert recorder.name == fake_model.name
