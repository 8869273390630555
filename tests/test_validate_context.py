"""The words around a word: one statement or two, and how they are quoted."""

import pytest

from summarizer.validate.context import same_statement, says
from summarizer.validate.reading import Reading


def _scope(reading, word):
    return next(s for s in reading.scopes if reading.text[s.start : s.end] == word)


@pytest.mark.parametrize(
    ("claim", "evidence", "same"),
    [
        ("Vorn sold the old ferry.", "Vorn sold the ferry in May.", True),
        ("Vorn sold the old ferry.", "Lumo and Tarn sold a dam in May.", False),
        ("It sold.", "Lumo sold a dam in May.", True),
    ],
)
def test_statements_are_the_same_when_half_of_what_is_around_is_shared(claim, evidence, same):
    one, two = Reading(claim, None), Reading(evidence, None)
    assert same_statement(one, _scope(one, "sold"), two, _scope(two, "sold")) is same


def test_says_cuts_at_spaces_and_names_the_sentence():
    text = "On a long and windy morning in May the old ferry sank off the coast of Velmora at once."
    start = text.index("sank")
    told = says(Reading(text, None, number=7), start, start + 4)
    assert told == "sentence 7 says 'morning in May the old ferry sank off the coast of Velmora at'"


def test_says_of_a_text_without_number():
    assert says(Reading("Vorn sold it.", None), 5, 9) == "it says 'Vorn sold it'"
