"""Run one engine of benchmarks/speed.py in a process of its own, and end it whatever happens."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil

from benchmarks.engine_child import Job, Outcome

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = {
    "loop": "benchmarks.engine_loop",
    "server": "benchmarks.engine_server",
    "ours": "benchmarks.engine_ours",
    "limit": "benchmarks.engine_limit",
}


class EngineFailed(Exception):
    """An engine crashed, was too slow or said nothing; the others can still run."""


def run_engine(
    name: str, job: Job, *, timeout_s: float, programs: dict[str, str] | None = None
) -> Outcome:
    """Let the engine `name` do `job` and return what it did.

    Raises:
        EngineFailed: its process failed or took longer than `timeout_s`; the message ends with
            the last lines it printed.
    """
    program = (programs or PROGRAMS)[name]
    with tempfile.TemporaryDirectory(prefix="speed-") as folder:
        task, result, log = (Path(folder) / part for part in ("job", "outcome", "log"))
        task.write_text(json.dumps(job), encoding="utf-8")
        code = _run([sys.executable, "-m", program, str(task), str(result)], log, timeout_s)
        if code is None:
            raise EngineFailed(f"{name}: not done within {timeout_s:.0f} s\n{_tail(log)}")
        if code or not result.exists():
            raise EngineFailed(f"{name}: its process ended with {code}\n{_tail(log)}")
        outcome: Outcome = json.loads(result.read_text("utf-8"))
        return outcome


def _run(command: list[str], log: Path, timeout_s: float) -> int | None:
    """Run to the end and return the exit code; None: it took too long and was killed."""
    with log.open("wb") as sink:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.PIPE,  # never written to: the child ends when it is closed
            stdout=sink,
            stderr=sink,
            start_new_session=True,
        )
        try:
            return process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return None
        finally:
            _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the engine: its children, then everything in its group."""
    with contextlib.suppress(psutil.Error):
        for child in psutil.Process(process.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                child.kill()
    with contextlib.suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)
    if process.stdin:
        process.stdin.close()
    process.wait()


def _tail(log: Path) -> str:
    return "\n".join(log.read_text("utf-8", "replace").splitlines()[-15:])
