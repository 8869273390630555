"""Which documents of the labelled data the verifier was trained on, so that none is measured.

Sets whose licence allows it give half of their documents to training, chosen by a key of the
document; the other half is measured. Documents that a set without such a licence has too are
left to measuring.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path

HALVED = ("falke_pairs", "frank", "frank_sent", "summedits_sent", "summeval", "wice")
UNTOUCHED = ("cliff", "factcc_val", "lfqa", "polytope_val")
_KEY_CHARS = 300  # of a document, letters and digits alone: copies differ in how they are tokenised


def document_key(doc: str) -> str:
    """Return a key that is the same for a document however it was tokenised."""
    plain = re.sub(r"\W+", "", doc.lower())[:_KEY_CHARS]
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def trained_on(path: Path, doc: str) -> bool:
    """Tell whether rows about `doc` of the file `path` were trained on."""
    if path.stem not in HALVED:
        return False
    key = document_key(doc)
    return int(key, 16) % 2 == 0 and key not in _untouched(path.parent)


@cache
def _untouched(folder: Path) -> frozenset[str]:
    keys = set()
    for name in UNTOUCHED:
        path = folder / f"{name}.jsonl"
        if path.is_file():
            with path.open(encoding="utf-8") as lines:
                keys |= {document_key(json.loads(line)["doc"]) for line in lines}
    return frozenset(keys)
