"""Tell the sentences' lines of a page from its headings and its furniture.

Furniture is what a saved page carries beside its article: share buttons, teasers for other
articles, captions, comment forms, copyright lines. It stays in the text, so that offsets hold,
but is never cut into sentences.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from enum import Enum, auto

from summarizer.read.clean import same_words

_MAX_HEADING_WORDS = 12
_MAX_QUESTION_WORDS = 8  # "What happens next?" over a paragraph is a heading
_MAX_FURNITURE_CHARS = 300  # longer lines are prose, whatever they begin with
_MIN_HEADLINE_SHARE = 0.7  # of the longer words capitalised: A Line in Title Case
_MIN_PROSE_WORDS = 5
_MIN_QUESTION_PROSE_WORDS = 15  # a teaser may ask too, but briefly

_MARKER = re.compile(r"(?:[-*•‣▪●◦·–—►▶☞»]|\(?\d{1,2}[.)])\s+")
_FINAL = re.compile(r"[.!?…。！？؟۔।][\"'”’»)\]」』）]*$")
_QUESTION = re.compile(r"[?!？！؟][\"'”’»)\]」』）]*$")
_TRUNCATED = re.compile(r"(?:\.\.\.|…)[\"'”’»)\]]*$")
_INNER_END = re.compile(r"[.!?][\"”’)]? [A-Z“\"]")
_WORD = re.compile(r"[^\W_][\w'’.-]*")


_DATE = (
    r"(?:\w{3,9},? )?(?:\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}|[a-z]{3,9}\.? \d{1,2},? \d{4}"
    r"|\d{1,2} [a-z]{3,9}\.?,? \d{4})"
)


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


# Each is matched against a whole line without its list marker.
_FURNITURE = _any_of(
    # buttons and menus
    r"(?:share|tweet|print|e-?mail|save|bookmark|copy link|like|listen|gift|flip|pin|whats ?app|"
    r"facebook|twitter|linkedin|reddit|telegram|x|menu|search|home|close|open|back to top)"
    r"(?: (?:to|with|on|in|via|this|the|an?|your|friends|article|story|post|page|link|news|now|"
    r"facebook|twitter|x|linkedin|reddit|whats ?app|telegram|e-?mail|feed|flipboard|pinterest))*"
    r"[:.!]?",
    r"(?:follow|find|join|like) us (?:on|at|@).{0,80}",
    r"skip to (?:main )?content.{0,40}|jump to\b.{0,40}",
    r"(?:previous|next) (?:article|post|story)\b.{0,150}",
    r"\d{1,3} min(?:ute)?s?(?: of)? read(?:ing)?(?: time)?|reading time\b.{0,30}",
    r"(?:click|tap|swipe) (?:here|to|on)\b.{0,150}|(?:download|get) (?:the|our) app\b.{0,80}",
    # comments
    r"(?:leave|post|add|write) (?:a|your) (?:comment|reply)\b.{0,60}|cancel reply",
    r"(?:view|show|read|load|see)(?: all)?(?: \d+)? comments?\b.{0,30}|\d+ comments?",
    r"(?:be the first to comment|join the (?:conversation|discussion))\b.{0,80}",
    r"your e-?mail address will not be published\b.{0,120}|required fields are marked.{0,10}",
    # teasers
    r"(?:see|read) (?:also|more|next)"
    r"(?: ?[:…»>–—].{0,280}| (?:about|on|from|here|in)\b.{0,150})?",
    r"(?:also|more|must|further|related)[- ](?:read|reading|on this|coverage|stor(?:y|ies)|"
    r"articles?|news|from (?:us|the web|our network))\b ?(?::.{0,280})?",
    r"related ?:.{0,280}|(?:don['’]t|do not) miss ?:.{0,280}|recommended ?:.{0,280}",
    r"continue reading\b.{0,80}|(?:the )?(?:story|article) continues below\b.{0,60}",
    # letters, accounts, money, consent
    r"(?:sign up|subscribe|register|log ?in|sign in)(?: (?:now|here|today|for free|to continue"
    r"(?: reading)?))?[.!]?",
    r"(?:sign up|subscribe|register)\b.{0,120}\b(?:newsletters?|inbox|alerts?|e-?mails?|updates|"
    r"podcast|channel|for (?:free|more)|trial)\b.{0,120}",
    r"(?:get|receive)\b.{0,80}\b(?:inbox|newsletters?)\b.{0,80}|(?:our )?newsletters?[.!:]?",
    r"already (?:a|have|an?)\b.{0,30}\b(?:subscriber|account|member)\b.{0,60}",
    r"(?:this (?:article|story|content) is )?(?:for|available to|reserved for) (?:paid )?"
    r"subscribers(?: only)?[.!]?",
    r"advertisements?|sponsored(?: content)?|promoted(?: content)?|paid (?:post|content)|ad",
    r"(?:we|this (?:web)?site|our (?:web)?site)(?: and (?:our|its) partners)? uses? cookies\b"
    r".{0,280}",
    r"by (?:continuing|using|clicking|browsing|signing)\b.{0,120}\byou\b.{0,40}\b"
    r"(?:agree|accept|consent)\b.{0,160}",
    r"(?:accept|reject|manage|allow)(?: all)? (?:cookies|preferences|settings)[.!]?",
    r"(?:(?:privacy|cookie) (?:policy|notice|settings|preferences)|terms (?:of|and) (?:use|service|"
    r"conditions))(?: ?(?:and|&|\||·|,|apply) ?.{0,60})?[.]?",
    # rights, credits, captions
    r"(?:©|\(c\)|copyright (?:©|\(c\)|\d{4}|by)).{0,280}|.{0,200}\ball rights reserved\b.{0,120}",
    r"(?:this material|this article) may not be (?:published|reproduced)\b.{0,200}",
    r"(?:image|photo|picture|illustration|graphic|video|screenshot|photograph|caption|file photo|"
    r"featured image)s?(?: (?:created|generated|made|taken|provided))?"
    r"(?: ?[:/|].{0,250}| (?:credits?|courtesy|source)\b.{0,200}"
    r"| (?:by|via) (?-i:[A-Z])[^.]{0,60}[.]?)",
    r".{0,200}[(|/—-] ?(?:getty images|ap photo|reuters photo|shutterstock|afp photo|istock|"
    r"unsplash|file photo)\b[^.]{0,60}\)?",
    r"\(?(?:additional )?(?:reporting|writing|compiled|translated|edited|editing|produced) by\b"
    r".{0,280}",
    r"(?:our standards|more info): .{0,160}",
    rf"(?:(?:first )?published|(?:last )?(?:updated|modified)|posted|created|date)"
    rf"(?: on| at)? ?:? ?(?:{_DATE}).{{0,30}}|(?:{_DATE})",
    r"by (?-i:[A-Z][\w.'’-]+(?: (?:[A-Z][\w.'’-]*|and|de|van|von|al|bin)){0,8})(?: ?[,|].{0,60})?",
)
# Over a block of teasers: every line below it that does not read as prose belongs to it.
_TEASER_HEADING = _any_of(
    r"(?:today['’]s )?(?:hot|top|our|editors?['’]?s?|staff|best) "
    r"(?:picks?|stories|news|headlines|reads?|choices?)(?: (?:today|now|of the (?:day|week)))?",
    r"(?:most|more|also|must|recommended|suggested|further)[- ](?:read|viewed|popular|shared|"
    r"commented|stories|articles|reading|news|videos?|headlines|coverage|from\b.{0,40}|in\b.{0,40}|"
    r"on\b.{0,40})"
    r"(?: (?:today|now|articles|stories|news|on .{1,30}|in .{1,30}|from .{1,30}))?",
    r"(?:related|recommended|popular|trending|latest|recent|similar|other)"
    r"(?: (?:articles?|stor(?:y|ies)|news|posts?|topics?|content|coverage|links?|headlines|"
    r"reads?|videos?|now|today|for you|searches))*",
    r"(?:see|read) (?:also|more|next)",
    r"you (?:may|might|could)(?: also)? (?:like|be interested in|enjoy)\b.{0,30}",
    r"(?:what to read next|in case you missed it|(?:don['’]t|do not) miss(?: these)?|up next|"
    r"tags|topics|people are reading|readers also\b.{0,20}|(?:from )?around the web|"
    r"sponsored links)",
)
# Below these come a form and the readers' own words.
_COMMENT_HEADING = _any_of(
    r"(?:leave|post|add|write) (?:a|your) (?:comment|reply)(?: .{0,40})?",
    r"(?:readers['’]? )?comments? ?(?:\(\d+\)|:)?|\d+ comments?",
    r"join the (?:conversation|discussion)",
)


class Line(Enum):
    """What a line of an article's text is."""

    PROSE = auto()
    HEADING = auto()
    FURNITURE = auto()
    EMPTY = auto()


def line_kinds(
    lines: Sequence[str], *, headings: Sequence[str] = (), asides: Sequence[str] = ()
) -> list[Line]:
    """Say of each of `lines` what it is; `headings` and `asides` are known from the markup."""
    known = {same_words(line): Line.HEADING for line in headings}
    known |= {same_words(line): Line.FURNITURE for line in asides}
    kinds = [_kind(line, known) for line in lines]
    _mark_teasers(lines, kinds)
    _mark_comments(lines, kinds)
    return kinds


def without_marker(line: str) -> str:
    """Return `line` without the bullet or number of a list item."""
    return line[_marker_length(line) :]


def is_furniture(line: str) -> bool:
    """Tell whether `line` by itself is no part of any article."""
    return len(line) <= _MAX_FURNITURE_CHARS and _FURNITURE.fullmatch(line) is not None


def reads_as_heading(line: str) -> bool:
    """Tell whether `line` by itself is a heading: no sentence end, short or capitalised."""
    words = _WORD.findall(line)
    if _QUESTION.search(line):
        return len(words) <= _MAX_QUESTION_WORDS
    if _FINAL.search(line):
        return False
    if _marker_length(line):  # an item of a list may do without a full stop
        return len(words) < _MIN_PROSE_WORDS or _in_title_case(words)
    return len(words) <= _MAX_HEADING_WORDS or _in_title_case(words)


def _kind(line: str, known: dict[str, Line]) -> Line:
    bare = without_marker(line)
    if not any(map(str.isalnum, bare)):
        return Line.EMPTY
    marked = known.get(same_words(line)) if known else None
    if marked:
        return marked
    if is_furniture(bare) or _is_label(bare, _TEASER_HEADING):
        return Line.FURNITURE
    return Line.HEADING if reads_as_heading(line) else Line.PROSE


def _mark_teasers(lines: Sequence[str], kinds: list[Line]) -> None:
    """Turn what stands under a teaser heading into furniture, until prose resumes."""
    inside = False
    for number, line in enumerate(lines):
        if kinds[number] is Line.EMPTY:
            continue
        if _is_label(without_marker(line), _TEASER_HEADING):
            inside = True
        elif inside and kinds[number] is Line.PROSE and _is_full_prose(line):
            inside = False
        if inside:
            kinds[number] = Line.FURNITURE


def _mark_comments(lines: Sequence[str], kinds: list[Line]) -> None:
    """Turn what stands under a comment heading in the second half into furniture."""
    labels = Counter(line[0].isdigit() for line in lines if _is_label(line, _COMMENT_HEADING))
    counters = labels[True] > 1  # "28 comments" again and again, under each teaser of a list
    half = sum(map(len, lines)) / 2
    before = 0
    for number, line in enumerate(lines):
        is_heading = _is_label(line, _COMMENT_HEADING) and not (counters and line[0].isdigit())
        if before >= half and is_heading:
            kinds[number:] = [
                kind if kind is Line.EMPTY else Line.FURNITURE for kind in kinds[number:]
            ]
            return
        before += len(line)


def _is_label(line: str, labels: re.Pattern[str]) -> bool:
    return len(line) <= 80 and labels.fullmatch(line.rstrip(" :»>▼…")) is not None


def _is_full_prose(line: str) -> bool:
    """Tell a paragraph from a teaser: no list item, and ends as sentences do."""
    words = len(_WORD.findall(line))
    if _marker_length(line) or not _FINAL.search(line):
        return False
    if _INNER_END.search(line) and words >= _MIN_QUESTION_PROSE_WORDS:
        return True
    if _TRUNCATED.search(line) or _QUESTION.search(line):
        return words >= 2 * _MIN_QUESTION_PROSE_WORDS
    return words >= _MIN_PROSE_WORDS


def _in_title_case(words: Sequence[str]) -> bool:
    long = [word for word in words if len(word) > 3]
    capitals = sum(word[0].isupper() or word[0].isdigit() for word in long)
    return bool(long) and capitals >= _MIN_HEADLINE_SHARE * len(long)


def _marker_length(line: str) -> int:
    found = _MARKER.match(line)
    return found.end() if found else 0
