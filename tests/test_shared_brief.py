"""The five shared articles, without a model and with claims a real one wrote about them."""

from __future__ import annotations

from pathlib import Path

import pytest

from summarizer import brief
from summarizer.data import Article, Brief
from summarizer.read import read_articles
from summarizer.render import to_html
from summarizer.verify import verify_brief
from summarizer.verify.page import verify_page

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def extractive(shared_dir: Path) -> Brief:
    return brief(shared_dir / "articles", model="none")


def test_every_quote_of_the_brief_verifies(extractive: Brief, shared_dir: Path) -> None:
    read = read_articles([shared_dir / "articles"])
    articles = {one.id: one for one in read if isinstance(one, Article)}
    assert len(articles) == 5
    assert verify_brief(extractive, articles) == []


def test_the_page_of_the_five_articles_is_small_and_proves_itself(
    extractive: Brief, shared_dir: Path
) -> None:
    read = read_articles([shared_dir / "articles"])
    page = to_html(extractive, articles=[one for one in read if isinstance(one, Article)])
    assert len(page.encode()) <= 120_000
    report = verify_page(page)
    assert report.problems == []
    assert report.compared
    assert len(report.embedded) == 5


def test_the_two_retellings_are_one_story_and_one_origin(extractive: Brief) -> None:
    origin = {source.source[:3]: source.origin for source in extractive.sources}
    assert origin["000"] == origin["001"]
    assert len(set(origin.values())) == 4
    number = {source.article_id: source.source[:3] for source in extractive.sources}
    stories = [{number[a] for a in story.article_ids} for story in extractive.stories]
    assert {"000", "001"} in stories


def test_teasers_and_share_lines_are_no_facts(extractive: Brief) -> None:
    text = " ".join(fact.text for story in extractive.stories for fact in story.facts)
    for furniture in ("Hot Picks", "Won", "Share This", "Leave a", "See Also", "Read Also", "©"):
        assert furniture not in text
