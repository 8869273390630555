"""Check a brief against the articles it cites, without a model."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from os.path import commonprefix
from typing import TypeVar

from summarizer.data import (
    Article,
    Brief,
    Conflict,
    ConflictKind,
    Evidence,
    Fact,
    Record,
    Side,
    Source,
    Story,
    SupportedClaim,
    Writer,
)

_Item = TypeVar("_Item")
_SHOWN = 80  # characters of a quote in a message


class Problem(Record):
    """Something that does not hold; `where` is its place in the brief, "story 1, fact 2"."""

    where: str
    message: str


def verify_brief(brief: Brief, articles: Mapping[str, Article]) -> list[Problem]:
    """Return what does not hold in `brief`, in its order; an empty list when all holds.

    `articles` are the articles by id, read anew. Checked are: every article is there and its id
    is the SHA-256 of its text; every quote is the text between its offsets, and its sentences
    are those that it touches; every fact has the wording of a claim and counts its origins; a
    conflict's sides are cited facts that hold the values named; numbers and figures add up.

    What no article can show is not checked: scores, the model, versions and the run.
    """
    return [
        *_sources(brief, articles),
        *_quotes(brief, articles),
        *_stories(brief),
        *_rejected(brief),
        *_coverage(brief),
    ]


def quotes(brief: Brief) -> Iterator[tuple[str, Evidence]]:
    """Return every quote of `brief` with its place: of facts, conflicts and rejected claims."""
    for where, story in _numbered("story", brief.stories):
        for number, fact in enumerate(story.facts, start=1):
            for evidence in fact.citations:
                yield f"{where}, fact {number}", evidence
        for number, conflict in enumerate(story.conflicts, start=1):
            yield f"{where}, conflict {number}, first side", conflict.first.evidence
            yield f"{where}, conflict {number}, second side", conflict.second.evidence
    for where, rejected in _numbered("rejected claim", brief.rejected):
        if rejected.nearest:
            yield where, rejected.nearest


def _numbered(noun: str, items: tuple[_Item, ...]) -> Iterator[tuple[str, _Item]]:
    for number, item in enumerate(items, start=1):
        yield f"{noun} {number}", item


# --- sources and articles ---------------------------------------------------------------------


def _sources(brief: Brief, articles: Mapping[str, Article]) -> Iterator[Problem]:
    numbers = [source.number for source in brief.sources]
    if numbers != list(range(1, len(numbers) + 1)):
        yield Problem(where="sources", message=f"they are not numbered 1, 2, 3, but {numbers}")
    for article_id, count in Counter(s.article_id for s in brief.sources).items():
        if count > 1:
            yield Problem(
                where="sources", message=f"article {article_id[:12]} is listed {count} times"
            )
    for source in brief.sources:
        yield from _source(source, articles.get(source.article_id))


def _source(source: Source, article: Article | None) -> Iterator[Problem]:
    where = f"source {source.number}"
    if article is None:
        message = f"no article has the SHA-256 {source.article_id[:12]}… of {source.source}"
        yield Problem(where=where, message=message)
        return
    if not source.article_id == article.id == _sha256(article.text):
        yield Problem(where=where, message=f"{article.source} is not the text its id stands for")
    for field in ("title", "publisher", "published"):
        listed, found = getattr(source, field), getattr(article, field)
        if listed != found:
            message = f"its {field} is {found!s} in the article, {listed!s} in the brief"
            yield Problem(where=where, message=message)


def _sha256(text: str) -> str:
    # Half a surrogate pair has no UTF-8; such a text cannot be the one that was hashed.
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


# --- quotes -----------------------------------------------------------------------------------


def _quotes(brief: Brief, articles: Mapping[str, Article]) -> Iterator[Problem]:
    listed = {source.article_id for source in brief.sources}
    for where, evidence in quotes(brief):
        if evidence.article_id not in listed:
            message = f"it cites {evidence.article_id[:12]}…, which is no source of the brief"
            yield Problem(where=where, message=message)
        article = articles.get(evidence.article_id)
        if article is None:
            if evidence.article_id in listed:  # else said already
                message = f"the article of its quote is missing: {_short(evidence.quote)}"
                yield Problem(where=where, message=message)
            continue
        for message in _faults(evidence, article):
            yield Problem(where=where, message=message)


def _faults(evidence: Evidence, article: Article) -> Iterator[str]:
    start, end = evidence.start, evidence.end
    if not start < end <= len(article.text):
        yield f"characters {start} to {end} are not in {article.source}"
        return
    found = article.text[start:end]
    if found != evidence.quote:
        same = len(commonprefix((evidence.quote, found)))
        begin = max(0, same - _SHOWN // 2)  # so that the difference itself is shown
        quoted, there = _short(evidence.quote[begin:]), _short(found[begin:])
        yield f"{quoted} is not at {start + begin}; the article has {there}"
    touched = tuple(
        number
        for number, sentence in enumerate(article.sentences, start=1)
        if sentence.start < end and start < sentence.end
    )
    if evidence.sentence_ids != touched or not touched:
        yield (
            f"characters {start} to {end} are of sentences {_list(touched)}, "
            f"not {_list(evidence.sentence_ids)}"
        )


def _list(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers)) or "none"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return f"“{line if len(line) <= _SHOWN else line[: _SHOWN - 1] + '…'}”"


# --- stories ----------------------------------------------------------------------------------


def _stories(brief: Brief) -> Iterator[Problem]:
    origins = {source.article_id: source.origin for source in brief.sources}
    for what, ids in (
        ("stories", [story.id for story in brief.stories]),
        ("facts", [fact.id for story in brief.stories for fact in story.facts]),
    ):
        for one, count in Counter(ids).items():
            if count > 1:
                yield Problem(where=what, message=f"{count} of them have the id {one}")
    facts = {fact.id: fact for story in brief.stories for fact in story.facts}
    for where, story in _numbered("story", brief.stories):
        for message in _origin_faults(story.article_ids, story.origins, origins):
            yield Problem(where=where, message=message)
        for number, fact in enumerate(story.facts, start=1):
            for message in _fact_faults(fact, story, origins):
                yield Problem(where=f"{where}, fact {number}", message=message)
        for number, conflict in enumerate(story.conflicts, start=1):
            for message in _conflict_faults(conflict, story, facts):
                yield Problem(where=f"{where}, conflict {number}", message=message)


def _origin_faults(
    article_ids: tuple[str, ...], counted: int, origins: Mapping[str, int]
) -> Iterator[str]:
    unlisted = [article_id for article_id in article_ids if article_id not in origins]
    for article_id in unlisted:
        yield f"its article {article_id[:12]}… is no source of the brief"
    found = len({origins[article_id] for article_id in article_ids if article_id in origins})
    if not unlisted and counted != found:
        yield f"its articles have {found} origins, not {counted}"


def _fact_faults(fact: Fact, story: Story, origins: Mapping[str, int]) -> Iterator[str]:
    if not fact.citations:
        yield "it cites nothing"
    if fact.text not in {one.claim.text for one in fact.claims}:
        yield "its wording is that of none of its claims"
    # Articles of other stories may tell it too: a fact stands in one story only.
    if fact.citations and set(story.article_ids).isdisjoint(fact.article_ids):
        yield "no article of its story tells it"
    yield from _origin_faults(fact.article_ids, fact.origins, origins)
    for one in fact.claims:
        yield from _claim_faults(one)


def _claim_faults(one: SupportedClaim) -> Iterator[str]:
    if any(evidence.article_id != one.claim.article_id for evidence in one.evidence):
        yield "a claim about one article is supported by a quote of another"
    if one.claim.writer is Writer.EXTRACTIVE and not any(
        _holds(evidence.quote, one.claim.text) for evidence in one.evidence
    ):
        yield f"{_short(one.claim.text)} is marked as quoted and is not in its quote"


def _conflict_faults(conflict: Conflict, story: Story, facts: Mapping[str, Fact]) -> Iterator[str]:
    """`facts` are those of the whole brief: the other side may stand in another story."""
    if conflict.first.fact_id not in {fact.id for fact in story.facts}:
        yield f"fact {conflict.first.fact_id} is not in its story"
    if conflict.first.fact_id == conflict.second.fact_id:
        yield "its two sides are one fact"
    if conflict.first.evidence == conflict.second.evidence:
        yield "its two sides are one quote"
    for name, side in (("first", conflict.first), ("second", conflict.second)):
        for message in _side_faults(side, facts, conflict.kind):
            yield f"{name} side: {message}"


def _side_faults(side: Side, facts: Mapping[str, Fact], kind: ConflictKind) -> Iterator[str]:
    fact = facts.get(side.fact_id)
    if fact is None:
        yield f"fact {side.fact_id} is not in the brief"
    elif side.evidence not in fact.citations:
        yield f"its quote is none of those that fact {side.fact_id} cites"
    # Whether something is denied is no word that a quote must hold.
    if kind is ConflictKind.POLARITY:
        return
    # A claim may write the number of its quote in another way: 350,000 for 350K.
    told = [one.claim.text for one in fact.claims if side.evidence in one.evidence] if fact else []
    if not any(_holds(text, side.value) for text in (side.evidence.quote, *told)):
        yield f"{_short(side.value)} is neither in its quote nor in a claim that rests on it"


def _holds(quote: str, text: str) -> bool:
    """Tell whether `text` stands in `quote`, whatever the case and the white space."""
    words = " ".join(text.split()).casefold()
    return bool(words) and words in " ".join(quote.split()).casefold()


def _rejected(brief: Brief) -> Iterator[Problem]:
    listed = {source.article_id for source in brief.sources}
    for where, rejected in _numbered("rejected claim", brief.rejected):
        about = rejected.claim.article_id
        if about not in listed:
            yield Problem(where=where, message=f"it is about {about[:12]}…, no source of the brief")
        if rejected.nearest and rejected.nearest.article_id != about:
            message = "a claim about one article has its nearest sentence in another"
            yield Problem(where=where, message=message)


# --- figures ----------------------------------------------------------------------------------


def _coverage(brief: Brief) -> Iterator[Problem]:
    figures = brief.coverage
    shown = [fact for story in brief.stories for fact in story.facts]
    for name, stated, found in (
        ("articles", figures.articles, len(brief.sources)),
        ("skipped", figures.skipped, len(brief.skipped)),
        ("rejected", figures.rejected, len(brief.rejected)),
        ("facts", figures.facts, len(shown)),
        ("claims", figures.claims, figures.supported + figures.rejected),
    ):
        if stated != found:
            message = f"{name} is {stated}, and {found} are found"
            yield Problem(where="coverage", message=message)
    if figures.facts_left_out < 0:
        yield Problem(where="coverage", message="facts_left_out is below 0")
    # Every fact that was left out had a claim as well.
    needed = sum(len(fact.claims) for fact in shown) + max(0, figures.facts_left_out)
    if figures.supported < needed:
        message = f"supported is {figures.supported}, and the facts rest on {needed} claims"
        yield Problem(where="coverage", message=message)
