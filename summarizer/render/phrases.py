"""The words and labels that Markdown and the terminal have in common."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from summarizer.data import (
    Brief,
    Conflict,
    Evidence,
    Fact,
    RejectedClaim,
    Source,
    Story,
    ValidatorInfo,
    Writer,
)

Sources = dict[str, Source]  # by article id


def sources_by_article(brief: Brief) -> Sources:
    """Return the sources of `brief` by the id of their article."""
    return {source.article_id: source for source in brief.sources}


def counted(number: int, noun: str) -> str:
    """Return "1 source", "2 sources", "1,200 stories"."""
    if number == 1:
        return f"1 {noun}"
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {plural}"


def sentence_label(sentence_ids: Iterable[int]) -> str:
    """Return "s4", "s4-6" or "s4,8" for sentence ids."""
    runs: list[list[int]] = []
    for number in sentence_ids:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "s" + ",".join(f"{r[0]}-{r[-1]}" if len(r) > 1 else f"{r[0]}" for r in runs)


def citation_label(evidence: Evidence, sources: Sources) -> str:
    """Return "2:s4": sentence 4 of source 2; "?" where the brief lists no such source."""
    source = sources.get(evidence.article_id)
    number = source.number if source else "?"
    return f"{number}:{sentence_label(evidence.sentence_ids)}"


def is_quoted(fact: Fact) -> bool:
    """Tell whether the wording of `fact` is a sentence of an article, not a model's."""
    writers = [c.claim.writer for c in fact.claims if c.claim.text == fact.text]
    writers = writers or [c.claim.writer for c in fact.claims]
    return all(writer is Writer.EXTRACTIVE for writer in writers)


def standing(fact: Fact) -> str:
    """Return how a fact is supported: "2 sources, 1 origin", "1 source, quoted"."""
    support = _support(len(fact.article_ids), fact.origins)
    return f"{support}, quoted" if is_quoted(fact) else support


def _support(articles: int, origins: int) -> str:
    sources = counted(articles, "source")
    return sources if articles == 1 else f"{sources}, {counted(origins, 'origin')}"


def story_line(story: Story, sources: Sources) -> str:
    """Return "3 sources, 2 origins, 2031-05-06 to 2031-05-09"."""
    parts = [_support(len(story.article_ids), story.origins)]
    dates = {
        source.published
        for article_id in story.article_ids
        if (source := sources.get(article_id)) and source.published
    }
    if dates:
        parts.append(_period(min(dates), max(dates)))
    return ", ".join(parts)


def _period(first: dt.date, last: dt.date) -> str:
    return f"{first}" if first == last else f"{first} to {last}"


def conflict_title(conflict: Conflict) -> str:
    """Return what differs: "number: 340 million against 350 million" (not yet escaped)."""
    return f"{conflict.kind.value}: {conflict.first.value} against {conflict.second.value}"


def overview(brief: Brief) -> str:
    """Return the figures of the whole brief in one line."""
    conflicts = sum(len(story.conflicts) for story in brief.stories)
    facts = sum(len(story.facts) for story in brief.stories)
    parts = [
        counted(len(brief.stories), "story"),
        counted(facts, "fact"),
        counted(conflicts, "conflict"),
    ]
    return f"{', '.join(parts)} from {counted(brief.coverage.articles, 'article')}"


def reason_counts(rejected: Iterable[RejectedClaim]) -> str:
    """Return "3 number, 1 date", the most frequent reason first."""
    counts = Counter(r.reason.value.replace("_", " ") for r in rejected)
    return ", ".join(
        f"{count} {reason}"
        for reason, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )


def moment(created: dt.datetime) -> str:
    """Return a time to the minute with its zone, "2031-05-07 06:00 UTC"."""
    return f"{created:%Y-%m-%d %H:%M} {created.tzname() or ''}".rstrip()


def expectation(validator: ValidatorInfo) -> str:
    """Say how often the validator is expected to be wrong, in plain words."""
    return (
        f"support from {validator.threshold:.2f}: on labelled news {validator.false_pass:.0%} of "
        f"unsupported claims get through and {validator.false_strip:.0%} of supported ones are "
        f"refused"
    )
