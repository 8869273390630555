"""What English text denies, and what it only plans, thinks possible or has heard."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from summarizer.text.words import Token, canonical, is_content, stem, tokens


class Modality(StrEnum):
    """How real a statement is, as its words say."""

    DONE = "done"
    PLANNED = "planned"  # will, plans to, wants to, is expected to
    POSSIBLE = "possible"  # may, could, might, if
    REPORTED = "reportedly"  # reportedly, allegedly, is said to


class Scope(NamedTuple):
    """A content word under its canonical stem, whether it is denied, and how real it is.

    `depth` counts content words from the cue that denies or weakens it, from 1; 0 without one.
    `plain` is true where a "not", "no" or the like denies it, not a verb such as "refuse".
    """

    key: str
    negated: bool
    modality: Modality
    depth: int
    plain: bool
    start: int
    end: int


# Cues that deny what follows them.
_NOT = frozenset(
    "not never no without neither nor none cannot nobody nothing hardly barely".split()
)
_DENYING = {
    stem(word)
    for word in "deny refuse fail decline reject prevent prohibit ban block avoid lack dismiss "
    "halt cancel abandon forbid rule-out unable absence refute disprove debunk stop cease".split()
}
# Deny what follows only with "to" or "of" after them: a failed bid, but failed to win.
_DENYING_VERB = {stem(word) for word in "fail refuse decline unable stop cease".split()}
_UN_WORDS = {
    "unlikely": "likely", "unable": "able", "unclear": "clear", "unknown": "known",
    "unaware": "aware", "untrue": "true", "unhurt": "hurt", "unharmed": "harmed",
    "uninjured": "injured", "unpaid": "paid", "unchanged": "changed", "unaffected": "affected",
    "unrelated": "related", "unconfirmed": "confirmed", "unreported": "reported",
    "unnecessary": "necessary", "unsafe": "safe", "unfair": "fair", "unwilling": "willing",
    "unsuccessful": "successful", "unsuccessfully": "successfully", "unavailable": "available",
    "unacceptable": "acceptable", "unlawful": "lawful", "impossible": "possible",
    "illegal": "legal", "incorrect": "correct", "inaccurate": "accurate", "insufficient":
    "sufficient", "dissatisfied": "satisfied", "disagree": "agree", "uncertain": "certain",
    "unsure": "sure", "unwell": "well", "unproven": "proven", "unsupported": "supported",
}  # fmt: skip
_POSITIVE = {stem(negative): canonical(stem(word)) for negative, word in _UN_WORDS.items()}
# "Not only X but Y", "no doubt", "no more than five" deny nothing.
_NOT_NEGATIVE = re.compile(
    r"\b(?:not\s+(?:only|just|merely|simply|least)|no\s+(?:doubt|wonder|matter|sooner|fewer|less|more"
    r"\s+than)|if\s+not|or\s+not|why\s+not|no\.\s*\d|nothing\s+but|none\s+other|cannot\s+but)\b"
    r"|\bNo\s+\d|\bno\s+later\s+than\b",
    re.I,
)
_BREAK = re.compile(
    r"[.;:!?()—–\"“”]|,|\b(?:and|but|which|who|although|though|while|because|instead|yet|however|whereas)\b",
    re.I,
)
_PLANNED_WORDS = frozenset(
    "will would shall should must ought 'll won't "
    "wouldn't she'll he'll they'll we'll i'll it'll going".split()
)
_PLANNED_STEMS = {
    stem(word)
    for word in "plan intend aim expect hope want seek propose consider schedule anticipate vow "
    "pledge promise threaten prepare envisage forecast predict try attempt strive project target "
    "urge demand call ask request recommend suggest should must slate bid offer".split()
}
_POSSIBLE_WORDS = frozenset("may might could if whether perhaps maybe possibly probably".split())
_POSSIBLE = _POSSIBLE_WORDS | set("likely potentially possible potential unlikely".split())
_REPORTED = frozenset(
    "reportedly allegedly alleged purportedly rumoured rumored apparently supposedly suspected "
    "accused".split()
)
_SET_TO = re.compile(
    r"\b(?:set|due|about|ready|poised|keen|eager|looking|likely|need|needs|yet|is|are|was|were)\s+to\b",
    re.I,
)
_SAID_TO = re.compile(r"\b(?:said|reported|believed|thought|understood|rumou?red)\s+to\b", re.I)
_WINDOW = 5  # content words that a cue reaches
_MAX_REACH = 20  # words of any kind; bounds the work on hostile text


def positive(stemmed: str) -> str | None:
    """Return the canonical stem of what an un-word denies (unlikely: likely), or None."""
    return _POSITIVE.get(stemmed)


@lru_cache(maxsize=4096)
def scopes(text: str) -> tuple[Scope, ...]:
    """Return every content word of `text` in order, with its polarity and modality.

    A cue reaches the next five content words, up to a clause's border; a second denial inside
    the reach of a first one cancels it.
    """
    words = tokens(text)
    spared = [m.span() for m in _NOT_NEGATIVE.finditer(text)]
    negated, depth = [0] * len(words), [0] * len(words)
    plain = [False] * len(words)
    modal: list[Modality] = [Modality.DONE] * len(words)
    for i, word in enumerate(words):
        denies = _denies(words, i) and not any(s <= word.start < e for s, e in spared)
        modality = _modality(text, words, i)
        if not denies and modality is None:
            continue
        for j, distance in _reach(text, words, i):
            depth[j] = min(depth[j] or distance, distance)
            negated[j] += denies
            plain[j] |= denies and _plain(word)
            modal[j] = _weaker(modal[j], modality or Modality.DONE)
    return tuple(
        _scope(word, negated[i], modal[i], depth[i], plain[i])
        for i, word in enumerate(words)
        if _kept(word)
    )


def _kept(word: Token) -> bool:
    return is_content(word.text) and not word.text.lower().endswith(("n't", "n’t"))


def _scope(word: Token, negated: int, modality: Modality, depth: int, plain: bool) -> Scope:
    low = word.text.lower()
    odd = negated % 2 == 1
    if low in _UN_WORDS:
        key = _key(_UN_WORDS[low])
        return Scope(key, not odd, modality, depth or 1, not odd, word.start, word.end)
    return Scope(_key(low), odd, modality, depth, plain and odd, word.start, word.end)


def _key(word: str) -> str:
    return canonical(stem(word))


def _reach(text: str, words: list[Token], i: int) -> list[tuple[int, int]]:
    """The words that a cue at `i` governs: (index, content words from the cue)."""
    reached: list[tuple[int, int]] = []
    content = 0
    for j in range(i + 1, min(len(words), i + _MAX_REACH)):
        gap = text[words[j - 1].end : words[j].start]
        if _BREAK.search(gap) or _BREAK.fullmatch(words[j].text) or content >= _WINDOW:
            break
        if is_content(words[j].text):
            content += 1
            reached.append((j, content))
    return reached


def _plain(word: Token) -> bool:
    low = word.text.lower().replace("’", "'")
    return low in _NOT or low.endswith("n't")


def _denies(words: list[Token], i: int) -> bool:
    if _plain(words[i]):
        return True
    stemmed = stem(words[i].text)
    if stemmed not in _DENYING or (words[i].text[0].isupper() and i > 0):
        return False
    following = words[i + 1].text.lower() if i + 1 < len(words) else ""
    if stemmed in _DENYING_VERB:
        return following in ("to", "from") or (
            stemmed in ("stop", "ceas") and following.endswith("ing")
        )
    return True


def _modality(text: str, words: list[Token], i: int) -> Modality | None:
    low = words[i].text.lower().replace("’", "'")
    stemmed = stem(low)
    if low in _POSSIBLE:
        return Modality.POSSIBLE
    if low in _REPORTED or _SAID_TO.match(text, words[i].start):
        return Modality.REPORTED
    if low in _PLANNED_WORDS or _SET_TO.match(text, words[i].start):
        return Modality.PLANNED
    if stemmed in _PLANNED_STEMS and _opens_plan(words, i):
        return Modality.PLANNED
    return None


def _opens_plan(words: list[Token], i: int) -> bool:
    """Tell the verb of a plan: "plans to", "aims for", "considering selling", "a bid to"."""
    following = words[i + 1].text.lower() if i + 1 < len(words) else ""
    after = words[i + 2].text.lower() if i + 2 < len(words) else ""
    return following in ("to", "for", "on", "that") or following.endswith("ing") or after == "to"


_STRENGTH = {Modality.DONE: 0, Modality.REPORTED: 1, Modality.PLANNED: 2, Modality.POSSIBLE: 3}


def _weaker(a: Modality, b: Modality) -> Modality:
    return a if _STRENGTH[a] >= _STRENGTH[b] else b
