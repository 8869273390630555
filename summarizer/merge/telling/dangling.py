"""Words of a sentence that point back to one which the reader of a brief does not see."""

from __future__ import annotations

import re

# A sentence that opens with one of these leans on the one before it.
_LEANING = frozenset(
    """
    he she it they this that these those such his her hers its their theirs we our ours us i my
    you your one some others another both neither either but and or so yet still also however
    meanwhile moreover instead then there here nevertheless nonetheless therefore thus hence
    it's he's she's they're that's there's we're i'm
    """.split()
)
_FIRST_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_WHOLE = re.compile(
    r"(?:one|some|either|neither|another|others) of (?!them\b|these\b|those\b)", re.I
)
_COUNT = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,3})"
# "Four were still missing", "In 56 of them …", "A week earlier, …", "Until then …": of what, and
# when, stands in the sentence before.
_OPENS_BACK = re.compile(
    rf"(?:{_COUNT} (?:were|was|are|had|have|others?|more|of (?:them|these|those))\b"
    rf"|(?:in|for|to|from|with|on|at) (?:{_COUNT} of )?(?:it|them|him|her|both)\b"
    rf"|(?:{_COUNT}|an?|(?:a )?few|some|several|many) "
    r"(?:second|minute|hour|day|week|month|year|decade)s? (?:earlier|later|before,|afterwards?)"
    r"|on the (?:day before|next day|same day|following day)"
    r"|(?:until|since|by|before|after) (?:then|that)\b)",
    re.I,
)
_NOW = (
    "week month year morning afternoon evening night day summer spring autumn fall winter season "
    "weekend time century decade quarter term"
).split()
_CLAUSE_VERBS = (  # "to say that prices in the north rose": a clause, and no thing pointed at
    "say know believe think show prove ensure argue claim hope suggest confirm deny announce "
    "declare insist conclude find hear learn demand warn feel fear note add mean report"
).split()
# "… to reach that region", "under these rules": but not "this week", nor "of those who …".
_POINTING = re.compile(
    rf"\b(?:(?:this|these)(?! (?:{'|'.join(_NOW)})\b)"
    r"|(?:in|of|at|to|for|from|on|by|with|into|under|over|about|near|across|through) (?:that|those)"
    r"(?! (?:who|which|that|of|in|with|whose|on|at|from|for|[^\W\d_]{1,18}(?:ed|ing))\b)"
    rf"|to (?!(?:{'|'.join(_CLAUSE_VERBS)})\b)[^\W\d_]{{2,18}} (?:that|those) [^\W\d_]{{2,18}}"
    r"(?=[,.;]|$| (?:and|or|in|of|at|for|after)\b)"
    r"|the latter)\b",
    re.I,
)
_QUOTES = '"“”'


def points_back(text: str) -> bool:
    """Tell whether `text` says something of what only the sentence before it names.

    It leans, opens with a count or a time that has to be counted from something, has "that
    region" inside, or is a piece of a longer quotation.
    """
    return (
        leans(text)
        or _OPENS_BACK.match(text.lstrip("“‘([\"' ")) is not None
        or _POINTING.search(text) is not None
        or _torn(text)
    )


def leans(text: str) -> bool:
    """Tell whether `text` opens with a pronoun or with a link such as "However"."""
    first = _FIRST_WORD.search(text)
    if first is None or first.group().lower().replace("’", "'") not in _LEANING:
        return False
    return _WHOLE.match(text, first.start()) is None


def all_quoted(text: str) -> bool:
    """Tell whether `text` is one quotation, and nobody is named who says it."""
    bare = text.strip()
    marked = len(bare) > 1 and bare[0] in _QUOTES and bare[-1] in _QUOTES
    return marked and not any(mark in bare[1:-1] for mark in _QUOTES)


def _torn(text: str) -> bool:
    """Tell whether a quotation of `text` begins before it or ends behind it."""
    return sum(map(text.count, _QUOTES)) % 2 == 1  # some texts open with “ and close with "
