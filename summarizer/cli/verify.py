"""`summarizer verify`: does a brief say what its articles say."""

from __future__ import annotations

from pathlib import Path

import click

from summarizer.cli import FAILED
from summarizer.data import Article
from summarizer.errors import BriefError
from summarizer.read import read_articles
from summarizer.render import clean, from_json
from summarizer.render.phrases import counted
from summarizer.verify import quotes, verify_brief


@click.command("verify")
@click.argument("brief_file", metavar="BRIEF.json", type=click.Path(exists=True, path_type=Path))
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
    """Check every quote, offset and checksum of BRIEF.json against the articles; no model is used.

    Exits with 0 when all holds, else with 1 and what does not hold.
    """
    if not folders and digest is None:
        raise click.UsageError("Give --articles FOLDER, or --digest CONFIG.toml for a digest.")
    brief = from_json(_text(brief_file))
    read = (item for item in read_articles(folders) if isinstance(item, Article))
    articles = {article.id: article for article in read}
    if digest:
        articles |= _remembered(digest, [source.article_id for source in brief.sources])
    problems = verify_brief(brief, articles)
    for problem in problems:
        click.echo(clean(f"{problem.where}: {problem.message}"))
    distinct = {evidence for _, evidence in quotes(brief)}
    if problems:
        found = f"{counted(len(problems), 'problem')} found"
        click.echo(f"{found}; {counted(len(distinct), 'quote')} checked")
        return FAILED
    cited = {evidence.article_id for evidence in distinct}
    click.echo(f"{counted(len(distinct), 'quote')} of {counted(len(cited), 'article')} verified")
    return 0


def _remembered(config: Path, article_ids: list[str]) -> dict[str, Article]:
    from summarizer.cli.digest.settings import found, opened_state  # late: few briefs are digests

    settings, _ = found(config)
    with opened_state(settings) as state:
        return {article.id: article for article in state.articles.many(article_ids)}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise BriefError(f"{path} cannot be read: {exc}") from exc
