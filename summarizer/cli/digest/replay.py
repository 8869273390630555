"""`summarizer digest replay`: make a digest again from what is stored, or send it again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from summarizer.cli import FAILED
from summarizer.cli.digest.settings import (
    config_option,
    examples,
    found,
    has_state,
    never_run,
    opened_state,
)
from summarizer.errors import Busy
from summarizer.files import write_own
from summarizer.render import clean

if TYPE_CHECKING:
    from summarizer.digest.config import DigestConfig
    from summarizer.digest.state.records import Edition

_SUFFIXES = {"markdown": ".md", "html": ".html", "json": ".json"}


@click.command(
    "replay",
    short_help="Make a digest again, or send it again.",
    epilog=examples(
        "summarizer digest replay 12",
        "summarizer digest replay 12 --output again",
        "summarizer digest replay 12 --deliver email",
    ),
)
@click.argument("run")
@config_option
@click.option("--deliver", metavar="CHANNEL", help="Send the digest again, as it was made.")
@click.option(
    "--output",
    "-o",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write what is made again there, as Markdown, HTML and JSON.",
)
def command(run: str, config: Path | None, deliver: str | None, output: Path | None) -> int:
    """Make the digest of RUN (a number or id, see history) again, without a model.

    It is made of the stored claims and verdicts by the program as it is now. Exits with 0 when
    it is the same, with 1 when it differs, and says where. The state is not changed, except that
    --deliver is recorded.
    """
    settings, _ = found(config)
    if not has_state(settings):
        raise never_run(settings)
    if deliver:
        return _send(settings, run, deliver)
    from summarizer.digest.replay import replay

    again = replay(settings, run)
    name = again.edition.name
    if again.same:
        click.echo(f"Digest {clean(name)} made again: the same.")
    else:
        click.echo(f"Digest {clean(name)} made again: it differs.")
        for difference in again.differences:
            click.echo(f"  {clean(difference)}")
    if output:
        edition = again.edition.model_copy(update={"brief": again.brief})
        _write(edition, output, settings)
    return 0 if again.same else FAILED


def _write(edition: Edition, folder: Path, settings: DigestConfig) -> None:
    from summarizer.cli.digest.show import rendered

    page = f"{edition.name}{_SUFFIXES['html']}"
    with opened_state(settings) as state:
        for form, suffix in _SUFFIXES.items():
            path = folder / f"{edition.name}{suffix}"
            write_own(path, rendered(edition, form, settings, state, page=page))
            click.echo(clean(f"Wrote {path}"))


def _send(settings: DigestConfig, run: str, channel: str) -> int:
    from summarizer.cli.digest.log import Log
    from summarizer.digest.clock import Clock
    from summarizer.digest.delivery import redeliver
    from summarizer.digest.journal import Journal
    from summarizer.digest.lock import instance_lock
    from summarizer.digest.replay import made_by
    from summarizer.digest.state import State
    from summarizer.digest.state.records import DeliveryState

    clock = Clock()
    log = Log(Console(stderr=True), quiet=True, file=settings.log.file)
    try:
        with instance_lock(settings.lock_path, clock=clock), State(settings.state) as state:
            if not state.lock():  # PostgreSQL: the lock file is this machine's alone
                raise Busy("another digest with the same state is running on another machine")
            record, edition = made_by(state, run)
            journal = Journal(state, record, clock, log)
            done = redeliver(settings, state, edition, channel, journal, clock)
    finally:
        log.close()
    detail = f": {done.detail}" if done.detail else ""
    click.echo(clean(f"Delivery by {done.channel}: {done.state}{detail}"))
    return 0 if done.state is DeliveryState.SENT else FAILED
