"""How the digest stands: the last runs, what is kept, and what wants looking after."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import psutil

from summarizer.cli.digest.schedule import installed
from summarizer.data import Record
from summarizer.digest.clock import Clock
from summarizer.digest.config import DigestConfig
from summarizer.digest.lock import read_holder
from summarizer.digest.state import State
from summarizer.digest.state.database import without_secrets
from summarizer.digest.state.records import (
    Delivery,
    DeliveryState,
    Edition,
    FetchRecord,
    Outcome,
    RunRecord,
)

STALE = dt.timedelta(hours=36)  # a night was missed, with half a day to notice
_MOST_LISTED = 20  # editions whose deliveries nobody looked after
_LISTED = (DeliveryState.UNKNOWN, DeliveryState.GIVEN_UP)


class DeliveryStanding(Record):
    """A delivery that did not end well, or did not end, and what to do about it."""

    edition: str
    delivery: Delivery
    advice: str


class Standing(Record):
    """How a digest stands now. Moments are UTC; `problems` are what --check complains of."""

    config: str
    state: str
    state_bytes: int = 0
    running: bool = False
    last_run: RunRecord | None = None
    last_success: RunRecord | None = None
    age_s: float | None = None
    next_run: dt.datetime | None = None
    scheduled_by: tuple[str, ...] = ()
    known: int = 0
    untold: int = 0
    stories: dict[str, int] = {}
    feeds_failing: tuple[FetchRecord, ...] = ()
    deliveries: tuple[DeliveryStanding, ...] = ()
    problems: tuple[str, ...] = ()


def standing(config: DigestConfig, path: Path, state: State | None, clock: Clock) -> Standing:
    """Return how the digest of the configuration at `path` stands.

    `state`: None where no digest was run yet.
    """
    scheduled_by = installed(path)
    start = Standing(
        config=str(path.absolute()),
        state=without_secrets(config.state),
        scheduled_by=scheduled_by,
        next_run=_next(config.schedule.at, clock) if scheduled_by else None,
    )
    if state is None:
        return start.model_copy(update={"problems": ("no digest was run yet",)})
    runs = state.runs.list(1)
    success = _last_success(state)
    age = clock.utc() - (success.ended or success.started) if success else None
    now = start.model_copy(
        update={
            "state_bytes": state.size_bytes(),
            "running": _runs(config),
            "last_run": runs[0] if runs else None,
            "last_success": success,
            "age_s": age.total_seconds() if age is not None else None,
            "known": state.articles.count(),
            "untold": len(state.articles.untold()),
            "stories": {str(status): count for status, count in state.memory.counts().items()},
            "feeds_failing": _failing(state),
            "deliveries": _deliveries(state),
        }
    )
    return now.model_copy(update={"problems": _problems(now)})


def _failing(state: State) -> tuple[FetchRecord, ...]:
    """Return what failed the last time, without the tokens that stand in addresses."""
    failing = state.fetches.failing()
    if not failing:
        return ()
    from summarizer.digest.fetch.urls import named  # late: a web library comes with it

    return tuple(one.model_copy(update={"url": named(one.url)}) for one in failing)


def _last_success(state: State) -> RunRecord | None:
    ends = (state.runs.last(outcome) for outcome in (Outcome.DONE, Outcome.NOTHING_NEW))
    return max((run for run in ends if run), key=lambda run: run.number, default=None)


def _problems(now: Standing) -> tuple[str, ...]:
    problems = []
    if now.last_run is None:
        problems.append("no digest was run yet")
    elif now.age_s is None:
        problems.append("no run has succeeded yet")
    elif now.age_s > STALE.total_seconds():
        problems.append(f"the last success is more than {STALE.total_seconds() / 3600:.0f} h ago")
    if now.last_run and now.last_run.outcome is Outcome.FAILED:
        problems.append("the last run failed")
    failed = [one for one in now.deliveries if one.delivery.state is DeliveryState.FAILED]
    names = dict.fromkeys(one.delivery.channel for one in failed)
    problems += [f"the delivery by {name} fails" for name in names]
    return tuple(problems)


def _deliveries(state: State) -> tuple[DeliveryStanding, ...]:
    found = [
        *state.deliveries.unfinished(),
        *state.deliveries.with_state(*_LISTED, limit=_MOST_LISTED),
    ]
    editions = {one.edition: state.editions.get(one.edition) for one in found}
    return tuple(_delivery(one, editions[one.edition]) for one in found)


def _delivery(one: Delivery, edition: Edition | None) -> DeliveryStanding:
    from summarizer.digest.delivery import what_to_do  # late: mail and web libraries come with it

    return DeliveryStanding(
        edition=edition.name if edition else f"edition {one.edition}",
        delivery=one,
        advice=what_to_do(one, edition) or "the next run sees to it",
    )


def _runs(config: DigestConfig) -> bool:
    """Tell whether a digest of this configuration is running now, as far as is known here."""
    lock = config.lock_path
    holder = read_holder(lock.with_name(lock.name + ".info"))
    return holder is not None and psutil.pid_exists(holder.pid)


def _next(at: dt.time, clock: Clock) -> dt.datetime:
    """Return the next moment at which clocks here show `at`."""
    now = clock.now()
    today = clock.at(now.date(), at)
    due = today if today > now else clock.at(now.date() + dt.timedelta(days=1), at)
    return due.astimezone(dt.UTC)
