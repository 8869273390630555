from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TypeVar

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.assets import asset
from summarizer.data import Brief, Record
from summarizer.errors import BriefError
from summarizer.render import BRIEF_SCHEMA, brief_schema, from_json, to_json
from tests.conftest import make_article, make_bridge_brief, make_brief, make_fact, make_story
from tests.conftest import make_supported as supported
from tests.rich_brief import make_digest_brief, make_empty_digest

R = TypeVar("R", bound=Record)


def brief_of(text: str) -> Brief:
    article = make_article(text + ".", title=text, source=text)
    fact = make_fact(supported(text, article))
    return make_brief(make_story(fact, headline=text), articles=(article,))


@given(st.text(max_size=40))
def test_json_gives_the_same_brief_back(text):
    brief = brief_of(text)
    assert from_json(to_json(brief)) == brief


def hostile_digest(text: str) -> Brief:
    """Put `text` wherever a digest can hold text that a brief has not."""
    brief, _ = make_digest_brief()
    flood, resigned = brief.stories
    stories = (_put(flood, earlier=(text,), memory=_put(flood.memory, id=text)), resigned)
    quiet = tuple(_put(story, id=text, headline=text) for story in brief.quiet)
    unread = tuple(_put(one, article_id=text, source=text, reason=text) for one in brief.unread)
    skipped = tuple(_put(one, source=text, detail=text) for one in brief.skipped)
    return _put(brief, stories=stories, quiet=quiet, unread=unread, skipped=skipped, edition=text)


def _put(record: R | None, **values: object) -> R:
    assert record is not None
    return record.model_copy(update=values)


@given(st.text(max_size=40))
def test_json_gives_the_same_digest_back(text):
    digest = hostile_digest(text)
    written = to_json(digest)
    assert from_json(written) == digest
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", written)


def test_json_gives_digests_back_as_they_were():
    for brief in (make_digest_brief()[0], make_empty_digest()):
        assert from_json(to_json(brief)) == brief


def test_a_brief_of_before_there_were_digests_is_still_read():
    value = json.loads(to_json(make_brief()))
    for key in ("quiet", "unread", "edition"):
        del value[key]
    del value["coverage"]["remembered"]
    for key in ("known", "earlier", "memory"):
        del value["stories"][0][key]
    assert from_json(json.dumps(value)) == make_brief()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda v: v["stories"][0].update(known=-1), "stories"),
        (lambda v: v["stories"][0].update(known=1.5), "stories"),
        (lambda v: v["stories"][0]["memory"].update(status="gone"), "memory"),
        (lambda v: v["stories"][0]["memory"].update(digests=-1), "memory"),
        (lambda v: v["stories"][0]["memory"].update(mood="calm"), "memory"),
        (lambda v: v["stories"][0]["memory"].update(first_told="yesterday"), "memory"),
        (lambda v: v["stories"][0]["memory"].update(last_told=20310504), "memory"),
        (lambda v: v["quiet"][0].update(last_told="2031-02-30"), "quiet"),
        (lambda v: v["quiet"][0].pop("id"), "quiet"),
        (lambda v: v["unread"][0].update(reason=None), "unread"),
        (lambda v: v["coverage"].update(remembered=-1), "coverage"),
        (lambda v: v["skipped"][0].update(reason="lost"), "skipped"),
        (lambda v: v.update(edition=None), "edition"),
    ],
)
def test_what_no_digest_can_hold_is_refused(change, said):
    value = json.loads(to_json(make_digest_brief()[0]))
    change(value)
    with pytest.raises(BriefError, match=said):
        from_json(json.dumps(value))


def test_json_is_stable_indented_and_ends_in_one_newline():
    text = to_json(make_bridge_brief()[0])
    assert text == to_json(make_bridge_brief()[0])
    assert text.endswith("}\n")
    assert text.startswith('{\n "stories"')
    assert list(json.loads(text)) == list(Brief.model_fields)


@given(st.text(max_size=40))
def test_json_holds_nothing_that_steers_a_terminal(text):
    written = to_json(brief_of(text))
    unseen = "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
    assert not re.search(unseen, written)
    written.encode()


def test_json_keeps_letters_as_they_are():
    written = to_json(brief_of("Zürich “서울” \u202e\U000e0041"))
    assert "Zürich “서울” \\u202e\\udb40\\udc41" in written


def test_json_is_valid_against_the_shipped_schema():
    schema = json.loads((asset("schemas") / f"{BRIEF_SCHEMA}.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(to_json(make_bridge_brief()[0])), schema)


def test_shipped_schema_is_that_of_the_records():
    shipped = (asset("schemas") / f"{BRIEF_SCHEMA}.json").read_text(encoding="utf-8")
    assert json.loads(shipped) == brief_schema(), "run tools/make_schemas.py"


def test_make_schemas_writes_the_shipped_file(tmp_path):
    tool = Path(__file__).resolve().parents[1] / "tools" / "make_schemas.py"
    subprocess.run([sys.executable, tool, tmp_path], check=True, capture_output=True)
    name = f"{BRIEF_SCHEMA}.json"
    assert (tmp_path / name).read_bytes() == (asset("schemas") / name).read_bytes()


TEXT = to_json(make_brief())


def changed(**top: object) -> str:
    return json.dumps({**json.loads(TEXT), **top})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ('{"a": NaN}', "NaN is not JSON"),
        ('{"a": 1, "a": 2}', "twice"),
        ("[]", "does not fit its schema"),
        ("{}", "does not fit its schema"),
        (changed(extra=1), "extra"),
        (changed(stories=5), "stories"),
        (changed(run={"created": "yesterday"}), "run.created"),
        (changed(run={"created": "2031-05-07T06:00:00Z", "tokens_read": "7"}), "tokens_read"),
        (TEXT.replace('"start": 0,', '"start": 0.0,'), "start"),
        ("1" * 5000, "not JSON"),
    ],
)
def test_what_is_no_brief_is_refused_with_a_hint(text, said):
    with pytest.raises(BriefError, match=said) as refused:
        from_json(text)
    assert refused.value.hint


def test_a_brief_of_another_schema_is_named_in_the_hint():
    versions = {"summarizer": "9", "prompt": "p", "claims_schema": "c", "brief_schema": "brief.v9"}
    with pytest.raises(BriefError) as refused:
        from_json(changed(versions=versions, new_in_v9=1))
    assert "brief.v9" in refused.value.hint
