"""summarizer.merge.conflicts.polarity: denials and opposites."""

from __future__ import annotations

import pytest

from benchmarks.merge_numbers import compare
from summarizer.merge.conflicts.polarity import denies, opposed, opposite_words_of


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("Lena Brask attended the opening in Norby.",
         "Lena Brask did not attend the opening in Norby.", True),
        ("Lena Brask attended the opening in Norby.",
         "Lena Brask did not attend the funeral in Norby.", False),
        ("Brelo paid 40 workers of the mill.", "Brelo did not pay 30 workers of the mill.", False),
        ("Brelo paid workers of the mill.", "Brelo did not pay some workers of the mill.", False),
        ("Brelo paid workers of the Sund mill.", "Brelo did not pay workers of the Orvin mill.",
         False),
    ],
)  # fmt: skip
def test_a_denial_is_of_the_same_words_names_and_numbers(
    first: str, second: str, expected: bool
) -> None:
    comparer = compare([(first, second)])
    a, b = comparer.tellings
    assert denies(comparer, a, b) is expected
    assert denies(comparer, b, a) is expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("The mayor opposed the harbour plan of Norby.",
         "The mayor supported the harbour plan of Norby.", True),
        ("The mayor opposed the harbour plan of Norby.",
         "The guild supported the harbour plan of Norby.", False),
        ("The mayor of Norby saw the harbour.", "The mayor of Norby saw the mill.", False),
    ],
)  # fmt: skip
def test_opposites_are_the_only_words_that_differ(first: str, second: str, expected: bool) -> None:
    comparer = compare([(first, second)])
    a, b = comparer.tellings
    assert opposed(comparer, a, b) is expected
    assert (opposite_words_of(a, b) == ("opposed", "supported")) is (expected or "guild" in second)
