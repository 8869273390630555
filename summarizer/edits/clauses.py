"""Where the verbs of a sentence are, and what kind they are."""

from __future__ import annotations

from typing import NamedTuple

from summarizer.edits.shaping import word_at
from summarizer.edits.verb_tables import RARELY_VERBS
from summarizer.edits.verbs import Form, base_of, inflect, is_past_only, readings
from summarizer.text.words import Token

AUXILIARIES = frozenset(
    "is are was were has have had will would can could shall should may might must do does "
    "did".split()
)
BE = frozenset("is are was were be been being am".split())
PRONOUNS = frozenset("he she it they we i you who which".split())
DETERMINERS = frozenset(
    "the a an its his her their our my this that these those some any no every each all "
    "both".split()
)
_CONTRACTED = frozenset("he's she's it's who's that's there's what's here's".split())
_PREPOSITIONS = frozenset(
    "of in on at by for with from to into about against between through during before after under "
    "over as than per via amid among like without within across and or but nor".split()
)
_ADVERBS = frozenset(
    "also now then still just already never not later recently once always often only soon".split()
)
_AFTER_TRANSITIVE = DETERMINERS | frozenset(
    "it him them us me himself herself themselves itself more about nearly almost that to what "
    "whether how one two three four five six seven eight nine ten up down out off back".split()
)
# "A sailor named Bones" says nothing of naming.
_NAMING = frozenset("name call title base locate situate know".split())
# After these a past is a participle: having won, got knocked out.
_NO_SUBJECT = frozenset("having get gets got getting becoming became become".split())
# "If it is delayed" and "whether it will open" assert nothing, so denying them changes nothing.
_HYPOTHETICAL = frozenset("if whether unless until were lest".split())


class Verb(NamedTuple):
    """A finite verb: the index of its word, its base, and whether it is past (else present)."""

    at: int
    base: str
    past: bool


def is_adverb(word: str) -> bool:
    """Tell whether a lower-case word can stand between an auxiliary and its verb."""
    return word in _ADVERBS or (
        word.endswith("ly") and len(word) > 4 and not base_of(word, Form.BASE)
    )


def before(words: list[Token], i: int) -> int:
    """Return the index of the nearest word before `i` that is no adverb; -1 for none."""
    i -= 1
    while i >= 0 and is_adverb(word_at(words, i)):
        i -= 1
    return i


def after(words: list[Token], i: int) -> int:
    """Return the index of the nearest word after `i` that is no adverb."""
    i += 1
    while i < len(words) and is_adverb(word_at(words, i)):
        i += 1
    return i


def is_hypothetical(text: str, words: list[Token], i: int) -> bool:
    """Tell whether the word at `i` stands in an if, whether or unless of its own clause."""
    for j in range(i - 1, max(-1, i - 12), -1):
        if "," in text[words[j].end : words[j + 1].start]:
            return False
        if word_at(words, j) in _HYPOTHETICAL and not (j == i):
            return word_at(words, j) != "were"
    return False


def finite_verbs(text: str, words: list[Token]) -> list[Verb]:
    """Return the full verbs that stand in the past or present, in order; none that is doubtful.

    "The man arrested in Oslo said": only "said", for "arrested" may be a participle.
    """
    found = [verb for i in range(1, len(words)) if (verb := _past(text, words, i))]
    found += [verb for i in range(1, len(words)) if (verb := _third(text, words, i))]
    return sorted(found)


def _subject_before(text: str, words: list[Token], i: int) -> bool:
    """Tell whether the word before `i` can end a subject."""
    j = before(words, i)
    low = word_at(words, j)
    if j < 0 or not low or low in AUXILIARIES or low in BE or low in _NO_SUBJECT:
        return False
    if (
        low.endswith(("n't", "'ve", "'d", "'re", "'m"))
        or low in _CONTRACTED
        or low in _PREPOSITIONS
        or (low in DETERMINERS and low != "that")
    ):
        return False
    gap = text[words[i - 1].end : words[i].start]
    return not gap.strip(" ,") or gap.strip() in ("'", "’", ")", "”", '"')


def _past(text: str, words: list[Token], i: int) -> Verb | None:
    word = words[i].text
    if not word.islower():
        return None
    base = base_of(word, Form.PAST)
    if base is None or base == word or base == "have" or not _subject_before(text, words, i):
        return None
    if any(verb == word for verb in (base_of(word, Form.BASE),)) and not is_past_only(word):
        return None  # found, left, saw: two verbs
    if is_past_only(word) or word in ("said", "told"):
        return Verb(i, base, True)
    low_before = word_at(words, before(words, i))
    following = words[i + 1].text if i + 1 < len(words) else ""
    gap = text[words[i].end : words[i + 1].start] if following else ""
    if low_before in PRONOUNS and low_before:
        return Verb(i, base, True)
    if "," in gap or following.lower() == "by" or base in _NAMING:
        return None
    if following.lower() in _AFTER_TRANSITIVE - {"to"} or following[:1].isupper():
        return Verb(i, base, True)
    if following[:1].isdigit() or not _other_finite(words, i):
        return Verb(i, base, True)
    return None


def _other_finite(words: list[Token], i: int) -> bool:
    """Tell whether another word of the sentence could be its verb."""
    for j, word in enumerate(words):
        if j == i:
            continue
        low = word.text.lower()
        if low in AUXILIARIES or low.endswith("n't"):
            return True
        forms = {form for _, form in readings(low)}
        if Form.PAST in forms or (
            Form.THIRD in forms and base_of(low, Form.THIRD) not in _DOUBTFUL
        ):
            return True
    return False


def _third(text: str, words: list[Token], i: int) -> Verb | None:
    word = words[i].text
    if not word.islower():
        return None
    base = base_of(word, Form.THIRD)
    if base is None or base == "have" or not _subject_before(text, words, i):
        return None
    subject = words[before(words, i)].text
    following = word_at(words, i + 1)
    if base in _DOUBTFUL and subject.lower() not in PRONOUNS:
        wanted = base in _TO_VERBS and following == "to" and not subject.endswith("s")
        if not wanted:
            return None
    if subject.lower() not in PRONOUNS and following not in _AFTER_TRANSITIVE:
        return None
    return Verb(i, base, False)


_TO_VERBS = frozenset("plan hope aim need want seek intend".split())
_DOUBTFUL = RARELY_VERBS


def participle(base: str) -> str:
    """Return the past participle of a verb of the tables."""
    return inflect(base, Form.PARTICIPLE) or base


def is_statement(words: list[Token]) -> bool:
    """Tell a sentence from a heading: at least four words, and one that can be its verb."""
    if len(words) < 4:
        return False
    return any(
        (low := word.text.lower()) in AUXILIARIES
        or low.endswith(("n't", "n’t", "'s", "’s", "'re", "'ll"))
        or base_of(low, Form.PAST, Form.THIRD, Form.BASE) is not None
        for word in words[1:]
    )
