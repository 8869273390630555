"""Who makes, releases, owns or runs a named thing, and where two articles give it to two.

"X's P", "P, developed by X", "X released its P", "X, the developer of P". Versions of one product
are one thing. Two holders are rivals only if both are known as organisations (or, for a work's
author, as people), neither is a variant, parent, seller or partner of the other, and no article
gives the thing to both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from itertools import combinations, product
from typing import NamedTuple

from summarizer.merge.sentences.cast import Cast, NameKind, same_holder
from summarizer.merge.sentences.named import NamedSentence, is_plain_gap
from summarizer.merge.sentences.things import (
    Sort,
    Thing,
    is_general,
    is_modifier,
    may_be_named,
    thing_after,
    thing_at,
)
from summarizer.text.names import Name
from summarizer.text.words import STOPWORDS, stem


class Hold(StrEnum):
    """How a thing is somebody's."""

    HAS = "has"  # X's P: whichever of the others the thing allows
    MADE = "made"
    RELEASED = "released"
    OWNS = "owns"
    RUNS = "runs"
    WROTE = "wrote"
    DIRECTED = "directed"


class Holding(NamedTuple):
    """A sentence that gives a thing to a holder; `detour` counts the words between them."""

    thing: Thing
    hold: Hold
    holder: Name
    detour: int
    sentence: NamedSentence


_MADE = "make develop build create design produce manufacture invent"
_RELEASED = "release launch unveil introduce publish announce"
_HOLDS = {
    **{stem(w): Hold.MADE for w in _MADE.split()},
    **{stem(w): Hold.RELEASED for w in _RELEASED.split()},
    stem("own"): Hold.OWNS,
    stem("operate"): Hold.RUNS,
    stem("write"): Hold.WROTE,
    stem("direct"): Hold.DIRECTED,
}
_AGENTS = {
    **dict.fromkeys("developer developers creator creators inventor designer".split(), Hold.MADE),
    "owner": Hold.OWNS,
    "operator": Hold.RUNS,
    "author": Hold.WROTE,
    "director": Hold.DIRECTED,
}
_POSSESSIVE = re.compile(r"['’‘]s?\s")
# Words without which no holding is read, but for possessives.
_CUES = frozenset(
    """
    its by make makes made making develop develops developed developing build builds built building
    create creates created creating design designs designed designing produce produces produced
    producing manufacture manufactures manufactured manufacturing invent invents invented inventing
    release releases released releasing launch launches launched launching unveil unveils unveiled
    unveiling introduce introduces introduced introducing publish publishes published publishing
    announce announces announced announcing own owns owned owning operate operates operated
    operating write writes wrote written writing direct directs directed directing
    """.split()
)
# Verbs that one does to one's own: "X is training its P".
_ON_OWN = frozenset(_HOLDS) | {
    stem(w)
    for w in "train update upgrade test improve offer sell withdraw recall discontinue".split()
}
_AUXILIARIES = frozenset(
    "is are was were be been being has have had which that also already originally first recently "
    "just now reportedly will is be to".split()
)
_BEFORE_VERB = frozenset(
    "has have had is are was also already recently just now first reportedly originally".split()
)
_BEFORE_NAME = frozenset("the a an mr mrs ms dr".split())
_BETWEEN = 4  # words from the subject to "its", from "by" to the maker
_BACK = 9  # words from "developed" back to the thing
_MOST_HOLDERS = 4  # a thing with more is no one's
_TRIES = 12  # sentences of either holder that are paired


def may_tell(text: str, words: set[str]) -> bool:
    """Tell, by its words alone, whether a sentence can give a thing to a holder."""
    if not words.isdisjoint(_AGENTS):  # these need no sign of a thing
        return True
    return may_be_named(text, words) and (
        not words.isdisjoint(_CUES) or _POSSESSIVE.search(text) is not None
    )


def holdings(sentence: NamedSentence) -> Iterator[Holding]:
    """Return whom the sentence gives which things."""
    for name in sentence.names:
        if not is_general(name) or len(name.text) > 2:
            yield from _possessive(sentence, name)
            yield from _subject(sentence, name)
            yield from _agent(sentence, name)
    for i in range(1, len(sentence.words)):
        if sentence.low(i) == "by":
            yield from _passive(sentence, i)


def _possessive(sentence: NamedSentence, name: Name) -> Iterator[Holding]:
    """X's latest model P."""
    if sentence.possessive(name):
        after = sentence.after(name)
        if (thing := thing_after(sentence, after)) is not None:
            yield Holding(thing, Hold.HAS, name, _detour(sentence, after, thing), sentence)


def _subject(sentence: NamedSentence, name: Name) -> Iterator[Holding]:
    """X has introduced its model P; X released the model P."""
    at = sentence.after(name)
    if at < len(sentence.words) and sentence.gap(at).strip() not in ("", ","):
        return
    i = at
    while i < at + _BETWEEN and sentence.low(i) in _BEFORE_VERB:
        i += 1
    if not sentence.is_lower(i) or (i > at and not is_plain_gap(sentence.gap(i))):
        return
    verb = stem(sentence.words[i].text)
    following = sentence.low(i + 1)
    if verb not in _ON_OWN or not following or not is_plain_gap(sentence.gap(i + 1)):
        return
    if following == "its":
        thing, hold = thing_after(sentence, i + 2), Hold.HAS
    elif verb in _HOLDS and (_past(sentence, i) or i > at):
        start = i + 2 if following in ("the", "a", "an") else i + 1
        thing, hold = thing_after(sentence, start), _HOLDS[verb]
    else:
        return
    if thing is not None:
        yield Holding(thing, hold, name, _detour(sentence, at, thing), sentence)


def _past(sentence: NamedSentence, i: int) -> bool:
    return sentence.low(i) in ("made", "built", "wrote", "owns", "operates") or (
        sentence.low(i).endswith("ed")
    )


def _agent(sentence: NamedSentence, name: Name) -> Iterator[Holding]:
    """X, the developer of P; P developer X."""
    at = sentence.after(name)
    if sentence.gap(at) == ", ":
        i = at + (sentence.low(at) in ("the", "a", "an"))
        if sentence.low(i + 1) == "of":
            yield from _by_agent(sentence, i, sentence.name_at(i + 2), name)
    first = sentence.first(name)
    if sentence.gap(first) == sentence.gap(first - 1) == " ":
        yield from _by_agent(sentence, first - 1, sentence.name_at(first - 2), name)


def _by_agent(
    sentence: NamedSentence, i: int, named: Name | None, holder: Name
) -> Iterator[Holding]:
    hold = _AGENTS.get(sentence.low(i)) if sentence.is_lower(i) else None
    if hold is None or named is None or is_general(named) or sentence.possessive(named):
        return
    thing = thing_at(sentence, named)
    of_work = hold in (Hold.WROTE, Hold.DIRECTED)
    after = sentence.after(named)
    if thing is None and not of_work and (after == i or not is_modifier(sentence, after)):
        thing = Thing(" ".join(named.words), None, False, named.start, named.end)
    if thing is not None:
        yield Holding(thing, hold, holder, 0, sentence)


def _passive(sentence: NamedSentence, at: int) -> Iterator[Holding]:
    """P, a large language model developed by the chip designer X."""
    hold = _HOLDS.get(stem(sentence.words[at - 1].text))
    if hold is None or not sentence.is_lower(at - 1) or sentence.gap(at) != " ":
        return
    holder = _maker_after(sentence, at + 1)
    thing = _thing_before(sentence, at - 1)
    if holder is not None and thing is not None:
        yield Holding(thing, hold, holder, _BETWEEN, sentence)


def _maker_after(sentence: NamedSentence, at: int) -> Name | None:
    for i in range(at, min(at + _BETWEEN, len(sentence.words))):
        if not is_plain_gap(sentence.gap(i)) and sentence.gap(i) != ". ":
            return None
        if (name := sentence.name_at(i)) is not None:
            return None if sentence.possessive(name) else name
        if sentence.low(i) in STOPWORDS - _BEFORE_NAME:
            return None
    return None


def _thing_before(sentence: NamedSentence, verb: int) -> Thing | None:
    """Return the thing whose name stands before "…, a model that was" and the verb."""
    for i in range(verb - 1, max(-1, verb - 1 - _BACK), -1):
        if sentence.gap(i + 1).strip(" \"'“”‘’,-"):
            return None
        if (name := sentence.name_at(i)) is not None and not is_general(name):
            return thing_at(sentence, name)
        low = sentence.low(i)
        if low in STOPWORDS and low not in _AUXILIARIES and low not in ("a", "an", "the"):
            return None
    return None


def _detour(sentence: NamedSentence, at: int, thing: Thing) -> int:
    """Count the words from `at` to the thing."""
    return sum(word.start < thing.start for word in sentence.words[at:])


def rival_holdings(found: list[Holding], cast: Cast) -> Iterator[tuple[Holding, Holding]]:
    """Return, for one thing, the clearest two holdings of each two holders that cannot both be.

    `found` are the holdings of one family of things in one storyline.
    """
    groups = _by_holder(found)
    if len(groups) > _MOST_HOLDERS:
        return
    for a, b in combinations(groups, 2):
        if {h.sentence.article for h in a} & {h.sentence.article for h in b}:
            continue  # a text gives it to both: it sees no contradiction
        if not _are_rivals(a, b, cast):
            continue
        pairs = product(a[:_TRIES], b[:_TRIES])
        fitting = [pair for pair in pairs if _fit(*pair, cast)]
        if fitting:
            yield min(fitting, key=lambda pair: (_clearness(pair[0]), _clearness(pair[1])))


def _by_holder(found: list[Holding]) -> list[list[Holding]]:
    """Group by holder, variants of a name together; the clearest first."""
    groups: list[list[Holding]] = []
    for holding in sorted(found, key=_clearness):
        for group in groups:
            if same_holder(group[0].holder, holding.holder):
                group.append(holding)
                break
        else:
            groups.append([holding])
            if len(groups) > _MOST_HOLDERS:
                return groups
    return groups


def _clearness(holding: Holding) -> tuple[int, int, str]:
    text = holding.sentence.text
    return holding.detour, len(text), text


def _are_rivals(a: list[Holding], b: list[Holding], cast: Cast) -> bool:
    one, two = a[0].holder, b[0].holder
    things = {word for h in (*a, *b) for word in h.thing.family.split()}
    if things & {*one.words, *two.words} or cast.is_person(a[0].thing.family):
        return False
    over = a[0].thing.family.split()[0]
    return not any(
        same_holder(h.holder, g.holder) or cast.linked(h.holder, g.holder, over=over)
        for h in a[:_TRIES]
        for g in b[:_TRIES]
    )


def _fit(a: Holding, b: Holding, cast: Cast) -> bool:
    """Tell whether both sentences give the thing in a way that leaves room for one holder."""
    kinds = {cast.kind(a.holder), cast.kind(b.holder)}
    sorts = {a.thing.sort, b.thing.sort} - {None}
    if len(kinds) != 1 or len(sorts) != 1 or not (a.thing.sure or b.thing.sure):
        return False
    (kind,), (sort,) = kinds, sorts
    if a.hold in (Hold.WROTE, Hold.DIRECTED):
        return kind is NameKind.PERSON and a.hold is b.hold
    if kind is not NameKind.ORGANISATION or sort is Sort.WORK:
        return False
    if sort is Sort.SINGLE and Hold.HAS in (a.hold, b.hold):
        return {a.hold, b.hold} <= {Hold.HAS, Hold.MADE, Hold.RELEASED}
    return (
        a.hold is b.hold
        and a.hold is not Hold.HAS
        and (sort is Sort.SINGLE or a.hold is not Hold.RELEASED)
    )
