"""Whether two claims speak of one event: their names, periods, plans and the words they share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from summarizer.merge.facts.claims import Telling
from summarizer.merge.facts.joining import Comparer
from summarizer.text.names import Name, name_matches, names
from summarizer.text.words import Term, content_stems, terms, tokens

_LONGEST = 2000  # characters of a claim in which names are sought
_SHORT = 10  # terms of a headline; so few words are alike by chance
_STEM = 4
_CAPITALS = 0.6  # share of capitalised words from which a text is in title case
# Who prints the news, and where shares are traded: no part of what happened.
_PRINTERS = re.compile(
    r"(?:cnn|reuters|ap|afp|bbc|nbc|abc|cbs|msnbc|fox|npr|upi|bloomberg|associated press|news"
    r"|new york times|washington post|wall street journal|wall street|nyse|.*stock exchange"
    r"|.*stock market|.*petroleum exchange|thomson.*|first call|monday|tuesday|wednesday|thursday"
    r"|friday|saturday|sunday)",
    re.I,
)
_PRONOUN = re.compile(r"[\"'“‘]?(?:they|it|he|she|this|these|those|that|its|their|his|her)\b", re.I)
_WANTED = re.compile(
    r"\b(?:seek|seeks|seeking|sought|asks?|asked|asking|demand(?:s|ed|ing)?|request(?:s|ed|ing)?"
    r"|wants?|wanted|propos(?:e|es|ed|ing|als?)|bid|bids|goals?|target(?:s|ed)?|hop(?:e|es|ed|ing))\b",
    re.I,
)
_FORECAST = re.compile(
    r"\b(?:expect(?:s|ed|ing)?|forecasts?|forecasted|predict(?:s|ed|ing)?|project(?:s|ed|ions?)"
    r"|estimat(?:e|es|ed)|anticipat(?:e|es|ed|ing)|guidance|outlook|could reach)\b",
    re.I,
)


_AMERICAN = re.compile(r"U\.?S\.?|US|USA|United States|Americans?|America")
_RESULTS = re.compile(
    r"\b(?:revenues?|earnings|earned|profits?|net income|net loss|operating loss|quarter"
    r"|(?:a|per) share)\b",
    re.I,
)
_PERIODS = (
    re.compile(r"\b(?:over|during|in|for) the (?:last|past|previous) (?:\w+ )?\w+", re.I),
    re.compile(r"\bsince\b", re.I),
    re.compile(
        r"\b(?:year-ago|year-earlier|a year (?:ago|earlier|prior)|(?:than|from|with|over) last year"
        r"|year[\s-](?:over|on)[\s-]year)\b",
        re.I,
    ),
)
_TERM = re.compile(
    r"\b(?:(?P<nth>first|second|third|fourth|1st|2nd|3rd|4th|prior|previous|same|last|latest|recent"
    r"|current|next|this|full|whole)[\s-](?:fiscal |financial |calendar )?"
    r"(?P<unit>quarter|half|year|month|period)"
    r"|(?P<to>quarter|half|year|month|period),? (?:that )?end(?:ed|ing|s)\b"
    r"|fiscal (?P<year>\d{4})"
    r"|(?P<ago>year[\s-](?:ago|earlier)|a year (?:ago|earlier|before|prior)))",
    re.I,
)
_LEFT_OUT = re.compile(r"\b(?:excluding|except for|core|controlling for|adjusted for)\b", re.I)
_DIGIT = re.compile(r"\d")
_OWNER = re.compile(r"['’]s?\s")
_SAID = re.compile(
    r",[\"”’]?\s(?:[\w.'’-]+\s){0,6}(?:said|says|told|according to)\b[^,.;\"“”]{0,80}"
    r"(?:,\s(?:an?|the)\s[^.;\"“”]{0,120})?[.]?$"
)
_AROUND = 50  # characters before a number in which a name is of its holder
_SHARED_OUT = re.compile(
    r"\b(?:each|apiece|every|on average|an average|per person|combined)\b", re.I
)
_PLANNED = re.compile(
    r"\b(?:plan(?:s|ned|ning)?|intend(?:s|ed)?|aim(?:s|ing)? (?:to|for)|expect(?:s|ed|ing)?"
    r"|will|would|could|may|might|to be|propos(?:e|es|ed|ing)"
    r"|consider(?:s|ed|ing)?|(?:set|going|want|wants|wanted|hopes?|hoping"
    r"|expects?|expected|due) to)\b",
    re.I,
)
# "To serve about 7 years": not yet served.
_YET_TO = re.compile(
    r"\bto\s(?!about|around|nearly|almost|more|less|at|over|some|roughly|as|just|the|an?\b|only|up\b"
    r"|approximately|under|fewer)[a-z]+\s(?:(?:about|around|nearly|almost|some|roughly|at|least|up|to"
    r"|more|than|over|an?|the|only)\s){0,3}[$£€]?$"
)
_PAUSE = re.compile(r"[,;:.]\s")
_CLAUSE = re.compile(r"[.;:—–]\s|,\s(?:and|but|while|which|who)\s|\b(?:after|because|although)\s")
_REACH = 70  # characters before a number in which a plan counts


@dataclass(frozen=True)
class Setting:
    """How two claims stand to each other, their numbers left out.

    `likeness` is that of their words; `shared` counts the names of one that the other has, and
    `own_a` and `own_b` those that it has not; `headlines` is true where either is one.
    """

    likeness: float
    shared: int
    own_a: int
    own_b: int
    headlines: bool
    rival_people: bool

    @property
    def common(self) -> float:
        """The share of the names of both that they have in common, 1 where none is named."""
        every = self.shared + self.own_a + self.own_b
        return self.shared / every if every else 1.0

    @property
    def disjoint(self) -> bool:
        """Whether each names someone or somewhere, and nobody and nowhere in common."""
        return self.shared == 0 and self.own_a > 0 and self.own_b > 0


def setting(comparer: Comparer, a: Telling, b: Telling) -> Setting:
    """Compare the words and names of two claims."""
    first, second = words_without_values(a), words_without_values(b)
    one, two = _named(a.text), _named(b.text)
    matched = [name for name in one if _matches(name, two)]
    back = [name for name in two if _matches(name, one)]
    return Setting(
        likeness=comparer.likeness_of(first, second),
        shared=max(len(matched), len(back)),
        own_a=_own(a.text, one, matched),
        own_b=_own(b.text, two, back),
        headlines=any(_headline(t.text, keys) for t, keys in ((a, first), (b, second))),
        rival_people=any(_rival(x, y) for x in one for y in two),
    )


def _own(text: str, named: Sequence[Name], matched: Sequence[Name]) -> int:
    """Count the names that only this claim has; who says so has no part in what is said."""
    if _title_case(text):
        return 0
    said = _SAID.search(text[:_LONGEST])
    return sum(name not in matched and not (said and said.start() <= name.start) for name in named)


def words_without_values(telling: Telling) -> frozenset[str]:
    """Return the terms of a claim, those of its numbers left out."""
    values = {key for number in telling.numbers for key in content_stems(number.text)}
    return telling.keys - values


@lru_cache(maxsize=8192)
def _named(text: str) -> tuple[Name, ...]:
    first: dict[tuple[str, ...], Name] = {}
    for name in names(text[:_LONGEST]):
        if not _PRINTERS.fullmatch(name.text):
            first.setdefault(name.words, name)
    return tuple(first.values())


def _matches(name: Name, others: Sequence[Name]) -> bool:
    return name_matches(name, others) or any(_short_form(name, other) for other in others)


def _short_form(one: Name, two: Name) -> bool:
    """Tell Iraq and Iraqi, California and Calif., the U.S. and Americans."""
    if _AMERICAN.fullmatch(one.text) and _AMERICAN.fullmatch(two.text):
        return True
    if len(one.words) != 1 or len(two.words) != 1:
        return False
    short, long = sorted((one.words[0].rstrip("."), two.words[0].rstrip(".")), key=len)
    return len(short) >= _STEM and long.startswith(short)


def _title_case(text: str) -> bool:
    """Tell a headline in capitals, where they tell no name."""
    words = tokens(text)
    capitals = sum(word.text[0].isupper() for word in words)
    return len(words) >= _STEM and capitals > _CAPITALS * len(words)


def _headline(text: str, keys: frozenset[str]) -> bool:
    unended = not text.rstrip("\"'”’ ").endswith((".", "!", "?"))
    return _title_case(text) or (unended and len(keys) <= _SHORT)


def _rival(one: Name, two: Name) -> bool:
    """Tell whether two names are of two people of one family."""
    return (
        min(len(one.words), len(two.words)) >= 2
        and one.words[-1] == two.words[-1]
        and not set(one.words[:-1]) & set(two.words[:-1])
        and one.words[0][0] != two.words[0][0]
    )


def other_holders(a: str, at_a: tuple[int, int], b: str, at_b: tuple[int, int]) -> bool:
    """Tell whether the names around two numbers are of others: "Tarn has 25, Brask 35"."""
    one, two = _names_around(a, *at_a), _names_around(b, *at_b)
    return bool(one and two) and not any(_matches(name, two) for name in one)


def _names_around(text: str, start: int, end: int) -> list[Name]:
    """Return the names before a number that no other digit parts from it."""
    left = max((m.end() for m in _DIGIT.finditer(text, max(0, start - _AROUND), start)), default=0)
    left = max(left, start - _AROUND)
    around = [name for name in _named(text) if left <= name.start and name.end <= start]
    # "Ann Tarn, Brask's president, has 25": they are Tarn's.
    return [name for name in around if not _OWNER.match(text, name.end)] or around


def other_kind(a: Telling, b: Telling) -> bool:
    """Tell whether one word has another before it: a mine accident, a truck accident."""
    if max(len(words_without_values(t)) for t in (a, b)) > _SHORT:
        return False  # in longer claims, words that stand in no place of another come together
    one, two = _modified(a.text), _modified(b.text)
    return any(
        not one[head] & two[head] and not one[head] & b.keys and not two[head] & a.keys
        for head in one.keys() & two.keys()
    )


def _modified(text: str) -> dict[str, frozenset[str]]:
    """Return the words that stand right before each word of a text, names left out."""
    found: dict[str, frozenset[str]] = {}
    named = [] if _title_case(text) else _named(text)
    for one, two in pairwise(_content(text[:_LONGEST])):
        apart = text[one.end : two.start] != " " or any(
            n.start < two.end and one.start < n.end for n in named
        )
        if not apart and one.key.isalpha():
            found[two.key] = found.get(two.key, frozenset()) | {one.key}
    return found


def _content(text: str) -> list[Term]:
    """Return the terms of a headline, in which "mine" is a noun."""
    mine = [Term("mine", "mine", t.start, t.end) for t in tokens(text) if t.text == "mine"]
    return sorted([*terms(text), *mine], key=lambda term: term.start)


def opens_with_pronoun(text: str) -> bool:
    """Tell whether a claim begins with a pronoun: whose number it is, it does not say."""
    return bool(_PRONOUN.match(text))


def wanted(text: str) -> bool:
    """Tell whether a claim is of what someone asks for or proposes."""
    return bool(_WANTED.search(text))


def planned_at(text: str, position: int) -> bool:
    """Tell whether what stands at `position` is planned or possible, in its own clause."""
    clause = _CLAUSE.split(text[max(0, position - _REACH) : position])[-1]
    return bool(_PLANNED.search(clause))


def yet_to(text: str, position: int) -> bool:
    """Tell "to serve seven years" from "served seven years"."""
    return bool(_YET_TO.search(text[max(0, position - _REACH) : position]))


def shared_out(text: str, start: int, end: int) -> bool:
    """Tell whether the number at `start` is for each of several, or on average, in its clause."""
    before = _PAUSE.split(text[max(0, start - _REACH) : start])[-1]
    after = _PAUSE.split(text[end : end + _REACH])[0]
    return bool(_SHARED_OUT.search(before) or _SHARED_OUT.search(after))


def results(text: str) -> bool:
    """Tell whether a claim is of the results of a company."""
    return bool(_RESULTS.search(text))


def other_periods(one: str, two: str) -> bool:
    """Tell "in the last three months" from "since May", and a month's change from a year's.

    A figure that leaves something out ("excluding food") is of another kind, too.
    """
    first, second = ([bool(p.search(text)) for p in _PERIODS] for text in (one, two))
    if first[2] != second[2] or bool(_LEFT_OUT.search(one)) != bool(_LEFT_OUT.search(two)):
        return True
    return (
        any(first) and any(second) and not any(x and y for x, y in zip(first, second, strict=True))
    )


def other_terms(one: str, two: str, *, of_results: bool) -> bool:
    """Tell figures of one quarter or year from those of another; results, of none named, too."""
    first, second = _terms_of(one), _terms_of(two)
    return first != second and (of_results or bool(first and second and not first & second))


def _terms_of(text: str) -> frozenset[str]:
    return frozenset(m.group().lower().replace("-", " ") for m in _TERM.finditer(text[:_LONGEST]))


def forecast(text: str) -> bool:
    """Tell whether a claim is of what someone expects."""
    return bool(_FORECAST.search(text))
