"""Brief -> a summary on the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from summarizer.data import Brief, Fact, Story
from summarizer.render.escape import clean
from summarizer.render.phrases import (
    Sources,
    conflict_title,
    counted,
    expectation,
    moment,
    overview,
    reason_counts,
    sources_by_article,
    standing,
    story_line,
)

_MAX_WIDTH = 100  # columns; longer lines are hard to read
_TOP_FACTS = 3
_MAX_STORIES = 12
_MAX_SKIPPED = 5
_MAX_TEXT = 300  # characters of one fact or headline


def print_summary(brief: Brief, console: Console) -> None:
    """Print stories, their first facts, and what was refused, at most 100 columns wide.

    Text of articles is printed as plain text: no escape sequence, no rich markup.
    """
    sources = sources_by_article(brief)
    _line(console, Text.assemble(("Brief", "bold"), f" {moment(brief.run.created)}"))
    _line(console, _plain(f"{overview(brief)}, model {brief.model.name}", console, "dim"))
    for number, story in enumerate(brief.stories[:_MAX_STORIES], start=1):
        console.print()
        _print_story(number, story, sources, console)
    more = len(brief.stories) - _MAX_STORIES
    if more > 0:
        _line(console, Text(f"and {counted(more, 'more story')}"))
    console.print()
    for text in _end(brief, console):
        _line(console, text)


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


def _print_story(number: int, story: Story, sources: Sources, console: Console) -> None:
    _line(console, _plain(story.headline, console, "bold"), bullet=f"{number}. ")
    _line(console, _plain(story_line(story, sources), console, "dim"), 3)
    for fact in story.facts[:_TOP_FACTS]:
        _line(console, _fact(fact, console), 3, "- ")
    more = len(story.facts) - _TOP_FACTS
    if more > 0:
        _line(console, Text(f"and {more:,} more", "dim"), 5)
    for conflict in story.conflicts:
        title = f"Conflict, {conflict_title(conflict)}"
        _line(console, _plain(title, console, "yellow"), 3)


def _fact(fact: Fact, console: Console) -> Text:
    return Text.assemble(_plain(fact.text, console), (f" ({standing(fact)})", "dim"))


def _end(brief: Brief, console: Console) -> Iterator[Text]:
    if brief.rejected:
        counts = reason_counts(brief.rejected)
        yield Text(f"Rejected: {counted(len(brief.rejected), 'claim')} ({counts})")
    if brief.skipped:
        yield Text(f"Skipped: {counted(len(brief.skipped), 'file')}")
        for one in brief.skipped[:_MAX_SKIPPED]:
            reason = one.reason.value.replace("_", " ")
            yield _plain(f"  {one.source}: {reason}", console)
        if len(brief.skipped) > _MAX_SKIPPED:
            yield Text(f"  and {len(brief.skipped) - _MAX_SKIPPED:,} more")
    if not brief.rejected and not brief.skipped:
        yield Text("Nothing was rejected or skipped.")
    if brief.validator:
        yield _plain(f"Validator: {expectation(brief.validator)}.", console, "dim")
    for warning in brief.run.warnings:
        yield _plain(f"Warning: {warning}", console, "yellow")
