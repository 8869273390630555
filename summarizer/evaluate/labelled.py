"""Claims that people have labelled, and what the validator makes of them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pydantic import Field

from summarizer.data import Article, Claim, Record, SupportedClaim
from summarizer.errors import ArticleError, ConfigError
from summarizer.evaluate.conditions import Conditions, OnProgress, bounded, conditions, silent
from summarizer.evaluate.figures import (
    Share,
    auc,
    balanced_accuracy,
    calibration_error,
    mean,
    share_of,
)
from summarizer.model.verifier import Verifier
from summarizer.read import article_from_text
from summarizer.validate import DEFAULT_STRICTNESS, Validator


class LabelledRow(Record):
    """A claim, its document, and whether people found the document to support it."""

    doc: str
    claim: str
    supported: bool
    id: str = ""
    origin: str = Field(default="", description="where the documents are from")
    kind: str = Field(default="", description="of error or edit, where the set tells")


class BadLine(Record):
    """A line that is no labelled row; `number` from 1."""

    number: int = Field(ge=1)
    problem: str


class LabelledKind(Record):
    """Errors on the rows of one kind and origin."""

    kind: str
    false_pass: Share
    false_strip: Share


class OriginResult(Record):
    """Figures of the rows of one origin; None where they need both labels and one is missing.

    `ece`: mean distance of the score from the share that is supported, over 10 bins.
    """

    origin: str
    rows: int
    supported: int
    auc: float | None
    balanced_accuracy: float | None
    false_pass: Share
    false_strip: Share
    ece: float | None
    kinds: tuple[LabelledKind, ...] = Field(description="empty where the rows tell no kind")


class LabelReport(Record):
    """Figures by origin, and the means of them, each origin counting once.

    Rows are never pooled over origins: the share that is supported differs so much between them
    that a pooled figure tells how well the origin can be guessed.
    """

    conditions: Conditions
    rows: int
    bad: tuple[BadLine, ...]
    origins: tuple[OriginResult, ...]
    auc: float | None
    balanced_accuracy: float | None
    false_pass: float | None
    false_strip: float | None
    ece: float | None
    warnings: tuple[str, ...] = ()


def read_rows(lines: Iterable[str]) -> tuple[list[LabelledRow], list[BadLine]]:
    """Read lines of {"doc", "claim", "label"}; empty ones are passed over.

    `label` is 1 (or true) where the document supports the claim, else 0; "origin", "id" and
    "kind" may be there. What else a line holds is not looked at.
    """
    rows, bad = [], []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            rows.append(_row(json.loads(line.removeprefix("\ufeff")), number))
        except RecursionError:
            bad.append(BadLine(number=number, problem="it is nested too deeply"))
        except (ValueError, TypeError) as error:
            bad.append(BadLine(number=number, problem=str(error)))
    return rows, bad


def _row(value: object, number: int) -> LabelledRow:
    if not isinstance(value, dict):
        raise TypeError("it is no JSON object")
    for key in ("doc", "claim"):
        if not isinstance(value.get(key), str):
            raise TypeError(f'"{key}" is missing or no text')
    label = value.get("label")
    if not isinstance(label, int) or label not in (0, 1):
        raise ValueError('"label" is missing or neither 0 nor 1')
    return LabelledRow(
        doc=_encodable(value["doc"]),
        claim=_encodable(value["claim"]),
        supported=bool(label),
        id=_word(value, "id") or str(number),
        origin=_word(value, "origin"),
        kind=_word(value, "kind"),
    )


def _word(value: Mapping[str, object], key: str) -> str:
    found = value.get(key)
    return "" if found is None else _encodable(str(found))


def _encodable(text: str) -> str:
    """Return `text` without halves of surrogate pairs, which JSON may hold and UTF-8 not."""
    return text.encode("utf-8", "replace").decode("utf-8")


def evaluate_rows(
    rows: Sequence[LabelledRow],
    *,
    bad: Sequence[BadLine] = (),
    verifier: Verifier | None = None,
    strictness: float = DEFAULT_STRICTNESS,
    on_progress: OnProgress = silent,
) -> LabelReport:
    """Check labelled claims against their documents and count what the validator gets wrong.

    An empty document supports nothing; one that is not English is checked without the verifier
    and named in the warnings. `bad` is only passed on into the report.

    Raises:
        ConfigError: there is no row.
    """
    if not rows:
        raise ConfigError('there is no line of {"doc", "claim", "label"}')
    validator = Validator(verifier, strictness=strictness)
    by_origin: dict[str, list[_Judged]] = defaultdict(list)
    for judged in _judged(rows, validator, on_progress):
        by_origin[judged.row.origin].append(judged)
    origins = tuple(_origin(name, by_origin[name]) for name in sorted(by_origin))
    return LabelReport(
        conditions=conditions(validator.info),
        rows=len(rows),
        bad=tuple(bad),
        origins=origins,
        auc=mean(one.auc for one in origins),
        balanced_accuracy=mean(one.balanced_accuracy for one in origins),
        false_pass=mean(one.false_pass.share for one in origins),
        false_strip=mean(one.false_strip.share for one in origins),
        ece=mean(one.ece for one in origins),
        warnings=bounded(validator.problems),
    )


class _Judged(NamedTuple):
    row: LabelledRow
    passed: bool
    score: float


def _judged(
    rows: Sequence[LabelledRow], validator: Validator, on_progress: OnProgress
) -> Iterator[_Judged]:
    """Ask the validator document by document: claims of one are read together."""
    by_doc: dict[str, list[LabelledRow]] = defaultdict(list)
    for row in rows:
        by_doc[row.doc].append(row)
    done = 0
    for doc, some in by_doc.items():
        on_progress("checking", done, len(rows))
        article = _article(doc, some[0])
        if article is None:
            yield from (_Judged(row, passed=False, score=0.0) for row in some)
        else:
            claims = [Claim(article_id=article.id, text=row.claim) for row in some]
            for row, verdict in zip(some, validator.check(claims, article), strict=True):
                yield _Judged(row, isinstance(verdict, SupportedClaim), verdict.score)
        done += len(some)
    on_progress("checking", done, len(rows))


def _article(doc: str, row: LabelledRow) -> Article | None:
    """Return the document as an article; None for one that is empty or longer than any."""
    try:
        return article_from_text(doc, source=f"row {row.id}")
    except ArticleError:
        return None


def _origin(name: str, judged: Sequence[_Judged]) -> OriginResult:
    scored = [(one.score, one.row.supported) for one in judged]
    false_pass, false_strip = _errors(judged)
    kinds = sorted({one.row.kind for one in judged} - {""})
    return OriginResult(
        origin=name,
        rows=len(judged),
        supported=sum(one.row.supported for one in judged),
        auc=auc(scored),
        balanced_accuracy=balanced_accuracy(false_pass, false_strip),
        false_pass=false_pass,
        false_strip=false_strip,
        ece=calibration_error(scored),
        kinds=tuple(_kind(kind, judged) for kind in kinds),
    )


def _kind(kind: str, judged: Sequence[_Judged]) -> LabelledKind:
    false_pass, false_strip = _errors([one for one in judged if one.row.kind == kind])
    return LabelledKind(kind=kind, false_pass=false_pass, false_strip=false_strip)


def _errors(judged: Sequence[_Judged]) -> tuple[Share, Share]:
    """Return the unsupported claims that passed, and the supported ones that were refused."""
    passed = [one.passed for one in judged if not one.row.supported]
    kept = [one.passed for one in judged if one.row.supported]
    return share_of(sum(passed), len(passed)), share_of(len(kept) - sum(kept), len(kept))
