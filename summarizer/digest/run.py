"""One night: fetch, ask the model about what is new, make the edition, deliver it.

Whatever is done is committed at once, so that a run which is killed loses no more than what it
was waiting for, and the next run goes on from there. docs/architecture.md has the order.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import pairwise

from summarizer.data import Article, Brief, Record, SkippedArticle
from summarizer.digest.answers import Answers, Night, summarise
from summarizer.digest.clock import Clock
from summarizer.digest.config import DigestConfig
from summarizer.digest.delivery import channels, deliver_pending
from summarizer.digest.delivery.folder import sweep
from summarizer.digest.journal import Journal, Listener
from summarizer.digest.lock import Holder, instance_lock
from summarizer.digest.memory import gone_quiet, recollect, with_memory
from summarizer.digest.metrics import write_metrics
from summarizer.digest.sources import Visit, collect
from summarizer.digest.state import State
from summarizer.digest.state.records import (
    Delivery,
    DeliveryState,
    Edition,
    EditionInputs,
    EditionLine,
    Outcome,
    RunRecord,
)
from summarizer.errors import Busy, StateError
from summarizer.model import Model
from summarizer.pipeline import OnProgress, Run, assemble

# A clock that leapt further between two of the last runs is not trusted to throw anything away.
_SETTLED_DAYS = 7
_SETTLED_RUNS = 10
_SURELY_DEAD = dt.timedelta(days=1)  # who was to rename a temporary file that is older
_POLL_S = 1.0


class DigestResult(Record):
    """What a run came to; `edition` and `brief` are None where there was nothing new."""

    run: RunRecord
    edition: EditionLine | None = None
    brief: Brief | None = None
    skipped: tuple[SkippedArticle, ...] = ()
    deliveries: tuple[Delivery, ...] = ()


def run_digest(
    config: DigestConfig,
    *,
    model: Model | None = None,
    clock: Clock | None = None,
    on_progress: OnProgress | None = None,
    listeners: Sequence[Listener] = (),
    wait: bool = False,
    on_wait: Callable[[Holder | None], None] | None = None,
) -> DigestResult:
    """Make the digest of what has come since the last one, and deliver it.

    Args:
        config: see DigestConfig.
        model: a loaded model to use instead of the configured one; left open.
        clock: the machine's when None.
        on_progress: called as articles are read and summarised.
        listeners: are given every entry of the journal.
        wait: wait for another run of the same state to end.
        on_wait: called once if there is one to wait for.

    Raises:
        Busy: another digest with the same state is running, and `wait` is false.
        ConfigError: the state, or the model by its name, cannot be had; nothing was told.
        StateError: the state can no longer be written; what was committed is kept.
    """
    clock = clock or Clock()
    with (
        instance_lock(config.lock_path, wait=wait, on_wait=on_wait) as lock,
        State(config.state) as state,
    ):
        while not state.lock():  # PostgreSQL: another machine's
            if not wait:
                raise Busy("another digest with the same state is running on another machine")
            time.sleep(_POLL_S)
        record = state.runs.start(clock.utc())
        lock.name_run(record.id)
        journal = Journal(state, record, clock, *listeners)
        if lock.stale:
            journal.note("last run was killed", level="warning", process=lock.stale.pid)
        night = Night(config, state, record, journal=journal, clock=clock, run=Run(on_progress))
        with _ending(night):
            return _run(night, model, on_progress)


@contextmanager
def _ending(night: Night) -> Iterator[None]:
    """Write down how a run ended that an exception ends."""
    try:
        yield
    except BaseException as error:
        outcome = Outcome.FAILED if isinstance(error, Exception) else Outcome.INTERRUPTED
        detail = f"{type(error).__name__}: {error}".removesuffix(": ")
        with suppress(StateError):  # perhaps the very thing that ended the run
            night.journal.note(f"run {outcome.value}", level="error", problem=detail)
            night.state.runs.end(night.record.number, outcome, night.clock.utc(), detail=detail)
            _metrics(night)
        raise


def _run(night: Night, model: Model | None, on_progress: OnProgress | None) -> DigestResult:
    started = time.monotonic()
    night.journal.note("run started", editions=_last_number(night.state))
    unfinished = night.state.deliveries.unfinished()
    failed = [one for one in unfinished if one.state is DeliveryState.FAILED]
    deliveries = _deliver(night, tried=failed)
    with night.run.stage("read"):
        visit = Visit(night.config, night.state, night.record, night.journal, night.clock)
        collected = collect(visit, on_progress=on_progress, until=night.budget.fetch_until)
    fresh = night.state.articles.many(night.state.articles.untold())
    counts: dict[str, float] = {"new_articles": len(fresh), "skipped": len(collected.skipped)}
    edition = None
    if fresh or not night.state.editions.has(night.clock.now().date().isoformat()):
        edition = _make_edition(night, fresh, collected.skipped, model, counts)
    deliveries += _deliver(night, tried=deliveries)
    _forget(night)
    counts |= {
        "deliveries_failed": sum(one.state is DeliveryState.FAILED for one in deliveries),
        "deliveries_unknown": sum(one.state is DeliveryState.UNKNOWN for one in deliveries),
        "seconds": round(time.monotonic() - started, 3),
    }
    seconds = night.run.info(night.clock.utc()).seconds
    counts |= {f"seconds_{_word(stage)}": s for stage, s in seconds.items()}
    outcome = Outcome.DONE if edition else Outcome.NOTHING_NEW
    night.journal.note("run ended", "info", outcome=outcome.value, **counts)
    night.state.runs.end(
        night.record.number,
        outcome,
        night.clock.utc(),
        counts=counts,
    )
    _metrics(night)
    return DigestResult(
        run=night.state.runs.get(night.record.number) or night.record,
        edition=night.state.editions.last() if edition else None,
        brief=edition.brief if edition else None,
        skipped=collected.skipped,
        deliveries=tuple(deliveries),
    )


def _deliver(night: Night, *, tried: Sequence[Delivery]) -> list[Delivery]:
    """Deliver what is unfinished but for what was `tried`.

    What a killed run left is delivered before the night begins; what failed before waits until
    the new brief is there, as servers that do not answer take their time.
    """
    with night.run.stage("deliver"):
        return deliver_pending(night.config, night.state, night.journal, night.clock, tried=tried)


def _word(stage: str) -> str:
    """Return the name of a stage in one word: "extract: in the model" is extract_in_the_model."""
    return "_".join(stage.replace(":", " ").split())


def _last_number(state: State) -> int:
    last = state.editions.last()
    return last.number if last else 0


def _make_edition(
    night: Night,
    fresh: Sequence[Article],
    skipped: Sequence[SkippedArticle],
    model: Model | None,
    counts: dict[str, float],
) -> Edition:
    """Make the brief of tonight's articles and commit it with all that it changes."""
    answers = summarise(night, fresh, model)
    with night.run.stage("merge"):
        known = recollect(night.state, fresh, nights=night.config.memory_nights)
    now = night.clock.now()
    number = night.state.editions.next_number()
    brief = assemble(
        [*answers.summaries, *known.summaries],
        skipped,
        answers.model,
        night.options.model_copy(update={"since": _dated(known.earlier, now)}),
        night.run,
        now=now.astimezone(dt.UTC),
        validator=answers.validator,
        fresh={article.id for article in fresh},
    )
    brief, news = with_memory(brief, known, edition=number, today=now.date())
    quiet, named = gone_quiet(night.state, news, nights=night.config.quiet_nights, today=now.date())
    name = night.state.editions.free_name(now.date())
    brief = brief.model_copy(
        update={"edition": name, "quiet": tuple(named), "unread": tuple(answers.unread)}
    )
    edition = Edition(
        number=number,
        name=name,
        run=night.record.number,
        created=brief.run.created,
        inputs=_inputs(night, fresh, answers, known.article_ids, tuple(known.stories)),
        brief=brief,
    )
    wanted = channels(night.config, name, empty=not brief.stories)
    night.state.editions.add(edition, news, quiet, wanted)
    counts |= _counts(brief, answers)
    night.journal.note("edition made", "info", edition=name, **counts)
    return edition


def _dated(earlier: Brief | None, now: dt.datetime) -> Brief | None:
    """Return the earlier brief, dated no later than now: the clock may have been set back."""
    if earlier is None or earlier.run.created <= now:
        return earlier
    run = earlier.run.model_copy(update={"created": now.astimezone(dt.UTC)})
    return earlier.model_copy(update={"run": run})


def _inputs(
    night: Night,
    fresh: Sequence[Article],
    answers: Answers,
    remembered: Sequence[str],
    story_ids: Sequence[str],
) -> EditionInputs:
    return EditionInputs(
        fresh=tuple(article.id for article in fresh),
        remembered=tuple(remembered),
        story_ids=tuple(story_ids),
        extractions=answers.extractions,
        verdicts=answers.verdicts,
        max_facts=night.options.max_facts,
        max_words=night.options.max_words,
    )


def _counts(brief: Brief, answers: Answers) -> dict[str, float]:
    coverage = brief.coverage
    return {
        "articles": coverage.articles,
        "asked": answers.asked,
        "claims": coverage.claims,
        "rejected": coverage.rejected,
        "stories": len(brief.stories),
        "facts": coverage.facts,
        "unread": len(brief.unread),
    }


# --- afterwards -------------------------------------------------------------------------------


def _forget(night: Night) -> None:
    """Throw away what is older than it has to be kept, unless the clock cannot be trusted."""
    now = night.clock.utc()
    moments = [now, *(run.started for run in night.state.runs.list(_SETTLED_RUNS))]
    leaps = (abs(one - other) for one, other in pairwise(moments))
    if max(leaps) > dt.timedelta(days=_SETTLED_DAYS):
        night.journal.note("clock has leapt: nothing is forgotten", last_run=moments[-1])
        return
    keep = night.config.retention
    gone = night.state.retention.purge(
        articles_before=now - keep.articles, runs_before=now - keep.runs
    )
    if any(gone.values()):
        night.journal.note("old things forgotten", "info", **gone)
    before = now - _SURELY_DEAD
    if left := sum(sweep(folder, before=before) for folder in night.config.edition_folders):
        night.journal.note("files of killed writes removed", "info", files=left)


def _metrics(night: Night) -> None:
    """Write the figures for whoever watches the night by machine."""
    path = night.config.log.metrics
    run = night.state.runs.get(night.record.number)
    if path is None or run is None:
        return
    successes = [night.state.runs.last(o) for o in (Outcome.DONE, Outcome.NOTHING_NEW)]
    ended = [one.ended for one in successes if one and one.ended]
    digest = (night.config.state_path or night.config.output.folder).stem
    problem = write_metrics(path, run, last_success=max(ended, default=None), digest=digest)
    if problem:
        night.journal.note("metrics not written", level="warning", problem=problem)
