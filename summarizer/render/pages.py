"""HTML pages from the templates beside: everything filled in is cleaned, escaped and inert."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from markupsafe import Markup

from summarizer.render import phrases
from summarizer.render.escape import clean
from summarizer.render.markdown_story import MAX_QUOTE, MAX_TITLE

if TYPE_CHECKING:
    import jinja2

_MAX_URL = 2000  # characters; what is longer is no address that anybody follows


def fill(template: str, **values: Any) -> str:
    """Return the page of `template`, a file of render/templates, newline at the end.

    Every value that is no Markup is cleaned as escape.clean() does, then escaped, wherever it
    stands. The page holds no script and loads nothing: its Content-Security-Policy forbids all
    but its one style, by hash.
    """
    page = _environment().get_template(template).render(**values)
    # Tags on lines of their own leave empty lines behind.
    return "\n".join(line for line in page.split("\n") if line.strip()) + "\n"


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
    style = _style(environment)
    environment.globals |= {
        "p": phrases,
        "style": Markup(style),  # noqa: S704 - a file of ours
        "policy": _policy(style),
        "max_title": MAX_TITLE,
        "max_quote": MAX_QUOTE,
    }
    environment.filters |= {"cut": _cut, "first_upper": _first_upper, "words": _words}
    return environment


def _style(environment: jinja2.Environment) -> str:
    if environment.loader is None:
        raise RuntimeError("the templates have no place")
    return environment.loader.get_source(environment, "style.css")[0].strip()


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _cleaned(value: object) -> object:
    return value if isinstance(value, Markup) else clean(str(value))


def _cut(text: str | None, limit: int) -> str:
    return clean(text or "", limit=limit)


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _words(name: str) -> str:
    return name.replace("_", " ")


def web_address(text: str) -> str | None:
    """Return `text` where it is an http(s) address that a reader may follow, else None.

    None for any other scheme, for addresses with credentials, and for what browsers read
    otherwise than it looks: white space, invisible characters, backslashes.
    """
    if len(text) > _MAX_URL or "\\" in text or " " in text or clean(text) != text:
        return None
    try:
        parts = urlsplit(text)
        host, credentials = parts.hostname, "@" in parts.netloc
        parts.port  # noqa: B018 - raises ValueError where it is no number
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and host and not credentials else None
