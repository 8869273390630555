"""Brief -> a summary on the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from summarizer.data import Brief, Fact, Since, Story
from summarizer.render.escape import clean
from summarizer.render.phrases import (
    Sources,
    Storyline,
    conflict_title,
    counted,
    expectation,
    first_fact,
    headline_is_lead,
    mark_in,
    moment,
    news_line,
    overview,
    quiet_line,
    reason_counts,
    since_line,
    skip_reason,
    skipped_count,
    sources_by_article,
    standing,
    story_head,
    story_period,
    storylines_by_story,
    title_of,
    unread_warning,
    update_title,
)

_MAX_WIDTH = 100  # columns; longer lines are hard to read
_TOP_FACTS = 3
_MAX_STORIES = 12
_MAX_SKIPPED = 5
_NEAREST = 2  # stories of a storyline that are named before and after the one at hand
_MAX_TEXT = 300  # characters of one fact or headline


def print_summary(brief: Brief, console: Console) -> None:
    """Print stories, their first facts, and what was refused, at most 100 columns wide.

    Text of articles is printed as plain text: no escape sequence, no rich markup.
    """
    sources = sources_by_article(brief)
    for text in _head(brief, console):
        _line(console, text)
    lines = storylines_by_story(brief)
    for number, story in enumerate(brief.stories[:_MAX_STORIES], start=1):
        console.print()
        _print_story(number, story, sources, lines.get(story.id, ()), console)
    more = len(brief.stories) - _MAX_STORIES
    if more > 0:
        _line(console, Text(f"and {counted(more, 'more story')}"))
    console.print()
    for text in _end(brief, console):
        _line(console, text)


def _head(brief: Brief, console: Console) -> Iterator[Text]:
    made = f"{', made' if brief.edition else ''} {moment(brief.run.created)}"
    yield Text.assemble(_plain(title_of(brief), console, "bold"), made)
    if news := news_line(brief):
        yield Text(f"{news}.")
    if unread := unread_warning(brief):
        yield _plain(f"Warning: {unread}", console, "yellow")
    yield _plain(f"{overview(brief)}, model {brief.model.name}", console, "dim")
    if brief.since:
        yield Text(since_line(brief, brief.since), "dim")


def _line(console: Console, text: Text, indent: int = 0, bullet: str = "") -> None:
    """Print `text` wrapped, each line `indent` columns in and clear of the bullet."""
    before, beside = " " * indent + bullet, " " * (indent + len(bullet))
    width = max(1, min(console.width, _MAX_WIDTH) - len(before))
    for number, line in enumerate(text.wrap(console, width)):
        line.rstrip()
        console.print(Text.assemble(beside if number else before, line), soft_wrap=True)


def _plain(text: str, console: Console, style: str = "") -> Text:
    """Return text of an article, without anything that a terminal or rich would obey."""
    shown = clean(text, limit=_MAX_TEXT)
    # A terminal of an old encoding gets "?" rather than an exception.
    return Text(shown.encode(console.encoding, "replace").decode(console.encoding), style)


def _print_story(
    number: int, story: Story, sources: Sources, storyline: Storyline, console: Console
) -> None:
    _line(console, _plain(story.headline, console, "bold"), bullet=f"{number}. ")
    _line(console, _plain(story_head(story, sources), console, "dim"), 3)
    facts, shown = story.facts[:_TOP_FACTS], 0
    lead = first_fact(story)
    if lead and headline_is_lead(story, _MAX_TEXT):
        # Told above already: what is left to say is how it is supported.
        mark = f"{found}: " if (found := mark_in(story, lead)) else ""
        _line(console, _plain(f"{mark}({standing(lead, sources)})", console, "dim"), 3)
        facts, shown = facts[1:], len(story.facts[:1])
    for fact in facts:
        _line(console, _fact(story, fact, sources, console), 3, "- ")
    more = len(story.facts) - len(facts) - shown + len(story.left_out)
    if more > 0:
        _line(console, Text(f"and {more:,} more", "dim"), 5)
    for title in (
        *(f"Conflict, {conflict_title(conflict)}" for conflict in story.conflicts),
        *(f"Update, {update_title(update)}" for update in story.updates),
    ):
        _line(console, _plain(title, console, "yellow"), 3)
    if storyline:
        _line(console, _storyline(number, storyline, sources), 3)


def _fact(story: Story, fact: Fact, sources: Sources, console: Console) -> Text:
    mark = mark_in(story, fact)
    return Text.assemble(
        _plain(f"{mark}: " if mark else "", console, "bold"),
        " " if mark else "",
        _plain(fact.text, console),
        (f" ({standing(fact, sources)})", "dim"),
    )


def _storyline(number: int, stories: Storyline, sources: Sources) -> Text:
    """Name the stories of a storyline by their numbers, as many as there are room for."""
    here = next(place for place, (other, _) in enumerate(stories) if other == number)
    first = max(0, here - _NEAREST)
    named = [
        "this" if other == number else f"story {other} ({_when(story, sources)})"
        for other, story in stories[first : here + _NEAREST + 1]
    ]
    more = len(stories) - len(named)
    tail = f" and {more:,} more" if more else ""
    return Text(f"Storyline: {', '.join(named)}{tail}", "dim")


def _when(story: Story, sources: Sources) -> str:
    return story_period(story, sources) or "no date"


def _gone(since: Since, console: Console) -> Iterator[Text]:
    if not since.gone:
        return
    yield Text(f"Gone since {moment(since.created)}: {counted(len(since.gone), 'fact')}", "yellow")
    for fact in since.gone[:_MAX_SKIPPED]:
        yield _plain(f"- {fact.text}", console)
    if len(since.gone) > _MAX_SKIPPED:
        yield Text(f"  and {len(since.gone) - _MAX_SKIPPED:,} more")


def _quiet(brief: Brief, console: Console) -> Iterator[Text]:
    if not brief.quiet:
        return
    yield Text(f"Gone quiet: {counted(len(brief.quiet), 'story')}")
    for story in brief.quiet[:_MAX_SKIPPED]:
        yield _plain(f"- {quiet_line(story)}", console)
    if len(brief.quiet) > _MAX_SKIPPED:
        yield Text(f"  and {len(brief.quiet) - _MAX_SKIPPED:,} more")


def _end(brief: Brief, console: Console) -> Iterator[Text]:
    if brief.since:
        yield from _gone(brief.since, console)
    yield from _quiet(brief, console)
    if brief.rejected:
        counts = reason_counts(brief.rejected)
        yield Text(f"Rejected: {counted(len(brief.rejected), 'claim')}: {counts}")
    if brief.skipped:
        yield Text(f"Skipped: {skipped_count(brief)}")
        for one in brief.skipped[:_MAX_SKIPPED]:
            yield _plain(f"  {one.source}: {skip_reason(one)}", console)
        if len(brief.skipped) > _MAX_SKIPPED:
            yield Text(f"  and {len(brief.skipped) - _MAX_SKIPPED:,} more")
    if not brief.rejected and not brief.skipped:
        yield Text("Nothing was rejected or skipped.")
    if brief.validator:
        yield _plain(f"Validator: {expectation(brief.validator)}.", console, "dim")
    for warning in brief.run.warnings:
        yield _plain(f"Warning: {warning}", console, "yellow")
