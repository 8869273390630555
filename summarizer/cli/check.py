"""`summarizer check`: does an article support a claim."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from summarizer.cli import FAILED, SKIPPED, options
from summarizer.data import (
    Article,
    Claim,
    Evidence,
    RejectedClaim,
    RejectReason,
    SkipReason,
    SupportedClaim,
    ValidatorInfo,
)
from summarizer.errors import ArticleError
from summarizer.model import open_verifier
from summarizer.read import article_from_text, read_article
from summarizer.render import clean
from summarizer.render.phrases import expectation
from summarizer.validate import Validator


def _refused(row_id: object, reason: RejectReason) -> dict[str, Any]:
    return {"id": row_id, "supported": False, "score": 0.0, "reason": reason, "evidence": []}


@click.command("check")
@click.option(
    "--article",
    "article_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The article, with --claim.",
)
@click.option("--claim", "claim_text", help="The claim to check against --article.")
@click.option(
    "--jsonl",
    "jsonl_file",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    help='Lines of {"doc", "claim"}, "-" for standard input; one JSON verdict a line comes out.',
)
@options.strictness
@options.no_verifier
def command(
    article_file: Path | None,
    claim_text: str | None,
    jsonl_file: Path | None,
    strictness: float,
    no_verifier: bool,
) -> int:
    """Check claims against articles: verdict, evidence and reason.

    A small entailment model helps to decide; it is fetched when it is first needed (94 MB).

    With --article and --claim it exits with 0 when the claim is supported, else with 1.
    With --jsonl it exits with 3 when lines were not {"doc", "claim"}.
    """
    verifier = None if no_verifier else open_verifier()
    validator = Validator(verifier, strictness=strictness)
    try:
        if jsonl_file is not None and article_file is None and claim_text is None:
            return _check_lines(jsonl_file, validator)
        return _check_one(article_file, claim_text, jsonl_file, validator)
    finally:
        for problem in validator.problems:
            click.echo(f"warning: {clean(problem)}", err=True)
        if verifier:
            verifier.close()


def _check_one(
    article_file: Path | None, claim_text: str | None, jsonl_file: Path | None, validator: Validator
) -> int:
    if article_file is None or claim_text is None or jsonl_file is not None:
        raise click.UsageError("give --article and --claim, or --jsonl alone")
    article = _read(article_file)
    (verdict,) = validator.check([Claim(article_id=article.id, text=claim_text)], article)
    _show(verdict, validator.info)
    return 0 if isinstance(verdict, SupportedClaim) else FAILED


def _read(path: Path) -> Article:
    """Read one article; one that is too short for a brief can still be checked against."""
    try:
        return read_article(path)
    except ArticleError as error:
        if error.reason is not SkipReason.TOO_SHORT:
            raise
        return article_from_text(path.read_text("utf-8", "replace"), source=path.name)


def _show(verdict: SupportedClaim | RejectedClaim, info: ValidatorInfo) -> None:
    console = Console()
    if isinstance(verdict, SupportedClaim):
        console.print(Text(f"supported   score {verdict.score:.2f}", style="bold green"))
        console.print(Text(f"passed      {', '.join(verdict.checks)}"))
    else:
        console.print(
            Text(clean(f"rejected    {verdict.reason}: {verdict.detail}"), style="bold red")
        )
        console.print(Text(f"score       {verdict.score:.2f}"))
    console.print(Text(f"validator   {info.verifier}; {expectation(info)}"), soft_wrap=True)
    for evidence in _evidence(verdict):
        where = ", ".join(map(str, evidence.sentence_ids))
        label = "evidence" if isinstance(verdict, SupportedClaim) else "nearest"
        quote = clean(evidence.quote)
        console.print(
            Text(f"{label:<12}sentence {where} [{evidence.start}:{evidence.end}] {quote}")
        )


def _evidence(verdict: SupportedClaim | RejectedClaim) -> tuple[Evidence, ...]:
    if isinstance(verdict, SupportedClaim):
        return verdict.evidence
    return (verdict.nearest,) if verdict.nearest else ()


def _check_lines(path: Path, validator: Validator) -> int:
    bad = 0
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            verdict = _verdict(row["doc"], row["claim"], row.get("id", number), validator)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            bad += 1
            click.echo(f"line {number}: not {{doc, claim}}: {error!r}", err=True)
            verdict = _refused(number, RejectReason.SCHEMA)
        click.echo(json.dumps(verdict, ensure_ascii=False))
    return SKIPPED if bad else 0


def _lines(path: Path) -> Iterator[str]:
    if str(path) == "-":
        yield from sys.stdin
        return
    with path.open(encoding="utf-8", errors="replace") as lines:
        yield from lines


def _verdict(doc: str, claim_text: str, row_id: object, validator: Validator) -> dict[str, Any]:
    if not isinstance(doc, str) or not isinstance(claim_text, str):
        raise TypeError("doc and claim must be text")
    try:
        article = article_from_text(doc, source="doc")
    except ArticleError:  # an empty document supports nothing
        return _refused(row_id, RejectReason.NO_EVIDENCE)
    (verdict,) = validator.check([Claim(article_id=article.id, text=claim_text)], article)
    supported = isinstance(verdict, SupportedClaim)
    return {
        "id": row_id,
        "supported": supported,
        "score": round(verdict.score, 4),
        "reason": None if isinstance(verdict, SupportedClaim) else verdict.reason.value,
        "evidence": [evidence.model_dump(mode="json") for evidence in _evidence(verdict)],
    }
