"""Plans, possibilities and allegations of evidence against claims: invented pairs."""

import pytest

from summarizer.data import RejectReason
from summarizer.validate.modality import check_modality
from summarizer.validate.reading import Reading


def _check(claim: str, *sentences: str):
    return check_modality(
        Reading(claim, None), [Reading(s, None, number=i) for i, s in enumerate(sentences, 1)]
    )


TRUE = [
    ("Vorn plans to sell the ferry.", "Vorn wants to sell the ferry."),
    ("Vorn will sell the ferry.", "Vorn plans to sell the ferry."),
    ("Vorn may sell the ferry.", "Vorn could sell the ferry."),
    ("Vorn sold the ferry.", "Vorn has sold the ferry."),
    ("Vorn has begun to sell the ferry.", "Vorn began to sell the ferry."),
    ("Vorn agreed to sell the ferry.", "Vorn has agreed to sell the ferry."),
    ("Vorn is considering selling the ferry.", "Vorn is considering whether to sell the ferry."),
    ("Vorn is expected to sell the ferry.", "Vorn will be expected to sell the ferry."),
    ("Vorn tried to sell the ferry.", "Vorn attempted to sell the ferry."),
    ("Vorn asked divers to make changes to the ferry.", "Vorn asked divers to make the changes."),
    ("Brack allegedly stole the goat.", "Brack is accused of stealing the goat."),
    ("Brack is charged with stealing the goat.", "Brack is charged with stealing the goat."),
    ("Tarn claims that Brack stole the goat.", "Tarn claims that Brack stole the goat."),
    ("Brack stole the goat.", "Brack, accused of stealing the goat, stole the goat."),
    ("Brack reportedly fled the bay.", "Brack has fled the bay."),
    ("Brack fled the bay.", "Brack reportedly fled the bay."),
    ("Vorn proposed a new pier.", "Vorn proposed a new pier in May."),
    ("The pump helps to cool the ferry.", "The pump cooled the ferry."),
    ("The delay was due to problems with the ferry.", "Problems delayed the ferry."),
    ("Vorn built the pier.", "Vorn plans to build a dam and has built the pier."),
    ("The new ferry sold well.", "Vorn may sell the old dam."),
    ("The planned pier opened in May.", "The planned pier opened in May."),
    ("Brack would swim for hours.", "Brack swam for hours."),
    ("Vorn can sell the ferry.", "Vorn is able to sell the ferry."),
]
FALSE = [
    ("Vorn sold the ferry.", "Vorn plans to sell the ferry."),
    ("Vorn sold the ferry.", "Vorn wants to sell the ferry."),
    ("Vorn sold the ferry.", "Vorn may sell the ferry."),
    ("Vorn has sold the ferry.", "Vorn could sell the ferry."),
    ("Vorn has sold the ferry.", "Vorn will sell the ferry."),
    ("Vorn is building the pier.", "Vorn hopes to build the pier."),
    ("Vorn built the pier.", "Vorn is considering building the pier."),
    ("Vorn built the pier.", "Vorn is expected to build the pier."),
    ("Vorn built the pier.", "Vorn proposed to build the pier."),
    ("Vorn built the pier.", "Vorn vowed to build the pier."),
    ("Vorn built the pier.", "Vorn is set to build the pier."),
    ("Vorn bought Lumo.", "Vorn tried to buy Lumo."),
    ("Vorn bought Lumo.", "Vorn attempted to buy Lumo."),
    ("Vorn has closed the pier.", "Vorn must close the pier, Tarn said."),
    ("Vorn has closed the pier.", "If Vorn closed the pier, Tarn would sue."),
    ("Brack stole the goat.", "Brack allegedly stole the goat."),
    ("Brack stole the goat.", "Brack is accused of stealing the goat."),
    ("Brack stole the goat.", "Brack was charged with stealing the goat."),
    ("Brack stole the goat.", "Brack is suspected of stealing the goat."),
    ("Vorn plans to sell the ferry.", "Vorn sold the ferry."),
    ("Vorn will sell the ferry.", "Vorn has sold the ferry."),
    ("Vorn may sell the ferry.", "Vorn has sold the ferry."),
    ("Tarn is to open the pier.", "Tarn plans no pier.", "Tarn opened the pier."),
    ("The dam was finished.", "The dam is due to be finished."),
]


def _ids(rows):
    return [pytest.param(row[0], row[1:], id=" / ".join(row)) for row in rows]


@pytest.mark.parametrize(("claim", "evidence"), _ids(TRUE))
def test_claim_as_real_as_its_evidence_passes(claim, evidence):
    assert _check(claim, *evidence) is None


@pytest.mark.parametrize(("claim", "evidence"), _ids(FALSE))
def test_plan_made_a_fact_and_fact_made_a_plan_are_found(claim, evidence):
    found = _check(claim, *evidence)
    assert found is not None
    assert found[0] is RejectReason.NOT_ENTAILED


def test_tables_hold_twenty_pairs_and_more():
    assert min(len(TRUE), len(FALSE)) >= 20


@pytest.mark.parametrize(
    ("claim", "evidence", "detail"),
    [
        (
            "Vorn sold the ferry.",
            "Vorn plans to sell the ferry.",
            "'sold' is only planned in the evidence; "
            "sentence 1 says 'Vorn plans to sell the ferry'",
        ),
        (
            "Brack stole the goat.",
            "Brack allegedly stole the goat.",
            "'stole' is only alleged in the evidence; "
            "sentence 1 says 'Brack allegedly stole the goat'",
        ),
        (
            "Vorn plans to sell the ferry.",
            "Vorn sold the ferry.",
            "'sell' is no plan in the evidence; sentence 1 says 'Vorn sold the ferry'",
        ),
    ],
)
def test_detail_quotes_the_sentence(claim, evidence, detail):
    found = _check(claim, evidence)
    assert found is not None
    assert found[1] == detail
