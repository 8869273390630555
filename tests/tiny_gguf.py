"""Write random Llama models of some hundred kilobytes that llama.cpp loads, tokenises and runs.

And adapters for them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import gguf
import numpy as np

Style = Literal["llama3", "chatml", "llama2"]

LAYERS, WIDTH, HEADS, KV_HEADS, FEED_FORWARD, CONTEXT = 2, 32, 4, 2, 64, 512

NORMAL, UNKNOWN, CONTROL, BYTE = (
    gguf.TokenType.NORMAL,
    gguf.TokenType.UNKNOWN,
    gguf.TokenType.CONTROL,
    gguf.TokenType.BYTE,
)

# What is a control token in each style, in the order of their ids.
CONTROL_TOKENS: dict[Style, tuple[str, ...]] = {
    "llama3": (
        "<|begin_of_text|>",
        "<|end_of_text|>",
        "<|start_header_id|>",
        "<|end_header_id|>",
        "<|eot_id|>",
    ),
    "chatml": ("<|endoftext|>", "<|im_start|>", "<|im_end|>"),
    "llama2": ("<s>", "</s>"),
}
# A template of its own for tests that are not about templates.
CHATML = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}"
    "<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
BOS_EOS: dict[Style, tuple[str, str]] = {
    "llama3": ("<|begin_of_text|>", "<|eot_id|>"),
    "chatml": ("<|endoftext|>", "<|im_end|>"),
    "llama2": ("<s>", "</s>"),
}


def write_tiny_llama(
    path: Path, *, chat_template: str | None = CHATML, style: Style = "chatml"
) -> Path:
    """Write a random two-layer Llama with a byte-level vocabulary and return `path`.

    llama3 and chatml have the BPE tokeniser (only llama3 adds a BOS by itself, like the real
    ones), llama2 the SentencePiece one with byte tokens. The same style gives the same bytes.
    """
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    vocabulary = _add_spm(writer) if style == "llama2" else _add_bpe(writer, style)
    bos, eos = BOS_EOS[style]
    writer.add_bos_token_id(vocabulary.index(bos))
    writer.add_eos_token_id(vocabulary.index(eos))
    writer.add_add_bos_token(style != "chatml")
    if chat_template is not None:
        writer.add_chat_template(chat_template)
    _add_weights(writer, len(vocabulary))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def write_tiny_adapter(path: Path, *, tensor: str = "blk.0.attn_q.weight", rank: int = 4) -> Path:
    """Write a random LoRA adapter for `tensor` of a tiny model, strong enough to be heard.

    Source: the keys are those that llama.cpp's convert_lora_to_gguf.py writes.
    """
    random = np.random.default_rng(1)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, float(rank))
    for suffix, shape in ((".lora_a", (rank, WIDTH)), (".lora_b", (WIDTH, rank))):
        values = random.normal(0.0, 1.0, shape).astype(np.float32)
        writer.add_tensor(tensor + suffix, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _add_bpe(writer: gguf.GGUFWriter, style: Style) -> list[str]:
    merges = ["t h", "th e", "Ġ the", "i n", "a n", "an d"]
    words = [merge.replace(" ", "") for merge in merges]
    normal = [*_byte_letters(), *words]
    vocabulary = [*normal, *CONTROL_TOKENS[style]]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("llama-bpe" if style == "llama3" else "qwen2")
    writer.add_token_list(vocabulary)
    writer.add_token_types([NORMAL] * len(normal) + [CONTROL] * len(CONTROL_TOKENS[style]))
    writer.add_token_merges(merges)
    return vocabulary


def _byte_letters() -> list[str]:
    """Return the letter that GPT-2's tokeniser shows for each byte, in the order of the bytes."""
    shown = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in shown]
    letters = {byte: chr(byte) for byte in shown}
    letters |= {byte: chr(256 + number) for number, byte in enumerate(hidden)}
    return [letters[byte] for byte in range(256)]


def _add_spm(writer: gguf.GGUFWriter) -> list[str]:
    byte_tokens = [f"<0x{byte:02X}>" for byte in range(256)]
    letters = ["▁", *(chr(code) for code in range(0x21, 0x7F))]
    words = ["▁t", "he", "▁the", "in", "an", "▁[", "IN", "ST"]
    normal = [*letters, *words]
    vocabulary = ["<unk>", *CONTROL_TOKENS["llama2"], *byte_tokens, *normal]
    kinds = [UNKNOWN, CONTROL, CONTROL, *[BYTE] * 256, *[NORMAL] * len(normal)]
    # Of two possible joins the one with the higher score is made: longer words score higher.
    scores = [0.0] * (3 + 256) + [-10.0 + len(token) for token in normal]
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(vocabulary)
    writer.add_token_scores(scores)
    writer.add_token_types(kinds)
    writer.add_unk_token_id(0)
    return vocabulary


def _add_weights(writer: gguf.GGUFWriter, vocabulary_size: int) -> None:
    random = np.random.default_rng(0)

    def matrix(name: str, rows: int, columns: int) -> None:
        values = random.normal(0.0, 0.1, (rows, columns)).astype(np.float32)
        writer.add_tensor(name, values)

    def norm(name: str) -> None:
        writer.add_tensor(name, np.ones(WIDTH, dtype=np.float32))

    kv_width = WIDTH // HEADS * KV_HEADS
    matrix("token_embd.weight", vocabulary_size, WIDTH)
    for layer in range(LAYERS):
        block = f"blk.{layer}."
        norm(block + "attn_norm.weight")
        matrix(block + "attn_q.weight", WIDTH, WIDTH)
        matrix(block + "attn_k.weight", kv_width, WIDTH)
        matrix(block + "attn_v.weight", kv_width, WIDTH)
        matrix(block + "attn_output.weight", WIDTH, WIDTH)
        norm(block + "ffn_norm.weight")
        matrix(block + "ffn_gate.weight", FEED_FORWARD, WIDTH)
        matrix(block + "ffn_up.weight", FEED_FORWARD, WIDTH)
        matrix(block + "ffn_down.weight", WIDTH, FEED_FORWARD)
    norm("output_norm.weight")
    matrix("output.weight", vocabulary_size, WIDTH)
