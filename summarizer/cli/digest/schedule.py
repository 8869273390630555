"""`summarizer digest schedule`: let cron or systemd run the digest every night."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from summarizer.cli.digest.settings import config_option, examples, found
from summarizer.errors import ConfigError
from summarizer.render import clean

if TYPE_CHECKING:
    from summarizer.digest.config import DigestConfig


@click.command(
    "schedule",
    short_help="Let it run every night.",
    epilog=examples(
        "summarizer digest schedule --cron",
        "summarizer digest schedule --systemd --install",
        "summarizer digest schedule --cron --remove",
    ),
)
@config_option
@click.option("--cron", "by", flag_value="cron", help="By the user's crontab.")
@click.option("--systemd", "by", flag_value="systemd", help="By a timer of the user's systemd.")
@click.option("--install", is_flag=True, help="Enter it, or bring the entry up to date.")
@click.option("--remove", is_flag=True, help="Take the entry out again.")
def command(config: Path | None, by: str | None, install: bool, remove: bool) -> int:
    """Print, install or remove the entry that runs the digest every night.

    Without --install or --remove it is printed only. Installing twice leaves one entry; other
    entries are not touched. The time is that of [schedule] in the configuration.
    """
    if by is None:
        raise click.UsageError("Say which: --cron or --systemd.")
    if install and remove:
        raise click.UsageError("Give --install or --remove, not both.")
    settings, path = found(config)
    path = path.resolve()
    if by == "cron":
        _cron(settings, path, install=install, remove=remove)
    else:
        _systemd(settings, path, install=install, remove=remove)
    if not remove:
        _warn(settings, systemd=by == "systemd")
    return 0


def installed(path: Path) -> tuple[str, ...]:
    """Return by what the digest of the configuration at `path` is scheduled here."""
    from summarizer.digest.schedule import cron_installed, systemd_installed

    found_by = []
    for name, entry in (("cron", cron_installed), ("systemd", systemd_installed)):
        try:
            if entry(path.resolve()):
                found_by.append(name)
        except ConfigError:  # there is no such program here
            continue
    return tuple(found_by)


def _cron(settings: DigestConfig, path: Path, *, install: bool, remove: bool) -> None:
    from summarizer.digest.schedule import cron_install, cron_line, cron_remove

    if remove:
        _tell_removed(bool(cron_remove(path)), "crontab entry")
        return
    line = cron_line(settings, path)
    if install:
        cron_install(line, path)
        click.echo(f"In your crontab, every day at {settings.schedule.at:%H:%M}:")
    click.echo(line)


def _systemd(settings: DigestConfig, path: Path, *, install: bool, remove: bool) -> None:
    from summarizer.digest.schedule import systemd_install, systemd_remove, systemd_units

    if remove:
        _tell_removed(bool(systemd_remove(path)), "timer")
        return
    units = systemd_units(settings, path)
    if install:
        systemd_install(units, path)
        click.echo(f"Installed, every day at {settings.schedule.at:%H:%M}:")
        for name in units:
            click.echo(clean(f"  {name}"))
        return
    for name, text in units.items():
        click.echo(f"# {name}\n{text}")


def _warn(settings: DigestConfig, *, systemd: bool) -> None:
    from summarizer.digest.clock import Clock
    from summarizer.digest.schedule import cautions

    for caution in cautions(settings, today=Clock().now().date(), systemd=systemd):
        click.echo(clean(f"Note: {caution}"), err=True)


def _tell_removed(was_there: bool, what: str) -> None:
    click.echo(f"The {what} is gone." if was_there else f"There was no {what} of this digest.")
