"""The brief depends on what the articles say, not on their order, the process or the run."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.data import Article, ArticleSummary, Writer
from summarizer.merge import merge
from summarizer.pipeline import BriefOptions, brief
from summarizer.read import read_articles
from summarizer.render import to_json
from tests.conftest import make_supported

EXAMPLES = Path(__file__).parent.parent / "examples" / "articles"
# Copies of one wire story, a retold fact, and both conflicts that the examples hold.
CHOSEN = ("01", "03", "04", "05", "08", "09", "10", "11")
EIGHT = len(CHOSEN)
NOW = dt.datetime(2031, 5, 7, 6, 0, tzinfo=dt.UTC)
MAKE = """
import sys
from tests.test_merge_order import merged_bytes
sys.stdout.write(merged_bytes(range(8)))
"""


@cache
def summaries() -> tuple[ArticleSummary, ...]:
    """Return eight articles of two storylines; every fifth sentence of each is no claim."""
    paths = sorted(path for path in EXAMPLES.iterdir() if path.name.startswith(CHOSEN))
    articles = [one for one in read_articles(paths) if isinstance(one, Article)]
    return tuple(
        ArticleSummary(
            article=article,
            headline="",
            supported=tuple(
                make_supported(None, article, ids=(n,))
                for n in range(1, len(article.sentences) + 1)
                if n % 5
            ),
            rejected=(),
            writer=Writer.EXTRACTIVE,
        )
        for article in articles
    )


def merged_bytes(order: range | list[int]) -> str:
    """Return the merged stories of the articles in this order as JSON."""
    return merge([summaries()[n] for n in order], max_facts=5).model_dump_json()


def test_the_eight_articles_have_facts_of_several_sources_and_conflicts_to_order() -> None:
    merged = merge(summaries())
    assert any(len(fact.article_ids) > 1 for story in merged.stories for fact in story.facts)
    assert any(story.conflicts for story in merged.stories)
    assert any(len(story.article_ids) > 1 for story in merged.stories)


@settings(deadline=None, max_examples=60)
@given(st.permutations(range(EIGHT)))
def test_every_order_of_eight_articles_gives_the_same_brief(order: list[int]) -> None:
    assert merged_bytes(order) == merged_bytes(range(EIGHT))


@settings(deadline=None, max_examples=25)
@given(st.permutations(range(EIGHT)), st.integers(min_value=1, max_value=EIGHT))
def test_part_of_the_articles_gives_the_same_brief_in_any_order(
    order: list[int], count: int
) -> None:
    assert merged_bytes(order[:count]) == merged_bytes(sorted(order[:count]))


def test_processes_that_hash_otherwise_give_the_same_bytes() -> None:
    texts = {
        subprocess.run(
            [sys.executable, "-c", MAKE],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parent.parent,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2", "77")
    }
    assert texts == {merged_bytes(range(EIGHT))}


def test_two_runs_over_a_folder_give_the_same_bytes_but_for_the_run_itself() -> None:
    briefs = [brief(EXAMPLES, model="none", options=BriefOptions(), now=NOW) for _ in range(2)]
    fixed = [to_json(made.model_copy(update={"run": briefs[0].run})) for made in briefs]
    assert fixed[0] == fixed[1]
    assert briefs[0].run.created == briefs[1].run.created == NOW
