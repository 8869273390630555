"""Named things that have one maker or owner: a model, a browser, a ship, a film."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from summarizer.merge.sentences.named import NamedSentence, is_plain_gap, is_quoted
from summarizer.text.names import Name
from summarizer.text.words import STOPWORDS


class Sort(StrEnum):
    """What a thing is, which says whose it can be."""

    SINGLE = "single"  # one house makes, sells and owns it: a model, an app
    MASS = "mass"  # who makes it, who owns a copy and who runs it are others: a plane, a chip
    WORK = "work"  # one writes, one directs, one publishes it: a film, a novel


class Thing(NamedTuple):
    """A named thing: `family` is its name without version, `start` to `end` its place.

    `sort` is None where only a version or quotation marks show that it is a thing; `sure` is
    false where the words may also say what the thing is for ("the Windows app").
    """

    family: str
    sort: Sort | None
    sure: bool
    start: int
    end: int


_SINGLE = frozenset("model chatbot assistant browser engine language".split())
_PURPOSE = frozenset("software app application platform service tool technology system".split())
# Before the name only: a flu drug and a Covid-19 vaccine are against these.
_BEFORE_ONLY = frozenset("drug vaccine pill medicine treatment antibiotic".split())
_MASS = frozenset(
    """
    plane jet airliner aircraft helicopter airship drone chip processor semiconductor gpu phone
    smartphone tablet car truck train tram engine turbine rifle gun pistol missile rocket
    spacecraft satellite telescope lander rover ship ferry tanker freighter yacht submarine
    tower stadium bridge
    """.split()
)
_WORK = frozenset(
    """
    film movie song album single novel book memoir biography poem play opera musical painting
    series show sitcom documentary game
    """.split()
)
_SORTS = {
    **dict.fromkeys(_SINGLE | _PURPOSE | _BEFORE_ONLY, Sort.SINGLE),
    **dict.fromkeys(_MASS, Sort.MASS),
    **dict.fromkeys(_WORK, Sort.WORK),
}
# "The iPhone app" is an app for it; "the Llama rival" is something else.
_PLATFORMS = frozenset(
    """
    android ios iphone ipad ipod windows mac macos macintosh linux xbox playstation kindle alexa
    web internet bluetooth wifi gps bitcoin blockchain ethereum usb
    """.split()
)
_OTHER = frozenset(
    """
    rival rivals competitor competitors clone clones alternative alternatives killer like based
    powered style compatible users user account accounts page pages integration store maker makers
    company companies firm developer developers team unit division business subsidiary customers
    equivalent successor predecessor copycat lookalike version partner parent supplier chief answer
    deal case lawsuit feed post posts handle profile followers
    """.split()
)
_NUMBERED = frozenset(
    """
    section chapter article title amendment day week month year season episode room route highway
    interstate channel flight level phase group team unit terminal gate pier page form part track
    number no vol volume act rule type class grade stage round game week figure table item line
    pope bowl expo june july may formula covid sars h1n1 g g7 g8 g20 top area zone ward district
    """.split()
)
_CALLED = frozenset("called named dubbed known as".split())
_STEPS = frozenset("most new more very own first latest long much highly still other".split())
_BARS = STOPWORDS - _STEPS
_REACH = 7  # words from the holder to the thing
_NOUN_WITHIN = 4  # words from the thing to what it is: "Llama large language model"
_VERSION = re.compile(r"v?\d{1,2}(?:\.\d+){0,2}[a-z]?$")
_SIGN = re.compile(r"[\d\"“”‘]|(?:^|[\s(])'")  # of a version, or of a quotation
_THING_WORDS = frozenset(form for noun in _SORTS for form in (noun, f"{noun}s"))
_CODE = re.compile(r"([a-z]{3,})\d{1,2}(?:\.\d+)?[a-z]?$")  # gpt4
_PEOPLE = re.compile(r"(?:[a-z]{3,}(?:ese|ian|ish|ean|can)|[a-z]+stani)$")
_LONGEST_ACRONYM = 5  # letters of AI, LLM, HIV, NATO


def may_be_named(text: str, words: set[str]) -> bool:
    """Tell whether a text of these words has what every thing has: a version, quotes, a noun."""
    return not words.isdisjoint(_THING_WORDS) or _SIGN.search(text) is not None


def thing_after(sentence: NamedSentence, at: int) -> Thing | None:
    """Return the thing named at word `at` or a few describing words on: "latest AI model GPT-4"."""
    for i in range(at, min(at + _REACH, len(sentence.words))):
        gap = sentence.gap(i)
        if i > at and not is_plain_gap(gap):
            # "its sophisticated AI model, Llama": a comma may follow what it is
            if gap.strip() != "," or _sort_at(sentence, i - 1) is None:
                return None
        name = sentence.name_at(i)
        low = sentence.low(i)
        if name is not None and not is_general(name):
            return thing_at(sentence, name) if sentence.first(name) == i else None
        if name is None and not sentence.words[i].text[0].islower():
            return None
        if low in _OTHER or (low in _BARS and low not in _CALLED):
            return None
    return None


def thing_at(sentence: NamedSentence, name: Name) -> Thing | None:
    """Return the thing that `name` names; None where nothing shows that it is one."""
    family, versioned = family_of(name)
    first, after = sentence.first(name), sentence.after(name)
    if family is None or is_modifier(sentence, after):
        return None
    before, noun = _sort_before(sentence, first), _noun_after(sentence, after)
    sort = before or (_SORTS[noun] if noun is not None else None)
    shown = versioned or is_quoted(sentence, name)
    if sort is None and not shown:
        return None
    sure = shown or before is not None or noun not in _PURPOSE
    return Thing(family, sort, sure, name.start, name.end)


def family_of(name: Name) -> tuple[str | None, bool]:
    """Return the name of a product without its version, and whether it had one.

    None for names that are no product's: nations, platforms, "Section 230", "Flight 93".
    """
    words = list(name.words)
    versioned = False
    while len(words) > 1 and _VERSION.match(words[-1]):
        versioned = True
        words.pop()
    if match := _CODE.match(words[-1]):
        versioned = True
        words[-1] = match[1]
    if words[-1] in _NUMBERED or words[0] in _NUMBERED or _VERSION.match(words[0]):
        return None, False
    if len(words) == 1 and (words[0] in _PLATFORMS or _PEOPLE.match(words[0])):
        return None, False
    return " ".join(words), versioned


def is_general(name: Name) -> bool:
    """Tell acronyms of kinds of things: AI, LLM, HIV."""
    text = name.text.rstrip("s")
    return text.isalpha() and text.isupper() and len(text) <= _LONGEST_ACRONYM


def _sort_at(sentence: NamedSentence, i: int) -> Sort | None:
    return _SORTS.get(_singular(sentence.low(i)))


def _singular(low: str) -> str:
    """Return the plain form of a noun; no stem, under which "trained" would be a train."""
    if low in _SORTS:
        return low
    return f"{low[:-3]}y" if low.endswith("ies") else low.removesuffix("s")


def _sort_before(sentence: NamedSentence, first: int) -> Sort | None:
    """Return what the word before says that the thing is: "the chatbot Tarn", "model, Llama"."""
    i = first - 1
    while i > 0 and sentence.low(i) in _CALLED:
        i -= 1
    if i < 0 or not sentence.words[i].text[0].islower():
        return None
    gap = sentence.gap(first)
    return _sort_at(sentence, i) if is_plain_gap(gap) or gap.strip() == "," else None


def is_modifier(sentence: NamedSentence, after: int) -> bool:
    """Tell whether the name only describes what follows: "Llama rival", "the Llama model maker"."""
    for i in range(after, min(after + _NOUN_WITHIN, len(sentence.words))):
        low = sentence.low(i)
        if not is_plain_gap(sentence.gap(i)) or low in STOPWORDS:
            return False
        if low in _OTHER or (i == after and _singular(low) in _BEFORE_ONLY):
            return True
    return False


def _noun_after(sentence: NamedSentence, after: int) -> str | None:
    """Return the noun after a name that says what it is, in the singular.

    "Llama large language model" is a model, and so is "Llama, a large language model".
    """
    start, within = after, _NOUN_WITHIN
    if start < len(sentence.words) and sentence.gap(start) == ", ":
        if sentence.low(start) not in ("a", "an", "the"):
            return None
        start, within = start + 1, _REACH
    found: str | None = None
    for i in range(start, min(start + within, len(sentence.words))):
        low = sentence.low(i)
        if not is_plain_gap(sentence.gap(i)) or not sentence.is_lower(i):
            return found
        if low in STOPWORDS or low.endswith("'s"):
            return found
        if _singular(low) in _SORTS:
            found = _singular(low)
        elif found is not None:
            return found
    return found
