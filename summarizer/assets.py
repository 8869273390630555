"""Find the files that ship beside the code: prompts/, schemas/, models.txt."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def asset(name: str) -> Path:
    """Return the file or folder `name`: a wheel has it inside the package, a checkout beside it.

    Raises:
        FileNotFoundError: it is in neither place, so the installation is damaged.
    """
    for root in (_PACKAGE, _PACKAGE.parent):
        if (root / name).exists():
            return root / name
    raise FileNotFoundError(f"no {name} beside or inside {_PACKAGE}")
