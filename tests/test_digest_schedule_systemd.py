"""The units of a user's systemd: what systemd itself reads in them, and how they come and go."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from summarizer.digest.config import DigestConfig, load_config
from summarizer.digest.schedule import (
    systemd_install,
    systemd_installed,
    systemd_remove,
    systemd_units,
)
from summarizer.errors import ConfigError

ODD_NAMES = [
    "plain",
    "two  words",
    "100% %h %%",
    "$HOME ${HOME} $$",
    "zürich ελ 夜",
    "; # \\\\ [x]* -- @ : +",
]
QUOTES = 'it\'s "odd" \\n \\'  # systemd takes them in arguments, but not in a program's name

FAKE = """#!/bin/sh
echo "$*" >> "$CALLS"
case " $FAIL " in *" $2 "*) echo "Failed to connect to bus: No medium found" >&2; exit 1 ;; esac
"""


@pytest.fixture(autouse=True)
def _places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.setenv("SUMMARIZER_CACHE", str(tmp_path / "cache"))


def configure(folder: Path, name: str = "digest.toml") -> tuple[DigestConfig, Path]:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text('[sources]\nfolders = ["inbox"]\n[schedule]\nat = "05:07"\n', "utf-8")
    return load_config(path), path


def texts(units: dict[str, str]) -> tuple[str, str]:
    """Return the service and the timer."""
    (service,) = (text for name, text in units.items() if name.endswith(".service"))
    (timer,) = (text for name, text in units.items() if name.endswith(".timer"))
    return service, timer


# --- what systemd reads -----------------------------------------------------------------------


@pytest.fixture
def analyze(tmp_path: Path) -> list[str]:
    """Return the words before those for systemd-analyze, asked as a user's systemd."""
    program = shutil.which("systemd-analyze")
    if not program:
        pytest.skip("there is no systemd-analyze here")
    (tmp_path / "run").mkdir(mode=0o700)
    words = ["env", f"XDG_RUNTIME_DIR={tmp_path / 'run'}", "SYSTEMD_LOG_LEVEL=debug", program]
    unit = tmp_path / "sound.service"
    unit.write_text("[Service]\nExecStart=/bin/sh\n")
    known = subprocess.run([*words, "--user", "verify", unit], capture_output=True, text=True)
    if known.returncode:
        pytest.skip(f"systemd-analyze verifies nothing here: {known.stderr[-200:]}")
    return [*words, "--user"]


def verified(analyze: list[str], units: dict[str, str], folder: Path) -> str:
    """Return how systemd has read `units`; fail where it complains of anything in them."""
    for name, text in units.items():
        (folder / name).write_text(text, "utf-8")
    files = [str(folder / name) for name in units]
    done = subprocess.run([*analyze, "verify", *files], capture_output=True, text=True)
    complaints = [line for line in done.stderr.splitlines() if line.startswith(tuple(files))]
    assert (done.returncode, complaints) == (0, [])
    return done.stdout


def words_of(read: str) -> list[str]:
    """Return the words of the command, of which systemd shows a line for the shell."""
    found = re.search(r"Command Line: (.*)", read)
    if not found:
        pytest.skip("this systemd-analyze does not show the command")
    shown = subprocess.run(
        ["/bin/sh", "-c", f"printf '%s\\0' {found[1]}"], capture_output=True, text=True, check=True
    )
    return shown.stdout.split("\0")[:-1]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_systemd_reads_the_very_command_and_variables(tmp_path, monkeypatch, analyze, name):
    python = tmp_path / name.replace("\\", "") / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\n")
    python.chmod(0o755)
    cache = tmp_path / f"{name} {QUOTES}" / "cache"
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setenv("SUMMARIZER_CACHE", str(cache))
    config, path = configure(tmp_path / f"{name} {QUOTES}")
    read = verified(analyze, systemd_units(config, path), tmp_path)
    command = [str(python), "-P", "-m", "summarizer", "digest", "run", str(path)]
    assert words_of(read) == command
    assert f"Environment: SUMMARIZER_CACHE={cache}\n" in read
    assert "Environment: PYTHONUTF8=1\n" in read


def test_systemd_reads_the_settings(tmp_path, analyze):
    config, path = configure(tmp_path)
    read = verified(analyze, systemd_units(config, path), tmp_path)
    for line in ("Type: oneshot", "Nice: 10", "Persistent: yes", "OnCalendar: *-*-* 05:07:00"):
        assert f"{line}\n" in read


def test_systemd_starts_it_every_day_at_the_time(tmp_path, analyze):
    config, path = configure(tmp_path)
    _, timer = texts(systemd_units(config, path))
    (calendar,) = re.findall(r"^OnCalendar=(.*)$", timer, re.MULTILINE)
    done = subprocess.run([*analyze, "calendar", calendar], capture_output=True, text=True)
    assert done.returncode == 0
    assert "*-*-* 05:07:00" in done.stdout


def test_units_do_what_a_night_needs(tmp_path):
    config, path = configure(tmp_path)
    service, timer = texts(systemd_units(config, path))
    assert "\nExecStart=:" in service  # without the ":" systemd replaces $NAME in the words
    assert "SuccessExitStatus=3\n" in service  # something was skipped: no failed unit
    assert "Persistent=true\n" in timer  # a missed night is caught up
    assert "WantedBy=timers.target\n" in timer
    assert 'Environment="SUMMARIZER_CACHE=' in service


# --- names ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("digest.toml", "digest"),
        ("Morning News.toml", "morning-news"),
        ("100% 'odd' @x.toml", "100-odd-x"),
        ("夜.toml", "digest"),
        ("a" * 100 + ".toml", "a" * 32),
        ("-.toml", "digest"),
    ],
)
def test_units_are_named_after_the_configuration(tmp_path, name, slug):
    config, path = configure(tmp_path, name)
    service, timer = sorted(systemd_units(config, path))
    assert re.fullmatch(rf"summarizer-digest-{slug}-[0-9a-f]{{8}}\.service", service)
    assert timer == service.replace(".service", ".timer")


def test_two_configurations_of_one_name_have_two_units(tmp_path):
    one, other = configure(tmp_path / "one"), configure(tmp_path / "other")
    assert not set(systemd_units(*one)) & set(systemd_units(*other))
    assert set(systemd_units(*one)) == set(systemd_units(*configure(tmp_path / "one")))


@pytest.mark.parametrize("name", ["line\nbreak", "car\rriage", "tab\t", "half\udcff"])
def test_path_that_a_unit_cannot_hold_is_refused(tmp_path, name):
    config, _ = configure(tmp_path)
    with pytest.raises(ConfigError, match="path has a line break") as caught:
        systemd_units(config, tmp_path / name / "digest.toml")
    assert caught.value.hint


@pytest.mark.parametrize("char", ["'", '"', "\\"])
def test_program_that_systemd_would_refuse_is_refused(tmp_path, monkeypatch, char):
    config, path = configure(tmp_path)
    monkeypatch.setattr(sys, "executable", f"/opt/o{char}dd/python")
    with pytest.raises(ConfigError, match="refuses a program"):
        systemd_units(config, path)


# --- in and out -------------------------------------------------------------------------------


class Systemd:
    """A user's systemd behind a systemctl."""

    def __init__(self, folder: Path) -> None:
        self.calls_file = folder / "calls"
        self.units = folder / "settings" / "systemd" / "user"
        self.program = folder / "bin" / "systemctl"
        self.program.parent.mkdir()
        self.program.write_text(FAKE)
        self.program.chmod(0o755)

    def calls(self) -> list[str]:
        """Return what was asked since the last time."""
        calls = self.calls_file.read_text().splitlines() if self.calls_file.exists() else []
        self.calls_file.unlink(missing_ok=True)
        return [call.removeprefix("--user ") for call in calls]

    def files(self) -> set[str]:
        return {file.name for file in self.units.glob("*")}


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Systemd:
    systemd = Systemd(tmp_path)
    monkeypatch.setenv("PATH", f"{systemd.program.parent}:/usr/bin:/bin")
    monkeypatch.setenv("CALLS", str(systemd.calls_file))
    monkeypatch.delenv("FAIL", raising=False)
    return systemd


def test_units_are_written_and_the_timer_started(systemd, tmp_path):
    config, path = configure(tmp_path)
    units = systemd_units(config, path)
    timer = next(name for name in units if name.endswith(".timer"))
    assert systemd_installed(path) is None
    assert systemd_install(units, path)
    assert systemd.files() == set(units)
    assert all((systemd.units / name).read_text() == text for name, text in units.items())
    assert systemd.calls()[1:] == ["daemon-reload", f"enable {timer}", f"restart {timer}"]
    assert systemd_installed(path) == timer


def test_installing_twice_changes_nothing(systemd, tmp_path):
    config, path = configure(tmp_path)
    units = systemd_units(config, path)
    assert systemd_install(units, path)
    assert not systemd_install(units, path)
    assert systemd.files() == set(units)


def test_new_time_is_written_and_the_timer_started_again(systemd, tmp_path):
    config, path = configure(tmp_path)
    systemd_install(systemd_units(config, path), path)
    systemd.calls()
    path.write_text(path.read_text().replace("05:07", "04:00"))
    assert systemd_install(systemd_units(load_config(path), path), path)
    assert [call.split()[0] for call in systemd.calls()[1:]] == [
        "daemon-reload",
        "enable",
        "restart",
    ]
    assert "04:00:00" in (systemd.units / str(systemd_installed(path))).read_text()


def test_removing_takes_this_digests_units_only(systemd, tmp_path):
    one, other = configure(tmp_path / "one"), configure(tmp_path / "other")
    for config, path in (one, other):
        systemd_install(systemd_units(config, path), path)
    (systemd.units / "backup.timer").touch()
    timer = systemd_installed(one[1])
    systemd.calls()
    assert systemd_remove(one[1])
    assert systemd.calls() == [f"disable --now {timer}", "daemon-reload"]
    assert systemd.files() == {*systemd_units(*other), "backup.timer"}
    assert (systemd_installed(one[1]), bool(systemd_installed(other[1]))) == (None, True)


def test_removing_what_is_not_there_asks_nothing(systemd, tmp_path):
    _, path = configure(tmp_path)
    assert not systemd_remove(path)
    assert systemd.calls() == []


def test_service_left_without_its_timer_is_removed(systemd, tmp_path):
    config, path = configure(tmp_path)
    systemd_install(systemd_units(config, path), path)
    (systemd.units / str(systemd_installed(path))).unlink()
    assert systemd_remove(path)
    assert systemd.files() == set()


def test_folder_of_units_is_beside_the_settings_of_the_home(systemd, tmp_path, monkeypatch):
    config, path = configure(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")  # which the standard says to ignore
    systemd_install(systemd_units(config, path), path)
    assert len(list((tmp_path / "home" / ".config" / "systemd" / "user").iterdir())) == 2


# --- what fails -------------------------------------------------------------------------------


def test_missing_systemctl_is_an_error_and_writes_nothing(systemd, tmp_path):
    config, path = configure(tmp_path)
    systemd.program.unlink()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(systemd.program.parent))
        with pytest.raises(ConfigError, match="cannot run systemctl") as caught:
            systemd_install(systemd_units(config, path), path)
    assert "--cron" in caught.value.hint
    assert systemd.files() == set()


def test_user_without_a_bus_is_an_error_and_writes_nothing(systemd, tmp_path, monkeypatch):
    config, path = configure(tmp_path)
    monkeypatch.setenv("FAIL", "show")
    with pytest.raises(ConfigError, match="Failed to connect to bus") as caught:
        systemd_install(systemd_units(config, path), path)
    assert "su or sudo" in caught.value.hint
    assert systemd.files() == set()


def test_timer_that_is_refused_is_an_error_and_its_files_are_left(systemd, tmp_path, monkeypatch):
    config, path = configure(tmp_path)
    monkeypatch.setenv("FAIL", "enable")
    units = systemd_units(config, path)
    with pytest.raises(ConfigError, match="systemctl --user enable summarizer-digest"):
        systemd_install(units, path)
    assert systemd.files() == set(units)


def test_timer_that_cannot_be_stopped_is_not_deleted(systemd, tmp_path, monkeypatch):
    """It would go on in systemd's memory, with nothing left to say so."""
    config, path = configure(tmp_path)
    units = systemd_units(config, path)
    systemd_install(units, path)
    monkeypatch.setenv("FAIL", "disable")
    with pytest.raises(ConfigError, match="disable --now"):
        systemd_remove(path)
    assert systemd.files() == set(units)
