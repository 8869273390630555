"""Rows, verdicts, kept scores and the command, with invented rows and an invented verifier."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from benchmarks import support
from benchmarks.support_figures import Bin
from benchmarks.support_plot import reliability_svg
from benchmarks.support_rows import (
    RowError,
    by_origin,
    digest,
    even_sample,
    kinds,
    read_rows,
    sample,
)
from benchmarks.support_scores import (
    NO_EVIDENCE,
    KeptScores,
    VerifierStopped,
    entailment_alone,
    judge,
)
from summarizer.errors import GenerationError
from summarizer.validate import Validator
from summarizer.validate.calibration import Calibration, Layer, Point

DOC = (
    "The Velmora bridge opened to traffic on Tuesday. "
    "It cost 340 million crowns, the harbour office said. "
    "Mayor Ilse Tarn did not attend the opening of the bridge."
)
SAID = "The Velmora bridge opened to traffic on Tuesday."
RETOLD = "The bridge at Velmora opened on Tuesday."
UNRELATED = "Zebras migrate yearly."  # shares no word with DOC, so code alone refuses it


def row(claim: str, label: int, *, origin: str = "press", doc: str = DOC, **meta: Any) -> Any:
    return {"doc": doc, "claim": claim, "label": label, "origin": origin, "meta": meta}


def write_rows(path: Path, rows: Sequence[Any]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    return path


class FakeVerifier:
    """Answers by the claim; everything else gets -2."""

    name = "fake"

    def __init__(self, odds: dict[str, float] | None = None) -> None:
        self.odds = odds or {}
        self.asked: list[tuple[str, str]] = []

    def scores(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        self.asked += pairs
        return [self.odds.get(claim, -2.0) for _, claim in pairs]


class BrokenVerifier(FakeVerifier):
    def scores(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        raise GenerationError("the model gave up")


def entailment_only() -> Calibration:
    """Let the verifier alone decide at log-odds 0; without one nothing but quotes passes."""
    curve = tuple(
        Point(strictness=s, threshold=0.5, false_pass=0.1, false_strip=0.1) for s in (0.0, 1.0)
    )
    return Calibration(
        facts=Layer(intercept=-9.0, weights={}, curve=curve),
        verifier=Layer(intercept=0.0, weights={"entailment": 4.0}, curve=curve),
    )


# -- rows -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({"edit_types": ["a", "b", "a"], "kind": "edit_bad"}, ["a", "b"]),
        ({"edit_types": [], "kind": "edit_bad"}, ["edit_bad"]),
        ({"errors": "['intrinsic-NP', 'extrinsic-NP']"}, ["intrinsic-NP", "extrinsic-NP"]),
        ({"errors": ["OutE", "OutE"]}, ["OutE"]),
        ({"label3": "Refutes"}, ["Refutes"]),
        ({}, []),
    ],
)
def test_kinds_of_error_are_those_the_set_names(meta, expected):
    assert kinds(row("x", 0, **meta)) == expected


def test_row_without_meta_has_no_kinds():
    assert kinds({"doc": "d", "claim": "c", "label": 0}) == []
    assert kinds({"doc": "d", "claim": "c", "label": 0, "meta": None}) == []


def test_unedited_summaries_are_no_test(tmp_path):
    rows = [row("a", 1, kind="seed"), row("b", 1, kind="edit_ok"), row("c", 0, kind="edit_bad")]
    path = write_rows(tmp_path / "edits.jsonl", rows)
    assert [one["claim"] for one in read_rows(path)] == ["b", "c"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{not json", "line 1: not JSON"),
        ('{"doc": "d", "claim": "c"}', "needs doc, claim and label"),
        ("[1]", "needs doc, claim and label"),
        ('{"doc": "d", "claim": "c", "label": 2}', "neither 0 nor 1"),
    ],
)
def test_line_that_is_no_row_is_named(tmp_path, text, told):
    path = tmp_path / "odd.jsonl"
    path.write_text(text + "\n", encoding="utf-8")
    with pytest.raises(RowError, match=told):
        read_rows(path)


def test_sample_is_the_same_for_the_same_seed_only():
    rows = [row(str(i), i % 2) for i in range(100)]
    assert sample(rows, 10, 1) == sample(rows, 10, 1) != sample(rows, 10, 2)
    assert sample(rows, 0, 1) == sample(rows, 500, 1) == rows


@pytest.mark.parametrize(
    ("good", "bad", "count", "expected"),
    [
        (50, 50, 20, (10, 10)),
        (50, 3, 20, (17, 3)),
        (3, 50, 20, (3, 17)),
        (4, 5, 20, (4, 5)),
        (30, 0, 20, (20, 0)),
        (50, 50, 21, (11, 10)),
    ],
)
def test_even_sample_takes_half_of_either_label_where_it_can(good, bad, count, expected):
    rows = [row("x", 1)] * good + [row("y", 0)] * bad
    chosen = even_sample(rows, count, 0)
    supported = sum(one["label"] for one in chosen)
    assert (supported, len(chosen) - supported) == expected


def test_origins_are_kept_apart():
    rows = [row("a", 1, origin="b"), row("b", 0, origin="a"), row("c", 0, origin="b")]
    assert {o: len(some) for o, some in by_origin(rows).items()} == {"a": 1, "b": 2}


def test_digest_tells_one_changed_byte(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"abc")
    # the test vector of FIPS 180-4
    assert digest(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    path.write_bytes(b"abd")
    assert not digest(path).startswith("ba7816bf")


# -- verdicts and kept scores ---------------------------------------------------------


def test_verdicts_are_in_the_order_of_the_rows():
    other = "The harbour of Quell closed for a week in winter. Its ferries stayed in port."
    rows = [
        row(SAID, 1),
        row("The harbour of Quell closed for a week in winter.", 1, doc=other),
        row(UNRELATED, 0),
    ]
    found = judge(rows, Validator()).verdicts
    assert [v.row for v in found] == rows
    assert [v.supported for v in found] == [True, True, False]
    assert [v.reason for v in found] == ["", "", "no_evidence"]


def test_claims_of_one_document_are_asked_together():
    calls: list[int] = []

    class Counting(FakeVerifier):
        def scores(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
            calls.append(len(pairs))
            return super().scores(pairs)

    other = DOC.replace("Velmora", "Quell")
    rows = [
        row(RETOLD, 1),
        row("The bridge at Quell opened on Tuesday.", 1, doc=other),
        row("The bridge cost 340 million crowns.", 1),
    ]
    judge(rows, Validator(Counting()))
    assert sorted(calls) == [1, 2]


def test_verifier_decides_by_its_score():
    yes, no = (
        judge([row(RETOLD, 1)], Validator(FakeVerifier({RETOLD: odds}), figures=entailment_only()))
        for odds in (6.0, -6.0)
    )
    assert yes.verdicts[0].supported and not no.verdicts[0].supported


def test_kept_score_needs_no_verifier_in_a_second_run(tmp_path):
    path = tmp_path / "deep" / "scores.jsonl"
    fake = FakeVerifier({RETOLD: 3.25})
    first = KeptScores(fake, "digest", path)
    assert first.scores([("evidence", RETOLD), ("evidence", "other")]) == [3.25, -2.0]
    again = KeptScores(BrokenVerifier(), "digest", path)
    assert again.scores([("evidence", "other"), ("evidence", RETOLD)]) == [-2.0, 3.25]
    assert (first.remembered, again.remembered) == (0, 2)


@pytest.mark.parametrize(
    ("adapter", "pair"),
    [
        ("other", ("e", "c")),
        ("digest", ("e2", "c")),
        ("digest", ("e", "c2")),
        ("digest", ("ec", "")),
    ],
)
def test_other_adapter_evidence_or_claim_is_asked_anew(tmp_path, adapter, pair):
    path = tmp_path / "scores.jsonl"
    KeptScores(FakeVerifier(), "digest", path).scores([("e", "c")])
    fake = FakeVerifier()
    KeptScores(fake, adapter, path).scores([pair])
    assert fake.asked == [pair]


def test_pair_that_comes_twice_is_asked_once():
    fake = FakeVerifier({"c": 1.0})
    assert KeptScores(fake, "digest").scores([("e", "c"), ("e", "c")]) == [1.0, 1.0]
    assert fake.asked == [("e", "c")]


def test_line_cut_off_in_the_score_file_is_passed_over(tmp_path):
    path = tmp_path / "scores.jsonl"
    KeptScores(FakeVerifier(), "digest", path).scores([("e", "c")])
    path.write_text(path.read_text() + '["abc", 1.\n7\n', encoding="utf-8")
    kept = KeptScores(BrokenVerifier(), "digest", path)
    assert kept.scores([("e", "c")]) == [-2.0]


def test_odd_text_can_be_kept(tmp_path):
    kept = KeptScores(FakeVerifier(), "digest", tmp_path / "scores.jsonl")
    assert kept.scores([("\ud800 \x00", "ż \U0001f600")]) == [-2.0]


def test_verifier_that_gives_up_stops_the_measuring():
    """A Validator alone goes on without it, and would be measured as something it is not."""
    with pytest.raises(VerifierStopped, match="gave up"):
        judge([row(RETOLD, 1)], Validator(KeptScores(BrokenVerifier(), "digest")))


def test_entailment_alone_is_the_worst_sentence_and_asks_for_verbatim_claims_too():
    second = "The bridge cost 340 million crowns."
    fake = FakeVerifier({SAID: 4.0, RETOLD: 3.0, second: 1.0})
    rows = [row(SAID, 1), row(f"{RETOLD} {second}", 1), row(UNRELATED, 0)]
    assert entailment_alone(rows, fake) == [4.0, 1.0, NO_EVIDENCE]


# -- the command ----------------------------------------------------------------------


def rows_of_two_origins() -> list[Any]:
    return [
        row(SAID, 1, origin="wire"),
        row(UNRELATED, 0, origin="wire", kind="invented"),
        row(SAID, 1, origin="blog"),
        row(SAID, 0, origin="blog", kind="planted"),
    ]


def run(capsys: pytest.CaptureFixture[str], *args: Any, verifier: Any = None) -> tuple[int, str]:
    # without --no-verifier main would open the one that ships
    extra = () if verifier else ("--no-verifier",)
    code = support.main([*map(str, args), *extra], verifier=verifier)
    return code, capsys.readouterr().out


def test_command_tells_each_origin_and_their_mean_never_the_pool(tmp_path, capsys):
    path = write_rows(tmp_path / "press.jsonl", rows_of_two_origins())
    out = tmp_path / "figures.json"
    code, text = run(capsys, path, "--json", out)
    report = json.loads(out.read_text())
    assert code == 0
    assert list(report["sets"]) == ["press/blog", "press/wire"]
    assert report["sets"]["press/wire"]["balanced_accuracy"] == 1.0
    assert report["sets"]["press/blog"]["false_pass"] == 1.0
    assert report["means_over_origins"]["press"]["balanced_accuracy"] == 0.75
    assert "press, mean of 2" in text and "refused rightly: no_evidence 1; wrongly: none" in text


def test_file_of_one_origin_has_one_line(tmp_path, capsys):
    path = write_rows(tmp_path / "press.jsonl", rows_of_two_origins()[:2])
    out = tmp_path / "figures.json"
    _, text = run(capsys, path, "--json", out)
    assert list(json.loads(out.read_text())["sets"]) == ["press"]
    assert "mean" not in text


def test_sample_counts_rows_of_each_origin(tmp_path):
    path = write_rows(tmp_path / "press.jsonl", rows_of_two_origins())
    assert [len(rows) for rows in support.sets_of(path, 1, 0).values()] == [1, 1]


def test_kinds_are_told_when_asked_for(tmp_path, capsys):
    path = write_rows(tmp_path / "press.jsonl", rows_of_two_origins())
    assert "planted" not in run(capsys, path)[1]
    _, text = run(capsys, path, "--by-kind")
    (planted,) = [one for one in text.splitlines() if "planted" in one]
    assert "1 rows  false pass 1.000" in planted


def test_ablation_tells_the_parts_on_the_same_rows(tmp_path, capsys):
    rows = [row(RETOLD, 1), row(UNRELATED, 0), row(SAID, 1)]
    path = write_rows(tmp_path / "press.jsonl", rows)
    out = tmp_path / "figures.json"
    fake = FakeVerifier({RETOLD: 5.0, SAID: -1.0})
    run(capsys, path, "--ablation", "--json", out, verifier=KeptScores(fake, "digest"))
    parts = json.loads(out.read_text())["sets"]["press"]["parts"]
    assert list(parts) == ["verifier", "facts", "both"]
    assert {part["rows"] for part in parts.values()} == {3}
    assert parts["verifier"]["false_strip"] == 0.5  # SAID, which it scores below 0
    assert parts["verifier"]["auc"] == 1.0
    assert parts["verifier"]["false_pass_at_10_strip"] == 0.0
    assert len(fake.asked) == len(set(fake.asked))  # nothing is asked again for a part


def test_ablation_without_a_verifier_has_one_part(tmp_path, capsys):
    path = write_rows(tmp_path / "press.jsonl", rows_of_two_origins()[:2])
    out = tmp_path / "figures.json"
    run(capsys, path, "--ablation", "--json", out)
    assert list(json.loads(out.read_text())["sets"]["press"]["parts"]) == ["facts"]


def test_speed_is_not_told_where_scores_were_kept(tmp_path, capsys):
    path = write_rows(tmp_path / "press.jsonl", [row(RETOLD, 1)])
    out, kept = tmp_path / "figures.json", KeptScores(FakeVerifier(), "digest")
    speeds = []
    for _ in range(2):
        run(capsys, path, "--json", out, verifier=kept)
        speeds.append(json.loads(out.read_text())["sets"]["press"]["rows_per_second"])
    assert speeds[0] > 0 and speeds[1] is None


def test_reliability_table_and_plot(tmp_path, capsys):
    path = write_rows(tmp_path / "press.jsonl", rows_of_two_origins())
    svg = tmp_path / "plot.svg"
    code, text = run(capsys, path, "--reliability", svg)
    assert code == 0 and "score supported" in text
    root = ET.fromstring(svg.read_text())
    assert len(root.findall("{http://www.w3.org/2000/svg}g")) == 2


def test_plot_puts_a_calibrated_bin_on_the_diagonal_and_escapes_names():
    root = ET.fromstring(reliability_svg({"<a&b>": [Bin(4, 0.25, 0.25), Bin(4, 0.5, 1.0)]}))
    first, second = root.iter("{http://www.w3.org/2000/svg}circle")
    assert float(first.attrib["cx"]) + float(first.attrib["cy"]) == pytest.approx(150)
    assert (float(second.attrib["cx"]), float(second.attrib["cy"])) == (75, 0)
    (title, *_) = root.iter("{http://www.w3.org/2000/svg}text")
    assert (title.text or "").startswith("<a&b>")


def test_plot_of_nothing_is_a_picture():
    assert ET.fromstring(reliability_svg({})).tag.endswith("svg")
    assert ET.fromstring(reliability_svg({"empty": []})).tag.endswith("svg")


def test_verifier_that_gives_up_fails_the_command(tmp_path, capsys):
    path = write_rows(tmp_path / "press.jsonl", [row(RETOLD, 1)])
    code = support.main([str(path)], verifier=KeptScores(BrokenVerifier(), "digest"))
    captured = capsys.readouterr()
    assert code == 1
    assert "the model gave up" in captured.err and "--no-verifier" in captured.err


def test_missing_adapter_is_told(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(support, "open_kept", lambda _scores: None)
    path = write_rows(tmp_path / "press.jsonl", [row(SAID, 1)])
    assert support.main([str(path)]) == 0
    assert "without a verifier" in capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong", [["absent.jsonl"], ["{}", "--strictness", "2"], ["{}", "--sample", "-1"]]
)
def test_wrong_option_is_refused(tmp_path, capsys, wrong):
    path = write_rows(tmp_path / "press.jsonl", [row(SAID, 1)])
    with pytest.raises(SystemExit) as stopped:
        support.main([str(path) if part == "{}" else part for part in wrong])
    assert stopped.value.code == 2
    assert "error:" in capsys.readouterr().err
