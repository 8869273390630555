"""summarizer.merge.sentences.conflicts: conflicts of one storyline, in a stable order, in time."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from summarizer.data import Article, ConflictKind
from summarizer.merge.sentences.conflicts import SentenceConflict, sentence_conflicts
from summarizer.read import read_articles
from tests.conftest import make_article

BRELO = "The software company Brelo is proud of Brelo's Quillo 2 model."
TARNIX = "The chipmaker Tarnix is proud of Tarnix's Quillo 3 model."
OWN = "Brelo will train its next model on its own servers."
OTHERS = "Brelo will train its next model on Tarnix's servers."


def quoted(
    found: list[SentenceConflict], articles: list[Article]
) -> list[tuple[tuple[str, str, str], ...]]:
    """Return for both sides the article, the sentence and what is marked in it."""
    told = []
    for conflict in found:
        sides = []
        for mark in (conflict.first, conflict.second):
            article = articles[mark.article]
            span = article.sentences[mark.sentence - 1]
            assert span.start <= mark.start < mark.end <= span.end
            words = article.text[mark.start : mark.end]
            sides.append((article.source, article.sentence_text(mark.sentence), words))
        told.append(tuple(sides))
    return told


def test_conflicts_are_sought_within_a_storyline_only() -> None:
    articles = [make_article(BRELO, source="a"), make_article(TARNIX, source="b")]
    assert len(sentence_conflicts(articles, [3, 3])) == 1
    assert sentence_conflicts(articles, [3, 4]) == []
    assert sentence_conflicts([], []) == []


def test_an_article_does_not_contradict_itself_or_its_copy() -> None:
    one = make_article(BRELO, TARNIX, source="a")
    assert sentence_conflicts([one], [0]) == []
    assert sentence_conflicts([one, one.model_copy(update={"source": "b"})], [0, 0]) == []


def test_the_order_of_the_articles_does_not_matter() -> None:
    articles = [
        make_article("It rained.", BRELO, source="a"),
        make_article(TARNIX, OWN, source="b"),
        make_article(OTHERS, source="c"),
        make_article("It rained.", source="d"),
    ]
    seen = {
        tuple(quoted(sentence_conflicts(order, [0] * 4), list(order)))
        for order in permutations(articles)
    }
    (found,) = seen
    assert sorted(words for sides in found for *_, words in sides) == [
        "Brelo", "Tarnix", "Tarnix's servers", "its own servers",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "'s 's 's",
        "’s Quillo",
        "CEO",
        "CEO of",
        "the CEO of the",
        ", CEO",
        "by",
        "built by",
        "by by by by",
        "its own",
        "with its own",
        "Brelo's",
        "Brelo's Quillo",
        "(BRX) CEO Ana Tarn",
        ") CEO Ana Tarn",
        "a\x00b's C\x00 2",
        "\u202eBrelo's\u202c model Quillo",
        "Brelo released its",
        "Brelo, the developer of",
        "ßBrelo’s İstan model 2",
    ],
)
def test_odd_text_is_read_without_an_exception(text: str) -> None:
    articles = [make_article(text or ".", source="a"), make_article(f"{text}.", source="b")]
    assert sentence_conflicts(articles, [0, 0]) == []


@pytest.mark.timeout(90)  # it takes two seconds; a quadratic reader takes many minutes
@pytest.mark.parametrize(
    "unit",
    [
        "Brelo{n}'s Quillo{n} 2 model ",
        "Brelo's Quillo 2 model, Tarnix's Quillo 2 model, ",
        "Quillo, a ship built by Brelo, by by ",
        "Brelo CEO Ana Tarn{n}, CEO, CEO of ",
        "Brelo, a partner of Tarnix, a partner of ",
        "train its own model on its own its own ",
        "'‘’“”\"'s ",
    ],
)
def test_hostile_text_comes_to_an_end(unit: str) -> None:
    one_line = "".join(unit.format(n=n) for n in range(1_000_000 // len(unit)))
    many_lines = [(unit.format(n=n) * (900 // len(unit)))[:900] + f" Brelo{n}." for n in range(300)]
    articles = [
        make_article(one_line, source="a"),
        make_article(*many_lines, source="b"),
        make_article(*many_lines, "The end.", source="c"),
    ]
    sentence_conflicts(articles, [0] * 3)


@pytest.mark.shared
def test_the_shared_articles_differ_on_the_maker_and_on_the_means(shared_dir: Path) -> None:
    read = [a for a in read_articles([shared_dir / "articles"]) if isinstance(a, Article)]
    found = sentence_conflicts(read, [0] * len(read))
    told = [
        [(Path(source).name[:3], words) for source, _, words in sides]
        for sides in quoted(found, read)
    ]
    kinds = [conflict.kind for conflict in found]
    by_kind = dict(zip(kinds, told, strict=True))
    assert sorted(kinds) == [ConflictKind.NAME, ConflictKind.PLACE]
    (_, one), (_, two) = sorted(by_kind[ConflictKind.NAME])
    assert {one, two} == {"OpenAI", "Meta"}
    (_, others), (_, own) = sorted(by_kind[ConflictKind.PLACE])
    assert others.startswith("Microsoft")
    assert own == "its proprietary infrastructure"
