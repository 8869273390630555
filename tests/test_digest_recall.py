"""summarizer.digest.recall: what articles are known by, and which of earlier nights come back."""

from __future__ import annotations

import random
import struct
from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import pytest

from benchmarks.merge_stories import read_stories
from benchmarks.recall import NIGHT, collection, measure_recall
from summarizer.data import Article
from summarizer.digest.recall import BEST, MOST_KEYS, keys, likest, recall
from summarizer.digest.state.records import RememberedArticle
from tests.conftest import make_article

FLOOD = (
    "The river Orvin flooded the town of Stenmark on Monday after a dam burst.",
    "Governor Lena Brask said 120 houses in Stenmark were under water.",
    "Soldiers brought people from the roofs of Stenmark to a school in Halden.",
)
FLOOD_LATER = (
    "The dam that burst above Stenmark had been cracked for years, engineers said on Wednesday.",
    "Governor Lena Brask ordered all dams on the Orvin to be checked.",
    "In Stenmark the water has fallen, and 90 houses can be entered again.",
)
CHESS = (
    "Ana Petrescu won the chess title in Tallinn after a drawn final game.",
    "Petrescu is the youngest champion in fifty years.",
    "Her opponent Juri Kask offered a draw on move forty.",
)
STRIKE = (
    "Bakers in Morvane stopped work on Thursday and asked for higher wages.",
    "The guild of bakers said every oven in Morvane was cold.",
    "Shops sold biscuits and yesterday's rolls instead.",
)


def article(*sentences: str, name: str, title: str = "") -> Article:
    return make_article(*sentences, title=title, source=f"articles/{name}.txt")


def remember(
    one: Article, *, edition: int = 1, story: str | None = None, data: bytes | None = None
) -> RememberedArticle:
    return RememberedArticle(
        article_id=one.id,
        source=one.source,
        edition=edition,
        keys=keys(one) if data is None else data,
        story_id=story,
    )


def packed(*stems: tuple[str, int]) -> bytes:
    """Pack stems with their grades as the format says, without the code that is tested."""
    numbers = sorted(crc32(stem.encode()) >> 2 << 2 | grade for stem, grade in stems)
    return struct.pack(f"<B{len(numbers)}I", 1, *numbers)


flood = article(*FLOOD, name="flood")
flood_later = article(*FLOOD_LATER, name="later")
chess = article(*CHESS, name="chess")
strike = article(*STRIKE, name="strike")


# --- keys -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "sentence", "stems"),
    [
        ("", "Petrescu won.", [("petrescu", 1), ("win", 1)]),  # words of the opening count twice
        ("Petrescu", "Petrescu won.", [("petrescu", 3), ("win", 1)]),  # … of the title three times
        ("Petrescu", "The and of.", [("petrescu", 2)]),
        ("", "The and of.", []),
        ("Won won", "Win.", [("win", 3)]),
    ],
)
def test_keys_are_hashed_stems_with_how_often_they_stand(title, sentence, stems):
    assert keys(article(sentence, name="a", title=title)) == packed(*stems)


def test_keys_of_a_long_article_are_few():
    words = [f"{a}{b}{c}ion" for a in "bdfgklmn" for b in "aeiou" for c in "rstvxz"]
    sentences = [" ".join(words[n : n + 10]).capitalize() + "." for n in range(0, len(words), 10)]
    data = keys(article(*sentences, name="long"))
    assert len(data) == 1 + 4 * MOST_KEYS <= 600


def test_rare_words_are_kept_before_common_ones():
    common = "money people report accept announce decide number".split()
    rare = [f"zorb{a}{b}lund" for a in "aeiouy" for b in "bcdfghjklmnpqrstvw"]
    one = article(f"{' '.join(common)} {' '.join(rare)}.", name="many")
    assert len(rare) > MOST_KEYS
    stems = {crc32(word.encode()) >> 2 for word in rare}
    found = struct.unpack(f"<{MOST_KEYS}I", keys(one)[1:])
    assert all(key >> 2 in stems for key in found)


@pytest.mark.parametrize(
    "text",
    ["\ud800 broken \udfff half.", "a" * 100_000, "𝔘𝔫𝔦 ١٢٣ — …", "\0\1\2", "'" * 5000, "1" * 5000],
)
def test_odd_text_has_keys(text):
    sentence = text.encode("utf-8", "replace").decode()
    one = article(sentence, name="odd").model_copy(update={"title": text})
    assert keys(one)[:1] == b"\x01"


def test_article_without_sentences_has_no_keys_and_recalls_nothing():
    empty = flood.model_copy(update={"sentences": (), "title": "", "id": "0" * 64, "source": "e"})
    assert keys(empty) == b"\x01"
    assert recall([empty], [remember(flood)]) == []
    assert recall([flood], [remember(empty)]) == []


# --- recall -----------------------------------------------------------------------------------


def test_earlier_article_of_the_story_comes_back_and_others_do_not():
    remembered = [remember(one) for one in (chess, flood, strike)]
    assert recall([flood_later], remembered) == [flood.id]


def test_nothing_is_recalled_of_nothing():
    assert recall([], [remember(flood)]) == []
    assert recall([flood], []) == []


def test_article_of_tonight_is_not_recalled():
    assert recall([flood], [remember(flood)]) == []


@pytest.mark.parametrize("data", [None, b""])
def test_earlier_version_is_recalled_first_whatever_it_says(data):
    old = article(*CHESS, name="later")
    remembered = [remember(flood), remember(old, data=data)]
    assert recall([flood_later], remembered) == [old.id, flood.id]


def test_other_articles_of_a_recalled_story_follow_newest_first():
    early, late = article(*CHESS, name="early"), article(*STRIKE, name="late")
    remembered = [
        remember(early, edition=2, story="dam"),
        remember(late, edition=5, story="dam"),
        remember(flood, edition=3, story="dam"),
        remember(article("Something else stands here.", name="x"), edition=9, story="other"),
        remember(article("Nobody told this yet.", name="y"), edition=9),
    ]
    assert recall([flood_later], remembered) == [flood.id, late.id, early.id]


def test_articles_without_a_story_are_no_story():
    remembered = [remember(flood), remember(chess), remember(strike)]
    assert recall([flood_later], remembered) == [flood.id]


@pytest.mark.parametrize("most", [0, 1, 2, 3, 60, -1])
def test_no_more_than_asked_for_come_back_best_first(most):
    remembered = [
        remember(flood, edition=3, story="dam"),
        remember(chess, edition=5, story="dam"),
        remember(strike, edition=2, story="dam"),
    ]
    everything = [flood.id, chess.id, strike.id]
    assert recall([flood_later], remembered, most=most) == everything[: max(0, most)]


def test_likest_comes_first():
    nearer = article(*FLOOD_LATER[:2], CHESS[0], name="nearer")
    remembered = [remember(flood), remember(nearer), remember(chess)]
    assert recall([flood_later], remembered)[:2] == [nearer.id, flood.id]


def test_order_of_the_articles_does_not_matter():
    fresh = [flood_later, article(*CHESS[:2], "A crowd waited in Tallinn.", name="chess later")]
    twins = [article(*FLOOD, f"Copy {n}.", name=f"twin{n}") for n in range(5)]
    remembered = [remember(one) for one in (*twins, flood, chess, strike)]
    expected = recall(fresh, remembered)
    assert {chess.id, flood.id} <= set(expected)
    for seed in range(5):
        shuffled = random.Random(seed)
        shuffled.shuffle(fresh)
        shuffled.shuffle(remembered)
        assert recall(fresh, remembered) == expected


def test_equally_like_articles_come_by_id_and_only_the_best():
    data = keys(flood)
    twins = [
        RememberedArticle(article_id=f"{n:02}", source=f"{n}", edition=n, keys=data)
        for n in range(BEST + 4)
    ]
    others = [remember(one) for one in (chess, strike)]
    assert recall([flood_later], [*reversed(twins), *others]) == [f"{n:02}" for n in range(BEST)]


# --- damaged keys -----------------------------------------------------------------------------


def damaged() -> Sequence[tuple[str, bytes]]:
    good = keys(flood)
    numbers = struct.unpack(f"<{len(good) // 4}I", good[1:])
    return [
        ("empty", b""),
        ("another version", b"\x02" + good[1:]),
        ("cut", good[:-1]),
        ("longer", good + b"\0"),
        ("descending", b"\x01" + struct.pack(f"<{len(numbers)}I", *reversed(numbers))),
        ("repeated", b"\x01" + good[1:5] + good[1:]),
        ("too many", b"\x01" + struct.pack("<200I", *range(0, 800, 4))),
        ("no keys", b"\x01"),
        ("text", b"not keys at all!!"),
    ]


@pytest.mark.parametrize(("what", "data"), damaged())
def test_damaged_keys_are_like_nothing(what, data):
    assert recall([flood_later], [remember(flood, data=data), remember(chess)]) == []
    other = article(*FLOOD, "Copy.", name="other")
    assert recall([flood_later], [remember(flood, data=data), remember(other)]) == [other.id]


def test_random_bytes_raise_nothing():
    random_bytes = random.Random(6)
    for size in (0, 1, 2, 4, 5, 9, 401, 405, 5000):
        for first in (b"", b"\x01"):
            data = first + random_bytes.randbytes(size)
            assert likest([keys(flood)], [data], floor=0.5) == []


def test_articles_that_all_say_the_same_are_all_alike():
    data = keys(flood)
    found = likest([data], [data] * 3)
    assert [(one.remembered, one.likeness) for one in found] == [(0, 1.0), (1, 1.0), (2, 1.0)]


# --- labelled news ----------------------------------------------------------------------------


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "share", "most_candidates"),
    [("basil_triplets", 0.97, 6.0), ("multinews_longbench200", 0.86, 4.0)],
)
def test_stories_are_recalled_over_the_nights(
    shared_dir: Path, file: str, share: float, most_candidates: float
) -> None:
    articles, gold = read_stories(shared_dir / "bench" / "merge" / f"{file}.jsonl")
    figures = measure_recall(collection(articles, gold, night=NIGHT))
    assert figures["within_most"] >= share
    assert figures["candidates_a_fresh_article"] <= most_candidates
