"""Estimate when an article was written, where it bears no date, from the years it speaks of.

The estimate puts stories in order and keeps articles of different years apart. It is never shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from summarizer.data import Article
from summarizer.text.dates import DateMention, dates
from summarizer.text.words import PAST_FORMS, tokens

_CHARACTERS = 6000  # of an article, and of a sentence, that are read for years
_NEXT_WORD = 60  # characters after a year in which the next word is looked for
_REACH = 15  # words before a year among which its verb is looked for …
_LONGEST_WORD = 12  # … and characters a word, on average
# Verbs and adjectives of what is to come. "Would" is none: "he said it would open in 2030" may
# have been written long after.
_TO_COME = frozenset(
    """
    will shall plan plans planned planning expect expects expected expecting anticipate anticipates
    anticipated anticipating aim aims aiming scheduled due slated upcoming forthcoming hopes hoping
    """.split()
)
_BE = frozenset("be been being".split())
_BE_PAST = frozenset("was were had did".split())
# A word that ends in -ed tells of the past, but for these.
_NO_PAST = frozenset("need indeed speed seed feed breed exceed proceed succeed hundred".split())
# Between the verb and the year, these say that the year need not be over: "to run in 2018",
# "has said in 2018", "for the 2018 race".
_OPEN = frozenset("to would could should may might can by has have the a an for".split())
_AT_A_TIME = frozenset("in since during early mid late".split())
_PART_MONTH = {
    "early": 1, "mid": 5, "late": 10, "end": 12, "q1": 1, "q2": 4, "q3": 7, "q4": 10,
    "h1": 1, "h2": 7, "spring": 3, "summer": 6, "autumn": 9, "winter": 12,
}  # fmt: skip
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_A_YEAR = dt.timedelta(days=366)


class Written(NamedTuple):
    """The first and last day on which an article can have been written; None where unknown."""

    earliest: dt.date | None
    latest: dt.date | None

    def before(self, other: Written) -> bool:
        """Tell whether all days of this lie before all of `other`."""
        return (
            self.latest is not None and other.earliest is not None and self.latest < other.earliest
        )


UNKNOWN = Written(None, None)


def written(article: Article) -> Written:
    """Return when `article` was written: its date, or what the years in its text allow.

    News calls the present year "this year". So a year that is named and to come has not begun,
    and one that is named and past is over.
    """
    if article.published is not None:
        return Written(article.published, article.published)
    after: list[dt.date] = []
    before: list[dt.date] = []
    last_named = dt.date.min
    for sentence in article.sentences:
        if sentence.start > _CHARACTERS:
            break
        end = min(sentence.end, sentence.start + _CHARACTERS)
        own = _read(article.text[sentence.start : end], after, before)
        last_named = max(last_named, own)
    found = Written(max(after, default=None), min(before, default=None))
    # Plans of long ago are told too: "in 1972 it was planned". Later years then give them away.
    if found.latest and (found.latest < last_named - _A_YEAR or found.before(found)):
        return Written(found.earliest, None)
    return found


def joint(all_written: Iterable[Written]) -> Written:
    """Return when the story of articles so written broke: the days that suit all of them.

    Dated articles count alone where there are some: then it is their first and last day.
    """
    known = list(all_written)
    dated = [w.earliest for w in known if w.earliest is not None and w.earliest == w.latest]
    if dated:
        return Written(min(dated), max(dated))
    earliest = max((w.earliest for w in known if w.earliest), default=None)
    latest = min((w.latest for w in known if w.latest), default=None)
    if earliest and latest and earliest > latest:
        return UNKNOWN
    return Written(earliest, latest)


def _read(text: str, after: list[dt.date], before: list[dt.date]) -> dt.date:
    """Add what one sentence tells: days it was written after, days it was written before.

    Returns the last time it names.
    """
    last = dt.date.min
    if not any(c.isdigit() for c in text):
        return last
    for mention in dates(text):
        start = _start(mention)
        if start is None:
            continue
        last = max(last, start)
        near = text[max(0, mention.start - _REACH * _LONGEST_WORD) : mention.start]
        words = [token.text.lower() for token in tokens(near)[-_REACH:]]
        if _is_to_come(words):
            before.append(start - dt.timedelta(days=1))
        elif _is_over(words, text[mention.end : mention.end + _NEXT_WORD]):
            bare = mention.month is None and mention.part is None
            after.append(dt.date(start.year + 1, 1, 1) if bare else start)
    return last


def _is_to_come(before: list[str]) -> bool:
    """Tell whether a year is spoken of as future: "it is expected to be opened in 2030"."""
    for place in range(len(before) - 1, -1, -1):
        if before[place] in _TO_COME:
            return True
        if _is_past(before[place]) and (not place or before[place - 1] not in _BE):
            return False
    return False


def _is_over(before: list[str], rest: str) -> bool:
    """Tell whether a year is spoken of as past: "it fell in 2030", "2030 saw it fall"."""
    following = next(iter(tokens(rest)), None)
    if following is not None and _is_past(following.text):
        return not before or before[-1] not in _OPEN | _AT_A_TIME
    if not before or before[-1] not in _AT_A_TIME:
        return False
    for place in range(len(before) - 1, -1, -1):
        if before[place] in _OPEN:
            return False
        if _is_past(before[place]):
            return not place or before[place - 1] not in _OPEN
    return False


def _start(mention: DateMention) -> dt.date | None:
    """Return the first day of the time that `mention` names with its year; None without one."""
    if mention.year is None or mention.relative or mention.span:
        return None
    if not _FIRST_YEAR <= mention.year <= _LAST_YEAR:
        return None
    month = mention.month or _PART_MONTH.get(mention.part or "", 1)
    try:
        return dt.date(mention.year, month, mention.day or 1)
    except ValueError:  # 31 June
        return None


def _is_past(word: str) -> bool:
    low = word.lower()
    if low in _BE_PAST or low in PAST_FORMS:
        return True
    return len(low) > 4 and low.endswith("ed") and low not in _NO_PAST
