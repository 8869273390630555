"""A service and a timer of the user's systemd."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
from collections.abc import Mapping
from pathlib import Path

from summarizer.digest.config import DigestConfig
from summarizer.digest.schedule.command import (
    checked,
    command_words,
    environment,
    failure,
    run_program,
)
from summarizer.errors import ConfigError
from summarizer.files import write_atomically

_MISSING = "Use cron: summarizer digest schedule --cron."
_NO_BUS = (
    "If there is no bus, log in as the user itself, not by su or sudo, or have a user's systemd "
    "started by `loginctl enable-linger`. Or use cron: summarizer digest schedule --cron."
)

_SERVICE = """\
# Written by `summarizer digest schedule --systemd`, which overwrites and removes it.
[Unit]
Description=News digest {slug}

[Service]
Type=oneshot
ExecStart=:{command}
Environment={environment}
Nice=10
# 3: done, but something could not be read.
SuccessExitStatus=3
# Only what needs no user namespace: where those are forbidden, ProtectSystem= and its like stop
# a user's unit from starting at all, and the user cannot write to the system anyway.
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
"""

_TIMER = """\
# Written by `summarizer digest schedule --systemd`, which overwrites and removes it.
[Unit]
Description=Nightly start of the news digest {slug}

[Timer]
OnCalendar=*-*-* {at:%H:%M}:00
# A night that the machine slept through is caught up when it wakes.
Persistent=true
RandomizedDelaySec=60

[Install]
WantedBy=timers.target
"""


def systemd_units(config: DigestConfig, path: Path) -> dict[str, str]:
    """Return the texts of a user's service and timer, by file name.

    The name has the configuration's name and a hash of its path, so that two digests live side
    by side. The output goes to the journal: `journalctl --user -u NAME`.

    Raises:
        ConfigError: a path has a character that a unit cannot hold.
    """
    name, words = _unit_name(path), command_words(path)
    if set("\"'\\") & set(words[0]):
        raise ConfigError(
            f"systemd refuses a program whose path has quotes or a backslash: {words[0]}",
            hint="Install summarizer in another folder, or use cron.",
        )
    settings = [f"{variable}={value}" for variable, value in environment().items()]
    service = _SERVICE.format(
        slug=_slug(path),
        # The ":" before the first word keeps "$" from being expanded, systemd.service(5).
        command=" ".join(map(_quoted, words)),
        environment=" ".join(map(_quoted, settings)),
    )
    timer = _TIMER.format(slug=_slug(path), at=config.schedule.at)
    return {f"{name}.service": service, f"{name}.timer": timer}


def systemd_install(units: Mapping[str, str], config_path: Path) -> bool:
    """Write `units` to the user's unit folder and start the timer, now and at every login.

    Returns:
        Whether a file was changed.

    Raises:
        ConfigError: there is no systemctl or no user's systemd to talk to, then nothing was
            written; or it refused the timer, then the files are left to be looked at.
    """
    _systemctl("show", "--property=Version")
    folder = _unit_folder()
    changed = False
    for name, text in units.items():
        if not _has_text(folder / name, text):
            write_atomically(folder / name, text)
            changed = True
    _systemctl("daemon-reload")
    timer = f"{_unit_name(config_path)}.timer"
    _systemctl("enable", timer)
    _systemctl("restart", timer)  # not `enable --now`: a timer that runs may keep its old time
    return changed


def systemd_remove(config_path: Path) -> bool:
    """Stop this digest's timer and delete its units; return whether there were any.

    Raises:
        ConfigError: there is no systemctl or no user's systemd to talk to; nothing was deleted.
    """
    name, folder = _unit_name(config_path), _unit_folder()
    files = [folder / f"{name}{kind}" for kind in (".timer", ".service")]
    if not any(file.is_file() for file in files):
        return False
    if files[0].is_file():
        _systemctl("disable", "--now", files[0].name)
    try:
        for file in files:
            file.unlink(missing_ok=True)
    except OSError as error:
        raise ConfigError(f"cannot remove {error.filename}: {error.strerror}") from error
    _systemctl("daemon-reload")
    return True


def systemd_installed(config_path: Path) -> str | None:
    """Return the name of this digest's timer, if its file is there."""
    name = f"{_unit_name(config_path)}.timer"
    return name if (_unit_folder() / name).is_file() else None


def _unit_folder() -> Path:
    """Return the folder of the user's own units, systemd.unit(5)."""
    chosen = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    return (chosen if chosen.is_absolute() else Path.home() / ".config") / "systemd" / "user"


def _slug(path: Path) -> str:
    """Return the configuration's name in the letters of a unit's name, at most 32 of them."""
    return re.sub(r"[^a-z0-9]+", "-", path.resolve().stem.lower()[:32]).strip("-") or "digest"


def _unit_name(path: Path) -> str:
    digest = hashlib.sha256(os.fsencode(path.resolve())).hexdigest()
    return f"summarizer-digest-{_slug(path)}-{digest[:8]}"


def _quoted(word: str) -> str:
    """Return one word of a unit's line: quoted, and without specifiers ("%")."""
    escaped = checked(word).replace("\\", r"\\").replace('"', r"\"").replace("%", "%%")
    return f'"{escaped}"'


def _has_text(path: Path, text: str) -> bool:
    try:
        return path.read_text("utf-8", "replace") == text
    except OSError:
        return False


def _systemctl(*words: str) -> None:
    done = run_program(["systemctl", "--user", *words], _MISSING)
    if done.returncode:
        raise failure(f"systemctl --user {shlex.join(words)}", done, hint=_NO_BUS)
