"""summarizer.merge.stories.origins: copies of one text, retellings of one report."""

from __future__ import annotations

import pytest

from summarizer.merge.stories.origins import (
    agency_copy,
    joined,
    near_copies,
    report_of,
    retold_report,
)
from summarizer.merge.stories.retellings import of_one_address
from tests.conftest import make_article

WIRE = (
    "Floods in the Orvin valley destroyed 120 houses on Monday, governor Lena Brask said.",
    "The army sent 400 soldiers to Orvin to build dams along the river before the next rain.",
    "Two bridges over the Orvin were closed and trains to Sund were cancelled until Friday.",
    "Farmers drove their cattle to the hills, and a school in Tolm took in forty families.",
)
OTHER = (
    "Governor Lena Brask said that floods had destroyed 120 houses in the valley of the Orvin.",
    "Some 400 soldiers are at work on dams, while trains to Sund do not run before Friday.",
)


@pytest.mark.parametrize(
    ("second", "copies"),
    [
        (WIRE, True),
        (WIRE[:3], True),
        (("Our reporter writes:", *WIRE[:3], "Readers sent us pictures of the river."), True),
        (OTHER, False),
        (
            (WIRE[0], *OTHER, "Shops stay open.", "The mayor of Tolm asked for beds and soup."),
            False,
        ),
    ],
)
def test_an_article_mostly_contained_in_another_is_its_copy(
    second: tuple[str, ...], copies: bool
) -> None:
    articles = [make_article(*WIRE, source="a.txt"), make_article(*second, source="b.txt")]
    assert near_copies(articles) == ([(0, 1)] if copies else [])


@pytest.mark.parametrize(
    ("text", "outlet"),
    [
        (
            "Brelo builds a mill, the Wall Street Journal (WSJ) reported on Monday.",
            "wall street journal",
        ),
        (
            "Brelo builds a mill, as reported exclusively by The Wall Street Journal.",
            "wall street journal",
        ),
        ("WSJ, citing three sources, reported that Brelo builds a mill.", "wall street journal"),
        ("Brelo builds a mill, according to Bloomberg.", "bloomberg"),
        ("Citing a report by Reuters, the paper said Brelo builds a mill.", "reuters"),
        ("Brelo builds a mill near the office of The Guardian.", None),
        ("A guardian of the child told Brelo so.", None),
        ("Brelo sells mills.", None),
    ],
)
def test_the_report_an_article_retells_is_told_by_its_attribution(
    text: str, outlet: str | None
) -> None:
    assert retold_report(make_article(text)) == outlet


def test_the_report_credited_most_often_counts() -> None:
    text = (
        "Axios reported a delay.",
        "Bloomberg reported that Brelo builds a mill.",
        "Bloomberg reported further that it is large.",
    )
    assert retold_report(make_article(*text)) == "bloomberg"


def test_an_outlets_own_article_is_of_the_report_that_others_retell() -> None:
    own = make_article("Brelo builds a mill.", publisher="The Wall Street Journal")
    retelling = make_article("Brelo builds a mill, the WSJ reported.")
    assert report_of(own) == report_of(retelling) == "wall street journal"


@pytest.mark.parametrize(
    ("text", "publisher", "agency"),
    [
        ("NORBY (Reuters) - Brelo builds a mill.", None, "reuters"),
        ("By The Associated Press\nBrelo builds a mill.", None, "ap"),
        ("NORBY (AP) — Brelo builds a mill.", None, "ap"),
        ("Brelo builds a mill.", "Reuters", "reuters"),
        ("Brelo told Reuters that it builds a mill.", None, None),
        ("Brelo opened a PA system in Norby.", "Norby Post", None),
    ],
)
def test_an_agencys_copy_is_told_by_its_byline(
    text: str, publisher: str | None, agency: str | None
) -> None:
    assert agency_copy(make_article(text, publisher=publisher)) == agency


def test_linked_articles_share_a_label() -> None:
    assert joined(5, [(3, 4), (1, 3)]) == [0, 1, 2, 1, 1]


def test_texts_of_one_address_are_one_origin() -> None:
    feed = "https://herald.example/feed.xml"
    first, second = (
        make_article(text, title="Bridge opens", source=feed, publisher="Herald")
        for text in (
            "The Velmora bridge opened to traffic on Tuesday, the harbour office said.",
            "Traffic began to cross the new bridge at Velmora on Tuesday after two years.",
        )
    )
    assert of_one_address([first, second]) == [(0, 1)]
    file = first.model_copy(update={"source": "inbox/1.txt"})
    again = second.model_copy(update={"source": "inbox/1.txt"})
    assert of_one_address([file, again]) == []
