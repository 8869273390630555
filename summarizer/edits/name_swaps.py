"""False names: another one of the same kind, of the same article where there is one."""

from __future__ import annotations

import re
from random import Random

from summarizer.edits.pool import (
    KNOWN,
    PEOPLE,
    PLACES,
    THE_COUNTRIES,
    Known,
    NameKind,
    Pool,
    known_names,
)
from summarizer.edits.shaping import swap
from summarizer.text.names import name_matches

_STRANGE = 0.2  # how often a name of another article, or a well-known one, is preferred
_CAN_ONLY_BE = re.compile(r"^[^\W\d_]", re.U)


def change_name(sentence: str, pool: Pool, rng: Random) -> str | None:
    """Return `sentence` with one name made false wherever it stands, or None."""
    here = list(known_names(sentence))
    order = here[:]
    rng.shuffle(order)
    for known in order:
        if _explains(sentence, known) or _is_quoted(sentence, known):
            continue
        if any(known.text in other.text and known.text != other.text for other in here):
            continue  # Jane, of Jane Smith
        known = pool.with_kind(known)
        new = _first_name_changed(known, rng) if rng.random() < 0.15 else None
        new = new or _substitute(known, here, pool, rng)
        if new:
            return _replaced(sentence, known, new)
    return None


def _explains(sentence: str, known: Known) -> bool:
    """Tell an acronym in parentheses, (LLM), from a name that says something."""
    around = sentence[max(0, known.name.start - 1) : known.name.end + 1]
    return around.startswith("(") and around.endswith(")")


def _is_quoted(sentence: str, known: Known) -> bool:
    """Tell a name in quotation marks, a title or the words of someone."""
    before = sentence[: known.name.start]
    return before.count('"') % 2 == 1 or before.count("“") > before.count("”")


def _first_name_changed(known: Known, rng: Random) -> str | None:
    """Jane Smith, Helen Smith."""
    first, _, rest = known.text.partition(" ")
    for kind in (NameKind.MAN, NameKind.WOMAN):
        if rest and first in KNOWN[kind]:
            return f"{rng.choice([n for n in KNOWN[kind] if n != first])} {rest}"
    return None


def _substitute(known: Known, here: list[Known], pool: Pool, rng: Random) -> str | None:
    own = [k.text for k in pool.names if _may_replace(k, known, here)]
    strange = [k.text for k in pool.other_names if _may_replace(k, known, here)]
    if own and rng.random() > _STRANGE:
        return rng.choice(own)
    if strange:
        return rng.choice(strange)
    if own:
        return rng.choice(own)
    return _well_known(known, here, rng)


def _well_known(known: Known, here: list[Known], rng: Random) -> str | None:
    if known.kind is NameKind.PLACE or known.kind not in KNOWN:
        return None
    if known.kind in PEOPLE:
        return _first_name_changed(known, rng)
    options = [
        n for n in KNOWN[known.kind] if all(n not in h.text and h.text not in n for h in here)
    ]
    return rng.choice(options) if options else None


def _may_replace(new: Known, old: Known, here: list[Known]) -> bool:
    if not _CAN_ONLY_BE.match(new.text) or len(new.text) > 60:
        return False
    if not _same_kind(new, old) or name_matches(new.name, [h.name for h in here]):
        return False
    if any(name_matches(h.name, [new.name]) for h in here):
        return False
    if new.kind is NameKind.OTHER and new.opens and len(new.name.words) == 1:
        return False  # "Teaching", which only opened a sentence
    return old.kind in PLACES or new.the == old.the


def _same_kind(new: Known, old: Known) -> bool:
    if old.kind in PEOPLE:
        short = len(old.text.split()) == 1
        if short != (len(new.text.split()) == 1):
            return False
        sexes = {new.kind, old.kind} & {NameKind.MAN, NameKind.WOMAN}
        return new.kind in PEOPLE and len(sexes) < 2
    if old.kind is NameKind.PLACE:
        return new.kind is NameKind.PLACE
    if old.kind is NameKind.OTHER:
        return new.kind is NameKind.OTHER and _shape(new) == _shape(old) and not new.opens
    return new.kind is old.kind


def _shape(known: Known) -> tuple[int, bool, bool, str]:
    """What two names of no known kind must have alike: length, digits, capitals, preposition."""
    text = known.text
    return len(text.split()), any(c.isdigit() for c in text), text.isupper(), known.before


def _replaced(sentence: str, known: Known, new: str) -> str:
    """Put `new` for every `known.text` that stands as whole words; "the" goes with some places."""
    pattern = re.compile(rf"(?<![\w-]){re.escape(known.text)}(?![\w-])")
    for match in reversed([*pattern.finditer(sentence)]):
        start, text = match.start(), new
        if known.kind in PLACES:
            if the := re.search(r"\b[Tt]he $", sentence[:start]):
                text = text if text in THE_COUNTRIES else text
                start = the.start() if text not in THE_COUNTRIES else start
            elif text in THE_COUNTRIES:
                text = f"the {text}" if start else f"The {text}"
        sentence = swap(sentence, start, match.end(), text)
    return sentence
