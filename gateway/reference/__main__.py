"""`python -m gateway.reference [DIR]`: write the pages into docs, or another folder."""

from __future__ import annotations

import sys
from pathlib import Path

from gateway.reference import keys, lints

PAGES = {
    "lints.md": lints.page,
    "flow-keys.md": keys.page,
    keys.FLOW_SCHEMA: keys.flow_schema,
    keys.DESK_SCHEMA: keys.desk_schema,
}


def write(folder: Path) -> None:
    """Write every page that is made from the code."""
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
