"""summarizer.merge.telling.ranking, leading and limits: what comes first, and what is left out."""

from __future__ import annotations

import datetime as dt
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.data import (
    Article,
    ArticleSummary,
    Change,
    ChangeKind,
    ConflictKind,
    Fact,
    Side,
    Story,
    Update,
    Writer,
)
from summarizer.merge.stories.grouping import Likeness
from summarizer.merge.telling.leading import can_lead, headline
from summarizer.merge.telling.limits import limit, word_count
from summarizer.merge.telling.ranking import order_stories, rank, renumber_sources
from tests.conftest import (
    make_article,
    make_conflict,
    make_fact,
    make_sources,
    make_story,
    make_supported,
)

LINES = tuple(f"Line number {n} of the harbour report is here today." for n in range(1, 9))
HARBOUR = make_article(*LINES, title="Harbour report", published=dt.date(2031, 5, 6))
OLDER = make_article(
    *(line.replace("report", "paper") for line in LINES),
    title="Harbour paper",
    source="older.txt",
    published=dt.date(2031, 4, 6),
)
ARTICLES = {article.id: article for article in (HARBOUR, OLDER)}


def fact_of(
    sentence: int, article: Article = HARBOUR, *, origins: int = 1, change: ChangeKind | None = None
) -> Fact:
    name = f"{'h' if article is HARBOUR else 'o'}{sentence}"
    fact = make_fact(make_supported(None, article, ids=(sentence,)), id=name, origins=origins)
    return fact.model_copy(update={"change": Change(kind=change)}) if change else fact


def titled(story: Story) -> Story:
    return story.model_copy(update={"headline_article_id": HARBOUR.id})


def ranked_ids(*facts: Fact, **story: object) -> list[str]:
    (ranked,) = rank([titled(make_story(*facts).model_copy(update=story))], ARTICLES)
    return [fact.id for fact in ranked.facts]


# --- the order of facts -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (fact_of(5, origins=2), fact_of(4)),  # more origins
        (fact_of(4), fact_of(5)),  # nearer the beginning
        (fact_of(4), fact_of(4, OLDER)),  # told by a newer article
        (fact_of(7, change=ChangeKind.NEW), fact_of(4, origins=9)),  # new since
        (fact_of(7, change=ChangeKind.CHANGED), fact_of(4)),
        (fact_of(7, change=ChangeKind.CONTRADICTED), fact_of(4)),
        (fact_of(4), fact_of(7, change=ChangeKind.CONFIRMED)),  # was known
    ],
)
def test_the_better_fact_comes_first(first: Fact, second: Fact) -> None:
    lead = fact_of(1, origins=9)  # the best by what a lead is chosen by
    assert ranked_ids(second, lead, first) == [lead.id, first.id, second.id]


def test_disputed_facts_come_before_what_two_origins_tell() -> None:
    lead, agreed, one, other = fact_of(1, origins=2), fact_of(2, origins=2), fact_of(7), fact_of(8)
    clash = make_conflict(one, other, values=("7", "8"))
    order = ranked_ids(agreed, lead, one, other, conflicts=(clash,))
    assert order == [lead.id, one.id, other.id, agreed.id]


def test_the_order_does_not_depend_on_that_given() -> None:
    facts = [fact_of(n, article) for n in (2, 3) for article in (HARBOUR, OLDER)]
    assert len({tuple(ranked_ids(*order)) for order in permutations(facts)}) == 1


def test_facts_left_out_before_are_ranked_again() -> None:
    assert ranked_ids(fact_of(3), left_out=(fact_of(2),)) == ["h2", "h3"]


def test_marking_a_fact_as_new_moves_it_up_when_ranked_again() -> None:
    facts = [fact_of(n) for n in range(1, 6)]
    assert ranked_ids(*facts) == ["h1", "h2", "h3", "h4", "h5"]
    facts[4] = fact_of(5, change=ChangeKind.NEW)
    assert ranked_ids(*facts)[:3] == ["h5", "h1", "h2"]


def test_a_story_without_facts_stays_as_it_is() -> None:
    empty = make_story(fact_of(1)).model_copy(update={"facts": ()})
    assert rank([empty], ARTICLES) == [empty]


# --- the lead ---------------------------------------------------------------------------------

MINISTER = make_article(
    "The weather was fine in Sund and in the whole of the north on Sunday.",
    "He said that the minister Ada Holm had resigned over the ferry contract.",
    "Minister Ada Holm resigned over the ferry contract with the Brelo company.",
    "Holm resigned.",
    title="Minister Holm resigns over ferry contract",
)


def test_the_lead_says_what_the_titles_say_and_stands_by_itself() -> None:
    facts = [make_fact(make_supported(None, MINISTER, ids=(n,)), id=f"m{n}") for n in (1, 2, 3, 4)]
    (story,) = rank([make_story(*facts)], {MINISTER.id: MINISTER})
    assert [fact.id for fact in story.facts] == ["m3", "m1", "m2", "m4"]


@pytest.mark.parametrize(
    ("text", "can"),
    [
        ("The council of Sund approved the new bridge on Monday.", True),
        ("He told the council of Sund that the bridge was safe.", False),
        ("“It will never be built,” said the mayor of Sund on Monday.", False),
        ("It's the first bridge that the council of Sund approved.", False),
        ("However, the council of Sund approved the bridge.", False),
        ("Italy's council of ministers approved the bridge to Sicily.", True),
        ("The bridge is open.", False),
        ("Did the council of Sund approve the new bridge?", False),
        ("The council of Sund met. It approved the new bridge on Monday.", False),
        ("The council met in the U.S. Senate building with Sen. Ann Lund of Maine.", True),
        ("The price rose by 3.5 percent in the St. Orvin area.", True),
        (" ".join(["word"] * 45), True),
        (" ".join(["word"] * 46), False),
        ("", False),
        ("… !", False),
    ],
)
def test_can_lead(text: str, can: bool) -> None:
    assert can_lead(text) is can


@pytest.mark.parametrize("piece", ["ab. ", "a.", "ab.”  ", "x", "ab.   \t ", "“"])
@pytest.mark.timeout(20)
def test_can_lead_takes_linear_time(piece: str) -> None:
    can_lead(piece * (200_000 // len(piece)))


def test_of_facts_that_cannot_lead_the_best_does() -> None:
    article = make_article("He left.", "They stayed.")
    facts = [make_fact(make_supported(None, article, ids=(n,)), id=f"f{n}") for n in (2, 1)]
    (story,) = rank([make_story(*facts)], {article.id: article})
    assert story.facts[0].id == "f1"


# --- headlines --------------------------------------------------------------------------------


def summary(article: Article) -> ArticleSummary:
    return ArticleSummary(
        article=article, headline="by a model", supported=(), rejected=(), writer=Writer.MODEL
    )


def test_the_headline_is_the_title_nearest_the_centre_and_names_its_article() -> None:
    articles = [
        make_article("The ferry sank off Sund.", title="Ferry sinks off Sund"),
        make_article("The ferry sank off Sund in a storm.", title="Ferry sinks in storm off Sund"),
        make_article("A storm hit Sund.", title="Storm hits"),
    ]
    found = headline([0, 1, 2], [summary(a) for a in articles], Likeness(articles))
    assert found == ("Ferry sinks in storm off Sund", articles[1].id)


@pytest.mark.parametrize("title", ["", " \n", "—", "word " * 60])
def test_what_is_no_title_is_no_headline(title: str) -> None:
    article = make_article(title=title)
    assert headline([0], [summary(article)], Likeness([article])) == ("", None)


def test_without_a_title_the_lead_is_the_headline_and_changes_with_it() -> None:
    story = make_story(fact_of(2), fact_of(1), headline="")
    (ranked,) = rank([story], ARTICLES)
    assert ranked.headline == ranked.facts[0].text == LINES[0]
    assert rank([titled(story)], ARTICLES)[0].headline == ""


# --- the order of stories ---------------------------------------------------------------------


def test_stories_are_ordered_by_origins_articles_recency_and_novelty() -> None:
    new = fact_of(5, OLDER, change=ChangeKind.NEW)
    stories = [
        make_story(fact_of(3, OLDER), id="a"),
        make_story(new, id="b"),
        make_story(fact_of(4), id="c"),
        make_story(fact_of(1), fact_of(1, OLDER), id="d", origins=1),
        make_story(fact_of(2), fact_of(2, OLDER), id="e", origins=2),
    ]
    published = {article.id: article.published for article in ARTICLES.values()}
    for given_order in permutations(stories):
        assert [s.id for s in order_stories(given_order, published)] == ["e", "d", "c", "b", "a"]


def test_renumbered_sources_follow_the_facts_that_are_shown() -> None:
    sources = make_sources([HARBOUR, OLDER])
    story = make_story(fact_of(1, OLDER), fact_of(1))
    numbered = renumber_sources(sources, [story])
    assert [(s.article_id, s.number, s.origin) for s in numbered] == [
        (OLDER.id, 1, 1),
        (HARBOUR.id, 2, 2),
    ]
    assert renumber_sources(sources, []) == sources


# --- limits -----------------------------------------------------------------------------------

# Each sentence of LINES has ten words.
TWO = rank(
    [
        titled(make_story(*(fact_of(n) for n in (1, 3, 5)), id="one")),
        titled(make_story(*(fact_of(n, OLDER) for n in (1, 2)), id="two")),
    ],
    ARTICLES,
)


def shown(**limits: int | None) -> list[list[str]]:
    return [[fact.id for fact in story.facts] for story in limit(TWO, ARTICLES, **limits)]


def test_the_sentences_have_ten_words() -> None:
    assert {word_count(line) for line in LINES} == {10}


@pytest.mark.parametrize(
    ("limits", "ids"),
    [
        ({}, [["h1", "h3", "h5"], ["o1", "o2"]]),
        ({"max_facts": 2}, [["h1", "h3"], ["o1", "o2"]]),
        ({"max_facts": 1}, [["h1"], ["o1"]]),
        ({"max_words": 50}, [["h1", "h3", "h5"], ["o1", "o2"]]),
        ({"max_words": 49}, [["h1", "h3", "h5"], ["o1"]]),
        ({"max_words": 30}, [["h1", "h3"], ["o1"]]),
        ({"max_words": 20}, [["h1"], ["o1"]]),
        ({"max_words": 19}, [["h1"], []]),
        ({"max_words": 9}, [[], []]),
        ({"max_words": 40, "max_facts": 2}, [["h1", "h3"], ["o1", "o2"]]),
    ],
)
def test_leads_come_first_and_then_the_best_over_all_stories(
    limits: dict[str, int], ids: list[list[str]]
) -> None:
    assert shown(**limits) == ids


@given(
    st.one_of(st.none(), st.integers(0, 6)),
    st.one_of(st.none(), st.integers(0, 60)),
)
def test_nothing_is_lost_and_the_order_is_kept(
    max_facts: int | None, max_words: int | None
) -> None:
    cut = limit(TWO, ARTICLES, max_facts=max_facts, max_words=max_words)
    for whole, story in zip(TWO, cut, strict=True):
        assert (*story.facts, *story.left_out) == whole.facts
    words = sum(word_count(fact.text) for story in cut for fact in story.facts)
    assert max_words is None or words <= max_words
    assert limit(cut, ARTICLES) == TWO


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_longer_brief_holds_every_shorter_one(one: int, other: int) -> None:
    short, long = sorted((one, other))
    for few, many in zip(shown(max_words=short), shown(max_words=long), strict=True):
        assert many[: len(few)] == few


def test_a_story_whose_lead_does_not_fit_ends_the_facts_of_the_brief() -> None:
    long = make_article("word " * 30 + "end.")
    fact = make_fact(make_supported(None, long), id="long")
    stories = [make_story(fact, id="a"), make_story(fact_of(1), id="b")]
    cut = limit(stories, {**ARTICLES, long.id: long}, max_words=20)
    assert [story.facts for story in cut] == [(), ()]
    assert [story.id for story in cut] == ["a", "b"]


@pytest.mark.parametrize(("max_facts", "kept"), [(3, True), (2, False)])
def test_differences_stay_where_both_facts_are_shown(max_facts: int, kept: bool) -> None:
    lead, second, third = fact_of(1), fact_of(2), fact_of(3)
    clash = make_conflict(second, third, values=("2", "3"))
    moved = Update(
        kind=ConflictKind.NUMBER,
        earlier=Side(fact_id=second.id, evidence=second.citations[0], value="2"),
        later=Side(fact_id=third.id, evidence=third.citations[0], value="3"),
    )
    story = make_story(lead, second, third, conflicts=(clash,))
    story = story.model_copy(update={"updates": (moved,)})
    (cut,) = limit([story], ARTICLES, max_facts=max_facts)
    assert (cut.conflicts, cut.updates) == (((clash,), (moved,)) if kept else ((), ()))


def test_disputed_facts_are_kept_before_others() -> None:
    facts = [fact_of(n) for n in range(1, 9)]
    clash = make_conflict(facts[6], facts[7], values=("7", "8"))
    ranked = rank([titled(make_story(*facts, conflicts=(clash,)))], ARTICLES)
    (cut,) = limit(ranked, ARTICLES, max_facts=3)
    assert [fact.id for fact in cut.facts] == ["h1", "h7", "h8"]
    assert cut.conflicts == (clash,)
