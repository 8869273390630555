"""The crontab line that runs the digest, right for cron's bare environment."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from summarizer.config import cache_dir
from summarizer.digest.config import DigestConfig


def cron_line(config: DigestConfig, path: Path) -> str:
    """Return one crontab line: time, then a command that needs no PATH, HOME or folder.

    Its output is appended to a log beside the state, whose folder is made. "%" is escaped,
    since cron reads a bare one as a line break (crontab(5)).
    """
    hour, minute = config.at.split(":")
    log = config.state.resolve().with_suffix(".log")
    words = [sys.executable, "-m", "summarizer", "digest", str(path.resolve())]
    command = (
        f"mkdir -p {shlex.quote(str(log.parent))} && "
        f"SUMMARIZER_CACHE={shlex.quote(str(cache_dir()))} {shlex.join(words)} "
        f">> {shlex.quote(str(log))} 2>&1"
    )
    return f"{int(minute)} {int(hour)} * * * " + command.replace("%", r"\%")
