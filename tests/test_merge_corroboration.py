"""summarizer.merge.facts.corroboration: sentences that nobody claimed, cited beside claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations

import pytest

from summarizer.data import (
    Article,
    ArticleSummary,
    ConflictKind,
    Evidence,
    Fact,
    SupportedClaim,
    Writer,
)
from summarizer.merge import Merged, merge
from summarizer.merge.facts.claims import tellings
from summarizer.merge.facts.corroboration import comparable, corroborate, unclaimed
from summarizer.merge.facts.joining import Comparer, Group
from tests.conftest import make_article, make_supported

CLAIM = "Floods in the Orvin valley destroyed 120 houses, governor Lena Brask said."
SAME = "The floods destroyed 120 houses in the Orvin valley, governor Lena Brask has said."
LESS = "Floods in the Orvin valley destroyed houses, governor Lena Brask said."
NO_GOVERNOR = "Floods in the Orvin valley destroyed 120 houses."
OTHERWISE = "Floods in the Orvin valley destroyed 210 houses, governor Lena Brask said."
SOLDIERS = "The army sent soldiers with boats to the Orvin valley."
SCHOOLS = "Schools in the Orvin valley stay closed this week."
TRAINS = "Trains through the Orvin valley were cancelled."
TITLE = "Floods in the Orvin valley"


def article_of(*sentences: str, name: str) -> Article:
    return make_article(*sentences, title=TITLE, source=name)


def said(article: Article, *claims: SupportedClaim) -> ArticleSummary:
    return ArticleSummary(
        article=article, headline="", supported=claims, rejected=(), writer=Writer.MODEL
    )


def sentences_of(article: Article) -> list[SupportedClaim]:
    return [
        make_supported(None, article, ids=(n,), writer=Writer.EXTRACTIVE)
        for n in range(1, len(article.sentences) + 1)
    ]


def quotable(run: Sequence[ArticleSummary]) -> Mapping[str, Sequence[SupportedClaim]]:
    return {summary.article.id: sentences_of(summary.article) for summary in run}


def merged(run: Sequence[ArticleSummary]) -> Merged:
    return merge(run, quotable=quotable(run))


def facts_of(result: Merged) -> list[Fact]:
    return [fact for story in result.stories for fact in story.facts]


def fact_with(result: Merged, claim: str) -> Fact:
    (fact,) = [f for f in facts_of(result) if claim in {c.claim.text for c in f.claims}]
    return fact


def two(second: str, *, claim: str = CLAIM) -> tuple[list[ArticleSummary], Article, Article]:
    """Return a run of two articles: `claim` of the first, `second` a sentence nobody claimed."""
    first = article_of(claim, SOLDIERS, name="a")
    other = article_of(SCHOOLS, second, name="b")
    run = [said(first, *map_claims(first, 1)), said(other, *map_claims(other, 1))]
    return run, first, other


def map_claims(article: Article, *numbers: int) -> list[SupportedClaim]:
    return [make_supported(None, article, ids=(n,)) for n in numbers]


def places(evidence: Sequence[Evidence]) -> set[tuple[str, tuple[int, ...]]]:
    return {(e.article_id, e.sentence_ids) for e in evidence}


def test_a_sentence_that_says_the_same_is_cited_beside_the_claim() -> None:
    run, first, other = two(SAME)
    result = merged(run)
    fact = fact_with(result, CLAIM)
    assert places(fact.citations) == {(first.id, (1,)), (other.id, (2,))}
    assert (fact.origins, fact.refines, result.quoted) == (2, (), 1)


def test_without_quotable_sentences_nothing_is_cited_beside_the_claims() -> None:
    run, first, _ = two(SAME)
    result = merge(run)
    assert fact_with(result, CLAIM).article_ids == (first.id,)
    assert result.quoted == 0


def test_the_wording_stays_that_of_a_claim() -> None:
    run, first, _ = two(SAME)
    weak = make_supported(CLAIM, first, ids=(1,), score=0.55)
    fact = fact_with(merged([said(first, weak), run[1]]), CLAIM)
    assert (fact.text, fact.claims[0].claim.writer) == (CLAIM, Writer.MODEL)
    assert fact.claims[1].claim.writer is Writer.EXTRACTIVE


@pytest.mark.parametrize("less", [LESS, "Floods destroyed 120 houses in the valley.", NO_GOVERNOR])
def test_a_sentence_that_says_less_is_no_full_support(less: str) -> None:
    run, first, other = two(less)
    result = merged(run)
    fact = fact_with(result, CLAIM)
    assert [c.claim.text for c in fact.claims] == [CLAIM]
    assert [c.claim.text for c in fact.refines] == [less]
    assert set(fact.article_ids) == {first.id, other.id}
    assert result.quoted == 1


def test_a_sentence_far_shorter_than_the_claim_is_no_full_support() -> None:
    long = f"{CLAIM[:-1]} in Norby after a flight with Ada Holm."
    run, _, _ = two(NO_GOVERNOR, claim=long)
    fact = fact_with(merged(run), long)
    assert [c.claim.text for c in fact.refines] == [NO_GOVERNOR]


def test_a_claim_that_lacks_a_number_of_the_new_wording_becomes_less_specific() -> None:
    """ "Its 120 houses …" cannot be read by itself, so the sentence words the fact."""
    claim = "They destroyed houses in the Orvin valley, governor Lena Brask said of the floods."
    run, _, _ = two(CLAIM, claim=claim)
    (fact,) = [f for f in facts_of(merged(run)) if "houses" in f.text]
    assert fact.text == CLAIM
    assert [c.claim.text for c in fact.refines] == [claim]


def test_a_sentence_joins_one_fact_only_the_surest() -> None:
    nearer = SAME.replace("has said", "said")
    farther = "Governor Lena Brask said the Orvin valley had lost 120 houses to the floods."
    first = article_of(nearer, SOLDIERS, name="a")
    second = article_of(farther, TRAINS, name="b")
    third = article_of(SCHOOLS, CLAIM, name="c")
    articles = [first, second, third]
    claims = [(0, map_claims(first, 1)[0]), (1, map_claims(second, 1)[0])]
    sentence = (2, sentences_of(third)[1])
    comparer = Comparer(tellings(articles, [*claims, sentence]))
    apart = [Group((0,)), Group((1,))]
    assert comparer.margin(0, 2) > comparer.margin(1, 2) > 0
    for pairs in ([(0, 2), (1, 2)], [(1, 2), (0, 2)]):
        groups = corroborate(comparer, apart, pairs)
        assert [group.members for group in groups] == [(0, 2), (1,)]


def test_no_second_sentence_of_an_article_joins_a_fact() -> None:
    first = article_of(CLAIM, SOLDIERS, name="a")
    other = article_of(SCHOOLS, SAME, LESS, name="b")
    result = merged([said(first, *map_claims(first, 1)), said(other, *map_claims(other, 1))])
    assert result.quoted == 1
    own = [e for e in fact_with(result, CLAIM).citations if e.article_id == other.id]
    assert [e.sentence_ids for e in own] == [(2,)]


def test_no_sentence_of_an_article_joins_its_own_claims() -> None:
    first = article_of(CLAIM, SAME, name="a")
    other = article_of(SCHOOLS, TRAINS, name="b")
    result = merged([said(first, *map_claims(first, 1)), said(other, *map_claims(other, 1))])
    assert fact_with(result, CLAIM).article_ids == (first.id,)
    assert result.quoted == 0


def test_sentences_are_compared_inside_a_storyline_only() -> None:
    articles = [
        article_of(CLAIM, SOLDIERS, name="a"),
        article_of(SCHOOLS, SAME, name="b"),
        article_of(TRAINS, SAME, name="c"),
    ]
    run = [said(a, *map_claims(a, 1)) for a in articles]
    found = unclaimed(run, quotable(run), [0, 0, 1])
    assert [(n, c.claim.text) for n, c in found] == [(0, SOLDIERS), (1, SAME)], "c is alone"
    every = [(n, c) for n, s in enumerate(run) for c in s.supported]
    every += unclaimed(run, quotable(run), [0, 0, 0])
    comparer = Comparer(tellings(articles, every))
    texts = [c.claim.text for _, c in every]

    def pairs(line_of: Sequence[int]) -> set[tuple[int, int]]:
        found = comparable(comparer, len(run), line_of)
        return {
            (every[i][0], every[j][0]) for i, j in found if {texts[i], texts[j]} == {CLAIM, SAME}
        }

    assert pairs([0, 0, 0]) == {(0, 1), (0, 2)}
    assert pairs([0, 0, 1]) == {(0, 1)}
    assert pairs([0, 1, 1]) == set()


def test_two_sentences_are_never_a_pair() -> None:
    first, other = article_of(SOLDIERS, CLAIM, name="a"), article_of(SCHOOLS, SAME, name="b")
    result = merged([said(a, *map_claims(a, 1)) for a in (first, other)])
    assert result.quoted == 0
    assert {f.text for f in facts_of(result)} == {SOLDIERS, SCHOOLS}


def test_a_sentence_that_an_article_repeats_is_looked_at_once() -> None:
    first = article_of(CLAIM, SOLDIERS, CLAIM, name="a")
    other = article_of(SCHOOLS, SAME, TRAINS, SAME, name="b")
    run = [said(first, *map_claims(first, 1)), said(other, *map_claims(other, 1))]
    found = unclaimed(run, quotable(run), [0, 0])
    assert [(n, c.claim.text) for n, c in found] == [(0, SOLDIERS), (1, SAME), (1, TRAINS)]


def test_a_sentence_that_a_claim_rests_on_is_no_unclaimed_one() -> None:
    first = article_of(CLAIM, SOLDIERS, name="a")
    other = article_of(SCHOOLS, SAME, name="b")
    reworded = make_supported("Pupils in Orvin stay at home.", other, ids=(1,))
    run = [said(first, *map_claims(first, 1)), said(other, reworded)]
    found = unclaimed(run, quotable(run), [0, 0])
    assert [c.claim.text for _, c in found] == [SOLDIERS, SAME]


def test_a_sentence_that_disputes_a_claim_becomes_a_fact_of_its_own() -> None:
    run, first, other = two(OTHERWISE)
    result = merged(run)
    (conflict,) = [c for story in result.stories for c in story.conflicts]
    assert conflict.kind is ConflictKind.NUMBER
    sides = {
        (s.evidence.article_id, s.evidence.sentence_ids): s
        for s in (conflict.first, conflict.second)
    }
    assert set(sides) == {(first.id, (1,)), (other.id, (2,))}
    fact = fact_with(result, OTHERWISE)
    assert sides[other.id, (2,)].fact_id == fact.id
    assert fact.claims[0].claim.writer is Writer.EXTRACTIVE
    assert (fact.origins, result.quoted) == (1, 1)


def test_a_disputing_sentence_said_twice_is_quoted_where_its_fact_cites_it() -> None:
    first = article_of(CLAIM, SOLDIERS, CLAIM, name="a")
    other = article_of(SCHOOLS, OTHERWISE, OTHERWISE, name="b")
    result = merged([said(first, *map_claims(first, 3)), said(other, *map_claims(other, 1))])
    (conflict,) = [c for story in result.stories for c in story.conflicts]
    facts = {fact.id: fact for fact in facts_of(result)}
    for side in (conflict.first, conflict.second):
        assert side.evidence in facts[side.fact_id].citations


def test_a_sentence_that_neither_tells_nor_disputes_is_not_told() -> None:
    run, _, _ = two(TRAINS)
    result = merged(run)
    assert result.quoted == 0
    assert TRAINS not in {fact.text for fact in facts_of(result)}


@pytest.mark.parametrize("sentence", [SAME, LESS, OTHERWISE])
def test_the_order_of_the_articles_does_not_matter(sentence: str) -> None:
    articles = [
        article_of(CLAIM, SOLDIERS, name="a"),
        article_of(SCHOOLS, sentence, name="b"),
        article_of(TRAINS, SAME, OTHERWISE, name="c"),
    ]
    run = [said(a, *map_claims(a, 1)) for a in articles]
    results = {merged(order).model_dump_json() for order in permutations(run)}
    assert len(results) == 1
    assert merged(run).quoted >= 2
