import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.read.clean import clean_text, one_line, same_words, text_id, unwrap

ANY_TEXT = st.text(st.characters())  # lone surrogates included


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\u2028b\u2029c\x0bd", "a\nb\nc\nd"),
        ("a  b\t c\u00a0d\u2003e", "a b c d e"),
        ("  a  \n\n\n\n  b ", "a\n\nb"),
        ("e\u0301", "é"),
        ("pay\u200bpal \u202egnirts\u202c \ufeff", "paypal gnirts"),
        ("soft\u00adhyphen", "softhyphen"),
        ("a\x00b\x1b[0m", "ab[0m"),
        ("tag\U000e0041s", "tags"),
        ("a\ud800b", "ab"),
        ("", ""),
    ],
)
def test_clean_text_brings_text_into_normal_form(raw, cleaned):
    assert clean_text(raw) == cleaned


@given(ANY_TEXT)
def test_clean_text_changes_nothing_the_second_time(text):
    assert clean_text(clean_text(text)) == clean_text(text)


@given(ANY_TEXT)
def test_clean_text_leaves_nothing_invisible(text):
    cleaned = clean_text(text)
    kinds = {unicodedata.category(char) for char in cleaned if char != "\n"}
    assert not kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert "\n\n\n" not in cleaned
    assert "  " not in cleaned


def test_clean_text_is_quick_on_a_million_combining_marks():
    assert len(clean_text("e" + "\u0301\u0316" * 500_000)) < 40


def test_text_id_is_the_sha256_of_the_text_as_utf8():
    assert text_id("é").startswith(
        "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"
    )


def test_unwrap_joins_lines_wrapped_to_a_width_and_keeps_paragraphs():
    paragraph = (
        "The council of the town of Wexcombe decided on Monday that\n"
        "the bridge over the river, which has been closed for longer\n"
        "than anyone expected, will be repaired in spring next year.\n"
        "The work is to take four months.\n"
    )
    whole = " ".join(paragraph.split("\n")).strip()
    assert unwrap(f"{paragraph}\nThe cost\n\n{paragraph}").split("\n") == [
        whole,
        "",
        "The cost",
        "",
        whole,
        "",
    ]


def test_unwrap_leaves_paragraphs_of_one_line_alone():
    text = "A headline that is not very long at all\nWords of a line. " + "More of it. " * 20
    assert unwrap(text) == text


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        ("When the museum opened in 1974,\nit had a single room", True),
        ("The council paid for the bridge and\nthe road to it", True),
        ("The council paid for the bridge\niPhone sales fell", False),
        ("The council paid for the bridge.\nthe road was next", False),
        ("Home News Sport\nweather today", False),
        ("- the council pays for the bridge\nthe road is next", False),
        ("The council paid for the bridge\nThe road was next", False),
        ("The council paid for the bridge\n\nthe road was next", False),
    ],
)
def test_unwrap_joins_a_sentence_that_runs_on_in_lower_case(lines, joined):
    assert unwrap(lines) == (lines.replace("\n", " ") if joined else lines)


def test_one_line_has_no_line_breaks():
    assert one_line("A title\nover  two lines\u200b ") == "A title over two lines"


def test_same_words_does_not_see_case_and_punctuation():
    assert same_words("“Hello,” World!") == same_words("HELLO world")
