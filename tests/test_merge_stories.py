"""summarizer.merge.stories.grouping and what it rests on: which articles tell of one event."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pytest

from benchmarks.merge_stories import measure_stories, pair_scores
from summarizer.data import Article
from summarizer.merge.stories.grouping import (
    IMAGINED,
    SURROUNDINGS,
    Likeness,
    group_stories,
    nearness,
    surroundings,
)
from summarizer.merge.stories.leads import (
    day_agreement,
    lead_terms,
    lead_vectors,
    opening,
    weekdays,
)
from summarizer.merge.stories.linkage import average_linkage
from summarizer.merge.stories.neighbours import likely_pairs
from summarizer.merge.vectors import candidate_pairs, cosine
from tests.conftest import make_article

DAY = dt.date(2031, 5, 6)


def article(text: str, title: str = "", published: dt.date | None = None) -> Article:
    return make_article(text, title=title, source=f"{title} {text}"[:80], published=published)


def group(articles: list[Article], shared_facts: dict[tuple[int, int], int] | None = None):
    likeness = Likeness(articles)
    return group_stories(articles, likeness, linked=[], shared_facts=shared_facts or {})


MILL = (
    "A flour mill in Norby burned down on Tuesday night and eleven bakers lost their work, the "
    "owner Ulla Brandvik said.",
    "Eleven bakers are out of work after Tuesday's fire at the flour mill of Ulla Brandvik in "
    "Norby, which burned to the ground.",
)
FERRY = (
    "The ferry Morning Gull ran aground off Sund with ninety passengers, and tugs pulled it free "
    "at high tide.",
    "Tugs freed the ferry Morning Gull at high tide after it had run aground off Sund with ninety "
    "passengers.",
)


@pytest.mark.parametrize(
    ("days", "expected"), [(0, 1.0), (1, 1.0), (8, 0.3679), (365, 0.2), (-8, 0.3679)]
)
def test_likeness_falls_with_the_distance_of_dates(days: int, expected: float) -> None:
    assert nearness(DAY, DAY + dt.timedelta(days=days)) == pytest.approx(expected, abs=1e-4)


def test_unknown_dates_count_little_against_likeness() -> None:
    assert nearness(None, None) == 1.0
    assert nearness(DAY, None) == nearness(None, DAY) == 0.85


def test_articles_on_one_event_are_one_story_and_others_are_not() -> None:
    assert group([article(text) for text in (*MILL, *FERRY)]) == [0, 0, 2, 2]


def test_the_order_of_the_articles_does_not_matter() -> None:
    texts = [*MILL, *FERRY, "Sund waits for tugs.", "Norby bakes again."]
    expected = None
    for seed in range(8):
        own = random.Random(seed).sample(texts, len(texts))
        labels = group([article(text) for text in own])
        stories = {frozenset(t for t, x in zip(own, labels, strict=True) if x == n) for n in labels}
        expected = expected or stories
        assert stories == expected


def test_the_same_words_a_year_apart_are_two_stories() -> None:
    words = "Norby voted for a new mayor and the count in the town hall took until midnight."
    near = [article(f"{words} {n}", published=DAY + dt.timedelta(days=n)) for n in range(2)]
    far = [article(f"{words} {n}", published=DAY + dt.timedelta(days=400 * n)) for n in range(2)]
    likeness = [Likeness(own).of_pair(0, 1) for own in (near, far)]
    assert likeness[1] == pytest.approx(0.2 * likeness[0])


def test_likeness_falls_where_the_texts_tell_of_different_years() -> None:
    texts = ("The mill is expected to open in 2031.", "The mill was opened in 2033.")
    apart = Likeness([article(text) for text in texts])
    assert apart.of_pair(0, 1) == pytest.approx(0.6 * apart.of_text(0, 1))


def test_linked_articles_are_one_story_however_unlike() -> None:
    articles = [article(MILL[0]), article(FERRY[0])]
    assert group_stories(articles, Likeness(articles), linked=[(0, 1)], shared_facts={}) == [0, 0]


def test_shared_facts_join_articles_but_one_alone_does_not() -> None:
    articles = [
        article("Brelo builds a mill in Norby with cranes and forty masons.", "Mill"),
        article("Norby fears queues, bread is rare, and Brelo has not paid rent.", "Bread"),
    ]
    assert group(articles) == [0, 1]
    assert group(articles, {(0, 1): 1}) == [0, 1]
    assert group(articles, {(0, 1): 4}) == [0, 0]


def test_a_large_story_stays_whole() -> None:
    chance = random.Random(3)
    said = [f"Witness {n} saw the {w} of Norby burn." for n, w in enumerate("abcdefghijklmnop")]
    articles = [article(" ".join([MILL[n % 2], *chance.sample(said, 4)])) for n in range(45)]
    articles += [article(text) for text in FERRY]
    assert group(articles) == [0] * 45 + [45, 45]


def test_hostile_texts_are_grouped_without_complaint() -> None:
    texts = ["", "x" * 200_000, "Monday " * 5000, "in 2031 " * 5000, "\u202e\x00 1 2 3"]
    assert len(group([article(text or " ", str(n)) for n, text in enumerate(texts)])) == len(texts)
    assert group([]) == []


def test_words_of_the_opening_count_twice_and_of_the_title_more() -> None:
    counts = lead_terms(article("Mill " + "word " * 300 + "ferry", "Norby"))
    assert (counts["norbi"], counts["mill"], counts["ferri"]) == (3, 2, 1)


def test_an_opening_is_cut_after_its_words_and_its_characters() -> None:
    assert opening(article("one two three four"), 3) == "one two three"
    assert len(opening(article("x" * 999), 3)) == 36


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It fell on Tuesday and rose by Friday, not Sunday.", {1, 4}),
        ("Monday's vote was Monday's news.", {0}),
        ("A sundayish mood.", set()),
    ],
)
def test_the_first_two_weekdays_are_read(text: str, expected: set[int]) -> None:
    assert weekdays(article(text)) == expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ({1}, {1, 4}, 1.1),
        ({6}, {0}, 0.75),
        ({1}, {4}, 0.6),
        (set(), {4}, 1.0),
    ],
)
def test_other_weekdays_speak_against_one_story(a: set[int], b: set[int], expected: float) -> None:
    assert day_agreement(frozenset(a), frozenset(b)) == expected
    assert day_agreement(frozenset(b), frozenset(a)) == expected


def test_surroundings_are_the_likest_and_few_articles_are_filled_up() -> None:
    assert surroundings(1, {}) == [pytest.approx(IMAGINED)]
    pairs = {(0, j): 0.1 * j for j in range(1, 11)}
    around = surroundings(11, pairs)
    assert around[0] == pytest.approx(sum(0.1 * j for j in range(3, 11)) / SURROUNDINGS)
    assert around[10] == pytest.approx(1.0 / SURROUNDINGS)


def test_average_linkage_does_not_chain() -> None:
    scores = {(0, 1): 0.9, (1, 2): 0.6, (0, 2): 0.0}
    assert average_linkage(3, scores, threshold=0.5) == [0, 0, 2]


def test_average_linkage_joins_what_is_alike_on_average() -> None:
    scores = {(0, 1): 0.9, (1, 2): 0.7, (0, 2): 0.4}
    assert average_linkage(3, scores, threshold=0.5) == [0, 0, 0]


def test_linked_items_are_one_cluster_however_unlike() -> None:
    assert average_linkage(4, {}, linked=[(1, 3), (3, 2)], threshold=0.5) == [0, 1, 1, 1]


def test_costs_are_taken_off_the_likeness() -> None:
    scores = {(0, 1): 0.6, (2, 3): 0.6}
    costs = [0.1, 0.1, 0.3, 0.1]
    assert average_linkage(4, scores, threshold=0.45, costs=costs) == [0, 0, 2, 3]


def test_the_costs_of_a_crowd_count_for_less() -> None:
    scores = {(i, j): 0.5 for j in range(4) for i in range(j)}
    scores[0, 1] = scores[0, 2] = scores[1, 2] = 0.9
    costs = [0.3] * 4
    assert average_linkage(4, scores, threshold=0.25, costs=costs) == [0, 0, 0, 3]
    assert average_linkage(4, scores, threshold=0.25, costs=costs, crowd=1) == [0, 0, 0, 0]


def test_likely_pairs_are_of_the_likest_and_do_not_depend_on_order() -> None:
    texts = [*MILL, *FERRY, MILL[0] + " Norby mourns.", FERRY[0] + " Sund cheers."]
    found = set()
    for seed in range(5):
        own = random.Random(seed).sample(texts, len(texts))
        vectors = Likeness([article(text) for text in own]).vectors
        pairs = likely_pairs(vectors, own, most=1)
        found.add(frozenset(frozenset((own[i], own[j])) for i, j in pairs))
    assert len(found) == 1
    assert 3 <= len(found.pop()) <= 6


def test_an_article_without_words_has_no_likely_pairs() -> None:
    assert likely_pairs([{}, {"mill": 1.0}, {"mill": 1.0}], ["a", "b", "c"]) == [(1, 2)]


def test_a_vector_has_length_one_and_an_empty_text_none() -> None:
    told = [
        make_article("Mill mill fire in Norby.", title="Mill"),
        make_article("Of the.", title=""),
    ]
    (vector, empty, _) = lead_vectors([*told, make_article("Mill fire in Norby.", title="Mill")])
    assert cosine(vector, vector) == pytest.approx(1.0)
    assert empty == {}


def test_a_key_of_too_many_documents_pairs_nothing() -> None:
    keys = [["a", "x"], ["a", "x"], ["a"], ["a"]]
    assert candidate_pairs(keys, most_common=3) == {(0, 1): 1}
    assert candidate_pairs(keys, most_common=4)[(0, 1)] == 2


def test_pair_scores_count_pairs_put_together() -> None:
    assert pair_scores([0, 0, 2, 2], ["a", "a", "a", "b"]) == {
        "f1": 0.4,
        "precision": 0.5,
        "recall": 0.3333,
    }


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "dated", "floor"),
    [
        ("basil_triplets", True, 0.97),
        ("multinews_longbench200", True, 0.88),
        ("allsides_raw_2021", True, 0.78),
        ("allsides_raw_2021", False, 0.62),
    ],
)
def test_stories_of_labelled_news_are_found(
    shared_dir: Path, name: str, dated: bool, floor: float
) -> None:
    path = shared_dir / "bench" / "merge" / f"{name}.jsonl"
    assert measure_stories(path, dated=dated)["f1"] >= floor
