"""Measure the merger on labelled data: stories, same-fact pairs, number conflicts, scale.

Usage: python -m benchmarks.merge [--stories FILE…] [--pairs FILE…] [--numbers FILE…]
                                  [--polarity FILE…] [--coverage FILE…] [--scale N] [--json OUT]

Each option works alone, and the result holds only what was asked for. The shapes of the files are
those of ../shared/bench/README.md (merge/). --scale makes N claims out of the --stories files or,
without them, of the project's examples, and merges them, N/2, N/4 … of them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.merge_coverage import measure_coverage
from benchmarks.merge_numbers import measure_numbers, measure_polarity
from benchmarks.merge_pairs import measure_pairs
from benchmarks.merge_scale import ScaleFailed, measure_scale
from benchmarks.merge_stories import measure_stories

Figures = dict[str, Any]
_FILES = ("stories", "pairs", "numbers", "polarity", "coverage")


def measure(options: argparse.Namespace) -> Figures:
    """Return the figures of every option that was given, under its name."""
    result: Figures = {}
    if options.stories:
        result["stories"] = by_stem(measure_stories, options.stories)
    if options.pairs:
        result["pairs"] = measure_pairs(options.pairs)
    if options.numbers:
        each = by_stem(lambda path: measure_numbers([path]), options.numbers)
        result["numbers"] = {**measure_numbers(options.numbers), "files": each}
    if options.polarity:
        result["polarity"] = by_stem(measure_polarity, options.polarity)
    if options.coverage:
        result["coverage"] = by_stem(measure_coverage, options.coverage)
    if options.scale is not None:
        result["scale"] = measure_scale(options.scale, options.stories)
    return result


def by_stem(figures_of: Callable[[Path], Figures], paths: Sequence[Path]) -> dict[str, Figures]:
    """Return the figures of each file under the file's name without its ending."""
    return {path.stem: figures_of(path) for path in paths}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in _FILES:
        parser.add_argument(f"--{name}", nargs="+", type=Path, default=[], metavar="FILE")
    parser.add_argument("--scale", type=int, metavar="N", help="claims to make and merge")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures there, too")
    return parser


def _check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Stop with a message where an option cannot be followed."""
    for name in _FILES:
        paths: list[Path] = getattr(options, name)
        if missing := [str(path) for path in paths if not path.is_file()]:
            parser.error(f"--{name}: no such file: {', '.join(missing)}")
        if len({path.stem for path in paths}) < len(paths):
            parser.error(f"--{name}: two files of one name; the figures are given by name")
    if options.scale is not None and options.scale < 1:
        parser.error("--scale: at least one claim is needed")
    if options.scale is None and not any(getattr(options, name) for name in _FILES):
        parser.error("nothing to measure")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    _check(parser, options)
    try:
        result = measure(options)
    except ScaleFailed as error:
        print(error, file=sys.stderr)
        return 1
    text = json.dumps(result, indent=2)
    print(text)
    if options.json:
        options.json.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
