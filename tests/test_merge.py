"""summarizer.merge: the whole merger."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import pytest

from summarizer.data import Article, ArticleSummary, ConflictKind, Fact, Writer
from summarizer.merge import Merged, merge
from tests.conftest import make_article, make_supported

FLOOD = (
    "Floods in the Orvin valley destroyed 120 houses on Monday, governor Lena Brask said.",
    "The army sent 400 soldiers to Orvin to build dams.",
    "Rain is expected to stop on Thursday.",
)
FLOOD_OTHER_WORDS = (
    "Governor Lena Brask said floods in the Orvin valley had destroyed 120 homes.",
    "Schools in Orvin stay closed this week.",
)
FLOOD_OTHER_NUMBER = (
    "Floods in the Orvin valley destroyed 210 houses, governor Lena Brask said.",
    "Trains between Orvin and Sund were cancelled.",
)
CHESS = (
    "Ana Petrescu won the chess title in Tallinn after a drawn final game.",
    "Petrescu is the youngest champion in fifty years.",
)
DAY = dt.date(2031, 5, 6)


def summary_of(
    *sentences: str,
    title: str,
    source: str,
    published: dt.date | None = DAY,
    publisher: str | None = None,
    supported: bool = True,
) -> ArticleSummary:
    article = make_article(
        *sentences, title=title, source=source, publisher=publisher, published=published
    )
    claims = [make_supported(None, article, ids=(n,)) for n in range(1, len(sentences) + 1)]
    return ArticleSummary(
        article=article,
        headline=title,
        supported=tuple(claims) if supported else (),
        rejected=(),
        writer=Writer.MODEL,
    )


def the_run() -> list[ArticleSummary]:
    return [
        summary_of(*FLOOD, title="Floods in Orvin valley", source="a.txt"),
        summary_of(*FLOOD_OTHER_WORDS, title="Orvin valley floods: schools shut", source="b.txt"),
        summary_of(*FLOOD_OTHER_NUMBER, title="Trains cancelled in Orvin floods", source="c.txt"),
        summary_of(*CHESS, title="Petrescu is chess champion", source="d.txt"),
    ]


def facts_of(merged: Merged) -> list[Fact]:
    return [fact for story in merged.stories for fact in story.facts]


def fact_with(merged: Merged, words: str) -> Fact:
    found = [f for f in facts_of(merged) if any(words in c.claim.text for c in f.claims)]
    assert len(found) == 1, f"{len(found)} facts with {words!r}"
    return found[0]


def article_named(summaries: Sequence[ArticleSummary], source: str) -> Article:
    return next(s.article for s in summaries if s.article.source == source)


def test_nothing_merges_to_nothing() -> None:
    assert merge([]) == Merged(stories=(), sources=(), facts_left_out=0)


def test_articles_on_one_event_are_one_story_and_others_are_not() -> None:
    run = the_run()
    stories = {frozenset(story.article_ids) for story in merge(run).stories}
    flood = frozenset(s.article.id for s in run[:3])
    assert stories == {flood, frozenset([run[3].article.id])}


def test_claims_that_say_the_same_are_one_fact_with_every_citation() -> None:
    run = the_run()
    fact = fact_with(merge(run), "120 homes")
    assert set(fact.article_ids) == {run[0].article.id, run[1].article.id}
    assert fact.origins == 2
    assert "120 houses" in " ".join(c.claim.text for c in fact.claims)


def test_every_claim_is_in_exactly_one_fact() -> None:
    run = the_run()
    told = sorted(c.claim.text for fact in facts_of(merge(run)) for c in fact.claims)
    assert told == sorted(c.claim.text for s in run for c in s.supported)


def test_numbers_that_cannot_both_be_right_are_a_conflict_with_both_quotes() -> None:
    merged = merge(the_run())
    (conflict,) = [c for story in merged.stories for c in story.conflicts]
    assert conflict.kind is ConflictKind.NUMBER
    quotes = {conflict.first.evidence.quote, conflict.second.evidence.quote}
    assert FLOOD_OTHER_NUMBER[0] in quotes
    assert len(quotes) == 2
    assert {conflict.first.fact_id, conflict.second.fact_id} <= {f.id for f in facts_of(merged)}


def test_the_result_does_not_depend_on_the_order_of_the_articles() -> None:
    run = the_run()
    run.append(summary_of(*FLOOD, title="Floods", source="e.txt", published=None))
    results = {merge(order).model_dump_json() for order in permutations(run)}
    assert len(results) == 1


def test_an_article_given_twice_counts_once() -> None:
    run = the_run()
    assert merge([*run, run[0]]) == merge(run)


def test_a_near_copy_is_no_second_origin() -> None:
    text = (*FLOOD, "Shops in the valley were shut.", "Two bridges over the Orvin were closed.")
    copy = (*text[:4], "A spokesman had no comment.")
    run = [
        summary_of(*text, title="Floods in Orvin valley", source="a.txt"),
        summary_of(*copy, title="Orvin: floods in the valley", source="b.txt"),
        summary_of(*FLOOD_OTHER_WORDS, title="Floods shut Orvin schools", source="c.txt"),
    ]
    merged = merge(run)
    origin = {source.source: source.origin for source in merged.sources}
    assert origin["a.txt"] == origin["b.txt"] != origin["c.txt"]
    assert fact_with(merged, "400 soldiers").origins == 1
    fact = fact_with(merged, "120 homes")
    assert (len(fact.article_ids), fact.origins) == (3, 2)
    assert merged.stories[0].origins == 2


def test_the_fact_most_origins_tell_comes_first() -> None:
    assert len(merge(the_run()).stories[0].facts[0].article_ids) == 2


def test_the_story_most_origins_tell_comes_first() -> None:
    assert [len(story.article_ids) for story in merge(the_run()).stories] == [3, 1]


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_max_facts_limits_each_story_and_counts_what_it_leaves_out(limit: int) -> None:
    everything, cut = merge(the_run()), merge(the_run(), max_facts=limit)
    for whole, short in zip(everything.stories, cut.stories, strict=True):
        assert short.facts == whole.facts[:limit]
    assert cut.facts_left_out == len(facts_of(everything)) - len(facts_of(cut))
    shown = {fact.id for fact in facts_of(cut)}
    assert all(
        {c.first.fact_id, c.second.fact_id} <= shown for s in cut.stories for c in s.conflicts
    )


def test_sources_are_numbered_as_they_are_first_cited() -> None:
    run = [*the_run(), summary_of("Nothing new.", title="-", source="0.txt", supported=False)]
    merged = merge(run)
    cited = list(dict.fromkeys(i for fact in facts_of(merged) for i in fact.article_ids))
    assert [s.article_id for s in merged.sources[:4]] == cited
    assert [s.number for s in merged.sources] == [1, 2, 3, 4, 5]
    assert merged.sources[4].article_id == article_named(run, "0.txt").id


def test_an_article_without_supported_claims_makes_no_story_of_its_own() -> None:
    run = [summary_of("Nothing new.", title="-", source="0.txt", supported=False)]
    merged = merge(run)
    assert merged.stories == ()
    assert len(merged.sources) == 1


def test_the_headline_is_the_title_of_one_of_the_articles() -> None:
    run = the_run()
    titles = {s.article.id: s.article.title for s in run}
    for story in merge(run).stories:
        assert story.headline in {titles[i] for i in story.article_ids}


def test_without_a_title_the_headline_is_the_wording_of_the_lead() -> None:
    bare = summary_of(*CHESS, title="", source="d.txt")
    bare = bare.model_copy(update={"headline": "A model's headline that nobody checked"})
    (story,) = merge([bare]).stories
    assert (story.headline, story.headline_article_id) == (story.facts[0].text, None)


def test_a_fact_of_two_stories_is_placed_once() -> None:
    trial = "Judge Otto Lund fined the company Brelo 35,200 crowns on 4 March 2031."
    run = [
        summary_of(
            "Brelo opened a shop for garden chairs in Norby.",
            "Queues of customers reached the harbour square.",
            trial,
            title="Garden chairs: Norby queues",
            source="a.txt",
            published=dt.date(2031, 9, 1),
        ),
        summary_of(
            trial.replace("fined the company", "has fined"),
            "The verdict ends a long case about polluted wells.",
            "Lawyers will appeal against the verdict.",
            title="Verdict in the case of the polluted wells",
            source="b.txt",
            published=dt.date(2031, 3, 5),
        ),
    ]
    merged = merge(run)
    assert len(merged.stories) == 2
    assert len(fact_with(merged, "35,200").article_ids) == 2


def test_the_result_is_the_same_in_every_process() -> None:
    """Strings hash differently from process to process; no set may show through."""
    script = "from tests.test_merge import merge, the_run;print(merge(the_run()).model_dump_json())"
    root = Path(__file__).resolve().parents[1]
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
