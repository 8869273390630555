"""summarizer.merge.related: which earlier articles go on in new ones."""

from __future__ import annotations

from itertools import permutations

from summarizer.merge import related
from tests.test_merge_importance import COPY, FIRST, GAME, SECOND


def test_article_of_the_same_event_is_related() -> None:
    assert related([FIRST], [SECOND, GAME]) == [SECOND]


def test_copy_is_related() -> None:
    assert related([FIRST], [COPY]) == [COPY]


def test_others_keep_their_order() -> None:
    for others in permutations([SECOND, COPY, GAME]):
        assert related([FIRST], others) == [one for one in others if one != GAME]


def test_nothing_is_related_to_nothing() -> None:
    assert related([], [FIRST, GAME]) == []
    assert related([FIRST], []) == []
