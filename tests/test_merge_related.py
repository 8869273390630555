"""summarizer.merge.related: which earlier articles go on in new ones."""

from __future__ import annotations

from itertools import permutations

from summarizer.merge import related
from tests.test_merge_importance import COPY, FIRST, GAME, SECOND


def test_article_of_the_same_event_is_related() -> None:
    assert related([FIRST], [SECOND, GAME]) == {FIRST.id: [SECOND.id]}


def test_copy_is_related() -> None:
    assert related([FIRST], [COPY]) == {FIRST.id: [COPY.id]}


def test_others_keep_their_order() -> None:
    for others in permutations([SECOND, COPY, GAME]):
        kept = [one.id for one in others if one != GAME]
        assert related([FIRST], others) == {FIRST.id: kept}


def test_nothing_is_related_to_nothing() -> None:
    assert related([], [FIRST, GAME]) == {}
    assert related([FIRST], []) == {FIRST.id: []}
