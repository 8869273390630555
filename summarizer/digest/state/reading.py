"""Read a record out of a blob, and say it when that cannot be."""

from __future__ import annotations

from typing import TypeVar

from pydantic import ValidationError

from summarizer.data import Record
from summarizer.digest.state.blobs import Unreadable, unpack
from summarizer.errors import StateError

_R = TypeVar("_R", bound=Record)


def read_blob(kind: type[_R], blob: bytes, what: str, near: str = "") -> _R:
    """Return the record of a blob; `what` names it in the error.

    Raises:
        StateError: it is damaged, or of another version.
    """
    try:
        return kind.model_validate_json(unpack(blob, near))
    except (Unreadable, ValidationError) as error:
        raise StateError(
            f"the state holds a damaged {what}",
            hint="Run `summarizer doctor`. If the state is damaged, move it away: "
            "the next digest makes a new one and reads all articles anew.",
        ) from error
