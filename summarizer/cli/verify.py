"""`summarizer verify`: does a brief say what its articles say."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from summarizer.cli import FAILED
from summarizer.data import Article, Brief
from summarizer.errors import BriefError
from summarizer.read import read_articles
from summarizer.render import clean, from_json
from summarizer.render.phrases import counted
from summarizer.verify import Problem, quotes, verify_brief
from summarizer.verify.page import PageReport, looks_like_page, verify_page

if TYPE_CHECKING:
    from summarizer.digest.state import State

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

    def unknown(self, article_ids: Collection[str]) -> set[str]:
        """Return those of the ids that no article of the folders or of the digest has.

        A digest knows its articles for ever, also those of which it has dropped the text.
        """
        lacking = set(article_ids).difference(self._read)
        return lacking.difference(_known(self.digest, sorted(lacking))) if self.digest else lacking

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
        problems = [*report.problems, *_strangers(report, given)]
        return _told(report.brief, problems, shown=_shown(report))
    if not _looks_like_json(text):
        raise _not_checkable(brief_file)
    if not given:
        raise click.UsageError(f"Give {_PLACES}.")
    brief = from_json(text)
    articles = given.articles([source.article_id for source in brief.sources])
    return _told(brief, verify_brief(brief, articles))


def _strangers(report: PageReport, given: _Given) -> list[Problem]:
    """Return the articles in a page that are not among those given, if any are.

    Those that are not in the page were looked for when it was checked.
    """
    unknown = given.unknown(report.embedded) if given else set()
    return [
        Problem(
            where=f"source {source.number}",
            message=f"its article, of {source.source}, is not among those given",
        )
        for source in report.brief.sources
        if source.article_id in unknown
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
        "its quotes and facts are those of its data, the rest of what it shows is unchecked"
    )


def _remembered(config: Path, article_ids: Sequence[str]) -> dict[str, Article]:
    """Return by id the articles whose text a digest has."""
    with _state(config) as state:
        return {article.id: article for article in state.articles.many(article_ids)}


def _known(config: Path, article_ids: Sequence[str]) -> set[str]:
    """Return those of the ids whose article a digest has read, whether it still has the text."""
    with _state(config) as state:
        return {head.article_id for head in state.articles.heads(article_ids)}


def _state(config: Path) -> State:
    from summarizer.cli.digest.settings import found, opened_state  # late: few briefs are digests

    settings, _ = found(config)
    return opened_state(settings)


def _text(path: Path) -> str:
    """Return the text of a file, line ends as they are: a page's checksum counts them."""
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        hint = "Give brief.json or brief.html as `summarizer brief` wrote it."
        raise BriefError(f"{path} cannot be read: {exc}", hint=hint) from exc
