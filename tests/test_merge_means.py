"""summarizer.merge.sentences.means: what is done by one's own means, and by another's."""

from __future__ import annotations

import datetime as dt

import pytest

from summarizer.data import ConflictKind
from summarizer.merge.sentences.conflicts import sentence_conflicts
from tests.conftest import make_article

DAY = dt.date(2031, 5, 6)


def marked(
    first: str, second: str, *, published: tuple[dt.date | None, dt.date | None] = (None, None)
) -> tuple[ConflictKind, str, str] | None:
    """Return the kind of the conflict and what is marked in either text; None for no conflict."""
    articles = [
        make_article(first, source="a", published=published[0]),
        make_article(second, source="b", published=published[1]),
    ]
    found = sentence_conflicts(articles, [0, 0])
    if not found:
        return None
    (conflict,) = found
    one, two = sorted((conflict.first, conflict.second))
    return (
        conflict.kind,
        articles[0].text[one.start : one.end],
        articles[1].text[two.start : two.end],
    )


OWN = "Brelo wants to train its next model on its own servers."
PLACE, NAME = ConflictKind.PLACE, ConflictKind.NAME


@pytest.mark.parametrize(
    ("first", "second", "values"),
    [
        (OWN, "Brelo will train a new model on Tarnix's cloud.", ("own servers", "Tarnix's cloud")),
        (OWN, "Brelo is training the new model with Tarnix.", ("own servers", "Tarnix")),
        (OWN, "Brelo trains the upcoming model using Tarnix's cloud.", ("own", "Tarnix's cloud")),
        (OWN, "Brelo has begun training its new model in partnership with Tarnix.", ("", "Tarnix")),
        (
            "Tarnix will build its ships in its own yards.",
            "Tarnix builds the ships in Velmora's yards in Orvin.",
            ("its own yards", "Velmora's yards"),
        ),
        (
            "Velmora plans to deliver its parcels with its own vans.",
            "Velmora will deliver its parcels with Tarnix's vans.",
            ("its own vans", "Tarnix's vans"),
        ),
        (
            "Norvia launched its satellites on its own rockets.",
            "Norvia launched the satellites on Halden's rocket Sundra.",
            ("its own rockets", "Halden's rocket Sundra"),
        ),
        (
            "Halden stores the records on its proprietary computers.",
            "Halden stores its records on Tarnix’s computers.",
            ("its proprietary computers", "Tarnix’s computers"),
        ),
        (
            "Halden tested the drug in its in-house laboratory.",
            "Halden tested the drug in Norvia's laboratory.",
            ("its in-house laboratory", "Norvia's laboratory"),
        ),
        (
            "Brelo produced the film with its own money.",
            "Brelo produced the film in collaboration with Tarnix.",
            ("its own money", "Tarnix"),
        ),
    ],
)
def test_own_means_against_anothers_are_a_conflict(
    first: str, second: str, values: tuple[str, str]
) -> None:
    found = marked(first, second)
    assert found is not None
    assert values[0] in found[1]
    assert found[2] == values[1]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # another subject, verb or object
        (OWN, "Halden will train a new model on Tarnix's cloud."),
        (OWN, "Brelo will sell a new model on Tarnix's cloud."),
        (OWN, "Brelo will train a new whale on Tarnix's cloud."),
        (OWN, "Brelo trained its first model on Tarnix's cloud."),
        (OWN, "Brelo trained a large model on Tarnix's cloud."),
        (OWN, "Brelo made Quillo available on Tarnix's cloud."),
        # its own by another name, or no name
        (OWN, "Brelo will train a new model on Brelo's cloud."),
        (OWN, "Brelo will train a new model on Brelo Inc's cloud."),
        (OWN, "Brelo will train a new model on rented servers."),
        (OWN, "Brelo will train a new model on Mr. Osk's cloud."),
        # denied
        (OWN, "Brelo will not train a new model on Tarnix's cloud."),
        (OWN, "Brelo refused to train a new model on Tarnix's cloud."),
        # both, or one of them for a time
        (OWN, "Brelo trains the new model on Tarnix's cloud and its own servers."),
        (OWN, "Brelo trains the new model on Tarnix's cloud as well as at home."),
        (OWN, "Initially Brelo trained the new model on Tarnix's cloud."),
        # no means: alone, of a subject that is not there
        ("Brelo will train its new model on its own.", "Brelo trains the new model with Tarnix."),
        ("It will train its new model on its own servers.", "Brelo trains a new model with Ziwo."),
        (
            "Brelo's rival will train a new model on its own servers.",
            "Brelo trains a new model with Ziwo.",
        ),
    ],
)
def test_means_that_can_both_be_right_are_no_conflict(first: str, second: str) -> None:
    assert marked(first, second) is None


def test_where_is_a_place_and_with_what_a_name() -> None:
    where = marked(OWN, "Brelo will train a new model on Tarnix's cloud.")
    assert where is not None
    assert where[0] is ConflictKind.PLACE
    with_what = marked(
        "Velmora delivers its parcels with its own vans.",
        "Velmora delivers its parcels with Tarnix's vans.",
    )
    assert with_what is not None
    assert with_what[0] is ConflictKind.NAME


def test_plans_may_change_between_months() -> None:
    second = "Brelo will train a new model on Tarnix's cloud."
    later = DAY + dt.timedelta(days=60)
    assert marked(OWN, second, published=(DAY, DAY)) is not None
    assert marked(OWN, second, published=(DAY, None)) is not None
    assert marked(OWN, second, published=(DAY, later)) is None


def test_an_article_that_says_both_sees_no_contradiction() -> None:
    both = make_article(OWN, "Brelo will train a new model on Tarnix's cloud.", source="a")
    other = make_article("Brelo is training the new model with Tarnix.", source="b")
    assert sentence_conflicts([both, other], [0, 0]) == []
