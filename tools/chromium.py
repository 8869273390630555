"""Start the system's Chromium through Playwright: headless, alone, and without the network."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tools.install_browser import MISSING, find_browser

if TYPE_CHECKING:  # a development tool that need not be there
    from playwright.sync_api import Browser

ARGUMENTS = (
    "--no-sandbox",  # root in a container has none to use; the pages are our own files
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No name is looked up: a page that asks for something gets nothing, wherever the tests run.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-color-profile=srgb",
    "--disable-lcd-text",  # letters in shades of their own colour
    "--font-render-hinting=none",  # letters are as wide on every machine
)


class NoBrowser(Exception):
    """There is no Chromium on this machine, or no Playwright."""


@contextlib.contextmanager
def launched() -> Iterator[Browser]:
    """Run a browser with an empty profile for as long as the block.

    Playwright's own process and its event loop are gone afterwards.

    Raises:
        NoBrowser: see there.
    """
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError as missing:
        raise NoBrowser("no Playwright: requirements/dev.txt has it") from missing
    program = find_browser()
    if program is None:
        raise NoBrowser(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS, headless=True)
        try:
            yield browser
        finally:
            browser.close()
