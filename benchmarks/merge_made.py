"""Make any number of claims with known stories and facts, out of the sentences of real articles.

A cluster (the sentences of the articles on one event) is a template. A story is made of one: its
names, its numbers and dates and about half of its content words are swapped for others, the same
everywhere in the story. New names are mostly rare and sometimes frequent ones that many stories
share, as in news. Each article tells about 8 claims; a fifth of them say again, in other words,
what an earlier article of the story said; one article in 20 is a reprint. Everything is drawn
from one seed.
"""

from __future__ import annotations

import datetime as dt
import math
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

from benchmarks.merge_data import article_of, rows
from summarizer.data import (
    Article,
    ArticleSummary,
    Claim,
    Evidence,
    Sentence,
    SupportedClaim,
    Writer,
)
from summarizer.read import read_article
from summarizer.text.common import COMMON_STEMS
from summarizer.text.synonyms import EQUAL
from summarizer.text.words import is_content

EXAMPLES = Path(__file__).resolve().parents[1] / "examples" / "articles"

SAID_AGAIN = 0.2  # share of the claims that repeat one of an earlier article of the story
REPRINTED = 0.05  # share of the articles that print an earlier one of the story again
_CLAIMS_AN_ARTICLE = 8
_MOST_ARTICLES = 7  # of a story; 1 to so many, 4 in the mean
_SWAPPED_WORDS = 0.5  # share of the content words of a template that a story swaps
_FREQUENT_NAMES = 150  # names that many stories share, drawn by Zipf's law …
_FREQUENT = 0.25  # … for this share of the names of a story
_PERIOD_DAYS = 180
_START = dt.date(2030, 1, 1)
_ALIKE = 0.35  # share of words from which two sentences of a template are told as one fact
_LENGTHS = (40, 320)  # characters of a template sentence, least and most

_PART = re.compile(r"\d[\d,]*(?:\.\d+)?|[^\W\d_]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_OPENING = re.compile(r"^((?:On|In|At|After|Before|Since|During) [^,.;]{3,50}), (.+)\.$", re.S)
_CLOSING = re.compile(r"^(.+) ((?:on|in|at|after|before|since|during) [^,.;]{3,40})\.$", re.S)
_SYLLABLES = (
    "ba bel bor cal cor dan del dor el fen fir gal gor hal har jor kal kel kor lan lor lun mal mer "
    "mor nal nor ol or pel per quin ral rem ros sal sel sor tal tor ul van ver vor wel wen zal zor"
).split()
_EQUAL = {word: group for group in (line.split() for line in EQUAL) for word in group}


@dataclass(frozen=True)
class Made:
    """Summaries made, and the truth: the story of each article id, the fact of each claim.

    `fact_of` is keyed by article id and claim text.
    """

    summaries: tuple[ArticleSummary, ...]
    story_of: dict[str, int]
    fact_of: dict[tuple[str, str], int]

    @property
    def claims(self) -> int:
        """How many claims were made."""
        return sum(len(summary.supported) for summary in self.summaries)


def read_clusters(paths: Sequence[Path]) -> list[list[str]]:
    """Return the sentences of each story of the files, or of each of the project's examples."""
    if paths:
        stories = (
            [article_of(a["text"], source=a["id"]) for a in story["articles"]]
            for path in paths
            for story in rows(path)
        )
    else:
        stories = ([read_article(p)] for p in sorted(EXAMPLES.iterdir()) if p.stat().st_size)
    clusters = [_distinct(_sentences(articles)) for articles in stories]
    return [cluster for cluster in clusters if len(cluster) >= _CLAIMS_AN_ARTICLE]


def _sentences(articles: Iterable[Article]) -> Iterator[str]:
    for article in articles:
        for sentence in article.sentences:
            text = " ".join(article.text[sentence.start : sentence.end].split())
            if _LENGTHS[0] <= len(text) <= _LENGTHS[1] and text.endswith("."):
                yield text


def _distinct(sentences: Iterable[str]) -> list[str]:
    """Return the sentences, but none that says in much the same words what another says."""
    kept: dict[str, frozenset[str]] = {}
    for sentence in sorted(set(sentences)):
        words = frozenset(_PART.findall(sentence.lower()))
        if all(len(words & other) < _ALIKE * len(words | other) for other in kept.values()):
            kept[sentence] = words
    return list(kept)


def make(clusters: Sequence[Sequence[str]], count: int, *, seed: int = 0) -> Made:
    """Make `count` claims of the templates in `clusters`, lists of sentences.

    Raises:
        ValueError: there are no templates.
    """
    if not any(clusters):
        raise ValueError(f"no template: a story needs {_CLAIMS_AN_ARTICLE} plain sentences")
    maker = _Maker(clusters, random.Random(seed))
    while maker.claims < count:
        maker.story(count)
    return Made(tuple(maker.summaries), maker.story_of, maker.fact_of)


@dataclass
class _Told:
    """A sentence that a story has told: its words and its fact."""

    text: str
    fact: int


@dataclass
class _StoryText:
    """A story in the making: what it swaps, what it has told and the articles it has."""

    number: int
    day: dt.date
    fresh: list[str]
    swapped: dict[str, str] = field(default_factory=dict)
    told: list[_Told] = field(default_factory=list)
    articles: list[list[_Told]] = field(default_factory=list)
    factor: float = 1.0
    months: int = 0
    years: int = 0


class _Maker:
    """Makes stories one by one; all chance comes from one generator."""

    def __init__(self, clusters: Sequence[Sequence[str]], chance: random.Random) -> None:
        self._clusters = clusters
        self._chance = chance
        self._words = _vocabulary(clusters)
        self._plain = frozenset(word for words in self._words.values() for word in words)
        self._frequent = [self._new_name() for _ in range(_FREQUENT_NAMES)]
        self._by_rank = [1 / (rank + 1) for rank in range(_FREQUENT_NAMES)]
        self.summaries: list[ArticleSummary] = []
        self.story_of: dict[str, int] = {}
        self.fact_of: dict[tuple[str, str], int] = {}
        self.claims = 0
        self._facts = 0
        self._stories = 0

    def story(self, count: int) -> None:
        """Make the articles of one more story, until there are `count` claims."""
        chance = self._chance
        cluster = list(chance.choice(self._clusters))
        chance.shuffle(cluster)
        story = _StoryText(
            number=self._stories,
            day=_START + dt.timedelta(days=chance.randrange(_PERIOD_DAYS)),
            fresh=cluster,
            factor=math.exp(chance.uniform(-0.7, 0.7)),
            months=chance.randrange(12),
            years=chance.randrange(-3, 4),
        )
        self._stories += 1
        for _ in range(chance.randint(1, _MOST_ARTICLES)):
            if self.claims >= count or not (story.fresh or story.told):
                return
            self._article(story, count - self.claims)

    def _article(self, story: _StoryText, most: int) -> None:
        chance = self._chance
        number = min(most, max(1, round(chance.gauss(_CLAIMS_AN_ARTICLE, 2))))
        if story.articles and chance.random() < REPRINTED:
            told = chance.choice(story.articles)[:most]
        else:
            told = [self._tell(story) for _ in range(number)]
        told = list({each.text: each for each in told}.values())
        story.articles.append(told)
        self._add(story, told)

    def _tell(self, story: _StoryText) -> _Told:
        """Tell something new of the story, or say again what an earlier article said."""
        before = [each for told in story.articles for each in told]
        if before and (not story.fresh or self._chance.random() < SAID_AGAIN):
            again = self._chance.choice(before)
            return _Told(self._paraphrase(again.text), again.fact)
        if not story.fresh:  # one article has used up a short template
            again = self._chance.choice(story.told)
            return _Told(self._paraphrase(again.text), again.fact)
        told = _Told(self._swap(story, story.fresh.pop()), self._facts)
        self._facts += 1
        story.told.append(told)
        return told

    def _add(self, story: _StoryText, told: Sequence[_Told]) -> None:
        chance = self._chance
        title = told[0].text.split(",")[0].rstrip(".")[:90]
        article = article_of(
            "\n\n".join(each.text for each in told),
            source=f"{len(self.summaries):06d}.txt",
            title=title,
            date=(story.day + dt.timedelta(days=int(chance.expovariate(0.7)))).isoformat(),
        )
        ends = list(accumulate(len(each.text) + 2 for each in told))
        spans = [(end - 2 - len(each.text), end - 2) for each, end in zip(told, ends, strict=True)]
        sentences = tuple(Sentence(start=start, end=end) for start, end in spans)
        article = article.model_copy(update={"sentences": sentences})
        supported = []
        for place, (each, span) in enumerate(zip(told, spans, strict=True), 1):
            text = self._paraphrase(each.text) if chance.random() < 0.3 else each.text
            if (article.id, text) not in self.fact_of:  # no article claims a thing twice
                supported.append(_claim(article, text, place, span))
                self.fact_of[article.id, text] = each.fact
        self.story_of[article.id] = story.number
        self.claims += len(supported)
        self.summaries.append(
            ArticleSummary(
                article=article,
                headline=title,
                supported=tuple(supported),
                rejected=(),
                writer=Writer.MODEL,
            )
        )

    def _swap(self, story: _StoryText, sentence: str) -> str:
        """Put the story's own names, numbers, dates and words into a template sentence."""

        def swap(match: re.Match[str]) -> str:
            part = match.group()
            if part not in story.swapped:
                story.swapped[part] = self._instead_of(story, part, opens=match.start() == 0)
            return story.swapped[part]

        return _PART.sub(swap, sentence)

    def _instead_of(self, story: _StoryText, part: str, *, opens: bool) -> str:
        if part[0].isdigit():
            return _number(story, part)
        if part in _MONTHS:
            return _MONTHS[(_MONTHS.index(part) + story.months) % 12]
        if part in _DAYS:
            return _DAYS[(_DAYS.index(part) + story.months) % 7]
        if not is_content(part) or len(part) < 3:
            return part
        if part[0].isupper():
            return part if opens and part.lower() in self._plain else self._name(part)
        if self._chance.random() < _SWAPPED_WORDS:
            return self._chance.choice(self._words[_ending(part)])
        return part

    def _name(self, part: str) -> str:
        if self._chance.random() < _FREQUENT:
            return self._chance.choices(self._frequent, self._by_rank)[0]
        if part.isupper():
            return "".join(self._chance.choice("ABCDEFGHIKLMNOPRSTUVW") for _ in part[:4])
        return self._new_name()

    def _new_name(self) -> str:
        count = self._chance.randint(2, 4)
        return "".join(self._chance.choice(_SYLLABLES) for _ in range(count)).capitalize()

    def _paraphrase(self, text: str) -> str:
        """Say a sentence in other words: equal words, a clause moved, a word less."""
        chance = self._chance

        def swap(match: re.Match[str]) -> str:
            group = _EQUAL.get(match.group())
            return chance.choice(group) if group and chance.random() < 0.6 else match.group()

        text = _PART.sub(swap, text)
        if chance.random() < 0.5 and (match := _OPENING.match(text)):
            opening = match[1][0].lower() + match[1][1:]
            text = f"{match[2][0].upper()}{match[2][1:]} {opening}."
        elif chance.random() < 0.5 and (match := _CLOSING.match(text)):
            text = f"{match[2][0].upper()}{match[2][1:]}, {match[1]}."
        if chance.random() < 0.4:
            plain = [m for m in _PART.finditer(text) if m.group().islower()]
            if plain:
                lost = chance.choice(plain)
                text = text[: lost.start()].rstrip() + text[lost.end() :]
        return text


def _number(story: _StoryText, part: str) -> str:
    if _YEAR.fullmatch(part):
        return str(int(part) + story.years)
    value = float(part.replace(",", ""))
    if value <= 31 or "." in part:
        return f"{max(1, round(value + story.months)) % 31 + 1}" + part[2:] * ("." in part)
    digits = max(len(str(int(value))) - 3, 0)
    return f"{int(round(value * story.factor, -digits)):{',' if ',' in part else ''}}"


def _ending(word: str) -> str:
    return next((end for end in ("ing", "ed", "ly", "s") if word.endswith(end)), "")


def _vocabulary(clusters: Sequence[Sequence[str]]) -> dict[str, list[str]]:
    """Return the lower-case content words by ending, each as often as it is used.

    The common English stems are in it too: a few articles alone have too small a vocabulary.
    """
    words: dict[str, list[str]] = {end: [] for end in ("ing", "ed", "ly", "s", "")}
    for cluster in clusters:
        for sentence in cluster:
            for part in _PART.findall(sentence):
                if part.islower() and len(part) > 2 and is_content(part):
                    words[_ending(part)].append(part)
    for stem in sorted(COMMON_STEMS):
        words[_ending(stem)].append(stem)
    return words


def _claim(article: Article, text: str, place: int, span: tuple[int, int]) -> SupportedClaim:
    start, end = span
    evidence = Evidence(
        article_id=article.id,
        sentence_ids=(place,),
        start=start,
        end=end,
        quote=article.text[start:end],
    )
    claim = Claim(article_id=article.id, text=text, offered=(place,))
    return SupportedClaim(claim=claim, evidence=(evidence,), score=0.9, checks=())
