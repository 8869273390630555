"""What a run would do: sources are looked at, and nothing is written, asked or sent."""

from __future__ import annotations

import tempfile
from pathlib import Path

from pydantic import Field

from summarizer.data import Record, SkippedArticle
from summarizer.digest.budget import Budget
from summarizer.digest.clock import Clock
from summarizer.digest.config import DigestConfig
from summarizer.digest.delivery import channels
from summarizer.digest.journal import Journal, plain
from summarizer.digest.sources import Visit, collect
from summarizer.digest.state import State
from summarizer.errors import ConfigError
from summarizer.model.remote_address import parse_remote
from summarizer.pipeline import OnProgress


class PlannedArticle(Record):
    """An article that the run would tell."""

    source: str
    title: str


class Plan(Record):
    """What a run started now would do."""

    new: tuple[PlannedArticle, ...]
    known: int = Field(ge=0, description="articles and pages that were seen before")
    untold: int = Field(ge=0, description="of the new ones, those left by a run that was killed")
    skipped: tuple[SkippedArticle, ...]
    model: str
    deadline: str = Field(description="the time of day; empty: none")
    channels: tuple[str, ...]
    edition: str = Field(description="the name it would get; empty: nothing new, no edition")


def plan_digest(
    config: DigestConfig, *, clock: Clock | None = None, on_progress: OnProgress | None = None
) -> Plan:
    """Return what a run would do now. Feeds and pages are fetched, as a run would.

    It works on a copy of the state, which is thrown away, so that a run under way is not
    disturbed and no conditional request changes its answer.

    Raises:
        ConfigError: the state cannot be read.
    """
    clock = clock or Clock()
    with tempfile.TemporaryDirectory(prefix="summarizer-plan-") as folder:
        copy = Path(folder) / "state.sqlite3"
        _copied(config, copy)
        with State(copy) as state:
            left = set(state.articles.untold())
            record = state.runs.start(clock.utc())
            journal = Journal(state, record, clock)
            visit = Visit(config, state, record, journal, clock)
            collected = collect(visit, on_progress=on_progress)
            fresh = state.articles.many(state.articles.untold())
            today = clock.now().date()
            wanted = bool(fresh) or not state.editions.has(today.isoformat())
            name = state.editions.free_name(today) if wanted else ""
    return Plan(
        new=tuple(PlannedArticle(source=a.source, title=a.title) for a in fresh),
        known=collected.unchanged,
        untold=len(left),
        skipped=collected.skipped,
        model=_shown(config.model),
        deadline=_time_of(Budget(config.deadline, clock)),
        channels=tuple(channels(config, name, empty=not fresh)) if name else (),
        edition=name,
    )


def _shown(model: str) -> str:
    """Return the name or address of a model, without what may be a secret in an address."""
    try:
        address = parse_remote(model)
    except ConfigError as error:  # as a run will say; it holds no part of the address
        return f"refused: {error}"
    if address is None:
        return str(plain(model))
    return f"{address.base_url}#{address.model}" if address.model else address.base_url


def _time_of(budget: Budget) -> str:
    return f"{budget.ends:%H:%M}" if budget.ends else ""


def _copied(config: DigestConfig, copy: Path) -> None:
    """Copy a SQLite state, if there is one; one on a server is not copied."""
    if config.state_path is not None and config.state_path.exists():
        with State(config.state, read_only=True) as state:
            state.backup(copy)
