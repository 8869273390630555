"""Negation of a claim against its evidence: pairs about invented things."""

import pytest

from summarizer.data import RejectReason
from summarizer.validate.denials import check_negation
from summarizer.validate.reading import Reading


def _check(claim: str, *sentences: str):
    return check_negation(
        Reading(claim, None), [Reading(s, None, number=i) for i, s in enumerate(sentences, 1)]
    )


TRUE = [
    ("Vorn did not sell the ferry.", "Vorn has not sold the ferry."),
    ("Vorn didn't sell the ferry.", "Vorn never sold the ferry."),
    ("Vorn did n't sell the ferry .", "Vorn didn’t sell the ferry."),
    ("Vorn did not sell the ferry.", "Vorn refused to sell the ferry."),
    ("Vorn refused to sell the ferry.", "Vorn would not sell the ferry."),
    ("Vorn failed to sell the ferry.", "Vorn did not sell the ferry."),
    ("Brack was banned from driving the ferry.", "The court banned Brack from driving the ferry."),
    ("Brack could not drive the ferry.", "Brack was prevented from driving the ferry."),
    ("Neither Brack nor Tarn signed the lease.", "Brack and Tarn did not sign the lease."),
    ("Nobody signed the lease.", "Nobody has signed the lease yet."),
    ("The pier is no longer open.", "The pier is not open any longer."),
    ("The pier is not safe.", "The pier is unsafe."),
    ("The pier is unsafe.", "The pier is not safe."),
    ("The divers were unharmed.", "None of the divers were harmed."),
    ("The ferry is unlicensed.", "The ferry is not licensed."),
    ("Brack denied stealing the goat.", "Brack told the court he did not steal the goat."),
    ("The ferry sailed without lights.", "The ferry had no lights as it sailed."),
    ("There is a lack of evidence of fraud.", "There is no evidence of fraud."),
    ("Brack did not fail to pay the fine.", "Brack paid the fine."),
    ("Brack barely escaped the fire.", "Brack escaped the fire."),
    ("Not only Brack but Tarn resigned.", "Brack and Tarn resigned."),
    ("Vorn sold the ferry.", "Vorn did not sell the pier, but it sold the ferry."),
    ("The court ruled on the merger.", "The court blocked the merger with Lumo on Monday."),
    ("Police showed video footage of the raid.", "The ban came after video footage of the raid."),
    ("Tarn was banned from the pier.", "The harbour master banned Tarn from the pier."),
    ("Brack plays as right back.", "In the absence of Odo Lund, Brack plays as right back."),
    ("The gifts did not just include cars.", "The gifts included more than cars."),
    ("The gifts did n't just include cars .", "The gifts didn't just include cars."),
    ("Brack understands the plan.", "Brack may not fully understand the plan."),
    ("Vorn is using cheaper steel.", "By not using gold and by using steel Vorn saves."),
    ("There is no doubt that Vorn won.", "Vorn won, of that Tarn is sure."),
    ("Tarn said the claim was false.", "Tarn denied the claim that she sold the ferry."),
]
FALSE = [
    ("Vorn did not sell the ferry.", "Vorn has sold the ferry."),
    ("Vorn sold the ferry.", "Vorn never sold the ferry."),
    ("Vorn sold the ferry .", "Vorn did n't sell the ferry ."),
    ("Vorn sold the ferry.", "Vorn refused to sell the ferry."),
    ("Vorn refused to sell the ferry.", "Vorn has sold the ferry."),
    ("Vorn failed to sell the ferry.", "Vorn sold the ferry at noon."),
    ("Brack drove the ferry.", "The court banned Brack from driving the ferry."),
    ("Brack drove the ferry.", "Brack was prevented from driving the ferry."),
    ("Brack signed the lease.", "Neither Brack nor Tarn signed the lease."),
    ("Neither Brack nor Tarn signed the lease.", "Brack and Tarn signed the lease."),
    ("The crew signed the lease.", "Nobody in the crew signed the lease."),
    ("The pier is still open to divers.", "The pier is no longer open to divers."),
    ("The pier is no longer open to divers.", "The pier is open to divers."),
    ("The pier is safe.", "The pier is unsafe."),
    ("The pier is unsafe.", "The pier is safe."),
    ("The divers were harmed in the crash.", "The divers were unharmed in the crash."),
    ("The ferry is licensed.", "The ferry is unlicensed."),
    ("Brack stole the goat from Tarn.", "Brack denied that he stole the goat from Tarn."),
    ("Brack stole the goat from Tarn.", "Brack denied stealing the goat from Tarn."),
    ("The ferry sailed with lights.", "The ferry sailed without lights."),
    ("There is evidence of fraud.", "There is a lack of evidence of fraud."),
    ("There is evidence of fraud.", "There is no evidence of fraud."),
    ("Brack paid the fine.", "Brack hardly paid the fine."),
    ("Vorn formally approved the merger.", "Vorn did not formally approve the merger."),
    ("Vorn approved the merger.", "Vorn did not formally approve the merger."),
    ("Tarn was able to dive.", "Tarn was unable to dive."),
    ("The pump doesn't produce heat for the ferry.", "The pump produces heat for every ferry."),
    ("The ferry reached Velmora.", "The ferry did not reach Velmora."),
    ("The ferry is a danger to divers.", "Tarn denied the ferry is a danger to divers."),
    ("Vorn stopped selling the ferry tickets.", "Vorn is selling the ferry tickets."),
    ("The aquarium does not have smart pumps.", "The aquarium has smart pumps."),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "evidence"), TRUE)
def test_claim_that_denies_what_its_evidence_denies_passes(claim, evidence):
    assert _check(claim, evidence) is None


@pytest.mark.parametrize(("claim", "evidence"), FALSE)
def test_claim_that_turns_a_denial_round_is_found(claim, evidence):
    found = _check(claim, evidence)
    assert found is not None
    assert found[0] is RejectReason.NEGATION


def test_tables_hold_twenty_pairs_and_more():
    assert min(len(TRUE), len(FALSE)) >= 20


@pytest.mark.parametrize(
    ("claim", "evidence", "detail"),
    [
        (
            "Vorn sold the ferry.",
            "Vorn never sold the ferry.",
            "the evidence denies 'sold', the claim does not; "
            "sentence 1 says 'Vorn never sold the ferry'",
        ),
        (
            "Vorn did not sell the ferry.",
            "Vorn sold the ferry.",
            "the evidence does not deny 'sell'; sentence 1 says 'Vorn sold the ferry'",
        ),
    ],
)
def test_detail_quotes_the_sentence_that_says_otherwise(claim, evidence, detail):
    found = _check(claim, evidence)
    assert found is not None
    assert found[1] == detail


def test_not_that_is_all_the_claim_adds_is_found():
    found = _check("The ferry of Vorn and Lumo is not red.", "Vorn and Lumo have a ferry.")
    assert found is not None
    assert found[1] == "the evidence does not deny 'red'"


def test_no_evidence_denies_nothing():
    assert check_negation(Reading("Vorn did not sell it.", None), []) is None
