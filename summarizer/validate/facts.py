"""Every number, date, name, denial and quotation of a claim must be in its evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.data import RejectReason
from summarizer.text.dates import DateMention, covered, overlapping
from summarizer.text.names import LEGAL_FORMS, Name, name_matches, spelled_out
from summarizer.text.negation import Modality, Scope
from summarizer.text.quantities import Quantity, same_quantity
from summarizer.text.words import PAST_FORMS
from summarizer.validate.reading import Index, Reading

Finding = tuple[RejectReason, str]


def check_numbers(claim: Reading, evidence: Sequence[Reading]) -> Finding | None:
    """Every number of the claim is in the evidence, and counts the same thing there."""
    there = [q for sentence in evidence for q in sentence.quantities]
    for quantity in claim.quantities:
        same = [other for other in there if same_quantity(quantity, other)]
        if (
            not same
            and not _one_in_words(quantity, evidence)
            and not _as_written(quantity, evidence)
        ):
            return RejectReason.NUMBER, f"{quantity.text} is not in the evidence"
        if same and (counted := _counts_another(quantity, same, there)):
            return RejectReason.NUMBER, f"{quantity.text} counts {counted} in the evidence"
    return None


def _one_in_words(quantity: Quantity, evidence: Sequence[Reading]) -> bool:
    """Accept "a person" for "one person", if the evidence counts no others of the kind."""
    if quantity.value != 1 or quantity.high is not None:
        return False
    if quantity.ordinal:
        return any(re.search(r"\b(?:never before|debut|initial)", s.lower) for s in evidence)
    if any(q.unit == quantity.unit for s in evidence for q in s.quantities):
        return False
    return any(re.search(r"\b(?:an?|single|sole|only|one)\b", s.lower) for s in evidence)


def _as_written(quantity: Quantity, evidence: Sequence[Reading]) -> bool:
    """The same characters, though read as part of a name or a date there."""
    written = re.compile(rf"(?<![\w.,]){re.escape(quantity.text.lower())}(?![\w]|[.,]\d)")
    return quantity.text[0].isdigit() and any(
        not any(q.start < match.end() and match.start() < q.end for q in s.quantities)
        for s in evidence
        for match in written.finditer(s.text.lower())
    )


def _counts_another(
    quantity: Quantity, same: Sequence[Quantity], there: Sequence[Quantity]
) -> str | None:
    """Return what the evidence counts by this number, when it counts the claim's thing by another.

    "5 dogs and 10 cats" does not bear out "10 dogs"; where the evidence has no number of dogs,
    the things may merely be called otherwise.
    """
    if quantity.unit is None or any(q.unit == quantity.unit for q in same):
        return None
    if quantity.ordinal and any(q.unit is None for q in same):
        return None  # "the first country and the fourth to land"
    if any(q.unit == quantity.unit and q.ordinal == quantity.ordinal for q in there):
        return same[0].unit or "something else"
    return None


_AROUND = 4  # content words on either side that a number is told by


def check_locality(claim: Reading, evidence: Sequence[Reading]) -> Finding | None:
    """A number or date stands in the evidence among the words it stands among in the claim.

    Rejects where another sentence of the evidence says those words with another number of the
    same unit, or another date: "600,000" taken from the sentence after "acquire 350,000".
    """
    for quantity in claim.quantities:
        if quantity.ordinal or quantity.unit is None:
            continue
        told = [(s, [q for q in s.quantities if q.unit == quantity.unit]) for s in evidence]
        rival = _rival(claim, quantity, [(s, qs, _has_same(quantity, qs)) for s, qs in told])
        if rival:
            return RejectReason.NUMBER, f"the evidence says {rival} there, not {quantity.text}"
    for date in claim.dates:
        dated = [(s, s.dates, covered(date, s.dates)) for s in evidence]
        if rival := _rival(claim, date, dated):
            return RejectReason.DATE, f"the evidence says {rival} there, not {date.text}"
    return None


def _has_same(quantity: Quantity, others: Sequence[Quantity]) -> bool:
    return any(same_quantity(quantity, other) for other in others)


def _rival(
    claim: Reading,
    fact: Quantity | DateMention,
    told: Sequence[tuple[Reading, Sequence[Quantity | DateMention], bool]],
) -> str | None:
    """Return the fact that stands where `fact` should, in a sentence that shares more with it.

    `told` has, for each sentence, its facts of the kind and whether `fact` is among them.
    """
    around = _around(claim, fact)
    own = max((len(around & s.keys) for s, _, has in told if has), default=None)
    others = [(len(around & s.keys), facts[0].text) for s, facts, has in told if facts and not has]
    shared, rival = max(others, default=(0, ""))
    return rival if own is not None and shared >= own + 2 else None


def _around(claim: Reading, fact: Quantity | DateMention) -> frozenset[str]:
    before = [t.key for t in claim.terms if t.end <= fact.start][-_AROUND:]
    after = [t.key for t in claim.terms if t.start >= fact.end][:_AROUND]
    return frozenset(before + after)


def check_dates(claim: Reading, evidence: Sequence[Reading]) -> Finding | None:
    """Every date of the claim is said by the evidence, as far as the claim says it."""
    there = [d for sentence in evidence for d in sentence.dates]
    for date in claim.dates:
        if covered(date, there) or _said_in_parts(date, there):
            continue
        if not any(date.text.lower() in s.lower for s in evidence):
            return RejectReason.DATE, f"{date.text} is not in the evidence"
    return None


def _said_in_parts(date: DateMention, there: Sequence[DateMention]) -> bool:
    """The year from one sentence, the month from another."""
    if date.year is None or date.month is None:
        return False
    return covered(date._replace(year=None, weekday=None), there) and any(
        other.year == date.year for other in there
    )


# "It plans to ...", "the company said": the evidence leaves a name to the sentences before.
_REFERENCE = re.compile(
    r"\b(?:he|she|it|they|him|his|her|hers|its|them|their|theirs|this|these|those|we|our|us|i|my|"
    r"who|(?:the|this|that|both)\s+(?:[\w-]+\s+){0,2}(?:company|companies|firm|group|giant|maker|"
    r"bank|agency|ministry|department|team|club|side|party|government|council|court|university|"
    r"school|hospital|airline|studio|network|site|service|platform|app|startup|start-up|union|"
    r"charity|organi[sz]ation|body|force|city|town|country|nation|state|man|woman|boy|girl|couple|"
    r"pair|duo|suspect|victim|actor|actress|singer|player|striker|midfielder|defender|goalkeeper|"
    r"manager|coach|captain|champion|star|president|minister|senator|mayor|chief|executive|ceo|"
    r"chairman|founder|director|officer|official|spokesman|spokeswoman|judge|lawyer|author|"
    r"scientist|researcher|researchers|study|report|film|book|song|show|series|game|model|product|"
    r"device|system|project|plan|deal|bill|law|attack|storm|crash|fire|ship|plane|aircraft|event|"
    r"tournament|match|race|election|former|latter|billionaire|politician|leader|teenager|student)"
    r"|the\s+\d+-year-old)\b",
    re.I,
)
# The same as the subject of a clause; a possessive does not stand for one.
_SUBJECT_REFERENCE = re.compile(
    r"\b(?:he|she|it|they|we|i|the\s+(?!and\b|of\b)[a-z][\w-]*)\b", re.I
)
_LOOK_BACK = 5  # sentences before the evidence in which a reference may find its name


def check_names(
    claim: Reading, index: Index, ids: Sequence[int]
) -> tuple[Finding | None, tuple[int, ...]]:
    """Every name of the claim is in the evidence, or where the evidence refers back to.

    Returns the finding, and the ids of further sentences that a reference was resolved by; they
    belong to the evidence.
    """
    chosen = list(ids)
    extra: list[int] = []
    for name in claim.names:
        if any(_named(name, index.sentences[i - 1]) for i in chosen):
            continue
        if any(True for _ in overlapping(name.start, name.end, claim.dates)):
            continue
        if _titled(name, index, ids):
            continue
        found = _referred(name, index, ids)
        if found is None:
            return (RejectReason.NAME, f"{name.text} is not in the evidence"), ()
        chosen.append(found)
        extra.append(found)
    if whole := _unknown_part(claim.names, index):
        return (RejectReason.NAME, f"{whole.text} is not a name of the article"), ()
    return None, tuple(extra)


def _named(name: Name, sentence: Reading) -> bool:
    if name_matches(name, sentence.names) or spelled_out(name, sentence.text):
        return True
    # Capitalised by the claim alone: a common word, or a text without capitals.
    phrase = re.escape(" ".join(name.text.lower().replace("’", "'").split()))
    return bool(re.search(rf"(?<!\w){phrase}(?:'s|s)?(?!\w)", sentence.lower))


def _titled(name: Name, index: Index, ids: Sequence[int]) -> bool:
    """Tell whether the evidence refers to what the article's title names."""
    refers = any(_REFERENCE.search(index.sentences[i - 1].text) for i in ids)
    return refers and _named(name, index.title)


def _referred(name: Name, index: Index, ids: Sequence[int]) -> int | None:
    """Return the nearest sentence before the evidence that has `name`, if something refers back."""
    for i in ids:
        if not _REFERENCE.search(index.sentences[i - 1].text):
            continue
        for back in range(i - 1, max(0, i - 1 - _LOOK_BACK), -1):
            if _named(name, index.sentences[back - 1]):
                return back
    return None


_PASSIVE = re.compile(
    r"\s*(?:,[^,]*,\s*)?(?:is|are|was|were|has been|have been|had been|being)\b", re.I
)


def check_subject(
    claim: Reading, index: Index, ids: Sequence[int], verb: int | None
) -> Finding | None:
    """Who the claim says did it stands before the verb in its evidence, not another name alone.

    `verb` is the index of the claim's first word after its first name.
    """
    if verb is None or not claim.names or not _opens_claim(claim):
        return None
    subject = claim.names[0]
    if _PASSIVE.match(claim.text, subject.end):
        return None
    term = claim.terms[verb]
    told = {t.key for t in claim.terms if t.start >= subject.end}
    bearing = [i for i in ids if term.key in index.sentences[i - 1].keys]
    if not bearing:
        return None
    best = max(bearing, key=lambda i: len(told & index.sentences[i - 1].keys))
    if rival := _rival_subject(subject, claim, index.sentences[best - 1], term.key):
        return RejectReason.NAME, f"the evidence says it of {rival}, not of {subject.text}"
    before = [index.sentences[i - 1] for i in range(max(1, best - _LOOK_BACK), best + 1)]
    if not any(_named(subject, sentence) for sentence in (index.title, *before)):
        return RejectReason.NAME, f"no sentence up to the evidence says it of {subject.text}"
    return None


def _opens_claim(claim: Reading) -> bool:
    before = [t for t in claim.terms if t.end <= claim.names[0].start]
    return len(before) <= 1


def _rival_subject(subject: Name, claim: Reading, sentence: Reading, key: str) -> str | None:
    """Return the name that stands before the verb where `subject` should."""
    verbs = [t.start for t in sentence.terms if t.key == key]
    if not verbs:
        return None
    before = [n for n in sentence.names if n.end <= max(verbs)]
    if any(name_matches(subject, [n]) for n in before) or spelled_out(subject, sentence.text):
        return None
    rivals = [n for n in before if not name_matches(n, claim.names)]
    if not rivals or _SUBJECT_REFERENCE.search(sentence.text[rivals[-1].end : max(verbs)]):
        return None
    return rivals[-1].text


def _unknown_part(claimed: Sequence[Name], index: Index) -> Name | None:
    """Return a name that adds a word the article's form of it lacks: Jane to Smith."""
    for name in claimed:
        if len(name.words) < 2:
            continue
        known = [other for other in index.names if name_matches(name, [other])]
        words = {w for other in known for w in other.words}
        if known and all(len(o.words) < len(name.words) for o in known) and not _acronymic(known):
            missing = [w for w in name.words if w not in words and w not in LEGAL_FORMS]
            if missing and not _written(missing, index):
                return name
    return None


def _acronymic(known: Sequence[Name]) -> bool:
    return any(o.text.isupper() for o in known)


def _written(words: Sequence[str], index: Index) -> bool:
    return all(any(word in s.lower for s in index.sentences) for word in words)


def check_negation(claim: Reading, evidence: Sequence[Reading]) -> Finding | None:
    """What the evidence denies the claim denies, and nothing else."""
    there = [scope for sentence in evidence for scope in sentence.scopes]
    polarity: dict[str, set[bool]] = {}
    for scope in there:
        polarity.setdefault(scope.key, set()).add(scope.negated)
    own: dict[str, set[bool]] = {}
    for scope in claim.scopes:
        own.setdefault(scope.key, set()).add(scope.negated)
    for scope in claim.scopes:
        if scope.plain and scope.depth == 1:
            said = polarity.get(scope.key)
            invented = not any(s.negated for s in there) if said is None else True not in said
            if invented:
                word = claim.text[scope.start : scope.end]
                return RejectReason.NEGATION, f"the evidence does not deny {word!r}"
    if lost := _lost(evidence[0].scopes, own, polarity):
        return RejectReason.NEGATION, f"the evidence denies {lost!r}, the claim does not"
    if denied := _denied(claim, evidence[0]):
        return RejectReason.NEGATION, f"the evidence denies it: {denied!r}"
    return None


def _lost(
    there: Sequence[Scope], own: dict[str, set[bool]], polarity: dict[str, set[bool]]
) -> str | None:
    for scope in there:
        if scope.negated and scope.depth == 1 and polarity[scope.key] == {True}:
            if own.get(scope.key) == {False}:
                return scope.key
    return None


_DENIAL = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|refut\w+|debunk\w+|disproved?|dismiss\w*\s(?:[^.;]{0,40}\s)?as|hoax"
    r"|untrue|false(?:ly)?|reject\w*\s(?:\w+\s){0,2}(?:claims?|reports?|allegations?|suggestions?))\b",
    re.I,
)
_MOSTLY = 0.6  # share of the claim's words that stand after the denial


def _denied(claim: Reading, sentence: Reading) -> str | None:
    """Return the words that deny what the claim says as a fact: "denied that ...", "a hoax"."""
    match = _DENIAL.search(sentence.text)
    if match is None or _DENIAL.search(claim.text) or any(s.negated for s in claim.scopes):
        return None
    after = {t.key for t in sentence.terms if t.start >= match.end()}
    inside = sum(t.key in after for t in claim.terms)
    return match.group() if inside >= _MOSTLY * len(claim.terms) else None


def check_modality(claim: Reading, evidence: Sequence[Reading]) -> Finding | None:
    """What the evidence only plans or thinks possible is not done in the claim, nor the reverse."""
    real: dict[str, set[Modality]] = {}
    first: set[str] = set()
    for sentence in evidence:
        for scope in sentence.scopes:
            real.setdefault(scope.key, set()).add(scope.modality)
            if scope.depth == 1:
                first.add(scope.key)
    for scope in claim.scopes:
        said = real.get(scope.key, set())
        planned = scope.modality is Modality.PLANNED and _TO.search(claim.text[: scope.start])
        if planned and said == {Modality.DONE}:
            word = claim.text[scope.start : scope.end]
            return RejectReason.NOT_ENTAILED, f"{word!r} is no plan in the evidence"
        if scope.modality is not Modality.DONE or not _real(claim.text, scope):
            continue
        if scope.key in first and said and said <= {Modality.PLANNED, Modality.POSSIBLE}:
            word = claim.text[scope.start : scope.end]
            return (
                RejectReason.NOT_ENTAILED,
                f"{word!r} is only planned or possible in the evidence",
            )
    return None


_TO = re.compile(r"\bto\s+$", re.I)
_BE = re.compile(r"\b(?:is|are)\s+(?:\w+ly\s+|already\s+|also\s+|now\s+)?$", re.I)
_HAVE = re.compile(r"\b(?:has|have|had|was|were)\s+(?:\w+ly\s+|already\s+|also\s+)?$", re.I)


def _real(text: str, scope: Scope) -> bool:
    """Tell whether the word is a verb of what is so: "bought", "has begun", "is building"."""
    word = text[scope.start : scope.end].lower()
    if word.endswith("ing") and _BE.search(text[max(0, scope.start - 30) : scope.start]):
        return True
    if _HAVE.search(text[max(0, scope.start - 30) : scope.start]):
        return True
    before = re.search(r"(\w+)\W*$", text[: scope.start])
    if before and before.group(1).lower() in ("the", "a", "an", "be", "of", "its", "their", "to"):
        return False
    return word.endswith("ed") or word in PAST_FORMS


_QUOTED = re.compile(r"[\"“]([^\"“”]{4,300})[\"”]")


def check_quotations(claim: Reading, index: Index) -> Finding | None:
    """What the claim puts in quotation marks the article says in these words."""
    for match in _QUOTED.finditer(claim.text):
        words = _plain(match.group(1))
        if len(words.split()) < 2:
            continue
        if words not in _plain(index.article.text):
            return (
                RejectReason.NOT_ENTAILED,
                f"the quotation {match.group()!r} is not in the article",
            )
    return None


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s%$£€]", " ", text.lower().replace("’", "'")).split())
