"""Find Chromium, or install Debian's where we may. Standard library only.

The tests of the page, the screenshot and benchmarks/page.py open it. Without it those tests are
skipped, so that nothing here makes `make test` fail.

Usage: python tools/install_browser.py      says nothing where there is a browser already
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

VARIABLE = "SUMMARIZER_BROWSER"  # the path of a Chromium or Chrome, before any on PATH
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# A package of fonts with serif and sans: without one Chromium draws boxes. Two megabytes.
PACKAGES = ("chromium", "fonts-liberation")
MISSING = f"no Chromium: install the package chromium, or say in ${VARIABLE} where one is"

# No answer for this long, and the archive counts as out of reach.
_PATIENCE = ("-o", "Acquire::http::Timeout=20", "-o", "Acquire::Retries=1")


def find_browser() -> Path | None:
    """Return the browser that $SUMMARIZER_BROWSER names, else one on PATH; None: there is none."""
    named = os.environ.get(VARIABLE)
    for name in (named,) if named else NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    return None


def hindrance() -> str:
    """Return why nothing can be installed here; "" where it can."""
    if not shutil.which("apt-get"):
        return "there is no apt-get"
    if os.geteuid() != 0:
        return "only root may install packages"
    return ""


def install() -> bool:
    """Install PACKAGES with apt-get, its output only where it fails; tell whether it worked."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (
        ("update", "-qq"),
        ("install", "-y", "-qq", "--no-install-recommends", *PACKAGES),
    ):
        done = subprocess.run(
            ["apt-get", *_PATIENCE, *words],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode:
            print((done.stdout + done.stderr)[-2000:], file=sys.stderr)
            return False
    return True


def main() -> None:
    """See that there is a browser, or say why there is none; never fails."""
    if find_browser():
        return
    reason = hindrance()
    if not reason:
        print(f"installing {' and '.join(PACKAGES)} for the tests of the page", flush=True)
        if install() and find_browser():
            return
        reason = "apt-get could not install it"
    print(f"{MISSING} ({reason}). Tests that open a page are skipped.", flush=True)


if __name__ == "__main__":
    main()
