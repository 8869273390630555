"""What an edit is: its kind, its text and whether the sentence still supports it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class EditKind(StrEnum):
    """What was done to a sentence."""

    NUMBER = "number"
    NAME = "name"
    DATE = "date"
    NEGATION = "negation"
    ANTONYM = "antonym"
    ROLE_SWAP = "role_swap"
    MODALITY = "modality"
    INSERTION = "insertion"
    PARAPHRASE = "paraphrase"
    SHORTENING = "shortening"
    PRONOUN_TO_NAME = "pronoun_to_name"
    VERBATIM = "verbatim"


class Edit(NamedTuple):
    """A sentence after an edit; `supported` where the sentence it was made of still says it."""

    kind: EditKind
    text: str
    supported: bool
