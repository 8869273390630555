"""Posts that one person holds at a time, and where two articles give one to two people.

"Brelo CEO Ana Tarn", "Ana Tarn, Brelo's chief executive", "the mayor of Orvin, Ana Tarn". Posts
that are held by many (director, senator, spokesman) and lesser or other holders (former, acting,
new, deputy) are left out. So is a post whose other holder a text names anywhere: it knows of both.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from summarizer.merge.sentences.cast import Cast, NameKind, key_of, spelled_alike
from summarizer.merge.sentences.named import NamedSentence
from summarizer.text.names import Name, names
from summarizer.text.words import stem

_POSTS = """
chief executive|ceo|chief executive officer
chief financial officer|cfo|finance chief
chief operating officer|coo
chief technology officer|cto
chairman|chairwoman|chairperson
president
prime minister|premier
chancellor
governor
mayor
foreign minister|foreign secretary
finance minister
interior minister|home secretary
defence minister|defense minister|defence secretary|defense secretary
health minister|health secretary
attorney general
police chief|chief of police|police commissioner|chief constable
fire chief
sheriff
head coach
editor in chief|editor-in-chief
archbishop
press secretary
secretary of state
treasury secretary
national security adviser|national security advisor
speaker
majority leader
minority leader
chief of staff
chief justice
surgeon general
superintendent
district attorney
"""
_POST_OF = {
    tuple(form.replace("-", " ").split()): line.split("|")[0]
    for line in _POSTS.strip().splitlines()
    for form in line.split("|")
}
_FIRST_WORDS = frozenset(form[0] for form in _POST_OF)
_LONGEST = 3  # words
_LESSER = frozenset(
    """
    former ex acting interim new incoming outgoing deputy vice assistant then elect past previous
    late ousted departing retiring next future honorary emeritus onetime one-time co associate
    candidate would-be first second regional local junior successor predecessor retired
    """.split()
)
_OF_NAMES = frozenset("new first second late junior".split())  # New York
_SPANS = frozenset("from until between during under since in".split())  # president from 2000
_ALSO = frozenset("founder cofounder owner chairman president executive ceo".split())
# What stands before a post and is no body: "Republican governor Ana Tarn".
_NO_BODY = frozenset(
    """
    republican democrat democratic gop conservative labour tory liberal independent socialist black
    white african african-american european muslim christian jewish catholic longtime billionaire
    """.split()
)
_MOST_HOLDERS = 2  # a post with more holders is one of many
# A sentence on a change of holders tells of a post at more than one time.
_SUCCESSION = frozenset(
    stem(w)
    for w in """
    replace succeed successor predecessor appoint resign nominate nominee pick choice elect sworn
    minted installed named designate oust fire retire quit step until
    """.split()
)
_AROUND = 4  # words before a post in which it may be made lesser


class Post(NamedTuple):
    """A sentence that names the holder of a post: `post` and the words of its `body`."""

    post: str
    body: tuple[str, ...]
    holder: Name
    sentence: NamedSentence


def may_tell(words: set[str]) -> bool:
    """Tell, by its words alone, whether a sentence can give a post to somebody."""
    return not words.isdisjoint(_FIRST_WORDS)


def posts(sentence: NamedSentence) -> Iterator[Post]:
    """Return the posts that the sentence gives to people."""
    i = 0
    changes: bool | None = None
    while i < len(sentence.words):
        size = _post_at(sentence, i)
        if size and not _is_lesser(sentence, i, i + size):
            if changes is None:
                changes = any(stem(w.text) in _SUCCESSION for w in sentence.words)
            if not changes:
                yield from _read(sentence, i, i + size)
        i += max(1, size)


def _post_at(sentence: NamedSentence, i: int) -> int:
    """Return how many words from `i` make a post; 0 for none."""
    if sentence.low(i).split("-")[0] not in _FIRST_WORDS:
        return 0
    for size in range(_LONGEST, 0, -1):
        form = _parts(sentence, i, i + size)
        if form in _POST_OF and all(sentence.gap(j) in (" ", "-") for j in range(i + 1, i + size)):
            return size
    return 0


def _is_lesser(sentence: NamedSentence, start: int, end: int) -> bool:
    if sentence.gap(end) in (" ", "-") and sentence.low(end) in _LESSER | _SPANS:
        return True
    return any(
        sentence.low(i) in _LESSER and not (sentence.low(i) in _OF_NAMES and sentence.name_at(i))
        for i in range(max(0, start - _AROUND), start)
    )


def _read(sentence: NamedSentence, start: int, end: int) -> Iterator[Post]:
    body, first = _body_before(sentence, start)
    if body:
        named = [_name_from(sentence, end, (" ", ", ")), _name_ending(sentence, first)]
    else:
        body, beyond = _body_after(sentence, end)
        named = [_name_from(sentence, beyond, (", ",)), _name_ending(sentence, start)]
        if not body:
            named = [_name_from(sentence, end, (" ",))]
            body = _home_of(sentence.name_at(end))
    held = [name for name in named if name is not None]
    if body and body[-1] not in _NO_BODY and len(held) == 1 and len(key_of(held[0])) > 1:
        yield Post(_POST_OF[_parts(sentence, start, end)], body, held[0], sentence)


@lru_cache(maxsize=4096)
def _names_in(part: str) -> tuple[Name, ...]:
    """Return the names in a part of a name."""
    return tuple(names(part))


def _home_of(name: Name | None) -> tuple[str, ...]:
    """Return the body of "Prime Minister Ana Tarn of Orvin"."""
    parts = name.text.split(" of ") if name is not None else []
    found = _names_in(parts[1]) if len(parts) == 2 else ()
    return key_of(found[0]) if found else ()


def _parts(sentence: NamedSentence, start: int, end: int) -> tuple[str, ...]:
    return tuple(
        part for j in range(start, end) for part in sentence.low(j).replace("-", " ").split()
    )


def _body_before(sentence: NamedSentence, start: int) -> tuple[tuple[str, ...], int]:
    """Return the body right before a post and its first word: "Brelo's", "Brelo founder and"."""
    i = start
    if sentence.low(i - 1) == "and" and sentence.low(i - 2).removeprefix("co-") in _ALSO:
        i -= 2
        i -= sentence.low(i - 1) in ("co", "chief")
    if sentence.gap(i) == ") ":  # Brelo Inc (NYSE:BRX) CEO
        inside = range(i - 1, max(0, i - 1 - _AROUND), -1)
        i = next((j for j in inside if sentence.gap(j) == " ("), 0)
    name = sentence.name_at(i - 1)
    if name is None or sentence.gap(i) not in (" ", ". ", " ("):
        return (), start
    inner = _names_in(sentence.text[name.start : sentence.words[i - 1].end])
    return (key_of(inner[-1]) if inner else ()), sentence.first(name)


def _body_after(sentence: NamedSentence, end: int) -> tuple[tuple[str, ...], int]:
    """Return the body of "… of the X", and the index of the word after it."""
    if sentence.low(end) not in ("of", "at"):
        return (), end
    i = end + 1 + (sentence.low(end + 1) == "the")
    name = sentence.name_at(i)
    if name is None or sentence.possessive(name) or sentence.first(name) != i:
        return (), end
    after = sentence.after(name)
    return (key_of(name) if sentence.gap(after) != "-" else ()), after


def _name_from(sentence: NamedSentence, i: int, gaps: tuple[str, ...]) -> Name | None:
    """Return the name, or the rest of the name, that begins at word `i` after one of `gaps`."""
    name = sentence.name_at(i)
    gap = sentence.gap(i)
    if name is None or gap not in gaps or (gap == ", " and sentence.possessive(name)):
        return None
    start = sentence.words[i].start
    rest = _names_in(sentence.text[start : name.end])
    if not rest or rest[0].start:
        return None
    return _person(rest[0]._replace(start=start, end=start + rest[0].end))


def _person(name: Name) -> Name:
    """Return the name without where its bearer comes from: "Ana Tarn of Orvin"."""
    own = name.text.split(" of ")[0]
    found = _names_in(own)
    if own == name.text or not found:
        return name
    return Name(own, found[0].words, name.start, name.start + len(own))


def _name_ending(sentence: NamedSentence, start: int) -> Name | None:
    """Return the name before ", the" and word `start`."""
    i = start - (sentence.low(start - 1) in ("the", "its", "a"))
    name = sentence.name_at(i - 1)
    return _person(name) if name is not None and sentence.gap(i) == ", " else None


def rival_posts(found: list[Post], cast: Cast) -> Iterator[tuple[Post, Post]]:
    """Return the clearest two sentences that give one post of one body to two people.

    `found` are the posts of one kind and body in one storyline.
    """
    groups: dict[str, list[Post]] = {}
    for post in sorted(found, key=_clearness):
        groups.setdefault(key_of(post.holder)[-1], []).append(post)
    if len(groups) > _MOST_HOLDERS:
        return
    for a, b in combinations(groups.values(), 2):
        told_by = [{post.sentence.article for post in group} for group in (a, b)]
        if not _are_rivals(a[0].holder, b[0].holder, cast):
            continue
        if cast.are_named(b[0].holder, told_by[0]) or cast.are_named(a[0].holder, told_by[1]):
            continue  # it knows of both: one followed the other, or holds another such post
        if cast.same_time(a[0].sentence, b[0].sentence):
            yield a[0], b[0]


def _clearness(post: Post) -> tuple[int, str]:
    return len(post.sentence.text), post.sentence.text


def _are_rivals(a: Name, b: Name, cast: Cast) -> bool:
    one, two = key_of(a), key_of(b)
    if set(one) & set(two) or spelled_alike(one[-1], two[-1]):
        return False
    return NameKind.ORGANISATION not in (cast.kind(a), cast.kind(b))
