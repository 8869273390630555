"""Time a brief as a user starts it: python -m benchmarks.brief_time FOLDER [--model M] [--runs N].

Prints the median of the runs, the first one apart (it fills the disk's cache), the peak memory
of the process, and, with a model, tokens a second from the brief's own figures.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", default="none")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    seconds: list[float] = []
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "summarizer", "brief", str(options.folder), "--quiet"]
        command += ["--model", options.model, "--output", out]
        for _ in range(options.runs):
            started = time.perf_counter()
            done = subprocess.run(command, capture_output=True, text=True)
            seconds.append(time.perf_counter() - started)
            if done.returncode not in (0, 3):
                sys.exit(done.stderr)
        brief = json.loads((Path(out) / "brief.json").read_text("utf-8"))
    later = seconds[1:] or seconds
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    coverage, run = brief["coverage"], brief["run"]
    print(f"{coverage['articles']} articles, {coverage['claims']} claims, model {options.model}")
    print(f"first {seconds[0]:.2f} s, median of {len(later)} more {statistics.median(later):.2f} s")
    print(f"peak memory {peak:.0f} MiB")
    extract = run["seconds"].get("extract")
    if extract:
        print(
            f"extract {extract:.1f} s: {run['tokens_read']} tokens read, "
            f"{run['tokens_written']} written, {run['tokens_written'] / extract:.1f} written/s"
        )


if __name__ == "__main__":
    main()
