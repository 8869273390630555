"""A plausible detail put in that the sentence does not say."""

from __future__ import annotations

import re
from random import Random

from summarizer.edits.clauses import finite_verbs, is_adverb
from summarizer.edits.details import ADVERBS, ANY, BODY_TITLES, DEFINING, EVENT, SPECIAL, TITLES
from summarizer.edits.pool import KNOWN, PEOPLE, PLACES, Known, NameKind, Pool, known_names
from summarizer.edits.shaping import body_end, is_lower, word_at
from summarizer.edits.verbs import Form, readings
from summarizer.text.dates import dates
from summarizer.text.words import content_stems, tokens

_BODIES = (
    "the European Commission",
    "the opposition",
    "the union",
    "the regulator",
    "the ministry",
)
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_SMALL = "two three four five six seven eight".split()
_ENDS_SAYING = re.compile(r"\b(?:said|says|added|told \w+)$")
_PAST_BE = re.compile(r"\b(?:was|were|has|have|had) (?:been )?[a-z]+(?:ed|en|wn|ld|pt|ght|de|ne)\b")
_DEFINES = re.compile(r"\b(?:is|are|was|were) (?:an?|the|one of)\b")
_SLOT = re.compile(r"\{(\w+)\}")
_FAMILY = "Hartley Brennan Okoro Lindqvist Moreau Castell Vance Ferrari Novak Haddad".split()


def _split(table: str) -> tuple[str, ...]:
    return tuple(each for each in table.replace("\n", "").split("|") if each)


_EVENT = _split(EVENT)
_ANY = _split(ANY)
_DEFINING = _split(DEFINING)
_SPECIAL = [
    (frozenset(verbs.split()), detail)
    for verbs, detail in (each.split(":", 1) for each in _split(SPECIAL))
]
_TITLES = _split(TITLES)
_BODY_TITLES = _split(BODY_TITLES)
_ADVERBS = _split(ADVERBS)


def insert_detail(sentence: str, pool: Pool, rng: Random) -> str | None:
    """Return `sentence` with one detail that it does not say, or None."""
    if len(tokens(sentence)) < 4:
        return None
    ways = [_at_end, _at_end, _at_end, _at_end, _title, _adverb]
    rng.shuffle(ways)
    for way in ways:
        new = way(sentence, pool, rng)
        if new:
            return new.lower() if is_lower(sentence) else new
    return None


def _at_end(sentence: str, pool: Pool, rng: Random) -> str | None:
    """Put a detail before the final stop, one that goes with the verbs where there is one."""
    end = body_end(sentence)
    if (
        end == 0
        or re.search(r"\b[A-Z]$", sentence[:end])
        or sentence.rstrip("'\"”’ ").endswith(("?", ":", "…", "..."))
    ):
        return None
    tail = sentence[end:]
    if any(mark in tail for mark in "\"'”’)") or _ENDS_SAYING.search(sentence[:end]):
        return None  # it would be put into the mouth of someone
    detail = _filled(rng.choice(_fitting(sentence, rng)), sentence, pool, rng)
    return sentence[:end] + detail + tail if detail else None


def _fitting(sentence: str, rng: Random) -> list[str] | tuple[str, ...]:
    words = tokens(sentence)
    bases = {
        base
        for word in words[1:]
        for base, form in readings(word.text)
        if form in (Form.PAST, Form.PARTICIPLE) and base != word.text
    }
    special = [detail for verbs, detail in _SPECIAL if verbs & bases]
    if special and rng.random() < 0.5:
        return special
    if _DEFINES.search(sentence):
        return _DEFINING
    past = any(verb.past and verb.base != "say" for verb in finite_verbs(sentence, words))
    past = past or _PAST_BE.search(sentence) is not None
    return _EVENT if past and rng.random() < 0.65 else _ANY


def _title(sentence: str, pool: Pool, rng: Random) -> str | None:
    """Put an apposition after the first name that opens the sentence as its subject."""
    for known in known_names(sentence)[:1]:
        follows = sentence[known.name.end :]
        match = re.match(
            r" (?:has|have|had|is|was|will|would|said|says|told|also|[a-z]+ed|[a-z]+s)\b", follows
        )
        if known.name.start > 4 or match is None:
            return None
        if known.kind in PEOPLE:
            templates = _TITLES
        elif known.kind is NameKind.BODY:
            templates = _BODY_TITLES
        else:
            return None
        detail = _filled(rng.choice(templates), sentence, pool, rng)
        return sentence[: known.name.end] + detail + follows if detail else None
    return None


def _adverb(sentence: str, pool: Pool, rng: Random) -> str | None:
    words = tokens(sentence)
    if any(mark in sentence for mark in '"“”‘'):
        return None
    verbs = [v for v in finite_verbs(sentence, words) if v.past and v.base not in ("say", "be")]
    if not verbs:
        return None
    detail = _filled(rng.choice(_ADVERBS), sentence, pool, rng)
    start = words[verbs[0].at].start
    if is_adverb(word_at(words, verbs[0].at - 1)):
        return None
    return f"{sentence[:start]}{detail} {sentence[start:]}" if detail else None


def _filled(template: str, sentence: str, pool: Pool, rng: Random) -> str | None:
    """Fill the slots of a template; None where the sentence says something of the kind already."""
    slots = _SLOT.findall(template)
    if dates(sentence) and {"weekday", "year"} & set(slots) and template[:4] in (" on ", " in "):
        return None
    values = {slot: _value(slot, sentence, pool, rng) for slot in slots}
    detail = _SLOT.sub(lambda m: values[m[1]], template)
    said = set(content_stems(sentence))
    doubled = "$" in detail and re.search(r"[$£€]", sentence)
    return None if doubled or set(content_stems(detail)) <= said else detail


def _value(slot: str, sentence: str, pool: Pool, rng: Random) -> str:
    if slot == "place":
        return _name(sentence, pool, rng, PLACES) or rng.choice(KNOWN[NameKind.CITY])
    if slot == "person":
        own = _name(sentence, pool, rng, PEOPLE)
        first = rng.choice((*KNOWN[NameKind.MAN], *KNOWN[NameKind.WOMAN]))
        return own or f"{first} {rng.choice(_FAMILY)}"
    if slot == "body":
        return _name(sentence, pool, rng, frozenset((NameKind.BODY,))) or rng.choice(_BODIES)
    if slot == "weekday":
        return rng.choice(_WEEKDAYS)
    if slot == "small":
        return rng.choice(_SMALL)
    if slot == "number":
        return str(rng.choice((12, 15, 18, 25, 30, 40, 45, 60, 75, 80, 120, 150, 200, 250, 300)))
    if slot == "age":
        return str(rng.randint(28, 79))
    return str(rng.randint(1998, 2019)) if slot == "year" else str(rng.randint(2025, 2030))


def _name(sentence: str, pool: Pool, rng: Random, kinds: frozenset[NameKind]) -> str | None:
    """A name of these kinds that the sentence has not; of the article where it has one."""
    low = sentence.lower()

    def fits(known: Known) -> bool:
        return known.kind in kinds and not any(w in low for w in known.text.lower().split())

    own = [k for k in pool.names if fits(k)] or [k for k in pool.other_names if fits(k)]
    if not own or rng.random() < 0.2:
        return None
    chosen = rng.choice(own)
    return f"the {chosen.text}" if chosen.the else chosen.text
