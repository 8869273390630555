"""What the engines of benchmarks/speed.py share: each is a program, `python -m … JOB OUTCOME`.

Standard library only: the plain loop's peak memory is to be what a user's own script would take.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypedDict


class Request(TypedDict):
    """One question of the loop and of the server."""

    id: str  # "ARTICLE_ID:NUMBER"
    message: str
    gbnf: str
    schema: dict[str, Any] | None  # None: the server is given the grammar
    max_tokens: int


class Written(TypedDict):
    """The answer to a Request."""

    id: str
    text: str
    complete: bool  # not cut off at max_tokens
    tokens_read: int  # of the whole prompt
    tokens_written: int


class Replayed(TypedDict):
    """A prompt that ours answered: its segments (text, trusted), and how much it wrote."""

    segments: list[tuple[str, bool]]
    tokens_written: int


class Job(TypedDict, total=False):
    """What an engine is to do; each reads only its own keys."""

    model_path: str
    model_name: str
    threads: int
    requests: list[Request]  # loop, server
    server: str  # path of the binary
    slots: int
    articles: list[dict[str, Any]]  # ours: Articles as JSON
    batches: list[list[int]]  # ours: indexes of the articles of each timed batch
    parallel: int | None  # ours: None for its own choice; limit: sequences
    replay: list[Replayed]  # limit


class Outcome(TypedDict, total=False):
    """What an engine did. Times are wall seconds, after the model was loaded and warm."""

    load_seconds: float
    seconds: float
    peak_rss_mib: float
    tokens_read: int  # of all prompts, as they were asked
    tokens_decoded: int  # of these, not taken from a cache
    tokens_written: int
    written: list[Written]
    phases: dict[str, float]  # rates of reading and writing apart, where they can be told apart
    extractions: list[dict[str, Any]]  # ours: Extractions as JSON
    batch_seconds: list[float]
    batch_tokens: list[list[int]]  # read and written, by batch
    model_seconds: float  # ours: inside llama.cpp
    sequences: int | None  # that shared a batch, at most; None: the engine does not tell
    weights: str  # ours: the file it loaded, where it tells
    replay: list[Replayed]


def serve(run: Callable[[Job], Outcome]) -> None:
    """Do the job of the file argv[1], write the outcome to argv[2]; end when the parent ends."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    job: Job = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    target = Path(sys.argv[2])
    scratch = target.with_suffix(".part")
    scratch.write_text(json.dumps(run(job)), encoding="utf-8")
    scratch.replace(target)


def _end_with_parent() -> None:
    # The parent holds the other end of our stdin. Our process group is our own (the parent
    # starts us so), and a server that we started is in it.
    while os.read(0, 4096):
        pass
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def peak_rss_mib(pids: Iterable[int] = ()) -> float:
    """Return the sum of the peak resident memory of `pids`, or of this process, in MiB.

    Where there is no /proc only this process's own peak is known.
    """
    total = 0.0
    for pid in list(pids) or [os.getpid()]:
        status = Path(f"/proc/{pid}/status")
        try:
            lines = dict(
                line.split(":", 1) for line in status.read_text().splitlines() if ":" in line
            )
            total += int(lines["VmHWM"].split()[0]) / 1024
        except (OSError, KeyError, ValueError):
            if pid == os.getpid():
                unit = 1024 * 1024 if sys.platform == "darwin" else 1024
                total += resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    return round(total, 1)
