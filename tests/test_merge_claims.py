"""summarizer.merge.facts.claims: what two claims are compared by."""

from __future__ import annotations

import pytest

from summarizer.merge.facts.claims import Telling, opposite_words, tellings
from tests.conftest import make_article, make_supported


def read(*texts: str) -> list[Telling]:
    """Read claims, each of an article of its own."""
    articles = [make_article(text, source=f"{n}.txt") for n, text in enumerate(texts)]
    return tellings(articles, [(n, make_supported(None, a)) for n, a in enumerate(articles)])


def test_an_acronym_is_read_as_what_another_article_says_it_is() -> None:
    _, short = read(
        "The Orvin Ferry Company (OFC) has sold two ships.", "OFC has sold two of its ships."
    )
    assert {"orvin", "ferri"} <= short.keys
    assert "ofc" not in short.keys


@pytest.mark.parametrize(
    "text",
    [
        "A ferry (OFC) has left Orvin.",  # the words before do not begin with these letters
        "The orvin ferry company (OFC) has sold two ships.",
        f"The {'Orvin ' * 200}Ferry Company and many others said so (OFC).",
    ],
)
def test_other_words_before_a_bracket_are_no_long_form(text: str) -> None:
    _, short = read(text, "OFC has sold two of its ships.")
    assert "ofc" in short.keys


def test_the_smaller_of_two_long_forms_counts_whatever_the_order() -> None:
    texts = ["The Orvin Ferry Company (OFC) left.", "The Orvin Fishing Club (OFC) left."]
    for order in (texts, texts[::-1]):
        *_, short = read(*order, "OFC has sold two of its ships.")
        assert "ferri" in short.keys


@pytest.mark.parametrize(
    ("text", "negated", "planned"),
    [
        ("Brelo opened a shop in Norby.", False, False),
        ("Brelo did not open a shop in Norby.", True, False),
        ("Brelo didn’t open a shop in Norby.", True, False),
        ("Brelo has failed to open a shop in Norby.", True, False),
        ("Brelo not only opened a shop in Norby.", False, False),
        ("Brelo will open a shop in Norby.", False, True),
        ("Brelo has proposed a shop in Norby.", False, True),
        ("Brelo is looking to open a shop in Norby.", False, True),
        ("Brelo denied that it WANTS TO open a shop.", True, True),
    ],
)
def test_denials_and_plans_are_told(text: str, negated: bool, planned: bool) -> None:
    (claim,) = read(text)
    assert (claim.negated, claim.planned) == (negated, planned)


@pytest.mark.parametrize(
    ("first", "second", "opposite"),
    [
        ("Brelo's profit rose.", "Brelo's profit fell.", True),
        ("Brelo's profit rose.", "Brelo's profit grew.", False),
        ("Brelo's profit rose and fell.", "Brelo's profit fell.", False),
    ],
)
def test_opposites_count_where_the_other_lacks_the_word(
    first: str, second: str, opposite: bool
) -> None:
    a, b = read(first, second)
    assert opposite_words(a, b) is opposite_words(b, a) is opposite


def test_a_date_is_a_date_and_no_word() -> None:
    (claim,) = read("Lena Brask resigned on 3 May 2031.")
    assert [d.text for d in claim.dates] == ["3 May 2031"]
    assert not {"3", "may", "2031"} & claim.keys


def test_names_leave_out_the_word_that_opens_the_sentence() -> None:
    (claim,) = read('Floods hit Orvin. "Boats came," said Lena Brask of the OFC.')
    assert claim.names == {"orvin", "lena", "brask", "ofc"}
    assert [name.text for name in claim.mentions] == ["Orvin", "Lena Brask of the OFC"]


def test_a_headline_in_title_case_names_nothing() -> None:
    (claim,) = read("Floods Hit Orvin And The Ferry Stops")
    assert claim.names == frozenset()
