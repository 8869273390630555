"""One trial: from the same start, killed at given moments, run to its end, and judged."""

from __future__ import annotations

import shutil
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from multiprocessing.process import BaseProcess
from pathlib import Path

from benchmarks.kill_aims import Aim
from benchmarks.kill_judge import Evidence, Reference, gather, judge, reference_of, torn_files
from benchmarks.kill_place import (
    NIGHT,
    Death,
    Digest,
    Place,
    Strike,
    await_aim,
    finish,
    kill_after,
    kill_when_held,
    look,
    make_digest,
    ports_of,
    start,
)
from benchmarks.kill_sinks import Sinks, sinks

_LENGTHS = 2  # undisturbed runs that tell how long one takes


@dataclass
class Trial:
    """What became of one."""

    number: int
    evidence: Evidence
    wrong: list[str]
    aim: str = ""


class Ground:
    """Where trials take place, each from the same start.

    All use one path, as a digest's Message-IDs depend on where its state is.
    """

    def __init__(self, folder: Path, digest: Digest) -> None:
        self._folder, self.digest = folder, digest
        self._start = folder / "start"
        self.place = Place(folder / "trial")
        self.runs_before = 0
        self.run_s = 0.0
        self.reference = self._prepare()
        self._number = 0

    def _prepare(self) -> Reference:
        """Make the editions of the nights before, and measure an undisturbed run."""
        self.place.folder.mkdir(parents=True)
        earlier = replace(self.digest, model="", article_s=0.0, verifier=False)
        with sinks(self.place.arrivals) as servers:
            for night in range(NIGHT):
                self.place.fill(night, earlier)
                make_digest(self.place, earlier, ports_of(servers), night=night)
        for path in (self.place.ledger, self.place.arrivals):
            path.unlink(missing_ok=True)
        self.place.fill(NIGHT, self.digest)
        self.runs_before = NIGHT
        shutil.move(self.place.folder, self._start)
        seconds = []
        for _ in range(1 if self.digest.model else _LENGTHS):
            self._clear()
            with sinks(self.place.arrivals) as servers:
                started = time.monotonic()
                exits = [finish(start(self.place, self.digest, ports_of(servers), 0))]
                seconds.append(time.monotonic() - started)
                exits.append(finish(start(self.place, self.digest, ports_of(servers), 1)))
            evidence = gather(self.place, (), exits, self.runs_before)
            reference = reference_of(self.place, evidence)
        self.run_s = statistics.median(seconds)
        return reference

    def _clear(self) -> None:
        shutil.rmtree(self.place.folder, ignore_errors=True)
        shutil.copytree(self._start, self.place.folder)

    def trial(self, moments: Sequence[float | Aim]) -> Trial:
        """Kill a digest at each of `moments` in turn, let it end, and judge what is there."""
        self._number += 1
        self._clear()
        held = [one.what[0] for one in moments if isinstance(one, Aim) and one.kind == "held"]
        with sinks(self.place.arrivals, hold=held[0] if held else "") as servers:
            strikes = self._killed(moments, servers)
            exits = [
                finish(start(self.place, self.digest, ports_of(servers), len(moments) + more))
                for more in (0, 1)
            ]
        evidence = gather(self.place, strikes, exits, self.runs_before)
        aims = [one.name for one in moments if isinstance(one, Aim)]
        trial = Trial(self._number, evidence, judge(evidence, self.reference), " ".join(aims))
        if trial.wrong:
            kept = self._folder / f"failed-{self._number}"
            shutil.move(self.place.folder, kept)
            print(f"trial {self._number} failed, see {kept}: {trial.wrong[0]}", file=sys.stderr)
        return trial

    def _killed(self, moments: Sequence[float | Aim], servers: Sinks) -> list[Strike]:
        """Start the digest and kill it, once for each moment; stop when it ended before."""
        strikes: list[Strike] = []
        runs = self.runs_before
        for attempt, moment in enumerate(moments):
            aim = moment if isinstance(moment, Aim) else None
            process = start(self.place, self.digest, ports_of(servers), attempt, aim)
            death = self._death(process, moment, servers)
            if not death.struck:
                break
            name = aim.name if aim and aim.what else ""  # a sweep has no name for each commit
            strike = look(self.place, runs, aim=name, death=death)
            problems = (*strike.problems, *torn_files(self.place))
            strikes.append(replace(strike, problems=problems))
            runs = strikes[-1].run
        return strikes

    def _death(self, process: BaseProcess, moment: float | Aim, servers: Sinks) -> Death:
        if isinstance(moment, float):
            # The real model is a child: killed alone, the digest must not leave it behind.
            return kill_after(process, moment, group=not self.digest.model)
        if moment.kind == "held":
            return kill_when_held(process, servers)
        return await_aim(process)
