"""Signals of labelled rows, for calibrate.py: python -m benchmarks.training.signals FILE... -o OUT.

Every sentence of a claim is examined and, with an adapter, scored by the verifier; one JSON line
a row. Rows that OUT has already are left out, so the run can be stopped and started again.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.training.split import document_key, trained_on
from summarizer.config import models_dir
from summarizer.model.catalogue import resolve
from summarizer.model.local import LocalModel
from summarizer.model.protocol import EngineOptions
from summarizer.model.verifier import AdapterVerifier
from summarizer.read import article_from_text
from summarizer.validate.examine import Examination, examine
from summarizer.validate.reading import Index
from summarizer.validate.validator import all_signals
from summarizer.validate.windows import window_text
from summarizer.validate.wording import parts

_UNMEASURED = ("seed",)  # summedits: the unedited summary is no test of an edit
_AT_ONCE = 64  # rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--out", "-o", type=Path, required=True)
    parser.add_argument("--sample", type=int, default=0, help="rows a file and origin; 0: all")
    parser.add_argument("--adapter", type=Path, help="LoRA adapter; without: no verifier")
    parser.add_argument("--windows", action="store_true", help="score the other windows too")
    options = parser.parse_args()
    known = set()
    if options.out.exists():
        known = {json.loads(line)["key"] for line in options.out.read_text("utf-8").splitlines()}
    verifier = None
    if options.adapter:
        verifier = AdapterVerifier(lambda: _local(options.adapter), options.adapter.stem)
    names = WINDOWS if options.windows else WINDOWS[:1]
    started, done = time.monotonic(), 0
    with options.out.open("a", encoding="utf-8") as out:
        for path in options.files:
            rows = [r for r in chosen_rows(path, options.sample) if _key(path, r) not in known]
            for at in range(0, len(rows), _AT_ONCE):
                for line in signals_of(path, rows[at : at + _AT_ONCE], verifier, names):
                    out.write(json.dumps(line) + "\n")
                out.flush()
                done += len(rows[at : at + _AT_ONCE])
                print(path.stem, done, f"{time.monotonic() - started:.0f} s", flush=True)
    if verifier:
        verifier.close()


def chosen_rows(path: Path, sample: int) -> list[dict[str, Any]]:
    """Return the rows of a file that are measured, at most `sample` an origin, seeded."""
    origins: dict[str, list[dict[str, Any]]] = {}
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        seed = (row.get("meta") or {}).get("kind") in _UNMEASURED
        if not seed and not trained_on(path, row["doc"]):
            origins.setdefault(row.get("origin") or "", []).append(row)
    chosen = []
    for rows in origins.values():
        if sample and len(rows) > sample:
            rows = random.Random(0).sample(rows, sample)
        chosen += rows
    return sorted(chosen, key=lambda row: str(row["doc"]))  # neighbours share a document


def signals_of(
    path: Path,
    rows: list[dict[str, Any]],
    verifier: AdapterVerifier | None,
    names: tuple[str, ...],
) -> Iterator[dict[str, Any]]:
    """Examine rows, and ask the verifier about all of them at once."""
    indexes: dict[str, Index] = {}
    for row in rows:
        if row["doc"] not in indexes:
            indexes[row["doc"]] = Index(article_from_text(row["doc"], source=row["id"]))
    found = [
        (row, [examine(part, indexes[row["doc"]], ()) for part in parts(row["claim"])])
        for row in rows
    ]
    pairs = [
        (window_text(indexes[row["doc"]], ids), e.reading.text)
        for row, examinations in found
        for e in examinations
        for ids in islice(windows(e, indexes[row["doc"]]), len(names))
    ]
    scores = iter(verifier.scores(pairs) if verifier else [None] * len(pairs))
    for row, examinations in found:
        asked = [[next(scores) for _ in names] for _ in examinations]
        yield {
            "key": _key(path, row),
            "set": path.stem + (f"/{row['origin']}" if row.get("origin") in _ORIGINS else ""),
            "document": document_key(row["doc"]),
            "label": int(row["label"]),
            "parts": [
                all_signals(e, s[0]) | dict(zip(names, s, strict=True))
                for e, s in zip(examinations, asked, strict=True)
            ],
        }


def windows(examined: Examination, index: Index) -> Iterator[list[int]]:
    """Give the windows that were compared: retrieved, around the best sentence, evidence alone."""
    yield examined.window
    best = examined.ids[0] if examined.ids else 1
    yield [i for i in range(best - 2, best + 3) if 1 <= i <= len(index.sentences)]
    yield sorted(examined.ids[:3]) or [1]


WINDOWS = ("window:retrieved", "window:around", "window:evidence")  # as windows() gives them
_ORIGINS = ("cnndm", "xsum")


def _key(path: Path, row: dict[str, Any]) -> str:
    return f"{path.stem}:{row['id']}"


def _local(adapter: Path) -> LocalModel:
    file = resolve("smollm2-135m-instruct")
    return LocalModel(
        EngineOptions(
            path=file.path,
            name=file.name,
            context_tokens=512,
            parallel=1,
            lora=adapter,
            weights_dir=models_dir() / "fast",
        )
    )


if __name__ == "__main__":
    main()
