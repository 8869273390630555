"""Check what a brief says of an earlier one: what changed, and what is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from summarizer.data import Article, Brief, Change, ChangeKind, Fact, GoneFact, Since
from summarizer.verify.problem import (
    Problem,
    mark_faults,
    numbered,
    quote_faults,
    repeated,
    short,
)
from summarizer.verify.stories import side_faults

_DIFFERING = frozenset({ChangeKind.CHANGED, ChangeKind.CONTRADICTED})
_POLARITIES = frozenset({"stated", "denied"})  # values that say how, and are no words of a quote


def changes(brief: Brief) -> Iterator[Problem]:
    """Yield what is wrong with the marks of facts that an earlier brief told, or did not.

    Of what is quoted from the earlier brief only the form can be checked.
    """
    facts = {f.id: f for story in brief.stories for f in (*story.facts, *story.left_out)}
    for where, story in numbered("story", brief.stories):
        for noun, own in (("fact", story.facts), ("left-out fact", story.left_out)):
            for place, fact in numbered(noun, own):
                if fact.change is None:
                    continue
                if brief.since is None:
                    message = f"it is {fact.change.kind.value} since no earlier brief"
                    yield Problem(where=f"{where}, {place}", message=message)
                for message in _change_faults(fact, fact.change, facts):
                    yield Problem(where=f"{where}, {place}", message=message)


def _change_faults(fact: Fact, change: Change, facts: Mapping[str, Fact]) -> Iterator[str]:
    kind, before, after = change.kind.value, change.before, change.after
    if change.kind in _DIFFERING and not (before and after):
        yield f"it is {kind}, and the old or the new quote is missing"
    if change.kind is ChangeKind.NEW and (before or after):
        yield "it is new, and something is quoted beside it"
    if change.kind is ChangeKind.CHANGED and before and after and before.value == after.value:
        yield f"it is changed from {short(before.value)} to the same"
    if before:
        for message in (*quote_faults(before.evidence), *mark_faults(before, says=None)):
            yield f"before: {message}"
    if after:
        if change.kind is not ChangeKind.CONTRADICTED and after.fact_id != fact.id:
            yield f"it is {kind} by fact {after.fact_id}, which is another"
        worded = after.value not in _POLARITIES
        for message in side_faults(after, facts, worded=worded):
            yield f"now: {message}"


def since(brief: Brief, articles: Mapping[str, Article]) -> Iterator[Problem]:
    """Yield what is wrong with the comparison as a whole, and with the facts that are gone."""
    if brief.since is None:
        return
    yield from (Problem(where="since", message=m) for m in _since_faults(brief, brief.since))
    told = {f.id for story in brief.stories for f in (*story.facts, *story.left_out)}
    for where, gone in numbered("gone fact", brief.since.gone):
        for message in quote_faults(gone.evidence):
            yield Problem(where=where, message=message)
        if gone.fact_id in told:
            yield Problem(where=where, message=f"fact {gone.fact_id} is in the brief")
        for message in _reading_faults(gone, brief, articles):
            yield Problem(where=where, message=message)


def _since_faults(brief: Brief, earlier: Since) -> Iterator[str]:
    ours, theirs = brief.run.created, earlier.created
    # One with a zone and one without cannot be compared; digests are in the order of their numbers,
    # whatever the clock said.
    comparable = (ours.tzinfo is None) == (theirs.tzinfo is None) and not brief.edition
    if comparable and theirs > ours:
        yield f"the earlier brief is of {theirs}, this one of {ours}"
    shown = sum(fact.change is None for story in brief.stories for fact in story.facts)
    left = sum(fact.change is None for story in brief.stories for fact in story.left_out)
    untold = sum(story.known for story in brief.stories)
    if not shown <= earlier.known <= shown + left + untold:
        found = f"{shown} shown and {left} left out"
        if untold:
            found += f", {untold} not repeated"
        yield f"known is {earlier.known}, and of the facts without a mark {found} are found"
    for fact_id, count in repeated(gone.fact_id for gone in earlier.gone):
        yield f"{count} gone facts have the id {fact_id}"


def _reading_faults(gone: GoneFact, brief: Brief, articles: Mapping[str, Article]) -> Iterator[str]:
    """An article that was read again must be there, and hold the old quote no more."""
    again = [source.article_id for source in brief.sources if source.source == gone.source]
    if not again:
        yield f"{short(gone.source)} is no source of the brief"
    for article_id in again:
        if article_id in articles and gone.evidence.quote in articles[article_id].text:
            yield f"{short(gone.evidence.quote)} still stands in {gone.source}"
