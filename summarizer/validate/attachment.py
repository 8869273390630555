"""Does a shortened sentence still hang together as its evidence does.

A small model that shortens a sentence drops words from its middle or its end, and what is left
may attach to the wrong word: "smaller than a wavelength of [light onto] a silicon film".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from summarizer.text.dates import dates, overlapping
from summarizer.text.words import Token, canonical, is_content, stem, tokens
from summarizer.validate.reading import Reading

_LINKS = frozenset(
    """
    of in on at by for with from into onto against over under about after before between
    among through during without within toward towards across around via per despite
    """.split()
)
_BARRIERS = _LINKS | frozenset(
    "to as than that which who whom whose what where when why how if because while although but "
    "and or".split()
)
_BREAK = re.compile(r"[,;:.!?()\"“”—–]")


# Endings of words that begin a new phrase rather than close the noun phrase.
_NO_NOUN = ("ing", "ed", "ly", "ago", "left", "yesterday", "today", "following", "last", "next")

_GLUED = 45  # words; a longer "sentence" is often captions run together, where anything follows
_TAIL = 3  # words at a claim's end that have to be the evidence's own


def broken_off(claim: Reading, evidence: Sequence[Reading]) -> str | None:
    """Return what is broken in a claim that was shortened badly, or None."""
    if phrase := misattached(claim, evidence):
        return f"{phrase!r} stands together otherwise in the evidence"
    if phrase := cut_short(claim, evidence):
        return f"no whole sentence: cut off after {phrase!r}"
    if phrase := stutters(claim, evidence):
        return f"{phrase!r} is said twice"
    return None


class Word(NamedTuple):
    """A content word, and what links it to the content word before it.

    `link` is the last preposition between them, "" when there is none; `barrier` tells that a
    conjunction, relative pronoun or comma stands between.
    """

    key: str
    link: str
    barrier: bool
    capital: bool
    start: int
    end: int


def linked(text: str) -> list[Word]:
    """Return the content words of `text` with their links."""
    found: list[Word] = []
    link, barrier, last = "", False, 0
    for token in tokens(text):
        low = token.text.lower()
        barrier |= bool(found) and bool(_BREAK.search(text[last : token.start]))
        last = token.end
        if is_content(token.text):
            capital = token.text[0].isupper()
            found.append(Word(canonical(stem(low)), link, barrier, capital, token.start, token.end))
            link, barrier = "", False
        elif low in _LINKS:
            link = low
        elif low in _BARRIERS:
            barrier = True
    return found


def misattached(claim: Reading, evidence: Sequence[Reading]) -> str | None:
    """Return a phrase of the claim whose preposition governs something else in the evidence.

    The first word has the preposition after it in a sentence of the evidence, and the second is
    not in what it governs, though the sentence has it or both are names; nor is it elsewhere.
    """
    words = linked(claim.text)
    sentences = [linked(sentence.text) for sentence in evidence]
    claimed = {w.key for w in words}
    for one, two in zip(words, words[1:], strict=False):
        if not two.link or two.barrier or one.key == two.key:
            continue
        verdicts = [_attached(s, one.key, two, claimed) for s in sentences]
        if False in verdicts and True not in verdicts:
            return claim.text[one.start : two.end]
    return None


def _attached(sentence: list[Word], head: str, word: Word, claimed: set[str]) -> bool | None:
    """Tell whether `word` hangs on `head` by its link; None when the sentence does not say."""
    here = any(w.key == word.key for w in sentence)
    verdict: bool | None = None
    for i, other in enumerate(sentence[:-1]):
        if other.key != head:
            continue
        governed = _governed(sentence, i + 1)
        if any(w.key == word.key for w in governed):
            return True
        follower = sentence[i + 1]
        other_name = word.capital and follower.capital  # bound for Colombo, not for Singapore
        same_link = follower.link == word.link and not follower.barrier
        if same_link and follower.key not in claimed and (here or other_name):
            verdict = False
    return verdict


def _governed(sentence: list[Word], i: int) -> list[Word]:
    """The word at `i` and those after it up to the next preposition or clause."""
    found = [sentence[i]]
    for word in sentence[i + 1 :]:
        if word.link or word.barrier:
            break
        found.append(word)
    return found


def cut_short(claim: Reading, evidence: Sequence[Reading]) -> str | None:
    """Return the last words of a claim that stops inside a phrase of its evidence, or None.

    The last three words stand side by side in the evidence too, and there a further content
    word follows at once: "a watching brief on Anderlecht [teenagers]".
    """
    last = tokens(claim.text)[-_TAIL:]
    if (
        len(last) < _TAIL
        or not is_content(last[-1].text)
        or any(c.isdigit() for c in last[-1].text)
    ):
        return None
    if any(overlapping(*last[-1][1:], claim.dates)):
        return None
    found = False
    for sentence in evidence:
        words = tokens(sentence.text)
        if len(words) > _GLUED:
            continue
        for i in range(len(words) - _TAIL + 1):
            if not _same(words[i : i + _TAIL], last):
                continue
            if not _goes_on(sentence.text, words, i + _TAIL - 1):
                return None
            found = True
    return claim.text[last[0].start : last[-1].end] if found else None


def _same(a: Sequence[Token], b: Sequence[Token]) -> bool:
    return [t.text.lower() for t in a] == [t.text.lower() for t in b]


def _goes_on(text: str, words: Sequence[Token], i: int) -> bool:
    """Tell whether a noun phrase goes on after word `i`."""
    if i + 1 >= len(words):
        return False
    follower = words[i + 1]
    gap = text[words[i].end : follower.start]
    if gap not in (" ", "-") or not follower.text.isalpha() or not is_content(follower.text):
        return False
    if follower.text.lower().endswith(_NO_NOUN) or any(overlapping(*follower[1:], dates(text))):
        return False
    return not follower.text[0].isupper()


def stutters(claim: Reading, evidence: Sequence[Reading]) -> str | None:
    """Return a content word that the claim says twice running and the evidence does not."""
    words = tokens(claim.text)
    for one, two in zip(words, words[1:], strict=False):
        same = one.text.lower() == two.text.lower() and len(one.text) > 2
        if same and is_content(one.text) and claim.text[one.end : two.start] == " ":
            doubled = f"{one.text} {two.text}".lower()
            if not any(doubled in sentence.lower for sentence in evidence):
                return doubled
    return None
