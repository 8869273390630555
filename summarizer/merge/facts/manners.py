"""How claims say what they say: as certain, as real, of all or of some, and of whom.

Two claims may share all their words and still be different facts: "Brelo sued Kvant" and "Kvant
sued Brelo", "all schools closed" and "some schools closed", "stole" and "allegedly stole".
"""

from __future__ import annotations

import re
from functools import lru_cache

from summarizer.merge.facts.claims import Telling
from summarizer.merge.facts.same_fact_signals import TELLING_STEMS
from summarizer.text.names import Name, name_matches
from summarizer.text.negation import Modality, scopes
from summarizer.text.words import stem

# Words on one side alone that change how much is said, though all the others be the same.
_LIMITS = re.compile(
    r"\b(?:all|every|each|both|most|some|few|many|only|half|part|partly|almost|nearly|if|unless"
    r"|until|except|former|formerly|alleged|allegedly|reportedly|attempted|so-called)\b",
    re.I,
)
_ALL, _SOME = frozenset({"all", "every", "each"}), frozenset({"some", "few", "half", "part"})
# "If" against "whether", "when" or "should he": the same condition in other words.
_IF = re.compile(r"\b(?:if|unless)\b", re.I)
_AS_IF = re.compile(r"\b(?:if|unless|whether|when|once|until|should|provided|as long as)\b", re.I)
_ALLEGED = re.compile(r"\b(?:alleg|accus|suspect|charg|suppos|claim|indict)", re.I)
_UNREAL = frozenset({Modality.POSSIBLE, Modality.ALLEGED})
_SUBJECT_WITHIN = 12  # characters from the beginning: "The Dali"
_BEFORE_NAME = re.compile(r"(\w+)[\s\"'“‘(]*$")
# Words before a name that is no object: "the mayor of Orvin", "with Kvant", "and Kvant".
_NO_OBJECT = frozenset(
    "of in at on to from by with and or for near against between over under after before than"
    " as like the".split()
)
_PASSIVE = re.compile(r"\bby\b", re.I)


@lru_cache(maxsize=4096)
def limits(text: str) -> frozenset[str]:
    """Return the words of `text` that limit what it says."""
    return frozenset(word.lower() for word in _LIMITS.findall(text))


def asks(text: str) -> bool:
    """Tell whether `text` is a question."""
    return text.rstrip("\"'”’) ").endswith("?")


@lru_cache(maxsize=4096)
def manner(text: str) -> dict[str, frozenset[tuple[bool, Modality]]]:
    """Return of every content word whether it is denied, and how real it is.

    What is said to be reported counts as done: the brief names its sources anyway.
    """
    found: dict[str, set[tuple[bool, Modality]]] = {}
    for scope in scopes(text):
        real = Modality.DONE if scope.modality is Modality.REPORTED else scope.modality
        found.setdefault(scope.key, set()).add((scope.negated, real))
    return {key: frozenset(manners) for key, manners in found.items()}


def as_sure(specific: Telling, general: Telling) -> bool:
    """Tell whether all that `general` says is as certain, real and wide in `specific`."""
    if general.planned != specific.planned or general.negated != specific.negated:
        return False
    if asks(general.text) != asks(specific.text):
        return False
    if limits(general.text) != limits(specific.text) or roles_swapped(general, specific):
        return False
    said = manner(specific.text)
    return all(manners <= said[key] for key, manners in manner(general.text).items() if key in said)


def unlike(a: Telling, b: Telling) -> bool:
    """Tell whether two claims that share their words say different things by them."""
    one, other = limits(a.text), limits(b.text)
    if (one & _ALL and other & _SOME and not other & _ALL) or (
        other & _ALL and one & _SOME and not one & _ALL
    ):
        return True
    return (
        asks(a.text) != asks(b.text)
        or _conditional(a.text, b.text)
        or _conditional(b.text, a.text)
        or _realities_differ(a, b)
        or roles_swapped(a, b)
    )


def _realities_differ(a: Telling, b: Telling) -> bool:
    # Reading the manner of every word takes a while, and most claims have no cue.
    if a.planned == b.planned and bool(_ALLEGED.search(a.text)) == bool(_ALLEGED.search(b.text)):
        return False
    return _less_real(a.text, b.text) or _less_real(b.text, a.text)


def _conditional(one: str, other: str) -> bool:
    return bool(_IF.search(one)) and not _AS_IF.search(other)


def _less_real(one: str, other: str) -> bool:
    """Tell whether most of what both say is a fact in `other`, not more than possible in `one`."""
    weak, strong = manner(one), manner(other)
    shared = weak.keys() & strong.keys()
    unreal = {key for key in shared if all(m in _UNREAL for _, m in weak[key])}
    if 2 * len(unreal) <= len(shared):
        return False
    return all(m is Modality.DONE for key in unreal for _, m in strong[key])


def roles_swapped(a: Telling, b: Telling) -> bool:
    """Tell whether the subject of either is the object of the other: Brelo sued Kvant."""
    if a.text == b.text:
        return False
    first, second = _subject(a), _subject(b)
    if first is None or second is None or name_matches(first, [second]):
        return False
    if bool(_PASSIVE.search(a.text)) != bool(_PASSIVE.search(b.text)):
        return False
    return _is_object(first, b) and _is_object(second, a)


def _subject(telling: Telling) -> Name | None:
    first = telling.mentions[0] if telling.mentions else None
    if first is None or first.start > _SUBJECT_WITHIN:
        return None
    before = _BEFORE_NAME.search(telling.text[: first.start])
    return None if before and before[1].lower() in _NO_OBJECT - {"the"} else first


def _is_object(name: Name, telling: Telling) -> bool:
    """Tell whether `name` comes later in the claim, right after a verb or a plain word."""
    for mention in telling.mentions[1:]:
        if name_matches(name, [mention]) and name_matches(mention, [name]):
            before = _BEFORE_NAME.search(telling.text[max(0, mention.start - 40) : mention.start])
            word = before[1] if before else ""
            if word.islower() and word not in _NO_OBJECT and stem(word) not in TELLING_STEMS:
                return True
    return False
