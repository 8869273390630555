"""Edits and labelled rows through the validator, and the figures made of them."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import support_figures
from summarizer.data import Article, Claim, RejectedClaim, RejectReason, SkipReason, SupportedClaim
from summarizer.edits import Edit, EditKind
from summarizer.edits import edits as make_edits
from summarizer.errors import ConfigError, ModelUnavailable
from summarizer.evaluate import (
    MIN_EDITS,
    EditOptions,
    EditReport,
    LabelledRow,
    edited,
    evaluate_folder,
    evaluate_rows,
    labelled,
    read_rows,
)
from summarizer.evaluate.bases import brief_claims, own_sentences
from summarizer.evaluate.conditions import bounded
from summarizer.evaluate.figures import auc, balanced_accuracy, calibration_error, mean, share_of
from summarizer.validate import Validator
from tests.conftest import make_article, make_bridge_brief, make_evidence

HARBOUR = (
    "The Dunmorrow council approved a new harbour wall on Tuesday for 340 million crowns.",
    "Ilse Tarn, the mayor, said the wall would protect 4,200 homes in the old town.",
    "She plans to open the first section in March 2031.",
    "Vorn Works won the contract after beating two rivals from Brackton.",
    "The company expects to hire 650 people by the end of next year.",
    "Fishermen in Orvaline may lose part of the quay, the harbour office warned on Friday.",
    "Peter Marsh said that the council did not ask the crews before it voted.",
    "The old wall was built in 1931 and failed in the storm of January 2029.",
    "Repairs cost the town about 12 million crowns a year, according to the audit.",
    "More than 300 people were moved to Brackton when the sea broke through.",
    "Why did nobody warn them in time before the wall gave way?",
    "Harbour news",
)
FERRY = (
    "Orvaline Ferries bought Tarn Lines for 90 million crowns on Monday.",
    "Jane Hollis, the chairwoman, said the company would keep all 14 ships.",
    "She praised the crews and promised to raise wages by 6% in July.",
    "The regulator could block the sale if fares rise by more than 10%.",
    "Velmora and Brackton will get two crossings a day from 3 May.",
    "Tarn Lines carried 1.2 million passengers last year, fewer than in 2029.",
    "Its oldest ship sank near Velmora in 2028, and 11 sailors died.",
    "Marta Quill, a lawyer for the sailors, sued the company in Leeds on Thursday.",
    "Orvaline Ferries denied that the sale would close the route to Leeds.",
    "Shares in Tarn Lines rose 8% after the news and closed at 41 crowns.",
    "The unions rejected the offer and planned a strike for 20 August.",
    "Bernard Loke will replace Jane Hollis as head of the board in September.",
)
FALSE_KINDS = {
    EditKind.NUMBER, EditKind.NAME, EditKind.DATE, EditKind.NEGATION,
    EditKind.ANTONYM, EditKind.ROLE_SWAP, EditKind.MODALITY, EditKind.INSERTION,
}  # fmt: skip


def articles() -> list[Article]:
    return [
        make_article(*HARBOUR, title="A wall for Dunmorrow", source="harbour.txt"),
        make_article(*FERRY, title="Ferries change hands", source="ferry.txt"),
    ]


# --- validators and verifiers that answer as told ---------------------------------------------


class Passing:
    """A validator that lets everything pass."""

    problems: tuple[str, ...] = ()
    info = Validator().info

    def __init__(self, *_args: object, **_options: object) -> None:
        pass

    def passes(self, claim: Claim) -> bool:
        return True

    def check(
        self, claims: Sequence[Claim], article: Article
    ) -> list[SupportedClaim | RejectedClaim]:
        return [
            SupportedClaim(
                claim=claim, evidence=(make_evidence(article),), score=0.9, checks=("all",)
            )
            if self.passes(claim)
            else RejectedClaim(
                claim=claim, reason=RejectReason.NOT_ENTAILED, detail="as told", score=0.1
            )
            for claim in claims
        ]


class Refusing(Passing):
    def passes(self, claim: Claim) -> bool:
        return False


@pytest.fixture
def oracle(monkeypatch: pytest.MonkeyPatch) -> type[Passing]:
    """Give a validator that knows how every edit is labelled."""
    true: set[str] = set()

    def edits(*args, **options):
        made = make_edits(*args, **options)
        true.update(edit.text for edit in made if edit.supported)
        return made

    class Oracle(Passing):
        def passes(self, claim: Claim) -> bool:
            return claim.text in true

    monkeypatch.setattr(edited, "edits", edits)
    return Oracle


class QueuedVerifier:
    """Gives the scores it was given, and fails when asked for more."""

    name = "queued"

    def __init__(self, *scores: float | BaseException) -> None:
        self.queue = list(scores)
        self.asked: list[list[tuple[str, str]]] = []

    def scores(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        self.asked.append(list(pairs))
        found = []
        for pair in pairs:
            if not self.queue:
                raise AssertionError(f"no score was given for {pair!r}")
            score = self.queue.pop(0)
            if isinstance(score, BaseException):
                raise score
            found.append(score)
        return found


# --- figures ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "count", "low", "high"),
    [(0, 10, 0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1), (8, 40, 0.1050, 0.3476)],
)
def test_share_has_the_interval_of_wilson(wrong, count, low, high):
    share = share_of(wrong, count)
    assert share.share == wrong / count
    assert share.low == pytest.approx(low, abs=1e-4)
    assert share.high == pytest.approx(high, abs=1e-4)


def test_share_of_nothing_says_nothing():
    nothing = share_of(0, 0)
    assert (nothing.share, nothing.low, nothing.high) == (None, 0, 1)


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_interval_holds_the_share(pair):
    share = share_of(*pair)
    assert share.share is not None
    assert 0 <= share.low <= share.share <= share.high <= 1


SCORED = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), st.booleans()), max_size=60
)


@given(SCORED)
def test_auc_is_the_share_of_pairs_in_order(scored):
    pairs = [(p, n) for p, good in scored if good for n, bad in scored if not bad]
    expected = sum((p > n) + (p == n) / 2 for p, n in pairs) / len(pairs) if pairs else None
    assert auc(scored) == (None if expected is None else pytest.approx(expected))


@given(SCORED, st.randoms(use_true_random=False))
def test_calibration_error_does_not_depend_on_the_order(scored, rng):
    shuffled = rng.sample(scored, len(scored))
    assert calibration_error(scored) == pytest.approx(calibration_error(shuffled))


@pytest.mark.parametrize(
    ("scored", "expected"),
    [
        ([], None),
        ([(1.0, True)] * 5 + [(0.0, False)] * 5, 0),
        ([(1.0, False)] * 5 + [(0.0, True)] * 5, 1),
        ([(0.5, True), (0.5, False)] * 10, 0),  # ties share a bin
        ([(0.8, True), (0.8, False)] * 10, 0.3),
        ([(0.9, True)] * 9 + [(0.9, False)] + [(0.2, False)] * 10, 0.1),
    ],
)
def test_calibration_error_is_the_distance_of_score_and_share(scored, expected):
    assert calibration_error(scored) == (None if expected is None else pytest.approx(expected))


def test_bins_hold_equal_numbers_of_claims():
    scored = [(i / 20, i % 2 == 0) for i in range(20)]
    gaps = [abs((i / 20 + (i + 1) / 20) / 2 - 0.5) for i in range(0, 20, 2)]
    assert calibration_error(scored) == pytest.approx(math.fsum(gaps) / 10)


@given(SCORED)
def test_figures_are_those_of_the_benchmark(scored):
    labels, scores = [int(good) for _, good in scored], [score for score, _ in scored]
    assert auc(scored) == pytest.approx(support_figures.auc(labels, scores))
    bins = support_figures.bins(labels, scores)
    assert calibration_error(scored) == pytest.approx(support_figures.ece(bins))


def test_balanced_accuracy_needs_both_classes():
    assert balanced_accuracy(share_of(1, 10), share_of(3, 10)) == pytest.approx(0.8)
    assert balanced_accuracy(share_of(0, 0), share_of(3, 10)) is None


def test_mean_leaves_out_what_is_not_there():
    assert mean([0.2, None, 0.4]) == pytest.approx(0.3)
    assert mean([None]) is None


def test_many_warnings_are_counted():
    assert bounded(["a", "b"]) == ("a", "b")
    shown = bounded([str(i) for i in range(1000)])
    assert len(shown) == 21
    assert "980 more" in shown[-1]


# --- what is edited -----------------------------------------------------------------------------


def test_base_claims_are_sentences_that_state_something():
    bases = own_sentences(articles()[0])
    assert [base.text for base in bases] == list(HARBOUR[:10])


def test_sentence_that_opens_with_a_pronoun_leans_and_knows_what_stood_before():
    bases = {base.text: base for base in own_sentences(articles()[0])}
    assert bases[HARBOUR[2]].leans
    assert bases[HARBOUR[2]].context == HARBOUR[:2]
    assert not bases[HARBOUR[1]].leans


def test_sentence_that_stands_twice_is_one_claim():
    assert len(own_sentences(make_article(HARBOUR[0], HARBOUR[1], HARBOUR[0]))) == 2


def test_claims_of_a_brief_are_taken_where_their_article_is_there():
    brief, by_id = make_bridge_brief()
    _, second, third = by_id
    bases, missing = brief_claims(brief, {i: a for i, a in by_id.items() if i != third})
    assert missing == 1
    assert [base.text for base in bases] == [
        "The Velmora bridge opened on Tuesday.",
        "Traffic began to cross the bridge at Velmora on Tuesday.",
        "It cost 340 million crowns.",
    ]
    assert bases[2].context == ("The Velmora bridge opened to traffic on Tuesday.",)
    assert bases[1].article.id == second


def test_leaning_sentence_gives_only_the_edit_that_names_who_is_meant():
    (base,) = [b for b in own_sentences(articles()[0]) if b.text == HARBOUR[2]]
    source = edited._source(articles(), 0)
    (edit,) = edited._edits(base, source, 0)
    assert (edit.kind, edit.supported) == (EditKind.PRONOUN_TO_NAME, True)
    assert edit.text.startswith("Ilse Tarn plans")


def test_edit_that_the_article_says_elsewhere_is_not_taken_for_false(monkeypatch):
    said = "The wall cost 12 million crowns in the end."
    article = make_article("The wall cost 11 million crowns in the end.", said)

    def edits(text, **_options):
        return [Edit(EditKind.NUMBER, text.replace("11", "12"), supported=False)]

    monkeypatch.setattr(edited, "edits", edits)
    base, other = own_sentences(article)
    assert edited._edits(base, edited._source([article], 0), 0) == []
    assert edited._edits(other, edited._source([make_article("A goat ran.")], 0), 0)


# --- evaluate_folder ----------------------------------------------------------------------------


def _run(validator: type[Passing], monkeypatch: pytest.MonkeyPatch, **options: int) -> EditReport:
    monkeypatch.setattr(edited, "Validator", validator)
    return evaluate_folder(articles(), options=EditOptions(**options))


def test_validator_that_passes_all_has_false_pass_one(monkeypatch):
    report = _run(Passing, monkeypatch)
    assert (report.false_pass, report.false_strip) == (1, 0)


def test_validator_that_refuses_all_has_false_strip_one(monkeypatch):
    report = _run(Refusing, monkeypatch)
    assert (report.false_pass, report.false_strip) == (0, 1)


def test_validator_that_is_always_right_has_neither(monkeypatch, oracle):
    report = _run(oracle, monkeypatch)
    assert (report.false_pass, report.false_strip) == (0, 0)


def test_report_tells_kinds_apart_and_how_many_edits_each_has(monkeypatch):
    report = _run(Passing, monkeypatch, max_edits=15)
    assert {k.kind for k in report.kinds if not k.supported} <= FALSE_KINDS
    assert {k.kind for k in report.kinds if k.supported} >= {EditKind.VERBATIM}
    assert all(1 <= k.judged.count <= 15 for k in report.kinds)
    assert max(k.judged.count for k in report.kinds) == 15
    assert (report.articles, report.base, report.claims_without_article) == (2, "sentences", 0)


def test_kind_with_few_edits_is_printed_but_not_in_the_mean(monkeypatch):
    report = _run(Passing, monkeypatch, max_edits=MIN_EDITS - 1)
    assert report.kinds
    assert (report.false_pass, report.false_strip) == (None, None)


def test_mean_counts_every_kind_once(monkeypatch):
    class OnlyNumbersWrong(Passing):
        def passes(self, claim: Claim) -> bool:
            return not claim.text.startswith("Orvaline")

    report = _run(OnlyNumbersWrong, monkeypatch)
    shares = [
        k.judged.share for k in report.kinds if not k.supported and k.judged.count >= MIN_EDITS
    ]
    assert report.false_pass == pytest.approx(mean(shares))
    assert len(set(shares)) > 1, "equal shares would not tell a mean of kinds from one of edits"


def test_same_seed_gives_the_same_report_and_another_seed_another():
    first, again, other = (
        evaluate_folder(articles(), options=EditOptions(seed=seed, max_edits=6, examples=3))
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first.kinds != other.kinds


@pytest.mark.parametrize("seed", range(4))
def test_articles_take_turns(seed):
    bases = [base for article in articles() for base in own_sentences(article)]
    order = list(edited._in_turn(bases, seed))
    assert sorted(base.text for base in order) == sorted(base.text for base in bases)
    for first, second in zip(order[:20:2], order[1:20:2], strict=True):
        assert first.article.id != second.article.id


def test_seed_decides_the_order_of_the_articles():
    bases = [base for article in articles() for base in own_sentences(article)]
    firsts = {next(edited._in_turn(bases, seed)).article.source for seed in range(20)}
    assert firsts == {"ferry.txt", "harbour.txt"}


def test_edits_of_an_article_are_judged_together(monkeypatch):
    class Recording(Passing):
        seen: list[str] = []

        def check(self, claims, article):
            self.seen.append(article.source)
            return super().check(claims, article)

    _run(Recording, monkeypatch, max_edits=4)
    assert sorted(Recording.seen) == ["ferry.txt", "harbour.txt"]


def test_examples_are_the_worst_mistakes(monkeypatch):
    class Graded(Passing):
        def check(self, claims, article):
            verdicts = super().check(claims, article)
            return [
                v.model_copy(update={"score": 0.5 + len(v.claim.text) / 1000}) for v in verdicts
            ]

    monkeypatch.setattr(edited, "Validator", Graded)
    report = evaluate_folder(articles(), options=EditOptions(examples=2))
    name = next(k for k in report.kinds if k.kind is EditKind.NAME)
    assert len(name.examples) == 2
    assert name.examples[0].score >= name.examples[1].score
    assert name.examples[0].base != name.examples[0].text
    assert not any(k.examples for k in report.kinds if k.supported), "none of them was wrong"


def test_refused_example_says_why(monkeypatch):
    report = _run(Refusing, monkeypatch, examples=1)
    verbatim = next(k for k in report.kinds if k.kind is EditKind.VERBATIM)
    assert verbatim.examples[0].detail == "not_entailed: as told"


def test_real_validator_takes_every_sentence_of_an_article_for_supported():
    report = evaluate_folder(articles())
    verbatim = next(k for k in report.kinds if k.kind is EditKind.VERBATIM)
    assert (verbatim.judged.wrong, verbatim.judged.count) == (0, 19)
    assert report.conditions.validator.verifier == "none"


def test_claims_of_a_brief_are_edited_instead(monkeypatch):
    brief, by_id = make_bridge_brief()
    monkeypatch.setattr(edited, "Validator", Passing)
    report = evaluate_folder(list(by_id.values())[:2], brief=brief)
    assert report.base == "brief"
    assert (report.claims, report.claims_without_article) == (3, 1)


def test_files_of_a_folder_are_read_and_what_is_no_article_is_told(tmp_path):
    (tmp_path / "a.txt").write_text("\n".join(HARBOUR[:10]))
    (tmp_path / "b.txt").write_text("\x00\x01")
    report = evaluate_folder([tmp_path], options=EditOptions(max_edits=2))
    assert report.articles == 1
    assert [(s.source, s.reason) for s in report.skipped] == [("b.txt", SkipReason.BINARY)]


@pytest.mark.parametrize("folder", ["empty", "wordless", "missing"])
def test_folder_with_nothing_to_edit_is_refused(tmp_path, folder):
    (tmp_path / "empty").mkdir()
    (tmp_path / "wordless").mkdir()
    (tmp_path / "wordless" / "a.txt").write_text("Goats and rivers?\n" * 40)
    with pytest.raises(ConfigError):
        evaluate_folder([tmp_path / folder])


def test_brief_of_other_articles_is_refused():
    brief, _ = make_bridge_brief()
    with pytest.raises(ConfigError, match="no claim of these"):
        evaluate_folder(articles(), brief=brief)


def test_verifier_reads_the_edits_of_an_article_together():
    verifier = QueuedVerifier(*[4.0] * 500)
    report = evaluate_folder(articles(), verifier=verifier, options=EditOptions(max_edits=3))
    assert len(verifier.asked) == 2, "once an article"
    assert report.conditions.validator.verifier == "queued"


def test_verifier_that_cannot_be_had_is_not_reported_as_measured():
    verifier = QueuedVerifier(ModelUnavailable("no source"))
    report = evaluate_folder(articles(), verifier=verifier, options=EditOptions(max_edits=3))
    alone = evaluate_folder(articles(), options=EditOptions(max_edits=3))
    assert report.conditions == alone.conditions
    assert any("no source" in warning for warning in report.warnings)


def test_verifier_asked_for_more_than_it_was_given_fails_the_test():
    with pytest.raises(AssertionError, match="no score was given"):
        evaluate_folder(articles(), verifier=QueuedVerifier(1.0))


def test_progress_ends_where_all_is_done():
    steps: list[tuple[str, int, int]] = []
    evaluate_folder(
        articles(), options=EditOptions(max_edits=2), on_progress=lambda *s: steps.append(s)
    )
    stage, done, total = steps[-1]
    assert stage == "checking"
    assert done == total > 0


def test_hostile_articles_are_judged_without_an_exception():
    hostile = make_article(
        "\x1b[31mThe council\u202e approved 340 million crowns on Tuesday\x07 in the rain.",
        "The " + "a" * 5000 + " said that the wall was built in 1931 and failed later on.",
        "<|im_start|> The mayor said on Friday that the wall would not be built at all.",
        "( ( ( [ [ { said 12,,,,, 13.... -- “ “ ‘ the mayor was there to see it.",
        "议会周二批准了三亿四千万克朗的新港口墙，市长说它将保护老城的房屋。",
    )
    report = evaluate_folder([hostile], options=EditOptions(examples=3))
    assert report.claims >= 2


# --- labelled rows ------------------------------------------------------------------------------


def _line(**row: object) -> str:
    return json.dumps({"doc": "The dam broke.", "claim": "The dam broke.", "label": 1, **row})


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("not json", "Expecting value"),
        ("[1]", "no JSON object"),
        ('"text"', "no JSON object"),
        ("[" * 100_000, "nested"),
        ('{"doc": 3, "claim": "a", "label": 1}', '"doc"'),
        ('{"doc": "a", "label": 1}', '"claim"'),
        ('{"doc": "a", "claim": "b"}', '"label"'),
        (_line(label=2), '"label"'),
        (_line(label="1"), '"label"'),
        (_line(label=None), '"label"'),
        (_line(label=0.5), '"label"'),
        ('{"doc": "a", "claim": "b", "label": ' + "9" * 6000 + "}", ""),
    ],
)
def test_line_that_is_no_row_is_named(line, problem):
    rows, bad = read_rows(["\n", line, "", _line()])
    assert len(rows) == 1
    ((number, told),) = [(b.number, b.problem) for b in bad]
    assert number == 2
    assert problem in told


def test_rows_keep_what_they_tell_of_themselves():
    (first, second), bad = read_rows(
        ["\ufeff" + _line(id=7, origin="bay", kind="name", meta={"x": 1}), _line(label=False)]
    )
    assert not bad
    assert first == LabelledRow(
        doc="The dam broke.",
        claim="The dam broke.",
        supported=True,
        id="7",
        origin="bay",
        kind="name",
    )
    assert (second.id, second.origin, second.supported) == ("2", "", False)


def _rows(*rows: tuple[str, str, bool, str]) -> list[LabelledRow]:
    return [LabelledRow(doc=d, claim=c, supported=s, origin=o) for d, c, s, o in rows]


class ByClaim(Passing):
    def passes(self, claim: Claim) -> bool:
        return "passes" in claim.text


BAY = "The wall was built in the bay."
MIXED = _rows(
    *[(BAY, "It passes.", True, "bay")] * 3,
    *[(BAY, "It is refused.", True, "bay")] * 1,
    *[(BAY, "It passes.", False, "bay")] * 2,
    *[(BAY, "It is refused.", False, "bay")] * 2,
    *[(BAY, "It passes.", True, "hill")] * 1,
    *[(BAY, "It is refused.", False, "hill")] * 9,
)


def test_origins_are_never_pooled(monkeypatch):
    monkeypatch.setattr(labelled, "Validator", ByClaim)
    report = evaluate_rows(MIXED)
    bay, hill = report.origins
    assert (bay.origin, bay.rows, bay.supported) == ("bay", 8, 4)
    assert (bay.false_pass.share, bay.false_strip.share) == (0.5, 0.25)
    assert bay.balanced_accuracy == pytest.approx(0.625)
    assert bay.auc == pytest.approx(0.625)
    assert (hill.false_pass.share, hill.false_strip.share) == (0, 0)
    assert (report.false_pass, report.false_strip) == (0.25, 0.125), "each origin counts once"
    assert report.auc == pytest.approx((0.625 + 1) / 2)


def test_calibration_is_told_by_origin(monkeypatch):
    monkeypatch.setattr(labelled, "Validator", ByClaim)
    bay, _hill = evaluate_rows(MIXED).origins
    # Five claims at 0.9, three of them true; three at 0.1, one of them true.
    assert bay.ece == pytest.approx((abs(5 * 0.9 - 3) + abs(3 * 0.1 - 1)) / 8)


def test_kinds_are_told_within_their_origin(monkeypatch):
    monkeypatch.setattr(labelled, "Validator", ByClaim)
    rows = [row.model_copy(update={"kind": "k"}) for row in MIXED[:6]] + MIXED[6:]
    bay, hill = evaluate_rows(rows).origins
    ((kind, false_pass, false_strip),) = [
        (k.kind, k.false_pass.count, k.false_strip.count) for k in bay.kinds
    ]
    assert (kind, false_pass, false_strip) == ("k", 2, 4)
    assert hill.kinds == ()


def test_origin_with_one_label_has_no_figure_of_the_other(monkeypatch):
    monkeypatch.setattr(labelled, "Validator", ByClaim)
    report = evaluate_rows(MIXED[:4])
    assert (report.auc, report.balanced_accuracy, report.false_pass) == (None, None, None)
    assert report.false_strip == 0.25


def test_order_of_the_rows_changes_nothing():
    rows = _rows(
        (BAY, BAY, True, "a"),
        (BAY, "The wall was built in 1931 in the bay.", False, "a"),
        ("A goat ran.", "A goat ran.", True, "a"),
        ("A goat ran.", "A dog ran.", False, "b"),
        ("A goat ran.", "A goat ran away.", True, "b"),
    )
    first = evaluate_rows(rows)
    for seed in range(5):
        shuffled = random.Random(seed).sample(rows, len(rows))
        assert evaluate_rows(shuffled) == first


def test_claims_of_one_document_are_read_together_and_none_is_asked_twice():
    doc = " ".join(HARBOUR[:4])
    verifier = QueuedVerifier(5.0, -5.0, 5.0)
    rows = _rows(
        (doc, "The Dunmorrow council approved a harbour wall.", True, ""),
        (" ".join(FERRY[:4]), "Orvaline Ferries bought Tarn Lines.", True, ""),
        (doc, "Ilse Tarn said the wall would protect homes.", False, ""),
        (doc, HARBOUR[0], True, ""),  # word for word: nobody is asked
    )
    report = evaluate_rows(rows, verifier=verifier)
    assert [len(pairs) for pairs in verifier.asked] == [2, 1]
    assert verifier.queue == []
    assert report.conditions.validator.verifier == "queued"


def test_document_without_text_supports_nothing():
    report = evaluate_rows(_rows(("", "The dam broke.", False, ""), ("..", "A goat.", True, "")))
    (only,) = report.origins
    assert (only.false_pass.share, only.false_strip.share) == (0, 1)


def _odd() -> Iterator[tuple[str, str]]:
    yield "议会周二批准了新的港口墙。市长说它将保护老城的房屋。" * 9, "议会批准了新的港口墙。"
    yield (
        "El puerto fue cerrado el martes por la tormenta y los vecinos se fueron. " * 5,
        "El puerto.",
    )
    yield "The dam broke.\x00\x1b[31m\u202e", "\x07The dam\ud800 broke\x00."
    yield "The dam broke on Tuesday.", ""
    yield "The dam broke on Tuesday.", "The dam broke. " * 700
    yield "(" * 20_000, "[" * 3000


@pytest.mark.parametrize(("doc", "claim"), list(_odd()))
def test_odd_rows_are_judged_without_an_exception(doc, claim):
    rows, bad = read_rows([json.dumps({"doc": doc, "claim": claim, "label": 0})])
    assert (len(rows), bad) == (1, [])
    report = evaluate_rows(rows, verifier=QueuedVerifier(*[0.0] * 50))
    json.dumps(report.model_dump(mode="json")).encode()
    assert report.rows == 1


def test_document_of_another_language_is_named_and_not_asked_about():
    doc = "El puerto fue cerrado el martes por la tormenta y los vecinos se fueron. " * 5
    verifier = QueuedVerifier()
    rows = [
        LabelledRow(doc=doc, claim="El puerto fue cerrado el lunes.", supported=False, id="es1")
    ]
    report = evaluate_rows(rows, verifier=verifier)
    assert verifier.asked == []
    assert report.conditions.validator.verifier == "none"
    assert any("es1" in warning for warning in report.warnings)


def test_no_rows_are_refused():
    with pytest.raises(ConfigError):
        evaluate_rows([])


def test_strictness_is_that_of_the_validator():
    rows = _rows((BAY, "The wall was built.", True, ""))
    low, high = (evaluate_rows(rows, strictness=s).conditions for s in (0.0, 1.0))
    assert (low.validator.strictness, high.validator.strictness) == (0, 1)
    assert low.validator.threshold < high.validator.threshold
