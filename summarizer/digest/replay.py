"""Make an edition again from what is stored, without a model, and see whether it is the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from summarizer.data import ArticleSummary, Brief, Record
from summarizer.digest.answers import options_of
from summarizer.digest.config import DigestConfig
from summarizer.digest.memory import Recollection, recollection_of
from summarizer.digest.state import State
from summarizer.digest.state.records import Edition, RunRecord
from summarizer.errors import ConfigError
from summarizer.pipeline import Run, assemble

# What an edition says of its making, not of the articles.
_OF_THE_RUN = frozenset({"run", "versions"})


class Replay(Record):
    """An edition as it was made, and as it is made again from the same claims."""

    edition: Edition
    brief: Brief
    same: bool
    differences: tuple[str, ...] = ()


def replay(config: DigestConfig, run: int | str) -> Replay:
    """Make the edition of `run`, a number or id, again; nothing is written.

    Claims and verdicts are those that were stored; the merging is that of the code at hand, so
    after an update of the program the differences show what the update changes.

    Raises:
        ConfigError: there is no such run, it made no edition, or retention has dropped what it
            was made of.
    """
    with State(config.state, read_only=True) as state:
        _, edition = made_by(state, run)
        brief = _again(config, state, edition)
        differences = tuple(_differences(edition.brief, brief))
        return Replay(edition=edition, brief=brief, same=not differences, differences=differences)


def found_run(state: State, run: int | str) -> RunRecord:
    """Return a run by its number or id.

    Raises:
        ConfigError: there is none.
    """
    key = int(run) if isinstance(run, str) and run.isdecimal() else run
    record = state.runs.get(key)
    if record is None:
        raise ConfigError(f"there is no run {run}", hint="See `summarizer digest history`.")
    return record


def made_by(state: State, run: int | str) -> tuple[RunRecord, Edition]:
    """Return a run by its number or id, and the edition that it made.

    Raises:
        ConfigError: there is no such run, or it made no edition.
    """
    record = found_run(state, run)
    edition = None if record.edition is None else state.editions.get(record.edition)
    if edition is None:
        raise ConfigError(
            f"run {record.number} made no digest: {record.outcome.value}",
            hint="`summarizer digest history` shows which runs did.",
        )
    return record, edition


def _again(config: DigestConfig, state: State, edition: Edition) -> Brief:
    inputs = edition.inputs
    fresh = [_summary(state, article_id, edition) for article_id in inputs.fresh]
    known = _known(state, edition)
    options = options_of(config).model_copy(
        update={
            "max_facts": inputs.max_facts,
            "max_words": inputs.max_words,
            "since": known.earlier,
        }
    )
    made = edition.brief
    brief = assemble(
        [*fresh, *known.summaries],
        made.skipped,
        made.model,
        options,
        Run(None),
        now=made.run.created,
        validator=made.validator,
        fresh=set(inputs.fresh),
    )
    memories = {story.id: story.memory for story in made.stories}
    stories = tuple(s.model_copy(update={"memory": memories.get(s.id)}) for s in brief.stories)
    return brief.model_copy(
        update={
            "stories": stories,
            "edition": made.edition,
            "quiet": made.quiet,
            "unread": made.unread,
        }
    )


def _summary(state: State, article_id: str, edition: Edition) -> ArticleSummary:
    key = edition.inputs.verdicts.get(article_id, "")
    summary = state.answers.summary(article_id, key)
    if summary is None:
        raise _kept_no_more(edition)
    return summary


def _kept_no_more(edition: Edition) -> ConfigError:
    return ConfigError(
        f"edition {edition.name} cannot be made again: what its articles said is kept no more",
        hint="`summarizer digest show` prints it as it was made; see [retention].",
    )


def _known(state: State, edition: Edition) -> Recollection:
    before = state.editions.get(edition.number - 1)
    if before is None:
        return Recollection()
    inputs = edition.inputs
    known = recollection_of(
        state,
        inputs.remembered,
        inputs.story_ids,
        created=before.created,
        before=edition.number,
    )
    if len(known.summaries) < len(inputs.remembered):
        raise _kept_no_more(edition)
    return known


def _differences(made: Brief, again: Brief) -> Iterator[str]:
    """Yield where two briefs differ, in words; what the run measured is not compared."""
    for name in Brief.model_fields:
        first, second = getattr(made, name), getattr(again, name)
        if name in _OF_THE_RUN or first == second:
            continue
        if name == "since" and first and second:
            if first.model_copy(update={"created": second.created}) != second:
                yield "since: other facts are known or gone"
        elif isinstance(first, tuple) and isinstance(second, tuple):
            yield from _list_differences(name, first, second)
        else:
            yield f"{name} is another"


def _list_differences(
    name: str, first: Sequence[object], second: Sequence[object]
) -> Iterator[str]:
    if len(first) != len(second):
        yield f"{name}: {len(first)} when it was made, {len(second)} now"
    for number, (one, other) in enumerate(zip(first, second, strict=False), start=1):
        if one != other:
            yield f"{name}: number {number} is another"
