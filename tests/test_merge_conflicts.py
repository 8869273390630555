"""summarizer.merge.conflicts: facts that cannot both be right, and those that can."""

from __future__ import annotations

import datetime as dt

import pytest

from summarizer.data import ConflictKind
from summarizer.merge.claims import tellings
from summarizer.merge.conflicts import Difference, differ, find_conflicts
from summarizer.merge.facts import Comparer, make_fact
from tests.conftest import make_article, make_supported

DAY = dt.date(2031, 5, 6)


def difference(first: str, second: str, *, days_apart: int = 0) -> Difference | None:
    later = DAY + dt.timedelta(days=days_apart)
    articles = [
        make_article(first, published=DAY, source="a"),
        make_article(second, published=later, source="b"),
    ]
    claims = [(n, make_supported(None, article)) for n, article in enumerate(articles)]
    comparer = Comparer(tellings(articles, claims))
    a, b = comparer.tellings
    return differ(comparer, a, b, when=(DAY, later))


@pytest.mark.parametrize(
    ("first", "second", "values"),
    [
        ("Floods killed 15 people in Orvin.", "Floods killed 12 people in Orvin.", ("15", "12")),
        (
            "The Orvin bridge cost 340 million crowns.",
            "The bridge at Orvin cost 390 million crowns.",
            ("340 million", "390 million"),
        ),
        ("At least 15 people died in Orvin.", "At least 12 people died in Orvin.", ("15", "12")),
    ],
)
def test_two_counts_of_one_thing_are_a_conflict(
    first: str, second: str, values: tuple[str, str]
) -> None:
    found = difference(first, second)
    assert found is not None
    assert found.kind is ConflictKind.NUMBER
    assert found.first.startswith(values[0])
    assert found.second.startswith(values[1])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Floods killed 15 people in Orvin.", "Floods killed fifteen people in Orvin."),
        ("More than 300 people fled from Orvin.", "Some 340 people fled from Orvin."),
        ("About 250 people fled from Orvin.", "In Orvin 243 people fled."),
        ("Brelo will spend $1 trillion on mills.", "Brelo will spend $1.2 trillion on mills."),
        ("Brelo sold a mill for $5.55.", "Brelo sold a mill for $5.55 billion."),
        ("Floods killed 15 people in Orvin.", "Floods killed 12 people in Sund."),
        ("Floods killed 15 people in Orvin.", "Floods killed 12 cows in Orvin."),
        ("Brelo aims for 350,000 chips.", "Brelo owns 600,000 chips."),
        ("Shares of Brelo rose 3 crowns to 41.", "Shares of Brelo rose 5 crowns to 43."),
        ("Brelo sold 15 mills in Norby in 2029.", "Brelo sold 12 mills in Norby in 2030."),
        ("Brelo hired 15 cooks and 12 drivers.", "Brelo hired 12 drivers and 15 cooks."),
    ],
)
def test_numbers_that_can_both_be_right_are_no_conflict(first: str, second: str) -> None:
    assert difference(first, second) is None


def test_a_later_count_is_no_conflict() -> None:
    claims = "Floods killed 12 people in Orvin.", "Floods killed 15 people in Orvin."
    assert difference(*claims) is not None
    assert difference(*claims, days_apart=3) is None


def test_one_event_on_two_dates_is_a_conflict() -> None:
    found = difference(
        "The Orvin bridge opened to traffic on 3 May 2031.",
        "The Orvin bridge opened to traffic on 5 May 2031.",
    )
    assert found == Difference(ConflictKind.DATE, "3 May 2031", "5 May 2031")


def test_an_exact_denial_is_a_conflict() -> None:
    found = difference(
        "Lena Brask attended the opening of the bridge.",
        "Lena Brask did not attend the opening of the bridge.",
    )
    assert found == Difference(ConflictKind.POLARITY, "stated", "denied")


def test_a_denial_of_something_else_is_no_conflict() -> None:
    assert (
        difference(
            "Lena Brask attended the opening of the bridge.",
            "Lena Brask did not attend the funeral of the mayor.",
        )
        is None
    )


def test_facts_that_one_article_tells_are_no_conflict() -> None:
    article = make_article(
        "Floods killed 15 people in Orvin.", "Floods killed 12 people in Orvin.", source="a"
    )
    claims = [(0, make_supported(None, article, ids=(n,))) for n in (1, 2)]
    comparer = Comparer(tellings([article], claims))
    facts = [make_fact([c], {article.id: 0}) for _, c in claims]
    assert find_conflicts(comparer, [(0, 1)], fact_of=facts, published=[DAY]) == []


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (
            "The Lark is 984 feet long and was carrying about 4,700 crates.",
            "The Lark was carrying about 3,700 crates when it struck the pier.",
            Difference(ConflictKind.NUMBER, "4,700", "3,700"),
        ),
        (
            "Orvin-3 was launched on 14 July 2031 from the Sund Space Centre in Norby.",
            "Orvin-3 was launched on 13 July 2031 from Norby on a Brelo rocket.",
            Difference(ConflictKind.DATE, "14 July 2031", "13 July 2031"),
        ),
    ],
)
def test_value_that_one_verb_gives_one_subject_is_compared_whatever_else_is_said(
    first: str, second: str, expected: Difference
) -> None:
    assert difference(first, second) == expected


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The Lark was carrying 4,700 crates.", "The Finch was carrying 3,700 crates to Sund."),
        ("The Lark carried 4,700 crates in all.", "The Lark lost 3,700 crates off Norby at night."),
        ("Orvin-3 was launched on 14 July 2031.", "Orvin-3 landed on 23 August 2031 at Sund."),
        ("Orvin-2 was launched on 22 July 2029.", "Orvin-3 was launched on 14 July 2031 at Norby."),
    ],
)
def test_values_of_other_subjects_or_verbs_are_no_conflict(first: str, second: str) -> None:
    assert difference(first, second) is None
