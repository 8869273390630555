"""`summarizer digest`: the nightly brief, for cron."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from summarizer.cli import SKIPPED
from summarizer.cli.brief import lost
from summarizer.cli.progress import shown
from summarizer.digest import cron_line, load_config, run_digest
from summarizer.errors import Busy
from summarizer.render import clean


@click.command("digest")
@click.argument("config", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--cron", is_flag=True, help="Print the crontab line that runs this digest.")
@click.option("--quiet", "-q", is_flag=True, help="No progress.")
def command(config: Path, cron: bool, quiet: bool) -> int:
    """Make the dated brief of the articles that are new since the last nights.

    CONFIG is a TOML file; see examples/digest.toml. Only articles that were not read before
    cost model time. If another digest is running, this one says so and exits with 0.
    """
    settings = load_config(config)
    if cron:
        click.echo(cron_line(settings, config))
        return 0
    console = Console(stderr=True)
    try:
        with shown(console, quiet=quiet) as on_progress:
            result = run_digest(settings, on_progress=on_progress)
    except Busy as error:
        console.print(Text(f"{error}; nothing done"))
        return 0
    for warning in result.brief.run.warnings:
        console.print(Text(clean(f"warning: {warning}")))
    coverage = result.brief.coverage
    click.echo(
        f"{coverage.articles} articles ({result.new_articles} new, {result.asked} asked of the "
        f"model), {coverage.facts} facts, {coverage.rejected} claims rejected, "
        f"{coverage.skipped} files skipped"
    )
    click.echo(f"Markdown: {result.markdown}\nJSON:     {result.json_file}")
    return SKIPPED if lost(result.brief.skipped) else 0
