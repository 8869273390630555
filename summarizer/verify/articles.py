"""Check sources and quotes against the articles, read anew."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from os.path import commonprefix

from summarizer.data import Article, Brief, Evidence, Fact, Source, Story
from summarizer.verify.problem import SHOWN, Problem, numbered, repeated, short


def quotes(brief: Brief) -> Iterator[tuple[str, Evidence]]:
    """Yield every quote of `brief` with its place: of stories and of rejected claims.

    Quotes of an earlier brief are left out: their articles need not be at hand.
    """
    for where, story in numbered("story", brief.stories):
        for place, evidence in _story_quotes(story):
            yield f"{where}, {place}", evidence
    for where, claim in numbered("rejected claim", brief.rejected):
        if claim.nearest:
            yield where, claim.nearest


def _story_quotes(story: Story) -> Iterator[tuple[str, Evidence]]:
    for noun, facts in (("fact", story.facts), ("left-out fact", story.left_out)):
        for place, fact in numbered(noun, facts):
            yield from ((place, evidence) for evidence in _fact_quotes(fact))
    for place, conflict in numbered("conflict", story.conflicts):
        yield f"{place}, first side", conflict.first.evidence
        yield f"{place}, second side", conflict.second.evidence
    for place, update in numbered("update", story.updates):
        yield f"{place}, earlier side", update.earlier.evidence
        yield f"{place}, later side", update.later.evidence


def _fact_quotes(fact: Fact) -> Iterator[Evidence]:
    yield from fact.citations
    if fact.change and fact.change.after:
        yield fact.change.after.evidence


# --- sources and articles ---------------------------------------------------------------------


def sources(brief: Brief, articles: Mapping[str, Article]) -> Iterator[Problem]:
    """Yield what is wrong with the sources of a brief; `articles` are by id."""
    numbers = [source.number for source in brief.sources]
    if numbers != list(range(1, len(numbers) + 1)):
        yield Problem(where="sources", message=f"they are not numbered 1, 2, 3, but {numbers}")
    for article_id, count in repeated(s.article_id for s in brief.sources):
        message = f"article {article_id[:12]} is listed {count} times"
        yield Problem(where="sources", message=message)
    for source in brief.sources:
        yield from _source(source, articles.get(source.article_id))


def _source(source: Source, article: Article | None) -> Iterator[Problem]:
    where = f"source {source.number}"
    if article is None:
        message = f"no article has the SHA-256 {source.article_id[:12]}… of {source.source}"
        yield Problem(where=where, message=message)
        return
    if source.article_id != article.id or not has_its_id(article):
        yield Problem(where=where, message=f"{article.source} is not the text its id stands for")
    for field in ("title", "publisher", "published"):
        listed, found = getattr(source, field), getattr(article, field)
        if listed != found:
            message = f"its {field} is {found!s} in the article, {listed!s} in the brief"
            yield Problem(where=where, message=message)


def has_its_id(article: Article) -> bool:
    """Tell whether the text of an article is the one that its id is the SHA-256 of."""
    # Half a surrogate pair has no UTF-8; such a text cannot be the one that was hashed.
    return article.id == hashlib.sha256(article.text.encode(errors="replace")).hexdigest()


# --- quotes -----------------------------------------------------------------------------------


def quoted(brief: Brief, articles: Mapping[str, Article]) -> Iterator[Problem]:
    """Yield what is wrong with the quotes of a brief; `articles` are by id."""
    listed = {source.article_id for source in brief.sources}
    cuts = {article_id: _Cuts(article) for article_id, article in articles.items()}
    for where, evidence in quotes(brief):
        if evidence.article_id not in listed:
            message = f"it cites {evidence.article_id[:12]}…, which is no source of the brief"
            yield Problem(where=where, message=message)
        article = articles.get(evidence.article_id)
        if article is None:
            if evidence.article_id in listed:  # else said already
                message = f"the article of its quote is missing: {short(evidence.quote)}"
                yield Problem(where=where, message=message)
            continue
        for message in _faults(evidence, article, cuts[evidence.article_id]):
            yield Problem(where=where, message=message)


class _Cuts:
    """Where the sentences of an article are: which of them a quote touches, without trying all."""

    def __init__(self, article: Article) -> None:
        self._sentences = article.sentences
        self._starts = [sentence.start for sentence in article.sentences]
        self._ends = [sentence.end for sentence in article.sentences]
        self._in_order = self._starts == sorted(self._starts) and self._ends == sorted(self._ends)

    def touched(self, start: int, end: int) -> tuple[int, ...]:
        """Return the ids of the sentences that the characters `start` to `end` touch."""
        first, last = 0, len(self._sentences)
        if self._in_order:
            first, last = bisect_right(self._ends, start), bisect_left(self._starts, end)
        return tuple(
            number
            for number, sentence in enumerate(self._sentences[first:last], start=first + 1)
            if sentence.start < end and start < sentence.end
        )


def _faults(evidence: Evidence, article: Article, cuts: _Cuts) -> Iterator[str]:
    start, end = evidence.start, evidence.end
    if not start < end <= len(article.text):
        yield f"characters {start} to {end} are not in {article.source}"
        return
    found = article.text[start:end]
    if found != evidence.quote:
        same = len(commonprefix((evidence.quote, found)))
        begin = max(0, same - SHOWN // 2)  # so that the difference itself is shown
        stated, there = short(evidence.quote[begin:]), short(found[begin:])
        yield f"{stated} is not at {start + begin}; the article has {there}"
    touched = cuts.touched(start, end)
    if evidence.sentence_ids != touched or not touched:
        yield (
            f"characters {start} to {end} are of sentences {_list(touched)}, "
            f"not {_list(evidence.sentence_ids)}"
        )


def _list(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers)) or "none"


# --- rejected claims ------------------------------------------------------------------------


def rejected(brief: Brief) -> Iterator[Problem]:
    """Yield what is wrong with what the rejected claims are said to be about."""
    listed = {source.article_id for source in brief.sources}
    for where, claim in numbered("rejected claim", brief.rejected):
        about = claim.claim.article_id
        if about not in listed:
            yield Problem(where=where, message=f"it is about {about[:12]}…, no source of the brief")
        if claim.nearest and claim.nearest.article_id != about:
            message = "a claim about one article has its nearest sentence in another"
            yield Problem(where=where, message=message)
