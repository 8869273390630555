"""Fill the prompt files: our words are trusted text, an article's never are."""

from __future__ import annotations

import re
from functools import lru_cache

from summarizer.assets import asset
from summarizer.model.interface import Segment
from summarizer.text.words import content_stems

EXTRACT_VERSION = "extract_claims.v2"
SHORTEN_VERSION = "shorten_sentence.v1"

_SLOT = re.compile(r"\{\{(\w+)\}\}")
_LABEL = re.compile(r"^\w+: ", re.MULTILINE)  # "Sentence: ", "Short: "
_EXAMPLE = re.compile(r"\{\{#example\}\}\n(.*?)\{\{/example\}\}\n", re.DOTALL)


def fill(version: str, **values: str | int) -> tuple[Segment, ...]:
    """Return the prompt file `version` with its {{slots}} filled.

    Strings are untrusted (an article's) text and keep to their own segments; integers are ours.

    Raises:
        KeyError: a slot of the file has no value.
    """
    segments: list[Segment] = []
    ours = ""
    at = 0
    text = _read(version)
    text = _EXAMPLE.sub(r"\1", text)
    for slot in _SLOT.finditer(text):
        ours += text[at : slot.start()]
        at = slot.end()
        value = values[slot[1]]
        if isinstance(value, int):
            ours += str(value)
        else:
            segments += [Segment(text=ours, trusted=True), Segment(text=value)]
            ours = ""
    segments.append(Segment(text=(ours + text[at:]).rstrip(), trusted=True))
    return tuple(segments)


@lru_cache(maxsize=8)
def example_stems(version: str) -> frozenset[str]:
    """Return the content words of the worked example in prompt file `version`, as stems."""
    return frozenset(
        stem
        for block in _EXAMPLE.findall(_read(version))
        for stem in content_stems(_LABEL.sub("", block))
    )


@lru_cache(maxsize=8)
def _read(version: str) -> str:
    return (asset("prompts") / f"{version}.txt").read_text("utf-8")
