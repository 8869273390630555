"""`summarizer verify`: does a brief say what its articles say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import click

from summarizer.cli import FAILED
from summarizer.data import Article, Brief
from summarizer.errors import BriefError
from summarizer.read import read_articles
from summarizer.render import clean, from_json
from summarizer.render.phrases import counted
from summarizer.verify import Problem, quotes, verify_brief
from summarizer.verify.page import PageReport, looks_like_page, verify_page

_PLACES = "--articles FOLDER, or --digest CONFIG.toml for a digest"
_PAGES = frozenset({".html", ".htm"})
_MARKDOWN = frozenset({".md", ".markdown"})
_EPILOG = """\b
Examples:
  summarizer verify out/brief.html
  summarizer verify out/brief.json --articles news/
  summarizer verify editions/2031-05-07.json --digest digest.toml
"""


@dataclass(frozen=True)
class _Given:
    """Where articles are had from that are not in the file itself."""

    folders: tuple[Path, ...]
    digest: Path | None

    def __bool__(self) -> bool:
        return bool(self.folders) or self.digest is not None

    def articles(self, article_ids: Sequence[str]) -> dict[str, Article]:
        """Return all of the folders, and of the digest those with these ids, by id."""
        found = self._read
        return found | _remembered(self.digest, article_ids) if self.digest else found

    @cached_property
    def _read(self) -> dict[str, Article]:
        read = (item for item in read_articles(self.folders) if isinstance(item, Article))
        return {article.id: article for article in read}


@click.command("verify", epilog=_EPILOG)
@click.argument(
    "brief_file", metavar="BRIEF.json|BRIEF.html", type=click.Path(exists=True, path_type=Path)
)
@click.option(
    "--articles",
    "folders",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="The folder or file the brief was made of; can be given again.",
)
@click.option(
    "--digest",
    metavar="CONFIG.toml",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The digest that made the brief: its articles are taken as it read them.",
)
def command(brief_file: Path, folders: tuple[Path, ...], digest: Path | None) -> int:
    """Check every quote, offset and checksum of a brief; no model is used.

    A page, BRIEF.html, holds its articles: it is checked from its file alone, and that it shows
    what its data says; with --articles or --digest also that it holds these articles and no
    others. BRIEF.json, or a page with quotes alone, is checked against the articles.

    Exits with 0 when all holds, else with 1 and what does not hold.
    """
    given = _Given(folders, digest)
    text = _text(brief_file)
    if looks_like_page(text) or brief_file.suffix.lower() in _PAGES:
        report = verify_page(text, others=lambda missing: _wanted(given, missing))
        problems = [*report.problems, *_strangers(report.brief, given)]
        return _told(report.brief, problems, shown=_shown(report))
    if not _looks_like_json(text):
        raise _not_checkable(brief_file)
    if not given:
        raise click.UsageError(f"Give {_PLACES}.")
    brief = from_json(text)
    articles = given.articles([source.article_id for source in brief.sources])
    return _told(brief, verify_brief(brief, articles))


def _strangers(brief: Brief, given: _Given) -> list[Problem]:
    """Return the sources of a page that are not among the articles given, if any are."""
    if not given:
        return []
    found = given.articles([source.article_id for source in brief.sources])
    return [
        Problem(
            where=f"source {source.number}",
            message=f"its article, of {source.source}, is not among those given",
        )
        for source in brief.sources
        if source.article_id not in found
    ]


def _looks_like_json(text: str) -> bool:
    """Tell whether `text` begins as an object of JSON does; whether it is one shows later."""
    return text.lstrip("\ufeff \t\r\n").startswith("{")


def _not_checkable(path: Path) -> BriefError:
    markdown = path.suffix.lower() in _MARKDOWN
    kind = "Markdown, which cannot be checked" if markdown else "neither a page nor a brief's JSON"
    hint = f"Give brief.html, which holds its articles, or brief.json with {_PLACES}."
    return BriefError(f"{path} is {kind}", hint=hint)


def _wanted(given: _Given, missing: Sequence[str]) -> dict[str, Article]:
    """Return the articles that a page lacks, if any."""
    if not given:
        lacking = f"The page holds only the quotes of {counted(len(missing), 'article')}"
        raise click.UsageError(f"{lacking}: give {_PLACES}.")
    return given.articles(missing)


def _told(brief: Brief, problems: Sequence[Problem], *, shown: str = "") -> int:
    for problem in problems:
        click.echo(clean(f"{problem.where}: {problem.message}"))
    distinct = {evidence for _, evidence in quotes(brief)}
    if problems:
        found = f"{counted(len(problems), 'problem')} found"
        click.echo(f"{found}; {counted(len(distinct), 'quote')} checked")
        return FAILED
    cited = {evidence.article_id for evidence in distinct}
    verified = f"{counted(len(distinct), 'quote')} of {counted(len(cited), 'article')} verified"
    click.echo(f"{verified}{shown}")
    return 0


def _shown(report: PageReport) -> str:
    if report.compared:
        return "; the page shows what its data says"
    return (
        f"; another version wrote the page ({report.written_by}): "
        "what it shows was only checked by its checksum"
    )


def _remembered(config: Path, article_ids: Sequence[str]) -> dict[str, Article]:
    from summarizer.cli.digest.settings import found, opened_state  # late: few briefs are digests

    settings, _ = found(config)
    with opened_state(settings) as state:
        return {article.id: article for article in state.articles.many(article_ids)}


def _text(path: Path) -> str:
    """Return the text of a file, line ends as they are: a page's checksum counts them."""
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        hint = "Give brief.json or brief.html as `summarizer brief` wrote it."
        raise BriefError(f"{path} cannot be read: {exc}", hint=hint) from exc
