"""Negation put in or taken out."""

from __future__ import annotations

import re
from random import Random

from summarizer.edits.clauses import (
    AUXILIARIES,
    Verb,
    after,
    finite_verbs,
    is_hypothetical,
)
from summarizer.edits.shaping import like_case, swap, tidy, word_at
from summarizer.edits.verbs import Form, base_of, inflect
from summarizer.text.words import Token, tokens

_CONTRACTED = {
    "isn't": "is", "aren't": "are", "wasn't": "was", "weren't": "were", "hasn't": "has",
    "haven't": "have", "hadn't": "had", "won't": "will", "wouldn't": "would", "can't": "can",
    "cannot": "can", "couldn't": "could", "shouldn't": "should", "mustn't": "must",
}  # fmt: skip
_TURNED = {
    "failed to": "managed to", "refused to": "agreed to", "unable to": "able to",
    "declined to": "agreed to", "managed to": "failed to", "agreed to": "refused to",
    "able to": "unable to", "no longer": "still", "without": "with", "denied": "confirmed",
    "denies": "confirms", "unlikely": "likely",
}  # fmt: skip
_TURNED_AT = re.compile(rf"\b(?:{'|'.join(_TURNED)})\b", re.I)
# "Some people were not hurt" leaves "some people were hurt" as true as it was.
_COUNTED = re.compile(
    r"(?:more|less|fewer|over|at least|about|around|nearly|almost|up to|some|many|several"
    r"|most|few|a few|both"
    r"|hundreds|dozens|thousands|millions|all|half|two|three|four|five|six|seven|eight|nine|ten|\d)\b",
    re.I,
)
_DENIES_SUBJECT = re.compile(r"\b(?:neither|nor|nobody|nothing|none|no one|few|no)\b", re.I)
_SOME_FOR_ANY = {"anyone": "someone", "any": "some", "anything": "something", "anybody": "somebody"}
_SOME = re.compile(r"\b(anyone|any|anything|anybody)\b", re.I)
_NOT_ONLY = frozenset("only just merely simply least".split())
_MODALS = frozenset("will would can could shall should must".split())


def change_polarity(sentence: str, rng: Random) -> str | None:
    """Return `sentence` with a negation removed or put in, or None."""
    words = tokens(sentence)
    if sentence.rstrip("'\"”’ ").endswith("?"):
        return None
    if re.search(r"\b(?:not|never|n['’]t)\b.*\buntil\b", sentence, re.I):
        return None
    if new := _without_negation(sentence, words):
        return _SOME.sub(lambda m: like_case(_SOME_FOR_ANY[m[1].lower()], m[1]), new, count=1)
    if _COUNTED.match(sentence):
        return None
    if _DENIES_SUBJECT.search(sentence) or re.search(r"\bnot\b", sentence, re.I):
        return None
    turned = [m for m in _TURNED_AT.finditer(sentence) if _may_turn(sentence, m)]
    if turned and rng.random() < 0.3:
        match = rng.choice(turned)
        return swap(
            sentence, *match.span(), like_case(_TURNED[match.group().lower()], match.group())
        )
    ways = [_deny_auxiliary, _deny_verb]
    if rng.random() < 0.15:
        ways = [_never, *ways]
    for way in ways:
        if new := way(sentence, words, rng):
            return new
    return None


def _may_turn(sentence: str, match: re.Match[str]) -> bool:
    before = sentence[: match.start()].rstrip().lower()
    if match.group().lower() == "without":
        return not before.endswith((" not", " never")) and sentence[match.end() :].startswith(
            (" a ", " an ", " the ", " any ")
        )
    return not before.endswith((" not", " never", "n't", " was", " were", " be", " been"))


def _without_negation(sentence: str, words: list[Token]) -> str | None:
    """Take the first "not", "n't" or "never" away."""
    for i, word in enumerate(words):
        low = word_at(words, i)
        if is_hypothetical(sentence, words, i) or word_at(words, i + 1) in _NOT_ONLY:
            continue
        if word.text.isupper() and len(word.text) > 1:
            continue
        if low in _CONTRACTED:
            return swap(sentence, word.start, word.end, like_case(_CONTRACTED[low], word.text))
        if low in ("don't", "doesn't", "didn't"):
            return _undone(sentence, words, i, i, low[:-3])
        if low == "not" and i and word_at(words, i - 1) in ("do", "does", "did"):
            return _undone(sentence, words, i - 1, i, word_at(words, i - 1))
        if low == "not" and i and word_at(words, i - 1) in AUXILIARIES | {"be", "been"}:
            return tidy(sentence[: word.start] + sentence[word.end :].lstrip(" "))
        if low in ("n't", "not") and i and word_at(words, i - 1) in _MODALS:  # tokenised: would n't
            return tidy(sentence[: word.start] + sentence[word.end :].lstrip(" "))
        if low == "never" and i:
            return tidy(sentence[: word.start] + sentence[word.end :].lstrip(" "))
    return None


_DO_FORM = {"do": Form.BASE, "does": Form.THIRD, "did": Form.PAST}


def _undone(sentence: str, words: list[Token], start: int, end: int, do: str) -> str | None:
    """Did not go: went."""
    i = after(words, end)
    base = base_of(word_at(words, i), Form.BASE)
    form = inflect(base, _DO_FORM[do]) if base else None
    if form is None:
        return None
    between = sentence[words[end].end : words[i].start].strip(" ")
    between = f"{between} " if between else ""
    return sentence[: words[start].start] + between + form + sentence[words[i].end :]


def _deny_auxiliary(sentence: str, words: list[Token], rng: Random) -> str | None:
    """Is: is not. The first auxiliary that asserts something; the main clause before others."""
    found = [i for i in range(1, len(words)) if _asserts(sentence, words, i)]
    if not found:
        return None
    i = found[0] if rng.random() < 0.75 else rng.choice(found)
    word = words[i].text
    if word == "can":
        return swap(sentence, words[i].start, words[i].end, "cannot")
    return sentence[: words[i].end] + " not" + sentence[words[i].end :]


def _asserts(sentence: str, words: list[Token], i: int) -> bool:
    low, following = words[i].text, word_at(words, i + 1)
    if low not in AUXILIARIES or low in ("do", "does", "did", "may", "might"):
        return False
    if (
        not following
        or following in ("not", "never", "no", "that")
        or is_hypothetical(sentence, words, i)
    ):
        return False
    gap = sentence[words[i].end : words[i + 1].start]
    if gap.strip(" ") or word_at(words, i - 1) in ("to", "and", "not", "so", "nor", "what", "how"):
        return False
    j = after(words, i)
    follower = word_at(words, j)
    if low in ("has", "have", "had"):
        return follower == "been" or base_of(follower, Form.PARTICIPLE) is not None
    if low in _MODALS:
        return follower in ("be", "have") or base_of(follower, Form.BASE) is not None
    return word_at(words, i - 1) != "there" and following not in ("it", "he", "she", "they")


def _deny_verb(sentence: str, words: list[Token], rng: Random) -> str | None:
    """Bought: did not buy."""
    found = [
        verb
        for verb in finite_verbs(sentence, words)
        if not is_hypothetical(sentence, words, verb.at)
    ]
    if not found:
        return None
    # "He did not say that ..." reads as an edit of nothing much: what was said goes first.
    main = [verb for verb in found if verb.base not in ("say", "tell", "add")] or found
    verb = main[0] if rng.random() < 0.75 else rng.choice(main)
    return _denied(sentence, words, verb)


def _denied(sentence: str, words: list[Token], verb: Verb) -> str:
    token = words[verb.at]
    do = "did" if verb.past else "does"
    return f"{sentence[: token.start]}{do} not {verb.base}{sentence[token.end :]}"


def _never(sentence: str, words: list[Token], rng: Random) -> str | None:
    """Has said: has never said."""
    del rng
    for i in range(1, len(words) - 1):
        if words[i].text in ("has", "have", "had") and _asserts(sentence, words, i):
            return sentence[: words[i].end] + " never" + sentence[words[i].end :]
    return None
