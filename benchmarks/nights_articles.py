"""Invent the news of many nights, for simulations of the digest: the same for the same seed.

Usage: python -m benchmarks.nights_articles FOLDER [--nights N] [--count N] [--seed N]

A night has storylines, which go on for days (a number that changes, a development, a fact that
only one paper had and others confirm, now and then a figure that another paper disputes), stories
of one day that two or three papers tell or copy from an agency, and stories that one paper has
alone. All names are put together from syllables. Storylines are sensible news: a kind of place and
a kind of event meet again after 72 nights, with all names and most words changed. Other stories are
nonsense in good English, as each is made of words that no other story of its night has.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

FIRST_DAY = dt.date(2031, 5, 5)  # published: the articles of night 0
_TEXTS = Path(__file__).with_suffix(".toml")
_NIGHT = 20  # articles for which a night has one new storyline and _SHORT short stories
_SHORT = 3
_PACES = ((0, 1, 2, 4), (0, 1, 3), (0, 2, 3, 5, 6), (0, 1, 2, 3, 5), (0, 3, 4), (0, 1, 4, 7))
_LONGEST = max(pace[-1] for pace in _PACES)  # nights after its first that a storyline may go on
_SHORT_STORIES = 15  # of a night, with the single ones; more meet the next night's matters
_LINE_PLACES = 8  # of all places those where storylines are
_STORIES = 10_000  # numbers of stories a night, more than it can have
_OWN_WORDS = 16  # shares that the words of each kind are cut into: stories of a night share none
_COLOURS = 9  # sentences of an article about the surroundings of its story
_PARAGRAPH = 3  # sentences
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_VOWEL = re.compile(r"\b([Aa]) (?=(?!one)[aeio]|umb|uph)")
_STORY = re.compile(r"-s(\d+)-")

# The least and the most of each number that a sentence may have.
_NUMBERS = {
    "percent": (4, 38),
    "weeks": (3, 11),
    "months": (5, 29),
    "reopen": (2, 12),
    "rescuers": (14, 96),
    "years1": (21, 58),
    "years2": (12, 90),
    "years3": (13, 39),
    "crowd": (110, 900),
    "places": (12, 70),
    "oneof": (4, 19),
    "line": (11, 99),
    "minutes": (7, 25),
    "months2": (13, 30),
    "rooms": (15, 240),
    "tradeshare": (6, 34),
    "callers": (22, 88),
    "turnover": (3, 27),
    "cars": (44, 420),
    "guides": (16, 75),
    "jobless": (3, 12),
    "trainees": (5, 48),
    "year1": (1788, 1899),
    "year2": (1902, 1969),
    "year3": (2012, 2028),
    "year4": (1981, 2011),
    "year5": (1951, 1978),
}
_TURN = 7  # words by which papers of one story differ where they tell of its surroundings
_LISTED = 4  # jobs, crafts … of a story
_WORDS = {"word": 69, "adjective": 26, "verb": 41, "group": 20}  # slots of the kind
_PEOPLE = (
    "official manager minister foreman expert_name councillor historian neighbour "
    "witness1 witness2 witness3"
).split()


class Telling(NamedTuple):
    """What one paper writes on one night: the story, for which time it is told, by whom."""

    story: Story
    nth: int  # 0: the night on which the story begins
    rank: int  # among the papers that tell it on that night


def articles_of_night(night: int, count: int = 20, seed: int = 0) -> list[tuple[str, str]]:
    """Return file names and texts of the `count` articles of night `night` (from 0), by name.

    An article has about 14 sentences and 3 to 4 KB, with a title, a paper and a "Published:" line.
    """
    made = [_article(telling, night) for telling in _tellings(night, count, seed)]
    return sorted(made)


def story_of(filename: str) -> int:
    """Return the number of the story that an article was written for, from its file name."""
    match = _STORY.search(filename)
    if match is None:
        raise ValueError(f"not a name of articles_of_night: {filename}")
    return int(match[1])


def _tellings(night: int, count: int, seed: int) -> list[Telling]:
    """Return what is told on `night`: storylines first, then short stories, then single ones."""
    every: list[Telling] = []
    lines = max(1, count // _NIGHT)
    for start in range(max(0, night - _LONGEST), night + 1):
        for place in range(lines):
            story = Story(seed, start, place, lines=lines)
            if night - start in story.pace:
                nth = story.pace.index(night - start)
                papers = 3 if nth == 0 else story.number_of(f"papers {nth}", 1, 2)
                every += [Telling(story, nth, rank) for rank in range(papers)]
    shorts = range(lines, lines + max(1, _SHORT * count // _NIGHT))
    for place in shorts:
        story = Story(seed, night, place, lines=lines)
        papers = story.number_of("papers", 2, 3)
        every += [Telling(story, 0, rank) for rank in range(papers)]
    missing = max(0, count - len(every))
    singles = range(shorts.stop, shorts.stop + missing)
    every += [Telling(Story(seed, night, place, lines=lines), 0, 0) for place in singles]
    return every[:count]


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(_TEXTS.read_text(encoding="utf-8"))


class Story:
    """A story: where and what, who is in it, its numbers. Every choice is a hash of its name."""

    def __init__(self, seed: int, start: int, place: int, *, lines: int) -> None:
        self.start = start
        self.number = start * _STORIES + place
        self._seed, self._place = seed, place
        self._name = f"{seed} {self.number}"
        texts = _texts()
        domains = texts["domains"]
        is_line = place < lines
        # 8 places and 9 events of storylines have no common divisor: all pairs come before one
        # comes again. Other stories have other places, and words of their own for the event.
        matter = start * lines + place if is_line else start * _SHORT_STORIES + place
        places = domains[:_LINE_PLACES] if is_line else domains[_LINE_PLACES:]
        events = texts["patterns"] if is_line else [texts["short"]]
        self.domain = places[matter % len(places)]
        self.pattern = events[matter % len(events)]
        self.pace: tuple[int, ...] = self.pick("pace", _PACES)  # nights after its first
        self.is_wire = place == lines  # papers copy it from an agency
        self.is_disputed = self.number_of("disputed", 0, 1) == 1

    def number_of(self, what: str, least: int, most: int) -> int:
        """Return the story's number for `what`, `least` and `most` included."""
        return least + _hash(f"{self._name} {what}") % (most - least + 1)

    def pick(self, what: str, options: Sequence[Any]) -> Any:
        """Return one of `options`, always the same for the same `what`."""
        return options[self.number_of(what, 0, len(options) - 1)]

    def shuffled(self, what: str, options: Sequence[Any]) -> list[Any]:
        """Return `options` in an order of this story."""
        order = sorted(range(len(options)), key=lambda n: self.number_of(f"{what} {n}", 0, 1 << 60))
        return [options[n] for n in order]

    def own(self, what: str, options: str) -> list[str]:
        """Return the share of the words `options` that no other story of its night has."""
        order = _of_night(f"{self._seed} {self.start} {what}", options)
        return order[self._place % _OWN_WORDS :: _OWN_WORDS]

    def words(self, turn: int) -> dict[str, str]:
        """Return what stands for the slots of words: the story's own, in another order by turn."""
        found: dict[str, str] = {}
        for name, most in _WORDS.items():
            own = self.own(name, _texts()[f"{name}s"])
            found |= {f"{name}{n + 1}": own[(n + _TURN * turn) % len(own)] for n in range(most)}
        return found

    def count(self, nth: int) -> int:
        """Return the number that grows, as it is when the story is told for the `nth` time."""
        least, most, step = self.pattern["count"]
        first = self.number_of("count", least, most)
        steps = [self.number_of(f"step {n}", step, 3 * step) for n in range(nth)]
        return first + sum(steps)

    def cost(self, *, disputed: bool) -> int:
        """Return the sum in question, or what the paper says that disputes it."""
        least, most = self.pattern["cost"]
        cost = self.number_of("cost", least, most)
        return cost + max(1, cost // 4) if disputed else cost

    def slots(self) -> dict[str, str]:
        """Return what stands for each {slot} of a sentence and stays the same."""
        return _slots(self._name, self)


@lru_cache(maxsize=64)
def _of_night(night: str, options: str) -> list[str]:
    return sorted(options.split(), key=lambda word: _hash(f"{night} {word}"))


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


@lru_cache(maxsize=512)
def _slots(_name: str, story: Story) -> dict[str, str]:
    texts = _texts()
    users, staff, expert, body, parts, goods = story.domain["words"].split("; ")
    towns = [_place(story, f"town {n}") for n in range(4)]
    found = {
        "noun": story.domain["noun"],
        "thing": story.pick("thing", texts["thing_names"].split()),
        "users": users,
        "staff": staff,
        "staff_title": staff.capitalize(),
        "an_expert": f"a {expert}",
        "town": towns[0],
        "town2": towns[1],
        "town3": towns[2],
        "region": _last_name(story, "region").replace("-", "") + "land",
        "river": story.pick("river", texts["last_starts"].split())
        + story.pick("river end", ("a", "e", "el", "en", "er", "o")),
        "body": f"{towns[0]} {body}",
        "founder": _last_name(story, "founder"),
        "company": _last_name(story, "company"),
        "inhabitants": f"{story.number_of('inhabitants', 31, 990)},{story.number_of('i', 1, 9)}00",
    }
    found |= {person: _person(story, person) for person in _PEOPLE}
    found |= {name: str(story.number_of(name, *ends)) for name, ends in _NUMBERS.items()}
    words = story.pattern.get("words", {}).items()
    found |= {name: story.pick(name, options.split("|")) for name, options in words}
    lists = {"part": parts.split(", "), "goods": goods.split(", "), "job": _jobs()}
    lists |= {name: texts[f"{name}s"].split("|") for name in ("craft", "feature", "weather")}
    lists["mood"] = texts["moods"].split("|")
    for name, options in lists.items():
        chosen = story.shuffled(name, options)[:_LISTED]
        found |= {f"{name}{n}": word for n, word in enumerate(chosen, start=1)}
    return found


@cache
def _jobs() -> list[str]:
    return str(_texts()["jobs"]).split()


def _place(story: Story, what: str) -> str:
    texts = _texts()
    start = story.pick(f"{what} start", texts["town_starts"].split())
    return str(start + story.pick(f"{what} end", texts["town_ends"].split()))


def _last_name(story: Story, what: str) -> str:
    texts = _texts()
    start = story.pick(f"{what} start", texts["last_starts"].split())
    return str(start + story.pick(f"{what} end", texts["last_ends"].split()))


def _person(story: Story, what: str) -> str:
    return f"{story.pick(what, _texts()['first_names'].split())} {_last_name(story, what)}"


def _article(telling: Telling, night: int) -> tuple[str, str]:
    """Return the file name and the text of what a paper tells on `night`."""
    story, nth, rank = telling
    paper = story.shuffled("papers", _texts()["papers"].split("|"))[(rank + 2 * nth) % 6]
    title, sentences = _content(telling, night)
    if story.is_wire and rank == 1:  # the copy is shorter at its end
        sentences = _content(Telling(story, nth, 0), night)[1][:-2]
    if story.is_wire and rank < 2:
        town = story.slots()["town"].upper()
        sentences[0] = f"{town} ({_texts()['agency']}) - {sentences[0]}"
    paragraphs = [
        " ".join(sentences[n : n + _PARAGRAPH]) for n in range(0, len(sentences), _PARAGRAPH)
    ]
    day = FIRST_DAY + dt.timedelta(days=night)
    slug = re.sub(r"[^a-z]+", "-", paper.lower())
    head = f"{title}\n\n{paper}\nPublished: {day.isoformat()}\n\n"
    return f"n{night:04}-s{story.number}-{slug}.txt", head + "\n\n".join(paragraphs) + "\n"


def _content(telling: Telling, night: int) -> tuple[str, list[str]]:
    """Return the title and the sentences of an article."""
    story, nth, rank = telling
    pattern = story.pattern
    fill = _Filler(telling, night)
    titles = pattern["later_titles"] if nth else pattern["titles"]
    sentences = [fill(wordings) for wordings in _told(telling)]
    turn = story.words(rank + 3 * nth)
    colours = [fill([colour], turn) for colour in _colours(telling)]
    mixed = [*sentences[:3], colours[0], *sentences[3:5], *colours[1:3], *sentences[5:]]
    mixed += colours[3:]
    title, *mixed = (line[:1].upper() + line[1:] for line in (fill(titles), *mixed))
    return title, mixed


def _colours(telling: Telling) -> list[str]:
    """Return the sentences about the surroundings, with their ends: each paper has its own."""
    story, nth, rank = telling
    colours = story.shuffled("colours", _texts()["colours"])
    tails = story.shuffled("tails", _texts()["tails"])
    first = _COLOURS * (rank + 3 * nth)
    return [
        f"{colours[n % len(colours)]}, {tails[n % len(tails)]}."
        for n in range(first, first + _COLOURS)
    ]


def _told(telling: Telling) -> Iterator[Sequence[str]]:
    """Yield the wordings of what an article tells of the story itself, in order."""
    story, nth, rank = telling
    pattern = story.pattern
    if nth:
        yield pattern["next"][nth - 1]
        yield pattern["counted_later"]
        yield pattern["cost_told"]
        yield pattern["lead"]
        yield pattern["cause"]  # others confirm it
        if nth > 1:
            yield pattern["next"][nth - 2]
        yield from story.shuffled(f"facts {rank} {nth}", pattern["facts"])[:2]
        return
    yield pattern["lead"]
    yield pattern["counted"]
    yield pattern["cost_told"]
    if rank == 0:  # it has this alone, until the next night
        yield pattern["cause"]
    yield from story.shuffled(f"facts {rank}", pattern["facts"])[: 3 if rank == 2 else 4]


class _Filler:
    """Fills the slots of sentences for one article."""

    def __init__(self, telling: Telling, night: int) -> None:
        self._story, nth, self._rank = telling
        self._nth = nth
        disputed = self._story.is_disputed and nth == 1 and self._rank == 1
        self._slots = self._story.slots() | self._story.words(0)
        self._slots |= {
            "count": f"{self._story.count(nth):,}",
            "before": f"{self._story.count(max(0, nth - 1)):,}",
            "cost": str(self._story.cost(disputed=disputed)),
        }
        self._night = night

    def __call__(self, wordings: Sequence[str], words: Mapping[str, str] | None = None) -> str:
        """Return the wording of this paper, with its slots filled, first of all from `words`."""
        wording = wordings[self._wording_of(wordings[0]) % len(wordings)]
        slots = self._slots | {"weekday": self._weekday(wordings)} | dict(words or {})
        return _VOWEL.sub(r"\1n ", wording.format_map(slots))

    def _wording_of(self, first: str) -> int:
        """Return which wording this paper uses: two papers differ, a third has some of each."""
        what = f"wording {first}" if self._rank > 1 else "wording"
        return self._rank + self._nth + self._story.number_of(what, 0, 1)

    def _weekday(self, wordings: Sequence[str]) -> str:
        """Return the weekday of what `wordings` tell: tonight's, unless it is told again."""
        story, night = self._story, self._night
        if wordings is story.pattern["lead"]:
            night = story.start
        elif wordings in (later := story.pattern.get("next", [])):
            night = story.start + story.pace[later.index(wordings) + 1]
        return _WEEKDAYS[(FIRST_DAY + dt.timedelta(days=night)).weekday()]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--nights", type=int, default=1)
    parser.add_argument("--count", type=int, default=_NIGHT, help="articles a night")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    for night in range(options.nights):
        for name, text in articles_of_night(night, options.count, options.seed):
            (options.folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
