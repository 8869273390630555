"""Offices and places that claims give to names: invented ones."""

import pytest

from summarizer.validate.offices import holders, wrong_office, wrong_place
from summarizer.validate.reading import Reading, index_of
from tests.conftest import make_article


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mayor Ilse Tarn left.", [("mayor", "", "Ilse Tarn")]),
        ("Ilse Tarn, the mayor, left.", [("mayor", "", "Ilse Tarn")]),
        ("The premier Ilse Tarn left.", [("prime minister", "", "Ilse Tarn")]),
        ("Vice president Odo Brack left.", [("president", "vice", "Odo Brack")]),
        ("The former mayor Odo Brack left.", [("mayor", "former", "Odo Brack")]),
        ("The ex-mayor Odo Brack left.", []),
        ("Odo Brack, Vorn's chief executive, left.", []),
        ("Ilse Tarn met the mayor.", []),
    ],
)
def test_holders_are_names_beside_an_office(text, found):
    assert [(h.office, h.lesser, h.name.text) for h in holders(Reading(text, None))] == found


@pytest.mark.parametrize(
    ("claim", "evidence", "wrong"),
    [
        ("Mayor Tarn left.", ["Mayor Brack left.", "Tarn came."], True),
        ("Mayor Tarn left.", ["Mayor Brack left.", "Tarn, the mayor of Velm, came."], False),
        ("Mayor Tarn left.", ["Deputy mayor Brack left.", "Tarn came."], False),
        ("Mayor Tarn left.", ["The mayor left.", "Tarn came."], False),
        ("Mayor Tarn left.", ["Brack left.", "Tarn came."], False),
    ],
)
def test_office_is_wrong_where_the_article_names_another_holder(claim, evidence, wrong):
    index = index_of(make_article(*evidence))
    assert bool(wrong_office(Reading(claim, None), index)) is wrong


@pytest.mark.parametrize(
    ("claim", "evidence", "wrong"),
    [
        ("It is in Velm, Ohio.", "He lives in Velm, Utah, by the sea.", True),
        ("It is in Velm, Ohio.", "He lives in Velm, Ohio, by the sea.", False),
        ("It is in Velm, Ohio.", "He lives in Velm by the sea.", False),
        ("It is in Velm, Ohio and Lumo.", "He lives in Velm, Lumo and Ohio.", False),
        ("It is in Velm, Brack says.", "He is in Velm, Brack said.", False),
    ],
)
def test_place_is_wrong_where_the_evidence_puts_it_elsewhere(claim, evidence, wrong):
    sentences = [Reading(evidence, None, number=1)]
    assert bool(wrong_place(Reading(claim, None), sentences)) is wrong
