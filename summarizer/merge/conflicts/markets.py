"""Readings of markets: prices, indices and rates differ from hour to hour, and each is right."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.merge.conflicts.counts import Count
from summarizer.merge.conflicts.events import opens_with_pronoun
from summarizer.merge.facts.claims import Telling
from summarizer.text.names import name_matches, names
from summarizer.text.words import canonical, stem

_TRADED = re.compile(
    r"\b(?:index|indices|indexes|industrial average|standard & poor|dow|nasdaq|s&p|ftse|nikkei|dax"
    r"|hang seng|shares?|stocks?|bonds?|yields?|notes?|treasury|treasuries|crude|brent|oil|gold"
    r"|silver|copper|futures"
    r"|dollar|euro|yen|sterling|pound|franc|rupee|yuan|currency|market|bitcoin|flat)\b",
    re.I,
)
_MOVED = re.compile(
    r"\b(?:rose|rise|rises|risen|fell|fall|falls|fallen|up|down|off|gain(?:s|ed|ing)?|lost"
    r"|los(?:es|ing)|added|adds|shed|sheds|slip(?:s|ped|ping)?|slid(?:es?|ing)?|falling|rising|dip(?:s|ped)?|eased|eases"
    r"|edged|edges|clos(?:e|es|ed|ing)|end(?:s|ed|ing)|opens?|opened|last|trad(?:e|ed|ing)"
    r"|jump(?:s|ed)?|drop(?:s|ped)?|climb(?:s|ed)?|advanc(?:e|es|ed)|retreat(?:s|ed)?|soar(?:s|ed)?"
    r"|surg(?:e|es|ed)|plung(?:e|es|ed)|tumbl(?:e|es|ed)|sank|sink|declin(?:e|es|ed|ing)"
    r"|firm(?:s|ed)?|strengthened|weaken(?:s|ed)|steady|unchanged|changed|quoted|fetching|standing"
    r"|hitting|versus|was at|were at|yield(?:s|ed|ing)|tacked|barrell?ed|higher|lower|pushed"
    r"|shot up|hit|stood|rall(?:y|ied)|flat)\b",
    re.I,
)
_INSTRUMENT = re.compile(
    # "198,000 yen" and "$5 billion of oil" are amounts, not what is traded.
    r"(?<![\d.][\s-])\b(?:dow|nasdaq|s&p|standard & poor['’]?s|ftse|nikkei|dax|hang seng|bonds?"
    r"|crude|brent|oil|gold|silver|copper|single currency|dollar|euro|yen|sterling|franc|rupee"
    r"|yuan|bitcoin|note)\b",
    re.I,
)
_INDEX = re.compile(r"dow|nasdaq|s&p|standard.*|ftse|nikkei|dax|hang seng|crude|brent|gold|bitcoin")
_TERM = re.compile(r"\b(\d{1,2}|two|three|five|ten|thirty)-year\b", re.I)
# "Fell 1.3 percent to A$12.43": the price of a share, though no word says so.
_PRICE_MOVE = re.compile(
    r"(?:%|percent|cents|\d\d),?\s(?:to|at)\s(?:close at |end at )?"
    r"[A-Z]{0,2}[$£€]\d{1,4}\.\d\d(?!\d|\.\d)"
    r"(?! ?(?:m|b|tr)illion)",
    re.I,
)
_JUST_MOVED = re.compile(r"\b(?:rose|fell|gained|lost|up|down|added|shed|dropped)\s[$£€]?$", re.I)
_POINTS = frozenset(canonical(stem(w)) for w in ("points", "pence", "cents"))
_VENUE = re.compile(
    r"(?:wall street|nyse|nasdaq stock market|.*exchange|.*stock market|new york|london)", re.I
)
_LONGER = re.compile(
    r"\b(?:for|on|over) (?:the |this )?(?:week|month|quarter|year)\b|\bweekly\b", re.I
)
_LEVEL = re.compile(r"\b(?:to|at|of)\s+(?:about |around |nearly )?[$£€]?$", re.I)
_EXTREME = re.compile(r"\b(?:low|high|much) (?:as|of)\s+[$£€]?$", re.I)


def is_reading(telling: Telling, counts: Sequence[Count]) -> bool:
    """Tell whether a claim reports where a market stands or how far it moved."""
    return (
        bool(_TRADED.search(telling.text) or _PRICE_MOVE.search(telling.text))
        and bool(_MOVED.search(telling.text))
        and any(_is_price(telling.text, count) for count in counts)
    )


def _is_price(text: str, count: Count) -> bool:
    measure = count.measure
    if "." in count.quantity.text and _INSTRUMENT.search(text):
        return True
    moved = bool(_MOVED.search(text[max(0, count.quantity.start - 45) : count.quantity.start]))
    if _JUST_MOVED.search(text[max(0, count.quantity.start - 12) : count.quantity.start]):
        return True
    near = bool(count.things & _POINTS) or "." in count.quantity.text or measure == "%"
    return moved and (near or (measure.isupper() and count.quantity.value < 1e5))


def same_reading(a: Telling, b: Telling, of_a: Sequence[Count], of_b: Sequence[Count]) -> bool:
    """Tell whether two readings are of one share, index or currency over one period."""
    if bool(_LONGER.search(a.text)) != bool(_LONGER.search(b.text)):
        return False
    if not _shared_instrument(a.text, b.text):
        return False
    currencies = [{c.measure for c in of if c.measure.isupper()} for of in (of_a, of_b)]
    return not (currencies[0] and currencies[1]) or bool(currencies[0] & currencies[1])


def _shared_instrument(one: str, two: str) -> bool:
    terms = {m[1].lower() for m in _TERM.finditer(one)}, {m[1].lower() for m in _TERM.finditer(two)}
    if terms[0] and terms[1] and not terms[0] & terms[1]:
        return False  # a two-year note is not a ten-year note
    first = {m.group().lower().replace("’", "'") for m in _INSTRUMENT.finditer(one)}
    second = {m.group().lower().replace("’", "'") for m in _INSTRUMENT.finditer(two)}
    if any(_INDEX.match(instrument) for instrument in first & second) or (terms[0] & terms[1]):
        return True
    if opens_with_pronoun(one) or opens_with_pronoun(two):
        return False
    named = [n for n in names(one) if not _VENUE.fullmatch(n.text)]
    others = [n for n in names(two) if not _VENUE.fullmatch(n.text)]
    if any(name_matches(name, others) for name in named):
        return True
    return bool(first & second)


def level_of(text: str, counts: Sequence[Count]) -> Count | None:
    """Return the number that says where the market stands, "to 9,092.91"."""
    for count in counts:
        before = text[max(0, count.quantity.start - 24) : count.quantity.start + 1]
        before = before[:-1] if before[-1:].isdigit() else before
        if _LEVEL.search(before) and not _EXTREME.search(before):
            return count
    return None
