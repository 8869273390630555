"""`summarizer digest history`: the runs of the last nights, or every event of one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from summarizer.cli.digest.settings import config_option, examples, found, opened_state
from summarizer.render import clean

if TYPE_CHECKING:
    from summarizer.digest.state import State
    from summarizer.digest.state.records import RunRecord

_WIDE = 200  # columns where nobody's window limits them
_COUNTS = ("articles", "asked", "facts", "rejected", "skipped")


@click.command(
    "history",
    short_help="List the runs, or the events of one.",
    epilog=examples("summarizer digest history --limit 7", "summarizer digest history --run 12"),
)
@config_option
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Runs, at most."
)
@click.option("--run", "run", metavar="RUN", help="Every event of this run: its number or id.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def command(config: Path | None, limit: int, run: str | None, as_json: bool) -> int:
    """List the runs of the digest, the latest first."""
    settings, _ = found(config)
    with opened_state(settings) as state:
        if run is not None:
            from summarizer.digest.replay import found_run

            _events(state, found_run(state, run), as_json)
        else:
            _runs(state, state.runs.list(limit), as_json)
    return 0


def _runs(state: State, runs: list[RunRecord], as_json: bool) -> None:
    if as_json:
        told = [record.model_dump(mode="json") for record in runs]
        click.echo(json.dumps({"runs": told}, indent=2))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("run", justify="right", no_wrap=True)
    table.add_column("started", no_wrap=True)
    table.add_column("seconds", justify="right", no_wrap=True)
    table.add_column("outcome", no_wrap=True)
    table.add_column("edition", no_wrap=True)
    for name in _COUNTS:
        table.add_column(name, justify="right", no_wrap=True)
    names = {line.number: line.name for line in state.editions.list(len(runs))}
    for record in runs:
        table.add_row(*(Text(clean(cell)) for cell in _cells(record, names)))
    console = Console()
    console.width = console.width if console.is_terminal else _WIDE
    console.print(table)


def _cells(record: RunRecord, names: dict[int, str]) -> list[str]:
    edition = "" if record.edition is None else names.get(record.edition, f"#{record.edition}")
    counts = [record.counts.get(name) for name in _COUNTS]
    return [
        str(record.number),
        f"{record.started.astimezone():%Y-%m-%d %H:%M:%S}",
        _seconds(record),
        record.outcome,
        edition,
        *("" if count is None else f"{count:.0f}" for count in counts),
    ]


def _seconds(record: RunRecord) -> str:
    """Return how long the run took by the stop-watch; by the clocks where none was kept."""
    seconds = record.counts.get("seconds")
    if seconds is None and record.ended:
        seconds = max(0.0, (record.ended - record.started).total_seconds())
    return "" if seconds is None else f"{seconds:.1f}"


def _events(state: State, record: RunRecord, as_json: bool) -> None:
    events = state.runs.events(record.number)
    if as_json:
        told = [event.model_dump(mode="json") for event in events]
        run = record.model_dump(mode="json")
        click.echo(json.dumps({"run": run, "events": told}, indent=2))
        return
    from summarizer.cli.digest.log import human_line
    from summarizer.digest.journal import LEVELS, Entry

    detail = f": {record.detail}" if record.detail else ""
    started = f"{record.started.astimezone():%Y-%m-%d %H:%M:%S}"
    click.echo(clean(f"Run {record.number} ({record.id}), {started}: {record.outcome}{detail}"))
    for event in events:
        known = event.level in LEVELS  # by a newer version, perhaps
        entry = Entry.model_validate(
            {
                "run": "",
                "at": event.at,
                "level": event.level if known else "info",
                "name": event.name,
                "fields": event.fields,
            }
        )
        click.echo(clean(human_line(entry, colors=False)))
