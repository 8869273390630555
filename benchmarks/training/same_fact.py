"""Fit a same-fact layer on labelled pairs, for `summarizer brief --same-fact LAYER.json`.

Usage: python -m benchmarks.training.same_fact FILE… --out LAYER.json

The files have the shape of mrpc.jsonl and sts_news.jsonl of ../shared/bench/README.md (merge/).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.merge_pairs import RIDGE, cross_validated, fit, measure_pairs, pair_rows, read_rows

_CARD = {
    "what": "a logistic layer over summarizer/merge/facts/same_fact_signals.py: chance = 1 / (1 + "
    "exp(-(intercept + sum of weight x signal))) that two news sentences say the same",
    "licences": "fitted on the Microsoft Research Paraphrase Corpus (Microsoft's research "
    "licence) and news pairs of SemEval STS 2012 and 2013 (licence to be checked; part of them "
    "are pairs of the former). No text of either is here or in the repository.",
    "limits": "English news sentences that share many words; two of three pairs of the corpus "
    "are the same, so the chance is too high for pairs picked from all pairs of a run",
    # Measured once, on the prototype's 132 signals, when these were chosen.
    "choice": "the 36 signals were chosen on these rows; chosen anew on one half of MRPC and "
    "cross-validated on the other (2,038 rows): F1 .845 and .842, accuracy .771 and .778",
}


def card(paths: Sequence[Path], count: int) -> dict[str, str]:
    """Return what the layer was fitted on and how the signals measure by cross-validation."""
    figures = measure_pairs(paths)["files"]
    measured = "; ".join(
        f"{stem}: F1 {each['f1']}, accuracy {each['accuracy']}" for stem, each in figures.items()
    )
    return {
        **_CARD,
        "data": f"{count} pairs of {', '.join(path.stem for path in paths)}; ridge {RIDGE:g}",
        "cross_validated": f"each file by itself, five folds: {measured}",
    }


def fitted(paths: Sequence[Path]) -> dict[str, Any]:
    """Return the content of the file: the card, the intercept and the weight of every signal."""
    data = [row for path in paths for row in pair_rows(path)]
    names, x, y = read_rows(data)
    layer = fit(x, y)
    # How far apart the classes are, to show that the layer was fitted and not just written.
    within = float(((cross_validated(x, y) >= 0.5) == (y > 0)).mean())
    print(f"{len(data)} pairs, {len(names)} signals, accuracy of all by five folds {within:.4f}")
    return {
        "card": card(paths, len(data)),
        "intercept": round(layer.intercept, 4),
        "weights": {
            name: round(float(weight), 4) for name, weight in zip(names, layer.weights, strict=True)
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    content = fitted(options.files)
    options.out.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
