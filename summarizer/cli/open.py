"""`summarizer open`: a brief's page in the browser."""

from __future__ import annotations

import os
import shlex
import sys
import webbrowser
from pathlib import Path

import click

from summarizer.cli import FAILED
from summarizer.cli.paths import path_text
from summarizer.errors import BriefError
from summarizer.last_page import last_page

PAGE = "brief.html"  # what `summarizer brief` calls a page in its output folder
_MAKE_ONE = "Make one with `summarizer brief FOLDER`, or name a page: `summarizer open FILE`."


@click.command("open")
@click.argument("path", required=False, type=click.Path(exists=True, path_type=Path))
def command(path: Path | None) -> int:
    """Show a brief's page in the browser: PATH, or that of the brief made last.

    PATH is a page, or a folder with brief.html in it. Prints where the page is; where no browser
    can be started, as over ssh, it also says how to see the page and exits with 1.
    """
    page = _page(path).resolve()
    click.echo(path_text(page))
    if _browse(page.as_uri()):
        return 0
    click.echo(_otherwise(page), err=True)
    return FAILED


def _page(path: Path | None) -> Path:
    """Return the page that is meant.

    Raises:
        BriefError: there is none.
    """
    if path is None:
        path = last_page()
        if path is None:
            raise BriefError("no brief has been made yet, or none is remembered", hint=_MAKE_ONE)
        if not path.is_file():
            raise BriefError(f"the page of the last brief, {path}, is gone", hint=_MAKE_ONE)
        return path
    page = path / PAGE if path.is_dir() else path
    if not page.is_file():
        hint = "Name the page itself, or a folder that `summarizer brief --output` wrote."
        raise BriefError(f"there is no {PAGE} in {path}", hint=hint)
    return page


def _browse(url: str) -> bool:
    """Tell whether a browser took `url`."""
    if not _has_screen():
        return False
    try:
        return webbrowser.open(url)
    except webbrowser.Error:
        return False


def _has_screen() -> bool:
    """Tell whether a window can be shown, or the user chose a browser.

    Without a screen Python would start a text browser, in the terminal the user is working in.
    """
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))


def _otherwise(page: Path) -> str:
    folder, name = shlex.quote(path_text(page.parent)), page.as_uri().rpartition("/")[2]
    return (
        "No browser could be started here. Copy the page to your computer: it is one file, with "
        "all it needs inside.\n"
        f"Or run `python -m http.server --bind 127.0.0.1 --directory {folder}` and open "
        f"http://127.0.0.1:8000/{name} (from elsewhere, with `ssh -L 8000:127.0.0.1:8000 HOST`)."
    )
