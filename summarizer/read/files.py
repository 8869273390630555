"""Find the files of a folder and read each: an Article, or the reason why not."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from summarizer.data import Article, SkippedArticle, SkipReason
from summarizer.errors import ArticleError, ConfigError
from summarizer.files import own_files
from summarizer.read.content import KINDS, READERS, Kind, printable, read_content

MAX_BYTES = 10_000_000
_MAX_DEPTH = 100  # folders; each takes a frame of Python's stack


def read_article(path: Path, *, root: Path | None = None) -> Article:
    """Read one file; its `source` is the path below `root`, or the file's name without one.

    Raises:
        ArticleError: it cannot be read as an article; the error holds the SkipReason.
    """
    source = source_name(path, root)
    file_kind(path, source)
    return read_content(path.suffix.lower(), read_bytes(path, source), source)


def file_kind(path: Path, source: str) -> Kind:
    """Return which kind of file `path` is, by its extension.

    Raises:
        ArticleError: UNSUPPORTED_TYPE.
    """
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        kinds = " ".join(sorted(READERS))
        detail = f"{path.suffix or 'no extension'} is not one of {kinds}"
        raise ArticleError(source, SkipReason.UNSUPPORTED_TYPE, printable(detail))
    return kind


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
    for found, root in find_files(paths):
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


def find_files(
    paths: Iterable[Path], *, without: Collection[Path] = ()
) -> Iterator[tuple[Path | SkippedArticle, Path | None]]:
    """Yield each file that read_articles would read, with the folder its source is relative to.

    A folder's files come sorted by path, recursively; hidden files, briefs that we wrote there
    and the folders `without` are passed over. A folder that cannot be read is a SkippedArticle.
    A path that is no folder is yielded as it is, with None, whether it exists or not.
    """
    left_out = frozenset(filter(None, map(_identity, without)))
    for path in paths:
        if _is_folder(path):
            for found in _files_below(path, path, frozenset(), left_out):
                yield found, path
        else:
            yield path, None


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        status = folder.stat()
    except OSError:
        return None  # not there yet
    return status.st_dev, status.st_ino


def _files_below(
    folder: Path,
    root: Path,
    above: frozenset[tuple[int, int]],
    left_out: frozenset[tuple[int, int]],
) -> Iterator[Path | SkippedArticle]:
    """Yield the files below `folder`; `above` identifies the folders around it, against loops."""
    try:
        status = folder.stat()
        identity = (status.st_dev, status.st_ino)
        if identity in left_out:
            return
        names = sorted(path.name for path in folder.iterdir())
    except OSError as error:
        yield _unreadable(folder, root, _reason(error))
        return
    if len(above) > _MAX_DEPTH:
        yield _unreadable(folder, root, f"more than {_MAX_DEPTH} folders inside one another")
        return
    if identity in above:
        yield _unreadable(folder, root, "the link leads back to a folder around it")
        return
    own = own_files(folder)
    for name in names:
        path = folder / name
        if name.startswith(".") or name in own:
            continue
        if _is_folder(path):
            yield from _files_below(path, root, above | {identity}, left_out)
        else:
            yield path


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False  # in a folder that may not be searched; reading it will say so


def _unreadable(path: Path, root: Path, detail: str) -> SkippedArticle:
    return SkippedArticle(
        source=source_name(path, root), reason=SkipReason.UNREADABLE, detail=detail
    )


def read_bytes(path: Path, source: str) -> bytes:
    """Return the content of a regular file that is not too large and not empty.

    Raises:
        ArticleError: it is none, or may not be read.
    """
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


def source_name(path: Path, root: Path | None) -> str:
    """Return how a brief names `path`: below `root`, with forward slashes, never from the top."""
    relative = path.relative_to(root) if root and path.is_relative_to(root) else Path(path.name)
    return printable(relative.as_posix())
