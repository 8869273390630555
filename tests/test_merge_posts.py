"""summarizer.merge.sentences.posts: who holds a post, and two holders of one post at one time."""

from __future__ import annotations

import datetime as dt

import pytest

from summarizer.merge.sentences.conflicts import sentence_conflicts
from summarizer.merge.sentences.named import read_sentence
from summarizer.merge.sentences.posts import posts
from tests.conftest import make_article

DAY = dt.date(2031, 5, 6)


def marked(
    first: str, second: str, *, days_apart: int = 0, dated: bool = True
) -> tuple[str, ...] | None:
    """Return the names that are marked in either text; None for no conflict."""
    later = DAY + dt.timedelta(days=days_apart)
    articles = [
        make_article(first, source="a", published=DAY if dated else None),
        make_article(second, source="b", published=later if dated else None),
    ]
    found = sentence_conflicts(articles, [0, 0])
    if not found:
        return None
    (conflict,) = found
    sides = sorted((conflict.first, conflict.second))
    return tuple(articles[m.article].text[m.start : m.end] for m in sides)


TARN = "Yesterday Brelo CEO Ana Tarn closed two mills in Orvin."


@pytest.mark.parametrize(
    ("first", "second", "names"),
    [
        (TARN, "The mills were too old, said Brelo CEO Ivo Lund.", ("Ana Tarn", "Ivo Lund")),
        (TARN, "Ivo Lund, the chief executive of Brelo, closed two.", ("Ana Tarn", "Ivo Lund")),
        (TARN, "Ivo Lund, Brelo's chief executive, closed two.", ("Ana Tarn", "Ivo Lund")),
        (TARN, "They met Brelo's chief executive, Ivo Lund, in May.", ("Ana Tarn", "Ivo Lund")),
        (TARN, "They met Brelo Inc. founder and CEO Ivo Lund.", ("Ana Tarn", "Ivo Lund")),
        (TARN, "They met the chief executive of Brelo, Ivo Lund.", ("Ana Tarn", "Ivo Lund")),
        (
            "They met the mayor of Orvin, Ana Tarn, in May.",
            "They met Orvin Mayor Ivo Lund in May.",
            ("Ana Tarn", "Ivo Lund"),
        ),
        (
            "They met Prime Minister Ana Tarn of Sundland.",
            "Sundland's prime minister, Ivo Lund, met them.",
            ("Ana Tarn", "Ivo Lund"),
        ),
        (
            "They asked Sundland Attorney General Ana Tarn.",
            "Sundland's attorney general, Ivo Lund, was asked.",
            ("Ana Tarn", "Ivo Lund"),
        ),
        (
            "They asked Orvin Police Chief Ana Tarn.",
            "Ivo Lund, chief of police of Orvin, was asked.",
            ("Ana Tarn", "Ivo Lund"),
        ),
    ],
)
def test_two_holders_of_one_post_are_a_conflict(
    first: str, second: str, names: tuple[str, str]
) -> None:
    assert marked(first, second) == names


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # another body, post or rank
        (TARN, "They met Velmora CEO Ivo Lund."),
        (TARN, "They met Brelo chairman Ivo Lund."),
        (TARN, "They met former Brelo CEO Ivo Lund."),
        (TARN, "They met Brelo acting CEO Ivo Lund."),
        (TARN, "They met Brelo's new CEO, Ivo Lund."),
        (TARN, "They met Brelo deputy CEO Ivo Lund."),
        (TARN, "They met Brelo co-CEO Ivo Lund."),
        (TARN, "They met the CEO of Brelo's mills, Ivo Lund."),
        (TARN, "They met Ivo Lund, the CEO of Brelo-owned Velmora."),
        # another time
        (TARN, "Ivo Lund, Brelo's chief executive from 2020 to 2024, died."),
        (TARN, "Brelo CEO Ivo Lund has resigned."),
        (TARN, "Brelo CEO Ivo Lund replaced nobody."),
        (TARN, "Brelo CEO Ivo Lund met Tarn in May."),
        # one person by two spellings or names
        (TARN, "They met Brelo CEO Anna Tarn."),
        (TARN, "They met Brelo CEO Ana Tarnn."),
        (TARN, "They met Brelo CEO Ana Petrescu."),
        # posts of many, and what is no body
        ("They met Brelo director Ana Tarn.", "They met Brelo director Ivo Lund."),
        ("They met Brelo spokeswoman Ana Tarn.", "They met Brelo spokesman Ivo Lund."),
        ("They met Republican Governor Ana Tarn.", "They met Republican Governor Ivo Lund."),
        # a list, not an apposition
        (TARN, "They met Ivo Lund, no Brelo CEO at all."),
        # no name of a person
        (TARN, "They met Brelo CEO Lund."),
        (TARN, "They met Brelo CEO Velmora Inc."),
    ],
)
def test_posts_that_can_both_be_right_are_no_conflict(first: str, second: str) -> None:
    assert marked(first, second) is None


def test_another_month_may_have_another_holder() -> None:
    second = "They met Brelo CEO Ivo Lund."
    assert marked(TARN, second, days_apart=20) is not None
    assert marked(TARN, second, days_apart=60) is None


def test_articles_without_a_date_need_a_day_that_both_name() -> None:
    assert marked(TARN, "They met Brelo CEO Ivo Lund.", dated=False) is None
    first = "Brelo CEO Ana Tarn closed two mills on 3 May."
    assert marked(first, "They met Brelo CEO Ivo Lund on May 3.", dated=False) is not None


def test_a_post_of_three_holders_is_held_by_many() -> None:
    texts = (f"They met Brelo CEO {name}." for name in ("Ana Tarn", "Ivo Lund", "Mila Osk"))
    articles = [make_article(text, source=text) for text in texts]
    assert len(sentence_conflicts(articles[:2], [0, 0])) == 1
    assert sentence_conflicts(articles, [0, 0, 0]) == []


@pytest.mark.parametrize(
    ("text", "post", "body", "holder"),
    [
        ("Brelo Inc (BRX) CEO Ana Tarn left.", "chief executive", ("brelo",), "Ana Tarn"),
        ("New Orvin mayor Ana Tarn left.", "mayor", ("new", "orvin"), "Ana Tarn"),
        ("Sundland’s president, Ana de Tarn, left.", "president", ("sundland",), "Ana de Tarn"),
    ],
)
def test_a_sentence_names_the_holder_of_a_post(
    text: str, post: str, body: tuple[str, ...], holder: str
) -> None:
    found = [(p.post, p.body, p.holder.text) for p in posts(read_sentence(text))]
    assert found == [(post, body, holder)]
