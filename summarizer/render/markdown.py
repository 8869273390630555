"""Brief -> Markdown: the facts, then what each rests on, what was refused, how it was made."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from summarizer.data import Brief, Evidence, RejectedClaim, Source, UnreadArticle, Writer
from summarizer.render.escape import code_span, escape
from summarizer.render.markdown_story import (
    MAX_QUOTE,
    MAX_TITLE,
    citation,
    cited_in,
    quoted,
    story_blocks,
    story_links,
)
from summarizer.render.phrases import (
    Sources,
    citation_label,
    counted,
    expectation,
    found_lines,
    moment,
    news_line,
    overview,
    quiet_line,
    quote_anchor,
    reason_counts,
    reason_words,
    reference_line,
    sentence_label,
    since_line,
    skip_reason,
    skipped_count,
    sources_by_article,
    storylines_by_story,
    title_of,
    unread_reason,
    unread_warning,
)

# More of these are in the JSON; a reader at six in the morning wants the facts.
_MAX_REJECTED = 30
_MAX_UNREAD = 30


def to_markdown(brief: Brief, *, page: str = "") -> str:
    """Return `brief` as Markdown (CommonMark), newline at the end.

    A citation `[2:s4]` is sentence 4 of source 2 and links to that source, where the sentence
    stands word for word. Nothing of an article becomes markup; control, bidirectional and
    zero-width characters are left out (the JSON has every character).

    Args:
        brief: what to show.
        page: where to_html's page of the brief is, as a relative URL, percent-encoded: links lead
            into it, to the sentence itself, and not to the headings of the Markdown.
    """
    sources = sources_by_article(brief)
    lines = storylines_by_story(brief)
    blocks = [
        *_head(brief),
        *(
            block
            for number, story in enumerate(brief.stories, start=1)
            for block in story_blocks(number, story, sources, lines.get(story.id, ()))
        ),
        *_gone(brief),
        *_quiet(brief),
        *_unread(brief, sources),
        *_sources(brief),
        *_rejected(brief, sources),
        *_skipped(brief),
        *_making(brief),
        *_link_targets(brief, sources, _destination(page)),
    ]
    return "\n\n".join(blocks) + "\n"


def _head(brief: Brief) -> Iterator[str]:
    yield f"# {escape(title_of(brief))}"
    if news := news_line(brief):
        yield f"**{news}.**"
    if unread := unread_warning(brief):
        yield f"**Warning:** {escape(unread)}."
    yield (
        f"{moment(brief.run.created)}: {overview(brief)}; "
        f"{counted(len(brief.rejected), 'claim')} rejected, {skipped_count(brief)} skipped."
    )
    if brief.since:
        yield f"{since_line(brief, brief.since)}."
    if brief.reference:
        line = reference_line(brief.reference)
        yield f"{line[0].upper()}{line[1:]}."
    yield _model_line(brief)
    for warning in brief.run.warnings:
        yield f"**Warning:** {escape(warning)}"


def _model_line(brief: Brief) -> str:
    if brief.model.sha256 is None and brief.model.name == "none":
        return "Model: none. Every line is a sentence of an article."
    return f"Model: {code_span(brief.model.name)}, strategy {escape(brief.model.strategy)}."


def _gone(brief: Brief) -> Iterator[str]:
    if brief.since is None or not brief.since.gone:
        return
    yield f"## Gone since {moment(brief.since.created)}"
    yield "The articles of these facts were read again and say them no more."
    yield "\n".join(
        f"- {escape(fact.text, limit=MAX_QUOTE)}\n"
        f"  - {code_span(fact.source)} said: {quoted(fact.evidence)}"
        for fact in brief.since.gone
    )


def _quiet(brief: Brief) -> Iterator[str]:
    if brief.quiet:
        yield "## Gone quiet"
        yield "Nothing more was heard of these stories."
        yield "\n".join(f"- {escape(quiet_line(story))}" for story in brief.quiet)


def _unread(brief: Brief, sources: Sources) -> Iterator[str]:
    if not brief.unread:
        return
    yield "## Not read by the model"
    yield "These articles are told in their own sentences."
    yield "\n".join(_unread_article(one, sources) for one in brief.unread[:_MAX_UNREAD])
    if len(brief.unread) > _MAX_UNREAD:
        yield f"And {len(brief.unread) - _MAX_UNREAD:,} more in the JSON."


def _unread_article(one: UnreadArticle, sources: Sources) -> str:
    source = sources.get(one.article_id)
    named = f"Source {source.number}, " if source else ""
    return f"- {named}{code_span(one.source)}: {escape(unread_reason(one))}"


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
        f"**{escape(source.title, limit=MAX_TITLE) or 'Untitled'}**",
        escape(source.publisher or "", limit=MAX_TITLE),
        str(source.published or "no date"),
        f"origin {source.origin}",
        "extractive" if source.writer is Writer.EXTRACTIVE else "",
        code_span(source.source),
    ]
    yield ", ".join(detail for detail in details if detail)
    if quotes:
        yield "\n".join(f"- {sentence_label(q.sentence_ids)}: {quoted(q)}" for q in quotes)


def _quotes_by_article(brief: Brief) -> dict[str, list[Evidence]]:
    """Return every quote that a story cites, by article, each once, in the order of the text."""
    quotes: dict[str, list[Evidence]] = {}
    for evidence in sorted(set(_cited(brief)), key=lambda e: (e.start, e.end, e.sentence_ids)):
        quotes.setdefault(evidence.article_id, []).append(evidence)
    return quotes


def _cited(brief: Brief) -> Iterator[Evidence]:
    for story in brief.stories:
        yield from cited_in(story)


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
    reason = reason_words(rejected.reason)
    detail = f": {escape(rejected.detail)}" if rejected.detail else ""
    lines = [
        f"- {escape(rejected.claim.text, limit=MAX_QUOTE)}",
        f"  - {reason}{detail}",
    ]
    if rejected.nearest:
        label = citation(rejected.nearest, sources)
        lines.append(f"  - nearest sentence {label}: {quoted(rejected.nearest)}")
    return "\n".join(lines)


def _skipped(brief: Brief) -> Iterator[str]:
    yield "## Skipped"
    if not brief.skipped:
        yield "Nothing was skipped." if brief.edition else "No file was skipped."
        return
    yield "\n".join(
        f"- {code_span(one.source)}: {skip_reason(one)}"
        + (f" ({escape(one.detail)})" if one.detail else "")
        for one in brief.skipped
    )


def _making(brief: Brief) -> Iterator[str]:
    yield "## How it was made"
    lines = [*_made_by(brief), *found_lines(brief), *_checked(brief), *_spent(brief)]
    if brief.reference and brief.reference.missing:
        lines.append("Reference facts that are missing:")
        lines += [f"  - {escape(fact, limit=MAX_QUOTE)}" for fact in brief.reference.missing]
    yield "\n".join(line if line.startswith("  - ") else f"- {line}" for line in lines)


def _made_by(brief: Brief) -> Iterator[str]:
    model, versions = brief.model, brief.versions
    yield f"Model: {code_span(model.name)}, strategy {escape(model.strategy)}"
    yield f"Model SHA-256: {code_span(model.sha256) if model.sha256 else 'none'}"
    yield (
        f"Versions: summarizer {escape(versions.summarizer)}, prompt {escape(versions.prompt)}, "
        f"schemas {escape(versions.claims_schema)} and {escape(versions.brief_schema)}"
    )


def _checked(brief: Brief) -> Iterator[str]:
    if validator := brief.validator:
        yield (
            f"Validator: {code_span(validator.verifier)}, strictness {validator.strictness:g}, "
            f"{expectation(validator)}"
        )


def _spent(brief: Brief) -> Iterator[str]:
    run = brief.run
    if run.tokens_read or run.tokens_written:
        yield f"Tokens: {run.tokens_read:,} read, {run.tokens_written:,} written"
    if run.seconds:
        stages = ", ".join(f"{escape(stage)} {s:.1f}" for stage, s in run.seconds.items())
        yield f"Seconds: {stages}"


def _destination(page: str) -> str:
    """Return `page` as what is a link's destination anywhere: no white space, bracket or entity."""
    return quote(page, safe="/%", errors="replace")


def _link_targets(brief: Brief, sources: Sources, page: str) -> Iterator[str]:
    """Define where each label leads; a Markdown reader does not show these lines."""
    nearest = (r.nearest for r in brief.rejected[:_MAX_REJECTED] if r.nearest)
    cited = [e for e in (*_cited(brief), *nearest) if e.article_id in sources]
    labels = {citation_label(e, sources): sources[e.article_id].number for e in cited}
    ordered = sorted(labels.items(), key=lambda item: (item[1], len(item[0]), item[0]))
    targets = [f"[{label}]: {page}#{_place(label, number, page)}" for label, number in ordered]
    targets += story_links(brief, sources, page)
    if targets:
        yield "\n".join(targets)


def _place(label: str, number: int, page: str) -> str:
    """Return the anchor of a quote on a page, of its source in Markdown."""
    return quote_anchor(label) if page else f"source-{number}"
