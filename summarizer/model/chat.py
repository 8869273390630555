"""Put a prompt into the chat template of a GGUF file, articles' text kept out of the template."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NoReturn

import jinja2
from jinja2 import nodes
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from summarizer.errors import ModelFileError
from summarizer.model.interface import Segment

# What strftime_now() tells a template. Llama 3.1 and later write the date into a system message:
# with the real one a prompt, and so the answer, would change with the calendar. It is the date
# that those templates themselves fall back to.
TEMPLATE_DATE = dt.datetime(2024, 7, 26, tzinfo=dt.UTC)

_HINT = "Use an instruct model whose GGUF file carries its chat template."


def render_chat(
    template: str, segments: Sequence[Segment], *, bos: str, eos: str
) -> tuple[Segment, ...]:
    """Return the text of one user turn and of the start of the answer, as the template has it.

    What the template wrote is trusted and may hold control tokens. Untrusted segments come back
    unchanged and untrusted: the template sees a placeholder in their stead, so neither Jinja
    code nor control tokens in an article reach it. Neighbours of one kind are joined.

    Args:
        template: the Jinja source in `tokenizer.chat_template`.
        segments: the user's message, in order.
        bos: text of the model's BOS token; "" where it has none.
        eos: text of its EOS token; "" where it has none.

    Raises:
        ModelFileError: there is no template, it fails, or it changes or drops the message.

    Source: the environment is that of transformers' chat_template_utils.py.
    """
    if not template.strip():
        raise ModelFileError("the model file has no chat template", hint=_HINT)
    mark = _mark(template, segments)
    stand_ins = {
        f"{mark}{index}x": segment for index, segment in enumerate(segments) if not segment.trusted
    }
    held = iter(stand_ins)
    message = "".join(s.text if s.trusted else next(held) for s in segments)
    rendered = _render(template, message, bos, eos)
    return tuple(_join(_cut(rendered, stand_ins)))


def _mark(template: str, segments: Sequence[Segment]) -> str:
    """Return letters and digits that stand in none of the texts.

    The hash covers everything, so no article can hold the mark of its own prompt, and the same
    input gives the same mark. Letters and digits survive any stripping or escaping.
    """
    digest = hashlib.sha256(template.encode("utf-8", "surrogatepass"))
    for segment in segments:
        text = segment.text.encode("utf-8", "surrogatepass")
        digest.update(b"%d %d " % (segment.trusted, len(text)) + text)
    return f"untrusted{digest.hexdigest()}n"


def _cut(rendered: str, stand_ins: dict[str, Segment]) -> Iterator[Segment]:
    rest = rendered
    for stand_in, segment in stand_ins.items():
        before, found, rest = rest.partition(stand_in)
        if not found or stand_in in rest:
            raise ModelFileError("the chat template drops, repeats or reorders the message")
        yield Segment(text=before, trusted=True)
        yield segment
    yield Segment(text=rest, trusted=True)


def _join(segments: Iterator[Segment]) -> Iterator[Segment]:
    filled = (segment for segment in segments if segment.text)
    for trusted, group in groupby(filled, key=lambda segment: segment.trusted):
        yield Segment(text="".join(segment.text for segment in group), trusted=trusted)


def _render(template: str, message: str, bos: str, eos: str) -> str:
    try:
        return (
            _environment()
            .from_string(template)
            .render(
                messages=[{"role": "user", "content": message}],
                add_generation_prompt=True,
                bos_token=bos,
                eos_token=eos,
                # As transformers gives them, for templates that ask `is none`.
                tools=None,
                documents=None,
                # The grammar leaves no room to think aloud.
                enable_thinking=False,
            )
        )
    except (
        jinja2.TemplateError,
        TypeError,
        ValueError,
        LookupError,
        ArithmeticError,
        AttributeError,
        RecursionError,
    ) as exc:
        reason = str(exc) or type(exc).__name__
        raise ModelFileError(f"the model file's chat template fails: {reason}", hint=_HINT) from exc


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, loopcontrols]
    )
    environment.filters["tojson"] = _tojson
    environment.globals["raise_exception"] = _raise_exception
    environment.globals["strftime_now"] = TEMPLATE_DATE.strftime
    return environment


class _Generation(Extension):
    """`{% generation %}` marks what a model wrote, for training; here it does nothing."""

    tags = {"generation"}

    def parse(self, parser: Parser) -> list[nodes.Node]:
        """Return what stands inside the tag."""
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


def _raise_exception(message: str) -> NoReturn:
    raise jinja2.TemplateError(message)


def _tojson(
    value: Any,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    # Jinja's own escapes < > & ' for HTML, which would break a template's tags.
    return json.dumps(
        value,
        ensure_ascii=ensure_ascii,
        indent=indent,
        separators=separators,
        sort_keys=sort_keys,
    )
