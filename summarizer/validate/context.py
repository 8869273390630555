"""What stands around a word: is it the same statement, and how to quote it to a reader."""

from __future__ import annotations

from summarizer.text.negation import Scope
from summarizer.text.words import canonical, stem
from summarizer.validate.reading import Reading

_NEAR = 4  # content words on either side that make the statement a word stands in
_AROUND = 30  # characters quoted on either side of a word
# Words that tell nothing of what a statement is about.
_LIGHT = frozenset(
    canonical(stem(w))
    for w in "say tell announce claim deny refuse fail plan want hope expect agree try set seek "
    "year day week month people new also make take have get go come be".split()
)


def neighbours(reading: Reading, scope: Scope) -> frozenset[str]:
    """Return the keys of the content words around `scope`, light ones left out."""
    every = reading.scopes
    i = next((i for i, s in enumerate(every) if s.start == scope.start), None)
    if i is None:
        return frozenset()
    around = every[max(0, i - _NEAR) : i + _NEAR + 1]
    return frozenset(s.key for s in around) - _LIGHT - {scope.key}


def same_statement(claim: Reading, one: Scope, evidence: Reading, two: Scope) -> bool:
    """Tell whether two words stand in one statement: about half of what is around is shared."""
    here = neighbours(claim, one)
    shared = here & (neighbours(evidence, two) | _subject_keys(evidence))
    return 2 * len(shared) >= min(len(here), _NEAR)


def _subject_keys(reading: Reading) -> frozenset[str]:
    """The first content words of a sentence: its subject may stand far from its verb."""
    return frozenset(s.key for s in reading.scopes[:2]) - _LIGHT


def says(reading: Reading, start: int, end: int) -> str:
    """Return "sentence 7 says 'did not approve the merger'", the words around a place."""
    text = reading.text
    left = max(0, start - _AROUND)
    if left and (cut := text.find(" ", left, start)) >= 0:
        left = cut + 1
    right = min(len(text), end + _AROUND)
    if right < len(text) and (cut := text.rfind(" ", end, right)) >= 0:
        right = cut
    where = "it" if reading.number is None else f"sentence {reading.number}"
    quoted = " ".join(text[left:right].split()).strip(" ,;:.")
    return f"{where} says {quoted!r}"
