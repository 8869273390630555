"""summarizer.merge.by_importance: where a short time is best spent."""

from __future__ import annotations

import datetime as dt
from itertools import permutations

from summarizer.data import Article
from summarizer.merge import by_importance
from tests.conftest import make_article

FLOOD = (
    "Floods in the Orvin valley destroyed 120 houses on Monday night.",
    "Governor Lena Brask said the river Sund had risen by three metres.",
    "The army sent 400 soldiers to Orvin to build dams along the Sund.",
    "Schools in the Orvin valley stay closed until the floods have gone.",
)
FLOOD_TOO = (
    "The river Sund flooded the Orvin valley on Monday night, and houses were lost.",
    "Soldiers of the army were building dams in Orvin on Tuesday.",
    "Governor Lena Brask closed the schools of the valley.",
    "She said that 120 houses had been destroyed by the floods of the Sund.",
)
CHESS = (
    "Ana Petrescu won the chess title in Tallinn after a drawn final game.",
    "She needed half a point against Piet Vos to take the cup.",
    "The tournament in Tallinn had fourteen players from nine countries.",
)


def flood(name: str, publisher: str, *sentences: str) -> Article:
    title = "Floods in the Orvin valley"
    return make_article(*sentences, title=title, source=name, publisher=publisher)


FIRST = flood("a.txt", "Orvin Gazette", *FLOOD)
SECOND = flood("b.txt", "Sund Courier", *FLOOD_TOO)
COPY = flood("c.txt", "Halm Mail", *FLOOD[:3])
GAME = make_article(*CHESS, title="Petrescu wins", source="d.txt", publisher="Tallinn News")


def test_story_of_two_origins_comes_before_a_single_article() -> None:
    assert by_importance([GAME, FIRST, SECOND])[2] == GAME


def test_copy_comes_last_whatever_its_story() -> None:
    assert by_importance([COPY, GAME, FIRST, SECOND])[-1] == COPY


def test_newer_single_article_comes_before_an_older_one() -> None:
    old = GAME.model_copy(update={"published": dt.date(2031, 5, 1)})
    bridge = make_article(source="e.txt")
    assert by_importance([old, bridge]) == [bridge, old]


def test_order_given_does_not_matter() -> None:
    given = [FIRST, SECOND, COPY, GAME]
    assert all(by_importance(order) == by_importance(given) for order in permutations(given))


def test_nothing_has_no_order() -> None:
    assert by_importance([]) == []
