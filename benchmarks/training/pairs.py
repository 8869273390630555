"""Make the pairs that the verifier is trained on first.

    python -m benchmarks.training.pairs DATA PAIRS.jsonl [--base NAME]

DATA is the folder with support/ and merge/ (benchmarks/training/README.md says what of it is
used). One seed, one result. A pack is an evidence with all its claims, for training reads the
evidence once. No document of a file that is not trained on gets into training; a twentieth of
the FEVER and FM2 evidence is held out, and written beside it for lora.py to look at.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.training.packs import HELD, TRAIN, Pack, PackFile, write_packs
from benchmarks.training.page_edits import claims_of_pages
from benchmarks.training.split import document_key
from summarizer.model.catalogue import resolve
from summarizer.model.llama import LlamaFile
from summarizer.model.verifier import ANSWERS, question
from summarizer.read import article_from_text
from summarizer.validate.evidence import find_sentences
from summarizer.validate.reading import Index, Reading
from summarizer.validate.windows import window, window_text

BASE = "smollm2-135m-instruct"
VERIFIED = ("fever_dev", "fm2")  # claims that people wrote against given evidence
PAGES = "wice_partial_subclaims"  # whole web pages, and claims that are not quite true of them
SNLI = "snli_dev"
_SEED = 1
_HELD = 20  # one evidence in so many
_SNLI_SHARE = 0.6
_LOWER_SHARE = 0.12  # of the evidence, as old data sets have it: lower case, words and dots apart
_MAX_EVIDENCE, _MAX_CLAIM = 300, 120  # tokens
_MAX_CLAIMS = 400  # tokens of one pack: the rest of a sequence is the evidence's
_MAX_CLAIM_CHARS = 2000
_OPENING = 4  # sentences, where none has anything of the claim
_CHARS_A_TOKEN = 4.3
_VERIFIED_TOKENS, _SNLI_TOKENS = 200, 120  # how much evidence is joined to one


class Group(NamedTuple):
    """An evidence and claims about it, each with a label: 1 supported."""

    text: str
    claims: list[tuple[str, int]]


class Row(NamedTuple):
    """A labelled claim with the part of its document that it is judged by."""

    document: str
    text: str
    claim: str
    label: int


class Frame:
    """Makes tokens of evidence and claims, as summarizer.model.verifier asks about them."""

    def __init__(self, tokenize: Callable[[str], list[int]], bos: int | None = None) -> None:
        _, opening, _, closing = question("", "evidence", "claim").segments
        self._tokenize = tokenize
        self._start = [] if bos is None else [bos]
        self._opening, self._closing = tokenize(opening.text), tokenize(closing.text)

    def evidence(self, text: str) -> list[int]:
        """Return the tokens of an evidence, cut at its end."""
        return self._start + self._tokenize(text)[:_MAX_EVIDENCE]

    def claim(self, text: str) -> list[int]:
        """Return the tokens of a claim with what stands around it; the claim is cut."""
        return self._opening + self._tokenize(" " + text)[:_MAX_CLAIM] + self._closing

    def answers(self) -> tuple[int, int]:
        """Return the tokens of "supported" and "not supported".

        Raises:
            ValueError: the tokeniser has no single token for one of them.
        """
        yes, no = (self._tokenize(answer) for answer in ANSWERS)
        if len(yes) != 1 or len(no) != 1:
            raise ValueError(f"{ANSWERS} are not single tokens of this model")
        return yes[0], no[0]

    def packs(self, group: Group, source: str, split: str = TRAIN) -> Iterator[Pack]:
        """Give one pack, or several where the claims are too many for one."""
        evidence = self.evidence(group.text)
        claims: list[tuple[list[int], int]] = []
        used = 0
        for text, label in group.claims:
            tokens = self.claim(text)
            if claims and used + len(tokens) > _MAX_CLAIMS:
                yield Pack(evidence, claims, source, split)
                claims, used = [], 0
            claims.append((tokens, label))
            used += len(tokens)
        if claims:
            yield Pack(evidence, claims, source, split)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--base", default=BASE, help="the model whose tokens they are")
    options = parser.parse_args()
    with frame_of(options.base) as frame:
        packs = make(options.data, frame)
        write_packs(options.out, PackFile(options.base, frame.answers(), packs))
    report(packs)


@contextmanager
def frame_of(base: str) -> Iterator[Frame]:
    """Open the tokeniser of a model of models.txt, or of a GGUF file."""
    file = LlamaFile(resolve(base).path, threads=1, adapt=False, plain=True)
    try:
        yield Frame(lambda text: file.tokenize(text, special=False), file.bos)
    finally:
        file.close()


def make(data: Path, frame: Frame) -> list[Pack]:
    """Return all packs, in the order that training shuffles."""
    measured = measured_documents(data / "support")
    trained: set[str] = set()
    packs: list[Pack] = []
    held: list[tuple[str, Row]] = []
    rng = random.Random(_SEED)
    for name in VERIFIED:
        rows = [
            r for r in windows(data / "support" / f"{name}.jsonl") if r.document not in measured
        ]
        kept = [row for row in rows if not held_out(row.text)]
        held += [(name, row) for row in rows if held_out(row.text)]
        trained.update(row.document for row in kept)
        packs += verified(kept, name, frame, rng)
    packs += inferences(data / "merge" / f"{SNLI}.jsonl", measured, frame, rng)
    packs += pages(data / "support" / f"{PAGES}.jsonl", measured, frame, random.Random(_SEED))
    # A long document may have windows on both sides: not held out, then.
    for name, row in held:
        if row.document not in trained:
            packs += frame.packs(Group(row.text, [(row.claim, row.label)]), name, HELD)
    return packs


def measured_documents(support: Path) -> set[str]:
    """Return the keys of the documents of every file that is not trained on."""
    files = [path for path in support.glob("*.jsonl") if path.stem not in (*VERIFIED, PAGES)]
    return {document_key(row["doc"]) for path in sorted(files) for row in lines_of(path)}


def windows(path: Path) -> Iterator[Row]:
    """Give the rows of a file with the window that the validator would judge each by."""
    indexes: dict[str, Index] = {}
    for row in lines_of(path):
        doc, text = row["doc"], row["claim"]
        if len(text) > _MAX_CLAIM_CHARS:
            continue
        if doc not in indexes:
            indexes[doc] = Index(article_from_text(doc, source=row["id"]))
        yield Row(document_key(doc), judged_text(text, indexes[doc]), text, row["label"])


def judged_text(claim: str, index: Index) -> str:
    """Return the window by which the validator would judge a claim, else how the text begins."""
    reading = Reading(claim, None)
    ids = window(reading, index, find_sentences(reading, index, ()))
    return window_text(index, ids or range(1, min(_OPENING, len(index.sentences)) + 1))


def held_out(evidence: str) -> bool:
    """Return whether an evidence is kept out of training."""
    return int(hashlib.sha1(evidence.encode()).hexdigest(), 16) % _HELD == 0


# -- sources --------------------------------------------------------------------------


def verified(rows: Iterable[Row], name: str, frame: Frame, rng: random.Random) -> list[Pack]:
    """Join the evidence of one to three groups: often of one page, so that they are confusable."""
    groups = sorted(_by_text((row.text, row.claim, row.label) for row in rows), key=_page)
    blocks = [groups[i : i + 3] for i in range(0, len(groups), 3)]
    rng.shuffle(blocks)
    half = len(blocks) // 2
    neighbours = [group for block in blocks[:half] for group in block]
    strangers = [group for block in blocks[half:] for group in block]
    rng.shuffle(strangers)
    rough = [_sometimes_lower(group, rng) for group in neighbours + strangers]
    return list(_joined(rough, _VERIFIED_TOKENS, name, frame, rng))


def _page(group: Group) -> str:
    return group.text[:12]  # FEVER begins evidence with the page's title


def inferences(path: Path, measured: set[str], frame: Frame, rng: random.Random) -> list[Pack]:
    """Take a share of SNLI's premises; what is neutral is not supported."""
    rows = (row for row in lines_of(path) if document_key(row["a"]) not in measured)
    groups = _by_text((r["a"], r["b"], int(r["label"] == "entailment")) for r in rows)
    rng.shuffle(groups)
    chosen = groups[: int(len(groups) * _SNLI_SHARE)]
    return list(_joined(chosen, _SNLI_TOKENS, SNLI, frame, rng))


def pages(path: Path, measured: set[str], frame: Frame, rng: random.Random) -> list[Pack]:
    """Edit sentences of web pages, and take the partly supported claims as unsupported."""
    docs = {document_key(row["doc"]): row["doc"] for row in lines_of(path)}
    docs = {key: doc for key, doc in docs.items() if key not in measured}
    groups = [
        _sometimes_lower(Group(text, claims), rng) for text, claims in claims_of_pages(docs, rng)
    ]
    partial = [row for row in windows(path) if row.document not in measured]
    groups += [Group(row.text, [(row.claim, 0)]) for row in partial]
    rng.shuffle(groups)
    return [pack for group in groups for pack in frame.packs(group, PAGES)]


def _joined(
    groups: Sequence[Group], most_tokens: int, source: str, frame: Frame, rng: random.Random
) -> Iterator[Pack]:
    at = 0
    while at < len(groups):
        taken = list(groups[at : at + rng.choice([1, 2, 3])])
        while len(taken) > 1 and sum(len(g.text) for g in taken) > most_tokens * _CHARS_A_TOKEN:
            taken.pop()
        at += len(taken)
        rng.shuffle(taken)
        claims = [claim for group in taken for claim in group.claims]
        rng.shuffle(claims)
        yield from frame.packs(Group(" ".join(group.text for group in taken), claims), source)


def _by_text(triples: Iterable[tuple[str, str, int]]) -> list[Group]:
    found: dict[str, list[tuple[str, int]]] = {}
    for text, claim, label in triples:
        found.setdefault(text, []).append((claim, label))
    return [Group(text, claims) for text, claims in found.items()]


def _sometimes_lower(group: Group, rng: random.Random) -> Group:
    if rng.random() >= _LOWER_SHARE:
        return group
    return Group(_lowered(group.text), [(_lowered(text), label) for text, label in group.claims])


def _lowered(text: str) -> str:
    text = re.sub(r"([.,;:!?()\"])", r" \1 ", text)
    text = re.sub(r"('s|n't)\b", r" \1", text)
    return " ".join(text.split()).lower()


def lines_of(path: Path) -> Iterator[dict[str, Any]]:
    """Give the rows of a JSON-lines file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def report(packs: Sequence[Pack]) -> None:
    """Print what there is of each source."""
    for key in sorted({(pack.split, pack.source) for pack in packs}):
        inside = [pack for pack in packs if (pack.split, pack.source) == key]
        labels = Counter(label for pack in inside for _, label in pack.claims)
        print(
            f"{key[0]:6} {key[1]:24} {len(inside):6} packs {labels.total():6} pairs "
            f"{labels[1] / labels.total():.3f} supported {sum(p.tokens for p in inside):8} tokens"
        )


if __name__ == "__main__":
    main()
