"""The names, numbers and dates found elsewhere, to put in the place of a sentence's own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from summarizer.edits import places
from summarizer.text.names import Name, names
from summarizer.text.quantities import quantities

MAX_TEXT_CHARS = 20_000  # of one text; bounds the work on a hostile one
_MAX_TEXTS = 400
_MAX_NAMES = 1000  # of one pool: each is compared with all others
_PLACE_BEFORE = re.compile(r"\b(?:in|near|throughout|across|outside)\s$")
_PERSON_AFTER = re.compile(r",? (?:said|says|told|added|admitted|wrote|tweeted|explained)\b")
_SURELY_PERSON_AFTER = re.compile(r", \d\d,|,? who\b|, (?:his|her) ")
_WORD_BEFORE = re.compile(r"(?:^|[^\w])([a-z]+)\s(?:[Tt]he\s)?$")
_PREPOSITIONS = frozenset("in at on of for with from to by near into against about under".split())
PERSON_LIKE = re.compile(r"[^\W\d_][\w'’.-]+(?: [^\W\d_][\w'’.-]*){1,2}")
"""Two or three words that can be first names and a surname."""
_TITLE_BEFORE = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Sir|President|Senator|Judge|Minister|Chancellor|Captain|Prof|Professor"
    r"|Governor|Mayor|Chairman|Coach|Prince|Princess|King|Queen)\.?\s$"
)
_THE_BEFORE = re.compile(r"\b[Tt]he\s$")


class NameKind(StrEnum):
    """What a name is the name of, as far as its words and its place tell."""

    MAN = "man"
    WOMAN = "woman"
    PERSON = "person"
    COUNTRY = "country"
    CITY = "city"
    STATE = "state"
    PLACE = "place"
    DEMONYM = "demonym"
    FAITH = "faith"
    PARTY = "party"
    BODY = "body"
    OTHER = "other"


PEOPLE = frozenset((NameKind.MAN, NameKind.WOMAN, NameKind.PERSON))
PLACES = frozenset((NameKind.COUNTRY, NameKind.CITY, NameKind.STATE, NameKind.PLACE))


def _split(table: str) -> tuple[str, ...]:
    return tuple(table.replace("\n", "").split("|"))


KNOWN: dict[NameKind, tuple[str, ...]] = {
    NameKind.COUNTRY: _split(places.COUNTRIES),
    NameKind.CITY: _split(places.CITIES),
    NameKind.STATE: _split(places.STATES),
    NameKind.DEMONYM: _split(places.DEMONYMS),
    NameKind.FAITH: _split(places.FAITHS),
    NameKind.PARTY: _split(places.PARTIES),
    NameKind.MAN: _split(places.MEN),
    NameKind.WOMAN: _split(places.WOMEN),
}
"""Well-known names a kind, for pools that hold none: MAN and WOMAN are first names."""

THE_COUNTRIES = frozenset(_split(places.THE_COUNTRIES))
_WHOLE = (
    NameKind.COUNTRY, NameKind.CITY, NameKind.STATE, NameKind.DEMONYM, NameKind.FAITH,
    NameKind.PARTY,
)  # fmt: skip
_KIND_OF: dict[str, NameKind] = dict.fromkeys(THE_COUNTRIES, NameKind.COUNTRY)
for _kind in _WHOLE:
    _KIND_OF.update(dict.fromkeys(KNOWN[_kind], _kind))
_FIRST_NAMES = {w: k for k in (NameKind.MAN, NameKind.WOMAN) for w in KNOWN[k]}


class Known(NamedTuple):
    """A name as it stands in a text, its kind, and whether "the" stands before it.

    `opens` where it opens a sentence, so that its capital may say nothing; `before` is the
    preposition before it, or "".
    """

    text: str
    kind: NameKind
    the: bool
    name: Name
    opens: bool
    before: str


def kind_of(text: str, name: Name) -> NameKind:
    """Tell the kind of a name that `names` found in `text`."""
    if known := _KIND_OF.get(name.text):
        return known
    words = name.text.split()
    lows = {w.lower().strip(".,'’") for w in words}
    if lows & places.BODY_WORDS and len(words) > 1:
        return NameKind.BODY
    if words and (first := _FIRST_NAMES.get(words[0])) and (len(words) in (2, 3)):
        return first
    head = text[max(0, name.start - 16) : name.start]
    if _TITLE_BEFORE.search(head):
        return NameKind.PERSON
    if words and words[-1].lower() in places.ROAD_WORDS:
        return NameKind.PLACE
    if len(name.text) < 6 and name.text.isupper() and name.text.isalpha():
        return NameKind.BODY
    follows = text[name.end : name.end + 12]
    if _SURELY_PERSON_AFTER.match(follows) and len(words) < 4:
        return NameKind.PERSON
    if _PERSON_AFTER.match(follows) and PERSON_LIKE.fullmatch(name.text):
        return NameKind.PERSON
    if _PLACE_BEFORE.search(head) and name.text.replace(" ", "").isalpha():
        return NameKind.PLACE
    return NameKind.OTHER


@lru_cache(maxsize=512)
def known_names(text: str) -> tuple[Known, ...]:
    """Return the names of `text` in order, with their kinds; equal words get one kind."""
    found = names(text[:MAX_TEXT_CHARS])
    kinds = {name: kind_of(text, name) for name in found}
    people = {name.words[-1]: kind for name, kind in kinds.items() if kind in PEOPLE and name.words}
    result = []
    for name in found:
        kind = kinds[name]
        if kind is NameKind.OTHER and len(name.words) == 1:
            kind = people.get(name.words[0], kind)  # Smith, of Jane Smith
        the = bool(_THE_BEFORE.search(text[max(0, name.start - 5) : name.start]))
        opens = not re.search(r"[\w,;)] (?:[Tt]he )?$", text[max(0, name.start - 6) : name.start])
        result.append(Known(name.text, kind, the, name, opens, _before(text, name.start)))
    return tuple(result)


def _before(text: str, start: int) -> str:
    match = _WORD_BEFORE.search(text[max(0, start - 20) : start])
    return match[1] if match and match[1] in _PREPOSITIONS else ""


class Number(NamedTuple):
    """A number as written, with the unit that `quantities` gives it."""

    text: str
    unit: str | None


@dataclass(frozen=True)
class Pool:
    """Names and numbers of an article (`names`, `numbers`), and names of others (`other_names`)."""

    names: tuple[Known, ...] = ()
    numbers: tuple[Number, ...] = ()
    other_names: tuple[Known, ...] = ()

    @classmethod
    def of(cls, texts: Iterable[str], *, others: Iterable[str] = ()) -> Pool:
        """Collect what `texts`, the sentences or paragraphs of one article, hold.

        `others` are texts of other articles: their names are used now and then. Of each, the
        first 400 texts of 20,000 characters are read.
        """
        own = [text for _, text in zip(range(_MAX_TEXTS), texts, strict=False)]
        strange = [text for _, text in zip(range(_MAX_TEXTS), others, strict=False)]
        numbers = [
            Number(q.text, q.unit) for text in own for q in quantities(text[:MAX_TEXT_CHARS])
        ]
        found = cls(_distinct(own), tuple(dict.fromkeys(numbers)), _distinct(strange))
        return replace(found, names=tuple(found.with_kind(known) for known in found.names))

    def with_kind(self, known: Known) -> Known:
        """Give a name that says nothing of its kind the one that it has elsewhere."""
        if known.kind is not NameKind.OTHER:
            return known
        for other in self.names:
            if other.text == known.text and other.kind is not NameKind.OTHER:
                return known._replace(kind=other.kind)
            if other.text.endswith(f" {known.text}") and other.kind in PEOPLE:
                return known._replace(kind=NameKind.PERSON)  # Smith, of Jane Smith
        return known


def _distinct(texts: list[str]) -> tuple[Known, ...]:
    """The names of `texts`, each once, with the most telling kind that it got anywhere."""
    best: dict[str, Known] = {}
    for text in texts:
        for known in known_names(text):
            old = best.get(known.text)
            if old is None or (old.kind is NameKind.OTHER and known.kind is not NameKind.OTHER):
                best[known.text] = known
            elif old.opens and not known.opens and old.kind is known.kind:
                best[known.text] = known
    return tuple(best.values())[:_MAX_NAMES]
