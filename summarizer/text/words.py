"""Tokens, stems and equal words of English."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

import Stemmer

from summarizer.text.remembered import remembered
from summarizer.text.synonyms import EQUAL, OPPOSITE, PHRASES

# A word with inner apostrophes, a code with digits (GPT-4, H100, 350K), a number (1,200.5).
_TOKEN = re.compile(
    r"[^\W\d_]++(?![\w.'’-])"  # most words: none of the forms below can begin here
    r"|(?:[^\W\d_]\.){2,}"  # U.S., a.m.
    r"|[^\W_]*[^\W\d_]-\d[\w.]*(?<![._])"  # GPT-4, COVID-19
    r"|\d+(?:[.,]\d+)*(?:[^\W\d_]+\d*)?"  # 350,000 / 350K / 3.1
    r"|[^\W_]+(?:['’][^\W\d_]+)*"
)
_POSSESSIVE = re.compile(r"['’](?:s|S)?$")
_SUFFIX = {"k": 1e3, "m": 1e6, "mn": 1e6, "b": 1e9, "bn": 1e9, "tn": 1e12}
_SHORT_NUMBER = re.compile(r"^(\d+(?:\.\d+)?)(k|m|mn|b|bn|tn)$")

STOPWORDS = frozenset(
    """
    a an the this that these those such some any each every either both all own same other another
    i me my mine we us our ours you your yours he him his she her hers it its they them their theirs
    himself herself itself themselves myself ourselves yourself who whom whose which what where when
    why how and or but nor so yet if then than as because while although though whereas whether
    since until unless of in on onto at by for with about against between into through during to
    from up
    down out off over under again once here there above below after before upon within among across
    toward towards via per amid along around behind beyond near outside inside despite throughout
    amongst beside besides be am is are was were been being have has had having do
    does did doing done will would shall should can could may might must ought not no only just also
    too very much many more most less least few even still already ever never now well however
    thus therefore hence meanwhile moreover furthermore according like s t n't 's mr mrs ms dr
    cannot don't doesn't didn't won't wouldn't can't couldn't isn't aren't wasn't weren't hasn't
    haven't hadn't shouldn't mustn't it's that's there's he's she's they're we're i'm you're i've
    we've they've i'll ve re ll d m t we'll they'll he'll she'll i'd we'd he'd she'd they'd let's
    """.split()
)


class Token(NamedTuple):
    """A word, number or code: `text` is the characters `start` to `end`, end exclusive."""

    text: str
    start: int
    end: int


# What Token(…) does, without a Python call for each of millions of words.
_new_token = partial(tuple.__new__, Token)


@remembered
def tokens(text: str) -> list[Token]:
    """Cut `text` into words, numbers and codes; punctuation is left out."""
    return [_new_token((m.group(), *m.span())) for m in _TOKEN.finditer(text)]


def words_of(text: str) -> list[str]:
    """Return the words, numbers and codes of `text`, as `tokens` does, without their places."""
    return _TOKEN.findall(text)


_stemmer = Stemmer.Stemmer("english")


@lru_cache(maxsize=131072)
def stem(word: str) -> str:
    """Return the lower-case stem of `word`; 350K becomes 350000, GPT-4 gpt4, Meta's meta."""
    low = _POSSESSIVE.sub("", word)
    if low[-1:] == "s" and low[:-1].isupper() and len(low) > 2:
        low = low[:-1]  # GPUs
    low = low.lower().replace("’", "'")
    if low.replace(".", "").replace(",", "").isdigit():
        return low.replace(",", "").rstrip(".")
    if short := _SHORT_NUMBER.match(low):
        return f"{float(short[1]) * _SUFFIX[short[2]]:.10g}"
    if not low.isalpha():
        low = low.replace(".", "").replace("-", "").replace("'", "")
    if any(c.isdigit() for c in low):
        return low
    return _IRREGULAR.get(low) or str(_stemmer.stemWord(low))


# Forms that the stemmer cannot lead back: pasts of verbs that news uses, then others.
_IRREGULAR_FORMS = """
began begin|begun begin|bought buy|built build|brought bring|caught catch|chose choose|
chosen choose|came come|drew draw|drawn draw|drove drive|driven drive|fell fall|fallen fall|
felt feel|fought fight|found find|flew fly|flown fly|gave give|given give|got get|gotten get|
grew grow|grown grow|held hold|hid hide|hidden hide|kept keep|knew know|known know|led lead|
left leave|lost lose|made make|meant mean|met meet|paid pay|ran run|rose rise|risen rise|
said say|saw see|seen see|sold sell|sent send|shot shoot|shown show|sought seek|spent spend|
spoke speak|spoken speak|stood stand|stole steal|stolen steal|struck strike|swore swear|
taught teach|told tell|thought think|took take|taken take|threw throw|thrown throw|
understood understand|went go|gone go|won win|wore wear|worn wear|withdrew withdraw|
withdrawn withdraw|wrote write|written write|sank sink|sunk sink|shrank shrink|shrunk shrink|
slept sleep|woke wake|broke break|broken break|ate eat|eaten eat|forgot forget|forbade forbid|
forbidden forbid|froze freeze|frozen freeze|died die|dying die|lying lie|fled flee|fed feed|
bred breed|laid lay|lent lend|dealt deal|bore bear|bid bid|slain slay|slew slay|
beaten beat|became become|sang sing|rang ring|rode ride|ridden ride|arose arise|
clung cling|flung fling|hung hang|leapt leap|lit light|sat sit|shook shake|shaken shake|
sped speed|spun spin|stuck stick|swept sweep|swam swim|tore tear|torn tear|wept weep
"""
_OTHER_FORMS = """
men man|women woman|children child|people people|persons people|person people|feet foot|
wives wife|bigger big|biggest big|smaller small|smallest small|
larger large|largest large|higher high|highest high|lowest low|
newer new|newest new|older old|oldest old|stronger strong|strongest strong|growth grow
"""
_IRREGULAR: dict[str, str] = {}
for _pair in f"{_IRREGULAR_FORMS}|{_OTHER_FORMS}".replace("\n", "").strip("|").split("|"):
    if _pair:
        _form, _base = _pair.split()
        _IRREGULAR[_form] = str(_stemmer.stemWord(_base))
PAST_FORMS = frozenset(_pair.split()[0] for _pair in _IRREGULAR_FORMS.split("|"))


def _groups() -> dict[str, str]:
    """Stem -> the stem that stands for its group; a word of two groups stays in the first."""
    table: dict[str, str] = {}
    for line in EQUAL:
        stems = [stem(word) for word in line.split()]
        for each in stems:
            table.setdefault(each, table.get(stems[0], stems[0]))
    return table


_CANONICAL = _groups()
_PHRASES = {tuple(stem(w) for w in phrase.split()): stem(word) for phrase, word in PHRASES.items()}
_PHRASE_STARTS = frozenset(phrase[0] for phrase in _PHRASES)
_OPPOSITE: dict[str, set[str]] = {}
for _line in OPPOSITE:
    _one, _two = (stem(word) for word in _line.split())
    _OPPOSITE.setdefault(_one, set()).add(_two)
    _OPPOSITE.setdefault(_two, set()).add(_one)


def canonical(stemmed: str) -> str:
    """Return the stem that stands for all words equal to this one; itself when there is none."""
    return _CANONICAL.get(stemmed, stemmed)


def opposites(stemmed: str) -> frozenset[str]:
    """Return the stems that say the opposite of this one."""
    return frozenset(_OPPOSITE.get(stemmed, ()))


def is_content(word: str) -> bool:
    """Tell whether `word` carries meaning of its own: it is no stopword."""
    return word.lower().replace("’", "'") not in STOPWORDS


@remembered
def content_stems(text: str) -> list[str]:
    """Return the stems of the content words of `text`, in order; numbers are kept."""
    readings = [_reading(word) for word in words_of(text)]
    return [stemmed for stemmed, key, _ in readings if key is not None]


class Term(NamedTuple):
    """A content word or phrase under its canonical stem; `stem` is its own (first) stem."""

    key: str
    stem: str
    start: int
    end: int


def terms(text: str) -> list[Term]:
    """Return the content words of `text` in order, equal words and phrases under one key."""
    return terms_of(tokens(text))


def terms_of(words: Sequence[Token]) -> list[Term]:
    """Return the content words among all the words of a text, in order, as `terms` does."""
    return list(_terms(words))


def _terms(words: Sequence[Token]) -> Iterator[Term]:
    readings = [_reading(word.text) for word in words]
    until = 0
    for i, (stemmed, key, opens_phrase) in enumerate(readings):
        if i < until:
            continue
        if opens_phrase and (length := _phrase_at([stem for stem, _, _ in readings[i : i + 4]])):
            until = i + length
            key = canonical(_PHRASES[tuple(stem for stem, _, _ in readings[i:until])])
            yield _new_term((key, stemmed, words[i].start, words[until - 1].end))
        elif key is not None:
            yield _new_term((key, stemmed, words[i].start, words[i].end))


_new_term = partial(tuple.__new__, Term)


@lru_cache(maxsize=131072)
def _reading(word: str) -> tuple[str, str | None, bool]:
    """Return the stem, the key (None of a stopword), and whether known phrases begin with it."""
    stemmed = stem(word)
    return stemmed, canonical(stemmed) if is_content(word) else None, stemmed in _PHRASE_STARTS


def _phrase_at(stems: Sequence[str]) -> int:
    """Return how many of `stems`, from the first, make a known phrase; 0 for none."""
    for length in (4, 3, 2):
        if length <= len(stems) and tuple(stems[:length]) in _PHRASES:
            return length
    return 0
