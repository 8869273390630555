"""Check a page from its file alone: its data as any brief's, what it shows against its data."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from os.path import commonprefix
from urllib.parse import urlsplit

from summarizer.data import Article, Brief, Source
from summarizer.render import clean
from summarizer.render.page import document, made_by
from summarizer.render.page.data import PageData, read_page
from summarizer.render.page.seal import Seal, read_seal
from summarizer.verify import verify_brief
from summarizer.verify.problem import SHOWN, Problem, short
from summarizer.verify.shown import shown_faults

_GENERATOR = '<meta name="generator" content="'
_WRITER = re.compile(r"summarizer [0-9A-Za-z.+!-]{1,40} page [0-9a-f]{16}")
_MAX_LINES = 20  # lines that differ and are told one by one
_OPENINGS = ("<", "\ufeff<")

Others = Callable[[Sequence[str]], Mapping[str, Article]]


@dataclass(frozen=True)
class PageReport:
    """What was found out about a page.

    `embedded` are the ids of the articles whose text is in it. `compared` says whether what it
    shows was compared with its data, line by line: not where another version wrote it, nor where
    the data does not hold.
    """

    brief: Brief
    problems: list[Problem]
    embedded: frozenset[str]
    compared: bool
    written_by: str


def looks_like_page(text: str) -> bool:
    """Tell whether `text` begins like HTML, as no brief.json does."""
    return text[:1000].lstrip().startswith(_OPENINGS)


def verify_page(page: str, *, others: Others | None = None) -> PageReport:
    """Check `page`, the text of a file as it is, line ends included.

    Checked are: the checksum in its last line; its brief, as verify_brief does, against the
    articles embedded; and, where this very program wrote it, that it is what this program writes
    of that data: styles, script and every word; else that the quotes and facts it shows are those
    of its data. Whoever can write a file can write a page of other articles, or of the same cut
    into other sentences, that holds: nothing is signed.

    Args:
        page: the file's text.
        others: is asked for the articles with these ids, those that are not embedded.

    Raises:
        BriefError: `page` is no page with its data, or damaged, or of another format.
    """
    seal = read_seal(page)
    problems = list(_seal_faults(seal))
    data, blocks = read_page(page)
    embedded = {article.id: article for article in data.articles if article}
    missing = [s.article_id for s in data.brief.sources if s.article_id not in embedded]
    given = others(missing) if others and missing else {}
    faults = [*verify_brief(data.brief, {**given, **embedded}), *_data_faults(data)]
    written_by, said = _written_by(page)
    compared = written_by == made_by() and not faults
    if compared:
        said += _differences(seal.document, document(data, blocks))
    elif not faults:
        said += shown_faults(seal.document, data.brief)
    return PageReport(
        brief=data.brief,
        problems=[*problems, *faults, *said],
        embedded=frozenset(embedded),
        compared=compared,
        written_by=written_by,
    )


# --- the file ---------------------------------------------------------------------------------


def _seal_faults(seal: Seal) -> Iterator[Problem]:
    if not seal.stated:
        message = "its last line is not its checksum: it is cut off, or not as it was written"
        yield Problem(where="page", message=message)
    elif not seal.holds:
        message = f"its checksum is {seal.found[:12]}…, and {seal.stated[:12]}… when it was written"
        if "\r" in seal.document:
            message += "; its line ends are not those that were written"
        yield Problem(where="page", message=message)


def _written_by(page: str) -> tuple[str, list[Problem]]:
    """Return what the page says wrote it, "" where that is no program of ours."""
    count = page.count(_GENERATOR)
    start = page.find(_GENERATOR) + len(_GENERATOR)
    stated = page[start : start + SHOWN].partition('"')[0] if count == 1 else ""
    if _WRITER.fullmatch(stated):
        return stated, []
    message = f"what wrote it is named {count} times"
    if count == 1:
        message = f"{short(stated)} is no program that writes such pages"
    return "", [Problem(where="page", message=message)]


# --- the data ---------------------------------------------------------------------------------


def _data_faults(data: PageData) -> Iterator[Problem]:
    """Yield what no brief.json has: where the page leads back to, and articles as embedded."""
    if data.home and not _is_relative(data.home):
        message = f"{short(data.home)} is no page beside this one"
        yield Problem(where="page, its link back", message=message)
    ordered = sorted(data.brief.sources, key=lambda source: source.number)
    for source, article in zip(ordered, data.articles, strict=True):
        if article:
            for message in _article_faults(source, article):
                yield Problem(where=f"source {source.number}", message=message)


def _is_relative(address: str) -> bool:
    """Tell whether a link to `address` stays where the page is, however a browser reads it."""
    if "\\" in address or address.startswith("/") or clean(address) != address:
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc


def _article_faults(source: Source, article: Article) -> Iterator[str]:
    if article.source != source.source:
        yield f"its article is of {short(article.source)}, and not of {short(source.source)}"
    end = 0
    for number, sentence in enumerate(article.sentences, start=1):
        if not end <= sentence.start < sentence.end <= len(article.text):
            yield f"sentence {number} of its article is not between its neighbours"
            return
        end = sentence.end


# --- what is shown ----------------------------------------------------------------------------


def _differences(stated: str, due: str) -> list[Problem]:
    """Say in which lines a page is not what its data makes; both are without the last line.

    Lines are compared one by one: a search for the shortest difference takes quadratic time.
    """
    if stated == due:
        return []
    there, here = stated.split("\n"), due.split("\n")
    first = _same(there, here)
    after = _same(there[first:][::-1], here[first:][::-1])
    old, new = (lines[first : len(lines) - after] for lines in (there, here))
    if len(old) != len(new):
        counts = f"{len(old)} lines stand there, and its data makes {len(new)}"
        detail = _difference(old[0] if old else "", new[0] if new else "")
        return [_at(first, f"{counts}, the first: {detail}")]
    differing = [n for n, (one, other) in enumerate(zip(old, new, strict=True)) if one != other]
    told = [_at(first + n, _difference(old[n], new[n])) for n in differing[:_MAX_LINES]]
    if len(differing) > _MAX_LINES:
        message = f"{len(differing) - _MAX_LINES} more lines are not what its data makes"
        told.append(Problem(where="page", message=message))
    return told


def _same(one: list[str], other: list[str]) -> int:
    """Return with how many equal lines two lists begin."""
    shorter = min(len(one), len(other))
    return next((n for n in range(shorter) if one[n] != other[n]), shorter)


def _at(line: int, message: str) -> Problem:
    return Problem(where=f"page, line {line + 1}", message=message)


def _difference(stated: str, due: str) -> str:
    same = len(commonprefix((stated, due)))
    begin = max(0, same - SHOWN // 2)  # so that the difference itself is shown
    there, here = (short(clean(line[begin : begin + 10 * SHOWN])) for line in (stated, due))
    if there == here:  # in what cannot be seen
        there, here = (ascii(line[same : same + SHOWN // 4]) for line in (stated, due))
    return f"{there} stands at character {same + 1}, and its data makes {here}"
