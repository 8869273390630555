"""Verdicts on labelled rows, with the verifier's scores kept in a file between runs."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.support_figures import Verdict
from benchmarks.support_rows import Row, digest
from summarizer.assets import asset
from summarizer.data import Article, Claim, SupportedClaim
from summarizer.errors import SummarizerError
from summarizer.model.verifier import AdapterVerifier, Verifier
from summarizer.read import article_from_text
from summarizer.validate import Validator
from summarizer.validate.examine import examine
from summarizer.validate.reading import index_of
from summarizer.validate.windows import window_text
from summarizer.validate.wording import parts

NO_EVIDENCE = -30.0  # log-odds where the verifier is given nothing to read
_PAIRS = 64  # asked in one go by `entailment_alone`; what a break loses at most


class VerifierStopped(Exception):
    """The verifier could not answer: what is measured without it would be something else.

    Not a SummarizerError, which `Validator` would take as a reason to go on without.
    """


class KeptScores:
    """A verifier that remembers its log-odds, and writes them to a file as they come.

    The key is what the score depends on: the evidence read, the claim, the adapter file and
    the verifier's name; so another strictness, calibration or threshold needs no model.

    Args:
        verifier: asked for what is not remembered.
        adapter: digest of its adapter file.
        path: JSON lines of key and score; None keeps them in memory.
    """

    def __init__(self, verifier: Verifier, adapter: str, path: Path | None = None) -> None:
        self.name = verifier.name
        self.adapter = adapter
        self.remembered = 0  # answers given without the model
        self._verifier = verifier
        self._path = path
        self._known = _read_scores(path) if path and path.exists() else {}

    def scores(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Return a log-odds for each pair of evidence and claim, in their order.

        Raises:
            VerifierStopped: it has to be asked and cannot answer.
        """
        keys = [self._key(*pair) for pair in pairs]
        new = {k: pair for k, pair in zip(keys, pairs, strict=True) if k not in self._known}
        self.remembered += len(pairs) - len(new)
        if new:
            try:
                fresh = self._verifier.scores(list(new.values()))
            except (SummarizerError, FileNotFoundError) as error:
                raise VerifierStopped(str(error)) from error
            self._keep(dict(zip(new, fresh, strict=True)))
        return [self._known[key] for key in keys]

    def _key(self, evidence: str, claim: str) -> str:
        told = "\0".join((self.adapter, self.name, evidence, claim))
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    def _keep(self, fresh: dict[str, float]) -> None:
        self._known.update(fresh)
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(pair) + "\n" for pair in fresh.items())

    def close(self) -> None:
        """Free the model, if there is one to free."""
        if isinstance(self._verifier, AdapterVerifier):
            self._verifier.close()


def _read_scores(path: Path) -> dict[str, float]:
    known: dict[str, float] = {}
    for line in path.read_text("utf-8").splitlines():
        try:
            key, score = json.loads(line)
        except (ValueError, TypeError):
            continue  # the run that wrote it was stopped in the middle of a line
        known[str(key)] = float(score)
    return known


def adapter_path() -> Path | None:
    """Return the adapter that ships; None where there is none yet."""
    from summarizer.model import VERIFIER  # late: without a verifier no model code is needed

    try:
        return asset(f"verifiers/{VERIFIER}.gguf")
    except FileNotFoundError:
        return None


def open_kept(path: Path | None = None) -> KeptScores | None:
    """Return the verifier that ships, its scores kept in `path`; None without an adapter.

    The model is opened when a score is not in the file yet.
    """
    adapter = adapter_path()
    if adapter is None:
        return None
    from summarizer.model import open_verifier

    return KeptScores(open_verifier(), digest(adapter), path)


class Judged(NamedTuple):
    """Verdicts in the order of their rows; `seconds` without the reading of the documents."""

    verdicts: list[Verdict]
    seconds: float


def judge(rows: Sequence[Row], validator: Validator) -> Judged:
    """Validate every row's claim; the claims of one document go in one call, as in a brief."""
    found: dict[int, Verdict] = {}
    seconds = 0.0
    for article, places in articles(rows):
        claims = [Claim(article_id=article.id, text=rows[i]["claim"]) for i in places]
        started = time.perf_counter()
        results = validator.check(claims, article)
        seconds += time.perf_counter() - started
        for i, result in zip(places, results, strict=True):
            supported = isinstance(result, SupportedClaim)
            reason = "" if isinstance(result, SupportedClaim) else result.reason.value
            found[i] = Verdict(int(rows[i]["label"]), supported, result.score, reason, rows[i])
    return Judged([found[i] for i in range(len(rows))], seconds)


def articles(rows: Sequence[Row]) -> list[tuple[Article, list[int]]]:
    """Return each document as an article, with the places of its rows."""
    places: dict[str, list[int]] = {}
    for i, row in enumerate(rows):
        places.setdefault(row["doc"], []).append(i)
    return [
        (article_from_text(doc, source=str(rows[some[0]].get("id", ""))), some)
        for doc, some in places.items()
    ]


def entailment_alone(rows: Sequence[Row], verifier: Verifier) -> list[float]:
    """Return what the verifier by itself says of each row: the log-odds of its worst sentence.

    It is asked for every row, also those that code alone decides in a `Validator`.
    """
    pairs: dict[int, list[tuple[str, str]]] = {}
    for article, places in articles(rows):
        index = index_of(article)
        for i in places:
            seen = [examine(part, index, ()) for part in parts(rows[i]["claim"])]
            pairs[i] = [(window_text(index, e.window), e.reading.text) for e in seen if e.window]
    flat = [pair for i in range(len(rows)) for pair in pairs[i]]
    scores: list[float] = []
    for start in range(0, len(flat), _PAIRS):
        scores += verifier.scores(flat[start : start + _PAIRS])
    answers = iter(scores)
    return [min((next(answers) for _ in pairs[i]), default=NO_EVIDENCE) for i in range(len(rows))]
