"""Take content into the state: once, whatever name it comes under, and say why not otherwise."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from summarizer.data import Article, SkippedArticle, SkipReason
from summarizer.digest import recall
from summarizer.digest.clock import Clock
from summarizer.digest.reading import LeftForLater, Reads
from summarizer.digest.state.records import FetchRecord, RunRecord, SeenInput
from summarizer.errors import ArticleError
from summarizer.read import READER_VERSION

if TYPE_CHECKING:
    from summarizer.digest.journal import Journal
    from summarizer.digest.state import State


def input_hash(kind: str, data: bytes) -> str:
    """Return the key under which the state knows content of a `kind`: SHA-256, hexadecimal."""
    digest = hashlib.sha256(f"{READER_VERSION}\0{kind}\0".encode())
    digest.update(data)
    return digest.hexdigest()


class Intake:
    """What the sources of one run bring.

    What is skipped is reported until an edition has told it, and never again: a run that is
    killed in between has told nobody. `reader` reads what they bring.
    """

    def __init__(
        self, state: State, run: RunRecord, journal: Journal, clock: Clock, reader: Reads
    ) -> None:
        self.state = state
        self._run = run
        self.journal = journal
        self.clock = clock
        self.reader = reader
        self._edition = state.editions.next_number()
        self.new = 0
        self.unchanged = 0
        self.skipped: list[SkippedArticle] = []

    def known(self, content: str) -> bool:
        """Tell whether content with this hash was seen; count it, or report it again."""
        seen = self.state.inputs.seen(content)
        if seen is None:
            return False
        if seen.skipped is not None and self._is_untold(content):
            self.skipped.append(seen.skipped)
        else:
            self.unchanged += 1
        return True

    def settled(self, content: str) -> bool:
        """Tell whether nothing about content that was seen is left to be reported."""
        return not self._is_untold(content)

    def read(
        self,
        content: str,
        make: Callable[[], Article],
        *,
        oldest: dt.date | None = None,
        fetch: FetchRecord | None = None,
    ) -> bool:
        """Take in what `make` reads from content with this hash; tell whether it is an article.

        An article dated before `oldest` is passed over. Everything is committed at once, and
        `fetch` with it.
        """
        try:
            article = make()
        except ArticleError as error:
            self.skip(
                content,
                SkippedArticle(source=error.source, reason=error.reason, detail=error.detail),
                fetch=fetch,
            )
            return False
        except LeftForLater as later:
            self.fail(later.source, later.reason, later.detail)
            return False
        self.add(content, article, oldest=oldest, fetch=fetch)
        return True

    def add(
        self,
        content: str,
        article: Article,
        *,
        oldest: dt.date | None = None,
        fetch: FetchRecord | None = None,
        also: str = "",
    ) -> None:
        """Take in an article read from content with this hash, see `read`.

        `also` is the hash of something else that is done with by it.
        """
        now = self.clock.utc()
        old = _too_old(article, oldest)
        with self.state.transaction():
            new = self.state.articles.add(
                article, run=self._run.number, now=now, keys=recall.keys(article)
            )
            if new and old:
                self.state.articles.pass_over([article.id], SkipReason.OLD)
            skipped = old if new else None
            for one in filter(None, (content, also)):
                self._note(one, SeenInput(article_id=article.id, skipped=skipped), now)
            if fetch:
                self.state.fetches.note(fetch)
            if new and not skipped:
                self.journal.note("article added", source=article.source, title=article.title)
        if skipped:
            self._report(skipped)
        elif new:
            self.new += 1
        else:
            self.unchanged += 1

    def take_again(self, content: str, *, also: str = "", fetch: FetchRecord | None = None) -> bool:
        """Tell whether content with this hash became an article; then note the rest, see `add`."""
        seen = self.state.inputs.seen(content)
        if seen is None or seen.article_id is None:
            return False
        with self.state.transaction():
            if also:
                self._note(also, seen, self.clock.utc())
            if fetch:
                self.state.fetches.note(fetch)
        return self.known(content)

    def skip(
        self, content: str, skipped: SkippedArticle, *, fetch: FetchRecord | None = None
    ) -> None:
        """Remember content as no article, and report it."""
        now = self.clock.utc()
        with self.state.transaction():
            self._note(content, SeenInput(skipped=skipped), now)
            if fetch:
                self.state.fetches.note(fetch)
        self._report(skipped)

    def fail(self, source: str, reason: SkipReason, detail: str) -> None:
        """Report what could not be had tonight; next night it is tried again."""
        self._report(SkippedArticle(source=source, reason=reason, detail=detail))

    def _report(self, skipped: SkippedArticle) -> None:
        self.skipped.append(skipped)
        self.journal.note(
            "article skipped",
            level="info" if skipped.reason is SkipReason.OLD else "warning",
            source=skipped.source,
            reason=skipped.reason,
            detail=skipped.detail,
        )

    def _note(self, content: str, seen: SeenInput, now: dt.datetime) -> None:
        self.state.inputs.note(content, seen, now)
        if seen.skipped:
            self.state.inputs.note(self._mark(content), seen, now)

    def _mark(self, content: str) -> str:
        """Return under which hash it stands that this edition, yet to be made, is to tell it."""
        return hashlib.sha256(f"{content} for edition {self._edition}".encode()).hexdigest()

    def _is_untold(self, content: str) -> bool:
        return self.state.inputs.seen(self._mark(content)) is not None


def _too_old(article: Article, oldest: dt.date | None) -> SkippedArticle | None:
    if oldest is None or article.published is None or article.published >= oldest:
        return None
    detail = f"it is of {article.published.isoformat()}, before {oldest.isoformat()}"
    return SkippedArticle(source=article.source, reason=SkipReason.OLD, detail=detail)
