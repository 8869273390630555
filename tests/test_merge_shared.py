"""The merger on the five shared articles: three stories of one storyline, and two conflicts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from itertools import permutations
from pathlib import Path

import pytest

from summarizer.data import (
    Article,
    ArticleSummary,
    Brief,
    Conflict,
    ConflictKind,
    ModelInfo,
    SupportedClaim,
    Writer,
)
from summarizer.merge import Merged, merge
from summarizer.pipeline import BriefOptions, Run, assemble
from summarizer.read import read_articles
from summarizer.verify import verify_brief
from tests.conftest import make_supported

pytestmark = pytest.mark.shared

# (article, words of the sentence it rests on, claim as a small model words it)
WRITTEN = (
    ("000", "GPT-4", "Meta is building a powerful new AI system at the level of OpenAI's GPT-4."),
    ("000", "early next year", "Meta is planning to start training the new LLM early next year."),
    ("000", "H100", "Meta is expanding data centers and securing Nvidia's AI semiconductor H100."),
    ("000", "Azure", "Meta prepares to train the new AI model with Microsoft's Azure platform."),
    ("000", "separate team earlier", "Mark Zuckerberg formed a team for generative AI tools."),
    ("000", "released in July", "Meta plans to reach this goal by upgrading Llama 2 by next year."),
    ("001", "most advanced systems", "Meta works on an AI model to rival OpenAI's most advanced."),
    ("001", "early 2024", "Meta anticipates commencing training for the LLM in early 2024."),
    ("001", "H100", "Meta is constructing data centers and getting more of Nvidia's H100 chips."),
    ("001", "Azure", "Microsoft worked with Meta to make Llama 2 available on Azure."),
    ("001", "several times", "The goal is an AI model several times more powerful than Llama 2."),
    ("001", "proprietary infra", "Meta intends to train its AI model on its own infrastructure."),
    ("002", "debuted Tuesday", "Llama's latest release debuted Tuesday and solves math problems."),
    ("002", "take on Alphabet", "Zuckerberg plans to take on Alphabet, OpenAI and xAI with Llama."),
    ("003", "sophisticated AI model", "Meta Platforms has introduced its AI model Llama 3.1."),
    ("003", "350,000", "Meta looks to expand its Nvidia H100 GPU roster to 350,000 by year's end."),
    ("003", "Llama 4", "Work on Llama 4 is already underway."),
    ("004", "350,000", "Meta aims to get 350,000 H100 GPUs from Nvidia by the end of the year."),
    ("004", "600,000", "Meta is on track to possess a total of about 600,000 GPUs."),
    ("004", "third version", "Meta is training a third version of the Llama model."),
)  # fmt: skip
SHARED_FACTS = (
    {"GPT-4.", "most advanced."},
    {"early next year.", "early 2024."},
    {"semiconductor H100.", "H100 chips."},
    {"350,000 by year's end.", "end of the year."},
)


@pytest.fixture(scope="module")
def articles(shared_dir: Path) -> dict[str, Article]:
    read = read_articles([shared_dir / "articles"])
    return {Path(a.source).name[:3]: a for a in read if isinstance(a, Article)}


def summary(article: Article, claims: list[SupportedClaim]) -> ArticleSummary:
    return ArticleSummary(
        article=article,
        headline=article.title,
        supported=tuple(claims),
        rejected=(),
        writer=Writer.MODEL,
    )


def sentence_with(article: Article, words: str) -> int:
    numbers = range(1, len(article.sentences) + 1)
    found = [n for n in numbers if words in article.sentence_text(n)]
    assert found, f"no sentence of {article.source} has {words!r}"
    return found[0]


def written(articles: dict[str, Article]) -> list[ArticleSummary]:
    summaries = []
    for name, article in articles.items():
        claims = []
        for of, words, text in WRITTEN:
            if of == name:
                n = sentence_with(article, words)
                claims.append(make_supported(text, article, ids=(n,)))
        summaries.append(summary(article, claims))
    return summaries


def every_sentence(articles: dict[str, Article]) -> list[ArticleSummary]:
    return [
        summary(a, [make_supported(None, a, ids=(n,)) for n in range(1, len(a.sentences) + 1)])
        for a in articles.values()
    ]


def joined_facts(merged: Merged) -> list[set[str]]:
    """Return the texts of every fact of more than one claim."""
    facts = [fact for story in merged.stories for fact in story.facts]
    return [{c.claim.text for c in f.claims} for f in facts if len(f.claims) > 1]


def ends(texts: set[str]) -> set[str]:
    return {end for pair in SHARED_FACTS for end in pair for text in texts if text.endswith(end)}


def test_written_claims_merge_into_the_four_shared_facts_and_no_other(
    articles: dict[str, Article],
) -> None:
    found = joined_facts(merge(written(articles)))
    assert sorted(sorted(ends(texts)) for texts in found) == sorted(map(sorted, SHARED_FACTS))
    assert all(len(texts) == 2 for texts in found)


def test_whole_sentences_merge_into_the_four_shared_facts_and_no_other(
    articles: dict[str, Article],
) -> None:
    found = joined_facts(merge(every_sentence(articles)))
    marks = [
        ("GPT-4", "most advanced systems"),
        ("early next year", "early 2024"),
        ("securing Nvidia", "increasing its holdings"),
        ("roster", "acquire approximately 350,000"),
    ]
    assert len(found) == len(marks)
    for mark in marks:
        assert any(all(any(m in t for t in texts) for m in mark) for texts in found), mark


Claims = Callable[[dict[str, Article]], list[ArticleSummary]]
in_both_forms = pytest.mark.parametrize("claims_of", [written, every_sentence])


def brief_of(summaries: Iterable[ArticleSummary]) -> Brief:
    """Return the brief with all facts, sentences that no claim rests on cited as well."""
    return assemble(
        list(summaries),
        [],
        ModelInfo(name="fake-1b"),
        BriefOptions(max_facts=None),
        Run(None),
        now=dt.datetime(2031, 5, 7, tzinfo=dt.UTC),
    )


def conflicts_of(brief: Brief) -> list[Conflict]:
    return [conflict for story in brief.stories for conflict in story.conflicts]


@in_both_forms
def test_the_two_retellings_are_one_story_of_one_origin(
    articles: dict[str, Article], claims_of: Claims
) -> None:
    brief = brief_of(claims_of(articles))
    retold = {articles["000"].id, articles["001"].id}
    (story,) = [s for s in brief.stories if retold & set(s.article_ids)]
    assert set(story.article_ids) == retold
    assert story.origins == 1
    origins = {s.article_id: s.origin for s in brief.sources}
    assert len({origins[i] for i in retold}) == 1
    assert len(set(origins.values())) == 4


@in_both_forms
def test_three_stories_are_one_storyline_september_january_july(
    articles: dict[str, Article], claims_of: Claims
) -> None:
    name_of = {article.id: name for name, article in articles.items()}
    brief = brief_of(claims_of(articles))
    stories = {story.id: {name_of[i] for i in story.article_ids} for story in brief.stories}
    (line,) = brief.storylines
    assert [stories.pop(i) for i in line.story_ids] == [{"000", "001"}, {"004"}, {"002", "003"}]
    assert stories == {}


@in_both_forms
def test_the_conflicts_are_whose_servers_and_whose_llama_2_and_no_other(
    articles: dict[str, Article], claims_of: Claims
) -> None:
    """350,000 of one maker and 600,000 in all are different quantities."""
    name_of = {article.id: name for name, article in articles.items()}
    brief = brief_of(claims_of(articles))
    found = {
        conflict.kind: {
            name_of[side.evidence.article_id]: side for side in (conflict.first, conflict.second)
        }
        for conflict in conflicts_of(brief)
    }
    assert len(conflicts_of(brief)) == 2
    trained, given = found[ConflictKind.PLACE], found[ConflictKind.NAME]
    assert set(trained) == {"000", "001"}
    assert "Azure" in trained["000"].value
    assert "its proprietary infrastructure" in trained["001"].value
    assert given["001"].value == "OpenAI"
    assert "Llama 2" in given["001"].evidence.quote
    (other,) = (side for name, side in given.items() if name != "001")
    assert other.value == "Meta"
    assert "Llama" in other.evidence.quote


@in_both_forms
def test_nothing_moved_between_the_stories(articles: dict[str, Article], claims_of: Claims) -> None:
    brief = brief_of(claims_of(articles))
    assert [update for story in brief.stories for update in story.updates] == []


@in_both_forms
def test_the_brief_verifies_and_the_order_of_the_files_does_not_matter(
    articles: dict[str, Article], claims_of: Claims
) -> None:
    summaries = claims_of(articles)
    brief = brief_of(summaries)
    assert verify_brief(brief, {article.id: article for article in articles.values()}) == []
    told = [c for s in brief.stories for f in s.facts for c in (*f.claims, *f.refines)]
    assert len(told) == brief.coverage.supported + brief.coverage.quoted
    assert brief_of(reversed(summaries)).stories == brief.stories


def test_no_permutation_of_the_files_matters(articles: dict[str, Article]) -> None:
    summaries = written(articles)
    assert len({merge(order).model_dump_json() for order in permutations(summaries)}) == 1
