"""Write schemas/brief.v1.json from the records; a test keeps the two equal."""

from __future__ import annotations

import json
from pathlib import Path

from summarizer.render import BRIEF_SCHEMA, brief_schema

_SCHEMAS = Path(__file__).resolve().parents[1] / "schemas"


def main() -> None:
    """Write the file and say which."""
    path = _SCHEMAS / f"{BRIEF_SCHEMA}.json"
    path.write_text(
        json.dumps(brief_schema(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    print(f"wrote {path.relative_to(_SCHEMAS.parent)}")


if __name__ == "__main__":
    main()
