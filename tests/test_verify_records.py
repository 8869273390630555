"""summarizer.verify: refinements, updates, changes, storylines and figures of a brief."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest

from summarizer.data import Brief
from summarizer.render import from_json, to_json
from summarizer.verify import quotes, verify_brief
from tests.conftest import make_bridge_brief
from tests.rich_brief import make_rich_brief

BRIEF, ARTICLES = make_rich_brief()
TEXT = to_json(BRIEF)
FIRST, SECOND, THIRD = (source.article_id for source in BRIEF.sources)

Change = Callable[[dict[str, Any]], object]


def messages(brief: Brief) -> list[str]:
    return [f"{p.where}: {p.message}" for p in verify_brief(brief, ARTICLES)]


def after(change: Change) -> Brief:
    """Return the rich brief with its JSON changed in place by `change`."""
    value = json.loads(TEXT)
    change(value)
    return from_json(json.dumps(value))


def story(value: Any, number: int = 0) -> Any:
    return value["stories"][number]


def fact(value: Any, number: int) -> Any:
    """Return fact `number` of the first story: late, early, shelters, held."""
    return story(value)["facts"][number]


def left(value: Any) -> Any:
    return story(value)["left_out"][0]


def update(value: Any) -> Any:
    return story(value)["updates"][0]


def now(value: Any) -> Any:
    return fact(value, 0)["change"]["after"]


def before(value: Any) -> Any:
    return fact(value, 0)["change"]["before"]


def gone(value: Any) -> Any:
    return value["since"]["gone"][0]


def refine_itself(value: Any) -> None:
    fact(value, 2)["refines"] = fact(value, 2)["claims"]


def swap_sides(value: Any) -> None:
    one = update(value)
    one["earlier"], one["later"] = one["later"], one["earlier"]


def say_again(value: Any) -> None:
    quote = "The Orvin flooded 12 villages on Monday."
    gone(value)["evidence"].update(quote=quote, start=0, end=len(quote))


def test_a_brief_with_every_record_holds() -> None:
    assert messages(BRIEF) == []


def test_the_quotes_of_every_record_are_checked() -> None:
    places = [where for where, _ in quotes(BRIEF)]
    assert places == [
        *("story 1, fact 1", "story 1, fact 1", "story 1, fact 2"),  # the first: and its change
        *("story 1, fact 3", "story 1, fact 3"),  # the second: a claim that it refines
        *("story 1, fact 4", "story 1, fact 4", "story 1, left-out fact 1"),
        *("story 1, conflict 1, first side", "story 1, conflict 1, second side"),
        *("story 1, update 1, earlier side", "story 1, update 1, later side"),
        *("story 2, fact 1", "story 2, fact 2"),
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        # facts that were left out, and claims that say less
        (lambda v: left(v).update(id="early"), "facts: 2 of them have the id early"),
        (lambda v: left(v).update(text="No train ran."), "left-out fact 1: its wording is that of"),
        (lambda v: left(v)["claims"][0]["evidence"][0].update(start=3), "left-out fact 1: “Trains"),
        (lambda v: left(v).update(origins=4), "left-out fact 1: its articles have 1 origins"),
        (refine_itself, "story 1, fact 3: “Shelters took in 300 people.” is said to say less, and"),
        (
            lambda v: fact(v, 2)["refines"][0]["claim"].update(text="Shelters took in 300 people."),
            "story 1, fact 3: a claim of its very wording is said to say less",
        ),
        (
            lambda v: fact(v, 2)["refines"][0]["claim"].update(article_id=FIRST),
            "story 1, fact 3: a claim about one article is supported by a quote of another",
        ),
        (
            lambda v: fact(v, 2)["refines"][0]["evidence"][0].update(quote="Shelters were shut.  "),
            "story 1, fact 3: “Shelters were shut.” is not at",
        ),
        # updates, marks
        (lambda v: update(v)["later"].update(fact_id="x"), "later side: fact x is not in the"),
        (lambda v: update(v)["later"].update(value="20"), "later side: its mark is “19”, not “20”"),
        (
            lambda v: update(v)["later"].update(value="20", mark=None),
            "later side: “20” is neither in its quote",
        ),
        (
            lambda v: update(v)["later"]["mark"].update(start=0),
            "later side: its mark is “The Orvin had flooded 19”, not “19”",
        ),
        (
            lambda v: update(v)["earlier"]["mark"].update(end=99),
            "earlier side: its mark, characters 18 to 99, is not inside its quote",
        ),
        (lambda v: update(v)["later"].update(fact_id="early"), "update 1: its two sides are one"),
        (swap_sides, "update 1: its earlier side is of 2031-05-06, its later side of 2031-05-05"),
        (
            lambda v: story(v, 1).update(updates=story(v)["updates"]),
            "story 2, update 1: neither of its facts is in its story",
        ),
        (
            lambda v: story(v)["conflicts"][0]["first"].update(mark={"start": 0, "end": 1}),
            "conflict 1: first side: its mark, characters 0 to 1, is not inside its quote",
        ),
        # headlines
        (lambda v: story(v).update(headline="A flood"), "its headline is “A flood”, the title “Fl"),
        (lambda v: story(v).update(headline_article_id=FIRST), "the title “Orvin floods villages”"),
        (lambda v: story(v).update(headline_article_id=THIRD), "of none of its articles"),
        (
            lambda v: story(v, 1).update(headline="Mayor falls"),
            "story 2: its headline is neither a title of its articles nor the wording of its first",
        ),
        # storylines
        (lambda v: v["storylines"][0].update(story_ids=["flood", "x"]), "storyline 1: story x is"),
        (
            lambda v: v["storylines"][0]["story_ids"].append("flood"),
            "storylines: story flood stands there 2 times",
        ),
        (
            lambda v: v["storylines"].append(v["storylines"][0]),
            "storylines: 2 of them have the id line",
        ),
        # changes
        (lambda v: now(v).update(fact_id="early"), "it is changed by fact early, which is another"),
        (lambda v: now(v).update(value="20"), "fact 1: now: its mark is “19”, not “20”"),
        (lambda v: now(v)["evidence"].update(start=1), "story 1, fact 1: “The Orvin had"),
        (
            lambda v: now(v).update(evidence=before(v)["evidence"]),
            "now: its quote is none of those",
        ),
        (lambda v: before(v).update(value="19"), "fact 1: it is changed from “19” to the same"),
        (lambda v: before(v)["evidence"].update(end=99), "before: “The Orvin flooded 12 villages"),
        (lambda v: before(v)["mark"].update(end=99), "before: its mark, characters 18 to 99, is"),
        (lambda v: fact(v, 0)["change"].update(before=None), "the old or the new quote is missing"),
        (lambda v: fact(v, 3)["change"].update(after=None), "fact 4: it is contradicted, and the"),
        (lambda v: fact(v, 0)["change"].update(kind="new"), "it is new, and something is quoted"),
        (lambda v: v.update(since=None), "story 1, fact 1: it is changed since no earlier brief"),
        # what is gone
        (
            lambda v: v["since"].update(known=1),
            "since: known is 1, and of the facts without a mark",
        ),
        (
            lambda v: v["since"].update(known=4),
            "since: known is 4, and of the facts without a mark",
        ),
        (
            lambda v: v["since"].update(created="2031-05-08T06:00:00Z"),
            "since: the earlier brief is",
        ),
        (lambda v: v["since"]["gone"].append(gone(v)), "since: 2 gone facts have the id bridge"),
        (lambda v: gone(v).update(fact_id="trains"), "gone fact 1: fact trains is in the brief"),
        (lambda v: gone(v).update(source="other.txt"), "gone fact 1: “other.txt” is no source"),
        (lambda v: gone(v)["evidence"].update(end=3), "gone fact 1: “A bridge fell on Sunday.” is"),
        (say_again, "still stands in articles/flood.txt"),
        # figures
        (lambda v: v["coverage"].update(facts_left_out=0), "coverage: facts_left_out is 0, and 1"),
        (lambda v: v["coverage"].update(supported=7, claims=7), "the facts rest on 8 claims"),
        (lambda v: v["reference"].update(words=33), "reference: words is 33, and 34 are found"),
        (lambda v: v["reference"].update(facts=0), "reference: 1 facts are missing of 0"),
        (lambda v: v["reference"].update(covered=1.0), "all is covered, and 1 are missing"),
        (
            lambda v: v["reference"].update(covered=0.0),
            "nothing is covered, and 1 of 4 are missing",
        ),
        (
            lambda v: v["reference"].update(facts=0, missing=[]),
            "something is covered, and there are no reference facts",
        ),
    ],
)
def test_what_does_not_hold_is_named(change: Change, said: str) -> None:
    assert said in "\n".join(messages(after(change)))


def test_a_moment_without_a_zone_is_compared_with_none() -> None:
    assert BRIEF.since is not None
    naive = BRIEF.since.model_copy(update={"created": dt.datetime(2040, 1, 1)})
    assert messages(BRIEF.model_copy(update={"since": naive})) == []


def test_a_side_may_quote_a_part_of_what_its_fact_cites() -> None:
    def cut(value: dict[str, Any]) -> None:
        evidence = update(value)["later"]["evidence"]
        evidence.update(start=4, quote=evidence["quote"][4:])

    assert messages(after(cut)) == []


def test_a_brief_without_an_earlier_one_has_no_marks() -> None:
    brief, articles = make_bridge_brief()
    assert brief.since is None
    assert verify_brief(brief, articles) == []
