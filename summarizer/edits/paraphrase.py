"""The same thing said in other words."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from summarizer.edits.equal_words import (
    CONTRACTIONS,
    MOTIONS,
    PHRASES,
    SPELLINGS,
    VERBS,
    WORDS,
)
from summarizer.edits.formats import hedged_number, other_date_format, other_number_format
from summarizer.edits.pool import PEOPLE, known_names
from summarizer.edits.shaping import capital_first, like_case, lower_first, swap, tidy, word_at
from summarizer.edits.verbs import Form, inflect, readings
from summarizer.edits.voice import other_voice
from summarizer.text.dates import dates
from summarizer.text.names import names
from summarizer.text.words import Token, tokens


def _pairs(table: str, mark: str = " ") -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for pair in table.replace("\n", "").split("|"):
        one, two = pair.split(mark)
        found.setdefault(one, []).append(two.replace("_", " "))
    return found


_VERBS = _pairs(VERBS)
_MOTIONS = _pairs(MOTIONS)
_WORDS = _pairs(WORDS)
_PHRASES = _pairs(PHRASES, ">")
_CONTRACTIONS = _pairs(CONTRACTIONS, ">")
_EXPANSIONS = {short: long for long, (short,) in _CONTRACTIONS.items() if "n't" in short}
_SPELLINGS: dict[str, str] = {}
for _pair in SPELLINGS.replace("\n", "").split("|"):
    _one, _two = _pair.split()
    _SPELLINGS[_one], _SPELLINGS[_two] = _two, _one
_PHRASE_AT = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, _PHRASES))})(?![\w-])")
_CONTRACTION_AT = re.compile(rf"\b(?:{'|'.join(map(re.escape, _CONTRACTIONS))})\b")
_EXPANSION_AT = re.compile(rf"\b(?:{'|'.join(_EXPANSIONS)})\b")
_SPEAKER = r"(?P<who>he|she|they|(?:the |a )?[A-Za-z][\w.'’-]*(?: [A-Z][\w.'’-]*| [a-z]+){0,4})"
_SAID_LAST = re.compile(
    rf"^(?P<what>[^\"“”]+), {_SPEAKER} (?P<verb>said|says|added|announced)(?P<end>\.?)$"
)
_SAID_FIRST = re.compile(
    r"^(?P<who>[^,\"“”]{2,60}?) (?P<verb>said|announced|added)(?P<that> that)? (?P<what>[^\"“”]+)$"
)
_LEADING = re.compile(
    r"^(?P<when>(?:On|In|During|At|Since|By|Last|Earlier|Late|Early)\b[^,]{2,45}), "
    r"(?P<rest>[^\"“”]+?)(?P<end>\.?)$"
)
_ACCORDING = re.compile(r"^According to (?P<who>[^,]{2,60}), (?P<rest>[^\"“”]+?)(?P<end>\.?)$")
_ACCORDING_LAST = re.compile(
    r"^(?P<rest>[^\"“”]+?),? according to (?P<who>[^,]{2,60}?)(?P<end>\.?)$"
)
_SUBORDINATE = frozenset(
    "after when while before that if who which because as until although".split()
)

_Way = Callable[[str, Random], str | None]


def paraphrase(sentence: str, rng: Random) -> str | None:
    """Return `sentence` said in one to three other ways, or None where none is sure."""
    ways = list(_WAYS)
    rng.shuffle(ways)
    wanted = rng.choice((1, 2, 2, 3))
    text, done = sentence, 0
    for way in ways:
        new = way(text, rng)
        if new and new != text:
            text, done = tidy(new), done + 1
        if done == wanted:
            break
    return text if done and text != sentence else None


def _spared(sentence: str) -> list[tuple[int, int]]:
    """Where no word may be exchanged: in names and in quoted speech."""
    spans = [(n.start, n.end) for n in names(sentence)]
    spans += [
        m.span() for m in re.finditer(r"[\"“][^\"“”]*[\"”]|(?<!\w)[‘'][^‘’']*[’'](?!\w)", sentence)
    ]
    return spans


def _other_words(sentence: str, rng: Random) -> str | None:
    """Exchange one or two words for equal ones."""
    spared = _spared(sentence)
    words = tokens(sentence)
    options: list[tuple[int, int, str]] = []
    for i, word in enumerate(words):
        beside_hyphen = "-" in (
            sentence[word.end : word.end + 1],
            sentence[word.start - 1 : word.start],
        )
        if word.text[0].isupper() and i:
            continue  # Major League
        if beside_hyphen or any(s < word.end and word.start < e for s, e in spared):
            continue
        new = [*_WORDS.get(word.text.lower(), []), *_equal_verbs(sentence, i)]
        low = word.text.lower()
        if low == "around" and not sentence[word.end : word.end + 2].strip().isdigit():
            continue
        options += [(word.start, word.end, like_case(each, word.text)) for each in new]
    if not options:
        return None
    for start, end, new_word in sorted(
        rng.sample(options, min(len(options), rng.choice((1, 1, 2)))), reverse=True
    )[:1]:
        sentence = swap(sentence, start, end, new_word)
    return sentence


# After these a word is a noun: a buy, its start.
_BEFORE_NOUN = frozenset("a an the of its his her their this no more".split())
# Before what a form must stand to be surely a verb; pasts and participles may follow anything.
_BEFORE_FORM = {
    Form.BASE: frozenset("to will would could can may not must should".split()),
    Form.THIRD: frozenset("he she it who which".split()),
    Form.ING: frozenset("is are was were been by of for".split()),
}
_PARTICLES = frozenset("up down out off on over away back into in".split())
_WITH_TO = frozenset("start begin attempt vow pledge".split())


def _equal_verbs(sentence: str, i: int) -> list[str]:
    """The verbs that can stand for the one at `i`, in its form; none where it may be no verb."""
    words = tokens(sentence)
    low, before, following = (word_at(words, j) for j in (i, i - 1, i + 1))
    if i == 0 or before in _BEFORE_NOUN or following in _PARTICLES:
        return []
    found: list[str] = []
    for base, form in readings(low):
        if form is Form.PAST and (base, Form.PARTICIPLE) in readings(low):
            continue  # one word: its reading as a participle will do for both
        if form in _BEFORE_FORM and before not in _BEFORE_FORM[form]:
            continue
        for other in _equals(words, i, base):
            if new := inflect(other, _past_or_participle(form, base, words, i)):
                found.append(new)
    return found


def _equals(words: list[Token], i: int, base: str) -> list[str]:
    """The bases that equal `base` before what follows it: rose by 3%, but rose to fame."""
    following = word_at(words, i + 1)
    to_number = following in ("by", "to") and word_at(words, i + 2)[:1].isdigit()
    if following[:1].isdigit() or to_number:
        return _MOTIONS.get(base, []) or ([] if to_number else _VERBS.get(base, []))
    if following == "to":
        return _VERBS.get(base, []) if base in _WITH_TO else []
    return [] if base == "attempt" else _VERBS.get(base, [])


def _past_or_participle(form: Form, base: str, words: list[Token], i: int) -> Form:
    if form is Form.PARTICIPLE and inflect(base, Form.PAST) == inflect(base, form):
        near = {word_at(words, j) for j in range(max(0, i - 3), i)}
        aux = near & set("has have had been be was were is are being".split())
        by = word_at(words, i + 1) == "by" and not word_at(words, i + 2)[:1].isdigit()
        return form if aux or by else Form.PAST
    return form


def _other_phrase(sentence: str, rng: Random) -> str | None:
    spared = [s for s in _spared(sentence) if s[1] - s[0] > 25]
    found = [
        m for m in _PHRASE_AT.finditer(sentence) if not any(s <= m.start() < e for s, e in spared)
    ]
    if not found:
        return None
    match = rng.choice(found)
    return swap(sentence, *match.span(), rng.choice(_PHRASES[match.group()]))


def _more_than(sentence: str, rng: Random) -> str | None:
    """More than 300: over 300."""
    del rng
    if match := re.search(r"\bmore than (?=[$£€]?\d)", sentence, re.I):
        return swap(sentence, *match.span(), like_case("over ", match.group()))
    if match := re.search(
        r"\bover (?=[$£€]?\d[\d,.]*(?:%| (?:million|billion|people|percent)))", sentence, re.I
    ):
        return swap(sentence, *match.span(), like_case("more than ", match.group()))
    return None


def _contraction(sentence: str, rng: Random) -> str | None:
    del rng
    if match := _EXPANSION_AT.search(sentence):
        return swap(sentence, *match.span(), _EXPANSIONS[match.group()])
    if match := _CONTRACTION_AT.search(sentence):
        return swap(sentence, *match.span(), _CONTRACTIONS[match.group()][0])
    return None


def _spelling(sentence: str, rng: Random) -> str | None:
    del rng
    for token in reversed(tokens(sentence)):
        if token.text in _SPELLINGS:
            return swap(sentence, token.start, token.end, _SPELLINGS[token.text])
    return None


def _said(sentence: str, rng: Random) -> str | None:
    """The dam broke, she said: she said that the dam broke; and that left out or put in."""
    if match := _SAID_LAST.match(sentence):
        that = rng.choice((" that", ""))
        what = lower_first(match["what"])
        who = capital_first(match["who"])
        if match["what"].startswith(("But ", "And ")) or match["what"].endswith((",", "?")):
            return None
        return f"{who} {match['verb']}{that} {what}{match['end']}"
    match = _SAID_FIRST.match(sentence)
    if match is None or match["verb"] == "added":
        return None
    if match["that"]:
        return sentence[: match.start("that")] + sentence[match.end("that") :]
    first = tokens(match["what"])[:1]
    if first and first[0].text.lower() in ("he", "she", "it", "they", "the", "there", "we"):
        return f"{match['who']} {match['verb']} that {match['what']}"
    return None


def _leading_to_end(sentence: str, rng: Random) -> str | None:
    """On Monday, the dam broke: the dam broke on Monday."""
    del rng
    match = _LEADING.match(sentence)
    if match is None:
        return None
    mentions = dates(match["when"])
    covered = sum(d.end - d.start for d in mentions)
    rest_words = {w.text.lower() for w in tokens(match["rest"])}
    if not mentions or len(match["when"]) - covered > 8 or rest_words & _SUBORDINATE:
        return None
    if "," in match["rest"] or " and " in match["rest"] or dates(match["rest"]):
        return None
    when = match["when"]
    when = (
        when[0].lower() + when[1:]
        if mentions[0].start > 0 or when[:4] in ("Last", "Late", "Earl")
        else when
    )
    return f"{capital_first(match['rest'])} {when}{match['end']}"


def _according(sentence: str, rng: Random) -> str | None:
    del rng
    if match := _ACCORDING.match(sentence):
        return f"{capital_first(match['rest'])}, according to {match['who']}{match['end']}"
    if (match := _ACCORDING_LAST.match(sentence)) and "," not in match["rest"]:
        return f"According to {match['who']}, {lower_first(match['rest'])}{match['end']}"
    return None


def _shorter_name(sentence: str, rng: Random) -> str | None:
    """Jane Smith: Smith."""
    del rng
    found = known_names(sentence)
    for known in found:
        words = known.text.split()
        if known.kind not in PEOPLE or len(words) not in (2, 3) or len(words[-1]) < 3:
            continue
        if sum(words[-1] in other.text for other in found) > 1 or not words[-1].isalpha():
            continue
        return swap(sentence, known.name.start, known.name.end, words[-1])
    return None


_WAYS: tuple[_Way, ...] = (
    _other_words, _other_words, _other_phrase, _more_than, _contraction, _spelling, _said,
    _leading_to_end,
    _according, _shorter_name, other_number_format, other_date_format, hedged_number, other_voice,
)  # fmt: skip
