"""summarizer.merge.stories and vectors: which articles tell of one event."""

from __future__ import annotations

import datetime as dt

import pytest

from summarizer.merge.stories import (
    SAME_STORY,
    SHARED_FACT,
    Likeness,
    average_linkage,
    group_stories,
    nearness,
)
from summarizer.merge.vectors import candidate_pairs, cosine, unit_vectors
from tests.conftest import make_article

DAY = dt.date(2031, 5, 6)


@pytest.mark.parametrize(
    ("days", "expected"), [(0, 1.0), (1, 1.0), (8, 0.3679), (365, 0.2), (-8, 0.3679)]
)
def test_likeness_falls_with_the_distance_of_dates(days: int, expected: float) -> None:
    assert nearness(DAY, DAY + dt.timedelta(days=days)) == pytest.approx(expected, abs=1e-4)


def test_unknown_dates_count_little_against_likeness() -> None:
    assert nearness(None, None) == 1.0
    assert nearness(DAY, None) == nearness(None, DAY) == 0.85


def test_average_linkage_does_not_chain() -> None:
    scores = {(0, 1): 0.9, (1, 2): 0.6, (0, 2): 0.0}
    assert average_linkage(3, scores, threshold=0.5) == [0, 0, 2]


def test_average_linkage_joins_what_is_alike_on_average() -> None:
    scores = {(0, 1): 0.9, (1, 2): 0.7, (0, 2): 0.4}
    assert average_linkage(3, scores, threshold=0.5) == [0, 0, 0]


def test_linked_items_are_one_cluster_however_unlike() -> None:
    assert average_linkage(4, {}, linked=[(1, 3), (3, 2)], threshold=0.5) == [0, 1, 1, 1]


def test_shared_facts_make_articles_more_alike() -> None:
    articles = [
        make_article("Brelo builds a mill in Norby.", title="Mill", source="a"),
        make_article("Queues in Sund, where bread is rare.", title="Bread", source="b"),
    ]
    likeness = Likeness(articles)
    assert group_stories(articles, likeness, linked=[], shared_facts={}) == [0, 1]
    needed = int(SAME_STORY / SHARED_FACT)
    assert group_stories(articles, likeness, linked=[], shared_facts={(0, 1): needed}) == [0, 1]
    near = [articles[0], make_article("Norby waits for its mill.", title="Norby", source="b")]
    likeness = Likeness(near)
    assert likeness.of_pair(0, 1) > SAME_STORY
    assert group_stories(near, likeness, linked=[], shared_facts={}) == [0, 0]


def test_a_vector_has_length_one_and_an_empty_text_none() -> None:
    (vector, empty) = unit_vectors([{"mill": 2.0, "norby": 1.0}, {}])
    assert cosine(vector, vector) == pytest.approx(1.0)
    assert empty == {}


def test_a_key_of_too_many_documents_pairs_nothing() -> None:
    keys = [["a", "x"], ["a", "x"], ["a"], ["a"]]
    assert candidate_pairs(keys, most_common=3) == {(0, 1): 1}
    assert candidate_pairs(keys, most_common=4)[(0, 1)] == 2
