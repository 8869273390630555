"""`summarizer eval`: how often the validator is wrong, on one's own articles or labelled data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from summarizer.cli import FAILED, SKIPPED, options
from summarizer.cli.measured import show_report
from summarizer.cli.progress import shown
from summarizer.data import Brief
from summarizer.errors import BriefError
from summarizer.evaluate import (
    BadLine,
    EditOptions,
    EditReport,
    LabelledRow,
    LabelReport,
    evaluate_folder,
    evaluate_rows,
    read_rows,
)
from summarizer.evaluate.conditions import OnProgress
from summarizer.files import write_own
from summarizer.model.verifier import Verifier
from summarizer.pipeline import OnProgress as OnStep
from summarizer.pipeline import Progress as Step
from summarizer.render import clean, from_json
from summarizer.render.phrases import counted

_SHOWN_BAD = 20  # bad lines named; the others are counted
_SHARE = click.FloatRange(0, 1)


@click.command("eval")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--jsonl",
    "jsonl_file",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    help='Score labelled lines of {"doc", "claim", "label"} instead, "-" for standard input; '
    '"origin", "id" and "kind" may be there. label: 1 supported, 0 not.',
)
@click.option(
    "--brief",
    "brief_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Edit the claims of this brief.json of the same articles, not the articles' sentences.",
)
@click.option(
    "--max-edits",
    type=click.IntRange(min=1),
    default=EditOptions().max_edits,
    show_default=True,
    help="Edits of each kind, at most.",
)
@click.option("--seed", default=0, show_default=True, help="Seed of what is edited, and how.")
@click.option("--max-false-pass", type=_SHARE, help="Exit with 1 above this mean share, 0 to 1.")
@click.option("--max-false-strip", type=_SHARE, help="Exit with 1 above this mean share, 0 to 1.")
@click.option(
    "--examples",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Show so many of the worst mistakes of each kind.",
)
@options.strictness
@options.no_verifier
@click.option(
    "--json",
    "json_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write all figures to this file.",
)
def command(
    paths: tuple[Path, ...],
    jsonl_file: Path | None,
    brief_file: Path | None,
    max_edits: int,
    seed: int,
    max_false_pass: float | None,
    max_false_strip: float | None,
    examples: int,
    strictness: float,
    no_verifier: bool,
    json_file: Path | None,
) -> int:
    """Measure how often the validator is wrong on PATHS, folders and files of your own articles.

    Sentences of the articles are taken as true. Each is changed in ways that make it false
    (another number, another name, a "not" put in) and in ways that leave it true (shortened, in
    other words), and the validator says of every one whether the article supports it.

    False pass: the share of false claims that it let through. A reader would have been misled.

    False strip: the share of true claims that it refused. A reader would have missed something.

    The means count every kind of edit once, and leave out kinds with fewer than 10 edits. Give
    limits to use this as a gate: it exits with 1 when a mean is above its limit or cannot be
    told, else with 0; with --jsonl with 3 when lines were no labelled claims.
    """
    if bool(paths) == (jsonl_file is not None):
        raise click.UsageError("give PATHS, or --jsonl alone")
    if jsonl_file is not None and brief_file is not None:
        raise click.UsageError("--brief goes with PATHS")
    console = Console(stderr=True)
    rows, bad = _labelled(jsonl_file, console) if jsonl_file else ([], [])
    brief = _brief(brief_file) if brief_file else None
    report: EditReport | LabelReport
    with (
        shown(console, quiet=not console.is_terminal) as step,
        _verifier(step, wanted=not no_verifier) as verifier,
    ):
        on_progress = _as_steps(step)
        if jsonl_file:
            report = evaluate_rows(
                rows, bad=bad, verifier=verifier, strictness=strictness, on_progress=on_progress
            )
        else:
            wanted = EditOptions(
                max_edits=max_edits, seed=seed, strictness=strictness, examples=examples
            )
            report = evaluate_folder(
                paths, verifier=verifier, brief=brief, options=wanted, on_progress=on_progress
            )
    show_report(report, console, wanted=not no_verifier)
    if json_file:
        write_own(json_file, json.dumps(report.model_dump(mode="json"), indent=1) + "\n")
    if _past_limits(report, max_false_pass, max_false_strip, console):
        return FAILED
    return SKIPPED if bad else 0


# --- what goes in -------------------------------------------------------------------------------


def _labelled(path: Path, console: Console) -> tuple[list[LabelledRow], list[BadLine]]:
    with click.open_file(str(path), "rb") as lines:
        rows, bad = read_rows(line.decode("utf-8", "replace") for line in lines)
    for line in bad[:_SHOWN_BAD]:
        console.print(Text(clean(f"line {line.number}: {line.problem}")), soft_wrap=True)
    if bad:
        console.print(f"{counted(len(bad), 'line')} left out: no labelled claims", highlight=False)
    return rows, bad


def _brief(path: Path) -> Brief:
    try:
        return from_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as exc:
        raise BriefError(f"{path} cannot be read: {exc}") from exc


def _as_steps(on_step: OnStep) -> OnProgress:
    def on_progress(stage: str, done: int, total: int) -> None:
        on_step(Step(stage=stage, done=done, total=total))

    return on_progress


@contextmanager
def _verifier(on_step: OnStep, *, wanted: bool) -> Iterator[Verifier | None]:
    """Give the entailment model, which starts when it is first asked, and free it afterwards."""
    if not wanted:
        yield None
        return
    from summarizer.model import open_verifier  # late: --help needs no model

    verifier = open_verifier(
        progress=lambda what, done, total: on_step(
            Step(stage="fetch", done=done, total=total, what=what)
        )
    )
    try:
        yield verifier
    finally:
        verifier.close()


# --- the gate -----------------------------------------------------------------------------------


def _past_limits(
    report: EditReport | LabelReport,
    max_false_pass: float | None,
    max_false_strip: float | None,
    console: Console,
) -> bool:
    """Tell whether a limit is passed; every one that is is told of."""
    passed = _is_past("false pass", report.false_pass, max_false_pass, console)
    stripped = _is_past("false strip", report.false_strip, max_false_strip, console)
    return passed or stripped


def _is_past(name: str, share: float | None, limit: float | None, console: Console) -> bool:
    """Tell whether a limit is passed and say so; what could not be measured is no pass."""
    if limit is None or (share is not None and share <= limit):
        return False
    if share is None:
        words = f"{name} cannot be told, so the limit of {limit:g} is not kept: too few claims"
    else:
        words = f"{name} {share:.3f} is {share - limit:.3f} above the limit of {limit:g}"
    console.print(Text(words, style="bold red"), soft_wrap=True)
    return True
