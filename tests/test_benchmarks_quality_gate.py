"""The quality gate on invented sets: pinned, compared, and never silent about what it left out."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from benchmarks import quality_gate
from benchmarks.quality_gate import (
    MEAN,
    SETS,
    GateSet,
    JudgeLayer,
    Layers,
    Line,
    compare,
    corpora,
    differences,
    entry,
    main,
    mean_entry,
    sampled,
    standard_errors,
    updated,
    values,
)
from benchmarks.support_figures import Verdict
from benchmarks.support_scores import KeptScores, VerifierStopped
from summarizer.errors import GenerationError, ModelFileError, ModelUnavailable
from summarizer.validate import DEFAULT_STRICTNESS

FEW = {"press": GateSet("press.jsonl", "wire"), "edits": GateSet("edits.jsonl")}


def row(number: int, label: int, origin: str = "wire") -> dict[str, Any]:
    said = f"The harbour of Quell counted {number} ferries on Monday."
    doc = f"{said} The mayor was pleased with them."
    claim = said if label else "Zebras migrate yearly."
    return {"doc": doc, "claim": claim, "label": label, "origin": origin}


def verdict(label: int, supported: bool, score: float | None = None, **keys: Any) -> Verdict:
    given = float(supported) if score is None else score
    return Verdict(label, supported, given, "", {**row(1, label), **keys})


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two small sets, one of two origins, beside a file of another origin in the first."""
    monkeypatch.setattr(quality_gate, "SETS", FEW)
    monkeypatch.setattr(quality_gate, "ROWS", 40)
    folder = tmp_path / "support"
    folder.mkdir()
    press = [row(i, int(i % 3 > 0)) for i in range(60)] + [row(i, 1, "blog") for i in range(9)]
    edits = [row(i, i % 2, ("mail", "talk")[i // 40]) for i in range(80)]
    for name, rows in (("press", press), ("edits", edits)):
        text = "".join(json.dumps(one) + "\n" for one in rows)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return folder


Judge = Callable[[Sequence[dict[str, Any]]], list[Verdict]]


def judge_with(wrong: int = 0) -> Judge:
    """Judge rightly but for `wrong` of the supported rows, which are stripped."""

    def judged(rows: Sequence[dict[str, Any]]) -> list[Verdict]:
        left = wrong
        found = []
        for one in rows:
            right = not (one["label"] and left > 0)
            left -= not right
            supported = bool(one["label"]) and right
            found.append(Verdict(one["label"], supported, 0.9 if supported else 0.1, "", one))
        return found

    return judged


def layers(absent: str = "", **judges: Judge) -> Callable[[argparse.Namespace], Layers]:
    found = {name: JudgeLayer(judge, f"digest of {name}") for name, judge in judges.items()}
    return lambda _options: Layers(found, absent)


def gate(
    data: Path, *flags: str, opened: Callable[[argparse.Namespace], Layers] | None = None
) -> int:
    baseline = data.parent / "baseline.json"
    argv = ["--data", str(data), "--baseline", str(baseline), *flags]
    return main(argv, opened or layers(facts=judge_with()))


def pinned(data: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads((data.parent / "baseline.json").read_text("utf-8"))
    return report


# -- one figure beside its floor ------------------------------------------------------


@pytest.mark.parametrize(
    ("figure", "floor", "value", "worse"),
    [
        ("auc", 0.8, 0.8, False),
        ("auc", 0.8, 0.75, False),  # on the margin
        ("auc", 0.8, 0.7499, True),
        ("auc", 0.8, 0.99, False),
        ("balanced_accuracy", 0.8, 0.7, True),
        ("false_strip", 0.1, 0.15, False),
        ("false_strip", 0.1, 0.1501, True),
        ("false_strip", 0.1, 0.0, False),
        ("auc", 0.8, None, True),
    ],
)
def test_figure_is_worse_only_beyond_its_margin(figure, floor, value, worse):
    assert Line("press", figure, floor, 0.05, value).worse is worse


# -- figures and their margin ---------------------------------------------------------


def test_values_are_the_mean_over_origins():
    right = [verdict(1, True, origin="a")] * 30 + [verdict(0, False, origin="a")] * 30
    wrong = [verdict(1, False, origin="b"), verdict(0, True, origin="b")]
    assert values(right + wrong) == {"balanced_accuracy": 0.5, "auc": 0.5, "false_strip": 0.5}


def test_error_of_a_share_is_that_of_the_binomial_where_no_document_repeats():
    some = [verdict(1, i % 5 > 0, doc=str(i)) for i in range(200)]
    some += [verdict(0, False, doc=str(200 + i)) for i in range(200)]
    expected = (0.2 * 0.8 / 200) ** 0.5
    assert standard_errors(some)["false_strip"] == pytest.approx(expected, rel=0.15)


def test_rows_of_one_document_err_together():
    apart = [verdict(1, i % 2 > 0, doc=str(i)) for i in range(100)]
    together = [verdict(1, i % 2 > 0, doc=str(i % 10)) for i in range(100)]
    ratio = standard_errors(together)["false_strip"] / standard_errors(apart)["false_strip"]
    assert ratio == pytest.approx(10**0.5, rel=0.25)  # 10 documents tell as much as 10 rows


def test_errors_are_the_same_in_every_run():
    some = [verdict(i % 2, i % 3 > 0, doc=str(i)) for i in range(50)]
    assert standard_errors(some) == standard_errors(some)


def test_margin_is_two_errors_but_never_less_than_one_row():
    perfect = entry([verdict(1, True, doc=str(i)) for i in range(20)])
    assert perfect["false_strip"] == {"value": 0.0, "margin": 0.05}
    assert perfect["auc"]["value"] is None
    mixed = [verdict(1, i % 2 > 0, doc=str(i)) for i in range(100)]
    error = standard_errors(mixed)["false_strip"]
    assert entry(mixed)["false_strip"]["margin"] == pytest.approx(2 * error, abs=1e-4)


def test_mean_of_the_sets_has_the_narrower_margin():
    def one(value: float | None, margin: float) -> dict[str, Any]:
        figure = {"value": value, "margin": margin}
        return {"rows": 10, "supported": 5, **dict.fromkeys(quality_gate.FIGURES, figure)}

    found = mean_entry([one(0.6, 0.06), one(0.8, 0.08), one(None, 0.5)])
    assert found["auc"] == {"value": 0.7, "margin": 0.05}  # sqrt(.06² + .08²) / 2
    assert (found["rows"], found["supported"]) == (30, 15)


def test_sample_is_even_by_label_and_the_same_from_each_origin(data):
    press = sampled(FEW["press"], data)
    assert len(press) == 40 and sum(one["label"] for one in press) == 20
    assert {one["origin"] for one in press} == {"wire"}
    edits = sampled(FEW["edits"], data)
    assert [sum(one["origin"] == o for one in edits) for o in ("mail", "talk")] == [20, 20]
    assert sampled(FEW["edits"], data) == edits


# -- the gate -------------------------------------------------------------------------


def test_update_then_gate_is_fine(data, capsys):
    assert gate(data, "--update") == 0
    assert gate(data) == 0
    out = capsys.readouterr().out
    assert "ok: no figure is worse" in out and MEAN in out


def test_update_pins_figures_digests_seed_strictness_and_margin(data):
    gate(data, "--update", opened=layers(facts=judge_with(5), verifier=judge_with()))
    report = pinned(data)
    assert report["corpora"] == corpora(data)
    assert report["seed"] == quality_gate.SEED
    assert report["strictness"] == DEFAULT_STRICTNESS
    assert "2 standard errors" in report["margin"]
    assert list(report["layers"]) == ["facts", "verifier"]
    assert report["layers"]["verifier"]["adapter"] == "digest of verifier"
    facts = report["layers"]["facts"]["sets"]
    assert set(facts) == {*FEW, MEAN}
    assert facts["press"]["false_strip"]["value"] == 0.25
    assert facts["press"]["balanced_accuracy"]["value"] == 0.875
    assert str(data.parent) not in json.dumps(report)  # no path of a machine


def test_update_of_an_unchanged_validator_changes_no_byte(data):
    gate(data, "--update")
    before = (data.parent / "baseline.json").read_bytes()
    gate(data, "--update")
    assert (data.parent / "baseline.json").read_bytes() == before


def test_worse_validator_fails_and_the_figures_are_named(data, capsys):
    gate(data, "--update", opened=layers(facts=judge_with(2)))
    capsys.readouterr()
    assert gate(data, opened=layers(facts=judge_with(15))) == 1
    lines = capsys.readouterr().out.splitlines()
    assert any("press" in one and "false_strip" in one and "worse" in one for one in lines)
    assert any(MEAN in one and one.endswith("worse") for one in lines)


def test_one_row_less_is_noise(data):
    gate(data, "--update", opened=layers(facts=judge_with(4)))
    assert gate(data, opened=layers(facts=judge_with(5))) == 0


def test_better_validator_is_fine(data):
    gate(data, "--update", opened=layers(facts=judge_with(15)))
    assert gate(data, opened=layers(facts=judge_with())) == 0


def test_worse_verifier_is_not_hidden_by_good_facts(data):
    gate(data, "--update", opened=layers(facts=judge_with(), verifier=judge_with()))
    assert gate(data, opened=layers(facts=judge_with(), verifier=judge_with(12))) == 1


def test_another_adapter_is_told_and_held_to_the_same_floors(data, capsys):
    gate(data, "--update")
    capsys.readouterr()
    other = Layers({"facts": JudgeLayer(judge_with(), "another")})
    assert gate(data, opened=lambda _options: other) == 0
    assert "the adapter is another" in capsys.readouterr().out


# -- what cannot be compared ----------------------------------------------------------


def test_absent_data_is_skipped_and_nothing_is_claimed(tmp_path, capsys):
    def unopened(_options: argparse.Namespace) -> Layers:
        raise AssertionError("a model was opened for nothing")

    for flags in ([], ["--update"]):
        baseline = tmp_path / "baseline.json"
        argv = ["--data", str(tmp_path / "absent"), "--baseline", str(baseline), *flags]
        assert main(argv, unopened) == 0
        out = capsys.readouterr().out
        assert "skipped, nothing was measured" in out and "ok" not in out
        assert not baseline.exists()


def test_changed_corpus_is_named_and_fails(data, capsys):
    gate(data, "--update")
    with (data / "edits.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(row(99, 1)) + "\n")
    assert gate(data) == 1
    error = capsys.readouterr().err
    assert "edits.jsonl: the corpus changed; measure anew with --update" in error
    assert "press.jsonl: the corpus changed" not in error
    assert gate(data, "--update") == 0
    assert gate(data) == 0


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("DEFAULT_STRICTNESS", 0.71, f"strictness was {DEFAULT_STRICTNESS} and is 0.71"),
        ("SEED", 3, "seed was"),
        ("ROWS", 10, "rows was 40 and is 10"),
        ("SETS", {"press": FEW["press"]}, "sets was"),
    ],
)
def test_changed_sample_or_strictness_is_named_and_fails(
    data, capsys, monkeypatch, name, value, told
):
    gate(data, "--update")
    monkeypatch.setattr(quality_gate, name, value)
    assert gate(data) == 1
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("text", [None, "", "{broken", "[]", "{}", '{"layers": 3}'])
def test_baseline_that_is_absent_or_broken_fails_and_can_be_made_anew(data, capsys, text):
    if text is not None:
        (data.parent / "baseline.json").write_text(text, encoding="utf-8")
    assert gate(data) == 1
    assert "--update" in capsys.readouterr().err
    assert gate(data, "--update") == 0
    assert gate(data) == 0


def test_missing_file_is_named(data, capsys):
    gate(data, "--update")
    (data / "press.jsonl").unlink()
    assert gate(data) == 1
    assert "lacks press.jsonl" in capsys.readouterr().err


def test_missing_origin_is_named(data, capsys, monkeypatch):
    monkeypatch.setattr(quality_gate, "SETS", {"press": GateSet("press.jsonl", "radio")})
    assert gate(data, "--update") == 1
    assert "press.jsonl has no rows of radio" in capsys.readouterr().err


def test_layer_without_floors_fails(data, capsys):
    gate(data, "--update")
    assert gate(data, opened=layers(facts=judge_with(), verifier=judge_with())) == 1
    assert "no floors are pinned for: verifier" in capsys.readouterr().err


def test_absent_verifier_is_told_and_the_facts_are_still_held_to_their_floors(data, capsys):
    gate(data, "--update", opened=layers(facts=judge_with(), verifier=judge_with()))
    capsys.readouterr()
    assert gate(data, opened=layers("no model", facts=judge_with())) == 0
    assert "the verifier was NOT measured: no model" in capsys.readouterr().out
    assert gate(data, opened=layers("no model", facts=judge_with(15))) == 1


def test_update_without_the_verifier_keeps_its_floors_while_they_hold(data, capsys):
    gate(data, "--update", opened=layers(facts=judge_with(), verifier=judge_with()))
    before = pinned(data)["layers"]["verifier"]
    gate(data, "--update", opened=layers("no model", facts=judge_with(3)))
    assert pinned(data)["layers"]["verifier"] == before
    assert "kept as they were: verifier" in capsys.readouterr().out
    with (data / "edits.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(row(99, 1)) + "\n")
    gate(data, "--update", opened=layers("no model", facts=judge_with()))
    assert list(pinned(data)["layers"]) == ["facts"]  # measured on another corpus: dropped


def test_verifier_that_gives_up_fails_and_pins_nothing(data, capsys):
    def stops(_rows: object) -> list[Verdict]:
        raise VerifierStopped("the model gave up")

    assert gate(data, "--update", opened=layers(facts=judge_with(), verifier=stops)) == 1
    assert "the model gave up" in capsys.readouterr().err
    assert not (data.parent / "baseline.json").exists()


def test_layers_are_closed_also_after_a_failure(data):
    closed: list[bool] = []
    found = {"facts": JudgeLayer(judge_with())}
    for flags in (["--update"], []):
        gate(data, *flags, opened=lambda _o: Layers(found, close=lambda: closed.append(True)))
        (data / "press.jsonl").write_text("", encoding="utf-8")
    assert closed == [True, True]


def test_figure_that_is_no_longer_measured_is_worse(data):
    gate(data, "--update")
    floors = pinned(data)["layers"]["facts"]
    now = {"sets": {"press": floors["sets"]["press"], MEAN: floors["sets"][MEAN]}}
    missing = {line.set for line in compare(floors, now) if line.worse}
    assert missing == {"edits"}


def test_differences_name_a_file_that_was_added_or_dropped():
    base: dict[str, Any] = {"strictness": 0.5, "seed": 1, "rows": 2, "sets": ["a"]}
    old, new = {**base, "corpora": {"a.jsonl": "1"}}, {**base, "corpora": {"b.jsonl": "2"}}
    assert [one.split(":")[0] for one in differences(old, new)] == ["a.jsonl", "b.jsonl"]
    assert differences(old, old) == []


def test_update_of_a_broken_baseline_starts_anew(tmp_path):
    path = tmp_path / "baseline.json"
    path.write_text("{broken", encoding="utf-8")
    measured: Mapping[str, Any] = {"facts": {"sets": {}}}
    assert updated(path, {"corpora": {}}, measured)["layers"] == measured


# -- the ways of judging --------------------------------------------------------------


class Failing:
    name = "failing"

    def __init__(self, error: Exception) -> None:
        self.error = error

    def scores(self, _pairs: Sequence[tuple[str, str]]) -> list[float]:
        raise self.error


class Agreeing:
    name = "agreeing"

    def scores(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        return [5.0] * len(pairs)


def opened_with(monkeypatch: pytest.MonkeyPatch, kept: KeptScores | None) -> Layers:
    monkeypatch.setattr(quality_gate, "open_kept", lambda _path: kept)
    return quality_gate.open_layers(argparse.Namespace(no_verifier=False, scores=None))


def test_real_validator_passes_quotes_and_refuses_the_unrelated(data, monkeypatch):
    found = opened_with(monkeypatch, KeptScores(Agreeing(), "digest"))
    assert list(found.found) == ["facts", "verifier"] and not found.absent
    assert found.found["verifier"].adapter == "digest"
    assert gate(data, "--update", opened=lambda _options: found) == 0
    for layer in pinned(data)["layers"].values():
        assert layer["sets"]["press"]["balanced_accuracy"]["value"] == 1.0
        assert len(layer["calibration"]) == 64


def test_verifier_that_is_not_here_leaves_the_facts_layer(monkeypatch):
    without_adapter = opened_with(monkeypatch, None)
    assert list(without_adapter.found) == ["facts"] and "adapter" in without_adapter.absent
    unreachable = KeptScores(Failing(ModelUnavailable("no network")), "digest")
    without_model = opened_with(monkeypatch, unreachable)
    assert list(without_model.found) == ["facts"] and without_model.absent == "no network"


@pytest.mark.parametrize("error", [ModelFileError("damaged"), GenerationError("gave up")])
def test_verifier_that_is_here_and_broken_is_no_reason_to_pass(monkeypatch, error):
    with pytest.raises(VerifierStopped):
        opened_with(monkeypatch, KeptScores(Failing(error), "digest"))


def test_verifier_can_be_left_out(monkeypatch):
    monkeypatch.setattr(quality_gate, "open_kept", lambda _path: pytest.fail("opened"))
    found = quality_gate.open_layers(argparse.Namespace(no_verifier=True, scores=None))
    assert list(found.found) == ["facts"] and found.absent


@pytest.mark.shared
def test_shared_data_has_every_set_of_the_gate(shared_dir):
    for name, one in SETS.items():
        rows = sampled(one, shared_dir / "bench" / "support")
        supported = sum(r["label"] for r in rows)
        assert 60 <= len(rows) <= quality_gate.ROWS, name
        assert 25 <= supported <= len(rows) - 25, name
