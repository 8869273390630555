"""The words and labels that Markdown and the terminal have in common."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from summarizer.data import (
    Brief,
    ChangeKind,
    Conflict,
    Evidence,
    Fact,
    ReferenceCoverage,
    RejectedClaim,
    Since,
    Source,
    Story,
    Update,
    ValidatorInfo,
    Writer,
)
from summarizer.render.escape import clean

Sources = dict[str, Source]  # by article id
Storyline = tuple[tuple[int, Story], ...]  # numbered stories, oldest first
_MAX_VALUE = 80  # characters of a value that is named outside its quote


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


def full_support(fact: Fact) -> tuple[Evidence, ...]:
    """Return the citations that support the whole wording of `fact`, each once, in order."""
    return tuple(dict.fromkeys(e for claim in fact.claims for e in claim.evidence))


def lesser_support(fact: Fact) -> tuple[Evidence, ...]:
    """Return the citations of claims that say less than `fact` does, but for its full support."""
    full = set(full_support(fact))
    lesser = (e for claim in fact.refines for e in claim.evidence if e not in full)
    return tuple(dict.fromkeys(lesser))


def standing(fact: Fact, sources: Sources) -> str:
    """Return how the whole of a fact is supported: "2 sources, 1 origin", "1 source, quoted".

    Sources that say less than the wording does are not counted.
    """
    articles = {evidence.article_id for evidence in full_support(fact)}
    origins = fact.origins
    if fact.refines:
        listed = {sources[article_id].origin for article_id in articles if article_id in sources}
        origins = max(1, len(listed))
    support = _support(len(articles), origins)
    return f"{support}, quoted" if is_quoted(fact) else support


def _support(articles: int, origins: int) -> str:
    sources = counted(articles, "source")
    return sources if articles == 1 else f"{sources}, {counted(origins, 'origin')}"


def change_mark(fact: Fact) -> str:
    """Return what became of a fact since the earlier brief: "new", "changed, 12 → 19", or ""."""
    if fact.change is None:
        return ""
    kind, before, after = fact.change.kind, fact.change.before, fact.change.after
    if kind is ChangeKind.CHANGED and before and after:
        values = (clean(side.value, limit=_MAX_VALUE) for side in (before, after))
        return f"{kind.value}, {' → '.join(values)}"
    return kind.value


def story_line(story: Story, sources: Sources) -> str:
    """Return "3 sources, 2 origins, 2031-05-06 to 2031-05-09"."""
    period = story_period(story, sources)
    support = _support(len(story.article_ids), story.origins)
    return f"{support}, {period}" if period else support


def story_period(story: Story, sources: Sources) -> str:
    """Return the dates of a story's articles, "2031-05-06 to 2031-05-09"; "" for none known."""
    dates = {
        source.published
        for article_id in story.article_ids
        if (source := sources.get(article_id)) and source.published
    }
    return _period(min(dates), max(dates)) if dates else ""


def _period(first: dt.date, last: dt.date) -> str:
    return f"{first}" if first == last else f"{first} to {last}"


def first_fact(story: Story) -> Fact | None:
    """Return the lead of a story, be it shown or left out; None for a story without facts."""
    return next(iter((*story.facts, *story.left_out)), None)


def headline_is_lead(story: Story, limit: int) -> bool:
    """Tell whether the headline, cut at `limit` characters, is the whole wording of the lead."""
    lead = first_fact(story)
    return (
        story.headline_article_id is None
        and lead is not None
        and clean(story.headline, limit=limit) == clean(lead.text) != ""
    )


def conflict_title(conflict: Conflict) -> str:
    """Return what differs: "number: 340 million against 350 million" (not yet escaped)."""
    return f"{conflict.kind.value}: {conflict.first.value} against {conflict.second.value}"


def update_title(update: Update) -> str:
    """Return how a quantity moved: "number: was 12, later 19" (not yet escaped)."""
    return f"{update.kind.value}: was {update.earlier.value}, later {update.later.value}"


def since_line(brief: Brief, since: Since) -> str:
    """Return what became of the facts, shown or not, since the earlier brief."""
    kinds = Counter(
        fact.change.kind
        for story in brief.stories
        for fact in (*story.facts, *story.left_out)
        if fact.change
    )
    figures = [(kinds[kind], kind.value) for kind in ChangeKind]
    figures += [(len(since.gone), "gone"), (since.known, "unchanged")]
    (count, first), *others = figures
    listed = ", ".join(f"{number:,} {what}" for number, what in others)
    return (
        f"Compared with the brief of {moment(since.created)}: "
        f"{counted(count, 'fact')} {first}, {listed}"
    )


def reference_line(reference: ReferenceCoverage) -> str:
    """Return "covers 7.4 of 12 reference facts (62 %) in 310 words"."""
    told = reference.covered * reference.facts
    facts, words = counted(reference.facts, "reference fact"), counted(reference.words, "word")
    return f"covers {told:.1f} of {facts} ({100 * reference.covered:.0f} %) in {words}"


def storylines_by_story(brief: Brief) -> dict[str, Storyline]:
    """Return, by story id, the stories of its storyline with their numbers, oldest first.

    A story that the brief does not hold is passed over; what is left of one story alone is none.
    """
    numbered = {story.id: (number, story) for number, story in enumerate(brief.stories, start=1)}
    found: dict[str, Storyline] = {}
    for line in brief.storylines:
        stories = tuple(numbered[one] for one in line.story_ids if one in numbered)
        if len(stories) > 1:
            found.update((story.id, stories) for _, story in stories)
    return found


def overview(brief: Brief) -> str:
    """Return the figures of the whole brief in one line."""
    conflicts = sum(len(story.conflicts) for story in brief.stories)
    facts = sum(len(story.facts) for story in brief.stories)
    parts = [
        counted(len(brief.stories), "story"),
        counted(facts, "fact"),
        counted(conflicts, "conflict"),
    ]
    if updates := sum(len(story.updates) for story in brief.stories):
        parts.append(counted(updates, "update"))
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
