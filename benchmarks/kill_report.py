"""The results of the kills, by the phase in which they struck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.kill_place import PHASES
from benchmarks.kill_trials import Trial

_AGAIN = "begun_again"
_COLUMNS = ("kills", "trials", "failed", "unknown", _AGAIN)


def table(trials: Sequence[Trial]) -> dict[str, dict[str, int]]:
    """Return by phase, or by aim: kills, trials they are of, failed ones, and what they cost.

    How many articles were begun again is told where the model kept a ledger.
    """
    has_ledger = any(trial.evidence.ledger for trial in trials)
    columns = [one for one in _COLUMNS if has_ledger or one != _AGAIN]
    rows: dict[str, dict[str, int]] = {}
    for trial in trials:
        met = set()
        for place, strike in enumerate(trial.evidence.strikes):
            name = strike.aim or strike.phase
            row = rows.setdefault(name, dict.fromkeys(columns, 0))
            row["kills"] += 1
            row["unknown"] += len(_made_unknown(trial, place))
            if _AGAIN in row:
                row[_AGAIN] += len(_begun_again(trial, place))
            met.add(name)
        for name in met:
            rows[name]["trials"] += 1
            rows[name]["failed"] += bool(trial.wrong)
    order = {name: number for number, name in enumerate(PHASES)}
    return dict(sorted(rows.items(), key=lambda row: order.get(row[0], len(order))))


def _made_unknown(trial: Trial, place: int) -> set[str]:
    """Return the channels whose delivery a kill cut, the first that did."""
    before = [c for strike in trial.evidence.strikes[:place] for c in strike.sending]
    here = trial.evidence.strikes[place].sending
    return {c for c in here if c in trial.evidence.unknown and c not in before}


def _begun_again(trial: Trial, place: int) -> set[str]:
    """Return the articles that were begun before a kill, in the run it struck, and after it."""
    strikes, ledger = trial.evidence.strikes, trial.evidence.ledger
    first = strikes[place - 1].begun if place else 0
    here = _begun(ledger[first : strikes[place].begun])
    return here & _begun(ledger[strikes[place].begun :])


def _begun(lines: Sequence[tuple[str, str]]) -> set[str]:
    return {article for what, article in lines if what == "begun"}


def show(figures: Mapping[str, Mapping[str, Any]]) -> None:
    """Print a table for each result."""
    for name, told in figures.items():
        print(
            f"\n{name}: {told['trials']} trials, {told['kills']} kills, an undisturbed run takes "
            f"{told['run_s']} s"
        )
        print(f"{'':42}" + "".join(f"{one.replace('_', ' '):>13}" for one in _COLUMNS))
        for phase, row in told["by_phase"].items():
            print(f"{phase:42}" + "".join(f"{row.get(one, '?'):>13}" for one in _COLUMNS))
        again = "?" if told["begun_again"] is None else told["begun_again"]
        print(
            f"{len(told['failed'])} trials failed; {told['unknown']} deliveries are unknown, "
            f"{again} articles were begun again; of {told['temporary_files_made']} temporary files "
            f"that kills left {told['temporary_files_left']} are there at the end, of "
            f"{told['children_at_kills']} children of runs killed alone {told['children_left']} "
            "lived on"
        )
        for one in told["failed"]:
            print(f"  trial {one['trial']}: " + "; ".join(one["wrong"]))
