"""A word turned into its opposite."""

from __future__ import annotations

import re
from random import Random

from summarizer.edits.clauses import is_hypothetical
from summarizer.edits.opposite_words import VERBS, WORDS
from summarizer.edits.shaping import like_case, swap, word_at
from summarizer.edits.verb_tables import RARELY_VERBS
from summarizer.edits.verbs import Form, inflect, readings
from summarizer.text.dates import dates, overlapping
from summarizer.text.names import names
from summarizer.text.negation import scopes
from summarizer.text.words import Token, tokens


def _pairs(table: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for pair in table.replace("\n", "").split("|"):
        one, two = pair.split()
        found.setdefault(one, []).append(two)
    return found


_VERBS = _pairs(VERBS)
_WORDS = _pairs(WORDS)
# First words that have no opposite beside these: "at least", "last year", "more than".
_FIXED = re.compile(
    r"(?:\bat (?:least|most|first|last|best|worst)|\b(?:once|any|no|some|what's) more|\bmore "
    r"or less"
    r"|\b(?:no|any|as|so) longer|\b(?:sooner|now) or later|\bat night|\bday after day|\bday[- "
    r"]to[- ]day"
    r"|\bthe day\b|\b(?:first|second) half|\bfirst (?:name|aid|lady|minister|time|class)"
    r"|\bhigh school"
    r"|\bsecond[- ]half|\blast (?:year|month|week|night|time|season|summer|few|two|three)"
    r"|\bas early as"
    r"|\bgood|\bpublic (?:sector|health|prosecutor|transport)|\bold school|\bNew\b|\bnew "
    r"(?:year|york)"
    r"|\bafter all|\bday before|\bbefore (?:long|him|her|them|us)|\bsame time|\bfree trade"
    r"|\bprivate sector|\bleft (?:wing|back|hand)|\bmost of|\blong(?:er)? term|\bweather"
    r"|\bmore than"
    r"|\bfull[- ]time|\bbest[- ]known|\bbetter known|\bthe late\b|\bopened fire|\blarge "
    r"language|\bdelayed arrival|\bmost (?:recent|likely)|\bmore recent)",
    re.I,
)
# Verbs that carry another sense before these: "carry on", "back down", "lead to", "set to open".
_MOTIONS = frozenset(
    "rise fall drop decline climb jump plunge soar surge slump grow shrink gain slide "
    "increase decrease".split()
)
# What may follow such a verb of motion: by 5%, to 40, sharply, after the storm.
_AFTER_MOTION = frozenset(
    "by from sharply slightly again in on at after for last this steadily slowly rapidly "
    "further and as".split()
)
_PARTICLES = frozenset("up down out off on over away back to in into through".split())
_WITH_PARTICLE = frozenset(
    "pass back start end close open keep like lead join enter fall drop help save miss cut "
    "lift fire "
    "lose leave clear".split()
)


def change_sense(sentence: str, rng: Random) -> str | None:
    """Return `sentence` with a word turned into its opposite, or None."""
    words = tokens(sentence)
    fixed = [m.span() for m in _FIXED.finditer(sentence)]
    fixed += [(n.start, n.end) for n in names(sentence)]
    denied = {scope.start for scope in scopes(sentence) if scope.negated}
    moments = dates(sentence)
    verbs: list[tuple[Token, str]] = []
    others: list[tuple[Token, str]] = []
    for i, word in enumerate(words):
        if any(s < word.end and word.start < e for s, e in fixed) or word.start in denied:
            continue
        if word.text[0].isupper() and i:
            continue  # Major League
        if next(overlapping(word.start, word.end, moments), None):
            continue
        if sentence[word.end : word.end + 1] == "-" or sentence[word.start - 1 : word.start] == "-":
            continue
        if is_hypothetical(sentence, words, i) or word_at(words, i - 1) in ("not", "never", "no"):
            continue
        verbs += [(word, new) for new in _verb_opposites(sentence, words, i)]
        others += [(word, new) for new in _WORDS.get(word.text.lower(), [])]
    # A verb turns the whole statement round; an adjective may be beside the point.
    options = verbs if verbs and (not others or rng.random() < 0.65) else others
    if not options:
        return None
    word, new = rng.choice(options)
    return swap(sentence, word.start, word.end, like_case(new, word.text))


def _verb_opposites(sentence: str, words: list[Token], i: int) -> list[str]:
    """The opposites of the verb at `i`, in its form; none where it may be no verb."""
    found: list[str] = []
    low, following = word_at(words, i), word_at(words, i + 1)
    if words[i].text[:1].isupper() and i == 0:
        return []
    for base, form in readings(low):
        if base not in _VERBS or (base in _WITH_PARTICLE and following in _PARTICLES):
            continue
        if form is Form.PAST and any(f is Form.PARTICIPLE for _, f in readings(low)):
            continue  # one word: its reading as a participle will do for both
        if not _is_verb(words, i, base, form) or not _governs(words, i, base):
            continue
        for other in _VERBS[base]:
            new = _form_of(other, base, form, words, i)
            if new:
                found.append(new)
    return found


def _governs(words: list[Token], i: int, base: str) -> bool:
    """Tell whether what follows goes with the opposite too: fell by 5%, but not declined to."""
    following, next_one = word_at(words, i + 1), word_at(words, i + 2)
    if base in _MOTIONS and base not in ("increase", "decrease", "grow"):
        to_number = following == "to" and next_one[:1].isdigit()
        return not following or following[:1].isdigit() or to_number or following in _AFTER_MOTION
    return following != "to"


def _form_of(other: str, base: str, form: Form, words: list[Token], i: int) -> str | None:
    """Put `other` into the form of the word at `i`: past, or participle after an auxiliary."""
    if form is Form.PARTICIPLE and inflect(base, Form.PAST) == inflect(base, Form.PARTICIPLE):
        before = {word_at(words, j) for j in range(max(0, i - 3), i)}
        perfect = before & set("has have had been be was were is are being".split())
        by = word_at(words, i + 1) == "by" and not word_at(words, i + 2)[:1].isdigit()
        form = Form.PARTICIPLE if perfect or by else Form.PAST
    return inflect(other, form)


def _is_verb(words: list[Token], i: int, base: str, form: Form) -> bool:
    """Tell a verb from the noun of the same letters: to rise, a rise."""
    before = word_at(words, i - 1)
    if form in (Form.PAST, Form.PARTICIPLE) and inflect(base, form) != base:
        return before not in ("a", "an", "the", "of", "its", "his", "her", "their", "left")
    if form is Form.ING:
        return before not in ("a", "an", "the", "this", "of", "its") or base not in RARELY_VERBS
    modal = before in (
        "to",
        "will",
        "would",
        "could",
        "can",
        "should",
        "must",
        "may",
        "might",
        "not",
    )
    if form is Form.BASE:
        return modal
    return before in ("it", "he", "she", "who", "which") or base not in RARELY_VERBS
