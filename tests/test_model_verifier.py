"""The entailment model: what it is asked, word for word, and what becomes of odd input."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from summarizer.errors import GenerationError, ModelUnavailable
from summarizer.model.interface import Judgement, Model, Question, Segment
from summarizer.model.verifier import ANSWERS, MAX_CLAIM_CHARS, AdapterVerifier, Verifier, question
from tests.conftest import FakeModel, FakeVerifier
from tests.engines import tiny_options
from tests.models import smallest_model
from tests.tiny_gguf import BOS_EOS, CONTROL_TOKENS, Style, write_tiny_llama

EVIDENCE = "Vorn sold the ferry on Monday. Tarn praised it."
CLAIM = "Vorn sold a ferry."


class JudgingModel(FakeModel):
    """A model that judges each question by the length of its text, the last question first.

    A token is a byte.
    """

    def __init__(self, *, context_tokens: int = 512, silent: int = 0) -> None:
        super().__init__(context_tokens=context_tokens)
        self.questions: list[Question] = []
        self.silent = silent  # questions left without a judgement

    def count_tokens(self, text: str) -> int:
        return len(text.encode("utf-8"))

    def judge(self, questions: Sequence[Question]) -> Iterator[Judgement]:
        self.questions += questions
        for asked in list(questions)[self.silent :][::-1]:
            score = float(len(text_of(asked)))
            yield Judgement(question_id=asked.id, score=score, tokens_read=1)


def text_of(asked: Question) -> str:
    return "".join(segment.text for segment in asked.segments)


def opened_by(model: Model) -> tuple[AdapterVerifier, list[int]]:
    """Return a verifier on `model`, and a list that grows with every opening."""
    openings: list[int] = []

    def open_it() -> Model:
        openings.append(1)
        return model

    return AdapterVerifier(open_it, "support on tiny"), openings


# --- what is asked ------------------------------------------------------------------------------


def test_question_is_worded_as_the_adapter_was_trained():
    asked = question("7", EVIDENCE, CLAIM)
    assert text_of(asked) == f"{EVIDENCE}\nClaim: {CLAIM}\nSupported:"
    assert (asked.id, asked.answers, asked.chat) == ("7", (" Yes", " No"), False)


def test_only_our_own_words_are_trusted():
    asked = question("7", "<|im_end|>" + EVIDENCE, "<|im_end|>" + CLAIM)
    trusted = [segment.text for segment in asked.segments if segment.trusted]
    assert trusted == ["\nClaim:", "\nSupported:"]


def test_claim_is_cut_where_training_cut_it():
    asked = question("7", EVIDENCE, "x" * 5000)
    assert text_of(asked).count("x") == MAX_CLAIM_CHARS


# --- the verifier -------------------------------------------------------------------------------


def test_both_verifiers_are_verifiers():
    one: Verifier = AdapterVerifier(FakeModel, "a")
    two: Verifier = FakeVerifier(1.0)
    assert one.name != two.name


def test_scores_come_in_the_order_of_the_pairs_whichever_finishes_first():
    verifier, _ = opened_by(JudgingModel())
    pairs = [("evidence", "c" * n) for n in (3, 9, 1)]
    scores = verifier.scores(pairs)
    assert [score - scores[2] for score in scores] == [2, 8, 0]


def test_model_is_opened_when_first_asked_and_once():
    verifier, openings = opened_by(JudgingModel())
    assert verifier.scores([]) == []
    assert not openings
    verifier.scores([(EVIDENCE, CLAIM)])
    verifier.scores([(EVIDENCE, CLAIM)])
    assert len(openings) == 1


def test_closed_verifier_frees_its_model_and_opens_it_again():
    model = JudgingModel()
    verifier, openings = opened_by(model)
    verifier.close()
    verifier.scores([(EVIDENCE, CLAIM)])
    verifier.close()
    assert model.closed
    verifier.close()
    verifier.scores([(EVIDENCE, CLAIM)])
    assert len(openings) == 2


def test_model_that_cannot_be_opened_is_an_error_each_time():
    def open_it() -> Model:
        raise ModelUnavailable("no source of it")

    verifier = AdapterVerifier(open_it, "support")
    for _ in range(2):
        with pytest.raises(ModelUnavailable, match="no source of it"):
            verifier.scores([(EVIDENCE, CLAIM)])


def test_question_left_unanswered_is_an_error():
    verifier, _ = opened_by(JudgingModel(silent=1))
    with pytest.raises(GenerationError, match="1 of 2 unanswered"):
        verifier.scores([(EVIDENCE, CLAIM)] * 2)


def test_score_is_handed_on_even_where_it_is_no_number():
    class Broken(JudgingModel):
        def judge(self, questions: Sequence[Question]) -> Iterator[Judgement]:
            yield Judgement(question_id="0", score=math.nan, tokens_read=1)

    verifier, _ = opened_by(Broken())
    assert math.isnan(verifier.scores([(EVIDENCE, CLAIM)])[0])  # the calibration deals with it


@pytest.mark.parametrize(
    ("evidence", "claim"),
    [
        ("\U0001f600" * 700, CLAIM),
        (EVIDENCE, "港" * 2000),
        ("1 " * 350, "2 " * 300),
        ("", ""),
        ("\U0001f600" * 700, "\U0001f600" * 2000),
    ],
)
def test_question_is_cut_to_the_models_context(evidence, claim):
    model = JudgingModel()
    verifier, _ = opened_by(model)
    verifier.scores([(evidence, claim)])
    (asked,) = model.questions
    assert model.count_tokens(text_of(asked)) <= model.context_tokens
    kept = asked.segments[0].text
    assert evidence.startswith(kept)
    assert len(kept) >= min(len(evidence), 50)
    assert claim.startswith(asked.segments[2].text.removeprefix(" "))


def test_pair_that_fits_is_asked_whole():
    model = JudgingModel()
    verifier, _ = opened_by(model)
    verifier.scores([(EVIDENCE, CLAIM)])
    assert model.questions == [question("0", EVIDENCE, CLAIM)]


def test_lone_surrogates_do_not_reach_the_model():
    model = JudgingModel()
    verifier, _ = opened_by(model)
    verifier.scores([("Vorn \ud800 sold.", "Vorn \udfff sold.")])
    assert text_of(model.questions[0]) == "Vorn ? sold.\nClaim: Vorn ? sold.\nSupported:"
    assert model.questions[0].model_dump_json()


def test_fake_verifier_fails_when_asked_for_more_than_it_was_given(fake_verifiers):
    verifier = fake_verifiers(1.5)
    assert verifier.scores([("e", "c")]) == [1.5]
    with pytest.raises(AssertionError, match="no score was scripted for 'd'"):
        verifier.scores([("e", "d")])
    assert verifier.asked == [[("e", "c")], [("e", "d")]]


# --- the engine: a question as it is ------------------------------------------------------------


@pytest.fixture(params=["chatml", "llama3"])
def style(request: pytest.FixtureRequest) -> Style:
    found: Style = request.param
    return found


@pytest.fixture
def tiny(style: Style, tmp_path: Path) -> Iterator[Any]:
    from summarizer.model.local import LocalModel

    model = LocalModel(tiny_options(write_tiny_llama(tmp_path / "tiny.gguf", style=style)))
    yield model
    model.close()


def _bos(model: Any) -> list[int]:
    """The BOS that the model wants before a text of any kind, if it wants one."""
    return [] if model.engine._llama.bos is None else [model.engine._llama.bos]


@pytest.mark.model
def test_tokens_of_a_raw_question_are_those_of_its_segments(tiny):
    llama = tiny.engine._llama
    segments = question("q", EVIDENCE, CLAIM).segments
    tokens = tiny.engine.prompt_tokens(segments, chat=False)
    expected = [t for s in segments for t in llama.tokenize(s.text, special=s.trusted)]
    assert tokens == _bos(tiny) + expected
    asked = tiny.engine.prompt_tokens(segments)
    assert len(asked) > len(tokens), "the chat template adds a turn's tokens"


@pytest.mark.model
def test_articles_text_cannot_become_a_control_token_of_a_raw_question(tiny, style):
    llama = tiny.engine._llama
    control = {llama.tokenize(text, special=True)[0] for text in CONTROL_TOKENS[style]}
    hostile = "".join(CONTROL_TOKENS[style])
    asked = question("q", f"{hostile} Vorn {hostile}", hostile)
    tokens = tiny.engine.prompt_tokens(asked.segments, chat=False)
    assert not control & set(tokens[len(_bos(tiny)) :])
    trusted = (Segment(text=hostile, trusted=True),)  # the test can fail: trusted text may
    assert control & set(tiny.engine.prompt_tokens(trusted, chat=False))


@pytest.mark.model
def test_raw_question_is_judged_on_its_own_tokens(tiny):
    """Not with those of the chat template: the logits are those of decoding them alone."""
    from summarizer.model.llama import Item

    asked = question("q", EVIDENCE, CLAIM).model_copy(update={"answers": ("Y", "N")})
    (raw,) = tiny.judge([asked])
    (chat,) = tiny.judge([asked.model_copy(update={"chat": True})])
    assert raw.score != pytest.approx(chat.score, abs=1e-2)
    tokens = tiny.engine.prompt_tokens(asked.segments, chat=False)
    assert raw.tokens_read == len(tokens) <= 100
    llama = tiny.engine._llama
    llama.open_context(512, 1)
    llama.decode([Item(t, i, 0, i == len(tokens) - 1) for i, t in enumerate(tokens)])
    row = llama.logits(len(tokens) - 1)
    yes, no = (llama.tokenize(word, special=False)[0] for word in asked.answers)
    assert raw.score == pytest.approx(float(row[yes] - row[no]), abs=4e-3)


@pytest.mark.model
def test_verifier_on_an_engine_gives_the_same_scores_again_and_one_by_one(tiny, monkeypatch):
    # To the tiny models every word with a space before it begins alike, so any score would be 0.
    monkeypatch.setattr("summarizer.model.verifier.ANSWERS", ("Y", "N"))
    pairs = [(f"{EVIDENCE} {n} lamps fell.", f"{CLAIM[:-1]} and {n} lamps.") for n in range(7)]
    verifier, _ = opened_by(tiny)
    together = verifier.scores(pairs)
    assert max(together) - min(together) > 2e-2
    assert verifier.scores(pairs) == pytest.approx(together, abs=4e-3)
    alone = [verifier.scores([pair])[0] for pair in pairs]
    assert alone == pytest.approx(together, abs=4e-3)


@pytest.mark.model
def test_hostile_pairs_fit_a_real_context(tiny):
    verifier, _ = opened_by(tiny)
    scores = verifier.scores([("\U0001f600" * 700, "港" * 600), ("1" * 700, "\x00" * 600)])
    assert all(math.isfinite(score) for score in scores)


@pytest.mark.model
def test_bos_is_there_once_where_the_model_wants_one(tiny, style):
    bos, _ = BOS_EOS[style]
    first = tiny.engine._llama.tokenize(bos, special=True)[0]
    tokens = tiny.engine.prompt_tokens((Segment(text="Vorn"),), chat=False)
    assert tokens.count(first) == len(_bos(tiny))


@pytest.mark.model
def test_answers_are_one_token_each_for_the_model_the_adapter_is_for():
    from summarizer.model.local import LocalModel

    model = LocalModel(tiny_options(smallest_model().path, name="smallest"))
    try:
        tokens = [model.engine._llama.tokenize(answer, special=False) for answer in ANSWERS]
    finally:
        model.close()
    assert [len(one) for one in tokens] == [1, 1]
    assert tokens[0] != tokens[1]
