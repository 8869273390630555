import pytest

from summarizer.text.words import (
    canonical,
    content_stems,
    opposites,
    stem,
    terms,
    terms_of,
    tokens,
    words_of,
)


def test_tokens_keep_codes_and_numbers_whole():
    found = [
        t.text for t in tokens("Vorn's ZT-4 sold 350,000 Q100 GPUs; U.S. firms don't use 1.5bn.")
    ]
    assert found == "Vorn's ZT-4 sold 350,000 Q100 GPUs U.S. firms don't use 1.5bn".split()


def test_tokens_give_the_place_of_every_word():
    text = "Tarn’s ferry, the 2nd, sank."
    assert [text[t.start : t.end] for t in tokens(text)] == [t.text for t in tokens(text)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Tarn’s U.S. ZT-4, 350K and co-ops.",
        "a.m. don't x-1 __y_ é-2 word.",
        "word-" * 9,
        "it’’s",
    ],
)
def test_words_and_terms_are_those_of_the_tokens(text):
    assert words_of(text) == [token.text for token in tokens(text)]
    assert terms_of(tokens(text)) == terms(text)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("GPUs", "GPU"),
        ("350K", "350,000"),
        ("Vorn's", "Vorn"),
        ("ZT-4", "zt4"),
        ("bought", "buy"),
        ("shipping", "shipped"),
        ("men", "man"),
    ],
)
def test_stem_is_the_same_for_forms_of_one_word(one, two):
    assert stem(one) == stem(two)


@pytest.mark.parametrize(
    ("one", "two"), [("purchase", "acquire"), ("begin", "commence"), ("chip", "semiconductor")]
)
def test_canonical_makes_equal_words_equal(one, two):
    assert canonical(stem(one)) == canonical(stem(two))


@pytest.mark.parametrize(("one", "two"), [("rise", "fall"), ("buy", "sell"), ("fire", "water")])
def test_canonical_keeps_other_words_apart(one, two):
    assert canonical(stem(one)) != canonical(stem(two))


def test_opposites_hold_both_ways():
    assert stem("reject") in opposites(stem("accept"))
    assert stem("accept") in opposites(stem("rejected"))


def test_content_stems_leave_stopwords_out_and_keep_numbers():
    assert content_stems("The ferry had 40 guests on it.") == ["ferri", "40", "guest"]


def test_terms_take_a_phrase_for_the_word_it_equals():
    assert terms("large language models")[0].key == terms("LLM")[0].key
    assert terms("graphics chips")[0].key == terms("GPUs")[0].key


def test_terms_of_a_phrase_cut_at_the_end_are_single_words():
    assert [t.stem for t in terms("a large language")] == ["larg", "languag"]
