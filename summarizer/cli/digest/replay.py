"""`summarizer digest replay`: make a digest again from what is stored, or send it again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from summarizer.cli import FAILED
from summarizer.cli.digest.settings import config_option, found
from summarizer.files import write_own
from summarizer.render import clean

if TYPE_CHECKING:
    from summarizer.data import Brief
    from summarizer.digest.config import DigestConfig

_SUFFIXES = {"markdown": ".md", "html": ".html", "json": ".json"}


@click.command("replay")
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

    \b
    Examples:
      summarizer digest replay 12
      summarizer digest replay 12 --output again
      summarizer digest replay 12 --deliver email
    """
    settings, _ = found(config)
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
        _write(again.brief, output, name)
    return 0 if again.same else FAILED


def _write(brief: Brief, folder: Path, name: str) -> None:
    from summarizer.cli.digest.show import rendered

    for form, suffix in _SUFFIXES.items():
        path = folder / f"{name}{suffix}"
        write_own(path, rendered(brief, form))
        click.echo(clean(f"Wrote {path}"))


def _send(settings: DigestConfig, run: str, channel: str) -> int:
    from summarizer.digest.delivery import redeliver
    from summarizer.digest.state.records import DeliveryState

    done = redeliver(settings, run, channel)
    detail = f": {done.detail}" if done.detail else ""
    click.echo(clean(f"{done.channel} {done.state}{detail}"))
    return 0 if done.state is DeliveryState.SENT else FAILED
