"""Who is sent to a child, who is suspected after a crash, and who is given up."""

from __future__ import annotations

import random

import pytest

from summarizer.model.docket import MAX_DEATHS, MAX_TRIES, Docket
from summarizer.model.interface import Prompt, Segment


def docket_of(count: int) -> tuple[Docket[str], list[str]]:
    docket: Docket[str] = Docket()
    prompts = [
        Prompt(id=f"p{n}", segments=(Segment(text="x"),), max_tokens=1) for n in range(count)
    ]
    return docket, [docket.add(prompt, f"caller {n}") for n, prompt in enumerate(prompts)]


def sent(docket: Docket[str]) -> list[str]:
    return [serial for serial, _ in docket.to_send()]


def answer(docket: Docket[str], serial: str) -> None:
    docket.note_answer()
    assert docket.pop(serial) is not None


def test_all_are_sent_at_once_and_once():
    docket, serials = docket_of(3)
    assert sent(docket) == serials
    assert sent(docket) == []


def test_newcomers_are_sent_while_others_are_under_way():
    docket, serials = docket_of(1)
    sent(docket)
    newcomer = docket.add(Prompt(id="new", segments=(), max_tokens=1), "new")
    assert sent(docket) == [newcomer]
    assert newcomer not in serials


def test_those_under_way_in_a_crash_come_first_and_alone():
    docket, (a, b, c, d) = docket_of(4)
    sent(docket)
    docket.start(b)
    docket.start(c)
    assert docket.died() == []
    assert sent(docket) == [b]
    assert sent(docket) == []
    answer(docket, b)
    assert sent(docket) == [c]
    answer(docket, c)
    assert sent(docket) == [a, d]


def test_two_crashes_under_way_are_the_end_of_a_request():
    docket, (a, b) = docket_of(2)
    sent(docket)
    docket.start(a)
    docket.died()
    assert sent(docket) == [a]
    docket.start(a)
    assert docket.died() == [a]


def test_waiting_does_not_count_as_a_try():
    docket, (a, b, c) = docket_of(3)
    for suspect in (a, b):
        sent(docket)
        docket.start(suspect)
        assert docket.died() == []
        assert sent(docket) == [suspect]
        answer(docket, suspect)
    assert sent(docket) == [c]
    docket.start(c)
    assert docket.died() == []


def test_first_sent_is_suspected_when_none_was_under_way():
    docket, (a, b) = docket_of(2)
    sent(docket)
    docket.died()
    assert sent(docket) == [a]
    assert docket.died() == [a]


def test_an_unsuspected_one_is_tried_before_the_model_is_given_up():
    docket, (a, b, c) = docket_of(3)
    sent(docket)
    docket.start(a)
    docket.start(b)
    docket.died()
    sent(docket)
    assert docket.died() == [a]
    docket.pop(a)
    assert sent(docket) == [c]
    answer(docket, c)
    assert sent(docket) == [b]


def test_three_deaths_without_an_answer_give_everything_up():
    docket, serials = docket_of(5)
    for death in range(1, MAX_DEATHS + 1):
        sent(docket)
        given_up = docket.died()
        for serial in given_up:
            docket.pop(serial)
        assert docket.given_up == (death == MAX_DEATHS)
    assert docket.serials() == []


def test_child_that_we_stopped_blames_nobody():
    docket, serials = docket_of(2)
    for _ in range(MAX_TRIES + MAX_DEATHS):
        assert sent(docket) == serials
        docket.start(serials[0])
        docket.stopped()
    assert not docket.given_up


def test_dropped_are_forgotten_and_only_those_sent_need_be_told():
    docket, (a, b) = docket_of(2)
    sent(docket)
    late = docket.add(Prompt(id="late", segments=(), max_tokens=1), "late")
    assert docket.drop([a, late, "unknown"]) == [a]
    assert docket.pop(a) is None
    assert docket.serials() == [b]
    assert docket.died() == []
    assert sent(docket) == [b]


def test_started_of_a_forgotten_request_is_ignored():
    docket, (a,) = docket_of(1)
    sent(docket)
    docket.drop([a])
    docket.start(a)
    assert not docket.busy


@pytest.mark.parametrize("seed", range(50))
def test_whatever_happens_each_leaves_exactly_once(seed):
    """A random child: starts, answers, dies, is stopped; some texts always kill it."""
    chance = random.Random(seed)
    docket, serials = docket_of(chance.randrange(1, 20))
    poison = set(chance.sample(serials, min(len(serials), chance.randrange(3))))
    left: list[str] = []
    child: list[str] = []
    started: set[str] = set()
    for _ in range(10_000):
        if not docket.serials():
            break
        child += sent(docket)
        event = chance.random()
        doomed = bool(started & poison) or event < 0.05
        if doomed:
            for serial in docket.died():
                left.append(serial)
                assert docket.pop(serial) is not None
            child, started = [], set()
        elif event < 0.08:
            docket.stopped()
            child, started = [], set()
        elif event < 0.5 and len(started) < 4 and set(child) - started:
            serial = next(s for s in child if s not in started)
            docket.start(serial)
            started.add(serial)
        elif started:
            serial = chance.choice(sorted(started))
            answer(docket, serial)
            child.remove(serial)
            started.discard(serial)
            left.append(serial)
    assert sorted(left) == sorted(serials)
