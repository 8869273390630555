"""Check that the figures of a brief add up."""

from __future__ import annotations

from collections.abc import Iterator

from summarizer.data import Brief, ReferenceCoverage, Writer
from summarizer.merge.telling.limits import word_count
from summarizer.verify.problem import Problem


def coverage(brief: Brief) -> Iterator[Problem]:
    """Yield the figures of Brief.coverage that are not what the brief holds."""
    figures = brief.coverage
    shown = [fact for story in brief.stories for fact in story.facts]
    left_out = [fact for story in brief.stories for fact in story.left_out]
    for name, stated, found in (
        ("articles", figures.articles, len(brief.sources)),
        ("skipped", figures.skipped, len(brief.skipped)),
        ("rejected", figures.rejected, len(brief.rejected)),
        ("facts", figures.facts, len(shown)),
        ("facts_left_out", figures.facts_left_out, len(left_out)),
        ("claims", figures.claims, figures.supported + figures.rejected),
    ):
        if stated != found:
            message = f"{name} is {stated}, and {found} are found"
            yield Problem(where="coverage", message=message)
    if figures.remembered > figures.articles:
        message = f"remembered is {figures.remembered}, of {figures.articles} articles"
        yield Problem(where="coverage", message=message)
    if figures.facts_left_out < 0:
        yield Problem(where="coverage", message="facts_left_out is below 0")
    # Every fact that was left out had a claim as well, be it in the brief or not.
    lost = max(0, figures.facts_left_out - len(left_out))
    claims = [one for fact in (*shown, *left_out) for one in (*fact.claims, *fact.refines)]
    needed = len(claims) + lost
    if figures.supported + figures.quoted < needed:
        stated_claims = f"supported is {figures.supported}"
        if figures.quoted:
            stated_claims += f", quoted {figures.quoted}"
        message = f"{stated_claims}, and the facts rest on {needed} claims"
        yield Problem(where="coverage", message=message)
    sentences = lost + sum(one.claim.writer is Writer.EXTRACTIVE for one in claims)
    if not 0 <= figures.quoted <= sentences:
        message = f"quoted is {figures.quoted}, and {sentences} sentences are cited at the most"
        yield Problem(where="coverage", message=message)


def reference(brief: Brief) -> Iterator[Problem]:
    """Yield the figures of Brief.reference that cannot be."""
    if brief.reference is None:
        return
    words = sum(word_count(fact.text) for story in brief.stories for fact in story.facts)
    if brief.reference.words != words:
        message = f"words is {brief.reference.words}, and {words} are found"
        yield Problem(where="reference", message=message)
    for message in _impossible(brief.reference):
        yield Problem(where="reference", message=message)


def _impossible(measured: ReferenceCoverage) -> Iterator[str]:
    missing = len(measured.missing)
    if missing > measured.facts:
        yield f"{missing} facts are missing of {measured.facts}"
    if measured.covered == 1 and missing:
        yield f"all is covered, and {missing} are missing"
    if measured.covered == 0 and missing < measured.facts:
        yield f"nothing is covered, and {missing} of {measured.facts} are missing"
    if measured.covered > 0 and not measured.facts:
        yield "something is covered, and there are no reference facts"
