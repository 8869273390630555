"""What a claim puts in quotation marks the article says in these words."""

from __future__ import annotations

import re

from summarizer.data import RejectReason
from summarizer.validate.reading import Finding, Index, Reading

_QUOTED = re.compile(r"[\"“]([^\"“”]{4,300})[\"”]")


def check_quotations(claim: Reading, index: Index) -> Finding | None:
    """What the claim puts in quotation marks the article says in these words."""
    for match in _QUOTED.finditer(claim.text):
        words = _plain(match.group(1))
        if len(words.split()) < 2:
            continue
        if words not in _plain(index.article.text):
            return (
                RejectReason.NOT_ENTAILED,
                f"the quotation {match.group()!r} is not in the article",
            )
    return None


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s%$£€]", " ", text.lower().replace("’", "'")).split())
