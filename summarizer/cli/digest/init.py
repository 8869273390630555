"""`summarizer digest init`: a commented digest.toml to fill in."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from summarizer.cli.digest.settings import examples
from summarizer.errors import ConfigError
from summarizer.files import write_atomically


@click.command(
    "init",
    short_help="Write a commented digest.toml.",
    epilog=examples("summarizer digest init", "summarizer digest init ~/news/digest.toml"),
)
@click.argument("path", required=False, default="digest.toml", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Write over the file that is there.")
def command(path: Path, force: bool) -> int:
    """Write a commented digest.toml to PATH (a file or folder; by default ./digest.toml).

    Every setting stands in it with its default. A file that is there is left alone, unless
    --force is given.
    """
    from summarizer.digest.config import init_text

    if path.is_dir():
        path /= "digest.toml"
    if path.exists() and not force:
        raise ConfigError(
            f"{path} is there already", hint="Give another PATH, or write over it with --force."
        )
    write_atomically(path, init_text(), mode=0o600)  # an address may get a password in it
    words = [] if path == Path("digest.toml") else [shlex.quote(str(path))]
    click.echo(f"Wrote {path}. Name your sources in it, then try it and let it run every night:")
    click.echo("  " + " ".join(["summarizer digest run", *words, "--dry-run"]))
    option = ["--config", *words] if words else []
    click.echo("  " + " ".join(["summarizer digest schedule --cron --install", *option]))
    return 0
