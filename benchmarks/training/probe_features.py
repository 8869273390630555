"""What a model makes of labelled claims: the yes/no logit, token probabilities, hidden states.

    python -m benchmarks.training.probe_features FILE.jsonl ... -o OUT.npz --model NAME
        [--blocks 12,15,18] [--sample N] [--evidence window|document] [--most N]

A claim's sentences are asked about one by one in the model's own chat template, behind their
evidence, which is read once for neighbouring claims of the same evidence. Hidden states are
those that a block puts out (llama.cpp's tensors l_out-N), copied while it decodes. OUT is
written every 25 evidences; what it has is left out when started again, and --most stops after so
many evidences.
"""

from __future__ import annotations

import argparse
import ctypes
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import llama_cpp as L
import numpy as np
import numpy.typing as npt

from benchmarks.training.pairs import judged_text
from benchmarks.training.signals import chosen_rows
from benchmarks.training.split import document_key
from summarizer.model.catalogue import resolve
from summarizer.model.chat import render_chat
from summarizer.model.interface import Segment
from summarizer.model.llama import BATCH_TOKENS, Item, LlamaFile, cores
from summarizer.read import article_from_text
from summarizer.validate.reading import Index
from summarizer.validate.wording import parts

Array = npt.NDArray[np.float32]

BEFORE = "Text: "
ASK = ("\nDoes the text above say this? ", "\nAnswer Yes or No.")  # the claim stands between
ANSWERS = (("Yes", "yes", " Yes"), ("No", "no", " No"))  # the likeliest way to write each counts
STATISTICS = (
    "yes_no",
    "mean",
    "least",
    "least_three",
    "quartile",
    "gain",
    "least_gain",
    "least_three_gain",
    "alone",
    "tokens",
    "unlikely",
    "loss",
)
_CONTEXT = 4096  # tokens
_MAX_EVIDENCE, _MAX_CLAIM = 2800, 160  # tokens; a question must fit one batch
_MAX_DOCUMENT_CHARS = 9000
_UNLIKELY = -4.0  # log-probability of a token
_ORIGINS = ("cnndm", "xsum")  # of files that hold several sets
_EVERY = 25  # evidences between two writings


class Asked(NamedTuple):
    """A sentence of a claim and what it is judged by."""

    evidence: str
    text: str
    key: str  # file, row and sentence
    set: str
    document: str
    label: int


class Found(NamedTuple):
    """What the model made of a sentence; hidden states (blocks, width)."""

    statistics: Array
    answer: Array
    claim: Array


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--out", "-o", type=Path, required=True)
    parser.add_argument("--model", required=True, help="a name of models.txt, or a GGUF file")
    parser.add_argument("--blocks", help="numbers, with commas; without: six of the later ones")
    parser.add_argument("--sample", type=int, default=0, help="rows a file and origin; 0: all")
    parser.add_argument("--evidence", choices=("window", "document"), default="window")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--most", type=int, help="evidences in this run")
    options = parser.parse_args()
    model = Watched(resolve(options.model).path, options.blocks, options.threads or cores())
    archive = Archive(options.out, model.blocks)
    whole = options.evidence == "document"
    asked = (a for path in options.files for a in asked_of(path, options.sample, whole=whole))
    started = time.monotonic()
    todo = groupby((a for a in asked if a.key not in archive.keys), key=lambda a: a.evidence)
    for count, (evidence, group) in enumerate(todo, 1):
        claims = list(group)
        found = model.ask(evidence, [a.text for a in claims])
        for a, f in zip(claims, found, strict=True):
            archive.add(a, f)
        last = options.most is not None and count >= options.most
        if last or count % _EVERY == 0:
            archive.write()
            print(count, len(archive.keys), f"{time.monotonic() - started:.0f} s", flush=True)
        if last:
            break
    archive.write()
    model.close()


def asked_of(path: Path, sample: int, *, whole: bool) -> Iterator[Asked]:
    """Give the sentences of a file's claims with their window, or their document as it begins."""
    indexes: dict[str, Index] = {}
    for row in chosen_rows(path, sample):
        doc = row["doc"]
        if doc not in indexes:
            indexes = {
                doc: Index(article_from_text(doc, source=row["id"]))
            }  # rows come by document
        name = path.stem + (f"/{row['origin']}" if row.get("origin") in _ORIGINS else "")
        for number, text in enumerate(parts(row["claim"])):
            evidence = doc[:_MAX_DOCUMENT_CHARS] if whole else judged_text(text, indexes[doc])
            key = f"{path.stem}:{row['id']}:{number}"
            yield Asked(evidence, text, key, name, document_key(doc), int(row["label"]))


class Archive:
    """The .npz file: keys, sets, documents, labels, statistics, answer and claim states."""

    def __init__(self, path: Path, blocks: Sequence[int]) -> None:
        self._path = path
        self._blocks = list(blocks)
        self._asked: list[tuple[str, str, str, int]] = []
        self._found: list[Found] = []
        if path.exists():
            self._read()
        self.keys = {asked[0] for asked in self._asked}

    def _read(self) -> None:
        with np.load(self._path, allow_pickle=False) as file:
            old = {name: file[name] for name in file.files}
        if old["blocks"].tolist() != self._blocks:
            raise SystemExit(f"{self._path} holds blocks {old['blocks'].tolist()}")
        names = ("keys", "sets", "documents", "labels")
        self._asked = list(zip(*(old[name].tolist() for name in names), strict=True))
        states = (old["statistics"], old["answer"], old["claim"])
        self._found = [Found(*arrays) for arrays in zip(*states, strict=True)]

    def add(self, asked: Asked, found: Found) -> None:
        """Keep one sentence."""
        self._asked.append((asked.key, asked.set, asked.document, asked.label))
        self._found.append(found)
        self.keys.add(asked.key)

    def write(self) -> None:
        """Write everything; the file is whole at any time."""
        if not self._asked:
            return
        keys, sets, documents, labels = zip(*self._asked, strict=True)
        part = self._path.with_name(self._path.name + ".part")
        with part.open("wb") as file:
            np.savez(
                file,
                keys=np.array(keys),
                sets=np.array(sets),
                documents=np.array(documents),
                labels=np.array(labels),
                statistics=np.stack([f.statistics for f in self._found]),
                answer=np.stack([f.answer for f in self._found]).astype(np.float16),
                claim=np.stack([f.claim for f in self._found]).astype(np.float16),
                blocks=np.array(self._blocks),
            )
        part.replace(self._path)


class Watched(LlamaFile):
    """A model whose hidden states are copied while it decodes; one sequence."""

    def __init__(self, path: Path, blocks: str | None, threads: int) -> None:
        super().__init__(path, threads=threads, adapt=False)
        count = int(L.llama_model_n_layer(self._model))
        self._width = int(L.llama_model_n_embd(self._model))
        later = range(count // 2 - 1, count - 1, max(1, count // 12))
        self.blocks = [int(b) for b in blocks.split(",")] if blocks else list(later)
        self._names = {f"l_out-{block}".encode(): block for block in self.blocks}
        self._copied: dict[int, list[Array]] = {}
        self._ggml = _ggml()
        self._callback = L.llama_cpp.ggml_backend_sched_eval_callback(self._watch)
        self.open_context(_CONTEXT, 1)
        self._head, self._tail = self._turn()
        self._ask = [self.tokenize(text, special=False) for text in ASK]
        self._answers = [[self.tokenize(w, special=False)[0] for w in words] for words in ANSWERS]

    def _make_context(self, tokens: int, sequences: int) -> None:
        params = L.llama_context_default_params()
        params.n_ctx, params.n_seq_max = tokens, sequences
        params.n_batch = params.n_ubatch = BATCH_TOKENS
        params.n_threads = params.n_threads_batch = self._threads
        params.type_k = L.GGML_TYPE_Q8_0  # as the engine has it
        params.cb_eval = self._callback
        self._ctx = L.llama_init_from_model(self._model, params)
        if not self._ctx:
            raise SystemExit("llama.cpp cannot make a context")
        self._memory = L.llama_get_memory(self._ctx)
        self._batch = L.llama_batch_init(BATCH_TOKENS, 0, 1)

    def _watch(self, tensor: int, asking: bool, _data: object) -> bool:
        """Say that a block's output is wanted; then copy it (ggml_backend_sched_eval_callback)."""
        block = self._names.get(self._ggml.ggml_get_name(tensor))
        if asking:
            return block is not None
        if block is not None:
            size = self._ggml.ggml_nbytes(tensor)
            states = np.empty(size // 4, np.float32)
            self._ggml.ggml_backend_tensor_get(tensor, states.ctypes.data, 0, size)
            self._copied.setdefault(block, []).append(states.reshape(-1, self._width))
        return True

    def _turn(self) -> tuple[list[int], list[int]]:
        """Return the tokens of the chat template before and after what the user says."""
        bos, eos = self.bos_eos_text
        segments = render_chat(self.template, [Segment(text="x")], bos=bos, eos=eos)
        at = next(i for i, segment in enumerate(segments) if not segment.trusted)
        texts = ["".join(s.text for s in side) for side in (segments[:at], segments[at + 1 :])]
        head, tail = (self.tokenize(text, special=True) for text in texts)
        if self.bos is not None and head[:1] != [self.bos]:
            head = [self.bos, *head]
        return head, tail

    def ask(self, evidence: str, claims: Sequence[str]) -> list[Found]:
        """Return what the model makes of claims, read behind their evidence and without it."""
        start = self._head + self.tokenize(BEFORE + evidence, special=False)[:_MAX_EVIDENCE]
        texts = [self.tokenize(claim, special=False)[:_MAX_CLAIM] for claim in claims]
        self._begin(start)
        read = [self._question(len(start), text) for text in texts]
        self._begin(self._head)
        alone = [self._likelihoods(len(self._head), text) for text in texts]
        return [
            Found(_statistics(odds, given, without), answer, claim)
            for (odds, given, answer, claim), without in zip(read, alone, strict=True)
        ]

    def _begin(self, tokens: Sequence[int]) -> None:
        self.cut(0, 0)
        for at in range(0, len(tokens), BATCH_TOKENS):
            self._read(tokens[at : at + BATCH_TOKENS], at, wanted=False)

    def _read(self, tokens: Sequence[int], position: int, *, wanted: bool) -> None:
        self._copied.clear()
        self.decode([Item(t, position + i, 0, wanted) for i, t in enumerate(tokens)])

    def _question(self, position: int, text: Sequence[int]) -> tuple[float, Array, Array, Array]:
        before, after = self._ask
        tokens = [*before, *text, *after, *self._tail]
        self._read(tokens, position, wanted=True)
        last = self.logits(len(tokens) - 1)
        odds = max(last[a] for a in self._answers[0]) - max(last[a] for a in self._answers[1])
        given = self._rows(len(before), text)
        states = [np.concatenate(self._copied[block]) for block in self.blocks]
        where = slice(len(before), len(before) + len(text))
        answer = np.stack([rows[-1] for rows in states])
        claim = np.stack([rows[where].mean(0) for rows in states])
        self.cut(0, position)
        return float(odds), given, answer, claim

    def _likelihoods(self, position: int, text: Sequence[int]) -> Array:
        before = self._ask[0]
        self._read([*before, *text], position, wanted=True)
        found = self._rows(len(before), text)
        self.cut(0, position)
        return found

    def _rows(self, start: int, text: Sequence[int]) -> Array:
        """Return the log-probability of each token of `text`, which begins at row `start`."""
        found = []
        for row, token in enumerate(text, start - 1):
            logits = self.logits(row)
            top = logits.max()
            found.append(logits[token] - top - np.log(np.exp(logits - top).sum()))
        return np.array(found, np.float32)


def _statistics(odds: float, given: Array, alone: Array) -> Array:
    """Return the numbers that STATISTICS names."""
    gain = given - alone
    low, low_gain = np.sort(given)[:3], np.sort(gain)[:3]
    return np.array(
        [
            odds,
            given.mean(),
            low[0],
            low.mean(),
            np.quantile(given, 0.25),
            gain.mean(),
            low_gain[0],
            low_gain.mean(),
            alone.mean(),
            len(given),
            (given < _UNLIKELY).mean(),
            np.minimum(gain, 0).sum(),
        ],
        np.float32,
    )


def _ggml() -> Any:
    """Return ggml's functions that read a tensor, from the library that llama_cpp has loaded."""
    folder = Path(L.__file__).parent / "lib"
    names = ("libggml-base.so*", "libggml-base*.dylib", "ggml-base*.dll")
    files: Iterable[Path] = (path for name in names for path in sorted(folder.glob(name)))
    library = ctypes.CDLL(str(next(iter(files))))
    library.ggml_get_name.restype = ctypes.c_char_p
    library.ggml_get_name.argtypes = [ctypes.c_void_p]
    library.ggml_nbytes.restype = ctypes.c_size_t
    library.ggml_nbytes.argtypes = [ctypes.c_void_p]
    library.ggml_backend_tensor_get.argtypes = [
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.c_size_t,
        ctypes.c_size_t,
    ]
    return library


if __name__ == "__main__":
    main()
