"""Packs for training: an evidence and claims about it, as tokens; files and sequences of them.

Plain Python and numpy, for it runs in the project's environment and in that of lora.py.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

SEQUENCE_TOKENS = 512
SEQUENCES = 4  # a batch
_OPEN = 24  # sequences that a pack is tried on: enough to fill them to 98 %
_NO_SEGMENT = -1

TRAIN, HELD = "train", "held"  # what a pack is for


class Pack(NamedTuple):
    """An evidence's tokens, and with a label (1 supported) the tokens of each claim.

    A claim's tokens include what stands around it; its last one is where the answer is read.
    """

    evidence: list[int]
    claims: list[tuple[list[int], int]]
    source: str = ""
    split: str = TRAIN

    @property
    def tokens(self) -> int:
        """Return how much room it takes in a sequence."""
        return len(self.evidence) + sum(len(claim) for claim, _ in self.claims)


class PackFile(NamedTuple):
    """What pairs.py wrote: the packs, and the tokens of "supported" and "not supported"."""

    base: str
    answers: tuple[int, int]
    packs: list[Pack]

    def of(self, split: str) -> list[Pack]:
        """Return the packs of a split, in their order."""
        return [pack for pack in self.packs if pack.split == split]


def write_packs(path: Path, file: PackFile) -> None:
    """Write JSON lines: what the tokens belong to, then one pack a line."""
    head: dict[str, Any] = {"base": file.base, "answers": file.answers}
    lines = [head, *(pack._asdict() for pack in file.packs)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")


def read_packs(path: Path) -> PackFile:
    """Read what `write_packs` wrote."""
    with path.open(encoding="utf-8") as lines:
        head = json.loads(next(lines))
        packs = []
        for line in lines:
            row = json.loads(line)
            row["claims"] = [(tokens, label) for tokens, label in row["claims"]]
            packs.append(Pack(**row))
    return PackFile(head["base"], tuple(head["answers"]), packs)


def fill(packs: Iterable[Pack], rng: random.Random) -> list[list[list[Pack]]]:
    """Return batches of SEQUENCES sequences, each filled with whole packs (first fit).

    The evidence of a pack that is longer than a sequence is cut at its end.
    """
    bins: list[tuple[int, list[Pack]]] = []
    for pack in map(_cut, packs):
        for place in range(max(0, len(bins) - _OPEN), len(bins)):
            used, inside = bins[place]
            if used + pack.tokens <= SEQUENCE_TOKENS:
                inside.append(pack)
                bins[place] = (used + pack.tokens, inside)
                break
        else:
            bins.append((pack.tokens, [pack]))
    rng.shuffle(bins)
    sequences = [inside for _, inside in bins]
    return [sequences[i : i + SEQUENCES] for i in range(0, len(sequences), SEQUENCES)]


def _cut(pack: Pack) -> Pack:
    over = pack.tokens - SEQUENCE_TOKENS
    return pack._replace(evidence=pack.evidence[:-over]) if over > 0 else pack


class Layout(NamedTuple):
    """Where the tokens of a sequence stand; every list but the last two has SEQUENCE_TOKENS."""

    tokens: list[int]
    positions: list[int]  # of each claim as if it alone followed its evidence
    group: list[int]  # the pack
    segment: list[int]  # 0 evidence, then the claims
    answers_at: list[int]
    labels: list[int]


def lay_out(packs: Sequence[Pack]) -> Layout:
    """Put packs one behind the other, padded with tokens that see only themselves."""
    made = Layout([], [], [], [], [], [])

    def add(tokens: Sequence[int], start: int, group: int, segment: int) -> None:
        made.tokens.extend(tokens)
        made.positions.extend(range(start, start + len(tokens)))
        made.group.extend([group] * len(tokens))
        made.segment.extend([segment] * len(tokens))

    for group, pack in enumerate(packs):
        add(pack.evidence, 0, group, 0)
        for segment, (claim, label) in enumerate(pack.claims, 1):
            add(claim, len(pack.evidence), group, segment)
            made.answers_at.append(len(made.tokens) - 1)
            made.labels.append(label)
    padding = SEQUENCE_TOKENS - len(made.tokens)
    add([0] * padding, 0, _NO_SEGMENT, _NO_SEGMENT)
    return made


def visible(layout: Layout) -> npt.NDArray[np.bool_]:
    """Return which token (row) reads which (column): its evidence and its own claim so far."""
    group, segment = np.array(layout.group), np.array(layout.segment)
    same_pack = group[:, None] == group[None, :]
    same_claim = segment[:, None] == segment[None, :]
    seen = np.tri(len(group), dtype=np.bool_) & same_pack & (same_claim | (segment == 0)[None, :])
    seen[group == _NO_SEGMENT] = False
    np.fill_diagonal(seen, True)
    return np.asarray(seen)
