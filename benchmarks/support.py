"""Measure the validator on labelled pairs of document and claim.

    python -m benchmarks.support FILE.jsonl ... [--sample N] [--seed S] [--strictness X]
        [--no-verifier] [--scores FILE] [--by-kind] [--ablation] [--reliability [FILE.svg]]
        [--json OUT]

A row holds doc, claim, label (1 supported) and origin. There is a table line for every origin
of a file, and where there are several their plain mean: they are never pooled, for a score that
tells XSum (8 % supported) from CNN/DM (60 to 90 %) would look good. --scores keeps the verifier's
log-odds, so that another strictness or calibration needs no model. The parts of --ablation are
the verifier alone (supported above log-odds 0), the facts layer alone, and both; "pass@10" is the
false pass where 10 % of the supported rows are stripped, at a threshold chosen on the same rows.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.support_figures import (
    Bin,
    Figures,
    Verdict,
    bins,
    figures,
    mean,
    pass_at_strip,
    pass_by_kind,
)
from benchmarks.support_plot import reliability_svg
from benchmarks.support_rows import Row, RowError, by_origin, read_rows, sample
from benchmarks.support_scores import (
    KeptScores,
    VerifierStopped,
    entailment_alone,
    judge,
    open_kept,
)
from summarizer.validate import DEFAULT_STRICTNESS, Validator

_STRIP = 0.1  # of the supported rows, for "pass@10"
_HEAD = f"{'set':32} {'rows':>6}  true   auc   bal  pass strip   ece  rows/s"
_PART_HEAD = f"    {'part':28} {'rows':>6}         auc   bal  pass strip pass@10"


class Measured(NamedTuple):
    """One set as measured: what `main` prints and writes."""

    figures: Figures
    verdicts: list[Verdict]
    parts: dict[str, tuple[Figures, float | None]]


def sets_of(path: Path, count: int, seed: int) -> dict[str, list[Row]]:
    """Return the sets of a file, one an origin, `count` rows of each (0: all)."""
    groups = by_origin(read_rows(path))
    names = {o: f"{path.stem}/{o}" if len(groups) > 1 else path.stem for o in groups}
    return {names[o]: sample(rows, count, seed) for o, rows in groups.items()}


def measure(
    rows: Sequence[Row], verifier: KeptScores | None, strictness: float, *, ablation: bool
) -> Measured:
    """Judge one set; with `ablation` also by each part alone.

    Raises:
        VerifierStopped: the verifier gave up.
    """
    before = verifier.remembered if verifier else 0
    verdicts, seconds = judge(rows, Validator(verifier, strictness=strictness))
    fresh = verifier is None or verifier.remembered == before
    speed = len(rows) / seconds if fresh and seconds > 0 else None
    parts = dict(_parts(rows, verdicts, verifier, strictness)) if ablation else {}
    return Measured(figures(verdicts, speed), verdicts, parts)


def _parts(
    rows: Sequence[Row], verdicts: Sequence[Verdict], verifier: KeptScores | None, strictness: float
) -> Iterator[tuple[str, tuple[Figures, float | None]]]:
    if verifier is None:
        yield "facts", _part(verdicts)
        return
    odds = entailment_alone(rows, verifier)
    yield (
        "verifier",
        _part([Verdict(int(r["label"]), o > 0, o, "", r) for r, o in zip(rows, odds, strict=True)]),
    )
    yield "facts", _part(judge(rows, Validator(strictness=strictness)).verdicts)
    yield "both", _part(verdicts)


def _part(verdicts: Sequence[Verdict]) -> tuple[Figures, float | None]:
    labels, scores = [v.label for v in verdicts], [v.score for v in verdicts]
    return figures(verdicts), pass_at_strip(labels, scores, _STRIP)


# -- printing -------------------------------------------------------------------------


def number(value: float | None) -> str:
    """Return a figure in five characters, a dash where there is none."""
    return "    -" if value is None else f"{value:5.3f}"


def line(name: str, f: Figures) -> str:
    """Return the table line of one set."""
    share = f.supported / f.rows if f.rows else None
    speed = "-" if f.rows_per_second is None else f"{f.rows_per_second:.1f}"
    rates = (share, f.auc, f.balanced_accuracy, f.false_pass, f.false_strip, f.ece)
    return f"{name:32} {f.rows:6} " + " ".join(number(rate) for rate in rates) + f" {speed:>7}"


def _part_line(name: str, f: Figures, at_strip: float | None) -> str:
    rates = (f.auc, f.balanced_accuracy, f.false_pass, f.false_strip, at_strip)
    return f"    {name:28} {f.rows:6}       " + " ".join(number(rate) for rate in rates)


def reasons_line(f: Figures) -> str:
    """Return why claims were refused, rightly and wrongly."""

    def told(reasons: Mapping[str, int]) -> str:
        return ", ".join(f"{reason} {count}" for reason, count in reasons.items()) or "none"

    return f"    refused rightly: {told(f.refused_rightly)}; wrongly: {told(f.refused_wrongly)}"


def kinds_lines(verdicts: Sequence[Verdict]) -> list[str]:
    """Return the false pass of each kind of error, where the set names kinds."""
    return [
        f"    {kind:40} {rows:5} rows  false pass {passed:.3f}"
        for kind, (passed, rows) in pass_by_kind(verdicts).items()
    ]


def reliability_lines(some: Sequence[Bin]) -> list[str]:
    """Return the calibration table of one set: each bin's rows, mean score and share supported."""
    lines = [f"    {'bin':>3} {'rows':>6} score supported"]
    lines += [
        f"    {i:3} {b.rows:6} {b.score:5.3f}     {b.supported:5.3f}" for i, b in enumerate(some, 1)
    ]
    return lines


def _show(name: str, measured: Measured, options: argparse.Namespace) -> None:
    print(line(name, measured.figures))
    print(reasons_line(measured.figures))
    if options.by_kind:
        print("\n".join(kinds_lines(measured.verdicts) or ["    no kinds of error are named"]))
    if options.ablation:
        print(_PART_HEAD)
        for part, (f, at_strip) in measured.parts.items():
            print(_part_line(part, f, at_strip))
    if options.reliability:
        print("\n".join(reliability_lines(_bins(measured.verdicts))))
    sys.stdout.flush()


def _bins(verdicts: Sequence[Verdict]) -> list[Bin]:
    return bins([v.label for v in verdicts], [v.score for v in verdicts])


# -- report ---------------------------------------------------------------------------


def _entry(measured: Measured) -> dict[str, Any]:
    entry = asdict(measured.figures)
    entry["reliability"] = [b._asdict() for b in _bins(measured.verdicts)]
    entry["false_pass_by_kind"] = {
        kind: {"false_pass": passed, "rows": rows}
        for kind, (passed, rows) in pass_by_kind(measured.verdicts).items()
    }
    if measured.parts:
        entry["parts"] = {
            part: {**asdict(f), "false_pass_at_10_strip": at_strip}
            for part, (f, at_strip) in measured.parts.items()
        }
    return entry


def _write(
    options: argparse.Namespace,
    measured: Mapping[str, Measured],
    means: Mapping[str, Figures],
    verifier: KeptScores | None,
) -> None:
    if options.reliability and options.reliability != "-":
        panels = {name: _bins(m.verdicts) for name, m in measured.items()}
        Path(options.reliability).write_text(reliability_svg(panels), encoding="utf-8")
    if options.json:
        report = {
            "sample": options.sample,
            "seed": options.seed,
            "strictness": options.strictness,
            "verifier": verifier and verifier.name,
            "adapter": verifier and verifier.adapter,
            "sets": {name: _entry(m) for name, m in measured.items()},
            "means_over_origins": {name: asdict(f) for name, f in means.items()},
        }
        options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the validator on labelled pairs.")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--sample", type=int, default=0, help="rows of each origin, 0 for all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--strictness", type=float, default=DEFAULT_STRICTNESS)
    parser.add_argument("--no-verifier", action="store_true", help="the facts layer alone")
    parser.add_argument("--scores", type=Path, help="keep the verifier's scores here")
    parser.add_argument("--by-kind", action="store_true", help="false pass by kind of error")
    parser.add_argument("--ablation", action="store_true", help="figures of each part alone")
    parser.add_argument(
        "--reliability", nargs="?", const="-", help="calibration table, and a plot into FILE.svg"
    )
    parser.add_argument("--json", type=Path, help="write the figures here")
    options = parser.parse_args(argv)
    if options.sample < 0 or not 0 <= options.strictness <= 1:
        parser.error("--sample is 0 or more, --strictness 0 to 1")
    if missing := [str(path) for path in options.files if not path.is_file()]:
        parser.error(f"no such file: {', '.join(missing)}")
    return options


def main(argv: Sequence[str] | None = None, verifier: KeptScores | None = None) -> int:
    """Run the command; `verifier` is for tests, else the one that ships is used."""
    options = _options(argv)
    if options.no_verifier:
        verifier = None
    else:
        verifier = verifier or open_kept(options.scores)
    print(f"with {verifier.name}" if verifier else "the facts layer alone: without a verifier")
    try:
        measured, means = _run(options, verifier)
    except (RowError, VerifierStopped) as error:
        print(f"error: {error}", file=sys.stderr)
        if isinstance(error, VerifierStopped):
            print("the facts layer alone is measured with --no-verifier", file=sys.stderr)
        return 1
    finally:
        if verifier:
            verifier.close()
    _write(options, measured, means, verifier)
    return 0


def _run(
    options: argparse.Namespace, verifier: KeptScores | None
) -> tuple[dict[str, Measured], dict[str, Figures]]:
    print(_HEAD, flush=True)
    measured: dict[str, Measured] = {}
    means: dict[str, Figures] = {}
    for path in options.files:
        sets = sets_of(path, options.sample, options.seed)
        for name, rows in sets.items():
            measured[name] = measure(rows, verifier, options.strictness, ablation=options.ablation)
            _show(name, measured[name], options)
        if len(sets) > 1:
            means[path.stem] = mean([measured[name].figures for name in sets])
            print(line(f"{path.stem}, mean of {len(sets)}", means[path.stem]), flush=True)
    return measured, means


if __name__ == "__main__":
    sys.exit(main())
