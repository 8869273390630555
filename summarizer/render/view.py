"""What the templates of a brief ask: quotes, anchors, places, storylines, as inert Markup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from summarizer.data import Brief, ChangeKind, Evidence, Fact, Side, Source, Span, Story
from summarizer.render import phrases
from summarizer.render.addresses import web_address
from summarizer.render.escape import clean, marked
from summarizer.render.markdown_story import MAX_QUOTE

MAX_PLACE = 2000  # characters of a path or URL
_MAX_NAMED = 70  # characters of a headline where another story is only named
_NEAREST = 3  # stories of a storyline that are named before and after the one at hand

Quote = tuple[str, str, Evidence]  # anchor ("" for none), label, quote
LabelledSide = tuple[str, Side, bool]  # label, side, whether it is a sentence of this brief


class View:
    """What the templates ask about one brief; everything that holds tags is Markup."""

    _LINK = '<a href="{}" rel="noopener noreferrer nofollow">{}</a>'  # to a place on the web

    def __init__(self, brief: Brief, cited: Iterator[Evidence]) -> None:
        self.brief = brief
        self.sources = phrases.sources_by_article(brief)
        self.listed = sorted(brief.sources, key=lambda source: source.number)
        self._storylines = phrases.storylines_by_story(brief)
        self._quotes: dict[str, list[Quote]] = {}
        self._anchors: set[str] = set()
        self._keep_quotes(cited)

    def _keep_quotes(self, cited: Iterator[Evidence]) -> None:
        for evidence in sorted(set(cited), key=lambda e: (e.start, e.end, e.sentence_ids)):
            anchor = self._anchor(evidence)
            if anchor in self._anchors:
                anchor = ""  # an anchor is there once: the first of two quotes of one sentence
            self._anchors.add(anchor)
            label = phrases.sentence_label(evidence.sentence_ids)
            self._quotes.setdefault(evidence.article_id, []).append((anchor, label, evidence))

    def _anchor(self, evidence: Evidence) -> str:
        if evidence.article_id not in self.sources:
            return ""
        return phrases.quote_anchor(phrases.citation_label(evidence, self.sources))

    def target(self, evidence: Evidence, source: Source) -> str:
        """Return the anchor of a quote, or that of its source where it is not quoted there."""
        anchor = self._anchor(evidence)
        return anchor if anchor in self._anchors else f"source-{source.number}"

    def quotes(self, source: Source) -> Sequence[Quote]:
        """Return every quote of `source` that is cited, once, in the order of the text."""
        return self._quotes.get(source.article_id, ())

    def titled(self, story: Story) -> int | None:
        """Return the number of the source whose title the headline is."""
        source = self.sources.get(story.headline_article_id or "")
        return source.number if source else None

    def quoted(self, evidence: Evidence, mark: Span | None) -> Markup:
        """Return the quote of `evidence` with `mark` of its article marked."""
        if mark is None:
            return Markup.escape(clean(evidence.quote, limit=MAX_QUOTE))
        start, end = mark.start - evidence.start, mark.end - evidence.start
        before, inside, after = marked(evidence.quote, start, end, limit=MAX_QUOTE)
        shape = "{}<mark>{}</mark>{}" if inside else "{}{}{}"
        return Markup(shape).format(before, inside, after)  # noqa: S704 - format escapes

    def sides(self, fact: Fact) -> list[LabelledSide]:
        """Return what the earlier brief quoted and what is quoted now, where the two differ."""
        change = fact.change
        if change is None or change.kind not in (ChangeKind.CHANGED, ChangeKind.CONTRADICTED):
            return []
        # The sentence of before is one of the earlier reading: no citation leads there.
        found = (("before", change.before, False), ("now", change.after, True))
        return [(label, side, cited) for label, side, cited in found if side]

    def place(self, source: str) -> Markup:
        """Return a path or URL: a link where it is an http(s) address, text otherwise."""
        shown = clean(source, limit=MAX_PLACE)
        address = web_address(source)
        if address is None:
            return Markup("<code>{}</code>").format(shown)
        return Markup(self._LINK).format(address, shown)  # noqa: S704 - ours; format escapes

    def storyline(self, number: int, story: Story) -> Markup:
        """Name the nearest stories before and after story `number`; "" where it is in no line."""
        stories = self._storylines.get(story.id, ())
        if not stories:
            return Markup("")
        here = next(place for place, (other, _) in enumerate(stories) if other == number)
        first, last = max(0, here - _NEAREST), min(len(stories), here + _NEAREST + 1)
        parts = [self._named(other, one, number) for other, one in stories[first:last]]
        if first:
            parts.insert(0, Markup.escape(f"{first:,} earlier"))
        if last < len(stories):
            parts.append(Markup.escape(f"{len(stories) - last:,} later"))
        return Markup("; ").join(parts)

    def dates(self, story: Story) -> str:
        """Return the dates of a story's articles, "" where none is known."""
        return phrases.story_period(story, self.sources)

    def _named(self, other: int, story: Story, number: int) -> Markup:
        dates = self.dates(story) or "no date"
        if other == number:
            return Markup("<strong>this story</strong> ({})").format(dates)
        named = clean(story.headline, limit=_MAX_NAMED)
        link = Markup('<a href="#story-{}">story {}</a> “<bdi>{}</bdi>” ({})')
        return link.format(other, other, named, dates)

    def making(self) -> Iterator[str]:
        """Yield how the brief was made: model, versions, counts, validator, time (plain text)."""
        brief = self.brief
        model, versions, run = brief.model, brief.versions, brief.run
        yield f"Model: {model.name}, strategy {model.strategy}"
        yield f"Model SHA-256: {model.sha256 or 'none'}"
        yield (
            f"Versions: summarizer {versions.summarizer}, prompt {versions.prompt}, "
            f"schemas {versions.claims_schema} and {versions.brief_schema}"
        )
        yield from phrases.found_lines(brief)
        if validator := brief.validator:
            yield (
                f"Validator: {validator.verifier}, strictness {validator.strictness:g}, "
                f"{phrases.expectation(validator)}"
            )
        if run.tokens_read or run.tokens_written:
            yield f"Tokens: {run.tokens_read:,} read, {run.tokens_written:,} written"
        if run.seconds:
            stages = ", ".join(f"{stage} {s:.1f}" for stage, s in run.seconds.items())
            yield f"Seconds: {stages}"
