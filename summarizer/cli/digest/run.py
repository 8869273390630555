"""`summarizer digest run`: make tonight's digest."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.text import Text

from summarizer.cli import INTERRUPTED, SKIPPED, exit_code
from summarizer.cli.digest.settings import config_option, examples, found
from summarizer.cli.progress import shown
from summarizer.data import SkippedArticle, SkipReason
from summarizer.errors import Busy, SummarizerError
from summarizer.render import clean
from summarizer.render.phrases import (
    articles_read,
    counted,
    news_line,
    skipped_count,
    title_of,
    unread_warning,
)

if TYPE_CHECKING:
    from summarizer.cli.digest.log import Log
    from summarizer.digest.config import DigestConfig
    from summarizer.digest.lock import Holder
    from summarizer.digest.run import DigestResult

_STOPPED = "Interrupted. What was done is kept; the next run goes on."
_ON_PURPOSE = (SkipReason.DUPLICATE, SkipReason.OLD)  # nothing is lost that the digest should tell


@click.command(
    "run",
    short_help="Make the digest of what is new.",
    epilog=examples(
        "summarizer digest",
        "summarizer digest run news.toml --dry-run",
        "summarizer digest --model none -v",
    ),
)
@click.argument(
    "file",
    metavar="[CONFIG]",
    required=False,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@config_option
@click.option(
    "--dry-run", is_flag=True, help="Say what would be done; write, ask and send nothing."
)
@click.option("--wait", is_flag=True, help="Wait while another digest is running.")
@click.option("--model", help="Instead of the configured one: a name, a GGUF file, auto or none.")
@click.option("--quiet", "-q", is_flag=True, help="Warnings and errors only.")
@click.option("--verbose", "-v", is_flag=True, help="Log every step.")
def command(
    file: Path | None,
    config: Path | None,
    dry_run: bool,
    wait: bool,
    model: str | None,
    quiet: bool,
    verbose: bool,
) -> int:
    """Make the digest of what is new since the last one, and deliver it.

    Only articles that were not read before cost model time. A run that is stopped, even by
    force, loses nothing: the next one goes on from there. If another digest is running, this one
    says so and exits with 0.

    The log goes to standard error: lines for people on a terminal, JSON lines otherwise.
    """
    if file and config:
        raise click.UsageError("Give the configuration once, as CONFIG or with --config.")
    settings, _ = found(file or config, **({"model": _model(model)} if model else {}))
    if dry_run:
        return _show_plan(settings, quiet=quiet)
    return _make(settings, wait=wait, quiet=quiet, verbose=verbose)


def _make(settings: DigestConfig, *, wait: bool, quiet: bool, verbose: bool) -> int:
    from summarizer.cli.digest.log import Log

    console = Console(stderr=True)
    log = Log(console, quiet=quiet, verbose=verbose, file=settings.log.file)
    try:
        return _run(settings, console, log, wait=wait, quiet=quiet)
    except Busy as error:
        _tell(console, log, f"{error}; nothing done")
        return 0
    except KeyboardInterrupt:
        _tell(console, log, _STOPPED, problem=True)
        return INTERRUPTED
    except SummarizerError as error:
        if log.for_people:
            raise
        log.say(str(error), "error", hint=error.hint)
        return exit_code(error)
    finally:
        log.close()


def _run(settings: DigestConfig, console: Console, log: Log, *, wait: bool, quiet: bool) -> int:
    from summarizer.cli.digest.log import same_file
    from summarizer.digest.run import run_digest

    with _stoppable(), shown(console, quiet=quiet or not log.for_people) as on_progress:
        result = run_digest(
            settings,
            on_progress=on_progress,
            listeners=(log,),
            wait=wait,
            on_wait=lambda holder: _tell(console, log, _waiting(holder)),
        )
        log.ended(result.run)
    # Where cron appends both streams to one file the log has said it all, as JSON.
    if not quiet and not same_file(sys.stdout, sys.stderr):
        for line in _outcome(result):
            click.echo(clean(line))
    return SKIPPED if lost(result.skipped) else 0


def _outcome(result: DigestResult) -> Iterator[str]:
    """Yield what the night came to, a line each."""
    brief = result.brief
    if brief is None:
        yield "Nothing new."
    else:
        coverage = brief.coverage
        rejected = f"{counted(coverage.rejected, 'claim')} rejected"
        yield f"{title_of(brief)}: {news_line(brief)}"
        yield f"From {articles_read(brief)}; {rejected}, {skipped_count(brief)} skipped."
        if brief.unread:
            yield f"{unread_warning(brief)}."
    for delivery in result.deliveries:
        detail = f": {delivery.detail}" if delivery.detail else ""
        yield f"Delivery by {delivery.channel}: {delivery.state}{detail}"


def lost(skipped: tuple[SkippedArticle, ...]) -> list[SkippedArticle]:
    """Return what was skipped although the digest should tell it."""
    return [one for one in skipped if one.reason not in _ON_PURPOSE]


def _show_plan(settings: DigestConfig, *, quiet: bool) -> int:
    from summarizer.cli.digest.plan import lines
    from summarizer.digest.plan import plan_digest

    console = Console(stderr=True)
    with _stoppable(), shown(console, quiet=quiet) as on_progress:
        plan = plan_digest(settings, on_progress=on_progress)
    for line in lines(plan):
        click.echo(clean(line) if line == line.strip() else "  " + clean(line))
    return SKIPPED if lost(plan.skipped) else 0


def _tell(console: Console, log: Log, message: str, *, problem: bool = False) -> None:
    """Say what ends or delays the run: plainly on a terminal, as a line of the log elsewhere."""
    if log.for_people:
        console.print(Text(clean(message)), soft_wrap=True)
    log.say(message, "warning" if problem else "info", on_console=not log.for_people)


def _waiting(holder: Holder | None) -> str:
    who = f" (process {holder.pid} on {holder.host})" if holder else ""
    return f"waiting for another digest to end{who}"


def _model(name: str) -> str:
    """Return `name`; a GGUF file is meant from the present folder, not from the configuration's."""
    return str(Path(name).resolve()) if name.endswith(".gguf") else name


@contextmanager
def _stoppable() -> Iterator[None]:
    """Take a request to end, as from systemd or at shutdown, like Ctrl-C: the run is closed."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
