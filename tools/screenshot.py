"""Take the picture of the README: a page of a brief, with a cited article open beside it.

Usage: python -m tools.screenshot [PAGE] [PICTURE] [--cite SELECTOR]
The same page gives the same picture, as far as the fonts of the machine are the same.
"""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from tools.chromium import NoBrowser, launched

if TYPE_CHECKING:
    from playwright.sync_api import Page

SIZE = (1280, 860)  # CSS px, and pixels of the picture
COLOURS = 96  # of the picture: letters are drawn in shades of a few colours
CITES = (".conflict a.cite", ".facts a.cite")  # the first that there is
_MARGIN = 24  # CSS px below the citation's box, where the headline cannot be at the top

# The story's headline at the top, or as far up as the citation's box leaves room.
_SCROLL = """([link, margin]) => {
  const box = link.closest(".difference, .fact") ?? link;
  const top = (link.closest(".story") ?? box).getBoundingClientRect().top + 2;  // below its rule
  const over = box.getBoundingClientRect().bottom + margin - innerHeight;
  scrollBy({ top: Math.max(top, over), behavior: "instant" });
}"""


def take(page: Path, picture: Path, *, cite: str | None = None) -> None:
    """Write `picture`, a PNG: `page` as it looks by daylight after a click on `cite`.

    Args:
        page: as `summarizer brief` wrote it.
        picture: the file to write; its folder is made if need be.
        cite: a CSS selector of citations; the first conflict's, else the first fact's, if None.

    Raises:
        NoBrowser: there is no Chromium.
    """
    with launched() as browser:
        width, height = SIZE
        context = browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=1,
            color_scheme="light",
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="UTC",
        )
        shown = context.new_page()
        shown.goto(page.resolve().as_uri())
        _open(shown, cite)
        data = shown.screenshot(animations="disabled", caret="hide")
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_bytes(small(data))


def _open(shown: Page, cite: str | None) -> None:
    for selector in (cite,) if cite else CITES:
        links = shown.locator(selector)
        if links.count():
            links.first.click()
            shown.wait_for_selector("#reader mark.here")
            shown.evaluate(_SCROLL, [links.first.element_handle(), _MARGIN])
            shown.mouse.move(0, 0)  # nothing is pointed at
            return


def small(data: bytes) -> bytes:
    """Return a PNG of few colours in the place of the PNG `data`."""
    with Image.open(io.BytesIO(data)) as image:
        few = image.convert("RGB").quantize(
            colors=COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
        )
    packed = io.BytesIO()
    few.save(packed, "PNG", optimize=True)
    return min(packed.getvalue(), data, key=len)


def main() -> None:
    """Take the picture and say how large it is."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("page", nargs="?", type=Path, default=Path("out/brief.html"))
    parser.add_argument("picture", nargs="?", type=Path, default=Path("docs/brief.png"))
    parser.add_argument("--cite", metavar="SELECTOR", help="which citation to click")
    options = parser.parse_args()
    if not options.page.is_file():
        sys.exit(f"{options.page} is no file: run `make brief`, or give another page.")
    try:
        take(options.page, options.picture, cite=options.cite)
    except NoBrowser as missing:
        sys.exit(str(missing))
    print(f"{options.picture}: {options.picture.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
