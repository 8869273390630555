"""Claims of which one denies, or says the opposite of, what the other states."""

from __future__ import annotations

import math
import re

from summarizer.merge.facts.claims import Telling, dates_clash
from summarizer.merge.facts.joining import Comparer
from summarizer.text.amounts import same_quantity
from summarizer.text.words import canonical, opposites, stem, terms, tokens

SAME_WORDS = 0.75  # jaccard of two claims of which one denies the other
_FEWEST = 3  # terms; two words are said of many things
# Who is denied something is not said to lack all of it: "some did not", "not everyone".
_SOME = re.compile(
    r"\b(?:some|many|most|few|several|others?|half|part|partly|always|often|usually|sometimes"
    r"|everyone|everybody|all|every|only|fully|yet|if|unless|whether|would|could|may|might|should)\b",
    re.I,
)
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|did|does|do|has|have|had|is|are|was|were|be"
    r"|been|being|any|will|denie[sd]|deny|denying|refuse[sd]?|fail(?:s|ed)?|to)\b|\w{1,6}n['’]t\b",
    re.I,
)


def denies(comparer: Comparer, a: Telling, b: Telling) -> bool:
    """Tell whether one claim denies what the other states, and nothing else parts them.

    Both must have nearly the same words, names, numbers and dates. Sentences that only some, or
    only perhaps, bear out are left alone.
    """
    if a.negated == b.negated or not _of_one_thing(a, b):
        return False
    return _likeness(comparer, a.keys - _cues(a), b.keys - _cues(b)) >= SAME_WORDS


def opposed(comparer: Comparer, a: Telling, b: Telling) -> bool:
    """Tell whether two claims differ by one word and its opposite: opened, closed."""
    if a.negated or b.negated or not _of_one_thing(a, b):
        return False
    only_a, only_b = a.keys - b.keys, b.keys - a.keys
    pairs = [(x, y) for x in sorted(only_a) for y in sorted(only_b) if _opposite(x, y)]
    if len(pairs) != 1:
        return False
    # No word in place of another besides: a man and a woman may each do as is said.
    rest_a, rest_b = only_a - {pairs[0][0]}, only_b - {pairs[0][1]}
    if rest_a and rest_b:
        return False
    return _likeness(comparer, a.keys - {pairs[0][0]}, b.keys - {pairs[0][1]}) >= SAME_WORDS


def opposite_words_of(a: Telling, b: Telling) -> tuple[str, str] | None:
    """Return the two words, as written, that say the opposite of one another; None for none."""
    only_a = [t for t in terms(a.text) if t.key not in b.keys]
    only_b = [t for t in terms(b.text) if t.key not in a.keys]
    for x in only_a:
        for y in only_b:
            if _opposite(x.key, y.key):
                return a.text[x.start : x.end], b.text[y.start : y.end]
    return None


def _opposite(one: str, two: str) -> bool:
    return two in {canonical(word) for word in opposites(one)} or one in {
        canonical(word) for word in opposites(two)
    }


def _likeness(comparer: Comparer, one: frozenset[str], two: frozenset[str]) -> float:
    if min(len(one), len(two)) < _FEWEST:
        return 0.0
    shared, either = one & two, one | two
    whole = math.fsum(comparer.weights[k] for k in either)
    return math.fsum(comparer.weights[k] for k in shared) / whole if whole else 0.0


def _cues(telling: Telling) -> frozenset[str]:
    """Return the terms that only carry the denial: "refused", "failed"."""
    return frozenset(
        canonical(stem(token.text))
        for token in tokens(telling.text)
        if _NEGATION.fullmatch(token.text)
    )


def _of_one_thing(a: Telling, b: Telling) -> bool:
    if a.names != b.names or a.planned != b.planned or dates_clash(a, b):
        return False
    if bool(_SOME.search(a.text)) or bool(_SOME.search(b.text)):
        return False
    return _numbers_in(a, b) and _numbers_in(b, a)


def _numbers_in(a: Telling, b: Telling) -> bool:
    return all(any(same_quantity(x, y) for y in b.numbers) for x in a.numbers)
