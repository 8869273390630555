"""Fit the logistic layers: python -m benchmarks.training.calibrate SIGNALS.jsonl [--write FILE].

Every figure of a set comes from layers that were fitted without the document it is measured on
(five folds by document over all sets). Sets are never pooled: each has the same weight, its
supported and its unsupported claims half of it each, and an intercept of its own while fitting.
The weights that ship are fitted on the sets of FITTED only, whose licences allow it; the other
sets are always measured by layers that have seen no row of theirs.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from summarizer.validate.calibration import Calibration, Layer, Point
from summarizer.validate.examine import CHECKS, COPIED, copied
from summarizer.validate.validator import ENTAILMENT

Array = npt.NDArray[np.float64]

FITTED = (
    "frank_sent/cnndm",
    "frank_sent/xsum",
    "frank/cnndm",
    "frank/xsum",
    "summeval",
    "summeval/cnndm",
    "summedits_sent",
    "wice",
    "falke_pairs",
    "falke_pairs/cnndm",
)
# Those that decide about the threshold: supported sentences that have to get through, and
# balanced accuracy.
KEPT = ("frank_sent/cnndm", "summeval/cnndm", "lfqa")
BALANCED = ("summedits_sent", "cliff/xsum", "wice")
MOST_STRIPPED = 0.10
LEXICAL = ("trigrams", "novel_share", "length")  # beside a verifier more of them gained nothing
WORDS = ("cover", "order", "novel", "novel_share", "bigrams", "trigrams", "length")
THRESHOLD = 0.5
_STRICTEST, _SEARCHED = 0.05, np.arange(-3.0, 3.01, 0.25)  # of false strip; of an offset
_SOFT = tuple(f"check:{check}" for check in CHECKS if check not in ("instruction", "wording"))
_HARD = ("check:instruction", "check:evidence", "check:wording")
_RIDGE, _FIRM = 0.02, 5.0
# A fact that the article lacks refuses a claim where no verifier speaks for it, and weighs much
# where one does, even if people who judged XSum let true names pass that the article does not
# have: that is what a brief promises.
_VETO = -6.0
_PRIOR = {
    "check:names": -1.2,
    "check:dates": -2.0,
    "check:numbers": _VETO,
    "check:locality": _VETO,
    "check:negation": -2.5,
    "check:comparisons": -2.5,
    "check:quotations": -2.5,
}
_FOLDS = 5
_STEEP = 6.0  # log-odds from the most lenient to the strictest threshold
_NEGATIVE = (*_SOFT, "novel", "novel_share")  # a finding never speaks for a claim
_POSITIVE = ("cover", "order", "bigrams", "trigrams", ENTAILMENT)


class Rows(NamedTuple):
    """Labelled claims; `parts` are the signals of each sentence of a claim."""

    sets: list[str]
    folds: list[int]
    labels: list[int]
    parts: list[list[Mapping[str, float]]]
    kinds: list[str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("signals", type=Path)
    parser.add_argument("--write", type=Path, help="write the layers that ship")
    parser.add_argument("--json", type=Path, help="write all figures")
    options = parser.parse_args()
    rows = read(options.signals)
    variants = {
        "facts": (*WORDS, *_SOFT),
        "entailment alone": (ENTAILMENT,),
        "entailment and checks": (ENTAILMENT, *_SOFT),
        "entailment and words": (ENTAILMENT, *LEXICAL),
        "verifier": (ENTAILMENT, *LEXICAL, *_SOFT),
    }
    report: dict[str, Any] = {}
    layers: dict[str, Layer] = {}
    for name, signals in variants.items():
        chances = crossed(rows, signals)
        threshold = THRESHOLD
        report[name] = {"threshold": threshold, "sets": by_set(rows, chances, threshold)}
        print(f"\n{name}: threshold {threshold:.3f}")
        show(report[name]["sets"])
        if name in ("facts", "verifier"):
            every = [i for i, s in enumerate(rows.sets) if s in FITTED]
            weights, intercept = fit(rows, every, signals)
            added, shift = offsets(rows, range(len(rows.sets)), weights, intercept)
            weights, intercept = weights | added, intercept + shift
            slope, shift = scale(rows, chances)
            layers[name] = Layer(
                intercept=round(intercept * slope + shift, 4),
                weights={k: round(v * slope, 4) for k, v in weights.items() if v},
                curve=curve(rows, chances, slope, shift),
            )
            report[name]["reliability"] = reliability(rows, _scaled(chances, slope, shift))
    if options.write:
        made = Calibration(facts=layers["facts"], verifier=layers["verifier"])
        options.write.write_text(made.model_dump_json(indent=1) + "\n", "utf-8")
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n", "utf-8")


def read(path: Path) -> Rows:
    """Read what signals.py wrote."""
    rows = Rows([], [], [], [], [])
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        rows.sets.append(row["set"])
        rows.folds.append(int(row["document"], 16) % _FOLDS)
        rows.labels.append(row["label"])
        # Signals written before examine.py knew the groups lack them.
        rows.parts.append([p | {copied(p.get("trigrams", 0)): 1.0} for p in row["parts"]])
        rows.kinds.append(str(row["kind"]))
    return rows


def crossed(rows: Rows, signals: Sequence[str]) -> Array:
    """Return every row's chance, by layers fitted on the other folds' documents."""
    chances = np.zeros(len(rows.labels))
    for fold in range(_FOLDS):
        inside = [i for i, f in enumerate(rows.folds) if f != fold and rows.sets[i] in FITTED]
        weights, intercept = fit(rows, inside, signals)
        others = [i for i, f in enumerate(rows.folds) if f != fold]
        added, shift = offsets(rows, others, weights, intercept)
        weights, intercept = weights | added, intercept + shift
        layer = Layer(intercept=intercept, weights=weights, curve=_FLAT)
        for i, f in enumerate(rows.folds):
            if f == fold:
                chances[i] = chance(rows.parts[i], layer)
    return chances


_FLAT = (
    Point(strictness=0, threshold=0, false_pass=0, false_strip=0),
    Point(strictness=1, threshold=1, false_pass=0, false_strip=0),
)


def chance(parts: Sequence[Mapping[str, float]], layer: Layer) -> float:
    """Return the chance of a claim: that of its worst sentence, 0 where it is refused anyway."""
    if any(part.get(hard) for part in parts for hard in _HARD):
        return 0.0
    return min(layer.probability(part) for part in parts)


def fit(
    rows: Rows, chosen: Sequence[int], signals: Sequence[str]
) -> tuple[dict[str, float], float]:
    """Fit a logistic layer; weights of the wrong sign are left out and the rest fitted again."""
    usable = [i for i in chosen if not any(p.get(h) for p in rows.parts[i] for h in _HARD)]
    names = sorted({rows.sets[i] for i in usable})
    worst = [_worst(rows.parts[i]) for i in usable]
    labels = np.array([rows.labels[i] for i in usable], float)
    share = _weights([rows.sets[i] for i in usable], labels)
    own = np.array([[rows.sets[i] == name for name in names] for i in usable], float)
    kept = list(signals)
    fixed = _fixed(signals)
    while True:
        x = np.array([[part.get(name, 0.0) for name in kept] for part in worst])
        prior = np.array([fixed.get(name, 0.0) for name in kept] + [0.0] * len(names))
        found = _newton(np.hstack([x, own]), labels, share, len(kept), prior)
        weights = dict(zip(kept, found.tolist(), strict=False))
        wrong = [n for n, w in weights.items() if (n in _NEGATIVE and w > 0)]
        wrong += [n for n, w in weights.items() if (n in _POSITIVE and w < 0)]
        if not wrong:
            return weights, float(found[len(kept) :].mean())
        kept = [name for name in kept if name not in wrong]


def offsets(
    rows: Rows, chosen: Sequence[int], weights: Mapping[str, float], intercept: float
) -> tuple[dict[str, float], float]:
    """Return what to add by how much of a claim is copied, so that one threshold fits all.

    What a verifier says of a claim copied word for word and of one in other words is not to be
    measured by one scale: coordinate search for the best mean balanced accuracy at 0.5, with
    false strip of the KEPT sets below MOST_STRIPPED. Without a verifier nothing but a claim's
    words speaks for it, so one shift for all, and no promise for the KEPT sets.
    """
    alone = ENTAILMENT not in weights
    layer = Layer(intercept=intercept, weights=weights, curve=_FLAT)
    usable = [i for i in chosen if not any(p.get(h) for p in rows.parts[i] for h in _HARD)]
    parts = [part for i in usable for part in rows.parts[i]]
    odds = np.array([layer.log_odds(part) for part in parts])
    group = np.array([COPIED.index(copied(part.get("trigrams", 0))) for part in parts])
    starts = np.cumsum([0, *(len(rows.parts[i]) for i in usable)])[:-1]
    labels = np.array([rows.labels[i] for i in usable])
    sets = np.array([rows.sets[i] for i in usable])
    cells = {n: sets == n for n in sorted(set(sets)) if min(np.bincount(labels[sets == n])) >= 10}

    def value(added: Array) -> float:
        passed = np.minimum.reduceat(odds + added[group], starts) >= 0
        total = 0.0
        for name, inside in cells.items():
            false_pass, false_strip = rates(passed[inside].astype(float), labels[inside], 0.5)
            total += (1 - (false_pass + false_strip) / 2) / len(cells)
            total += (1 - (false_pass + false_strip) / 2) / len(cells) * (name in BALANCED)
            if name in KEPT and not alone:
                total -= 5 * max(0.0, false_strip - _STRICTEST)
        return total - 0.001 * float(np.abs(np.diff(added)).sum())

    best = np.zeros(len(COPIED))
    for shift in _SEARCHED:  # all together first, then one at a time
        best = max(best, np.full(len(COPIED), shift), key=value)
    for _ in range(0 if alone else 4):
        for g in range(len(COPIED)):
            trials = [np.where(np.arange(len(COPIED)) == g, shift, best) for shift in _SEARCHED]
            best = max([best, *trials], key=value)
    if alone:
        return {}, float(best[0])
    return {name: round(float(v), 3) for name, v in zip(COPIED, best, strict=True) if v}, 0.0


def _worst(parts: Sequence[Mapping[str, float]]) -> Mapping[str, float]:
    """The sentence of a claim that a first guess finds least supported."""
    return min(parts, key=lambda p: p.get(ENTAILMENT, 0) + p.get("cover", 0))


def _weights(sets: Sequence[str], labels: Array) -> Array:
    """Half a set's weight to either label, the same to every set."""
    share = np.zeros(len(labels))
    names = np.array(sets)
    for name in set(sets):
        for label in (0, 1):
            cell = (names == name) & (labels == label)
            if cell.any():
                share[cell] = 1 / cell.sum()
    scaled: Array = share * len(labels) / share.sum()
    return scaled


def _fixed(signals: Sequence[str]) -> dict[str, float]:
    """Return the weights that checks are drawn to."""
    if ENTAILMENT in signals:
        return _PRIOR
    return {name: _VETO for name in signals if name.startswith("check:")}


def _newton(x: Array, y: Array, share: Array, penalised: int, prior: Array) -> Array:
    """Ridge logistic regression towards `prior`, by Newton; set intercepts are not penalised."""
    ridge = np.full(x.shape[1], 1e-6)
    ridge[:penalised] = _RIDGE * len(y) / 100
    ridge[prior != 0] = _FIRM * len(y) / 100
    w: Array = prior.copy()
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (share * (p - y)) + ridge * (w - prior)
        hessian = (x.T * (share * p * (1 - p))) @ x + np.diag(ridge)
        step = np.linalg.solve(hessian, gradient)
        w = w - step
        if np.abs(step).max() < 1e-8:
            break
    return w


def _names(rows: Rows) -> list[str]:
    return sorted(set(rows.sets))


def _cell(rows: Rows, name: str) -> tuple[npt.NDArray[np.bool_], Array]:
    inside = np.array([s == name for s in rows.sets])
    return inside, np.array(rows.labels)[inside]


def rates(chances: Array, labels: Array, threshold: float) -> tuple[float, float]:
    """Return the shares of unsupported claims that pass and of supported ones that do not."""
    passed = chances >= threshold
    false_pass = float(passed[labels == 0].mean()) if (labels == 0).any() else float("nan")
    false_strip = float((~passed)[labels == 1].mean()) if (labels == 1).any() else float("nan")
    return false_pass, false_strip


def scale(rows: Rows, chances: Array) -> tuple[float, float]:
    """Return slope and shift that make log-odds a chance where half of the claims are supported.

    The offsets put the threshold at 0.5, which is more than the chance there; this puts the
    chances right and moves the threshold with them, so no decision changes (Platt scaling).
    """
    deciding = np.isin(rows.sets, [*KEPT, *BALANCED]) & (chances > 0)
    labels = np.array(rows.labels, float)[deciding]
    share = _weights([s for s, d in zip(rows.sets, deciding, strict=True) if d], labels)
    x = np.stack([_log_odds(chances[deciding]), np.ones(len(labels))], axis=1)
    slope, shift = _newton(x, labels, share, 0, np.zeros(2))
    return float(slope), float(shift)


def _log_odds(chances: Array) -> Array:
    odds: Array = np.log(np.clip(chances, 1e-9, 1) / np.clip(1 - chances, 1e-9, 1))
    return odds


def _scaled(chances: Array, slope: float, shift: float) -> Array:
    scaled: Array = 1 / (1 + np.exp(-(_log_odds(chances) * slope + shift)))
    return np.where(chances > 0, scaled, 0.0)


def reliability(rows: Rows, chances: Array) -> dict[str, Any]:
    """Return ECE and the ten bins of about equal weight: mean chance, share supported.

    Over the KEPT and BALANCED sets, each and either label of each with the same weight.
    """
    inside = np.isin(rows.sets, [*KEPT, *BALANCED])
    labels, p = np.array(rows.labels, float)[inside], chances[inside]
    share = _weights([s for s, i in zip(rows.sets, inside, strict=True) if i], labels)
    order = np.argsort(p, kind="stable")
    place = np.cumsum(share[order]) / share.sum()
    bins, error = [], 0.0
    for low in np.arange(10) / 10:
        cell = order[(place > low) & (place <= low + 0.1)]
        if len(cell):
            mean = float(np.average(p[cell], weights=share[cell]))
            right = float(np.average(labels[cell], weights=share[cell]))
            error += abs(mean - right) * float(share[cell].sum() / share.sum())
            bins.append([round(mean, 3), round(right, 3)])
    return {"ece": round(error, 3), "bins": bins}


def curve(rows: Rows, chances: Array, slope: float, shift: float) -> tuple[Point, ...]:
    """Return the curve, the mean over the KEPT and BALANCED sets; THRESHOLD is its middle."""
    points = []
    for strictness in np.linspace(0, 1, 11):
        at = 1 / (1 + np.exp(-_STEEP * (strictness - 0.5)))
        both = [
            rates(chances[inside], labels, at)
            for inside, labels in (_cell(rows, n) for n in (*KEPT, *BALANCED))
            if inside.any()
        ]
        points.append(
            Point(
                strictness=round(float(strictness), 2),
                threshold=round(float(_scaled(np.array([at]), slope, shift)[0]), 4),
                false_pass=round(float(np.mean([b[0] for b in both])), 3),
                false_strip=round(float(np.mean([b[1] for b in both])), 3),
            )
        )
    return tuple(points)


def by_set(rows: Rows, chances: Array, threshold: float) -> dict[str, dict[str, float]]:
    """Return the figures of every set."""
    figures = {}
    for name in _names(rows):
        inside, labels = _cell(rows, name)
        false_pass, false_strip = rates(chances[inside], labels, threshold)
        figures[name] = {
            "rows": int(inside.sum()),
            "supported": round(float(labels.mean()), 3),
            "auc": round(auc(chances[inside], labels), 3),
            "balanced_accuracy": round(1 - (false_pass + false_strip) / 2, 3),
            "false_pass": round(false_pass, 3),
            "false_strip": round(false_strip, 3),
        }
    return figures


def auc(chances: Array, labels: Array) -> float:
    """Return the chance that a supported row scores above an unsupported one, ties half."""
    positives, negatives = chances[labels == 1], chances[labels == 0]
    if not len(positives) or not len(negatives):
        return float("nan")
    order = np.sort(negatives)
    below = np.searchsorted(order, positives, "left")
    tied = np.searchsorted(order, positives, "right") - below
    return float((below + tied / 2).mean() / len(negatives))


def show(figures: Mapping[str, Mapping[str, float]]) -> None:
    """Print one line a set."""
    print(f"{'set':28} {'rows':>5} {'supp':>6} {'auc':>6} {'bal':>6} {'pass':>6} {'strip':>6}")
    for name, f in figures.items():
        print(
            f"{name:28} {f['rows']:5} {f['supported']:6.2f} {f['auc']:6.3f} "
            f"{f['balanced_accuracy']:6.3f} {f['false_pass']:6.3f} {f['false_strip']:6.3f}"
        )


if __name__ == "__main__":
    main()
