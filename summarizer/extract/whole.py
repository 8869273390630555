"""The whole article in, a list of claims out: for models that can choose and write."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from summarizer.assets import asset
from summarizer.data import Article
from summarizer.extract.prompts import EXTRACT_VERSION, fill
from summarizer.extract.salience import salient_sentences
from summarizer.model.interface import ListRules, Model, Prompt

SCHEMA_NAME = "article_claims.v1"

# A chunk is no longer than this even where the context would hold more: a 1.5B model picks
# from the beginning of a long list and forgets the rest.
_MAX_CHUNK_SENTENCES = 40
_CLAIM_TOKENS = 90  # of one claim, its evidence and the JSON around both, at most
_HEADLINE_TOKENS = 60
_CLAIMS_AT_MOST = 16
# An article of many chunks is asked for so many claims in all: it is long, not more important.
_LONG_ARTICLE_CLAIMS = 24
_CHUNK_CLAIMS_AT_LEAST = 4
# (mark, where it opens, where it closes); between letters ' and ’ are apostrophes.
_QUOTES = (
    ("'", re.compile(r"(?<!\w)'(?=\w)"), re.compile(r"'(?!\w)")),
    ("\u2019", re.compile("\u2018"), re.compile(r"\u2019(?!\w)")),
    ("\u201d", re.compile("\u201c"), re.compile("\u201d")),
    (")", re.compile(r"\("), re.compile(r"\)")),
)

# What model/grammar.py keeps out of strings, or would have to be written as an escape.
_NOT_IN_ANSWERS = re.compile(r'["\\{}\[\]\x00-\x1f\x7f\ud800-\udfff]')

# A claim is read far from its article, where "it" and "the company" say nothing.
_RULES = ListRules(
    array="claims",
    distinct=("evidence", "claim"),
    text="claim",
    openings=(
        *("It", "He", "She", "They", "This", "These", "Those", "His", "Her", "Its", "Their"),
        *("The company", "The firm", "The CEO", "The group", "Both"),
    ),
)


def whole_prompts(article: Article, model: Model, *, seed: int, hot: bool) -> Iterator[Prompt]:
    """Return one prompt a chunk of the article; ids are the article's own throughout.

    `hot`: this is a retry, so sample instead of taking the likeliest token again.
    """
    chunks = list(_chunks(article, model))
    share = max(_CHUNK_CLAIMS_AT_LEAST, -(-_LONG_ARTICLE_CLAIMS // len(chunks)))
    for number, ids in enumerate(chunks):
        count = min(claims_wanted(len(ids)), share)
        marked = salient_sentences(article, count, among=ids, alone=False) or tuple(ids)
        shown = "\n".join(_shown(article, i, i in marked) for i in ids)
        head = f"Title: {_one_line(article.title)}\n"
        if article.published:
            head += f"Published: {article.published.isoformat()}\n"
        yield Prompt(
            id=f"{article.id}:{number}",
            segments=fill(EXTRACT_VERSION, article=head + shown, count=count),
            answer_schema=_schema_for(marked, count, article.title),
            rules=_RULES,
            max_tokens=_HEADLINE_TOKENS + _CLAIM_TOKENS * count,
            temperature=0.5 if hot else 0.0,
            seed=seed,
        )


def claims_wanted(sentences: int) -> int:
    """Return how many claims to ask of so many sentences: three of four, 2 to 16."""
    return max(2, min(_CLAIMS_AT_MOST, round(0.75 * sentences)))


def _chunks(article: Article, model: Model) -> Iterator[range]:
    """Cut the article's sentence ids into runs that fit the model's context."""
    count = len(article.sentences)
    frame = model.count_tokens("".join(s.text for s in fill(EXTRACT_VERSION, article="", count=0)))
    # The answer needs its room too; 64 for the chat template, title and date.
    room = model.context_tokens - frame - 64 - model.count_tokens(article.title)
    start, used = 1, 0
    for i in range(1, count + 1):
        cost = model.count_tokens(_one_line(article.sentence_text(i))) + 6
        answer = _HEADLINE_TOKENS + _CLAIM_TOKENS * claims_wanted(i - start + 1)
        full = i - start >= _MAX_CHUNK_SENTENCES or used + cost + answer > room
        if full and i > start:
            yield range(start, i)
            start, used = i, 0
        used += cost
    yield range(start, count + 1)


def _schema_for(ids: Sequence[int], count: int, title: str) -> Mapping[str, Any]:
    """Return the claims schema with only this chunk's sentence ids, `count` claims at most.

    An article that has a title keeps it: the model need not write one, and cannot invent one.
    """
    schema: dict[str, Any] = json.loads(_schema_text())
    headline = schema["properties"]["headline"]
    title = _one_line(title)
    if title and len(title) <= headline["maxLength"] and not _NOT_IN_ANSWERS.search(title):
        schema["properties"]["headline"] = {"type": "string", "const": title}
    claims = schema["properties"]["claims"]
    claims["maxItems"] = count
    claims["items"]["properties"]["evidence"]["items"] = {"type": "integer", "enum": list(ids)}
    return schema


@lru_cache(maxsize=1)
def _schema_text() -> str:
    return (asset("schemas") / f"{SCHEMA_NAME}.json").read_text("utf-8")


def _shown(article: Article, i: int, marked: bool) -> str:
    text = _one_line(article.sentence_text(i))
    return f"[{i}] {text}" if marked else text


def _one_line(text: str) -> str:
    return " ".join(text.split())


def claim_text(text: str) -> str:
    """Return a claim as the model wrote it, without a quotation mark that closes nothing.

    Small models mix up the ways to end a string and leave one behind the full stop.
    """
    text = _one_line(text)
    for mark, opening, closing in _QUOTES:
        if text.endswith(mark) and len(closing.findall(text)) > len(opening.findall(text)):
            text = text[:-1]
    return text
