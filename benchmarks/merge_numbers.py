"""Measure how the merger tells conflicts of numbers and denials from what is none.

Usage: python -m benchmarks.merge_numbers [--numbers FILE…] [--polarity FILE…] [--half A|B]
                                          [--certain] [--verbose]

The shapes of the files are those of ../shared/bench/README.md (merge/). Without files, the pairs of
number_labels.json are measured, whose sentences are taken from ../shared beside the checkout:
--half gives one of the two halves, of which neither is unseen any more, --certain leaves out the
near calls.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.merge_data import claim_of, rows
from summarizer.merge.conflicts.polarity import denies, opposed
from summarizer.merge.conflicts.verdicts import Relation, Verdict, relation
from summarizer.merge.facts.claims import Telling, read_claim
from summarizer.merge.facts.joining import Comparer

SHARED = Path(__file__).parents[2] / "shared" / "bench" / "merge"
PAIRS = Path(__file__).parent / "number_labels.json"
LABELS = tuple(verdict.value for verdict in Verdict)


def compare(texts: Iterable[tuple[str, str]]) -> Comparer:
    """Read both sentences of every pair: pair n is claims 2n and 2n + 1."""
    tellings: list[Telling] = []
    for pair in texts:
        for text in pair:
            tellings.append(read_claim(len(tellings), len(tellings) % 2, claim_of(text)))
    return Comparer(tellings)


def relations(data: Sequence[dict[str, Any]]) -> list[Relation]:
    """Judge every pair by its sentences and the dates of its articles alone."""
    comparer = compare((row["a"], row["b"]) for row in data)
    return [
        relation(
            comparer,
            comparer.tellings[2 * n],
            comparer.tellings[2 * n + 1],
            when=(_day(row.get("a_date")), _day(row.get("b_date"))),
        )
        for n, row in enumerate(data)
    ]


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text.replace("/", "-")) if text else None


def measure_numbers(paths: Sequence[Path]) -> dict[str, Any]:
    """Compare the four verdicts with the labels of all rows of `paths` together."""
    return measure_rows([row for path in paths for row in rows(path)])


def labelled_pairs(
    path: Path = PAIRS, shared: Path = SHARED, *, half: str = "", certain: bool = False
) -> list[dict[str, Any]]:
    """Join the labels of `path` with their sentences by id, of one half or, without one, of both.

    A sentence of an article is named by the article's id and its place: "mn001-2#10-80".
    """
    labels = json.loads(path.read_text(encoding="utf-8"))["rows"]
    chosen = [
        r for r in labels if half in ("", r["half"]) and not (certain and r.get("doubt", False))
    ]
    clusters = {
        file: {row["id"]: row for row in rows(shared / f"{file}.jsonl")}
        for file in sorted({r["file"] for r in chosen})
    }
    return [_joined(r, clusters[r["file"]][r["cluster"]]) for r in chosen]


def _joined(label: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    if "a" not in label:  # a row that holds both sentences
        pair = {key: row.get(f"{key}_raw", row[key]) for key in ("a", "b")}
        days = {key: row.get(key) for key in ("a_date", "b_date")}
        return {**days, **pair, "id": row["id"], "label": label["label"]}
    articles = {article["id"]: article for article in row["articles"]}
    found: dict[str, Any] = {"label": label["label"], "id": f"{label['a']} {label['b']}"}
    for key in ("a", "b"):
        name, place = label[key].split("#")
        if place == "title":
            found[key] = articles[name]["title"]
        else:
            start, end = (int(part) for part in place.split("-"))
            found[key] = articles[name]["text"][start:end].strip()
        found[f"{key}_date"] = (articles[name].get("date") or "")[:10] or None
    return found


def measure_rows(data: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Compare the four verdicts with the labels of `data`."""
    found = [judged.verdict.value for judged in relations(data)]
    return number_scores(found, [row["label"] for row in data])


def number_scores(found: Sequence[str], gold: Sequence[str]) -> dict[str, Any]:
    """Return the figures of verdicts against labels; a label without rows counts for nothing."""
    table = Counter(zip(gold, found, strict=True))
    recall = {
        label: table[label, label] / count
        for label, count in sorted(Counter(gold).items())
        if count
    }
    right = table["conflict", "conflict"]
    flagged = sum(label == "conflict" for label in found)
    return {
        "conflict_precision": round(right / flagged, 4) if flagged else 0.0,
        "conflict_recall": round(recall.get("conflict", 0.0), 4),
        "balanced_accuracy": round(sum(recall.values()) / len(recall), 4) if recall else 0.0,
        "recall": {label: round(value, 4) for label, value in recall.items()},
        "confusion": {
            label: {other: table[label, other] for other in LABELS} for label in sorted(set(gold))
        },
        "pairs": len(gold),
    }


def measure_polarity(path: Path) -> dict[str, Any]:
    """Count what the pairs that are called a denial or an opposite are labelled.

    Captions of a picture: most contradictions are other scenes, so recall says nothing here.
    """
    data = [row for row in rows(path) if row["label"] in _NAMES or row["label"] in _NAMES.values()]
    comparer = compare((row["a"], row["b"]) for row in data)
    table: dict[str, Counter[str]] = {"denied": Counter(), "opposite": Counter()}
    for n, row in enumerate(data):
        a, b = comparer.tellings[2 * n], comparer.tellings[2 * n + 1]
        label = _NAMES.get(row["label"], row["label"])
        if denies(comparer, a, b):
            table["denied"][label] += 1
        elif opposed(comparer, a, b):
            table["opposite"][label] += 1
    flagged = sum(sum(counts.values()) for counts in table.values())
    right = sum(counts["contradiction"] for counts in table.values())
    return {
        "polarity_precision": round(right / flagged, 4) if flagged else 0.0,
        "flagged": flagged,
        "rules": {rule: dict(sorted(counts.items())) for rule, counts in table.items()},
        "pairs": len(data),
    }


_NAMES = {0: "entailment", 1: "neutral", 2: "contradiction"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--numbers", nargs="+", type=Path, default=[])
    parser.add_argument("--polarity", nargs="+", type=Path, default=[])
    parser.add_argument("--half", choices=("A", "B"), default="")
    parser.add_argument("--certain", action="store_true", help="without the near calls")
    parser.add_argument("--verbose", action="store_true", help="list the pairs judged otherwise")
    options = parser.parse_args()
    data = [row for path in options.numbers for row in rows(path)]
    if not options.numbers and not options.polarity:
        if not SHARED.is_dir():
            parser.error("no files are given, and ../shared is not beside the checkout")
        data = labelled_pairs(half=options.half, certain=options.certain)
    if options.verbose:
        for row, judged in zip(data, relations(data), strict=True):
            if judged.verdict.value != row["label"]:
                print(row["id"], row["label"], "->", judged.verdict.value)
    result: dict[str, Any] = {"numbers": measure_rows(data)} if data else {}
    for path in options.polarity:
        result[path.stem] = measure_polarity(path)
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
