"""Write schemas/brief.v1.json from the records; a test keeps the two equal.

python tools/make_schemas.py [FOLDER]    FOLDER is schemas/ of the checkout when left out
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from summarizer.render import BRIEF_SCHEMA, brief_schema

_SCHEMAS = Path(__file__).resolve().parents[1] / "schemas"


def main(folder: Path) -> None:
    """Write the file into `folder` and say so."""
    path = folder / f"{BRIEF_SCHEMA}.json"
    text = json.dumps(brief_schema(), indent=1, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8")
    print(f"wrote {path}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else _SCHEMAS)
