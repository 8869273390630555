"""Find the files of a folder and read each: an Article, or the reason why not."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from summarizer.data import Article, SkippedArticle, SkipReason
from summarizer.errors import ArticleError, ConfigError
from summarizer.files import own_files
from summarizer.read.article import article_from_page
from summarizer.read.decode import binary_kind, decode
from summarizer.read.html import read_html
from summarizer.read.markdown import read_markdown
from summarizer.read.page import Page
from summarizer.read.pdf import read_pdf

MAX_BYTES = 10_000_000
# Below this a file is a headline, a teaser or what a paywall left: too little to say anything
# about with evidence. A one-paragraph news brief has more words.
MIN_WORDS = 40
MIN_SENTENCES = 2
_MAX_DEPTH = 100  # folders; each takes a frame of Python's stack


def read_article(path: Path, *, root: Path | None = None) -> Article:
    """Read one file; its `source` is the path below `root`, or the file's name without one.

    Raises:
        ArticleError: it cannot be read as an article; the error holds the SkipReason.
    """
    source = _source(path, root)
    read = _READERS.get(path.suffix.lower())
    if read is None:
        kinds = " ".join(sorted(_READERS))
        detail = f"{path.suffix or 'no extension'} is not one of {kinds}"
        raise ArticleError(source, SkipReason.UNSUPPORTED_TYPE, _printable(detail))
    data = _bytes(path, source)
    try:
        article = article_from_page(read(data, source), source=source)
    except ArticleError:
        raise
    except Exception as error:  # parsers of hostile files may raise anything
        detail = f"it is damaged: {type(error).__name__}: {_printable(str(error))[:200]}"
        raise ArticleError(source, SkipReason.UNREADABLE, detail) from error
    _check_length(article)
    return article


def read_articles(paths: Iterable[Path]) -> Iterator[Article | SkippedArticle]:
    """Read files and folders, in the order given; a folder's files sorted by path, recursively.

    Hidden files, and briefs that we wrote there, are passed over. A file that is no article, or
    has the very text of an earlier one, becomes a SkippedArticle; nothing a file does raises.

    Raises:
        ConfigError: one of `paths` does not exist; nothing is read then.
    """
    paths = [Path(path) for path in paths]
    for path in paths:
        if not os.path.lexists(path):
            raise ConfigError(f"there is no {path}", hint="Give files or folders that exist.")
    return _read_all(paths)


def _read_all(paths: Iterable[Path]) -> Iterator[Article | SkippedArticle]:
    sources: dict[str, str] = {}  # by article id
    for found, root in _walk(paths):
        if isinstance(found, SkippedArticle):
            yield found
            continue
        try:
            article = read_article(found, root=root)
        except ArticleError as error:
            yield SkippedArticle(source=error.source, reason=error.reason, detail=error.detail)
            continue
        other = sources.setdefault(article.id, article.source)
        if other is article.source:
            yield article
        else:
            detail = f"the same text as {other}"
            yield SkippedArticle(source=article.source, reason=SkipReason.DUPLICATE, detail=detail)


def _walk(paths: Iterable[Path]) -> Iterator[tuple[Path | SkippedArticle, Path | None]]:
    """Yield each file with the folder that its source is relative to."""
    for path in paths:
        if _is_folder(path):
            for found in _files_below(path, path, frozenset()):
                yield found, path
        else:
            yield path, None


def _files_below(
    folder: Path, root: Path, above: frozenset[tuple[int, int]]
) -> Iterator[Path | SkippedArticle]:
    """Yield the files below `folder`; `above` identifies the folders around it, against loops."""
    try:
        status = folder.stat()
        names = sorted(path.name for path in folder.iterdir())
    except OSError as error:
        yield _unreadable(folder, root, _reason(error))
        return
    if len(above) > _MAX_DEPTH:
        yield _unreadable(folder, root, f"more than {_MAX_DEPTH} folders inside one another")
        return
    identity = (status.st_dev, status.st_ino)
    if identity in above:
        yield _unreadable(folder, root, "the link leads back to a folder around it")
        return
    own = own_files(folder)
    for name in names:
        path = folder / name
        if name.startswith(".") or name in own:
            continue
        if _is_folder(path):
            yield from _files_below(path, root, above | {identity})
        else:
            yield path


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False  # in a folder that may not be searched; reading it will say so


def _unreadable(path: Path, root: Path, detail: str) -> SkippedArticle:
    return SkippedArticle(source=_source(path, root), reason=SkipReason.UNREADABLE, detail=detail)


def _bytes(path: Path, source: str) -> bytes:
    """Return the content of a regular file that is not too large and not empty."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # reading a FIFO or a device may never end
            detail = "it is a folder, pipe or device, not a file"
            raise ArticleError(source, SkipReason.UNREADABLE, detail)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ArticleError(source, SkipReason.UNREADABLE, _reason(error)) from error
    if len(data) > MAX_BYTES:
        detail = f"it is larger than {MAX_BYTES // 1_000_000} MB"
        raise ArticleError(source, SkipReason.TOO_LARGE, detail)
    if not data.strip():
        raise ArticleError(source, SkipReason.EMPTY, "the file is empty")
    return data


def _reason(error: OSError) -> str:
    """Return what the system says, without the machine's path that str(error) has."""
    return error.strerror or type(error).__name__


def _refuse_binary(data: bytes, source: str) -> None:
    kind = binary_kind(data)
    if kind:
        raise ArticleError(source, SkipReason.BINARY, f"it is {kind}, not text")


def _read_plain(data: bytes, source: str) -> Page:
    _refuse_binary(data, source)
    return Page(text=decode(data))


def _read_markdown(data: bytes, source: str) -> Page:
    _refuse_binary(data, source)
    return read_markdown(decode(data))


def _read_html(data: bytes, source: str) -> Page:
    _refuse_binary(data, source)
    return read_html(data, source)


_READERS: dict[str, Callable[[bytes, str], Page]] = {
    ".txt": _read_plain,
    ".text": _read_plain,
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".html": _read_html,
    ".htm": _read_html,
    ".pdf": read_pdf,
}


def _check_length(article: Article) -> None:
    words = sum(
        len(article.text[sentence.start : sentence.end].split()) for sentence in article.sentences
    )
    if len(article.sentences) < MIN_SENTENCES or words < MIN_WORDS:
        detail = (
            f"{len(article.sentences)} sentences with {words} words; an article has at least "
            f"{MIN_SENTENCES} with {MIN_WORDS}"
        )
        raise ArticleError(article.source, SkipReason.TOO_SHORT, detail)


def _source(path: Path, root: Path | None) -> str:
    """Return how a brief names `path`: below `root`, with forward slashes, never from the top."""
    relative = path.relative_to(root) if root and path.is_relative_to(root) else Path(path.name)
    return _printable(relative.as_posix())


def _printable(text: str) -> str:
    """Return `text` without the bytes and control characters that a file name may have."""
    text = os.fsencode(text).decode("utf-8", errors="replace")
    return "".join(
        "\ufffd" if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else char
        for char in text
    )
