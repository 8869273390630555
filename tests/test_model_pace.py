"""How many threads decode, against machines that are idle, busy, and both in turn."""

from __future__ import annotations

from summarizer.model.pace import Pace


def run(pace: Pace, seconds: dict[int, float], decodes: int, tokens: int = 4) -> list[int]:
    """Decode so often on a machine where n threads take seconds[n] a batch; return the choices."""
    chosen = []
    for _ in range(decodes):
        threads = pace.threads(tokens)
        chosen.append(threads)
        pace.note(tokens, threads, seconds[threads])
    return chosen


IDLE = {1: 0.19, 2: 0.10}
BUSY = {1: 0.30, 2: 0.65}


def test_idle_machine_uses_every_core_but_for_rare_trials():
    chosen = run(Pace(2), IDLE, 400)
    assert chosen.count(1) <= 400 / 40 + 1
    assert set(chosen[:3]) == {2}


def test_busy_machine_falls_back_to_one_thread():
    chosen = run(Pace(2), BUSY, 170)
    assert chosen[4:].count(2) <= 11


def test_collapse_in_the_middle_is_noticed_within_a_few_decodes():
    pace = Pace(2)
    run(pace, IDLE, 50)
    assert run(pace, BUSY, 10)[3:].count(1) >= 6


def test_cores_are_used_again_soon_after_they_are_free():
    pace = Pace(2)
    run(pace, IDLE, 20)
    run(pace, BUSY, 50)
    chosen = run(pace, IDLE, 80)
    assert chosen[20:].count(2) > 55


def test_what_one_size_of_batch_learns_the_others_use():
    pace = Pace(2)
    run(pace, IDLE, 20, tokens=4)
    run(pace, {1: 9.0, 2: 5.0}, 45, tokens=256)
    run(pace, BUSY, 10, tokens=4)
    assert pace.threads(256) == 1


def test_new_size_starts_with_what_holds_for_the_others():
    pace = Pace(2)
    run(pace, BUSY, 10, tokens=4)
    assert pace.threads(256) == 1


def test_single_core_has_no_choice():
    assert set(run(Pace(1), {1: 0.2}, 60)) == {1}
