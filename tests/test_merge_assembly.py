"""summarizer.merge.telling.assembly: facts and differences put into stories."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import permutations

import pytest

from summarizer.data import (
    Article,
    ArticleSummary,
    Brief,
    ChangeKind,
    Conflict,
    ConflictKind,
    Fact,
    ModelInfo,
    Side,
    SupportedClaim,
    Update,
    Writer,
)
from summarizer.merge import merge
from summarizer.merge.facts.joining import make_fact
from summarizer.merge.sentences.conflicts import Mark, SentenceConflict
from summarizer.merge.stories.grouping import Likeness
from summarizer.merge.telling.assembly import Run, SentenceFacts, tell_stories
from summarizer.merge.telling.limits import word_count
from summarizer.pipeline import BriefOptions, assemble
from summarizer.pipeline import Run as Clock
from summarizer.render import to_markdown
from summarizer.verify import verify_brief
from tests.conftest import make_article, make_supported

NOW = dt.datetime(2031, 6, 1, 6, 0, tzinfo=dt.UTC)
FIRST = make_article(
    "The ferry Orla sank off Sund on Monday, and 12 people drowned.",
    "The software company Kvant steered the ferry with Kvant's Quillo 2 model.",
    "Divers found the wreck at a depth of 40 metres.",
    title="Ferry Orla sinks off Sund",
    source="first.txt",
    published=dt.date(2031, 5, 5),
)
SECOND = make_article(
    "Twelve people drowned when the ferry Orla sank off Sund.",
    "The harbour office of Sund closed the line for a week.",
    title="Sund mourns after ferry Orla sinks",
    source="second.txt",
    published=dt.date(2031, 5, 6),
)
LATER = make_article(
    "A court in Sund heard the captain of the ferry Orla.",
    "The chipmaker Brelo told the court of Brelo's Quillo 3 model.",
    title="Captain of the ferry Orla in court",
    source="later.txt",
    published=dt.date(2031, 5, 28),
)
ARTICLES = (FIRST, SECOND, LATER)


def said(article: Article, *numbers: int) -> ArticleSummary:
    claims = [make_supported(None, article, ids=(n,)) for n in numbers]
    return ArticleSummary(
        article=article, headline="", supported=tuple(claims), rejected=(), writer=Writer.MODEL
    )


def run_of(
    stories: Sequence[int],
    lines: Sequence[Sequence[int]] = (),
    articles: Sequence[Article] = ARTICLES,
) -> Run:
    return Run(
        summaries=[said(article, 1) for article in articles],
        likeness=Likeness(articles),
        stories=stories,
        lines=lines,
        origin_of={article.id: n for n, article in enumerate(articles)},
        linked=frozenset(),
    )


def fact(run: Run, *places: tuple[Article, int]) -> Fact:
    return make_fact([make_supported(None, a, ids=(n,)) for a, n in places], run.origin_of)


def side(of: Fact, value: str) -> Side:
    return Side(fact_id=of.id, evidence=of.citations[0], value=value)


def sentences_of(article: Article) -> list[SupportedClaim]:
    return [
        make_supported(
            " ".join(article.sentence_text(n).split()), article, ids=(n,), writer=Writer.EXTRACTIVE
        )
        for n in range(1, len(article.sentences) + 1)
    ]


QUOTABLE = {article.id: sentences_of(article) for article in ARTICLES}


# --- stories and storylines -------------------------------------------------------------------


def test_a_story_holds_its_articles_facts_and_origins() -> None:
    run = run_of([0, 0, 2])
    facts = [fact(run, (FIRST, 1), (SECOND, 1)), fact(run, (SECOND, 2)), fact(run, (LATER, 1))]
    stories, lines = tell_stories(run, facts, [], [])
    assert [set(story.article_ids) for story in stories] == [{FIRST.id, SECOND.id}, {LATER.id}]
    assert [{f.id for f in s.facts} for s in stories] == [{facts[0].id, facts[1].id}, {facts[2].id}]
    assert [story.origins for story in stories] == [2, 1]
    assert lines == []


def test_a_conflict_stands_with_its_first_fact_and_an_update_with_its_later_one() -> None:
    run = run_of([0, 0, 2])
    facts = [fact(run, (FIRST, 1)), fact(run, (SECOND, 2)), fact(run, (LATER, 1))]
    conflict = Conflict(
        kind=ConflictKind.NAME, first=side(facts[2], "court"), second=side(facts[0], "ferry")
    )
    update = Update(
        kind=ConflictKind.NUMBER, earlier=side(facts[2], "A"), later=side(facts[1], "The")
    )
    stories, _ = tell_stories(run, facts, [conflict], [update])
    held = {story.article_ids: (story.conflicts, story.updates) for story in stories}
    assert held[FIRST.id, SECOND.id] == ((), (update,))
    assert held[LATER.id,] == ((conflict,), ())


def test_storylines_name_stories_that_exist_in_the_order_given() -> None:
    run = run_of([0, 1, 2], [[2, 0, 1]])
    facts = [fact(run, (article, 1)) for article in ARTICLES]
    stories, (line,) = tell_stories(run, facts, [], [])
    article_of = {story.id: story.article_ids for story in stories}
    assert [article_of[i] for i in line.story_ids] == [(LATER.id,), (FIRST.id,), (SECOND.id,)]


@pytest.mark.parametrize(("told", "lines"), [((FIRST, SECOND), 1), ((FIRST,), 0)])
def test_a_story_without_facts_is_in_no_storyline(told: tuple[Article, ...], lines: int) -> None:
    run = run_of([0, 1, 2], [[0, 1, 2]])
    stories, found = tell_stories(run, [fact(run, (article, 1)) for article in told], [], [])
    assert len(found) == lines
    ids = {story.id for story in stories}
    assert len(ids) == len(told)
    assert all(set(line.story_ids) == ids for line in found)


def test_articles_of_one_storyline_share_a_label() -> None:
    assert run_of([0, 1, 2], [[2, 1]]).line_of == [0, 1, 1]
    assert run_of([0, 0, 2], []).line_of == [0, 0, 2]


# --- sentences that dispute -------------------------------------------------------------------


def mark(article: Article, sentence: int, value: str) -> Mark:
    start = article.sentences[sentence - 1].start + article.sentence_text(sentence).index(value)
    return Mark(ARTICLES.index(article), sentence, start, start + len(value))


def makers() -> SentenceConflict:
    return SentenceConflict(ConflictKind.NAME, mark(FIRST, 2, "Kvant"), mark(LATER, 2, "Brelo"))


def test_a_sentence_that_a_fact_cites_is_that_facts_side() -> None:
    run = run_of([0, 0, 2], [[0, 2]])
    facts = [fact(run, (FIRST, 2)), fact(run, (LATER, 2))]
    found = SentenceFacts(run, facts, {}).conflict(makers())
    assert found is not None
    conflict, told = found
    assert told == facts
    assert (conflict.first.fact_id, conflict.second.fact_id) == (facts[0].id, facts[1].id)
    assert (conflict.first.value, conflict.second.value) == ("Kvant", "Brelo")


def test_a_sentence_of_no_claim_becomes_a_quoted_fact() -> None:
    run = run_of([0, 0, 2], [[0, 2]])
    held = fact(run, (FIRST, 2))
    found = SentenceFacts(run, [held], QUOTABLE).conflict(makers())
    assert found is not None
    conflict, told = found
    assert told[0] == held
    assert (told[1].text, told[1].id) == (LATER.sentence_text(2), conflict.second.fact_id)
    assert told[1].claims[0].claim.writer is Writer.EXTRACTIVE
    assert conflict.second.mark is not None
    assert LATER.text[conflict.second.mark.start : conflict.second.mark.end] == "Brelo"


@pytest.mark.parametrize("silent", [FIRST, LATER])
def test_a_conflict_of_which_one_sentence_may_not_be_quoted_is_dropped(silent: Article) -> None:
    allowed = {i: own for i, own in QUOTABLE.items() if i != silent.id}
    run = run_of([0, 0, 2], [[0, 2]])
    assert SentenceFacts(run, [], allowed).conflict(makers()) is None
    assert SentenceFacts(run, [], QUOTABLE).conflict(makers()) is not None


def test_the_whole_merger_finds_the_makers_that_no_claim_names() -> None:
    run = [said(article, 1) for article in ARTICLES]
    merged = merge(run, quotable=QUOTABLE)
    (conflict,) = [c for story in merged.stories for c in story.conflicts]
    assert {conflict.first.value, conflict.second.value} == {"Kvant", "Brelo"}
    assert merged.quoted == 2
    (line,) = merged.storylines
    assert len(line.story_ids) == len(merged.stories) == 2
    assert merge(run).stories[0].conflicts == ()


@pytest.mark.parametrize(("gap", "conflicts"), [(" ", 1), ("\n", 0)])
def test_a_value_twice_in_one_article_is_quoted_where_the_fact_cites_it(
    gap: str, conflicts: int
) -> None:
    """The conflict is found in the first of two sentences, and the fact cites the second."""
    twice = LATER.sentence_text(2)
    again = make_article(
        LATER.sentence_text(1),
        twice.replace(" told", f"{gap}told"),
        twice,
        title=LATER.title,
        source=LATER.source,
        published=LATER.published,
    )
    run = [said(FIRST, 1, 2), said(again, 1, 3)]
    merged = merge(run, quotable={FIRST.id: sentences_of(FIRST), again.id: sentences_of(again)})
    found = [c for story in merged.stories for c in story.conflicts]
    assert len(found) == conflicts, "a place cannot be told in a quote with other white space"
    facts = {f.id: f for story in merged.stories for f in story.facts}
    for one in (side for conflict in found for side in (conflict.first, conflict.second)):
        assert one.evidence in facts[one.fact_id].citations
        assert one.mark is not None
        start, end = (place - one.evidence.start for place in (one.mark.start, one.mark.end))
        assert one.evidence.quote[start:end] == one.value
    assert merged.quoted == 0


# --- the brief --------------------------------------------------------------------------------


def brief_of(
    *summaries: ArticleSummary, options: BriefOptions | None = None
) -> tuple[Brief, dict[str, Article]]:
    made = assemble(
        summaries, [], ModelInfo(name="fake-1b"), options or BriefOptions(), Clock(None), now=NOW
    )
    return made, {summary.article.id: summary.article for summary in summaries}


def test_quoted_sentences_are_counted_and_the_brief_verifies() -> None:
    run = [said(FIRST, 1, 3), said(SECOND, 2), said(LATER, 1)]
    brief, articles = brief_of(*run)
    claims = [c for s in brief.stories for f in s.facts for c in (*f.claims, *f.refines)]
    quoted = [c for c in claims if c.claim.writer is Writer.EXTRACTIVE]
    assert {c.claim.text for c in quoted} == {
        FIRST.sentence_text(2), LATER.sentence_text(2), SECOND.sentence_text(1)
    }  # fmt: skip
    assert brief.coverage.quoted == len(quoted) == 3
    assert brief.coverage.supported + brief.coverage.quoted == len(claims)
    assert len([c for s in brief.stories for c in s.conflicts]) == 1
    assert verify_brief(brief, articles) == []
    assert "- Cited beside the claims: 3 sentences\n" in to_markdown(brief)


def test_a_brief_that_quotes_nothing_beside_its_claims_says_nothing_of_it() -> None:
    brief, _ = brief_of(said(FIRST, 1, 3))
    assert brief.coverage.quoted == 0
    assert "beside the claims" not in to_markdown(brief)


@pytest.mark.parametrize(
    ("wrong", "message"), [(2, "facts rest on 7 claims"), (4, "3 sentences"), (-1, "quoted is -1")]
)
def test_a_wrong_count_of_quoted_sentences_is_refused(wrong: int, message: str) -> None:
    brief, articles = brief_of(said(FIRST, 1, 3), said(SECOND, 2), said(LATER, 1))
    coverage = brief.coverage.model_copy(update={"quoted": wrong})
    problems = verify_brief(brief.model_copy(update={"coverage": coverage}), articles)
    assert any(message in problem.message for problem in problems)


def test_the_brief_does_not_depend_on_the_order_of_the_articles() -> None:
    run = [said(FIRST, 1), said(SECOND, 2), said(LATER, 1)]
    made = {merge(order, quotable=QUOTABLE).model_dump_json() for order in permutations(run)}
    assert len(made) == 1


# --- since an earlier brief -------------------------------------------------------------------


def test_what_is_new_is_ranked_up_after_it_was_marked() -> None:
    earlier, _ = brief_of(said(FIRST, 1, 2))
    whole = merge([said(FIRST, 1, 2, 3)])
    assert [f.text for f in whole.stories[0].facts][-1] == FIRST.sentence_text(3)
    since = merge([said(FIRST, 1, 2, 3)], since=earlier)
    (story,) = since.stories
    new = next(f for f in story.facts if f.text == FIRST.sentence_text(3))
    assert new.change is not None
    assert new.change.kind is ChangeKind.NEW
    assert story.facts.index(new) <= 1, "the lead may stand before it, and nothing else"


def test_limits_come_after_the_marks_and_what_they_leave_out_is_marked() -> None:
    earlier, _ = brief_of(said(FIRST, 1, 2))
    since = merge([said(FIRST, 1, 2, 3)], since=earlier, max_facts=2)
    (story,) = since.stories
    assert FIRST.sentence_text(3) in {f.text for f in story.facts}, "new facts are shown first"
    (left,) = story.left_out
    assert left.change is None
    assert since.since is not None
    assert (since.since.known, since.facts_left_out) == (2, 1)


@pytest.mark.parametrize("max_words", [1, 20, 35, 1000])
def test_the_words_of_a_brief_with_an_earlier_one_are_limited(max_words: int) -> None:
    earlier, _ = brief_of(said(FIRST, 1))
    options = BriefOptions(since=earlier, max_words=max_words)
    brief, articles = brief_of(*(said(a, 1, 2) for a in ARTICLES), options=options)
    shown = [f for story in brief.stories for f in story.facts]
    assert sum(word_count(f.text) for f in shown) <= max_words
    assert (max_words < 1000) == any(story.left_out for story in brief.stories)
    assert verify_brief(brief, articles) == []
