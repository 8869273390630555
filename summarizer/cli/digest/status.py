"""`summarizer digest status`: how the last night went, and what wants looking after."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.text import Text

from summarizer.cli import FAILED
from summarizer.cli.digest.settings import config_option, examples, found, has_state, opened_state
from summarizer.render import clean
from summarizer.render.phrases import counted

if TYPE_CHECKING:
    from summarizer.cli.digest.standing import Standing
    from summarizer.digest.state.records import Delivery, RunRecord


@click.command(
    "status",
    short_help="Tell how the last night went.",
    epilog=examples("summarizer digest status", "summarizer digest status --check --json"),
)
@config_option
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("--check", is_flag=True, help="Exit with 1 if something wants looking after.")
def command(config: Path | None, as_json: bool, check: bool) -> int:
    """Tell how the last run ended, what failed, and what to do about it.

    For monitoring: with --check the exit code is 1 when there was no success for 36 hours, when
    the last run failed, or when a delivery fails.
    """
    from summarizer.cli.digest.standing import standing
    from summarizer.digest.clock import Clock

    settings, path = found(config)
    if has_state(settings):
        with opened_state(settings) as state:
            now = standing(settings, path, state, Clock())
    else:
        now = standing(settings, path, None, Clock())
    if as_json:
        # ASCII: what servers say must not reach a terminal as it is.
        click.echo(json.dumps(now.model_dump(mode="json"), indent=2))
    else:
        console = Console()
        for line, bad in _lines(now):
            indent = len(line) - len(line.lstrip())
            shown = Text(" " * indent + clean(line), "bold red" if bad else "")
            console.print(shown, soft_wrap=True)
    return FAILED if check and now.problems else 0


def _lines(now: Standing) -> Iterator[tuple[str, bool]]:
    """Yield the lines for people, and whether each tells of trouble."""
    for problem in now.problems:
        yield f"Attention: {problem}", True
    yield f"Configuration: {now.config}", False
    if now.last_run is None:
        yield "Last run: none yet", False
    else:
        yield f"Last run: {_run(now.last_run, running=now.running)}", False
        yield f"Last success: {_success(now)}", False
    yield f"Next run: {_next(now)}", False
    if now.last_run:
        yield from _kept(now)
    for feed in now.feeds_failing:
        since = f", last read {_local(feed.fetched)}" if feed.fetched else ", never read"
        yield f"Failing: {feed.url}: {feed.problem or 'no reason kept'}", False
        yield f"  {counted(feed.failures, 'time')} in a row{since}", False
    for one in now.deliveries:
        detail = f": {one.delivery.detail}" if one.delivery.detail else ""
        yield f"Delivery of {one.edition} by {_state(one.delivery)}{detail}", False
        yield f"  {one.advice[:1].upper()}{one.advice[1:]}.", False


def _kept(now: Standing) -> Iterator[tuple[str, bool]]:
    yield f"Articles: {now.known:,} known, {now.untold:,} not told yet", False
    stories = ", ".join(f"{count:,} {status}" for status, count in now.stories.items())
    yield f"Stories: {stories or 'none'}", False
    yield f"State: {now.state}, {now.state_bytes / 1e6:.1f} MB", False


def _run(run: RunRecord, *, running: bool) -> str:
    if run.outcome == "running":
        ended = "is running" if running else "was killed; the next run goes on from there"
        return f"{run.number}, started {_local(run.started)}, {ended}"
    seconds = run.counts.get("seconds")
    took = "" if seconds is None else f" after {seconds:.0f} s"
    detail = f": {run.detail}" if run.detail else ""
    return f"{run.number}, started {_local(run.started)}, {run.outcome}{took}{detail}"


def _success(now: Standing) -> str:
    if now.last_success is None or now.age_s is None:
        return "none yet"
    moment = now.last_success.ended or now.last_success.started
    return f"{_local(moment)}, {_age(now.age_s)} ago"


def _next(now: Standing) -> str:
    if now.next_run is None:
        return "not scheduled; see `summarizer digest schedule --help`"
    return f"{_local(now.next_run)} by {' and '.join(now.scheduled_by)}"


def _age(seconds: float) -> str:
    """Return "3 h", in days from two days on; a clock that was set back makes it 0."""
    minutes = max(0, round(seconds / 60))
    if minutes < 120:
        return f"{minutes} min"
    hours = round(minutes / 60)
    return f"{hours} h" if hours < 48 else f"{round(hours / 24)} days"


def _state(delivery: Delivery) -> str:
    tries = f" after {counted(delivery.tries, 'try')}" if delivery.tries > 1 else ""
    return f"{delivery.channel} {delivery.state}{tries}"


def _local(moment: dt.datetime | None) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}" if moment else "never"
