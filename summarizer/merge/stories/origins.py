"""Find which articles are copies of one text, or retell one outside report."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from zlib import crc32

from summarizer.data import Article
from summarizer.merge.vectors import candidate_pairs
from summarizer.text.words import words_of

SHINGLE = 6  # words; shorter runs repeat in independent reports of one event
# Share of the shorter text's shingles that the other holds. Reprints keep most; reports that
# only quote the same person share a tenth or so.
COPY_CONTAINMENT = 0.4
_MIN_SHINGLES = 12  # shorter texts are too little to call a copy
_SAMPLE = 8  # one shingle in so many is a key of the candidate search
# Share of the sampled shingles from which a pair is looked at: a copy shares more but by chance.
_SAMPLED_COPY = 0.15
_SHORT_TEXT = 100  # shingles; texts below it use every shingle as a key
_KEPT_SHINGLES = 500  # articles whose shingles are kept, for the pairs and for a second reading
_MOST_COPIES = 60  # a shingle in more articles is boilerplate
_HEAD = 1600  # characters; a retelling names the report it retells near its beginning
_BYLINE = 220  # characters; a dateline or byline stands before them

_AGENCIES = {
    "reuters": r"Reuters",
    "ap": r"AP|Associated Press",
    "afp": r"AFP|Agence France[- ]Presse",
    "upi": r"UPI|United Press International",
    "dpa": r"dpa|DPA",
    "bloomberg": r"Bloomberg",
    "xinhua": r"Xinhua",
    "tass": r"TASS|Tass",
    "kyodo": r"Kyodo",
    "yonhap": r"Yonhap",
    "pti": r"PTI|Press Trust of India",
    "ani": r"ANI",
    "pa": r"PA Media",
    "efe": r"EFE",
    "ansa": r"ANSA",
    "anadolu": r"Anadolu(?: Agency)?",
}
_DATELINE = re.compile(
    r"\((?P<paren>{0})\)|(?:^|\n)\s*(?:By\s+)?(?:the\s+|The\s+)?(?P<line>{0})\s*(?:\n|[-–—|])".format(
        "|".join(_AGENCIES.values())
    )
)

# Newspapers, agencies and sites whose exclusive reports others retell, and their short names.
_OUTLETS = {
    "wall street journal": r"Wall Street Journal|WSJ",
    "new york times": r"New York Times|NYT",
    "washington post": r"Washington Post|WaPo",
    "financial times": r"Financial Times|FT",
    "guardian": r"Guardian",
    "economist": r"Economist",
    "bloomberg": r"Bloomberg(?: News)?",
    "reuters": r"Reuters",
    "ap": r"Associated Press|AP",
    "afp": r"Agence France[- ]Presse|AFP",
    "the information": r"The Information",
    "cnbc": r"CNBC",
    "cnn": r"CNN",
    "bbc": r"BBC(?: News)?",
    "nbc": r"NBC(?: News)?",
    "abc": r"ABC(?: News)?",
    "cbs": r"CBS(?: News)?",
    "fox": r"Fox News",
    "npr": r"NPR",
    "politico": r"Politico|POLITICO",
    "axios": r"Axios",
    "usa today": r"USA T(?:oday|ODAY)",
    "los angeles times": r"(?:Los Angeles|L\.?A\.?) Times",
    "times of london": r"Times of London",
    "telegraph": r"(?:Daily )?Telegraph",
    "daily mail": r"Daily Mail",
    "nikkei": r"Nikkei(?: Asia)?",
    "south china morning post": r"South China Morning Post|SCMP",
    "spiegel": r"(?:Der )?Spiegel",
    "bild": r"Bild",
    "le monde": r"Le Monde",
    "handelsblatt": r"Handelsblatt",
    "business insider": r"Business Insider",
    "forbes": r"Forbes",
    "the verge": r"The Verge",
    "wired": r"Wired|WIRED",
    "techcrunch": r"TechCrunch",
    "propublica": r"ProPublica",
    "haaretz": r"Haaretz",
    "al jazeera": r"Al Jazeera",
}
_NAMES = "|".join(f"(?P<o{i}>{names})" for i, names in enumerate(_OUTLETS.values()))
_KEYS = tuple(_OUTLETS)
_SAID = (
    r"(?:has |have |had |first |also |exclusively |earlier )*"
    r"(?:report(?:s|ed)|reveal(?:s|ed)|wrote)"
)
_AFTER = rf"(?:\s*\([A-Za-z. ]+\))?(?:,[^,.;]{{1,60}},)?\s+(?:newspaper |magazine )?{_SAID}\b"
_BEFORE = (
    r"(?:reported|revealed|published|obtained|broken)\s+(?:\w+ly\s+)?(?:\w+day\s+)?(?:by|in)\s+|"
    r"(?:according to|citing|cited by)\s+(?:an?\s+|new\s+|exclusive\s+|\w+day\s+)*"
    r"(?:(?:report|article|story|investigation)\s+(?:by|in|from)\s+)?|"
    r"(?:report|story|investigation)\s+(?:by|in|from)\s+"
)
# Most articles name no outlet, and this tells so in a fraction of the time.
_ANY_OUTLET = re.compile(rf"\b(?:{'|'.join(_OUTLETS.values())})\b")
_ATTRIBUTION = re.compile(
    rf"(?:(?P<lead>{_BEFORE})(?:[Tt]he\s+)?)?\b(?:{_NAMES})\b(?P<tail>{_AFTER})?"
)


class DisjointSets:
    """Union-find over 0 … size-1; a set is named by its smallest member."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def find(self, item: int) -> int:
        """Return the name of the set that holds `item`."""
        while self._parent[item] != item:
            self._parent[item] = self._parent[self._parent[item]]
            item = self._parent[item]
        return item

    def join(self, a: int, b: int) -> None:
        """Make one set of the sets of `a` and `b`."""
        first, second = sorted((self.find(a), self.find(b)))
        self._parent[second] = first

    def labels(self) -> list[int]:
        """Return the name of every item's set, in item order."""
        return [self.find(item) for item in range(len(self._parent))]


def near_copies(articles: Sequence[Article]) -> list[tuple[int, int]]:
    """Return the pairs of articles of which one is mostly contained in the other, word for word.

    Pairs are indexes (i < j). Candidates share sampled shingles, then containment is exact.
    """
    keys = [_sample(_shingles(article)) for article in articles]
    # A text of whom all shingles are keys shares with a sampled one only what both would sample.
    whole = [len(each) if any(int(key) % _SAMPLE for key in each) else 0 for each in keys]
    sampled = [sum(int(key) % _SAMPLE == 0 for key in each) for each in keys]
    shared_keys = candidate_pairs(keys, most_common=_MOST_COPIES)
    candidates = sorted(
        (i, j)
        for (i, j), count in shared_keys.items()
        if count >= _SAMPLED_COPY * (min(whole[i], whole[j]) or min(sampled[i], sampled[j]))
    )
    copies = []
    for i, j in candidates:
        one, other = _shingles(articles[i]), _shingles(articles[j])
        small = min(len(one), len(other))
        shared = len(one & other)
        if small >= _MIN_SHINGLES and shared >= COPY_CONTAINMENT * small:
            copies.append((i, j))
    return copies


def _sample(shingles: frozenset[int]) -> list[str]:
    return [str(s) for s in sorted(shingles) if len(shingles) < _SHORT_TEXT or s % _SAMPLE == 0]


def _shingles(article: Article) -> frozenset[int]:
    """Return hashes of the runs of SHINGLE words inside the sentences, boilerplate left out."""
    return _shingles_of(" ".join(article.text[s.start : s.end] for s in article.sentences))


# All shingles of all articles would be most of the memory of a large run.
@lru_cache(maxsize=_KEPT_SHINGLES)
def _shingles_of(text: str) -> frozenset[int]:
    words = [word.lower() for word in words_of(text)]
    # crc32, not hash(): the sample must be the same in every process.
    return frozenset(
        crc32(" ".join(words[i : i + SHINGLE]).encode()) for i in range(len(words) - SHINGLE + 1)
    )


def retold_report(article: Article) -> str | None:
    """Return the outlet whose report `article` retells, by its attributions; None for none.

    The outlet must be named as the source near the beginning. Of several, the one credited most
    often there counts, then the first.
    """
    credited: Counter[str] = Counter()
    head = article.text[:_HEAD]
    if _ANY_OUTLET.search(head) is None:
        return None
    for match in _ATTRIBUTION.finditer(head):
        if match["lead"] or match["tail"]:
            credited[_outlet_of(match)] += 1
    own = outlet_named(article.publisher or "")
    credited.pop(own or "", None)
    return credited.most_common(1)[0][0] if credited else None


def _outlet_of(match: re.Match[str]) -> str:
    return next(key for i, key in enumerate(_KEYS) if match[f"o{i}"])


@lru_cache(maxsize=4096)
def outlet_named(name: str) -> str | None:
    """Return the outlet that `name` (a publisher) is, if it is a well-known one."""
    for key, pattern in _OUTLETS.items():
        if re.fullmatch(rf"(?:The )?(?:{pattern})", name.strip(), re.IGNORECASE):
            return key
    return None


def agency_copy(article: Article) -> str | None:
    """Return the news agency whose byline or dateline `article` bears; None for none."""
    for text in (article.publisher or "", article.author or ""):
        for key, pattern in _AGENCIES.items():
            if re.fullmatch(rf"(?:The )?(?:{pattern})", text.strip()):
                return key
    match = _DATELINE.search(article.text[:_BYLINE])
    if match is None:
        return None
    named = match["paren"] or match["line"]
    return next(k for k, pattern in _AGENCIES.items() if re.fullmatch(pattern, named))


def report_of(article: Article) -> str | None:
    """Return the outlet whose report this article is or retells, None where it is its own."""
    return agency_copy(article) or retold_report(article) or outlet_named(article.publisher or "")


def joined(size: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """Return a label for each of `size` items; items linked by `pairs` share one."""
    sets = DisjointSets(size)
    for i, j in pairs:
        sets.join(i, j)
    return sets.labels()
