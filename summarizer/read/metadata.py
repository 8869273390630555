"""Find title, date, publisher and language in an article's own lines."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from summarizer.data import Record
from summarizer.read.clean import same_words
from summarizer.read.furniture import Line

_MAX_HEAD_LINES = 12  # lines that are not empty, before the first paragraph
_MAX_TITLE_WORDS = 30
_MAX_TITLE_CHARS = 250
_MAX_MASTHEAD_CHARS = 90
_MADE_TITLE_CHARS = 100  # of a title made of the first sentence
_YEARS = range(1900, 2101)

_MONTHS = (
    "january february march april may june july august september october november december"
).split()
_MONTH = r"(?P<month>jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DATE_FORMS = [
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?<!\d)(?P<year>\d{4})-(?P<number>\d{1,2})-(?P<day>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<year>\d{4})[/.](?P<number>\d{1,2})[/.](?P<day>\d{1,2})(?!\d)",
        rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})\b",
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? {_MONTH},? (?P<year>\d{{4}})\b",
        r"(?P<year>\d{4})年(?P<number>\d{1,2})月(?P<day>\d{1,2})日",
    )
]
_FILE_DATE = re.compile(r"(?<![^\W_])(\d{4})[-_]?(\d\d)[-_]?(\d\d)(?![^\W_])")
_DATED_TITLE = re.compile(r"(?:date:? )?(?P<date>\d{4}-\d\d-\d\d)[ :|–—-]+(?P<title>\S.*)", re.I)
_KEYED = re.compile(r"(?P<key>[A-Za-z]{2,10})(?: on)?: ?(?P<value>\S.*)")
_KEYS = {
    "title": "title", "headline": "title",
    "date": "published", "published": "published", "dated": "published", "posted": "published",
    "publisher": "publisher", "source": "publisher", "site": "publisher", "outlet": "publisher",
    "author": "author", "byline": "author", "by": "author",
    "language": "language", "lang": "language",
}  # fmt: skip
_PUBLISHED = re.compile(r"(?:first )?(?:published|posted|date)\b", re.IGNORECASE)
_BYLINE = re.compile(r"[Bb]y (?P<name>[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]*){1,4})(?=$| ?[,|]| and )")
_RIGHTS = re.compile(
    r"(?:©|\(c\)|copyright)\W{0,3}(?:©|\(c\))?[ ,]{0,2}(?:\d{4}(?: ?[-–] ?\d{2,4})?)?[ ,]{0,2}"
    r"(?:by )?"
    r"(?P<name>[^\W\d_][^()|©]{1,60}?)\s*(?:$|[(|,]|\. |\.$|-? ?all rights)",
    re.IGNORECASE,
)
# LONDON, Jan. 19, 2024 (Reuters) - the place in capitals, the agency in brackets, a dash.
_DATELINE = re.compile(
    r"(?P<place>[A-Z][A-Z.'’/-]{2,30}(?: [A-Z][A-Z.'’/-]{1,30}){0,3}(?:, [A-Z][\w.' -]{1,30})?)"
    r"(?:, (?P<date>[A-Z0-9][\w.]{0,10} [\w.]{1,10}(?:,? \d{4})?))? ?"
    r"\((?P<agency>[A-Z][\w.' -]{1,40})\) ?[-–—]{1,2} ?"
)
# A word of these makes a line under the title a masthead.
_PAPERS = frozenset(
    "post times herald journal gazette chronicle tribune news daily mail courier ledger press "
    "guardian observer telegraph star sun globe standard independent review record examiner "
    "inquirer mirror express bulletin reporter register sentinel agency wire online magazine "
    "weekly dispatch argus echo advertiser monitor".split()
)
_AGENCIES = {
    "Reuters": "Reuters", "Bloomberg": "Bloomberg", "Xinhua": "Xinhua", "Yonhap": "Yonhap",
    "dpa": "dpa", "AP": "Associated Press", "The Associated Press": "Associated Press",
    "AFP": "Agence France-Presse", "UPI": "United Press International",
    "PTI": "Press Trust of India", "PA": "PA Media",
}  # fmt: skip
# The commonest words of English; hardly a sentence has none, and no other language has many.
_ENGLISH = frozenset(
    "the of and to in is was that for it with as on be are by at from this have has had not but "
    "its he she they his her their which will would been were who an said".split()
)
_MIN_ENGLISH_SHARE = 0.2  # of the words; 461 of 465 English news articles have more
_MIN_WORDS_FOR_LANGUAGE = 20


class Head(Record):
    """What the lines before the first paragraph say; `used` are their numbers."""

    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: dt.date | None = None
    language: str | None = None
    used: tuple[int, ...] = ()


def read_head(lines: Sequence[str], kinds: Sequence[Line], title: str | None) -> Head:
    """Read `Key: value` lines, a dated title, a byline, and the title itself if it is not known.

    Args:
        lines: the article's lines.
        kinds: what each of them is.
        title: the title, where the file's metadata has one.
    """
    found: dict[str, object] = {}
    used: list[int] = []
    for number, line in list(_head_lines(lines, kinds)):
        values = _values(line) or (_masthead(line) if title or "title" in found else None)
        if values is None:
            wanted = title or found.get("title")
            if wanted and same_words(line) == same_words(str(wanted)):
                used.append(number)
            elif not wanted and kinds[number] is not Line.FURNITURE and _can_be_title(line):
                found["title"] = line
                used.append(number)
            elif kinds[number] is Line.PROSE:
                break
            continue
        used.append(number)
        for key, value in values.items():
            found.setdefault(key, value)
    # An article of one line is that line, however much it looks like a title.
    if len(used) == sum(kind is not Line.EMPTY for kind in kinds):
        return Head(title=str(found.get("title") or "") or None)
    return Head.model_validate({**found, "used": tuple(used)})


def find_date(text: str) -> dt.date | None:
    """Return the first unambiguous calendar date in `text`; 02/03/2024 is none."""
    found = _first_date(text)
    return found[1] if found else None


def file_date(name: str) -> dt.date | None:
    """Return the date a file name holds, as 2024-01-19 or 20240119.

    The time stamp of the file is not asked: copying and cloning change it.
    """
    found = _FILE_DATE.search(name)
    return _date(*found.groups()) if found else None


def dateline(paragraph: str) -> re.Match[str] | None:
    """Match an agency's dateline, "LONDON, Jan. 19 (Reuters) - ", at the start of `paragraph`."""
    return _DATELINE.match(paragraph[:160])


def dateline_agency(found: re.Match[str]) -> str | None:
    """Return the full name of the agency in a dateline; None for initials we do not know."""
    agency = found["agency"]
    return _AGENCIES.get(agency) or (agency if " " in agency else None)


def rights_holder(lines: Iterable[str]) -> str | None:
    """Return who a copyright line names: "© 2024 The Daily Example. All rights reserved"."""
    for line in lines:
        found = _RIGHTS.search(line[:300])
        if found and not found["name"].lower().startswith("all rights"):
            return found["name"].strip(" .,-–")
    return None


def language_code(tag: str | None) -> str | None:
    """Return the ISO 639-1 code of a language tag such as "en-US"; None where it has none."""
    found = re.match(r"([A-Za-z]{2})(?:[-_]|$)", (tag or "").strip())
    return found[1].lower() if found else None


def looks_english(text: str) -> bool:
    """Tell whether `text` is English, by its share of the commonest English words."""
    words = re.findall(r"[^\W\d_]+", text[:20_000].lower())
    known = sum(word in _ENGLISH for word in words)
    return len(words) >= _MIN_WORDS_FOR_LANGUAGE and known >= _MIN_ENGLISH_SHARE * len(words)


def shortened(sentence: str) -> str:
    """Return `sentence` cut to the length of a title, at a word."""
    if len(sentence) <= _MADE_TITLE_CHARS:
        return sentence
    cut = sentence[:_MADE_TITLE_CHARS].rsplit(" ", 1)[0]
    return f"{cut.rstrip(' ,;:–—-')}…"


def _head_lines(lines: Sequence[str], kinds: Sequence[Line]) -> Iterable[tuple[int, str]]:
    numbered = ((n, line) for n, line in enumerate(lines) if kinds[n] is not Line.EMPTY)
    for (number, line), _ in zip(numbered, range(_MAX_HEAD_LINES), strict=False):
        yield number, line


def _values(line: str) -> dict[str, object] | None:
    """Return what a line of metadata says, by field of Head; None where it is none."""
    if len(line) > _MAX_TITLE_CHARS + 20:
        return None
    dated = _DATED_TITLE.fullmatch(line)
    if dated and (date := find_date(dated["date"])):
        return {"published": date, "title": dated["title"]}
    keyed = _KEYED.fullmatch(line)
    field = _KEYS.get(keyed["key"].lower()) if keyed else None
    if keyed and field:
        return _typed(field, keyed["value"])
    if _PUBLISHED.match(line) and len(line) < 60 and (date := find_date(line)):
        return {"published": date}
    byline = _BYLINE.match(line) if len(line) < 100 else None
    return {"author": byline["name"]} if byline else None


def _masthead(line: str) -> dict[str, object] | None:
    """Return what "The Daily Example, 19 January 2024" says; None where `line` is no masthead."""
    if len(line) > _MAX_MASTHEAD_CHARS:
        return None
    found = _first_date(line)
    name = (line[: found[0]] if found else line).strip(" ,·|•–—-")
    named = _PAPERS.intersection(name.lower().split()) or (found and name.startswith("The "))
    if not named or not _all_capitalised(name):
        return None
    return {"publisher": name} | ({"published": found[1]} if found else {})


def _first_date(text: str) -> tuple[int, dt.date] | None:
    """Return where the first date of `text` starts, and the date."""
    matches = [found for form in _DATE_FORMS if (found := form.search(text))]
    for found in sorted(matches, key=re.Match.start):
        parts = found.groupdict()
        date = _date(parts["year"], parts.get("number") or _month(parts["month"]), parts["day"])
        if date:
            return found.start(), date
    return None


def _all_capitalised(name: str) -> bool:
    return all(word[0].isupper() or word in {"of", "the", "and", "&"} for word in name.split())


def _typed(field: str, value: str) -> dict[str, object] | None:
    if field == "published":
        date = find_date(value)
        return {field: date} if date else {}
    if field == "language":
        return {field: language_code(value)}
    return {field: value} if len(value) <= _MAX_TITLE_CHARS else None


def _can_be_title(line: str) -> bool:
    words = line.split()
    if len(words) > _MAX_TITLE_WORDS or len(line) > _MAX_TITLE_CHARS or line.startswith("• "):
        return False
    return not re.search(r"[.。।:;,][\"'”’)\]]*$", line) or line.endswith("...")


def _month(name: str) -> str:
    return str(next(n for n, month in enumerate(_MONTHS, 1) if month.startswith(name[:3].lower())))


def _date(year: str, month: str, day: str) -> dt.date | None:
    if int(year) not in _YEARS:
        return None
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
