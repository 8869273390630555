"""Names in English text: people, organisations, places, products and model codes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from summarizer.text.common import COMMON_STEMS
from summarizer.text.dates import MONTHS, WEEKDAYS
from summarizer.text.openers import OPENER_STEMS
from summarizer.text.remembered import remembered
from summarizer.text.words import STOPWORDS, Token, stem, tokens


class Name(NamedTuple):
    """A name: its words in lower case, without title and possessive, and where it stands."""

    text: str
    words: tuple[str, ...]
    start: int
    end: int


_TITLES = frozenset(
    """
    mr mrs ms miss dr prof professor sir dame lord lady president chancellor minister premier
    senator sen rep congressman congresswoman representative governor gov mayor judge gen
    colonel col captain capt sergeant sgt lieutenant major officer king queen prince princess pope
    rev reverend ceo cfo cto coo chairman chairwoman chair chief director executive founder
    secretary spokesman spokeswoman spokesperson prime vice deputy coach manager
    """.split()
)
_LINKS = frozenset(
    "of the de la le du van von der den bin ibn al el da di dos y and for & on".split()
)
_NUMBER_WORDS = frozenset(
    """
    one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred dozen
    hundreds thousands millions billions dozens half
    """.split()
)
_CALENDAR = frozenset([*MONTHS, *WEEKDAYS])
_NO_NAMES = STOPWORDS | _CALENDAR
_CODE = re.compile(r"^(?=.*\d)(?=.*[^\W\d_])[\w.-]+$")  # letters and digits: H100, GPT-4
_INNER_CAPITAL = re.compile(r"[a-z]{1,2}[A-Z][A-Za-z]+$")  # xAI, iPhone
_VERSION = re.compile(r"^\d+(?:\.\d+)*[a-z]?$", re.I)
_SENTENCE_START = re.compile(r"(?:^|[.!?:…]['\"”’)]?\s|[\n•]\s*|[\"“‘]\s?)\s*$")
_INITIAL = re.compile(r"[A-Z]\.?$")  # the J of "J. Smith"
# "Plan B. Tarn said": the letter belongs to the word before it.
_LETTERED = frozenset("plan vitamin type class group grade category hepatitis section part".split())
# Openers whose stem is a name's too: Generally, General.
_ADVERBS = frozenset("generally nationally internationally centrally royally".split())
_PREFIXES = frozenset(
    "co ex anti non pre post vice mid self semi multi pro para pan intra inter".split()
)
_DOTTED = re.compile(r"(?:[A-Z]\.){2,3}$")  # J.K.
_SCORE = re.compile(r"\d+\s?[-–]\s?\d\d?(?!\d)")  # United 1-0
LEGAL_FORMS = frozenset(
    "inc corp corporation ltd llc plc co company gmbh ag sa nv platforms group".split()
)
_POSSESSIVE = re.compile(r"['’](?:s|S)?$")
_UNITS = re.compile(
    r"^\d+(?:[.,]\d+)*(?:k|m|mn|b|bn|tn|st|nd|rd|th|s|km|kg|cm|mm|am|pm|g|ft|mph"
    r"|million|billion|trillion|year|years|day|hour|minute)$",
    re.I,
)


@remembered
def names(text: str) -> list[Name]:
    """Find the names in `text`, in order.

    A capitalised word that opens a sentence counts only when it goes on as a name, is
    capitalised elsewhere too, or is no common English word. Titles (CEO, Mr) are left out, so
    "Meta CEO Mark Zuckerberg" is two names.
    """
    words = tokens(text)
    capitals = cache(lambda: _inner_capitals(text, words))  # few words ask for them
    found: list[Name] = []
    i = 0
    while i < len(words):
        # Most words: no name begins without a capital or digit.
        plain = words[i].text.islower() and words[i].text.isalpha()
        if plain or not _opens(text, words, i, capitals):
            i += 1
            continue
        end = _run(text, words, i)
        found.extend(_split(text, words[i:end]))
        i = end
    return found


def _inner_capitals(text: str, words: list[Token]) -> set[str]:
    """Words that are capitalised inside a sentence."""
    return {
        _bare(w.text).lower()
        for w in words
        if w.text[0].isupper() and not _SENTENCE_START.search(text[max(0, w.start - 4) : w.start])
    }


def _bare(word: str) -> str:
    return _POSSESSIVE.sub("", word)


def _opens(text: str, words: list[Token], i: int, capitals: Callable[[], set[str]]) -> bool:
    """Tell whether a name begins at word `i`."""
    word = _bare(words[i].text)
    low = word.lower().replace("’", "'")
    if _CODE.match(word) and not _UNITS.match(word):
        return True
    if _INNER_CAPITAL.match(word) or _is_initial(text, words, i):
        return True
    if low in _PREFIXES and text[words[i].end : words[i].end + 1] == "-":
        return False
    if not word[0].isupper() or low in _CALENDAR or len(word) == 1:
        return False
    if any(c.isupper() for c in word[1:]) and low not in STOPWORDS:
        return True
    if (low in STOPWORDS and word != "US") or low in _ADVERBS:
        return False
    if not _SENTENCE_START.search(text[max(0, words[i].start - 4) : words[i].start]):
        return True
    follows = i + 1 < len(words) and _joined(text, words[i], words[i + 1])
    next_word = words[i + 1].text if follows else ""
    next_is_name = next_word[:1].isupper() and next_word.lower() not in _NO_NAMES
    if stem(word) not in COMMON_STEMS and low not in _NUMBER_WORDS:
        return next_is_name or stem(word) not in OPENER_STEMS or low in capitals()
    return (low in capitals() and low not in _TITLES) or (next_is_name and low in _TITLES)


def _is_initial(text: str, words: list[Token], i: int) -> bool:
    """Tell the J of "J. Smith" and "J. R. Smith": a name follows, and no word it belongs to."""
    if len(words[i].text) != 1 or not words[i].text.isupper():
        return False
    if text[words[i].end : words[i].end + 1] != "." or i + 1 >= len(words):
        return False
    following = words[i + 1].text
    if not following[0].isupper() or not _joined(text, words[i], words[i + 1]):
        return False
    if i and words[i - 1].text.islower() and words[i - 1].text in _LETTERED:
        return False
    return following.lower() not in STOPWORDS or len(following) == 1


def _joined(text: str, one: Token, two: Token) -> bool:
    """Tell whether nothing but a space, a hyphen or an ampersand stands between two words."""
    gap = text[one.end : two.start]
    return gap in (" ", "-", " & ", "\u00a0", ". ") and (gap != ". " or len(one.text) <= 2)


def _run(text: str, words: list[Token], i: int) -> int:
    """Return the index after the last word of the name that begins at `i`."""
    end = i + 1
    while end < len(words) and _joined(text, words[end - 1], words[end]):
        word = _bare(words[end].text)
        if words[end - 1].text != _bare(words[end - 1].text):
            break  # Meta's Llama: two names
        if _continues(word) and not _SCORE.match(text, words[end].start):
            end += 1
        elif word.lower() in _LINKS and (skip := _after_links(text, words, end)):
            end = skip
        else:
            break
    return end


def _continues(word: str) -> bool:
    if word.lower() in _CALENDAR or (word[0].isupper() and word.lower() in STOPWORDS):
        return False
    is_code = bool(_CODE.match(word)) and not _UNITS.match(word)
    is_version = bool(_VERSION.match(word)) and len(word) < 5
    return word[0].isupper() or is_code or is_version or bool(_INNER_CAPITAL.match(word))


def _after_links(text: str, words: list[Token], i: int) -> int:
    """Return the index after "of the Y" where the links at `i` lead to a name, else 0."""
    end = i
    while end < len(words) and words[end].text.lower() in _LINKS and end - i < 2:
        if words[end].text in ("and", "for", "on", "&"):
            return 0
        if end + 1 >= len(words) or not _joined(text, words[end], words[end + 1]):
            return 0
        end += 1
    if end < len(words) and _continues(_bare(words[end].text)) and words[end].text[0].isupper():
        return end + 1
    return 0


def _split(text: str, run: list[Token]) -> Iterator[Name]:
    """Cut a run of capitalised words at titles and after acronym or code words."""
    part: list[Token] = []
    for token in run:
        low = _bare(token.text).lower().rstrip(".")
        if low in _TITLES:
            yield from _name(text, part)
            part = []
            continue
        part.append(token)
    yield from _name(text, part)


def _name(text: str, part: list[Token]) -> Iterator[Name]:
    while part and part[-1].text.lower() in _LINKS:
        part = part[:-1]
    while part and part[0].text.lower() in _LINKS:
        part = part[1:]
    if part and any(
        _bare(token.text).lower() not in STOPWORDS or token.text == "US" for token in part
    ):
        start, end = part[0].start, part[-1].start + len(_bare(part[-1].text))
        words = tuple(
            word
            for i, token in enumerate(part)
            if token.text.lower() not in _LINKS
            for word in _words_of(token, last=i + 1 == len(part))
        )
        yield Name(text[start:end], words, start, end)


def _words_of(token: Token, *, last: bool) -> tuple[str, ...]:
    """The word under its normal form; initials before a surname each by itself (J.K. Rowling)."""
    normal = _normal(token.text)
    if not last and _DOTTED.match(token.text) and normal not in _ALIAS:
        return tuple(normal)
    return (normal,)


def _normal(word: str) -> str:
    """Lower case; dots and hyphens of acronyms and codes left out (U.S. us, GPT-4 gpt4)."""
    bare = _bare(word)
    if bare.endswith("s") and bare[:-1].isupper() and len(bare) > 2:
        bare = bare[:-1]  # GPUs
    low = bare.lower()
    if _VERSION.match(low):
        return low
    return low.replace(".", "").replace("-", "")


# Different words for one place or body; and what its people and things are called.
# A company and its parent (Facebook, Meta) are not one: a claim may not swap them.
_ALIASES = """
us usa america american americans united-states united-states-america
uk britain british briton britons united-kingdom great-britain
eu european-union
un united-nations
china chinese
france french frenchman frenchmen frenchwoman
germany german germans
spain spanish spaniard spaniards
netherlands dutch holland dutchman
norway norwegian norwegians
belgium belgian belgians
portugal portuguese
iceland icelandic
lebanon lebanese
argentina argentine argentinian argentines
peru peruvian peruvians
afghanistan afghan afghans
cyprus cypriot cypriots
serbia serb serbs serbian
croatia croat croats croatian
congo congolese
myanmar burma burmese
ghana ghanaian
czech czechs czechia czech-republic
new-zealand kiwi kiwis
kazakhstan kazakh
uzbekistan uzbek
palestine palestinian palestinians
greece greek greeks
ireland irish irishman
england english englishman
scotland scottish scots scot scotsman
wales welsh welshman
denmark danish danes
sweden swedish swedes
finland finnish
poland polish poles
switzerland swiss
turkey turkish turks turkiye
thailand thai
vietnam vietnamese
philippines philippine filipino
iraq iraqi iraqis
israel israeli israelis
pakistan pakistani
saudi-arabia saudi saudis
uae emirates united-arab-emirates
korea korean koreans
brazil brazilian
canada canadian canadians
mexico mexican
europe european europeans
africa african
asia asian
new-york nyc
los-angeles la
nyt new-york-times
wsj wall-street-journal
bbc british-broadcasting-corporation
ap associated-press
afp agence-france-presse
ms microsoft
imf international-monetary-fund
republican republicans gop
democrat democrats democratic
conservative conservatives tory tories
t20 twenty20
""".strip().splitlines()
_LONGEST_ALIAS = 3  # words
_ALIAS: dict[str, str] = {}
for _line in _ALIASES:
    _forms = _line.split()
    for _form in _forms:
        _ALIAS[_form] = _forms[0]


def name_matches(name: Name, others: Iterable[Name]) -> bool:
    """Tell whether one of `others` can be the same: shorter, longer, acronym or alias.

    "Zuckerberg" is "Mark Zuckerberg", "WSJ" the "Wall Street Journal", "Nvidia H100" is both
    "Nvidia" and "H100"; "Llama 3" is not "Llama 2", nor "John Smith" "Jane Smith".
    """
    found = list(others)
    candidates = [other.words for other in found]
    if any(_same(name.words, words) for words in candidates):
        return True
    if any(_initials_with_links(name, other) for other in found):
        return True
    return len(name.words) > 1 and _made_of(name.words, candidates)


@lru_cache(maxsize=16384)  # the names of one article meet each claim's again and again
def _same(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    if a == b or _alias(a) == _alias(b):
        return True
    if _acronym(a, b) or _acronym(b, a):
        return True
    if _digits(a) - _digits(b):
        return False  # Llama 3 against Llama 2, or against Llama alone
    a_core, b_core = _core(a), _core(b)
    short, long = (a_core, b_core) if len(a_core) <= len(b_core) else (b_core, a_core)
    if _inside(short, long):
        # "Llama" may stand for "Llama 2"; "Bank" does not stand for "Bank of England".
        return len(short) > 1 or short[0] not in COMMON_STEMS
    if _inside(_with_initials(short), long) or _inside(short, _with_initials(long)):
        return True
    return _people_of(a_core, b_core)


def _with_initials(words: tuple[str, ...]) -> tuple[str, ...]:
    """JK Rowling as J, K, Rowling: two letters before a surname may be initials."""
    if len(words) < 2 or len(words[0]) != 2 or words[0] in _ALIAS:
        return words
    return (*words[0], *words[1:])


@lru_cache(maxsize=16384)
def _core(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words without legal forms, known bodies and places under one word: United Nations un."""
    kept = tuple(w for w in words if w not in LEGAL_FORMS) or words
    found: list[str] = []
    i = 0
    while i < len(kept):
        size = next(
            (n for n in range(_LONGEST_ALIAS, 1, -1) if "-".join(kept[i : i + n]) in _ALIAS), 1
        )
        found.append(_alias(kept[i : i + size]))
        i += max(1, min(size, len(kept) - i))
    return tuple(found)


def _alias(words: tuple[str, ...]) -> str:
    joined = "-".join(words)
    return _ALIAS.get(joined, joined)


def _digits(words: tuple[str, ...]) -> set[str]:
    return {w for w in words if any(c.isdigit() for c in w)}


def _inside(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Tell whether `short` is a subsequence of `long`; an initial stands for a word."""
    rest = iter(long)
    return all(any(_same_word(word, other) for other in rest) for word in short)


def _same_word(a: str, b: str) -> bool:
    if a == b or (len(a) > 3 and stem(a) == stem(b)):
        return True
    return len(a) == 1 and b.startswith(a)


def _acronym(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Tell whether `a` is one word of the initials of `b`."""
    return (
        len(a) == 1
        and 2 <= len(b) == len(a[0])
        and all(w[0] == c for w, c in zip(b, a[0], strict=True))
    )


def _initials_with_links(a: Name, b: Name) -> bool:
    """Tell whether one abbreviates the other with its small words: DoJ, Department of Justice."""
    short, long = (a, b) if len(a.words) == 1 else (b, a)
    if len(short.words) != 1 or len(long.words) < 2 or not 3 <= len(short.words[0]) <= 6:
        return False
    if short.words[0][0] != long.text[0].lower():
        return False  # cheap, and mostly true
    return short.words[0] == "".join(t.text[0] for t in tokens(long.text)).lower()


def _people_of(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Tell whether one is the adjective or people of the other: Russia, Russian."""
    if len(a) != 1 or len(b) != 1:
        return False
    short, long = sorted((a[0].rstrip("s"), b[0].rstrip("s")), key=len)
    return len(short) > 3 and long in {
        short + "n", short + "an", short + "ian", short + "ese", short + "i", short[:-1] + "ian",
        short[:-1] + "an", short[:-1] + "ese", short + "ish",
    }  # fmt: skip


def _made_of(words: tuple[str, ...], others: list[tuple[str, ...]]) -> bool:
    """Tell whether the name is several whole others in a row: Nvidia H100, Microsoft Azure."""
    if not words:
        return True
    return any(
        any(_same(words[:size], other) and len(other) <= size for other in others)
        and _made_of(words[size:], others)
        for size in range(len(words), 0, -1)
        if size < len(words) or words not in others
    )


def spelled_out(name: Name, text: str) -> bool:
    """Tell whether `text` spells an acronym out in common words: LLM, "large language model"."""
    acronym = name.words[0] if len(name.words) == 1 else ""
    if not (2 <= len(acronym) <= 6 and acronym.isalpha() and name.text.rstrip("s").isupper()):
        return False
    low = text.lower()
    if acronym in _SPELLED:
        return any(form in low for form in _SPELLED[acronym])
    every = tokens(text)
    wanted = acronym.rstrip("s") if name.text.endswith("s") else acronym
    kept = [w.text[0].lower() for w in every if w.text.lower() not in STOPWORDS]
    if wanted in "".join(kept) and len(wanted) > 2:
        return True
    if len(wanted) == 2:  # chance alone spells two letters: they have to be side by side
        pairs = zip(every, every[1:], strict=False)
        return any(_spells(text, wanted, one, two) for one, two in pairs)
    return wanted in "".join(w.text[0].lower() for w in every)


_SHORTEST = 4  # letters of a word that an initial of a two-letter acronym stands for


def _spells(text: str, wanted: str, one: Token, two: Token) -> bool:
    return (
        one.text[0].lower() + two.text[0].lower() == wanted
        and text[one.end : two.start] in (" ", "-")
        and min(len(one.text), len(two.text)) >= _SHORTEST
        and not {one.text.lower(), two.text.lower()} & STOPWORDS
    )


_SPELLED = {
    "us": ("united states", "american"),
    "uk": ("united kingdom", "britain", "british"),
    "un": ("united nations",),
    "eu": ("european union",),
    "tv": ("television", "televised", "broadcast", "channel", "screens"),
    "pm": ("prime minister", "premier"),
    "mp": ("member of parliament", "members of parliament", "lawmaker", "parliamentar"),
    "mps": ("member of parliament", "members of parliament", "lawmaker", "parliamentar"),
    "ceo": ("chief executive",),
    "cfo": ("chief financial",),
    "gp": ("general practitioner", "doctor"),
    "pc": ("constable", "personal computer", "police officer"),
}  # what common acronyms abbreviate, in lower case
