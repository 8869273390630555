"""What benchmarks/speed.py gives the engines: the articles, and the prompts of loop and server."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.engine_child import Request
from summarizer.assets import asset
from summarizer.data import Article
from summarizer.errors import ArticleError
from summarizer.extract.guided import guided_prompts
from summarizer.extract.prompts import fill
from summarizer.extract.whole import whole_prompts
from summarizer.model.grammar import to_gbnf
from summarizer.model.interface import Prompt, Segment, Strategy
from summarizer.read import article_from_text, read_articles

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
CLUSTERS = Path("bench") / "merge" / "multinews_longbench200.jsonl"
CLUSTER_ARTICLES = 40
# News length. Below it are captions and error pages; above it features and court papers, which
# with their answer would not fit the 4,096 tokens of the plain loop.
MIN_WORDS, MAX_WORDS = 150, 800

# What a user would write: the released prompt with every sentence numbered. Ours is measured
# against it also when ours has a newer one.
PLAIN_PROMPT = "extract_claims.v1"
PLAIN_SCHEMA = "article_claims.v1.json"

# llama-server's schema converter takes only a pattern that is anchored at both ends, matches it
# against the JSON text of the string, and then ignores minLength and maxLength: this says the
# same as the pattern and the two lengths in our schema, and as our own grammar.
_SERVER_PATTERN = (
    r'^([^"\\{{}}\[\]\x00-\x1F\x7F]|\\["\\/bn]){{{least},{most}}}[.!?]' + "['\u2019\u201d)]?$"
)


class NoShared(Exception):
    """The folder of shared data is not where it should be."""


def choose_articles(count: int, shared: Path = SHARED) -> list[Article]:
    """Return the first `count` of the shared articles and then of the news clusters.

    An article is one document, not a cluster: a cluster is what several papers reported of one
    event, up to 10,000 words, while the starting point of issue 3 has 740 prompt tokens an
    article, which is one report of some 450 words. Of the clusters the first 40 documents of
    news length are taken in the file's order; what the file marks as noise is left out, and a
    text that was there before.

    Raises:
        NoShared: the data is not there, or has fewer articles than asked for.
    """
    folder, clusters = shared / "articles", shared / CLUSTERS
    for needed in (folder, clusters):
        if not needed.exists():
            raise NoShared(f"{needed} is missing: the folder `shared` belongs beside the checkout")
    chosen: dict[str, Article] = {}
    for one in read_articles([folder]):
        if isinstance(one, Article):
            chosen.setdefault(one.id, one)
    for article in cluster_articles(clusters, CLUSTER_ARTICLES):
        chosen.setdefault(article.id, article)
    if len(chosen) < count:
        raise NoShared(f"{count} articles were asked for, {shared} has {len(chosen)}")
    return list(chosen.values())[:count]


def cluster_articles(path: Path, count: int) -> list[Article]:
    """Return the first `count` documents of news length in a file of clusters, each text once."""
    chosen: dict[str, Article] = {}
    for entry in _documents(path):
        if len(chosen) == count:
            break
        if entry.get("maybe_noise") or not MIN_WORDS <= len(entry["text"].split()) <= MAX_WORDS:
            continue
        try:
            article = article_from_text(entry["text"], source=entry["id"])
        except ArticleError:
            continue
        chosen.setdefault(article.id, article)
    return list(chosen.values())


def _documents(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield from json.loads(line)["articles"]


def plain_requests(articles: Sequence[Article], strategy: Strategy) -> list[Request]:
    """Return what the loop and the server are asked, in order.

    Whole: one request an article. Guided: the prompts of ours one by one, with their grammar,
    since a model that needs guiding makes nothing of a whole article.
    """
    if strategy is Strategy.WHOLE:
        return [whole_request(article) for article in articles]
    return [
        _guided_request(prompt)
        for article in articles
        for prompt in guided_prompts(article, seed=0, hot=False)
    ]


def whole_request(article: Article) -> Request:
    """Return the whole article, every sentence numbered, with the limits that ours has for it."""
    count, max_tokens = limits_of_ours(article)
    head = f"Title: {' '.join(article.title.split())}\n"
    if article.published:
        head += f"Published: {article.published.isoformat()}\n"
    numbered = "\n".join(
        f"[{i}] {' '.join(article.sentence_text(i).split())}"
        for i in range(1, len(article.sentences) + 1)
    )
    schema = plain_schema(len(article.sentences), count)
    return {
        "id": f"{article.id}:0",
        "message": _message(fill(PLAIN_PROMPT, article=head + numbered, count=count)),
        "gbnf": to_gbnf(schema),
        "schema": server_schema(schema),
        "max_tokens": max_tokens,
    }


def limits_of_ours(article: Article) -> tuple[int, int]:
    """Return how many claims ours asks of the article at most, and for how many tokens."""
    stand_in: Any = _Roomy()
    prompts = list(whole_prompts(article, stand_in, seed=0, hot=False))
    schemas = [prompt.answer_schema or {} for prompt in prompts]
    count = sum(schema["properties"]["claims"]["maxItems"] for schema in schemas)
    return count, sum(prompt.max_tokens for prompt in prompts)


class _Roomy:
    """As much of a Model as it takes to make prompts: everything fits."""

    context_tokens = 1 << 20

    def count_tokens(self, text: str) -> int:
        return len(text) // 4


def plain_schema(sentences: int, count: int) -> dict[str, Any]:
    """Return the schema of claims with every sentence's id and `count` claims at most."""
    schema: dict[str, Any] = json.loads((asset("schemas") / PLAIN_SCHEMA).read_text("utf-8"))
    claims = schema["properties"]["claims"]
    claims["maxItems"] = count
    ids = list(range(1, sentences + 1))
    claims["items"]["properties"]["evidence"]["items"] = {"type": "integer", "enum": ids}
    return schema


def server_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema with the claim's pattern in the form that llama-server understands."""
    copy: dict[str, Any] = json.loads(json.dumps(schema))
    claim = copy["properties"]["claims"]["items"]["properties"]["claim"]
    least, most = claim.pop("minLength"), claim.pop("maxLength")
    claim["pattern"] = _SERVER_PATTERN.format(least=least - 1, most=most - 1)
    return copy


def _guided_request(prompt: Prompt) -> Request:
    gbnf = prompt.answer_grammar
    if gbnf is None:
        gbnf = to_gbnf(prompt.answer_schema or {})
    return {
        "id": prompt.id,
        "message": _message(prompt.segments),
        "gbnf": gbnf,
        "schema": None,
        "max_tokens": prompt.max_tokens,
    }


def _message(segments: Sequence[Segment]) -> str:
    return "".join(segment.text for segment in segments)
