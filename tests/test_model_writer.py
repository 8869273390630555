"""What an answer may hold: its grammar, the layout appended for it, its rules."""

from __future__ import annotations

import json
import string
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from summarizer.model.interface import Answer, FinishReason, ListRules, Prompt
from tests.engines import (
    YES_OR_NO,
    answers,
    ask,
    check_fits,
    claims_schema,
    free,
    texts,
    tiny_options,
)
from tests.schemas import schemas
from tests.tiny_gguf import write_tiny_llama

pytestmark = pytest.mark.model

RULES = ListRules(array="claims", distinct=("evidence", "claim"))
LETTERS = tuple("abcdefghijklmnop")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from summarizer.model.local import LocalModel

    path = write_tiny_llama(tmp_path_factory.mktemp("tiny") / "tiny.gguf")
    model = LocalModel(tiny_options(path, parallel=4))
    yield model
    model.close()


def hot(count: int, **options: Any) -> list[Prompt]:
    """Return prompts whose answers differ much from one another."""
    return [ask(str(n), f"text {n}", temperature=1.5, seed=n, **options) for n in range(count)]


def stopped(found: dict[str, Answer]) -> list[Answer]:
    made = [answer for answer in found.values() if answer.finish is FinishReason.STOP]
    assert len(made) > len(found) / 2, "most ran out of tokens: nothing was tested"
    return made


# --- grammar and layout -------------------------------------------------------------------------


def test_answers_under_a_schema_are_compact_json_of_that_schema(tiny):
    for answer in stopped(answers(tiny, hot(12))):
        check_fits(answer, claims_schema())


@given(schema=schemas(), seed=st.integers(0, 99))
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_answer_fits_whatever_schema_it_was_asked_for(tiny, schema, seed):
    runs: list[Any] = []
    take = tiny.engine._writer.take

    def look(run: Any, logits: Any) -> Any:
        runs[:] = [run]
        return take(run, logits)

    prompt = ask("a", answer_schema=schema, temperature=2.0, seed=seed, max_tokens=300)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tiny.engine._writer, "take", look)
        answer = answers(tiny, [prompt])["a"]
    if answer.finish is FinishReason.LENGTH:
        assert answer.tokens_written >= 300
        return
    written = b"".join(runs[0].pieces)
    # llama.cpp takes some bytes for a character that are none in UTF-8; those are left out.
    assume(written == written.decode("utf-8", "ignore").encode())
    check_fits(answer, schema)


def test_layout_is_appended_without_a_decode(tiny):
    """Names, quotes and brackets need no logits: as many rows are asked for as there is choice."""
    asked: list[int] = []
    take = tiny.engine._writer.take

    def look(run: Any, logits: Any) -> Any:
        asked.append(1)
        return take(run, logits)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tiny.engine._writer, "take", look)
        answer = answers(tiny, [ask("a")])["a"]
    value = check_fits(answer, claims_schema())
    forced = sum(len(f'"{name}":') for claim in value["claims"] for name in claim)
    assert len(asked) <= answer.tokens_written - forced - len('{"headline":,"claims":[')


def test_first_bytes_of_every_answer_are_given(tiny):
    answer = answers(tiny, [ask("a", max_tokens=1)])["a"]
    assert answer.text.startswith('{"headline":"')
    assert answer.finish is FinishReason.LENGTH


def test_text_that_is_given_is_not_asked_for(tiny):
    """However long it is, and though max_tokens allows less: it has room in the cache."""
    for length in range(2, 140, 3):
        schema = claims_schema()
        schema["properties"]["headline"] = {"type": "string", "const": "é " * length}
        short, long = (
            answers(tiny, [ask("a", "x" * 50, answer_schema=schema, max_tokens=most)])["a"]
            for most in (5, 100)
        )
        assert short.text.startswith('{"headline":"' + "é " * length + '","claims":[{"evidence":[')
        assert long.text.startswith(short.text)
        assert short.finish is FinishReason.LENGTH


def test_grammar_only_answers_end_by_the_grammar(tiny):
    found = texts(
        tiny,
        [
            free(str(n), f"text {n}", answer_grammar=YES_OR_NO, temperature=2.0, seed=n)
            for n in range(20)
        ],
    )
    assert set(found.values()) == {"yes", "no"}


def test_answer_that_reaches_max_tokens_says_so(tiny):
    prompt = free("a", answer_grammar="root ::= [a-z]+\n", max_tokens=5)
    answer = answers(tiny, [prompt])["a"]
    assert (answer.finish, answer.tokens_written, len(answer.text)) == (FinishReason.LENGTH, 5, 5)


def test_answer_without_a_shape_may_hold_anything(tiny):
    answer = answers(tiny, [free("a", max_tokens=30)])["a"]
    assert answer.tokens_written == 30
    assert answer.text


def test_character_of_many_tokens_is_whole_or_left_out(tiny):
    """The vocabulary is bytes: three tokens a euro sign, and the answer may end within one."""
    for most in (1, 2, 3, 4, 5, 6):
        answer = answers(tiny, [free("a", answer_grammar='root ::= "€"+\n', max_tokens=most)])["a"]
        assert answer.text == "€" * (most // 3)


def test_schema_outside_the_subset_is_an_error(tiny):
    with pytest.raises(ValueError, match="not in the subset"):
        answers(tiny, [ask("a", answer_schema={"type": "number"})])
    assert answers(tiny, [ask("b")])


# --- repeats ------------------------------------------------------------------------------------


def test_no_element_repeats_another(tiny):
    found = answers(tiny, hot(16, rules=RULES))
    finished = stopped(found)
    assert sum(answer.dropped for answer in finished) > 3, "no repeat came up: nothing was tested"
    for answer in finished:
        claims = check_fits(answer, claims_schema())["claims"]
        for key in ("evidence", "claim"):
            kept = [
                json.dumps(sorted(set(c[key])) if key == "evidence" else c[key]) for c in claims
            ]
            assert len(kept) == len(set(kept))


def test_list_is_closed_when_all_it_could_offer_is_forbidden(tiny):
    schema = claims_schema(ids=[7], most=5)
    found = answers(tiny, hot(6, rules=RULES, answer_schema=schema))
    for answer in stopped(found):
        claims = check_fits(answer, schema)["claims"]
        # [7] and [7, 7] are the same evidence, so there is room for one claim.
        assert [set(claim["evidence"]) for claim in claims] == [{7}]
    assert any(answer.dropped for answer in found.values())


def test_number_of_repeats_dropped_is_bounded(tiny):
    """An integer by itself is never forbidden, so a third element repeats another each time."""
    item = {
        "type": "object",
        "properties": {"n": {"type": "integer", "enum": [1, 2]}},
        "required": ["n"],
        "additionalProperties": False,
    }
    schema = {
        "type": "object",
        "properties": {"list": {"type": "array", "items": item, "minItems": 1, "maxItems": 9}},
        "required": ["list"],
        "additionalProperties": False,
    }
    rules = ListRules(array="list", distinct=("n",))
    found = answers(tiny, hot(12, rules=rules, answer_schema=schema)).values()
    assert max(answer.dropped for answer in found) == 4
    for answer in found:
        listed = [item["n"] for item in check_fits(answer, schema)["list"]]
        assert len(listed) == len(set(listed))


def test_answer_after_a_dropped_repeat_is_what_the_kept_text_leads_to(tiny):
    """The cache must hold the kept tokens only: beside others or alone, it goes on the same."""
    prompts = [ask(str(n), f"text {n}", rules=RULES) for n in range(12)]
    together = answers(tiny, prompts)
    assert any(answer.dropped for answer in together.values())
    for prompt in prompts:
        alone = answers(tiny, [prompt])[prompt.id]
        assert (alone.dropped, alone.text) == (
            together[prompt.id].dropped,
            together[prompt.id].text,
        )


def test_what_a_repeat_offered_is_not_offered_again(tiny, monkeypatch):
    """The grammar of the rest leaves out the integers of what was dropped."""
    from summarizer.model.llama import LlamaFile

    prompts = hot(16, rules=RULES)
    found = answers(tiny, prompts)
    prompt = next(prompt for prompt in prompts if found[prompt.id].dropped)
    written: list[str] = []
    grammar = LlamaFile.grammar

    def look(llama: Any, gbnf: str) -> Any:
        written.append(gbnf)
        return grammar(llama, gbnf)

    monkeypatch.setattr(LlamaFile, "grammar", look)
    again = answers(tiny, [prompt])[prompt.id]
    assert again.text == found[prompt.id].text
    assert len(written) == 1 + again.dropped
    assert '"1" | "2" | "3"' in written[0]
    assert not [gbnf for gbnf in written[1:] if '"1" | "2" | "3"' in gbnf]


def test_rules_without_a_schema_are_an_error_once_they_are_broken(tiny):
    gbnf = 'root ::= "{\\"claims\\":[" item ("," item)* "]}"\nitem ::= "{\\"claim\\":\\"a\\"}"\n'
    rules = ListRules(array="claims", distinct=("claim",))
    with pytest.raises(ValueError, match="rules need an answer_schema"):
        answers(tiny, [free("a", answer_grammar=gbnf, rules=rules, max_tokens=200)])
    # It ends this call's requests; the next one finds an idle engine.
    assert not tiny.engine.busy


# --- openings -----------------------------------------------------------------------------------


def first_letters(found: list[Answer]) -> list[str]:
    claims = [claim["claim"] for answer in found for claim in json.loads(answer.text)["claims"]]
    return [
        text[:1] for text in claims if len(text) > 1 and not (text[1].isalnum() or text[1] == "_")
    ]


def test_text_does_not_begin_with_an_unwanted_word(tiny):
    """Words of one letter, so that a random model runs into them."""
    schema = claims_schema(most=4)
    plain = ListRules(array="claims", distinct=("claim",), text="claim")
    rules = plain.model_copy(update={"openings": LETTERS})
    options = {"answer_schema": schema, "max_tokens": 300}
    before = first_letters(stopped(answers(tiny, hot(40, rules=plain, **options))))
    unwanted = set(LETTERS) | set("".join(LETTERS).upper())
    assert sum(letter in unwanted for letter in before) > 3, "none came up: nothing was tested"
    found = stopped(answers(tiny, hot(40, rules=rules, **options)))
    for answer in found:
        check_fits(answer, schema)
    assert not [letter for letter in first_letters(found) if letter in unwanted]


def claims_of(answer: Answer) -> list[str]:
    return [claim["claim"] for claim in json.loads(answer.text)["claims"]]


def test_text_begun_again_begins_with_another_token_even_when_cold(tiny):
    """Its likeliest first token is what led to the opening, so it must not be had again.

    The vocabulary is bytes: some of these texts begin with half a character.
    """
    several_bytes = 0
    for text in ("An article.", "text 0", "text 1", "text 2", "text 3"):
        plain = answers(tiny, [ask("a", text)])["a"]
        first = claims_of(plain)[0]
        if json.dumps(first, ensure_ascii=False) != f'"{first}"':
            continue  # an escape is looked for as it is written
        rules = ListRules(array="claims", distinct=("claim",), text="claim", openings=(first,))
        again = answers(tiny, [ask("a", text, rules=rules)])["a"]
        check_fits(again, claims_schema())
        assert claims_of(again)[0].encode()[0] != first.encode()[0]
        # What came before it is left alone.
        assert again.text.partition('"claim":"')[0] == plain.text.partition('"claim":"')[0]
        several_bytes += not first[0].isascii()
    assert 0 < several_bytes < 5


def test_each_text_has_beginnings_of_its_own(tiny, monkeypatch):
    """What one text may not begin with is no matter to the next."""
    from summarizer.model import writer

    seen: dict[str, dict[int, list[int]]] = {}
    begin_again = writer._begin_again

    def look(run: Any, opening: Any) -> bool:
        done = begin_again(run, opening)
        texts_of = seen.setdefault(run.prompt.id, {})
        texts_of.setdefault(opening.keep_chars, []).append(len(run.unwanted))
        return done

    monkeypatch.setattr(writer, "_begin_again", look)
    rules = ListRules(array="claims", distinct=("claim",), text="claim", openings=LETTERS)
    answers(tiny, hot(60, rules=rules))
    assert any(len(starts) > 1 for starts in seen.values()), "one text each: nothing was tested"
    for starts in seen.values():
        for counts in starts.values():
            assert counts == list(range(1, len(counts) + 1))


def test_openings_that_never_come_change_nothing(tiny):
    rules = RULES.model_copy(update={"text": "claim", "openings": ("Nevertheless", "The company")})
    assert texts(tiny, hot(6, rules=rules)) == texts(tiny, hot(6, rules=RULES))


def test_number_of_new_beginnings_is_bounded(tiny, monkeypatch):
    """Where every beginning is unwanted, the last one stays and the answer goes on."""
    every = tuple(string.ascii_letters + string.digits)
    rules = RULES.model_copy(update={"text": "claim", "openings": every})
    monkeypatch.setattr("summarizer.model.writer._MAX_REOPENINGS", 2)
    for answer in stopped(answers(tiny, hot(12, rules=rules, max_tokens=300))):
        check_fits(answer, claims_schema())


def test_answers_under_rules_do_not_depend_on_guesses(tiny, monkeypatch):
    rules = RULES.model_copy(update={"text": "claim", "openings": LETTERS})
    prompts = hot(12, rules=rules)
    expected = texts(tiny, prompts)
    monkeypatch.setattr("summarizer.model.engine._WRITE_TOKENS", 1)
    assert texts(tiny, prompts) == expected


# --- what a run remembers -----------------------------------------------------------------------


def writing(*pieces: bytes) -> Any:
    """Return an answer of `pieces`, all but the last in the cache, behind a prompt of 3 tokens."""
    from summarizer.model.run import Writing

    run = Writing(free("a"), [1, 2, 3])
    for number, piece in enumerate(pieces):
        run.append(10 + number, piece)
    run.cached = len(run.tokens) - 1
    return run


def test_character_comes_when_its_last_byte_does():
    run = writing(b"a", b"\xe2\x82")
    assert run.text == "a"
    run.append(20, b"\xacb")
    assert run.text == "a€b"


@pytest.mark.parametrize(
    ("keep", "text", "cached"), [(3, "abc", 5), (2, "ab", 4), (1, "a", 3), (0, "", 2)]
)
def test_rewinding_leaves_one_token_to_feed(keep, text, cached):
    run = writing(b"a", b"b", b"c", b"\xe2\x82")
    run.rewind(keep)
    assert (run.text, run.written, run.cached, run.pending) == (text, keep, cached, 1)
    run.append(20, b"z")
    assert run.text == text + "z"


@pytest.mark.parametrize(
    ("chars", "count", "rest"),
    [(0, 0, ""), (1, 0, "a"), (2, 1, ""), (3, 1, "c"), (4, 2, ""), (5, 4, ""), (6, 5, "")],
)
def test_cut_says_how_many_tokens_lie_within_and_what_of_the_next(chars, count, rest):
    run = writing(b"ab", b"cd", b"\xe2\x82", b"\xac", b"e")
    assert run.text == "abcd€e"
    assert run.cut(chars) == (count, rest)
