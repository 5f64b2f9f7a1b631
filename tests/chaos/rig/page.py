"""The rows of docs/chaos.md: what a run gave, read from its history.

python -m tests.chaos.rig.page docs/chaos.md HISTORY.jsonl
"""

from __future__ import annotations

import os
import platform
import sys
from collections import Counter
from pathlib import Path

from tests.chaos.check_history import History, check, read
from tests.chaos.rig.plan import Plan

HEAD = (
    "| store | messages | kills of | stalls | lost | doubled | out of order | more faults | repeated sends | minutes |",
    "| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
)
ABOVE, BELOW = "<!-- runs -->", "<!-- end of runs -->"
EMBEDDED = "serve"
MAIN = ("lost", "doubled", "out of order")


def row(path: Path, *, most_repeated: float) -> str:
    """One line of the table. Raises ValueError or KeyError where it is no history."""
    with path.open(encoding="utf-8") as lines:
        history = read(lines)
    findings, figures = check(history, most_repeated=most_repeated)
    faults = Counter(finding.fault for finding in findings)
    kills = Counter(name for _, name, did in history.troubles if did == "killed")
    stalls = sum(did == "stopped" for _, _, did in history.troubles)
    posted = [post["at"] for story in history.stories.values() for post in story.posts]
    share = 100 * figures["repeated"] / max(figures["replies"], 1)
    cells = (
        _store(history),
        f"{figures['messages']:,}",
        ", ".join(f"{name} {times}" for name, times in sorted(kills.items())) or "nobody",
        stalls,
        *(faults.pop(name, 0) for name in MAIN),
        faults.total(),
        f"{figures['repeated']:,} of {figures['replies']:,} ({share:.2f} %)",
        f"{(max(posted) - min(posted)) / 60:.0f}",
    )
    return f"| {' | '.join(map(str, cells))} |"


def write(page: Path, new: str) -> None:
    """Put the row in the place of its store's last one. Raises ValueError where the page has no place for runs."""
    above, mark, rest = page.read_text("utf-8").partition(ABOVE)
    old, end, below = rest.partition(BELOW)
    if not mark or not end:
        raise ValueError(f"{page} has no lines {ABOVE!r} and {BELOW!r}, between which runs are told")
    store = new.split("|")[1]
    rows = [line for line in old.splitlines() if line.startswith("| ") and line not in HEAD]
    others = [line for line in rows if line.split("|")[1] != store]
    table = "\n".join((machine(), "", *HEAD, *sorted((*others, new))))
    page.write_text(f"{above}{ABOVE}\n{table}\n{BELOW}{below}", "utf-8")


def machine() -> str:
    """Where it ran."""
    return f"{os.cpu_count()} cores ({platform.machine()}), {platform.system()}, Python {platform.python_version()}."


def _store(history: History) -> str:
    """On SQLite one process does everything; on Redis its doors send nothing."""
    names = {send["by"] for story in history.stories.values() for send in story.sends}
    return "SQLite" if EMBEDDED in names else "Redis"


if __name__ == "__main__":
    write(Path(sys.argv[1]), row(Path(sys.argv[2]), most_repeated=Plan().most_repeated))
