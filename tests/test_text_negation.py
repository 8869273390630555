import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.negation import Modality, scopes


def _scope(text, word):
    return next(s for s in scopes(text) if text[s.start : s.end].lower() == word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The board did not approve the merger.", "approve"),
        ("They won’t pay.", "pay"),
        ("There is no evidence of fraud.", "evidence"),
        ("He denied stealing the goat.", "stealing"),
        ("It failed to win.", "win"),
        ("She never signed it.", "signed"),
        ("It is unlikely to end.", "unlikely"),
        ("They left without paying.", "paying"),
        ("The firm refused to sell.", "sell"),
        ("Neither driver survived.", "driver"),
        ("Neither Tarn nor Brack signed it.", "signed"),
        ("He was banned from driving.", "driving"),
        ("It kept the crew, and prevented Tarn from leaving.", "leaving"),
        ("There is a lack of evidence.", "evidence"),
        ("The ferry is unlicensed.", "unlicensed"),
        ("They did n't pay .", "pay"),
        ("It is no longer open.", "open"),
    ],
)
def test_denied_word_is_negated(text, word):
    assert _scope(text, word).negated


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The board did not vote, but it praised the plan.", "praised"),
        ("Not only the mayor but the council resigned.", "mayor"),
        ("It has not failed to pay.", "pay"),
        ("There is no doubt it won.", "won"),
        ("A failed bid was sold.", "sold"),
        ("No fewer than nine goats ran.", "nine"),
        ("They did not stay and the goats ran.", "ran"),
        ("The board approved it.", "approved"),
        ("The ban came after video of it.", "video"),
        ("The court blocked the merger.", "merger"),
        ("He barely escaped.", "escaped"),
        ("In the absence of Tarn they won.", "won"),
        ("It did not sail until noon.", "noon"),
        ("It was not fully understood.", "understood"),
        ("They unveiled it.", "unveiled"),
    ],
)
def test_other_word_is_not_negated(text, word):
    assert not _scope(text, word).negated


@pytest.mark.parametrize(
    ("text", "word", "modality"),
    [
        ("The firm plans to start early.", "start", Modality.PLANNED),
        ("The firm will start early.", "start", Modality.PLANNED),
        ("The bank may cut rates.", "cut", Modality.POSSIBLE),
        ("He reportedly fled.", "fled", Modality.REPORTED),
        ("The firm started early.", "started", Modality.DONE),
        ("It is said to cost more.", "cost", Modality.REPORTED),
        ("The report praised him.", "praised", Modality.DONE),
        ("He allegedly fled.", "fled", Modality.ALLEGED),
        ("He is accused of stealing it.", "stealing", Modality.ALLEGED),
        ("She claims that goats fled.", "fled", Modality.ALLEGED),
        ("It was late due to problems.", "problems", Modality.DONE),
        ("It is due to open.", "open", Modality.PLANNED),
    ],
)
def test_modality_says_how_real_it_is(text, word, modality):
    assert _scope(text, word).modality is modality


def test_scope_counts_from_each_kind_of_cue_by_itself():
    scope = _scope("It does not really want potential danger.", "danger")
    assert (scope.denied, scope.weakened) == (3, 1)


@given(st.text(max_size=80))
def test_scopes_lie_in_the_text_in_order(text):
    starts = [s.start for s in scopes(text)]
    assert starts == sorted(starts)
    assert all(0 <= s.start < s.end <= len(text) for s in scopes(text))
