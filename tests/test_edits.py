"""All kinds of edits through the one public function: what it promises, odd text included."""

import json
import random
import time
from pathlib import Path

import pytest

from summarizer.edits import Edit, EditKind, Pool, edits

TRUE_KINDS = {
    EditKind.PARAPHRASE, EditKind.SHORTENING, EditKind.PRONOUN_TO_NAME, EditKind.VERBATIM,
}  # fmt: skip
STORY = [
    "Vorn Corp bought Tarn Bank for $4 billion on Monday, a record for the region.",
    "Jane Hollis, 52, said Peter Marsh would resign in June 2021.",
    "She plans to close three schools in Leeds next year.",
    "The court did not reject the appeal, and the mayor praised the judge.",
    "More than 300 people were injured in the blaze near Oslo, police said.",
]


def _edits(sentence: str, seed: int = 0, context: list[str] | None = None) -> list[Edit]:
    return edits(sentence, context=context or [], pool=Pool.of(STORY), rng=random.Random(seed))


def test_a_story_gets_edits_of_every_kind():
    kinds: set[EditKind] = set()
    for i, sentence in enumerate(STORY):
        for seed in range(5):
            kinds |= {edit.kind for edit in _edits(sentence, seed, STORY[:i])}
    assert kinds == set(EditKind)


@pytest.mark.parametrize("sentence", STORY)
def test_edits_are_labelled_by_their_kind_and_stand_once_each(sentence: str):
    for seed in range(10):
        made = _edits(sentence, seed)
        assert [e.kind for e in made] == list(dict.fromkeys(e.kind for e in made))
        for edit in made:
            assert edit.supported == (edit.kind in TRUE_KINDS)
            assert (edit.text == sentence) == (edit.kind is EditKind.VERBATIM)


@pytest.mark.parametrize("sentence", STORY)
def test_edits_keep_the_shape_of_a_sentence(sentence: str):
    for seed in range(10):
        for edit in _edits(sentence, seed):
            assert edit.text[0].isupper()
            assert edit.text.endswith(".")
            assert "  " not in edit.text
            assert " ," not in edit.text
            assert ",," not in edit.text
            assert "{" not in edit.text


def test_equal_seeds_give_equal_edits_and_others_others():
    def all_of(seed: int) -> list[list[Edit]]:
        rng, pool = random.Random(seed), Pool.of(STORY)
        return [edits(s, context=STORY[:i], pool=pool, rng=rng) for i, s in enumerate(STORY)]

    assert all_of(3) == all_of(3)
    assert all_of(3) != all_of(4)


HOSTILE = [
    "", "   ", "a", "\x00\x01\x02", "x" * 10_000, "ab " * 3333, "(" * 999, ", who " * 166,
    "a, " * 330,
    "1" * 900, "1," * 450, "Москва сегодня ничего не сказала о 3 домах.", "北京 2020 年 3 人",
    "🙂🙂 said 3", "\n\n\n", "$$$$ 50% 1-1-1-1", '"' * 500, "On , ,", "A" * 1000,
    "the the a a of of" * 55, "May may may may" * 60, "0 0 0 0.0 0% 000 were left", "'s 's 's 's",
    "\u2028x\u2029 y said it", "١٢٣ said three", "² ³ ½ people said", "Jane Smith " * 90,
    "from Oslo to " * 70, "In " + "1 " * 400, "plans to " * 100, "a.b." * 240, "\ud800 said it was",
    "{place} said {0} %s \\1 \\g<0>", "is not " * 140, "was was was was", "(((a) b) c said) it",
    "On Monday, " * 80, "and he said " * 80,
    "99999999999999999999999 people said", "-1 -2 --3 said it",
]  # fmt: skip


@pytest.mark.parametrize("sentence", HOSTILE, ids=lambda s: ascii(s[:15]))
def test_hostile_text_gives_a_list_quickly(sentence: str):
    started = time.perf_counter()
    pool = Pool.of([sentence, *STORY], others=[sentence])
    made = edits(sentence, context=[sentence, sentence], pool=pool, rng=random.Random(1))
    assert isinstance(made, list)
    assert time.perf_counter() - started < 3  # some 0.1 s where nothing else runs


def test_no_sentence_and_one_that_is_too_long_give_nothing():
    assert _edits("") == []
    assert _edits("x" * 1001) == []
    assert _edits("word " * 151) == []


def test_a_heading_is_only_repeated():
    assert _edits("Storms over Northern Leeds") == [
        Edit(EditKind.VERBATIM, "Storms over Northern Leeds", supported=True)
    ]


def test_lower_cased_tokenised_text_is_edited_and_stays_lower_case():
    made = _edits("the u.s. said , on monday , it would n't buy 3 firms .")
    assert {EditKind.NEGATION, EditKind.VERBATIM} <= {edit.kind for edit in made}
    assert all(edit.text == edit.text.lower() for edit in made)


def test_an_empty_pool_is_enough_for_most_kinds():
    made = edits(STORY[0], pool=Pool(), rng=random.Random(0))
    assert {EditKind.NUMBER, EditKind.NEGATION, EditKind.INSERTION} <= {e.kind for e in made}


def test_a_pool_reads_no_more_than_its_bounds():
    started = time.perf_counter()
    Pool.of(["x " * 2_000_000, "Jane Hollis said it. " * 100_000])
    assert time.perf_counter() - started < 10


@pytest.mark.shared
def test_real_articles_give_every_false_kind_and_no_exception():
    folder = Path(__file__).parents[1] / ".." / "shared" / "articles"
    if not folder.is_dir():
        pytest.skip("../shared/articles is not beside the checkout")
    kinds: set[EditKind] = set()
    rng = random.Random(0)
    for path in sorted(folder.glob("*.txt")):
        lines = [line for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
        pool = Pool.of(lines)
        for i, line in enumerate(lines):
            for sentence in line.split(". "):
                made = edits(sentence, context=lines[:i], pool=pool, rng=rng)
                kinds |= {edit.kind for edit in made}
    assert kinds >= set(EditKind) - {EditKind.PRONOUN_TO_NAME, EditKind.ROLE_SWAP}


@pytest.mark.shared
def test_public_evidence_gives_edits_and_no_exception():
    path = Path(__file__).parents[1] / ".." / "shared" / "bench" / "support" / "fm2.jsonl"
    if not path.is_file():
        pytest.skip("../shared/bench/support/fm2.jsonl is not beside the checkout")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[:40]]
    rng = random.Random(0)
    made = [
        edit
        for row in rows
        for edit in edits(row["doc"].split("\n")[-1], pool=Pool.of([row["doc"]]), rng=rng)
    ]
    assert sum(not edit.supported for edit in made) > len(rows)
