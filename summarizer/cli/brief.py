"""`summarizer brief`: a folder of articles becomes a cited brief."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from summarizer.cli import SKIPPED, options
from summarizer.cli.progress import shown
from summarizer.data import SkippedArticle, SkipReason
from summarizer.files import write_own
from summarizer.pipeline import MAX_FACTS, BriefOptions, brief
from summarizer.render import clean, print_summary, to_json, to_markdown


@click.command("brief")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--output",
    "-o",
    default="out",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for brief.md and brief.json.",
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
    "--parallel",
    type=click.IntRange(min=1),
    help="Articles under way at once.  [default: by cores and memory]",
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
@options.strictness
@options.no_verifier
@click.option("--seed", default=0, show_default=True, help="Seed of the first attempt.")
@click.option("--quiet", "-q", is_flag=True, help="No progress and no summary.")
def command(
    paths: tuple[Path, ...],
    output: Path,
    model: str,
    max_facts: int,
    parallel: int | None,
    lora: Path | None,
    reproducible: bool,
    strictness: float,
    no_verifier: bool,
    seed: int,
    quiet: bool,
) -> int:
    """Make a brief of PATHS: folders and files (.txt .md .html .pdf).

    Writes brief.md and brief.json; exits with 3 if files had to be skipped.
    """
    console = Console(stderr=True)
    with shown(console, quiet=quiet) as on_progress:
        made = brief(
            paths,
            model=model,
            options=BriefOptions(
                max_facts=max_facts,
                seed=seed,
                parallel=parallel or 0,
                lora=lora,
                reproducible=reproducible,
                strictness=strictness,
                verifier=not no_verifier,
            ),
            on_progress=on_progress,
        )
    markdown, data = output / "brief.md", output / "brief.json"
    write_own(markdown, to_markdown(made))
    write_own(data, to_json(made))
    for warning in made.run.warnings:
        console.print(Text(clean(f"warning: {warning}")))
    out = Console()
    if not quiet:
        print_summary(made, out)
    out.print(Text(f"Markdown: {markdown}\nJSON:     {data}"), soft_wrap=True)
    return SKIPPED if lost(made.skipped) else 0


def lost(skipped: tuple[SkippedArticle, ...]) -> list[SkippedArticle]:
    """Return the skipped files whose content is not in the brief: all but exact duplicates."""
    return [one for one in skipped if one.reason is not SkipReason.DUPLICATE]
