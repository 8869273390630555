"""Simulate many nights of the digest: seconds a night, size of the state, and what reads it.

Usage: python -m benchmarks.nights [--nights 365] [--count 20] [--seen 1000] [--json FILE]

Each night the inbox gets `--count` invented articles (benchmarks/nights_articles.py) and the whole
digest runs: reading, prompts, a model that quotes (benchmarks/stub_model.py), deterministic
validation, recall, merging with the memory, the edition, its files. The clock is simulated; the
summer time of a European zone begins and ends in it. Then, in fresh processes, the state is
opened and queried, and a digest over `--seen` articles that are all known is run a second time.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.nights_articles import FIRST_DAY, articles_of_night
from benchmarks.stub_model import StubModel
from summarizer.digest.clock import Clock
from summarizer.digest.config import DigestConfig, Output, Sources
from summarizer.digest.run import run_digest
from summarizer.digest.state import State

_ZONE = ZoneInfo("Europe/Berlin")
_REPEATS = 9
# Imports are not the state's: a night has done them anyway.
_OPEN = """
import sys, time
from summarizer.digest.state import State
started = time.perf_counter()
with State(sys.argv[1]) as state:
    state.editions.last()
    len(state.articles.remembered(14))
print(time.perf_counter() - started)
"""


class _Nights(Clock):
    """Two o'clock in the morning of one day after another."""

    def __init__(self) -> None:
        self.day = FIRST_DAY

    def now(self) -> dt.datetime:
        return dt.datetime.combine(self.day, dt.time(2, 0), tzinfo=_ZONE)


def simulate(folder: Path, nights: int, count: int) -> dict[str, Any]:
    """Run `nights` digests over a folder that is filled anew each night; return the figures."""
    inbox = folder / "inbox"
    inbox.mkdir()
    config = _config(folder)
    model, clock = StubModel(), _Nights()
    seconds: list[float] = []
    told = {"stories": 0, "facts": 0, "known": 0, "developing": 0}
    for night in range(nights):
        for path in inbox.iterdir():
            path.unlink()
        for name, text in articles_of_night(night, count):
            (inbox / name).write_text(text)
        clock.day = FIRST_DAY + dt.timedelta(days=night)
        started = time.perf_counter()
        result = run_digest(config, model=model, clock=clock)
        seconds.append(time.perf_counter() - started)
        if result.brief is None:
            raise RuntimeError(f"night {night} made no edition")
        told["stories"] += len(result.brief.stories)
        told["facts"] += result.brief.coverage.facts
        told["known"] += sum(story.known for story in result.brief.stories)
        told["developing"] += sum(
            story.memory is not None and story.memory.digests > 0 for story in result.brief.stories
        )
        if night % 30 == 29:
            print(f"night {night + 1}: {sum(seconds[-30:]):.1f} s for 30", file=sys.stderr)
    with State(config.state) as state:
        size, problems = state.size_bytes(), state.check()
    return {
        "nights": nights,
        "articles_a_night": count,
        "asked": model.asked,
        "seconds": round(sum(seconds), 1),
        "median_night_s": round(statistics.median(seconds), 3),
        "slowest_night_s": round(max(seconds), 3),
        "state_mb": round(size / 1e6, 1),
        "state_kb_an_article": round(size / 1e3 / (nights * count), 2),
        "integrity_problems": len(problems),
        "told": told,
        "open_and_query_ms": _opening_ms(str(config.state)),
    }


def _opening_ms(state: str) -> dict[str, float]:
    """Return how long opening and two queries take in a fresh process, imports aside."""
    times = []
    for _ in range(_REPEATS):
        done = subprocess.run(
            [sys.executable, "-c", _OPEN, state], capture_output=True, text=True, check=True
        )
        times.append(1000 * float(done.stdout))
    return {"median": round(statistics.median(times), 1), "worst": round(max(times), 1)}


def seen_again(folder: Path, articles: int) -> dict[str, Any]:
    """Return how long the command takes over so many articles that are all known."""
    inbox = folder / "inbox"
    inbox.mkdir(parents=True)
    night = 0
    while len(list(inbox.iterdir())) < articles:
        for name, text in articles_of_night(night, 20):
            (inbox / f"{night}-{name}").write_text(text)
        night += 1
    files = sorted(inbox.iterdir())
    for extra in files[articles:]:
        extra.unlink()
    toml = folder / "digest.toml"
    toml.write_text('model = "none"\nverifier = false\nsources.folders = ["inbox"]\n')
    times = [_command_s(toml) for _ in range(1 + 5)]
    return {
        "articles": articles,
        "first_s": round(times[0], 1),
        "again_s": {"median": round(statistics.median(times[1:]), 2), "worst": max(times[1:])},
    }


def _command_s(toml: Path) -> float:
    started = time.perf_counter()
    words = [sys.executable, "-m", "summarizer", "digest", "run", str(toml)]
    subprocess.run(words, check=True, capture_output=True)
    return round(time.perf_counter() - started, 2)


def _config(folder: Path) -> DigestConfig:
    return DigestConfig(
        sources=Sources(folders=(str(folder / "inbox"),)),
        state=str(folder / "digest.sqlite3"),
        output=Output(folder=folder / "briefs"),
        verifier=False,
    )


def main() -> None:
    """Run the simulation and print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--nights", type=int, default=365)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seen", type=int, default=1000, help="0: leave this part out")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nights-") as name:
        os.environ["XDG_STATE_HOME"] = f"{name}/home"  # `summarizer open` is the user's own
        figures = (
            {"simulated": simulate(Path(name), args.nights, args.count)} if args.nights else {}
        )
        if args.seen:
            figures["seen_again"] = seen_again(Path(name) / "seen", args.seen)
    text = json.dumps(figures, indent=1)
    print(text)
    if args.json:
        args.json.write_text(text + "\n")


if __name__ == "__main__":
    main()
