"""The words and labels that every form of a brief has in common."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from summarizer.data import (
    Brief,
    ChangeKind,
    Conflict,
    Evidence,
    Fact,
    QuietStory,
    ReferenceCoverage,
    RejectedClaim,
    RejectReason,
    Since,
    SkippedArticle,
    SkipReason,
    Source,
    Story,
    StoryMemory,
    StoryStatus,
    UnreadArticle,
    Update,
    ValidatorInfo,
    Writer,
)
from summarizer.render.escape import clean

Sources = dict[str, Source]  # by article id
Storyline = tuple[tuple[int, Story], ...]  # numbered stories, oldest first
_MAX_VALUE = 80  # characters of a value that is named outside its quote
_MAX_HEADLINE = 300  # characters of the headline of a story that is not told
_MAX_REASON = 200  # characters
_MAX_REASONS = 3  # why articles were not read, in one line
_ORDINALS = {"2": "second", "3": "third", "4": "fourth", "5": "fifth", "6": "sixth"}
_SECOND_OF_DAY = re.compile(r"([\d-]+)\.(\d+)", re.ASCII)  # the name of an edition
_SKIP_REASONS = {
    SkipReason.UNREACHABLE: "could not be fetched",
    SkipReason.FORBIDDEN: "may not be fetched",
    SkipReason.OLD: "too old for the digest",
}

_REJECT_REASONS = {
    RejectReason.SCHEMA: "not in the form asked for",
    RejectReason.NO_EVIDENCE: "without a sentence for it",
    RejectReason.NUMBER: "wrong number",
    RejectReason.DATE: "wrong date",
    RejectReason.NAME: "wrong name",
    RejectReason.NEGATION: "turned round",
    RejectReason.NOT_ENTAILED: "not borne out",
    RejectReason.INSTRUCTION: "order to the machine",
    RejectReason.EXAMPLE: "taken from our example",
    RejectReason.DUPLICATE: "said twice",
}


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


def quote_anchor(label: str) -> str:
    """Return the anchor of a quote on a page by its label: "source-2-s4_6" for "2:s4,6"."""
    number, _, sentences = label.partition(":")
    return f"source-{number}-{sentences.replace(',', '_')}"


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


def mark_in(story: Story, fact: Fact) -> str:
    """Return the mark of a fact beside the others of its story (not yet escaped).

    In a digest that compares, what was told before says so, and new facts of a new story have
    no mark.
    """
    if story.memory is None or not any(one.change for one in (*story.facts, *story.left_out)):
        return change_mark(fact)
    if fact.change is None:
        return "told before"
    new = (story.memory.status, fact.change.kind) == (StoryStatus.NEW, ChangeKind.NEW)
    return "" if new else change_mark(fact)


def story_head(story: Story, sources: Sources) -> str:
    """Return how a story stands over the nights, and the story_line: "New story. 1 source"."""
    memory, line = memory_line(story), story_line(story, sources)
    return f"{memory[0].upper()}{memory[1:]}. {line}" if memory else line


def story_line(story: Story, sources: Sources) -> str:
    """Return "3 sources, 2 origins, 2031-05-06 to 2031-05-09"."""
    period, support = story_period(story, sources), story_support(story)
    return f"{support}, {period}" if period else support


def story_support(story: Story) -> str:
    """Return "3 sources, 2 origins"."""
    return _support(len(story.article_ids), story.origins)


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
    """Return what became of the facts, shown or not, since the earlier brief.

    A digest says in its news line what is new or changed; here it says what is neither.
    """
    if brief.edition:
        gone = f", {len(since.gone):,} gone" if since.gone else ""
        told = counted(since.known, "fact")
        return f"Beside the digests up to {moment(since.created)}: {told} told before{gone}"
    kinds = _kinds(brief)
    figures = [(kinds[kind], kind.value) for kind in ChangeKind]
    figures += [(len(since.gone), "gone"), (since.known, "unchanged")]
    (count, first), *others = figures
    listed = ", ".join(f"{number:,} {what}" for number, what in others)
    return (
        f"Compared with the brief of {moment(since.created)}: "
        f"{counted(count, 'fact')} {first}, {listed}"
    )


def _kinds(brief: Brief) -> Counter[ChangeKind]:
    return Counter(fact.change.kind for fact in _facts(brief) if fact.change)


def _facts(brief: Brief) -> Iterator[Fact]:
    """Yield every fact, shown or left out."""
    for story in brief.stories:
        yield from (*story.facts, *story.left_out)


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
    return f"{', '.join(parts)} from {articles_read(brief)}"


def articles_read(brief: Brief) -> str:
    """Return "3 articles", in a digest "20 new articles, 12 of earlier digests beside them"."""
    read, remembered = brief.coverage.articles, brief.coverage.remembered
    if not brief.edition and not remembered:
        return counted(read, "article")
    new = counted(max(0, read - remembered), "new article")
    return f"{new}, {remembered:,} of earlier digests beside them" if remembered else new


def skipped_count(brief: Brief) -> str:
    """Return "2 files"; of a digest, which reads pages and feeds as well, "2 inputs"."""
    return counted(len(brief.skipped), "input" if brief.edition else "file")


def skip_reason(one: SkippedArticle) -> str:
    """Return why something did not become an article, in words."""
    return _SKIP_REASONS.get(one.reason, one.reason.value.replace("_", " "))


def reason_words(reason: RejectReason) -> str:
    """Return why a claim was refused, in words: "wrong number"."""
    return _REJECT_REASONS.get(reason, reason.value)


def reason_counts(rejected: Iterable[RejectedClaim]) -> str:
    """Return "wrong number (3), wrong date (1)", the most frequent reason first."""
    counts = Counter(reason_words(r.reason) for r in rejected)
    return ", ".join(
        f"{reason} ({count:,})"
        for reason, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )


def moment(created: dt.datetime) -> str:
    """Return a time to the minute with its zone, "2031-05-07 06:00 UTC", "… +0200".

    The name of a zone is no part of a brief's JSON, so it is not shown.
    """
    offset = created.utcoffset()
    zone = "" if offset is None else f"{created:%z}"[:5] if offset else "UTC"
    return f"{created:%Y-%m-%d %H:%M} {zone}".rstrip()


def expectation(validator: ValidatorInfo) -> str:
    """Say how often the validator is expected to be wrong, in plain words."""
    return (
        f"support from {validator.threshold:.2f}: on labelled news {validator.false_pass:.0%} of "
        f"unsupported claims get through and {validator.false_strip:.0%} of supported ones are "
        f"refused"
    )


# --- digests ----------------------------------------------------------------------------------


def title_of(brief: Brief) -> str:
    """Return "Brief", "Digest of 2031-05-06" or "…, second of the day" (not yet escaped)."""
    if not brief.edition:
        return "Brief"
    name = clean(brief.edition, limit=_MAX_VALUE)
    if (second := _SECOND_OF_DAY.fullmatch(name)) is None:
        return f"Digest of {name}"
    day, number = second.groups()
    return f"Digest of {day}, {_ORDINALS.get(number, f'number {number}')} of the day"


def news_line(brief: Brief) -> str:
    """Return what is new, "2 new stories, 1 gone quiet; 14 new facts, 2 changed"; "" for no digest.

    Facts are counted whether they are shown or left out.
    """
    if not brief.edition:
        return ""
    quiet = len(brief.quiet)
    if not brief.stories:
        return f"Nothing new. {counted(quiet, 'story')} gone quiet" if quiet else "Nothing new"
    stands = Counter(story.memory.status for story in brief.stories if story.memory)
    stories = _listed(
        (stands[StoryStatus.NEW], "new story", "new"),
        (stands[StoryStatus.DEVELOPING], "developing story", "developing"),
    )
    stories = stories or counted(len(brief.stories), "story")
    if quiet:
        stories += f", {quiet:,} gone quiet"
    facts = _news_of_facts(brief)
    return f"{stories}; {facts}" if facts else stories


def _news_of_facts(brief: Brief) -> str:
    if brief.since is None:
        # Nothing was told before, so that no fact has a mark.
        return counted(sum(1 for _ in _facts(brief)), "new fact")
    kinds = _kinds(brief)
    return _listed(*((kinds[kind], f"{kind.value} fact", kind.value) for kind in ChangeKind))


def _listed(*figures: tuple[int, str, str]) -> str:
    """List the counts above 0; only the first one names what is counted."""
    found = [figure for figure in figures if figure[0]]
    named = [counted(count, noun) for count, noun, _ in found[:1]]
    return ", ".join([*named, *(f"{count:,} {short}" for count, _, short in found[1:])])


def memory_line(story: Story) -> str:
    """Return how a story stands over the nights, "" where nothing is remembered of it.

    "new story", or "developing since 2031-05-04, told in 3 digests, last on 2031-05-05; 5 facts
    told before are not repeated".
    """
    parts = [_standing_over_nights(story.memory)] if story.memory else []
    if story.known:
        verb = "is" if story.known == 1 else "are"
        parts.append(f"{counted(story.known, 'fact')} told before {verb} not repeated")
    return "; ".join(parts)


def _standing_over_nights(memory: StoryMemory) -> str:
    if memory.status is StoryStatus.NEW:
        return "new story"
    line = f"{memory.status.value} since {memory.first_told}"
    if memory.status is StoryStatus.QUIET:
        line = f"quiet, first told on {memory.first_told}"
    line += f", told in {counted(memory.digests, 'digest')}"
    if memory.last_told and memory.last_told != memory.first_told:
        line += f", last on {memory.last_told}"
    return line


def quiet_line(story: QuietStory) -> str:
    """Return "Orvin floods villages, told 2031-05-02 to 2031-05-03" (not yet escaped)."""
    told = _period(*sorted((story.first_told, story.last_told)))
    return f"{clean(story.headline, limit=_MAX_HEADLINE) or 'Untitled'}, told {told}"


def unread_reason(one: UnreadArticle) -> str:
    """Return why the model has not read an article, in one line (not yet escaped)."""
    return clean(one.reason, limit=_MAX_REASON) or "no reason is known"


def unread_warning(brief: Brief) -> str:
    """Return "7 of 20 articles were not read by the model: the deadline 06:30 came first".

    Several reasons have their counts, the most frequent first. "" where all were read; not yet
    escaped.
    """
    unread = len(brief.unread)
    if not unread:
        return ""
    fresh = brief.coverage.articles - brief.coverage.remembered
    articles = counted(fresh if fresh >= unread else brief.coverage.articles, "article")
    verb = "was" if unread == 1 else "were"
    counts = Counter(unread_reason(one) for one in brief.unread)
    reasons = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    why = [f"{reason} ({count:,})" if len(reasons) > 1 else reason for reason, count in reasons]
    more = f", and {counted(len(why) - _MAX_REASONS, 'more reason')}" if why[_MAX_REASONS:] else ""
    listed = "; ".join(why[:_MAX_REASONS])
    return f"{unread:,} of {articles} {verb} not read by the model: {listed}{more}"


def found_lines(brief: Brief) -> Iterator[str]:
    """Yield what was read, claimed and told, a line each."""
    coverage = brief.coverage
    yield f"Read: {articles_read(brief)}, {coverage.skipped:,} skipped"
    if brief.unread:
        yield f"Not read by the model: {counted(len(brief.unread), 'article')}"
    yield (
        f"Claims: {coverage.claims:,} made, {coverage.supported:,} supported, "
        f"{coverage.rejected:,} rejected"
    )
    if coverage.quoted:
        yield f"Cited beside the claims: {counted(coverage.quoted, 'sentence')}"
    known = sum(story.known for story in brief.stories)
    told = f", {known:,} told before and not repeated" if known else ""
    yield f"Facts: {coverage.facts:,} shown, {coverage.facts_left_out:,} left out{told}"
