"""Compare a brief with an earlier one: which facts are new, changed, confirmed or contradicted."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from summarizer.data import (
    Article,
    Brief,
    Change,
    ChangeKind,
    Claim,
    ConflictKind,
    Evidence,
    Fact,
    GoneFact,
    Side,
    Since,
    Source,
    Story,
    SupportedClaim,
)
from summarizer.merge.conflicts.differences import Difference, difference
from summarizer.merge.conflicts.moments import earlier_first
from summarizer.merge.conflicts.sides import make_side
from summarizer.merge.facts.claims import Telling, tellings
from summarizer.merge.facts.joining import Comparer, group_claims
from summarizer.merge.telling.earlier import Rereading, Tellers, check_earlier, facts_of
from summarizer.merge.telling.revised import revised_value
from summarizer.text.words import tokens

__all__ = ["check_earlier", "mark_changes"]


def mark_changes(
    stories: Sequence[Story],
    earlier: Brief,
    *,
    articles: Sequence[Article],
    sources: Sequence[Source],
) -> tuple[tuple[Story, ...], Since]:
    """Return the stories of a run, each fact marked with what became of it, and what is gone.

    A fact, shown or left out, is new where no fact of `earlier`, shown or left out, says the
    same, and also where it adds something to what was told. It is changed where the value moved:
    a later count, or another value in a new version of the article. It is confirmed where a
    further origin tells it now. What cannot be right beside what was told contradicts it: the
    mark is on the fact that was told or, where the run tells that no more, on the one that
    denies it. None stands for a fact that was known, and nothing more.

    `articles` and `sources` are those of the run; neither their order nor that of the facts
    matters.

    Raises:
        BriefError: the earlier brief does not hold; see check_earlier.
    """
    check_earlier(earlier, articles)
    facts = {f.id: f for story in stories for f in (*story.facts, *story.left_out)}
    comparison = _Comparison(earlier, [facts[key] for key in sorted(facts)], articles, sources)
    changes = {fact.id: comparison.change(fact) for fact in comparison.now}
    marked = tuple(
        story.model_copy(
            update={
                "facts": _marked(story.facts, changes),
                "left_out": _marked(story.left_out, changes),
            }
        )
        for story in stories
    )
    since = Since(
        created=earlier.run.created,
        known=sum(change is None for change in changes.values()),
        gone=tuple(sorted(comparison.gone(changes), key=_place)),
    )
    return marked, since


def _marked(facts: Sequence[Fact], changes: dict[str, Change | None]) -> tuple[Fact, ...]:
    return tuple(fact.model_copy(update={"change": changes[fact.id]}) for fact in facts)


def _place(gone: GoneFact) -> tuple[str, int, str]:
    return gone.source, gone.evidence.start, gone.fact_id


class _Match(NamedTuple):
    """How a claim of the run differs from one of the earlier brief; best first when sorted."""

    rank: tuple[bool, float, str, str]
    before: Fact
    now: Fact
    difference: Difference
    claims: tuple[Telling, Telling]
    moved: bool  # a later count, or a new version of the article: the old value is given up


class _Comparison:
    """The facts of an earlier brief beside those of a run."""

    def __init__(
        self,
        earlier: Brief,
        now: Sequence[Fact],
        articles: Sequence[Article],
        sources: Sequence[Source],
    ) -> None:
        self.before, self.now = facts_of(earlier), now
        self._rereading = Rereading(earlier, articles)
        self._tellers = Tellers(earlier, sources)
        self._old_articles = {source.article_id for source in earlier.sources}
        known = {article.id: article for article in articles}
        stubs = {s.article_id: _stub(s) for s in earlier.sources} | known
        self._articles = [stubs[key] for key in sorted(stubs)]
        self._read_claims()
        self._told: defaultdict[str, dict[str, Fact]] = defaultdict(dict)  # earlier, by new id
        self._tells: defaultdict[str, dict[str, Fact]] = defaultdict(dict)  # new, by earlier id
        self._match_same()
        self._otherwise: defaultdict[str, list[_Match]] = defaultdict(list)  # by new fact's id
        self._contradicted: defaultdict[str, list[_Match]] = defaultdict(list)
        for match in self._differing():
            self._place(match)

    def _read_claims(self) -> None:
        """Read every claim once, whichever of the two tell it, in an order of their own."""
        old = [(fact, c) for fact in self.before for c in (*fact.claims, *fact.refines)]
        new = [(fact, c) for fact in self.now for c in fact.claims]
        by_key = {_key(c): c for _, c in (*old, *new) if c.evidence}
        place = {article.id: n for n, article in enumerate(self._articles)}
        keys = sorted(key for key in by_key if key[0] in place)
        self._comparer = Comparer(
            tellings(self._articles, [(place[key[0]], by_key[key]) for key in keys])
        )
        index = {key: n for n, key in enumerate(keys)}
        self._old_at: defaultdict[int, list[tuple[Fact, SupportedClaim]]] = defaultdict(list)
        self._new_at: defaultdict[int, list[tuple[Fact, SupportedClaim]]] = defaultdict(list)
        for held, pairs in ((self._old_at, old), (self._new_at, new)):
            for fact, claim in pairs:
                if _key(claim) in index:
                    held[index[_key(claim)]].append((fact, claim))

    def _match_same(self) -> None:
        ids = {fact.id: fact for fact in self.before}
        for fact in self.now:
            if fact.id in ids:
                self._join(ids[fact.id], fact)
        self._differences: list[tuple[int, int, Difference, bool]] = []
        same = self._same()
        for i, j in self._pairs():
            kept = self._kept(i, j)
            if not kept and (found := self._difference(i, j, same=(i, j) in same)) is not None:
                self._differences.append((i, j, *found))
                same.discard((i, j))
            elif kept:
                same.add((i, j))
        for i, j in sorted(same):
            for before, _ in self._old_at[i]:
                for now, _ in self._new_at[j]:
                    self._join(before, now)

    def _same(self) -> set[tuple[int, int]]:
        """Return the pairs of an earlier and a new claim that the merger would join.

        A new claim that adds something to the earlier one is not told by it.
        """
        same = set()
        for group in group_claims(self._comparer):
            for j in group.members:
                if j in self._new_at:
                    told = group.members if j in group.refines else group.claims
                    same |= {(i, j) for i in told if i in self._old_at}
        return same

    def _join(self, before: Fact, now: Fact) -> None:
        self._told[now.id][before.id] = before
        self._tells[before.id][now.id] = now

    def _pairs(self) -> list[tuple[int, int]]:
        """Return the pairs of an earlier and a new claim that may be about one thing."""
        place = {article.id: n for n, article in enumerate(self._articles)}
        said: dict[tuple[int, tuple[str, ...]], int] = {}
        for j in sorted(self._new_at, reverse=True):
            said[self._comparer.tellings[j].article, _words(self._comparer.tellings[j])] = j
        pairs = {(i, i) for i in self._old_at if i in self._new_at}
        for i in self._old_at:  # the same sentence, too short or too common to be a candidate
            telling = self._comparer.tellings[i]
            for revision in self._rereading.revisions(self._articles[telling.article].id):
                again = said.get((place[revision.id], _words(telling)))
                if again is not None:
                    pairs.add((i, again))
        for i, j in self._comparer.candidates:
            pairs |= {(i, j), (j, i)}
        return sorted((i, j) for i, j in pairs if i in self._old_at and j in self._new_at)

    def _kept(self, i: int, j: int) -> bool:
        """Tell whether a claim is word for word that of the same article, or of its new version.

        Whatever the dates: a new version may bear a new one, and "on Tuesday" then reads as
        another day.
        """
        a, b = self._comparer.tellings[i], self._comparer.tellings[j]
        before, now = self._articles[a.article].id, self._articles[b.article].id
        return i == j or (self._rereading.revised(before, now) and _words(a) == _words(b))

    def _difference(self, i: int, j: int, *, same: bool) -> tuple[Difference, bool] | None:
        """Return what differs between an earlier and a new claim, and whether the value moved."""
        a, b = self._comparer.tellings[i], self._comparer.tellings[j]
        before, now = self._articles[a.article], self._articles[b.article]
        if before.id == now.id:
            return None  # an article that tells both sees no contradiction in them
        if self._rereading.revised(before.id, now.id):
            return _revision(self._comparer, a, b)
        if same:
            return None
        return _verdict(self._comparer, a, b, (before.published, now.published))

    def _differing(self) -> Iterator[_Match]:
        """Yield the differences of facts that were not told before."""
        for i, j, found, moved in self._differences:
            for before, old in self._old_at[i]:
                for now, new in self._new_at[j]:
                    if self._told[now.id] or self._one_tells_both(before, now):
                        continue
                    likeness = round(self._comparer.overlap(i, j).likeness, 9)
                    rank = (not moved, -likeness, before.id, now.id)
                    yield _Match(
                        rank, before, now, found, (self._read(i, old), self._read(j, new)), moved
                    )

    def _read(self, index: int, claim: SupportedClaim) -> Telling:
        """Return the claim as it was read, with the evidence that its own brief gives it."""
        return replace(self._comparer.tellings[index], claim=claim)

    def _one_tells_both(self, before: Fact, now: Fact) -> bool:
        facts = (before, *self._tells[before.id].values())
        return any(set(fact.article_ids) & set(now.article_ids) for fact in facts)

    def _place(self, match: _Match) -> None:
        still_told = self._tells[match.before.id].values()
        if match.moved or not still_told:
            self._otherwise[match.now.id].append(match)
        if match.moved or match.claims[1].claim.claim.article_id in self._old_articles:
            return
        for fact in still_told:
            self._contradicted[fact.id].append(match)

    def change(self, fact: Fact) -> Change | None:
        """Return what became of `fact`; None where it was known and nothing is to be said."""
        if contradicted := self._contradicted.get(fact.id):
            return _change(ChangeKind.CONTRADICTED, min(contradicted, key=lambda m: m.rank))
        told = self._told.get(fact.id)
        if told:
            evidence = self._tellers.further(told.values(), fact)
            return _confirmed(told, fact, evidence) if evidence else None
        if otherwise := self._otherwise.get(fact.id):
            match = min(otherwise, key=lambda m: m.rank)
            return _change(ChangeKind.CHANGED if match.moved else ChangeKind.CONTRADICTED, match)
        return Change(kind=ChangeKind.NEW)

    def gone(self, changes: dict[str, Change | None]) -> Iterator[GoneFact]:
        """Yield the earlier facts that their articles, read again, no longer tell."""
        answered = {c.before.fact_id for c in changes.values() if c is not None and c.before}
        lost = [
            (fact, evidence)
            for fact in self.before
            if fact.id not in answered and not self._tells[fact.id]
            if (evidence := self._lost(fact)) is not None
        ]
        reworded = self._said_otherwise(lost)
        sources = {article.id: article.source for article in self._articles}
        for fact, evidence in lost:
            if fact.id not in reworded:
                yield GoneFact(
                    fact_id=fact.id,
                    text=fact.text,
                    evidence=evidence,
                    source=sources[evidence.article_id],
                )

    def _lost(self, fact: Fact) -> Evidence | None:
        """Return the first quote that its article has lost; None if one stands or none was read."""
        read = [(e, self._rereading.again(e.article_id)) for e in fact.citations]
        for evidence, versions in read:
            if any(self._rereading.holds(article, evidence.quote) for article in versions):
                return None
        return next((evidence for evidence, versions in read if versions), None)

    def _said_otherwise(self, lost: Sequence[tuple[Fact, Evidence]]) -> set[str]:
        """Return the ids of the facts that a new version says in other words, told or not."""
        versions = {
            article.id: article
            for fact, _ in lost
            for evidence in fact.citations
            for article in self._rereading.again(evidence.article_id)
        }
        place = {article.id: n for n, article in enumerate(self._articles)}
        claims = [(place[c.claim.article_id], c, fact.id) for fact, _ in lost for c in fact.claims]
        owned = len(claims)
        for key in sorted(versions):
            claims += [(place[key], claim, "") for claim in _sentences(versions[key])]
        comparer = Comparer(tellings(self._articles, [(n, claim) for n, claim, _ in claims]))
        return {
            claims[i][2]
            for group in group_claims(comparer)
            for i in group.members
            if i < owned
            for j in group.members
            if owned <= j
            and self._rereading.revised(
                claims[i][1].claim.article_id, claims[j][1].claim.article_id
            )
            and revised_value(comparer, comparer.tellings[i], comparer.tellings[j]) is None
        }


def _stub(source: Source) -> Article:
    """Return what is known of an article of the earlier brief: everything but its text."""
    return Article(
        id=source.article_id,
        source=source.source,
        title=source.title,
        publisher=source.publisher,
        published=source.published,
        text="",
        sentences=(),
    )


def _sentences(article: Article) -> Iterator[SupportedClaim]:
    """Yield every sentence of an article as a claim."""
    for number, sentence in enumerate(article.sentences, start=1):
        quote = article.sentence_text(number)
        evidence = Evidence(
            article_id=article.id,
            sentence_ids=(number,),
            start=sentence.start,
            end=sentence.end,
            quote=quote,
        )
        claim = Claim(article_id=article.id, text=quote)
        yield SupportedClaim(claim=claim, evidence=(evidence,), score=1.0, checks=())


def _key(claim: SupportedClaim) -> tuple[str, str]:
    return claim.claim.article_id, claim.claim.text


def _words(telling: Telling) -> tuple[str, ...]:
    return tuple(token.text.casefold() for token in tokens(telling.text))


# --- what differs -----------------------------------------------------------------------------


def _verdict(
    comparer: Comparer, a: Telling, b: Telling, when: tuple[dt.date | None, dt.date | None]
) -> tuple[Difference, bool] | None:
    """Return what an earlier claim and a new one say otherwise, and whether a value moved."""
    found = difference(comparer, a, b, when=when)
    if found is None or (found.moved and earlier_first(a, b, when) is False):
        return None  # an older count than the one that was told is no change
    # "Yesterday", of two days: a reader would see no difference.
    return (found, found.moved) if found.first != found.second else None


def _revision(comparer: Comparer, a: Telling, b: Telling) -> tuple[Difference, bool] | None:
    """Return what a new version of an article says otherwise; a value moved, a denial did not."""
    found = difference(comparer, a, b, when=(None, None))
    if found is None or found.first == found.second:
        found = revised_value(comparer, a, b)
    return (found, found.kind is not ConflictKind.POLARITY) if found else None


# --- what a change shows ----------------------------------------------------------------------


def _change(kind: ChangeKind, match: _Match) -> Change:
    old, new = match.claims
    return Change(
        kind=kind,
        before=make_side(match.before, old, match.difference.first),
        after=make_side(match.now, new, match.difference.second),
    )


def _confirmed(told: dict[str, Fact], fact: Fact, evidence: Evidence) -> Change:
    before = told[min(told)]
    claim = next(c for c in (*fact.claims, *fact.refines) if evidence in c.evidence)
    return Change(
        kind=ChangeKind.CONFIRMED,
        before=Side(fact_id=before.id, evidence=before.citations[0], value=before.text),
        after=Side(fact_id=fact.id, evidence=evidence, value=claim.claim.text),
    )
