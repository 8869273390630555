"""Plans told as deeds, rumours as facts, and the other way round."""

from __future__ import annotations

import re
from random import Random

from summarizer.edits.clauses import (
    AUXILIARIES,
    after,
    finite_verbs,
    is_hypothetical,
    participle,
)
from summarizer.edits.shaping import capital_first, swap, tidy, word_at
from summarizer.edits.verbs import Form, base_of, inflect
from summarizer.text.words import Token, tokens

# Words before "to" that make a deed a plan: the whole phrase becomes the past.
_PLAN = re.compile(
    r"\b(?:(?:(?:is|are|was|were) )?(?:also |now |still |currently )?(?:planning|plans|plan|planned"
    r"|intends|intend|intended|intending|aims|aim|aimed|aiming|hopes|hope|hoped|hoping|wants|want"
    r"|wanted|seeks|seek|sought|seeking|vows|vowed|pledged|pledges|promised|promises|threatened"
    r"|threatens|threatening|proposed|proposes|proposing|offered|offers|offering|agreed|agrees"
    r"|expects|expected|preparing|prepares|trying|tries|tried|attempted|considered|looking"
    r"|is set|are set|was set|were set|is due|are due|was due|were due|is likely|are likely"
    r"|is ready|are ready|is about|are about|is scheduled|are scheduled|is poised|are poised"
    r"|is going|are going))"
    r" to (?P<verb>[a-z]+)\b",
    re.I,
)
_NOUN_BEFORE = re.compile(
    r"\b(?:the|a|an|its|his|her|their|of|this|that|any|no|be|been|has|have|had|to|not|who|will|would"
    r"|is|are|was|were|may)\s*$",
    re.I,
)  # the plan to buy
_CONSIDERS = re.compile(
    r"\b(?:is|are|was|were)? ?(?:considering|considers|mulling|weighing|proposing) "
    r"(?P<verb>[a-z]+ing)\b"
)
_MAY_BE = re.compile(r"\b(?:may|might|could)(?= (?:be|have|[a-z]+)\b)")
_DENIED = re.compile(r"\b(?:not|never|no|nor|without|cannot)\b|n['’]t\b", re.I)
# A past beside these would be no English: "opened next week", "called if we need it".
_FUTURE = re.compile(
    r"\b(?:if|when|unless|until|once|next|this (?:year|week|month|summer)|tomorrow|tonight"
    r"|soon|coming|20[2-9]\d)\b",
    re.I,
)
_PAST_TIME = re.compile(
    r"\b(?:1\d\d\d|20[01]\d|ago|yesterday|in the past|last (?:week|month|year|night))\b", re.I
)
_HEARSAY = re.compile(
    r",? ?\b(?:reportedly|allegedly|purportedly|apparently|supposedly|possibly|probably"
    r"|perhaps)\b,? ?"
    r"|\b(?:alleged|suspected|rumou?red|purported|would-be) ",
    re.I,
)
_SAID_TO = re.compile(
    r"\b(?:is|are|was|were) (?:said|believed|thought|reported|rumou?red|alleged|understood) to "
    r"(?P<verb>be|have)\b"
)
_ACCUSED = re.compile(
    r"\b(?:is|was|has been|been|stands|were|are) (?:accused|suspected) of (?P<verb>[a-z]+ing)\b"
)


def change_certainty(sentence: str, rng: Random) -> str | None:
    """Return `sentence` more certain or less certain than it was, or None."""
    if sentence.rstrip("'\"”’ ").endswith("?"):
        return None
    words = tokens(sentence)
    denied = _DENIED.search(sentence)
    stronger = [_plan_done, _may_to_will, _hearsay_dropped, _said_to_be, _accused_did, _will_done]
    rng.shuffle(stronger)
    for way in stronger:
        if new := way(sentence, rng):
            return new
    if denied or _PAST_TIME.search(sentence):
        return None  # "may take place in 1999"
    return _weaker(sentence, words, rng)


def _plan_done(sentence: str, rng: Random) -> str | None:
    """Plans to buy: bought."""
    del rng
    if _FUTURE.search(sentence):
        return _plan_will(sentence)
    for match in _PLAN.finditer(sentence):
        before = sentence[: match.start()].rstrip().lower()
        if before.endswith((" not", "n't", " to", " who", " will", " would", " may", " no", " 's")):
            continue
        if _NOUN_BEFORE.search(before):
            continue  # the plan to buy
        verb = match["verb"].lower()
        if verb == "be":
            rest = sentence[match.end() :]
            past = "were" if re.search(r"\b(?:are|were|plan|want|hope)\b", match.group()) else "was"
            if rest[:1] == " ":
                return swap(sentence, *match.span(), past)
            continue
        base = base_of(verb, Form.BASE)
        if base and (past_form := inflect(base, Form.PAST)):
            return swap(sentence, *match.span(), past_form)
    for match in _CONSIDERS.finditer(sentence):
        base = base_of(match["verb"], Form.ING)
        past_form = inflect(base, Form.PAST) if base else None
        if past_form:
            lead = " " if match.group()[0] == " " else ""
            return swap(sentence, *match.span(), lead + past_form)
    return None


def _plan_will(sentence: str) -> str | None:
    """Plans to buy next year: will buy next year."""
    for match in _PLAN.finditer(sentence):
        phrase = match.group().lower()
        if re.match(r"(?:is|are|was|were) ", phrase) or _NOUN_BEFORE.search(
            sentence[: match.start()]
        ):
            continue
        if base_of(match["verb"], Form.BASE) or match["verb"] == "be":
            return swap(sentence, *match.span(), f"will {match['verb']}")
    return None


def _may_to_will(sentence: str, rng: Random) -> str | None:
    """May be sold: will be sold; may have left: has left is left to the number of its subject."""
    for match in _MAY_BE.finditer(sentence):
        words = tokens(sentence)
        i = next((j for j, w in enumerate(words) if w.start == match.start()), -1)
        if (
            i < 1
            or is_hypothetical(sentence, words, i)
            or word_at(words, i + 1) in ("not", "never")
        ):
            continue
        j = after(words, i)
        follower = word_at(words, j)
        if follower == "have":
            base = base_of(word_at(words, after(words, j)), Form.PARTICIPLE)
            past = inflect(base, Form.PAST) if base else None
            k = after(words, j)
            if past and k == j + 1:
                return swap(sentence, words[i].start, words[k].end, past)
            continue
        if match.group() == "could" and rng.random() < 0.5 and follower == "be":
            return swap(sentence, words[i].start, words[i].end, "will")
        if follower == "be" or base_of(follower, Form.BASE):
            return swap(sentence, words[i].start, words[i].end, "will")
    return None


def _hearsay_dropped(sentence: str, rng: Random) -> str | None:
    """Reportedly sold: sold."""
    del rng
    match = _HEARSAY.search(sentence)
    if match is None:
        return None
    if (
        sentence[: match.start()].rstrip().lower().endswith((" an", " a"))
        and " " in match.group()[:-1]
    ):
        return None
    starts = match.start() == 0
    rest = sentence[match.end() :]
    if starts:
        return capital_first(rest)
    lead = sentence[: match.start()].rstrip()
    article = re.search(r"\b(an?)$", lead, re.I)
    if article:
        return swap(f"{lead} {rest}", len(lead) + 1, len(lead) + 1 + len(rest), rest)
    return f"{lead} {rest}" if rest[:1] not in ".,;:" else lead + rest


def _said_to_be(sentence: str, rng: Random) -> str | None:
    """Is said to be: is."""
    del rng
    match = _SAID_TO.search(sentence)
    if match is None:
        return None
    be = match.group().split()[0]
    if match["verb"] == "be":
        return swap(sentence, *match.span(), be)
    return swap(sentence, *match.span(), "has" if be in ("is", "was") else "have")


def _accused_did(sentence: str, rng: Random) -> str | None:
    """Is accused of stealing: stole."""
    del rng
    match = _ACCUSED.search(sentence)
    base = base_of(match["verb"], Form.ING) if match else None
    past = inflect(base, Form.PAST) if base else None
    return swap(sentence, *match.span(), past) if match and past else None


def _will_done(sentence: str, rng: Random) -> str | None:
    """Will open: opened; will be opened: has been opened is left to the number of its subject."""
    words = tokens(sentence)
    if _FUTURE.search(sentence) or _DENIED.search(sentence):
        return None
    for i in range(1, len(words) - 1):
        if words[i].text not in ("will", "would") or is_hypothetical(sentence, words, i):
            continue
        j = after(words, i)
        follower = word_at(words, j)
        if words[i].text == "would" and (
            "if" in sentence.lower().split() or follower in ("be", "have") or rng.random() < 0.3
        ):
            continue
        base = base_of(follower, Form.BASE)
        past = inflect(base, Form.PAST) if base else None
        if past and j == i + 1:
            return (
                swap(
                    sentence, words[i].start, words[j].end, "has already " + participle(base or "")
                )
                if _singular(words, i) and rng.random() < 0.4
                else swap(sentence, words[i].start, words[j].end, past)
            )
    return None


def _singular(words: list[Token], i: int) -> bool:
    return word_at(words, i - 1) in ("he", "she", "it")


def _weaker(sentence: str, words: list[Token], rng: Random) -> str | None:
    """Bought: may buy; was arrested: may be arrested; has sold: may sell."""
    ways = []
    for i in range(1, len(words) - 1):
        low = words[i].text
        if low not in ("was", "were", "has", "have", "is", "are"):
            continue
        if is_hypothetical(sentence, words, i) or word_at(words, i - 1) in AUXILIARIES:
            continue
        j = i + 1
        base = base_of(word_at(words, j), Form.PARTICIPLE)
        if low in ("was", "were", "is", "are") and base and _by_or_end(words, j):
            ways.append((i, j, f"{_modal(rng)} be {words[j].text}"))
        elif low in ("has", "have") and base and words[j].text != "been":
            ways.append((i, j, f"{_modal(rng)} {base}"))
        elif low in ("has", "have") and word_at(words, j) == "been" and j + 1 < len(words):
            if base_of(word_at(words, j + 1), Form.PARTICIPLE):
                ways.append((i, j, f"{_modal(rng)} be"))
    for verb in finite_verbs(sentence, words):
        if verb.past and verb.base not in ("say", "tell", "add", "go", "get"):
            if not is_hypothetical(sentence, words, verb.at):
                ways.append((verb.at, verb.at, f"{_modal(rng)} {verb.base}"))
    if not ways:
        return None
    start, end, new = ways[0] if rng.random() < 0.6 else rng.choice(ways)
    return tidy(swap(sentence, words[start].start, words[end].end, new))


def _by_or_end(words: list[Token], j: int) -> bool:
    """Tell whether a participle is one, and no adjective of state before "that" or "to"."""
    return word_at(words, j + 1) not in ("that", "to", "about")


def _modal(rng: Random) -> str:
    return rng.choice(("may", "may", "could", "might"))
