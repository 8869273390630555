"""Collect what folders, feeds, pages and lists have, each article committed at once."""

from __future__ import annotations

import math
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.data import Record, SkippedArticle, SkipReason
from summarizer.digest.clock import Clock
from summarizer.digest.fetch.choice import oldest_moment
from summarizer.digest.fetch.web import Network, collect_web
from summarizer.digest.intake import Intake, input_hash
from summarizer.digest.reading import Reader, Reads
from summarizer.digest.state.records import RunRecord
from summarizer.errors import ArticleError
from summarizer.files import own_files
from summarizer.pipeline import OnProgress, Progress
from summarizer.read import file_kind, find_files, read_bytes, source_name

if TYPE_CHECKING:
    from summarizer.digest.config import DigestConfig
    from summarizer.digest.journal import Journal
    from summarizer.digest.state import State

_MAGIC = frozenset("*?[")
_MAX_LIST_BYTES = 1_000_000
_MAX_LIST = 5000  # addresses of one list


class Collected(Record):
    """What a run found in its sources."""

    new: int
    unchanged: int
    skipped: tuple[SkippedArticle, ...]


@dataclass(frozen=True)
class Visit:
    """What a run goes to its sources with.

    Args:
        config: its sources, windows and fetch.
        state: what is known, and where articles go.
        run: the run at hand.
        journal: told of every article, and of what is skipped.
        clock: now.
    """

    config: DigestConfig
    state: State
    run: RunRecord
    journal: Journal
    clock: Clock


def collect(
    visit: Visit,
    *,
    on_progress: OnProgress | None = None,
    until: float | None = None,
    network: Network | None = None,
    reader: Reads | None = None,
) -> Collected:
    """Add every article of the sources that the state does not know, each committed when read.

    Nothing a source does raises: what cannot be read or had is in `skipped`. Content that is no
    article is so until an edition has told it; feeds, pages and folders that cannot be had are
    each night.

    Args:
        visit: the run, what it is to read and where that goes.
        on_progress: told of each file ("read") and each answer ("web").
        until: of clock.monotonic(); after it no request starts, and no feed, page or PDF is read.
        network: name look-ups and waits, for tests.
        reader: reads feeds and documents; a child process of this run's own when None.

    Raises:
        ConfigError: the state cannot be written.
    """
    config, clock = visit.config, visit.clock
    progress = on_progress or (lambda step: None)
    last = math.inf if until is None else until
    with Reader(until=last, monotonic=clock.monotonic) as own:
        intake = Intake(visit.state, visit.run, visit.journal, clock, reader or own)
        _read_folders(config, intake, clock, progress)
        pages = [*config.sources.pages, *_listed(config.sources.lists, intake)]
        collect_web(config, pages, intake, on_progress=progress, until=until, network=network)
    visit.journal.note(
        "sources read",
        new=intake.new,
        unchanged=intake.unchanged,
        skipped=len(intake.skipped),
    )
    return Collected(new=intake.new, unchanged=intake.unchanged, skipped=tuple(intake.skipped))


def _read_folders(config: DigestConfig, intake: Intake, clock: Clock, progress: OnProgress) -> None:
    own = config.edition_folders
    window = config.folder_window
    oldest = oldest_moment(intake.state, window, clock.utc()).date() if window else None
    done = 0
    for named in config.sources.folders:
        for found, root in _files(named, own, intake):
            if isinstance(found, SkippedArticle):
                _skip(intake, found)
                continue
            source = source_name(found, root)
            progress(Progress(stage="read", done=done, total=0, what=source))
            done += 1
            try:
                kind = file_kind(found, source)
                data = read_bytes(found, source)
            except ArticleError as error:
                reason = SkippedArticle(
                    source=error.source, reason=error.reason, detail=error.detail
                )
                _skip(intake, reason)
                continue
            content = input_hash(kind, data)
            if not intake.known(content):
                make = partial(intake.reader.article, data, source=source, kind=kind)
                intake.read(content, make, oldest=oldest)


def _skip(intake: Intake, skipped: SkippedArticle) -> None:
    """Report a file without content that could be hashed, once."""
    told = f"{skipped.source}\0{skipped.reason}\0{skipped.detail}"
    content = input_hash("none", told.encode("utf-8", errors="replace"))
    if not intake.known(content):
        intake.skip(content, skipped)


def _files(
    named: str, own: Collection[Path], intake: Intake
) -> Iterator[tuple[Path | SkippedArticle, Path | None]]:
    """Yield the files of a folder, file or glob, but none of our own."""
    path = Path(named)
    if os.path.lexists(path):
        if any(_same(path, folder) for folder in own):
            intake.fail(_name(path), SkipReason.UNREADABLE, "it is where the briefs are written to")
            return
        yield from find_files([path], without=own)
    elif _MAGIC.isdisjoint(named):
        detail = "there is no such file or folder; see sources.folders in digest.toml"
        intake.fail(_name(path), SkipReason.UNREADABLE, detail)
    else:
        yield from _glob(path, own, intake)


def _glob(
    pattern: Path, own: Collection[Path], intake: Intake
) -> Iterator[tuple[Path | SkippedArticle, Path | None]]:
    parts = pattern.parts
    fixed = next(n for n, part in enumerate(parts) if not _MAGIC.isdisjoint(part))
    base = Path(*parts[:fixed])
    left_out = [folder for folder in own if not _inside(base, folder)]
    shows_hidden = any(part.startswith(".") for part in parts[fixed:])
    try:
        matches = sorted(base.glob("/".join(parts[fixed:])))
    except (ValueError, NotImplementedError, OSError, RuntimeError):
        intake.fail(_name(pattern), SkipReason.UNREADABLE, "it is no glob that can be followed")
        return
    for path in matches:
        hidden = any(part.startswith(".") for part in path.parts[fixed:])
        if hidden and not shows_hidden:
            continue
        if any(_same(path, folder) or _inside(path, folder) for folder in left_out):
            continue
        if path.name not in own_files(path.parent):
            yield from find_files([path], without=left_out)


def _name(path: Path) -> str:
    """Return how a brief names what is not read: never from the top, and never by nothing."""
    return source_name(path if path.name else _resolved(path), None) or "."


def _same(path: Path, folder: Path) -> bool:
    return _resolved(path) == _resolved(folder)


def _inside(path: Path, folder: Path) -> bool:
    return _resolved(folder) in _resolved(path).parents


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # a loop of links
        return path.absolute()


def _listed(lists: Collection[str], intake: Intake) -> Iterator[str]:
    """Yield the addresses in files with one a line; "#" begins a comment."""
    for named in lists:
        path = Path(named)
        try:
            with path.open("rb") as file:
                text = file.read(_MAX_LIST_BYTES).decode("utf-8-sig", errors="replace")
        except OSError as error:
            detail = f"the list cannot be read: {error.strerror or type(error).__name__}"
            intake.fail(_name(path), SkipReason.UNREADABLE, detail)
            continue
        lines = (line.split(" #", 1)[0].strip() for line in text.splitlines())
        addresses = [line for line in lines if line and not line.startswith("#")]
        if len(addresses) > _MAX_LIST:
            detail = f"it has {len(addresses)} addresses; the first {_MAX_LIST} are asked"
            intake.fail(_name(path), SkipReason.TOO_LARGE, detail)
        yield from addresses[:_MAX_LIST]
