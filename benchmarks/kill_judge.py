"""What a trial leaves, and whether it is as if nobody had killed anything."""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from benchmarks.kill_place import NIGHT, Place, Strike, temporary
from benchmarks.kill_sinks import arrived
from summarizer.data import Article, Brief
from summarizer.digest.state import State
from summarizer.digest.state.records import Delivery, DeliveryState, Edition, Outcome
from summarizer.render import to_html, to_json, to_markdown

ONCE = ("email", "webhook")  # channels of which a repetition is seen
_ATOM = "{http://www.w3.org/2005/Atom}"
_UNKNOWN = "delivery unknown"  # names of events
_ASKING = "asking the model"
_ANSWERED = "model answered"


@dataclass(frozen=True)
class Reference:
    """What an undisturbed run made of the same start."""

    brief: Mapping[str, Any]  # as JSON, without `run`
    name: str
    articles: frozenset[str]
    keys: Mapping[str, str]  # of the deliveries, by channel
    earlier: Mapping[str, str]  # files of earlier editions that must stay as they are


@dataclass(frozen=True)
class Evidence:
    """What is there after the kills, a run to the end and one more."""

    strikes: Sequence[Strike]
    exits: Sequence[int]  # exit codes of the runs that nobody killed
    outcomes: Sequence[Outcome]  # of all runs of the night, oldest first
    briefs: Sequence[Mapping[str, Any]]  # of the editions of the night, without `run`
    names: Sequence[str]  # of these editions
    told: Mapping[str, int]  # editions by article that they tell first
    waiting: Sequence[str]  # articles that no edition tells
    deliveries: Mapping[str, Delivery]  # of the first of these editions, by channel
    reported: frozenset[str]  # channels that a journal calls unknown
    arrivals: Mapping[str, int]  # times that a delivery reached its server, by key
    answered: Mapping[str, int]  # times that an answer was kept, by the id's beginning
    asked: Mapping[int, int]  # articles that a run wanted the model for, by its number
    ledger: Sequence[tuple[str, str]] = ()  # of the stub; no other model keeps one
    problems: Sequence[str] = ()  # of the state
    files: Sequence[str] = ()  # problems of files and site
    skipped_last: float = 0  # inputs that the last run, which had nothing new, reports
    leftovers: int = 0  # temporary files of killed writes, at the end
    earlier: Mapping[str, str] = field(default_factory=dict)
    lock_is_free: bool = True

    @property
    def unknown(self) -> tuple[str, ...]:
        """Channels of which it is not known whether the edition arrived."""
        return tuple(
            name for name, d in self.deliveries.items() if d.state is DeliveryState.UNKNOWN
        )

    def begun_again(self) -> int:
        """Articles that a model was given a second time: their answers were lost by a kill."""
        begun = Counter(article for what, article in self.ledger if what == "begun")
        return sum(count - 1 for count in begun.values())


# --- judging ----------------------------------------------------------------------------------


def judge(found: Evidence, reference: Reference) -> list[str]:
    """Return what is wrong, a line each; none when the kills did no harm."""
    return [
        *_runs(found),
        *_edition(found, reference),
        *_payments(found, reference),
        *_deliveries(found, reference),
        *found.problems,
        *found.files,
    ]


def _runs(found: Evidence) -> Iterator[str]:
    for code in found.exits:
        if code:
            yield f"a run that nobody killed ended with exit code {code}"
    *others, last = found.outcomes or [Outcome.RUNNING]
    good = (Outcome.DONE, Outcome.NOTHING_NEW)
    if last is not Outcome.NOTHING_NEW:
        yield f"the last run ended as {last}, though nothing was new"
    if not others or others[-1] not in good:
        yield "the run after the kills did not end well"
    for one in others:
        if one not in (*good, Outcome.KILLED):
            yield f"a killed run is called {one}"
    if found.skipped_last:
        yield f"the last run reports {found.skipped_last:g} files that are no articles"
    for strike in found.strikes:
        yield from (f"after the kill: {problem}" for problem in strike.problems)
        yield from (f"a child outlived the killed run: {one}" for one in strike.survivors)
    if not found.lock_is_free:
        yield "the lock is held by nobody's run"


def _edition(found: Evidence, reference: Reference) -> Iterator[str]:
    if list(found.names) != [reference.name]:
        yield f"the night made the editions {list(found.names)}, not {reference.name}"
    for brief in found.briefs:
        if brief != reference.brief:
            differ = [k for k in reference.brief if brief.get(k) != reference.brief[k]]
            yield f"the brief differs in {', '.join(differ) or 'keys'}"
    for article in sorted(reference.articles - set(found.told)):
        yield f"article {article[:12]} is in no edition"
    for article in sorted(set(found.told) - reference.articles):
        yield f"article {article[:12]} is in the edition and not in the inbox"
    for article, count in found.told.items():
        if count > 1:
            yield f"article {article[:12]} is told by {count} editions"
    for article in found.waiting:
        yield f"article {article[:12]} waits for an edition still"
    for name, content in reference.earlier.items():
        if found.earlier.get(name) != content:
            yield f"the file {name} of an earlier edition is not what it was"


def _payments(found: Evidence, reference: Reference) -> Iterator[str]:
    for strike in found.strikes:
        later = {article for what, article in found.ledger[strike.begun :] if what == "begun"}
        for article in sorted(later & strike.committed):
            yield f"article {article[:12]} was asked again though its answer was kept"
    for run, count in found.asked.items():
        kept = [strike.committed for strike in found.strikes if strike.run < run]
        missing = reference.articles.difference(*kept[-1:])
        if count != len(missing):
            yield f"run {run} asked about {count} articles, not the {len(missing)} without answer"
    for article, count in found.answered.items():
        if count > 1:
            yield f"an answer about article {article} was kept {count} times"
    if (again := found.begun_again()) > len(found.strikes):
        yield f"{again} articles were begun again after {len(found.strikes)} kills"


def _deliveries(found: Evidence, reference: Reference) -> Iterator[str]:
    keys = {name: delivery.key for name, delivery in found.deliveries.items()}
    if keys != dict(reference.keys):
        yield f"the deliveries are {keys}, not {dict(reference.keys)}"
    for key, count in found.arrivals.items():
        if count > 1:
            yield f"{key} arrived {count} times"
        if key not in reference.keys.values():
            yield f"{key} arrived and is no delivery of this edition"
    for name, delivery in found.deliveries.items():
        yield from _delivery(found, name, delivery)


def _delivery(found: Evidence, name: str, delivery: Delivery) -> Iterator[str]:
    count = found.arrivals.get(delivery.key, 0)
    if delivery.state is DeliveryState.SENT:
        if name in ONCE and count != 1:
            yield f"{name} is recorded as sent and arrived {count} times"
    elif delivery.state is not DeliveryState.UNKNOWN:
        yield f"{name} is {delivery.state} at the end"
    elif name not in ONCE:
        yield f"{name} is unknown, though it can be repeated"
    else:
        if not any(name in strike.sending for strike in found.strikes):
            yield f"{name} is unknown, though no kill struck while it was sent"
        if name not in found.reported:
            yield f"{name} is unknown, and no journal says so"


# --- gathering --------------------------------------------------------------------------------


def gather(
    place: Place, strikes: Sequence[Strike], exits: Sequence[int], runs_before: int
) -> Evidence:
    """Read what a trial left in its folder."""
    with State(place.state) as state:
        problems = state.check()
        runs = [run for run in reversed(state.runs.list(1000)) if run.number > runs_before]
        by_run = {run.number: state.runs.events(run.number) for run in runs}
        editions = _editions(state)
        waiting = state.articles.untold()
        deliveries = {d.channel: d for e in editions[:1] for d in state.deliveries.of(e.number)}
        files = [
            line
            for edition in editions
            for line in file_problems(place, edition, _articles(state, edition))
        ]
    events = [event for some in by_run.values() for event in some]
    asked = {
        run: int(event.fields["articles"])
        for run, some in by_run.items()
        for event in some
        if event.name == _ASKING
    }
    told = Counter(article for edition in editions for article in edition.inputs.fresh)
    return Evidence(
        strikes=strikes,
        exits=exits,
        outcomes=[run.outcome for run in runs],
        briefs=[plain(edition.brief) for edition in editions],
        names=[edition.name for edition in editions],
        told=told,
        waiting=waiting,
        deliveries=deliveries,
        reported=frozenset(str(e.fields["channel"]) for e in events if e.name == _UNKNOWN),
        arrivals=Counter(one["key"] for one in arrived(place.arrivals)),
        answered=Counter(
            str(e.fields["article"])
            for e in events
            if e.name == _ANSWERED and not e.fields["failure"]
        ),
        asked=asked,
        ledger=place.told(),
        problems=problems,
        files=files,
        skipped_last=runs[-1].counts.get("skipped", 0) if runs else 0,
        leftovers=len(temporary(place.folder)),
        earlier=earlier_files(place, [edition.name for edition in editions]),
        lock_is_free=_is_free(place.state.with_name(f"{place.state.name}.lock")),
    )


def reference_of(place: Place, told: Evidence) -> Reference:
    """Return what an undisturbed run in `place` made.

    Raises:
        RuntimeError: something is wrong there already.
    """
    reference = Reference(
        brief=told.briefs[0] if told.briefs else {},
        name=told.names[0] if told.names else "",
        articles=frozenset(told.told),
        keys={name: delivery.key for name, delivery in told.deliveries.items()},
        earlier=told.earlier,
    )
    if wrong := judge(told, reference):
        raise RuntimeError(f"the undisturbed run is not as it should be: {'; '.join(wrong)}")
    return reference


def plain(brief: Brief) -> dict[str, Any]:
    """Return a brief as JSON without what may differ between two runs over the same input."""
    values: dict[str, Any] = json.loads(to_json(brief))
    del values["run"]
    return values


def _editions(state: State) -> list[Edition]:
    numbers = [line.number for line in reversed(state.editions.list(1000)) if line.number > NIGHT]
    return [edition for number in numbers if (edition := state.editions.get(number))]


def _articles(state: State, edition: Edition) -> list[Article]:
    return state.articles.many([source.article_id for source in edition.brief.sources])


def file_problems(place: Place, edition: Edition, articles: Sequence[Article]) -> Iterator[str]:
    """Yield where the files and the site of an edition are not what its stored brief makes."""
    name = edition.name
    for path, text in _wanted(edition, articles).items():
        if (there := _text(place.news / path)) != text:
            yield f"{path} is {'missing' if there is None else 'not the stored brief'}"
    index = _text(place.news / "site" / "index.html") or ""
    if index.count(f'href="{name}.html"') != 1 or "</html>" not in index:
        yield f"the index of the site does not name {name} once"
    try:
        feed = ElementTree.fromstring(_text(place.news / "site" / "feed.xml") or "")
    except ElementTree.ParseError as error:
        yield f"the feed of the site is no XML: {error}"
        return
    links = [link.get("href") for link in feed.iterfind(f"{_ATOM}entry/{_ATOM}link")]
    if links.count(f"{name}.html") != 1 or len(links) != NIGHT + 1:
        yield f"the feed of the site has the entries {links}"


def torn_files(place: Place) -> Iterator[str]:
    """Yield which files a reader finds torn just after a kill; those not written yet may lack."""
    with State(place.copied_state) as state:
        wanted: dict[str, str] = {}
        for edition in _editions(state):
            wanted |= _wanted(edition, _articles(state, edition))
    for path in sorted(place.news.glob("*/[!.]*")):
        if path.parent.name == "inbox":
            continue
        name, text = str(path.relative_to(place.news)), path.read_text("utf-8")
        if text != wanted.get(name, text):
            yield f"{name} is torn"
        elif path.suffix == ".html" and not _has_end(path.name, text):
            yield f"{name} has no end"
        elif path.suffix == ".xml":
            try:
                ElementTree.fromstring(text)
            except ElementTree.ParseError as error:
                yield f"{name} is no XML: {error}"


def _has_end(name: str, text: str) -> bool:
    """Tell whether a page ends with its own checksum; the index of the site has none."""
    if name == "index.html":
        return text.endswith("</html>\n")
    document, mark, end = text.rpartition("<!-- sha256:")
    return bool(mark) and end == f"{hashlib.sha256(document.encode()).hexdigest()} -->\n"


def _wanted(edition: Edition, articles: Sequence[Article]) -> dict[str, str]:
    """Return what the files of an edition have to hold, by their path below the news."""
    brief, name = edition.brief, edition.name
    return {
        f"briefs/{name}.json": to_json(brief),
        f"briefs/{name}.md": to_markdown(brief, page=f"{name}.html"),
        f"briefs/{name}.html": to_html(brief, articles=articles),
        f"site/{name}.html": to_html(brief, home="index.html"),
    }


def earlier_files(place: Place, names: Sequence[str]) -> dict[str, str]:
    """Return the files of all editions but `names`, which nobody had a reason to touch."""
    own = [f"{name}." for name in names]
    return {
        str(path.relative_to(place.news)): path.read_text("utf-8")
        for path in sorted(place.news.glob("*/20*"))
        if not any(path.name.startswith(one) for one in own)
    }


def _text(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None


def _is_free(path: Path) -> bool:
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return True
