"""A story of the brief in Markdown: its lead, facts, conflicts, updates and storyline."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from summarizer.data import (
    Brief,
    ChangeKind,
    Conflict,
    Evidence,
    Fact,
    Side,
    Span,
    Story,
    Update,
)
from summarizer.render.escape import clean, escape, escape_marked
from summarizer.render.phrases import (
    Sources,
    Storyline,
    citation_label,
    conflict_title,
    counted,
    first_fact,
    full_support,
    headline_is_lead,
    lesser_support,
    mark_in,
    standing,
    story_head,
    story_period,
    storylines_by_story,
    update_title,
)

MAX_TITLE = 300  # characters; a title of a page can be the whole page
MAX_QUOTE = 2000  # characters; what failed to be cut into sentences must not flood the brief
_MAX_NAMED = 70  # characters of a headline where another story is only named
_NEAREST = 3  # stories of a storyline that are named before and after the one at hand


def story_blocks(
    number: int, story: Story, sources: Sources, storyline: Storyline
) -> Iterator[str]:
    """Yield the Markdown blocks of story `number`; `storyline` is () where it is in none."""
    # The number keeps a headline from taking the anchor of a source ("source-1").
    yield f"## {_heading(number, story)}"
    yield f"{story_head(story, sources)}{_headline_source(story, sources)}."
    yield from _facts(story, sources)
    for conflict in story.conflicts:
        yield _conflict(conflict, sources)
    for update in story.updates:
        yield _update(update, sources)
    if storyline:
        yield f"Storyline: {_storyline(number, storyline, sources)}."


def _heading(number: int, story: Story) -> str:
    return f"{number}. {escape(story.headline, limit=MAX_TITLE)}"


def _headline_source(story: Story, sources: Sources) -> str:
    source = sources.get(story.headline_article_id or "")
    return f"; headline of [source {source.number}]" if source else ""


# --- facts ------------------------------------------------------------------------------------


def _facts(story: Story, sources: Sources) -> Iterator[str]:
    lead = first_fact(story)
    if lead is None:
        return
    if headline_is_lead(story, MAX_TITLE):
        yield f"{_mark(story, lead)}The headline is the first fact {_support(lead, sources)}"
        yield from _lead_change(lead, sources)
    elif story.facts:
        text = escape(lead.text, limit=MAX_QUOTE)
        yield f"{_mark(story, lead)}{f'**{text}**' if text else ''} {_support(lead, sources)}"
        yield from _lead_change(lead, sources)
    if len(story.facts) > 1:
        yield "\n".join(_fact(story, fact, sources) for fact in story.facts[1:])
    if story.left_out:
        count = len(story.left_out)
        shown = f"And {counted(count, 'more fact')}" if story.facts else counted(count, "fact")
        yield f"{shown} in the JSON."


def _fact(story: Story, fact: Fact, sources: Sources) -> str:
    first = f"- {_mark(story, fact)}{escape(fact.text, limit=MAX_QUOTE)} {_support(fact, sources)}"
    return "\n".join((first, *(f"  - {line}" for line in _change(fact, sources))))


def _support(fact: Fact, sources: Sources) -> str:
    """Return "(2 sources, 1 origin) [1:s1] [2:s1]; less specific: [3:s4]"."""
    full = dict.fromkeys(citation(e, sources) for e in full_support(fact))
    lesser = dict.fromkeys(citation(e, sources) for e in lesser_support(fact))
    apart = " ".join(label for label in lesser if label not in full)
    shown = f"({standing(fact, sources)}) {' '.join(full)}"
    return f"{shown}; less specific: {apart}" if apart else shown


def _mark(story: Story, fact: Fact) -> str:
    mark = mark_in(story, fact)
    return f"**{escape(mark)}:** " if mark else ""


def _lead_change(fact: Fact, sources: Sources) -> Iterator[str]:
    # A quotation, as a list here would run into the list of the other facts.
    if lines := list(_change(fact, sources)):
        yield "\n".join(f"> - {line}" for line in lines)


def _change(fact: Fact, sources: Sources) -> Iterator[str]:
    """Yield what the earlier brief quoted and what is quoted now, where the two differ."""
    change = fact.change
    if change is None or change.kind not in (ChangeKind.CHANGED, ChangeKind.CONTRADICTED):
        return
    if change.before:
        # Its sentence is one of the earlier reading: no label of this brief leads there.
        yield f"before: {quoted(change.before.evidence, change.before.mark)}"
    if change.after:
        yield f"now: {_side(change.after, sources)}"


# --- differences ------------------------------------------------------------------------------


def _conflict(conflict: Conflict, sources: Sources) -> str:
    sides = (_placed(side, sources) for side in (conflict.first, conflict.second))
    lines = (f"> - {side}" for side in sides)
    return "\n".join((f"> **Conflict, {escape(conflict_title(conflict))}**", ">", *lines))


def _update(update: Update, sources: Sources) -> str:
    lines = (
        f"> - was {_placed(update.earlier, sources)}",
        f"> - later {_placed(update.later, sources)}",
    )
    return "\n".join((f"> **Update, {escape(update_title(update))}**", ">", *lines))


def _placed(side: Side, sources: Sources) -> str:
    evidence = side.evidence
    return f"{_side(side, sources)}, characters {evidence.start} to {evidence.end}"


def _side(side: Side, sources: Sources) -> str:
    return f"{quoted(side.evidence, side.mark)} {citation(side.evidence, sources)}"


def quoted(evidence: Evidence, mark: Span | None = None) -> str:
    """Return the quote of `evidence` in quotation marks, with `mark` of its article in bold."""
    text = evidence.quote
    if mark is None:
        return f"“{escape(text, limit=MAX_QUOTE)}”"
    start, end = mark.start - evidence.start, mark.end - evidence.start
    return f"“{escape_marked(text, start, end, limit=MAX_QUOTE)}”"


def citation(evidence: Evidence, sources: Sources) -> str:
    """Return "[2:s4]", a link to source 2; as mere text where the brief lists no such source."""
    label = citation_label(evidence, sources)
    return f"[{label}]" if evidence.article_id in sources else f"\\[{label}\\]"


def cited_in(story: Story) -> Iterator[Evidence]:
    """Yield every piece of evidence that `story_blocks` cites, some of it more than once."""
    if not story.facts and (lead := first_fact(story)) and headline_is_lead(story, MAX_TITLE):
        yield from lead.citations
    for fact in story.facts:
        yield from fact.citations
        if fact.change and fact.change.after:
            yield fact.change.after.evidence
    for conflict in story.conflicts:
        yield conflict.first.evidence
        yield conflict.second.evidence
    for update in story.updates:
        yield update.earlier.evidence
        yield update.later.evidence


# --- storylines -------------------------------------------------------------------------------


def _storyline(number: int, stories: Storyline, sources: Sources) -> str:
    """Name the nearest stories before and after story `number`, which is "this story"."""
    here = next(place for place, (other, _) in enumerate(stories) if other == number)
    first, last = max(0, here - _NEAREST), min(len(stories), here + _NEAREST + 1)
    parts = [_named(other, story, number, sources) for other, story in stories[first:last]]
    if first:
        parts.insert(0, f"{first:,} earlier")
    if last < len(stories):
        parts.append(f"{len(stories) - last:,} later")
    return "; ".join(parts)


def _named(other: int, story: Story, number: int, sources: Sources) -> str:
    dates = story_period(story, sources) or "no date"
    if other == number:
        return f"**this story** ({dates})"
    return f"[story {other}] “{escape(story.headline, limit=_MAX_NAMED)}” ({dates})"


def story_links(brief: Brief, sources: Sources, page: str) -> Iterator[str]:
    """Yield where the labels "source 2" of headlines and "story 3" of storylines lead.

    `page`: the destination of the page that they lead into, "" where they stay in the Markdown.
    """
    titled = {
        sources[story.headline_article_id].number
        for story in brief.stories
        if story.headline_article_id in sources
    }
    for number in sorted(titled):
        yield f"[source {number}]: {page}#source-{number}"
    lines = storylines_by_story(brief)
    for number, story in enumerate(brief.stories, start=1):
        if story.id in lines:
            place = f"story-{number}" if page else anchor(number, story)
            yield f"[story {number}]: {page}#{place}"


def anchor(number: int, story: Story) -> str:
    """Return the anchor that GitHub and its like give the heading of story `number`.

    Only letters, digits, marks, "_" and "-" are left of it, so that it cannot become markup.
    """
    text = f"{number}. {clean(story.headline, limit=MAX_TITLE)}".strip().lower()
    return "".join("-" if c == " " else c for c in text if _is_kept(c))


def _is_kept(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LM" or category in ("Nd", "Pc") or character in " -"
