"""benchmarks.kill: a digest is killed and nothing is lost, and the judge would see if it were."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from benchmarks import kill_place
from benchmarks.kill import missed
from benchmarks.kill_aims import AIMS, Aim
from benchmarks.kill_judge import Evidence, Reference, file_problems, judge, plain, torn_files
from benchmarks.kill_place import PHASES, Place, Strike
from benchmarks.kill_report import table
from benchmarks.kill_trials import Trial
from summarizer.digest.state import State
from summarizer.digest.state.records import Delivery, DeliveryState, Outcome
from summarizer.render import to_html, to_json, to_markdown
from tests.conftest import make_bridge_brief
from tests.deliveries import NIGHT, make_edition

ROOT = Path(__file__).resolve().parent.parent
BRIEF = {"stories": ["a bridge"], "sources": [1, 2]}
ARTICLES = tuple(make_bridge_brief()[1].values())
KEYS = {"files": "msg_f", "email": "<mail@digest.test>", "webhook": "msg_w"}
ONE, TWO = "1" * 64, "2" * 64


def deliveries(**states: DeliveryState) -> dict[str, Delivery]:
    return {
        name: Delivery(
            edition=4, channel=name, state=states.get(name, DeliveryState.SENT), tries=1, key=key
        )
        for name, key in KEYS.items()
    }


REFERENCE = Reference(
    brief=BRIEF,
    name="2031-05-08",
    articles=frozenset({ONE, TWO}),
    keys=KEYS,
    earlier={"briefs/2031-05-07.json": "{}"},
)
# The model had answered the first article when the kill came, and had begun the second.
GOOD = Evidence(
    strikes=[Strike(phase="model", run=4, committed=frozenset({ONE}), begun=3)],
    exits=[0, 0],
    outcomes=[Outcome.KILLED, Outcome.DONE, Outcome.NOTHING_NEW],
    briefs=[BRIEF],
    names=["2031-05-08"],
    told={ONE: 1, TWO: 1},
    waiting=[],
    deliveries=deliveries(),
    reported=frozenset(),
    arrivals={KEYS["email"]: 1, KEYS["webhook"]: 1},
    answered={ONE[:12]: 1, TWO[:12]: 1},
    asked={4: 2, 5: 1},
    ledger=[("begun", ONE), ("answered", ONE), ("begun", TWO), ("begun", TWO), ("answered", TWO)],
    earlier=REFERENCE.earlier,
)
SENDING = [Strike("delivering email", run=4, sending=("email",), begun=5)]
UNKNOWN: dict[str, Any] = {
    "strikes": SENDING,
    "deliveries": deliveries(email=DeliveryState.UNKNOWN),
    "reported": frozenset({"email"}),
    "asked": {4: 2},
    "ledger": [*GOOD.ledger[:3], *GOOD.ledger[4:]],
}


def test_kills_that_do_no_harm_pass(tmp_path):
    figures = tmp_path / "figures.json"
    words = ["--kills", "4", "--articles", "3", "--seed", "5", "--no-aims", "--json", str(figures)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.kill", *words],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=120,
        env={"PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path)},
    )
    assert (done.returncode, done.stderr.count("failed")) == (0, 0), done.stdout + done.stderr
    told = json.loads(figures.read_text())["stub, at random"]
    assert told["kills"] == 4
    assert told["failed"] == []
    assert sum(row["kills"] for row in told["by_phase"].values()) == 4
    assert set(told["by_phase"]) <= set(PHASES)
    assert "0 trials failed" in done.stdout
    assert list(tmp_path.iterdir()) == [figures]  # the folders of good trials are gone


def test_good_evidence_has_nothing_wrong():
    assert judge(GOOD, REFERENCE) == []
    assert GOOD.begun_again() == 1


@pytest.mark.parametrize("count", [0, 1])
def test_delivery_cut_by_a_kill_may_have_arrived_or_not(count):
    found = replace(GOOD, **UNKNOWN, arrivals={KEYS["email"]: count, KEYS["webhook"]: 1})
    assert judge(found, REFERENCE) == []
    assert found.unknown == ("email",)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"exits": [0, 1]}, "exit code 1"),
        ({"outcomes": [Outcome.KILLED, Outcome.DONE, Outcome.DONE]}, "nothing was new"),
        ({"outcomes": [Outcome.KILLED, Outcome.NOTHING_NEW]}, "did not end well"),
        ({"outcomes": []}, "did not end well"),
        ({"outcomes": [Outcome.FAILED, Outcome.DONE, Outcome.NOTHING_NEW]}, "is called failed"),
        ({"skipped_last": 1}, "1 files that are no articles"),
        ({"lock_is_free": False}, "the lock"),
        ({"problems": ["row 3 of facts"]}, "row 3 of facts"),
        ({"files": ["briefs/x.json is missing"]}, "is missing"),
        ({"names": ["2031-05-08", "2031-05-08.2"]}, "made the editions"),
        ({"names": [], "briefs": []}, "made the editions"),
        ({"briefs": [BRIEF | {"sources": [1]}]}, "the brief differs in sources"),
        ({"briefs": [BRIEF | {"more": 1}]}, "the brief differs in keys"),
        ({"told": {ONE: 1}}, "222222222222 is in no edition"),
        ({"told": {ONE: 1, TWO: 2}}, "told by 2 editions"),
        ({"told": {ONE: 1, TWO: 1, "3" * 64: 1}}, "not in the inbox"),
        ({"waiting": [TWO]}, "waits for an edition"),
        ({"earlier": {"briefs/2031-05-07.json": "{"}}, "not what it was"),
        ({"ledger": [*GOOD.ledger, ("begun", ONE)]}, "asked again though its answer was kept"),
        ({"ledger": [*GOOD.ledger, ("begun", TWO)]}, "2 articles were begun again after 1 kills"),
        ({"asked": {4: 2, 5: 2}}, "run 5 asked about 2 articles, not the 1 without answer"),
        ({"asked": {4: 1, 5: 1}}, "run 4 asked about 1 articles, not the 2"),
        ({"answered": {ONE[:12]: 2}}, "was kept 2 times"),
        ({"arrivals": {KEYS["email"]: 2, KEYS["webhook"]: 1}}, "<mail@digest.test> arrived 2"),
        ({"arrivals": {KEYS["email"]: 1}}, "webhook is recorded as sent and arrived 0 times"),
        ({"arrivals": {**GOOD.arrivals, "msg_x": 1}}, "no delivery of this edition"),
        ({"deliveries": deliveries(email=DeliveryState.PENDING)}, "email is pending at the end"),
        ({"deliveries": {}}, "the deliveries are"),
        ({"deliveries": deliveries(files=DeliveryState.UNKNOWN)}, "it can be repeated"),
        ({**UNKNOWN, "strikes": GOOD.strikes}, "no kill struck while it was sent"),
        ({**UNKNOWN, "reported": frozenset()}, "no journal says so"),
        ({**UNKNOWN, "arrivals": {KEYS["email"]: 2, KEYS["webhook"]: 1}}, "arrived 2 times"),
        (
            {"strikes": [Strike("model", run=9, problems=("page 7",), begun=5)], "asked": {4: 2}},
            "after the kill: page 7",
        ),
        (
            {"strikes": [Strike("model", run=9, survivors=("7 x",), begun=5)], "asked": {4: 2}},
            "child outlived",
        ),
    ],
)
def test_harm_is_seen(changes, words):
    (wrong,) = [line for line in judge(replace(GOOD, **changes), REFERENCE) if words in line]
    assert wrong


@pytest.fixture
def delivered(tmp_path: Path) -> Place:
    """An edition whose files and page are there as its brief makes them."""
    place = Place(tmp_path)
    brief = make_edition(4).brief
    with State(place.copied_state) as state:
        for article in ARTICLES:
            state.articles.add(article, run=1, now=NIGHT, keys=b"")
    for folder in ("briefs", "site"):
        (place.news / folder).mkdir(parents=True)
    for end, text in (
        ("json", to_json(brief)),
        ("md", to_markdown(brief, page="2031-05-06.html")),
        ("html", to_html(brief, articles=ARTICLES)),
    ):
        (place.news / "briefs" / f"2031-05-06.{end}").write_text(text)
    page = to_html(brief, home="index.html")
    (place.news / "site" / "2031-05-06.html").write_text(page)
    (place.news / "site" / "index.html").write_text('<a href="2031-05-06.html">x</a></html>')
    names = ["2031-05-03", "2031-05-04", "2031-05-05", "2031-05-06"]
    entries = "".join(f'<entry><link href="{name}.html"/></entry>' for name in names)
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'
    (place.news / "site" / "feed.xml").write_text(feed)
    return place


def test_whole_files_have_no_problem(delivered):
    assert list(file_problems(delivered, make_edition(4), ARTICLES)) == []


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("briefs/2031-05-06.json", "not the stored brief"),
        ("briefs/2031-05-06.md", "not the stored brief"),
        ("briefs/2031-05-06.html", "not the stored brief"),
        ("site/2031-05-06.html", "not the stored brief"),
        ("site/index.html", "index of the site"),
        ("site/feed.xml", "no XML"),
    ],
)
def test_torn_or_missing_file_is_seen(delivered, path, words):
    file = delivered.news / path
    file.write_text(file.read_text()[:-7])
    (wrong,) = file_problems(delivered, make_edition(4), ARTICLES)
    assert words in wrong
    file.unlink()
    assert len(list(file_problems(delivered, make_edition(4), ARTICLES))) == 1


def test_file_that_is_torn_at_the_kill_is_seen(delivered):
    with State(delivered.copied_state) as state:
        state.editions.add(make_edition(4), (), (), {})
    (delivered.news / "site" / "index.html").write_text("<a></a></html>\n")
    assert list(torn_files(delivered)) == []
    (delivered.news / "site" / "2031-05-06.html").unlink()  # not written yet
    assert list(torn_files(delivered)) == []
    for name in ("briefs/2031-05-06.json", "site/feed.xml", "site/index.html"):
        file = delivered.news / name
        file.write_text(file.read_text()[:-3])
    found = " ".join(torn_files(delivered))
    assert re.search(r"json is torn .*feed.xml is no XML.*index.html has no end", found)


def test_entry_that_stands_twice_in_the_feed_is_seen(delivered):
    feed = delivered.news / "site" / "feed.xml"
    feed.write_text(feed.read_text().replace("2031-05-05", "2031-05-06"))
    (wrong,) = file_problems(delivered, make_edition(4), ARTICLES)
    assert "entries" in wrong


@pytest.mark.parametrize("cut", [1, 9, 90])
def test_earlier_page_that_is_torn_at_the_kill_is_seen(delivered, cut):
    (delivered.news / "site" / "index.html").write_text("<a></a></html>\n")
    earlier = delivered.news / "briefs" / "2031-05-05.html"  # of which the state says nothing
    earlier.write_text((delivered.news / "briefs" / "2031-05-06.html").read_text())
    assert list(torn_files(delivered)) == []
    earlier.write_text(earlier.read_text()[:-cut])
    assert list(torn_files(delivered)) == ["briefs/2031-05-05.html has no end"]


def test_page_without_its_articles_is_seen(delivered):
    page = delivered.news / "briefs" / "2031-05-06.html"
    page.write_text(to_html(make_edition(4).brief))
    (wrong,) = file_problems(delivered, make_edition(4), ARTICLES)
    assert wrong == "briefs/2031-05-06.html is not the stored brief"


def test_briefs_are_compared_without_what_differs_between_runs():
    brief = make_bridge_brief()[0]
    later = brief.run.model_copy(update={"tokens_read": 99})
    assert plain(brief.model_copy(update={"run": later})) == plain(brief)
    assert plain(brief.model_copy(update={"edition": "2031-05-07"})) != plain(brief)


def test_costs_are_counted_where_the_kill_struck():
    strikes = [*GOOD.strikes, *SENDING, Strike("delivering email", sending=("email",), begun=5)]
    found = replace(GOOD, **{**UNKNOWN, "strikes": strikes, "ledger": GOOD.ledger})
    rows = table([Trial(1, found, []), Trial(2, GOOD, ["something"])])
    assert list(rows) == ["model", "delivering email"]
    assert rows["model"] == {
        "kills": 2,
        "trials": 2,
        "failed": 1,
        "unknown": 0,
        "begun_again": 2,
    }
    assert rows["delivering email"]["kills"] == 2
    assert rows["delivering email"]["trials"] == rows["delivering email"]["unknown"] == 1


class Started:
    """A shell with a child that lives on, as the process that kill_after kills."""

    def __init__(self) -> None:
        script = "sleep 60 & echo $!; wait"
        self._shell = subprocess.Popen(
            ["sh", "-c", script], stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        self.pid = self._shell.pid
        self.child = psutil.Process(int((self._shell.stdout or sys.stdin).readline()))

    def is_alive(self) -> bool:
        return self._shell.poll() is None

    @property
    def exitcode(self) -> int | None:
        return self._shell.returncode

    def join(self, timeout_s: float | None = None) -> None:
        with suppress(subprocess.TimeoutExpired):
            self._shell.wait(timeout_s)

    def end(self) -> None:
        self._shell.kill()
        with suppress(psutil.NoSuchProcess):
            self.child.kill()
        self._shell.communicate()


@pytest.fixture
def started() -> Iterator[Started]:
    process = Started()
    yield process
    process.end()


@pytest.mark.parametrize(("group", "survivors"), [(False, 1), (True, 0)])
def test_child_that_outlives_a_killed_run_is_seen(monkeypatch, started, group, survivors):
    monkeypatch.setattr(kill_place, "_GONE_S", 0.1)
    death = kill_place.kill_after(started, 0.01, group=group)
    assert death.struck
    assert (death.children, len(death.survivors)) == (survivors, survivors)


def test_what_no_ledger_tells_is_not_told():
    rows = table([Trial(1, replace(GOOD, ledger=[]), [])])
    assert rows == {"model": {"kills": 1, "trials": 1, "failed": 0, "unknown": 0}}


AIM = Aim("email: taken", "held", ("email",), unknown="email")


@pytest.mark.parametrize(
    ("aim", "changes", "words"),
    [
        (AIM, {"strikes": []}, "did not come"),
        (AIM, {}, "unknown are []"),
        (AIM._replace(unknown=""), UNKNOWN, "unknown are ['email']"),
        (AIM._replace(arrives=0), UNKNOWN, "it arrived 1 times"),
    ],
)
def test_aim_that_met_another_moment_is_told(aim, changes, words):
    (wrong,) = missed(aim, replace(GOOD, **changes))
    assert words in wrong
    assert list(missed(AIM, replace(GOOD, **UNKNOWN))) == []


def test_aims_have_names_of_their_own():
    assert len({aim.name for aim in AIMS}) == len(AIMS)
