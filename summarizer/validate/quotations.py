"""What a claim puts in quotation marks the article says in these words, and the same speaker."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from summarizer.data import RejectReason
from summarizer.text.names import Name, name_matches
from summarizer.text.words import is_content, tokens
from summarizer.validate.context import says
from summarizer.validate.reading import Finding, Index, Reading

_QUOTED = re.compile(
    r"[\"“]([^\"“”\n]{4,400})[\"”]|‘([^‘’\n]{4,100}(?:’\w[^‘’\n]{0,100}){0,9})’(?!\w)"
)
# What a writer may leave out or put in: "the [new] dam ... will hold".
_CUT = re.compile(r"\[[^\]\n]{0,40}\]|\([^)\n]{0,40}\)|\.\s?\.\s?\.|…")
_LEAST = 2  # words; one word in quotation marks is a manner of speaking
_ALIKE = 0.5  # share of a quotation's words that make another the one that was meant

_SAY = (
    r"(?:said|says|told|tells|added|adds|wrote|writes|tweeted|argued|argues|insisted|insists"
    r"|explained|explains|warned|warns|announced|announces|stated|states|joked|claimed|claims)"
)
_SAYS = re.compile(
    rf"\s*(?:,[^,\"“”]{{1,60}},\s*)?(?:\w+ly\s+|also\s+|has\s+|have\s+)?{_SAY}\b", re.I
)
_SAID = re.compile(
    rf"(?:[,\"”’?!]\s*{_SAY}\s+|\baccording\s+to\s+)(?:the\s+)?(?:[\w'’.-]+\s+){{0,4}}$", re.I
)
_REACH = 70  # characters before a name in which "said" or "according to" stands
_BORNE = 0.6  # share of what is said that the sentence must have to be the one reported
_NEAR = 40  # characters between two names that describe each other: "Vorn spokesman Odo Brack"
_THE = re.compile(r"\bthe\s+$", re.I)
_APART = re.compile(
    r"[;:.]|\b(?:and|or|to|from|against|by|with|after|before|that|than|\w+ed|met|told|said)\b", re.I
)


def check_quotations(claim: Reading, evidence: Sequence[Reading], index: Index) -> Finding | None:
    """What the claim quotes the article says in these words, and who says it says it there."""
    for match in _QUOTED.finditer(_straight(claim.text)):
        quoted = match.group(1) or match.group(2)
        if len(_plain(quoted).split()) < _LEAST or _titled(quoted):
            continue
        if not _in_order(quoted, index):
            what = f"the quotation {quoted.strip()!r} is not in the article"
            return RejectReason.NOT_ENTAILED, what + _meant(quoted, index)
    if told := _other_speaker(claim, evidence, index):
        return RejectReason.NOT_ENTAILED, told
    return None


def _straight(text: str) -> str:
    """Quotation marks of tokenised text made plain: ``so'' is "so"."""
    plain = text.replace("``", '"').replace("''", '"')
    if '""' in plain:  # a field of a table, quoted again
        plain = plain.strip('"').replace('""', '"')
    # One mark too many, as in 6" pipes, would turn quotations inside out.
    return plain.replace('"', " ") if plain.count('"') % 2 else plain


def _titled(quoted: str) -> bool:
    """Tell the title of a work, which is a name: every word of weight has a capital."""
    weighty = [t.text for t in tokens(quoted) if is_content(t.text)]
    return bool(weighty) and all(not word[0].islower() for word in weighty)


def _in_order(quoted: str, index: Index) -> bool:
    """Tell whether the article has the pieces of a quotation, one after the other."""
    text = f" {_plain(index.article.text)} "
    place = 0
    for piece in _CUT.split(quoted):
        words = _plain(piece)
        if not words:
            continue
        found = text.find(f" {words} ", place)
        if found < 0:
            return False
        place = found + len(words)
    return True


def _plain(text: str) -> str:
    low = text.lower().replace("n't", " n't").replace("n’t", " n't")
    return " ".join(re.sub(r"[^\w\s%$£€]", " ", low).split())


def _meant(quoted: str, index: Index) -> str:
    """Return "; sentence 7 says ...", the article's own words where most are the same."""
    wanted = {t.text.lower() for t in tokens(quoted) if is_content(t.text)}
    if not wanted:
        return ""
    best: tuple[int, str] = (0, "")
    for sentence in index.sentences:
        places = [t for t in tokens(sentence.text) if t.text.lower() in wanted]
        shared = len({t.text.lower() for t in places})
        if shared > best[0] and shared >= _ALIKE * len(wanted):
            middle = places[len(places) // 2]
            best = shared, f"; {says(sentence, middle.start, middle.end)}"
    return best[1]


def speakers(reading: Reading) -> Iterator[Name]:
    """Find the names that say something: "Tarn said", "said Tarn", "according to Tarn"."""
    for name in reading.names:
        left = reading.text[max(0, name.start - _REACH) : name.start]
        if _SAYS.match(reading.text, name.end, name.end + 2 * _REACH) or _SAID.search(left):
            yield name


def _other_speaker(claim: Reading, evidence: Sequence[Reading], index: Index) -> str | None:
    """Return who says in the evidence what the claim has another say, or None.

    Only where one sentence bears most of it out, names who says it, and knows no other.
    """
    for speaker in list(speakers(claim))[:1]:
        if _THE.search(claim.text[: speaker.start][-6:]):
            return None  # "the White House", "the Frenchman": people speak for it
        said = {t.key for t in claim.terms if not speaker.start <= t.start < speaker.end}
        for sentence in evidence:
            if len(said & sentence.keys) < _BORNE * len(said):
                continue
            there = list(speakers(sentence))
            if len(there) != 1 or name_matches(speaker, sentence.names):
                continue
            if not _speaks_for(speaker, there[0], index):
                where = f"sentence {sentence.number}"
                return f"{where} has {there[0].text} say it, not {speaker.text}"
    return None


def _speaks_for(one: Name, two: Name, index: Index) -> bool:
    """Tell whether the article ties two names together: "Odo Brack, Vorn's spokesman"."""
    for sentence in index.sentences:
        ones = [n for n in sentence.names if name_matches(one, [n])][:3]
        twos = [n for n in sentence.names if name_matches(two, [n])][:3]
        for a in ones:
            for b in twos:
                gap = sentence.text[min(a.end, b.end) : max(a.start, b.start)]
                if len(gap) < _NEAR and not _APART.search(gap):
                    return True
    return False
