"""Why something could not be fetched, in words for people."""

from __future__ import annotations

from summarizer.data import SkipReason
from summarizer.render.escape import clean

_MAX_WORDS = 160  # characters of a server's own words in ours


class FetchFailed(Exception):
    """A page or feed that could not be had; its text is for people, and harmless.

    Attributes:
        reason: FORBIDDEN where it may not be asked, else UNREACHABLE.
        status: of the answer; 0 where there was none.
        again: asking once more at once may help.
        pause_s: the server asked not to be asked for so long; None where it did not.
        stop: the host has had enough for tonight.
    """

    def __init__(
        self,
        detail: str,
        *,
        reason: SkipReason = SkipReason.UNREACHABLE,
        status: int = 0,
        again: bool = False,
        pause_s: float | None = None,
        stop: bool = False,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.reason = reason
        self.status = status
        self.again = again
        self.pause_s = pause_s
        self.stop = stop


def forbidden(detail: str) -> FetchFailed:
    """Return the failure of what may not be asked."""
    return FetchFailed(detail, reason=SkipReason.FORBIDDEN)


def shown(text: str) -> str:
    """Return a server's words on one line, short, nothing invisible."""
    return clean(text[: 4 * _MAX_WORDS], limit=_MAX_WORDS)


def refused(status: int) -> FetchFailed:
    """Return what an answer with an error status means, and what can be done."""
    meant = _MEANINGS.get(status) or (
        "the server has a fault; it is asked again next night"
        if status >= 500
        else "the server does not hand it out; look at it in a browser"
    )
    return FetchFailed(f"{meant} (status {status})", status=status, again=status >= 500)


_MEANINGS = {
    401: "the server wants a login, which summarizer has none of",
    402: "the server wants to be paid",
    403: "the server refuses programs, or this one; ask its owner or take it out of the sources",
    404: "there is nothing at this address; check it in a browser",
    406: "the server has it in no form that can be read",
    410: "it was taken down for good; take it out of the sources",
    429: "the server says that it was asked too often; it is left alone tonight",
    451: "the server may not show it, for legal reasons",
}
