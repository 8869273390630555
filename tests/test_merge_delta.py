"""summarizer.merge.telling.delta: what became of the facts of an earlier brief."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import permutations

import pytest

from summarizer.data import (
    ArticleSummary,
    Brief,
    Change,
    ChangeKind,
    Fact,
    ModelInfo,
    Source,
    Writer,
)
from summarizer.errors import BriefError
from summarizer.merge.telling.delta import check_earlier, mark_changes
from summarizer.merge.telling.earlier import Rereading, Tellers
from summarizer.pipeline import BriefOptions, Run, assemble
from tests.conftest import make_article, make_supported

NOW = dt.datetime(2031, 5, 7, 4, 0, tzinfo=dt.UTC)
MONDAY = dt.date(2031, 5, 5)
HOUSES = "Floods in the Orvin valley destroyed 120 houses, governor Lena Brask said."
HOUSES_AGAIN = "Governor Lena Brask said floods in the Orvin valley had destroyed 120 houses."
MORE_HOUSES = "Floods in the Orvin valley destroyed 210 houses, governor Lena Brask said."
SOLDIERS = "The army sent 400 soldiers to Orvin to build dams along the river."
CLOSED = "Schools in Orvin stay closed until the river Sund has fallen."
NOT_CLOSED = "Schools in Orvin do not stay closed until the river Sund has fallen."
CHESS = "Ana Petrescu won the chess title in Tallinn after a drawn final game."


def said(
    *sentences: str,
    source: str = "a.txt",
    title: str = "Floods in the Orvin valley",
    publisher: str | None = "Orvin Gazette",
    day: int = 0,
) -> ArticleSummary:
    """Summarise an article by its sentences; `day` counts from MONDAY."""
    published = MONDAY + dt.timedelta(days=day)
    article = make_article(
        *sentences, title=title, source=source, publisher=publisher, published=published
    )
    claims = [
        make_supported(None, article, ids=(n,), writer=Writer.EXTRACTIVE)
        for n in range(1, len(sentences) + 1)
    ]
    return ArticleSummary(
        article=article,
        headline=title,
        supported=tuple(claims),
        rejected=(),
        writer=Writer.EXTRACTIVE,
    )


def brief_of(
    *summaries: ArticleSummary, since: Brief | None = None, max_facts: int | None = None
) -> Brief:
    options = BriefOptions(since=since, max_facts=max_facts)
    return assemble(summaries, (), ModelInfo(name="none"), options, Run(None), now=NOW)


def facts_of(brief: Brief) -> list[Fact]:
    return [fact for story in brief.stories for fact in story.facts]


def change_of(brief: Brief, text: str) -> Change | None:
    (fact,) = [f for f in facts_of(brief) if any(c.claim.text == text for c in f.claims)]
    return fact.change


def kind_of(brief: Brief, text: str) -> ChangeKind | None:
    change = change_of(brief, text)
    return change.kind if change else None


def gone_of(brief: Brief) -> list[str]:
    assert brief.since is not None
    return [fact.text for fact in brief.since.gone]


# --- what is said again -----------------------------------------------------------------------


def test_without_an_earlier_brief_no_fact_is_marked():
    made = brief_of(said(HOUSES))
    assert made.since is None
    assert [fact.change for fact in facts_of(made)] == [None]


def test_same_articles_again_bring_nothing_new():
    earlier = brief_of(said(HOUSES, SOLDIERS), said(CHESS, source="b.txt", title="Chess"))
    made = brief_of(
        said(HOUSES, SOLDIERS), said(CHESS, source="b.txt", title="Chess"), since=earlier
    )
    assert {fact.change for fact in facts_of(made)} == {None}
    assert made.since is not None
    assert (made.since.known, made.since.gone, made.since.created) == (3, (), NOW)


def test_fact_that_the_earlier_brief_does_not_tell_is_new():
    made = brief_of(said(HOUSES), said(CHESS, source="b.txt"), since=brief_of(said(HOUSES)))
    assert change_of(made, CHESS) == Change(kind=ChangeKind.NEW)
    assert change_of(made, HOUSES) is None


def test_claim_that_adds_a_number_is_new_and_one_that_drops_it_is_known():
    less = SOLDIERS.replace("400 soldiers", "soldiers")
    for before, now, kind in ((less, SOLDIERS, ChangeKind.NEW), (SOLDIERS, less, None)):
        made = brief_of(said(now, source="b.txt", day=1), since=brief_of(said(before)))
        assert kind_of(made, now) is kind


def test_fact_over_the_limit_of_the_earlier_brief_was_told():
    earlier = brief_of(said(HOUSES, SOLDIERS))
    story = earlier.stories[0]
    cut = story.model_copy(update={"facts": story.facts[:1], "left_out": story.facts[1:]})
    made = brief_of(said(HOUSES, SOLDIERS), since=earlier.model_copy(update={"stories": (cut,)}))
    assert {fact.change for fact in facts_of(made)} == {None}


def test_fact_left_out_now_is_marked_too():
    earlier = brief_of(said(CHESS, source="c.txt", title="Chess"))
    made = brief_of(said(HOUSES, SOLDIERS))
    story = made.stories[0]
    cut = story.model_copy(update={"facts": story.facts[:1], "left_out": story.facts[1:]})
    articles = [said(HOUSES, SOLDIERS).article]
    (marked,), since = mark_changes([cut], earlier, articles=articles, sources=made.sources)
    assert [f.change for f in marked.left_out] == [Change(kind=ChangeKind.NEW)]
    assert since.known == 0


# --- confirmed --------------------------------------------------------------------------------


def test_further_origin_confirms_and_is_quoted():
    rail = said(HOUSES_AGAIN, source="b.txt", publisher="Sund Courier", title="Sund news", day=1)
    made = brief_of(said(HOUSES), rail, since=brief_of(said(HOUSES)))
    change = change_of(made, HOUSES)
    assert change is not None and change.before is not None and change.after is not None
    assert change.kind is ChangeKind.CONFIRMED
    assert (change.before.evidence.quote, change.after.evidence.quote) == (HOUSES, HOUSES_AGAIN)


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(said(HOUSES_AGAIN, source="b.txt", day=1), id="same publisher"),
        pytest.param(said(HOUSES_AGAIN, publisher=None, day=1), id="same article revised"),
        pytest.param(
            said(HOUSES, CHESS, source="b.txt", publisher="Sund Courier"), id="same sentence"
        ),
    ],
)
def test_who_told_it_before_confirms_nothing(again: ArticleSummary):
    made = brief_of(again, since=brief_of(said(HOUSES)))
    assert change_of(made, again.supported[0].claim.text) is None


def test_article_of_an_origin_that_told_it_before_confirms_nothing():
    def source(article_id: str, origin: int) -> Source:
        return Source(
            article_id=article_id,
            number=1,
            source=f"{article_id}.txt",
            title="",
            origin=origin,
            writer=Writer.MODEL,
        )

    earlier = brief_of(said(HOUSES))
    (told,) = facts_of(earlier)
    (fact,) = facts_of(brief_of(said(HOUSES_AGAIN, source="b.txt", publisher=None, day=1)))
    (teller,), (now,) = told.article_ids, fact.article_ids
    before = earlier.model_copy(update={"sources": (source(teller, 1), source("copy", 1))})
    for mate, further in (("copy", False), ("other", True)):
        tellers = Tellers(before, [source(now, 7), source(mate, 7)])
        assert (tellers.further([told], fact) is not None) is further


# --- changed and contradicted -----------------------------------------------------------------


def test_number_corrected_in_its_article_is_changed_with_both_quoted_and_marked():
    new = said(MORE_HOUSES, SOLDIERS)
    old = said(HOUSES, SOLDIERS)
    made = brief_of(new, since=brief_of(old))
    change = change_of(made, MORE_HOUSES)
    assert change is not None and change.before is not None and change.after is not None
    assert change.kind is ChangeKind.CHANGED
    for side, summary, quote, value in (
        (change.before, old, HOUSES, "120"),
        (change.after, new, MORE_HOUSES, "210"),
    ):
        text, mark = summary.article.text, side.mark
        assert side.evidence.quote == quote
        assert mark is not None and text[mark.start : mark.end] == side.value
        assert side.value.startswith(value)
    assert gone_of(made) == [], "a value that changed is told, not gone"


@pytest.mark.parametrize(
    ("before", "now", "values"),
    [
        (
            "About 900 people walked to the end of Dunmorrow pier.",
            "About 950 people walked to the end of Dunmorrow pier.",
            ("900", "950"),
        ),
        (
            "Harbour master Jonas Feld of Dunmorrow opened the new pier before a large crowd.",
            "Harbour master Marit Oles of Dunmorrow opened the new pier before a large crowd.",
            ("Jonas Feld", "Marit Oles"),
        ),
        (
            "The council said on Tuesday that Dunmorrow pier would open on 3 June to everyone.",
            "The council said on Tuesday that Dunmorrow pier would open on 9 June to everyone.",
            ("3 June", "9 June"),
        ),
    ],
    ids=["number that might be rounded", "name", "one of two dates"],
)
def test_new_version_of_a_sentence_is_changed(before: str, now: str, values: tuple[str, str]):
    change = change_of(brief_of(said(now), since=brief_of(said(before))), now)
    assert change is not None and change.before is not None and change.after is not None
    assert change.kind is ChangeKind.CHANGED
    assert values[0] in change.before.value and values[1] in change.after.value


def test_other_value_of_a_new_article_contradicts_what_is_still_told():
    other = said(MORE_HOUSES, source="b.txt", publisher="Sund Courier", title="Sund news")
    made = brief_of(said(HOUSES), other, since=brief_of(said(HOUSES)))
    change = change_of(made, HOUSES)
    assert change is not None and change.before is not None and change.after is not None
    assert change.kind is ChangeKind.CONTRADICTED
    assert (change.before.evidence.quote, change.after.evidence.quote) == (HOUSES, MORE_HOUSES)
    assert kind_of(made, MORE_HOUSES) is ChangeKind.NEW


def test_other_value_without_the_earlier_article_bears_the_contradiction_itself():
    other = said(MORE_HOUSES, source="b.txt", publisher="Sund Courier")
    made = brief_of(other, since=brief_of(said(HOUSES)))
    assert kind_of(made, MORE_HOUSES) is ChangeKind.CONTRADICTED


def test_contradiction_that_the_earlier_brief_knew_is_not_told_again():
    both = said(HOUSES), said(MORE_HOUSES, source="b.txt", publisher="Sund Courier")
    made = brief_of(*both, since=brief_of(*both))
    assert {fact.change for fact in facts_of(made)} == {None}


def test_value_that_an_article_tells_beside_the_earlier_one_is_new():
    made = brief_of(said(HOUSES, MORE_HOUSES, day=4), since=brief_of(said(HOUSES)))
    assert kind_of(made, MORE_HOUSES) is ChangeKind.NEW


def test_further_origin_of_one_side_of_a_known_contradiction_does_not_tell_it_again():
    other = said(MORE_HOUSES, source="b.txt", publisher="Sund Courier")
    third = said(HOUSES_AGAIN, source="c.txt", publisher="Valley Post")
    made = brief_of(other, third, since=brief_of(said(HOUSES), other))
    assert change_of(made, MORE_HOUSES) is None
    assert kind_of(made, HOUSES_AGAIN) is ChangeKind.CONFIRMED


def test_article_that_was_read_before_contradicts_nothing_anew():
    other = said(MORE_HOUSES, source="b.txt", publisher="Sund Courier")
    both = brief_of(said(HOUSES), other)
    (story,) = both.stories
    told = tuple(fact for fact in story.facts if fact.text == HOUSES)
    untold = story.model_copy(update={"facts": told, "conflicts": ()})
    made = brief_of(said(HOUSES), other, since=both.model_copy(update={"stories": (untold,)}))
    assert change_of(made, HOUSES) is None
    assert kind_of(made, MORE_HOUSES) is ChangeKind.NEW


def test_mark_is_on_the_value_not_inside_another():
    code = "Shelter A210 of Orvin housed 210 people on the first night, the army said."
    before = code.replace("210 people", "120 people")
    change = change_of(brief_of(said(code), since=brief_of(said(before))), code)
    assert change is not None and change.after is not None and change.after.mark is not None
    assert change.after.mark.start == code.index("210 people")


@pytest.mark.parametrize(
    ("day", "kind"), [(4, ChangeKind.CHANGED), (-4, ChangeKind.NEW)], ids=["later", "older"]
)
def test_count_of_another_day_is_a_change_if_it_is_the_later(day: int, kind: ChangeKind):
    told = "Floods in the Orvin valley have killed 12 people so far, governor Lena Brask said."
    other = told.replace("12", "19")
    count = said(other, source="b.txt", publisher="Sund Courier", day=day)
    made = brief_of(count, since=brief_of(said(told)))
    assert kind_of(made, other) is kind
    still = brief_of(said(told), count, since=brief_of(said(told)))
    assert (change_of(still, told), kind_of(still, other)) == (None, kind)


def test_denial_contradicts_whether_or_not_the_earlier_article_is_there():
    denial = said(NOT_CLOSED, source="b.txt", publisher="Sund Courier", title="Sund news")
    earlier = brief_of(said(CLOSED))
    assert kind_of(brief_of(denial, since=earlier), NOT_CLOSED) is ChangeKind.CONTRADICTED
    both = brief_of(said(CLOSED), denial, since=earlier)
    assert kind_of(both, CLOSED) is ChangeKind.CONTRADICTED


def test_sentence_kept_in_a_new_version_of_another_date_is_known():
    sentence = "Dunmorrow pier reopened on Tuesday after 14 repairs."
    made = brief_of(said(sentence, HOUSES, day=40), since=brief_of(said(sentence, SOLDIERS, day=2)))
    assert change_of(made, sentence) is None


# --- gone -------------------------------------------------------------------------------------


def test_sentence_retracted_from_its_article_is_gone():
    earlier = brief_of(said(HOUSES, SOLDIERS))
    made = brief_of(said(HOUSES), since=earlier)
    assert gone_of(made) == [SOLDIERS]
    assert made.since is not None
    (gone,) = made.since.gone
    assert (gone.evidence.quote, gone.source) == (SOLDIERS, "a.txt")
    assert gone.fact_id in {fact.id for fact in facts_of(earlier)}


def test_article_with_a_new_title_is_known_by_a_sentence_that_it_kept():
    made = brief_of(said(HOUSES, title="Army leaves"), since=brief_of(said(HOUSES, SOLDIERS)))
    assert gone_of(made) == [SOLDIERS]


@pytest.mark.parametrize(
    ("quote", "held"),
    [
        ("the army sent  400 soldiers", True),
        ("The army sent 400 soldiers!", True),
        ("army sent 40", False),
        ("400 soldiers sent", False),
    ],
)
def test_quote_stands_whatever_its_case_spaces_and_punctuation(quote: str, held: bool):
    article = said(SOLDIERS).article
    assert Rereading(brief_of(said(HOUSES)), [article]).holds(article, quote) is held


@pytest.mark.parametrize(
    "now",
    [
        pytest.param([said(HOUSES, source="b.txt")], id="its article was not read"),
        pytest.param([said(CHESS, title="Chess")], id="another text under its name"),
        pytest.param([said(HOUSES, SOLDIERS.replace("The", "THE") + "!")], id="punctuation"),
        pytest.param(
            [said(HOUSES), said(SOLDIERS, source="b.txt", publisher="Sund Courier")],
            id="another article tells it",
        ),
        pytest.param(
            [said(HOUSES, "To build dams along the river, the army sent 400 soldiers to Orvin.")],
            id="told in other words",
        ),
    ],
)
def test_fact_is_not_gone(now: list[ArticleSummary]):
    assert gone_of(brief_of(*now, since=brief_of(said(HOUSES, SOLDIERS)))) == []


def test_fact_that_the_new_version_says_but_the_run_does_not_tell_is_not_gone():
    new = said(HOUSES, "To build dams along the river, the army sent 400 soldiers to Orvin.")
    untold = new.model_copy(update={"supported": new.supported[:1]})
    assert gone_of(brief_of(untold, since=brief_of(said(HOUSES, SOLDIERS)))) == []


def test_new_text_under_an_old_name_is_no_new_version():
    earlier = brief_of(said(HOUSES))
    (old,) = earlier.sources
    new, other = said(SOLDIERS).article, said(CHESS, title="Chess").article
    rereading = Rereading(earlier, [other, new])
    assert rereading.revisions(old.article_id) == [new]


# --- the whole --------------------------------------------------------------------------------


def test_order_of_articles_does_not_matter():
    earlier = brief_of(said(HOUSES, SOLDIERS), said(CHESS, source="c.txt", title="Chess"))
    now = [
        said(HOUSES),
        said(MORE_HOUSES, source="b.txt", publisher="Sund Courier"),
        said(CHESS, source="c.txt", title="Chess"),
        said(HOUSES_AGAIN, source="d.txt", publisher="Valley Post"),
    ]

    def told(order: Sequence[ArticleSummary]) -> str:
        made = brief_of(*order, since=earlier)
        return made.model_copy(update={"run": earlier.run}).model_dump_json()

    assert len({told(order) for order in permutations(now)}) == 1


@pytest.mark.parametrize("text", ["!!!", "<b>**x**</b> [1](x)", "0", "﷽ \u202e12", "a" * 5000])
def test_odd_text_is_compared_like_any_other(text: str):
    earlier = brief_of(said(text, HOUSES))
    assert {f.change for f in facts_of(brief_of(said(text, HOUSES), since=earlier))} == {None}


def damaged(brief: Brief, old: str, new: str) -> Brief:
    text = brief.model_dump_json()
    assert old in text
    return Brief.model_validate_json(text.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('"quote":"Floods', '"quote":"The floods', "not as long as its offsets"),
        ('"quote":"Floods', '"quote":"Blazes', "does not stand in its article"),
    ],
    ids=["length", "other words"],
)
def test_earlier_brief_that_was_changed_is_refused(old: str, new: str, why: str):
    earlier = brief_of(said(HOUSES))
    check_earlier(earlier, [said(HOUSES).article])
    with pytest.raises(BriefError, match=why) as caught:
        brief_of(said(HOUSES), since=damaged(earlier, old, new))
    assert "brief.json" in caught.value.hint


def test_earlier_brief_whose_quote_is_of_no_source_is_refused():
    earlier = brief_of(said(HOUSES)).model_copy(update={"sources": ()})
    with pytest.raises(BriefError, match="no source"):
        check_earlier(earlier, [])


def test_earlier_fact_in_words_of_none_of_its_claims_is_refused():
    earlier = brief_of(said(HOUSES))
    (story,) = earlier.stories
    forged = story.facts[0].model_copy(update={"text": CHESS})
    stories = (story.model_copy(update={"facts": (forged,)}),)
    with pytest.raises(BriefError, match="none of its claims"):
        check_earlier(earlier.model_copy(update={"stories": stories}), [])
