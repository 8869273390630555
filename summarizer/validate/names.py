"""Every name of a claim is in its evidence, and does there what the claim says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from summarizer.data import RejectReason
from summarizer.text.common import COMMON_STEMS
from summarizer.text.dates import overlapping
from summarizer.text.names import LEGAL_FORMS, Name, name_matches, spelled_out
from summarizer.text.openers import OPENER_STEMS
from summarizer.text.words import PAST_FORMS, STOPWORDS, stem, tokens
from summarizer.validate.offices import wrong_office, wrong_place
from summarizer.validate.reading import Finding, Index, Reading

# "It plans to ...", "the company said": the evidence leaves a name to the sentences before.
_REFERENCE = re.compile(
    r"\b(?:he|she|it|they|him|his|her|hers|its|them|their|theirs|this|these|those|we|our|us|i|my|"
    r"who|(?:the|this|that|both)\s+(?:[\w-]+\s+){0,2}(?:company|companies|firm|group|giant|maker|"
    r"bank|agency|ministry|department|team|club|side|party|government|council|court|university|"
    r"school|hospital|airline|studio|network|site|service|platform|app|startup|start-up|union|"
    r"charity|organi[sz]ation|body|force|city|town|country|nation|state|man|woman|boy|girl|couple|"
    r"pair|duo|suspect|victim|actor|actress|singer|player|striker|midfielder|defender|goalkeeper|"
    r"manager|coach|captain|champion|star|president|minister|senator|mayor|chief|executive|ceo|"
    r"chairman|founder|director|officer|official|spokesman|spokeswoman|judge|lawyer|author|"
    r"scientist|researcher|researchers|study|report|film|book|song|show|series|game|model|product|"
    r"device|system|project|plan|deal|bill|law|attack|storm|crash|fire|ship|plane|aircraft|event|"
    r"tournament|match|race|election|former|latter|billionaire|politician|leader|teenager|student)"
    r"|the\s+\d+-year-old)\b",
    re.I,
)
# The same as the subject of a clause; a possessive does not stand for one.
_SUBJECT_REFERENCE = re.compile(
    r"\b(?:he|she|it|they|we|i|the\s+(?!and\b|of\b)[a-z][\w-]*)\b", re.I
)
_LOOK_BACK = 5  # sentences before the evidence in which a reference may find its name


def check_names(
    claim: Reading, index: Index, ids: Sequence[int]
) -> tuple[Finding | None, tuple[int, ...]]:
    """Every name of the claim is in the evidence, or where the evidence refers back to.

    Returns the finding, and the ids of further sentences that a reference was resolved by; they
    belong to the evidence.
    """
    chosen = list(ids)
    extra: list[int] = []
    claimed = claim.names or _lowered(claim.text, index)
    for name in claimed:
        if any(_named(name, index.sentences[i - 1]) for i in chosen):
            continue
        if any(True for _ in overlapping(name.start, name.end, claim.dates)):
            continue
        if _titled(name, index, ids):
            continue
        found = _referred(name, index, ids) or _described(name, claim, index)
        if found is None:
            what = f"{name.text} is not in the evidence{_instead(name, claimed, index, ids)}"
            return (RejectReason.NAME, what), ()
        chosen.append(found)
        extra.append(found)
    if told := _unknown_part(claimed, index):
        return (RejectReason.NAME, told), ()
    evidence = [index.sentences[i - 1] for i in chosen]
    if told := wrong_office(claim, index) or wrong_place(claim, evidence):
        return (RejectReason.NAME, told), ()
    return None, tuple(extra)


def _instead(name: Name, claimed: Sequence[Name], index: Index, ids: Sequence[int]) -> str:
    """Return "; sentence 7 says John Smith": a name that shares a word, else one of the best."""
    further = (i for i in range(1, len(index.sentences) + 1) if i not in ids)
    for i in (*ids, *further):
        for other in index.sentences[i - 1].names:
            shared = set(name.words) & set(other.words)
            if any(len(word) > 1 for word in shared) and not name_matches(name, [other]):
                return f"; sentence {i} says {other.text}"
    for i in ids[:1]:
        for other in index.sentences[i - 1].names:
            if not name_matches(other, claimed) and _alike(name, other):
                return f"; sentence {i} says {other.text}"
    return ""


def _alike(one: Name, two: Name) -> bool:
    return any(c.isdigit() for c in one.text) == any(c.isdigit() for c in two.text)


def _lowered(text: str, index: Index) -> list[Name]:
    """Names in a text without capitals: those of the article, and words it writes only with one.

    A word before them that nobody writes small belongs to them too: "jane smith".
    """
    if any(c.isupper() for c in text):
        return []
    known = _vocabulary(index)
    words = [(t.text.removesuffix("'s").removesuffix("’s"), t.start) for t in tokens(text)]
    found: list[Name] = []
    i = 0
    while i < len(words):
        size = known.longest([word for word, _ in words[i : i + _LONGEST]])
        if not size:
            i += 1
            continue
        first = i - (i > 0 and known.unheard(words[i - 1][0]))
        run = words[first : i + size]
        start, end = run[0][1], run[-1][1] + len(run[-1][0])
        found.append(Name(text[start:end], tuple(word for word, _ in run), start, end))
        i += size
    return found


_LONGEST = 6  # words of a name
_PARTS = frozenset("new old former north south east west great st mr mrs ms dr sir".split())
_INFLECTED = ("s", "ed", "ing", "ly", "er", "ist", "ion", "ian", "ish", "ese")


class _Vocabulary(NamedTuple):
    """What an article writes with a capital and small, all in lower case."""

    names: frozenset[tuple[str, ...]]
    capital: frozenset[str]
    small: frozenset[str]
    forms: tuple[Name, ...]  # each form of a name once

    def longest(self, words: Sequence[str]) -> int:
        """Return how many of `words` from the first are a name of the article; 0 for none."""
        for size in range(len(words), 1, -1):
            if tuple(words[:size]) in self.names:
                return size
        alone = words[0]
        if alone in self.small or alone in STOPWORDS or _common(alone):
            return 0
        return int(alone in self.capital)

    def unheard(self, word: str) -> bool:
        """Tell whether a word of a text without capitals can be a first name, by what it is not."""
        if not word.isalpha() or word in STOPWORDS | self.small | _PARTS or _common(word):
            return False
        return not word.endswith(_INFLECTED)


def _common(word: str) -> bool:
    return stem(word) in COMMON_STEMS or stem(word) in OPENER_STEMS


@lru_cache(maxsize=16)
def _vocabulary(index: Index) -> _Vocabulary:
    every = (token.text for sentence in index.sentences for token in tokens(sentence.text))
    spelled = {tuple(t.text.lower() for t in tokens(name.text)) for name in index.names}
    return _Vocabulary(
        names=frozenset(spelled),
        capital=frozenset(w for name in index.names for w in name.words if w.isalpha()),
        small=frozenset(word for word in every if word.islower()),
        forms=tuple({name.text: name for name in index.names}.values()),
    )


def _named(name: Name, sentence: Reading) -> bool:
    if name_matches(name, sentence.names) or spelled_out(name, sentence.text):
        return True
    # Capitalised by the claim alone: a common word, or a text without capitals.
    phrase = re.escape(" ".join(name.text.lower().replace("’", "'").split()))
    return bool(re.search(rf"(?<!\w){phrase}(?:'s|s)?(?!\w)", sentence.lower))


def _titled(name: Name, index: Index, ids: Sequence[int]) -> bool:
    """Tell whether the evidence refers to what the article's title names."""
    refers = any(_REFERENCE.search(index.sentences[i - 1].text) for i in ids)
    return refers and _named(name, index.title)


def _referred(name: Name, index: Index, ids: Sequence[int]) -> int | None:
    """Return the nearest sentence before the evidence that has `name`, if something refers back."""
    for i in ids:
        if not _REFERENCE.search(index.sentences[i - 1].text):
            continue
        for back in range(i - 1, max(0, i - 1 - _LOOK_BACK), -1):
            if _named(name, index.sentences[back - 1]):
                return back
    return None


_BESIDE = 40  # characters between two names that describe each other: "Vorn's former chief Tarn"


def _described(name: Name, claim: Reading, index: Index) -> int | None:
    """Return a sentence that joins `name` to the claim's name beside it: "Vorn chief Tarn"."""
    beside = [
        other
        for other in claim.names
        if 0 < other.start - name.end < _BESIDE or 0 < name.start - other.end < _BESIDE
    ]
    for other in beside:
        gap = claim.text[min(name.end, other.end) : max(name.start, other.start)]
        if _CLAUSE.search(gap):
            continue
        for i, sentence in enumerate(index.sentences, 1):
            if name_matches(name, sentence.names) and name_matches(other, sentence.names):
                return i
    return None


# Between two names it makes them subject and object, or members of a list.
_CLAUSE = re.compile(
    r"[,;:.]|\b(?:and|or|to|from|against|in|on|at|by|with|for|after|before|who|that|\w+ed)\b", re.I
)
_PASSIVE = re.compile(
    r"\s*(?:,[^,]*,\s*)?(?:is|are|was|were|has been|have been|had been|being)\b", re.I
)


def check_subject(
    claim: Reading, index: Index, ids: Sequence[int], verb: int | None
) -> Finding | None:
    """Who the claim says did it stands before the verb in its evidence, not another name alone.

    `verb` is the index of the claim's first word after its first name.
    """
    if verb is None or not claim.names or not _opens_claim(claim):
        return None
    subject = claim.names[0]
    if _PASSIVE.match(claim.text, subject.end) or not _acts(claim.text, subject):
        return None
    term = claim.terms[verb]
    told = {t.key for t in claim.terms if t.start >= subject.end}
    bearing = [i for i in ids if term.key in index.sentences[i - 1].keys]
    if not bearing:
        return None
    best = max(bearing, key=lambda i: len(told & index.sentences[i - 1].keys))
    shared = len(told & index.sentences[best - 1].keys)
    if 2 * shared < len(told):
        return None  # it tells of something else
    if rival := _rival_subject(subject, claim, index.sentences[best - 1], term.key):
        return RejectReason.NAME, f"sentence {best} says it of {rival}, not of {subject.text}"
    before = [index.sentences[i - 1] for i in (*range(max(1, best - _LOOK_BACK), best + 1), *ids)]
    if not any(_named(subject, sentence) for sentence in (index.title, *before)):
        return RejectReason.NAME, f"no sentence up to the evidence says it of {subject.text}"
    return None


_AUXILIARIES = frozenset(
    "has have had will would can could may might should must does did do won't didn't".split()
)
_ADVERBS = frozenset("also now then still never always once only not just".split())
_APPOSITION = re.compile(r",[^,]{1,60},")
_GOVERNED = re.compile(r"\b(?:of|on|in|at|for|from|to|with|by|near)\s+(?:the\s+)?$", re.I)
_PEOPLE = re.compile(r"\bthe\s+$", re.I)  # "The Frenchman says": whoever was named before


def _acts(text: str, subject: Name) -> bool:
    """Tell whether a verb follows the name: not so in "Vorn shares fell", "England captain"."""
    before = text[: subject.start][-12:]
    if _GOVERNED.search(before) or (_PEOPLE.search(before) and len(subject.words) == 1):
        return False
    after = subject.end
    if apposition := _APPOSITION.match(text, after):
        after = apposition.end()
    elif text[after : after + 1] != " ":
        return False
    words = [t.text.lower() for t in tokens(text[after : after + 60])]
    while words and (words[0] in _ADVERBS or words[0].endswith("ly")):
        words.pop(0)
    if not words or words[0] in _AUXILIARIES or _past(words[0]):
        return bool(words)
    third_person = words[0].endswith("s") and not words[0].endswith("ss")
    noun = len(words) > 1 and (words[1] in _AUXILIARIES or _past(words[1]))
    return third_person and not noun


def _past(word: str) -> bool:
    return word.endswith("ed") or word in PAST_FORMS


def _opens_claim(claim: Reading) -> bool:
    before = [t for t in claim.terms if t.end <= claim.names[0].start]
    return len(before) <= 1


def _rival_subject(subject: Name, claim: Reading, sentence: Reading, key: str) -> str | None:
    """Return the name that stands before the verb where `subject` should."""
    verbs = [t.start for t in sentence.terms if t.key == key]
    if not verbs:
        return None
    before = [n for n in sentence.names if n.end <= max(verbs)]
    if any(name_matches(subject, [n]) for n in before) or spelled_out(subject, sentence.text):
        return None
    rivals = [
        n
        for n in before
        if not name_matches(n, claim.names) and not set(n.words) & set(subject.words)
    ]
    if rivals and _THE_ONE.search(sentence.text[max(0, rivals[-1].start - 20) : rivals[-1].start]):
        return None
    if not rivals or _SUBJECT_REFERENCE.search(sentence.text[rivals[-1].end : max(verbs)]):
        return None
    return rivals[-1].text


_THE_ONE = re.compile(r"\bthe\s+(?:[\w-]+\s+)?$", re.I)  # "the young Velmoran" may be anyone


def _unknown_part(claimed: Sequence[Name], index: Index) -> str | None:
    """Return what is wrong with a name that adds a word the article's form of it lacks."""
    for name in claimed:
        if len(name.words) < 2:
            continue
        known = [other for other in _vocabulary(index).forms if name_matches(name, [other])]
        words = {w for other in known for w in other.words}
        if known and all(len(o.words) < len(name.words) for o in known) and not _acronymic(known):
            missing = [w for w in name.words if w not in words and w not in LEGAL_FORMS]
            if other := _namesake(name, missing, index):
                number, form = other
                return f"{name.text} is not in the evidence; sentence {number} says {form.text}"
            if missing and not _written(missing, index):
                return f"{name.text} is not a name of the article; it says {known[0].text}"
    return None


def _namesake(name: Name, missing: Sequence[str], index: Index) -> tuple[int, Name] | None:
    """Return another of the same surname, where the article knows this one by the surname only."""
    if not missing or name.words[0] not in missing or len(name.words[0]) == 1:
        return None
    for i, sentence in enumerate(index.sentences, 1):
        for other in sentence.names:
            same_surname = len(other.words) > 1 and other.words[-1] == name.words[-1]
            if same_surname and not name_matches(name, [other]):
                return i, other
    return None


def _acronymic(known: Sequence[Name]) -> bool:
    return any(o.text.isupper() for o in known)


def _written(words: Sequence[str], index: Index) -> bool:
    return all(any(word in s.lower for s in index.sentences) for word in words)
