"""`summarizer doctor`: is everything in place, and does the model really run here."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

import click
import psutil
from rich.console import Console
from rich.text import Text

from summarizer.assets import asset
from summarizer.cli import FAILED
from summarizer.config import cache_dir
from summarizer.errors import ConfigError, SummarizerError
from summarizer.model import resolve
from summarizer.model.selftest import self_test

_STATE = "digest state"
_DAMAGED = (
    "Move the file away, with those that have -wal and -shm behind its name: the next digest makes "
    "a new state and reads all articles anew. In PostgreSQL, restore the database from a backup."
)


class _Finding(NamedTuple):
    name: str
    ok: bool
    detail: str
    hint: str = ""


@click.command("doctor")
@click.option("--model", default="auto", show_default=True, help="The model to try.")
@click.option("--fetch", is_flag=True, help="Fetch the model if it is not on disk.")
@click.option(
    "--digest",
    metavar="CONFIG",
    type=click.Path(path_type=Path),
    help="The digest.toml whose state is checked.  [default: the one that is found, if any]",
)
def command(model: str, fetch: bool, digest: Path | None) -> int:
    """Check this machine: files, memory, disk, the digest's state, one real answer of the model.

    The model runs in a child process, so that even a crash is reported. Exits with 1 when
    something is wrong, and says what to do.
    """
    console = Console()
    healthy = True
    for finding in _findings(model, fetch, digest):
        mark = ("ok    ", "green") if finding.ok else ("wrong ", "bold red")
        console.print(Text.assemble(mark, f"{finding.name}: {finding.detail}"), soft_wrap=True)
        if not finding.ok:
            healthy = False
            console.print(Text(f"      {finding.hint}"), soft_wrap=True)
    return 0 if healthy else FAILED


def _findings(model: str, fetch: bool, digest: Path | None) -> Iterator[_Finding]:
    yield _Finding("Python", sys.version_info >= (3, 11), sys.version.split()[0], "Use 3.11.")
    yield _library()
    yield _assets()
    yield _cache()
    memory = psutil.virtual_memory()
    yield _Finding(
        "memory",
        memory.available > 1 << 30,
        f"{memory.available >> 20} MiB of {memory.total >> 20} MiB free",
        "Close other programs, or run with --model none.",
    )
    yield from _digest(digest)
    yield _model(model, fetch)


def _library() -> _Finding:
    try:
        return _Finding("llama-cpp-python", True, version("llama-cpp-python"))
    except PackageNotFoundError:
        return _Finding("llama-cpp-python", False, "not installed", "Run `make setup`.")


def _assets() -> _Finding:
    try:
        for name in ("prompts", "schemas", "models.txt"):
            asset(name)
    except FileNotFoundError as error:
        return _Finding("files", False, str(error), "Install the package again.")
    return _Finding("files", True, "prompts, schemas and models.txt are there")


def _cache() -> _Finding:
    folder = cache_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return _Finding(
            "cache", False, f"{folder}: {error.strerror}", "Set SUMMARIZER_CACHE to a folder."
        )
    free = shutil.disk_usage(folder).free
    return _Finding(
        "cache",
        os.access(folder, os.W_OK) and free > 1 << 28,
        f"{folder}, {free >> 20} MiB free",
        "Free some disk space, or set SUMMARIZER_CACHE to another folder.",
    )


def _digest(given: Path | None) -> Iterator[_Finding]:
    """Check the state of the digest that is configured; nothing is found where none is."""
    from summarizer.digest.config import find_config, load_config  # late: most have no digest
    from summarizer.digest.config.load import FILE_VARIABLE

    try:
        path = find_config(given)
    except ConfigError as error:
        if given or FILE_VARIABLE in os.environ:
            yield _Finding("digest", False, str(error), error.hint)
        return
    try:
        config = load_config(path)
        if config.state_path is not None and not config.state_path.exists():
            detail = f"{config.state_path} is not there yet, the first digest makes it"
            yield _Finding(_STATE, True, detail)
        else:
            yield _state(config.state)
    except SummarizerError as error:
        yield _Finding(_STATE, False, str(error), error.hint)


def _state(where: str) -> _Finding:
    from summarizer.digest.state import Outcome, State

    with State(where, read_only=True) as state:
        size = f"{state.size_bytes() / 1e6:.1f} MB, version {state.version}"
        damage = state.check()
        if damage:
            detail = f"{state.name}, {size}, damaged: {'; '.join(damage)}"
            return _Finding(_STATE, False, detail, _DAMAGED)
        runs = state.runs.list(1)
        ended = [state.runs.last(outcome) for outcome in (Outcome.DONE, Outcome.NOTHING_NEW)]
        last = max((run for run in ended if run), key=lambda run: run.number, default=None)
        success = f"{last.started:%Y-%m-%d %H:%M} UTC" if last else "none"
        count = runs[0].number if runs else 0
        detail = f"{state.name}, {size}, whole, runs: {count}, last success: {success}"
    return _Finding(_STATE, True, detail)


def _model(name: str, fetch: bool) -> _Finding:
    if name == "none":
        return _Finding("model", True, "none asked for")
    try:
        file = resolve(name, allow_fetch=fetch)
    except SummarizerError as error:
        return _Finding("model", False, str(error), error.hint)
    trial = self_test(file)
    size = Path(file.path).stat().st_size >> 20
    if trial.problem:
        return _Finding(f"model {file.name}", False, trial.problem, trial.hint)
    return _Finding(
        f"model {file.name}",
        True,
        f"{size} MiB, read {trial.tokens_read} and wrote {trial.tokens_written} tokens "
        f"in {trial.seconds:.1f} s",
    )
