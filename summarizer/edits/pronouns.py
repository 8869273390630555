"""A leading pronoun replaced by the one name that it can stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.edits.pool import PEOPLE, PERSON_LIKE, Known, NameKind, Pool, known_names
from summarizer.text.names import name_matches

_LEAD = re.compile(
    r"^(?P<lead>(?:(?:However|Meanwhile|Later|Also|Earlier|Still|But|And|Yet|Then),? )?)"
    r"(?P<word>He|She|It|His|Her|Its|he|she|his|her|its|it"
    r"|[Tt]he (?:company|firm|group|tech giant|carmaker|airline))\b(?!['’])"
)
# What only a company, office or person does: "it" before it is no thing and no weather.
_AGENT_VERB = re.compile(
    r" (?:also |now |has |had |will |would |since )*(?:said|says|announced|announces|plans"
    r"|planned|expects"
    r"|expected to|hopes|wants|intends|employs|hired|bought|sold|launched|reported|posted"
    r"|denied|declined"
    r"|agreed|refused|owns|operates|added|acquired|opened|warned|sued|blamed|announce|buy|sell|launch)\b"
)
_SUBJECT = re.compile(
    r"(?:,| (?:has|had|have|is|was|were|will|would|also|[a-z]+ed|[a-z]+s|said|told|began"
    r"|became|won|made"
    r"|took|went|wrote|led|left|came|spent|found|grew|gave|got|held|lost|ran|saw|met|fell|rose|sold|bought))\b"
    r"|,"
)
_SHE = frozenset(("she", "her"))
_HE = frozenset(("he", "his"))
_LOOK_BACK = 3  # sentences


def name_pronoun(sentence: str, context: Sequence[str], pool: Pool) -> str | None:
    """Return `sentence` with its leading pronoun as a name, where only one name can fit.

    The name must be the subject of the nearest sentence before that names anyone.
    """
    match = _LEAD.match(sentence)
    if match is None or not context:
        return None
    word, rest = match["word"].lower(), sentence[match.end() :]
    if word == "it" and not _AGENT_VERB.match(rest):
        return None
    known = _meant(word, context, pool)
    if known is None or name_matches(known.name, [k.name for k in known_names(sentence)]):
        return None
    name = known.text
    if known.the:
        name = f"the {name}" if match["lead"] else f"The {name}"
    if word in ("his", "her", "its"):
        if not re.match(r" [a-z]{3,}", rest):
            return None
        name += "'" if name.endswith("s") else "'s"
    return match["lead"] + name + rest


def _meant(word: str, context: Sequence[str], pool: Pool) -> Known | None:
    """Go back until a sentence names someone; one that opens with the same pronoun is passed."""
    for previous in reversed([text for text in context if text.strip()][-_LOOK_BACK:]):
        found = [pool.with_kind(known) for known in known_names(previous)]
        people = word in _SHE or word in _HE
        wrong = {NameKind.MAN} if word in _SHE else {NameKind.WOMAN} if word in _HE else PEOPLE
        candidates = [
            k
            for k in found
            if (_maybe_person(k) if people else _maybe_body(k)) and k.kind not in wrong
        ]
        if candidates:
            return _only(word, candidates, previous)
        lead = _LEAD.match(previous)
        if lead is None or lead["word"].lower() not in _SAME[word]:
            return None
    return None


_SAME = {
    **dict.fromkeys(("he", "his"), _HE),
    **dict.fromkeys(("she", "her"), _SHE),
}
for _word in (
    "it",
    "its",
    "the company",
    "the firm",
    "the group",
    "the tech giant",
    "the carmaker",
    "the airline",
):
    _SAME[_word] = frozenset((_word,))


def _maybe_person(known: Known) -> bool:
    if known.kind is NameKind.OTHER:
        return not known.the and (bool(PERSON_LIKE.fullmatch(known.text)) or known.name.start == 0)
    return known.kind in PEOPLE


def _maybe_body(known: Known) -> bool:
    return known.kind in (NameKind.BODY, NameKind.OTHER)


def _only(word: str, candidates: list[Known], previous: str) -> Known | None:
    if len({known.text for known in candidates}) != 1:
        return None
    known = candidates[0]
    if known.name.start > (25 if known.kind in PEOPLE else 4):
        return None
    if known.kind is NameKind.OTHER and (word in _HE | _SHE) != bool(
        PERSON_LIKE.fullmatch(known.text)
    ):
        return None
    return known if _SUBJECT.match(previous[known.name.end :]) else None
