"""Any record comes back from the state as it went in, and every blob as it was packed."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from summarizer.data import Article, ArticleSummary, Sentence, StoryStatus, Writer
from summarizer.digest.state import State
from summarizer.digest.state.blobs import Unreadable, pack, unpack
from summarizer.digest.state.records import (
    EditionInputs,
    FetchRecord,
    KnownFact,
    KnownStory,
    Outcome,
    StoryNews,
)
from summarizer.extract import Extraction
from tests.conftest import make_claim, make_fact, make_rejected, make_supported
from tests.states import NIGHT, tell

pytest_plugins = ("tests.state_fixtures",)

# Databases replace NUL and lone surrogates, see tables.storable; blobs keep the former.
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
longer = st.text(st.characters(codec="utf-8"), min_size=1, max_size=300)
moments = st.datetimes(
    min_value=dt.datetime(1900, 1, 1),
    max_value=dt.datetime(2200, 1, 1),
    timezones=st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=-7, minutes=30))]),
)
numbers = st.integers(0, 2**31)
# The fixture's state serves all examples of a test: ids differ, and what is the same is replaced.
many = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """Any article: odd text, and sentences that need not make sense."""
    text = draw(longer)
    cuts = draw(st.lists(st.integers(0, 400), max_size=4))
    return Article(
        id=hashlib.sha256(text.encode()).hexdigest(),
        source=draw(texts),
        title=draw(texts),
        publisher=draw(st.none() | texts),
        author=draw(st.none() | longer),
        published=draw(st.none() | st.dates()),
        language=draw(st.none() | st.just("en")),
        text=text,
        sentences=tuple(Sentence(start=cut, end=cut + 1) for cut in cuts),
    )


@many
@given(
    record=st.builds(
        FetchRecord,
        url=texts,
        etag=texts,
        last_modified=texts,
        status=numbers,
        fetched=st.none() | moments,
        input_hash=texts,
        failures=numbers,
        not_before=st.none() | moments,
        problem=texts,
    )
)
def test_any_fetch_comes_back(state, record):
    state.fetches.note(record)
    assert state.fetches.get(record.url) == record


@many
@given(article=articles(), keys=st.binary(max_size=50), now=moments, headline=longer)
def test_any_article_and_its_answers_come_back(state, article, keys, now, headline):
    if not state.articles.add(article, run=1, now=now, keys=keys):
        return
    assert state.articles.get(article.id) == article
    (head,) = state.articles.heads([article.id])
    assert (head.source, head.title, head.published) == (
        article.source,
        article.title,
        article.published,
    )
    claim = make_claim(headline).model_copy(update={"article_id": article.id})
    extraction = Extraction(article_id=article.id, headline=headline, claims=(claim,))
    state.answers.keep_extraction(extraction, "r", run=1, now=now)
    assert state.answers.extraction(article.id, "r") == extraction
    summary = ArticleSummary(
        article=article,
        headline=headline,
        supported=(make_supported(headline),),
        rejected=(make_rejected(headline),),
        writer=Writer.EXTRACTIVE,
    )
    state.answers.keep_summary(summary, "k", recipe="r", run=1, now=now)
    assert state.answers.summary(article.id, "k") == summary


@many
@given(
    now=moments,
    end=moments,
    outcome=st.sampled_from(Outcome),
    edition=st.none() | numbers,
    detail=texts.filter(bool),
    counts=st.dictionaries(texts, st.floats(allow_nan=False)),
    fields=st.dictionaries(
        texts, st.none() | st.booleans() | numbers | texts | st.lists(texts, max_size=3)
    ),
)
def test_any_run_comes_back(
    state, now, end, outcome, edition, detail, counts: dict[str, float], fields: dict[str, Any]
):
    run = state.runs.start(now)
    state.runs.note(run.number, "info", detail, fields, end)
    state.runs.end(run.number, outcome, end, edition=edition, detail=detail, counts=counts)
    found = state.runs.get(run.id)
    assert found == run.model_copy(
        update={
            "outcome": outcome,
            "ended": end,
            "edition": edition,
            "detail": detail,
            "counts": counts,
        }
    )
    (event,) = state.runs.events(run.number)
    assert (event.name, event.fields, event.at) == (detail, fields, end)


@many
@given(
    id=texts,
    headline=texts,
    status=st.sampled_from(StoryStatus),
    told=st.tuples(st.dates(), st.dates()),
    digests=st.integers(1, 2**31),
    text=longer,
)
def test_any_story_and_fact_come_back(state, id, headline, status, told, digests, text):
    story = KnownStory(
        id=id,
        headline=headline,
        status=status,
        first_edition=0,
        last_edition=0,
        first_told=told[0],
        last_told=told[1],
        digests=digests,
    )
    fact = make_fact(make_supported(text), text=text)
    known = KnownFact(story_id=id, edition=0, kind="new", fact=fact)
    number = state.editions.next_number()
    tell(state, StoryNews(story=story, article_ids=(), facts=(known,), replaced=(fact.id,)))
    found = state.memory.story(id)
    assert found == story.model_copy(
        update={"first_edition": found.first_edition, "last_edition": number}
    )
    assert state.memory.facts([id]) == [known.model_copy(update={"edition": number})]


@many
@given(
    inputs=st.builds(
        EditionInputs,
        remembered=st.lists(longer).map(tuple),
        story_ids=st.lists(longer).map(tuple),
        extractions=st.dictionaries(longer, longer),
        verdicts=st.dictionaries(longer, longer),
        max_facts=st.none() | numbers,
        max_words=st.none() | numbers,
        fresh=st.just(()),
    )
)
def test_any_inputs_of_an_edition_come_back(state, inputs):
    edition = tell(state).model_copy(update={"inputs": inputs})
    edition = edition.model_copy(
        update={"number": edition.number + 1, "name": f"n-{edition.number}"}
    )
    state.editions.add(edition, (), (), {})
    assert state.editions.get(edition.number) == edition


# --- blobs ------------------------------------------------------------------------------------


@given(text=longer, near=st.text(st.characters(codec="utf-8")))
def test_any_text_is_unpacked_as_it_was_packed(text, near):
    assert unpack(pack(text, near), near) == text


@pytest.mark.parametrize("size", [0, 31_000, 32_767, 32_768, 100_000])
def test_long_text_is_packed_near_another(size):
    near = "".join(chr(32 + i * i % 900) for i in range(size))
    assert unpack(pack(near + "!", near), near) == near + "!"


def test_text_near_another_is_packed_small():
    text = " ".join(hashlib.sha256(bytes([n])).hexdigest() for n in range(50))
    assert len(pack(text, text)) < len(pack(text)) / 20


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda blob: b"", "unknown format"),
        (lambda blob: b"\x02" + blob[1:], "unknown format"),
        (lambda blob: blob[:-4], "cut short"),
        (lambda blob: blob[:1] + b"garbage", "header"),
        (lambda blob: blob[:-1] + bytes([blob[-1] ^ 1]), "check"),
        (lambda blob: pack("some text", "near another"), "zdict"),
    ],
)
def test_damaged_blob_is_told(spoil, why):
    with pytest.raises(Unreadable, match=why):
        unpack(spoil(pack("some text")))


def test_dictionary_of_the_first_format_is_frozen():
    """Who changes it makes every state unreadable: a new one gets a new number."""
    blob = bytes.fromhex("0178f9b794a7ba43d35e814d7f2d00f5220cca")
    assert unpack(blob, "near") == '{"article_id":"x","sentence_ids":[1]}'


def test_run_that_starts_in_another_zone_is_named_in_utc(lite: State):
    run = lite.runs.start(NIGHT.astimezone(dt.timezone(dt.timedelta(hours=9))))
    assert lite.runs.get(run.number) == run
    assert run.id == "20310506T020000Z-1"
