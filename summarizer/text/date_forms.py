"""The forms that dates take in English text, as patterns."""

from __future__ import annotations

import re
from typing import NamedTuple

from summarizer.text.cues import Cues

MONTHS = (
    "january february march april may june july august september october november december".split()
)
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
SEASONS = {"spring": "spring", "summer": "summer", "autumn": "autumn", "fall": "autumn"}
SEASONS["winter"] = "winter"
UNIT_NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split()


_MONTH = (
    r"(?P<month>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|March|Mar\.?|April|Apr\.?|May|June|Jun\.|July|Jul\."
    r"|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)(?![\w])"
)
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])"
_YEAR = r"(?P<year>1[5-9]\d\d|20\d\d)"
_NTH = r"(?:st|nd|rd|th)"
_EDGE = r"(?:(?P<part>early|mid|late|the start of|the beginning of|the end of|end of)[\s-]+)?"
_WHICH = r"(?P<which>last|next|this|previous|coming|past|following|same)"


class Form(NamedTuple):
    """One form of a date, and what a text must hold, at the least, for it to be there.

    `words` are runs of letters and `parts` any characters, in lower case: one of each is needed.
    """

    pattern: re.Pattern[str]
    digits: bool = False
    words: frozenset[str] = frozenset()
    parts: tuple[str, ...] = ()

    def possible(self, has: Cues) -> bool:
        """Tell whether a text that holds `has` could have a date of this form."""
        if self.digits and not has.digits:
            return False
        if self.words and self.words.isdisjoint(has.words):
            return False
        return not self.parts or any(part in has.low for part in self.parts)


def _form(
    pattern: str,
    *,
    ignore_case: bool = False,
    digits: bool = False,
    words: str = "",
    parts: str = "",
) -> Form:
    flags = re.IGNORECASE if ignore_case else re.NOFLAG
    needed = frozenset(words.split()), tuple(parts.split())
    return Form(re.compile(pattern, flags), digits, *needed)


_MONTH_WORDS = " ".join([*MONTHS, *(month[:3] for month in MONTHS), "sept"])
FORMS = (
    _form(
        rf"(?<![\w-]){_YEAR}-(?P<month_number>0[1-9]|1[0-2])-{_DAY}(?![\w-])",
        digits=True,
        parts="-0 -1",
    ),
    _form(
        rf"(?<![\w.,]){_DAY}(?:{_NTH})?(?:\s+day)?\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR}(?!\d))?",
        digits=True,
        words=_MONTH_WORDS,
    ),
    _form(
        rf"\b{_MONTH}\s+(?:the\s+)?{_DAY}(?:{_NTH})?(?![\w%])(?!,\d)(?:,?\s+{_YEAR}(?!\d))?",
        digits=True,
        words=_MONTH_WORDS,
    ),
    _form(
        rf"\b{_EDGE}(?:{_WHICH}\s+)?{_MONTH}(?:,?\s+(?:of\s+)?{_YEAR}(?!\d))?", words=_MONTH_WORDS
    ),
    _form(rf"\bthe\s+{_DAY}{_NTH}(?![\s-]+(?:of\s+)?[a-z])", digits=True, words="the"),
    _form(
        r"\b(?:Q(?P<q>[1-4])|H(?P<h>[12]))(?:\s+(?:of\s+)?" + _YEAR + ")?(?!\\w)",
        digits=True,
        words="q h",
    ),
    _form(
        r"\b(?P<nth>first|second|third|fourth|1st|2nd|3rd|4th|last|next|this)[\s-]+"
        r"(?P<span>quarter|half)(?:\s+(?:of\s+)?(?:" + _YEAR + r"|(?:(?:the|this)\s+year)))?",
        ignore_case=True,
        parts="quarter half",
    ),
    _form(
        rf"\b{_EDGE}(?:(?:{_WHICH}|the)\s+)?(?P<season>spring|summer|autumn|winter)"
        rf"(?:\s+(?:of\s+)?{_YEAR}(?!\d))?\b",
        ignore_case=True,
        words="spring summer autumn winter",
    ),
    _form(
        rf"\b(?:(?:in|the)\s+)?(?P<season>fall)\s+(?:of\s+)?{_YEAR}(?!\d)",
        ignore_case=True,
        digits=True,
        words="fall",
    ),
    _form(
        rf"\b(?:{_WHICH}\s+)?(?P<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
        r"|Mon\.|Tues?\.|Wed\.|Thurs?\.|Fri\.)",
        parts="day mon. tue wed. thu fri.",
    ),
    _form(
        r"\b(?:the\s+)?(?:year['’]s\s+end|year[\s-]end)\b(?P<yearend>)",
        ignore_case=True,
        words="year",
    ),
    _form(r"\bthe\s+end\s+of\s+(?:the|this)\s+year(?P<yearend>)\b", ignore_case=True, words="year"),
    _form(
        rf"\b(?:(?P<part>early|earlier|mid|late|later|(?:the )?start of|(?:the )?beginning of"
        rf"|(?:the )?end of)[\s-]+)?{_WHICH}\s+(?P<unit>year|month|week|decade|century)\b",
        ignore_case=True,
        words="year month week decade century",
    ),
    _form(
        r"\b(?P<near>today|tonight|yesterday|tomorrow)\b",
        ignore_case=True,
        words="today tonight yesterday tomorrow",
    ),
    _form(
        r"\b(?P<count>\d+|an?|" + "|".join(UNIT_NUMBERS) + r")\s+"
        r"(?P<ago_unit>day|week|month|year|decade)s?\s+(?P<ago>ago)\b",
        ignore_case=True,
        words="ago",
    ),
    _form(
        rf"\b{_EDGE}the\s+['’‘]?(?P<decade>1[5-9]\d0|20\d0|\d0)['’]?s\b|\b(?P<decade2>1[5-9]\d0|20\d0)['’]?s\b",
        digits=True,
        parts="0s 0' 0’",
    ),
    _form(
        rf"(?:(?<![\w$£€.,/-])|(?<=[12]\d\d\d-)){_EDGE}(?P<year>1[5-9]\d\d|20\d\d)(?![\w%]|[.,/]\d)"
        r"(?!\s+(?:million|billion|trillion|percent|per cent|people|men|women"
        r"|children|[a-z]+s\b(?<!\bis)(?<!\bwas)(?<!\bhas)"
        r"(?<!\bits)(?<!\bthis)(?<!ss)))",
        digits=True,
        parts="15 16 17 18 19 20",
    ),
)
