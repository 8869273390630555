"""The binding: what llama.cpp loads, tokenises, decodes and refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from summarizer.errors import GenerationError, ModelFileError
from tests.engines import YES_OR_NO, answers, ask, free, texts, tiny_options
from tests.models import smallest_model
from tests.tiny_gguf import write_tiny_adapter, write_tiny_llama

pytestmark = pytest.mark.model

TEXT = "The harbour office counted ferries and the ferries counted the office. " * 3


@pytest.fixture(scope="module")
def tiny_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_llama(tmp_path_factory.mktemp("tiny") / "tiny.gguf")


@pytest.fixture(scope="module")
def tiny(tiny_path: Path) -> Iterator[Any]:
    from summarizer.model.llama import LlamaFile

    llama = LlamaFile(tiny_path, threads=1)
    llama.open_context(256, 4)
    yield llama
    llama.close()


@pytest.fixture
def open_model(tiny_path: Path) -> Iterator[Callable[..., Any]]:
    from summarizer.model.local import LocalModel

    opened: list[Any] = []

    def make(**changes: Any) -> Any:
        opened.append(LocalModel(tiny_options(changes.pop("path", tiny_path), **changes)))
        return opened[-1]

    yield make
    for model in opened:
        model.close()


# --- files --------------------------------------------------------------------------------------


def test_file_without_chat_template_is_an_error_that_says_so(tmp_path):
    from summarizer.model.llama import LlamaFile

    path = write_tiny_llama(tmp_path / "bare.gguf", chat_template=None)
    with pytest.raises(ModelFileError, match="no chat template"):
        LlamaFile(path)


@pytest.mark.parametrize("content", [b"GGUF" + b"\0" * 100, b"", b"no model", None])
def test_file_that_is_no_model_is_an_error(tmp_path, content):
    from summarizer.model.llama import LlamaFile

    path = tmp_path / "bad.gguf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelFileError, match=r"cannot load bad\.gguf"):
        LlamaFile(path)


def test_file_cut_short_is_an_error(tmp_path, tiny_path):
    from summarizer.model.llama import LlamaFile

    path = tmp_path / "short.gguf"
    path.write_bytes(tiny_path.read_bytes()[:-1000])
    with pytest.raises(ModelFileError, match=r"cannot load short\.gguf"):
        LlamaFile(path)


def test_plain_weights_give_the_same_answer(open_model):
    prompt = ask("a")
    assert texts(open_model(plain=True), [prompt]) == texts(open_model(), [prompt])


def test_kind_of_weights_is_read_from_the_file(tmp_path, tiny_path):
    from summarizer.model.llama import file_type

    assert file_type(tmp_path / "nowhere.gguf") == -1
    assert file_type(smallest_model().path) == 3  # LLAMA_FTYPE_MOSTLY_Q4_1
    assert file_type(tiny_path) == -1  # it does not say


def test_requantising_what_is_no_model_is_an_error(tmp_path):
    from summarizer.model.llama import requantize

    path = tmp_path / "bad.gguf"
    path.write_bytes(b"no model")
    with pytest.raises(ModelFileError, match=r"cannot requantise bad\.gguf"):
        requantize(path, tmp_path / "out.gguf", threads=1)


# --- adapters -----------------------------------------------------------------------------------


def test_adapter_changes_the_answer(open_model, tmp_path):
    adapter = write_tiny_adapter(tmp_path / "adapter.gguf")
    prompts = [free(str(n), f"text {n}") for n in range(3)]
    with_it, without = open_model(lora=adapter), open_model()
    changed = texts(with_it, prompts)
    assert changed != texts(without, prompts)
    assert changed == texts(with_it, prompts)


def test_adapter_stays_when_the_context_is_made_anew(open_model, tmp_path):
    model = open_model(lora=write_tiny_adapter(tmp_path / "adapter.gguf"))
    before = texts(model, [free("a")])
    texts(model, [free("b", "x" * 300), free("c")])
    assert texts(model, [free("a")]) == before


def test_adapter_for_another_tensor_or_size_is_an_error(open_model, tmp_path):
    unknown = write_tiny_adapter(tmp_path / "unknown.gguf", tensor="blk.7.attn_q.weight")
    wide = write_tiny_adapter(tmp_path / "wide.gguf", tensor="output.weight")
    for adapter in (unknown, wide):
        with pytest.raises(ModelFileError, match=rf"adapter {adapter.name}") as caught:
            open_model(lora=adapter)
        assert "this very model" in caught.value.hint


def test_file_that_is_no_adapter_is_an_error(open_model, tiny_path, tmp_path):
    cut = write_tiny_adapter(tmp_path / "cut.gguf")
    cut.write_bytes(cut.read_bytes()[:-100])
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(b"no adapter")
    for path in (bad, tiny_path, tmp_path / "nowhere.gguf", cut):
        with pytest.raises(ModelFileError, match="cannot put the adapter"):
            open_model(lora=path)


# --- tokens -------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["the and", "Größe 4 €", "\U0001f6a2", "\x00\t\n", "", "{[]}"])
def test_tokens_write_what_was_tokenised(tiny, text):
    tokens = tiny.tokenize(text, special=False)
    assert b"".join(map(tiny.piece, tokens)).decode() == text


def test_control_tokens_are_known_in_trusted_text_only(tiny):
    control = tiny.tokenize("<|im_end|>", special=True)
    assert len(control) == 1
    assert tiny.piece(control[0]) == b""
    assert tiny.ends(control[0])
    plain = tiny.tokenize("<|im_end|>", special=False)
    assert len(plain) > 1
    assert not any(map(tiny.ends, plain))


def test_lone_surrogate_is_tokenised_as_something_else(tiny):
    assert tiny.tokenize("\ud800", special=False) == tiny.tokenize("?", special=False)


# --- decoding -----------------------------------------------------------------------------------


def feed(llama: Any, text: str, sequence: int = 0, start: int = 0) -> tuple[list[int], Any]:
    """Decode `text` in one batch; return its tokens and the logits behind it."""
    from summarizer.model.llama import Item

    tokens = llama.tokenize(text, special=False)
    last = len(tokens) - 1
    llama.decode([Item(t, start + i, sequence, i == last) for i, t in enumerate(tokens)])
    return tokens, llama.logits(last).copy()


def test_logits_depend_on_what_stands_before(tiny):
    for sequence in range(4):
        tiny.cut(sequence, 0)
    _, first = feed(tiny, "the pier")
    tiny.cut(0, 0)
    _, again = feed(tiny, "the pier")
    tiny.cut(0, 0)
    _, other = feed(tiny, "an  pier")
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_copy_goes_on_as_the_original_does(tiny):
    for sequence in range(4):
        tiny.cut(sequence, 0)
    tokens, _ = feed(tiny, "the pier and the")
    tiny.copy(0, 3)
    _, original = feed(tiny, "!", 0, len(tokens))
    _, copied = feed(tiny, "!", 3, len(tokens))
    np.testing.assert_allclose(copied, original, atol=1e-5)


def test_what_is_cut_is_forgotten(tiny):
    for sequence in range(4):
        tiny.cut(sequence, 0)
    tokens, _ = feed(tiny, "the pier")
    feed(tiny, "and the office", 0, len(tokens))
    tiny.cut(0, len(tokens))
    _, after = feed(tiny, "!", 0, len(tokens))
    tiny.cut(0, 0)
    feed(tiny, "the pier")
    _, anew = feed(tiny, "!", 0, len(tokens))
    np.testing.assert_allclose(after, anew, atol=1e-5)


def test_sequences_do_not_hear_one_another(tiny):
    from summarizer.model.llama import Item

    for sequence in range(4):
        tiny.cut(sequence, 0)
    tokens, alone = feed(tiny, "the pier", 0)
    other = tiny.tokenize("an awful", special=False)[: len(tokens)]
    tiny.cut(0, 0)
    both = [*((t, 0) for t in tokens), *((t, 1) for t in other)]
    length = len(tokens)
    items = [
        Item(t, row % length, s, row % length == length - 1) for row, (t, s) in enumerate(both)
    ]
    tiny.decode(items)
    np.testing.assert_allclose(tiny.logits(length - 1), alone, atol=1e-5)


def test_batch_that_has_no_room_is_an_error(tiny):
    tiny.cut(0, 0)
    feed(tiny, "a" * 250)
    with pytest.raises(GenerationError, match="llama_decode failed"):
        feed(tiny, "a" * 20, 0, 250)
    tiny.cut(0, 0)


def test_time_in_llama_cpp_is_counted(tiny):
    before = tiny.model_s
    tiny.cut(0, 0)
    feed(tiny, "the pier")
    assert tiny.model_s > before


# --- grammars -----------------------------------------------------------------------------------


def test_bad_grammar_is_an_error_not_a_crash(tiny):
    from summarizer.model.llama import GrammarError

    for gbnf in ("root ::= nowhere", "nothing", 'other ::= "x"'):
        with pytest.raises(GrammarError):
            tiny.grammar(gbnf)


def test_grammar_masks_what_it_does_not_allow(tiny):
    grammar = tiny.grammar(YES_OR_NO)
    (yes,) = tiny.tokenize("y", special=False)
    (no,) = tiny.tokenize("n", special=False)
    (end,) = tiny.tokenize("<|im_end|>", special=True)
    masked = grammar.mask(np.zeros(tiny._vocab_size, dtype=np.float32))
    # "no" may also begin with a token of both letters, had the vocabulary one.
    assert {yes, no} == set(np.flatnonzero(np.isfinite(masked)).tolist())
    assert [grammar.allows(token) for token in (yes, no, end)] == [True, True, False]
    grammar.close()


def test_copy_of_a_grammar_goes_its_own_way(tiny):
    first = tiny.grammar(YES_OR_NO)
    y, e, n, o = (tiny.tokenize(letter, special=False)[0] for letter in "yeno")
    second = first.copy()
    first.accept(y)
    second.accept(n)
    assert (first.allows(e), first.allows(o)) == (True, False)
    assert (second.allows(e), second.allows(o)) == (False, True)
    first.close()
    assert second.allows(o)
    second.close()


# --- the smallest real model --------------------------------------------------------------------

LONG = "The harbour office of Velmora counted 412 ferries in May and 398 in June. " * 30


@pytest.fixture(scope="module")
def small() -> Iterator[Any]:
    from summarizer.model.local import LocalModel

    file = smallest_model()
    model = LocalModel(tiny_options(file.path, name=file.name, context_tokens=2048, parallel=1))
    yield model
    model.close()


def test_real_model_reads_a_long_prompt_and_answers_under_a_grammar(small):
    """The default build of llama.cpp dies here on machines with AMX (issue 20824)."""
    answer = answers(small, [ask("a", LONG)])["a"]
    assert answer.tokens_read > 400
    assert '"claims":[{"evidence":[' in answer.text


def test_real_model_writes_text_of_letters_under_no_grammar(small):
    answer = answers(small, [free("a", "Say hello.", max_tokens=16)])["a"]
    assert sum(char.isalpha() for char in answer.text) > 5


def test_real_model_knows_yes_from_no(small):
    """Where the two first tokens are one and the same, every score would be 0."""
    from tests.engines import question

    (judgement,) = small.judge([question("a", LONG, " Were ferries counted?")])
    assert judgement.score != 0
