"""Pages in the system's Chromium: opened from a file, watched, and quiet at the end of the test.

A module that imports `running_browser` and `opened_pages` has the fixtures `browser` and `opened`.
The browser is its own: Playwright's process and its event loop are gone before the tests of the
next module begin.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tools.chromium import NoBrowser, launched

NEEDED_VARIABLE = "SUMMARIZER_NEED_BROWSER"  # "1": a missing browser fails, and skips nothing
if os.environ.get(NEEDED_VARIABLE) != "1":
    for name in ("playwright", "axe_playwright_python"):
        pytest.importorskip(name, reason=f"needs {name}: requirements/dev.txt has it")

from axe_playwright_python.sync_playwright import Axe  # noqa: E402
from playwright.sync_api import (  # noqa: E402
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Error,
    Page,
    Request,
    WebError,
    expect,
)

__all__ = [
    "DESK",
    "PHONE",
    "WAIT_MS",
    "Axe",
    "Error",
    "Opened",
    "expect",
    "open_page",
    "opened_pages",
    "running_browser",
]

DESK = (1280, 900)
PHONE = (360, 740)
WAIT_MS = 15_000  # for what the page does at once; long only for machines that are busy


@dataclass
class Opened:
    """A page in its own browser context, and what was heard of it since it was opened."""

    page: Page
    address: str
    messages: list[str] = field(default_factory=list)  # of the console: warnings and errors
    errors: list[str] = field(default_factory=list)  # exceptions that nobody caught
    dialogs: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)  # addresses, without those of the file
    others: list[str] = field(default_factory=list)  # pages that the page opened

    def faults(self) -> list[str]:
        """Return what a page of ours never does, in words; it is empty for a good page."""
        self.page.evaluate("0")  # what happened before is heard now
        found = {
            "console": self.messages,
            "error": self.errors,
            "dialog": self.dialogs,
            "request": self.requests,
            "window": self.others,
        }
        faults = [f"{kind}: {text}" for kind, texts in found.items() for text in texts]
        if self.page.url.partition("#")[0] != self.address:
            faults.append(f"left for {self.page.url}")
        return faults

    def box(self, selector: str) -> dict[str, float]:
        """Return the rectangle of the first element of `selector`: x, y, width, height in CSS px.

        The place is in the viewport.
        """
        found = self.page.locator(selector).first.bounding_box()
        assert found, f"{selector} is not shown"
        return {"x": found["x"], "y": found["y"], "w": found["width"], "h": found["height"]}

    def focused(self) -> str:
        """Return the id of the element that has the focus, else its classes, else its tag."""
        script = "(e => e.id || e.className || e.tagName)(document.activeElement)"
        return str(self.page.evaluate(script))

    def search(self, words: str) -> None:
        """Type `words` in the place of what the search box holds, and wait for what is found."""
        self.page.fill("#search", words)
        state = "#found:not(:empty)" if words else "#found:empty"
        self.page.wait_for_selector(state, state="attached")

    def value(self, script: str, argument: Any = None) -> Any:
        """Return what the expression `script` is in the page."""
        return self.page.evaluate(script, argument)


OpenPage = Callable[..., Opened]


def open_page(
    browser: Browser,
    file: Path,
    *,
    size: tuple[int, int] = DESK,
    fragment: str = "",
    **options: Any,
) -> Opened:
    """Open `file` in a context of its own and listen to it; close `page.context` when done.

    Args:
        browser: see launched().
        file: the page, on the disk.
        size: width and height of the window, in CSS px.
        fragment: what follows the # of the address.
        options: of Playwright's new_context.
    """
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce", **options
    )
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    opened = Opened(page=page, address=file.as_uri())
    _listen(context, opened)
    page.goto(f"{opened.address}#{fragment}" if fragment else opened.address)
    return opened


def _listen(context: BrowserContext, opened: Opened) -> None:
    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning", "assert"):
            opened.messages.append(f"{message.type}: {message.text}")

    def on_error(error: WebError) -> None:
        opened.errors.append(str(error.error))

    def on_dialog(dialog: Dialog) -> None:
        opened.dialogs.append(f"{dialog.type}: {dialog.message}")
        dialog.dismiss()

    def on_request(request: Request) -> None:
        # The file itself, and what stands in it, leave nothing behind anywhere.
        if request.url.partition("#")[0] != opened.address and not request.url.startswith("data:"):
            opened.requests.append(request.url)

    def on_page(other: Page) -> None:
        opened.others.append(other.url)

    context.on("console", on_console)
    context.on("weberror", on_error)
    context.on("dialog", on_dialog)
    context.on("request", on_request)
    context.on("page", on_page)


@pytest.fixture(scope="module", name="browser")
def running_browser() -> Iterator[Browser]:
    """Run Chromium for the tests of a module; without one they are skipped, or fail."""
    try:
        with launched() as found:
            yield found
    except NoBrowser as missing:
        if os.environ.get(NEEDED_VARIABLE) == "1":
            pytest.fail(f"{missing} (${NEEDED_VARIABLE} is 1)")
        pytest.skip(str(missing))


@pytest.fixture(name="opened")
def opened_pages(browser: Browser, tmp_path: Path) -> Iterator[OpenPage]:
    """Open pages of a text; what none may do, and one did, fails the test at its end.

    `opened(text, *, size=DESK, fragment="", dark=False, javascript=True, forced_colors=False)`:
    an Opened.
    """
    pages: list[Opened] = []

    def opener(
        text: str,
        *,
        size: tuple[int, int] = DESK,
        fragment: str = "",
        dark: bool = False,
        javascript: bool = True,
        forced_colors: bool = False,
    ) -> Opened:
        file = tmp_path / f"brief-{len(pages)}.html"
        file.write_bytes(text.encode())
        pages.append(
            open_page(
                browser,
                file,
                size=size,
                fragment=fragment,
                color_scheme="dark" if dark else "light",
                java_script_enabled=javascript,
                forced_colors="active" if forced_colors else "none",
                has_touch=size == PHONE,
            )
        )
        return pages[-1]

    try:
        yield opener
        faults = [fault for page in pages for fault in page.faults()]
    finally:
        for page in pages:
            page.page.context.close()
    assert not faults
