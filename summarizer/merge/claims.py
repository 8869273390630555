"""What the merger compares claims by: their terms, numbers, dates, names and polarity."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from summarizer.data import Article, SupportedClaim
from summarizer.merge.vectors import inverse_frequencies
from summarizer.text.dates import DateMention, compatible, dates
from summarizer.text.quantities import Quantity, quantities
from summarizer.text.words import canonical, opposites, stem, terms, tokens

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
_SAME_TO_READERS = (
    (re.compile(r"\bwork(?:s|ed|ing)? on\b", re.I), "developing"),
    (re.compile(r"\b(?:at|to|reach\w*) the (?:same )?level of\b", re.I), "rivaling"),
    (re.compile(r"\bon (?:a )?par with\b", re.I), "rivaling"),
    (re.compile(r"\b(?:as powerful|as good|as capable) as\b", re.I), "rivaling"),
    (re.compile(r"\b(?:match|matches|matching)\b(?= [A-Z])"), "rivaling"),
)
_SAME_TERM = {stem("build"): stem("create"), stem("develop"): stem("create")}
_SAME_TERM |= {stem("construct"): stem("create"), stem("erect"): stem("create")}

_TITLE_CASE = 0.6  # share of capitalised words from which a text is in title case
_SHORT = 5  # words; "Meta CEO Mark Zuckerberg" is a name, not a headline

_ACRONYM = re.compile(r"\b((?:[A-Z][\w.&’'-]*\s+){1,5}[A-Z]?[\w.&’'-]*)\s*\(([A-Z]{2,6})\)")
_VERSIONED = re.compile(r"\b([A-Z][A-Za-z]+)[ -](\d+(?:\.\d+)*)\b(?!\s*(?:%|percent|,\d))")
_NEGATED = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|denie[sd]|deny|denying|refuse[sd]?|refusing"
    r"|fail(?:s|ed)? to|unable|unlikely)\b|n['’]t\b",
    re.I,
)
_NOT_NEGATED = re.compile(
    r"\b(?:not only|no longer than|no doubt|not just|not merely|no fewer)\b", re.I
)
_POSSIBLE = re.compile(
    r"\b(?:plans?|planning|planned|intends?|aims?|aiming|will|would|could|may|might|expects?"
    r"|expected|propos\w+|consider\w*|seeks?|seeking|anticipates?|hopes?|hoping|looking to|keen to"
    r"|set to|going to|wants? to)\b",
    re.I,
)


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


def tellings(
    articles: Sequence[Article], claims: Iterable[tuple[int, SupportedClaim]]
) -> list[Telling]:
    """Read every claim; `claims` pairs each with the index of its article."""
    claims = list(claims)
    expand = _acronyms(claim.claim.text for _, claim in claims)
    for article in articles:
        expand |= _acronyms([article.text[:4000]])
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
    plain = text
    for mention in mentions:  # compared as dates, not as words
        plain = plain[: mention.start] + " " * (mention.end - mention.start) + plain[mention.end :]
    undated = plain
    for short, long in (expand or {}).items():
        if short in plain:
            plain = re.sub(rf"\b{re.escape(short)}\b", long, plain)
    names = _names(plain)
    for pattern, same in _SAME_TO_READERS:
        plain = pattern.sub(same, plain)
    found = [(_SAME_TERM.get(term.key, term.key), term.start, term.end) for term in terms(plain)]
    return Telling(
        index=index,
        claim=claim,
        article=article,
        place=min(e.sentence_ids[0] if e.sentence_ids else 1 for e in claim.evidence),
        keys=frozenset(key for key, _, _ in found),
        adjacent=_adjacent(plain, found),
        names=names,
        numbers=tuple(quantities(text)),
        dates=mentions,
        versions=_versions(undated),
        negated=bool(_NEGATED.search(_NOT_NEGATED.sub(" ", text))),
        planned=bool(_POSSIBLE.search(undated)),
    )


def _adjacent(text: str, found: Sequence[tuple[str, int, int]]) -> frozenset[tuple[str, str]]:
    """Return the pairs of neighbours that nothing but a space, hyphen or bracket parts."""
    return frozenset(
        (min(a, b), max(a, b))
        for (a, _, end), (b, start, _) in pairwise(found)
        if not text[end:start].strip(" -()'’\"")
    )


def _acronyms(texts: Iterable[str]) -> dict[str, str]:
    """Return the long forms that the texts themselves give: "Wall Street Journal (WSJ)"."""
    found: dict[str, str] = {}
    for text in texts:
        for match in _ACRONYM.finditer(text):
            words = match[1].replace("’s", "").replace("'s", "").split()
            long = words[-len(match[2]) :]
            if "".join(w[0] for w in long).upper() == match[2]:
                # The smaller, not the first: the order of the articles must not matter.
                found[match[2]] = min(found.get(match[2], "~"), " ".join(long))
    return found


def _names(text: str) -> frozenset[str]:
    """Return stems of the capitalised words that do not open a sentence, and of all acronyms."""
    names: set[str] = set()
    words = tokens(text)
    capitals = sum(token.text[0].isupper() for token in words)
    if len(words) > _SHORT and capitals > _TITLE_CASE * len(words):
        return frozenset()  # a headline in title case: capitals tell nothing
    for token in words:
        word = token.text
        opens = token.start == 0 or bool(re.search(r"[.!?:\"“”‘(]\s*$", text[: token.start][-3:]))
        if word[0].isupper() and (not opens or word[1:2].isupper()) or _is_code(word):
            names.add(stem(word))
    return frozenset(names)


def _is_code(word: str) -> bool:
    return any(c.isdigit() for c in word) and any(c.isalpha() for c in word) and word[0].isupper()


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
    only_b = b.keys - a.keys
    return any(only_b & _opposite_keys(key) for key in a.keys - b.keys)


@lru_cache(maxsize=16384)
def _opposite_keys(key: str) -> frozenset[str]:
    return frozenset(canonical(word) for word in opposites(key)) - {key}
