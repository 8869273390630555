"""`summarizer open`: a brief's page in the browser."""

from __future__ import annotations

import os
import re
import shlex
import sys
import webbrowser
from pathlib import Path

import click

from summarizer.cli import FAILED
from summarizer.cli.paths import path_text
from summarizer.errors import BriefError
from summarizer.files import is_page_of_ours, own_files
from summarizer.last_page import last_page

PAGE = "brief.html"  # what `summarizer brief` calls a page in its output folder
_INDEX = "index.html"  # of a digest's site
_HTML = frozenset({".html", ".htm"})
# Pages of a digest, by date; the second of a day is 2031-05-06.2.html.
_EDITION = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:\.([0-9]{1,6}))?\.html")
_MAKE_ONE = "Make one with `summarizer brief FOLDER`, or name a page: `summarizer open FILE`."


@click.command("open")
@click.argument("path", required=False, type=click.Path(exists=True, path_type=Path))
def command(path: Path | None) -> int:
    """Show a brief's page in the browser: PATH, or that of the brief made last.

    PATH is a page, or a folder of them: then it is brief.html, or a digest's index, or its newest
    page. Prints where the page is; where no browser can be started, as over ssh, it also says how
    to see the page and exits with 1.
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
    if path.is_dir():
        return _page_in(path)
    if path.is_file() and (path.suffix.lower() in _HTML or is_page_of_ours(path)):
        return path
    raise BriefError(f"{path} is no page", hint=_beside(path))


def _page_in(folder: Path) -> Path:
    """Return the page to begin with in a folder that a brief or a digest wrote.

    Raises:
        BriefError: there is none, or nothing tells which of several.
    """
    for page in (folder / PAGE, folder / _INDEX):
        if page.is_file():
            return page
    names = [name for name in own_files(folder) if Path(name).suffix.lower() in _HTML]
    pages = [folder / name for name in names if "/" not in name and (folder / name).is_file()]
    editions = [page for page in pages if _EDITION.fullmatch(page.name)]
    if editions:
        return max(editions, key=_edition)
    if len(pages) == 1:
        return pages[0]
    hint = "Name the page itself, or a folder that `summarizer brief --output` or a digest wrote."
    raise BriefError(f"there is no {PAGE} in {path_text(folder)}", hint=hint)


def _edition(page: Path) -> tuple[str, int]:
    """Return the day of a digest's page, and which of that day it is."""
    match = _EDITION.fullmatch(page.name)
    return (match[1], int(match[2] or 1)) if match else ("", 0)


def _beside(path: Path) -> str:
    """Return a hint that names the page of the brief that `path` is another form of."""
    page = path.with_suffix(".html")
    if not page.is_file():
        return f"A page is HTML, as {PAGE} is. {_MAKE_ONE}"
    return f"Its page is beside it: `summarizer open {shlex.quote(path_text(page))}`."


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
