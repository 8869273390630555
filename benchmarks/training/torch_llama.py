"""A Llama in PyTorch, read from a GGUF file: what training an adapter needs and no more.

Runs in the environment of lora.py. Weights keep llama.cpp's names and its order of rows, in which
the two numbers that rotary positions turn together are neighbours; so an adapter trained here
needs no conversion. In 32 bits the hidden states are those of transformers' LlamaModel to a
millionth. In 16 bits that rounds the rotary frequencies as well; llama.cpp does not, nor do we.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, NamedTuple

import gguf
import numpy as np
import torch
import torch.nn.functional as F

# The linear maps of a block, in the order in which an adapter's first values are drawn.
MAPS = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")
_NORMS = ("attn_norm", "ffn_norm")
_HIDDEN = -1e9  # added to what a token may not read


class Shape(NamedTuple):
    """The numbers that make one Llama different from another."""

    blocks: int
    width: int
    heads: int
    kv_heads: int
    epsilon: float
    rotary_base: float

    @property
    def head_width(self) -> int:
        """Return how many numbers a head works on."""
        return self.width // self.heads


class NotALlama(Exception):
    """The file holds a model that this code does not compute."""


class Llama:
    """Weights by llama.cpp's names without ".weight", and a LoRA adapter on some of them.

    `adapter` maps a name to (A, B): A has rank rows, B as many rows as the weight; `scale` is
    alpha divided by the rank. `output` has a row for each token, in 32 bits.
    """

    def __init__(self, shape: Shape, weights: dict[str, Any], output: Any) -> None:
        self.shape = shape
        self.weights = weights
        self.output = output
        self.adapter: dict[str, tuple[Any, Any]] = {}
        self.scale = 1.0

    def hidden(self, tokens: Any, positions: Any, mask: Any) -> Any:
        """Return the last hidden states (batch, tokens, width), normalised.

        Args:
            tokens: ids (batch, tokens).
            positions: of each token in its own text, of the same shape.
            mask: what `mask` made of what each token may read.
        """
        x = self.weights["token_embd"][tokens]
        cos, sin = self._angles(positions, x.dtype)
        for block in range(self.shape.blocks):
            name = f"blk.{block}."
            x = x + self._attention(name, self._norm(name + "attn_norm", x), (cos, sin), mask)
            h = self._norm(name + "ffn_norm", x)
            gate = F.silu(self._map(name + "ffn_gate", h))
            x = x + self._map(name + "ffn_down", gate * self._map(name + "ffn_up", h))
        return self._norm("output_norm", x)

    def mask(self, seen: Any) -> Any:
        """Return the mask for `hidden` of booleans (batch, tokens, tokens): which row reads which.

        One copy for each head: a batched product then adds it at no further cost.
        """
        batch, tokens, _ = seen.shape
        kv, group = self.shape.kv_heads, self.shape.heads // self.shape.kv_heads
        dtype = self.weights["token_embd"].dtype
        mask = torch.zeros(seen.shape, dtype=dtype).masked_fill_(~seen, _HIDDEN)
        mask = mask[:, None, None].expand(batch, kv, group, tokens, tokens)
        return mask.reshape(batch * kv, group * tokens, tokens)

    def _map(self, name: str, x: Any) -> Any:
        flat = x.reshape(-1, x.shape[-1])
        y = flat @ self.weights[name].t()
        if name in self.adapter:
            a, b = (part.to(x.dtype) for part in self._scaled(name))
            y = torch.addmm(y, flat @ a.t(), b.t())
        return y.view(*x.shape[:-1], -1)

    def _scaled(self, name: str) -> tuple[Any, Any]:
        a, b = self.adapter[name]
        return a, b * self.scale

    def _norm(self, name: str, x: Any) -> Any:
        wide = x.float()
        wide = wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + self.shape.epsilon)
        return self.weights[name] * wide.to(x.dtype)

    def _angles(self, positions: Any, dtype: Any) -> tuple[Any, Any]:
        width = self.shape.head_width
        powers = torch.arange(0, width, 2, dtype=torch.float32) / width
        angles = positions[:, None, :, None].float() * self.shape.rotary_base**-powers
        return angles.cos().to(dtype), angles.sin().to(dtype)

    def _attention(self, name: str, x: Any, angles: tuple[Any, Any], mask: Any) -> Any:
        batch, tokens, _ = x.shape
        kv, width = self.shape.kv_heads, self.shape.head_width

        def heads(part: str) -> Any:
            return self._map(name + part, x).view(batch, tokens, -1, width).transpose(1, 2)

        query, key = (_turned(heads(part), *angles) for part in ("attn_q", "attn_k"))
        # The query heads that share a key head stand below one another: one product for all.
        query = query.reshape(batch * kv, -1, width)
        key = key.reshape(batch * kv, tokens, width)
        value = heads("attn_v").reshape(batch * kv, tokens, width)
        scores = torch.baddbmm(mask, query, key.transpose(1, 2), alpha=width**-0.5)
        read = torch.bmm(torch.softmax(scores, -1), value)
        read = read.view(batch, -1, tokens, width).transpose(1, 2).reshape(batch, tokens, -1)
        return self._map(name + "attn_output", read)


def _turned(x: Any, cos: Any, sin: Any) -> Any:
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack((even * cos - odd * sin, odd * cos + even * sin), -1).flatten(-2)


def load(path: Path, dtype: Any) -> Llama:
    """Read a GGUF file, whatever its quantisation, with weights of `dtype`.

    Raises:
        NotALlama: it is of another architecture, or scales its rotary positions.
    """
    reader = gguf.GGUFReader(path)
    shape = _shape(reader)
    wanted = {f"blk.{i}.{part}.weight" for i in range(shape.blocks) for part in (*MAPS, *_NORMS)}
    wanted |= {"token_embd.weight", "output_norm.weight"}
    found = {tensor.name: tensor for tensor in reader.tensors}
    if missing := wanted - found.keys():
        raise NotALlama(f"{path.name} has no {min(missing)}")
    if odd := found.keys() - wanted - {"output.weight"}:
        raise NotALlama(f"{path.name} has {min(odd)}, which this code does not use")
    weights = {name.removesuffix(".weight"): _values(found[name]).to(dtype) for name in wanted}
    output = _values(found.get("output.weight", found["token_embd.weight"]))
    return Llama(shape, weights, output)


def _values(tensor: Any) -> Any:
    values = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
    return torch.from_numpy(np.array(values, dtype=np.float32))


def _shape(reader: Any) -> Shape:
    def value(key: str, default: Any = None) -> Any:
        field = reader.get_field(key)
        return default if field is None else field.contents()

    architecture = value("general.architecture")
    if architecture != "llama":
        raise NotALlama(f"the architecture is {architecture}, not llama")
    if value("llama.rope.scaling.type", "none") != "none":
        raise NotALlama("the model scales its rotary positions")
    heads = value("llama.attention.head_count")
    shape = Shape(
        blocks=value("llama.block_count"),
        width=value("llama.embedding_length"),
        heads=heads,
        kv_heads=value("llama.attention.head_count_kv", heads),
        epsilon=value("llama.attention.layer_norm_rms_epsilon"),
        rotary_base=value("llama.rope.freq_base", 10000.0),
    )
    if value("llama.rope.dimension_count", shape.head_width) != shape.head_width:
        raise NotALlama("only a part of each head has rotary positions")
    return shape


def new_adapter(shape: Shape, weights: dict[str, Any], rank: int) -> dict[str, tuple[Any, Any]]:
    """Return a LoRA adapter that changes nothing yet: A random, B zero, for every map."""
    made = {}
    for block in range(shape.blocks):
        for part in MAPS:
            rows, columns = weights[f"blk.{block}.{part}"].shape
            a = torch.randn(rank, columns) / math.sqrt(columns)
            made[f"blk.{block}.{part}"] = (
                a.requires_grad_(True),
                torch.zeros(rows, rank).requires_grad_(True),
            )
    return made
