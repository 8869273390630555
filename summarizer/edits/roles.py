"""Who did what to whom, turned round."""

from __future__ import annotations

import re
from random import Random

from summarizer.edits.clauses import AUXILIARIES, is_adverb
from summarizer.edits.pool import PEOPLE, PLACES, Known, NameKind, known_names
from summarizer.edits.shaping import capital_first
from summarizer.edits.verbs import readings
from summarizer.text.names import name_matches
from summarizer.text.words import Token, tokens

# Verbs that say the same with both ends changed.
_SYMMETRICAL = frozenset(
    "meet marry divorce divide merge fight face play battle compete clash agree trade talk "
    "partner collaborate share join border match resemble debate be".split()
)
# What may stand between two names, beside verbs, when the second is what the verb acts on.
_BETWEEN = frozenset(
    "has have had was were is are been being be will would could can may might must should "
    "did does "
    "to by the a up over against out also that of for from with on into its".split()
)
_MAX_BETWEEN = 6
_COMPARES = re.compile(
    r" (?:is|was|are|were|has|had|remains)? ?(?:much |far |slightly )?(?:[a-z]+er|(?:more"
    r"|less) [a-z]+|ahead|[a-z]+er"
    r" [a-z]+|(?:more|fewer) [a-z]+) (?:than|of) (?:the )?"
)
# What can sue and be sued: only such are exchanged where neither end is a name.
_ACTORS = frozenset(
    """
    airline army association authorities bank banks board buyer captain carmaker champion
    champions chief
    children city club coach committee companies company council country court customer department
    developer director doctor driver employer family federation firm firms goalkeeper
    government group
    guard hospital judge king landlord lawyer lawyers league maker manager mayor miner minister
    ministry
    museum neighbour officer officers opposition owner owners parents parliament party patient
    players
    police president prince prisoner prosecutor prosecutors protesters publisher queen rebels
    regulator
    school senate soldier soldiers striker student students suspect teacher team tenant troops union
    university victim witness workers
    """.split()
)
_COMMON = re.compile(
    r"\b([Tt]he (?!same|other|first|second|last|next)[a-z]+)(?= (?:has |had |have )?([a-z]+) "
    r"(the (?!same|other|first"
    r"|second|last|next)[a-z]+)\b)"
)


def swap_roles(sentence: str, rng: Random) -> str | None:
    """Return `sentence` with the two ends of a verb exchanged, or None."""
    words = tokens(sentence)
    found = known_names(sentence)
    options = [
        (a, b) for a, b in zip(found, found[1:], strict=False) if _are_ends(sentence, words, a, b)
    ]
    if options:
        one, two = rng.choice(options)
        return _exchanged(sentence, one.name.start, one.name.end, two.name.start, two.name.end)
    return _swap_common(sentence)


def _exchanged(sentence: str, a: int, b: int, c: int, d: int) -> str:
    return sentence[:a] + sentence[c:d] + sentence[b:c] + sentence[a:b] + sentence[d:]


def _are_ends(sentence: str, words: list[Token], one: Known, two: Known) -> bool:
    if not _alike(one, two) or name_matches(one.name, [two.name]):
        return False
    if one.the != two.the:
        return False
    if sentence[two.name.end : two.name.end + 2] in ("'s", "’s") or sentence[
        one.name.end : one.name.end + 2
    ] in ("'s", "’s"):
        return False
    between = [w for w in words if one.name.end <= w.start and w.end <= two.name.start]
    gaps = sentence[one.name.end : two.name.start]
    if not 0 < len(between) <= _MAX_BETWEEN or re.search(r"[,;:.()\"“”—–?!]", gaps):
        return False
    lows = [w.text.lower() for w in between]
    if _COMPARES.fullmatch(gaps):
        return True
    if "and" in lows or "or" in lows:
        return False
    if lows == ["to"]:  # from Oslo to Rome
        return sentence[: one.name.start].endswith("from ")
    return _acts(lows)


def _acts(lows: list[str]) -> bool:
    """Tell whether the words between two names are a verb that acts from one on the other."""
    verbs = [low for low in lows if low not in _BETWEEN and low not in AUXILIARIES]
    verbs = [low for low in verbs if not is_adverb(low)]
    if not verbs or len(verbs) > 2 or lows[-1] in ("a", "of"):
        return False
    bases = {base for low in verbs for base, _ in readings(low)}
    if bases & _SYMMETRICAL or not all(readings(low) for low in verbs):
        return False
    if lows[-1] in ("with", "on", "for", "from", "into", "its", "to") and lows[-1] != lows[0]:
        return lows[-1] in ("from", "to") and len(lows) > 1
    if bases & {"live", "bear", "die"}:
        return False
    return "say" not in bases or lows[-1] in ("said", "that")


def _alike(one: Known, two: Known) -> bool:
    """Tell whether both can do and suffer the same: two people, two bodies, two countries."""
    actors = PEOPLE | {NameKind.BODY, NameKind.OTHER}
    if one.kind in PLACES and two.kind in PLACES:
        return True
    if NameKind.DEMONYM in (one.kind, two.kind):
        return False
    return one.kind in actors and two.kind in actors


def _swap_common(sentence: str) -> str | None:
    """The court sued the bank: the bank sued the court."""
    for match in _COMMON.finditer(sentence):
        verb = match[2]
        bases = {base for base, _ in readings(verb)}
        if not bases or bases & _SYMMETRICAL or bases & {"say", "be"}:
            continue
        if not {match[1].split()[1], match[3].split()[1]} <= _ACTORS:
            continue
        if verb in AUXILIARIES or match[1].lower() == match[3].lower():
            continue
        if re.match(r"[ -][a-z]+", sentence[match.end(3) :]) and not re.match(
            r" (?:in|on|at|after|before|for|over|last|this|with|by|and|to|as|when|while)\b",
            sentence[match.end(3) :],
        ):
            continue  # the bank chief: a longer noun
        new_first = capital_first(match[3]) if match[1][0] == "T" else match[3]
        old_first = match[1][0].lower() + match[1][1:]
        return (
            sentence[: match.start(1)]
            + new_first
            + sentence[match.end(1) : match.start(3)]
            + old_first
            + sentence[match.end(3) :]
        )
    return None
