"""`summarizer models`: which models there are, fetch one, check those on disk."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table

from summarizer.model import catalogue
from summarizer.model.catalogue import ModelEntry, OnDisk
from summarizer.model.checksum import FetchProgress, read_sha256

WIDE = 160  # columns, where the output is no terminal and has no width of its own


@contextmanager
def byte_progress() -> Iterator[FetchProgress]:
    """Show bytes done on stderr; give the callback that resolve(), pull() and the like take."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=None, visible=False)
        last = ""

        def report(what: str, done: int, total: int) -> None:
            nonlocal last
            if what != last and not console.is_terminal:
                console.print(what, highlight=False)  # a log shows each step once
            last = what
            progress.update(task, description=what, completed=done, total=total, visible=True)

        yield report


@click.group("models")
def command() -> None:
    """Show, fetch and check models."""


@command.command("list")
def list_models() -> None:
    """Show every model of models.txt: on disk, size, licence, strategy, fits the memory."""
    available = catalogue.memory_available()
    table = Table(box=None, pad_edge=False)
    for heading in ("name", "on disk", "GB", "licence", "strategy", "fits memory"):
        table.add_column(heading, no_wrap=True, justify="right" if heading == "GB" else "left")
    for entry in catalogue.load_catalogue():
        needed = catalogue.memory_needed(entry)
        fits = "yes" if needed <= available else f"no, needs {needed / 1e9:.1f} GB"
        table.add_row(
            entry.name,
            catalogue.on_disk(entry).value,
            f"{entry.bytes / 1e9:.2f}",
            entry.licence,
            entry.strategy.value,
            fits,
        )
    Console(width=None if sys.stdout.isatty() else WIDE, highlight=False).print(table)


@command.command()
@click.argument("name")
def pull(name: str) -> None:
    """Fetch the model NAME and check it; print its path."""
    entry = catalogue.find_entry(name)
    with byte_progress() as report:
        found = catalogue.pull(entry, progress=report)
    click.echo(found.path)


@command.command()
@click.pass_context
def verify(context: click.Context) -> None:
    """Read every model on disk again and compare its SHA-256; exit code 1 when one differs."""
    differs = False
    found = False
    for entry in catalogue.load_catalogue():
        if catalogue.on_disk(entry) is OnDisk.MISSING:
            continue
        found = True
        verdict = _verdict(entry)
        differs = differs or verdict != "ok"
        click.echo(f"{entry.name}: {verdict}")
    if not found:
        click.echo("no model of models.txt is on disk", err=True)
    if differs:
        click.echo("Fetch it again with `summarizer models pull NAME`.", err=True)
        context.exit(1)


def _verdict(entry: ModelEntry) -> str:
    path = catalogue.entry_path(entry)
    size = path.stat().st_size
    if size != entry.bytes:
        return f"damaged: {size} bytes, not {entry.bytes}"
    with byte_progress() as report:
        sha256 = read_sha256(path, progress=report)
    return "ok" if sha256 == entry.sha256 else f"damaged: SHA-256 {sha256}, not {entry.sha256}"
