"""Edits that keep a sentence true: what may come out of each, and what must be left alone."""

import random

import pytest

from summarizer.edits import EditKind, Pool, edits
from summarizer.edits.formats import hedged_number, other_date_format, other_number_format
from summarizer.edits.paraphrase import paraphrase
from summarizer.edits.pronouns import name_pronoun
from summarizer.edits.shortening import shorten
from summarizer.edits.voice import other_voice

SEEDS = range(15)

PARAPHRASES = [
    ("Vorn purchased the old mill.", {"Vorn bought the old mill.", "Vorn acquired the old mill."}),
    ("The film is about nearly 40 boats.", {"The movie is about almost 40 boats."}),
    ("The dam leaks, Vorn said.", {"Vorn said that the dam leaks."}),
    ("On Monday, the dam broke.", {"The dam broke on Monday."}),
    ("According to police, the dam leaks.", {"The dam leaks, according to police."}),
    ("Vorn did not pay.", {"Vorn didn't pay."}),
    ("Vorn won't pay.", {"Vorn will not pay."}),
    ("Jane Hollis left the room.", {"Hollis left the room."}),
    ("It closed because of the storm.", {"It closed due to the storm."}),
    ("More than 300 boats sank.", {"Over 300 boats sank."}),
    ("She lives in the United States now.", {"She lives in the US now."}),
    ("It was a big favour to them.", {"It was a big favor to them."}),
    ("He paid $4 billion for it.", {"He paid $4bn for it."}),
    ("Sales grew by 4%.", {"Sales increased by 4 percent."}),
    ("It lost three boats.", {"It lost 3 boats."}),
    ("It opened on 14 July 2020.", {"It opened on July 14, 2020."}),
    ("Tarn Bank sued Vorn Corp.", {"Vorn Corp was sued by Tarn Bank."}),
]


@pytest.mark.parametrize(("sentence", "wanted"), PARAPHRASES, ids=lambda s: str(s)[:25])
def test_a_paraphrase_says_the_same(sentence: str, wanted: set[str]):
    made = {paraphrase(sentence, random.Random(seed)) for seed in range(60)}
    assert made & wanted, made


@pytest.mark.parametrize(
    ("sentence", "never"),
    [
        ("Vorn declined to comment on it.", "fell"),
        ("The Major League Film Company is old.", "Movie"),
        ('He said: "The film is dead."', "movie"),
        ("It is due to open.", "because of"),
        ("The company said it was late.", "firm said it were"),
        ("They have the right to purchase order forms.", "bought"),
        ("She rose to fame.", "increased"),
    ],
)
def test_a_paraphrase_leaves_what_is_not_sure(sentence: str, never: str):
    for seed in range(60):
        assert never not in (paraphrase(sentence, random.Random(seed)) or "")


FORMATS = [
    ("It has 2,000 seats.", "It has 2000 seats."),
    ("It has 12500 seats.", "It has 12,500 seats."),
    ("It cost £3.5 million.", "It cost £3.5m."),
    ("It cost €2bn.", "It cost €2 billion."),
    ("Rates are 50%.", "Rates are 50 percent."),
    ("Rates are 50 per cent.", "Rates are 50%."),
    ("He has four dogs.", "He has 4 dogs."),
    ("He has 4 dogs.", "He has four dogs."),
    ("Half of the crew fled.", None),
    ("It took half of the crew.", "It took 50% of the crew."),
    ("It was in 2019 that he left.", None),
    ("The Llama 2 model is old.", None),
]


@pytest.mark.parametrize(("sentence", "wanted"), FORMATS, ids=lambda s: str(s)[:25])
def test_a_number_is_written_another_way(sentence: str, wanted: str | None):
    assert {other_number_format(sentence, random.Random(seed)) for seed in SEEDS} == {wanted}


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("It broke on 3 May.", "It broke on May 3."),
        ("It broke on May 3.", "It broke on 3 May."),
        ("It broke on May 3, 2019.", "It broke on 3 May 2019."),
        ("It broke on the 3rd of May.", "It broke on May 3."),
        ("It broke in May.", None),
    ],
)
def test_a_date_is_written_another_way(sentence: str, wanted: str | None):
    assert other_date_format(sentence, random.Random(0)) == wanted


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("312 boats sank.", {"More than 300 boats sank.", "Over 300 boats sank."}),
        (
            "It has 2,980 seats.",
            {f"It has {w} 3,000 seats." for w in ("nearly", "almost", "fewer than")},
        ),
        ("It has about 312 seats.", {None}),
        ("It has 300 seats.", {None}),
        ("It has 350 seats.", {None}),
        ("It broke in 2019 seasons.", {None}),
        ("More than 312 boats sank.", {None}),
    ],
)
def test_a_plain_number_is_hedged_so_that_it_stays_true(sentence: str, wanted: set[str | None]):
    assert {hedged_number(sentence, random.Random(seed)) for seed in SEEDS} <= wanted


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("Vorn Corp acquired Tarn Bank in May.", "Tarn Bank was acquired by Vorn Corp in May."),
        ("Tarn Bank was acquired by Vorn Corp in May.", "Vorn Corp acquired Tarn Bank in May."),
        ("The court jailed the traders.", "The traders were jailed by the court."),
        ("Jane Hollis told Tom Brack.", None),
        ("Vorn Corp became Tarn Bank.", None),
        ("Vorn Corp acquired Tarn Bank, and left.", None),
    ],
)
def test_the_voice_is_changed_where_it_is_sure(sentence: str, wanted: str | None):
    assert other_voice(sentence, random.Random(0)) == wanted


SHORTENINGS = [
    ("The dam (built in 1964) is old there.", "The dam is old there."),
    ("The dam, which was built by Vorn, is too old.", "The dam is too old."),
    ("Jane Hollis, a doctor in Leeds, left the party.", "Jane Hollis left the party."),
    ("Jane Hollis, 52, left the party.", "Jane Hollis left the party."),
    ("Vorn closed the mine, leaving 40 people behind.", "Vorn closed the mine."),
    ("However, the mine was closed.", "The mine was closed."),
    ("On Monday, the mine was closed.", "The mine was closed."),
    ("In May 2019, Vorn closed the mine.", "Vorn closed the mine."),
    ("The mine was closed on Monday.", "The mine was closed."),
    ("The mine was closed by Vorn, and the town was left behind.", "The mine was closed by Vorn."),
    ("The mine was closed, but the dam was left open.", "The mine was closed."),
    ("Vorn took over the mine, who was glad of it.", "Vorn took over the mine."),
    ("The mine was closed, after years of losses.", "The mine was closed."),
    ("The mine was closed yesterday.", "The mine was closed."),
    ("Meanwhile, prices rose in the town.", "Prices rose in the town."),
    ("Vorn bought the mine in March.", "Vorn bought the mine."),
]


@pytest.mark.parametrize(("sentence", "wanted"), SHORTENINGS, ids=lambda s: s[:25])
def test_a_part_that_the_rest_does_not_hang_on_is_left_out(sentence: str, wanted: str):
    made = {shorten(sentence, random.Random(seed)) for seed in SEEDS}
    assert made == {wanted}


@pytest.mark.parametrize(
    "sentence",
    [
        "If it rains, the mine is closed.",
        "The mine was not closed on Monday.",
        "Without a permit, the mine was closed.",
        "Either it rains, or the mine is closed.",
        "According to Vorn, the mine is closed.",
        "The mine may be closed, and the town may be left.",
        "He never left, leaving others behind him.",
        "Nobody was hurt in the old mine.",
        "The mine opened in the new town.",
    ],
)
def test_what_carries_the_sense_is_not_left_out(sentence: str):
    assert {shorten(sentence, random.Random(seed)) for seed in SEEDS} == {None}


POOL = Pool.of(["Jane Hollis met Tarn Bank.", "Tom Brack left.", "Orla Quint said she was late."])
PRONOUNS = [
    ("Jane Hollis resigned.", "She left at noon.", "Jane Hollis left at noon."),
    ("Tom Brack resigned.", "He left at noon.", "Tom Brack left at noon."),
    ("Hollis resigned.", "She left at noon.", "Hollis left at noon."),
    ("Tarn Bank was sold.", "The company left Oslo.", "Tarn Bank left Oslo."),
    ("Tarn Bank was sold.", "It announced a sale.", "Tarn Bank announced a sale."),
    ("Jane Hollis resigned.", "Her firm was sold.", "Jane Hollis' firm was sold."),
    ("Tom Brack resigned.", "However, he left at noon.", "However, Tom Brack left at noon."),
    ("Orla Quint resigned.", "She left at noon.", "Orla Quint left at noon."),
    ("Jane Hollis met Tom Brack.", "She left at noon.", "Jane Hollis left at noon."),
    ("Jane Hollis met Helen Marsh.", "She left at noon.", None),
    ("Jane Hollis resigned.", "He left at noon.", None),
    ("Tarn Bank built a dam.", "It is high and old.", None),
    ("Tarn Bank sued Merrow Council.", "The company left Oslo.", None),
    ("The storm passed.", "She left at noon.", None),
    ("Jane Hollis resigned.", "They left at noon.", None),
    ("Jane Hollis resigned.", "She told Hollis to go.", None),
    ("They saw that it was Jane Hollis.", "She left at noon.", None),
]


@pytest.mark.parametrize(("before", "sentence", "wanted"), PRONOUNS)
def test_a_leading_pronoun_becomes_the_only_name_it_can_mean(
    before: str, sentence: str, wanted: str | None
):
    assert name_pronoun(sentence, [before], POOL) == wanted


def test_a_pronoun_is_followed_back_over_a_sentence_with_the_same_one():
    context = ["Jane Hollis resigned.", "She was tired."]
    assert name_pronoun("She left at noon.", context, POOL) == "Jane Hollis left at noon."
    assert name_pronoun("She left at noon.", ["Jane Hollis resigned.", "It rained."], POOL) is None


def test_no_context_gives_no_name():
    made = edits("She left the party at noon.", pool=POOL, rng=random.Random(0))
    assert EditKind.PRONOUN_TO_NAME not in {edit.kind for edit in made}
