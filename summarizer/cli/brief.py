"""`summarizer brief`: a folder of articles becomes a cited brief."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import click
from rich.console import Console
from rich.text import Text

from summarizer.cli import SKIPPED, options
from summarizer.cli.open import PAGE
from summarizer.cli.paths import path_text
from summarizer.cli.progress import shown
from summarizer.data import Brief, SkippedArticle, SkipReason
from summarizer.errors import BriefError, ConfigError
from summarizer.files import (
    is_page_of_ours,
    name_fault,
    own_files,
    relative_url,
    remove_own,
    write_own,
)
from summarizer.last_page import remember_page
from summarizer.pipeline import MAX_FACTS, BriefOptions, Made, make_brief
from summarizer.read import find_files
from summarizer.render import clean, from_json, print_summary, to_html, to_json, to_markdown
from summarizer.render.phrases import reference_line

_REFERENCE_HINT = (
    "Give a text file with one fact a line (# for comments), or a JSON list of strings."
)
_MAX_NAME_BYTES = 255  # what most file systems take for a folder's name
_JSON_LIST = re.compile(r"\s*\[\s*(?:\"|\])")


class _Places(NamedTuple):
    """The files of a brief."""

    markdown: Path
    data: Path
    page: Path


class _PageFile(click.Path):
    """Where a page can be put: not standard output, no folder, no device."""

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:
        given = os.fspath(value)
        name, path = path_text(Path(given)), Path(given)
        if given == "-":
            told = "a page does not go to standard output: name a file, as in brief.html."
            self.fail(told, param, ctx)
        try:
            folder = given.endswith("/") or path.is_dir()
            other = path.exists() and not path.is_file()
        except OSError as error:
            self.fail(f"{name} cannot be written: {error.strerror}.", param, ctx)
        if folder:
            inside = path_text(path / PAGE)
            self.fail(f"{name} is a folder: name the file in it, as in {inside}.", param, ctx)
        if other:
            self.fail(f"{name} is a device or a pipe: name a file.", param, ctx)
        if fault := name_fault(path.name):
            self.fail(f"{name} cannot be a page: {fault}.", param, ctx)
        return super().convert(value, param, ctx)


@click.command("brief")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--output",
    "-o",
    default="out",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for brief.md, brief.json and brief.html.",
)
@click.option(
    "--html",
    metavar="FILE",
    type=_PageFile(path_type=Path),
    help="Where the page to read goes.  [default: brief.html in the output folder]",
)
@click.option(
    "--no-articles",
    is_flag=True,
    help="Leave the articles out of the page: it holds the sentences it cites, no more.",
)
@click.option(
    "--model",
    default="auto",
    show_default=True,
    help="A name of `summarizer models list`, a GGUF file, auto, none (quotations only), or "
    "http://HOST:PORT/v1#NAME, a server (key in $SUMMARIZER_API_KEY).",
)
@click.option(
    "--max-facts",
    type=click.IntRange(min=1),
    default=MAX_FACTS,
    show_default=True,
    help="Facts a story, at most.",
)
@click.option(
    "--max-words",
    type=click.IntRange(min=1),
    help="Words of all facts together, at most.  [default: no limit]",
)
@click.option(
    "--parallel",
    type=click.IntRange(min=1),
    help="Articles under way at once.  [default: by cores and memory]",
)
@click.option(
    "--same-fact",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A layer that says whether claims say the same (benchmarks/training/same_fact.py).",
)
@click.option(
    "--lora",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A LoRA adapter (GGUF) for a local model.",
)
@click.option(
    "--reproducible",
    is_flag=True,
    help="Claims depend on their article alone, not on what is summarised beside it; slower.",
)
@click.option(
    "--since",
    metavar="BRIEF.json",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An earlier brief: mark what is new, changed, confirmed, contradicted or gone since.",
)
@click.option(
    "--reference",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Facts that the brief should tell, one a line or a JSON list: how many does it cover?",
)
@options.strictness
@options.no_verifier
@click.option("--seed", default=0, show_default=True, help="Seed of the first attempt.")
@click.option("--quiet", "-q", is_flag=True, help="No progress and no summary.")
def command(
    paths: tuple[Path, ...],
    output: Path,
    html: Path | None,
    no_articles: bool,
    model: str,
    max_facts: int,
    max_words: int | None,
    parallel: int | None,
    lora: Path | None,
    same_fact: Path | None,
    reproducible: bool,
    since: Path | None,
    reference: Path | None,
    strictness: float,
    no_verifier: bool,
    seed: int,
    quiet: bool,
) -> int:
    """Make a brief of PATHS: folders and files (.txt .md .html .pdf).

    Writes brief.html, the page to read, brief.md and brief.json; exits with 3 if files had to be
    skipped.
    """
    console = Console(stderr=True)
    places = _places(output, html, paths)
    earlier = earlier_brief(since) if since else None
    wanted = reference_facts(reference) if reference else None
    with shown(console, quiet=quiet) as on_progress:
        made = make_brief(
            paths,
            model=model,
            options=BriefOptions(
                max_facts=max_facts,
                max_words=max_words,
                seed=seed,
                parallel=parallel or 0,
                lora=lora,
                same_fact=same_fact,
                reproducible=reproducible,
                strictness=strictness,
                verifier=not no_verifier,
                since=earlier,
                reference=wanted,
            ),
            on_progress=on_progress,
        )
    _write(made, places, with_articles=not no_articles)
    if older := _without_older_page(places):
        told = f"Removed {path_text(older)}, the page of an earlier brief."
        console.print(Text(told), soft_wrap=True)
    for warning in made.brief.run.warnings:
        console.print(Text(clean(f"warning: {warning}")))
    _tell(made.brief, places, Console(), quiet=quiet)
    return SKIPPED if lost(made.brief.skipped) else 0


def _places(output: Path, html: Path | None, paths: Iterable[Path]) -> _Places:
    """Return where the files of the brief go; a model may work for hours before they are written.

    Raises:
        click.UsageError: the page would overwrite an article, or another file of the brief; or
            one of them cannot be written there.
    """
    places = _Places(output / "brief.md", output / "brief.json", html or output / PAGE)
    page, name = _real(places.page), path_text(places.page)
    if page in (_real(output), *_real(output).parents):
        inside = path_text(output / PAGE)
        raise click.UsageError(
            f"--html {name} is where the output folder goes: name a file, as in {inside}."
        )
    if not {page, *page.parents}.isdisjoint(map(_real, (places.markdown, places.data))):
        raise click.UsageError(f"--html {name} is where another file of the brief goes.")
    if fault := _folder_fault(output):
        raise click.UsageError(f"--output cannot be written: {fault}.")
    # A link to the output folder is one once that is made, which is before the page is written.
    beside = places.page.parent
    if _real(beside) != _real(output) and (fault := _folder_fault(beside)):
        raise click.UsageError(f"--html cannot be written: {fault}.")
    for place in places:
        if place.is_dir():
            raise click.UsageError(
                f"{path_text(place)} is a folder, and a file of the brief goes there."
            )
    found = (one for one, _ in find_files(paths) if isinstance(one, Path))
    if places.page.exists() and page in map(_real, found):
        raise click.UsageError(
            f"The page would overwrite the article {name}: name another --html FILE."
        )
    return places


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _folder_fault(folder: Path) -> str:
    """Say why files cannot be put into `folder`, which need not be there; "" where they can."""
    for one in (folder, *folder.parents):
        name = path_text(one)
        if len(os.fsencode(one.name)) > _MAX_NAME_BYTES:
            return f"the name of {name} is too long"
        try:
            one.lstat()
        except (FileNotFoundError, NotADirectoryError):
            continue  # it will be made, if what it is in allows that
        except OSError as error:
            return f"{name}: {error.strerror}"
        if not one.is_dir():
            return f"{name} is no folder"
        return "" if os.access(one, os.W_OK | os.X_OK) else f"the folder {name} is not writable"
    return ""


def _write(made: Made, places: _Places, *, with_articles: bool) -> None:
    # The data first, in case the page cannot be written; the page before what links to it.
    write_own(places.data, to_json(made.brief))
    write_own(places.page, to_html(made.brief, articles=made.articles if with_articles else ()))
    page = relative_url(places.page, places.markdown.parent)
    write_own(places.markdown, to_markdown(made.brief, page=page))
    remember_page(places.page)


def _without_older_page(places: _Places) -> Path | None:
    """Remove the page of an earlier brief that would stand beside this one's data; return which.

    Only one that we wrote and nobody replaced: a link may lead to the page of this brief.
    """
    older = places.data.with_name(PAGE)
    if older.name not in own_files(older.parent) or not is_page_of_ours(older):
        return None
    if older.is_symlink() or older.samefile(places.page):
        return None
    remove_own(older)
    return older


def _tell(made: Brief, places: _Places, out: Console, *, quiet: bool) -> None:
    if not quiet:
        print_summary(made, out)
        if made.reference:
            out.print(Text(f"Coverage: {reference_line(made.reference)}"), soft_wrap=True)
    for name, path in (
        ("Markdown:", places.markdown),
        ("JSON:", places.data),
        ("Page:", places.page),
    ):
        out.print(Text(f"{name:<9} {path_text(path)}"), soft_wrap=True)
    if out.is_terminal and not quiet:
        out.print(Text("Read it in the browser: summarizer open"), soft_wrap=True)


def lost(skipped: tuple[SkippedArticle, ...]) -> list[SkippedArticle]:
    """Return the skipped files whose content is not in the brief: all but exact duplicates."""
    return [one for one in skipped if one.reason is not SkipReason.DUPLICATE]


def earlier_brief(path: Path) -> Brief:
    """Read the brief that another is compared with.

    Raises:
        BriefError: the file cannot be read, or is no brief of this schema.
    """
    try:
        return from_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as exc:
        hint = "Give --since a brief.json as `summarizer brief` wrote it."
        raise BriefError(f"--since {path} cannot be read: {exc}", hint=hint) from exc
    except BriefError as exc:
        raise BriefError(f"--since {path}: {exc}", hint=exc.hint) from exc


def reference_facts(path: Path) -> tuple[str, ...]:
    """Read reference facts: a JSON list of strings, or one a line, without # comments.

    Raises:
        ConfigError: the file cannot be read, or holds no fact.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigError(
            f"--reference {path} cannot be read: {exc}", hint=_REFERENCE_HINT
        ) from exc
    if path.suffix == ".json" or _JSON_LIST.match(text):
        facts = _json_facts(text, path)
    else:
        lines = (line.strip() for line in text.splitlines())
        facts = [line for line in lines if not line.startswith("#")]
    told = tuple(fact for fact in facts if any(c.isalnum() for c in fact))
    if not told:
        raise ConfigError(f"--reference {path} holds no fact", hint=_REFERENCE_HINT)
    return told


def _json_facts(text: str, path: Path) -> list[str]:
    try:
        facts: Any = json.loads(text)
    except (ValueError, RecursionError) as exc:
        raise ConfigError(f"--reference {path} is not JSON: {exc}", hint=_REFERENCE_HINT) from exc
    if not isinstance(facts, list) or not all(isinstance(fact, str) for fact in facts):
        raise ConfigError(f"--reference {path} is no list of strings", hint=_REFERENCE_HINT)
    return facts
