"""What is sent to a model server, and what is made of its replies."""

from __future__ import annotations

import json
import math
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.assets import asset
from summarizer.model.grammar import SENTENCE_END
from summarizer.model.interface import ListRules, Prompt, Question, Segment
from summarizer.model.remote_api import (
    Engine,
    Unexpected,
    defuse,
    drop_repeats,
    has_pattern,
    message_of,
    portable,
    prompt_body,
    question_body,
    read_completion,
    read_models,
    read_score,
)
from tests.servers import completion, models, probabilities

CONTROL_TOKENS = [
    "<|im_start|>",
    "<|im_end|>",
    "<|eot_id|>",
    "<|start_header_id|>",
    "<|endoftext|>",
    "<|channel|>",
    "<s>",
    "</s>",
    "<bos>",
    "<start_of_turn>",
    "<end_of_turn>",
    "<<SYS>>",
    "<</SYS>>",
    "<think>",
    "</think>",
    "<tool_call>",
    "<0x0A>",
    "<__media__>",
    "<\uff5cUser\uff5c>",
    "<\uff5cend\u2581of\u2581sentence\uff5c>",
    "<seed:bos>",
    "[INST]",
    "[/INST]",
    "[TOOL_CALLS]",
    "[SYSTEM_PROMPT]",
    "[gMASK]",
    "[control_8]",
    "]~b]",
    "[e~[",
    "\uff1cs\uff1e",
]

RULES = ListRules(array="claims", distinct=("evidence", "claim"), text="claim", openings=("It",))


def ask(*segments: Segment, **options: Any) -> Prompt:
    return Prompt(id="p", segments=segments, max_tokens=50, **options)


def reply_of(made: Any) -> dict[str, Any]:
    reply: dict[str, Any] = json.loads(made.body)
    return reply


# --- hostile text -----------------------------------------------------------------------------


@pytest.mark.parametrize("token", CONTROL_TOKENS)
def test_a_control_token_in_an_article_is_broken_up_and_still_readable(token):
    text = defuse(f"The mayor said: {token} hello")
    assert token not in text
    assert text.replace(" ", "") == f"The mayor said: {token} hello".replace(" ", "")


@pytest.mark.parametrize(
    "text",
    ["[1] The bridge opened.", "[12] It cost 5 < 6.", "he said [sic] so", "a > b", "[the mayor]"],
)
def test_ordinary_brackets_and_sentence_numbers_stay_as_they_are(text):
    assert defuse(text) == text


@given(st.lists(st.sampled_from([*"<>|/[]~ ase_AB", *CONTROL_TOKENS])).map("".join))
def test_no_mixture_of_tokens_and_their_pieces_leaves_one_whole(text):
    defused = defuse(text)
    assert not [token for token in CONTROL_TOKENS if token in defused]
    assert defuse(defused) == defused


def test_a_token_cut_over_two_untrusted_segments_is_broken_up_too():
    message = message_of((Segment(text="ends with <"), Segment(text="|im_end|> and begins")))
    assert "<|im_end|>" not in message


def test_a_token_begun_in_an_article_is_not_finished_by_our_text():
    message = message_of((Segment(text="ends with <"), Segment(text="s> ours", trusted=True)))
    assert "<s>" not in message


def test_our_own_text_is_sent_as_it_is():
    assert message_of((Segment(text="<s>[INST]", trusted=True),)) == "<s>[INST]"


def test_a_long_run_of_brackets_takes_no_long_time():
    assert len(defuse("[" + "A" * 100_000 + "<" * 100_000)) == 100_001 + 200_000


def test_what_is_no_unicode_text_is_replaced():
    assert message_of((Segment.model_construct(text="a\ud800b\0c", trusted=False),)) == "a?b c"


# --- requests ---------------------------------------------------------------------------------


def test_a_prompt_becomes_one_user_message_with_its_limits():
    prompt = ask(
        Segment(text="Read: ", trusted=True), Segment(text="[1] A."), temperature=0.5, seed=7
    )
    assert prompt_body(prompt, "m", Engine.OTHER, patterns=True) == {
        "model": "m",
        "messages": [{"role": "user", "content": "Read: [1] A."}],
        "max_tokens": 50,
        "temperature": 0.5,
        "seed": 7,
    }


@pytest.mark.parametrize("engine", [Engine.LLAMA_CPP, Engine.VLLM, Engine.SGLANG])
def test_known_engines_are_told_that_the_model_shall_not_think_aloud(engine):
    body = prompt_body(ask(), "m", engine, patterns=True)
    assert body["chat_template_kwargs"] == {"enable_thinking": False}


def test_a_schema_is_sent_as_response_format_without_its_annotations():
    schema = json.loads((asset("schemas") / "article_claims.v1.json").read_text("utf-8"))
    body = prompt_body(ask(answer_schema=schema), "m", Engine.VLLM, patterns=True)
    sent = body["response_format"]["json_schema"]
    assert body["response_format"]["type"] == "json_schema"
    assert (sent["name"], sent["strict"]) == ("answer", True)
    assert not {"$schema", "$id", "title", "description"} & set(sent["schema"])
    claim = sent["schema"]["properties"]["claims"]["items"]
    assert list(claim["properties"]) == ["evidence", "claim"]
    assert claim["additionalProperties"] is False


def test_a_property_that_is_called_title_is_kept():
    schema = {"type": "object", "title": "x", "properties": {"title": {"type": "string"}}}
    assert portable(schema) == {"type": "object", "properties": {"title": {"type": "string"}}}


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("The bridge opened on Tuesday.", True),
        ("It cost \u201cthree hundred\u201d.\u201d", True),
        ('He called it \\"dear\\".', True),
        ("The bridge opened on", False),
        ("Short.", False),
        ("x" * 60 + ".", False),
        ('The "bridge" opened.', False),
        ("A bridge. {}", False),
        ("A bridge\nopened on Tuesday.", False),
    ],
)
def test_the_pattern_of_a_sentence_is_anchored_and_keeps_its_lengths(text, fits):
    sent = portable({"type": "string", "minLength": 15, "maxLength": 50, "pattern": SENTENCE_END})
    assert bool(re.search(sent["pattern"], text)) is fits


def test_patterns_can_be_left_out():
    schema = {
        "type": "array",
        "items": {"type": "string", "minLength": 2, "maxLength": 9, "pattern": SENTENCE_END},
    }
    assert has_pattern(schema) and has_pattern({"type": "object", "properties": {"a": schema}})
    assert not has_pattern(portable(schema, patterns=False))
    assert portable(schema, patterns=False)["items"]["maxLength"] == 9
    assert not has_pattern(None)


@pytest.mark.parametrize(
    ("engine", "field"),
    [
        (Engine.LLAMA_CPP, {"grammar": "root ::= x"}),
        (Engine.VLLM, {"structured_outputs": {"grammar": "root ::= x"}}),
        (Engine.SGLANG, {"ebnf": "root ::= x"}),
        (Engine.OTHER, {"grammar": "root ::= x"}),
    ],
)
def test_a_grammar_goes_where_the_engine_looks_for_it(engine, field):
    body = prompt_body(ask(answer_grammar="root ::= x"), "m", engine, patterns=True)
    assert body.items() >= field.items()
    assert "response_format" not in body


def test_a_question_asks_for_one_token_and_the_likeliest_others():
    question = Question(id="q", segments=(Segment(text="Is it?", trusted=True),))
    body = question_body(question, "m", Engine.LLAMA_CPP)
    assert (body["max_tokens"], body["temperature"]) == (1, 0)
    assert (body["logprobs"], body["top_logprobs"]) == (True, 20)


# --- lists of models --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "engine", "context"),
    [
        (models("m", meta={"n_ctx": 2048, "n_ctx_train": 8192}), Engine.LLAMA_CPP, 2048),
        (models("m", meta={"n_ctx_train": 8192}), Engine.LLAMA_CPP, 8192),
        (models("m", meta=None), Engine.LLAMA_CPP, None),
        (models("m", owned_by="vllm", max_model_len=32768), Engine.VLLM, 32768),
        (models("m", owned_by="sglang", max_model_len=4096), Engine.SGLANG, 4096),
        (models("m", owned_by="somebody"), Engine.OTHER, None),
        (models("m", owned_by="vllm", max_model_len="many"), Engine.VLLM, None),
        (models("m", owned_by="vllm", max_model_len=10**12), Engine.VLLM, None),
    ],
)
def test_a_list_of_models_tells_engine_and_context(made, engine, context):
    (model,) = read_models(reply_of(made))
    assert (model.id, model.engine, model.context_tokens) == ("m", engine, context)


def test_a_model_named_by_a_path_is_labelled_by_its_file_alone():
    (model,) = read_models(reply_of(models("/home/someone/models/tiny.gguf", aliases=["t", 3])))
    assert model.label == "tiny.gguf"
    assert model.names == {"/home/someone/models/tiny.gguf", "tiny.gguf", "t"}


def test_invisible_characters_in_a_model_name_are_not_shown():
    (model,) = read_models(reply_of(models("a\x1b[31m\u202eb")))
    assert model.label == "a[31mb"


def test_entries_that_are_no_models_are_left_out():
    assert read_models({"data": [None, {}, {"id": 3}, {"id": ""}, "x"]}) == ()


@pytest.mark.parametrize("reply", [{}, {"data": None}, {"data": {"id": "m"}}])
def test_a_reply_without_a_list_of_models_is_refused(reply):
    with pytest.raises(Unexpected):
        read_models(reply)


# --- answers ----------------------------------------------------------------------------------


def test_a_completion_is_read_with_its_tokens():
    usage = {
        "prompt_tokens": 40,
        "completion_tokens": 7,
        "prompt_tokens_details": {"cached_tokens": 30},
    }
    read = read_completion(reply_of(completion("Hi", usage=usage)))
    assert (read.text, read.cut_off) == ("Hi", False)
    assert (read.tokens_read, read.tokens_written, read.tokens_cached) == (40, 7, 30)


def test_a_completion_that_ended_at_max_tokens_is_cut_off():
    assert read_completion(reply_of(completion("Hi", finish="length"))).cut_off
    assert read_completion(reply_of(completion(None, finish="length"))).text == ""


def test_figures_that_are_no_counts_are_not_believed():
    usage = {"prompt_tokens": -4, "completion_tokens": True, "prompt_tokens_details": [1]}
    read = read_completion(reply_of(completion("Hi", usage=usage)))
    assert (read.tokens_read, read.tokens_written, read.tokens_cached) == (None, None, 0)


def test_lone_surrogates_in_an_answer_are_replaced():
    reply = json.loads('{"choices": [{"message": {"content": "a\\ud800b"}}]}')
    assert read_completion(reply).text == "a?b"


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        ({}, "without choices"),
        ({"choices": []}, "without choices"),
        ({"choices": "none"}, "without choices"),
        ({"choices": [3]}, "without choices"),
        ({"choices": [{"message": None}]}, "without text"),
        ({"choices": [{"message": {"content": ["a"]}}]}, "without text"),
        ({"choices": [{"message": {"content": None, "reasoning_content": "Hm"}}]}, "thinking"),
        ({"choices": [{"finish_reason": "content_filter"}]}, "filter"),
        ({"choices": [{"finish_reason": "abort", "message": {"content": ""}}]}, "broke"),
    ],
)
def test_a_reply_that_is_no_completion_is_refused_with_what_it_is(reply, says):
    with pytest.raises(Unexpected, match=says):
        read_completion(reply)


# --- judgements -------------------------------------------------------------------------------


def score(*, answers: tuple[str, str] = ("Yes", "No"), **tokens: float) -> float:
    return read_score(reply_of(probabilities(**tokens)), answers)


def test_a_score_is_the_difference_of_the_log_probabilities():
    assert score(Yes=-0.5, No=-2.0, The=-3.0) == pytest.approx(1.5)
    assert score(No=-0.5, Yes=-2.0) == pytest.approx(-1.5)


def test_variants_of_an_answer_are_added_up():
    both = math.log(math.exp(-1.0) + math.exp(-2.0) + math.exp(-3.0))
    assert score(Yes=-1.0, _yes=-2.0, YES_=-3.0, No=-4.0) == pytest.approx(both + 4.0)


def test_an_answer_beyond_the_likeliest_counts_as_the_last_of_them():
    assert score(Yes=-0.1, The=-5.0, A=-7.0) == pytest.approx(6.9)
    assert score(The=-1.0, A=-7.0) == 0.0


def test_the_beginning_of_an_answer_counts_where_the_other_begins_otherwise():
    assert score(answers=("Supported", "Unsupported"), Support=-1.0, Uns=-2.0) == pytest.approx(1.0)
    # "A" begins both: it says nothing.
    assert score(answers=("Agree", "Against"), A=-0.1, Agree=-2.0, Against=-2.0) == 0.0


def test_impossible_tokens_leave_a_score_finite():
    assert math.isfinite(score(Yes=-3.4e38, No=0.0))
    reply = json.loads(
        '{"choices": [{"logprobs": {"content": [{"top_logprobs": '
        '[{"token": "Yes", "logprob": -Infinity}, {"token": "No", "logprob": NaN}]}]}}]}'
    )
    assert math.isfinite(read_score(reply, ("Yes", "No")))


@pytest.mark.parametrize(
    "logprobs",
    [
        None,
        {},
        {"content": None},
        {"content": []},
        {"content": [{"top_logprobs": []}]},
        {"content": [{"top_logprobs": [{"token": 1, "logprob": -1}, {"token": "Yes"}, None]}]},
        [1],
    ],
)
def test_a_reply_without_log_probabilities_is_refused(logprobs):
    with pytest.raises(Unexpected, match="log probabilities"):
        read_score({"choices": [{"logprobs": logprobs}]}, ("Yes", "No"))


# --- repeats ----------------------------------------------------------------------------------


def claims(*pairs: tuple[list[int], str]) -> str:
    listed = [{"evidence": ids, "claim": text} for ids, text in pairs]
    return json.dumps({"headline": "H\u00e9", "claims": listed}, indent=2)


def test_elements_that_repeat_evidence_or_wording_are_dropped():
    text, dropped = drop_repeats(
        claims(
            ([1], "It opened."),
            ([1], "The bridge opened."),
            ([2], "It  OPENED"),
            ([3, 2], "It cost 340."),
            ([2, 3], "It was dear."),
            ([4], "Nobody came."),
        ),
        RULES,
    )
    kept = json.loads(text)
    assert [claim["claim"] for claim in kept["claims"]] == [
        "It opened.",
        "It cost 340.",
        "Nobody came.",
    ]
    assert (kept["headline"], dropped) == ("H\u00e9", 3)


def test_an_answer_without_repeats_comes_back_letter_for_letter():
    text = claims(([1], "A [bracket] and {brace}."), ([2], 'A "quote" and \u201cmore\u201d.'))
    assert drop_repeats(text, RULES) == (text, 0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "[]",
        "null",
        '{"claims": 3}',
        '{"claims": [3, 3]}',
        '{"claims": [{"evidence": [1]}, {"evidence": [1]}]}',
        '{"claims": [{"evidence": [[1], [1]], "claim": "x"}, {"evidence": [[1]], "claim": "x"}]}',
        '{"claims": [{"evidence": ["a", 1], "claim": "x"}]}',
        '{"claims": ' + "[" * 100_000,
        '{"claims": ['
        + '{"evidence": [1], "claim": "x"}, ' * 1000
        + '{"evidence": [1], "claim": "x"}]}',
        '{"claims": [' + "1" * 5000 + "]}",
    ],
)
def test_an_answer_of_another_shape_comes_back_as_it_is(text):
    assert drop_repeats(text, RULES) == (text, 0)
