"""What the merger compares claims by: their terms, numbers, dates, names and polarity."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, pairwise

from summarizer.data import Article, SupportedClaim
from summarizer.merge.vectors import inverse_frequencies
from summarizer.text.cues import cues
from summarizer.text.dates import DateMention, compatible, dates
from summarizer.text.names import Name
from summarizer.text.names import names as find_names
from summarizer.text.quantities import Quantity, quantities
from summarizer.text.words import Token, canonical, opposites, stem, terms_of, tokens

# Claims that the run is imagined to hold besides its own; see vectors.BACKGROUND.
CLAIM_BACKGROUND = 50

# Who says it, not what is said: such words tell little about whether two claims say the same.
_TELLING = frozenset(
    stem(w)
    for w in (
        "say state tell announce declare report account journal journalist newspaper reveal "
        "disclose according source sources insider official cite add note confirm claim wall "
        "street wsj reuters worth local time familiar matter show"
    ).split()
)
_TELLING_WEIGHT = 0.3

# Phrases that say the same to a reader of news but share no word; added to text.synonyms' table
# here because the validator must not take them for equal.
_SAME_TO_READERS = (  # what the phrase has in lower case, the phrase, what it says
    ("work", re.compile(r"\bwork(?:s|ed|ing)? on\b", re.I), "developing"),
    ("level of", re.compile(r"\b(?:at|to|reach\w*) the (?:same )?level of\b", re.I), "rivaling"),
    (" par ", re.compile(r"\bon (?:a )?par with\b", re.I), "rivaling"),
    ("as ", re.compile(r"\b(?:as powerful|as good|as capable) as\b", re.I), "rivaling"),
    ("match", re.compile(r"\b(?:match|matches|matching)\b(?= [A-Z])"), "rivaling"),
)
_SAME_TERM = {stem("build"): stem("create"), stem("develop"): stem("create")}
_SAME_TERM |= {stem("construct"): stem("create"), stem("erect"): stem("create")}

_TITLE_CASE = 0.6  # share of capitalised words from which a text is in title case
_OPENING = tuple('.!?:"“”‘(')  # what stands before the first word of a sentence
_SHORT = 5  # words; "Meta CEO Mark Zuckerberg" is a name, not a headline

_ACRONYM = re.compile(r"\b((?:[A-Z][\w.&’'-]*\s+){1,5}[A-Z]?[\w.&’'-]*)\s*\(([A-Z]{2,6})\)$")
_SHORT_FORM = re.compile(r"\([A-Z]{2,6}\)")
_SHORT_WORD = re.compile(r"\b[A-Z]{2,6}\b")
_LONG_FORM = 160  # characters before the short form, among which its long form is
_DEFINED_WITHIN = 4000  # characters of an article; its acronyms are explained where they begin
_VERSIONED = re.compile(
    r"\b(?!(?:The|This|A|An|Only|About|Some)\b)([A-Z][A-Za-z]+)[ -](\d+(?:\.\d+)*)\b"
    r"(?!\s*(?:%|percent|,\d|hundred|thousand|million|billion|trillion|days|weeks|months|years))"
)
_NEGATING = (
    "not no never none neither nor without cannot denies denied deny denying refuse refuses "
    "refused refusing unable unlikely"
).split()
_NEGATED = re.compile(
    rf"\b(?:{'|'.join(_NEGATING)}|fail(?:s|ed)? to)\b|n['’]t\b",
    re.I,
)
# Without one of these words the pattern finds nothing: "t" is that of "didn't".
_NEGATION_CUES = frozenset([*_NEGATING, "fail", "fails", "failed", "t"])
_NOT_NEGATED = re.compile(
    r"\b(?:not only|no longer than|no doubt|not just|not merely|no fewer)\b", re.I
)
_PLANNING = (
    "plan plans planning planned intend intends aim aims aiming will would could may might expect "
    "expects expected seek seeks seeking anticipate anticipates hope hopes hoping"
).split()
_POSSIBLE = re.compile(
    rf"\b(?:{'|'.join(_PLANNING)}|propos\w+|consider\w*|looking to|keen to|set to|going to"
    r"|wants? to)\b",
    re.I,
)
_PLAN_CUES = frozenset([*_PLANNING, *"looking keen set going want wants".split()])
_PLAN_BEGINNINGS = ("propos", "consider")


@dataclass(frozen=True)
class Telling:
    """One claim as the merger sees it; `article` and `index` are places in the run's lists."""

    index: int
    claim: SupportedClaim
    article: int
    place: int  # the first sentence of its evidence, from 1
    keys: frozenset[str]
    adjacent: frozenset[tuple[str, str]]  # keys that stand side by side, in order of the alphabet
    names: frozenset[str]
    numbers: tuple[Quantity, ...]
    dates: tuple[DateMention, ...]
    versions: Mapping[str, frozenset[str]]
    negated: bool
    planned: bool

    @cached_property
    def text(self) -> str:
        """The claim's wording."""
        return self.claim.claim.text

    @cached_property
    def opposites(self) -> frozenset[str]:
        """The opposites of its keys."""
        return frozenset().union(*map(_opposite_keys, self.keys))

    @cached_property
    def mentions(self) -> tuple[Name, ...]:
        """The names in the wording, in order."""
        return tuple(find_names(self.text))


def tellings(
    articles: Sequence[Article], claims: Iterable[tuple[int, SupportedClaim]]
) -> list[Telling]:
    """Read every claim; `claims` pairs each with the index of its article."""
    claims = list(claims)
    beginnings = (article.text[:_DEFINED_WITHIN] for article in articles)
    expand = _acronyms(chain((claim.claim.text for _, claim in claims), beginnings))
    return [
        read_claim(index, article, claim, published=articles[article].published, expand=expand)
        for index, (article, claim) in enumerate(claims)
    ]


def read_claim(
    index: int,
    article: int,
    claim: SupportedClaim,
    *,
    published: dt.date | None = None,
    expand: Mapping[str, str] | None = None,
) -> Telling:
    """Read one claim; `expand` gives the long form of acronyms."""
    text = claim.claim.text
    mentions = tuple(dates(text, published))
    undated = _blanked(text, mentions)  # dates are compared as dates, not as words
    plain = _SHORT_WORD.sub(lambda m: expand.get(m[0], m[0]), undated) if expand else undated
    words = tokens(plain)
    names = _names(plain, words)
    told = _as_readers_say(plain)
    found = [
        (_SAME_TERM.get(term.key, term.key), term.start, term.end)
        for term in terms_of(words if told == plain else tokens(told))
    ]
    return Telling(
        index=index,
        claim=claim,
        article=article,
        place=min(e.sentence_ids[0] if e.sentence_ids else 1 for e in claim.evidence),
        keys=frozenset([key for key, _, _ in found]),
        adjacent=_adjacent(told, found),
        names=names,
        numbers=tuple(quantities(text)),
        dates=mentions,
        versions=_versions(undated),
        negated=_is_negated(text),
        planned=_is_planned(undated),
    )


def _is_negated(text: str) -> bool:
    if _NEGATION_CUES.isdisjoint(cues(text).words):
        return False
    return bool(_NEGATED.search(_NOT_NEGATED.sub(" ", text)))


def _is_planned(text: str) -> bool:
    has = cues(text)
    if _PLAN_CUES.isdisjoint(has.words) and not any(word in has.low for word in _PLAN_BEGINNINGS):
        return False
    return bool(_POSSIBLE.search(text))


def _blanked(text: str, mentions: Iterable[DateMention]) -> str:
    """Return `text`, of the same length, with spaces for the mentions, which are in order."""
    parts, end = [], 0
    for mention in mentions:
        parts += [text[end : mention.start], " " * (mention.end - mention.start)]
        end = mention.end
    return "".join([*parts, text[end:]])


def _as_readers_say(text: str) -> str:
    low = text.lower()
    for cue, pattern, same in _SAME_TO_READERS:
        if cue in low:
            text = pattern.sub(same, text)
    return text


def _adjacent(text: str, found: Sequence[tuple[str, int, int]]) -> frozenset[tuple[str, str]]:
    """Return the pairs of neighbours that nothing but a space, hyphen or bracket parts."""
    return frozenset(
        [
            (a, b) if a < b else (b, a)
            for (a, _, end), (b, start, _) in pairwise(found)
            if start - end == 1 and text[end] == " " or not text[end:start].strip(" -()'’\"")
        ]
    )


def _acronyms(texts: Iterable[str]) -> dict[str, str]:
    """Return the long forms that the texts themselves give: "Wall Street Journal (WSJ)"."""
    found: dict[str, str] = {}
    for text in texts:
        for short in _SHORT_FORM.finditer(text):
            before = text[max(0, short.start() - _LONG_FORM) : short.end()]
            if (match := _ACRONYM.search(before)) is None:
                continue
            words = match[1].replace("’s", "").replace("'s", "").split()
            long = words[-len(match[2]) :]
            if "".join(w[0] for w in long).upper() == match[2]:
                # The smaller, not the first: the order of the articles must not matter.
                found[match[2]] = min(found.get(match[2], "~"), " ".join(long))
    return found


def _names(text: str, words: Sequence[Token]) -> frozenset[str]:
    """Return stems of the capitalised words that do not open a sentence, and of all acronyms."""
    capitals = [token for token in words if token.text[0].isupper()]
    if len(words) > _SHORT and len(capitals) > _TITLE_CASE * len(words):
        return frozenset()  # a headline in title case: capitals tell nothing
    return frozenset(
        [
            stem(word)
            for word, start, _ in capitals
            if word[1:2].isupper() or not _opens(text, start) or _is_code(word)
        ]
    )


def _opens(text: str, start: int) -> bool:
    """Tell whether a sentence, a quote or a bracket begins at `start`."""
    return start == 0 or text[max(0, start - 3) : start].rstrip().endswith(_OPENING)


def _is_code(word: str) -> bool:
    return word[0].isupper() and any(c.isdigit() for c in word)


def _versions(text: str) -> dict[str, frozenset[str]]:
    """Return the versions named of each product: "Llama 2" is {llama: {2}}."""
    found: dict[str, set[str]] = {}
    for name, number in _VERSIONED.findall(text):
        found.setdefault(name.lower(), set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


def term_weights(all_tellings: Sequence[Telling]) -> dict[str, float]:
    """Return how much each term tells: idf over the claims, less for words of attribution."""
    documents = [dict.fromkeys(telling.keys, 1.0) for telling in all_tellings]
    weights = inverse_frequencies(documents, CLAIM_BACKGROUND)
    return {t: w * (_TELLING_WEIGHT if t in _TELLING else 1.0) for t, w in weights.items()}


def dates_clash(a: Telling, b: Telling) -> bool:
    """Tell whether both name dates and no two of them can be the same."""
    if not a.dates or not b.dates:
        return False
    return not any(compatible(x, y) for x in a.dates for y in b.dates)


def dates_agree(a: Telling, b: Telling) -> bool:
    """Tell whether a date of one can be a date of the other."""
    return any(compatible(x, y) for x in a.dates for y in b.dates)


def polarity_clash(a: Telling, b: Telling) -> bool:
    """Tell whether one denies what the other states, or says the opposite of it."""
    # Whole claims, not the words in a "not"'s reach: on MRPC pairs of which one is negated are
    # the same in 39 of 100, but pairs that differ by text.negation's scopes in 73.
    return a.negated != b.negated or opposite_words(a, b)


def opposite_words(a: Telling, b: Telling) -> bool:
    """Tell whether one has a word, and the other its opposite, that its counterpart lacks."""
    if a.opposites.isdisjoint(b.keys):
        return False
    only_b = b.keys - a.keys
    return any(only_b & _opposite_keys(key) for key in a.keys - b.keys)


@lru_cache(maxsize=16384)
def _opposite_keys(key: str) -> frozenset[str]:
    return frozenset(canonical(word) for word in opposites(key)) - {key}
