from hypothesis import given
from hypothesis import strategies as st

from summarizer.validate.evidence import MAX_SENTENCES, find_sentences, quote
from summarizer.validate.reading import Reading, index_of
from tests.conftest import make_article

ARTICLE = make_article(
    "The Velmora bridge opened to traffic on Tuesday.",
    "It cost 340 million crowns, the harbour office said.",
    "Mayor Ilse Tarn did not attend the opening.",
    "A ferry had crossed the bay since 1962.",
    "Its last captain, Odo Brack, now sells tickets for the harbour museum.",
)


def _find(text, offered=(), article=ARTICLE):
    return find_sentences(Reading(text, article.published), index_of(article), offered)


def test_evidence_is_the_sentence_that_says_it():
    assert _find("Odo Brack sells museum tickets.") == [5]


def test_evidence_joins_sentences_that_together_say_it():
    assert sorted(
        _find("The bridge at Velmora opened on Tuesday and cost 340 million crowns.")
    ) == [1, 2]


def test_wrong_offer_is_overruled():
    assert _find("A ferry crossed the bay from 1962.", offered=(2,))[0] == 4


def test_offer_breaks_a_tie():
    article = make_article(
        "Tarn won the race.", "The weather was mild.", "Tarn won the race again."
    )
    assert _find("Tarn won the race.", (1,), article)[0] == 1
    assert _find("Tarn won the race.", (3,), article)[0] == 3


def test_no_shared_word_gives_no_evidence():
    assert _find("Penguins juggle quietly.") == []


def test_article_without_sentences_gives_no_evidence():
    bare = ARTICLE.model_copy(update={"sentences": ()})
    assert _find("The bridge opened.", (), bare) == []


def test_neighbours_are_one_quote_and_others_apart():
    found = quote(ARTICLE, [5, 2, 1])
    assert [e.sentence_ids for e in found] == [(1, 2), (5,)]


@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=8), st.data())
def test_quote_is_the_text_at_its_offsets(sentences, data):
    article = make_article(*sentences, between="\n")
    ids = data.draw(st.sets(st.integers(1, len(sentences)), min_size=1))
    found = quote(article, ids)
    assert all(article.text[e.start : e.end] == e.quote for e in found)
    assert sorted(i for e in found for i in e.sentence_ids) == sorted(ids)


@given(
    st.lists(
        st.sampled_from("Tarn bought 40 goats not in Velmora on Tuesday .".split()), max_size=14
    )
)
def test_evidence_is_at_most_three_sentences_that_exist(words):
    found = _find(" ".join(words))
    assert len(found) == len(set(found)) <= MAX_SENTENCES
    assert set(found) <= {1, 2, 3, 4, 5}
