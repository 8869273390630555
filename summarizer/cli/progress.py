"""Show how far a run is: a bar on a terminal, a line an article elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from summarizer.pipeline import OnProgress
from summarizer.pipeline import Progress as Step
from summarizer.render import clean

_TITLES = {"read": "reading", "web": "asking the web", "fetch": "model", "extract": "summarising"}


@contextmanager
def shown(console: Console, *, quiet: bool) -> Iterator[OnProgress]:
    """Yield the callback that shows steps on `console`."""
    if quiet:
        yield lambda step: None
    elif console.is_terminal:
        with _bars(console) as callback:
            yield callback
    else:
        yield _Lines(console).show


@contextmanager
def _bars(console: Console) -> Iterator[OnProgress]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[count]}"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[speed]}"),
        TextColumn("{task.fields[what]}", markup=False),
    )
    with Progress(*columns, console=console, transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def show(step: Step) -> None:
            if step.stage not in tasks:
                title = _TITLES.get(step.stage, step.stage)
                tasks[step.stage] = bars.add_task(title, total=None, count="", speed="", what="")
            share = step.done if step.share is None else step.share * step.total
            bars.update(
                tasks[step.stage],
                completed=share,
                total=step.total or None,
                count=f"{step.done}/{step.total}" if step.total else str(step.done),
                speed=_speed(step),
                what=clean(step.what),
            )

        yield show


def _speed(step: Step) -> str:
    """Return how fast it goes and how long it will take, as far as that is known."""
    words = []
    if step.tokens_per_s:
        words.append(f"{step.tokens_per_s:.0f} tokens/s")
    if step.left_s:
        minutes = step.left_s / 60
        words.append(f"{minutes:.0f} min left" if minutes >= 2 else f"{step.left_s:.0f} s left")
    return ", ".join(words)


class _Lines:
    """Prints an article a line, and every tenth of a download."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._tenth = -1

    def show(self, step: Step) -> None:
        """Print `step` if it is news."""
        title = _TITLES.get(step.stage, step.stage)
        if step.stage == "fetch":
            tenth = 10 * step.done // max(1, step.total)
            if tenth == self._tenth:
                return
            self._tenth = tenth
            self._print(f"{step.what}: {10 * tenth} %")
        elif step.stage == "extract" and step.what:
            speed = _speed(step)
            after = f" ({speed})" if speed else ""
            self._print(f"{title} {step.done}/{step.total}: {step.what}{after}")

    def _print(self, text: str) -> None:
        self._console.print(Text(clean(text)), soft_wrap=True)
