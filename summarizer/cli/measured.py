"""Show what `summarizer eval` has measured: tables on stdout, warnings on stderr."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from summarizer.evaluate import (
    MIN_EDITS,
    Conditions,
    EditReport,
    KindResult,
    LabelReport,
    Share,
)
from summarizer.render import clean
from summarizer.render.phrases import counted, expectation

_WIDE = 160  # columns, where the output is no terminal and has no width of its own
_NONE = "none"  # no verifier was asked
_MAX_TEXT = 300  # characters of an example


def show_report(report: EditReport | LabelReport, console: Console, *, wanted: bool) -> None:
    """Print the figures; what went otherwise than was asked goes to `console`, on stderr.

    `wanted`: the verifier was to be asked.
    """
    for warning in report.warnings:
        console.print(Text(clean(f"warning: {warning}")), soft_wrap=True)
    if wanted and report.conditions.validator.verifier == _NONE:
        console.print(
            Text("warning: the verifier was not asked: these are the deterministic checks alone"),
            soft_wrap=True,
        )
    width = None if sys.stdout.isatty() else _WIDE
    # Names of origins and kinds are other people's text.
    out = Console(width=width, highlight=False, markup=False, emoji=False)
    if isinstance(report, EditReport):
        _show_edits(report, console, out)
    else:
        _show_origins(report, out)


def _show_edits(report: EditReport, console: Console, out: Console) -> None:
    for one in report.skipped:
        console.print(Text(clean(f"skipped: {one.source}: {one.detail}")), soft_wrap=True)
    if report.claims_without_article:
        left = counted(report.claims_without_article, "claim")
        console.print(f"{left} of the brief left out: their articles are not there")
    claims = counted(report.claims, "claim" if report.base == "brief" else "sentence")
    out.print(f"{claims} of {counted(report.articles, 'article')}, seed {report.options.seed}")
    _show_conditions(report.conditions, out)
    for title, kinds, total in (
        ("False pass", [k for k in report.kinds if not k.supported], report.false_pass),
        ("False strip", [k for k in report.kinds if k.supported], report.false_strip),
    ):
        out.print()
        out.print(_kinds_table(title, kinds, total))
        for kind in kinds:
            _show_examples(kind, out)


def _kinds_table(title: str, kinds: Sequence[KindResult], total: float | None) -> Table:
    table = _table(title, "edits", "wrong", "share", "95 % interval")
    for kind in kinds:
        judged = kind.judged
        few = "" if judged.count >= MIN_EDITS else f"fewer than {MIN_EDITS}: not in the mean"
        name = kind.kind.value.replace("_", " ")
        table.add_row(
            name, str(judged.count), str(judged.wrong), _percent(judged.share), _range(judged), few
        )
    table.add_row("mean of the kinds", "", "", _percent(total), "", "", style="bold")
    return table


def _show_examples(kind: KindResult, out: Console) -> None:
    for example in kind.examples:
        verdict = f"refused ({example.detail})" if example.detail else "passed"
        lines = (
            f"{kind.kind.value.replace('_', ' ')}, score {example.score:.2f}, {verdict}",
            f"  claim:   {example.text}",
            f"  made of: {example.base}",
            f"  in:      {example.source}",
        )
        for line in lines:
            indent = line[: len(line) - len(line.lstrip())]
            _plain(indent + clean(line, limit=_MAX_TEXT), out)


def _plain(text: str, out: Console) -> None:
    """Print text of articles; a terminal of an old encoding gets "?", no exception."""
    text = text.encode(out.encoding, "replace").decode(out.encoding)
    out.print(Text(text), soft_wrap=True)


def _show_origins(report: LabelReport, out: Console) -> None:
    out.print(f"{counted(report.rows, 'labelled claim')}, {counted(len(report.bad), 'bad line')}")
    _show_conditions(report.conditions, out)
    out.print()
    table = _table(
        "Origin", "rows", "supported", "AUC", "balanced accuracy", "false pass", "95 % interval",
        "false strip", "95 % interval", "ECE",
    )  # fmt: skip
    for one in report.origins:
        table.add_row(
            clean(one.origin, limit=40) or "all",
            *(str(one.rows), str(one.supported), _figure(one.auc), _figure(one.balanced_accuracy)),
            *(_percent(one.false_pass.share), _range(one.false_pass)),
            *(_percent(one.false_strip.share), _range(one.false_strip)),
            _figure(one.ece),
        )
        for kind in one.kinds:
            table.add_row(
                f"  {clean(kind.kind, limit=38)}",
                *(str(kind.false_pass.count + kind.false_strip.count), str(kind.false_strip.count)),
                *("", ""),
                *(_percent(kind.false_pass.share), _range(kind.false_pass)),
                *(_percent(kind.false_strip.share), _range(kind.false_strip)),
                "",
            )
    if len(report.origins) > 1:
        table.add_row(
            "mean of the origins",
            *("", "", _figure(report.auc), _figure(report.balanced_accuracy)),
            *(_percent(report.false_pass), "", _percent(report.false_strip), ""),
            _figure(report.ece),
            style="bold",
        )
    out.print(table)


def _show_conditions(conditions: Conditions, out: Console) -> None:
    info = conditions.validator
    by = "deterministic checks alone" if info.verifier == _NONE else f"with {clean(info.verifier)}"
    out.print(f"{by}, strictness {info.strictness:g}; {expectation(info)}", soft_wrap=True)


def _table(first: str, *headings: str) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(first, no_wrap=True)
    for heading in headings:
        table.add_column(heading, no_wrap=True, justify="right")
    return table


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"


def _range(share: Share) -> str:
    return f"{100 * share.low:.0f} to {100 * share.high:.0f} %" if share.count else "-"


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
