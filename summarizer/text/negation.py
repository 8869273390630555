"""What English text denies, and what it only plans, thinks possible or has heard."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from summarizer.text.words import Token, canonical, is_content, stem, tokens


class Modality(StrEnum):
    """How real a statement is, as its words say."""

    DONE = "done"
    PLANNED = "planned"  # will, plans to, wants to, is expected to
    POSSIBLE = "possible"  # may, could, might, if
    REPORTED = "reportedly"  # reportedly, apparently, is said to
    ALLEGED = "alleged"  # allegedly, accused of, charged with: the writer does not vouch for it


class Scope(NamedTuple):
    """A content word under its canonical stem, whether it is denied, and how real it is.

    `depth` counts content words from the cue that denies or weakens it, from 1; 0 without one.
    `plain` is true where a "not", "no" or the like denies it, not a verb such as "refuse".
    `denied` and `weakened` count like `depth`, each from the nearest cue of its own kind.
    """

    key: str
    negated: bool
    modality: Modality
    depth: int
    plain: bool
    start: int
    end: int
    denied: int = 0
    weakened: int = 0


# Cues that deny what follows them. "Barely survived" survived, so it is none.
_NOT = frozenset(
    """
    not never no without neither nor none cannot nobody nothing nowhere hardly scarcely rarely
    seldom
    """.split()
)
# Verbs deny an action that follows as "to pay", "paying", "that he paid": who blocks a sale has
# not sold, but a claim may name the sale all the same.
_DENYING = {
    stem(word)
    for word in "deny refuse fail decline prevent prohibit ban bar block stop avoid forbid refute "
    "dispute unable unwilling reluctant cease discourage dissuade deter".split()
}
_OF_DENIAL = {stem(word) for word in "lack absence".split()}  # a lack of proof: no proof
_FROM_REACH = 6  # words between "banned" and "from driving"
_PRONOUNS = frozenset("he she it they he'd she'd they'd any ever having".split())
_UN_WORDS = {
    "unlikely": "likely", "unable": "able", "unclear": "clear", "unknown": "known",
    "unaware": "aware", "untrue": "true", "unhurt": "hurt", "unharmed": "harmed",
    "uninjured": "injured", "unpaid": "paid", "unchanged": "changed", "unaffected": "affected",
    "unrelated": "related", "unconfirmed": "confirmed", "unreported": "reported",
    "unnecessary": "necessary", "unsafe": "safe", "unfair": "fair", "unwilling": "willing",
    "unsuccessful": "successful", "unsuccessfully": "successfully", "unavailable": "available",
    "unacceptable": "acceptable", "unlawful": "lawful", "impossible": "possible",
    "illegal": "legal", "incorrect": "correct", "inaccurate": "accurate", "insufficient":
    "sufficient", "dissatisfied": "satisfied", "disagree": "agree", "uncertain": "certain",
    "unsure": "sure", "unwell": "well", "unproven": "proven", "unsupported": "supported",
}  # fmt: skip
# Words in "un" that are not the contrary of what follows.
_NO_CONTRARY = tuple(
    "unit uniq unif unio univ unve unde unle unlo unco unti unfol unear unpack unwrap undo unan "
    "unprec unra unru".split()
)
_POSITIVE = {stem(negative): canonical(stem(word)) for negative, word in _UN_WORDS.items()}
# "Not only X but Y", "no doubt", "no more than five" deny nothing.
_NOT_NEGATIVE = re.compile(
    r"\b(?:not\s+(?:the\s+|an?\s+)?(?:only|just|merely|simply|least|most|first|last|same|best|all|every"
    r"|always|necessarily|exactly|quite|until|fully|entirely|completely|wholly)|\w*n['’]t\s+(?:just|only|merely|simply|necessarily|fully"
    r"|entirely|completely|always|quite)|no\s+(?:doubt|wonder|matter|sooner|fewer|less|more"
    r"\s+than)|if\s+not|or\s+not|why\s+not|no\.\s*\d|nothing\s+but|none\s+other|cannot\s+but)\b"
    r"|\bNo\s+\d|\bno\s+later\s+than\b",
    re.I,
)
_BREAK = re.compile(
    r"[.;:!?()—–\"“”]|,|\b(?:and|but|which|who|although|though|while|because|instead|yet"
    r"|however|whereas|when|if|unless|until|till|after|before|since|despite|whether)\b",
    re.I,
)
_PLANNED_WORDS = frozenset(
    "will would shall should must ought 'll won't "
    "wouldn't she'll he'll they'll we'll i'll it'll going".split()
)
_PLANNED_STEMS = {
    stem(word)
    for word in "plan intend aim expect hope want seek propose consider schedule anticipate vow "
    "pledge promise threaten prepare envisage forecast predict try attempt strive project target "
    "urge demand call ask request recommend suggest should must slate bid offer".split()
}
_POSSIBLE_WORDS = frozenset("may might could if whether perhaps maybe possibly probably".split())
_POSSIBLE = _POSSIBLE_WORDS | set("likely potentially possible potential unlikely".split())
_REPORTED = frozenset("reportedly purportedly rumoured rumored apparently supposedly".split())
_ALLEGED = frozenset("allegedly alleged".split())
_ACCUSED = re.compile(
    r"\b(?:accus\w{0,6}\s(?:\w+\s){0,3}?of|charged\s+with|suspected\s+of|alleged(?:\s+to|\s+that)?"
    r"|alleges|(?:claims|claimed)\s+that)\b",
    re.I,
)
_SET_TO = re.compile(
    r"\b(?:(?:(?<=is )|(?<=are )|(?<=was )|(?<=were )|(?<=be ))due|set|about|ready|poised|keen"
    r"|eager|looking|likely|need|needs|yet|is|are|was|were)\s+to\b",
    re.I,
)
_SAID_TO = re.compile(r"\b(?:said|reported|believed|thought|understood|rumou?red)\s+to\b", re.I)
_WINDOW = 5  # content words that a cue reaches
_MAX_REACH = 20  # words of any kind; bounds the work on hostile text


def positive(stemmed: str) -> str | None:
    """Return the canonical stem of what an un-word denies (unlikely: likely), or None."""
    return _POSITIVE.get(stemmed)


@lru_cache(maxsize=4096)
def scopes(text: str) -> tuple[Scope, ...]:
    """Return every content word of `text` in order, with its polarity and modality.

    A cue reaches the next five content words, up to a clause's border; a second denial inside
    the reach of a first one cancels it.
    """
    words = tokens(text)
    cues = _Cues(len(words))
    spared = [m.span() for m in _NOT_NEGATIVE.finditer(text)]
    for i, word in enumerate(words):
        at = _denies(words, i)
        if at is not None and not any(s <= word.start < e for s, e in spared):
            cues.deny(_reach(text, words, at), word)
        modality = _modality(text, words, i)
        if modality is not None:
            cues.weaken(_reach(text, words, i), modality)
    return tuple(_scope(word, cues, i) for i, word in enumerate(words) if _kept(word))


class _Cues:
    """What the cues of a sentence say of each of its words."""

    def __init__(self, count: int) -> None:
        self.negated = [0] * count
        self.denied = [0] * count
        self.weakened = [0] * count
        self.plain = [False] * count
        self.modality = [Modality.DONE] * count

    def deny(self, reached: list[tuple[int, int]], cue: Token) -> None:
        again = cue.text.lower() == "nor"  # "neither X nor Y" denies Y once
        for j, distance in reached:
            self.negated[j] = 1 if again else self.negated[j] + 1
            self.denied[j] = min(self.denied[j] or distance, distance)
            self.plain[j] |= _plain(cue)

    def weaken(self, reached: list[tuple[int, int]], modality: Modality) -> None:
        for j, distance in reached:
            self.modality[j] = _weaker(self.modality[j], modality)
            self.weakened[j] = min(self.weakened[j] or distance, distance)


def _kept(word: Token) -> bool:
    return is_content(word.text) and not word.text.lower().endswith(("n't", "n’t"))


def _scope(word: Token, cues: _Cues, i: int) -> Scope:
    low = word.text.lower()
    odd = cues.negated[i] % 2 == 1
    denied, weakened = cues.denied[i], cues.weakened[i]
    depth = min(denied or weakened, weakened or denied)
    place = (word.start, word.end)
    if bare := _contrary(low):
        key, near = _key(bare), denied or 1
        return Scope(key, not odd, cues.modality[i], depth or 1, not odd, *place, near, weakened)
    plain = cues.plain[i] and odd
    return Scope(_key(low), odd, cues.modality[i], depth, plain, *place, denied, weakened)


def _contrary(low: str) -> str | None:
    """Return what an un-word denies: likely for unlikely, harmed for unharmed; or None."""
    if low in _UN_WORDS:
        return _UN_WORDS[low]
    if not low.startswith("un") or len(low) < 7 or low.startswith(_NO_CONTRARY):
        return None
    return low[2:] if low.endswith(("ed", "able", "ible", "ful")) else None


def _key(word: str) -> str:
    return canonical(stem(word))


def _reach(text: str, words: list[Token], i: int) -> list[tuple[int, int]]:
    """The words that a cue at `i` governs: (index, content words from the cue)."""
    reached: list[tuple[int, int]] = []
    content = 0
    for j in range(i + 1, min(len(words), i + _MAX_REACH)):
        gap = text[words[j - 1].end : words[j].start]
        if _BREAK.search(gap) or _BREAK.fullmatch(words[j].text) or content >= _WINDOW:
            break
        if is_content(words[j].text):
            reached.append((j, content + 1))
            content += not _passing(words[j].text)
    return reached


def _passing(word: str) -> bool:
    """Tell words that a cue reaches past: "not formally approve", "no longer open", names."""
    return word.endswith("ly") or word == "longer" or word[0].isupper()


def _plain(word: Token) -> bool:
    low = word.text.lower().replace("’", "'")
    return low in _NOT or low.endswith("n't")  # tokenised text has it apart: "did n't"


def _denies(words: list[Token], i: int) -> int | None:
    """Return the index of the word after which what word `i` denies begins; None for no denial."""
    if _plain(words[i]):
        return i
    stemmed = stem(words[i].text)
    if words[i].text[0].isupper() and i > 0:
        return None
    following = [w.text.lower() for w in words[i + 1 : i + 2 + _FROM_REACH]]
    if not following:
        return None
    if stemmed in _OF_DENIAL:
        named = words[i + 2].text[0].isupper() if i + 2 < len(words) else True
        return i + 1 if following[0] == "of" and not named else None  # a person's absence
    if stemmed not in _DENYING:
        return None
    if following[0] in ("to", "that") or _gerund(following[0]) or following[0] in _PRONOUNS:
        return i
    for j, word in enumerate(following[:-1]):
        if word == "from":
            return i + 1 + j if _gerund(following[j + 1]) else None
    return None


def _gerund(word: str) -> bool:
    return len(word) > 5 and word.endswith("ing")


def _modality(text: str, words: list[Token], i: int) -> Modality | None:
    low = words[i].text.lower().replace("’", "'")
    stemmed = stem(low)
    if low in _POSSIBLE:
        return Modality.POSSIBLE
    if low in _ALLEGED or _ACCUSED.match(text, words[i].start):
        return Modality.ALLEGED
    if low in _REPORTED or _SAID_TO.match(text, words[i].start):
        return Modality.REPORTED
    if low in _PLANNED_WORDS or _SET_TO.match(text, words[i].start):
        return Modality.PLANNED
    if stemmed in _PLANNED_STEMS and _opens_plan(words, i):
        return Modality.PLANNED
    return None


def _opens_plan(words: list[Token], i: int) -> bool:
    """Tell the verb of a plan: "plans to", "aims for", "considering selling", "a bid to"."""
    following = words[i + 1].text.lower() if i + 1 < len(words) else ""
    after = words[i + 2].text.lower() if i + 2 < len(words) else ""
    return following in ("to", "for", "on", "that") or following.endswith("ing") or after == "to"


_STRENGTH = {
    Modality.DONE: 0,
    Modality.REPORTED: 1,
    Modality.ALLEGED: 2,
    Modality.PLANNED: 3,
    Modality.POSSIBLE: 4,
}


def _weaker(a: Modality, b: Modality) -> Modality:
    return a if _STRENGTH[a] >= _STRENGTH[b] else b
