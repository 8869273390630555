import pytest

from summarizer.validate.attachment import cut_short, misattached, stutters
from summarizer.validate.entailment import cover_and_order, predicate, swapped, turned_round
from summarizer.validate.reading import Reading, index_of
from tests.conftest import make_article


def _look(claim, *sentences):
    article = make_article(*sentences)
    index = index_of(article)
    return cover_and_order(Reading(claim, None), index.sentences, index)


def test_the_evidences_own_words_are_covered_and_in_order():
    found = _look("Divers found the old bell.", "Divers found the old bell.")
    assert found == (pytest.approx(1), pytest.approx(1))


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("Penguins juggle.", "Divers found the old bell."),
        ("", "Divers found the old bell."),
        ("It was.", "Divers found the old bell."),
    ],
)
def test_nothing_is_covered_without_a_shared_word(claim, sentence):
    assert _look(claim, sentence) == (0, 0)


def test_numbers_and_dates_alone_are_left_to_their_checks():
    assert _look("It was 40 on 3 May 2020.", "Divers found the old bell.") == (1, 1)


def test_one_word_has_no_order_of_its_own():
    cover, order = _look("They juggle.", "Divers juggle.")
    assert cover == order == pytest.approx(1)


def test_equal_words_cover_one_another():
    said = "Vorn bought the firm and started to build chips."
    cover, _ = _look("Vorn acquired the company and began to construct semiconductors.", said)
    assert cover > 0.9


def test_cover_falls_with_every_word_that_is_not_said():
    said = "Divers found the old bell in the harbour."
    one, _ = _look("Divers found the old anchor in the harbour.", said)
    two, _ = _look("Divers found the golden anchor in the harbour.", said)
    assert 1 > one > two > 0


def test_another_verb_costs_more_than_another_object():
    said = "Tarn painted the old bell."
    verb, _ = _look("Tarn juggled the old bell.", said)
    object_, _ = _look("Tarn painted the old anchor.", said)
    assert verb < object_


def test_words_scattered_over_the_evidence_are_covered_but_not_in_order():
    together = _look("Divers sold the bell.", "Divers sold the bell.", "The mayor praised goats.")
    scattered = _look(
        "Divers sold the bell.", "Divers swam far.", "The mayor sold goats.", "A bell rang."
    )
    assert scattered[0] == together[0] == pytest.approx(1)
    assert scattered[1] < 0.5 < together[1]


@pytest.mark.parametrize(
    ("claim", "word"),
    [
        ("Tarn said she sold the ferry.", "sold"),  # words of telling are light
        ("Ilse Tarn praised Odo Brack.", "praised"),
        ("The divers found the bell.", None),
        ("They met Tarn.", None),
    ],
)
def test_predicate_is_the_first_word_of_weight_after_the_first_name(claim, word):
    reading = Reading(claim, None)
    found = predicate(reading)
    term = reading.terms[found] if found is not None else None
    assert (term and claim[term.start : term.end]) == word


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


def test_swapped_names_are_told_as_the_claim_has_them():
    told = swapped(Reading("Ilse Tarn sued Vorn.", None), [Reading("Vorn sued Ilse Tarn.", None)])
    assert told == "Ilse Tarn and Vorn are the other way round in the evidence"


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
