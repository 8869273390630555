from __future__ import annotations

import importlib
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from summarizer.errors import ModelFileError, ModelUnavailable
from summarizer.model.interface import FinishReason, Model, Prompt, Segment
from summarizer.model.process import ProcessModel
from summarizer.model.protocol import EngineOptions
from tests.conftest import (
    FakeModel,
    fail_on_leftovers,
    make_article,
    make_bridge_brief,
    make_evidence,
)

ENGINE = "summarizer.model.llama"


def prompt(name: str) -> Prompt:
    return Prompt(id=name, segments=(Segment(text="Tell me."),), max_tokens=9)


def test_fake_model_is_a_model_and_answers_in_order(fake_model):
    as_model: Model = fake_model
    fake_model.enqueue({"claims": []})
    fake_model.enqueue("cut of", finish=FinishReason.LENGTH)
    first, second = as_model.generate([prompt("a"), prompt("b")])
    assert (first.prompt_id, first.text) == ("a", '{"claims": []}')
    assert (second.text, second.finish) == ("cut of", FinishReason.LENGTH)
    assert [one.id for one in fake_model.history] == ["a", "b"]


def test_fake_model_raises_on_an_empty_queue_and_after_close():
    model = FakeModel()
    with pytest.raises(AssertionError, match="no answer was enqueued for 'a'"):
        list(model.generate([prompt("a")]))
    model.close()
    with pytest.raises(AssertionError, match="after close"):
        list(model.generate([prompt("a")]))


def test_answers_that_nobody_asked_for_fail_the_test():
    model = FakeModel()
    fail_on_leftovers([model])
    model.enqueue("left")
    with pytest.raises(pytest.fail.Exception, match="1 answers were never asked for"):
        fail_on_leftovers([model])


def test_fake_model_raises_what_was_enqueued(fake_model):
    fake_model.enqueue(TimeoutError("slow"))
    with pytest.raises(TimeoutError):
        list(fake_model.generate([prompt("a")]))


@pytest.mark.parametrize("name", [ENGINE, "llama_cpp"])
def test_an_unmarked_test_cannot_import_the_engine(monkeypatch, name):
    monkeypatch.delitem(sys.modules, name, raising=False)
    with pytest.raises(pytest.fail.Exception, match="needs @pytest.mark.model"):
        importlib.import_module(name)


@pytest.fixture(scope="class")  # wider than the guard's, so it is there when the guard looks
def engine() -> Iterator[Any]:
    """Return the engine's module, or a stand-in where no test has imported it."""
    stand_in = types.ModuleType(ENGINE)
    stand_in.__dict__["LlamaFile"] = type("LlamaFile", (), {"__init__": lambda *_: None})
    module = sys.modules.setdefault(ENGINE, stand_in)
    yield module
    if module is stand_in:
        del sys.modules[ENGINE]


def test_an_unmarked_test_cannot_make_an_engine(engine):
    with pytest.raises(pytest.fail.Exception, match="needs @pytest.mark.model"):
        engine.LlamaFile(Path("x.gguf"))


def test_an_unmarked_test_cannot_start_the_engine_in_a_child():
    with pytest.raises(pytest.fail.Exception, match="needs @pytest.mark.model"):
        ProcessModel(EngineOptions(path=Path("x.gguf"), name="x"))


def test_an_unmarked_test_can_start_a_child_of_its_own():
    options = EngineOptions(path=Path("x.gguf"), name="x")
    with pytest.raises(ModelUnavailable):
        ProcessModel(options, command=[sys.executable, "-c", ""])


@pytest.mark.model
def test_a_marked_test_can_make_an_engine():
    engine = importlib.import_module(ENGINE)
    with pytest.raises(ModelFileError):
        engine.LlamaFile(Path("nowhere.gguf"))


def test_builders_quote_what_stands_in_their_article():
    article = make_article("One.", "Two.", "Three.")
    assert make_evidence(article, 2, 3).quote == "Two. Three."
    brief, articles = make_bridge_brief()
    for citation in brief.stories[0].facts[0].citations:
        text = articles[citation.article_id].text
        assert text[citation.start : citation.end] == citation.quote
