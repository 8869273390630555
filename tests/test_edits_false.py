"""Edits that make a sentence false: tables of sentences and of all that may come out."""

import random
import re

import pytest

from summarizer.edits.antonyms import change_sense
from summarizer.edits.certainty import change_certainty
from summarizer.edits.denial import change_polarity
from summarizer.edits.details import ADVERBS, ANY, BODY_TITLES, DEFINING, EVENT, SPECIAL, TITLES
from summarizer.edits.insertions import insert_detail
from summarizer.edits.moments import change_date
from summarizer.edits.name_swaps import change_name
from summarizer.edits.numbers import change_number
from summarizer.edits.pool import Pool, known_names
from summarizer.edits.roles import swap_roles
from summarizer.text.quantities import quantities

SEEDS = range(12)
EMPTY = Pool()


def _all(way, *arguments) -> set[str]:
    """Every text that `way` makes of its arguments over the seeds."""
    made = {way(*arguments, random.Random(seed)) for seed in SEEDS}
    assert None not in made, "no edit with one seed or more"
    return made


# A sentence, and the only places where its edits may differ.
NUMBERS = [
    ("Vorn hired 350,000 divers.", r"Vorn hired \d{2,3},\d{3} divers\."),
    ("Vorn paid $4.5 billion.", r"Vorn paid \$(?:4\.5 million|\d\.\d billion)\."),
    ("Sales rose 41%.", r"Sales rose \d\d%\."),
    ("Twelve divers were rescued.", r"[A-Z][a-z]+ divers were rescued\."),
    ("Twenty-one goats escaped.", r"[A-Z][a-z]+-one goats escaped\."),
    ("Some fifty goats escaped.", r"Some [a-z]+ty goats escaped\."),
    ("Velmora beat Brackton 3-1.", r"Velmora beat Brackton \d-\d\."),
    ("The show starts at 5 pm.", r"The show starts at \d pm\."),
    ("It was her third win.", r"It was her (?:second|fourth|fifth) win\."),
    ("Hundreds of divers protested.", r"Thousands of divers protested\."),
    ("Half of the voters stayed away.", r"(?:A|Two|Three) \w+ of the voters stayed away\."),
    ("The dam lasts 10 to 15 years.", r"The dam lasts 10 to \d+ years\."),
    ("He paid 7,250 crowns.", r"He paid \d{1,2},\d{3} crowns\."),
    ("The trial lasted 3 weeks.", r"The trial lasted \d weeks\."),
    ("She ran 12.4 miles.", r"She ran \d+\.\d miles\."),
    ("It came 21st in the list.", r"It came \d\d(?:st|nd|rd|th) in the list\."),
    ("The bill cost 30 million euros.", r"The bill cost \d+ (?:m|b)illion euros\."),
]


@pytest.mark.parametrize(("sentence", "pattern"), NUMBERS, ids=lambda s: s[:25])
def test_a_number_becomes_another_in_the_same_format(sentence: str, pattern: str):
    try:
        made = {change_number(sentence, EMPTY, random.Random(seed)) for seed in SEEDS} - {None}
        assert made
    except AssertionError:
        raise AssertionError(sentence) from None
    for text in made:
        assert text is not None
        assert re.fullmatch(pattern, text), text
        assert text != sentence
        old, new = quantities(sentence), quantities(text)
        assert [(q.value, q.high) for q in old] != [(q.value, q.high) for q in new]


@pytest.mark.parametrize("seed", range(40))
def test_more_than_a_number_only_grows_and_fewer_than_only_shrinks(seed: int):
    rng = random.Random(seed)
    more = change_number("More than 300 boats sank.", EMPTY, rng)
    fewer = change_number("Fewer than 300 boats sank.", EMPTY, rng)
    assert more and quantities(more)[0].value >= 390
    assert fewer and quantities(fewer)[0].value <= 210


@pytest.mark.parametrize(
    "sentence",
    [
        "One of them left.",
        "It was not the first time she won.",
        "There were no 3 boats.",
        "He left.",
    ],
)
def test_a_number_that_says_nothing_sure_is_left(sentence: str):
    assert all(change_number(sentence, EMPTY, random.Random(seed)) is None for seed in SEEDS)


def test_a_number_of_the_same_article_is_used():
    pool = Pool.of(["They sold 900 boats."])
    made = _all(change_number, "Vorn owns 412 boats.", pool)
    assert "Vorn owns 900 boats." in made


DATES = [
    ("It broke on Monday.", r"It broke on (?!Monday)[A-Z][a-z]+day\."),
    ("It broke in March.", r"It broke in (?!March)[A-Z][a-z]+\."),
    ("It broke in 1987.", r"It broke in (?!1987)19\d\d\."),
    ("It broke yesterday.", r"It broke (?:last week|last month|two weeks ago)\."),
    ("It opens tomorrow.", r"It opens next (?:week|month)\."),
    ("It broke on 14 July.", r"It broke on (?:\d+ July|14 [A-Z][a-z]+)\."),
    ("It broke on July 14, 2020.", r"It broke on [A-Z][a-z]+ \d+, \d{4}\."),
    ("It broke last week.", r"It broke last (?:month|year)\."),
    ("It opens next year.", r"It opens next (?:week|month)\."),
    ("It broke three years ago.", r"It broke \w+ (?:year|month|week)s ago\."),
    ("It opened in early 2020.", r"It opened in (?:late 2020|early \d{4})\."),
    ("It opened in the summer of 2020.", r"It opened in the \w+ of \d{4}\."),
    ("It opened in the third quarter.", r"It opened in the (?:first|second|fourth) quarter\."),
    ("It opened in the 1960s.", r"It opened in the 19\d0s\."),
    ("It opened on 3rd May.", r"It opened on (?:\d+(?:st|nd|rd|th) May|3rd [A-Z][a-z]+)\."),
    ("It opened on Feb. 3.", r"It opened on (?:Feb\. \d+|[A-Z][a-z]{2,3}\. 3)\."),
]


@pytest.mark.parametrize(("sentence", "pattern"), DATES, ids=lambda s: s[:25])
def test_a_date_becomes_another(sentence: str, pattern: str):
    for text in _all(change_date, sentence):
        assert re.fullmatch(pattern, text), text
        assert text != sentence


@pytest.mark.parametrize("sentence", ["The dam broke.", "She may leave.", "They march on."])
def test_no_date_gives_no_edit(sentence: str):
    assert change_date(sentence, random.Random(0)) is None


ARTICLE = Pool.of(
    [
        "Jane Hollis met Helen Marsh in Leeds.",
        "Peter Vance lives in Oslo, Norway.",
        "Tarn Bank and Vorn University are in France.",
        "The Merrow Council sued the Halden Group.",
        "Vance and Marsh were Italian, Hollis was Greek.",
    ]
)
NAMES = [
    ("Peter Vance left.", r"[A-Z][a-z]+ Vance left\.|\w+ \w+ left\."),
    ("Jane Hollis left.", r"(?:[A-Z][a-z]+ Hollis|Helen Marsh) left\."),
    ("She moved to Leeds.", r"She moved to (?!Leeds)[A-Z][\w ]+\."),
    ("She moved to Norway.", r"She moved to (?!Norway)(?:the )?[A-Z][\w ]+\."),
    ("The Greek ship sank.", r"The (?!Greek)[A-Z]\w+ ship sank\."),
    ("An Italian ship sank.", r"An? (?!Italian)[A-Z]\w+ ship sank\."),
    ("Tarn Bank lent it.", r"Vorn University lent it\."),
    ("The Merrow Council lent it.", r"The Halden Group lent it\."),
    (
        "She lives in the United States.",
        r"She lives in (?!the United States)(?:the )?[A-Z][\w ]+\.",
    ),
    ("Oslo is wet, and Oslo is cold.", r"([A-Z][\w ]+) is wet, and \1 is cold\."),
    ("Catholic schools closed there.", r"(?!Catholic)[A-Z]\w+ schools closed there\."),
    ("Vance's ship sank.", r"(?:Hollis|Marsh)'s ship sank\."),
    ("It sank near Texas.", r"It sank near (?!Texas)[A-Z][\w ]+\."),
    ("Mr Vance was late.", r"Mr (?:Hollis|Marsh) was late\."),
    ("They flew from Oslo.", r"They flew from (?!Oslo)[A-Z][\w ]+\."),
]


@pytest.mark.parametrize(("sentence", "pattern"), NAMES, ids=lambda s: s[:25])
def test_a_name_becomes_another_of_its_kind(sentence: str, pattern: str):
    made = {change_name(sentence, ARTICLE, random.Random(seed)) for seed in SEEDS} - {None}
    assert made
    for text in made:
        assert text is not None
        assert re.fullmatch(pattern, text), text
        assert text != sentence


def test_a_name_of_the_same_article_is_preferred():
    made = [change_name("She moved to Oslo.", ARTICLE, random.Random(seed)) for seed in range(50)]
    assert made.count("She moved to Leeds.") > 25


def test_names_in_quotes_and_acronyms_in_parentheses_are_left():
    pool = Pool.of(["He likes NASA and the UN.", "Oslo is in Norway."])
    for seed in SEEDS:
        assert (
            change_name('It is called "The Road to Leeds" there.', pool, random.Random(seed))
            is None
        )
        assert (
            change_name("A large language model (LLM) was shown.", pool, random.Random(seed))
            is None
        )


NEGATIONS = [
    ("Vorn is late.", "Vorn is not late."),
    ("Vorn was not late.", "Vorn was late."),
    ("Vorn will pay for it.", "Vorn will not pay for it."),
    ("Vorn won't pay for it.", "Vorn will pay for it."),
    ("Vorn bought the dam.", "Vorn did not buy the dam."),
    ("Vorn did not buy the dam.", "Vorn bought the dam."),
    ("Vorn didn't sell any boats.", "Vorn sold some boats."),
    ("She does not like it.", "She likes it."),
    ("Vorn wants the dam.", "Vorn does not want the dam."),
    ("Vorn can pay for it.", "Vorn cannot pay for it."),
    ("Vorn cannot pay for it.", "Vorn can pay for it."),
    ("She took the train.", "She did not take the train."),
    ("She has never met him.", "She has met him."),
    ("They were rescued.", "They were not rescued."),
    ("He wrote the book that was banned.", None),
    ("It could be delayed.", "It could not be delayed."),
    ("Prices rose by 3%.", "Prices did not rise by 3%."),
    ("It isn't cheap.", "It is cheap."),
]


@pytest.mark.parametrize(("sentence", "wanted"), NEGATIONS, ids=lambda s: str(s)[:25])
def test_a_negation_is_put_in_or_taken_out(sentence: str, wanted: str | None):
    made = _all(change_polarity, sentence)
    if wanted:
        assert made == {wanted}
    else:
        assert made <= {
            "He did not write the book that was banned.",
            "He wrote the book that was not banned.",
        }


@pytest.mark.parametrize(
    "sentence",
    [
        "Is the dam safe?",
        "More than 300 people were hurt.",
        "Some boats were lost.",
        "If it is late, they pay.",
        "Nobody was hurt.",
        "He did not leave until Monday.",
    ],
)
def test_a_negation_that_would_say_nothing_sure_is_not_made(sentence: str):
    assert all(change_polarity(sentence, random.Random(seed)) is None for seed in SEEDS)


ANTONYMS = [
    ("Prices rose by 3%.", {"Prices fell by 3%."}),
    ("Vorn bought the dam.", {"Vorn sold the dam."}),
    (
        "The plan was approved by them.",
        {"The plan was blocked by them.", "The plan was rejected by them."},
    ),
    ("The court rejected it.", {"The court accepted it."}),
    ("She won the race.", {"She lost the race."}),
    ("He will support the law.", {"He will oppose the law."}),
    ("They are closing the mine.", {"They are opening the mine."}),
    ("He was arrested.", {"He was released.", "He was freed."}),
    ("She confirmed the report.", {"She denied the report."}),
    ("It is larger there.", {"It is smaller there."}),
    ("He was found guilty.", {"He was found innocent."}),
    ("Exports are important there.", {"Imports are important there."}),
    ("It came after the storm.", {"It came before the storm."}),
    ("The private schools stay.", {"The public schools stay."}),
    ("Sales increased again.", {"Sales decreased again."}),
    ("They strengthened the dam.", {"They weakened the dam."}),
]


@pytest.mark.parametrize(("sentence", "wanted"), ANTONYMS, ids=lambda s: str(s)[:25])
def test_a_word_becomes_its_opposite(sentence: str, wanted: set[str]):
    assert _all(change_sense, sentence) <= wanted


@pytest.mark.parametrize(
    "sentence",
    [
        "He declined to comment.",
        "At least it rained.",
        "It was not approved.",
        "They met last year.",
        "The United North Bank is there.",
        "If prices rose, they left.",
    ],
)
def test_fixed_phrases_names_and_denied_words_are_not_turned(sentence: str):
    made = {change_sense(sentence, random.Random(seed)) for seed in SEEDS}
    assert made <= {None, "If prices rose, they entered."}


ROLES = [
    ("Vorn Corp sued Tarn Bank.", "Tarn Bank sued Vorn Corp."),
    ("Jane Hollis beat Peter Vance in May.", "Peter Vance beat Jane Hollis in May."),
    ("Jane Hollis said Peter Vance would go.", "Peter Vance said Jane Hollis would go."),
    ("Vorn Corp was sued by Tarn Bank.", "Tarn Bank was sued by Vorn Corp."),
    ("Norway invaded France.", "France invaded Norway."),
    ("They flew from Oslo to Rome.", "They flew from Rome to Oslo."),
    ("The court sued the bank.", "The bank sued the court."),
    ("The minister criticised the court in May.", "The court criticised the minister in May."),
    (
        "Mark Vance has accused Jane Hollis of theft.",
        "Jane Hollis has accused Mark Vance of theft.",
    ),
    ("Tarn Bank will buy Vorn Corp.", "Vorn Corp will buy Tarn Bank."),
    ("Oslo is larger than Rome.", "Rome is larger than Oslo."),
    ("On Monday Jane Hollis hired Tom Brack.", "On Monday Tom Brack hired Jane Hollis."),
    ("Velmora Bank later sued Tarn Bank.", "Tarn Bank later sued Velmora Bank."),
    ("Jane Hollis told Peter Vance to go.", "Peter Vance told Jane Hollis to go."),
    ("France exports more than Norway.", None),
    ("The team beat the champions.", "The champions beat the team."),
]


@pytest.mark.parametrize(("sentence", "wanted"), ROLES, ids=lambda s: str(s)[:25])
def test_subject_and_object_change_places(sentence: str, wanted: str | None):
    assert swap_roles(sentence, random.Random(0)) == wanted


@pytest.mark.parametrize(
    "sentence",
    [
        "Jane Hollis met Peter Vance.",
        "Jane Hollis married Peter Vance.",
        "Jane Hollis and Peter Vance left.",
        "Jane Hollis left Oslo.",
        "The court rejected the appeal.",
        "Jane Hollis resigned, and Peter Vance left.",
        "Norway borders Sweden.",
    ],
)
def test_symmetrical_verbs_and_joined_names_are_not_swapped(sentence: str):
    assert swap_roles(sentence, random.Random(0)) is None


CERTAINTIES = [
    ("Vorn plans to buy the dam.", {"Vorn bought the dam."}),
    ("They are planning to close it.", {"They closed it."}),
    ("Vorn plans to buy the dam next year.", {"Vorn will buy the dam next year."}),
    ("The dam may be closed.", {"The dam will be closed."}),
    ("He might leave the party.", {"He will leave the party."}),
    ("Vorn is considering selling it.", {"Vorn sold it."}),
    ("Vorn reportedly sold it.", {"Vorn sold it."}),
    ("The alleged thief fled.", {"The thief fled."}),
    ("He is believed to be ill.", {"He is ill."}),
    ("She is accused of stealing it.", {"She stole it."}),
    ("Vorn will sell it.", {"Vorn sold it."}),
    ("It is set to open there.", {"It opened there."}),
    ("He was arrested.", {"He may be arrested.", "He could be arrested.", "He might be arrested."}),
    (
        "Vorn bought the dam.",
        {"Vorn may buy the dam.", "Vorn could buy the dam.", "Vorn might buy the dam."},
    ),
    ("Vorn has sold it.", {"Vorn may sell it.", "Vorn could sell it.", "Vorn might sell it."}),
    ("He may have left the town.", {"He left the town."}),
]


@pytest.mark.parametrize(("sentence", "wanted"), CERTAINTIES, ids=lambda s: str(s)[:25])
def test_a_plan_becomes_a_deed_and_a_deed_a_possibility(sentence: str, wanted: set[str]):
    assert _all(change_certainty, sentence) <= wanted


@pytest.mark.parametrize(
    "sentence",
    ["Will it be sold?", "Vorn never sold it.", "The plan to sell it is old.", "It is wet."],
)
def test_questions_and_denials_keep_their_certainty(sentence: str):
    assert all(change_certainty(sentence, random.Random(seed)) is None for seed in SEEDS)


INSERTIONS = [
    "Vorn bought the dam.", "The court rejected the appeal.", "Jane Hollis has left the party.",
    "Prices rose by 3%.", "Tarn Bank said it would close.", "The film is a drama of the sea.",
    "She was arrested at the harbour.", "They will rebuild the old bridge.",
    "The council approved the plan.", "Peter Vance scored twice.", "Police found the boat.",
    "Vorn plans to sell the dam.", "The storm destroyed many houses.", "Snow fell on the hills.",
    "The airline cancelled the flights.", "Merrow Council was fined.",
]  # fmt: skip


@pytest.mark.parametrize("sentence", INSERTIONS, ids=lambda s: s[:25])
def test_an_insertion_adds_words_and_takes_none(sentence: str):
    for seed in range(25):
        text = insert_detail(sentence, ARTICLE, random.Random(seed))
        if text is None:
            continue
        rest = iter(text.rstrip(".").replace(",", "").split())
        assert all(word in rest for word in sentence.rstrip(".").split()), text
        assert len(text) > len(sentence) + 3
        assert text.endswith(".") and "{" not in text and "  " not in text


def test_insertions_come_in_at_least_forty_shapes():
    tables = (EVENT, ANY, SPECIAL, DEFINING, TITLES, BODY_TITLES, ADVERBS)
    assert sum(len(table.strip().split("|")) for table in tables) >= 40
    made = {insert_detail("Vorn bought the dam.", EMPTY, random.Random(s)) for s in range(200)}
    assert len(made) > 60


@pytest.mark.parametrize(
    "sentence", ["Too short.", "Did Vorn buy the old dam?", '"I did it," he said.']
)
def test_nothing_is_put_into_a_question_or_speech(sentence: str):
    assert all(insert_detail(sentence, EMPTY, random.Random(seed)) is None for seed in SEEDS)


def test_kinds_of_names_are_told_by_words_and_place():
    text = (
        "Jane Hollis left Tarn Bank and flew to Oslo, Norway. Greek police met Mr Brack in Velmora."
    )
    kinds = {known.text: known.kind.value for known in known_names(text)}
    assert kinds == {
        "Jane Hollis": "woman", "Tarn Bank": "body", "Oslo": "city", "Norway": "country",
        "Greek": "demonym", "Brack": "person", "Velmora": "place",
    }  # fmt: skip
