from hypothesis import given
from hypothesis import strategies as st

from summarizer.validate.evidence import find_sentences
from summarizer.validate.reading import Reading, index_of
from summarizer.validate.windows import WINDOW_CHARS, ranked, window, window_text
from tests.conftest import make_article

FILLER = "The weather over the bay was mild and the inns were full of guests from the north. "


def _window(claim, *sentences):
    index = index_of(make_article(*sentences))
    reading = Reading(claim, None)
    return window(reading, index, find_sentences(reading, index, ())), index


def test_window_of_a_short_article_has_what_bears_on_the_claim_in_its_order():
    ids, _ = _window(
        "Tarn sold the ferry.",
        "Ilse Tarn rose early.",
        "She sold the ferry.",
        "Nobody praised penguins.",
    )
    assert ids == [1, 2, 3]


def test_sentence_before_the_evidence_is_read_for_its_pronouns():
    ids, _ = _window(
        "She sold the ferry.",
        *[FILLER] * 9,
        "Ilse Tarn rose.",
        "She sold the ferry.",
        *[FILLER] * 9,
    )
    assert 10 in ids
    assert 11 in ids


def test_sentences_far_apart_are_read_together_where_both_bear_on_the_claim():
    ids, _ = _window(
        "The dam cost 40 million crowns and opened in Velmora.",
        "The dam cost 40 million crowns.",
        *[FILLER] * 30,
        "The dam opened in Velmora.",
    )
    assert {1, 32} <= set(ids)


def test_window_has_the_evidence_even_where_that_alone_is_too_long():
    ids, index = _window("Divers found a bell.", "Divers found a bell" + " and a lamp" * 300 + ".")
    assert ids == [1]
    assert window_text(index, ids).startswith("Divers found a bell and a lamp")
    assert len(window_text(index, ids)) <= WINDOW_CHARS


def test_window_stays_within_its_length():
    sentences = [
        f"Divers found bell number {n} near the harbour wall of Velmora." for n in range(50)
    ]
    ids, index = _window("Divers found bell number 7 near the harbour.", *sentences)
    assert len(ids) > 5
    assert len(window_text(index, ids)) <= WINDOW_CHARS + len(ids)  # the spaces between


def test_window_text_is_one_line():
    ids, index = _window("Divers found a bell.", "Divers\nfound\t a  bell.")
    assert window_text(index, ids) == "Divers found a bell."


def test_ranked_puts_rare_words_first_and_leaves_out_what_shares_none():
    index = index_of(
        make_article(
            "The ferry left.", "The ferry sank.", "A lamp fell.", "The ferry met a submarine."
        )
    )
    assert ranked(Reading("The ferry met the submarine.", None), index) == [4, 1, 2]


def test_ranked_puts_a_short_sentence_before_a_long_one_that_shares_as_much():
    long = "The ferry sank while the inns, the mills, the goats and the lamps of the bay looked on."
    index = index_of(make_article(long, "The ferry sank.", "Nobody spoke."))
    assert ranked(Reading("The ferry sank.", None), index) == [2, 1]


_WORDS = st.sampled_from("Tarn sold the ferry 40 goats . , not “ ” It \u202e é".split(" "))


@given(
    claim=st.lists(_WORDS, max_size=8).map(" ".join),
    sentences=st.lists(st.lists(_WORDS, min_size=1, max_size=400).map(" ".join), max_size=6),
)
def test_window_of_anything_is_in_order_and_holds_the_evidence(claim, sentences):
    index = index_of(make_article(*sentences))
    reading = Reading(claim, None)
    evidence = find_sentences(reading, index, ())
    ids = window(reading, index, evidence)
    assert ids == sorted(set(ids))
    assert set(evidence[:1]) <= set(ids)
    assert all(1 <= i <= len(index.sentences) for i in ids)
    assert len(window_text(index, ids)) <= WINDOW_CHARS + len(ids)
