r"""The entry that runs the digest each night: a line of the crontab, or a timer of systemd.

Both start `python -m summarizer digest run CONFIG` with the interpreter, the configuration and
the cache that ran `summarizer digest schedule`, by absolute paths. Neither hands on the rest of
that shell's environment. So what a configuration takes from it must come from elsewhere: a
password from its `password_file` (or `secret_file`); the password of a state on PostgreSQL from
its URL, or from ~/.pgpass, as libpq does; anything, also a proxy, from a line NAME=value above
the entry in the crontab, or from ~/.config/environment.d for systemd (environment.d(5)).
`cautions` says which of these a configuration needs.

No umask is set: a web server must be able to read a static folder of digests, and what is
private (the state, its lock, the log) is made for its owner alone. But for a log that the
crontab line appends to: there the shell makes the file, as cron's umask allows, mostly readable
for all; one that is there keeps its mode.

On the two nights when summer time begins and ends, a time between 01:00 and 03:00 comes twice or
not at all. Some crons then run the entry twice, some never; systemd's timer once. Nothing is
lost: a second run finds nothing new, and what a night missed is in the next digest.
"""

from __future__ import annotations

from summarizer.digest.schedule.cautions import cautions
from summarizer.digest.schedule.cron import cron_install, cron_installed, cron_line, cron_remove
from summarizer.digest.schedule.systemd import (
    systemd_install,
    systemd_installed,
    systemd_remove,
    systemd_units,
)

__all__ = [
    "cautions",
    "cron_install",
    "cron_installed",
    "cron_line",
    "cron_remove",
    "systemd_install",
    "systemd_installed",
    "systemd_remove",
    "systemd_units",
]
