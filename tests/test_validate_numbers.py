"""Pairs of a claim and its evidence, about invented things: numbers that bear out, or do not."""

import pytest

from summarizer.data import RejectReason
from summarizer.validate.numbers import check_locality, check_numbers
from summarizer.validate.reading import Reading


def _check(claim: str, *evidence: str):
    readings = [Reading(text, None, number=i) for i, text in enumerate(evidence, 1)]
    return check_numbers(Reading(claim, None), readings)


SAID = [
    # hedges: what is said exactly bears out a bound; a hedge may be left away
    ("Vorn hired more than 300 divers.", "Vorn hired 312 divers."),
    ("Vorn hired at least 300 divers.", "Vorn hired 300 divers."),
    ("Vorn hired at least 300 divers.", "Vorn hired more than 300 divers."),
    ("Vorn hired 300 divers.", "Vorn hired more than 300 divers."),
    ("Vorn hired about 300 divers.", "Vorn hired nearly 300 divers."),
    ("Vorn hired nearly 300 divers.", "Vorn hired 291 divers."),
    ("Vorn hired almost 300 divers.", "Vorn hired just under 300 divers."),
    ("Vorn hired up to 300 divers.", "Vorn hired as many as 300 divers."),
    ("Vorn hired up to 300 divers.", "Vorn hired 300 divers."),
    ("Vorn hired fewer than 300 divers.", "Vorn hired 280 divers."),
    ("Vorn hired exactly 300 divers.", "Vorn hired 300 divers."),
    ("Vorn hired over 300 divers.", "Vorn hired 300 or more divers."),
    ("Vorn hired no more than 300 divers.", "Vorn hired at most 300 divers."),
    ("Vorn hired hundreds of divers.", "Vorn hired more than 400 divers."),
    # ranges
    ("The dam holds for 10 to 15 years.", "The dam holds for between 10 and 15 years."),
    ("The dam holds for 10-15 years.", "The dam holds for ten to fifteen years."),
    ("The dam holds for at least 10 years.", "The dam holds for 10 to 15 years."),
    ("The dam holds for up to 15 years.", "The dam holds for 10 to 15 years."),
    ("The dam holds for about 12 years.", "The dam holds for 10 to 15 years."),
    # shares and multiples
    ("One in five goats limped.", "20% of the goats limped."),
    ("A third of the goats limped.", "One in three goats limped."),
    ("20% of the goats limped.", "Two of the ten goats limped."),
    ("Half of the goats limped.", "50 per cent of the goats limped."),
    ("Sales rose 100%.", "Sales doubled."),
    ("Sales doubled.", "Sales rose by 100 percent."),
    ("Sales halved.", "Sales fell by 50 percent."),
    ("Turnout fell by 3 percentage points.", "Turnout fell by three percentage points."),
    ("60% of men and 40% of women agreed.", "40% of women and 60% of men agreed."),
    # which way it moved
    ("Sales rose by 5%.", "Sales rose 5% in spring."),
    ("Sales rose to 500 pumps.", "Sales climbed to 500 pumps."),
    ("Sales fell 5%.", "Sales were down 5%."),
    ("Sales rose from 300 pumps to 500 pumps.", "Sales, up from 300 pumps, rose to 500 pumps."),
    # units, scales, words
    ("The road is 10 km long.", "The road is 6.2 miles long."),
    ("The lease runs for two years.", "The lease runs for 24 months."),
    ("The 34-year-old won.", "Tarn, who is 34 years old, won."),
    ("Doctors saw 40 two-year-olds.", "Doctors saw 40 children, all two years old."),
    ("Vorn paid 20 lakh crowns.", "Vorn paid 2 million crowns."),
    ("Vorn paid £2,000.", "Vorn paid £ 2, 000 ."),
    ("The match ended 0-0.", "The match ended goalless."),
    ("Two divers drowned.", "Both divers drowned."),
    ("Tarn scored in the 87th minute.", "Tarn scored after 87 minutes."),
    ("The mill was built in the 16th century.", "The mill was built in 1542."),
    ("Second, the dam leaks.", "The dam leaks."),
    ("The pipe is 253.5 km long.", "The Brack-Velmora 253.5km pipe was laid."),
    ("At one point the dam leaked.", "The dam leaked."),
    ("Velmora won 3-1.", "Velmora won by 3 - 1."),
]
NOT_SAID = [
    ("Vorn hired more than 300 divers.", "Vorn hired 290 divers."),
    ("Vorn hired more than 300 divers.", "Vorn hired 300 divers."),
    ("Vorn hired at least 300 divers.", "Vorn hired nearly 300 divers."),
    ("Vorn hired 300 divers.", "Vorn hired more than 200 divers."),
    ("Vorn hired about 300 divers.", "Vorn hired 250 divers."),
    ("Vorn hired nearly 300 divers.", "Vorn hired more than 300 divers."),
    ("Vorn hired nearly 300 divers.", "Vorn hired up to 300 divers."),
    ("Vorn hired up to 300 divers.", "Vorn hired more than 300 divers."),
    ("Vorn hired fewer than 300 divers.", "Vorn hired 300 divers."),
    ("Vorn hired exactly 300 divers.", "Vorn hired more than 300 divers."),
    ("Vorn hired precisely 300 divers.", "Vorn hired about 300 divers."),
    ("Vorn hired over 300 divers.", "Vorn hired 300 or fewer divers."),
    ("Vorn hired no more than 300 divers.", "Vorn hired more than 300 divers."),
    ("Vorn hired 412 divers.", "Vorn hired hundreds of divers."),
    ("Vorn hired thousands of divers.", "Vorn hired hundreds of divers."),
    ("The dam holds for 12 years.", "The dam holds for between 10 and 15 years."),
    ("The dam holds for 10 years.", "The dam holds for 10 to 15 years."),
    ("The dam holds for 10-15 years.", "The dam holds for 12 years."),
    ("The dam holds for at least 12 years.", "The dam holds for 10 to 15 years."),
    ("The dam holds for 10 to 25 years.", "The dam holds for 10 to 15 years."),
    ("One in four goats limped.", "20% of the goats limped."),
    ("A third of the goats limped.", "One in five goats limped."),
    ("30% of the goats limped.", "Two of the ten goats limped."),
    ("Half of the goats limped.", "15 per cent of the goats limped."),
    ("Sales rose 50%.", "Sales doubled."),
    ("Sales tripled.", "Sales doubled."),
    ("Sales doubled.", "Sales rose by 40 percent."),
    ("Turnout fell by 3%.", "Turnout fell by three percentage points."),
    ("60% of women agreed.", "40% of women and 60% of men agreed."),
    ("Sales rose by 500 pumps.", "Sales rose to 500 pumps."),
    ("Sales rose to 5%.", "Sales rose 5% in spring."),
    ("Sales rose from 500 pumps.", "Sales rose to 500 pumps."),
    ("Sales fell 5%.", "Sales rose 5% in spring."),
    ("A 5% rise was agreed.", "A 5% cut was agreed."),
    ("The road is 10 km long.", "The road is 10 miles long."),
    ("The lease runs for two years.", "The lease runs for two months."),
    ("The 34-year-old won.", "Tarn, who is 43 years old, won."),
    ("Vorn paid 20 crore crowns.", "Vorn paid 2 million crowns."),
    ("Vorn paid £3,000.", "Vorn paid £ 2, 000 ."),
    ("The match ended 0-0.", "The match ended 2-1."),
    ("Three divers drowned.", "Both divers drowned."),
    ("Tarn scored in the 78th minute.", "Tarn scored after 87 minutes."),
    ("The mill was built in the 15th century.", "The mill was built in 1542."),
    ("The dam leaked a second time.", "The dam leaked."),
    ("One diver drowned.", "Nine divers drowned."),
    ("Velmora won 3-2.", "Velmora won by 3 - 1."),
]


@pytest.mark.parametrize(("claim", "evidence"), SAID)
def test_number_that_the_evidence_bears_out_is_no_finding(claim, evidence):
    assert _check(claim, evidence) is None


@pytest.mark.parametrize(("claim", "evidence"), NOT_SAID)
def test_number_that_the_evidence_does_not_bear_out_is_found(claim, evidence):
    finding = _check(claim, evidence)
    assert finding is not None
    assert finding[0] is RejectReason.NUMBER


def test_tables_hold_forty_pairs_and_as_many_true_as_false():
    assert len(SAID) == len(NOT_SAID) >= 20


@pytest.mark.parametrize(
    ("claim", "evidence", "detail"),
    [
        (
            "Vorn will buy 600,000 pumps.",
            ["The lake froze.", "Vorn will buy 350,000 pumps."],
            "600,000 is not in the evidence; sentence 2 says 350,000",
        ),
        (
            "Vorn hired more than 300 divers.",
            ["Vorn hired nearly 300 divers."],
            "more than 300 is not in the evidence; sentence 1 says nearly 300",
        ),
        (
            "Vorn owns 4 dams and 9 pumps.",
            ["Vorn owns 4 dams and 7 pumps."],
            "9 is not in the evidence; sentence 1 says 7",
        ),
        ("Vorn hired 300 divers.", ["Vorn hired divers."], "300 is not in the evidence"),
        ("Sales rose by 500 pumps.", ["Sales rose to 500 pumps."], "500 is what it moved to"),
        ("Sales fell 5%.", ["Sales rose 5%."], "5% goes up in the evidence"),
        (
            "The lot holds 12 vessels.",
            ["12 city-states and 3 vessels came."],
            "12 counts 'states' in the evidence",
        ),
        (
            "Two sailors were there.",
            ["Two U.S. dams and eight sailors were there."],
            "Two counts something else in the evidence",
        ),
        (
            "Vorn sold 40 pumps.",
            ["Vorn earned 40 in all and sold 9 pumps."],
            "40 counts something else in the evidence",
        ),
        ("Sales tripled.", ["Sales doubled."], "'tripled': the evidence says doubled"),
    ],
)
def test_detail_names_what_the_evidence_has_instead(claim, evidence, detail):
    finding = _check(claim, *evidence)
    assert finding is not None
    assert finding[1].startswith(detail)


def test_detail_of_a_sentence_without_id_names_the_evidence():
    finding = check_numbers(Reading("9 goats fled.", None), [Reading("7 goats fled.", None)])
    assert finding == (RejectReason.NUMBER, "9 is not in the evidence; the evidence says 7")


def test_number_of_another_sentence_is_found_where_its_own_says_otherwise():
    claim = Reading("Vorn aims to acquire 600,000 pumps from Lumo this spring.", None)
    evidence = [
        Reading("Vorn aims to acquire 350,000 pumps from Lumo this spring.", None),
        Reading("In all it owns 600,000 pumps.", None),
    ]
    finding = check_locality(claim, evidence)
    assert finding is not None
    assert finding[1] == "the evidence says 350,000 there, not 600,000"


def test_rival_that_the_claim_says_too_is_no_finding():
    claim = Reading("Vorn sold 500 pumps in spring and 900 pumps in autumn at the port.", None)
    evidence = [
        Reading("Vorn sold 900 pumps in autumn at the port and pumps in spring.", None),
        Reading("It sold 500 pumps.", None),
    ]
    assert check_locality(claim, evidence) is None


@pytest.mark.parametrize("text", ["1 in " * 4000, "rose by " * 4000, "of the 9% " * 3000])
def test_long_hostile_text_is_read_in_time(text):
    _check(text[:12000], text)
