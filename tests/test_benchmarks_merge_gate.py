"""The merger's gate: a figure that falls, a set that changed, and floors that are missing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from benchmarks import merge_gate
from benchmarks.merge_gate import ASKED, FILES, MARGIN, lines, main

GOOD = {figure: least + 0.05 for figure, least in ASKED.items()}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "merge"
    folder.mkdir()
    for file in FILES.values():
        (folder / file).write_text("{}\n")
    return folder


def measured(monkeypatch: pytest.MonkeyPatch, figures: Mapping[str, float]) -> None:
    monkeypatch.setattr(merge_gate, "measure", lambda _data: dict(figures))


def test_figures_that_stay_within_the_margin_pass(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    floors = tmp_path / "floors.json"
    measured(monkeypatch, GOOD)
    assert main(["--update"], data=data, to=floors) == 0
    measured(monkeypatch, {figure: value - MARGIN for figure, value in GOOD.items()})
    assert main([], data=data, to=floors) == 0


@pytest.mark.parametrize("figure", sorted(GOOD))
def test_a_figure_that_falls_is_named(
    figure: str,
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    floors = tmp_path / "floors.json"
    measured(monkeypatch, GOOD)
    main(["--update"], data=data, to=floors)
    measured(monkeypatch, {**GOOD, figure: GOOD[figure] - MARGIN - 0.001})
    capsys.readouterr()
    assert main([], data=data, to=floors) == 1
    (worse,) = [line for line in capsys.readouterr().out.splitlines() if "WORSE" in line]
    assert figure in worse


def test_no_floor_is_below_what_was_asked() -> None:
    low = dict.fromkeys(ASKED, 0.1)
    assert all(line.worse for line in lines(low, low))


def test_a_figure_that_is_not_measured_any_more_is_worse() -> None:
    assert [line.figure for line in lines({"more": 0.5}, GOOD) if line.worse] == ["more"]


def test_another_corpus_is_not_compared(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    floors = tmp_path / "floors.json"
    measured(monkeypatch, GOOD)
    main(["--update"], data=data, to=floors)
    (data / FILES["mrpc"]).write_text("{}\n{}\n")
    assert main([], data=data, to=floors) == 1


def test_without_floors_nothing_passes(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured(monkeypatch, GOOD)
    assert main([], data=data, to=tmp_path / "none.json") == 1


def test_without_data_nothing_is_measured_and_the_gate_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([], data=tmp_path, to=tmp_path / "none.json") == 0
    assert "not measured" in capsys.readouterr().out


def test_the_pinned_floors_hold_every_figure_that_was_asked() -> None:
    pinned = json.loads(merge_gate.FLOORS.read_text(encoding="utf-8"))
    assert set(pinned["figures"]) >= set(ASKED)
    assert set(pinned["corpora"]) == set(FILES.values())
