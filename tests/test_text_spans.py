"""summarizer.text.spans: which places of a text are taken."""

from __future__ import annotations

import pytest

from summarizer.text.spans import TakenSpans


@pytest.mark.parametrize(
    ("span", "free"),
    [((0, 2), True), ((5, 6), True), ((2, 3), False), ((4, 9), False), ((1, 9), False)],
)
def test_a_span_is_taken_once(span: tuple[int, int], free: bool) -> None:
    taken = TakenSpans([(2, 5)])
    assert taken.take(*span) is free
    assert taken.take(*span) is False


def test_spans_may_come_in_any_order() -> None:
    taken = TakenSpans()
    assert [taken.take(n, n + 2) for n in (8, 0, 4, 3, 2, 6, 7)] == [
        True, True, True, False, True, True, False,
    ]  # fmt: skip
