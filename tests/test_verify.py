from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.cli import group
from summarizer.data import Article, Brief, ConflictKind, Writer
from summarizer.errors import BriefError
from summarizer.render import from_json, to_json
from summarizer.verify import quotes, verify_brief
from tests.conftest import (
    BRIDGE,
    make_article,
    make_bridge_brief,
    make_brief,
    make_claim,
    make_conflict,
    make_evidence,
    make_fact,
    make_rejected,
    make_story,
    make_supported,
)

BRIEF, ARTICLES = make_bridge_brief()
TEXT = to_json(BRIEF)
FIRST, SECOND, THIRD = (source.article_id for source in BRIEF.sources)

Change = Callable[[dict[str, Any]], None]


def messages(brief: Brief, articles: Mapping[str, Article] = ARTICLES) -> str:
    return "\n".join(f"{p.where}: {p.message}" for p in verify_brief(brief, articles))


def after(change: Change) -> Brief:
    """Return the bridge brief with its JSON changed in place by `change`."""
    value = json.loads(TEXT)
    change(value)
    return from_json(json.dumps(value))


def test_an_untouched_brief_holds():
    assert verify_brief(BRIEF, ARTICLES) == []
    assert verify_brief(make_brief(), {make_article().id: make_article()}) == []


def test_every_quote_is_among_those_checked():
    places = [where for where, _ in quotes(BRIEF)]
    assert places == [
        *("story 1, fact 1", "story 1, fact 1", "story 1, fact 2", "story 1, fact 3"),
        *("story 1, conflict 1, first side", "story 1, conflict 1, second side"),
        "rejected claim 1",
    ]


def fact(value: Any, number: int = 0) -> Any:
    return value["stories"][0]["facts"][number]


def evidence(value: Any) -> Any:
    return fact(value)["claims"][0]["evidence"][0]


def shift(value: dict[str, Any]) -> None:
    evidence(value)["start"] += 1
    evidence(value)["end"] += 1


def swap_numbers(value: dict[str, Any]) -> None:
    first, second, *_ = value["sources"]
    first["number"], second["number"] = second["number"], first["number"]


def conflict(value: Any) -> Any:
    return value["stories"][0]["conflicts"][0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda v: evidence(v).update(quote="The Velmora bridge fell."), "story 1, fact 1: “The"),
        (shift, "story 1, fact 1: “The Velmora bridge opened to traffic on Tuesday.” is not at 1"),
        (lambda v: evidence(v).update(end=9999), "characters 0 to 9999 are not in"),
        (lambda v: evidence(v).update(start=40, end=40), "characters 40 to 40 are not in"),
        (lambda v: evidence(v).update(sentence_ids=[2]), "are of sentences 1, not 2"),
        (lambda v: evidence(v).update(sentence_ids=[]), "are of sentences 1, not none"),
        (lambda v: evidence(v).update(sentence_ids=[1, 2]), "are of sentences 1, not 1, 2"),
        (lambda v: evidence(v).update(article_id="ff" * 32), "which is no source of the brief"),
        (lambda v: evidence(v).update(article_id=SECOND), "by a quote of another"),
        (lambda v: v["rejected"][0]["nearest"].update(start=50), "rejected claim 1: “It cost"),
        (lambda v: v["rejected"][0]["claim"].update(article_id="dd"), "it is about dd…, no source"),
        (lambda v: v["rejected"][0]["claim"].update(article_id=SECOND), "sentence in another"),
        (lambda v: fact(v).update(text="The bridge is safe."), "that of none of its claims"),
        (lambda v: fact(v).update(origins=2), "story 1, fact 1: its articles have 1 origins"),
        (lambda v: v["stories"][0].update(origins=3), "story 1: its articles have 2 origins"),
        (lambda v: v["sources"][1].update(origin=7), "story 1, fact 1: its articles have 2"),
        (lambda v: v["stories"][0]["article_ids"].pop(), "no article of its story tells it"),
        (lambda v: v["stories"][0]["article_ids"].append("ee"), "is no source of the brief"),
        (lambda v: fact(v, 1).update(id="opened"), "2 of them have the id opened"),
        (lambda v: v["stories"].append(v["stories"][0]), "2 of them have the id story-1"),
        (swap_numbers, "sources: they are not numbered 1, 2, 3, but [2, 1, 3]"),
        (lambda v: v["sources"].append(v["sources"][0]), "is listed 2 times"),
        (lambda v: v["sources"][0].update(title="Other"), "source 1: its title is Velmora bridge"),
        (lambda v: v["sources"][0].update(published="2030-01-01"), "its published is 2031-05-06"),
        (lambda v: v["sources"][2].update(publisher="The Times"), "its publisher is None in"),
        (lambda v: conflict(v)["first"].update(value="341 million"), "“341 million” is neither in"),
        (lambda v: conflict(v)["first"].update(value=" "), "is neither in its quote nor"),
        (lambda v: conflict(v)["first"].update(fact_id="none"), "fact none is not in its story"),
        (lambda v: conflict(v)["second"].update(fact_id="none"), "fact none is not in the brief"),
        (lambda v: conflict(v)["first"].update(fact_id="opened"), "none of those that fact opened"),
        (lambda v: conflict(v)["first"].update(fact_id="dear"), "its two sides are one fact"),
        (lambda v: conflict(v).update(first=conflict(v)["second"]), "its two sides are one quote"),
        (lambda v: v["coverage"].update(articles=4), "coverage: articles is 4, and 3 are found"),
        (lambda v: v["coverage"].update(skipped=1), "skipped is 1, and 0 are found"),
        (lambda v: v["coverage"].update(rejected=0), "rejected is 0, and 1 are found"),
        (lambda v: v["coverage"].update(claims=6), "claims is 6, and 5 are found"),
        (lambda v: v["coverage"].update(facts=2), "facts is 2, and 3 are found"),
        (lambda v: v["coverage"].update(supported=3, claims=4), "the facts rest on 4 claims"),
        (lambda v: v["coverage"].update(facts_left_out=1), "the facts rest on 5 claims"),
        (lambda v: v["coverage"].update(facts_left_out=-1), "facts_left_out is below 0"),
        (lambda v: v["rejected"].clear(), "rejected is 1, and 0 are found"),
    ],
)
def test_what_does_not_hold_is_named(change, said):
    assert said in messages(after(change))


def test_an_extractive_fact_in_other_words_than_its_quote_is_found():
    article = make_article()
    claim = make_supported("The bridge is safe.", article, writer=Writer.EXTRACTIVE)
    brief = make_brief(make_story(make_fact(claim)), articles=(article,))
    assert "marked as quoted and is not in its quote" in messages(brief, {article.id: article})


def test_an_extractive_fact_may_differ_in_white_space():
    article = make_article("The bridge\nis   open.")
    claim = make_supported("The bridge is open.", article, writer=Writer.EXTRACTIVE)
    brief = make_brief(make_story(make_fact(claim)), articles=(article,))
    assert verify_brief(brief, {article.id: article}) == []


def test_polarity_has_no_value_that_a_quote_must_hold():
    article, other = make_article("It is open."), make_article("It is not open.")
    facts = [make_fact(make_supported(None, one), id=one.text) for one in (article, other)]
    clash = make_conflict(*facts, kind=ConflictKind.POLARITY, values=("affirmed", "denied"))
    brief = make_brief(make_story(*facts, conflicts=(clash,)), articles=(article, other))
    assert verify_brief(brief, {one.id: one for one in (article, other)}) == []


def test_the_message_shows_where_a_long_quote_differs():
    article = make_article("word " * 60 + "then 350 of them.")
    claim = make_supported("Many.", article)
    brief = make_brief(make_story(make_fact(claim)), articles=(article,))
    forged = from_json(to_json(brief).replace("then 350", "then 360"))
    found = messages(forged, {article.id: article})
    assert "word then 360 of them.” is not at" in found
    assert "word then 350 of them.”" in found


def test_a_conflict_may_name_its_value_as_its_claim_writes_it():
    short, long = make_article("It cost 340m."), make_article("It cost 350m.")
    facts = [
        make_fact(make_supported(f"It cost {n}0 million.", one), id=n)
        for n, one in (("34", short), ("35", long))
    ]
    clash = make_conflict(*facts, values=("340 million", "350 million"))
    brief = make_brief(make_story(*facts, conflicts=(clash,)), articles=(short, long))
    assert verify_brief(brief, {one.id: one for one in (short, long)}) == []


def test_a_quote_of_several_sentences_and_of_a_part_of_one_holds():
    article = make_article(between="\nShare this article\n")
    whole = make_evidence(article, 2, 3)
    part = make_evidence(article, 1).model_copy(update={"start": 4, "quote": article.text[4:48]})
    assert part.end == 48
    claim = make_supported("Claim.", article).model_copy(update={"evidence": (whole, part)})
    brief = make_brief(make_story(make_fact(claim)), articles=(article,))
    assert verify_brief(brief, {article.id: article}) == []


def test_a_quote_does_not_touch_the_sentence_that_begins_where_it_ends():
    article = make_article("“Open.”", "“Closed.”", between="")
    claims = [make_supported(None, article, ids=(n,)) for n in (1, 2)]
    brief = make_brief(make_story(make_fact(*claims)), articles=(article,))
    assert verify_brief(brief, {article.id: article}) == []


def test_a_missing_article_is_a_problem_and_so_are_its_quotes():
    left = {key: value for key, value in ARTICLES.items() if key != THIRD}
    found = messages(BRIEF, left)
    assert f"source 3: no article has the SHA-256 {THIRD[:12]}" in found
    assert "story 1, fact 3: the article of its quote is missing" in found
    assert "source 1" not in found


def test_an_article_whose_text_is_not_that_of_its_id_is_a_problem():
    forged = ARTICLES[FIRST].model_copy(update={"text": ARTICLES[FIRST].text + " More."})
    assert "is not the text its id stands for" in messages(BRIEF, {**ARTICLES, FIRST: forged})
    wrong_key = {**ARTICLES, FIRST: ARTICLES[SECOND]}
    assert "is not the text its id stands for" in messages(BRIEF, wrong_key)


def test_half_a_surrogate_pair_in_an_article_is_a_problem_and_no_crash():
    article = ARTICLES[FIRST]
    broken = article.model_construct(**{**dict(article), "text": "\ud83d"})
    assert "is not the text its id stands for" in messages(BRIEF, {**ARTICLES, FIRST: broken})


# --- tampering --------------------------------------------------------------------------------


def holds(data: bytes) -> bool:
    """Tell whether `data` is a brief that verifies."""
    try:
        brief = from_json(data.decode())
    except (BriefError, UnicodeDecodeError):
        return False
    return not verify_brief(brief, ARTICLES)


def same(data: bytes) -> bool:
    """Tell whether `data` says what the untouched brief says (an escape written otherwise)."""
    try:
        return bool(json.loads(data) == json.loads(TEXT))
    except ValueError:
        return False


def guarded_bytes(data: bytes) -> list[int]:
    """Return the places of all bytes of quotes, offsets, sentence and article ids."""
    places: list[int] = []
    at = 0
    ids = False
    for line in data.splitlines(keepends=True):
        key, colon, value = line.partition(b": ")
        name = key.strip().strip(b'"')
        ids = name == b"sentence_ids" or (ids and not colon and b"]" not in line)
        if name in (b"quote", b"start", b"end", b"article_id"):
            body = value.rstrip(b",\n").strip(b'"')
            begin = at + line.index(value) + value.index(body)
            places.extend(range(begin, begin + len(body)))
        elif ids and not colon:
            digits = line.strip().rstrip(b",")
            places.extend(range(at + line.index(digits), at + line.index(digits) + len(digits)))
        at += len(line)
    return places


DATA = TEXT.encode()
PLACES = guarded_bytes(DATA)


def test_the_guarded_bytes_are_all_of_them():
    total = sum(
        len(one.quote.encode()) + len(one.article_id) + len(f"{one.start}{one.end}") + 1
        for one in (
            *(e for f in BRIEF.stories[0].facts for e in f.citations),
            *(s.evidence for c in BRIEF.stories[0].conflicts for s in (c.first, c.second)),
            *(r.nearest for r in BRIEF.rejected if r.nearest),
        )
    )
    elsewhere = 64 * (4 + 1 + 3)  # article ids of claims, of the rejected claim, of sources
    assert len(PLACES) == total + elsewhere


def tampered(place: int, byte: int) -> bytes:
    return DATA[:place] + bytes([byte]) + DATA[place + 1 :]


def test_every_change_of_the_lowest_bit_of_a_guarded_byte_is_found():
    assert holds(DATA)
    missed = [place for place in PLACES if holds(tampered(place, DATA[place] ^ 1))]
    assert missed == []


@settings(max_examples=300)
@given(st.sampled_from(PLACES), st.integers(0, 255))
def test_any_change_of_one_guarded_byte_is_found(place, byte):
    data = tampered(place, byte)
    assert same(data) or not holds(data)


def test_every_other_digit_in_place_of_an_offsets_is_found():
    digits = [place for place in PLACES if DATA[place - 2 : place] in (b": ", b"  ")]
    assert digits
    missed = [
        (place, digit)
        for place, digit in itertools.product(digits, b"0123456789-")
        if digit != DATA[place] and holds(tampered(place, digit))
    ]
    assert missed == []


# --- the command ------------------------------------------------------------------------------


@pytest.fixture
def written(tmp_path: Path) -> tuple[Path, Path]:
    """Write an article, and the brief of what the reader makes of it; return both paths."""
    from summarizer.read import read_articles

    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "bridge.txt").write_text("Velmora bridge opens\n\n" + " ".join(BRIDGE * 3))
    (article,) = read_articles([folder])
    assert isinstance(article, Article)
    claims = [make_supported(None, article, ids=(n,)) for n in (2, 3)]
    facts = [make_fact(claim, id=f"f{n}") for n, claim in enumerate(claims)]
    brief = make_brief(
        make_story(*facts), articles=(article,), rejected=(make_rejected(article=article),)
    )
    path = tmp_path / "brief.json"
    path.write_text(to_json(brief), encoding="utf-8")
    return path, folder


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(group, ["verify", *map(str, arguments)], standalone_mode=False)
    if result.exception:
        raise result.exception
    return result.return_value, result.output


def test_the_command_says_how_many_quotes_hold(written):
    brief, folder = written
    assert run(brief, "--articles", folder) == (0, "2 quotes of 1 article verified\n")


def test_the_command_lists_what_does_not_hold(written):
    brief, folder = written
    text = brief.read_text().replace("340 million", "\\u001b[31m940 million")
    brief.write_text(text)
    code, output = run(brief, "--articles", folder)
    assert code == 1
    assert "is not at" in output
    assert "\x1b" not in output


def test_the_command_fails_when_an_article_was_changed_or_is_gone(written):
    brief, folder = written
    article = folder / "bridge.txt"
    article.write_text(article.read_text().replace("340", "341"))
    code, output = run(brief, "--articles", folder)
    assert (code, "source 1: no article has the SHA-256" in output) == (1, True)
    article.unlink()
    assert run(brief, "--articles", folder)[0] == 1


@pytest.mark.parametrize("data", [b"{}", b"\xff\xfe", b"not json"])
def test_the_command_refuses_what_is_no_brief(written, data):
    brief, folder = written
    brief.write_bytes(data)
    with pytest.raises(BriefError):
        run(brief, "--articles", folder)


def test_the_command_needs_articles(written):
    result = CliRunner().invoke(group, ["verify", str(written[0])])
    assert result.exit_code == 2
    assert "--articles" in result.output


def test_builders_default_to_claims_of_the_default_article():
    assert make_claim().text == BRIDGE[0]
