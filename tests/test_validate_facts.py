"""Pairs of a claim and its evidence, about invented things, for every kind of fact."""

import datetime as dt

import pytest

from summarizer.data import Claim, RejectedClaim, RejectReason, SupportedClaim
from summarizer.validate import check_support
from summarizer.validate.examine import Examination, examine
from summarizer.validate.reading import index_of
from tests.conftest import make_article


def _check(claim: str, *evidence: str, published: dt.date | None = None):
    article = make_article(*evidence, title="News from the bay", published=published)
    return check_support(Claim(article_id=article.id, text=claim), article)


def _look(claim: str, *evidence: str, published: dt.date | None = None) -> Examination:
    """Look at the claim with every check, whatever the calibration makes of it."""
    article = make_article(*evidence, title="News from the bay", published=published)
    return examine(claim, index_of(article), ())


NUMBERS_IN = [
    ("Vorn will buy 350,000 pumps.", "Vorn will buy 350K pumps."),
    ("Vorn will buy 350 thousand pumps.", "Vorn will buy 350,000 new pumps."),
    ("Vorn will buy about 350,000 pumps.", "Vorn will buy 348,900 pumps this time."),
    ("Vorn sold more than 300 pumps.", "Vorn sold 312 pumps in all."),
    ("Vorn paid $4 billion for the dam.", "Vorn paid $4B for the old dam."),
    ("Sales rose 41%.", "Sales rose 40.6 percent, Vorn said."),
    ("Half of the voters backed Tarn.", "Tarn was backed by 50% of the voters."),
    ("Twelve divers were rescued.", "A dozen divers were rescued at dawn."),
    ("The dam will last 10-15 years.", "The dam will last 10 to 15 years, experts said."),
    ("Hundreds of divers protested.", "On the quay 312 divers protested."),
    ("Brack finished third in the race.", "Brack finished 3rd in the long race."),
    ("Seventy-two goats escaped.", "In all 72 goats escaped."),
    ("Velmora beat Brackton 3-1.", "Velmora beat Brackton 3-1 on the lake."),
    ("One diver died.", "A diver died off the coast."),
    ("The ferry carried 1.5 million people.", "The ferry carried 1,500,000 people."),
    ("The Q100 pump uses two motors.", "The Q100 pump uses two small motors."),
    ("Zephyr 3.1 costs 90 crowns.", "Zephyr 3.1 costs 90 crowns a year."),
    ("Vorn has 5 dogs and 10 cats.", "Vorn has 5 dogs and 10 cats in its yard."),
    ("The show starts at 5 pm.", "The show starts at 17:00 sharp."),
    ("Two thirds of the crew left.", "Two-thirds of the crew left the ship."),
    ("Vorn cut 40 jobs.", "Vorn cut 40 jobs, a spokesman said."),
]
NUMBERS_OUT = [
    ("Vorn will buy 350,000 pumps.", "Vorn will buy 35,000 pumps."),
    ("Vorn will buy 350,000 pumps.", "Vorn will buy pumps."),
    ("Vorn will buy about 350,000 pumps.", "Vorn will buy 300,000 pumps this time."),
    ("Vorn sold more than 300 pumps.", "Vorn sold 900 pumps in all."),
    ("Vorn paid $4 billion for the dam.", "Vorn paid $4 million for the old dam."),
    ("Sales rose 41%.", "Sales rose 50.6 percent, Vorn said."),
    ("Half of the voters backed Tarn.", "Tarn was backed by 40% of the voters."),
    ("Twelve divers were rescued.", "Two divers were rescued at dawn."),
    ("The dam will last 10-20 years.", "The dam will last 10 to 15 years, experts said."),
    ("Thousands of divers protested.", "On the quay 312 divers protested."),
    ("Brack finished second in the race.", "Brack finished 3rd in the long race."),
    ("Seventy-two goats escaped.", "In all 27 goats escaped."),
    ("Velmora beat Brackton 3-2.", "Velmora beat Brackton 3-1 on the lake."),
    ("One diver died.", "Two divers died off the coast."),
    ("The ferry carried 1.5 billion people.", "The ferry carried 1,500,000 people."),
    ("The dam is 40 years old.", "The dam is 40 metres high and old."),
    ("Vorn paid £40 for the dam.", "Vorn paid $40 for the old dam."),
    ("Vorn has 10 dogs.", "Vorn has 5 dogs and 10 cats in its yard."),
    ("The show starts at 5 am.", "The show starts at 17:00 sharp."),
    ("Three quarters of the crew left.", "Two-thirds of the crew left the ship."),
    ("Vorn cut 40% of jobs.", "Vorn cut 40 jobs, a spokesman said."),
]

DATES_IN = [
    ("The dam opened on 10 July 2024.", "The dam opened on July 10, 2024, in rain."),
    ("The dam opened in July 2024.", "The dam opened on 10 July 2024, in rain."),
    ("The dam opened in 2024.", "The dam opened on 2024-07-10, in rain."),
    ("The dam opened on Tuesday.", "On Tuesday the dam opened in rain."),
    ("The dam opens next year.", "The dam opens next year, Vorn said."),
    ("The dam opens in early 2024.", "In early 2024 the dam opens, Vorn said."),
    ("The dam opens by the end of the year.", "The dam opens by year's end, Vorn said."),
    ("The dam broke in the 1990s.", "It was in the 1990s that the dam broke."),
    ("The dam broke in summer 2022.", "The dam broke in the summer of 2022."),
    ("The dam broke in the third quarter.", "The dam broke in the 3rd quarter of 2020."),
    ("The dam broke on 3 May.", "The dam broke on May 3rd, Vorn said."),
    ("The dam broke last March.", "Last March the dam broke, Vorn said."),
    ("The dam broke three years ago.", "Three years ago the dam broke, Vorn said."),
    ("The dam broke in March.", "The dam broke on 4 March at noon."),
    ("The dam broke yesterday.", "Yesterday the dam broke at noon."),
    ("The dam broke in late 2022.", "The dam broke in late 2022 at noon."),
    ("The dam broke on September 10, 2019.", "It was on 10 Sept. 2019 that the dam broke."),
    ("The dam broke in 2019 and again in 2021.", "The dam broke in 2019 and in 2021 again."),
    ("The dam broke in 1926.", "The old dam broke in 1926."),
    ("The dam broke this week.", "This week the dam broke at noon."),
]
DATES_OUT = [
    ("The dam opened on 11 July 2024.", "The dam opened on July 10, 2024, in rain."),
    ("The dam opened in June 2024.", "The dam opened on 10 July 2024, in rain."),
    ("The dam opened in 2023.", "The dam opened on 2024-07-10, in rain."),
    ("The dam opened on Monday.", "On Tuesday the dam opened in rain."),
    ("The dam opens next year.", "The dam opens this year, Vorn said."),
    ("The dam opens in late 2024.", "In early 2024 the dam opens, Vorn said."),
    ("The dam opens on 4 May.", "The dam opens by year's end, Vorn said."),
    ("The dam broke in the 1980s.", "It was in the 1990s that the dam broke."),
    ("The dam broke in summer 2021.", "The dam broke in the summer of 2022."),
    ("The dam broke in the second quarter.", "The dam broke in the 3rd quarter of 2020."),
    ("The dam broke on 3 June.", "The dam broke on May 3rd, Vorn said."),
    ("The dam broke last April.", "Last March the dam broke, Vorn said."),
    ("The dam broke four years ago.", "Three years ago the dam broke, Vorn said."),
    ("The dam broke on 4 March.", "The dam broke in March at noon."),
    ("The dam broke in 2021.", "Yesterday the dam broke at noon."),
    ("The dam broke in 2022.", "The dam broke at noon."),
    ("The dam broke on September 10, 2020.", "It was on 10 Sept. 2019 that the dam broke."),
    ("The dam broke in 2019 and again in 2022.", "The dam broke in 2019 and in 2021 again."),
    ("The dam broke in 2025.", "The dam broke in 2024, and a new one broke the following year."),
    ("The dam broke last week.", "This week the dam broke at noon."),
]

NAMES_IN = [
    ("Tarn sold the ferry.", ["Ilse Tarn sold the ferry."]),
    ("Ilse Tarn sold the ferry.", ["Ilse Tarn rose early.", "Tarn sold the ferry."]),
    ("Vorn sold the ferry.", ["Vorn Platforms Inc sold the ferry."]),
    ("The VBJ sold its press.", ["The Velmora Business Journal sold its press."]),
    ("Vorn released Zephyr 2.", ["Vorn released the new Zephyr 2."]),
    ("Vorn released Zephyr.", ["Vorn released Zephyr 2 at noon."]),
    ("Vorn plans a ferry line.", ["Vorn grew fast.", "It plans a ferry line."]),
    ("Vorn plans a ferry line.", ["Vorn grew fast.", "The company plans a ferry line."]),
    ("Tarn plans a ferry line.", ["Ilse Tarn rose early.", "She plans a ferry line."]),
    ("Vorn bought Q100 pumps.", ["Vorn bought pumps of the kind Q100."]),
    ("American divers found it.", ["Divers from the U.S. found it."]),
    ("Russian divers found it.", ["Divers from Russia found it."]),
    ("British divers found it.", ["Divers from the UK found it."]),
    ("CEO Ilse Tarn left Vorn.", ["Ilse Tarn, CEO, left Vorn."]),
    ("The LLM reads maps.", ["The large language model reads maps."]),
    ("Brack beat Tarn in the race.", ["Odo Brack beat Ilse Tarn in the race."]),
    ("Vorn sued Lumo Corp.", ["Vorn sued Lumo in court."]),
    ("The Bank of Velmora cut rates.", ["The Bank of Velmora cut its rates."]),
    ("xVolt sold the ferry.", ["xVolt sold the old ferry."]),
    ("The ferry was sold by Vorn.", ["Vorn sold the ferry."]),
    ("Critics attacked the plan.", ["The plan was attacked by critics."]),
]
NAMES_OUT = [
    ("Brack sold the ferry.", ["Ilse Tarn sold the ferry."]),
    ("Ida Tarn sold the ferry.", ["Ilse Tarn rose early.", "Tarn sold the ferry."]),
    ("Lumo sold the ferry.", ["Vorn Platforms Inc sold the ferry."]),
    ("The VEJ sold its press.", ["The Velmora Business Journal sold its press."]),
    ("Vorn released Zephyr 3.", ["Vorn released the new Zephyr 2."]),
    ("Vorn released Zephyr 2.", ["Vorn released Zephyr at noon."]),
    ("Lumo plans a ferry line.", ["Vorn grew fast.", "It plans a ferry line."]),
    ("Lumo plans a ferry line.", ["Vorn plans a ferry line.", "Lumo grew fast."]),
    ("Brack plans a ferry line.", ["Ilse Tarn rose early.", "She plans a ferry line."]),
    ("Vorn bought Q200 pumps.", ["Vorn bought pumps of the kind Q100."]),
    ("Canadian divers found it.", ["Divers from the U.S. found it."]),
    ("German divers found it.", ["Divers from Russia found it."]),
    ("French divers found it.", ["Divers from the UK found it."]),
    ("CEO Odo Brack left Vorn.", ["Ilse Tarn, CEO, left Vorn."]),
    ("The LTM reads maps.", ["The large language model reads maps."]),
    ("Brack beat Lund in the race.", ["Odo Brack beat Ilse Tarn in the race."]),
    ("Vorn sued Vulcor Corp.", ["Vorn sued Lumo in court."]),
    ("The Bank of Lumo cut rates.", ["The Bank of Velmora cut its rates."]),
    ("yVolt sold the ferry.", ["xVolt sold the old ferry."]),
    ("The ferry was sold by Lumo.", ["Vorn sold the ferry."]),
    ("Odo Brack won.", ["Ida Brack won.", "Odo Lund lost."]),
]

NEGATION_IN = [
    ("The board did not approve the merger.", "The board did not approve the merger on Monday."),
    ("The board didn't approve the merger.", "The board has not approved the merger."),
    ("There is no evidence of fraud.", "Police found no evidence of fraud."),
    ("Tarn denied stealing the goat.", "In court Tarn denied stealing the goat."),
    ("Brack never signed the lease.", "Brack never signed the long lease."),
    ("Vorn refused to pay the fine.", "Vorn refused to pay the fine, it said."),
    ("Vorn did not pay the fine.", "Vorn refused to pay the fine, it said."),
    ("The ferry sailed without lights.", "The ferry sailed without lights at night."),
    ("Rain is unlikely.", "Rain is unlikely this week."),
    ("Rain is not likely.", "Rain is unlikely this week."),
    ("The board praised the plan.", "The board did not vote, but it praised the plan."),
    ("The mayor and the council resigned.", "Not only the mayor but the council resigned."),
    ("The divers were unhurt.", "The divers were not hurt in the crash."),
    ("Tarn did not attend the opening.", "Mayor Tarn did not attend the opening."),
    ("The pump failed to start.", "The pump failed to start in the cold."),
    ("The dam is safe.", "The dam is safe, and the lake is not full."),
    ("None of the divers survived.", "None of the nine divers survived."),
    ("Vorn will not sell the ferry.", "Vorn won't sell the ferry."),
    ("The goats have no owner.", "The goats have no owner, police said."),
    ("Vorn cannot sell the ferry.", "Vorn can't sell the ferry."),
]
NEGATION_OUT = [
    ("The board approved the merger.", "The board did not approve the merger on Monday."),
    ("The board has approved the merger.", "The board has not approved the merger."),
    ("There is evidence of fraud.", "Police found no evidence of fraud, they say."),
    (
        "Tarn stole the goat from the farm.",
        "In court Tarn denied she stole the goat from the farm.",
    ),
    ("Brack signed the lease.", "Brack never signed the long lease."),
    ("Vorn paid the fine.", "Vorn refused to pay the fine, it said."),
    ("Vorn did not pay the fine.", "Vorn paid the fine, it said."),
    ("The ferry sailed with lights.", "The ferry sailed without lights at night."),
    ("Rain is likely.", "Rain is unlikely this week."),
    ("Rain is not likely.", "Rain is likely this week."),
    ("The board did not praise the plan.", "The board did not vote, but it praised the plan."),
    ("The mayor did not resign.", "Not only the mayor but the council resigned."),
    ("The divers were hurt.", "The divers were not hurt in the crash."),
    ("Tarn attended the opening.", "Mayor Tarn did not attend the opening."),
    ("The pump started in the cold.", "The pump failed to start in the cold."),
    ("The dam is not safe.", "The dam is safe, and the lake is full."),
    ("The nine divers never survived.", "The nine divers survived."),
    ("Vorn will sell the ferry.", "Vorn won't sell the ferry."),
    ("The goats have an owner.", "The goats have no owner, police said."),
    ("Vorn can sell the ferry.", "Vorn can't sell the ferry."),
]


def _rows(pairs):
    return [pytest.param(c, [e] if isinstance(e, str) else e, id=c) for c, e in pairs]


TRUE = _rows(NUMBERS_IN + DATES_IN + NAMES_IN + NEGATION_IN)
FALSE = [
    pytest.param(c, [e] if isinstance(e, str) else e, reason, id=c)
    for pairs, reason in (
        (NUMBERS_OUT, RejectReason.NUMBER),
        (DATES_OUT, RejectReason.DATE),
        (NAMES_OUT, RejectReason.NAME),
        (NEGATION_OUT, RejectReason.NEGATION),
    )
    for c, e in pairs
]


def test_what_a_number_counts_is_named_by_a_word_of_the_evidence():
    found = _check(
        "Two sailors were on the ferry.", "Two survived. Eight sailors were on the ferry."
    )
    assert isinstance(found, RejectedClaim)
    assert found.detail == "Two counts 'survived' in the evidence"


@pytest.mark.parametrize(("claim", "evidence"), TRUE)
def test_no_check_finds_fault_with_a_fact_that_the_evidence_has(claim, evidence):
    assert _look(claim, *evidence).findings == {}


@pytest.mark.parametrize(("claim", "evidence", "reason"), FALSE)
def test_a_check_finds_the_fact_that_the_evidence_lacks(claim, evidence, reason):
    findings = _look(claim, *evidence).findings
    assert reason in {found for found, _ in findings.values()}, findings


@pytest.mark.parametrize(("claim", "evidence"), TRUE)
def test_fact_that_the_evidence_has_is_kept(claim, evidence):
    verdict = _check(claim, *evidence)
    assert isinstance(verdict, SupportedClaim), verdict


@pytest.mark.parametrize(("claim", "evidence", "reason"), FALSE)
def test_fact_that_the_evidence_lacks_is_refused_with_its_reason(claim, evidence, reason):
    verdict = _check(claim, *evidence)
    assert isinstance(verdict, RejectedClaim)
    assert verdict.reason is reason, verdict.detail


@pytest.mark.parametrize(
    "pairs", [NUMBERS_IN, NUMBERS_OUT, DATES_IN, DATES_OUT, NAMES_IN, NAMES_OUT]
)
def test_tables_hold_twenty_pairs_and_more(pairs):
    assert len(pairs) >= 20


def test_relative_date_is_read_by_the_articles_date():
    published = dt.date(2023, 9, 11)
    text = "The dam opens next year, Vorn said."
    assert _look("The dam opens in 2024.", text, published=published).findings == {}
    findings = _look("The dam opens in 2025.", text, published=published).findings
    assert findings["dates"][0] is RejectReason.DATE


def test_sentence_that_a_pronoun_points_to_joins_the_evidence():
    verdict = _check("Vorn plans a ferry line.", "Vorn grew fast.", "It plans a ferry line.")
    assert isinstance(verdict, SupportedClaim)
    assert verdict.evidence[0].sentence_ids == (1, 2)


def test_detail_names_the_number_that_is_missing():
    looked = _look("Vorn will buy 350,000 pumps.", "Vorn will buy pumps.")
    assert looked.findings["numbers"] == (RejectReason.NUMBER, "350,000 is not in the evidence")


def test_number_taken_from_the_next_sentence_is_refused():
    looked = _look(
        "Vorn aims to acquire 600,000 pumps from Lumo by the end of the year.",
        "Vorn aims to acquire 350,000 pumps from Lumo by the end of the year.",
        "Vorn is on track to own 600,000 pumps.",
    )
    detail = "the evidence says 350,000 there, not 600,000"
    assert looked.findings["locality"] == (RejectReason.NUMBER, detail)
