"""summarizer.merge.conflicts.differences: facts that cannot both be right, and those that can."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from summarizer.data import Article, Conflict, ConflictKind, SupportedClaim, Update
from summarizer.merge.conflicts.differences import Difference, differ, find_differences
from summarizer.merge.facts.claims import tellings
from summarizer.merge.facts.joining import Comparer, make_fact
from tests.conftest import make_article, make_supported

DAY = dt.date(2031, 5, 6)


def found(
    articles: list[Article],
    claims: list[tuple[int, SupportedClaim]],
    pairs: Sequence[tuple[int, int]] = ((0, 1),),
) -> tuple[list[Conflict], list[Update]]:
    """Set claims of articles against each other; every claim is a fact of its own."""
    comparer = Comparer(tellings(articles, claims))
    origin_of = {article.id: n for n, article in enumerate(articles)}
    return find_differences(
        comparer,
        pairs,
        fact_of=[make_fact([claim], origin_of) for _, claim in claims],
        published=[article.published for article in articles],
    )


def differences(
    first: str, second: str, *, days_apart: int = 0
) -> tuple[list[Conflict], list[Update]]:
    later = DAY + dt.timedelta(days=days_apart)
    articles = [
        make_article(first, published=DAY, source="a"),
        make_article(second, published=later, source="b"),
    ]
    return found(articles, [(n, make_supported(None, a)) for n, a in enumerate(articles)])


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


def test_a_later_count_is_an_update() -> None:
    claims = "Floods killed 12 people in Orvin.", "Floods killed 15 people in Orvin."
    assert difference(*claims) is not None
    assert difference(*claims, days_apart=3) is None
    conflicts, updates = differences(*claims, days_apart=3)
    assert conflicts == []
    (update,) = updates
    assert (update.earlier.value, update.later.value) == ("12", "15")


def test_sides_of_an_update_are_in_the_order_of_time_whichever_claim_comes_first() -> None:
    claims = "Floods killed 15 people in Orvin.", "Floods killed 12 people in Orvin."
    _, (update,) = differences(*claims, days_apart=-3)
    assert (update.earlier.value, update.later.value) == ("12", "15")


def test_an_update_whose_order_nothing_tells_is_left_out() -> None:
    claims = (
        "Shares of Brelo rose 3.10 crowns to 41.50.",
        "Shares of Brelo fell 5.20 crowns to 43.25.",
    )
    assert differences(*claims) == ([], [])


def test_levels_of_a_market_follow_one_another_and_its_moves_do_not() -> None:
    claims = (
        "The Sund 50 index rose 17.20 points to 9,090.10.",
        "The Sund 50 index fell 30.15 points to 9,059.95.",
    )
    _, (update,) = differences(*claims, days_apart=1)
    assert (update.earlier.value, update.later.value) == ("9,090.10", "9,059.95")
    moves = "The Sund 50 index rose 0.3 percent.", "The Sund 50 index fell 0.4 percent."
    assert differences(*moves, days_apart=1) == ([], [])


def test_months_of_figures_and_file_photos_are_no_dates_of_one_event() -> None:
    rate = (
        "The Orvin jobless rate was up from 6 percent in March.",
        "The Orvin jobless rate was up from 6 percent in April.",
    )
    photo = (
        "In this May 3, 2029 file photo, Lena Brask waves in Norby.",
        "In this May 7, 2030 file photo, Lena Brask waves in Norby.",
    )
    assert differences(*rate) == ([], [])
    assert differences(*photo) == ([], [])


def test_the_cost_of_a_thing_does_not_move_from_day_to_day() -> None:
    claims = (
        "The Orvin bridge cost 340 million crowns.",
        "The Orvin bridge cost 390 million crowns.",
    )
    conflicts, updates = differences(*claims, days_apart=5)
    assert len(conflicts) == 1
    assert updates == []


def test_side_marks_the_value_where_it_stands_in_the_article() -> None:
    first = make_article("Rain fell.", "Floods killed twelve people in Orvin.", source="a")
    second = make_article("It rained.", "Floods killed 15 people in Orvin.", source="b")
    claims = [
        (0, make_supported("Floods killed 12 people in Orvin.", first, ids=(2,))),
        (1, make_supported(None, second, ids=(2,))),
    ]
    (conflict,), _ = found([first, second], claims)
    by_id = {article.id: article for article in (first, second)}
    values = set()
    for side in (conflict.first, conflict.second):
        assert side.mark is not None
        text = by_id[side.evidence.article_id].text
        assert text[side.mark.start : side.mark.end] == side.value
        assert side.evidence.start <= side.mark.start < side.mark.end <= side.evidence.end
        values.add(side.value)
    assert values == {"twelve", "15"}  # as the articles word them


def test_conflicts_and_updates_do_not_depend_on_the_order_of_the_pairs() -> None:
    texts = [
        "Floods killed 12 people in Orvin.", "Floods killed 15 people in Orvin.",
        "Floods killed 19 people in Orvin.",
    ]  # fmt: skip
    articles = [make_article(t, source=t, published=DAY) for t in texts]
    claims = [(n, make_supported(None, article)) for n, article in enumerate(articles)]
    pairs = [(0, 1), (0, 2), (1, 2)]
    forth, back = found(articles, claims, pairs), found(articles, claims, pairs[::-1])
    assert len(forth[0]) == 3
    assert forth == back


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
    assert found([article], claims) == ([], [])


def test_facts_of_two_articles_are_no_conflict_where_a_third_tells_both() -> None:
    texts = "Floods killed 15 people in Orvin.", "Floods killed 12 people in Orvin."
    articles = [make_article(t, source=t) for t in texts] + [make_article(*texts, source="c")]
    claims = [
        (0, make_supported(None, articles[0])),
        (1, make_supported(None, articles[1])),
        (2, make_supported(None, articles[2], ids=(1,))),
        (2, make_supported(None, articles[2], ids=(2,))),
    ]
    comparer = Comparer(tellings(articles, claims))
    origin_of = {article.id: n for n, article in enumerate(articles)}
    told = [make_fact([claims[n][1], claims[n + 2][1]], origin_of) for n in (0, 1)]
    conflicts, updates = find_differences(
        comparer, [(0, 1)], fact_of=[*told, *told], published=[DAY] * 3
    )
    assert (conflicts, updates) == ([], [])


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
