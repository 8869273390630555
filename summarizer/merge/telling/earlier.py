"""What an earlier brief told, by whom, and which of its articles were read again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from summarizer.data import Article, Brief, Evidence, Fact, Source
from summarizer.errors import BriefError
from summarizer.text.words import tokens

_HINT = "Give a brief.json as `summarizer brief` wrote it, unchanged, or leave it out."
_SHOWN = 60  # characters of a quote in a message


def check_earlier(earlier: Brief, articles: Iterable[Article]) -> None:
    """Refuse an earlier brief that contradicts itself or the articles that it shares with a run.

    Its other articles are not at hand, so their quotes are taken as they are:
    summarizer.verify.verify_brief checks them.

    Raises:
        BriefError: a quote is not as long as its offsets say, is of no source of the brief, or
            is not in its article; or a fact has the wording of none of its claims.
    """
    texts = {article.id: article.text for article in articles}
    listed = {source.article_id for source in earlier.sources}
    for fact in facts_of(earlier):
        if fact.text not in {one.claim.text for one in fact.claims}:
            raise _refused(fact, "its wording is that of none of its claims")
        for claim in (*fact.claims, *fact.refines):
            for evidence in claim.evidence:
                if fault := _fault(evidence, claim.claim.article_id, listed, texts):
                    raise _refused(fact, f"the quote “{evidence.quote[:_SHOWN]}” {fault}")


def _refused(fact: Fact, why: str) -> BriefError:
    return BriefError(f"the earlier brief was changed: fact {fact.id[:16]}: {why}", hint=_HINT)


def _fault(
    evidence: Evidence, about: str, listed: set[str], texts: Mapping[str, str]
) -> str | None:
    if evidence.end - evidence.start != len(evidence.quote):
        return "is not as long as its offsets say"
    if evidence.article_id not in listed:
        return "is of an article that is no source of the brief"
    if evidence.article_id != about:
        return "is of another article than its claim"
    text = texts.get(evidence.article_id)
    if text is not None and text[evidence.start : evidence.end] != evidence.quote:
        return "does not stand in its article"
    return None


def facts_of(earlier: Brief) -> list[Fact]:
    """Return the facts of a brief, shown or left out, each id once, in order of the ids."""
    found: dict[str, Fact] = {}
    for story in earlier.stories:
        for fact in (*story.facts, *story.left_out):
            found.setdefault(fact.id, fact)
    return [found[key] for key in sorted(found)]


class Rereading:
    """Which articles of an earlier brief a run has read again, and what still stands in them."""

    def __init__(self, earlier: Brief, articles: Sequence[Article]) -> None:
        self._articles = {article.id: article for article in articles}
        self._words: dict[str, str] = {}
        self._sources = {source.article_id: source for source in earlier.sources}
        by_source: defaultdict[str, list[Article]] = defaultdict(list)
        for article in sorted(articles, key=lambda article: article.id):
            by_source[article.source].append(article)
        quoted: defaultdict[str, set[str]] = defaultdict(set)
        for fact in facts_of(earlier):
            for evidence in fact.citations:
                quoted[evidence.article_id].add(evidence.quote)
        self._revisions = {
            source.article_id: [
                article
                for article in by_source[source.source]
                if article.id != source.article_id
                and self._revises(article, source, quoted[source.article_id])
            ]
            for source in earlier.sources
        }

    def _revises(self, article: Article, source: Source, quotes: Iterable[str]) -> bool:
        """Tell whether `article` is a new version of `source`, not a new text under its name.

        Folders that are filled anew each day use names such as 1.txt again.
        """
        title = " ".join(_words(source.title))
        if title and title == " ".join(_words(article.title)):
            return True
        return any(self.holds(article, quote) for quote in sorted(quotes))

    def revisions(self, article_id: str) -> list[Article]:
        """Return the new versions of an article of the earlier brief, by id."""
        return self._revisions.get(article_id, [])

    def again(self, article_id: str) -> list[Article]:
        """Return the article itself, where the run has read it, and its new versions."""
        same = self._articles.get(article_id)
        return [*([same] if same else []), *self.revisions(article_id)]

    def revised(self, before: str, now: str) -> bool:
        """Tell whether article `now` of the run is a new version of `before`."""
        return any(article.id == now for article in self.revisions(before))

    def holds(self, article: Article, quote: str) -> bool:
        """Tell whether `quote` stands in `article`, punctuation, case and white space aside."""
        if article.id not in self._words:
            self._words[article.id] = f" {' '.join(_words(article.text))} "
        return f" {' '.join(_words(quote))} " in self._words[article.id]


def _words(text: str) -> list[str]:
    return [token.text.casefold() for token in tokens(text)]


class Tellers:
    """Who told the facts of an earlier brief, and who of a run tells them independently."""

    def __init__(self, earlier: Brief, sources: Sequence[Source]) -> None:
        self._before: defaultdict[int, list[Source]] = defaultdict(list)
        self._origin_before = {s.article_id: s.origin for s in earlier.sources}
        for source in earlier.sources:
            self._before[source.origin].append(source)
        self._now: defaultdict[int, list[Source]] = defaultdict(list)
        self._origin_now = {source.article_id: source.origin for source in sources}
        for source in sources:
            self._now[source.origin].append(source)

    def further(self, told: Iterable[Fact], fact: Fact) -> Evidence | None:
        """Return what a further origin says of `fact`, which the facts `told` tell already.

        None where there is none. An origin is no further one if any of its articles is, bears
        the name of, or is of the publisher of one whose origin told it before; nor if it repeats
        a quote word for word.
        """
        told = list(told)
        origins = {
            self._origin_before[i]
            for one in told
            for i in one.article_ids
            if i in self._origin_before
        }
        known: set[tuple[str, str]] = set()
        for origin in origins:
            known |= {mark for source in self._before[origin] for mark in _marks(source)}
        quotes = {tuple(_words(e.quote)) for one in told for e in one.citations}
        for evidence in fact.citations:
            mates = self._now[self._origin_now.get(evidence.article_id, 0)]
            if mates and known.isdisjoint(mark for mate in mates for mark in _marks(mate)):
                if tuple(_words(evidence.quote)) not in quotes:
                    return evidence
        return None


def _marks(source: Source) -> list[tuple[str, str]]:
    """Return what a source is known by."""
    marks = [("id", source.article_id), ("source", source.source)]
    publisher = " ".join(_words(source.publisher or ""))
    return [*marks, ("publisher", publisher)] if publisher else marks
