"""Which digest is meant: its configuration, and its state for reading."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from summarizer.errors import ConfigError

if TYPE_CHECKING:
    from summarizer.digest.config import DigestConfig
    from summarizer.digest.state import State

config_option = click.option(
    "--config",
    "-c",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The digest.toml.  [default: the one that is found, see `summarizer digest --help`]",
)


def examples(*lines: str) -> str:
    """Return the end of a command's help; the mark keeps click from joining the lines."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def found(given: Path | None, **overrides: object) -> tuple[DigestConfig, Path]:
    """Return the configuration, with `overrides` in place of its keys, and the path of its file.

    Raises:
        ConfigError: there is none, or it is wrong.
    """
    from summarizer.digest.config import find_config, load_config

    path = find_config(given)
    return load_config(path, **overrides), path


def has_state(config: DigestConfig) -> bool:
    """Tell whether a digest may have been run: its state is there, or on a server."""
    return config.state_path is None or config.state_path.exists()


def opened_state(config: DigestConfig) -> State:
    """Open the state for reading.

    Raises:
        ConfigError: no digest was run yet, or the state cannot be read.
    """
    from summarizer.digest.state import State

    if not has_state(config):
        raise never_run(config)
    return State(config.state, read_only=True)


def never_run(config: DigestConfig) -> ConfigError:
    """Return the error that there is nothing to read yet."""
    return ConfigError(
        f"no digest was run yet: there is no {config.state}", hint="Run `summarizer digest`."
    )
