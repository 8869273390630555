"""Edits of true sentences, some of which keep them true: what a validator is tried on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from summarizer.edits.antonyms import change_sense
from summarizer.edits.certainty import change_certainty
from summarizer.edits.clauses import is_statement
from summarizer.edits.denial import change_polarity
from summarizer.edits.insertions import insert_detail
from summarizer.edits.interface import Edit, EditKind
from summarizer.edits.moments import change_date
from summarizer.edits.name_swaps import change_name
from summarizer.edits.numbers import change_number
from summarizer.edits.paraphrase import paraphrase
from summarizer.edits.pool import Pool
from summarizer.edits.pronouns import name_pronoun
from summarizer.edits.roles import swap_roles
from summarizer.edits.shortening import shorten
from summarizer.text.words import tokens

__all__ = ["Edit", "EditKind", "Pool", "edits"]

# Longer than any sentence of news; bounds the work on hostile text.
MAX_SENTENCE_CHARS = 1000
MAX_WORDS = 150
_SUPPORTED = frozenset(
    (EditKind.PARAPHRASE, EditKind.SHORTENING, EditKind.PRONOUN_TO_NAME, EditKind.VERBATIM)
)


def edits(sentence: str, *, context: Sequence[str] = (), pool: Pool, rng: Random) -> list[Edit]:
    """Return at most one edit of each kind of `sentence`, which is taken as true.

    `context` holds the sentences before it, oldest first; `pool` what may be put in. The same
    arguments and state of `rng` give the same edits. A kind is left out where the sentence offers
    nothing good for it; a sentence of more than 1,000 characters, or none at all, gives no edit.
    A heading or a row of a table, with no verb, is only repeated.
    """
    text = sentence.strip()
    if not text or len(text) > MAX_SENTENCE_CHARS:
        return []
    words = tokens(text)
    if len(words) > MAX_WORDS:
        return []
    if not is_statement(words):
        return [Edit(EditKind.VERBATIM, text, supported=True)]
    ways: dict[EditKind, Callable[[], str | None]] = {
        EditKind.NUMBER: lambda: change_number(text, pool, rng),
        EditKind.NAME: lambda: change_name(text, pool, rng),
        EditKind.DATE: lambda: change_date(text, rng),
        EditKind.NEGATION: lambda: change_polarity(text, rng),
        EditKind.ANTONYM: lambda: change_sense(text, rng),
        EditKind.ROLE_SWAP: lambda: swap_roles(text, rng),
        EditKind.MODALITY: lambda: change_certainty(text, rng),
        EditKind.INSERTION: lambda: insert_detail(text, pool, rng),
        EditKind.PARAPHRASE: lambda: paraphrase(text, rng),
        EditKind.SHORTENING: lambda: shorten(text, rng),
        EditKind.PRONOUN_TO_NAME: lambda: name_pronoun(text, context, pool),
        EditKind.VERBATIM: lambda: text,
    }
    made = [
        Edit(kind, new, kind in _SUPPORTED)
        for kind, way in ways.items()
        if (new := way()) is not None
    ]
    return [edit for edit in made if edit.kind is EditKind.VERBATIM or edit.text != text]
