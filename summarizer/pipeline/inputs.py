"""What a brief is made of: files, folders and Articles, one or many."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from summarizer.data import Article, SkippedArticle
from summarizer.pipeline.run import Run
from summarizer.read import read_articles

PathLike = str | os.PathLike[str]
Inputs = PathLike | Article | Iterable[PathLike | Article]


def read_inputs(inputs: Inputs, run: Run) -> tuple[list[Article], tuple[SkippedArticle, ...]]:
    """Read files and folders; Articles given are taken as they are."""
    given = [inputs] if isinstance(inputs, str | os.PathLike | Article) else list(inputs)
    articles = {one.id: one for one in given if isinstance(one, Article)}
    paths = [Path(one) for one in given if not isinstance(one, Article)]
    skipped: list[SkippedArticle] = []
    with run.stage("read"):
        for item in read_articles(paths):
            run.progress("read", len(articles) + len(skipped), 0, item.source)
            if isinstance(item, Article):
                articles.setdefault(item.id, item)
            else:
                skipped.append(item)
    return list(articles.values()), tuple(skipped)
