"""What cron and systemd run, and the programs that are asked to."""

from __future__ import annotations

import os
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from summarizer.config import CACHE_VARIABLE, cache_dir
from summarizer.errors import ConfigError

MODULE = ("-m", "summarizer", "digest")
_TIMEOUT_S = 60  # of crontab and systemctl: neither has anything to wait for


def command_words(path: Path) -> list[str]:
    """Return the command that runs the digest."""
    if not sys.executable:
        raise ConfigError("cannot tell which Python interpreter this is")
    # -P: a module's name in the folder where cron starts is not imported in place of a library.
    return [sys.executable, "-P", *MODULE, "run", str(path.resolve())]


def environment() -> dict[str, str]:
    """Return the variables that the digest needs where there are none."""
    # A crontab may set LANG to an encoding that cannot hold every headline.
    return {CACHE_VARIABLE: str(cache_dir().absolute()), "PYTHONUTF8": "1"}


def checked(text: str) -> str:
    """Return `text`, if a line of a crontab or of a unit can hold it.

    Raises:
        ConfigError: it has a control character or is not UTF-8.
    """
    if any(unicodedata.category(char) in ("Cc", "Cs") for char in text):
        raise ConfigError(
            f"a path has a line break, another control character or is not UTF-8: {text!a}",
            hint="Rename it: neither a crontab nor a unit of systemd can hold it.",
        )
    return text


def run_program(
    words: Sequence[str], hint: str, text: bytes | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run a program on the PATH with `text` as its input; `hint` helps when there is none."""
    try:
        return subprocess.run(  # noqa: S603 - no shell; our own words
            words,
            input=text or b"",
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=False,
            env={**os.environ, "LC_ALL": "C"},  # messages as they are looked for
        )
    except OSError as error:
        raise ConfigError(f"cannot run {words[0]}: {error.strerror}", hint=hint) from error
    except subprocess.TimeoutExpired as error:
        raise ConfigError(f"{words[0]} did not end within {_TIMEOUT_S} s", hint=hint) from error


def failure(
    command: str, done: subprocess.CompletedProcess[bytes], *, hint: str = ""
) -> ConfigError:
    """Return the error of a program that ended with a failure, in its own words."""
    said = (done.stderr or done.stdout).decode("utf-8", "replace").strip()[:500]
    return ConfigError(f"{command} failed: {said or f'exit code {done.returncode}'}", hint=hint)
