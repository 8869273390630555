"""Does the merger still do what it did: part of `make gate`, against benchmarks/merge_floors.json.

    python -m benchmarks.merge_gate [--update]

Stories, same-fact pairs, number verdicts, polarity and coverage are measured on the labelled sets
in ../shared/bench/merge. The merger is deterministic, so a figure that falls has fallen through a
change; a margin of MARGIN lets a change trade a little. No floor may be below what was asked for
(ASKED). Only --update writes the floors. Exit code 1: a figure is worse, a corpus changed or
nothing is pinned; 0: all is well, or there is no data here, and then nothing was measured.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.merge_coverage import measure_coverage
from benchmarks.merge_numbers import measure_numbers, measure_polarity
from benchmarks.merge_pairs import measure_pairs
from benchmarks.merge_stories import measure_stories

FLOORS = Path(__file__).with_name("merge_floors.json")
DATA = Path(__file__).resolve().parents[2] / "shared" / "bench" / "merge"
MARGIN = 0.01
FILES = {
    "basil": "basil_triplets.jsonl",
    "multinews": "multinews_longbench200.jsonl",
    "allsides": "allsides_raw_2021.jsonl",
    "mrpc": "mrpc.jsonl",
    "sts": "sts_news.jsonl",
    "numbers": "number_conflicts_hand.jsonl",
    "snli": "snli_dev.jsonl",
    "summhay": "summhay_coverage.jsonl",
}
# What the merger has to reach, whatever it reached when the floors were pinned.
ASKED = {
    "basil f1": 0.95,
    "multinews f1": 0.88,
    "allsides f1": 0.68,
    "mrpc f1": 0.84,
    "mrpc accuracy": 0.77,
    "numbers conflict_precision": 0.75,
    "numbers conflict_recall": 0.6,
    "numbers balanced_accuracy": 0.65,
    "summhay correlation": 0.67,
}


class Line(NamedTuple):
    """One figure beside the least it may be."""

    figure: str
    least: float
    value: float

    @property
    def worse(self) -> bool:
        """Tell whether the figure is below its floor."""
        return self.value < self.least - 1e-9


def measure(data: Path) -> dict[str, float]:
    """Return every figure that the gate watches, by its name."""
    path = {name: data / file for name, file in FILES.items()}
    found = {f"{n} f1": measure_stories(path[n])["f1"] for n in ("basil", "multinews", "allsides")}
    for name in ("mrpc", "sts"):
        pairs = measure_pairs([path[name]])
        found |= {f"{name} f1": pairs["f1"], f"{name} accuracy": pairs["accuracy"]}
    numbers = measure_numbers([path["numbers"]])
    for figure in ("conflict_precision", "conflict_recall", "balanced_accuracy"):
        found[f"numbers {figure}"] = numbers[figure]
    found["snli polarity precision"] = measure_polarity(path["snli"])["polarity_precision"]
    found["summhay correlation"] = measure_coverage(path["summhay"])["correlation"]
    return found


def digests(data: Path) -> dict[str, str]:
    """Return the SHA-256 of every file."""
    return {f: hashlib.sha256((data / f).read_bytes()).hexdigest() for f in FILES.values()}


def lines(floors: Mapping[str, float], found: Mapping[str, float]) -> Iterator[Line]:
    """Yield every pinned or asked figure beside the least it may be; one that is gone is 0."""
    for figure in sorted({*floors, *ASKED}):
        pinned = floors.get(figure, 0.0) - MARGIN
        yield Line(figure, max(pinned, ASKED.get(figure, 0.0)), found.get(figure, 0.0))


def main(arguments: Sequence[str] | None = None, *, data: Path = DATA, to: Path = FLOORS) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--update", action="store_true", help="pin what is measured now")
    options = parser.parse_args(arguments)
    if missing := [file for file in FILES.values() if not (data / file).is_file()]:
        print(f"merge gate: not measured, {', '.join(missing)} not beside the checkout")
        return 0
    corpora, found = digests(data), measure(data)
    if options.update:
        pinned = {"corpora": corpora, "figures": found}
        to.write_text(json.dumps(pinned, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    if not to.is_file():
        print("merge gate: no floors are pinned; run it with --update")
        return 1
    pinned = json.loads(to.read_text(encoding="utf-8"))
    if pinned["corpora"] != corpora:
        print("merge gate: the labelled sets are others than the floors were pinned on")
        return 1
    compared = list(lines(pinned["figures"], found))
    for line in compared:
        state = "WORSE" if line.worse else "ok"
        print(f"{state:>5}  {line.figure:<28} {line.value:.4f}  least {line.least:.4f}")
    return int(any(line.worse for line in compared))


if __name__ == "__main__":
    sys.exit(main())
