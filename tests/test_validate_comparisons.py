"""Pairs of a claim and its evidence, about invented things: superlatives and comparisons."""

import pytest

from summarizer.data import RejectReason
from summarizer.validate.comparisons import check_comparisons
from summarizer.validate.reading import Reading


def _check(claim: str, *evidence: str):
    readings = [Reading(text, None, number=i) for i, text in enumerate(evidence, 1)]
    return check_comparisons(Reading(claim, None), readings)


SAID = [
    # rank, and "one of"
    ("Vorn is the largest dam in Tarnia.", "Vorn, the largest dam in Tarnia, leaks."),
    ("Vorn is the biggest dam in Tarnia.", "Vorn, the largest dam in Tarnia, leaks."),
    ("Vorn is one of the largest dams.", "Vorn is the largest dam of all."),
    ("Vorn is one of the largest dams.", "Vorn is the second largest dam."),
    ("Vorn is the second-largest dam.", "Vorn is the second largest dam in Tarnia."),
    ("Vorn is among the oldest dams.", "Vorn is one of the oldest dams."),
    ("Tarn is the most popular mayor.", "Tarn remains the most popular mayor."),
    ("Tarn is one of the most popular mayors.", "Tarn is among the most popular mayors."),
    ("It was the worst flood in ten years.", "It was the worst flood in ten years."),
    ("It was the worst flood ever.", "It was the worst flood in history."),
    ("Vorn is the largest dam.", "Vorn is larger than any other dam."),
    ("Vorn is the largest dam.", "Vorn, a large dam, holds the record for water."),
    ("The best friends left at least 3 goats.", "Two friends left 3 goats."),
    ("Vorn is the only dam in Tarnia.", "Tarnia has no other dam than Vorn."),
    ("Tarn was the only diver to survive.", "Tarn alone of the divers survived."),
    ("Vorn is not the only dam in Tarnia.", "Vorn is a dam in Tarnia."),
    # two sides
    ("Vorn is larger than Lumo.", "Vorn is bigger than Lumo."),
    ("Vorn is larger than Lumo.", "Lumo is smaller than Vorn."),
    ("Vorn is as large as Lumo.", "Lumo is as large as Vorn."),
    ("Vorn is larger than Lumo.", "Vorn is twice as large as Lumo."),
    ("Vorn sold more pumps than Lumo.", "Vorn sold more pumps than Lumo in spring."),
    ("Lumo sold fewer pumps than Vorn.", "Vorn sold more pumps than Lumo in spring."),
    ("Goats are more stubborn than sheep.", "Goats are far more stubborn than sheep."),
    ("Sheep are less stubborn than goats.", "Goats are more stubborn than sheep."),
    ("Vorn is smaller than Lumo.", "Vorn is not as large as Lumo."),
    ("Vorn hired more than 300 divers.", "Vorn hired fewer than 300 goats."),
    ("Tarn is older than Brack.", "Tarn is older than Brack and younger than Lund."),
]
NOT_SAID = [
    ("Vorn is the largest dam in Tarnia.", "Vorn is the second largest dam in Tarnia."),
    ("Vorn is the biggest dam in Tarnia.", "Vorn, the smallest dam in Tarnia, leaks."),
    ("Vorn is the largest dam.", "Vorn is one of the largest dams of all."),
    ("Vorn is the third largest dam.", "Vorn is the second largest dam."),
    ("Vorn is the second-largest dam.", "Vorn is the largest dam in Tarnia."),
    ("Vorn is the oldest dam.", "Vorn is among the oldest dams."),
    ("Tarn is the most popular mayor.", "Tarn remains the least popular mayor."),
    ("Tarn is the most popular mayor.", "Tarn is among the most popular mayors."),
    ("Tarn is the most popular mayor.", "Tarn is a popular mayor."),
    ("It was the worst flood ever.", "It was the worst flood in ten years."),
    ("It was the worst flood on record.", "It was the worst flood of the year."),
    ("Vorn is the largest dam.", "Vorn, a large dam, leaks."),
    ("It was the best harvest in years.", "It was the worst harvest in years."),
    ("Vorn is the only dam in Tarnia.", "Vorn is a dam in Tarnia."),
    ("Tarn was the only diver to survive.", "Tarn was among the divers who survived."),
    ("Tarn is its youngest mayor.", "Tarn is its oldest mayor."),
    ("Vorn is larger than Lumo.", "Lumo is bigger than Vorn."),
    ("Vorn is larger than Lumo.", "Vorn is smaller than Lumo."),
    ("Vorn is larger than Lumo.", "Vorn is as large as Lumo."),
    ("Vorn is as large as Lumo.", "Vorn is twice as large as Lumo."),
    ("Vorn sold more pumps than Lumo.", "Lumo sold more pumps than Vorn in spring."),
    ("Vorn sold fewer pumps than Lumo.", "Vorn sold more pumps than Lumo in spring."),
    ("Goats are more stubborn than sheep.", "Goats are far less stubborn than sheep."),
    ("Sheep are more stubborn than goats.", "Goats are more stubborn than sheep."),
    ("Vorn is larger than Lumo.", "Vorn is not as large as Lumo."),
    ("Brack is older than Tarn.", "Tarn is older than Brack and younger than Lund."),
    ("Tarn was faster than Brack.", "Tarn was slower than Brack in the race."),
]


@pytest.mark.parametrize(("claim", "evidence"), SAID)
def test_degree_that_the_evidence_bears_out_is_no_finding(claim, evidence):
    assert _check(claim, evidence) is None


@pytest.mark.parametrize(("claim", "evidence"), NOT_SAID)
def test_degree_that_the_evidence_does_not_bear_out_is_found(claim, evidence):
    finding = _check(claim, evidence)
    assert finding is not None
    assert finding[0] is RejectReason.NOT_ENTAILED


def test_tables_hold_forty_pairs_and_as_many_true_as_false():
    assert len(SAID) == len(NOT_SAID) >= 20


@pytest.mark.parametrize(
    ("claim", "evidence", "detail"),
    [
        (
            "Vorn is the largest dam.",
            ["The lake froze.", "Vorn is one of the largest dams."],
            "'largest': sentence 2 says 'one of the largest'",
        ),
        (
            "Vorn is the largest dam.",
            ["Vorn is the second largest dam."],
            "'largest': sentence 1 says 'second largest'",
        ),
        (
            "It was the worst flood ever.",
            ["It was the worst flood in ten years."],
            "'worst': sentence 1 says 'worst in ten years'",
        ),
        (
            "Vorn is the largest dam.",
            ["Vorn is a large dam."],
            "'largest': sentence 1 only says 'large dam'",
        ),
        (
            "Vorn is larger than Lumo.",
            ["Vorn is smaller than Lumo."],
            "'larger than' is turned: sentence 1 compares them by 'smaller than'",
        ),
    ],
)
def test_detail_names_what_the_evidence_has_instead(claim, evidence, detail):
    assert _check(claim, *evidence) == (RejectReason.NOT_ENTAILED, detail)


def test_degree_without_counterpart_is_left_to_the_other_checks():
    assert _check("Vorn is the largest dam.", "The lake froze.") is None
    assert _check("Vorn is larger than Lumo.", "Vorn and Lumo are dams.") is None


@pytest.mark.parametrize(
    "text", ["the largest ", "larger than goats ", "as big as ", "one of the ", "the only dam "]
)
def test_long_hostile_text_is_read_in_time(text):
    _check((text * 2000)[:10000], text * 2000)
