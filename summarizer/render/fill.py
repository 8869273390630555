"""HTML from the templates beside: everything filled in is cleaned, escaped and inert."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from summarizer.render import phrases
from summarizer.render.days import with_days
from summarizer.render.escape import clean
from summarizer.render.markdown_story import MAX_QUOTE, MAX_TITLE

if TYPE_CHECKING:
    import jinja2


def fill(template: str, **values: Any) -> str:
    """Return the page of `template`, a file of render/templates, newline at the end.

    Every value that is no Markup is cleaned as escape.clean() does, then escaped, wherever it
    stands. The page loads nothing: its Content-Security-Policy forbids all but the style, and the
    script if it has one, that stand in it, by their hashes.
    """
    page = _environment().get_template(template).render(**values)
    return _without_empty_lines(page) + "\n"


def _without_empty_lines(text: str) -> str:
    """Tags on lines of their own leave empty lines behind."""
    return "\n".join(line for line in text.split("\n") if line.strip())


@cache
def _environment() -> jinja2.Environment:
    import jinja2  # takes longer to import than the rest of this package together

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("summarizer.render", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_cleaned,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "p": phrases,
        "inline": inline,
        "policy": _policy,
        "max_title": MAX_TITLE,
        "max_quote": MAX_QUOTE,
    }
    environment.filters |= {"cut": _cut, "first_upper": _first_upper, "days": with_days}
    return environment


@cache
def inline(*names: str) -> Markup:
    """Return files of render/templates, styles or scripts of ours, joined as they are."""
    folder = files("summarizer.render") / "templates"
    texts = (folder.joinpath(name).read_text(encoding="utf-8") for name in names)
    return Markup("\n".join(_bare(text) for text in texts))  # noqa: S704 - ours


def _bare(text: str) -> str:
    """Leave out indents and lines of //: every page carries its own copy."""
    lines = (line.strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line and not line.startswith("//"))


@cache
def _policy(*, style: str, script: tuple[str, ...] = ()) -> str:
    """Return the Content-Security-Policy (level 3) of a page with these files and nothing else."""
    parts = ["default-src 'none'", f"style-src {_hash(style)}"]
    if script:
        # The script makes no markup of text; a browser that knows trusted types sees to that.
        parts += [f"script-src {_hash(*script)}", "require-trusted-types-for 'script'"]
        parts += ["trusted-types 'none'", "img-src data:"]  # its icon
    parts += ["base-uri 'none'", "form-action 'none'"]
    return "; ".join(parts)


def _hash(*names: str) -> str:
    digest = hashlib.sha256(inline(*names).encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _cleaned(value: object) -> object:
    return value if isinstance(value, Markup) else clean(str(value))


def _cut(text: str | None, limit: int) -> str:
    return clean(text or "", limit=limit)


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]
