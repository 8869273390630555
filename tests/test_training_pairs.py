"""Training pairs: which documents may be trained on, what a pack holds, what its claims see."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.training import pairs, second_pairs
from benchmarks.training.packs import (
    HELD,
    SEQUENCE_TOKENS,
    SEQUENCES,
    TRAIN,
    Layout,
    Pack,
    PackFile,
    fill,
    lay_out,
    read_packs,
    visible,
    write_packs,
)
from benchmarks.training.page_edits import claims_of_pages, is_prose
from benchmarks.training.pairs import Frame, Group
from benchmarks.training.split import document_key, trained_on
from summarizer.model.verifier import question

TOWNS = ("Velmora", "Tarnik", "Osk", "Brellin", "Quarn", "Ilvet", "Dorset", "Marn", "Pell", "Zurin")


def words(text: str) -> list[int]:
    """Tokenise invented text: one token a character, so that nothing is lost."""
    return [ord(letter) for letter in text]


def spoken(tokens: Iterable[int]) -> str:
    return "".join(map(chr, tokens))


def document(number: int) -> str:
    """Return a page of ten sentences that no other page has."""
    town = TOWNS[number % len(TOWNS)]
    return " ".join(
        f"{town} opened a new harbour bridge in {1900 + number} and {other} paid for "
        f"{number * 10 + place + 2} of its towers."
        for place, other in enumerate(TOWNS)
    )


def row(number: int, claim: str, label: int, **more: Any) -> dict[str, Any]:
    return {"id": f"{number}", "doc": document(number), "claim": claim, "label": label, **more}


def write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder of invented rows; wice has a page of wice_partial_subclaims and of fm2."""

    def both(numbers: Iterable[int]) -> list[dict[str, Any]]:
        texts = ((1, "A bridge was opened there."), (0, "A bridge was closed there."))
        return [row(n, text, label) for n in numbers for label, text in texts]

    support = tmp_path / "support"
    write(support / "fever_dev.jsonl", both(range(60)))
    write(support / "fm2.jsonl", both(range(60, 80)))
    write(support / "wice_partial_subclaims.jsonl", (row(n, "It fell.", 0) for n in range(80, 90)))
    write(support / "wice.jsonl", both((60, 80, 81)))
    for name in second_pairs.SETS:
        if name != "wice":
            write(support / f"{name}.jsonl", both(range(100, 130)))
    write(support / "cliff.jsonl", both(range(100, 104)))
    premises = [
        {"id": f"{n}", "a": f"Person {n} walks a dog in {TOWNS[n % 10]}.", "b": b, "label": label}
        for n in range(20)
        for b, label in (("Somebody walks.", "entailment"), ("A vet walks.", "neutral"))
    ]
    write(tmp_path / "merge" / "snli_dev.jsonl", premises)
    return tmp_path


def text_of(packs: Iterable[Pack]) -> str:
    return "\n".join(spoken(pack.evidence) for pack in packs).lower()


def years(numbers: Iterable[int]) -> list[str]:
    return [f"in {1900 + number} and" for number in numbers]


# --- which documents ----------------------------------------------------------------------------


def test_no_document_of_a_measured_set_is_trained_on(data: Path):
    trained = text_of(pairs.make(data, Frame(words)))
    assert all(year not in trained for year in years((60, 80, 81)))
    assert all(year in trained for year in years((61, 82, 83)))  # the check would see it


def test_file_that_nobody_trains_on_counts_as_measured_whatever_its_name(data: Path):
    write(data / "support" / "some_new_set.jsonl", [row(83, "It fell.", 0)])
    trained = text_of(pairs.make(data, Frame(words)))
    assert not any(year in trained for year in years((83,)))


def test_held_out_evidence_is_in_no_training_pack(data: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pairs, "_HELD", 4)  # there are too few invented rows for one in twenty
    packs = pairs.make(data, Frame(words))
    held = {spoken(pack.evidence) for pack in packs if pack.split == HELD}
    trained = text_of(pack for pack in packs if pack.split == TRAIN)
    assert len(held) > 5
    assert not any(evidence.lower() in trained for evidence in held)


def test_document_with_windows_on_both_sides_is_not_held_out(
    data: Path, monkeypatch: pytest.MonkeyPatch
):
    made = {
        "fever_dev": [
            pairs.Row("0", "kept text", "a", 1),
            pairs.Row("0", "HELD text", "b", 1),
            pairs.Row("1", "HELD other", "c", 0),
        ],
    }
    monkeypatch.setattr(pairs, "windows", lambda path: iter(made.get(path.stem, [])))
    monkeypatch.setattr(pairs, "held_out", lambda text: text.startswith("HELD"))
    held = [pack for pack in pairs.make(data, Frame(words)) if pack.split == HELD]
    assert [spoken(pack.evidence) for pack in held] == ["HELD other"]


def test_second_training_takes_only_the_half_that_is_never_measured(data: Path):
    packs = second_pairs.make(data, [], Frame(words))
    trained = text_of(packs)
    allowed = [
        n for n in range(100, 130) if trained_on(data / "support" / "frank.jsonl", document(n))
    ]
    assert allowed and len(allowed) < 30
    assert all(year in trained for year in years(allowed))
    assert not any(year in trained for year in years(set(range(100, 130)) - set(allowed)))
    assert not any(year in trained for year in years(range(100, 104)))  # cliff has them


def test_document_key_does_not_depend_on_case_and_spaces():
    assert document_key("A  Ferry sank .") == document_key("a ferry sank.")
    assert document_key("A ferry sank.") != document_key("A ferry sailed.")


# --- what packs hold ----------------------------------------------------------------------------


def test_claims_carry_their_own_labels(data: Path):
    packs = [p for p in pairs.make(data, Frame(words)) if p.source in pairs.VERIFIED]
    found = {(spoken(c).lower().replace(" .", "."), y) for pack in packs for c, y in pack.claims}
    assert found == {
        ("\nclaim: a bridge was opened there.\nsupported:", 1),
        ("\nclaim: a bridge was closed there.\nsupported:", 0),
    }


def test_partly_supported_claims_and_neutral_ones_count_as_unsupported(data: Path):
    packs = pairs.make(data, Frame(words))
    labels = {
        label for p in packs for claim, label in p.claims if "it fell" in spoken(claim).lower()
    }
    assert labels == {0}
    inferred = {(spoken(c)[8:-11], y) for p in packs if p.source == pairs.SNLI for c, y in p.claims}
    assert inferred == {("Somebody walks.", 1), ("A vet walks.", 0)}


def test_same_data_gives_the_same_packs(data: Path):
    assert pairs.make(data, Frame(words)) == pairs.make(data, Frame(words))


def test_pack_reads_as_the_verifier_asks():
    frame = Frame(words)
    (pack,) = frame.packs(Group("The ferry sank.", [("A ferry sank.", 1)]), "x")
    asked = "".join(s.text for s in question("", "The ferry sank.", "A ferry sank.").segments)
    assert spoken(pack.evidence + pack.claims[0][0]) == asked


def test_bos_comes_first_where_the_model_wants_one():
    assert Frame(words, bos=1).evidence("The ferry")[:2] == [1, ord("T")]
    assert Frame(words).evidence("The ferry")[0] == ord("T")


def test_answers_must_be_single_tokens():
    with pytest.raises(ValueError, match="single tokens"):
        Frame(words).answers()
    assert Frame(lambda text: [len(text)]).answers() == (4, 3)


def test_many_claims_of_one_evidence_are_spread_over_packs():
    claims = [("x" * 90, k % 2) for k in range(9)]
    packs = list(Frame(words).packs(Group("The ferry sank.", claims), "x"))
    assert len(packs) > 1
    assert [label for pack in packs for _, label in pack.claims] == [k % 2 for k in range(9)]
    assert len({tuple(pack.evidence) for pack in packs}) == 1


def test_long_evidence_and_claims_are_cut_but_the_question_stays():
    (pack,) = Frame(words).packs(Group("e" * 999, [("c" * 999, 1)]), "x")
    assert len(pack.evidence) == 300
    assert spoken(pack.claims[0][0]).endswith("c\nSupported:")


def test_second_training_leaves_out_unsupported_claims_of_several_sentences(tmp_path: Path):
    number = next(
        n for n in range(100) if trained_on(tmp_path / "support" / "frank.jsonl", document(n))
    )
    path = tmp_path / "support" / "frank.jsonl"
    two = "The bridge was opened there. The towers were paid for there."
    write(path, [row(number, two, 1), row(number, two, 0), row(number, "The bridge fell down.", 0)])
    found = [(s.text, s.label) for s in second_pairs.sentences(path, random.Random(0))]
    assert sorted(found) == [
        ("The bridge fell down.", 0),
        ("The bridge was opened there.", 1),
        ("The towers were paid for there.", 1),
    ]


# --- edits of pages -----------------------------------------------------------------------------


def test_edited_sentences_of_a_page_are_true_and_false_ones():
    docs = {"1": document(1), "2": document(2)}
    made = list(claims_of_pages(docs, random.Random(3)))
    labels = [label for _, claims in made for _, label in claims]
    assert labels.count(0) > 3 and labels.count(1) > 3
    for text, claims in made:
        for claim, label in claims:
            assert not (claim in text and label == 0), claim


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        ("The harbour bridge of Velmora was opened by the mayor.", True),
        ("the harbour bridge of Velmora was opened by the mayor.", False),
        ("Home | News | Sport | Weather | Harbour | Bridges | Towers.", False),
        ("Read more at https://velmora.example about the bridge there.", False),
        ("The harbour bridge of Velmora was opened by the mayor", False),
        ("Short.", False),
        ("", False),
        ('"' * 50, False),
    ],
)
def test_prose_is_told_from_furniture(text: str, prose: bool):
    assert is_prose(text) is prose


# --- sequences ----------------------------------------------------------------------------------


def pack(evidence: int, *claims: int) -> Pack:
    return Pack(list(range(1, evidence + 1)), [([7] * n, k % 2) for k, n in enumerate(claims)])


def test_sequences_hold_every_claim_once_and_never_too_much():
    rng = random.Random(2)
    packs = [pack(rng.randrange(20, 300), *[rng.randrange(5, 60)] * 3) for _ in range(100)]
    batches = fill(packs, random.Random(0))
    sequences = [sequence for batch in batches for sequence in batch]
    assert all(sum(p.tokens for p in sequence) <= SEQUENCE_TOKENS for sequence in sequences)
    assert all(len(batch) == SEQUENCES for batch in batches[:-1])
    assert sorted(p for sequence in sequences for p in sequence) == sorted(packs)
    used = sum(p.tokens for p in packs) / len(sequences) / SEQUENCE_TOKENS
    assert used > 0.9


def test_evidence_gives_way_where_a_pack_is_longer_than_a_sequence():
    (((cut,),),) = fill([pack(SEQUENCE_TOKENS, 40, 50)], random.Random(0))
    assert cut.tokens == SEQUENCE_TOKENS
    assert [len(claim) for claim, _ in cut.claims] == [40, 50]


def test_every_claim_reads_as_if_it_alone_followed_its_evidence():
    layout = lay_out([pack(5, 3, 2), pack(4, 2)])
    assert layout.positions[:16] == [0, 1, 2, 3, 4, 5, 6, 7, 5, 6, 0, 1, 2, 3, 4, 5]
    assert layout.answers_at == [7, 9, 15]
    assert layout.labels == [0, 1, 0]
    lists = (layout.tokens, layout.positions, layout.group, layout.segment)
    assert {len(each) for each in lists} == {SEQUENCE_TOKENS}


def seen_from(layout: Layout, place: int) -> list[int]:
    return [int(i) for i in np.flatnonzero(visible(layout)[place])]


def test_claim_sees_its_evidence_and_itself_but_no_other_claim():
    layout = lay_out([pack(5, 3, 2), pack(4, 2)])
    assert seen_from(layout, 9) == [0, 1, 2, 3, 4, 8, 9]
    assert seen_from(layout, 15) == [10, 11, 12, 13, 14, 15]
    assert seen_from(layout, 2) == [0, 1, 2]


def test_padding_sees_only_itself():
    assert seen_from(lay_out([pack(5, 3)]), 100) == [100]


def test_packs_are_read_as_they_were_written(tmp_path: Path):
    file = PackFile("tiny", (9, 8), [pack(3, 2), pack(2, 1)._replace(split=HELD, source="y")])
    write_packs(tmp_path / "p.jsonl", file)
    assert read_packs(tmp_path / "p.jsonl") == file
    assert [p.source for p in file.of(HELD)] == ["y"]
