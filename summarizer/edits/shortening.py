"""Shorter sentences that say nothing new: a part left out that the rest does not hang on."""

from __future__ import annotations

import re
from random import Random

from summarizer.edits.clauses import AUXILIARIES, finite_verbs
from summarizer.edits.shaping import capital_first, tidy
from summarizer.edits.verbs import Form, base_of
from summarizer.text.dates import dates
from summarizer.text.words import tokens

_MIN_WORDS = 4
_PARENTHESIS = re.compile(r" \([^()]{1,200}\)")
_RELATIVE = re.compile(
    r", (?:who|which|whose|where)\b[^,;:()\"“”]{3,200}(?P<end>, |(?=[.!]?['\"”’]?$))"
)
_APPOSITION = re.compile(
    r"(?<=[\w.]), (?:an?|the|its|his|her|their|one of|[a-z]+ (?:of|at|for)) [^,;:()\"“”]{2,120}, "
    r"(?=(?P<next>[a-z]+)\b)"
)
_AGE = re.compile(r"(?<=[a-z]), \d{1,3}, (?=(?P<next>[a-z]+)\b)")
_TRAILING = re.compile(r", (?P<verb>[a-z]+ing)\b [^\"“”;:]{5,200}$")
_TRAILING_WITH = re.compile(
    r", (?:with|after|before|during|following|amid|despite) [^\"“”;:,]{5,200}$"
)
_ADVERB_FIRST = re.compile(
    r"^(?:However|Meanwhile|Moreover|Furthermore|In addition|Additionally|Also|Still|Earlier|Later"
    r"|Afterwards|Eventually|Finally|Recently|Separately|Overall|Notably|Indeed|In fact"
    r"|At the same time|For example|For instance|As a result|Crucially|Interestingly), "
)
_DATE_FIRST = re.compile(
    r"^(?:On|In|At|During|Since|By|Last|Next|Early|Late|Earlier|Yesterday|Today)\b[^,]{0,40}, "
)
_AND = re.compile(r",? (?:and|but) (?=(?:he|she|it|they|we|the [a-z]+|[A-Z][\w'’-]+)\b)|; ")
_NOT_DROPPABLE = re.compile(
    r"\b(?:if|unless|until|whether|either|neither|not only|both|between|no|not|never|n't"
    r"|cannot|(?-i:may)|might"
    r"|could|reportedly|allegedly|alleged|except|only|without|hardly|barely|few|deny|denied|denies)\b",
    re.I,
)
_SPEECH = re.compile(r"['\"“”]")


def shorten(sentence: str, rng: Random) -> str | None:
    """Return `sentence` with something left out that leaves the rest true, or None."""
    ways = [
        _without_parenthesis, _without_relative, _without_apposition, _without_trailing,
        _without_opening, _first_clause, _without_last_date,
    ]  # fmt: skip
    rng.shuffle(ways)
    for way in ways:
        new = way(sentence)
        if new and new != sentence and _stands(new):
            return tidy(new)
    return None


def _stands(text: str) -> bool:
    """Tell whether `text` is still a sentence: long enough, with a verb, marks in pairs."""
    words = tokens(text)
    if len(words) < _MIN_WORDS:
        return False
    pairs = text.count("(") == text.count(")") and text.count('"') % 2 == 0
    pairs = pairs and text.count("“") == text.count("”")
    verbal = finite_verbs(text, words) or any(w.text.lower() in AUXILIARIES for w in words)
    return pairs and bool(verbal)


def _cut(sentence: str, start: int, end: int, join: str = " ") -> str:
    rest = sentence[end:]
    if rest[:1] in "" or rest[:1] in ".!?,;:'\"”’":
        join = ""
    return sentence[:start].rstrip() + join + rest.lstrip(" ")


def _without_parenthesis(sentence: str) -> str | None:
    match = _PARENTHESIS.search(sentence)
    return _cut(sentence, *match.span()) if match and match.start() else None


def _without_relative(sentence: str) -> str | None:
    match = _RELATIVE.search(sentence)
    if match is None or _SPEECH.search(match.group()):
        return None
    if not match["end"]:
        return _ended(sentence, match.start())
    following = tokens(sentence[match.end() :])[:1]
    if not following or not _is_verb(following[0].text):
        return None
    return _cut(sentence, *match.span())


def _is_verb(word: str) -> bool:
    """Tell whether a sentence goes on with its verb at `word`."""
    return word in AUXILIARIES or base_of(word, Form.PAST, Form.THIRD) is not None


def _ended(sentence: str, at: int) -> str:
    """Cut `sentence` at `at` and keep its stop."""
    stop = sentence.rstrip()[-1:]
    return sentence[:at].rstrip(" ,") + (stop if stop in ".!" else "")


def _without_apposition(sentence: str) -> str | None:
    if (match := _AGE.search(sentence)) and _is_verb(match["next"]):
        return _cut(sentence, *match.span())
    for match in _APPOSITION.finditer(sentence):
        following = match["next"]
        verb = _is_verb(following)
        before = sentence[: match.start()]
        if verb and "," not in before:
            return _cut(sentence, *match.span())
    return None


def _without_trailing(sentence: str) -> str | None:
    if _SPEECH.search(sentence):
        return None
    match = _TRAILING.search(sentence)
    if (
        match
        and (base_of(match["verb"], Form.ING))
        and match["verb"] not in ("including", "according")
    ):
        head = sentence[: match.start()]
        return None if _NOT_DROPPABLE.search(head) else _ended(sentence, match.start())
    match = _TRAILING_WITH.search(sentence)
    if match and not _NOT_DROPPABLE.search(sentence[: match.start()]):
        return _ended(sentence, match.start())
    return None


def _without_opening(sentence: str) -> str | None:
    if match := _ADVERB_FIRST.match(sentence):
        return capital_first(sentence[match.end() :])
    match = _DATE_FIRST.match(sentence)
    if match is None or _NOT_DROPPABLE.search(sentence):
        return None
    mentions = dates(match.group())
    covered = sum(d.end - d.start for d in mentions)
    if not mentions or len(match.group()) - covered > 8:
        return None
    rest = sentence[match.end() :]
    return capital_first(rest) if re.match(r"[\w“\"]", rest) else None


def _first_clause(sentence: str) -> str | None:
    """Keep what stands before ", and she ...", where both halves can stand alone."""
    for match in _AND.finditer(sentence):
        head, tail = sentence[: match.start()], sentence[match.end() :]
        if _NOT_DROPPABLE.search(head) or _SPEECH.search(head) or _SPEECH.search(tail):
            continue
        if "," not in match.group() and ";" not in match.group():
            continue
        head_words, tail_words = tokens(head), tokens(tail)
        if not _verbal(head, head_words_count=len(head_words)) or len(tail_words) < _MIN_WORDS:
            continue
        if not _verbal(tail, head_words_count=len(tail_words)):
            continue
        if re.match(
            r"(?:When|While|As|After|Before|Since|Although|Though|Because|If|Despite)\b", head
        ):
            continue
        return _ended(sentence, match.start())
    return None


def _verbal(text: str, *, head_words_count: int) -> bool:
    words = tokens(text)
    if head_words_count < _MIN_WORDS:
        return False
    return bool(finite_verbs(text, words)) or any(w.text in AUXILIARIES for w in words[1:6])


def _without_last_date(sentence: str) -> str | None:
    """Leave "on Monday" out at the end of a sentence that denies nothing."""
    mentions = dates(sentence)
    if not mentions or _NOT_DROPPABLE.search(sentence):
        return None
    last = mentions[-1]
    if not re.fullmatch(r"[.!]?\s*", sentence[last.end :]):
        return None
    before = sentence[: last.start]
    match = re.search(r" (?:on|in)(?: the)? $", before) or (
        re.search(r" $", before) if last.relative and last.relative.startswith("day") else None
    )
    if match is None or re.search(
        r"\b(?:[a-z]+ing|since|from|until|due|early|late)$", before[: match.start()]
    ):
        return None  # starting on 3 May
    return _ended(sentence, match.start())
