"""`summarizer digest show`: read a digest again, from the state."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.text import Text

from summarizer.cli.digest.settings import config_option, examples, found, opened_state
from summarizer.data import Brief
from summarizer.errors import ConfigError
from summarizer.render import clean, print_summary, to_html, to_json, to_markdown
from summarizer.render.phrases import reason_words

if TYPE_CHECKING:
    from summarizer.digest.config import DigestConfig
    from summarizer.digest.state import State
    from summarizer.digest.state.records import Edition

FORMATS = ("terminal", "markdown", "html", "json")
_NEAR = 3
_NAMES = 1000  # editions whose names are compared with one that was not found


@click.command(
    "show",
    short_help="Read a digest again.",
    epilog=examples(
        "summarizer digest show",
        "summarizer digest show 2031-05-06 --rejected",
        "summarizer digest show 2031-05-06.2 --format markdown",
    ),
)
@click.argument("which", metavar="[DATE|NUMBER|latest]", default="latest")
@config_option
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="terminal",
    show_default=True,
    help="In full: markdown, html and json.",
)
@click.option("--rejected", is_flag=True, help="List the claims that were refused, and why.")
def command(which: str, config: Path | None, form: str, rejected: bool) -> int:
    """Show a digest as it was made: by its date, by its number, or the latest.

    It comes from the state, also where the files are gone.
    """
    settings, _ = found(config)
    with opened_state(settings) as state:
        edition = the_edition(state, which)
        others = _same_day(state, edition.name)
        text = "" if form == "terminal" else rendered(edition, form, settings, state)
    if text:
        click.echo(text.encode("utf-8", "backslashreplace"), nl=not text.endswith("\n"))
    else:
        print_summary(edition.brief, Console())
    if rejected and form == "terminal":
        _print_rejected(edition.brief)
    if others:
        click.echo(f"Of the same day: {', '.join(others)}", err=True)
    return 0


def the_edition(state: State, which: str) -> Edition:
    """Return the edition of a name, of a number or the "latest".

    Raises:
        ConfigError: there is none; names the nearest.
    """
    if which == "latest":
        line = state.editions.last()
        number = line.number if line else 0
    else:
        number = int(which) if which.isascii() and which.isdigit() and len(which) < 8 else 0
    edition = state.editions.get(number) if number else state.editions.named(which)
    if edition is not None:
        return edition
    names = [line.name for line in state.editions.list(_NAMES)]
    if not names:
        raise ConfigError("no digest was made yet", hint="Run `summarizer digest`.")
    near = get_close_matches(which, names, n=_NEAR, cutoff=0.5) or names[:_NEAR]
    raise ConfigError(
        f"there is no digest {which}", hint=f"The nearest: {', '.join(near)}. Or say `latest`."
    )


def _same_day(state: State, name: str) -> list[str]:
    day = name[: len("2031-05-06")]
    names = [line.name for line in state.editions.list(_NAMES)]
    return [other for other in reversed(names) if other.startswith(day) and other != name]


def rendered(
    edition: Edition, form: str, config: DigestConfig, state: State, *, page: str = ""
) -> str:
    """Return an edition as markdown, html or json, as `[output]` would have it.

    Args:
        edition: what to show.
        form: markdown, html or json.
        config: says whether the page holds the articles.
        state: has them; what it has dropped is taken from the page that was delivered.
        page: the name of the html file beside, for the links of the markdown; "": there is none.
    """
    brief = edition.brief
    if form == "html":
        from summarizer.digest.delivery.embedded import Embedded, embedded

        written = config.output.folder / f"{edition.name}.html"
        embeds = config.output.embed_articles
        held = embedded(edition, state, there=written) if embeds else Embedded([])
        if held.problem:
            click.echo(clean(f"Warning: {held.problem}"), err=True)
        return to_html(brief, articles=held.articles)
    return to_json(brief) if form == "json" else to_markdown(brief, page=page)


def _print_rejected(brief: Brief) -> None:
    console = Console()
    console.print()
    if not brief.rejected:
        console.print("No claim was refused.")
        return
    console.print(Text(f"Refused claims ({len(brief.rejected)}):", "bold"))
    titles = {source.article_id: source.title for source in brief.sources}
    for one in brief.rejected:
        console.print(Text(f"- {clean(one.claim.text)}"), soft_wrap=True)
        console.print(
            Text(f"  {reason_words(one.reason)}: {clean(one.detail)}", "dim"), soft_wrap=True
        )
        title = titles.get(one.claim.article_id, "")
        if title:
            console.print(Text(f"  of: {clean(title)}", "dim"), soft_wrap=True)
        if one.nearest:
            console.print(Text(f"  nearest: {clean(one.nearest.quote)}", "dim"), soft_wrap=True)
