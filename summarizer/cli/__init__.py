"""The command line: arguments to library calls to exit codes; the only place that prints."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import version

import click
from rich.console import Console
from rich.text import Text

from summarizer.errors import ConfigError, ModelFileError, ModelUnavailable, SummarizerError

FAILED, USAGE, SKIPPED, INTERRUPTED = 1, 2, 3, 130

_COMMANDS = ("brief", "check", "digest", "doctor", "eval", "models", "open", "verify")
_MODULES = {"eval": "evaluate"}  # where a command's module has another name: eval is a builtin


class _LazyGroup(click.Group):
    """Loads a command's module when it is asked for: `--help` needs no language library."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = _MODULES.get(cmd_name, cmd_name)
        command: click.Command = import_module(f"summarizer.cli.{module}").command
        return command


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("summarizer"), prog_name="summarizer")
def group() -> None:
    """Turn articles into a brief whose every line cites the sentences it rests on.

    Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but articles were skipped.
    """


def main() -> None:
    """Run the command line and exit."""
    try:
        code = group.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _complain("Interrupted.")
        sys.exit(INTERRUPTED)
    except SummarizerError as error:
        _complain(str(error), error.hint)
        sys.exit(exit_code(error))
    sys.exit(code if isinstance(code, int) else 0)


def exit_code(error: SummarizerError) -> int:
    """Return the exit code of a program that `error` ends."""
    wrong_use = isinstance(error, ConfigError) and not isinstance(
        error, ModelFileError | ModelUnavailable
    )
    return USAGE if wrong_use else FAILED


def _complain(message: str, hint: str = "") -> None:
    from summarizer.render import clean  # late: only a failure needs it

    console = Console(stderr=True)
    console.print(Text.assemble(("error: ", "bold red"), clean(message)), soft_wrap=True)
    if hint:
        console.print(Text(clean(hint)), soft_wrap=True)
