"""Cut paragraphs into sentences: nupunkt, with an abbreviation list made for news."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

# Longer ones are no prose (tables, data, an attack) and would fill a prompt alone.
MAX_SENTENCE_CHARS = 1000

# nupunkt's own list was learned from scanned legal text: 5,865 entries, among them "wall",
# "week", "park" and "story", after which it rarely ends a sentence. This one replaces it; what
# that changes on real news is in docs/decisions.md. Lower case, last full stop left out; words
# that often end a sentence ("sun", "mass", "wash", "ill") are not in it.
_TITLES = (
    "mr mrs ms mx dr prof rev hon messrs mme mlle sen sens rep reps gov govs amb gen lt col maj "
    "capt cmdr cpl sgt adm brig pvt supt insp det asst atty cong"
)
_COMPANIES = "inc corp co cos ltd llc llp plc bros"
_ABBREVIATIONS = frozenset(
    f"{_TITLES} {_COMPANIES} "
    "st sr jr sra pres intl assn dept univ ft mt ave blvd rd hwy pkwy bldg apt ste sq "
    "ala ariz ark calif colo conn fla ga kan ky md mich minn mont neb nev okla penn tenn tex va "
    "vt wis wyo jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues thu thur thurs fri "
    "no nos vs v vol pp p fig figs ref refs c ca cf ch sec est approx al etc viz misc avg eds "
    "trans tel ext hr hrs lb lbs oz kg km cu ph.d b.sc m.sc w.va s.p.a p.l.c l.l.c lt.gen "
    "maj.gen".split()
)
_INITIALS = re.compile(r"(?:[a-z]\.)+[a-z]")  # of its own list these are sound: f.b.i, o.j
_LONGEST_CLUE = 24  # characters on either side of a boundary that the rules below look at


def _either(words: str) -> str:
    return "|".join(word.capitalize() for word in words.split())


# A title is followed by a name, whatever stands before it: “Mr. Smith.
# So are a saint's "St.", which may be a street's elsewhere, and half a state: Graham, R-S. C.
_NAME_GOES_ON = re.compile(
    rf"(?:(?<![^\W_])(?:{_either(_TITLES)})|\b(?:of|in|at|near|from|to|and) St|\b[RDI]-[A-Z])\.$"
)
_COMPANY_AT_START = re.compile(rf"(?:{_either(_COMPANIES)}|LLC|LLP|PLC)(?:[.,]| |$)")
_TIME_AT_END = re.compile(r"[ap]\.m\.$", re.IGNORECASE)
_ZONE_OR_DAY_AT_START = re.compile(
    r"(?:[ECMP][SD]?T|GMT|UTC|BST|CET|IST|JST|KST|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
)
_QUESTION_AT_END = re.compile(r"[?!][\"'”’]?$")
_LOWER_WORD_AT_START = re.compile(r"[a-z]+\b")
# Ends that nupunkt misses: before a quotation or a sentence in brackets, after one, after an
# initial, where a saved page lost the space, and those of Chinese, Japanese, Urdu and Hindi.
_MISSED_END = re.compile(
    r"[a-z0-9%]\.[\"'”’)]{0,2}(?= [“\"(][A-Z])"
    r"|\.[”\")](?= [“\"]?[A-Z])"
    r"|\b[A-Z]\.(?= (?:Mr|Mrs|Ms|Dr|The|He|She|It|They|We|But|This|That|In)\b)"
    r"|(?<=[a-z]{3})\.[\"”’]?(?=[“\"]?(?!Com\b|Net\b|Org\b|Io\b)[A-Z][a-z]* )"
    r"|[。！？؟۔।]+[\"”’»」』）]?"
)
_MAY_END = re.compile(r"[.!?][^\w\s]{0,3}\s|[。！？؟۔।…]")  # without one there is one sentence
_LAST_WORD = re.compile(r"[\w.]+$")

Span = tuple[int, int]


def sentence_spans(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the sentences of the paragraph `text[start:end]`, which has no line break.

    Spans count characters of `text`, end exclusive, without white space around them; none is
    longer than `MAX_SENTENCE_CHARS`.
    """
    paragraph = text[start:end]
    if len(paragraph) <= MAX_SENTENCE_CHARS and not _MAY_END.search(paragraph):
        yield from _stripped(text, start, end)
        return
    found = _split_missed(paragraph, _segmenter()(paragraph))
    for first, last in _join_broken(paragraph, found):
        for piece_start, piece_end in _cap(paragraph, first, last):
            yield from _stripped(text, start + piece_start, start + piece_end)


@cache
def _segmenter() -> Callable[[str], Iterator[Span]]:
    from nupunkt.models import load_default_model  # 40 ms, so only where sentences are cut

    tokenizer = load_default_model()
    parameters = tokenizer.parameters
    initials = filter(_INITIALS.fullmatch, parameters.abbrev_types)
    parameters.abbrev_types = {*_ABBREVIATIONS, *initials, "..."}  # "..." is its ellipsis
    parameters.freeze_sets()
    tokenizer.clear_decision_cache()
    return tokenizer.iter_spans


def _stripped(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the span without the white space around it, unless that is all."""
    piece = text[start:end]
    if piece.strip():
        yield start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _split_missed(paragraph: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Split `spans` at the sentence ends that nupunkt does not see."""
    for start, end in spans:
        for found in _MISSED_END.finditer(paragraph, start, end):
            cut = found.end()
            if cut < end and not _ends_in_abbreviation(paragraph[start:cut]):
                yield start, cut
                start = cut + (paragraph[cut] == " ")
        yield start, end


def _ends_in_abbreviation(piece: str) -> bool:
    word = _LAST_WORD.search(piece[-_LONGEST_CLUE:])
    return word is not None and word[0].rstrip(".").lower() in _ABBREVIATIONS


def _join_broken(paragraph: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Join neighbours that nupunkt parted in the middle of a sentence."""
    current: Span | None = None
    for start, end in spans:
        if current is None:
            current = start, end
        elif _belong_together(
            paragraph[max(current[0], current[1] - _LONGEST_CLUE) : current[1]],
            paragraph[start : min(end, start + _LONGEST_CLUE)],
        ):
            current = current[0], end
        else:
            yield current
            current = start, end
    if current is not None:
        yield current


def _belong_together(before: str, after: str) -> bool:
    """Tell from the text around a boundary whether it is none."""
    if after[0] in ",;:)" or not any(map(str.isalnum, after)):
        return True  # the rest of an aside, or a closing mark that came loose
    if _NAME_GOES_ON.search(before):
        return after[0].isupper()
    if _TIME_AT_END.search(before):
        return _ZONE_OR_DAY_AT_START.match(after) is not None
    if _QUESTION_AT_END.search(before):  # "Is it?" she asked; Yahoo! Inc.
        return bool(_LOWER_WORD_AT_START.match(after) or _COMPANY_AT_START.match(after))
    return False


def _cap(paragraph: str, start: int, end: int) -> Iterator[Span]:
    """Cut `paragraph[start:end]` at spaces into pieces of at most `MAX_SENTENCE_CHARS`."""
    while end - start > MAX_SENTENCE_CHARS:
        space = paragraph.rfind(" ", start + 1, start + MAX_SENTENCE_CHARS + 1)
        cut = space if space > 0 else start + MAX_SENTENCE_CHARS
        yield start, cut
        start = cut + (paragraph[cut] == " ")
    yield start, end
