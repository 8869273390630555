"""Brief -> one self-contained HTML page with its evidence inside."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

from markupsafe import Markup

from summarizer.data import Article, Brief
from summarizer.render import phrases
from summarizer.render.days import day, with_days
from summarizer.render.escape import clean
from summarizer.render.fill import fill
from summarizer.render.page.data import Blocks, PageData, blocks_of, page_data
from summarizer.render.page.seal import sealed
from summarizer.render.page.timeline import timeline
from summarizer.render.page.view import PageView, cited_on_page

_SCRIPTS = tuple(
    f"page/script/{name}.js" for name in ("articles", "reader", "moves", "search", "start")
)
# Facts, sources and refused claims; what is out of view on a longer page is laid out when it comes
# into view.
_LONG = 300


def to_html(
    brief: Brief, *, articles: Iterable[Article] = (), title: str | None = None, home: str = ""
) -> str:
    """Return `brief` as one self-contained page (HTML 5), newline at the end.

    A citation opens its article beside the brief, at the sentence. The page loads nothing, runs
    no script but its own, and carries its data: summarizer.verify.page proves it from the page
    alone. Nothing of an article becomes markup; control, bidirectional and zero-width characters
    are not shown. The same arguments make the same page.

    Args:
        brief: what to show.
        articles: those whose text is embedded; of a source without one the page has its quotes.
        title: of the page; "Brief of 6 May 2031" or the digest's when None.
        home: a relative address to link at the top, for a page of a site.
    """
    data = page_data(brief, articles, title=title, home=home)
    return sealed(document(data, blocks_of(data)))


def document(data: PageData, blocks: Blocks) -> str:
    """Return the page of `data`, but for its last line, with `blocks` as they are.

    Of the same data it is the same, however the blocks were packed.
    """
    brief = data.brief
    return fill(
        "page/brief.html",
        brief=brief,
        blocks=[Markup(blocks.brief), Markup(blocks.articles)],  # noqa: S704 - escaped JSON
        title=_title(data),
        home=data.home,
        view=PageView(brief),
        drawn=timeline(brief),
        contents=list(_contents(brief)),
        embedded=_embedded(data),
        proof=_proof(data),
        sample=next(iter(cited_on_page(brief)), None),
        long=_is_long(brief),
        made_by=made_by(),
        scripts=_SCRIPTS,
    )


@cache
def made_by() -> str:
    """Return which program writes such pages: its version, and a hash of what shapes them.

    That is the code and the templates of this package, Jinja, and which characters are seen.
    """
    others = f"{version('jinja2')} {version('markupsafe')} {unicodedata.unidata_version}"
    shaping = hashlib.sha256(others.encode())
    folder = files("summarizer.render")
    for name, content in sorted(_sources(folder)):
        shaping.update(f"{name}\0".encode() + content + b"\0")
    return f"summarizer {version('summarizer')} page {shaping.hexdigest()[:16]}"


def _sources(folder: Traversable, within: str = "") -> Iterator[tuple[str, bytes]]:
    """Yield code and templates of this package by their path: some of it shapes the page."""
    for one in folder.iterdir():
        name = f"{within}{one.name}"
        if one.is_dir() and one.name != "__pycache__":
            yield from _sources(one, f"{name}/")
        elif one.name.endswith((".py", ".html", ".css", ".js")):
            yield name, one.read_bytes()


def _title(data: PageData) -> str:
    title = data.title
    if title is None:
        title = with_days(phrases.title_of(data.brief))
        if not data.brief.edition:
            title = f"{title} of {day(data.brief.run.created.date())}"
    return clean(title) or "Brief"


def _contents(brief: Brief) -> Iterator[tuple[str, str, int]]:
    """Yield anchor, label and size (0: none is said) of the parts below the stories."""
    gone = len(brief.since.gone) if brief.since else 0
    for anchor, label, size in (
        ("gone", "Gone", gone),
        ("quiet", "Gone quiet", len(brief.quiet)),
        ("unread", "Not read by the model", len(brief.unread)),
    ):
        if size:
            yield anchor, label, size
    yield "sources", "Sources", len(brief.sources)
    yield "rejected", "Refused claims", len(brief.rejected)
    yield "skipped", "Skipped", len(brief.skipped)
    yield "making", "How it was made", 0


def _embedded(data: PageData) -> frozenset[int]:
    """Return the numbers of the sources whose text is in the page."""
    held = enumerate(data.articles, start=1)
    return frozenset(number for number, article in held if article)


def _proof(data: PageData) -> Markup:
    """Say what the page holds, and how it can be checked."""
    there, listed = len(_embedded(data)), len(data.articles)
    if there == listed > 0:
        held, against = f"the whole text of {phrases.counted(there, 'article')}", ""
    else:
        held = "the sentences that it cites"
        if there:
            held = f"the text of {there:,} of {phrases.counted(listed, 'article')}"
        against = " --articles FOLDER"
    return Markup(
        "This page holds {}. <code>summarizer verify PAGE{}</code> checks every quote in it, "
        "without a model."
    ).format(held, against)


def _is_long(brief: Brief) -> bool:
    facts = sum(len(story.facts) + len(story.left_out) for story in brief.stories)
    return facts + len(brief.sources) + len(brief.rejected) > _LONG
