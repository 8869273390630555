"""summarizer.verify.memory: what a digest says of the nights before, and of what was not read."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest

from summarizer.data import Brief
from summarizer.render import from_json, to_json
from summarizer.verify import verify_brief
from tests.rich_brief import make_digest_brief, make_empty_digest, make_rich_brief

DIGEST, ARTICLES = make_digest_brief()
TEXT = to_json(DIGEST)
FIRST, SECOND, THIRD = (source.article_id for source in DIGEST.sources)

Edit = Callable[[dict[str, Any]], object]


def messages(brief: Brief) -> list[str]:
    return [f"{p.where}: {p.message}" for p in verify_brief(brief, ARTICLES)]


def after(*edits: Edit) -> Brief:
    """Return the digest with its JSON changed in place by `edits`."""
    value = json.loads(TEXT)
    for edit in edits:
        edit(value)
    return from_json(json.dumps(value))


def story(value: Any, number: int = 0) -> Any:
    return value["stories"][number]


def memory(value: Any, number: int = 0) -> Any:
    """Return what is remembered of story `number`: the first develops, the second is new."""
    return story(value, number)["memory"]


def known(count: int) -> Edit:
    return lambda value: value["since"].update(known=count)


def name(edition: str) -> Edit:
    return lambda value: value.update(edition=edition)


def not_compared(value: Any) -> None:
    value.update(since=None)
    for one in value["stories"]:
        for fact in (*one["facts"], *one["left_out"]):
            fact.update(change=None)


def no_memory(value: Any) -> None:
    value.update(edition="")
    for one in value["stories"]:
        one.update(memory=None)


def test_a_digest_holds() -> None:
    assert messages(DIGEST) == []
    assert verify_brief(make_empty_digest(), {}) == []


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        # its name
        *(
            (name(edition), f"edition: “{edition}” is no date, alone or with .2, .3 and so on")
            for edition in (
                *("yesterday", "2031-5-7", "2031-02-30", "2031-05-07.1", "2031-05-07.02"),
                *("2031-05-07.", "2031-05-07.2.3", "20310507", "../2031-05-07", "2031-05-07.1２"),
            )
        ),
        (name("2031-05-07\n"), "edition: “2031-05-07” is no date"),
        # memories
        (lambda v: memory(v, 1).update(digests=2), "story 2: it is new, and digests is 2"),
        (
            lambda v: memory(v, 1).update(last_told="2031-05-06"),
            "story 2: it is new, and was last told on 2031-05-06",
        ),
        (
            lambda v: memory(v).update(digests=0),
            "story 1: it is developing, and no digest told it before",
        ),
        (
            lambda v: memory(v).update(last_told=None),
            "story 1: it is developing, and when it was last told is missing",
        ),
        (
            lambda v: memory(v).update(status="quiet"),
            "story 1: it is quiet, and told in the digest",
        ),
        (
            lambda v: story(v, 1).update(memory=None),
            "story 2: it is told in a digest, and has no memory",
        ),
        (
            lambda v: memory(v, 1).update(id="orvin-flood"),
            "memories: 2 of them have the id orvin-flood",
        ),
        (
            lambda v: v["quiet"][0].update(id="orvin-flood"),
            "quiet story 1: story orvin-flood is told in the digest",
        ),
        (
            lambda v: v["quiet"].append(v["quiet"][0]),
            "quiet stories: 2 of them have the id velmora-bridge",
        ),
        # articles told before
        (
            lambda v: story(v).update(earlier=[SECOND]),
            f"story 1: its article {SECOND[:12]}… is said to be one of an earlier digest alone",
        ),
        (
            lambda v: story(v).update(earlier=["ab", "ab"]),
            "story 1: its earlier article ab… is named 2 times",
        ),
        # articles that the model has not read
        (
            lambda v: v["unread"][0].update(article_id="ff" * 32),
            "unread article 1: ffffffffffff… is no source of the brief",
        ),
        (
            lambda v: v["sources"][2].update(writer="model"),
            "unread article 1: source 3 is marked as written by the model",
        ),
        (
            lambda v: v["unread"][0].update(source="b.txt"),
            "unread article 1: it is “b.txt”, and source 3 is “articles/mayor.txt”",
        ),
        (
            lambda v: v["unread"].append(v["unread"][0]),
            f"unread articles: article {THIRD[:12]} is listed 2 times",
        ),
        # figures
        (
            lambda v: v["coverage"].update(remembered=4),
            "coverage: remembered is 4, of 3 articles",
        ),
        (lambda v: v["coverage"].update(articles=2), "coverage: articles is 2, and 3 are found"),
        (
            known(8),
            "since: known is 8, and of the facts without a mark 1 shown and 1 left out, "
            "5 not repeated are found",
        ),
        (known(0), "since: known is 0, and of the facts without a mark 1 shown"),
        # facts that a difference needs
        (
            lambda v: story(v)["facts"].pop(1),
            "story 1, update 1: earlier side: fact early is not in the brief",
        ),
        (
            lambda v: story(v, 1)["facts"].pop(1),
            "story 1, fact 4: now: fact broke is not in the brief",
        ),
    ],
)
def test_what_does_not_hold_in_a_digest_is_named(edit: Edit, said: str) -> None:
    assert said in "\n".join(messages(after(edit)))


@pytest.mark.parametrize("edits", [(not_compared,), (no_memory,)])
def test_facts_told_before_need_an_earlier_brief_or_a_memory(edits: tuple[Edit, ...]) -> None:
    assert messages(after(*edits)) == []
    assert messages(after(not_compared, no_memory)) == [
        "story 1: known is 5, and nothing was told before"
    ]


@pytest.mark.parametrize(
    "edit",
    [
        *(name(one) for one in ("2031-05-07.2", "2031-05-07.9", "2031-05-07.10", "2032-02-29")),
        known(1),  # the fact that is shown
        lambda v: v["coverage"].update(remembered=3),
        lambda v: memory(v, 1).update(first_told="2031-05-09"),  # a clock was set back
        lambda v: v.update(unread=[], quiet=[]),
        lambda v: v["since"].update(created="2031-05-09T06:00:00Z"),  # and here
    ],
)
def test_what_a_digest_may_say_is_no_problem(edit: Edit) -> None:
    assert messages(after(edit)) == []


def test_the_order_of_two_briefs_that_are_no_digests_is_that_of_the_clock() -> None:
    brief, articles = make_rich_brief()
    assert brief.since is not None
    later = brief.since.model_copy(update={"created": brief.run.created + dt.timedelta(days=1)})
    (problem,) = verify_brief(brief.model_copy(update={"since": later}), articles)
    assert problem.message.startswith("the earlier brief is of 2031-05-08")


def test_a_name_of_enormous_length_is_refused_at_once() -> None:
    (problem,) = verify_brief(after(name("2031-05-07." + "9" * 1_000_000)), ARTICLES)
    assert (problem.where, len(problem.message) < 200) == ("edition", True)
