"""Trained adapters as GGUF files: what is in them, and that llama.cpp computes with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gguf
import numpy as np
import numpy.typing as npt
import pytest

from benchmarks.training.export import Adapter, read_adapter, write_gguf
from summarizer.model.llama import Item, LlamaFile
from tests.tiny_gguf import WIDTH, write_tiny_llama

RANK = 2
ABOUT = {"name": "tiny verifier", "licence": "CC0-1.0"}
NAMES = ("blk.0.attn_q", "blk.1.ffn_down")


def arrays() -> dict[str, Any]:
    rng = np.random.default_rng(5)

    def halves(rows: int, columns: int) -> tuple[npt.NDArray[np.float64], ...]:
        return rng.normal(0, 0.3, (RANK, columns)), rng.normal(0, 0.3, (rows, RANK))

    found = {}
    for name, shape in zip(NAMES, ((WIDTH, WIDTH), (WIDTH, 64)), strict=True):
        for half, values in zip("ab", halves(*shape), strict=True):
            found[f"{name}.{half}"] = values.astype(np.float32)
    return found


@pytest.fixture
def trained(tmp_path: Path) -> Path:
    path = tmp_path / "adapter.npz"
    np.savez(path, alpha=np.float32(4.0), **arrays())
    return path


def read_gguf(path: Path) -> tuple[dict[str, Any], dict[str, npt.NDArray[np.floating]]]:
    reader = gguf.GGUFReader(path)
    fields = {key: field.contents() for key, field in reader.fields.items()}
    return fields, {tensor.name: np.array(tensor.data) for tensor in reader.tensors}


def test_exported_numbers_are_those_that_were_trained(trained: Path, tmp_path: Path):
    write_gguf(tmp_path / "a.gguf", read_adapter(trained), dtype=np.float32, about=ABOUT)
    fields, tensors = read_gguf(tmp_path / "a.gguf")
    assert fields["general.architecture"] == "llama"
    assert fields["general.type"] == "adapter"
    assert fields["adapter.type"] == "lora"
    assert fields["adapter.lora.alpha"] == 4.0
    assert (fields["general.name"], fields["general.license"]) == ("tiny verifier", "CC0-1.0")
    assert len(tensors) == 2 * len(NAMES)
    for name, values in arrays().items():
        weight, half = name.rsplit(".", 1)
        np.testing.assert_array_equal(tensors[f"{weight}.weight.lora_{half}"], values)


def test_sixteen_bits_round_and_halve_the_file(trained: Path, tmp_path: Path):
    adapter = read_adapter(trained)
    write_gguf(tmp_path / "wide.gguf", adapter, dtype=np.float32, about=ABOUT)
    write_gguf(tmp_path / "a.gguf", adapter, dtype=np.float16, about=ABOUT)
    _, tensors = read_gguf(tmp_path / "a.gguf")
    for name, values in arrays().items():
        weight, half = name.rsplit(".", 1)
        got = tensors[f"{weight}.weight.lora_{half}"]
        assert got.dtype == np.float16
        np.testing.assert_array_equal(got, values.astype(np.float16))
    sizes = [(tmp_path / name).stat().st_size for name in ("a.gguf", "wide.gguf")]
    assert sizes[0] < sizes[1]


@pytest.mark.parametrize(
    "change",
    [
        {"blk.0.attn_q.b": None},
        {"blk.0.attn_q.a": None},
        {"blk.0.attn_q.b": np.zeros((WIDTH, RANK + 1), np.float32)},
        {"blk.0.attn_q.a": np.zeros(RANK, np.float32)},
    ],
    ids=["no B", "no A", "ranks differ", "a vector"],
)
def test_halves_that_do_not_fit_are_refused(change: dict[str, Any], tmp_path: Path):
    kept = {k: v for k, v in (arrays() | change).items() if v is not None}
    np.savez(tmp_path / "bad.npz", alpha=np.float32(4.0), **kept)
    with pytest.raises(ValueError, match=r"blk\.0\.attn_q"):
        read_adapter(tmp_path / "bad.npz")


def last_logits(model: Path, lora: Path | None) -> npt.NDArray[np.float32]:
    file = LlamaFile(model, threads=1, adapt=False, lora=lora, plain=True)
    file.open_context(64, 1)
    file.decode([Item(token, place, 0, place == 9) for place, token in enumerate(range(40, 50))])
    found = file.logits(9).copy()
    file.close()
    return found


@pytest.mark.model
def test_llama_cpp_adds_what_the_adapter_says(trained: Path, tmp_path: Path):
    """B A alpha / rank on top of the weights, against a model that has it in its weights."""
    plain = write_tiny_llama(tmp_path / "tiny.gguf")
    adapter = read_adapter(trained)
    write_gguf(tmp_path / "a.gguf", adapter, dtype=np.float32, about=ABOUT)
    merged = write_merged(plain, tmp_path / "merged.gguf", adapter)
    with_adapter = last_logits(plain, tmp_path / "a.gguf")
    np.testing.assert_allclose(with_adapter, last_logits(merged, None), atol=2e-2)
    assert np.abs(with_adapter - last_logits(plain, None)).max() > 0.1


def write_merged(source: Path, target: Path, adapter: Adapter) -> Path:
    """Copy a model byte for byte, but for the weights that the adapter changes."""
    data = bytearray(source.read_bytes())
    for tensor in gguf.GGUFReader(source).tensors:
        name = tensor.name.removesuffix(".weight")
        if name in adapter.maps:
            a, b = adapter.maps[name]
            values = np.array(tensor.data) + b @ a * (adapter.alpha / len(a))
            raw = values.astype(np.float32).tobytes()
            data[tensor.data_offset : tensor.data_offset + len(raw)] = raw
    target.write_bytes(data)
    return target
