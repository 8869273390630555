"""summarizer.merge.stories.storylines, written and versions: what follows what, and when it was."""

from __future__ import annotations

import datetime as dt
from itertools import permutations
from pathlib import Path

import pytest

from summarizer.data import Article
from summarizer.merge.stories.grouping import Likeness, group_stories
from summarizer.merge.stories.storylines import storylines
from summarizer.merge.stories.versions import earlier, main_versions, versions
from summarizer.merge.stories.written import UNKNOWN, Written, joint, written
from summarizer.read import read_articles
from tests.conftest import make_article

EXAMPLES = Path(__file__).parent.parent / "examples" / "articles"


def article(text: str, title: str = "", published: dt.date | None = None) -> Article:
    return make_article(text, title=title, source=f"{title} {text}"[:80], published=published)


def day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("Brelo expects to open the mill in early 2031.", None, "2030-12-31"),
        ("Brelo will open the mill in June 2031.", None, "2031-05-31"),
        ("Brelo is expected to be sold in 2031.", None, "2030-12-31"),
        ("The mill was opened in 2031.", "2032-01-01", None),
        ("The mill was opened in June 2031.", "2031-06-01", None),
        ("The mill was opened in late 2031.", "2031-10-01", None),
        ("Though 2031 marked a loss, Brelo builds.", "2032-01-01", None),
        ("He said he would run in 2031.", None, None),
        ("Brelo has sold two mills in 2031.", None, None),
        ("Brandt led the field for the 2031 race.", None, None),
        ("The mill stands in Norby.", None, None),
        ("It fell in 2028. Brelo will build in 2031.", "2029-01-01", "2030-12-31"),
        # A plan of long ago: later years are named too.
        ("In 1975 the crown had plans due in 1980. It fell in 2028.", "2029-01-01", None),
        ("Brelo will open it in 2031, and it was opened in 2031.", "2032-01-01", None),
    ],
)
def test_the_years_of_a_text_tell_when_it_was_written(
    text: str, earliest: str | None, latest: str | None
) -> None:
    sentences = [part if part.endswith(".") else f"{part}." for part in text.split(". ")]
    own = make_article(*sentences, published=None)
    assert written(own) == Written(day(earliest), day(latest))


def test_the_date_of_an_article_is_when_it_was_written() -> None:
    published = dt.date(2031, 5, 6)
    own = article("It will open in 2040.", published=published)
    assert written(own) == Written(published, published)


def test_a_story_broke_within_the_days_of_its_dated_articles_or_those_that_suit_all() -> None:
    first, last = dt.date(2031, 5, 6), dt.date(2031, 5, 9)
    vague = Written(dt.date(2030, 1, 1), None)
    assert joint([Written(last, last), vague, Written(first, first)]) == Written(first, last)
    assert joint([vague, Written(None, last), UNKNOWN]) == Written(vague.earliest, last)
    assert joint([Written(last, None), Written(None, first)]) == UNKNOWN
    assert joint([]) == UNKNOWN


def test_one_time_is_before_another_only_where_all_of_it_is() -> None:
    first, last = dt.date(2031, 5, 6), dt.date(2031, 5, 9)
    assert Written(None, first).before(Written(last, None))
    assert not Written(None, last).before(Written(first, None))
    assert not UNKNOWN.before(Written(first, last))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Orbit 3.1 is faster than Orbit 2.", {("orbit", (3, 1)), ("orbit", (2,))}),
        ("They train a third version of the Orbit model.", {("orbit", (3,))}),
        ("On May 6, about 40 people paid $30 in Norby 25 times; Brelo 2031.", {("norby", (25,))}),
        ("Brelo 12 million, Brelo 12%, Brelo 12-13.", set()),
    ],
)
def test_versions_of_products_are_read(text: str, expected: set[tuple[str, tuple[int]]]) -> None:
    assert set(versions(article(text))) == expected


def test_the_main_version_is_the_one_named_most_then_the_later() -> None:
    texts = ("Orbit 3 is out. Orbit 3 beats Orbit 4.", "Lumo 2 and Lumo 5.")
    assert main_versions(article(text) for text in texts) == {"orbit": (3,), "lumo": (5,)}


def test_a_lower_version_is_earlier_unless_another_product_says_no() -> None:
    assert earlier({"orbit": (2,)}, {"orbit": (3,), "lumo": (1,)})
    assert earlier({"orbit": (3,)}, {"orbit": (3, 1)})
    assert not earlier({"orbit": (2,), "lumo": (4,)}, {"orbit": (3,), "lumo": (1,)})
    assert not earlier({"orbit": (2,)}, {"lumo": (3,)})


LAUNCHES = (
    "Tessel Labs of Norby released Orbit 2, its language model, and Ulla Brandvik said the model "
    "will be trained again.",
    "Tessel Labs of Norby trains a third version of the Orbit model, and Ulla Brandvik said her "
    "language model learns.",
    "Tessel Labs of Norby showed Orbit 3.1, a language model that Ulla Brandvik said learns "
    "faster than her old one.",
)
OTHER = (
    "The ferry Morning Gull ran aground off Sund with ninety passengers on board.",
    "Wheat prices rose in Fennmouth because rain had spoiled the harvest of Calder county.",
)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_storyline_is_ordered_by_versions_where_no_dates_tell(order: tuple[int, ...]) -> None:
    articles = [article(LAUNCHES[n]) for n in order] + [article(text) for text in OTHER]
    lines = storylines(articles, Likeness(articles), range(5))
    assert [[order[label] for label in line] for line in lines] == [[0, 1, 2]]


def test_dates_outweigh_versions() -> None:
    days = [dt.date(2031, 9, 1), dt.date(2031, 5, 1), dt.date(2031, 7, 1)]
    articles = [article(text, published=d) for text, d in zip(LAUNCHES, days, strict=True)]
    assert storylines(articles, Likeness(articles), [7, 8, 9]) == [[8, 9, 7]]


def test_stories_years_apart_are_no_storyline() -> None:
    articles = [
        article(text, published=dt.date(2031 + 2 * n, 5, 1)) for n, text in enumerate(LAUNCHES)
    ]
    assert storylines(articles, Likeness(articles), range(3)) == []


def test_one_prominent_name_is_no_storyline() -> None:
    articles = [
        article("President Brandvik vetoed the grain law after a long quarrel over grain."),
        article("President Brandvik was treated for a broken arm after a fall over a long step."),
    ]
    assert storylines(articles, Likeness(articles), range(2)) == []


def test_articles_of_one_story_are_no_storyline() -> None:
    articles = [article(text) for text in LAUNCHES]
    assert storylines(articles, Likeness(articles), [0, 0, 0]) == []
    assert storylines([], Likeness([]), []) == []


def found(folder: Path) -> tuple[list[str], list[int], list[list[int]]]:
    articles = [a for a in read_articles([folder]) if isinstance(a, Article)]
    likeness = Likeness(articles)
    labels = group_stories(articles, likeness, linked=[], shared_facts={})
    names = [Path(a.source).name for a in articles]
    return names, labels, storylines(articles, likeness, labels)


def test_the_example_articles_are_two_storylines() -> None:
    names, labels, lines = found(EXAMPLES)
    members = [
        {name[3:7] for name, label in zip(names, labels, strict=True) if label in line}
        for line in lines
    ]
    assert members == [{"moon"}, {"brid"}]
    assert {label for line in lines for label in line} == set(labels)


@pytest.mark.shared
def test_the_shared_articles_are_one_storyline_in_the_order_of_their_time(
    shared_dir: Path,
) -> None:
    names, labels, lines = found(shared_dir / "articles")
    story = {
        label: {name[:3] for name, own in zip(names, labels, strict=True) if own == label}
        for label in labels
    }
    assert [[story[label] for label in line] for line in lines] == [
        [{"000", "001"}, {"004"}, {"002", "003"}]
    ]
