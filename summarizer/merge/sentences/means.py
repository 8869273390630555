"""What one does by one's own means in one article, and by another's in the next.

"Brelo will train its new model on its own servers" against "Brelo began to train the new model
with Orvin's cloud". Both need the same subject, verb and object.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from summarizer.merge.sentences.cast import Cast, NameKind, key_of, same_holder
from summarizer.merge.sentences.named import NamedSentence, is_plain_gap
from summarizer.text.names import Name
from summarizer.text.negation import scopes
from summarizer.text.words import STOPWORDS, canonical, stem


class Means(NamedTuple):
    """A sentence that tells by whose means its subject does something to an object.

    `other` is None where the means are the subject's own; `start` to `end` is where the sentence
    names them. `place` is true where they say where it is done.
    """

    subject: Name
    verb: str
    thing: str
    details: frozenset[str]
    other: Name | None
    place: bool
    start: int
    end: int
    sentence: NamedSentence


_OWN = frozenset("own proprietary in-house internal homegrown home-grown self-built".split())
_POSSESSIVES = frozenset("its their his her".split())
_OWN_MEANS = re.compile(
    r"\b(?:its|their|his|her)\s+(?:own|proprietary|in-?house|internal|home-?grown|self-built)\b",
    re.I,
)
_PREPOSITIONS = frozenset("on with using in at through via by over".split())
_PLACES = frozenset("on in at".split())
_JOINT = frozenset("partnership collaboration cooperation".split())
_DETERMINERS = frozenset("the a an its their his her this".split())
_NEW = frozenset("new next upcoming forthcoming latest future coming".split())
_OLD = frozenset("old existing previous current first second third earlier".split())
_GENERAL = frozenset(
    stem(w) for w in "be have do make take get give go say use see want try need keep put".split()
)
_OBJECT = 6  # words of an object, with its determiner
_SUBJECT = 8  # words from the subject to the verb
_MEANS = 4  # words of the own means
_STEPS = frozenset(
    "to has have had is are was will would also now for plans plan been be by of and".split()
)
# Words of a sentence that tells of a part or a time only.
_MIXED = frozenset(
    "partly partially initially originally previously formerly until eventually mostly mainly "
    "largely instead rather alongside besides".split()
)
_TRIES = 12


def tells_own(text: str) -> bool:
    """Tell, by its words alone, whether a sentence can tell of somebody's own means."""
    return _OWN_MEANS.search(text) is not None


def means(sentence: NamedSentence) -> Iterator[Means]:
    """Return by whose means the sentence says that something is done."""
    if any(sentence.low(i) in _MIXED for i in range(len(sentence.words))):
        return
    for i in range(2, len(sentence.words) - 1):
        if sentence.low(i) in _PREPOSITIONS and sentence.is_lower(i):
            own = _own(sentence, i)
            found = own or _others(sentence, i)
            action = _action(sentence, i) if found is not None else None
            if found is None or action is None:
                continue
            other, start, end = found
            subject, verb, thing, details = action
            if other is None or not same_holder(other, subject):
                place = other is None and sentence.low(i) in _PLACES
                yield Means(subject, verb, thing, details, other, place, start, end, sentence)


def _own(sentence: NamedSentence, i: int) -> tuple[None, int, int] | None:
    """Read "its own servers" after the preposition at `i`: to the last word in small letters."""
    if sentence.low(i + 1) not in _POSSESSIVES:
        return None
    j = i + 2
    hyphened = f"{sentence.low(j)}-{sentence.low(j + 1)}"
    if sentence.low(j) not in _OWN and hyphened not in _OWN:
        return None
    end = j + 1
    while end < j + _MEANS and sentence.is_lower(end) and is_plain_gap(sentence.gap(end)):
        if sentence.low(end) in STOPWORDS - {"in"}:
            break
        end += 1
    if end == j + 1 or _goes_on(sentence, end):
        return None  # "on its own": alone
    return None, sentence.words[i + 1].start, sentence.words[end - 1].end


def _others(sentence: NamedSentence, i: int) -> tuple[Name, int, int] | None:
    """Read "Orvin's cloud" after the preposition at `i`, or "in partnership with Orvin"."""
    j = i + 1
    joint = sentence.low(j) in _JOINT and sentence.low(j + 1) == "with"
    if joint:
        j += 2
    name = sentence.name_at(j)
    if name is None or sentence.first(name) != j or sentence.gap(j) != " ":
        return None
    if not joint and not (sentence.possessive(name) or sentence.low(i) in ("with", "using")):
        return None
    end, last = name.end, sentence.after(name)
    if sentence.possessive(name):
        while last < len(sentence.words) and last < j + _MEANS + 4:
            small = sentence.is_lower(last) and sentence.low(last) in STOPWORDS
            if small or sentence.gap(last).strip(" ()'’s\"“”") != "":
                break
            end = sentence.words[last].end
            last += 1
    return None if _goes_on(sentence, last) else (name, name.start, end)


def _goes_on(sentence: NamedSentence, i: int) -> bool:
    """Tell whether more means follow at word `i`: "on its own servers and on Orvin's"."""
    return sentence.low(i) in ("and", "or", "as")


def _action(sentence: NamedSentence, i: int) -> tuple[Name, str, str, frozenset[str]] | None:
    """Return subject, verb, head and details of the object that ends before the preposition."""
    start = i - 1
    if not sentence.is_lower(start) or sentence.gap(i) != " ":
        return None
    while start > i - _OBJECT and sentence.low(start) not in _DETERMINERS:
        if start < 2 or not _in_object(sentence, start):
            return None
        start -= 1
    if sentence.low(start) not in _DETERMINERS or start + 1 >= i or not sentence.gap(start) == " ":
        return None
    verb = start - 1
    subject = _subject(sentence, verb)
    if subject is None:
        return None
    words = [sentence.low(j) for j in range(start + 1, i)]
    key = canonical(stem(sentence.low(verb)))
    return subject, key, canonical(stem(words[-1])), frozenset(words[:-1])


def _in_object(sentence: NamedSentence, i: int) -> bool:
    low = sentence.low(i)
    plain = low not in STOPWORDS or low in _NEW or low == "own"
    return plain and is_plain_gap(sentence.gap(i))


def _subject(sentence: NamedSentence, verb: int) -> Name | None:
    """Return the name that stands before the verb with nothing but small words between."""
    low = sentence.low(verb)
    if not sentence.is_lower(verb) or low in STOPWORDS or stem(low) in _GENERAL:
        return None
    for i in range(verb - 1, max(-1, verb - 1 - _SUBJECT), -1):
        if not is_plain_gap(sentence.gap(i + 1)):
            return None
        if (name := sentence.name_at(i)) is not None:
            return None if sentence.possessive(name) else name
        if sentence.low(i) in STOPWORDS and sentence.low(i) not in _STEPS:
            return None
    return None


def rival_means(found: list[Means], cast: Cast) -> Iterator[tuple[Means, Means]]:
    """Return the clearest sentences of one's own means and of each other's.

    `found` are those of one subject, verb and object head in one storyline.
    """
    found = sorted(found, key=lambda m: (len(m.sentence.text), m.sentence.text, m.start))
    own = [m for m in found if m.other is None]
    others = [m for m in found if m.other is not None]
    if {m.sentence.article for m in own} & {m.sentence.article for m in others}:
        return  # a text that tells both sees no contradiction
    seen: set[tuple[str, ...]] = set()
    for a, b in product(own[:_TRIES], others[:_TRIES]):
        if b.other is None or key_of(b.other) in seen or not _clash(a, b, cast):
            continue
        seen.add(key_of(b.other))
        yield a, b


def _clash(a: Means, b: Means, cast: Cast) -> bool:
    if b.other is None or cast.kind(b.other) is NameKind.PERSON:
        return False
    if bool(a.details & _NEW) != bool(b.details & _NEW) or (a.details ^ b.details) & _OLD:
        return False
    dated = a.sentence.published is not None and b.sentence.published is not None
    if dated and not cast.same_time(a.sentence, b.sentence):
        return False  # plans change
    return not (_denied(a) or _denied(b))


def _denied(means_: Means) -> bool:
    """Tell whether the verb, the object or the means are denied."""
    return any(scope.negated for scope in scopes(means_.sentence.text) if scope.end <= means_.end)
