"""Build the merger's records from rows of labelled data; see ../shared/bench/README.md (merge/)."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from pathlib import Path
from typing import Any

from summarizer.data import Article, Claim, Evidence, Sentence, SupportedClaim

_DATED = re.compile(r"\d{4}-\d{2}-\d{2}")
_SENTENCE = re.compile(r"[^\s].*?(?:[.!?][\"”’']?(?=\s+[A-Z“\"‘])|$)", re.M)


def article_of(text: str, *, source: str, title: str = "", date: str | None = None) -> Article:
    """Make an article with a plain sentence splitter: what is measured here is the merger."""
    match = _DATED.match(date or "")
    return Article(
        id=hashlib.sha256(f"{source}\n{text}".encode()).hexdigest(),
        source=source,
        title=title,
        published=dt.date.fromisoformat(match.group()) if match else None,
        text=text,
        sentences=tuple(Sentence(start=m.start(), end=m.end()) for m in _SENTENCE.finditer(text)),
    )


def claim_of(text: str, article_id: str = "x") -> SupportedClaim:
    evidence = Evidence(
        article_id=article_id, sentence_ids=(1,), start=0, end=len(text), quote=text
    )
    claim = Claim(article_id=article_id, text=text)
    return SupportedClaim(claim=claim, evidence=(evidence,), score=1.0, checks=())


def rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]
