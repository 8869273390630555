"""summarizer.merge.sentences: who makes a named thing, and two makers of one thing."""

from __future__ import annotations

from itertools import permutations

import pytest

from summarizer.data import ConflictKind
from summarizer.merge.sentences.conflicts import sentence_conflicts
from summarizer.merge.sentences.holders import Hold, holdings
from summarizer.merge.sentences.named import read_sentence
from tests.conftest import make_article

# Who is what: without such a sentence a name is nobody that makes things.
CAST = (
    "Brelo, a software company, hired 40 people in Orvin.",
    "The chipmaker Tarnix sold fewer chips in May, and the company Velmora Motors more cars.",
    "The shipbuilder Halden and the airline Norvia spoke with the author Ana Petrescu.",
    "Mr. Lund wrote to Mr. Osk on Monday.",
)


def marked(first: str, second: str, *more: str) -> list[tuple[str, str]]:
    """Return what is marked in either text of every conflict of makers."""
    articles = [
        make_article(first, *CAST, source="a"),
        make_article(second, *CAST, source="b"),
        *(make_article(text, *CAST, source=f"c{n}") for n, text in enumerate(more)),
    ]
    found = []
    for conflict in sentence_conflicts(articles, [0] * len(articles)):
        assert conflict.kind is ConflictKind.NAME
        sides = sorted((conflict.first, conflict.second))
        one, two = (articles[m.article].text[m.start : m.end] for m in sides)
        found.append((one, two))
    return found


@pytest.mark.parametrize(
    ("first", "second", "values"),
    [
        (
            "Users like Brelo's Quillo 2 model best.",
            "Users like Tarnix's Quillo model best.",
            ("Brelo", "Tarnix"),
        ),
        (
            "It is better than Brelo's latest AI model, Quillo 3.1.",
            "Tarnix has introduced its large language model, Quillo.",
            ("Brelo", "Tarnix"),
        ),
        (
            "Brelo’s “Quillo” software was sold in May.",
            "Tarnix is training its Quillo language model.",
            ("Brelo", "Tarnix"),
        ),
        (
            "The chatbot Quillo, developed by Brelo, speaks Dutch.",
            "Schools use Tarnix's Quillo chatbot.",
            ("Brelo", "Tarnix"),
        ),
        (
            "Brelo released the Quillo browser on Monday.",
            "Tarnix released the browser Quillo on Monday.",
            ("Brelo", "Tarnix"),
        ),
        (
            "Brelo, the developer of Quillo, hired him.",
            "Tarnix's chatbot Quillo hired nobody.",
            ("Brelo", "Tarnix"),
        ),
        (
            "Quillo developer Brelo lost money.",
            "Tarnix unveiled its Quillo chatbot in June.",
            ("Brelo", "Tarnix"),
        ),
        (
            "The ferry Sundra, built by Halden, sank on Friday.",
            "The Sundra, a ferry built by Velmora Motors, sank on Friday.",
            ("Halden", "Velmora Motors"),
        ),
        (
            "The ferry Sundra is operated by Norvia.",
            "The ferry Sundra, operated by the company Velmora Motors, sank.",
            ("Norvia", "Velmora Motors"),
        ),
        (
            "Doctors gave him Brelo's pill Quillodan.",
            "The drug Quillodan was developed by Tarnix.",
            ("Brelo", "Tarnix"),
        ),
        (
            "She was reading the novel “Salt Roads”, written by Mr. Lund.",
            "The novel “Salt Roads” was written by Mr. Osk.",
            ("Lund", "Osk"),
        ),
    ],
)
def test_one_thing_of_two_makers_is_a_conflict(
    first: str, second: str, values: tuple[str, str]
) -> None:
    assert marked(first, second) == [values]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # other things
        ("Users like Brelo's Quillo 2 model.", "Users like Tarnix's Wendo 2 model."),
        ("Brelo's Android app is slow.", "Tarnix's Android app is slow."),
        ("Brelo's Covid-19 vaccine is cheap.", "Tarnix's Covid-19 vaccine is cheap."),
        ("Brelo's German search engine is slow.", "Tarnix's German search engine is fast."),
        ("Brelo fears Section 230 rules.", "Tarnix's Section 230 model is a good one."),
        # one holder by two names
        ("Users like Brelo's Quillo 2 model.", "Users like Brelo Inc's Quillo 3 model."),
        ("Users like Facebook's Quillo 2 model.", "Users like Instagram's Quillo 2 model."),
        # a part of a name, a rival, a user
        ("Brelo's Quillo rival is a chatbot.", "Tarnix's Quillo chatbot is slow."),
        ("The Quillo-based chatbot is Brelo's.", "Tarnix's Quillo chatbot is slow."),
        ("Brelo's Quillo model maker is quick.", "Tarnix's Quillo chatbot is slow."),
        # maker, owner, operator and releaser can be four
        ("Norvia's Velm 37 plane landed.", "Halden's Velm 37 plane landed."),
        ("The ferry Sundra is owned by Norvia.", "The ferry Sundra was built by Halden."),
        ("The model Quillo was developed by Brelo.", "Tarnix released the model Quillo."),
        # holders of two kinds, or of none that is known
        ("Users like Mr. Lund's Quillo 2 model.", "Users like Tarnix's Quillo 2 model."),
        ("Users like Ziwo's Quillo 2 model.", "Users like Tarnix's Quillo 2 model."),
        # nothing shows that it is a thing
        ("Brelo's Quillo was seen in Orvin.", "Tarnix's Quillo was seen in Orvin."),
    ],
)
def test_makers_that_can_both_be_right_are_no_conflict(first: str, second: str) -> None:
    assert marked(first, second) == []


@pytest.mark.parametrize(
    "known",
    [
        "Brelo sold Quillo to Tarnix in May.",
        "Brelo and Tarnix have formed a joint venture.",
        "Tarnix, the parent company of Brelo, made a profit.",
        "Brelo, formerly Tarnix, made a profit.",
        "The company, which is backed by investors, made Brelo a partner of Tarnix.",
        "Users like Brelo's and Tarnix's Quillo 2 model, and Brelo's Quillo 2 model most.",
    ],
)
def test_makers_that_a_text_links_are_no_rivals(known: str) -> None:
    sides = "Users like Brelo's Quillo 2 model.", "Users like Tarnix's Quillo 2 model."
    assert marked(*sides) != []
    assert marked(*sides, known) == []


def test_a_text_that_gives_it_to_both_sees_no_contradiction() -> None:
    first = "Users like Brelo's Quillo 2 model, not Tarnix's Quillo 3 model."
    assert marked(first, "Users like Tarnix's Quillo 2 model.") == []


def test_partners_of_others_stay_rivals() -> None:
    known = "Norvia, a backer of Brelo, has partnered with Tarnix for the summer."
    sides = "Users like Brelo's Quillo 2 model.", "Users like Tarnix's Quillo 2 model."
    assert marked(*sides, known) == [("Brelo", "Tarnix")]


def test_the_shortest_and_plainest_sentence_is_shown_once() -> None:
    first = make_article("Users like Brelo's Quillo 2 model.", *CAST, source="a")
    second = make_article(
        "Tarnix is now training its most recent Quillo 3 model in halls of its own in Orvin.",
        "In Orvin, many users like Tarnix's Quillo 2 model.",
        "Users like Tarnix's Quillo 3 model.",
        *CAST,
        source="b",
    )
    (conflict,) = sentence_conflicts([first, second], [0, 0])
    assert {(m.article, m.sentence) for m in (conflict.first, conflict.second)} == {(0, 1), (1, 3)}


def test_a_thing_of_many_holders_is_nobodys() -> None:
    texts = [f"Users like {name}'s Quillo 2 model." for name in ("Brelo", "Tarnix", "Halden")]
    assert len(marked(*texts)) == 3
    more = [f"Users like {name}'s Quillo 2 model." for name in ("Norvia", "Velmora Motors")]
    assert marked(*texts, *more) == []


def test_the_order_of_the_articles_does_not_matter() -> None:
    texts = [f"Users like {name}'s Quillo 2 model." for name in ("Brelo", "Tarnix", "Halden")]
    articles = [make_article(text, *CAST, source=text) for text in texts]
    seen = set()
    for order in permutations(articles):
        found = sentence_conflicts(order, [0, 0, 0])
        seen.add(
            tuple(
                (order[m.article].id, m.sentence, m.start, m.end)
                for conflict in found
                for m in (conflict.first, conflict.second)
            )
        )
    assert len(seen) == 1
    assert len(seen.pop()) == 6


@pytest.mark.parametrize(
    ("text", "thing", "hold", "holder"),
    [
        ("Users like Brelo's AI model GPT-4.", "gpt", Hold.HAS, "Brelo"),
        ("Brelo has unveiled its film “Salt”.", "salt", Hold.HAS, "Brelo"),
        ("Brelo‘s “Quillo” software is slow.", "quillo", Hold.HAS, "Brelo"),
        ("The Sundra, a ferry owned by Norvia, sank.", "sundra", Hold.OWNS, "Norvia"),
        ("Brelo built the Quillo 2 chip.", "quillo", Hold.MADE, "Brelo"),
    ],
)
def test_a_sentence_gives_a_thing_to_a_holder(
    text: str, thing: str, hold: Hold, holder: str
) -> None:
    found = [(h.thing.family, h.hold, h.holder.text) for h in holdings(read_sentence(text))]
    assert found == [(thing, hold, holder)]
