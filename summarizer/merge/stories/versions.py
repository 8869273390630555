"""Find the versions of products that articles speak of: Orbit 2, Orbit 3.1, a third version."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from summarizer.data import Article

Version = tuple[int, ...]

_CHARACTERS = 6000  # of an article that are read for versions
# One capitalised word, then a number below 100: "Orbit 3.1", "Orbit-3". Years, prices and counts
# are none: no unit, no sign, no further digits may follow.
_NUMBERED = re.compile(
    r"(?<![\w.$£€-])(?P<name>[A-Z][A-Za-z]{1,20})[ -]v?(?P<number>\d{1,2}(?:\.\d{1,2}){0,2})"
    r"(?![\w%/:-]|[.,]\d| (?:million|billion|trillion|percent|per|years?|months?|days?|hours?))"
)
_NTH = {
    "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10,
}  # fmt: skip
_ORDINAL = re.compile(
    r"\b(?P<nth>" + "|".join(_NTH) + r") (?:version|generation|edition|release) of (?:the |its )?"
    r"(?P<name>[A-Z][A-Za-z]{1,20})(?![\w])"
)
# Capitalised words that a number follows without being its version.
_NO_PRODUCTS = frozenset(
    """
    january february march april may june july august september october november december
    jan feb mar apr jun jul aug sept sep oct nov dec monday tuesday wednesday thursday friday
    saturday sunday in on at by of to the and or for from with about around over under nearly
    almost some only just up top chapter page figure fig table section article part day week year
    round game act rule number no room level phase stage tier group class grade line route highway
    interstate flight channel district ward precinct title proposition amendment age covid
    """.split()
)


def versions(article: Article) -> Counter[tuple[str, Version]]:
    """Count the versions of products that `article` names: ("orbit", (3, 1)) for Orbit 3.1."""
    found: Counter[tuple[str, Version]] = Counter()
    for sentence in article.sentences:
        if sentence.start > _CHARACTERS:
            break
        text = article.text[sentence.start : min(sentence.end, sentence.start + _CHARACTERS)]
        for match in _NUMBERED.finditer(text):
            found[match["name"].lower(), _parsed(match["number"])] += 1
        for match in _ORDINAL.finditer(text):
            found[match["name"].lower(), (_NTH[match["nth"]],)] += 1
    return Counter({key: n for key, n in found.items() if key[0] not in _NO_PRODUCTS})


def _parsed(number: str) -> Version:
    return tuple(int(part) for part in number.split("."))


def main_versions(articles: Iterable[Article]) -> dict[str, Version]:
    """Return the version of each product that `articles` name most; of two, the later."""
    counts: defaultdict[str, Counter[Version]] = defaultdict(Counter)
    for article in articles:
        for (product, version), count in versions(article).items():
            counts[product][version] += count
    return {
        product: max(own, key=lambda version: (own[version], version))
        for product, own in counts.items()
    }


def earlier(a: Mapping[str, Version], b: Mapping[str, Version]) -> bool:
    """Tell whether the products that both name are at a lower version in `a`, and none higher."""
    shared = [(a[product], b[product]) for product in a if product in b]
    return any(x < y for x, y in shared) and not any(x > y for x, y in shared)
