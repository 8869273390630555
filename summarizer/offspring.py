"""What a child process of ours does for its parent: end with it, or before it."""

from __future__ import annotations

import ctypes
import signal
import sys
from contextlib import suppress
from pathlib import Path

_OOM_SCORE = 500  # of 1000: the kernel should rather take us than our parent or a desktop
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def killed_with_parent() -> None:
    """Have the kernel kill this process, whatever it does, with the thread that started it.

    Linux alone has that; nothing is done elsewhere.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def offer_to_oom_killer() -> None:
    """Have the kernel take this process first where memory runs out."""
    with suppress(OSError):  # not Linux, or /proc is read-only
        Path("/proc/self/oom_score_adj").write_text(str(_OOM_SCORE))
