"""Figures of a validator on labelled rows: AUC, balanced accuracy, error rates, calibration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from benchmarks.support_rows import Row, kinds
from summarizer.evaluate.figures import auc as ranking

BINS = 10


class Verdict(NamedTuple):
    """What became of a row; `reason` is "" where the claim was found supported."""

    label: int
    supported: bool
    score: float
    reason: str
    row: Row


@dataclass(frozen=True)
class Figures:
    """Figures of one set; None where they need the label that no row has.

    `ece` is the expected calibration error over bins of equal mass, `rows_per_second` None where
    scores were kept from another run.
    """

    rows: int
    supported: int
    auc: float | None
    balanced_accuracy: float | None
    false_pass: float | None
    false_strip: float | None
    ece: float | None
    rows_per_second: float | None = None
    refused_rightly: dict[str, int] = field(default_factory=dict)
    refused_wrongly: dict[str, int] = field(default_factory=dict)


class Bin(NamedTuple):
    """Rows of neighbouring scores: how many, their mean score, the share that is supported."""

    rows: int
    score: float
    supported: float


def auc(labels: Sequence[int], scores: Sequence[float]) -> float | None:
    """Return the chance that a supported row scores above an unsupported one, ties half."""
    return ranking([(s, bool(label)) for s, label in zip(scores, labels, strict=True)])


def bins(labels: Sequence[int], scores: Sequence[float], count: int = BINS) -> list[Bin]:
    """Cut rows, by rising score, into at most `count` bins of about as many rows each.

    Rows of one score stay together, so that the order of the rows changes nothing; a file full
    of one score has one bin.
    """
    order = sorted(zip(scores, labels, strict=True))
    found: list[Bin] = []
    start = 0
    for b in range(1, count + 1):
        end = max(start, round(b * len(order) / count))
        while 0 < end < len(order) and order[end][0] == order[end - 1][0]:
            end += 1
        if some := order[start:end]:
            score = sum(s for s, _ in some) / len(some)
            found.append(Bin(len(some), score, sum(label for _, label in some) / len(some)))
        start = end
    return found


def ece(some: Sequence[Bin]) -> float | None:
    """Return the mean distance of score and share supported over the bins, weighted by rows."""
    rows = sum(b.rows for b in some)
    if not rows:
        return None
    return sum(b.rows * abs(b.score - b.supported) for b in some) / rows


def pass_at_strip(labels: Sequence[int], scores: Sequence[float], strip: float) -> float | None:
    """Return the false pass at the highest threshold that strips at most `strip` of the supported.

    The threshold is chosen on the same rows, so this compares scores and promises nothing.
    """
    positive = sorted(s for s, label in zip(scores, labels, strict=True) if label)
    negative = [s for s, label in zip(scores, labels, strict=True) if not label]
    if not positive or not negative:
        return None
    threshold = positive[int(strip * len(positive) + 1e-9)]
    return sum(s >= threshold for s in negative) / len(negative)


def figures(verdicts: Sequence[Verdict], rows_per_second: float | None = None) -> Figures:
    """Return the figures of one set."""
    labels = [v.label for v in verdicts]
    scores = [v.score for v in verdicts]
    good = [v for v in verdicts if v.label]
    bad = [v for v in verdicts if not v.label]
    strip = _share(not v.supported for v in good)
    passed = _share(v.supported for v in bad)
    return Figures(
        rows=len(verdicts),
        supported=len(good),
        auc=auc(labels, scores),
        balanced_accuracy=balanced(passed, strip),
        false_pass=passed,
        false_strip=strip,
        ece=ece(bins(labels, scores)),
        rows_per_second=rows_per_second,
        refused_rightly=_counted(v.reason for v in bad if not v.supported),
        refused_wrongly=_counted(v.reason for v in good if not v.supported),
    )


def mean(several: Sequence[Figures]) -> Figures:
    """Return the plain mean over sets, rows and reasons added up: no set outweighs another."""

    def middle(figure: Callable[[Figures], float | None]) -> float | None:
        values = [value for f in several if (value := figure(f)) is not None]
        return sum(values) / len(values) if values else None

    rightly, wrongly = Counter[str](), Counter[str]()
    for f in several:
        rightly.update(f.refused_rightly)
        wrongly.update(f.refused_wrongly)
    return Figures(
        rows=sum(f.rows for f in several),
        supported=sum(f.supported for f in several),
        auc=middle(lambda f: f.auc),
        balanced_accuracy=middle(lambda f: f.balanced_accuracy),
        false_pass=middle(lambda f: f.false_pass),
        false_strip=middle(lambda f: f.false_strip),
        ece=middle(lambda f: f.ece),
        refused_rightly=dict(rightly.most_common()),
        refused_wrongly=dict(wrongly.most_common()),
    )


def pass_by_kind(verdicts: Sequence[Verdict]) -> dict[str, tuple[float, int]]:
    """Return false pass and number of unsupported rows by kind of error, commonest first.

    A row of several kinds counts under each.
    """
    passed, seen = Counter[str](), Counter[str]()
    for verdict in verdicts:
        for kind in () if verdict.label else kinds(verdict.row):
            seen[kind] += 1
            passed[kind] += verdict.supported
    return {kind: (passed[kind] / rows, rows) for kind, rows in seen.most_common()}


def balanced(false_pass: float | None, false_strip: float | None) -> float | None:
    """Return the balanced accuracy of two error rates."""
    if false_pass is None or false_strip is None:
        return None
    return 1 - (false_pass + false_strip) / 2


def _share(hits: Iterable[bool]) -> float | None:
    found = list(hits)
    return sum(found) / len(found) if found else None


def _counted(reasons: Iterable[str]) -> dict[str, int]:
    return dict(Counter(reasons).most_common())
