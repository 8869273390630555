"""What the user should know before a night is left to cron or systemd."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from urllib.parse import urlsplit

from summarizer.digest.config import DigestConfig
from summarizer.digest.config.settings import ENV_PREFIX


def cautions(config: DigestConfig, *, today: dt.date, systemd: bool = False) -> tuple[str, ...]:
    """Return what the user should know before an entry is relied on, a sentence or two each.

    Args:
        config: the digest.
        today: the first of the 366 days that are looked at for a change of the clocks.
        systemd: for a timer; else for cron.
    """
    found = []
    starter, place = (
        ("systemd", "~/.config/environment.d")
        if systemd
        else ("cron", "a line NAME=value above the entry")
    )
    if names := _variables(config):
        found.append(
            f"{starter} does not hand on the variables of this shell: put {', '.join(names)} "
            f"into {place}, or what they say into the configuration or a file that it names."
        )
    if config.state_path is None and not urlsplit(config.state).password:
        found.append("The password of the PostgreSQL state must stand in ~/.pgpass, if it has one.")
    at = config.schedule.at
    if not systemd and (days := [day.isoformat() for day in _odd_days(at, today)]):
        found.append(
            f"On {' and '.join(days)} the clocks are changed: cron may run {at:%H:%M} twice or "
            "not at all. A second run finds nothing new; a missed night is in the next digest."
        )
    if systemd:
        found.append(
            "A user's timers run only while the user is logged in, unless `loginctl "
            "enable-linger` was run once."
        )
    return tuple(found)


def _variables(config: DigestConfig) -> list[str]:
    """Return the environment variables that this digest takes something from."""
    secrets = [one.password_env for one in config.email if not one.password_file]
    secrets += [one.secret_env for one in config.webhook if not one.secret_file]
    settings = [name for name in os.environ if name.upper().startswith(ENV_PREFIX)]
    return sorted({name for name in secrets if name} | set(settings))


def _odd_days(at: dt.time, today: dt.date) -> Iterator[dt.date]:
    """Yield the days of the coming year on which the local time `at` comes twice or never."""
    for ahead in range(366):
        moment = dt.datetime.combine(today + dt.timedelta(days=ahead), at)
        if moment.astimezone().utcoffset() != moment.replace(fold=1).astimezone().utcoffset():
            yield moment.date()
