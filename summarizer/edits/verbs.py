"""Forms of English verbs, both ways: word to base, base to word."""

from __future__ import annotations

from enum import StrEnum

from summarizer.edits.verb_tables import DOUBLED, IRREGULAR, REGULAR


class Form(StrEnum):
    """A form of a verb; the past and the participle of a regular verb are one word."""

    BASE = "base"
    THIRD = "third"  # buys
    PAST = "past"  # took
    PARTICIPLE = "participle"  # taken
    ING = "ing"  # buying


_VOWELS = "aeiou"
_ONE_L = ("cancel", "travel", "label", "signal", "fuel", "total")
# has, goes, does; and the -ing forms that the rules below would get wrong.
_ODD = {
    ("have", Form.THIRD): "has",
    ("die", Form.ING): "dying",
    ("lie", Form.ING): "lying",
    ("tie", Form.ING): "tying",
    ("see", Form.ING): "seeing",
    ("flee", Form.ING): "fleeing",
    ("agree", Form.ING): "agreeing",
    ("disagree", Form.ING): "disagreeing",
    ("guarantee", Form.ING): "guaranteeing",
    ("oversee", Form.ING): "overseeing",
}


def _third(base: str) -> str:
    if base.endswith(("s", "x", "z", "ch", "sh", "o")):
        return base + "es"
    if base.endswith("y") and base[-2] not in _VOWELS:
        return base[:-1] + "ies"
    return base + "s"


def _ed(base: str) -> str:
    if base.endswith("e"):
        return base + "d"
    if base.endswith("y") and base[-2] not in _VOWELS:
        return base[:-1] + "ied"
    return base + (base[-1] if base in DOUBLED else "") + "ed"


def _ing(base: str) -> str:
    if base.endswith("e"):
        return base[:-1] + "ing"
    return base + (base[-1] if base in DOUBLED else "") + "ing"


def _tables() -> tuple[dict[tuple[str, Form], str], dict[str, list[tuple[str, Form]]]]:
    irregular = [line.split() for line in IRREGULAR.replace("\n", "").split("|")]
    pasts = {words[0]: (words[1], words[-1]) for words in irregular}
    pasts["oversee"] = ("oversaw", "overseen")
    pasts["forecast"] = ("forecast", "forecast")
    forward: dict[tuple[str, Form], str] = {}
    for base in [*pasts, *REGULAR.split()]:
        past, participle = pasts.get(base) or (_ed(base), _ed(base))
        forward[base, Form.BASE] = base
        forward[base, Form.THIRD] = _third(base)
        forward[base, Form.PAST] = past
        forward[base, Form.PARTICIPLE] = participle
        forward[base, Form.ING] = _ing(base)
    forward.update(_ODD)
    back: dict[str, list[tuple[str, Form]]] = {}
    for base in _ONE_L:  # canceled: read, but cancelled is written
        back[f"{base}ed"] = [(base, Form.PAST), (base, Form.PARTICIPLE)]
        back[f"{base}ing"] = [(base, Form.ING)]
    for (base, form), word in forward.items():
        back.setdefault(word, []).append((base, form))
    return forward, back


_WORDS, _READINGS = _tables()


def readings(word: str) -> list[tuple[str, Form]]:
    """Return the verbs and forms that `word` can be, in the order of the tables."""
    return _READINGS.get(word.lower(), [])


def base_of(word: str, *forms: Form) -> str | None:
    """Return the base of `word` where it can be one of `forms`, or None."""
    for base, form in readings(word):
        if form in forms:
            return base
    return None


def inflect(base: str, form: Form) -> str | None:
    """Return `base` in `form`, or None for a verb that is not in the tables."""
    return _WORDS.get((base, form))


def is_past_only(word: str) -> bool:
    """Tell whether `word` is a past only: took, gave; not bought (was bought)."""
    found = {form for _, form in readings(word)}
    return found == {Form.PAST}
