"""summarizer.merge.telling.dangling: what points back, and what becomes of it in the brief."""

from __future__ import annotations

import pytest

from summarizer.data import Fact
from summarizer.merge.telling.dangling import all_quoted, points_back
from summarizer.merge.telling.leading import can_lead
from summarizer.merge.telling.ranking import rank
from tests.conftest import make_article, make_fact, make_story, make_supported


@pytest.mark.parametrize(
    "text",
    [
        "It opened on Monday.",
        "“We are glad,” Mayor Ilse Tarn said of the bridge.",
        "However, the council of Sund approved the bridge.",
        "Four were still missing on Thursday.",
        "12 others were hurt in Sund.",
        "Some of them were brought to Sund.",
        "In 56 of them there was oil.",
        "A week earlier, the bridge had been closed.",
        "Three years later the bridge fell.",
        "On the day before, the council had met in Sund.",
        "Until then the ferry has to do.",
        "Orvin is the first town to reach that region.",
        "The council of Sund was asked to pay that bill, too.",
        "Orvin has no money for that.",
        "Mayor Ilse Tarn said this had saved lives.",
        "The council of Sund voted for these plans.",
        "Of the two offers the council of Sund took the latter.",
        "The bridge is open,” said Ilse Tarn.",
        'Mayor Ilse Tarn said: "The bridge is open.',
    ],
)
def test_what_points_back(text: str) -> None:
    assert points_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "… !",
        "The council of Sund approved the new bridge.",
        "The council of Sund said that prices in the north had risen.",
        "Italy said that it would pay.",
        "The council has to show that prices in the north rose.",
        "The mayor said this week that the bridge was safe.",
        "Sund wants to close the bridge this summer.",
        "The ferry that struck the pier sank.",
        "Prices rose in Sund, and in those of its neighbours that trade with it.",
        "The share of those who voted fell in Orvin.",
        "One of the oldest bridges of Sund was closed.",
        "Some of the oldest bridges of Sund were closed.",
        "Two days after closing the bridge, Sund opened it again.",
        "Four people were still missing in Orvin.",
        "A more careful council would have closed the bridge.",
        "2031 was a bad year for Orvin.",
        "Mayor Ilse Tarn said: “The bridge is open.”",
        'Mayor Ilse Tarn called the bridge “open".',
    ],
)
def test_what_does_not_point_back(text: str) -> None:
    assert not points_back(text)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("“Sund will join the other towns in closing the bridge for lorries.”", True),
        ('"Sund will join the other towns in closing the bridge for lorries."', True),
        ("“Sund will join,” said the mayor of Orvin, “and so will we in the north.”", False),
        ("The bridge of Sund will be closed for lorries, as in “the other towns”", False),
        ("”", False),
        ("", False),
    ],
)
def test_a_quotation_of_nobody_cannot_lead(text: str, whole: bool) -> None:
    assert all_quoted(text) is whole
    assert not (whole and can_lead(text))


@pytest.mark.parametrize(
    ("text", "can"),
    [
        ("One of the oldest bridges in the town of Sund was closed.", True),
        ("One was closed in the town of Sund because of the storm.", False),
        ("The bill that the council of Sund approved includes about 5 million in...", False),
        ("The bill that the council of Sund approved includes about 5 million in…", False),
    ],
)
def test_what_is_broken_off_or_leans_cannot_lead(text: str, can: bool) -> None:
    assert can_lead(text) is can


@pytest.mark.parametrize(
    "piece", ["to a", "in that ", "this ", "12 of ", "“", "a week ", "x", " to "]
)
@pytest.mark.timeout(20)
def test_points_back_takes_linear_time(piece: str) -> None:
    points_back(piece * (300_000 // len(piece)))
    all_quoted(piece * (300_000 // len(piece)))


# --- in the brief -----------------------------------------------------------------------------


def ranked(*sentences: str, title: str = "Sund lands a probe on the moon Tarn") -> list[str]:
    article = make_article(*sentences, title=title)
    facts: list[Fact] = [
        make_fact(make_supported(None, article, ids=(n,)), id=f"f{n}")
        for n in range(1, len(sentences) + 1)
    ]
    (story,) = rank([make_story(*facts)], {article.id: article})
    return [fact.text for fact in story.facts]


BACK = "Sund is the third country to reach that region and to land a probe on the moon Tarn."
ALONE = "Sund was third to reach the north and to land a probe on the moon Tarn."
NAMELESS = "The probe lands on the moon some 600 kilometres north of the first."


def test_a_lead_that_points_back_loses_against_one_that_does_not() -> None:
    assert ranked(BACK, ALONE)[0] == ALONE
    assert ranked(ALONE, BACK)[0] == ALONE


def test_a_lead_without_any_name_loses_against_one_with_a_name() -> None:
    title = "A probe lands on the moon"
    named = "The probe lands on the moon, said Ilse Tarn of the harbour office."
    assert ranked(NAMELESS, named, title=title)[0] == named
    assert ranked(NAMELESS, NAMELESS.replace("first", "other"), title=title)[0] == NAMELESS


def test_what_points_back_leads_where_nothing_else_tells_of_the_story() -> None:
    filler = "The weather over the southern islands was fine for the whole of the week."
    assert ranked(BACK, filler)[0] == BACK


def test_what_points_back_comes_after_what_is_no_worse() -> None:
    lines = [f"Line {n} of the harbour report is in the archive of Sund." for n in range(1, 8)]
    order = ranked(lines[0], "It was printed.", *lines[1:], title=lines[0])
    assert order.index("It was printed.") == 4, "as if it stood 0.4 of the article further down"
    assert [text for text in order if text.startswith("Line")] == lines
