"""Kill a running digest at random moments, and prove that nothing is lost or done twice.

Usage: python -m benchmarks.kill [--kills 200] [--real 0] [--sweep] [--seed 0] [--json FILE]

Each trial starts from the same state: three nights have been told, the inbox is filled for the
fourth. The digest runs in a process that gets SIGKILL at a moment drawn evenly from the length
of an undisturbed run, sometimes two or three times in a row; then it runs to its end, and once
more. benchmarks/kill_judge.py says what has to hold. Further trials aim at moments that chance
seldom hits (benchmarks/kill_aims.py); `--sweep` adds one before every commit of the night. The
model is benchmarks/stub_model.py, for the `--real` last kills smollm2-135m-instruct.

SIGKILL ends the process and not the machine: what the kernel was given is written. A loss of
power is not simulated here.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.kill_aims import AIMS, Aim, before_commit
from benchmarks.kill_judge import Evidence
from benchmarks.kill_place import Digest, Strike
from benchmarks.kill_report import show, table
from benchmarks.kill_trials import Ground, Trial

REAL_MODEL = "smollm2-135m-instruct"
_REAL = Digest(articles=4, paragraphs=2, model=REAL_MODEL, verifier=True)
_ROWS = (1, 1, 1, 1, 1, 1, 2, 2, 2, 3)  # kills in a row, evenly drawn


@dataclass
class Result:
    """What became of all trials with one model."""

    trials: list[Trial] = field(default_factory=list)
    run_s: float = 0.0

    @property
    def strikes(self) -> list[Strike]:
        return [strike for trial in self.trials for strike in trial.evidence.strikes]

    @property
    def failed(self) -> list[Trial]:
        return [trial for trial in self.trials if trial.wrong]


def at_random(ground: Ground, kills: int, seed: int) -> Iterator[Trial]:
    """Yield trials until `kills` kills have struck; those that come too late do not count."""
    chance = random.Random(seed)
    done = 0
    while done < kills:
        row = min(chance.choice(_ROWS), kills - done)
        moments = [chance.uniform(0, ground.run_s) for _ in range(row)]
        trial = ground.trial(moments)
        done += len(trial.evidence.strikes)
        yield trial
        if trial.number % 10 == 0:
            print(f"{done} of {kills} kills", file=sys.stderr)


def aimed(ground: Ground, aims: Sequence[Aim] = AIMS) -> Iterator[Trial]:
    """Yield a trial for each aim; one that met another moment counts as failed, too."""
    for aim in aims:
        trial = ground.trial([aim])
        trial.wrong += missed(aim, trial.evidence)
        yield trial


def missed(aim: Aim, found: Evidence) -> Iterator[str]:
    """Yield how one sees that a kill met another moment than it was aimed at."""
    if not found.strikes:
        yield f"the moment “{aim.name}” did not come"
    elif found.unknown != ((aim.unknown,) if aim.unknown else ()):
        yield f"“{aim.name}”: unknown are {list(found.unknown)}"
    elif aim.unknown:
        count = found.arrivals.get(found.deliveries[aim.unknown].key, 0)
        if count != aim.arrives:
            yield f"“{aim.name}”: it arrived {count} times"


def sweep(ground: Ground) -> Iterator[Trial]:
    """Yield a trial for every commit of the night, killed before it."""
    nth = 1
    while (trial := ground.trial([before_commit(nth)])).evidence.strikes:
        yield trial
        nth += 1
        if nth % 10 == 0:
            print(f"{nth} commits", file=sys.stderr)


def run(folder: Path, options: argparse.Namespace) -> dict[str, Result]:
    """Run all that is asked for in `folder`; results by what was killed."""
    found: dict[str, Result] = {}
    if options.kills or options.sweep or options.aims:
        ground = Ground(folder / "stub", Digest(articles=options.articles))
        print(f"an undisturbed run takes {ground.run_s:.2f} s", file=sys.stderr)
        if options.kills:
            trials = list(at_random(ground, options.kills, options.seed))
            found["stub, at random"] = Result(trials, ground.run_s)
        if options.aims:
            found["stub, aimed"] = Result(list(aimed(ground)), ground.run_s)
        if options.sweep:
            found["stub, every commit"] = Result(list(sweep(ground)), ground.run_s)
    if options.real:
        ground = Ground(folder / "real", _REAL)
        print(f"an undisturbed run takes {ground.run_s:.2f} s", file=sys.stderr)
        trials = list(at_random(ground, options.real, options.seed))
        found[f"{REAL_MODEL}, at random"] = Result(trials, ground.run_s)
    return found


def figures(found: dict[str, Result]) -> dict[str, Any]:
    """Return the results as JSON can hold them."""
    return {
        name: {
            "trials": len(result.trials),
            "kills": len(result.strikes),
            "failed": [{"trial": t.number, "wrong": t.wrong} for t in result.failed],
            "run_s": round(result.run_s, 2),
            "begun_again": _begun_again(result),
            "children_at_kills": sum(strike.children for strike in result.strikes),
            "children_left": sum(len(strike.survivors) for strike in result.strikes),
            "unknown": sum(len(t.evidence.unknown) for t in result.trials),
            "temporary_files_made": sum(_leftovers(t) for t in result.trials),
            "temporary_files_left": sum(t.evidence.leftovers for t in result.trials),
            "by_phase": table(result.trials),
        }
        for name, result in found.items()
    }


def _leftovers(trial: Trial) -> int:
    """Return how many temporary files the kills of a trial left; a later night removes them."""
    return len({path for strike in trial.evidence.strikes for path in strike.leftovers})


def _begun_again(result: Result) -> int | None:
    """Return how many articles were begun again; None where no model kept a ledger."""
    if not any(trial.evidence.ledger for trial in result.trials):
        return None
    return sum(trial.evidence.begun_again() for trial in result.trials)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the trials, print the tables; 1 if one failed, and then its folder is kept."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kills", type=int, default=200, help="with the stub model")
    parser.add_argument("--real", type=int, default=0, help=f"kills with {REAL_MODEL}")
    parser.add_argument("--articles", type=int, default=12, help="of a night, for the stub model")
    parser.add_argument("--sweep", action="store_true", help="before every commit as well")
    parser.add_argument("--no-aims", dest="aims", action="store_false", help="chance alone")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="kill-"))
    os.environ["XDG_STATE_HOME"] = str(folder / "home")  # `summarizer open` is the user's own
    found = run(folder, options)
    told = figures(found)
    show(told)
    if options.json:
        options.json.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    failed = any(result.failed for result in found.values())
    if not failed:
        shutil.rmtree(folder)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
