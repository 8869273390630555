"""Guesses at the next tokens of an answer, from the text before them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.model.lookup import Lookup

ARTICLE = [10, 11, 12, 13, 14, 15, 16]


@pytest.mark.parametrize(
    ("tokens", "count", "guess"),
    [
        ([*ARTICLE, 1, 11, 12], 3, [13, 14, 15]),
        ([*ARTICLE, 1, 11, 12], 1, [13]),
        ([*ARTICLE, 1, 11, 12], 99, [13, 14, 15, 16, 1, 11, 12]),
        ([*ARTICLE, 1, 11, 12], 0, []),
        ([*ARTICLE, 1, 12], 3, []),  # one token in common says too little
        ([*ARTICLE, 11, 13], 3, []),
        ([1, 2, 9, 7, 1, 2, 8, 6, 1, 2], 1, [9]),  # the first place wins
        ([5, 1, 2, 8, 6, 1, 2, 9, 6, 1, 2], 1, [9]),  # but three in common beat two
        ([1, 1, 1], 2, [1]),  # what it repeats may overlap with itself
        ([1, 2], 3, []),
        ([1], 3, []),
        ([], 3, []),
    ],
)
def test_guess_is_what_followed_the_same_tokens_before(tokens, count, guess):
    assert Lookup().guess(tokens, count) == guess


def test_answer_is_looked_through_too_as_it_grows():
    lookup, tokens = Lookup(), [*ARTICLE, 1, 2, 3]
    assert lookup.guess(tokens, 2) == []
    tokens += [4, 5, 1, 2]
    assert lookup.guess(tokens, 2) == [3, 4]


def test_guess_after_a_cut_is_of_what_is_left():
    lookup, tokens = Lookup(), [*ARTICLE, 1, 2, 3, 4, 1, 2]
    assert lookup.guess(tokens, 1) == [3]
    del tokens[8:]
    assert lookup.guess(tokens, 1) == []
    tokens += [7, 8, 1, 7]
    assert lookup.guess(tokens, 1) == [8]


@given(st.lists(st.integers(0, 3), max_size=60), st.integers(0, 5), st.data())
def test_guesses_stand_in_the_text_behind_tokens_like_the_last_two(tokens, count, data):
    lookup = Lookup()
    for _ in range(3):
        guess = lookup.guess(tokens, count)
        assert len(guess) <= count
        if guess:
            wanted = [*tokens[-2:], *guess]
            places = range(len(tokens) - len(wanted) + 1)
            assert any(tokens[at : at + len(wanted)] == wanted for at in places)
        tokens = [*tokens, *data.draw(st.lists(st.integers(0, 3), max_size=9))]


def test_guess_in_a_text_that_repeats_is_found_wherever_it_is_asked_for():
    lookup, tokens = Lookup(), list(range(50)) * 2
    for length in range(53, 100):
        assert lookup.guess(tokens[:length], 1) == [tokens[length]]
