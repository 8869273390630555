"""Name files to the user."""

from __future__ import annotations

from pathlib import Path


def path_text(path: Path) -> str:
    """Return `path` as it can be printed, spaces and all.

    What would steer a terminal, or is in no encoding, is shown as U+FFFD.
    """
    return "".join(c if c.isprintable() else "\ufffd" for c in str(path))
