"""Fit linear probes on hidden states: python -m benchmarks.training.probe FEATURES.npz [-w FILE].

Prints, for every block and feature, the AUC of each set by probes that have not seen the
document measured (five folds by document, over all sets). Sets are never pooled: they have the
same weight, an intercept of their own while fitting, and a figure of their own. -w writes the
probe that is best in the mean, fitted on the sets whose licences allow it (calibrate.FITTED):
its block was chosen by the same figures, so they flatter it a little.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from benchmarks.training.calibrate import FITTED, auc, shares
from benchmarks.training.probe_features import ASK, BEFORE

Array = npt.NDArray[np.float64]

_FOLDS = 5
_RIDGE = 0.03  # per row, of standardised features
_ROUNDS = 25
_BIGGEST = 200_000  # bytes of a file that ships


class Features(NamedTuple):
    """What probe_features.py wrote, a line a sentence; `claims` numbers the whole claims."""

    sets: npt.NDArray[np.str_]
    folds: npt.NDArray[np.int_]
    labels: npt.NDArray[np.int_]
    claims: npt.NDArray[np.int_]
    inputs: dict[str, Array]


class Probe(NamedTuple):
    """Log-odds of support = intercept + weights times the feature as the model gives it."""

    weights: Array
    intercept: float

    def odds(self, x: Array) -> Array:
        """Return the log-odds of rows."""
        return np.asarray(x @ self.weights + self.intercept)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("features", type=Path)
    parser.add_argument("--write", "-w", type=Path)
    parser.add_argument("--model", default="", help="what the file says it belongs to")
    parser.add_argument("--ridge", type=float, default=_RIDGE)
    options = parser.parse_args()
    features = read(options.features)
    names = sorted(set(features.sets.tolist()))
    print(" " * 24 + "  mean " + " ".join(f"{name[:12]:>12}" for name in names))
    show("yes_no, as it is", by_set(features, features.inputs["statistics"][:, 0]))
    figures: dict[str, dict[str, float]] = {}
    for name, x in features.inputs.items():
        figures[name] = by_set(features, crossed(features, x, options.ridge))
        show(name, figures[name])
    if options.write:
        best = max((n for n in figures if n != "statistics"), key=lambda n: mean(figures[n]))
        chosen = fitted(features, np.isin(features.sets, FITTED), options.ridge, best)
        write(options.write, chosen, options.model, best, figures[best])


def read(path: Path) -> Features:
    """Read features; inputs are "statistics" and "answer N", "claim N" for each block N."""
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    inputs = {"statistics": arrays["statistics"].astype(float)}
    for kind in ("answer", "claim"):
        for i, block in enumerate(arrays["blocks"].tolist()):
            inputs[f"{kind} {block}"] = arrays[kind][:, i].astype(float)
    whole = [key.rpartition(":")[0] for key in arrays["keys"].tolist()]
    numbers = {key: number for number, key in enumerate(dict.fromkeys(whole))}
    return Features(
        sets=arrays["sets"],
        folds=np.array([int(document, 16) % _FOLDS for document in arrays["documents"].tolist()]),
        labels=arrays["labels"],
        claims=np.array([numbers[key] for key in whole]),
        inputs=inputs,
    )


def crossed(features: Features, x: Array, ridge: float) -> Array:
    """Return every row's log-odds by a probe fitted on the other folds' documents."""
    odds = np.zeros(len(x))
    for fold in range(_FOLDS):
        outside = features.folds == fold
        if outside.any() and len(set(features.labels[~outside].tolist())) > 1:
            odds[outside] = fit(features, ~outside, x, ridge).odds(x[outside])
    return odds


def fitted(features: Features, inside: npt.NDArray[np.bool_], ridge: float, name: str) -> Probe:
    """Fit on some rows.

    Raises:
        SystemExit: they do not hold both labels.
    """
    if len(set(features.labels[inside].tolist())) < 2:
        raise SystemExit("no rows of both labels in the sets that may be shipped")
    return fit(features, inside, features.inputs[name], ridge)


def fit(features: Features, inside: npt.NDArray[np.bool_], x: Array, ridge: float) -> Probe:
    """Fit a ridge logistic probe by Newton's method; set intercepts are not penalised."""
    x, y, sets = x[inside], features.labels[inside].astype(float), features.sets[inside]
    centre, scale = x.mean(0), x.std(0) + 1e-6
    names = sorted(set(sets.tolist()))
    own = np.array([[name == other for other in names] for name in sets.tolist()], float)
    columns = np.hstack([(x - centre) / scale, own])
    penalty = np.full(columns.shape[1], 1e-6)
    penalty[: x.shape[1]] = ridge * len(y)
    found = _newton(columns, y, shares(sets.tolist(), y), penalty)
    weights = found[: x.shape[1]] / scale
    return Probe(weights, float(found[x.shape[1] :].mean() - centre @ weights))


def _newton(x: Array, y: Array, share: Array, penalty: Array) -> Array:
    w = np.zeros(x.shape[1])
    for _ in range(_ROUNDS):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (share * (p - y)) + penalty * w
        hessian = (x.T * (share * p * (1 - p))) @ x + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient)
        w -= step
        if np.abs(step).max() < 1e-6:
            break
    return w


def by_set(features: Features, odds: Array) -> dict[str, float]:
    """Return each set's AUC; a claim is worth what its worst sentence is."""
    worst = np.full(features.claims.max() + 1, np.inf)
    np.minimum.at(worst, features.claims, odds)
    _, first = np.unique(features.claims, return_index=True)
    sets, labels = features.sets[first], features.labels[first].astype(float)
    return {
        name: auc(worst[sets == name], labels[sets == name]) for name in sorted(set(sets.tolist()))
    }


def mean(figures: Mapping[str, float]) -> float:
    """Return the plain mean of the sets that have both labels."""
    known = [value for value in figures.values() if not np.isnan(value)]
    return sum(known) / len(known) if known else 0.0


def show(name: str, figures: Mapping[str, float]) -> None:
    """Print one line."""
    print(f"{name:24} {mean(figures):6.3f} " + " ".join(f"{f:12.3f}" for f in figures.values()))


def write(path: Path, probe: Probe, model: str, name: str, figures: Mapping[str, float]) -> None:
    """Write a probe as JSON: where its feature is read, how the model is asked, the weights."""
    kind, _, block = name.partition(" ")
    made: dict[str, Any] = {
        "model": model,
        "feature": kind,
        "block": int(block),
        "before": BEFORE,
        "ask": ASK,
        "auc": {key: None if np.isnan(v) else round(v, 3) for key, v in figures.items()},
        "intercept": float(f"{probe.intercept:.5g}"),
        "weights": _short(probe.weights.tolist()),
    }
    text = json.dumps(made) + "\n"
    if len(text) > _BIGGEST:
        raise SystemExit(f"the probe takes {len(text)} bytes, more than {_BIGGEST}")
    path.write_text(text, "utf-8")
    print(f"{path}: {name}, {len(text)} bytes")


def _short(values: Sequence[float]) -> list[float]:
    return [float(f"{value:.5g}") for value in values]


if __name__ == "__main__":
    main()
