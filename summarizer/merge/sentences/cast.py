"""Who is who in the articles of one storyline: people, organisations, parents and partners."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from summarizer.merge.sentences.named import NamedSentence
from summarizer.text.dates import dates
from summarizer.text.names import LEGAL_FORMS, Name, name_matches
from summarizer.text.words import stem


class NameKind(StrEnum):
    """What a name stands for, as far as its form and its neighbours tell."""

    PERSON = "person"
    ORGANISATION = "organisation"
    UNKNOWN = "unknown"


_ORG_WORDS = frozenset(
    """
    university college institute bank airlines airways motors agency department ministry committee
    council association federation union party church court commission bureau foundation society
    studios pictures records entertainment laboratories labs technologies systems software
    pharmaceuticals therapeutics energy electric industries holdings partners capital media press
    news times post hospital school club network services museum theatre authority
    """.split()
)
_TRADES = frozenset(
    """
    company companies firm firms maker makers giant giants developer startup start-up startups
    group manufacturer retailer automaker carmaker drugmaker chipmaker planemaker agency airline
    bank operator publisher studio owner lab laboratory business conglomerate corporation designer
    supplier vendor subsidiary newspaper broadcaster network brand shipbuilder contractor
    """.split()
)
_STAFF = frozenset(
    """
    ceo cfo cto coo shares stock spokesman spokeswoman spokesperson executive executives employees
    shareholders investors engineers chairman chairwoman subsidiary headquarters customers
    """.split()
)
_PERSON_TITLES = frozenset(
    """
    mr mrs ms miss dr prof professor sir dame lord lady president chancellor premier senator sen rep
    congressman congresswoman gov governor mayor judge gen general colonel col captain capt sgt
    sergeant lieutenant officer king queen prince princess pope rev ceo cfo cto coo chairman
    chairwoman director founder co-founder cofounder secretary spokesman spokeswoman spokesperson
    actor actress singer author novelist writer composer painter billionaire
    """.split()
)
_GIVEN_NAMES = frozenset(
    """
    james john robert michael william david richard joseph thomas charles christopher daniel
    matthew anthony mark steven paul andrew kenneth george joshua kevin brian edward ronald timothy
    jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon
    benjamin samuel frank gregory raymond alexander patrick jack dennis jerry peter henry adam
    mary patricia jennifer linda elizabeth barbara susan jessica sarah karen nancy lisa betty
    margaret sandra ashley kimberly emily donna michelle carol amanda melissa deborah stephanie
    rebecca laura sharon cynthia kathleen amy angela anna emma nicole helen samantha katherine
    christine rachel catherine maria diane julie joyce victoria kelly joan evelyn judith olivia
    martha bill bob jim joe tom mike dave dan steve tim ben sam nick greg kate jane ann anne alice
    ivan sergei vladimir dmitry juan carlos jose luis pedro ahmed mohammed muhammad ali hassan
    omar ibrahim yusuf wei li chen hiroshi kenji elon hans karl klaus pierre jean marie sofia
    """.split()
)
_INNER_CAPITAL = re.compile(r"(?!Mc|Mac|De|La|Le|Di|Du|Van|O['’])[A-Za-z][a-z]{1,12}[A-Z]")
_AGE = re.compile(r", \d\d,")
_WITHIN = 8  # words of ", the parent company of …" after a name

# What makes two holders of one thing no rivals; stems of words that link two names.
_LINKS = frozenset(
    stem(w)
    for w in """
    parent subsidiary unit division arm brand owner owned bought acquired acquisition takeover
    merger merged sold sale sells spun spin-off joint jointly partnership partner partnered alliance
    venture collaboration collaborated cooperation renamed rebranded rename formerly
    previously license licensed licensing backed investor stake funded behalf contractor supplier
    together teamed co-developed affiliate sister predecessor successor replaced
    """.split()
)
_ASIDE = re.compile(r",\s(?:an?|the)\s[^,]{1,80},")
_LISTED = frozenset((", ", " and ", ", and ", " & ", " or "))
_HOUSES = """
alphabet google youtube deepmind waymo android
meta facebook instagram whatsapp
microsoft xbox github linkedin
twitter x
amazon aws twitch
disney pixar marvel lucasfilm abc espn hulu
comcast nbc nbcuniversal universal
volkswagen audi porsche skoda
stellantis chrysler fiat jeep peugeot
bytedance tiktok douyin
janssen johnson
"""
_HOUSE_OF = {
    word: line.split()[0] for line in _HOUSES.strip().splitlines() for word in line.split()
}
_MOST_SENTENCES = 200  # of two names, that are looked at for what links them
_SAME_TIME_DAYS = 31
_SPELLING = 0.75  # share of letter pairs from which two words may be one, spelled otherwise


def key_of(name: Name) -> tuple[str, ...]:
    """Return the words of a name without legal forms: "Meta Platforms Inc" is "meta"."""
    return tuple(w for w in name.words if w not in LEGAL_FORMS) or name.words


def same_holder(a: Name, b: Name) -> bool:
    """Tell whether two names may be of one holder: variants, a shared word, a house's brands."""
    one, two = key_of(a), key_of(b)
    if name_matches(a, [b]) or name_matches(b, [a]) or set(one) & set(two):
        return True
    houses = {_HOUSE_OF[w] for w in one if w in _HOUSE_OF}
    if houses & {_HOUSE_OF[w] for w in two if w in _HOUSE_OF}:
        return True
    return spelled_alike(one[-1], two[-1])


@lru_cache(maxsize=4096)
def spelled_alike(a: str, b: str) -> bool:
    """Tell whether two words may be one, spelled otherwise: Gaddafi, Qaddafi."""
    one, two = (Counter(f"{x}{y}" for x, y in zip(w, w[1:], strict=False)) for w in (a, b))
    total = one.total() + two.total()
    return total > 0 and 2 * (one & two).total() / total >= _SPELLING


class Cast:
    """What the sentences of one storyline tell of the names in them."""

    def __init__(self, sentences: Sequence[NamedSentence]) -> None:
        self._sentences = sentences
        self._people: set[tuple[str, ...]] = set()
        self._surnames: set[str] = set()
        self._organisations: set[tuple[str, ...]] = set()
        self._where: dict[str, list[int]] = {}
        self._naming: dict[str, set[int]] = {}
        self._days: dict[int, set[tuple[int | None, int | None]]] | None = None
        self._linked: dict[tuple[tuple[str, ...], tuple[str, ...], str], bool] = {}
        for n, sentence in enumerate(sentences):
            for name in sentence.names:
                self._meet(sentence, name)
                for word in dict.fromkeys(name.words):
                    self._naming.setdefault(word, set()).add(sentence.article)
                    seen = self._where.setdefault(word, [])
                    if not seen or seen[-1] != n:
                        seen.append(n)

    def _meet(self, sentence: NamedSentence, name: Name) -> None:
        key = key_of(name)
        if _is_person(sentence, name):
            self._people.add(key)
            if len(key) > 1:
                self._surnames.add(key[-1])
        elif _is_organisation(sentence, name):
            self._organisations.add(key)

    def kind(self, name: Name) -> NameKind:
        """Return what `name` stands for; unknown where the signs contradict one another."""
        key = key_of(name)
        person = self.is_person(" ".join(key))
        if person != (key in self._organisations):
            return NameKind.PERSON if person else NameKind.ORGANISATION
        return NameKind.UNKNOWN

    def is_person(self, words: str) -> bool:
        """Tell whether the words of a name are known as a person's."""
        key = tuple(words.split())
        return key in self._people or (len(key) == 1 and key[0] in self._surnames)

    def are_named(self, name: Name, articles: set[int]) -> bool:
        """Tell whether one of `articles` has the last word of `name` in a name."""
        return not self._naming.get(key_of(name)[-1], set()).isdisjoint(articles)

    def same_time(self, a: NamedSentence, b: NamedSentence) -> bool:
        """Tell whether the articles of both are of one month, as dated or by a day both name."""
        if a.published and b.published:
            return abs((a.published - b.published).days) <= _SAME_TIME_DAYS
        if self._days is None:
            self._days = {}
            for sentence in self._sentences:
                days = {(d.day, d.month) for d in dates(sentence.text) if d.day and d.month}
                self._days.setdefault(sentence.article, set()).update(days)
        return not self._days[a.article].isdisjoint(self._days[b.article])

    def linked(self, a: Name, b: Name, *, over: str = "") -> bool:
        """Tell whether a sentence links the two: a parent, a sale, a partnership, a new name.

        `over` is what they may be linked by: "Brelo sold Quillo to Tarnix".
        """
        one, two = sorted((key_of(a), key_of(b)))
        key = (one, two, over)
        if key not in self._linked:
            both = set(self._where.get(one[0], ())) & set(self._where.get(two[0], ()))
            near = [self._sentences[n] for n in sorted(both)[:_MOST_SENTENCES]]
            self._linked[key] = any(_link(sentence, one, two, over) for sentence in near)
        return self._linked[key]


def _is_person(sentence: NamedSentence, name: Name) -> bool:
    if name.words[0] in _GIVEN_NAMES and len(name.words) > 1:
        return True
    first = sentence.first(name)
    before = sentence.low(first - 1)
    titled = before in _PERSON_TITLES and sentence.gap(first) in (" ", ". ")
    return titled or bool(_AGE.match(sentence.text, name.end))


def _is_organisation(sentence: NamedSentence, name: Name) -> bool:
    if len(name.words) > 1 and name.words[-1] in LEGAL_FORMS | _ORG_WORDS:
        return True
    if _INNER_CAPITAL.match(name.text) and len(name.words) == 1:
        return True
    first, after = sentence.first(name), sentence.after(name)
    if first and sentence.low(first - 1) in _TRADES and sentence.gap(first) in (" ", ", "):
        return True
    if after >= len(sentence.words):
        return False
    if sentence.low(after) in _STAFF:
        return True
    if sentence.gap(after) != ", " or sentence.low(after) not in ("a", "an", "the", "which"):
        return False
    for i in range(after + 1, min(after + _WITHIN, len(sentence.words))):
        if "," in sentence.gap(i) or sentence.low(i) in ("of", "for", "that", "in"):
            return False
        if sentence.low(i) in _TRADES:
            return True
    return False


def _link(sentence: NamedSentence, a: tuple[str, ...], b: tuple[str, ...], over: str) -> bool:
    """Tell whether the sentence names both side by side, and links them.

    An aside is read with the name before it, and the rest without it: "Brelo, a backer of Tarn,
    has joined with Orvin" links Brelo with either, but not Tarn with Orvin.
    """
    asides = [m.span() for m in _ASIDE.finditer(sentence.text)]
    parts = [
        ([n for n in sentence.names if n.end == start or start < n.start < end], [(start, end)])
        for start, end in asides
    ]
    main = [
        n
        for n in sentence.names
        if not any(s < n.start < e for s, e in asides) and (not over or over not in n.words)
    ]
    parts.append((main, _outside(asides, len(sentence.text))))
    return any(
        _side_by_side(sentence, part, a, b)
        and any(
            stem(word.text) in _LINKS and any(s <= word.start < e for s, e in spans)
            for word in sentence.words
        )
        for part, spans in parts
    )


def _outside(asides: Sequence[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    edges = [0, *(edge for aside in asides for edge in aside), length]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _side_by_side(
    sentence: NamedSentence, part: Sequence[Name], a: tuple[str, ...], b: tuple[str, ...]
) -> bool:
    """Tell whether no name is between the two but those of one list: "Brelo, Tarn and Orvin"."""
    row: set[tuple[str, ...]] = set()
    last: Name | None = None
    for name in part:
        key = key_of(name)
        if last is not None and {a, b} == {key, key_of(last)}:
            return True
        listed = last is not None and sentence.text[last.end : name.start] in _LISTED
        row = row | {key} if listed else {key}
        if {a, b} <= row:
            return True
        last = name
    return False
