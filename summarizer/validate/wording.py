"""Can a text be a claim at all: no instruction, no control tokens, no half sentence."""

from __future__ import annotations

import re

from summarizer.text.names import names
from summarizer.text.words import PAST_FORMS, tokens

_TOO_OFTEN = 3  # one sentence rarely says a full name so often

_CONTROL = re.compile(
    r"<\|[^|>\n]{1,40}\|>|<</?SYS>>|\[/?INST\]|</?s>|<(?:start|end)_of_turn>|<\|im_(?:start|end)\|>"
    r"|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_MACHINE = (
    r"(?:ai|a\.i\.|language model|llm|summari[sz]er|summari[sz]ation (?:tool|model|system)"
    r"|assistant|chatbot|model|chatgpt|gpt|bot)"
)
_OPENING = r"(?:^|[.!?:]\s+|[\"“]\s*)(?:please\s+)?"  # where an order begins
_ORDERS = r"(?:instruction|prompt|rule|guideline|direction|command|context|text)s?\b"
_INSTRUCTIONS = [
    re.compile(pattern, re.I)
    for pattern in (
        # ignore all of the above instructions
        r"\b(?:ignore|disregard|forget|override|bypass)\s+(?:\w+\s+){0,3}(?:previous|prior|above"
        rf"|earlier|preceding|foregoing|system|your)\s+(?:\w+\s+){{0,2}}{_ORDERS}",
        rf"{_OPENING}(?:ignore|disregard|forget|override)\s+(?:\w+\s+){{0,4}}{_ORDERS}",
        # note to AI assistants: ...
        r"\b(?:note|message|instruction|attention|notice|reminder)s?\s+(?:to|for)\s+"
        rf"(?:\w+\s+){{0,3}}{_MACHINE}s?\b(?:\s*[:,.!]|\s+(?:reading|processing|summari))",
        r"\b(?:dear|hey|attention,?)\s+(?:the\s+)?(?:ai|llm|language model|summari[sz]er|assistant"
        r"|chatbot|chatgpt)\b",
        r"\b(?:summari[sz]ers?|assistants?|language\s+models?|llms?|ais?|ai\s+(?:systems|tools"
        r"|models)|bots?)\s+(?:reading|processing|parsing|summari[sz]ing)\s+(?:this|the)\b",
        # as an AI language model, you are a helpful assistant
        r"\bas\s+an?\s+(?:ai\s+)?(?:language model|ai(?:\s+assistant)?)\s*,",
        rf"\byou\s+are\s+(?:now\s+)?(?:an?|the)\s+(?:helpful\s+|ai\s+)*{_MACHINE}\b",
        r"\byou\s+(?:must|should|will|are\s+to|have\s+to|need\s+to)\s+(?:now\s+)?(?:\w+\s+){0,2}"
        r"(?:summari[sz]e|summary|respond|output|write\s+(?:only|that)|answer\s+(?:only|with)"
        r"|disregard|obey|pretend)\b",
        # write in your summary that ...
        rf"{_OPENING}(?:now\s+)?(?:always\s+|only\s+)?(?:write|say|state|output|print|respond|reply"
        r"|answer|include|add|report|mention|summari[sz]e)\b[^.!?]{0,60}\b(?:summary|brief"
        r"|this article|instead|verbatim|the following|headline"
        r"|your (?:answer|response|output|reply|claims?))\b",
        r"\b(?:begin|end|start)\s+your\s+(?:answer|response|output|reply|summary)\b",
        r"\b(?:reveal|print|show|repeat|leak)\s+your\s+(?:system|hidden|developer)?\s*prompt\b",
    )
]


def instruction(text: str) -> str | None:
    """Return what in `text` speaks to the machine that reads it, or None."""
    for pattern in (_CONTROL, *_INSTRUCTIONS):
        if match := pattern.search(text):
            return _shown(match.group())
    return None


def _shown(text: str) -> str:
    """Return `text` on one line, each character that cannot be seen by its number: U+202E."""
    line = " ".join(text.split()) or text
    return "".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in line)


# A claim that ends in one of these was cut off.
_OPEN_ENDS = frozenset(
    """
    a an the and or but nor of to for with at by from into onto than that which who whose whom
    as if because while although though unless until its their his my our your including such
    between among amid via per is are was were be been has have had will would shall should
    could may might must can not wants intends expects able unable
    according due mr mrs ms dr when where whether however about against during without within
    """.split()
)
_AUXILIARY = frozenset(
    """
    is are was were be been am has have had does do did will would shall should can could may
    might must won't isn't aren't wasn't weren't hasn't haven't hadn't doesn't don't didn't
    wouldn't can't couldn't it's that's there's he's she's they're we're i'm i've we've they've
    """.split()
)
# Verbs that show no ending: pasts, and base forms as plural subjects take them.
_BARE_VERBS = PAST_FORMS | frozenset(
    """
    beat burst cost cut hit hurt let put quit read set shut spread split
    agree say go see get make take come know show want plan need expect begin remain include become
    feel hope pray believe call face help hold keep live love move pay play rely sell work cherish
    """.split()
)


def incomplete(text: str, *, verbatim: bool = False) -> str | None:
    """Return why `text` is no whole sentence, or None.

    One that stands in the article word for word was not cut off by anyone; it only has to be
    more than a heading or an introduction that ends in a colon.
    """
    stripped = text.strip().rstrip("\"'”’)»")
    words = tokens(stripped)
    if len(words) < 2:
        return "fewer than two words"
    if verbatim:
        if stripped.endswith(":"):
            return "it ends in ':'"
        return None if any(_verb_like(word.text) for word in words) else "it has no verb"
    if stripped.endswith((",.", ";.", ":.")):
        return f"it breaks off at {stripped[-2:]!r}"
    if stripped.endswith((",", ";", ":", "-", "–", "—", "…", "...", "(", "/")):
        return f"it breaks off at {stripped[-1]!r}"
    last = words[-1].text.lower()
    if last in _OPEN_ENDS and words[-1].text.islower() and not _may_end(words[-1].text, stripped):
        return f"it breaks off at {last!r}"
    if last.endswith(("'s", "’s")) and not stripped.endswith((".", "!", "?")):
        return f"it breaks off at {words[-1].text!r}"
    if text.count("(") > text.count(")") or text.count("“") > text.count("”"):
        return "a bracket or quotation is not closed"
    if not any(_verb_like(word.text) for word in words):
        return "it has no verb"
    return None


def rambling(text: str) -> str | None:
    """Return why `text` goes round in circles, or None: small models repeat themselves."""
    spoken = [name.text for name in names(text) if len(name.words) > 1]
    often = [name for name in dict.fromkeys(spoken) if spoken.count(name) >= _TOO_OFTEN]
    return f"it says {often[0]} {spoken.count(often[0])} times" if often else None


def repeats(text: str) -> str | None:
    """Return why a claim of several sentences says too little, or None: it says one twice."""
    said = [" ".join(part.lower().split()).strip(" .,;!?\"'”’") for part in parts(text)]
    again = [part for i, part in enumerate(said) if part in said[:i]]
    return "it says a sentence twice" if again else None


def _may_end(word: str, text: str) -> bool:
    """Particles, auxiliaries and "that" may end a sentence that was closed with a stop."""
    return (
        text.endswith((".", "!", "?"))
        and word.lower()
        in (
            "in on is are was were be been has have had do did "
            "will would can could should not that due within without able unable when where"
        ).split()
    )


def _verb_like(word: str) -> bool:
    low = word.lower().replace("’", "'")
    if low in _AUXILIARY or low in _BARE_VERBS or low.endswith(("n't", "'s", "'re", "'ve", "'ll")):
        return True
    return len(low) > 3 and low.endswith(("ed", "s", "ing", "en"))


_PART_END = re.compile(
    r"(?<=[^\s.][a-z\d%)\]][.!?])(?<!\b(?:Mr|Ms|Dr|St|Jr|Sr|Co|No|vs)\.)"
    r"(?<!\b(?:Mrs|Sen|Rep|Gov|Gen|Inc|Ltd|Rev|Col|Sgt|Lt\w|Jan|Feb|Aug|Oct|Nov|Dec)\.)"
    r"(?<!\b(?:Corp|Prof|Capt|Sept)\.)[\"'”’)]*\s+(?=[\"'“‘(]*[^\W_])"
    r"|(?<=\s[.!?])\s+(?=\S)"
)
_MIN_PART = 3  # words; less is an abbreviation's end, or says nothing alone


def parts(text: str) -> list[str]:
    """Cut a claim of several sentences into them: each has to be borne out by itself."""
    found: list[str] = []
    start = 0
    last_words = tokens(text)[-_MIN_PART:]
    for match in _PART_END.finditer(text):
        if len(last_words) < _MIN_PART or match.end() > last_words[0].start:
            break
        piece = text[start : match.start()]
        if len(tokens(piece)) >= _MIN_PART:
            found.append(piece.strip())
            start = match.end()
    return [*found, text[start:].strip()]
