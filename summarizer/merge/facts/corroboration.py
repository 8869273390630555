"""Find sentences that say a fact, too: what a model claims of an article leaves most of it out.

A fact that one article's claim tells is often told by another article in a sentence that nobody
made a claim of. Cited beside the claim, it shows how many sources say so; and a sentence that
disputes a claim is as good as a claim that does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from summarizer.data import ArticleSummary, SupportedClaim
from summarizer.merge.facts.joining import (
    Comparer,
    Group,
    as_group,
    coherent,
    less_pairs,
    same_pairs,
)

_MOST_SENTENCES = 80  # of an article; what is told further down is hardly ever told elsewhere

Quotable = Mapping[str, Sequence[SupportedClaim]]  # by article id; each claim is one sentence


def unclaimed(
    summaries: Sequence[ArticleSummary], quotable: Quotable, line_of: Sequence[int]
) -> list[tuple[int, SupportedClaim]]:
    """Return the quotable sentences that no claim rests on, with the index of their article.

    `line_of` labels each article; an article alone with its label has none to corroborate. A
    sentence in the words of a claim, or of a sentence above it, says nothing that is not compared
    already: facts of one article and one wording would be one and the same fact.
    """
    sizes = Counter(line_of)
    found = []
    for n, summary in enumerate(summaries):
        if sizes[line_of[n]] > 1:
            cited = {i for c in summary.supported for e in c.evidence for i in e.sentence_ids}
            told = {c.claim.text for c in summary.supported}
            for one in quotable.get(summary.article.id, ())[:_MOST_SENTENCES]:
                if not cited & set(_sentence_ids(one)) and one.claim.text not in told:
                    told.add(one.claim.text)
                    found.append((n, one))
    return found


def _sentence_ids(claim: SupportedClaim) -> tuple[int, ...]:
    return tuple(i for e in claim.evidence for i in e.sentence_ids)


def comparable(
    comparer: Comparer, first_sentence: int, line_of: Sequence[int]
) -> list[tuple[int, int]]:
    """Return the candidate pairs of two articles of one label, a claim at least among them.

    Tellings from `first_sentence` on are sentences.
    """
    article = [telling.article for telling in comparer.tellings]
    return [
        (i, j)
        for i, j in comparer.candidates
        if i < first_sentence
        and article[i] != article[j]
        and line_of[article[i]] == line_of[article[j]]
    ]


def corroborate(
    comparer: Comparer,
    groups: Sequence[Group],
    pairs: Iterable[tuple[int, int]],
) -> list[Group]:
    """Return `groups` with the sentences that say the same, or less, beside their claims.

    `pairs` are (claim, sentence). A sentence joins one fact, the surest, and of an article that
    a fact cites already no sentence joins it.
    """
    pairs = list(pairs)
    facts = _Facts(comparer, groups)
    less = less_pairs(comparer, pairs)
    says_less = set(less)
    for i, j in same_pairs(comparer, pairs):
        facts.add(i, j, less=(j, i) in says_less)
    sentences = {j for _, j in pairs}
    for i, j in less:
        if i in sentences:
            facts.add(j, i, less=True)
        else:
            facts.add(i, j)
    return facts.groups()


class _Facts:
    """Groups of claims that take sentences in."""

    def __init__(self, comparer: Comparer, groups: Sequence[Group]) -> None:
        self._comparer = comparer
        self._claims = [list(group.claims) for group in groups]
        self._refines = [list(group.refines) for group in groups]
        self._group_of = {i: n for n, group in enumerate(groups) for i in group.members}
        self._groups = list(groups)
        self._grown: set[int] = set()
        self._taken: set[int] = set()

    def add(self, claim: int, sentence: int, *, less: bool = False) -> None:
        """Put a sentence beside a claim, unless something speaks against it."""
        n, tellings = self._group_of[claim], self._comparer.tellings
        claims, refines = self._claims[n], self._refines[n]
        members = [*claims, *refines]
        cited = {tellings[i].article for i in members}
        if sentence in self._taken or tellings[sentence].article in cited:
            return
        if not coherent(self._comparer, members, [sentence]):
            return
        self._taken.add(sentence)
        self._grown.add(n)
        (refines if less or claim in refines else claims).append(sentence)

    def groups(self) -> list[Group]:
        """Return the groups as they are now."""
        for n in self._grown:
            self._groups[n] = as_group(self._comparer, self._claims[n], self._refines[n])
        return list(self._groups)
