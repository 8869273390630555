"""`summarizer digest`: the nightly brief, its past and its schedule."""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

import click

_COMMANDS = ("run", "init", "status", "history", "show", "replay", "schedule")


class _DigestGroup(click.Group):
    """Loads a subcommand when it is asked for, and runs the digest when none is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"summarizer.cli.digest.{cmd_name}").command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        first = args[0] if args else ""
        if first in _COMMANDS or first in ctx.help_option_names:
            return super().parse_args(ctx, args)
        if first and not first.startswith("-") and not Path(first).exists():
            near = get_close_matches(first, _COMMANDS, n=1)
            if near:
                raise click.UsageError(
                    f"There is neither a command nor a file {first!r}. Did you mean {near[0]}?", ctx
                )
        return super().parse_args(ctx, ["run", *args])


_EPILOG = """\b
Examples:
  summarizer digest init             write a digest.toml to fill in
  summarizer digest                  make the digest now (short for: digest run)
  summarizer digest my.toml          the same, with another file
  summarizer digest status           how the last night went
  summarizer digest show             read the latest digest
  summarizer digest schedule --cron  the crontab line that runs it every night"""


@click.group(
    "digest",
    cls=_DigestGroup,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"]},
)
def command() -> None:
    """Make a dated brief of what is new, night after night.

    The configuration is the file given, else the one that $SUMMARIZER_DIGEST names, else
    ./digest.toml, else digest.toml in the user's configuration folder.
    """
