"""Write a trained adapter as GGUF: python -m benchmarks.training.export ADAPTER.npz OUT.gguf.

Runs in either environment: it needs numpy and gguf. Keys and names of tensors are those that
llama.cpp reads from a LoRA adapter (its convert_lora_to_gguf.py writes them).
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import gguf
import numpy as np
import numpy.typing as npt

NAME = "support verifier"
LICENCE = "CC-BY-SA-4.0"  # of SNLI and of Wikipedia's text, the strictest of what it learned from


class Adapter(NamedTuple):
    """A LoRA adapter: by the weight's name without ".weight", A (rank rows) and B (rank columns).

    What is added to a weight is B A alpha / rank.
    """

    alpha: float
    maps: dict[str, tuple[npt.NDArray[np.floating], npt.NDArray[np.floating]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("adapter", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--wide", action="store_true", help="32 bits a number in place of 16")
    parser.add_argument("--name", default=NAME)
    parser.add_argument("--licence", default=LICENCE)
    options = parser.parse_args()
    kind = np.float32 if options.wide else np.float16
    about = {"name": options.name, "licence": options.licence}
    write_gguf(options.out, read_adapter(options.adapter), dtype=kind, about=about)
    print(f"{options.out}: {options.out.stat().st_size} bytes")


def read_adapter(path: Path) -> Adapter:
    """Read what lora.py wrote.

    Raises:
        ValueError: a map lacks its half, or the halves do not fit one another.
    """
    with np.load(path, allow_pickle=False) as arrays:
        found = {key: arrays[key] for key in arrays.files}
    alpha = float(found.pop("alpha"))
    maps = {}
    for name in dict.fromkeys(key.rpartition(".")[0] for key in found):
        a, b = found.get(f"{name}.a"), found.get(f"{name}.b")
        if a is None or b is None or a.ndim != 2 or b.ndim != 2 or len(a) != b.shape[1]:
            raise ValueError(f"{path.name}: {name} is no pair of A and B")
        maps[name] = (a, b)
    return Adapter(alpha, maps)


def write_gguf(
    path: Path, adapter: Adapter, *, dtype: type[np.floating], about: Mapping[str, str]
) -> None:
    """Write an adapter of a model of the llama architecture."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, adapter.alpha)
    writer.add_name(about["name"])
    writer.add_license(about["licence"])
    for name, (a, b) in adapter.maps.items():
        writer.add_tensor(f"{name}.weight.lora_a", np.ascontiguousarray(a, dtype=dtype))
        writer.add_tensor(f"{name}.weight.lora_b", np.ascontiguousarray(b, dtype=dtype))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main()
