"""Quotations and their speakers against an article: pairs about invented people."""

import pytest

from summarizer.data import RejectReason
from summarizer.validate.evidence import find_sentences
from summarizer.validate.quotations import check_quotations
from summarizer.validate.reading import Reading, index_of
from tests.conftest import make_article


def _check(claim: str, *sentences: str):
    index = index_of(make_article(*sentences, title="News from the bay"))
    reading = Reading(claim, None)
    ids = find_sentences(reading, index, ())
    return check_quotations(reading, [index.sentences[i - 1] for i in ids], index)


SAID = '"The old ferry will not sail again this year," Ilse Tarn said on Monday.'
TRUE = [
    ('Tarn said the ferry "will not sail again this year".', [SAID]),
    ('Tarn said: "The old ferry will not sail again this year."', [SAID]),
    ('Tarn said "the old ferry ... will not sail again".', [SAID]),
    ('Tarn said "the old ferry … this year".', [SAID]),
    ('Tarn said "the [rusty] old ferry will not sail".', [SAID]),
    ('Tarn said "The OLD ferry will not sail".', [SAID]),
    ("Tarn said “the old ferry will not sail again”.", [SAID]),
    ("Tarn said ‘the old ferry will not sail again’.", [SAID]),
    ("tarn said `` the old ferry will not sail again '' .", [SAID]),
    ('Tarn said it "won\'t sail" now.', ['"It won’t sail," Tarn said now.']),
    ('Tarn called the ferry "rusty".', ["Tarn called the ferry old."]),
    ('The film "Ferry of the Night" opened.', ["The film opened."]),
    ('A 6" pipe sank and the "old ferry" sailed.', ["A 6-inch pipe sank."]),
    ("Tarn said the old ferry will not sail again.", [SAID]),
    ("According to Ilse Tarn, the old ferry will not sail again this year.", [SAID]),
    ('"The old ferry will not sail again," said Ilse Tarn.', [SAID]),
    ("Vorn said the pier is safe for divers.", [
        "Odo Brack, Vorn's spokesman, said the pier is safe for divers."]),
    ("Vorn said the pier is safe for divers.", [
        "Vorn spokesman Odo Brack spoke first.", "Brack said the pier is safe for divers."]),
    ("Tarn said the pier is safe for divers.", ["Tarn rose.", "She said the pier is safe for "
                                                "divers."]),
    ("The Velmoran said the pier is safe for divers.", ["Brack said the pier is safe for divers."]),
    ("Tarn said the pier is safe for divers.", ["Tarn told Brack the pier is safe for divers."]),
    ("Tarn said the goats are well.", ["Brack said the pier is safe for divers."]),
]  # fmt: skip
FALSE = [
    ('Tarn said the ferry "will never sail again this year".', [SAID]),
    ('Tarn said: "The old ferry will sail again this year."', [SAID]),
    ('Tarn said "the old ferry ... will not swim again".', [SAID]),
    ('Tarn said "this year ... the old ferry".', [SAID]),
    ('Tarn said "the [rusty] red ferry will not sail".', [SAID]),
    ('Tarn said "the OLD boat will not sail".', [SAID]),
    ("Tarn said “the old ferry will not sail next year”.", [SAID]),
    ("Tarn said ‘the old ferry has to sail again’.", [SAID]),
    ("tarn said `` the old ferry will sail again '' .", [SAID]),
    ('Tarn said it "won\'t sink" now.', ['"It won’t sail," Tarn said now.']),
    ('Tarn called the ferry "rusty and old".', ["Tarn called the ferry old."]),
    ('Tarn is "deeply worried" by the ferry.', ["Tarn is worried by the ferry."]),
    ("Brack said the old ferry will not sail again.", [SAID]),
    ("According to Odo Brack, the old ferry will not sail again this year.", [SAID]),
    ('"The old ferry will not sail again," said Odo Brack.', [SAID]),
    ('"The old ferry will not sail again," Brack said.', [SAID, "Brack agreed on the price."]),
    ("Lumo said the pier is safe for divers.", [
        "Odo Brack, Vorn's spokesman, said the pier is safe for divers.", "Lumo was silent."]),
    ("Tarn said the pier is safe for divers.", ["Brack said the pier is safe for divers.",
                                                "Tarn rose."]),
    ("Tarn told the court the pier is safe for divers.", [
        "Brack told the court the pier is safe for divers.", "Tarn rose."]),
    ("Tarn warned that the pier is a danger to divers.", [
        "Odo Brack warned that the pier is a danger to divers.", "Tarn rose."]),
    ("Tarn, the mayor, said the pier is safe for divers.", [
        "The pier is safe for divers, according to Odo Brack.", "Tarn rose."]),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "evidence"), TRUE)
def test_quotation_of_the_article_passes(claim, evidence):
    assert _check(claim, *evidence) is None


@pytest.mark.parametrize(("claim", "evidence"), FALSE)
def test_altered_quotation_and_other_speaker_are_found(claim, evidence):
    found = _check(claim, *evidence)
    assert found is not None
    assert found[0] is RejectReason.NOT_ENTAILED


def test_tables_hold_twenty_pairs_and_more():
    assert min(len(TRUE), len(FALSE)) >= 20


def test_detail_quotes_the_articles_own_words():
    found = _check('Tarn said it "will sail again this year".', "It rained.", SAID)
    assert found is not None
    assert found[1].startswith("the quotation 'will sail again this year' is not in the article; ")
    assert "sentence 2 says" in found[1]
    assert "will not sail again" in found[1]


def test_detail_names_who_says_it_in_the_article():
    found = _check("Brack said the old ferry will not sail again.", "It rained.", SAID)
    assert found is not None
    assert found[1] == "sentence 2 has Ilse Tarn say it, not Brack"
