import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.names import name_matches, names, spelled_out


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ilse Tarn, Vorn's CEO, formed a team.", ["Ilse Tarn", "Vorn"]),
        ("Vorn CEO Ilse Tarn met Prime Minister Odo Brack.", ["Vorn", "Ilse Tarn", "Odo Brack"]),
        ("Critics say the Bank of Velmora acted.", ["Bank of Velmora"]),
        (
            "The ZT-4 beat Zephyr 3.1 and the Kestrel 737-800.",
            ["ZT-4", "Zephyr 3.1", "Kestrel 737-800"],
        ),
        ("Tarn plans more.", ["Tarn"]),
        ("On Tuesday in July they met.", []),
        ("The U.S. and the UK agreed.", ["U.S", "UK"]),
        ("xVolt sold the firm.", ["xVolt"]),
        ("Velmora 2-1 Brack", ["Velmora", "Brack"]),
        ("Investors sold. Months passed.", []),
        ("Visitors left. Generally, businesses sold.", []),
        ("Co-founder Odo Brack and ex-minister Ilse Tarn met.", ["Odo Brack", "Ilse Tarn"]),
        ("J. R. Tarn met J.K. Brack.", ["J. R. Tarn", "J.K. Brack"]),
        ("It was plan B. Tarn agreed.", ["Tarn"]),
        ("Sales of 330million were made. We’re glad.", []),
    ],
)
def test_names_are_capitalised_runs_without_titles(text, found):
    assert [n.text.rstrip(".") for n in names(text)] == found


MATCHING = [
    ("Tarn", "Ilse Tarn"),
    ("Ilse Tarn", "Tarn"),
    ("VBJ", "Velmora Business Journal"),
    ("Velmora Business Journal", "VBJ"),
    ("Vorn", "Vorn Platforms Inc"),
    ("Zephyr", "Zephyr 2"),
    ("Vorn Q100", "the Q100 chips of Vorn"),
    ("American", "the U.S."),
    ("Russian", "Russia"),
    ("Britain", "the UK"),
    ("Q100 GPUs", "a Q100 GPU"),
    ("I. Tarn", "Ilse Tarn"),
    ("I. R. Tarn", "Ilse Rana Tarn"),
    ("J.K. Tarn", "JK Tarn"),
    ("JK Tarn", "Jana Karin Tarn"),
    ("DoF", "the Department of Ferries"),
    ("UN Security Council", "the United Nations Security Council"),
    ("United States of America", "the US"),
    ("Norwegian", "Norway"),
    ("Frenchman", "France"),
    ("Portuguese", "Portugal"),
]
OTHER = [
    ("Zephyr 3", "Zephyr 2"),
    ("Zephyr 2", "Zephyr"),
    ("Zephyr 3.1", "Zephyr 3"),
    ("Odo Brack", "Ida Brack"),
    ("Odo Brack", "Ida Brack and Odo Lund"),
    ("Vorn", "Vulcor"),
    ("Q100", "Q200"),
    ("Bank", "Bank of Velmora"),
    ("VBJ", "Velmora Evening Journal"),
    ("France", "Germany"),
    ("I. R. Tarn", "Odo Rana Tarn"),
    ("J.K. Tarn", "JM Tarn"),
    ("JK Tarn", "Jana Maria Tarn"),
    ("DoF", "the Department of Roads"),
    ("UN Security Council", "the United States Council"),
    ("Norwegian", "Sweden"),
]


@pytest.mark.parametrize(("one", "two"), MATCHING)
def test_name_matches_other_forms_of_itself(one, two):
    (name,) = names(f"for {one}")
    assert name_matches(name, names(f"for {two}"))


@pytest.mark.parametrize(("one", "two"), OTHER)
def test_name_does_not_match_another(one, two):
    (name,) = names(f"for {one}")
    assert not name_matches(name, names(f"for {two}"))


def test_acronym_is_spelled_out_by_common_words():
    (name,) = names("the LLM")
    assert spelled_out(name, "a large language model")
    assert not spelled_out(name, "a small speech model")


@pytest.mark.parametrize(
    ("acronym", "text", "spelled"),
    [
        ("UN", "it stood until noon", False),
        ("UN", "the United Nations met", True),
        ("TV", "on television", True),
        ("TV", "the very first", False),
        ("PM", "the prime minister left", True),
        ("AI", "artificial intelligence", True),
        ("AI", "after it ended", False),
    ],
)
def test_two_letters_are_spelled_out_by_neighbours_or_known_words_alone(acronym, text, spelled):
    (name,) = names(f"for {acronym}")
    assert spelled_out(name, text) is spelled


@given(st.text(max_size=80))
def test_names_lie_in_the_text(text):
    assert all(text[n.start : n.end] == n.text for n in names(text))
