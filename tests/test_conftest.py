from __future__ import annotations

import importlib
import sys

import pytest

from summarizer.model.interface import FinishReason, Model, Prompt, Segment
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


@pytest.mark.skipif(ENGINE in sys.modules, reason="another test module has imported the engine")
def test_an_unmarked_test_cannot_import_the_engine():
    with pytest.raises(pytest.fail.Exception, match="needs @pytest.mark.model"):
        importlib.import_module(ENGINE)


@pytest.mark.skipif(ENGINE not in sys.modules, reason="no test module has imported the engine")
def test_an_unmarked_test_cannot_make_an_engine():
    with pytest.raises(pytest.fail.Exception, match="needs @pytest.mark.model"):
        sys.modules[ENGINE].LlamaModel()


def test_builders_quote_what_stands_in_their_article():
    article = make_article("One.", "Two.", "Three.")
    assert make_evidence(article, 2, 3).quote == "Two. Three."
    brief, articles = make_bridge_brief()
    for citation in brief.stories[0].facts[0].citations:
        text = articles[citation.article_id].text
        assert text[citation.start : citation.end] == citation.quote
