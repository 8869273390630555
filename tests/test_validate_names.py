"""Names of a claim against its evidence: pairs about invented people and places."""

import pytest

from summarizer.data import RejectReason
from summarizer.validate.entailment import predicate
from summarizer.validate.evidence import find_sentences
from summarizer.validate.names import check_names, check_subject
from summarizer.validate.reading import Reading, index_of
from tests.conftest import make_article


def _check(claim: str, *sentences: str, title: str = "News from the bay"):
    index = index_of(make_article(*sentences, title=title))
    reading = Reading(claim, None)
    ids = find_sentences(reading, index, ())
    found, further = check_names(reading, index, ids)
    chosen = list(dict.fromkeys([*ids, *further]))
    return found or check_subject(reading, index, chosen, predicate(reading))


TRUE = [
    ("Smeld sold the ferry.", ["Prime Minister Ilse Smeld sold the ferry."]),
    ("Prime Minister Ilse Smeld sold the ferry.", ["Ilse Smeld, the prime minister, sold it."]),
    (
        "Prime Minister Smeld sold the ferry.",
        ["Ilse Smeld became premier in May.", "The prime minister sold the ferry at noon."],
    ),
    ("Dr Ilse Smeld sold the ferry.", ["Dr. Smeld sold the ferry.", "Ilse Smeld is 40."]),
    ("J. R. Smeld sold the ferry.", ["J.R. Smeld sold the old ferry."]),
    ("J.K. Smeld sold the ferry.", ["JK Smeld sold the old ferry."]),
    ("JK Smeld sold the ferry.", ["Jana Karin Smeld sold the old ferry."]),
    ("J. Smeld sold the ferry.", ["Jana Smeld sold the old ferry."]),
    ("The NFSB closed the pier.", ["The National Ferry Safety Board closed the pier."]),
    ("The National Ferry Safety Board closed the pier.", ["The NFSB closed the old pier."]),
    ("The DoF closed the pier.", ["The Department of Ferries closed the old pier."]),
    ("The US closed the pier.", ["The United States closed the old pier."]),
    ("American divers closed the pier.", ["Divers of the U.S. Navy closed the old pier."]),
    ("The U.N. Security Council met.", ["The United Nations Security Council met at noon."]),
    ("Norway closed the pier.", ["The Norwegian government closed the old pier."]),
    ("British divers closed the pier.", ["Divers from Britain closed the old pier."]),
    ("Dutch divers closed the pier.", ["Divers from the Netherlands closed the old pier."]),
    ("A Spaniard closed the pier.", ["A man from Spain closed the old pier."]),
    ("Vorn's ferry sank.", ["The ferry that Vorn owns sank."]),
    ("Smeld’s ferry sank.", ["The ferry of Ilse Smeld sank."]),
    ("ilse smeld sold the ferry .", ["Ilse Smeld sold the ferry at noon."]),
    ("smeld 's ferry sank off velmora .", ["The ferry of Ilse Smeld sank off Velmora."]),
    ("Visitors saw the ferry sink.", ["The ferry sank as a visitor looked on."]),
    ("Generally, ferries sink at night.", ["Most ferries sink at night."]),
    ("The pier in Springdale, Ohio, closed.", ["The old pier in Springdale, Ohio, closed."]),
    ("The pier in Springdale closed.", ["The old pier in Springdale, Ohio, closed."]),
    ("Vorn chief Odo Brack sold the ferry.", ["Vorn rose.", "Brack sold the ferry.",
                                              "Vorn hired Odo Brack."]),
    ("The Velmoran sold the ferry.", ["The Velmoran, who is 40, sold the ferry."]),
    ("Vorn shares fell.", ["Shares of Vorn fell after Lumo closed."]),
    ("Former mayor Odo Brack sold the ferry.", ["Odo Brack, a former mayor, sold the ferry."]),
    ("Mayor Ilse Smeld sold it.", ["Mayor Odo Brack left in May.", "Ilse Smeld, the new mayor, "
                                   "sold it."]),
    ("Television crews saw the ferry.", ["TV crews saw the ferry."]),
    ("Co-founder Odo Brack sold the ferry.", ["Odo Brack, co-founder of Vorn, sold the ferry."]),
]  # fmt: skip
FALSE = [
    ("Jana Smeld sold the ferry.", ["Ilse Smeld rose early.", "Smeld sold the ferry."]),
    ("Jana Smeld sold the ferry.", ["Ilse Smeld sold the ferry.", "Jana Brack slept."]),
    ("Jana Smeld sold the ferry.", ["Ilse Smeld came.", "Jana Brack slept.",
                                    "Smeld sold the ferry."]),
    ("Dr Odo Smeld sold the ferry.", ["Dr. Ilse Smeld sold the old ferry."]),
    ("J. R. Smeld sold the ferry.", ["K. R. Smeld sold the old ferry."]),
    ("J.K. Smeld sold the ferry.", ["Ilse Smeld sold the old ferry."]),
    ("JK Smeld sold the ferry.", ["Jana Maria Smeld sold the old ferry."]),
    ("The NFSB closed the pier.", ["The National Bridge Safety Board closed the pier."]),
    ("The DoF closed the pier.", ["The Department of Roads closed the old pier."]),
    ("The US closed the pier.", ["The under-secretary closed the old pier."]),
    ("The UN closed the pier.", ["The pier was closed until noon."]),
    ("Canadian divers closed the pier.", ["Divers of the U.S. Navy closed the old pier."]),
    ("Sweden closed the pier.", ["The Norwegian government closed the old pier."]),
    ("Irish divers closed the pier.", ["Divers from Britain closed the old pier."]),
    ("A Spaniard closed the pier.", ["A man from Portugal closed the old pier."]),
    ("Lumo's ferry sank.", ["The ferry that Vorn owns sank."]),
    ("ida smeld's ferry sank .", ["The ferry of Odo Smeld sank at noon."]),
    ("jana smeld sold the ferry .", ["Ilse Smeld sold the ferry at noon."]),
    ("The pier in Springdale, Ohio, closed.", ["The old pier in Springdale, Utah, closed.",
                                               "It is not the Ohio one that closed."]),
    ("The pier in Springdale, Ohio, closed.", ["The old pier in Springdale, Utah, closed."]),
    ("Mayor Ilse Smeld sold the ferry.", ["Mayor Odo Brack came.", "Ilse Smeld sold the ferry."]),
    ("Ilse Smeld, the mayor, sold the ferry.", ["Mayor Odo Brack came.",
                                                "Ilse Smeld sold the ferry."]),
    ("CEO Ilse Smeld sold the ferry.", ["Chief executive Odo Brack came.",
                                        "Ilse Smeld sold the ferry."]),
    ("Prime Minister Brack sold the ferry.", ["Ilse Smeld, the premier, came.",
                                              "Brack sold the ferry."]),
    ("President Lund met the divers.", ["President Odo Brack came.", "Lund met the divers."]),
    ("Lumo plans a new pier.", ["Vorn plans a new pier.", "Lumo grew fast."]),
    ("Brack has sold the ferry.", ["Smeld has sold the ferry.", "Brack slept."]),
    ("Lumo Corp sold the ferry.", ["Vorn Corp sold the ferry."]),
    ("Zephyr 4 sold well.", ["Zephyr 3 sold well."]),
    ("The Bank of Velmora sold the ferry.", ["The Bank of Lumora sold the ferry."]),
    ("Smeld sold the Brackton ferry.", ["Smeld sold the Velmora ferry."]),
    ("Vorn bought Lumo.", ["Vorn bought its rival."]),
    ("Odo Brack sold the ferry in Ohio.", ["Odo Brack sold the ferry in Utah."]),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "evidence"), TRUE)
def test_name_that_the_evidence_has_passes(claim, evidence):
    assert _check(claim, *evidence) is None


@pytest.mark.parametrize(("claim", "evidence"), FALSE)
def test_name_that_the_evidence_lacks_is_found(claim, evidence):
    found = _check(claim, *evidence)
    assert found is not None
    assert found[0] is RejectReason.NAME


def test_tables_hold_twenty_pairs_and_more():
    assert min(len(TRUE), len(FALSE)) >= 20


@pytest.mark.parametrize(
    ("claim", "evidence", "detail"),
    [
        (
            "Jana Smeld sold the ferry.",
            ["It rained.", "Ilse Smeld sold the ferry."],
            "Jana Smeld is not in the evidence; sentence 2 says Ilse Smeld",
        ),
        (
            "Jana Smeld sold the ferry.",
            ["Ilse Smeld rose early.", "Smeld sold the ferry."],
            "Jana Smeld is not in the evidence; sentence 1 says Ilse Smeld",
        ),
        (
            "Lumo sold the ferry.",
            ["It rained.", "Vorn sold the ferry."],
            "Lumo is not in the evidence; sentence 2 says Vorn",
        ),
        (
            "The ferry of Lumo sank.",
            ["The ferry sank."],
            "Lumo is not in the evidence",
        ),
        (
            "Mayor Ilse Smeld sold the ferry.",
            ["Mayor Odo Brack came.", "Ilse Smeld sold the ferry."],
            "Mayor Ilse Smeld is not in the evidence; sentence 1 says Mayor Odo Brack",
        ),
        (
            "The pier in Springdale, Ohio, closed.",
            ["The pier in Springdale, Utah, closed.", "It is not the Ohio one that closed."],
            "Springdale, Ohio is not in the evidence; sentence 1 says Springdale, Utah",
        ),
        (
            "Lumo plans a new pier.",
            ["Vorn plans a new pier.", "Lumo grew fast."],
            "sentence 1 says it of Vorn, not of Lumo",
        ),
    ],
)
def test_detail_names_what_is_wrong_and_what_the_evidence_has(claim, evidence, detail):
    found = _check(claim, *evidence)
    assert found is not None
    assert found[1] == detail


def test_sentence_that_describes_a_name_joins_the_evidence():
    article = make_article("Vorn rose.", "Brack sold the ferry.", "Vorn hired Odo Brack.")
    index = index_of(article)
    found, further = check_names(Reading("Vorn chief Odo Brack sold it.", None), index, [2])
    assert found is None
    assert set(further) >= {3}
