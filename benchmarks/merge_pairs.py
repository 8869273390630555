"""Measure on labelled pairs how well the same-fact layer tells claims that say the same.

The layer is fitted on four fifths of the rows of a file and measured on the fifth, so that no
row is judged by a layer that saw it; the coefficients that ship play no part.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.merge_data import claim_of, rows
from summarizer.merge.facts.claims import read_claim
from summarizer.merge.facts.same_fact_signals import Reading, signals

FOLDS = 5
SAME_FROM = 4.0  # of the 0 to 5 of rows with a `set`: "differ in unimportant details" and better
RIDGE = 5.0  # 2 to 10 measure the same within .002
# Where to call a pair the same: .5 has the best accuracy, lower has the better F1; .45 gives up
# .003 of the one for .001 of the other on MRPC, and gains .02 of F1 where few pairs are the same.
SAME_CHANCE = 0.45
_ROUNDS = 12
_SETTLED = 1e-6

Matrix = NDArray[np.float64]


class Fitted(NamedTuple):
    """A logistic layer: chance = 1 / (1 + exp(-(intercept + x @ weights)))."""

    intercept: float
    weights: Matrix

    def chances(self, x: Matrix) -> Matrix:
        """Return the chance of every row of `x` (rows, signals)."""
        return _logistic(self.intercept + x @ self.weights)


def _logistic(odds: Matrix) -> Matrix:
    chances: Matrix = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
    return chances


def fit(x: Matrix, y: Matrix, *, ridge: float = RIDGE) -> Fitted:
    """Fit a logistic layer by Newton's method; `ridge` acts on signals scaled to unit variance.

    `x` has shape (rows, signals), `y` (rows,) of 0 and 1.
    """
    centre, spread = x.mean(axis=0), x.std(axis=0)
    spread[spread < 1e-9] = 1.0
    z = np.hstack([np.ones((len(x), 1)), (x - centre) / spread])
    penalty = np.full(z.shape[1], ridge)
    penalty[0] = 1e-6
    w = np.zeros(z.shape[1])
    for _ in range(_ROUNDS):
        p = _logistic(z @ w)
        slope = z.T @ (p - y) + penalty * w
        step = np.linalg.solve((z * (p * (1 - p))[:, None]).T @ z + np.diag(penalty), slope)
        w = w - step
        if np.abs(step).max() < _SETTLED:
            break
    weights: Matrix = w[1:] / spread
    return Fitted(float(w[0] - weights @ centre), weights)


def read_rows(data: Sequence[dict[str, Any]]) -> tuple[list[str], Matrix, Matrix]:
    """Return the names of the signals, the signals (rows, signals) and the truth (rows,)."""
    found = [_signals_of(row) for row in data]
    names = sorted({name for each in found for name in each})
    x = np.array([[each.get(name, 0.0) for name in names] for each in found])
    y = np.array([float(row["label"] >= (SAME_FROM if "set" in row else 1)) for row in data])
    return names, x, y


def _signals_of(row: dict[str, Any]) -> dict[str, float]:
    one, other = (
        Reading(read_claim(n, n, claim_of(row.get(f"{side}_raw") or row[side])))
        for n, side in enumerate("ab")
    )
    return signals(one, other)


def pair_rows(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file whose label says whether they are the same."""
    return [row for row in rows(path) if "set" in row or row["label"] in (0, 1)]


def cross_validated(x: Matrix, y: Matrix) -> Matrix:
    """Return the chance of every row by a layer fitted on the other folds."""
    chances = np.zeros(len(y))
    fold_of = np.arange(len(y)) % FOLDS
    for fold in range(FOLDS):
        chances[fold_of == fold] = fit(x[fold_of != fold], y[fold_of != fold]).chances(
            x[fold_of == fold]
        )
    return chances


def _scores(guesses: NDArray[np.bool_], truth: NDArray[np.bool_]) -> dict[str, float]:
    right = int((guesses & truth).sum())
    return {
        "f1": round(2 * right / max(int(guesses.sum() + truth.sum()), 1), 4),
        "accuracy": round(float((guesses == truth).mean()), 4),
    }


def measure_pairs(paths: Sequence[Path]) -> dict[str, Any]:
    """Return f1 and accuracy over the rows of all files, and `files` {stem: {f1, accuracy}}.

    Every file is cross-validated by itself.

    Raises:
        ValueError: a file holds fewer labelled rows than folds.
    """
    files: dict[str, dict[str, float]] = {}
    guesses, truths = [], []
    for path in paths:
        data = pair_rows(path)
        if len(data) < FOLDS:
            raise ValueError(f"{path}: {len(data)} labelled rows, too few for {FOLDS} folds")
        _, x, y = read_rows(data)
        guesses.append(cross_validated(x, y) >= SAME_CHANCE)
        truths.append(y > 0)
        files[path.stem] = _scores(guesses[-1], truths[-1])
    pooled = _scores(np.concatenate(guesses), np.concatenate(truths)) if files else {}
    return {**pooled, "files": files}
