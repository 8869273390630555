"""What the templates of the page ask about one brief."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from markupsafe import Markup

from summarizer.data import (
    Brief,
    ChangeKind,
    ConflictKind,
    Evidence,
    Fact,
    QuietStory,
    Side,
    Source,
    Story,
)
from summarizer.render import phrases
from summarizer.render.days import day, period
from summarizer.render.escape import clean
from summarizer.render.markdown_story import MAX_TITLE
from summarizer.render.view import LabelledSide, View

_MAX_NAME = 48  # characters of a publisher or title where a source is only named
_MAX_VALUE = 80  # characters of a value that is named outside its quote
_DIFFERENCES = {
    ConflictKind.NUMBER: "a number",
    ConflictKind.DATE: "a date",
    ConflictKind.NAME: "a name",
    ConflictKind.PLACE: "a place",
}


def cited_on_page(brief: Brief) -> Iterator[Evidence]:
    """Yield every piece of evidence that the page cites, some of it more than once."""
    for story in brief.stories:
        for fact in (*story.facts, *story.left_out):
            yield from fact.citations
            if fact.change and fact.change.after:
                yield fact.change.after.evidence
        for conflict in story.conflicts:
            yield conflict.first.evidence
            yield conflict.second.evidence
        for update in story.updates:
            yield update.earlier.evidence
            yield update.later.evidence
    yield from (one.nearest for one in brief.rejected if one.nearest)


class PageView(View):
    """Citations that open the article beside, names of sources, dates as people write them."""

    # In a tab of its own: a notebook shows the page in a frame, in which most sites cannot be.
    _LINK = '<a href="{}" target="_blank" rel="noopener noreferrer nofollow">{}</a>'

    def __init__(self, brief: Brief) -> None:
        super().__init__(brief, cited_on_page(brief))
        self.by_model = brief.model.name != "none"
        facts = (f for story in brief.stories for f in (*story.facts, *story.left_out))
        self._facts = {fact.id: fact for fact in facts}
        self._disputed = dict(_disputed(brief))
        self._names = {source.article_id: self._name(source) for source in brief.sources}

    def _name(self, source: Source) -> str:
        named = (source.publisher, source.title, source.source)
        names = (clean(name or "", limit=_MAX_NAME) for name in named)
        return next((name for name in names if name), f"source {source.number}")

    def name(self, article_id: str) -> str:
        """Return the publisher of an article, else its title, else where it was read."""
        return self._names.get(article_id, "an unknown source")

    def cite(self, evidence: Evidence) -> Markup:
        """Return "2:s4", a link to that quote that the script can open in its article."""
        return self._link(evidence, self.name(evidence.article_id))

    def cite_below(self, evidence: Evidence) -> Markup:
        """Return the same below the title of the source, whose name is not said again."""
        return self._link(evidence, "")

    def _link(self, evidence: Evidence, name: str) -> Markup:
        label = phrases.citation_label(evidence, self.sources)
        source = self.sources.get(evidence.article_id)
        if source is None:
            return Markup('<span class="cite">{}</span>').format(label)
        spoken = f"{label}, {_sentences(evidence.sentence_ids)} of source {source.number}"
        link = Markup(
            '<a class="cite" href="#{}" data-source="{}" data-start="{}" data-end="{}"'
            ' aria-label="{}">{}</a>'
        )
        return link.format(
            self.target(evidence, source),
            source.number,
            evidence.start,
            evidence.end,
            f"{spoken}, {name}" if name else spoken,
            label,
        )

    def full(self, fact: Fact) -> Markup:
        """Return the citations that support the whole wording of a fact."""
        return self._cites(phrases.full_support(fact))

    def lesser(self, fact: Fact) -> Markup:
        """Return the citations of claims that say less, "" for none."""
        return self._cites(phrases.lesser_support(fact))

    def _cites(self, citations: tuple[Evidence, ...]) -> Markup:
        return Markup(" ").join(dict.fromkeys(self.cite(e) for e in citations))

    def standing(self, fact: Fact) -> str:
        """Return "3 sources · 1 origin", and "quoted" where that is not so of every line."""
        line = phrases.standing(fact, self.sources).replace(", ", " · ")
        return line if self.by_model else line.removesuffix(" · quoted")

    def weight(self, side: Side) -> str:
        """Return how the fact of a side is supported; "" where it is none of the brief."""
        fact = self._facts.get(side.fact_id)
        return self.standing(fact) if fact else ""

    def trust(self) -> str:
        """Say who wrote the lines, and how far the check of them can be trusted."""
        if not self.by_model:
            return "Every line is a sentence of an article."
        name, validator = clean(self.brief.model.name, limit=_MAX_NAME), self.brief.validator
        line = f"Written by {name} from the articles"
        if validator is None:
            return f"{line}."
        through, refused = (f"{v:.0%}" for v in (validator.false_pass, validator.false_strip))
        return (
            f"{line} and checked: on labelled news {through} of unsupported claims get through "
            f"this check and {refused} of supported ones are refused, so look at the evidence."
        )

    def article(self, article_id: str) -> Markup:
        """Return "source 3, Velmora Gazette", a link that opens the article."""
        source = self.sources.get(article_id)
        if source is None:
            return Markup("no source of this brief")
        link = Markup('<a href="#source-{}" data-source="{}">source {}</a>, <bdi>{}</bdi>')
        return link.format(source.number, source.number, source.number, self.name(article_id))

    def sentence_of(self, evidence: Evidence) -> str:
        """Return "sentence 4 of source 2"."""
        source = self.sources.get(evidence.article_id)
        number = source.number if source else "?"
        return f"{_sentences(evidence.sentence_ids)} of source {number}"

    def told(self, story: QuietStory) -> str:
        """Return when a story that has gone quiet was told, "2 to 3 May 2031"."""
        return period(*sorted((story.first_told, story.last_told)))

    def story_standing(self, story: Story) -> str:
        """Return "3 sources · 2 origins · 5 to 9 May 2031"."""
        support = phrases.story_support(story).replace(", ", " · ")
        dates = self.dates(story)
        return f"{support} · {dates}" if dates else support

    def dates(self, story: Story) -> str:
        """Return "5 to 9 May 2031", "" where no article has a date."""
        dates = [
            source.published
            for article_id in story.article_ids
            if (source := self.sources.get(article_id)) and source.published
        ]
        return period(min(dates), max(dates)) if dates else ""

    def chips(self, story: Story, fact: Fact) -> Markup:
        """Return the marks of a fact: what became of it since then, and whether it is disputed.

        What is disputed leads to its conflict; that it is contradicted is not said twice.
        """
        mark, conflict = self._mark(story, fact), self._disputed.get(fact.id)
        kind = fact.change.kind if fact.change else None
        shown = Markup("")
        if mark and not (conflict and kind is ChangeKind.CONTRADICTED):
            chip = Markup('<span class="chip {}">{}</span> ')
            shown += chip.format(kind.value if kind else "told", mark)
        if conflict:
            chip = Markup('<a class="chip contradicted" href="#{}">disputed</a> ')
            shown += chip.format(conflict)
        return shown

    def _mark(self, story: Story, fact: Fact) -> Markup:
        """Return the mark of a fact, each value by itself: "→" stays between them."""
        change = fact.change
        if change and change.kind is ChangeKind.CHANGED and change.before and change.after:
            values = (self.value(side) for side in (change.before, change.after))
            return Markup("changed, <bdi>{}</bdi> → <bdi>{}</bdi>").format(*values)
        return Markup.escape(phrases.mark_in(story, fact))

    def told_otherwise(self, story: Story, fact: Fact) -> list[LabelledSide]:
        """Return what was told and what is said now, but for what a box of the story shows."""
        found = self.sides(fact)
        shown = [{c.first.evidence, c.second.evidence} for c in story.conflicts]
        shown += [{u.earlier.evidence, u.later.evidence} for u in story.updates]
        return [] if {side.evidence for _, side, _ in found} in shown else found

    def attribution(self, evidence: Evidence) -> Markup:
        """Return "Velmora Gazette, 6 May 2031"."""
        source = self.sources.get(evidence.article_id)
        name = Markup("<bdi>{}</bdi>").format(self.name(evidence.article_id))
        dated = source and source.published
        return Markup("{}, {}").format(name, day(dated)) if dated else name

    def told_by(self, evidence: Evidence) -> Markup:
        """Return whose sentence of an earlier brief it is; its article need not be listed now."""
        if evidence.article_id not in self.sources:
            return Markup("as it was told before")
        return Markup("{}, as it was told before").format(self.attribution(evidence))

    def differs_in(self, kind: ConflictKind) -> str:
        """Return what two sources differ about: "a number"."""
        return _DIFFERENCES.get(kind, kind.value)

    def value(self, side: Side) -> str:
        """Return what a side says, short enough to be named outside its quote."""
        return clean(side.value, limit=_MAX_VALUE)

    def headline(self, story: Story) -> str:
        """Return the headline of a story; where it has none, so much."""
        return clean(story.headline, limit=MAX_TITLE) or "Untitled"

    def title(self, source: Source) -> str:
        """Return the title of a source; where it has none, so much."""
        return clean(source.title, limit=MAX_TITLE) or "Untitled"

    def day(self, date: dt.date) -> str:
        """Return "6 May 2031"."""
        return day(date)


def _disputed(brief: Brief) -> Iterator[tuple[str, str]]:
    """Yield the id of each disputed fact with the anchor of its conflict, its own story's last."""
    by_story = [(n, story, {f.id for f in story.facts}) for n, story in enumerate(brief.stories, 1)]
    for own in (False, True):  # what is yielded last counts
        for number, story, facts in by_story:
            for place, conflict in reversed(list(enumerate(story.conflicts, start=1))):
                for side in (conflict.first, conflict.second):
                    if (side.fact_id in facts) is own:
                        yield side.fact_id, f"conflict-{number}-{place}"


def _sentences(ids: tuple[int, ...]) -> str:
    numbers = phrases.sentence_label(ids)[1:].replace(",", ", ")
    return f"sentence {numbers}" if len(ids) == 1 else f"sentences {numbers}"
