"""Active turned into passive and back, where subject, verb and object are sure."""

from __future__ import annotations

import re
from random import Random

from summarizer.edits.clauses import participle
from summarizer.edits.shaping import capital_first
from summarizer.edits.verbs import Form, base_of, inflect
from summarizer.text.names import names

_NOUN_PHRASE = r"(?:[Tt]he [a-z]+|[A-Z][\w&'’-]*(?: (?:of )?[A-Z][\w&'’-]*){0,3})"
_ACTIVE = re.compile(
    rf"^(?P<subject>{_NOUN_PHRASE}) (?P<verb>[a-z]+) (?P<object>{_NOUN_PHRASE})"
    r"(?P<rest>(?: (?:on|in|for|after|at|during|by|over|last|from) [^,]{2,80})?\.?)$"
)
_PASSIVE = re.compile(
    rf"^(?P<object>{_NOUN_PHRASE}) (?P<be>was|were) (?P<verb>[a-z]+) by (?P<subject>{_NOUN_PHRASE})"
    r"(?P<rest>(?: (?:on|in|for|after|at|during|over|last) [^,]{2,80})?\.?)$"
)
# Verbs of an agent and what it acts on; others (lead, run, become) can be no passive.
_TRANSITIVE = frozenset(
    """
    abandon acquire approve arrest attack award ban beat block bomb build buy cancel capture
    challenge
    close condemn convict create criticise criticize defeat demolish destroy dismiss elect endorse
    fine fire found fund hire hit injure invade invite invent investigate jail kill launch
    nominate open organise oust overtake own pass praise publish purchase reject release rescue
    reward sack save sell sentence shoot sign strike sue summon support suspend take thank
    threaten veto warn
    welcome write
    """.split()
)


def other_voice(sentence: str, rng: Random) -> str | None:
    """Return a plain active sentence in the passive, a passive one in the active, or None."""
    del rng
    if match := _PASSIVE.match(sentence):
        base = base_of(match["verb"], Form.PARTICIPLE)
        past = inflect(base, Form.PAST) if base in _TRANSITIVE and base else None
        if past and _is_phrase(match["object"]) and _is_phrase(match["subject"]):
            return _joined(match["subject"], past, match["object"], match["rest"])
    match = _ACTIVE.match(sentence)
    base = base_of(match["verb"], Form.PAST) if match else None
    if match is None or base not in _TRANSITIVE or not base or match["rest"].startswith(" by "):
        return None
    if not _is_phrase(match["object"]) or not _is_phrase(match["subject"]):
        return None
    be = "were" if _is_plural(match["object"]) else "was"
    return _joined(match["object"], f"{be} {participle(base)} by", match["subject"], match["rest"])


def _is_phrase(phrase: str) -> bool:
    """Tell whether all of the phrase is one name, or "the" and a noun."""
    if phrase.lower().startswith("the ") and phrase[4:5].islower():
        return True
    return any(n.text == phrase or f"The {n.text}" == phrase for n in names(phrase))


def _is_plural(phrase: str) -> bool:
    last = phrase.split()[-1]
    return phrase.lower().startswith("the ") and last.endswith("s") and not last.endswith("ss")


def _joined(first: str, verb: str, second: str, rest: str) -> str:
    second = "the " + second[4:] if second.startswith("The ") else second
    return f"{capital_first(first)} {verb} {second}{rest}"
