"""Make the pairs of the second training: python -m benchmarks.training.second_pairs DATA FIRST OUT.

They are people's labels of sentences that models wrote about news, of half of the documents
(split.py says which; nothing about the other half is trained on), each pair twice, among packs of
FIRST, which pairs.py wrote, so that what was learned there stays.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.training.packs import TRAIN, Pack, read_packs, write_packs
from benchmarks.training.pairs import PAGES, Frame, Group, frame_of, judged_text, lines_of, report
from benchmarks.training.split import trained_on
from summarizer.read import article_from_text
from summarizer.validate.reading import Index
from summarizer.validate.wording import parts

SETS = ("frank", "frank_sent", "summeval", "summedits_sent", "wice", "falke_pairs")
_SEED = 11
_SUPPORTED = 2  # sentences for each unsupported one, but _FEWEST anyway
_FEWEST = 120
_TIMES = 2
_AGAIN = 700  # packs of FIRST from pages, and as many of the rest
_MAX_CLAIM_CHARS = 2000


class Labelled(NamedTuple):
    """A sentence with a label, and its document."""

    doc: str
    text: str
    label: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("data", type=Path)
    parser.add_argument("first", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    first = read_packs(options.first)
    with frame_of(first.base) as frame:
        packs = make(options.data, first.of(TRAIN), frame)
    write_packs(options.out, first._replace(packs=packs))
    report(packs)


def make(data: Path, first: list[Pack], frame: Frame) -> list[Pack]:
    """Return the packs of the second training."""
    rng = random.Random(_SEED)
    chosen: list[tuple[str, Labelled]] = []
    for name in SETS:
        path = data / "support" / f"{name}.jsonl"
        chosen += [(name, row) for row in sentences(path, rng)]
    indexes: dict[str, Index] = {}
    packs: list[Pack] = []
    for name, row in chosen:
        if row.doc not in indexes:
            indexes[row.doc] = Index(article_from_text(row.doc, source=name))
        evidence = judged_text(row.text, indexes[row.doc])
        packs += frame.packs(Group(evidence, [(row.text, row.label)]), name)
    made, edited = ([p for p in first if (p.source == PAGES) is side] for side in (False, True))
    rng.shuffle(made)
    rng.shuffle(edited)
    packs = packs * _TIMES + made[:_AGAIN] + edited[:_AGAIN]
    rng.shuffle(packs)
    return packs


def sentences(path: Path, rng: random.Random) -> list[Labelled]:
    """Return the sentences of a set's claims, in the half of its documents that is trained on.

    Of an unsupported claim of several sentences nobody knows which of them is at fault: left out.
    """
    supported, unsupported = [], []
    for row in _rows(path):
        texts = parts(row.text)
        if row.label:
            supported += [row._replace(text=text) for text in texts]
        elif len(texts) == 1:
            unsupported.append(row._replace(text=texts[0]))
    rng.shuffle(supported)
    return supported[: max(_SUPPORTED * len(unsupported), _FEWEST)] + unsupported


def _rows(path: Path) -> Iterator[Labelled]:
    for row in lines_of(path):
        if trained_on(path, row["doc"]) and len(row["claim"]) <= _MAX_CLAIM_CHARS:
            yield Labelled(row["doc"], row["claim"], row["label"])


if __name__ == "__main__":
    main()
