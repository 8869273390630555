import pytest

from summarizer.data import Claim, RejectedClaim, SupportedClaim
from summarizer.validate import check_support
from summarizer.validate.attachment import cut_short, misattached, stutters
from summarizer.validate.entailment import THRESHOLD, score, swapped, turned_round
from summarizer.validate.reading import Reading, index_of
from tests.conftest import make_article


def _score(claim, *sentences):
    article = make_article(*sentences)
    index = index_of(article)
    return score(Reading(claim, None), index.sentences, index)


def test_score_of_the_evidences_own_words_is_one():
    assert _score("Divers found the old bell.", "Divers found the old bell.") == pytest.approx(1)


def test_score_is_zero_without_a_shared_word():
    assert _score("Penguins juggle.", "Divers found the old bell.") == 0


def test_equal_words_score_as_the_same():
    said = "Vorn bought the firm and started to build chips."
    assert _score("Vorn acquired the company and began to construct semiconductors.", said) > 0.9


def test_score_falls_with_every_word_that_is_not_said():
    said = "Divers found the old bell in the harbour."
    one = _score("Divers found the old anchor in the harbour.", said)
    two = _score("Divers found the golden anchor in the harbour.", said)
    assert 1 > one > two


def test_words_scattered_over_the_evidence_score_below_words_together():
    together = _score("Divers sold the bell.", "Divers sold the bell.", "The mayor praised goats.")
    scattered = _score(
        "Divers sold the bell.", "Divers swam far.", "The mayor sold goats.", "A bell rang."
    )
    assert together > scattered


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("Brack sued Tarn.", "Tarn sued Brack on Monday."),
        ("Lumo bought Vorn.", "Vorn bought Lumo for cash."),
        ("Tarn was beaten by Brack.", "Tarn beat Brack in the race."),
        ("Tarn beat Brack.", "Tarn was beaten by Brack in the race."),
        ("Lumo is building a reader to catch up with Vorn.", "Vorn built a reader to rival Lumo."),
    ],
)
def test_swapped_names_are_found(claim, evidence):
    assert swapped(Reading(claim, None), [Reading(evidence, None)])


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("Tarn sued Brack.", "Tarn sued Brack on Monday."),
        ("Brack was sued by Tarn.", "Tarn sued Brack on Monday."),
        ("Tarn sued Brack.", "Brack was sued by Tarn on Monday."),
        ("Tarn and Brack sued Lumo.", "Brack and Tarn sued Lumo."),
    ],
)
def test_names_in_their_roles_are_left_alone(claim, evidence):
    assert swapped(Reading(claim, None), [Reading(evidence, None)]) is None


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("Sales of goats rose sharply.", "Sales of goats fell sharply."),
        ("The court rejected the appeal.", "The court accepted the appeal."),
        ("Vorn sold the old dam.", "Vorn bought the old dam."),
        ("Vorn disclosed the price list.", "Vorn kept the price list confidential."),
    ],
)
def test_opposite_is_found(claim, evidence):
    assert turned_round(Reading(claim, None), [Reading(evidence, None)])


def test_opposite_said_elsewhere_is_left_alone():
    evidence = [Reading("Sales of goats rose, and rents fell.", None)]
    assert turned_round(Reading("Sales of goats rose.", None), evidence) is None


def test_object_of_another_preposition_is_found():
    evidence = [Reading("They etched lines smaller than a wavelength of light onto a film.", None)]
    claim = Reading("They etched lines smaller than a wavelength of a film.", None)
    assert misattached(claim, evidence) == "wavelength of a film"


def test_shortened_phrase_is_left_alone():
    evidence = [Reading("Vorn opened an office in the northern city of Velmora on Monday.", None)]
    assert misattached(Reading("Vorn opened an office in the city.", None), evidence) is None


def test_claim_cut_inside_a_phrase_is_found():
    evidence = [Reading("The club keeps an eye on young goalkeepers.", None)]
    assert cut_short(Reading("The club keeps an eye on young.", None), evidence) == "eye on young"


def test_claim_that_leaves_a_phrase_off_is_left_alone():
    evidence = [Reading("The club keeps an eye on goalkeepers in the north.", None)]
    assert cut_short(Reading("The club keeps an eye on goalkeepers.", None), evidence) is None


def test_doubled_word_is_found():
    evidence = [Reading("Tarn silenced her doubters.", None)]
    assert stutters(Reading("Tarn silenced her doubters doubters.", None), evidence)
    assert stutters(Reading("Tarn silenced her doubters.", None), evidence) is None


def test_threshold_parts_supported_from_rejected():
    article = make_article("Divers found the old bell near the harbour wall on Monday.")
    kept = check_support(Claim(article_id=article.id, text="Divers found the bell."), article)
    lost = check_support(
        Claim(article_id=article.id, text="Divers hid stolen gold near the castle."), article
    )
    assert isinstance(kept, SupportedClaim)
    assert kept.score >= THRESHOLD
    assert isinstance(lost, RejectedClaim)
    assert lost.score < THRESHOLD
