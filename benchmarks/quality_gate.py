"""Does the validator still do what it did: `make gate`, against the figures in baseline.json.

    python -m benchmarks.quality_gate [--update] [--no-verifier] [--scores FILE]

Fixed samples of the labelled sets in ../shared/bench/support are judged at the shipped
strictness, by the facts layer alone and, where its adapter and its model are there, with the
verifier. Of each set balanced accuracy and AUC may not fall, and false strip may not rise,
beyond a margin; nor may their means over the sets, whose margin is narrower. What was measured
when the floors were pinned is in baseline.json, which only --update writes. Exit code 1: a
figure is worse, the corpus or the sample changed, or nothing is pinned; 0: all is well, or
there is no data here, and then nothing was measured.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import statistics
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.support_figures import Verdict, figures, mean
from benchmarks.support_rows import Row, RowError, by_origin, digest, even_sample, origin, read_rows
from benchmarks.support_scores import KeptScores, VerifierStopped, judge, open_kept
from summarizer.assets import asset
from summarizer.errors import ConfigError, ModelFileError
from summarizer.validate import DEFAULT_STRICTNESS, Validator
from summarizer.validate.calibration import FILE as CALIBRATION

BASELINE = Path(__file__).with_name("baseline.json")
DATA = Path(__file__).resolve().parents[2] / "shared" / "bench" / "support"
SEED = 20
ROWS = 90  # of a set, half of them supported as far as there are so many
FIGURES = ("balanced_accuracy", "auc", "false_strip")
_LOWER_IS_BETTER = frozenset({"false_strip"})
MEAN = "mean of the sets"
_RESAMPLES = 400
_ERRORS = 2  # standard errors that a figure may move
MARGIN = (
    f"A figure may be worse by {_ERRORS} standard errors, or by what one row changes where that is "
    f"more. The error is that of {_RESAMPLES} bootstrap samples of the set's documents, all rows "
    "of a document together, at the time of --update. For the mean of the sets errors count as "
    "independent. A set of several origins is the plain mean of its origins."
)


class GateSet(NamedTuple):
    """Rows to judge: those of one origin of a file, or of each where `origin` is None."""

    file: str
    origin: str | None = None


SETS: Mapping[str, GateSet] = {
    "frank_sent/cnndm": GateSet("frank_sent.jsonl", "cnndm"),
    "summeval": GateSet("summeval.jsonl"),
    "lfqa": GateSet("lfqa.jsonl"),
    "summedits": GateSet("summedits_sent.jsonl"),
    "cliff/xsum": GateSet("cliff.jsonl", "xsum"),
    "cliff/cnndm": GateSet("cliff.jsonl", "cnndm"),
    "wice": GateSet("wice.jsonl"),
    "falke": GateSet("falke_pairs.jsonl"),
    "factcc": GateSet("factcc_val.jsonl"),
}

Judge = Callable[[Sequence[Row]], Sequence[Verdict]]
Report = dict[str, Any]  # as in baseline.json


class JudgeLayer(NamedTuple):
    """One way of judging: its judge, and the digest of the adapter it uses ("" for none)."""

    judge: Judge
    adapter: str = ""


class Layers(NamedTuple):
    """The ways of judging that can be had here, and why one cannot."""

    found: dict[str, JudgeLayer]
    absent: str = ""
    close: Callable[[], None] = lambda: None


class GateError(Exception):
    """Nothing can be compared; the message says what to do."""


class Line(NamedTuple):
    """One figure beside its floor."""

    set: str
    figure: str
    floor: float
    margin: float
    value: float | None

    @property
    def worse(self) -> bool:
        """Tell whether the figure is beyond its floor and margin, or cannot be measured."""
        if self.value is None:
            return True
        fall = self.floor - self.value
        if self.figure in _LOWER_IS_BETTER:
            fall = -fall
        return fall > self.margin + 1e-9


# -- measuring ------------------------------------------------------------------------


def corpora(data: Path) -> dict[str, str]:
    """Return the digest of each file that the sets need.

    Raises:
        GateError: a file is missing.
    """
    names = sorted({one.file for one in SETS.values()})
    if missing := [name for name in names if not (data / name).is_file()]:
        raise GateError(f"{data} lacks {', '.join(missing)}")
    return {name: digest(data / name) for name in names}


def sampled(one: GateSet, data: Path) -> list[Row]:
    """Return the rows of a set: a fixed sample, the same from each of its origins.

    Raises:
        GateError: the file has no such origin.
    """
    groups = by_origin(read_rows(data / one.file))
    if one.origin is not None:
        groups = {o: rows for o, rows in groups.items() if o == one.origin}
    if not groups:
        raise GateError(f"{one.file} has no rows of {one.origin or 'any origin'}")
    size = max(1, ROWS // len(groups))
    return [row for rows in groups.values() for row in even_sample(rows, size, SEED)]


def values(verdicts: Sequence[Verdict]) -> dict[str, float | None]:
    """Return the figures that the gate watches, as the mean over the origins."""
    groups: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        groups.setdefault(origin(verdict.row), []).append(verdict)
    middle = mean([figures(some) for some in groups.values()])
    return {
        "balanced_accuracy": middle.balanced_accuracy,
        "auc": middle.auc,
        "false_strip": middle.false_strip,
    }


def standard_errors(verdicts: Sequence[Verdict]) -> dict[str, float]:
    """Return the standard error of each figure by a bootstrap over documents."""
    documents: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        documents.setdefault(verdict.row["doc"], []).append(verdict)
    several = list(documents.values())
    chance = random.Random(SEED)
    drawn: dict[str, list[float]] = {figure: [] for figure in FIGURES}
    for _ in range(_RESAMPLES):
        again = [v for some in chance.choices(several, k=len(several)) for v in some]
        for figure, value in values(again).items():
            if value is not None:
                drawn[figure].append(value)
    return {f: statistics.stdev(some) if len(some) > 1 else 0.0 for f, some in drawn.items()}


def _one_row(verdicts: Sequence[Verdict], figure: str) -> float:
    """Return what one row more or less changes at most, about."""
    good = sum(v.label for v in verdicts)
    if figure in _LOWER_IS_BETTER:
        return 1 / max(good, 1)
    return 0.5 / max(min(good, len(verdicts) - good), 1)


def entry(verdicts: Sequence[Verdict]) -> Report:
    """Return what baseline.json holds of one set."""
    errors = standard_errors(verdicts)
    found: Report = {"rows": len(verdicts), "supported": sum(v.label for v in verdicts)}
    for figure, value in values(verdicts).items():
        margin = max(_ERRORS * errors[figure], _one_row(verdicts, figure))
        found[figure] = {
            "value": None if value is None else round(value, 4),
            "margin": round(margin, 4),
        }
    return found


def measure(layers: Layers, data: Path, say: Callable[[str], None]) -> dict[str, Report]:
    """Return, for each layer, its adapter and an entry for each set and their mean."""
    rows = {name: sampled(one, data) for name, one in SETS.items()}
    report: dict[str, Report] = {}
    for layer, (judge_rows, adapter) in layers.found.items():
        sets: dict[str, Report] = {}
        for name, some in rows.items():
            say(f"{layer}: judging {len(some)} rows of {name}")
            sets[name] = entry(judge_rows(some))
        sets[MEAN] = mean_entry(list(sets.values()))
        report[layer] = {"adapter": adapter, "calibration": _calibration(), "sets": sets}
    return report


def mean_entry(entries: Sequence[Report]) -> Report:
    """Return the entry of the mean of several sets."""
    found: Report = {
        "rows": sum(one["rows"] for one in entries),
        "supported": sum(one["supported"] for one in entries),
    }
    for figure in FIGURES:
        some = [one[figure] for one in entries if one[figure]["value"] is not None]
        count = max(len(some), 1)
        found[figure] = {
            "value": round(sum(f["value"] for f in some) / count, 4) if some else None,
            "margin": round(sum(f["margin"] ** 2 for f in some) ** 0.5 / count, 4),
        }
    return found


def _calibration() -> str:
    return hashlib.sha256(asset(CALIBRATION).read_bytes()).hexdigest()


def open_layers(options: argparse.Namespace) -> Layers:
    """Return the facts layer and, where it can be had, the one with the verifier.

    Raises:
        VerifierStopped: its model is there and damaged, or gave up: no reason to pass.
    """
    found = {"facts": JudgeLayer(_judge(None))}
    if options.no_verifier:
        return Layers(found, "--no-verifier was given")
    kept = open_kept(options.scores)
    if kept is None:
        return Layers(found, "its adapter is not in verifiers/")
    try:
        kept.scores([("The Velmora bridge opened on Tuesday.", "A bridge opened.")])
    except VerifierStopped as error:
        kept.close()
        cause = error.__cause__
        if isinstance(cause, ConfigError) and not isinstance(cause, ModelFileError):
            return Layers(found, str(error))
        raise
    found["verifier"] = JudgeLayer(_judge(kept), kept.adapter)
    return Layers(found, close=kept.close)


def _judge(verifier: KeptScores | None) -> Judge:
    return lambda rows: judge(rows, Validator(verifier, strictness=DEFAULT_STRICTNESS)).verdicts


# -- the baseline ---------------------------------------------------------------------


def settings(data: Path) -> Report:
    """Return what has to be the same for figures to be comparable."""
    return {
        "strictness": DEFAULT_STRICTNESS,
        "seed": SEED,
        "rows": ROWS,
        "sets": list(SETS),
        "corpora": corpora(data),
    }


def differences(pinned: Report, now: Report) -> list[str]:
    """Return, a sentence each, why figures of `now` cannot be compared with those pinned."""
    told = []
    old, new = pinned.get("corpora", {}), now["corpora"]
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            told.append(f"{name}: the corpus changed; measure anew with --update")
    for key in ("strictness", "seed", "rows", "sets"):
        if pinned.get(key) != now[key]:
            told.append(
                f"{key} was {pinned.get(key)} and is {now[key]}; measure anew with --update"
            )
    return told


def compare(pinned: Report, now: Report) -> Iterator[Line]:
    """Yield every figure of one layer beside its floor."""
    for name, floors in pinned["sets"].items():
        for figure in FIGURES:
            floor = floors[figure]
            if floor["value"] is not None:
                value = now["sets"].get(name, {}).get(figure, {}).get("value")
                yield Line(name, figure, floor["value"], floor["margin"], value)


def read_baseline(path: Path) -> Report:
    """Return the baseline.

    Raises:
        GateError: there is none, or it cannot be read.
    """
    if not path.is_file():
        raise GateError(f"no floors are pinned: {path.name} is missing; measure with --update")
    try:
        found: Report = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise GateError(f"{path.name} is no JSON: {error}; measure anew with --update") from error
    if not isinstance(found, dict) or not isinstance(found.get("layers"), dict):
        raise GateError(f"{path.name} holds no layers; measure anew with --update")
    return found


def updated(path: Path, now: Report, measured: Mapping[str, Report]) -> Report:
    """Return the new baseline; floors of a layer that was not measured stay if they still hold."""
    try:
        old = read_baseline(path)
    except GateError:
        old = {}
    kept: dict[str, Report] = old["layers"] if old and not differences(old, now) else {}
    return {"margin": MARGIN, **now, "layers": {**kept, **measured}}


# -- the command ----------------------------------------------------------------------


def _print_table(layer: str, lines: Sequence[Line]) -> None:
    print(f"\n{layer:18} {'figure':18} floor margin   now")
    for one in lines:
        value = "    -" if one.value is None else f"{one.value:5.3f}"
        verdict = "worse" if one.worse else "ok"
        print(f"{one.set:18} {one.figure:18} {one.floor:5.3f}  {one.margin:5.3f} {value} {verdict}")


def _gate(options: argparse.Namespace, layers: Layers) -> int:
    pinned = read_baseline(options.baseline)
    if told := differences(pinned, settings(options.data)):
        raise GateError("\n".join(told))
    floors = pinned["layers"]
    if unpinned := [layer for layer in layers.found if layer not in floors]:
        raise GateError(f"no floors are pinned for: {', '.join(unpinned)}; measure with --update")
    worse = 0
    for layer, now in measure(layers, options.data, _say).items():
        lines = list(compare(floors[layer], now))
        _print_table(layer, lines)
        worse += sum(one.worse for one in lines)
        for what in ("adapter", "calibration"):
            if floors[layer][what] != now[what]:
                print(f"the {what} is another than the one the floors were measured with")
    _print_absent(layers)
    print(f"\nworse: {worse} figures" if worse else "\nok: no figure is worse than its floor")
    return 1 if worse else 0


def _update(options: argparse.Namespace, layers: Layers) -> int:
    now = settings(options.data)
    report = updated(options.baseline, now, measure(layers, options.data, _say))
    options.baseline.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    for layer in layers.found:
        _print_table(layer, list(compare(report["layers"][layer], report["layers"][layer])))
    _print_absent(layers)
    print(f"\npinned in {options.baseline}: {', '.join(layers.found)}")
    if stale := report["layers"].keys() - layers.found.keys():
        print(f"kept as they were: {', '.join(sorted(stale))}")
    return 0


def _print_absent(layers: Layers) -> None:
    if layers.absent:
        print(f"\nthe verifier was NOT measured: {layers.absent}")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Compare the validator with its pinned floors.")
    parser.add_argument("--update", action="store_true", help="pin what is measured now")
    parser.add_argument("--no-verifier", action="store_true", help="the facts layer alone")
    parser.add_argument("--scores", type=Path, help="keep the verifier's scores here")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the labelled sets")
    parser.add_argument("--baseline", type=Path, default=BASELINE)
    return parser.parse_args(argv)


def main(
    argv: Sequence[str] | None = None,
    opened: Callable[[argparse.Namespace], Layers] = open_layers,
) -> int:
    """Run the gate and return its exit code; `opened` gives the ways of judging."""
    options = _options(argv)
    if not options.data.is_dir():
        print(f"skipped, nothing was measured: {options.data} is missing")
        print("(the labelled sets belong in ../shared/bench/support beside the checkout)")
        return 0
    layers = None
    try:
        if not options.update:
            read_baseline(options.baseline)  # before a model is started for nothing
        layers = opened(options)
        return _update(options, layers) if options.update else _gate(options, layers)
    except (GateError, RowError, VerifierStopped) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    finally:
        if layers:
            layers.close()


if __name__ == "__main__":
    sys.exit(main())
