"""The digest that is killed: where it lives, how it is started in a child process and ended."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import shutil
import signal
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from zoneinfo import ZoneInfo

import psutil

from benchmarks.kill_aims import Aim, arm
from benchmarks.kill_sinks import HOST, Sinks
from benchmarks.nights_articles import FIRST_DAY, articles_of_night
from benchmarks.stub_model import StubModel
from summarizer.digest.clock import Clock
from summarizer.digest.config import DigestConfig, Email, Output, Site, Sources, Webhook
from summarizer.digest.run import run_digest
from summarizer.digest.state import State
from summarizer.digest.state.records import DeliveryState, Event

NIGHT = 3  # nights 0 to 2 have an edition each, so that stories are remembered
BROKEN = "torn.html"  # no article: every brief of the night has to say so, once
_ZONE = ZoneInfo("Europe/Berlin")
_HEAD_PARTS = 2  # of an article: the title, the paper with the date
_PATIENCE_S = 1200.0  # a real model on a machine that has other things to do
_GONE_S = 5.0  # children of a killed run have so long to be gone
_FORK = multiprocessing.get_context("fork")


class NightClock(Clock):
    """Stands still: some minutes after two of a night, each attempt five later."""

    def __init__(self, night: int, attempt: int = 0) -> None:
        day = dt.datetime.combine(FIRST_DAY, dt.time(2, 0), tzinfo=_ZONE)
        self._now = day + dt.timedelta(days=night, minutes=5 * attempt)

    def now(self) -> dt.datetime:
        return self._now


@dataclass(frozen=True)
class Digest:
    """What is killed: with the stub model, or a real one by its name."""

    articles: int = 12
    model: str = ""  # "": the stub
    article_s: float = 0.02  # seconds the stub pretends to need for an article
    verifier: bool = False
    paragraphs: int = 99  # of each article, from its beginning; a real model takes its time


@dataclass(frozen=True)
class Place:
    """The folder of one trial."""

    folder: Path

    @property
    def state(self) -> Path:
        return self.folder / "state" / "digest.sqlite3"

    @property
    def copied_state(self) -> Path:
        """The state as the last kill left it, see look()."""
        return self.folder / "copy" / self.state.name

    @property
    def news(self) -> Path:
        """What the digest reads; its own briefs and site are in it, as people have it."""
        return self.folder / "news"

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger.txt"

    @property
    def arrivals(self) -> Path:
        return self.folder / "arrivals.jsonl"

    def config(self, digest: Digest, ports: dict[str, int]) -> DigestConfig:
        """Return the configuration; all four kinds of channels are in it."""
        return DigestConfig(
            sources=Sources(folders=(str(self.news),)),
            state=str(self.state),
            model=digest.model or "none",
            verifier=digest.verifier,
            reproducible=bool(digest.model),  # else a real model's words depend on the batch
            output=Output(folder=self.news / "briefs"),
            site=Site(folder=self.news / "site"),
            email=(
                Email(
                    host=HOST,
                    port=ports["email"],
                    security="none",
                    sender="Digest <digest@digest.test>",
                    to=("ada@digest.test",),
                ),
            ),
            webhook=(Webhook(url=f"http://{HOST}:{ports['webhook']}/hook"),),
        )

    def fill(self, night: int, digest: Digest) -> None:
        """Put the articles of a night in the place of those before."""
        inbox = self.news / "inbox"
        shutil.rmtree(inbox, ignore_errors=True)
        inbox.mkdir(parents=True)
        for name, text in articles_of_night(night, digest.articles):
            parts = text.rstrip("\n").split("\n\n")[: _HEAD_PARTS + digest.paragraphs]
            (inbox / name).write_text("\n\n".join(parts) + "\n", encoding="utf-8")
        if night == NIGHT:
            (inbox / BROKEN).write_text("<html><title>Torn</title>", encoding="utf-8")

    def told(self) -> list[tuple[str, str]]:
        """Return the ledger: ("begun" or "answered", article id), in order."""
        if not self.ledger.exists():
            return []
        lines = self.ledger.read_text("ascii").splitlines()
        return [(what, article) for what, _, article in (line.partition(" ") for line in lines)]


def ports_of(servers: Sinks) -> dict[str, int]:
    return {"email": servers.mail_port, "webhook": servers.hook_port}


# --- starting and killing ---------------------------------------------------------------------


def make_digest(
    place: Place, digest: Digest, ports: dict[str, int], *, night: int = NIGHT, attempt: int = 0
) -> None:
    """Run the digest once, in this process."""
    model = None if digest.model else StubModel(article_s=digest.article_s, ledger=place.ledger)
    clock = NightClock(night, attempt)
    run_digest(place.config(digest, ports), model=model, clock=clock)


def start(
    place: Place, digest: Digest, ports: dict[str, int], attempt: int, aim: Aim | None = None
) -> BaseProcess:
    """Start the digest in a process and process group of its own.

    A fork has everything imported, so that a moment falls into the run.
    """
    process = _FORK.Process(target=_child, args=(place, digest, ports, attempt, aim))
    process.start()
    if process.pid is not None:
        with suppress(OSError):  # the child does it as well; whoever is first
            os.setpgid(process.pid, process.pid)
    return process


def _child(
    place: Place, digest: Digest, ports: dict[str, int], attempt: int, aim: Aim | None
) -> None:
    with suppress(OSError):
        os.setpgid(0, 0)
    errors = os.open(place.folder / "errors.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(errors, 2)
    arm(aim, ports)
    make_digest(place, digest, ports, attempt=attempt)


def finish(process: BaseProcess) -> int:
    """Let it run to its end and return the exit code; one that hangs is killed: -9."""
    process.join(_PATIENCE_S)
    if process.is_alive():
        _kill(process, group=True)
    return process.exitcode if process.exitcode is not None else -1


@dataclass(frozen=True)
class Death:
    """What a kill met."""

    struck: bool  # False: the run had come to its end before
    children: int = 0  # of the run at that moment, where it was killed alone
    survivors: tuple[str, ...] = ()  # those that were still there some seconds later


def kill_after(process: BaseProcess, seconds: float, *, group: bool) -> Death:
    """Kill a run after `seconds` unless it has ended.

    Args:
        process: from start().
        seconds: from now.
        group: kill its whole process group, else it alone: its children are left to themselves.
    """
    process.join(seconds)
    return _struck(process, group=group)


def kill_when_held(process: BaseProcess, servers: Sinks) -> Death:
    """Kill a run at the moment at which a server tells that it holds its delivery."""
    wait([process.sentinel, servers.told], _PATIENCE_S)
    return _struck(process, group=True)


def await_aim(process: BaseProcess) -> Death:
    """Wait for a run that kills itself."""
    process.join(_PATIENCE_S)
    return _struck(process, group=True)


def _struck(process: BaseProcess, *, group: bool) -> Death:
    children = _children(process) if not group else []
    if process.is_alive():
        _kill(process, group=group)
    until = time.monotonic() + _GONE_S
    while (alive := [one for one in children if _runs(one)]) and time.monotonic() < until:
        time.sleep(0.05)
    names = tuple(str(one) for one in alive)
    struck = process.exitcode == -signal.SIGKILL
    return Death(struck=struck, children=len(children), survivors=names)


def _runs(process: psutil.Process) -> bool:
    """Tell whether a process is there; one that nobody buries yet is not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _children(process: BaseProcess) -> list[psutil.Process]:
    try:
        return psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _kill(process: BaseProcess, *, group: bool) -> None:
    if process.pid is None:
        return
    with suppress(ProcessLookupError):
        if group:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            os.kill(process.pid, signal.SIGKILL)
    process.join()


# --- what a killed run left behind ------------------------------------------------------------


@dataclass(frozen=True)
class Strike:
    """Where a kill struck, and what was committed then."""

    phase: str
    last_event: str = ""
    run: int = 0  # the number of the last run there was
    aim: str = ""
    committed: frozenset[str] = frozenset()  # ids of tonight's articles with an answer kept
    sending: tuple[str, ...] = ()  # channels whose delivery had been begun
    begun: int = 0  # lines of the ledger
    problems: tuple[str, ...] = ()  # of the state
    children: int = 0  # see Death
    survivors: tuple[str, ...] = ()
    leftovers: tuple[str, ...] = ()  # temporary files of killed writes, those of earlier kills too


def look(place: Place, runs_before: int, *, aim: str, death: Death) -> Strike:
    """Read what a killed run left, from a copy: the next run must find it as it is."""
    file = place.copied_state
    copy = file.parent
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    for path in (place.state, place.state.with_name(f"{place.state.name}-wal")):
        if path.exists():
            shutil.copy(path, copy)
    with State(file) as state:
        problems = tuple(state.check())
        run = state.runs.list(1)[0]
        events = state.runs.events(run.number) if run.number > runs_before else []
        untold = set(state.articles.untold())
        last = state.editions.last()
        new = last is not None and last.number > NIGHT
        deliveries = state.deliveries.of(last.number) if last and new else []
        waiting = [one.channel for one in deliveries if one.state is DeliveryState.PENDING]
        sending = [one.channel for one in deliveries if one.state is DeliveryState.SENDING]
    committed, checked = _kept(file, "extractions"), _kept(file, "summaries")
    return Strike(
        phase=_edition_phase(events, waiting, sending)
        if new
        else _phase(events, untold - committed, untold - checked),
        last_event=events[-1].name if events else "",
        run=run.number,
        aim=aim,
        committed=frozenset(committed),
        sending=tuple(sending),
        begun=len(place.told()),
        problems=problems,
        children=death.children,
        survivors=death.survivors,
        leftovers=tuple(str(path) for path in temporary(place.folder)),
    )


def temporary(folder: Path) -> list[Path]:
    """Return what killed writes left: hidden files beside those that were to be replaced."""
    kept = {".summarizer-files"}
    return [path for path in folder.rglob(".*") if path.is_file() and path.name not in kept]


def _kept(file: Path, table: str) -> set[str]:
    query = f"SELECT a.id FROM {table} t JOIN articles a ON a.number = t.article"
    with closing(sqlite3.connect(file)) as db:
        return {row[0] for row in db.execute(query)}


STARTING, READING, MODEL, CHECKING, MAKING = "starting reading model checking making".split()
COMMITTED, BETWEEN, ENDING = "edition committed", "between deliveries", "ending"
PHASES = (
    *(STARTING, READING, MODEL, CHECKING, MAKING, COMMITTED),
    *(f"delivering {channel}" for channel in ("files", "site", "email", "webhook")),
    *(BETWEEN, ENDING),
)


def _phase(events: Sequence[Event], unanswered: set[str], unchecked: set[str]) -> str:
    names = {event.name for event in events}
    if not names & {"article added", "sources read", "asking the model", "article skipped"}:
        return STARTING
    if "asking the model" not in names:
        return READING
    if unanswered:
        return MODEL
    return CHECKING if unchecked else MAKING


def _edition_phase(events: Sequence[Event], waiting: Sequence[str], sending: Sequence[str]) -> str:
    names = {event.name for event in events}
    if sending:
        return f"delivering {sending[0]}"
    if waiting and "asking the model" in names and "edition made" not in names:
        return COMMITTED
    return BETWEEN if waiting else ENDING
