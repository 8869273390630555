"""How the time and memory of merge() grow with the number of claims.

Usage: python -m benchmarks.merge_scale N [FILE…]   one size, in this process; prints a JSON record

The claims are made by benchmarks.merge_made. Each size is merged in a process of its own, so that
one size does not leave its memory, or its filled caches, to another.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.merge_made import Made, make, read_clusters
from summarizer.merge import Merged, merge

SEED = 20_300_101
_STEPS = (16, 8, 4, 2, 1)  # sizes are the number of claims asked for, divided by these
_LEAST = 50  # claims; smaller sizes measure nothing


class ScaleFailed(Exception):
    """The process of one size ended without a record."""


def measure_scale(count: int, paths: Sequence[Path]) -> dict[str, Any]:
    """Merge `count` claims, and a half, a quarter … of them, and fit the exponent.

    The templates come from the story files `paths`, else from the project's examples. `seconds`
    is wall time of merge() alone at `count` claims, `peak_rss_mib` the most that its process held,
    `exponent` the slope of log seconds over log claims; `sizes` has the record of every size.
    """
    wanted = sorted({max(_LEAST, count // step) for step in _STEPS})
    sizes = [_in_child(size, paths) for size in wanted]
    largest = sizes[-1]
    return {
        "claims": largest["claims"],
        "seconds": largest["seconds"],
        "peak_rss_mib": largest["peak_rss_mib"],
        "exponent": exponent(sizes, "seconds"),
        "cpu_exponent": exponent(sizes, "cpu_seconds"),
        "sizes": sizes,
    }


def _in_child(size: int, paths: Sequence[Path]) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.merge_scale", str(size)]
    done = subprocess.run(
        [*command, *(str(path.resolve()) for path in paths)],
        cwd=Path(__file__).resolve().parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ScaleFailed(f"{size} claims: exit code {done.returncode}\n{done.stderr[-2000:]}")
    record: dict[str, Any] = json.loads(done.stdout)
    return record


def exponent(sizes: Sequence[dict[str, Any]], key: str) -> float | None:
    """Return the least-squares slope of log `key` over log claims; None for fewer than two."""
    points = [(math.log(s["claims"]), math.log(max(s[key], 1e-4))) for s in sizes]
    if len({x for x, _ in points}) < 2:
        return None
    mean_x, mean_y = (math.fsum(axis) / len(points) for axis in zip(*points, strict=True))
    over = math.fsum((x - mean_x) * (y - mean_y) for x, y in points)
    return round(over / math.fsum((x - mean_x) ** 2 for x, _ in points), 3)


def measure_size(count: int, paths: Sequence[Path]) -> dict[str, Any]:
    """Merge `count` made claims in this process; tell what it cost and what was found."""
    made = make(read_clusters(paths), count, seed=SEED)
    before = peak_rss_mib()
    wall, cpu = time.perf_counter(), time.process_time()
    merged = merge(made.summaries)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {
        "claims": made.claims,
        "articles": len(made.summaries),
        "seconds": round(wall, 3),
        "cpu_seconds": round(cpu, 3),
        "peak_rss_mib": peak_rss_mib(),
        "input_rss_mib": before,
        **found(made, merged),
    }


def found(made: Made, merged: Merged) -> dict[str, Any]:
    """Compare facts and stories with the truth of the generator, over pairs put together.

    Raises:
        ValueError: the brief lost claims.
    """
    told: dict[tuple[str, str], str] = {}
    for story in merged.stories:
        for fact in (*story.facts, *story.left_out):
            for claim in (*fact.claims, *fact.refines):
                told[claim.claim.article_id, claim.claim.text] = fact.id
    keys = sorted(made.fact_of)
    if lost := [key for key in keys if key not in told]:
        raise ValueError(f"{len(lost)} claims are in no fact, first {lost[0]}")
    story_of = {a: story.id for story in merged.stories for a in story.article_ids}
    articles = sorted(story_of)
    return {
        "facts": _agreement([told[k] for k in keys], [made.fact_of[k] for k in keys]),
        "stories": _agreement(
            [story_of[a] for a in articles], [made.story_of[a] for a in articles]
        ),
        "conflicts": sum(len(story.conflicts) for story in merged.stories),
    }


def _agreement(found: Sequence[Hashable], truth: Sequence[Hashable]) -> dict[str, float]:
    def pairs(labels: Iterable[Hashable]) -> int:
        return sum(n * (n - 1) // 2 for n in Counter(labels).values())

    right = pairs(zip(found, truth, strict=True))
    return {
        "found": len(set(found)),
        "true": len(set(truth)),
        "precision": round(right / max(pairs(found), 1), 4),
        "recall": round(right / max(pairs(truth), 1), 4),
    }


def peak_rss_mib() -> int:
    """Return the most memory that this process has held, in MiB."""
    try:  # ru_maxrss of a child starts at what its parent held when it was started
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        return int(status.split("VmHWM:")[1].split()[0]) // 1024
    except (OSError, IndexError, ValueError):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak // (1 << 20 if sys.platform == "darwin" else 1 << 10)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("claims", type=int)
    parser.add_argument("stories", nargs="*", type=Path)
    options = parser.parse_args()
    print(json.dumps(measure_size(options.claims, options.stories)))


if __name__ == "__main__":
    main()
