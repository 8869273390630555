"""The merger on the five shared articles: two retell one report, and two tell of 350,000 GPUs."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest

from summarizer.data import Article, ArticleSummary, SupportedClaim, Writer
from summarizer.merge import Merged, merge
from summarizer.read import read_articles
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


@pytest.mark.parametrize("claims_of", [written, every_sentence])
def test_the_two_retellings_are_one_story_of_one_origin(
    articles: dict[str, Article], claims_of: Callable[[dict[str, Article]], list[ArticleSummary]]
) -> None:
    merged = merge(claims_of(articles))
    retold = {articles["000"].id, articles["001"].id}
    (story,) = [s for s in merged.stories if retold & set(s.article_ids)]
    assert set(story.article_ids) == retold
    assert story.origins == 1
    origins = {s.article_id: s.origin for s in merged.sources}
    assert len({origins[i] for i in retold}) == 1
    assert len(set(origins.values())) == 4


@pytest.mark.parametrize("claims_of", [written, every_sentence])
def test_350000_and_600000_gpus_are_no_conflict(
    articles: dict[str, Article], claims_of: Callable[[dict[str, Article]], list[ArticleSummary]]
) -> None:
    assert [c for story in merge(claims_of(articles)).stories for c in story.conflicts] == []


def test_the_order_of_the_files_does_not_matter(articles: dict[str, Article]) -> None:
    summaries = written(articles)
    assert len({merge(order).model_dump_json() for order in permutations(summaries)}) == 1


def test_the_release_of_july_is_one_story_and_january_another(articles: dict[str, Article]) -> None:
    name_of = {article.id: name for name, article in articles.items()}
    merged = merge(written(articles))
    stories = {frozenset(name_of[i] for i in s.article_ids) for s in merged.stories}
    assert stories == {frozenset({"000", "001"}), frozenset({"002", "003"}), frozenset({"004"})}
