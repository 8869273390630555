"""Brief -> Markdown: the facts, then what each rests on, what was refused, how it was made."""

from __future__ import annotations

from collections.abc import Iterator

from summarizer.data import (
    Brief,
    Conflict,
    Evidence,
    Fact,
    RejectedClaim,
    Side,
    SkippedArticle,
    Source,
    Story,
    Writer,
)
from summarizer.render.escape import code_span, escape
from summarizer.render.phrases import (
    Sources,
    citation_label,
    conflict_title,
    counted,
    expectation,
    moment,
    overview,
    reason_counts,
    sentence_label,
    sources_by_article,
    standing,
    story_line,
)

_MAX_REJECTED = 30  # more are in the JSON; a reader at six in the morning wants the facts
_MAX_TITLE = 300  # characters; a title of a page can be the whole page
_MAX_QUOTE = 2000  # characters; what failed to be cut into sentences must not flood the brief


def to_markdown(brief: Brief) -> str:
    """Return `brief` as Markdown (CommonMark), newline at the end.

    A citation `[2:s4]` is sentence 4 of source 2 and links to that source, where the sentence
    stands word for word. Nothing of an article becomes markup; control, bidirectional and
    zero-width characters are left out (the JSON has every character).
    """
    sources = sources_by_article(brief)
    blocks = [
        *_head(brief),
        *(
            block
            for number, story in enumerate(brief.stories, start=1)
            for block in _story(number, story, sources)
        ),
        *_sources(brief),
        *_rejected(brief, sources),
        *_skipped(brief.skipped),
        *_making(brief),
        *_link_targets(brief, sources),
    ]
    return "\n\n".join(blocks) + "\n"


def _head(brief: Brief) -> Iterator[str]:
    yield "# Brief"
    yield (
        f"{moment(brief.run.created)}: {overview(brief)}; "
        f"{counted(len(brief.rejected), 'claim')} rejected, "
        f"{counted(len(brief.skipped), 'file')} skipped."
    )
    yield _model_line(brief)
    for warning in brief.run.warnings:
        yield f"**Warning:** {escape(warning)}"


def _model_line(brief: Brief) -> str:
    if brief.model.sha256 is None and brief.model.name == "none":
        return "Model: none. Every line is a sentence of an article."
    return f"Model: {code_span(brief.model.name)}, strategy {escape(brief.model.strategy)}."


def _story(number: int, story: Story, sources: Sources) -> Iterator[str]:
    # The number keeps a headline from taking the anchor of a source ("source-1").
    yield f"## {number}. {escape(story.headline, limit=_MAX_TITLE)}"
    yield f"{story_line(story, sources)}."
    if story.facts:
        yield "\n".join(_fact(fact, sources) for fact in story.facts)
    for conflict in story.conflicts:
        yield _conflict(conflict, sources)


def _fact(fact: Fact, sources: Sources) -> str:
    labels = dict.fromkeys(_citation(e, sources) for e in fact.citations)
    return f"- {escape(fact.text, limit=_MAX_QUOTE)} ({standing(fact)}) {' '.join(labels)}"


def _citation(evidence: Evidence, sources: Sources) -> str:
    label = citation_label(evidence, sources)
    return f"[{label}]" if evidence.article_id in sources else f"\\[{label}\\]"


def _conflict(conflict: Conflict, sources: Sources) -> str:
    sides = (_side(side, sources) for side in (conflict.first, conflict.second))
    return "\n".join((f"> **Conflict, {escape(conflict_title(conflict))}**", ">", *sides))


def _side(side: Side, sources: Sources) -> str:
    return f"> - {_quoted(side.evidence)} {_citation(side.evidence, sources)}"


def _quoted(evidence: Evidence) -> str:
    return f"“{escape(evidence.quote, limit=_MAX_QUOTE)}”"


def _sources(brief: Brief) -> Iterator[str]:
    yield "## Sources"
    if not brief.sources:
        yield "None."
        return
    yield (
        "The citation 2:s4 is sentence 4 of source 2. "
        "Sources of one origin are copies of, or retell, one report."
    )
    quotes = _quotes_by_article(brief)
    for source in sorted(brief.sources, key=lambda s: s.number):
        yield from _source(source, quotes.get(source.article_id, []))


def _source(source: Source, quotes: list[Evidence]) -> Iterator[str]:
    yield f"### Source {source.number}"
    details = [
        f"**{escape(source.title, limit=_MAX_TITLE) or 'Untitled'}**",
        escape(source.publisher or "", limit=_MAX_TITLE),
        str(source.published or "no date"),
        f"origin {source.origin}",
        "extractive" if source.writer is Writer.EXTRACTIVE else "",
        code_span(source.source),
    ]
    yield ", ".join(detail for detail in details if detail)
    if quotes:
        yield "\n".join(f"- {sentence_label(q.sentence_ids)}: {_quoted(q)}" for q in quotes)


def _quotes_by_article(brief: Brief) -> dict[str, list[Evidence]]:
    """Return every quote that a fact or conflict cites, each once, in the order of the text."""
    quotes: dict[str, list[Evidence]] = {}
    for evidence in sorted(set(_cited(brief)), key=lambda e: (e.start, e.end, e.sentence_ids)):
        quotes.setdefault(evidence.article_id, []).append(evidence)
    return quotes


def _cited(brief: Brief) -> Iterator[Evidence]:
    for story in brief.stories:
        for fact in story.facts:
            yield from fact.citations
        for conflict in story.conflicts:
            yield conflict.first.evidence
            yield conflict.second.evidence


def _rejected(brief: Brief, sources: Sources) -> Iterator[str]:
    yield "## Rejected"
    if not brief.rejected:
        yield "No claim was rejected."
        return
    yield f"{counted(len(brief.rejected), 'claim')}: {reason_counts(brief.rejected)}."
    yield "\n".join(_rejection(claim, sources) for claim in brief.rejected[:_MAX_REJECTED])
    if len(brief.rejected) > _MAX_REJECTED:
        yield f"And {len(brief.rejected) - _MAX_REJECTED:,} more in the JSON."


def _rejection(rejected: RejectedClaim, sources: Sources) -> str:
    reason = rejected.reason.value.replace("_", " ")
    detail = f": {escape(rejected.detail)}" if rejected.detail else ""
    lines = [
        f"- {escape(rejected.claim.text, limit=_MAX_QUOTE)}",
        f"  - {reason}{detail}",
    ]
    if rejected.nearest:
        citation = _citation(rejected.nearest, sources)
        lines.append(f"  - nearest sentence {citation}: {_quoted(rejected.nearest)}")
    return "\n".join(lines)


def _skipped(skipped: tuple[SkippedArticle, ...]) -> Iterator[str]:
    yield "## Skipped"
    if not skipped:
        yield "No file was skipped."
        return
    yield "\n".join(
        f"- {code_span(one.source)}: {one.reason.value.replace('_', ' ')}"
        + (f" ({escape(one.detail)})" if one.detail else "")
        for one in skipped
    )


def _making(brief: Brief) -> Iterator[str]:
    yield "## How it was made"
    coverage, model, versions, run = brief.coverage, brief.model, brief.versions, brief.run
    lines = [
        f"Model: {code_span(model.name)}, strategy {escape(model.strategy)}",
        f"Model SHA-256: {code_span(model.sha256) if model.sha256 else 'none'}",
        f"Versions: summarizer {escape(versions.summarizer)}, prompt {escape(versions.prompt)}, "
        f"schemas {escape(versions.claims_schema)} and {escape(versions.brief_schema)}",
        f"Read: {counted(coverage.articles, 'article')}, {coverage.skipped:,} skipped",
        f"Claims: {coverage.claims:,} made, {coverage.supported:,} supported, "
        f"{coverage.rejected:,} rejected",
        f"Facts: {coverage.facts:,} shown, {coverage.facts_left_out:,} left out",
    ]
    if validator := brief.validator:
        lines.append(
            f"Validator: {code_span(validator.verifier)}, strictness {validator.strictness:g}, "
            f"{expectation(validator)}"
        )
    if run.tokens_read or run.tokens_written:
        lines.append(f"Tokens: {run.tokens_read:,} read, {run.tokens_written:,} written")
    if run.seconds:
        stages = ", ".join(f"{escape(stage)} {s:.1f}" for stage, s in run.seconds.items())
        lines.append(f"Seconds: {stages}")
    yield "\n".join(f"- {line}" for line in lines)


def _link_targets(brief: Brief, sources: Sources) -> Iterator[str]:
    """Define where each label leads; a Markdown reader does not show these lines."""
    nearest = (r.nearest for r in brief.rejected[:_MAX_REJECTED] if r.nearest)
    cited = [e for e in (*_cited(brief), *nearest) if e.article_id in sources]
    labels = {citation_label(e, sources): sources[e.article_id].number for e in cited}
    if labels:
        ordered = sorted(labels.items(), key=lambda item: (item[1], len(item[0]), item[0]))
        yield "\n".join(f"[{label}]: #source-{number}" for label, number in ordered)
